from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from kiosk.movement.pose import FloatArray, Keypoint
from tests.people.body import Body, Posture
from tests.people.measured import (
    arms_forward_deg,
    gaze_drop_deg,
    hips_above_knees_m,
    knee_separation_ratio,
    middle,
    mirrored,
    shin_lean_deg,
    trunk_lean_deg,
    width_m,
)
from tests.people.squat import SquatFaults, back_bend_deg, squat_posture

AMOUNTS = np.linspace(0.0, 1.0, 9)
Measure = Callable[[Body, Posture], float]


def of_keypoints(measure: Callable[[FloatArray], float]) -> Measure:
    return lambda body, posture: measure(body.keypoints_at(posture))


def at_bottom(body: Body, measure: Measure, faults: SquatFaults) -> float:
    return measure(body, squat_posture(body, 1.0, faults))


def toes_out_deg(body: Body, posture: Posture) -> float:
    left_toe, _right_toe, left_heel, _right_heel = body.feet_at(posture)
    along = left_toe - left_heel
    return float(np.degrees(np.arctan2(along[0], -along[1])))


def heel_over_toe_m(body: Body, posture: Posture) -> float:
    left_toe, _right_toe, left_heel, _right_heel = body.feet_at(posture)
    return float(left_heel[2] - left_toe[2])


def hips_aside_m(points: FloatArray) -> float:
    return float(middle(points, Keypoint.LEFT_HIP)[0] - middle(points, Keypoint.LEFT_ANKLE)[0])


#: What each fault moves, from smallest to largest, and by how much at least from one end to the other.
MOVED: dict[str, tuple[Measure, tuple[float, ...], float]] = {
    "depth": (of_keypoints(lambda points: -hips_above_knees_m(points)), (0.4, 0.6, 0.8, 1.0), 0.25),
    "stance": (of_keypoints(lambda points: width_m(points, Keypoint.LEFT_ANKLE)), (0.28, 0.36, 0.48), 0.19),
    "toe_out": (toes_out_deg, (-10.0, 0.0, 12.0, 25.0, 40.0), 49.0),
    "knee_in": (of_keypoints(lambda points: -knee_separation_ratio(points)), (-20.0, -10.0, 0.0, 7.0, 14.0, 25.0), 1.0),
    "heel_lift": (heel_over_toe_m, (0.0, 5.0, 10.0, 20.0, 25.0), 0.06),
    "lean_extra": (of_keypoints(trunk_lean_deg), (0.0, 6.0, 12.0, 18.0, 25.0), 24.0),
    "arch": (lambda body, posture: -back_bend_deg(posture), (0.0, 8.0, 16.0, 25.0), 24.9),
    "rounding": (lambda body, posture: back_bend_deg(posture), (0.0, 10.0, 20.0, 35.0), 34.9),
    "arms_fwd": (of_keypoints(arms_forward_deg), (0.0, 15.0, 25.0, 45.0), 40.0),
    "head_drop": (of_keypoints(gaze_drop_deg), (0.0, 10.0, 20.0, 35.0), 33.0),
    "shift": (of_keypoints(hips_aside_m), (-0.08, -0.03, 0.0, 0.06, 0.1), 0.16),
    "arm_spread": (of_keypoints(lambda points: width_m(points, Keypoint.LEFT_WRIST)), (6.0, 12.0, 25.0), 0.2),
}


def test_there_is_a_measure_for_every_fault() -> None:
    assert {*MOVED, "knee_in_right"} == set(SquatFaults.__dataclass_fields__)


@pytest.mark.parametrize("fault", MOVED)
def test_a_fault_moves_what_it_should_and_grows_with_its_size(fault: str) -> None:
    measure, sizes, least = MOVED[fault]
    for name in ("woman-55-heavy", "man-20-light"):
        body = Body.load(name)
        values = [at_bottom(body, measure, replace(SquatFaults(), **{fault: size})) for size in sizes]
        assert all(after > before for before, after in pairwise(values))
        assert values[-1] - values[0] > least


@pytest.mark.parametrize("stature_m", [None, 1.5, 1.95])
def test_a_clean_squat_is_clean_on_every_body(any_body: Body, stature_m: float | None) -> None:
    body = Body.load(any_body.name, stature_m)
    points = body.keypoints_at(squat_posture(body, 1.0))
    assert -0.15 < hips_above_knees_m(points) < -0.03
    assert abs(trunk_lean_deg(points) - shin_lean_deg(points)) < 6
    assert 25 < shin_lean_deg(points) < 38
    assert 1.1 < knee_separation_ratio(points) < 1.3
    for amount in AMOUNTS:
        assert abs(arms_forward_deg(body.keypoints_at(squat_posture(body, amount)))) < 8


def test_the_feet_stay_planted_through_a_rep(body: Body) -> None:
    faults = SquatFaults(knee_in=20.0, shift=0.08, lean_extra=15.0, toe_out=25.0)
    postures = [squat_posture(body, amount, faults) for amount in AMOUNTS]
    ankles = np.array([[posture.at(f"foot.{side}") for side in "LR"] for posture in postures])
    assert np.ptp(ankles, axis=0).max() < 1e-9
    assert np.ptp([body.feet_at(posture) for posture in postures], axis=0).max() < 0.003
    # The skin over the ankle is drawn along by the shin, so that the keypoint creeps ahead though the joint stands.
    drift = np.ptp([body.keypoints_at(posture)[Keypoint.LEFT_ANKLE] for posture in postures], axis=0)
    assert drift[0] < 0.012 and drift[1] < 0.02 and drift[2] < 0.006


