"""People said by the curves of their joints come out as the curves say."""

import math
from dataclasses import replace

import numpy as np
import pytest

from kiosk import Keypoint, geometry
from kiosk.movement.pose import MIRRORED, Pose
from kiosk.testing import (
    FLOOR_SIDE,
    FRONT,
    SIDE,
    Body,
    BothSides,
    Build,
    Camera,
    JointCurves,
    Squatter,
    Support,
    hold,
    perform,
)

LEFT_HIP, LEFT_KNEE, LEFT_ANKLE = Keypoint.LEFT_HIP, Keypoint.LEFT_KNEE, Keypoint.LEFT_ANKLE
LEFT_SHOULDER, LEFT_ELBOW, LEFT_WRIST = Keypoint.LEFT_SHOULDER, Keypoint.LEFT_ELBOW, Keypoint.LEFT_WRIST
SQUAT = JointCurves(knee_deg=(178, 80), hip_deg=(178, 70), shin_deg=(0, 30), shoulder_deg=170, elbow_deg=160)
PUSH_UP = JointCurves(Support.HANDS, shoulder_deg=70, elbow_deg=(172, 85), bar=0.8)
PLANK = JointCurves(Support.FOREARMS, shoulder_deg=80, hip_deg=(180, 195))
ONE_LEG = JointCurves(Support.LEFT_LEG, knee_deg=BothSides((178, 120), 90), shin_deg=(0, 25))
KNEELING = JointCurves(Support.KNEES, knee_deg=90)
PEOPLE = {"squat": SQUAT, "push-up": PUSH_UP, "plank": PLANK, "one leg": ONE_LEG, "kneeling": KNEELING}
BUILDS = [Build(), Build(thigh=1.0, shin=0.7, upper_arm=0.7, forearm=0.55, neck=0.3)]


def seen(body: Body, camera: Camera) -> Pose:
    return Pose(camera.see(body), np.ones(17), 0.0, camera.size_px)


def angle(pose: Pose, *joints: int) -> float:
    return geometry.angle_deg(*(pose.point(joint) for joint in joints))


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_the_angles_seen_from_the_side_are_those_of_the_curves(share: float) -> None:
    pose = seen(SQUAT.body(share), SIDE)
    assert angle(pose, LEFT_HIP, LEFT_KNEE, LEFT_ANKLE) == pytest.approx(178 - 98 * share)
    assert angle(pose, LEFT_SHOULDER, LEFT_HIP, LEFT_KNEE) == pytest.approx(178 - 108 * share)
    assert geometry.lean_deg(pose.point(LEFT_ANKLE), pose.point(LEFT_KNEE)) == pytest.approx(30 * share)
    assert angle(pose, LEFT_HIP, LEFT_SHOULDER, LEFT_ELBOW) == pytest.approx(170)
    assert angle(pose, LEFT_SHOULDER, LEFT_ELBOW, LEFT_WRIST) == pytest.approx(160)


@pytest.mark.parametrize("build", BUILDS)
@pytest.mark.parametrize("name", PEOPLE)
def test_bones_keep_their_length_whatever_is_done(name: str, build: Build) -> None:
    bones = {(5, 7): build.upper_arm, (7, 9): build.forearm, (11, 13): build.thigh, (13, 15): build.shin}
    for share in (0.0, 0.5, 1.0):
        body = replace(PEOPLE[name], build=build).body(share)
        assert np.hypot(*(body[5] - body[11])[:2]) == pytest.approx(1.0)
        for (a, b), length in bones.items():
            for side in (0, 1):
                assert np.hypot(*(body[a + side] - body[b + side])[:2]) == pytest.approx(length)


@pytest.mark.parametrize("name", [name for name in PEOPLE if name != "one leg"])
def test_who_moves_alike_on_both_sides_is_the_same_on_both(name: str) -> None:
    body = PEOPLE[name].body(0.7)
    np.testing.assert_allclose(body[list(MIRRORED)] * (1, 1, -1), body, atol=1e-12)


def test_hands_stay_where_they_are_and_elbows_bend_back() -> None:
    bodies = [PUSH_UP.body(share) for share in (0.0, 0.5, 1.0)]
    for body in bodies:
        np.testing.assert_allclose(body[LEFT_WRIST], bodies[0][LEFT_WRIST], atol=1e-9)
        assert body[LEFT_WRIST, 1] == pytest.approx(0.8)
        assert body[LEFT_ANKLE, 1] == 0
    bottom = seen(bodies[2], FLOOR_SIDE)
    assert angle(bottom, LEFT_SHOULDER, LEFT_ELBOW, LEFT_WRIST) == pytest.approx(85)
    assert bodies[2][LEFT_ELBOW, 0] < bodies[2][LEFT_WRIST, 0]
    assert bodies[2][LEFT_SHOULDER, 1] < bodies[0][LEFT_SHOULDER, 1]


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_forearms_lie_on_the_floor_while_the_hips_sag(share: float) -> None:
    body = PLANK.body(share)
    assert body[[LEFT_ELBOW, LEFT_WRIST], 1] == pytest.approx([0, 0], abs=1e-9)
    pose = seen(body, FLOOR_SIDE)
    hip = geometry.bend_deg(pose.point(LEFT_SHOULDER), pose.point(LEFT_HIP), pose.point(LEFT_KNEE))
    assert hip == pytest.approx(15 * share, abs=1e-6)


