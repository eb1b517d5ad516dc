import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.movement import geometry
from kiosk.movement.pose import Keypoint, Point
from kiosk.testing import FRONT, REAR, SIDE, Camera, PushUpper, Squatter, perform

from .scenes import empty_track, seen

NAN = (math.nan, math.nan)
coordinates = st.floats(-1000, 1000, allow_nan=False)
points = st.tuples(coordinates, coordinates)


def at(x: float, y: float) -> Point:
    return (x, y)


def test_a_straight_line_is_180_degrees_and_a_right_angle_90() -> None:
    assert geometry.angle_deg(at(0, 0), at(1, 0), at(2, 0)) == pytest.approx(180)
    assert geometry.angle_deg(at(0, 0), at(1, 0), at(1, 5)) == pytest.approx(90)


@given(points, points, points)
def test_the_angle_does_not_depend_on_the_order_of_its_ends(a: Point, v: Point, b: Point) -> None:
    angle = geometry.angle_deg(a, v, b)
    assert 0 <= angle <= 180
    assert geometry.angle_deg(b, v, a) == pytest.approx(angle, abs=1e-6)


def test_lean_is_0_upright_and_positive_towards_the_right_of_the_picture() -> None:
    assert geometry.lean_deg(at(0, 100), at(0, 0)) == pytest.approx(0)
    assert geometry.lean_deg(at(0, 100), at(100, 0)) == pytest.approx(45)
    assert geometry.lean_deg(at(0, 100), at(-100, 0)) == pytest.approx(-45)


def test_a_vertex_below_its_line_bends_positive_whichever_way_the_line_runs() -> None:
    left, right, low, high = at(0, 0), at(200, -40), at(100, 0), at(100, -60)
    assert geometry.bend_deg(left, low, right) > 0
    assert geometry.bend_deg(right, low, left) == pytest.approx(geometry.bend_deg(left, low, right))
    assert geometry.bend_deg(left, high, right) < 0
    assert geometry.bend_deg(left, at(100, -20), right) == pytest.approx(0, abs=1e-6)


def test_a_line_that_stands_upright_has_no_below() -> None:
    assert math.isnan(geometry.bend_deg(at(5, 0), at(6, 50), at(5, 100)))


@given(st.floats(-10_000, 10_000, allow_nan=False))
def test_wrapped_angles_lie_between_minus_180_and_180(angle: float) -> None:
    wrapped = geometry.wrapped_deg(angle)
    assert -180 <= wrapped <= 180
    assert math.cos(math.radians(wrapped - angle)) == pytest.approx(1)


def test_one_side_stands_for_both_where_the_other_was_not_seen() -> None:
    assert geometry.either(at(2, 4), NAN) == (2, 4)
    assert geometry.either(NAN, at(2, 4)) == (2, 4)
    assert geometry.either(at(0, 0), at(2, 4)) == (1, 2)
    assert math.isnan(geometry.either(NAN, NAN)[0])
    assert geometry.both_sides(lambda side: 7.0 if side else math.nan) == 7.0
    assert geometry.both_sides(lambda side: math.nan if side else 5.0) == 5.0
    assert geometry.both_sides(lambda side: 5.0 + 2 * side) == 6.0
    assert math.isnan(geometry.both_sides(lambda side: math.nan))


def test_pairs_of_a_track_are_the_pairs_of_its_poses() -> None:
    track = perform([Squatter()], SIDE, noise_px=1.0)
    track.xy[3, Keypoint.LEFT_HIP] = np.nan
    track.xy[4, Keypoint.RIGHT_HIP] = np.nan
    track.xy[5, [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]] = np.nan
    of_poses = [geometry.pair(track.pose(k), Keypoint.LEFT_HIP) for k in range(len(track))]
    np.testing.assert_array_equal(geometry.pairs(track, Keypoint.LEFT_HIP), of_poses)


def test_lengths_come_out_as_the_camera_sees_them() -> None:
    pose = seen(Squatter().body(0.0), Camera(torso_px=80))
    assert geometry.torso_px(pose) == pytest.approx(80)
    assert geometry.width_px(pose, Keypoint.LEFT_SHOULDER) == pytest.approx(0.7 * 80)


def test_the_nose_tells_which_way_someone_faces() -> None:
    body = Squatter().body(0.0)
    assert geometry.facing(seen(body, SIDE)) == 1
    assert geometry.facing(seen(body, Camera(yaw_deg=-90))) == -1
    body[Keypoint.NOSE] = np.nan
    assert math.isnan(geometry.facing(seen(body, SIDE)))


