"""What the screen says and shows along a visit: hints, the meter, cues, and the question after each pass."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace

import pytest
from kiosk_incline_push_up import incline_push_up
from kiosk_overhead_squat import overhead_squat

from kiosk.movement.pose import Keypoint, Pose, PoseTrack
from kiosk.station.asks import CUE_LEAST_S, SAID_S
from kiosk.station.visit import Screen, State
from kiosk.testing import FRONT, SIDE, Camera

from .visits import Stage, arms_up, nobody, push_ups, scanning, squats, standing, turned_stage, turning

IDLE, F, R, S = State.IDLE, State.FRAMING, State.READY, State.SCAN
P, T, Q, RESULT = State.PAUSED, State.TURN, State.PAIN, State.RESULT
LEGS = slice(Keypoint.LEFT_HIP, Keypoint.RIGHT_ANKLE + 1)


def poses(track: PoseTrack) -> list[Pose]:
    return [track.pose(k) for k in range(len(track))]


def loosely_dressed(track: PoseTrack) -> list[Pose]:
    """The same person, whose legs the model hardly sees."""
    out = []
    for pose in poses(track):
        score = pose.score.copy()
        score[LEGS] = 0.31
        out.append(replace(pose, score=score))
    return out


def shown_for_s(screens: Iterable[Screen]) -> list[tuple[str, float]]:
    """The instructions one after the other, with the seconds of each."""
    said = [screen.instruction for screen in screens]
    return [(words, len(list(run)) / 30) for words, run in itertools.groupby(said)]


def in_the_dark(stage: Stage, seen: Iterable[Pose]) -> Stage:
    for pose in seen:
        stage.t_s += 1 / 30
        moment = replace(pose, t_s=stage.t_s)
        stage.screens.append(stage.screening.step(moment, moment, dark=True))
    return stage


# -- framing -----------------------------------------------------------------------------------------------------


def test_the_greeting_can_be_read() -> None:
    stage = Stage().play(standing(3.0, Camera(torso_px=40.0, at_px=(320.0, 300.0))))
    (first, shown_s), (second, _) = [
        run for run in shown_for_s(stage.screens) if run[0] != stage.screens[0].instruction
    ]
    assert (first, second) == ("Welcome: stand on the marks", "Come a little closer")
    assert shown_s >= SAID_S - 0.05


@pytest.mark.parametrize(
    ("camera", "hint"),
    [
        (Camera(torso_px=40.0, at_px=(320.0, 300.0)), "too-far"),
        (Camera(torso_px=150.0, at_px=(320.0, 478.0)), "too-near"),
        (Camera(at_px=(90.0, 440.0)), "left"),
        (Camera(at_px=(560.0, 440.0)), "right"),
    ],
)
def test_what_is_wrong_is_named_by_its_code_too(camera: Camera, hint: str) -> None:
    assert Stage().play(standing(3.0, camera)).now.hint == hint


def test_the_empty_room_somebody_else_and_the_wrong_side_have_their_codes() -> None:
    assert Stage().empty(1.0).now.hint == "nobody"
    assert Stage().play(standing(2.0)).play(standing(1.0), crowd=True).now.hint == "crowd"
    assert Stage().play(arms_up(4.0, SIDE)).now.hint == "front"
    assert turned_stage().play(arms_up(2.0)).now.hint == "side"


def test_keypoints_that_come_and_go_do_not_make_sentences_flicker() -> None:
    near, far = standing(0.1, Camera(torso_px=150.0, at_px=(320.0, 478.0))), standing(0.1)
    stage = Stage().play(standing(1.0))
    for k in range(120):
        stage.see((near if k % 4 < 2 else far).pose(0))
    assert all(seconds >= 1.0 for _, seconds in shown_for_s(stage.screens)[1:-1])


def test_loose_clothes_are_named_after_some_seconds_in_the_light() -> None:
    stage = Stage().play(loosely_dressed(standing(8.0)))
    said = shown_for_s(screen for screen in stage.screens if screen.state is F)
    assert said[-1][0] == "Tuck in or roll up loose clothes"
    assert stage.now.hint == "loose"
    assert sum(seconds for _, seconds in said[:-1]) >= 3.0


def test_in_the_dark_the_screen_asks_for_light() -> None:
    empty = in_the_dark(Stage(), [nobody()] * 90)
    assert (empty.now.state, empty.now.hint, empty.now.instruction) == (
        IDLE,
        "dark",
        "Too dark to see: more light, please",
    )
    framed = in_the_dark(Stage(), loosely_dressed(standing(4.0)))
    assert (framed.now.state, framed.now.hint) == (F, "dark")
    lost = in_the_dark(scanning(reps=1), [nobody()] * 60)
    assert (lost.now.state, lost.now.hint) == (P, "dark")


def test_somebody_who_is_seen_well_in_the_dark_is_not_bothered() -> None:
    stage = in_the_dark(Stage(), poses(standing(4.0)))
    assert stage.now.hint is None
    assert stage.now.instruction == "Take the starting posture"


# -- the meter and what is lit -----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [R, S, T, Q])
def test_from_ready_on_the_meter_moves_with_the_person(state: State) -> None:
    stage = {R: Stage, S: scanning, T: turned_stage, Q: scanning}[state]()
    stage.play(arms_up(1.5), until=lambda s: s.state is R)
    if state is Q:
        stage.press("stop")
    mark = len(stage.screens)
    for pose in poses(squats(1, lead_s=0.2)):
        if stage.state is state:
            stage.see(pose)
    efforts = [screen.effort for screen in stage.since(mark) if screen.state is state]
    assert len(efforts) > 5
    assert None not in efforts[1:]
    if state is not R:  # who goes down in "ready" has left the starting posture, and is soon out of it
        assert max(e for e in efforts if e is not None) > 0.3


def test_uncoached_all_that_the_pass_looks_at_is_lit_and_coached_only_the_cues_part() -> None:
    stage = scanning().play(squats(3, lead_s=0.5, knees_ratio=0.5))
    (lit,) = {screen.focus for screen in stage.screens if screen.state is S}
    assert "knees" in lit
    assert set(lit) <= {check.checkpoint for check in overhead_squat.checks}
    pushing = Stage().play(push_ups(4, sag_deg=35.0))
    lit_with = {(screen.cue, screen.focus) for screen in pushing.screens if screen.state is S}
    assert lit_with == {(None, ()), ("Tuck your tailbone", ("hips",))}
    assert {check.checkpoint for check in incline_push_up.checks if check.cue == "Tuck your tailbone"} == {"hips"}


def test_a_cue_can_be_read_also_when_the_pass_ends() -> None:
    stage = Stage().play(push_ups(10, sag_deg=35.0)).play(standing(6.0))
    cues = [(cue, len(list(run)) / 30) for cue, run in itertools.groupby(screen.cue for screen in stage.screens)]
    assert any(cue for cue, _ in cues)
    assert all(seconds >= CUE_LEAST_S - 0.05 for cue, seconds in cues if cue)


# -- the question after each pass --------------------------------------------------------------------------------


def asked_between() -> Stage:
    """A stage after the first pass: the question is on the screen for the first time."""
    stage = scanning().play(squats(5, lead_s=0.5), until=lambda s: s.state is Q)
    assert (stage.state, stage.now.pass_number) == (Q, 1)
    return stage


def test_after_each_pass_the_question_is_asked() -> None:
    stage = asked_between().play(arms_up(7.0))
    stage.play(turning(0, 90)).play(squats(5, SIDE)).play(standing(1.0))
    asked = [screen.pass_number for screen in stage.screens if screen.instruction == "Did anything hurt?"]
    assert [number for number, _ in itertools.groupby(asked)] == [1, 2]


def test_between_passes_it_goes_on_by_itself_and_says_how_long_that_takes() -> None:
    stage = asked_between().play(arms_up(6.5))
    assert (stage.state, stage.now.pass_number) == (T, 2)
    left = [screen.left_s for screen in stage.screens if screen.state is Q and screen.left_s is not None]
    assert left[0] == pytest.approx(6.0, abs=0.1)
    assert left == sorted(left, reverse=True)
    assert left[-1] < 0.1
    assert stage.now.left_s is None


def test_no_pain_between_passes_turns_to_the_next_at_once() -> None:
    stage = asked_between()
    assert stage.press("no-pain").state is T
    assert stage.visits == []


def test_pain_between_passes_ends_the_visit_with_what_was_done() -> None:
    visit = asked_between().press("pain").visit
    assert visit is not None
    assert (visit.pain, visit.answered) == (True, True)
    assert [done.ended for done in visit.passes] == ["done"]


def test_stop_between_passes_asks_once_more_for_as_long_as_at_the_end() -> None:
    stage = asked_between()
    assert stage.press("stop").state is Q
    stage.play(standing(11.0))
    assert stage.state is Q
    assert stage.play(standing(1.5)).state is RESULT
    assert [done.ended for done in stage.visits[0].passes] == ["done"]


def test_whoever_waits_turned_for_the_next_pass_need_not_wait_for_the_question_to_run_out() -> None:
    stage = asked_between().play(turning(0, 90)).play(arms_up(1.0, SIDE))
    assert stage.state is Q
    assert stage.play(arms_up(1.5, SIDE)).state is S
    assert stage.now.pass_number == 2
    assert sum(screen.state is Q for screen in stage.screens) / 30 >= 3.0


@pytest.mark.parametrize("seen", ["facing", "crowd"])
def test_whoever_does_not_wait_for_the_next_pass_gets_all_of_the_time(seen: str) -> None:
    stage = asked_between()
    camera = FRONT if seen == "facing" else SIDE
    stage.play(arms_up(5.5, camera), crowd=seen == "crowd")
    assert stage.state is Q


def test_a_visit_that_is_given_up_in_a_pause_asks_too() -> None:
    stage = scanning(reps=2).empty(1.2)
    assert stage.state is P
    stage.empty(25.1)
    assert (stage.state, stage.visits) == (Q, [])
    visit = stage.press("pain").visit
    assert visit is not None
    assert (visit.pain, [done.ended for done in visit.passes]) == (True, ["lost"])


def test_every_instruction_of_a_whole_visit_has_at_most_seven_words() -> None:
    stage = Stage().empty(1.0).play(standing(2.0)).play(squats(5)).play(arms_up(6.5)).play(squats(5, SIDE))
    stage.play(standing(15.0)).empty(25.0)
    assert RESULT in stage.story
    assert max(len(screen.instruction.split()) for screen in stage.screens) <= 7


def test_the_same_frames_say_the_same_whatever_the_clock_on_the_wall() -> None:
    def visit() -> list[tuple[str, str, str | None]]:
        stage = Stage().play(standing(2.0)).play(squats(3, knees_ratio=0.5)).empty(3.0)
        return [(screen.state, screen.instruction, screen.hint) for screen in stage.screens]

    assert visit() == visit()
