"""The contract finds what a plugin author may get wrong."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from kiosk_overhead_squat import arms_overhead, overhead_squat

from kiosk import Check, Exercise, Keypoint, Pass, Pose, RepTrace, SideMeasure, View, geometry
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


def test_a_sound_exercise_keeps_it() -> None:
    assert broken(overhead_squat) == set()


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
