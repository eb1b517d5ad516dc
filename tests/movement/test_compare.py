"""Two results of one person: only what changed by more than both errors together counts."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.movement.compare import Change, compare

Range = tuple[int, int]


def check(value: float | None, **more: Any) -> dict[str, Any]:
    return {
        "slug": "knees-in", "title": "Knees move inward", "view": "front", "done_on": None, "unit": "deg",
        "status": "clear" if value is not None else "not-assessed", "value": value, "error": 3.0, "clear": 10.0,
        "sign": 15.0, "two_sided": False, "assessed_by": "keypoints", **more,
    }  # fmt: skip


def result(*checks: dict[str, Any], low: int | None = 70, high: int | None = 80, **more: Any) -> dict[str, Any]:
    return {
        "exercise": "squat", "model": "m", "pain": False, "checks": list(checks),
        "score": {"low": low, "high": high}, **more,
    }  # fmt: skip


def only(before: dict[str, Any], after: dict[str, Any]) -> Change:
    (change,) = compare(result(before), result(after)).changes
    return change


def test_the_error_of_a_difference_is_that_of_both_together() -> None:
    change = only(check(20.0, error=3.0), check(12.0, error=4.0))
    assert change.error == 5.0
    assert (change.before, change.after, change.kind) == (20.0, 12.0, "better")


@pytest.mark.parametrize("after", [20.0 - math.hypot(3, 3), 20.0, 20.0 + math.hypot(3, 3)])
def test_a_difference_within_the_error_is_no_change(after: float) -> None:
    assert only(check(20.0), check(after)).kind == "same"


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [(20.0, 12.0, "better"), (12.0, 20.0, "worse"), (9.0, 2.0, "moved"), (2.0, 9.0, "moved"), (9.0, 16.0, "worse")],
)
def test_towards_the_limit_is_worse_and_on_its_good_side_it_only_moved(before: float, after: float, kind: str) -> None:
    assert only(check(before), check(after)).kind == kind


@pytest.mark.parametrize(("before", "after", "kind"), [(0.7, 1.1, "better"), (1.1, 0.7, "worse"), (1.1, 1.5, "moved")])
def test_where_less_is_the_sign_more_is_better(before: float, after: float, kind: str) -> None:
    rules = {"clear": 1.0, "sign": 0.85, "error": 0.06}
    assert only(check(before, **rules), check(after, **rules)).kind == kind


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [(-20.0, -12.0, "better"), (12.0, -20.0, "worse"), (-20.0, 20.0, "moved"), (-8, 8, "moved")],
)
def test_of_two_sides_the_distance_from_the_middle_counts(before: float, after: float, kind: str) -> None:
    assert only(check(before, two_sided=True), check(after, two_sided=True)).kind == kind


@pytest.mark.parametrize("change", [{"clear": 9.0}, {"sign": 14.0}, {"two_sided": True}, {"unit": "percent"}])
def test_with_other_limits_nothing_is_said(change: dict[str, Any]) -> None:
    found = only(check(20.0), check(5.0, **change))
    assert (found.kind, found.error) == ("not-comparable", None)
    assert found.reason == "Its limits were changed in between."


def test_an_error_that_nobody_measured_lets_nothing_be_said() -> None:
    assert only(check(20.0), check(5.0, error=None)).reason == "Its error was never measured."


def test_a_check_without_limits_moved() -> None:
    assert only(check(20.0, clear=None, sign=None), check(5.0, clear=None, sign=None)).kind == "moved"


def test_what_was_seen_only_once_is_left_out() -> None:
    assert compare(result(check(None)), result(check(20.0))).changes == ()
    assert compare(result(), result(check(20.0))).changes == ()


def test_each_side_and_view_is_compared_with_itself() -> None:
    before = [check(20.0, done_on="left"), check(5.0, done_on="right"), check(30.0, view="side")]
    after = [check(5.0, done_on="right"), check(5.0, done_on="left"), check(30.0, view="side")]
    kinds = {(one.done_on, one.kind) for one in compare(result(*before), result(*after)).changes}
    assert kinds == {("left", "better"), ("right", "same"), (None, "same")}


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"exercise": "push-up"}, "two different exercises"),
        ({"exercise": None}, "two different exercises"),
        ({"model": "other"}, "two different pose models"),
        ({"pain": True}, "Something hurt"),
    ],
)
def test_some_results_are_not_compared_at_all(more: dict[str, Any], says: str) -> None:
    found = compare(result(check(20.0)), result(check(5.0), **more))
    assert says in (found.reason or "")
    assert found.changes == found.real == ()
    assert found.score is None


@pytest.mark.parametrize(
    ("then", "now", "kind"),
    [
        ((50, 60), (61, 70), "better"),
        ((61, 70), (50, 60), "worse"),
        ((50, 60), (60, 70), "same"),
        ((50, 60), (40, 90), "same"),
    ],
)
def test_a_score_changed_only_where_its_ranges_do_not_touch(
    then: tuple[int, int], now: tuple[int, int], kind: str
) -> None:
    found = compare(result(low=then[0], high=then[1]), result(low=now[0], high=now[1]))
    assert (found.score, found.scores, found.score_reason) == (kind, (then, now), None)


def test_scores_of_different_checks_or_limits_are_not_compared() -> None:
    for other in (check(None), check(5.0, sign=20.0)):
        found = compare(result(check(5.0), low=50, high=60), result(other, low=80, high=90))
        assert found.score is None
        assert "do not rest on the same checks" in (found.score_reason or "")


def test_without_a_score_that_is_said() -> None:
    assert compare(result(low=None, high=None), result()).score_reason == "One of the two has no score."


VALUES = st.floats(-90, 90, allow_nan=False)


@given(VALUES, VALUES, st.floats(0, 30), st.booleans())
def test_the_way_back_is_the_opposite(before: float, after: float, error: float, two_sided: bool) -> None:
    opposite = {"better": "worse", "worse": "better"}
    there, back = (
        only(check(a, error=error, two_sided=two_sided), check(b, error=error, two_sided=two_sided)).kind
        for a, b in ((before, after), (after, before))
    )
    assert back == opposite.get(there, there)
