import numpy as np
import pytest

from kiosk.movement.pose import KEYPOINTS, MIRRORED, SKELETON, Keypoint, track_of
from kiosk.testing import Squatter, perform

from .scenes import seen


def test_the_keypoints_are_those_of_coco_counted_from_0() -> None:
    assert KEYPOINTS == 17
    assert (Keypoint.NOSE, Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_ANKLE) == (0, 5, 16)


def test_each_keypoint_is_the_counterpart_of_its_counterpart() -> None:
    for keypoint in Keypoint:
        other = Keypoint(MIRRORED[keypoint])
        assert MIRRORED[other] == keypoint
        assert other.name == keypoint.name.replace("LEFT", "*").replace("RIGHT", "LEFT").replace("*", "RIGHT")


def test_the_skeleton_joins_every_keypoint_to_the_rest() -> None:
    assert {keypoint for line in SKELETON for keypoint in line} == set(Keypoint)


def test_a_pose_sees_only_what_is_not_nan() -> None:
    body = Squatter().body(0.0)
    body[Keypoint.LEFT_WRIST] = np.nan
    pose = seen(body)
    assert pose.sees(Keypoint.RIGHT_WRIST, Keypoint.NOSE)
    assert not pose.sees(Keypoint.RIGHT_WRIST, Keypoint.LEFT_WRIST)
    assert pose.point(Keypoint.NOSE) == tuple(pose.xy[Keypoint.NOSE])


def test_a_part_has_both_of_its_ends() -> None:
    track = perform([Squatter()])
    part = track.part(3, 7)
    assert len(part) == 5
    assert part.t_s[0] == track.t_s[3]
    assert part.t_s[-1] == track.t_s[7]


def test_the_middle_of_a_run_forgets_a_jump_and_keeps_what_nobody_saw_unseen() -> None:
    track = perform([Squatter()]).part(0, 6)
    track.xy[2, Keypoint.NOSE] += 300
    track.xy[:, Keypoint.LEFT_EAR] = np.nan
    middle = track.middle()
    np.testing.assert_allclose(middle.xy[Keypoint.NOSE], track.xy[0, Keypoint.NOSE])
    assert np.isnan(middle.xy[Keypoint.LEFT_EAR]).all()
    assert middle.t_s == pytest.approx(0.1)


def test_poses_join_to_the_track_that_they_came_from() -> None:
    track = perform([Squatter()])
    joined = track_of([track.pose(k) for k in range(len(track))])
    np.testing.assert_array_equal(joined.xy, track.xy)
    np.testing.assert_array_equal(joined.score, track.score)
    np.testing.assert_array_equal(joined.t_s, track.t_s)


def test_no_pose_makes_no_track() -> None:
    with pytest.raises(ValueError, match="at least one pose"):
        track_of([])
