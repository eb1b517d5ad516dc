"""Visits of other kinds than reps seen from two views: a hold, and an exercise that is done per side."""

from __future__ import annotations

from dataclasses import replace

import pytest
from kiosk_plank_hold import plank_hold
from kiosk_single_leg_squat import single_leg_squat

from kiosk.movement.exercise import Exercise, Pass
from kiosk.movement.pose import PoseTrack, Side
from kiosk.movement.report import Report, Status
from kiosk.movement.view import View
from kiosk.station.outcome import judge_visit
from kiosk.station.visit import Screen, State
from kiosk.testing import FLOOR_SIDE, FRONT, BothSides, JointCurves, Support, perform, record

from .stations import Station, empty, timed
from .visits import EXERCISES, Stage, nobody, standing, still

ALL: tuple[Exercise, ...] = (*EXERCISES, plank_hold, single_leg_squat)
PLANK = JointCurves(Support.FOREARMS, shoulder_deg=78)
SAGGING = replace(PLANK, hip_deg=196)
KNEELING = JointCurves(Support.KNEES, knee_deg=60, hip_deg=120, shoulder_deg=90)


def on_leg(side: Side, knee_in_deg: float = 0.0) -> JointCurves:
    bends, free = (178.0, 120.0), 95.0
    return JointCurves(
        Support.LEFT_LEG if side is Side.LEFT else Support.RIGHT_LEG,
        knee_deg=BothSides(bends, free) if side is Side.LEFT else BothSides(free, bends),
        hip_deg=BothSides((178.0, 135.0), 165.0) if side is Side.LEFT else BothSides(165.0, (178.0, 135.0)),
        shin_deg=(0.0, 25.0),
        knee_in_deg=(0.0, knee_in_deg),
        shoulder_deg=35,
        elbow_deg=110,
    )


def floor(person: JointCurves, seconds: float) -> PoseTrack:
    return still(person.body(0.0), seconds, FLOOR_SIDE)


def one_leg(side: Side, count: int = 5, knee_in_deg: float = 0.0) -> PoseTrack:
    return perform([on_leg(side, knee_in_deg)] * count, FRONT, lead_s=2.2)


def report_of(stage: Stage) -> Report:
    return judge_visit(stage.visits[0], "made", "a-model")


def in_scan(screens: list[Screen]) -> list[Screen]:
    return [screen for screen in screens if screen.state is State.SCAN]


# -- a hold -------------------------------------------------------------------------------------------------------


def test_a_hold_starts_by_its_posture_and_ends_when_the_time_is_over() -> None:
    stage = Stage(ALL).play(floor(KNEELING, 2)).play(floor(PLANK, 36)).play(floor(KNEELING, 14))
    last = in_scan(stage.screens)[-1]
    assert last.exercise is plank_hold
    assert last.target_s == 30
    assert last.held_s == pytest.approx(30, abs=0.2)
    done = stage.visits[0].passes[0]
    assert (done.ended, done.asked, done.asked_s) == ("done", None, 30)
    (one,) = report_of(stage).passes
    assert one.held_s == pytest.approx(30, abs=0.2)


def test_the_seconds_on_the_screen_never_run_back_while_it_is_held() -> None:
    stage = Stage(ALL).play(floor(PLANK, 36))
    seconds = [screen.held_s for screen in in_scan(stage.screens)]
    assert seconds == sorted(seconds, key=lambda held_s: held_s or 0.0)


def test_a_hold_ends_when_the_posture_is_left_and_says_how_long_it_lasted() -> None:
    stage = Stage(ALL).play(floor(PLANK, 14)).play(floor(KNEELING, 16))
    done = stage.visits[0].passes[0]
    assert done.ended == "left"
    report = report_of(stage)
    held_s = report.passes[0].held_s
    assert held_s == pytest.approx(12.5, abs=1)
    assert f"The hold, seen from the side, ended after {held_s:.0f} of 30 s." in report.notes


def test_a_knee_that_touches_the_floor_for_a_moment_ends_nothing() -> None:
    stage = (
        Stage(ALL).play(floor(PLANK, 12)).play(floor(KNEELING, 0.3)).play(floor(PLANK, 22)).play(floor(KNEELING, 14))
    )
    assert stage.visits[0].passes[0].ended == "done"


def test_whoever_lets_go_at_once_has_nothing_counted() -> None:
    stage = Stage(ALL).play(floor(PLANK, 2.2)).play(floor(KNEELING, 30))
    assert stage.screening.state is not State.RESULT
    assert not any(screen.visit for screen in stage.screens)
    assert any("Nothing was counted" in screen.instruction for screen in stage.screens)


def test_each_part_of_a_hold_has_its_verdict_and_cue_while_it_is_held() -> None:
    tiring = record(lambda t_s: (PLANK if t_s < 12 else SAGGING).body(0.0), 36.0, FLOOR_SIDE)
    stage = Stage(ALL).play(tiring)
    parts = [screen.rep for screen in stage.screens if screen.rep is not None]
    assert [part.rep.number for part in parts] == [1, 2, 3, 4, 5, 6]
    assert [part.rep.held_before_s for part in parts] == pytest.approx([0, 5, 10, 15, 20, 25], abs=0.3)
    assert parts[0].signs == ()
    assert {"hips-sag", "hips-sink"} <= set(parts[-1].signs)
    assert any(screen.cue == "Tuck your tailbone" for screen in stage.screens)


