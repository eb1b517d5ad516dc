"""The figures come out as their knobs say: tests of exercises are worth no more than that."""

import math

import numpy as np
import pytest

from kiosk import Keypoint, geometry
from kiosk.movement.pose import MIRRORED, Pose
from kiosk.testing import FRONT, REAR, SIDE, Body, Camera, PushUpper, Squatter, Walker, perform, record


def seen(body: Body, camera: Camera) -> Pose:
    return Pose(camera.see(body), np.ones(17), 0.0, camera.size_px)


@pytest.mark.parametrize("body", [Squatter().body(0.0), Squatter().body(0.7), PushUpper().body(0.4)])
def test_a_figure_is_the_same_on_both_sides(body: Body) -> None:
    np.testing.assert_allclose(body[list(MIRRORED)] * (1, 1, -1), body, atol=1e-12)


@pytest.mark.parametrize("person", [Squatter(), PushUpper(), PushUpper(incline_deg=20)])
def test_bones_keep_their_length_on_the_way_down(person: Squatter | PushUpper) -> None:
    bones = [(5, 11), (11, 13), (13, 15), (5, 7), (7, 9)]
    lengths = [
        [float(np.linalg.norm(person.body(down, down)[a] - person.body(down, down)[b])) for a, b in bones]
        for down in (0.0, 0.5, 1.0)
    ]
    np.testing.assert_allclose(lengths[1], lengths[0], rtol=0.02)
    np.testing.assert_allclose(lengths[2], lengths[0], rtol=0.02)


def test_the_left_of_someone_who_faces_the_camera_is_on_the_right_of_the_picture() -> None:
    body = Squatter().body(0.0)
    for camera, left_is_right in ((FRONT, True), (REAR, False)):
        pose = seen(body, camera)
        assert (pose.point(Keypoint.LEFT_HIP)[0] > pose.point(Keypoint.RIGHT_HIP)[0]) is left_is_right
    assert geometry.facing(seen(body, SIDE)) == 1


def test_the_knobs_of_a_squat_are_exact() -> None:
    pose = seen(Squatter(knees_ratio=0.8).body(1.0), FRONT)
    ratio = geometry.width_px(pose, Keypoint.LEFT_KNEE) / geometry.width_px(pose, Keypoint.LEFT_ANKLE)
    assert ratio == pytest.approx(0.8)
    pose = seen(Squatter(depth=1.0, lean_deg=20, arms_deg=30).body(1.0), SIDE)
    hip, knee = geometry.pair(pose, Keypoint.LEFT_HIP), geometry.pair(pose, Keypoint.LEFT_KNEE)
    shoulder, wrist = geometry.pair(pose, Keypoint.LEFT_SHOULDER), geometry.pair(pose, Keypoint.LEFT_WRIST)
    assert hip[1] == pytest.approx(knee[1])
    assert geometry.lean_deg(hip, shoulder) == pytest.approx(30 + 20)
    assert geometry.lean_deg(shoulder, wrist) == pytest.approx(30 + 20 + 30)


@pytest.mark.parametrize("elbow_deg", [75.0, 90.0, 110.0])
@pytest.mark.parametrize("incline_deg", [15.0, 45.0])
def test_the_elbows_of_a_push_up_are_exact_at_both_ends(elbow_deg: float, incline_deg: float) -> None:
    person = PushUpper(elbow_deg=elbow_deg, top_elbow_deg=165, incline_deg=incline_deg)
    for down, angle in ((0.0, 165.0), (1.0, elbow_deg)):
        pose = seen(person.body(down), SIDE)
        arm = [pose.point(k) for k in (Keypoint.LEFT_SHOULDER, Keypoint.LEFT_ELBOW, Keypoint.LEFT_WRIST)]
        assert geometry.angle_deg(*arm) == pytest.approx(angle, abs=0.1)


def test_hands_and_feet_of_a_push_up_stay_where_they_are() -> None:
    person = PushUpper(sag_deg=15, tilt=0.2, flare_deg=40)
    for keypoint in (Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST, Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE):
        np.testing.assert_allclose(person.body(1.0)[keypoint], person.body(0.0)[keypoint], atol=1e-9)


@pytest.mark.parametrize("sag_deg", [-25.0, -10.0, 10.0, 25.0])
def test_a_sag_is_the_bend_at_the_hips(sag_deg: float) -> None:
    pose = seen(PushUpper(sag_deg=sag_deg).body(1.0), SIDE)
    line = [geometry.pair(pose, k) for k in (Keypoint.LEFT_SHOULDER, Keypoint.LEFT_HIP, Keypoint.LEFT_ANKLE)]
    assert geometry.bend_deg(*line) == pytest.approx(sag_deg, abs=0.8)


def test_a_lag_lets_the_right_side_come_later() -> None:
    track = perform([PushUpper(lag_s=0.2)], FRONT)
    shoulders = track.xy[:, [Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER], 1]
    np.testing.assert_allclose(shoulders[6:, 1], shoulders[:-6, 0], atol=1e-6)


@pytest.mark.parametrize("fps", [10.0, 24.0, 60.0])
def test_a_set_lasts_as_long_as_it_should_at_any_rate(fps: float) -> None:
    track = perform([Squatter()] * 3, rep_s=2.0, pause_s=0.5, rest_s=0.5, lead_s=1.0, fps=fps)
    assert track.t_s[-1] == pytest.approx(11.0, abs=1 / fps)
    assert np.diff(track.t_s) == pytest.approx(1 / fps)
    hips = track.xy[:, Keypoint.LEFT_HIP, 1]
    np.testing.assert_allclose(hips[[0, -1]], hips.min())


def test_each_rep_is_done_by_its_own_person() -> None:
    track = perform([Squatter(depth=0.5), Squatter(depth=1.0)], rep_s=2.0, pause_s=0.0, rest_s=1.0)
    hips = track.xy[:, Keypoint.LEFT_HIP, 1]
    assert hips[: round(4.0 * 30)].max() < hips[round(4.0 * 30) :].max()


def test_noise_is_the_same_for_the_same_seed_and_as_large_as_asked() -> None:
    clean, one, same, other = (
        perform([Squatter()], noise_px=noise, seed=seed).xy for noise, seed in ((0, 1), (2.0, 1), (2.0, 1), (2.0, 2))
    )
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)
    assert (one - clean).std() == pytest.approx(2.0, rel=0.05)


def test_a_walker_goes_as_far_as_the_speed_says() -> None:
    track = record(Walker(speed=2.0).body, 3.0, SIDE)
    went = track.xy[-1, Keypoint.NOSE, 0] - track.xy[0, Keypoint.NOSE, 0]
    assert went == pytest.approx(2.0 * 3.0 * SIDE.torso_px)


def test_what_a_body_lacks_was_not_seen() -> None:
    def half(_t_s: float) -> Body:
        body = Squatter().body(0.0)
        body[Keypoint.LEFT_KNEE :] = math.nan
        return body

    track = record(half, 0.2)
    assert track.score[0, Keypoint.LEFT_KNEE] == 0
    assert track.score[0, Keypoint.NOSE] > 0.3
