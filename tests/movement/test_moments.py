"""The picture of a finding: which frames belong to a phase, and where in a rep it looks worst."""

from dataclasses import replace

import numpy as np
import pytest

from kiosk import Exercise, RepPercentile
from kiosk.movement.accuracy import ModelAccuracy
from kiosk.movement.assess import assess_pass
from kiosk.movement.exercise import AssessedBy, Check, Measure
from kiosk.movement.moments import phase_frames, reached_top, severity_of_extreme
from kiosk.movement.passes import PassTrack, read_pass
from kiosk.movement.pose import FloatArray, Keypoint, Pose
from kiosk.movement.report import Finding, Moment, Status
from kiosk.movement.reps import Phase, RepTrace
from kiosk.movement.view import View
from kiosk.testing import SIDE, Squatter, perform

from .made import NAN, a_card, a_check, a_pass, an_exercise, value_of

#: The frame of each rep of `a_pass` that is 0.33 s before the bottom, and its frames at the start and at the bottom.
EARLY, FIRST, BOTTOM = 20, 10, 30
#: A peak has so many frames to either side of its middle.
PLATEAU = 5
MEDIAN, TENTH = RepPercentile(value_of, 50), RepPercentile(value_of, 90)


def whole(measure: Measure, **more: object) -> Check:
    return replace(a_check(phase=Phase.WHOLE, measure=measure), **more)  # type: ignore[arg-type]  # by name


def peak(value: float, height: float, at: int = EARLY) -> FloatArray:
    """The values of a rep: the same all through, but for some frames around one."""
    values = np.full(41, value)
    centre = at - FIRST
    values[max(0, centre - PLATEAU) : centre + PLATEAU + 1] = height
    return values


def a_pass_of(*reps: FloatArray) -> PassTrack:
    """A pass whose reps have these values in their frames; the right wrist lies at x = the frame's number."""
    read = a_pass([0.0] * len(reps))
    for rep, values in zip(read.reps, reps, strict=True):
        read.track.xy[rep.start : rep.end + 1, Keypoint.NOSE] = values[:, None]
    read.track.xy[:, Keypoint.RIGHT_WRIST, 0] = np.arange(len(read.track))
    return read


def found(check: Check, *reps: FloatArray, model: str | None = None) -> Finding:
    _, (finding,) = assess_pass(an_exercise(check), a_pass_of(*reps), View.FRONT, model=model)
    return finding


def moment(check: Check, *reps: FloatArray, model: str | None = None) -> Moment:
    shown = found(check, *reps, model=model).moment
    assert shown is not None
    return shown


def frame_of(shown: Moment) -> int:
    """The frame that is pictured, within its rep of `a_pass`."""
    return int(shown.xy[Keypoint.RIGHT_WRIST, 0]) % 60


# -- phases -----------------------------------------------------------------------------------------------------------


def test_the_phases_of_a_rep_lie_where_their_names_say() -> None:
    read = a_pass([1.0, 1.0])
    rep, t_s = read.reps[0], read.track.t_s
    assert phase_frames(Phase.DESCENT, t_s, read.effort, rep) == (rep.start, rep.bottom)
    assert phase_frames(Phase.ASCENT, t_s, read.effort, rep) == (rep.bottom, rep.end)
    assert phase_frames(Phase.WHOLE, t_s, read.effort, rep) == (rep.start, rep.end)
    assert phase_frames(Phase.BOTTOM, t_s, read.effort, rep) == (rep.bottom - 3, rep.bottom + 3)
    first, last = phase_frames(Phase.TOP, t_s, read.effort, rep)
    assert first <= reached_top(t_s, read.effort, rep) <= last


def test_the_top_is_looked_for_before_the_next_descent(squat: Exercise) -> None:
    read = read_pass(squat, perform([Squatter()] * 3, SIDE, rest_s=0.0))
    for rep, following in zip(read.complete, read.complete[1:], strict=False):
        assert rep.end <= reached_top(read.track.t_s, read.effort, rep) <= following.start


@pytest.mark.parametrize(("value", "severity"), [(10, 0), (20, 1), (40, 3), (-10, -2)])
def test_how_extreme_a_value_is_has_no_bounds(value: float, severity: float) -> None:
    assert severity_of_extreme(a_check(), value) == severity


def test_a_check_of_two_sides_is_as_extreme_to_either_and_one_without_limits_never() -> None:
    both = a_check(two_sided=True, sides=("left", "right"))
    assert severity_of_extreme(both, -30) == severity_of_extreme(both, 30) == 2
    assert severity_of_extreme(a_check(clear=None, sign=None), 30) == 0


# -- the moment -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("measure", [MEDIAN, TENTH])
def test_a_sign_over_the_whole_rep_is_shown_where_it_is_worst(measure: RepPercentile) -> None:
    shown = moment(whole(measure), *[peak(25.0, 40.0)] * 3)
    assert abs(frame_of(shown) - EARLY) <= PLATEAU
    assert shown.value == 40.0
    assert shown.t_s == pytest.approx((60 * (shown.rep - 1) + frame_of(shown)) / 30)


