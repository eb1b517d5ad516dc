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
from kiosk.station.framing import Ask, hands_cut_off, hardly_seen, person_there, turn_ask, what_to_change

from .visits import SIZE_PX, STANDING, Camera, PushUpper, Squatter, nobody


def seen_by(camera: Camera, person: Squatter | PushUpper = STANDING) -> Pose:
    """The pose as a camera gives it: what lies outside the picture is not seen."""
    xy = camera.see(person.body(0.0))
    width, height = camera.size_px
    outside = (xy < 0).any(axis=1) | (xy[:, 0] > width) | (xy[:, 1] > height)
    return Pose(np.where(outside[:, None], np.nan, xy), np.where(outside, 0.0, 0.9), 0.0, camera.size_px)


def asked_of(pose: Pose, *, dark: bool = False, loose: bool = False) -> tuple[str | None, str] | None:
    """The code and the sentence."""
    ask = what_to_change(pose, dark=dark, loose=loose)
    return None if ask is None else (ask.hint, ask.says)


def with_scores(pose: Pose, score: float, *keypoints: int) -> Pose:
    scores = pose.score.copy()
    scores[list(keypoints)] = score
    return replace(pose, score=scores)


def without(pose: Pose, *keypoints: int) -> Pose:
    xy = pose.xy.copy()
    xy[list(keypoints)] = math.nan
    return replace(pose, xy=xy)


def test_an_empty_picture_invites() -> None:
    assert asked_of(nobody()) == ("nobody", "Step in front of the camera")


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
    assert asked.hint == "too-near"
    assert asked.says.startswith("Step back")


def test_someone_whose_feet_are_cut_off_is_asked_to_show_the_whole_body() -> None:
    asked = asked_of(seen_by(Camera(torso_px=130.0, at_px=(320.0, 600.0))))
    assert asked == ("too-near", "Step back: show your whole body")


def test_someone_far_away_is_asked_to_come_closer() -> None:
    assert asked_of(seen_by(Camera(torso_px=40.0, at_px=(320.0, 300.0)))) == ("too-far", "Come a little closer")


@pytest.mark.parametrize(("x", "hint"), [(90.0, "left"), (560.0, "right")])
def test_someone_at_the_edge_who_faces_the_camera_is_sent_to_their_own_left_or_right(x: float, hint: str) -> None:
    """The left edge of the camera's picture is the right one of the mirror: from there the middle is at their left."""
    pose = seen_by(Camera(at_px=(x, 440.0)))
    assert asked_of(pose) == (hint, f"Step to your {hint}")
    middle = pose.size_px[0] / 2
    to_their_left = pose.points[Keypoint.LEFT_SHOULDER][0] - pose.points[Keypoint.RIGHT_SHOULDER][0]
    assert (to_their_left * (middle - x) > 0) == (hint == "left")


@pytest.mark.parametrize("yaw_deg", [90.0, 180.0])
def test_someone_who_does_not_face_the_camera_is_asked_to_the_middle_with_the_arrow_of_the_mirror(
    yaw_deg: float,
) -> None:
    assert asked_of(seen_by(Camera(yaw_deg=yaw_deg, at_px=(90.0, 440.0)))) == ("left", "Move to the middle")


def test_someone_whose_hands_leave_the_picture_is_asked_to_show_them() -> None:
    pose = seen_by(Camera(torso_px=115.3, at_px=(320.0, 440.0)), Squatter())
    assert asked_of(pose) == ("arms", "Step back: show your hands")


def test_hands_that_the_picture_has_no_room_for_are_cut_off_also_where_the_model_sees_none() -> None:
    pose = seen_by(Camera(torso_px=118.0, at_px=(320.0, 440.0)), Squatter())
    assert hands_cut_off(without(pose, Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST))


def test_hands_that_are_not_seen_below_the_edge_are_not_cut_off() -> None:
    low = seen_by(Camera(torso_px=80.0), Squatter())
    assert not hands_cut_off(without(low, Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST))
    assert not hands_cut_off(without(seen_by(Camera()), Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST))
    assert not hands_cut_off(nobody())


DARK_SAYS, NOBODY_SAYS = "Too dark to see: more light, please", "Step in front of the camera"
LEGS = tuple(range(Keypoint.LEFT_HIP, Keypoint.RIGHT_ANKLE + 1))


def test_legs_with_low_scores_are_blamed_on_clothes_only_after_some_time_and_in_the_light() -> None:
    pose = with_scores(seen_by(Camera()), 0.32, *LEGS)
    assert hardly_seen(pose)
    assert asked_of(pose) is None
    assert asked_of(pose, loose=True) == ("loose", "Tuck in or roll up loose clothes")
    assert asked_of(pose, dark=True) == ("dark", "Too dark to see: more light, please")


def test_legs_that_cannot_be_in_the_picture_are_not_hidden_by_clothes() -> None:
    pose = seen_by(Camera(torso_px=130.0, at_px=(320.0, 600.0)))
    assert not hardly_seen(with_scores(pose, 0.1, *LEGS))
    assert asked_of(with_scores(pose, 0.1, *LEGS), loose=True) == ("too-near", "Step back: show your whole body")


def test_a_leg_behind_the_other_hides_nothing() -> None:
    far = (Keypoint.RIGHT_HIP, Keypoint.RIGHT_KNEE, Keypoint.RIGHT_ANKLE)
    assert not hardly_seen(with_scores(seen_by(Camera(yaw_deg=90.0)), 0.1, *far))


def test_darkness_is_to_blame_only_for_what_is_not_seen() -> None:
    assert asked_of(nobody(), dark=True) == ("dark", "Too dark to see: more light, please")
    assert asked_of(seen_by(Camera()), dark=True) is None
    far = seen_by(Camera(torso_px=40.0, at_px=(320.0, 300.0)))
    assert asked_of(far, dark=True) == ("too-far", "Come a little closer")


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
    assert asked_of(without(seen_by(Camera()), *legs)) == ("too-near", "Step back: show your whole body")


@given(
    st.floats(10, 600),
    st.tuples(st.floats(-200, 900), st.floats(-200, 900)),
    st.floats(-180, 180),
    st.sets(st.integers(0, KEYPOINTS - 1)),
    st.booleans(),
    st.booleans(),
)
def test_whatever_is_asked_takes_at_most_seven_words(
    torso_px: float, at_px: tuple[float, float], yaw_deg: float, hidden: set[int], dark: bool, loose: bool
) -> None:
    pose = without(seen_by(Camera(yaw_deg, torso_px, at_px, SIZE_PX)), *hidden)
    asked = what_to_change(pose, dark=dark, loose=loose)
    assert asked is None or 1 <= len(asked.says.split()) <= 7
    assert person_there(pose) or asked == (Ask("dark", DARK_SAYS) if dark else Ask("nobody", NOBODY_SAYS))


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
    assert 1 <= len(turn_ask(view).says.split()) <= 7
    assert turn_ask(view).hint == view.value
    assert len({turn_ask(other) for other in View}) == len(View)
