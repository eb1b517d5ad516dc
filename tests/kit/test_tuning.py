"""How a limit parts labelled reps, and what is suggested."""

import math
from dataclasses import replace

import pytest

from kiosk.errors import PluginError
from kiosk.kit.checking import replayed
from kiosk.kit.tuning import (
    LabelledValue,
    Limits,
    labelled_values,
    limits_of,
    separation,
    suggestion,
    tunable,
    with_limits,
    would_say,
)
from kiosk.movement.accuracy import Share
from kiosk.movement.assess import verdict
from kiosk.movement.exercise import Check
from kiosk.movement.report import Status
from kiosk.testing import Squatter

from .sets import CLEAN, golden, late_knees, squat

KNEES = tunable(squat(), "knees-in")  # small values are the sign
LEAN = tunable(squat(), "forward-lean")  # large ones are
SHIFT = tunable(squat(), "weight-shift")  # either way


def values(with_sign: list[float], without: list[float]) -> list[LabelledValue]:
    pairs = [(value, True) for value in with_sign] + [(value, False) for value in without]
    return [LabelledValue("set", rep, value, shows) for rep, (value, shows) in enumerate(pairs, 1)]


def test_every_counted_rep_comes_with_its_label() -> None:
    found = labelled_values([replayed(late_knees(), squat())], KNEES)
    assert [(one.rep, one.shows) for one in found] == [(1, False), (2, False), (3, True), (4, True), (5, True)]
    assert all(one.value > 1 for one in found[:2])
    assert all(one.value < 0.8 for one in found[2:])


def test_a_miscounted_set_is_left_out_and_so_is_another_view() -> None:
    five = late_knees()
    wrong = replace(five, labels=replace(five.labels, reps=five.labels.reps[:4]))
    assert labelled_values([replayed(wrong, squat())], KNEES) == []
    assert labelled_values([replayed(five, squat())], LEAN) == []


@pytest.mark.parametrize(
    ("check", "with_sign", "without", "expected"),
    [
        (KNEES, [0.7, 0.75], [1.0, 1.2], 1.0),
        (KNEES, [1.0, 1.2], [0.7, 0.75], 0.0),
        (LEAN, [20.0, 30.0], [5.0, 20.0], 0.875),
        (SHIFT, [-0.3, 0.2], [-0.05, 0.1], 1.0),
    ],
)
def test_the_separation_is_the_share_of_pairs_in_the_right_order(
    check: Check, with_sign: list[float], without: list[float], expected: float
) -> None:
    assert separation(check, values(with_sign, without)) == pytest.approx(expected)


def test_one_kind_alone_has_no_separation_and_no_suggestion() -> None:
    assert math.isnan(separation(KNEES, values([0.7], [])))
    assert suggestion(KNEES, values([0.7], [])) is None
    assert suggestion(KNEES, values([], [1.2])) is None


@pytest.mark.parametrize(
    ("check", "with_sign", "without", "expected"),
    [
        (KNEES, [0.7] * 3, [1.1] * 3, Limits(1.0, 0.8)),
        (LEAN, [30.0] * 3, [10.0] * 3, Limits(15.0, 25.0)),
        (SHIFT, [-0.3, 0.3], [0.1, -0.1], Limits(0.15, 0.25)),
    ],
)
def test_where_the_kinds_lie_apart_both_limits_lie_between_them(
    check: Check, with_sign: list[float], without: list[float], expected: Limits
) -> None:
    assert suggestion(check, values(with_sign, without)) == expected


def test_where_they_overlap_few_reps_of_either_kind_are_on_the_wrong_side() -> None:
    with_sign, without = [10.0 + k for k in range(21)], [0.0 + k for k in range(21)]
    found = suggestion(LEAN, values(with_sign, without))
    assert found == Limits(10.9, 19.1)
    assert sum(value >= found.sign for value in without) <= 1
    assert sum(value <= found.clear for value in with_sign) <= 1


@pytest.mark.parametrize(
    ("check", "with_sign", "without"),
    [
        (LEAN, [25.0, 27.4, 80.0, 60.0], [22.0, 25.3, 26.8, 44.9]),
        (KNEES, [0.62, 0.7, 0.91, 0.97], [0.93, 1.1, 1.2, 1.02]),
        (SHIFT, [-0.3, 0.1, 0.21], [0.15, -0.05, -0.12]),
    ],
)
def test_of_a_few_reps_that_overlap_none_lies_on_the_wrong_side(
    check: Check, with_sign: list[float], without: list[float]
) -> None:
    found = suggestion(check, values(with_sign, without))
    assert found is not None
    suggested = with_limits(check, found)
    assert Status.SIGN not in {verdict(suggested, value) for value in without}
    assert Status.CLEAR not in {verdict(suggested, value) for value in with_sign}


def test_the_same_values_of_both_kinds_suggest_nothing() -> None:
    assert suggestion(LEAN, values([10.0, 10.0], [10.0, 10.0])) is None


def test_a_suggestion_keeps_the_direction_of_the_check() -> None:
    for check, with_sign, without in ((KNEES, [1.3], [0.6]), (LEAN, [1.0], [40.0])):
        found = suggestion(check, values(with_sign, without))
        now = limits_of(check)
        assert found is not None
        assert (found.sign > found.clear) is (now.sign > now.clear)


def test_what_limits_would_say_is_told_of_reps_and_of_sets() -> None:
    replays = [
        replayed(late_knees(), squat()),
        replayed(golden([CLEAN] * 5, not_signs=("knees-in",), name="clean"), squat()),
        replayed(golden([Squatter(knees_ratio=0.95)] * 5, signs=("knees-in",), name="slight"), squat()),
    ]
    found = labelled_values(replays, KNEES)
    now = would_say(KNEES, replays, found)
    assert (now.rep_hits, now.rep_false, now.rep_unsure) == (Share(3, 8), Share(0, 7), Share(5, 15))
    assert (now.set_hits, now.set_false) == (Share(1, 2), Share(0, 1))
    lenient = would_say(with_limits(KNEES, Limits(1.2, 1.1)), replays, found)
    assert (lenient.rep_hits, lenient.set_hits) == (Share(8, 8), Share(2, 2))
    strict = would_say(with_limits(KNEES, Limits(1.6, 1.5)), replays, found)
    assert (strict.rep_false, strict.set_false) == (Share(7, 7), Share(1, 1))


@pytest.mark.parametrize(
    ("slug", "complaint"),
    [("knee-in", "did you mean 'knees-in'"), ("heels-rise", "is not told from keypoints")],
)
def test_a_check_that_cannot_be_tuned_is_refused_with_the_reason(slug: str, complaint: str) -> None:
    with pytest.raises(PluginError, match=complaint):
        tunable(squat(), slug)