@pytest.mark.parametrize("phase", [Phase.DESCENT, Phase.ASCENT, Phase.HOLD])
def test_so_is_one_of_a_way_or_of_a_hold_within_it(phase: Phase) -> None:
    at = EARLY if phase is not Phase.ASCENT else 42
    shown = moment(a_check(phase=phase), *[peak(25.0, 40.0, at)] * 3)
    assert abs(frame_of(shown) - at) <= PLATEAU
    assert shown.value == 40.0


def test_of_the_reps_the_worst_is_shown() -> None:
    shown = moment(whole(MEDIAN), peak(25.0, 60.0), peak(30.0, 40.0), peak(22.0, 60.0))
    assert (shown.rep, shown.value) == (2, 40.0)


def test_a_single_bad_frame_is_nobodys_picture() -> None:
    values = peak(25.0, 30.0)
    values[35] = 500.0
    shown = moment(whole(MEDIAN), *[values] * 3)
    assert abs(frame_of(shown) - EARLY) <= PLATEAU
    assert shown.value == 30.0


def test_where_small_values_are_the_sign_the_smallest_is_the_worst() -> None:
    shown = moment(whole(RepPercentile(value_of, 10), clear=1.0, sign=0.85), *[peak(0.8, 0.5)] * 3)
    assert abs(frame_of(shown) - EARLY) <= PLATEAU
    assert shown.value == 0.5


def test_of_two_directions_it_is_the_worst_in_that_of_the_sign() -> None:
    values = peak(-25.0, -30.0)
    values[30:] = 90.0
    shown = moment(whole(MEDIAN, two_sided=True, sides=("left", "right")), *[values] * 3)
    assert abs(frame_of(shown) - EARLY) <= PLATEAU
    assert shown.value == -30.0


def test_what_is_no_sign_is_shown_as_it_mostly_was() -> None:
    """Worse than the limit for an instant is not what the check asks, and must not stand in its picture."""
    values = peak(5.0, 40.0)
    finding = found(whole(MEDIAN), *[values] * 3)
    assert finding.status is Status.CLEAR
    assert finding.moment is not None
    assert finding.moment.value == 5.0


@pytest.mark.parametrize("phase", [Phase.BOTTOM, Phase.TOP])
def test_a_check_of_the_bottom_or_top_is_shown_in_its_middle(phase: Phase) -> None:
    shown = moment(a_check(phase=phase), *[peak(25.0, 40.0)] * 3)
    assert shown.value is None
    assert abs(frame_of(shown) - (BOTTOM if phase is Phase.BOTTOM else 51)) <= 1


def test_a_function_of_its_own_over_the_whole_rep_is_shown_at_the_bottom() -> None:
    def of_rep(rep: RepTrace) -> float:
        return float(rep.values(value_of).max())

    shown = moment(whole(of_rep), *[peak(25.0, 40.0)] * 3)
    assert (frame_of(shown), shown.value) == (BOTTOM, None)


def test_frames_that_were_not_seen_are_not_shown() -> None:
    values = peak(25.0, 40.0)
    values[: EARLY - FIRST + 2] = NAN
    shown = moment(whole(RepPercentile(value_of, 75)), *[values] * 3)
    assert shown.value is not None
    assert EARLY < frame_of(shown) <= EARLY + 6


def test_the_value_there_is_freed_of_the_models_bias() -> None:
    card = a_card(error=2.0, gain=0.5, offset=4.0)
    assert isinstance(card.models["a-model"], ModelAccuracy)
    shown = moment(whole(MEDIAN, card=card), *[peak(25.0, 40.0)] * 3, model="a-model")
    assert shown.value == (40.0 - 4.0) / 0.5


def test_a_second_models_check_is_shown_at_the_bottom() -> None:
    def of_detail(_bottom: object, _standing: object) -> float:
        return 1.0

    check = a_check(assessed_by=AssessedBy.SECOND_MODEL, measure=of_detail)
    assert found(check, *[peak(25.0, 40.0)] * 3).moment is None  # it did not look


# -- the measure ------------------------------------------------------------------------------------------------------


def test_a_rep_percentile_is_that_of_its_poses_and_needs_half_of_the_rep() -> None:
    def clock(pose: Pose, top: Pose) -> float:
        return pose.t_s - top.t_s

    read = a_pass([1.0])
    (rep,) = read.reps
    trace = RepTrace(rep, read.track.part(rep.start, rep.end), read.track.pose(0), View.FRONT)
    assert RepPercentile(clock, 50)(trace) == pytest.approx(rep.bottom_s)
    assert RepPercentile(clock, 90)(trace) == pytest.approx(rep.start_s + 0.9 * (rep.end_s - rep.start_s))
    assert np.isnan(RepPercentile(lambda _pose, _top: NAN, 50)(trace))


@pytest.mark.parametrize("percent", [-1, 100.5, NAN])
def test_a_percentile_is_from_0_to_100(percent: float) -> None:
    with pytest.raises(ValueError, match="must be from 0 to 100"):
        RepPercentile(value_of, percent)
