"""The contract finds what a plugin author may get wrong."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from kiosk_overhead_squat import arms_overhead, overhead_squat
from kiosk_plank_hold import on_forearms, plank_hold
from kiosk_single_leg_squat import single_leg_squat

from kiosk import Check, Exercise, Hold, Keypoint, Pass, Pose, RepTrace, SideMeasure, View, geometry
from kiosk.movement.exercise import AssessedBy
from kiosk.movement.reps import Phase
from kiosk.testing import ExerciseContract


def broken(exercise: Exercise) -> set[str]:
    """The names of the inherited tests that this exercise does not pass."""
    contract = ExerciseContract()
    contract.exercise = exercise
    names = [name for name in dir(contract) if name.startswith("test_")]
    assert len(names) >= 12
    failed = set()
    for name in names:
        try:
            getattr(contract, name)()
        except (AssertionError, ArithmeticError, ValueError, TypeError):
            failed.add(name)
    return failed


def with_check(**changes: Any) -> Exercise:
    """The squat with its knees-in changed."""
    checks: list[Check] = []
    for check in overhead_squat.checks:
        checks.append(replace(check, **changes) if check.slug == "knees-in" else check)
    return replace(overhead_squat, checks=tuple(checks))


def width_without_a_guard(pose: Pose, _top: Pose) -> float:
    return geometry.width_px(pose, Keypoint.LEFT_KNEE) / geometry.width_px(pose, Keypoint.LEFT_ANKLE)


def whole_without_a_guard(rep: RepTrace) -> float:
    return float(np.nan_to_num(rep.track.xy).mean())


@pytest.mark.parametrize("exercise", [overhead_squat, plank_hold, single_leg_squat], ids=lambda one: one.slug)
def test_a_sound_exercise_keeps_it(exercise: Exercise) -> None:
    assert broken(exercise) == set()


def held(**changes: Any) -> Exercise:
    """The plank with its pass changed."""
    return replace(plank_hold, passes=(replace(plank_hold.passes[0], **changes),))


def with_hold_check(**changes: Any) -> Exercise:
    first, *others = plank_hold.checks
    return replace(plank_hold, checks=(replace(first, **changes), *others))


@pytest.mark.parametrize(
    ("exercise", "test"),
    [
        (held(hold_s=0.0), "ask_for_reps_or_for_a_hold"),
        (held(reps=5), "ask_for_reps_or_for_a_hold"),
        (replace(plank_hold, hold=Hold(on_forearms, part_s=0.2)), "ask_for_reps_or_for_a_hold"),
        (replace(overhead_squat, passes=(Pass(View.FRONT, 5, "Go", hold_s=30),)), "ask_for_reps_or_for_a_hold"),
        (replace(plank_hold, hold=Hold(lambda pose: not on_forearms(pose))), "nobody_at_all"),
        (replace(plank_hold, hold=Hold(lambda pose: 1)), "yes_or_no"),  # type: ignore[arg-type, return-value]  # the mistake
        (with_hold_check(phase=Phase.BOTTOM), "when_it_happens"),
        (with_hold_check(assessed_by=AssessedBy.SECOND_MODEL, measure=lambda low, top: math.nan), "when_it_happens"),
        (with_check(phase=Phase.HOLD), "when_it_happens"),
        (
            replace(single_leg_squat, passes=(single_leg_squat.passes[0], Pass(View.FRONT, 5, "Go"))),
            "per_side_or_none",
        ),
    ],
)
def test_a_mistake_of_a_hold_or_of_sides_is_found(exercise: Exercise, test: str) -> None:
    assert any(test in name for name in broken(exercise))


@pytest.mark.parametrize(
    ("exercise", "test"),
    [
        (replace(overhead_squat, slug="Overhead Squat"), "slugs_are_small"),
        (with_check(slug="knees--in"), "slugs_are_small"),
        (replace(overhead_squat, checks=overhead_squat.checks * 2), "declared_once"),
        (replace(overhead_squat, checks=()), "declared_once"),
        (replace(overhead_squat, passes=()), "passes_that_ask"),
        (replace(overhead_squat, passes=(Pass(View.FRONT, 0, "Go"), Pass(View.SIDE, 5, "Go"))), "passes_that_ask"),
        (replace(overhead_squat, start_ask="Raise both of your arms over your head please"), "across_the_room"),
        (replace(overhead_squat, start_ask=""), "across_the_room"),
        (replace(overhead_squat, passes=(Pass(View.FRONT, 5, "Go"),)), "seen_in_a_pass"),
        (with_check(measure=None), "limits_and_a_measure"),
        (with_check(sign=None), "limits_and_a_measure"),
        (with_check(sign=1.0), "limits_and_a_measure"),
        (with_check(assessed_by=AssessedBy.PROXY, reason=None), "says_why"),
        (replace(overhead_squat, least_range=0.0), "least_range"),
        (replace(overhead_squat, planted=()), "least_range"),
        (replace(overhead_squat, start=lambda pose: pose.xy[0, 1] > 3), "answers_yes_or_no"),
        (replace(overhead_squat, start=lambda pose: not arms_overhead(pose)), "nobody_at_all"),
        (replace(overhead_squat, effort=lambda pose, torso: 1.0), "its_effort_is_a_number"),
        (replace(overhead_squat, effort=lambda pose, torso: int(pose.sees(0))), "its_effort_is_a_number"),
        (
            replace(overhead_squat, effort=lambda pose, torso: 1 / (pose.t_s * torso)),
            "its_effort",
        ),
        (with_check(measure=width_without_a_guard), "its_measures_are_numbers"),
        (with_check(measure=lambda pose, top: 1), "its_measures_are_numbers"),
        (with_check(measure=lambda pose, top: 1.0), "see_nothing_in_nobody"),
        (with_check(phase=Phase.WHOLE, measure=whole_without_a_guard), "see_nothing_in_nobody"),
        (replace(overhead_squat, sides=(SideMeasure("x", "deg", lambda pose, top, side: side),)), "side_measures"),
    ],
)
def test_a_mistake_is_found(exercise: Exercise, test: str) -> None:
    assert any(test in name for name in broken(exercise))
