"""What a card says of a check, and how values are judged with it."""

import math

import pytest

from kiosk.movement.accuracy import Card, CheckAccuracy, ModelAccuracy, RepAccuracy, Share, SizeBand
from kiosk.movement.assess import assess_pass, settle
from kiosk.movement.exercise import Check
from kiosk.movement.report import Finding, Status
from kiosk.movement.view import View
from tests.movement.made import NAN, a_card, a_check, a_pass, an_exercise


def found_with(check: Check, values: list[float], model: str | None) -> Finding:
    return assess_pass(an_exercise(check), a_pass(values), View.FRONT, model=model)[1][0]


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (5, 10, 0.237, 0.763), (90, 100, 0.826, 0.945), (0, 0, 0.0, 1.0)],
)
def test_a_share_comes_with_wilsons_interval(count: int, of: int, low: float, high: float) -> None:
    assert Share(count, of).interval == pytest.approx((low, high), abs=1e-3)


def test_a_share_of_nothing_is_unknown() -> None:
    assert math.isnan(Share(0, 0).value)
    assert Share(1, 4).value == 0.25


def test_false_reps_are_told_by_the_idle_minute() -> None:
    assert RepAccuracy(false_reps=3, idle_s=90).false_per_minute == 2.0
    assert math.isnan(RepAccuracy().false_per_minute)
    assert RepAccuracy(exact=3, off_by_one=2, worse=1).sets == 6
    assert SizeBand(0, 1, 1, 2, 3, 4).sets == 10


def test_the_error_is_that_of_the_model() -> None:
    models = {
        name: ModelAccuracy(checks={"tilt": CheckAccuracy(error=error)}) for name, error in (("a", 2.0), ("b", 5.0))
    }
    check = a_check(card=Card("tilting", "report", "", 1, 0, 1, models))
    assert (check.error_with("a"), check.error_with("b")) == (2.0, 5.0)


def test_an_unknown_model_has_the_largest_error_that_is_known() -> None:
    models = {
        "a": ModelAccuracy(checks={"tilt": CheckAccuracy(error=2.0)}),
        "b": ModelAccuracy(checks={"tilt": CheckAccuracy(error=5.0)}),
        "c": ModelAccuracy(checks={"tilt": CheckAccuracy(error=None)}),
    }
    check = a_check(card=Card("tilting", "report", "", 1, 0, 1, models))
    assert check.error_with("nobody's") == 5.0
    assert check.error_with(None) == 5.0
    assert check.error_with("c") is None


def test_without_a_card_nothing_is_known() -> None:
    check = a_check(card=None)
    assert check.accuracy == {}
    assert check.error_with("a-model") is None
    assert check.corrected(3.0, "a-model") == 3.0
    assert check.cannot_tell("a-model") is None


def test_a_card_of_another_check_says_nothing_of_this_one() -> None:
    assert a_check(card=a_card("lean", error=1.0)).error_with("a-model") is None


def test_the_bias_of_a_known_model_is_taken_out_before_judging() -> None:
    # 12 + 2 x 4: it sees 20, the sign limit, where 4 is true.
    check = a_check(card=a_card(offset=12.0, gain=2.0))
    assert check.corrected(20.0, "a-model") == 4.0
    finding = found_with(check, [20.0] * 5, "a-model")
    assert (finding.status, finding.value) == (Status.CLEAR, 4.0)
    assert [value for _, value, _ in finding.per_rep] == [4.0] * 5


def test_reps_are_corrected_as_findings_are() -> None:
    check = a_check(card=a_card(offset=-5.0))
    results, (finding,) = assess_pass(an_exercise(check), a_pass([17, 16, 15]), View.FRONT, model="a-model")
    assert [result.values["tilt"] for result in results] == [22.0, 21.0, 20.0]
    assert finding.status is Status.SIGN


@pytest.mark.parametrize("model", [None, "synthetic", "recorded"])
def test_keypoints_of_unknown_origin_are_never_corrected(model: str | None) -> None:
    check = a_check(card=a_card(offset=12.0, gain=2.0))
    assert found_with(check, [20.0] * 5, model).value == 20.0


def test_what_was_not_seen_stays_unseen() -> None:
    assert math.isnan(a_check(card=a_card(offset=1.0)).corrected(NAN, "a-model"))


def test_a_check_that_a_model_cannot_tell_is_not_assessed_and_says_why() -> None:
    check = a_check(card=a_card(assessed=False, why="It cannot be told."))
    results, (finding,) = assess_pass(an_exercise(check), a_pass([40] * 5), View.FRONT, model="a-model")
    assert (finding.status, finding.reason, finding.value) == (Status.NOT_ASSESSED, "It cannot be told.", None)
    assert results[0].values == {}
    assert found_with(check, [40.0] * 5, "another").status is Status.SIGN


def test_values_settle_to_what_a_finding_says() -> None:
    check = a_check()
    values = [5.0, 6.0, NAN, 30.0, 32.0, 34.0]
    said, finding = settle(check, range(1, 7), values), found_with(check, values, None)
    assert (said.status, said.value, said.from_rep) == (finding.status, finding.value, finding.from_rep)
    assert (said.status, said.value, said.from_rep) == (Status.SIGN, 32.0, 4)
    assert said.shown == (4, 5, 6)
    assert said.per_rep == finding.per_rep


def test_too_few_values_settle_to_nothing() -> None:
    said = settle(a_check(), range(1, 6), [NAN, NAN, NAN, 30.0, 30.0])
    assert (said.status, said.value) == (Status.NOT_ASSESSED, None)
    assert said.reason == "What it needs was seen in only 2 of 5 reps."
