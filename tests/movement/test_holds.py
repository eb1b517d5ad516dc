"""Holds: how long a posture was kept, and what its parts say."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from kiosk_plank_hold import plank_hold

from kiosk import Exercise, Hold, Pass, Phase, Pose, View
from kiosk.movement.assess import beginning
from kiosk.movement.holds import ATTEMPT_S, FORGIVE_S, LEAST_S, find_parts, held_s
from kiosk.movement.judge import SeenPass, judge
from kiosk.movement.key_frames import key_frames
from kiosk.movement.moments import phase_frames
from kiosk.movement.passes import read_pass
from kiosk.movement.pose import PoseTrack
from kiosk.movement.recognise import recognise
from kiosk.movement.report import Report, Source, Status
from kiosk.movement.reps import Rep
from kiosk.testing import FLOOR_SIDE, JointCurves, PushUpper, Squatter, Support, hold, perform, record

from .made import a_check
from .scenes import without

FPS = 30
PLANK = JointCurves(Support.FOREARMS, shoulder_deg=78)
SOURCE = Source("made", 0, 30.0, 0.0, (640, 480))


def always(pose: Pose) -> bool:
    return True


def parts_of(*kept_s: tuple[float, float], lasts_s: float = 60.0, breaks: tuple[int, ...] = ()) -> list[Rep]:
    """The parts, of 5 s, of a posture that was kept between these times."""
    t_s = np.arange(round(lasts_s * FPS) + 1) / FPS
    kept = np.zeros(len(t_s), np.bool_)
    for first, last in kept_s:
        kept |= (t_s >= first - 1e-9) & (t_s <= last + 1e-9)
    return find_parts(Hold(always, part_s=5.0), kept, t_s, breaks)


def lengths(parts: list[Rep]) -> list[float]:
    return [round(part.end_s - part.start_s, 3) for part in parts]


@pytest.mark.parametrize(
    ("seconds", "parts"),
    [
        (2.0, [2.0]),
        (5.0, [5.0]),
        (7.0, [7.0]),
        (8.0, [5.0, 3.0]),
        (30.0, [5.0] * 6),
        (32.0, [5.0] * 5 + [7.0]),
        (33.0, [5.0] * 6 + [3.0]),
    ],
)
def test_a_hold_is_cut_into_parts_of_about_five_seconds(seconds: float, parts: list[float]) -> None:
    assert lengths(parts_of((1.0, 1.0 + seconds))) == pytest.approx(parts, abs=1e-6)


@pytest.mark.parametrize("seconds", [2.0, 4.9, 11.3, 27.7, 58.0])
def test_the_parts_add_up_to_the_time_under_tension(seconds: float) -> None:
    parts = parts_of((1.0, 1.0 + seconds))
    assert held_s(parts) == pytest.approx(seconds, abs=1 / FPS)
    for before, after in itertools.pairwise(parts):
        assert after.start == before.end
        assert after.held_before_s == pytest.approx((before.held_before_s or 0.0) + before.end_s - before.start_s)


def test_a_short_drop_out_is_forgiven_and_a_longer_one_ends_a_stretch() -> None:
    assert held_s(parts_of((1.0, 6.0), (6.0 + FORGIVE_S, 11.0))) == pytest.approx(10.0)
    two = parts_of((1.0, 6.0), (6.6 + FORGIVE_S, 12.0 + FORGIVE_S))
    assert held_s(two) == pytest.approx(10.4, abs=0.05)
    assert [part.number for part in two] == [1, 2]
    assert two[1].held_before_s == pytest.approx(5.0)


def test_what_is_kept_for_a_moment_is_an_attempt_and_less_is_nothing() -> None:
    (attempt,) = parts_of((1.0, 1.0 + (ATTEMPT_S + LEAST_S) / 2))
    assert not attempt.complete
    assert attempt.reason == "it was kept for only 1.5 s"
    assert parts_of((1.0, 0.9 + ATTEMPT_S)) == []
    assert parts_of() == []


def test_no_stretch_goes_across_a_break() -> None:
    parts = parts_of((1.0, 21.0), breaks=(10 * FPS,))
    assert [part.start_s for part in parts] == pytest.approx([1.0, 6.0, 10.0, 15.0])
    assert held_s(parts) == pytest.approx(20.0, abs=0.05)


def test_a_part_is_all_pause() -> None:
    (part,) = parts_of((1.0, 5.0))
    assert (part.eccentric_s, part.concentric_s, part.range_of_motion) == (0.0, 0.0, 0.0)
    assert part.pause_s == pytest.approx(4.0)
    assert part.bottom_s == pytest.approx(3.0, abs=0.05)


# -- judged -------------------------------------------------------------------------------------------------------


def tilt_of(pose: Pose, _top: Pose) -> float:
    return float(pose.xy[0, 1])


def growth_of(pose: Pose, top: Pose) -> float:
    return float(pose.xy[0, 1] - top.xy[0, 1])


def a_hold(values: list[float], **changes: object) -> Report:
    """The report on a hold of which each second has one of these values, with limits of 10 and 20."""
    t_s = np.arange(len(values) * FPS + 1) / FPS
    xy = np.full((len(t_s), 17, 2), 100.0)
    xy[:, 5:7, 1], xy[:, 11:13, 1], xy[:, 13:15, 1], xy[:, 15:, 1] = 100.0, 200.0, 300.0, 400.0
    xy[:, 0, 1] = [*np.repeat(values, FPS).tolist(), values[-1]]
    check = a_check(phase=Phase.HOLD, measure=tilt_of, views=(View.SIDE,))
    exercise = Exercise(
        slug="holding",
        title="Holding",
        passes=(Pass(View.SIDE, hold_s=30, ask="Hold"),),
        start=always,
        start_ask="Stand",
        hold=Hold(always),
        checks=(replace(check, **changes),),  # type: ignore[arg-type]  # whatever a test changes
    )
    track = PoseTrack(xy, np.ones((len(t_s), 17)), t_s, (640, 480))
    read = read_pass(exercise, track)
    return judge(exercise, [SeenPass(read, View.SIDE, asked_s=30.0)], SOURCE, "a-model")


def test_each_part_has_the_median_of_its_own_seconds() -> None:
    (finding,) = a_hold([0, 0, 0, 0, 0, 4, 4, 4, 4, 4, 8, 8, 8, 8, 8]).findings
    assert [value for _, value, _ in finding.per_rep] == pytest.approx([0, 4, 8])
    assert finding.status is Status.CLEAR


def test_what_comes_late_is_told_with_its_onset() -> None:
    (finding,) = a_hold([0] * 15 + [30] * 15).findings
    assert (finding.status, finding.from_rep, finding.value) == (Status.SIGN, 4, pytest.approx(30))


def test_a_check_may_compare_with_the_beginning() -> None:
    report = a_hold([50] * 15 + [80] * 15, measure=growth_of)
    assert [value for _, value, _ in report.findings[0].per_rep] == pytest.approx([0, 0, 0, 30, 30, 30])


def test_a_reason_speaks_of_parts_not_of_reps() -> None:
    (finding,) = a_hold([0] * 10 + [30] * 10 + [0] * 10).findings
    assert (finding.status, finding.reason) == (
        Status.UNSURE,
        "2 of 6 parts of the hold showed it, too few to be sure.",
    )


def test_a_check_of_a_whole_part_sees_its_poses() -> None:
    report = a_hold([3] * 10, phase=Phase.WHOLE, measure=lambda part: float(len(part.track)))
    assert [value for _, value, _ in report.findings[0].per_rep] == [5 * FPS + 1] * 2


def test_the_report_says_for_how_long_and_what_was_asked() -> None:
    report = a_hold([0] * 20)
    (one,) = report.passes
    assert (one.held_s, one.asked_s, one.asked, one.complete) == (pytest.approx(20.0), 30.0, None, 4)
    assert "The hold, seen from the side, ended after 20 of 30 s." in report.notes


def test_a_short_hold_is_thin_ground_and_none_is_said_to_be_none() -> None:
    assert "Only 4 s were held, seen from the side: a hint, no more." in a_hold([0] * 4).notes
    assert "No hold was seen from the side." in " ".join(a_hold([0] * 1).notes)
    (finding,) = a_hold([0] * 1).findings
    assert (finding.status, finding.reason) == (Status.NOT_ASSESSED, "No hold was seen in this view.")


def test_a_hold_that_ends_a_few_frames_early_is_whole() -> None:
    assert a_hold([0] * 30).notes == ()


def test_all_of_a_part_is_its_phase() -> None:
    part = parts_of((1.0, 6.0))[0]
    assert phase_frames(Phase.HOLD, np.arange(200) / FPS, np.zeros(200), part) == (part.start, part.end)


def test_without_a_hold_there_is_no_beginning() -> None:
    assert beginning(record(lambda _t: PLANK.body(0.0), 1.0, FLOOR_SIDE), []) is None


def test_the_second_model_has_nothing_to_look_at_in_a_hold() -> None:
    assert key_frames(read_pass(plank_hold, hold(PLANK, 10.0))) == []


# -- among other exercises ----------------------------------------------------------------------------------------


def test_a_hold_is_recognised_and_leaves_reps_to_others(squat: Exercise, push_up: Exercise) -> None:
    exercises = (squat, push_up, plank_hold)
    on_the_floor = JointCurves(Support.HANDS, shoulder_deg=70, elbow_deg=(175, 85))
    for track, slug in (
        (hold(PLANK, 12.0), "plank-hold"),
        (perform([Squatter()] * 3), "overhead-squat"),
        (perform([PushUpper()] * 4, FLOOR_SIDE, rep_s=1.6), "incline-push-up"),
        (perform([on_the_floor] * 4, FLOOR_SIDE, rep_s=1.6), "incline-push-up"),
    ):
        for order in (exercises, exercises[::-1]):
            found = recognise(order, track)
            assert found is not None
            assert found[0].slug == slug


def test_a_person_out_of_sight_for_a_while_does_not_hold() -> None:
    track = without(hold(PLANK, 20.0), 8.0, 12.0)
    read = read_pass(plank_hold, track)
    assert held_s(read.complete) == pytest.approx(16, abs=0.5)
    assert math.isnan(read.effort[300])
