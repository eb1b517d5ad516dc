from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from kiosk.movement.pose import FloatArray, Keypoint
from tests.people.body import Body
from tests.people.measured import elbow_deg, gaze_drop_deg, hip_bend_deg, middle, mirrored, width_m
from tests.people.push_up import PushUpFaults, PushUpStation, push_up_posture

AMOUNTS = (0.0, 0.2, 0.5, 0.8, 1.0)
Measure = Callable[[FloatArray], float]


def points_at(body: Body, left: float, right: float, faults: PushUpFaults | None = None) -> FloatArray:
    """The keypoints of a push-up on the station of its clean counterpart."""
    faults = faults or PushUpFaults()
    return body.keypoints_at(push_up_posture(body, PushUpStation.of(body, faults), left, right, faults))


def left_over_right_m(points: FloatArray) -> float:
    return float(points[Keypoint.LEFT_SHOULDER, 2] - points[Keypoint.RIGHT_SHOULDER, 2])


def shoulders_aside_m(points: FloatArray) -> float:
    return float(middle(points, Keypoint.LEFT_SHOULDER)[0] - middle(points, Keypoint.LEFT_WRIST)[0])


def ears_over_shoulders_m(points: FloatArray) -> float:
    return float(np.linalg.norm(middle(points, Keypoint.LEFT_EAR) - middle(points, Keypoint.LEFT_SHOULDER)))


def elbow_width(points: FloatArray) -> float:
    return width_m(points, Keypoint.LEFT_ELBOW) / width_m(points, Keypoint.LEFT_SHOULDER)


#: What each fault moves, at which amount, from smallest to largest, and how much at least from one end to the other.
MOVED: dict[str, tuple[Measure, float, tuple[float, ...], float]] = {
    "depth": (lambda points: -elbow_deg(points, 0), 1.0, (0.4, 0.6, 0.8, 1.0), 50.0),
    "bar_h": (lambda points: float(middle(points, Keypoint.LEFT_SHOULDER)[2]), 0.0, (0.35, 0.62, 0.8, 0.95), 0.35),
    "grip": (lambda points: width_m(points, Keypoint.LEFT_WRIST), 0.5, (0.5, 0.62, 0.75), 0.2),
    "flare": (elbow_width, 1.0, (10.0, 30.0, 45.0, 60.0, 80.0), 0.7),
    "sag": (hip_bend_deg, 0.5, (-25.0, -12.0, 0.0, 10.0, 20.0, 25.0), 45.0),
    "head_drop": (gaze_drop_deg, 0.5, (0.0, 10.0, 20.0, 35.0), 33.0),
    "shift": (shoulders_aside_m, 1.0, (-0.08, -0.03, 0.0, 0.03, 0.08), 0.14),
    "roll": (left_over_right_m, 1.0, (-15.0, -6.0, 0.0, 6.0, 15.0), 0.07),
    "feet": (lambda points: width_m(points, Keypoint.LEFT_ANKLE), 0.5, (0.1, 0.14, 0.3), 0.18),
    "shrug": (lambda points: -ears_over_shoulders_m(points), 0.5, (0.0, 8.0, 16.0, 25.0), 0.025),
    "lockout": (lambda points: -elbow_deg(points, 0), 0.0, (0.0, 10.0, 20.0, 30.0), 22.0),
}


def test_there_is_a_measure_for_every_fault() -> None:
    assert set(MOVED) == set(PushUpFaults.__dataclass_fields__)


@pytest.mark.parametrize("fault", MOVED)
def test_a_fault_moves_what_it_should_and_grows_with_its_size(fault: str) -> None:
    measure, amount, sizes, least = MOVED[fault]
    for name in ("woman-35-heavy", "man-20-light"):
        body = Body.load(name)
        values = [measure(points_at(body, amount, amount, replace(PushUpFaults(), **{fault: size}))) for size in sizes]
        assert all(after > before for before, after in pairwise(values))
        assert values[-1] - values[0] > least


@pytest.mark.parametrize("stature_m", [None, 1.5, 1.95])
def test_a_clean_push_up_goes_from_straight_elbows_to_a_right_angle(any_body: Body, stature_m: float | None) -> None:
    body = Body.load(any_body.name, stature_m)
    top, bottom = points_at(body, 0.0, 0.0), points_at(body, 1.0, 1.0)
    for side in (0, 1):
        assert elbow_deg(top, side) >= 168
        assert 70 < elbow_deg(bottom, side) <= 90
    for points in (top, bottom):
        assert abs(hip_bend_deg(points)) < 5


@pytest.mark.parametrize("bar_h", [0.4, 0.9])
def test_elbows_are_straight_at_the_top_whatever_the_bar_and_the_hips(bar_h: float) -> None:
    for name in ("woman-65-light", "man-45-heavy"):
        for sag in (-20.0, 0.0, 20.0):
            points = points_at(Body.load(name), 0.0, 0.0, PushUpFaults(bar_h=bar_h, sag=sag))
            assert min(elbow_deg(points, 0), elbow_deg(points, 1)) >= 165


