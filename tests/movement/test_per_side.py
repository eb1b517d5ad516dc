"""Exercises that are done with one side and then with the other."""

from dataclasses import replace

import numpy as np
import pytest
from kiosk_single_leg_squat import single_leg_squat

from kiosk import Exercise, Keypoint, Pass, Side, View
from kiosk.movement.detail import Detail, Details
from kiosk.movement.judge import SeenPass, judge
from kiosk.movement.passes import read_pass, read_passes
from kiosk.movement.pose import Pose
from kiosk.movement.programme import programme
from kiosk.movement.recognise import recognise, starts
from kiosk.movement.report import Finding, Source, Status
from kiosk.testing import FRONT, BothSides, JointCurves, Squatter, Support, perform

from .made import NAN, a_check, corrections
from .scenes import seen

SOURCE = Source("made", 0, 30.0, 0.0, (640, 480))
BENT, FREE = (178.0, 120.0), 95.0
ON_LEFT = JointCurves(
    Support.LEFT_LEG,
    knee_deg=BothSides(BENT, FREE),
    hip_deg=BothSides((178.0, 135.0), 165.0),
    shin_deg=(0.0, 25.0),
    shoulder_deg=35,
    elbow_deg=110,
)
ON_RIGHT = replace(
    ON_LEFT,
    support=Support.RIGHT_LEG,
    knee_deg=BothSides(FREE, BENT),
    hip_deg=BothSides(165.0, (178.0, 135.0)),
)


def test_a_mirror_image_changes_the_sides_and_the_way() -> None:
    pose = seen(ON_LEFT.body(0.5))
    mirrored = pose.mirrored()
    for joint in (Keypoint.LEFT_ANKLE, Keypoint.LEFT_WRIST):
        x, y = pose.point(joint)
        assert mirrored.point(joint + 1) == pytest.approx((640 - x, y))
    np.testing.assert_allclose(mirrored.mirrored().xy, pose.xy)
    unseen = Pose(np.full((17, 2), NAN), np.zeros(17), 0.0, (640, 480))
    assert np.isnan(unseen.mirrored().xy).all()


def test_a_mirrored_track_is_one_of_mirrored_poses() -> None:
    track = perform([ON_LEFT], FRONT)
    before = track.xy.copy()
    np.testing.assert_array_equal(track.mirrored().pose(20).xy, track.pose(20).mirrored().xy)
    np.testing.assert_array_equal(track.xy, before)


def test_details_are_mirrored_with_their_feet() -> None:
    feet = np.array([[10.0, 1.0], [20.0, 2.0], [11.0, 3.0], [21.0, 4.0]])
    detail = Detail(seen(ON_LEFT.body(0.0)), feet, 1.5, np.full((22, 2), 100.0))
    (mirrored,) = Details((detail,)).mirrored().frames
    assert mirrored.feet.tolist() == [[620, 2], [630, 1], [619, 4], [629, 3]]
    assert mirrored.back[0, 0] == 540
    assert mirrored.heel_up_deg == 1.5


def test_a_recording_of_both_legs_gives_a_pass_for_each() -> None:
    reads = read_passes(single_leg_squat, perform([ON_LEFT] * 3 + [ON_RIGHT] * 4))
    assert [(read.done_on, len(read.complete)) for read in reads] == [(Side.LEFT, 3), (Side.RIGHT, 4)]
    assert reads[0].complete[-1].end_s < reads[1].complete[0].start_s


def test_what_was_not_done_with_any_leg_is_a_pass_of_the_first() -> None:
    (read,) = read_passes(single_leg_squat, perform([Squatter(arms_up=0.0)] * 2))
    assert (read.done_on, read.complete) == (Side.LEFT, ())


def test_an_exercise_that_is_not_per_side_is_read_as_before(squat: Exercise) -> None:
    (read,) = read_passes(squat, perform([Squatter()] * 3))
    assert read.done_on is None
    assert read.shown is read.track


def test_the_right_leg_is_judged_as_the_left_one_is() -> None:
    left = read_pass(single_leg_squat, perform([ON_LEFT] * 3), Side.LEFT)
    right = read_pass(single_leg_squat, perform([ON_RIGHT] * 3), Side.RIGHT)
    np.testing.assert_allclose(left.effort, right.effort, atol=1e-6)
    np.testing.assert_allclose(right.shown.xy, left.track.xy, atol=1e-6)


