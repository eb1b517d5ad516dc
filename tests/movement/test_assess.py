import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk import Exercise
from kiosk.movement.assess import (
    agreement,
    assess_pass,
    measure,
    reference,
    severity,
    standing_frames,
    verdict,
)
from kiosk.movement.exercise import AssessedBy
from kiosk.movement.passes import read_pass
from kiosk.movement.report import Status
from kiosk.movement.reps import Phase, RepTrace
from kiosk.movement.view import View
from kiosk.testing import SIDE, Squatter, perform

from .made import NAN, a_check, a_pass, an_exercise, found, results

UPWARDS = a_check(clear=10, sign=20)
DOWNWARDS = a_check(clear=1.0, sign=0.85)
TWO_SIDED = a_check(clear=10, sign=20, two_sided=True, sides=("left", "right"))
NOT_ASSESSED = a_check(
    assessed_by=AssessedBy.NOTHING, clear=None, sign=None, error=None, measure=None, reason="No toe can be seen."
)


# -- bands and severity -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "band"),
    [
        (-50, "clear"),
        (10, "clear"),
        (10.01, "unsure"),
        (19.99, "unsure"),
        (20, "sign"),
        (90, "sign"),
        (NAN, "not-assessed"),
    ],
)
def test_large_values_are_the_sign_where_sign_is_above_clear(value: float, band: str) -> None:
    assert verdict(UPWARDS, value) == band


def test_what_was_not_seen_is_not_assessed() -> None:
    assert verdict(UPWARDS, NAN) is Status.NOT_ASSESSED


@pytest.mark.parametrize(
    ("value", "band"),
    [(1.4, "clear"), (1.0, "clear"), (0.99, "unsure"), (0.86, "unsure"), (0.85, "sign"), (0.2, "sign")],
)
def test_small_values_are_the_sign_where_sign_is_below_clear(value: float, band: str) -> None:
    assert verdict(DOWNWARDS, value) == band


@pytest.mark.parametrize("direction", [1, -1])
@pytest.mark.parametrize(("size", "band"), [(10, "clear"), (15, "unsure"), (20, "sign")])
def test_a_two_sided_check_judges_the_size(size: float, band: str, direction: int) -> None:
    assert verdict(TWO_SIDED, direction * size) == band


def test_severity_is_0_at_clear_half_at_sign_and_1_as_far_again() -> None:
    assert [severity(UPWARDS, value) for value in (-5, 10, 15, 20, 30, 99)] == [0, 0, 0.25, 0.5, 1, 1]
    assert [severity(DOWNWARDS, value) for value in (2, 1, 0.85, 0.7, 0)] == pytest.approx([0, 0, 0.5, 1, 1])
    assert severity(TWO_SIDED, -20) == severity(TWO_SIDED, 20) == 0.5


@given(st.floats(-1000, 1000), st.floats(-100, 100), st.floats(-100, 100))
def test_severity_and_band_agree(value: float, clear: float, sign: float) -> None:
    if abs(clear - sign) < 1e-3:
        return
    check = a_check(clear=clear, sign=sign)
    beyond = severity(check, value)
    assert 0 <= beyond <= 1
    expected = Status.CLEAR if beyond <= 0 else Status.SIGN if beyond >= 0.5 else Status.UNSURE
    assert verdict(check, value) is expected


def test_a_check_without_limits_has_no_bands() -> None:
    with pytest.raises(ValueError, match="tilt has no limits"):
        verdict(NOT_ASSESSED, 1.0)
    assert severity(NOT_ASSESSED, 1.0) == 0


# -- agreement ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "onset"),
    [
        ("SSSSS", 0),
        ("SSS..", 0),
        ("SS...", None),
        ("..SSS", 2),
        ("...SS", None),
        ("S", 0),
        (".S", None),
        ("SS", 0),
        ("S.S", None),
        (".....SSSSS", 5),
        (".....SS.SS", 5),
        ("S........S", None),
        ("S..SSS", 3),
        ("S...SSSSSS", 4),
        ("S.SSS", 0),
        (".........", None),
        ("", None),
    ],
)
def test_a_sign_takes_60_percent_from_its_onset_and_three_reps(pattern: str, onset: int | None) -> None:
    assert agreement([rep == "S" for rep in pattern]) == onset