def test_who_kneels_has_shins_on_the_floor_and_an_upright_thigh() -> None:
    body = KNEELING.body(0.0)
    assert body[[LEFT_ANKLE, LEFT_KNEE], 1] == pytest.approx([0, 0])
    assert body[LEFT_HIP, 0] == pytest.approx(body[LEFT_KNEE, 0])


def test_the_other_leg_hangs_from_the_pelvis() -> None:
    body = ONE_LEG.body(1.0)
    assert body[LEFT_ANKLE, 1] == 0
    assert body[LEFT_ANKLE + 1, 1] > 0.2
    pose = seen(body, SIDE)
    assert angle(pose, LEFT_HIP + 1, LEFT_KNEE + 1, LEFT_ANKLE + 1) == pytest.approx(90)
    assert angle(pose, LEFT_HIP, LEFT_KNEE, LEFT_ANKLE) == pytest.approx(120)


def test_the_right_leg_is_the_mirror_image_of_the_left() -> None:
    left = replace(ONE_LEG, knee_in_deg=(0, 12), trunk_side_deg=(0, 9), pelvis_drop_deg=(0, 7))
    right = replace(left, support=Support.RIGHT_LEG, knee_deg=BothSides(90, (178, 120)))
    np.testing.assert_allclose(right.body(0.8)[list(MIRRORED)] * (1, 1, -1), left.body(0.8), atol=1e-12)


@pytest.mark.parametrize("inward", [-12.0, 0.0, 5.0, 18.0])
def test_what_bends_sideways_is_seen_from_the_front(inward: float) -> None:
    person = replace(ONE_LEG, knee_in_deg=(0, inward), trunk_side_deg=(0, 11), pelvis_drop_deg=(0, 6))
    pose = seen(person.body(1.0), FRONT)
    hip, knee, ankle = (pose.point(joint) for joint in (LEFT_HIP, LEFT_KNEE, LEFT_ANKLE))
    assert 180 - geometry.angle_deg(hip, knee, ankle) == pytest.approx(abs(inward), abs=0.6)
    on_line = hip[0] + (ankle[0] - hip[0]) * (knee[1] - hip[1]) / (ankle[1] - hip[1])
    assert inward == 0 or (knee[0] < on_line) is (inward > 0)
    other = pose.point(LEFT_HIP + 1)
    assert math.degrees(math.atan2(other[1] - hip[1], hip[0] - other[0])) == pytest.approx(6)
    trunk = geometry.lean_deg(geometry.pair(pose, LEFT_HIP), geometry.pair(pose, LEFT_SHOULDER))
    assert trunk == pytest.approx(11)


def test_a_curve_is_a_number_a_pair_or_a_function() -> None:
    for curve in (30.0, (10.0, 50.0), lambda share: 60 * share):
        pose = seen(JointCurves(shin_deg=curve).body(0.5), SIDE)
        assert geometry.lean_deg(pose.point(LEFT_ANKLE), pose.point(LEFT_KNEE)) == pytest.approx(30)


def test_sides_may_go_ways_of_their_own() -> None:
    person = JointCurves(elbow_deg=BothSides(170, (170, 60)), lag_s=0.1)
    pose = seen(person.body(0.0, 1.0), SIDE)
    assert angle(pose, LEFT_SHOULDER, LEFT_ELBOW, LEFT_WRIST) == pytest.approx(170)
    assert angle(pose, LEFT_SHOULDER + 1, LEFT_ELBOW + 1, LEFT_WRIST + 1) == pytest.approx(60)


def test_they_perform_reps_as_others_do() -> None:
    track = perform([SQUAT] * 2, SIDE, rep_s=2.0, rest_s=0.5, pause_s=0.0, lead_s=1.0)
    heights = track.xy[:, LEFT_HIP, 1]
    assert int(np.argmax(heights)) in (60, 135)
    assert len(track) == round(30 * 7.0) + 1


def test_a_hold_is_held_between_two_rests() -> None:
    track = hold(PLANK, 10.0, resting=KNEELING, lead_s=1.0)
    assert len(track) == 12 * 30 + 1
    knee = [angle(track.pose(k), LEFT_HIP, LEFT_KNEE, LEFT_ANKLE) for k in (10, 60, 300, 350)]
    assert knee == pytest.approx([90, 178, 178, 90])
    alone = hold(PLANK, 10.0, lead_s=1.0)
    assert np.isnan(alone.xy[10]).all()
    assert alone.score[10].tolist() == [0.0] * 17


def test_the_floor_camera_sees_all_of_whoever_lies() -> None:
    for person in (PLANK, PUSH_UP, KNEELING):
        xy = FLOOR_SIDE.see(person.body(0.0))
        assert (xy > 0).all()
        assert (xy < FLOOR_SIDE.size_px).all()


def test_a_squat_by_curves_is_the_squatter_s() -> None:
    curves = JointCurves(knee_deg=(180, 60), hip_deg=(180, 60), shin_deg=(0, 30), stance=0.6)
    joints = [LEFT_HIP, LEFT_KNEE, LEFT_ANKLE, LEFT_SHOULDER]
    np.testing.assert_allclose(curves.body(1.0)[joints, :2], Squatter().body(1.0)[joints, :2], atol=1e-9)