def test_it_is_recognised_whichever_leg_was_done(squat: Exercise, push_up: Exercise) -> None:
    for person in (ON_LEFT, ON_RIGHT):
        found = recognise((push_up, single_leg_squat, squat), perform([person] * 3))
        assert found is not None
        assert found[0] is single_leg_squat
        assert starts(single_leg_squat, seen(person.body(0.0)))


def test_each_check_has_a_finding_for_each_side() -> None:
    reads = read_passes(single_leg_squat, perform([ON_LEFT] * 3 + [ON_RIGHT] * 3))
    report = judge(single_leg_squat, [SeenPass(read, View.FRONT) for read in reads], SOURCE, "m")
    sides = {(finding.check.slug, finding.done_on) for finding in report.findings}
    assert sides == {(check.slug, side) for check in single_leg_squat.checks for side in Side}
    assert [one.done_on for one in report.reps] == [Side.LEFT] * 3 + [Side.RIGHT] * 3
    assert "The pass from" not in " ".join(report.notes)


def test_the_notes_name_the_side() -> None:
    (read,) = read_passes(single_leg_squat, perform([ON_RIGHT] * 2))
    notes = judge(single_leg_squat, [SeenPass(read, View.FRONT, asked=5)], SOURCE, "m").notes
    assert "Only 2 complete reps from the front, on the right: a hint, no more." in notes
    assert "The pass from the front, on the right ended after 2 of 5 reps." in notes


def test_the_picture_of_the_right_leg_is_as_the_camera_saw_it() -> None:
    moving = replace(ON_RIGHT, knee_in_deg=(0.0, 18.0))
    (read,) = read_passes(single_leg_squat, perform([moving] * 3))
    report = judge(single_leg_squat, [SeenPass(read, View.FRONT)], SOURCE, "m")
    moment = next(f.moment for f in report.findings if (f.check.slug, f.done_on) == ("knee-in", Side.RIGHT))
    assert moment is not None
    # Whoever faces the camera has the own right at the left of the picture.
    assert moment.xy[Keypoint.RIGHT_KNEE, 0] < moment.xy[Keypoint.LEFT_HIP, 0]


@pytest.mark.parametrize(
    ("sides", "for_side"), [((Side.LEFT,), Side.LEFT), ((Side.RIGHT,), Side.RIGHT), (tuple(Side), None)]
)
def test_a_step_is_for_the_side_that_alone_showed_the_sign(sides: tuple[Side, ...], for_side: Side | None) -> None:
    check = a_check(corrections=corrections("activate", "integrate"))
    signs = [Finding(check, Status.SIGN, value=25.0, done_on=side) for side in sides]
    assert [(step.phase, step.done_on) for step in programme(signs)] == [
        ("activate", for_side),
        ("integrate", for_side),
    ]


def test_the_sides_of_an_exercise_are_those_of_its_passes(squat: Exercise) -> None:
    assert single_leg_squat.done_on == (Side.LEFT, Side.RIGHT)
    assert squat.done_on == (None,)
    assert replace(squat, passes=(Pass(View.FRONT, 5, "Go", side=Side.RIGHT),)).done_on == (Side.RIGHT,)


def test_a_pose_fits_an_exercise_with_whichever_side(squat: Exercise) -> None:
    for person in (ON_LEFT, ON_RIGHT):
        assert single_leg_squat.fits(seen(person.body(0.5)), 110.0)
    assert not single_leg_squat.fits(seen(Squatter().body(0.0)), 110.0)
    assert squat.fits(seen(Squatter().body(0.0)), 110.0)


def test_one_side_alone_is_read_where_it_is_named() -> None:
    track = perform([ON_LEFT] * 3 + [ON_RIGHT] * 3, FRONT)
    assert [read.done_on for read in read_passes(single_leg_squat, track)] == [Side.LEFT, Side.RIGHT]
    (only,) = read_passes(single_leg_squat, track, Side.RIGHT)
    assert (only.done_on, len(only.complete)) == (Side.RIGHT, 3)