@given(st.lists(st.booleans(), max_size=20))
def test_an_onset_is_a_rep_that_showed_it_with_enough_of_the_rest(signs: list[bool]) -> None:
    onset = agreement(signs)
    if onset is not None:
        assert signs[onset]
        assert sum(signs[onset:]) >= 0.6 * len(signs[onset:])
        assert sum(signs[onset:]) >= min(3, len(signs))


# -- findings -----------------------------------------------------------------------------------------------------


def test_a_sign_names_its_reps_its_onset_and_the_value_from_there_on() -> None:
    finding = found(UPWARDS, [0, 2, 25, 31, 28])
    assert finding.status is Status.SIGN
    assert finding.value == 28
    assert finding.reps == (3, 4, 5)
    assert finding.from_rep == 3
    assert finding.reason is None
    assert [band for _, _, band in finding.per_rep] == ["clear", "clear", "sign", "sign", "sign"]
    assert finding.moment is not None
    assert finding.moment.rep == 4


def test_too_few_reps_with_a_sign_are_unsure_and_one_of_many_is_not() -> None:
    some = found(UPWARDS, [25, 0, 0, 25, 0, 0])
    assert some.status is Status.UNSURE
    assert some.reason == "2 of 6 reps showed it, too few to be sure."
    assert some.from_rep is None
    assert some.reps == (1, 4)
    stray = found(UPWARDS, [0, 0, 25, 0, 0])
    assert (stray.status, stray.reason, stray.reps) == (Status.CLEAR, None, (3,))


def test_one_rep_is_told_in_the_singular() -> None:
    assert found(UPWARDS, [NAN]).reason == "What it needs was not seen in the only rep."


def test_a_median_between_the_limits_is_unsure_and_says_why() -> None:
    finding = found(UPWARDS, [14, 15, 16])
    assert finding.status is Status.UNSURE
    assert finding.value == 15
    assert finding.reason


def test_a_two_sided_sign_names_its_side() -> None:
    assert found(TWO_SIDED, [25, 26, 24]).side == "left"
    assert found(TWO_SIDED, [-25, -26, -24]).side == "right"
    assert found(TWO_SIDED, [1, -2, 3]).side is None


def test_reps_that_go_to_both_sides_are_no_sign_of_one() -> None:
    finding = found(TWO_SIDED, [25, -25, 25, -25, 25, -25])
    assert finding.status is Status.UNSURE
    assert finding.reason == "6 of 6 reps showed it, but not to one side."
    mostly = found(TWO_SIDED, [25, 25, -25, 25, 25])
    assert (mostly.status, mostly.side, mostly.from_rep) == (Status.SIGN, "left", 1)


def test_what_was_hidden_in_most_reps_is_not_assessed() -> None:
    finding = found(UPWARDS, [25, NAN, NAN, 25, NAN])
    assert finding.status is Status.NOT_ASSESSED
    assert finding.reason == "What it needs was seen in only 2 of 5 reps."
    assert finding.value is None


def test_what_was_hidden_in_one_rep_is_judged_on_the_others() -> None:
    finding = found(UPWARDS, [0, NAN, 25, 25, 25])
    assert finding.status is Status.SIGN
    assert finding.from_rep == 3
    assert [number for number, _, _ in finding.per_rep] == [1, 3, 4, 5]


def test_no_rep_and_no_sensor_are_two_reasons() -> None:
    assert found(UPWARDS, []).reason == "No complete rep was seen in this view."
    assert found(NOT_ASSESSED, [1, 2, 3]).reason == "No toe can be seen."


