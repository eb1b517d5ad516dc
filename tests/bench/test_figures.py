"""From what was said of single sets to figures, groups and targets."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from kiosk.bench.accuracy.figures import cannot_tell, check_accuracy, half_width, rep_accuracy, smallest
from kiosk.bench.accuracy.groups import group_figures
from kiosk.bench.accuracy.outcome import Values
from kiosk.bench.accuracy.settled import IDENTITY, Line
from kiosk.bench.accuracy.targets import targets
from kiosk.movement.accuracy import CheckAccuracy, RepAccuracy, Share, Target
from kiosk.movement.report import Status
from tests.bench.outcomes import constant, outcome, said
from tests.movement.made import a_check


def test_the_error_holds_95_of_100() -> None:
    errors = np.random.default_rng(1).normal(0, 2.0, 2000)
    assert half_width(errors) == pytest.approx(1.96 * 2, rel=0.05)
    assert half_width(errors[:30] + 9) == pytest.approx(9 + 1.96 * 2, rel=0.15)
    assert half_width(errors[:7]) is None


def test_the_smallest_size_is_that_from_which_nine_of_ten_are_found() -> None:
    sizes = np.arange(11, 40)
    sets = [constant(30 if true >= 18 else 5, float(true), str(true)) for true in sizes]
    assert smallest(said(*sets)) == pytest.approx(0.7, abs=0.11)
    assert smallest(said(*(constant(5, float(true)) for true in sizes))) is None
    assert smallest(said(*(constant(30, 30) for _ in range(4)))) is None, "four are too few"


def test_a_check_that_misses_large_faults_or_cries_wolf_is_given_up() -> None:
    missed = said(*(constant(5, 35) for _ in range(6)), *(constant(40, 35) for _ in range(4)))
    assert "4 of 10 tries showed it" in (cannot_tell(missed) or "")
    wolf = said(*(constant(5, 5) for _ in range(26)), *(constant(30, 5) for _ in range(4)))
    assert "there was nothing, 4 of 30" in (cannot_tell(wolf) or "")
    assert cannot_tell(said(*(constant(5, 35) for _ in range(4)))) is None, "too few to say so"
    assert cannot_tell(said(*(constant(40, 35) for _ in range(30)))) is None
    aimless = said(*(constant(40, true) for true in range(0, 60, 4)))
    assert "rose by 0% of the truth" in (cannot_tell(aimless) or "")
    follows = said(*(constant(true + 1, true) for true in range(0, 60, 4)))
    assert cannot_tell(follows) is None


def test_what_was_found_is_counted_from_the_promised_size_on() -> None:
    promised = replace(a_check(), promised=30.0)
    sets = [constant(25, 25, "beyond the limit"), constant(25, 31, "promised"), constant(15, 31, "missed")]
    assert [one.truth for one in said(*sets)] == [Status.SIGN] * 3
    assert [one.truth for one in said(*sets, check=promised)] == [Status.UNSURE, Status.SIGN, Status.SIGN]
    one = check_accuracy(promised, IDENTITY, said(*sets, check=promised), [])
    assert one.found == Share(1, 2)


def test_a_limit_that_a_gym_has_put_beyond_the_promise_counts_instead_of_it() -> None:
    lenient = replace(a_check(), promised=15.0)
    assert [one.truth for one in said(constant(18, 18), constant(25, 25), check=lenient)] == [
        Status.UNSURE,
        Status.SIGN,
    ]


def test_the_onset_is_told_from_the_rep_from_which_the_promised_size_is_there() -> None:
    promised = replace(a_check(), promised=30.0)
    drift = outcome([5, 5, 40, 40, 40, 40], [5, 22, 22, 40, 40, 40])
    (one,) = said(drift, check=promised)
    assert one.onset_right is True


def test_a_checks_figures_count_what_they_say() -> None:
    sets = said(
        *(constant(32, 30, f"sign-{k}") for k in range(9)),
        constant(15, 30, "missed"),
        *(constant(6, 5, f"clean-{k}") for k in range(8)),
        constant(25, 5, "false"),
        constant(12, 5, "near"),
        constant(5, 30, "askew", factors={"yaw_deg": 40.0}),
    )
    one = check_accuracy(a_check(), Line(1.0, 1.0), sets, sets)
    assert (one.found, one.false_signs, one.unsure) == (Share(9, 10), Share(1, 10), Share(1, 10))
    assert (one.offset, one.sets, one.reps) == (1.0, 20, 100)
    assert [(band.low, band.sign, band.unsure) for band in one.sizes if band.sets] == [(2.0, 9, 1)]
    assert one.slope == pytest.approx((30.3 - 8.5) / 25, abs=0.01)
    assert one.error is not None
    assert one.bias == pytest.approx((18 - 15 + 8 + 20 + 7) / 20)


def test_reps_are_counted_exactly_by_one_off_or_worse() -> None:
    sets = [
        constant(1, 1, "exact"),
        outcome([1] * 4, [1] * 5, "missed", matches=tuple((k, k) for k in range(4)), seen_as="another"),
        outcome([1] * 5, [1] * 5, "another", matches=tuple((k, k) for k in range(4)), seen_from=None),
        outcome([1] * 2, [1] * 5, "lost", matches=((0, 0), (1, 1))),
    ]
    walk = outcome([1.0], [], "walk", exercise=None, values={})
    reps = rep_accuracy(sets, [walk])
    assert (reps.exact, reps.off_by_one, reps.worse) == (1, 2, 1)
    assert (reps.false_reps, reps.negatives, reps.negative_false_reps) == (2, 1, 1)
    assert reps.idle_s == 150.0
    assert (reps.recognised, reps.view) == (Share(3, 4), Share(3, 4))


def test_groups_show_where_it_is_worse() -> None:
    light = [constant(30, 30, f"light-{k}", factors={"build": "light", "yaw_deg": 3.0}) for k in range(4)]
    heavy = [constant(15, 30, f"heavy-{k}", factors={"build": "heavy", "yaw_deg": -30.0}) for k in range(4)]
    near = [constant(5, 5, f"near-{k}", factors={"build": "heavy", "yaw_deg": 12.0}) for k in range(2)]
    sets = [*light, *heavy, *near]
    groups = {(one.factor, one.name): one for one in group_figures(sets, {"tilt": said(*sets)}, {"tilt": a_check()})}
    assert set(groups) == {
        ("build", "light"),
        ("build", "heavy"),
        ("yaw_deg", "up to 5°"),
        ("yaw_deg", "10 to 15°"),
        ("yaw_deg", "over 15°"),
    }
    assert groups["build", "heavy"].sets == 2, "those far askew tell of the camera, not of people"
    assert groups["yaw_deg", "up to 5°"].found == Share(4, 4)
    assert groups["yaw_deg", "over 15°"].found == Share(0, 4)
    assert groups["yaw_deg", "over 15°"].bias == pytest.approx(-1.5)


def by_name(found: Iterable[Target]) -> dict[str, Target]:
    return {target.name: target for target in found}


def test_targets_are_met_or_not() -> None:
    reps = RepAccuracy(exact=97, off_by_one=3, negatives=5, recognised=Share(100, 100), view=Share(98, 100))
    accuracy = {
        "tilt": CheckAccuracy(found=Share(19, 20), false_signs=Share(1, 100), onset=Share(9, 10)),
        "lean": CheckAccuracy(found=Share(8, 10), false_signs=Share(3, 100)),
    }
    checks = {slug: a_check(slug) for slug in accuracy}
    found = by_name(targets(reps, accuracy, {}, (), checks))
    assert {name: target.met for name, target in found.items()} == {
        "Reps counted exactly": False,
        "False reps where nobody does any": True,
        "Signs found": True,
        "False signs on clean sets, each check": False,
        "Onset told right within one rep": True,
        "Exercise recognised": True,
        "View recognised": False,
    }
    assert found["Signs found"].reached == "27 of 30 (90 %); least: lean 80%"
    assert found["False signs on clean sets, each check"].reached == "4 of 200 (2 %); most: lean 3.0%"


def test_the_lag_has_targets_of_its_own() -> None:
    check = a_check("late", clear=40.0, sign=80.0, unit="ms", two_sided=True)
    sets = [
        *(constant(90 if k < 7 else 60, 80.0, f"late-{k}", values={}) for k in range(10)),
        *(constant(5, 0.0, f"clean-{k}", values={}) for k in range(10)),
    ]
    measured = [90 if k < 7 else 60 for k in range(10)] + [5] * 10
    true = [80.0] * 10 + [0.0] * 10
    sets = [
        replace(one, values={"late": Values((m,) * 5, (t,) * 5)})
        for one, m, t in zip(sets, measured, true, strict=True)
    ]
    found = by_name(
        targets(RepAccuracy(), {"late": CheckAccuracy()}, {"late": said(*sets, check=check)}, (), {"late": check})
    )
    assert found["late: 80 ms found"].reached == "7 of 10 (70 %)"
    assert not found["late: 80 ms found"].met
    assert found["late: false signs"].met