def test_the_ball_of_the_foot_stays_where_it_is_when_the_heel_comes_up(body: Body) -> None:
    postures = [squat_posture(body, amount, SquatFaults(heel_lift=25.0)) for amount in AMOUNTS]
    balls = np.array([posture.at("toe3-1.L") for posture in postures])
    assert np.ptp(balls, axis=0).max() < 1e-9


def test_the_hips_go_down_evenly_all_the_way(body: Body) -> None:
    heights = [middle(body.keypoints_at(squat_posture(body, amount)), Keypoint.LEFT_HIP)[2] for amount in AMOUNTS]
    assert all(after < before for before, after in pairwise(heights))


@pytest.mark.parametrize("amount", [0.0, 0.5, 1.0])
def test_a_squat_without_a_side_is_the_same_on_both(body: Body, amount: float) -> None:
    posture = squat_posture(body, amount, SquatFaults(knee_in=8.0, arms_fwd=10.0, heel_lift=6.0))
    np.testing.assert_allclose(mirrored(body, posture), body.keypoints_at(posture), atol=0.006)


def test_one_knee_falls_in_alone() -> None:
    body = Body.load("woman-30-medium")
    clean = body.keypoints_at(squat_posture(body, 1.0))
    points = body.keypoints_at(squat_posture(body, 1.0, SquatFaults(knee_in=15.0, knee_in_right=0.0)))
    assert points[Keypoint.LEFT_KNEE, 0] < clean[Keypoint.LEFT_KNEE, 0] - 0.05
    np.testing.assert_allclose(points[Keypoint.RIGHT_KNEE], clean[Keypoint.RIGHT_KNEE], atol=1e-9)


def test_nothing_but_the_stance_and_a_little_of_arms_and_head_shows_when_standing(body: Body) -> None:
    sick = SquatFaults(knee_in=20.0, heel_lift=20.0, lean_extra=20.0, arch=20.0, shift=0.1)
    np.testing.assert_allclose(
        body.keypoints_at(squat_posture(body, 0.0, sick)), body.keypoints_at(squat_posture(body, 0.0)), atol=1e-9
    )


def test_a_bent_back_leaves_the_line_of_the_trunk_and_the_gaze_nearly_alone(body: Body) -> None:
    clean = body.keypoints_at(squat_posture(body, 1.0))
    for faults in (SquatFaults(rounding=35.0), SquatFaults(arch=25.0)):
        points = body.keypoints_at(squat_posture(body, 1.0, faults))
        assert abs(trunk_lean_deg(points) - trunk_lean_deg(clean)) < 7
        assert abs(gaze_drop_deg(points) - gaze_drop_deg(clean)) < 6
        assert abs(arms_forward_deg(points)) < 8


@pytest.mark.parametrize("arm_spread", [6.0, 12.0, 25.0])
def test_raised_arms_go_past_the_head_and_not_through_it(body: Body, arm_spread: float) -> None:
    def of(*bones: str) -> FloatArray:
        chosen = [index for index, bone in enumerate(body.rig.names) if bone.startswith(bones)]
        skin: FloatArray = upright[body.weights[:, chosen].sum(axis=1) > 0.9]
        return skin

    for amount in (0.0, 1.0):
        posture = squat_posture(body, amount, SquatFaults(arm_spread=arm_spread))
        chest = posture.rotation[body.rig.index["spine01"]]
        upright = body.skin(posture) @ chest
        head = np.abs(of("head")[:, 0]).max()
        arms = of("lowerarm", "upperarm", "wrist", "finger", "metacarpal")
        beside = arms[(arms[:, 2] > of("head")[:, 2].min()) & (arms[:, 2] < of("head")[:, 2].max())]
        assert np.abs(beside[:, 0]).min() > head


def test_the_same_squat_is_the_same_to_the_last_digit() -> None:
    body = Body.load("man-65-medium")
    faults = SquatFaults(knee_in=9.0, shift=0.02)
    first, second = (squat_posture(body, 0.63, faults) for _ in range(2))
    np.testing.assert_array_equal(first.position, second.position)
    np.testing.assert_array_equal(first.rotation, second.rotation)


def test_bones_stay_whole_and_joined_under_all_faults_at_once(body: Body) -> None:
    faults = SquatFaults(1.1, 0.3, 30.0, 20.0, -15.0, 20.0, 20.0, 20.0, 0.0, 40.0, 35.0, 0.1, 25.0)
    for amount in AMOUNTS:
        posture = squat_posture(body, amount, faults)
        for bone, parent in enumerate(body.rig.parents[1:], start=1):
            offset = posture.rotation[parent] @ (body.rig.heads[bone] - body.rig.heads[parent])
            np.testing.assert_allclose(posture.position[bone], posture.position[parent] + offset, atol=1e-9)
        spans = np.swapaxes(posture.rotation, 1, 2) @ posture.rotation
        np.testing.assert_allclose(spans, np.broadcast_to(np.eye(3), spans.shape), atol=1e-9)
