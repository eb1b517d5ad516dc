import itertools
import math

import numpy as np
import pytest

from kiosk.movement.pose import Keypoint
from kiosk.movement.view import View, ViewTracker, named_view, openness, view_of
from kiosk.testing import FRONT, REAR, SIDE, Camera, PushUpper, Squatter, perform

from .scenes import empty_track, pose_of, seen

STANDING = Squatter().body(0.0)


@pytest.mark.parametrize(
    ("yaw_deg", "view"),
    [
        (0, View.FRONT),
        (20, View.FRONT),
        (-20, View.FRONT),
        (180, View.REAR),
        (160, View.REAR),
        (90, View.SIDE),
        (-90, View.SIDE),
        (75, View.SIDE),
        (-105, View.SIDE),
    ],
)
@pytest.mark.parametrize("torso_px", [40.0, 110.0, 200.0])
def test_the_view_is_told_at_any_size(yaw_deg: float, view: View, torso_px: float) -> None:
    track = perform([Squatter()] * 2, Camera(yaw_deg, torso_px), noise_px=torso_px / 60)
    assert view_of(track) is view


@pytest.mark.parametrize(("camera", "view"), [(FRONT, View.FRONT), (SIDE, View.SIDE), (REAR, View.REAR)])
def test_the_view_of_a_push_up_is_told_too(camera: Camera, view: View) -> None:
    assert view_of(perform([PushUpper()] * 2, camera, noise_px=1.0)) is view


def test_openness_falls_from_1_face_to_face_to_minus_1_from_behind() -> None:
    values = [openness(seen(STANDING, Camera(yaw_deg=yaw))) for yaw in range(0, 181, 15)]
    assert values[0] == pytest.approx(1, abs=0.05)
    assert values[-1] == pytest.approx(-1, abs=0.05)
    assert all(after <= before + 1e-9 for before, after in itertools.pairwise(values))


def test_a_head_turned_to_the_camera_does_not_make_a_flank_a_front() -> None:
    body = STANDING.copy()
    pose = seen(body, SIDE)
    xy = pose.xy.copy()
    xy[Keypoint.NOSE] = (xy[Keypoint.LEFT_EAR] + xy[Keypoint.RIGHT_EAR]) / 2
    assert named_view(openness(pose_of(xy)), None) is View.SIDE


@pytest.mark.parametrize("before", list(View))
def test_between_two_views_it_stays_what_it_was(before: View) -> None:
    assert named_view(0.62, before) is before
    assert named_view(-0.62, before) is before
    assert named_view(0.62, None) is None
    assert named_view(0.5, before) is View.SIDE
    assert named_view(0.75, before) is View.FRONT
    assert named_view(-0.75, before) is View.REAR


def test_only_a_clear_turn_changes_the_view_and_it_takes_a_moment() -> None:
    tracker = ViewTracker()
    t_s = 0.0

    def watch(yaw_deg: float, seconds: float) -> list[View | None]:
        nonlocal t_s
        views = []
        for _ in range(round(seconds * 30)):
            views.append(tracker.update(seen(STANDING, Camera(yaw_deg=yaw_deg), t_s)))
            t_s += 1 / 30
        return views

    assert set(watch(0, 1)) == {View.FRONT}
    assert set(watch(90, 2 / 30)) == {View.FRONT}, "two frames turn nobody"
    assert watch(90, 2)[-1] is View.SIDE
    assert watch(0, 2)[-1] is View.FRONT
    askew = watch(38, 3)
    assert len(set(askew)) == 1, "someone who stands between two views does not flicker"


def test_a_view_is_kept_while_nobody_is_seen_and_forgotten_on_reset() -> None:
    tracker = ViewTracker()
    assert tracker.update(pose_of(np.full((17, 2), np.nan))) is None
    tracker.update(seen(STANDING, FRONT, 1.0))
    assert tracker.update(pose_of(np.full((17, 2), np.nan), 1.1)) is View.FRONT
    tracker.reset()
    assert tracker.update(pose_of(np.full((17, 2), np.nan), 1.2)) is None


def test_after_a_long_absence_the_first_pose_counts_at_once() -> None:
    tracker = ViewTracker()
    tracker.update(seen(STANDING, FRONT, 0.0))
    assert tracker.update(seen(STANDING, SIDE, 60.0)) is View.SIDE


def test_without_shoulders_or_hips_there_is_no_view() -> None:
    body = STANDING.copy()
    body[Keypoint.LEFT_HIP] = np.nan
    assert math.isnan(openness(seen(body)))
    assert math.isnan(openness(pose_of(np.full((17, 2), 50.0))))
    assert view_of(empty_track()) is None


def test_a_track_that_hardly_shows_the_trunk_has_no_view() -> None:
    track = perform([Squatter()] * 2, FRONT)
    track.xy[: int(0.95 * len(track)), Keypoint.LEFT_HIP] = np.nan
    assert view_of(track) is None
