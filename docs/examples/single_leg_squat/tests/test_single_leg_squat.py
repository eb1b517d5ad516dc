"""What the single-leg squat sees, on people whose faults are known."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from kiosk_single_leg_squat import kiosk_register_exercises, on_left_leg, single_leg_squat

from kiosk import Pose, Side, View
from kiosk.testing import (
    FRONT,
    BothSides,
    Build,
    Camera,
    ExerciseContract,
    Finding,
    JointCurves,
    Person,
    Report,
    Squatter,
    Status,
    Support,
    Walker,
    perform,
    record,
    scanned,
)

ON = {Side.LEFT: Support.LEFT_LEG, Side.RIGHT: Support.RIGHT_LEG}
SIGNS: dict[str, dict[str, Any]] = {
    "knee-in": {"knee_in_deg": (0.0, 18.0)},
    "hip-drops": {"pelvis_drop_deg": (0.0, 11.0)},
    "trunk-leans": {"trunk_side_deg": (0.0, 17.0)},
    "shallow-depth": {"depth": 0.56},
}
BETWEEN: dict[str, dict[str, Any]] = {
    "knee-in": {"knee_in_deg": (0.0, 10.5)},
    "hip-drops": {"pelvis_drop_deg": (0.0, 6.5)},
    "trunk-leans": {"trunk_side_deg": (0.0, 10.5)},
    "shallow-depth": {"depth": 0.76},
}
BUILDS = {
    "usual": Build(),
    "long legs": Build(thigh=1.0, shin=1.0),
    "short legs": Build(thigh=0.75, shin=0.75),
    "broad hips": Build(shoulders=0.75, hips=0.5),
}


class TestContract(ExerciseContract):
    exercise = single_leg_squat


def someone(side: Side, *, depth: float = 1.0, **differently: Any) -> JointCurves:
    """Someone who bends one knee by 60 degrees times ``depth``, the other foot held up behind."""

    def both(standing: tuple[float, float], free: float) -> BothSides:
        return BothSides(standing, free) if side is Side.LEFT else BothSides(free, standing)

    return JointCurves(
        ON[side],
        knee_deg=both((178.0, 178.0 - 58 * depth), 95.0),
        hip_deg=both((178.0, 178.0 - 43 * depth), 165.0),
        shin_deg=(0.0, 25.0 * depth),
        shoulder_deg=35,
        elbow_deg=110,
        **differently,
    )


def scan(people: Sequence[Person], camera: Camera = FRONT, **how: float) -> Report:
    return scanned(single_leg_squat, (perform(people, camera, noise_px=1.0, **how), View.FRONT))


def both_legs(**differently: Any) -> list[JointCurves]:
    """Five on the left, five on the right, in one recording."""
    return [someone(side, **differently) for side in (Side.LEFT, Side.RIGHT) for _ in range(5)]


def finding(report: Report, slug: str, side: Side) -> Finding:
    return next(f for f in report.findings if (f.check.slug, f.done_on) == (slug, side))


def signs(report: Report) -> set[tuple[str, Side | None]]:
    return {(f.check.slug, f.done_on) for f in report.findings if f.status is Status.SIGN}


def pose_of(person: Person, camera: Camera = FRONT, share: float = 0.0) -> Pose:
    return record(lambda _t: person.body(share, share), 0.1, camera).pose(0)


def test_the_hook_brings_this_exercise() -> None:
    assert kiosk_register_exercises() == [single_leg_squat]


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS)
def test_clean_squats_of_anybody_show_nothing_on_either_leg(build: Build) -> None:
    report = scan(both_legs(build=build))
    assert [(one.done_on, one.complete) for one in report.passes] == [(Side.LEFT, 5), (Side.RIGHT, 5)]
    assert {f.status for f in report.findings} == {Status.CLEAR}
    assert (report.score.value, report.score.seen, report.score.of) == (100, 8, 8)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("slug", SIGNS)
def test_each_check_finds_its_own_sign_on_its_own_side_and_nothing_else(slug: str, side: Side) -> None:
    other = Side.RIGHT if side is Side.LEFT else Side.LEFT
    report = scan([someone(side, **SIGNS[slug])] * 5 + [someone(other)] * 5)
    assert signs(report) == {(slug, side)}
    assert finding(report, slug, side).reps == (1, 2, 3, 4, 5)
    assert (report.first, report.first_on) == (slug, side)
    assert {step.done_on for step in report.programme} <= {side}


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("slug", BETWEEN)
def test_between_the_limits_it_says_that_it_is_unsure(slug: str, side: Side) -> None:
    report = scan([someone(side, **BETWEEN[slug])] * 5)
    assert finding(report, slug, side).status is Status.UNSURE


def test_a_sign_on_both_legs_is_one_programme_for_both() -> None:
    report = scan(both_legs(knee_in_deg=(0.0, 18.0)))
    assert signs(report) == {("knee-in", Side.LEFT), ("knee-in", Side.RIGHT)}
    assert [step.phase for step in report.programme] == ["inhibit", "lengthen", "activate", "integrate"]
    assert {step.done_on for step in report.programme} == {None}


def test_the_legs_are_compared_with_each_other() -> None:
    left, right = someone(Side.LEFT, knee_in_deg=(0.0, 12.0)), someone(Side.RIGHT, knee_in_deg=(0.0, 6.0))
    (difference,) = scan([left] * 5 + [right] * 5).differences
    assert difference.left == pytest.approx(12, abs=1)
    assert difference.right == pytest.approx(6, abs=1)


def test_a_leg_that_was_not_done_is_not_assessed() -> None:
    report = scan([someone(Side.LEFT)] * 5)
    assert [one.done_on for one in report.passes] == [Side.LEFT]
    for slug in SIGNS:
        unseen = finding(report, slug, Side.RIGHT)
        assert unseen.status is Status.NOT_ASSESSED
        assert unseen.reason == "The exercise was not seen on the right side."
    assert (report.score.seen, report.score.of) == (4, 8)


@pytest.mark.parametrize("yaw_deg", [-10.0, 10.0])
def test_standing_a_little_askew_shows_nothing(yaw_deg: float) -> None:
    assert signs(scan(both_legs(), Camera(yaw_deg=yaw_deg))) == set()


@pytest.mark.parametrize("fps", [10.0, 15.0])
def test_a_slow_camera_counts_the_same(fps: float) -> None:
    report = scan(both_legs(), fps=fps)
    assert [one.complete for one in report.passes] == [5, 5]


def test_the_posture_starts_it_only_on_the_left_leg() -> None:
    left, right = pose_of(someone(Side.LEFT)), pose_of(someone(Side.RIGHT))
    assert on_left_leg(left)
    assert not on_left_leg(right)
    assert on_left_leg(right.mirrored())


OTHERS: dict[str, Person] = {
    "standing": Squatter(arms_up=0.0),
    "arms overhead": Squatter(),
    "on one leg, arms overhead": replace(someone(Side.LEFT), shoulder_deg=175, elbow_deg=175),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_stand_on_one_leg_does_not_start_it(name: str) -> None:
    assert not on_left_leg(pose_of(OTHERS[name]))


def test_squats_on_both_legs_and_walking_count_nothing() -> None:
    both = scan([Squatter(arms_up=0.0)] * 4)
    walking = scanned(single_leg_squat, (record(Walker(speed=0.0).body, 8.0), View.FRONT))
    for report in (both, walking):
        assert sum(one.complete for one in report.passes) == 0
