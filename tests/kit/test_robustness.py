"""Degraded copies: each does what its name says, and the same each time."""

import math

import numpy as np
import pytest

from kiosk.kit.checking import replayed
from kiosk.kit.robustness import (
    BODY_SCALE,
    DEGRADATIONS,
    LIMB_SCALE,
    NOISE_TORSOS,
    TITLES,
    at_fps,
    degraded,
    turned_by,
    with_body,
    without_far_limbs,
)
from kiosk.movement.pose import Keypoint, PoseTrack
from kiosk.movement.view import View
from kiosk.testing import FRONT, SIDE, Camera, PushUpper, Squatter, perform

from .sets import CLEAN, golden, late_knees, squat

SQUATS = perform([CLEAN] * 3, FRONT)
FROM_THE_SIDE = perform([CLEAN] * 3, SIDE)


def test_every_degradation_has_a_title() -> None:
    assert list(TITLES) == list(DEGRADATIONS)


@pytest.mark.parametrize("name", DEGRADATIONS)
@pytest.mark.parametrize("view", [View.FRONT, View.SIDE])
def test_a_copy_is_the_same_each_time_and_the_recording_stays(name: str, view: View) -> None:
    one = golden([CLEAN] * 2, view=view)
    before = one.track.xy.copy()
    first, again = degraded(one, name), degraded(one, name)
    np.testing.assert_array_equal(one.track.xy, before)
    if first is None or again is None:
        assert name == "far-limbs-missing"
        assert view is View.FRONT
    else:
        np.testing.assert_array_equal(first.track.xy, again.track.xy)
        assert first.track.xy.shape != before.shape or not np.array_equal(first.track.xy, before, equal_nan=True)


@pytest.mark.parametrize("name", [name for name in DEGRADATIONS if name != "far-limbs-missing"])
def test_clean_squats_with_late_knees_stand_every_degradation(name: str) -> None:
    copy = degraded(late_knees(), name)
    assert copy is not None
    one = replayed(copy, squat())
    assert one.is_exact
    assert [line.slug for line in one.lines if line.is_hit] == ["knees-in"]


@pytest.mark.parametrize("fps", [10.0, 15.0])
def test_a_slower_camera_gives_fewer_frames_of_the_same_time(fps: float) -> None:
    slower = at_fps(fps)(SQUATS, View.FRONT)
    assert slower is not None
    assert len(slower) == pytest.approx(len(SQUATS) * fps / 30, abs=1)
    assert np.diff(slower.t_s) == pytest.approx(1 / fps, abs=0.001)
    np.testing.assert_array_equal(slower.xy[0], SQUATS.xy[0])


def test_a_camera_that_is_slow_already_gives_no_copy() -> None:
    assert at_fps(15)(perform([CLEAN], FRONT, fps=12), View.FRONT) is None


def test_noise_is_a_share_of_the_torso_whatever_the_size() -> None:
    for torso_px in (60.0, 200.0):
        track = perform([CLEAN] * 3, Camera(torso_px=torso_px, at_px=(600.0, 900.0), size_px=(1280, 960)))
        shaken = DEGRADATIONS["noise"](track, View.FRONT)
        assert shaken is not None
        assert np.std(shaken.xy - track.xy) == pytest.approx(NOISE_TORSOS * torso_px, rel=0.1)


@pytest.mark.parametrize(("yaw_deg", "far"), [(90.0, "LEFT"), (-90.0, "RIGHT")])
def test_the_far_limbs_are_those_that_the_body_hides(yaw_deg: float, far: str) -> None:
    track = without_far_limbs(perform([CLEAN] * 2, Camera(yaw_deg=yaw_deg)), View.SIDE)
    assert track is not None
    gone = {Keypoint(k).name for k in range(17) if np.isnan(track.xy[:, k]).all()}
    assert gone == {f"{far}_{limb}" for limb in ("ELBOW", "WRIST", "KNEE", "ANKLE")}
    assert not track.score[:, Keypoint[f"{far}_KNEE"]].any()


def test_the_scores_of_eyes_and_ears_tell_the_near_side_before_the_direction_does() -> None:
    track = perform([CLEAN] * 2, SIDE)
    track.score[:, [Keypoint.RIGHT_EYE, Keypoint.RIGHT_EAR]] = 0.3
    cut = without_far_limbs(track, View.SIDE)
    assert cut is not None
    assert np.isnan(cut.xy[:, Keypoint.RIGHT_ANKLE]).all()


