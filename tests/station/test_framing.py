"""What a person in front of the camera is asked to change."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.movement.pose import KEYPOINTS, Keypoint, Pose
from kiosk.movement.view import View
from kiosk.station.framing import person_there, turn_ask, what_to_change

from .visits import SIZE_PX, STANDING, Camera, PushUpper, Squatter, nobody


def seen_by(camera: Camera, person: Squatter | PushUpper = STANDING) -> Pose:
    """The pose as a camera gives it: what lies outside the picture is not seen."""
    xy = camera.see(person.body(0.0))
    width, height = camera.size_px
    outside = (xy < 0).any(axis=1) | (xy[:, 0] > width) | (xy[:, 1] > height)
    return Pose(np.where(outside[:, None], np.nan, xy), np.where(outside, 0.0, 0.9), 0.0, camera.size_px)


def without(pose: Pose, *keypoints: int) -> Pose:
    xy = pose.xy.copy()
    xy[list(keypoints)] = math.nan
    return replace(pose, xy=xy)


def test_an_empty_picture_invites() -> None:
    assert what_to_change(nobody()) == "Step in front of the camera"


def test_someone_of_a_good_size_in_the_middle_is_fine() -> None:
    assert what_to_change(seen_by(Camera())) is None


def test_someone_with_the_arms_up_at_the_same_place_is_fine() -> None:
    assert what_to_change(seen_by(Camera(), Squatter())) is None


def test_someone_on_the_bar_is_fine() -> None:
    assert what_to_change(seen_by(Camera(yaw_deg=90.0, at_px=(190.0, 440.0)), PushUpper())) is None


@pytest.mark.parametrize(("torso_px", "floor_px"), [(150.0, 478.0), (200.0, 620.0), (300.0, 900.0)])
def test_someone_too_near_is_asked_to_step_back(torso_px: float, floor_px: float) -> None:
    asked = what_to_change(seen_by(Camera(torso_px=torso_px, at_px=(320.0, floor_px))))
    assert asked is not None
    assert asked.startswith("Step back")


def test_someone_whose_feet_are_cut_off_is_asked_to_show_the_whole_body() -> None:
    asked = what_to_change(seen_by(Camera(torso_px=130.0, at_px=(320.0, 600.0))))
    assert asked == "Step back: show your whole body"


def test_someone_far_away_is_asked_to_come_closer() -> None:
    assert what_to_change(seen_by(Camera(torso_px=40.0, at_px=(320.0, 300.0)))) == "Come a little closer"


@pytest.mark.parametrize("x", [90.0, 560.0])
def test_someone_at_the_edge_is_asked_to_the_middle(x: float) -> None:
    assert what_to_change(seen_by(Camera(at_px=(x, 440.0)))) == "Move to the middle"


def test_someone_whose_hands_leave_the_picture_is_asked_back() -> None:
    pose = seen_by(Camera(torso_px=115.3, at_px=(320.0, 440.0)), Squatter())
    assert what_to_change(pose) == "Step back a little"


def test_one_shoulder_and_one_hip_are_somebody() -> None:
    pose = seen_by(Camera())
    everything_else = set(range(KEYPOINTS)) - {Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_HIP}
    assert person_there(without(pose, *everything_else))


@pytest.mark.parametrize("left", [Keypoint.LEFT_SHOULDER, Keypoint.LEFT_HIP])
def test_without_shoulders_or_without_hips_nobody_is_there(left: int) -> None:
    assert not person_there(without(seen_by(Camera()), left, left + 1))


def test_a_hidden_far_leg_needs_no_change() -> None:
    side = seen_by(Camera(yaw_deg=90.0))
    assert what_to_change(without(side, Keypoint.RIGHT_KNEE, Keypoint.RIGHT_ANKLE, Keypoint.RIGHT_HIP)) is None


def test_hidden_legs_need_one() -> None:
    legs = (Keypoint.LEFT_KNEE, Keypoint.RIGHT_KNEE, Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE)
    assert what_to_change(without(seen_by(Camera()), *legs)) == "Step back: show your whole body"


@given(
    st.floats(10, 600),
    st.tuples(st.floats(-200, 900), st.floats(-200, 900)),
    st.floats(-180, 180),
    st.sets(st.integers(0, KEYPOINTS - 1)),
)
def test_whatever_is_asked_takes_at_most_seven_words(
    torso_px: float, at_px: tuple[float, float], yaw_deg: float, hidden: set[int]
) -> None:
    pose = without(seen_by(Camera(yaw_deg, torso_px, at_px, SIZE_PX)), *hidden)
    asked = what_to_change(pose)
    assert asked is None or 1 <= len(asked.split()) <= 7
    assert person_there(pose) or asked == "Step in front of the camera"


@given(st.floats(0.5, 4.0))
def test_what_is_asked_does_not_depend_on_the_size_of_the_picture(factor: float) -> None:
    size_px = (round(640 * factor), round(480 * factor))
    scale = size_px[0] / 640
    for torso_px, x in ((110.0, 320.0), (40.0, 320.0), (110.0, 90.0)):
        small = what_to_change(seen_by(Camera(0.0, torso_px, (x, 440.0), SIZE_PX)))
        large = what_to_change(seen_by(Camera(0.0, torso_px * scale, (x * scale, 440.0 * scale), size_px)))
        assert large == small


@pytest.mark.parametrize("view", list(View))
def test_each_view_is_asked_for_in_few_words_of_its_own(view: View) -> None:
    assert 1 <= len(turn_ask(view).split()) <= 7
    assert len({turn_ask(other) for other in View}) == len(View)
