from itertools import pairwise

import numpy as np
import pytest

from kiosk.movement.pose import Keypoint
from tests.people.body import Body, Posture
from tests.people.measured import elbow_deg, middle, mirrored, trunk_lean_deg, width_m
from tests.people.squat import SquatFaults, squat_posture
from tests.people.walking import GROUNDED, bending_posture, standing_posture, stride_m, walking_posture

PHASES = np.linspace(0.0, 1.0, 20, endpoint=False)


def lowest_m(body: Body, posture: Posture) -> float:
    return float(body.skin(posture)[np.unique(body.faces[body.group == 0]), 2].min())


def test_hanging_arms_end_below_the_hips_and_raised_ones_above_the_head(body: Body) -> None:
    hanging, raised = (body.keypoints_at(standing_posture(body, arms)) for arms in (0.0, 1.0))
    assert middle(hanging, Keypoint.LEFT_WRIST)[2] < middle(hanging, Keypoint.LEFT_HIP)[2] + 0.05
    assert middle(raised, Keypoint.LEFT_WRIST)[2] > raised[Keypoint.NOSE, 2] + 0.15
    for points in (hanging, raised):
        assert min(elbow_deg(points, 0), elbow_deg(points, 1)) > 150


def test_arms_go_up_all_the_way_and_to_no_side_through_the_body(body: Body) -> None:
    heights, widths = [], []
    for arms in np.linspace(0.0, 1.0, 21):
        points = body.keypoints_at(standing_posture(body, arms))
        heights.append(middle(points, Keypoint.LEFT_WRIST)[2])
        widths.append(width_m(points, Keypoint.LEFT_WRIST))
    assert all(after > before for before, after in pairwise(heights))
    assert max(after - before for before, after in pairwise(heights)) < 0.12
    assert min(widths) > 0.3


def test_standing_with_raised_arms_is_the_top_of_the_squat(body: Body) -> None:
    faults = SquatFaults(stance=0.4, arms_fwd=20.0, arm_spread=18.0)
    np.testing.assert_allclose(
        body.keypoints_at(standing_posture(body, 1.0, faults)),
        body.keypoints_at(squat_posture(body, 0.0, faults)),
        atol=0.002,
    )


def test_both_feet_are_on_the_floor_when_standing(body: Body) -> None:
    assert lowest_m(body, standing_posture(body)) == pytest.approx(0.0, abs=0.004)


def test_a_foot_on_the_ground_does_not_slide_when_placed_a_stride_on_per_phase(body: Body) -> None:
    flat = [phase for phase in PHASES if 0.1 <= phase < GROUNDED]
    postures = [walking_posture(body, phase).placed(0.0, -phase * stride_m(body)) for phase in flat]
    assert np.ptp([posture.at("toe3-1.L") for posture in postures], axis=0).max() < 0.001
    landed = [walking_posture(body, phase).placed(0.0, -phase * stride_m(body)) for phase in (0.0, 0.03, 0.06, 0.09)]
    assert np.ptp([body.feet_at(posture)[2] for posture in landed], axis=0).max() < 0.02


def test_the_feet_neither_sink_nor_float(body: Body) -> None:
    for phase in PHASES[::2]:
        assert -0.02 < lowest_m(body, walking_posture(body, phase)) < 0.015


def test_legs_and_arms_swing_against_each_other(body: Body) -> None:
    points = body.keypoints_at(walking_posture(body, 0.0))  # the left heel lands, ahead is -y
    assert points[Keypoint.LEFT_ANKLE, 1] < points[Keypoint.RIGHT_ANKLE, 1] - 0.35
    assert points[Keypoint.LEFT_WRIST, 1] > points[Keypoint.RIGHT_WRIST, 1] + 0.15


def test_the_second_step_mirrors_the_first_and_a_stride_later_all_is_the_same(body: Body) -> None:
    for phase in (0.0, 0.2, 0.43):
        second = body.keypoints_at(walking_posture(body, phase + 0.5))
        np.testing.assert_allclose(mirrored(body, walking_posture(body, phase)), second, atol=0.006)
        np.testing.assert_allclose(
            body.keypoints_at(walking_posture(body, phase + 1.0)),
            body.keypoints_at(walking_posture(body, phase)),
            atol=1e-9,
        )


def test_walking_is_smooth(body: Body) -> None:
    phases = np.linspace(0.0, 1.0, 51)
    tracks = np.array([body.keypoints_at(walking_posture(body, phase)) for phase in phases])
    assert np.abs(np.diff(tracks, axis=0)).max() < 0.09  # in a fiftieth of a stride


def test_one_can_walk_with_the_arms_up() -> None:
    body = Body.load("man-30-medium")
    for phase in PHASES:
        points = body.keypoints_at(walking_posture(body, phase, arms=1.0))
        assert middle(points, Keypoint.LEFT_WRIST)[2] > points[Keypoint.NOSE, 2] + 0.15


def test_bending_goes_to_the_floor_over_legs_that_stay_straight(body: Body) -> None:
    leans, hands = [], []
    for amount in (0.0, 0.3, 0.6, 1.0):
        posture = bending_posture(body, amount)
        points = body.keypoints_at(posture)
        leans.append(trunk_lean_deg(points))
        hands.append(middle(points, Keypoint.LEFT_WRIST)[2])
        assert middle(points, Keypoint.LEFT_HIP)[2] > 1.6 * middle(points, Keypoint.LEFT_KNEE)[2]
        np.testing.assert_allclose(posture.at("foot.L"), bending_posture(body, 0.0).at("foot.L"), atol=1e-9)
    assert all(after > before for before, after in pairwise(leans))
    assert all(after < before for before, after in pairwise(hands))
    assert leans[-1] > 85 and hands[-1] < 0.3