def test_in_the_mirror_a_shift_to_the_left_goes_to_the_right() -> None:
    shifting = golden([Squatter(shift=0.25)] * 5, signs=("weight-shift",))
    copy = degraded(shifting, "mirrored")
    assert copy is not None
    sides = [
        next(line.found.side for line in replayed(one, squat()).lines if line.slug == "weight-shift")
        for one in (shifting, copy)
    ]
    assert sides[0] != sides[1]
    assert None not in sides


def across(track: PoseTrack) -> np.ndarray:
    """Return x of all keypoints from the middle of the hips."""
    x = track.xy[..., 0]
    return np.asarray(x - x[:, [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]].mean(axis=1, keepdims=True))


@pytest.mark.parametrize("person", [Squatter(), Squatter(knees_ratio=0.7), Squatter(lean_deg=20)])
@pytest.mark.parametrize(
    ("yaw_deg", "view"), [(0.0, View.FRONT), (180.0, View.REAR), (90.0, View.SIDE), (-90.0, View.SIDE)]
)
@pytest.mark.parametrize("turn_deg", [10.0, -10.0])
def test_a_guessed_turn_gives_back_most_of_what_a_true_one_changes(
    person: Squatter, yaw_deg: float, view: View, turn_deg: float
) -> None:
    straight, turned = (
        perform([person] * 3, Camera(yaw_deg=yaw), noise_px=0.5) for yaw in (yaw_deg, yaw_deg + turn_deg)
    )
    guessed = turned_by(turn_deg)(straight, view)
    assert guessed is not None
    change = np.sqrt(np.mean((across(straight) - across(turned)) ** 2))
    left = np.sqrt(np.mean((across(guessed) - across(turned)) ** 2))
    assert left < 0.4 * change


def test_no_turn_changes_nothing() -> None:
    same = turned_by(0.0)(FROM_THE_SIDE, View.SIDE)
    assert same is not None
    np.testing.assert_allclose(same.xy, FROM_THE_SIDE.xy)


def test_another_body_has_longer_limbs_and_the_same_trunk() -> None:
    other = with_body(BODY_SCALE, LIMB_SCALE)(FROM_THE_SIDE, View.SIDE)
    assert other is not None

    def bone(track: PoseTrack, a: Keypoint, b: Keypoint) -> float:
        return float(np.hypot(*(track.xy[0, a] - track.xy[0, b])))

    for a, b, longer in (
        (Keypoint.LEFT_KNEE, Keypoint.LEFT_ANKLE, LIMB_SCALE),
        (Keypoint.LEFT_HIP, Keypoint.LEFT_KNEE, LIMB_SCALE),
        (Keypoint.LEFT_ELBOW, Keypoint.LEFT_WRIST, LIMB_SCALE),
        (Keypoint.LEFT_SHOULDER, Keypoint.LEFT_HIP, 1.0),
        (Keypoint.NOSE, Keypoint.LEFT_EAR, 1.0),
        (Keypoint.LEFT_EAR, Keypoint.LEFT_SHOULDER, 1.0),
    ):
        assert bone(other, a, b) / bone(FROM_THE_SIDE, a, b) == pytest.approx(BODY_SCALE * longer, rel=0.01), a.name


@pytest.mark.parametrize("name", DEGRADATIONS)
def test_what_was_not_seen_stays_unseen_and_nobody_is_no_error(name: str) -> None:
    track = perform([PushUpper()] * 2, SIDE)
    track.xy[:, Keypoint.LEFT_WRIST] = math.nan
    copy = DEGRADATIONS[name](track, View.SIDE)
    assert copy is not None
    gone = np.isnan(copy.xy).all(axis=(0, 2))
    assert gone[Keypoint.RIGHT_WRIST if name == "mirrored" else Keypoint.LEFT_WRIST]
    empty = PoseTrack(np.full_like(track.xy, math.nan), np.zeros_like(track.score), track.t_s, track.size_px)
    blind = DEGRADATIONS[name](empty, View.SIDE)
    assert blind is not None
    assert np.isnan(blind.xy).all()