def test_checks_of_other_views_are_left_out() -> None:
    side = replace(UPWARDS, slug="other", views=(View.SIDE,))
    _, findings = assess_pass(an_exercise(UPWARDS, side), a_pass([0, 0, 0]), View.FRONT)
    assert [finding.check.slug for finding in findings] == ["tilt"]


# -- reps ---------------------------------------------------------------------------------------------------------


def test_a_reps_score_falls_with_its_severity_and_names_its_signs() -> None:
    assert [(rep.score, rep.signs) for rep in results(UPWARDS, [0, 15, 20, 40])] == [
        (100, ()),
        (75, ()),
        (50, ("tilt",)),
        (0, ("tilt",)),
    ]


def test_a_rep_in_which_nothing_was_seen_has_no_score() -> None:
    (rep, *_) = results(UPWARDS, [NAN, 0, 0, 0])
    assert (rep.score, rep.signs, rep.values) == (None, (), {})


def test_an_incomplete_rep_is_reported_without_a_score_and_counts_for_nothing() -> None:
    reps, (finding,) = assess_pass(an_exercise(UPWARDS), a_pass([0, 99, 0, 0], incomplete=[2]), View.FRONT)
    assert [rep.score for rep in reps] == [100, None, 100, 100]
    assert finding.status is Status.CLEAR
    assert [number for number, _, _ in finding.per_rep] == [1, 3, 4]


def test_weights_decide_how_much_a_check_counts() -> None:
    heavy, light = replace(UPWARDS, slug="heavy", weight=30), replace(DOWNWARDS, slug="light", weight=10)
    reps, _ = assess_pass(an_exercise(heavy, light), a_pass([40.0]), View.FRONT)
    assert reps[0].score == 25


# -- what is measured when ------------------------------------------------------------------------------------------


def test_the_reference_is_the_stand_before_the_first_descents(squat: Exercise) -> None:
    raw = perform([Squatter()] * 3, SIDE)
    read = read_pass(squat, raw)
    top = reference(read.track, read.effort, read.complete)
    assert top is not None
    np.testing.assert_allclose(top.xy, raw.xy[0], atol=0.04 * 110)
    assert reference(read.track, read.effort, ()) is None
    frames = standing_frames(read.track.t_s, read.effort, read.complete[0])
    # The rep starts when a tenth of the way down is done; the person stood before that.
    assert read.complete[0].start - 6 <= frames[-1] < read.complete[0].start
    assert len(frames) == pytest.approx(10, abs=1)
    np.testing.assert_allclose(read.effort[frames], read.effort[0], atol=0.03)


def test_a_measure_of_the_whole_rep_gets_the_whole_rep() -> None:
    def seconds(rep: RepTrace) -> float:
        return float(rep.track.t_s[-1] - rep.track.t_s[0])

    read = a_pass([5.0, 6.0])
    check = a_check(phase=Phase.WHOLE, measure=seconds)
    top = reference(read.track, read.effort, read.complete)
    assert top is not None
    value = measure(check, read.track, read.effort, read.reps[1], top, View.FRONT)
    assert value == pytest.approx(read.reps[1].end_s - read.reps[1].start_s)
    assert math.isnan(measure(NOT_ASSESSED, read.track, read.effort, read.reps[1], top, View.FRONT))


@settings(max_examples=30, derandomize=True, deadline=None)
@given(st.lists(st.floats(-60, 60) | st.just(NAN), max_size=12), st.booleans())
def test_a_finding_never_contradicts_itself(values: list[float], two_sided: bool) -> None:
    check = TWO_SIDED if two_sided else UPWARDS
    finding = found(check, values)
    if finding.status is Status.SIGN:
        assert finding.from_rep in finding.reps
        assert finding.value is not None
        assert verdict(check, finding.value) is Status.SIGN
    else:
        assert finding.from_rep is None
    assert (finding.status is Status.NOT_ASSESSED) == (finding.value is None)
    assert (finding.reason is None) == (finding.status in (Status.CLEAR, Status.SIGN))