def test_the_live_parts_are_those_of_the_report() -> None:
    tiring = record(lambda t_s: (PLANK if t_s < 12 else SAGGING).body(0.0), 36.0, FLOOR_SIDE)
    stage = Stage(ALL).play(tiring).play(floor(KNEELING, 14))
    live = [screen.rep for screen in stage.screens if screen.rep is not None]
    judged = report_of(stage).reps
    assert [set(part.signs) for part in live] == [set(part.signs) for part in judged]
    sink = next(f for f in report_of(stage).findings if f.check.slug == "hips-sink")
    assert (sink.status, sink.from_rep) == (Status.SIGN, 3)


def test_a_hold_out_of_the_picture_is_paused_and_goes_on() -> None:
    stage = Stage(ALL).play(floor(PLANK, 10))
    stage.play([nobody(k / 30) for k in range(90)])
    assert State.PAUSED in {screen.state for screen in stage.screens}
    stage.play(floor(PLANK, 30)).play(floor(KNEELING, 14))
    report = report_of(stage)
    assert report.passes[0].ended == "done"
    assert report.passes[0].held_s == pytest.approx(30, abs=0.6)


def test_pain_in_a_hold_ends_it_without_a_score() -> None:
    stage = Stage(ALL).play(floor(PLANK, 12))
    stage.screening.command("pain")
    stage.play(floor(PLANK, 0.2))
    report = report_of(stage)
    assert report.pain
    assert report.score.value is None
    assert report.passes[0].held_s == pytest.approx(10.5, abs=1)


def test_the_page_and_the_terminal_follow_a_hold() -> None:
    station = Station(exercises=ALL).run(timed(floor(PLANK, 36), floor(KNEELING, 3), empty(30.0)))
    views = [view for view in station.board.views if view.state == "scan"]
    assert (views[0].held_s, views[0].target_s, views[0].target_reps, views[0].effort) == (0.0, 30.0, 0, None)
    assert max(view.held_s or 0.0 for view in views) == pytest.approx(30, abs=0.1)
    assert station.told[0] == "Plank hold, seen from the side:"
    assert [line for line in station.told if " s: clean, score 100" in line] == [
        f"  {second} s: clean, score 100" for second in (5, 10, 15, 20, 25, 30)
    ]
    assert "  Held for 30 s" in "\n".join(station.told)
    (stored,) = station.store.stored.values()
    assert stored["passes"][0]["ended"] == "done"


# -- per side -----------------------------------------------------------------------------------------------------


def both_legs() -> Stage:
    stage = Stage(ALL).play(standing(2.0)).play(one_leg(Side.LEFT, knee_in_deg=18.0))
    return stage.play(standing(7.0)).play(one_leg(Side.RIGHT)).play(standing(14.0))


def test_one_leg_is_asked_for_after_the_other_and_each_is_counted() -> None:
    stage = both_legs()
    assert [(p.done_on, p.asked, p.ended) for p in stage.visits[0].passes] == [
        (Side.LEFT, 5, "done"),
        (Side.RIGHT, 5, "done"),
    ]
    turn = next(screen for screen in stage.screens if screen.state is State.TURN)
    assert turn.instruction == "Now right leg: five slow squats"
    assert [screen.side for screen in (in_scan(stage.screens)[0], in_scan(stage.screens)[-1])] == ["left", "right"]


def test_the_result_tells_the_legs_apart() -> None:
    report = report_of(both_legs())
    signs = {(f.check.slug, f.done_on) for f in report.findings if f.status is Status.SIGN}
    assert signs == {("knee-in", Side.LEFT)}
    assert [(p.done_on, p.complete) for p in report.passes] == [(Side.LEFT, 5), (Side.RIGHT, 5)]


def test_the_second_pass_waits_for_the_other_leg() -> None:
    stage = Stage(ALL).play(standing(2.0)).play(one_leg(Side.LEFT)).play(standing(1.0)).play(one_leg(Side.LEFT))
    assert stage.screening.state is State.TURN


def test_standing_on_the_right_leg_first_starts_nothing() -> None:
    stage = Stage(ALL).play(standing(2.0)).play(one_leg(Side.RIGHT))
    assert stage.screening.state is State.FRAMING


def test_the_button_starts_an_exercise_that_the_pose_fits() -> None:
    stage = Stage((single_leg_squat, plank_hold)).play(floor(KNEELING, 2))
    stage.play(floor(replace(PLANK, elbow_deg=90), 0.2))
    stage.screening.command("next")
    screen = stage.play(floor(PLANK, 0.1)).screens[-1]
    assert screen.exercise is plank_hold


def test_a_pass_on_the_right_sees_the_mirror_image() -> None:
    left, right = (record(lambda _t, s=side: on_leg(s).body(0.5), 0.1, FRONT).pose(0) for side in Side)
    assert Pass(View.FRONT, side=Side.LEFT).seen(left) is left
    assert Pass(View.FRONT, side=Side.RIGHT).seen(right).xy == pytest.approx(left.xy)