def test_most_frames_decide_which_way_a_track_faces() -> None:
    track = perform([Squatter()], Camera(yaw_deg=-90))
    track.xy[:10, Keypoint.NOSE, 0] += 200
    assert not geometry.faces_right(track)
    assert geometry.faces_right(perform([Squatter()], SIDE))


def test_the_knees_tell_the_way_where_no_head_was_seen() -> None:
    for yaw, right in ((90.0, True), (-90.0, False)):
        track = perform([Squatter()] * 2, Camera(yaw_deg=yaw), rest_s=0.0, lead_s=0.1)
        track.xy[:, : Keypoint.LEFT_SHOULDER] = np.nan
        assert geometry.faces_right(track) is right


def test_a_track_of_nobody_has_a_way_too() -> None:
    assert geometry.faces_right(empty_track()) is True


def test_a_turned_track_faces_the_other_way_and_keeps_its_sides() -> None:
    track = perform([Squatter(depth=0.8)], Camera(yaw_deg=-90))
    mirrored = geometry.turned(track)
    assert geometry.faces_right(mirrored)
    np.testing.assert_allclose(geometry.turned(mirrored).xy, track.xy)
    np.testing.assert_array_equal(mirrored.xy[..., 1], track.xy[..., 1])


@pytest.mark.parametrize("camera", [FRONT, SIDE, REAR])
def test_what_was_not_seen_has_no_length(camera: Camera) -> None:
    pose = seen(np.full((17, 3), np.nan), camera)
    assert math.isnan(geometry.torso_px(pose))
    assert math.isnan(geometry.width_px(pose, Keypoint.LEFT_HIP))
    assert math.isnan(geometry.facing(pose))
    assert math.isnan(geometry.angle_deg(NAN, at(0, 0), at(1, 1)))
    assert math.isnan(geometry.lean_deg(NAN, at(0, 0)))
    assert math.isnan(geometry.bend_deg(at(0, 0), NAN, at(2, 0)))


@pytest.mark.parametrize(
    ("nose", "drop_deg"), [((20.0, 0.0), 0.0), ((20.0, 20.0), 45.0), ((0.0, 20.0), 90.0), ((20.0, -20.0), -45.0)]
)
def test_the_gaze_drops_as_the_nose_sinks_below_the_ears(nose: Point, drop_deg: float) -> None:
    track = empty_track(1)
    track.xy[0, [Keypoint.LEFT_EAR, Keypoint.RIGHT_EAR]] = (100.0, 50.0)
    track.xy[0, Keypoint.NOSE] = (100.0 + nose[0], 50.0 + nose[1])
    assert geometry.gaze_drop_deg(track.pose(0)) == pytest.approx(drop_deg)


def test_without_a_nose_there_is_no_gaze() -> None:
    track = empty_track(1)
    track.xy[0, [Keypoint.LEFT_EAR, Keypoint.RIGHT_EAR]] = (100.0, 50.0)
    assert math.isnan(geometry.gaze_drop_deg(track.pose(0)))


@pytest.mark.parametrize("right", [True, False])
def test_somebody_who_leans_on_the_hands_faces_ahead_however_far_the_head_hangs(right: bool) -> None:
    track = perform([PushUpper()], Camera(yaw_deg=90 if right else -90))
    assert geometry.faces_right(track) is right
    head = [Keypoint.NOSE, Keypoint.LEFT_EAR, Keypoint.RIGHT_EAR]
    ears = geometry.pairs(track, Keypoint.LEFT_EAR)
    track.xy[:, head] = ears[:, None]
    track.xy[:, Keypoint.NOSE] += (-2.0 if right else 2.0, 20.0)
    assert geometry.faces_right(track) is right


def test_the_nose_of_somebody_upright_tells_even_if_it_hardly_stands_out() -> None:
    track = perform([Squatter()], SIDE)
    ears = geometry.pairs(track, Keypoint.LEFT_EAR)
    for ahead in (2.0, -2.0):
        track.xy[:, Keypoint.NOSE] = ears + np.array([ahead, 3.0])
        assert geometry.faces_right(track) is (ahead > 0)


def test_the_near_side_is_the_one_whose_eye_and_ear_are_seen_better() -> None:
    track = perform([Squatter()], SIDE)
    for better, near in ((Keypoint.LEFT_EAR, 0), (Keypoint.RIGHT_EAR, 1)):
        pose = track.pose(0)
        pose.score[:] = 0.5
        pose.score[better] = 0.9
        assert geometry.near_side(pose) == near
