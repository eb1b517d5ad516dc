"""Cutting a person out of a frame, and finding the way back."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.movement.pose import Keypoint, Pose
from kiosk.testing import FRONT, SIDE, Squatter
from kiosk.vision.camera import Image
from kiosk.vision.close_up import LONGEST_PX, REACH, after, back_again, close_up, moved


def somebody(down: float = 0.0, scale: float = 1.0) -> Pose:
    xy = FRONT.see(Squatter().body(down)) * scale
    return Pose(xy, np.ones(17), 0.5, (round(640 * scale), round(480 * scale)))


def dotted(pose: Pose) -> Image:
    """Black, with a white spot around each keypoint."""
    width, height = pose.size_px
    image = np.zeros((height, width, 3), np.uint8)
    for x, y in pose.xy:
        image[max(0, round(y) - 2) : round(y) + 3, max(0, round(x) - 2) : round(x) + 3] = 255
    return image


@pytest.mark.parametrize("scale", [1.0, 3.0])
@pytest.mark.parametrize("down", [0.0, 1.0])
def test_every_keypoint_is_in_it_and_the_warp_says_where(down: float, scale: float) -> None:
    pose = somebody(down, scale)
    shown = close_up(dotted(pose), pose)
    assert shown is not None
    for x, y in moved(pose.xy, shown.warp):
        assert shown.image[round(y), round(x)].min() > 60


def test_a_large_picture_is_made_smaller() -> None:
    large, small = somebody(scale=3.0), somebody()
    assert max(_shown(large).shape[:2]) == LONGEST_PX
    assert 400 < max(_shown(small).shape[:2]) <= LONGEST_PX
    assert _shown(large).nbytes <= 3 * LONGEST_PX**2


def _shown(pose: Pose) -> Image:
    shown = close_up(dotted(pose), pose)
    assert shown is not None
    return shown.image


def test_it_is_a_copy_because_cameras_write_into_the_same_picture_again() -> None:
    pose = somebody()
    image = dotted(pose)
    shown = close_up(image, pose)
    assert shown is not None
    before = shown.image.copy()
    image[:] = 77
    assert np.array_equal(shown.image, before)


def test_the_square_reaches_beyond_hands_and_feet() -> None:
    pose = somebody()
    shown = close_up(dotted(pose), pose)
    assert shown is not None
    hips = (pose.xy[Keypoint.LEFT_HIP] + pose.xy[Keypoint.RIGHT_HIP]) / 2
    assert shown.reach_px == pytest.approx(REACH * np.linalg.norm(pose.xy - hips, axis=1).max())


@pytest.mark.parametrize("joint", [Keypoint.LEFT_SHOULDER, Keypoint.LEFT_HIP, Keypoint.LEFT_KNEE, Keypoint.LEFT_ANKLE])
def test_without_trunk_or_legs_there_is_nothing_to_place_a_model_by(joint: Keypoint) -> None:
    pose = somebody()
    xy = pose.xy.copy()
    xy[[joint, joint + 1]] = math.nan
    assert close_up(dotted(pose), replace(pose, xy=xy)) is None
    xy = pose.xy.copy()
    xy[joint] = math.nan
    assert close_up(dotted(pose), replace(pose, xy=xy)) is not None, "one side is enough"


def test_somebody_outside_the_picture_cannot_be_cut_out() -> None:
    pose = somebody()
    assert close_up(dotted(pose), replace(pose, xy=pose.xy + 5000)) is None


def test_somebody_at_the_edge_is_cut_off_there() -> None:
    pose = replace(somebody(), xy=SIDE.see(Squatter().body(0.0)) - (250, 0))
    shown = close_up(np.zeros((480, 640, 3), np.uint8), pose)
    assert shown is not None
    assert shown.image.shape[1] < 480


@given(st.floats(0.2, 4), st.floats(-3, 3), st.floats(-200, 200), st.floats(-200, 200))
def test_a_warp_and_its_way_back_cancel(scale: float, turn: float, x: float, y: float) -> None:
    warp = np.array(
        [[scale * math.cos(turn), -scale * math.sin(turn), x], [scale * math.sin(turn), scale * math.cos(turn), y]]
    )
    points = np.array([[3.0, 4.0], [-50.0, 70.0]])
    np.testing.assert_allclose(moved(moved(points, warp), back_again(warp)), points, atol=1e-6)
    np.testing.assert_allclose(after(back_again(warp), warp), [[1, 0, 0], [0, 1, 0]], atol=1e-6)