def test_elbows_bend_evenly_with_the_amount(body: Body) -> None:
    angles = [elbow_deg(points_at(body, amount, amount), 0) for amount in AMOUNTS]
    bend_per_amount = -np.diff(angles) / np.diff(AMOUNTS)
    np.testing.assert_allclose(bend_per_amount, bend_per_amount.mean(), rtol=0.2)


@pytest.mark.parametrize(
    "faults",
    [
        PushUpFaults(),
        PushUpFaults(roll=15.0),
        PushUpFaults(shift=0.08, shrug=20.0),
        PushUpFaults(sag=-25.0, flare=80.0),
        PushUpFaults(sag=25.0, flare=15.0, lockout=20.0),
    ],
)
def test_hands_and_feet_stay_planted_through_a_rep_with_a_side_that_lags(faults: PushUpFaults) -> None:
    for name in ("woman-20-light", "man-60-heavy"):
        body = Body.load(name)
        station = PushUpStation.of(body, faults)
        amounts = [(0.0, 0.0), (0.3, 0.0), (0.6, 0.35), (1.0, 0.75), (1.0, 1.0), (0.7, 0.95), (0.0, 0.2)]
        postures = [push_up_posture(body, station, left, right, faults) for left, right in amounts]
        for bone in ("wrist.L", "wrist.R", "toe3-1.L", "toe3-1.R"):
            assert np.ptp([posture.at(bone) for posture in postures], axis=0).max() < 0.005
        wrists = np.mean([[posture.at("wrist.L"), posture.at("wrist.R")] for posture in postures], axis=0)
        assert wrists[0, 0] - wrists[1, 0] == pytest.approx(station.grip_m, abs=0.005)
        assert wrists[:, 2] == pytest.approx(station.bar_h_m + 0.08, abs=0.005)


@pytest.mark.parametrize("amount", AMOUNTS)
def test_a_push_up_without_a_side_is_the_same_on_both(body: Body, amount: float) -> None:
    faults = PushUpFaults(sag=6.0, shrug=8.0)
    posture = push_up_posture(body, PushUpStation.of(body, faults), amount, amount, faults)
    np.testing.assert_allclose(mirrored(body, posture), body.keypoints_at(posture), atol=0.006)


@pytest.mark.parametrize(("left", "right"), [(0.5, 0.3), (0.2, 0.6), (0.95, 0.7), (0.0, 0.15)])
def test_each_shoulder_is_as_high_as_its_own_amount_takes_it(body: Body, left: float, right: float) -> None:
    points = points_at(body, left, right)
    for joint, amount in ((Keypoint.LEFT_SHOULDER, left), (Keypoint.RIGHT_SHOULDER, right)):
        assert points[joint, 2] == pytest.approx(points_at(body, amount, amount)[joint, 2], abs=0.006)


def test_a_side_that_lags_mirrors_the_other_side_lagging() -> None:
    body = Body.load("man-30-medium")
    station = PushUpStation.of(body)
    np.testing.assert_allclose(
        mirrored(body, push_up_posture(body, station, 0.6, 0.4)),
        body.keypoints_at(push_up_posture(body, station, 0.4, 0.6)),
        atol=0.006,
    )


def test_a_roll_is_there_all_through_the_rep_and_the_left_shoulder_is_the_higher() -> None:
    body = Body.load("woman-45-medium")
    for amount in AMOUNTS:
        assert left_over_right_m(points_at(body, amount, amount, PushUpFaults(roll=12.0))) > 0.025


def test_the_station_stands_ahead_of_the_feet_and_closer_when_it_is_higher(body: Body) -> None:
    stations = [PushUpStation.of(body, PushUpFaults(bar_h=height)) for height in (0.4, 0.6, 0.8)]
    assert all(station.bar_y_m < -0.5 for station in stations)
    assert stations[0].bar_y_m < stations[1].bar_y_m < stations[2].bar_y_m
    assert stations[0].slope_deg < stations[1].slope_deg < stations[2].slope_deg
    assert [station.bar_h_m for station in stations] == [0.4, 0.6, 0.8]


def test_faults_do_not_move_the_station() -> None:
    body = Body.load("woman-30-light")
    assert PushUpStation.of(body, PushUpFaults(sag=20.0, roll=10.0, shift=0.05)) == PushUpStation.of(body)


def test_a_bar_too_high_to_lean_on_is_refused() -> None:
    with pytest.raises(ValueError, match=r"woman-65-light cannot do push-ups on a bar 1\.6 m high"):
        PushUpStation.of(Body.load("woman-65-light"), PushUpFaults(bar_h=1.6))


def test_the_same_push_up_is_the_same_to_the_last_digit() -> None:
    body = Body.load("man-55-medium")
    station, faults = PushUpStation.of(body), PushUpFaults(sag=7.0)
    first, second = (push_up_posture(body, station, 0.4, 0.3, faults) for _ in range(2))
    np.testing.assert_array_equal(first.position, second.position)
    np.testing.assert_array_equal(first.rotation, second.rotation)
