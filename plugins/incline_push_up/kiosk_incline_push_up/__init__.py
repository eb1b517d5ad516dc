"""The incline push-up: hands on a bar, ten push-ups seen from the side, ten from the front.

What each check looks at is here, its limits and words are in ``checks.toml``.
"""

from __future__ import annotations

import math

from kiosk import (
    Exercise,
    Keypoint,
    Pass,
    Pose,
    RepPercentile,
    RepTrace,
    SideMeasure,
    View,
    geometry,
    hookimpl,
    load_checks,
    timing,
)

#: The kiosk's interface that this was written for.
kiosk_api = "1.0"

#: From straight arms to elbows at 90 degrees the shoulders come nearer to the hands by about this many torso
#: lengths (two upper arms of 0.6 torso lengths, at a right angle); it makes effort 1 at 90 degrees.
RIGHT_ANGLE_TORSOS = 0.4
#: By this share an arm bent to 90 degrees is shorter, from shoulder to hand, than a straight one: 1 - sin(45).
RIGHT_ANGLE_SHORTENING = 0.293
#: Where an arm is bent well beyond a right angle shoulder and hand nearly meet, and the signal leaps with every shake
#: of the keypoints. From there on it counts for so much only: more depth still deepens, but no leap cuts a rep in two.
DEEP, DEEP_SHARE = -0.3, 0.1
#: Ahead of the trunk's line by so many degrees lies, from the shoulders, the nose of somebody who looks straight ahead
#: of the trunk (posed bodies: 21 to 30).
NOSE_AHEAD_DEG = 26.0
#: A face that points straight ahead of the trunk allows a tip of so much, and a share of what it points down more.
FACE_ALLOWS_DEG, FACE_SHARE = 12.0, 0.6
#: A line that breaks counts as far as it stays so for a tenth of the rep, a head or neck as it is for half of it.
A_TENTH_OF_THE_REP, MOST_OF_THE_REP = 90, 50
#: Hands that hang are at most so many shoulder widths apart, and the legs of people who stand, seen from the front, are
#: so many trunks long (MoveNet on real clips: 1.1 to 1.5, and 1.4 to 1.8).
HANGING_HANDS_APART = 1.5
STANDING_LEGS = (1.55, 1.9)


def on_hands(pose: Pose) -> bool:
    """Whether the person leans on the hands: body inclined or seen end on, hands not above the shoulders."""
    shoulders = geometry.pair(pose, Keypoint.LEFT_SHOULDER)
    hips = geometry.pair(pose, Keypoint.LEFT_HIP)
    hands = geometry.pair(pose, Keypoint.LEFT_WRIST)
    torso = geometry.distance(shoulders, hips)
    width = geometry.width_px(pose, Keypoint.LEFT_SHOULDER)
    if math.isnan(width):
        width = 0.0  # one shoulder hides the other: seen from the flank
    if not hands[1] > shoulders[1] - 0.4 * torso - 0.3 * width:
        return False
    ankles = geometry.pair(pose, Keypoint.LEFT_ANKLE)
    feet = hips if math.isnan(ankles[0]) else ankles
    inclined = abs(geometry.lean_deg(feet, shoulders)) > 15
    end_on = hips[1] - shoulders[1] < 1.2 * width
    return bool(inclined or end_on or _propped(pose))


def _propped(pose: Pose) -> bool:
    """Whether someone seen from the front or rear props the trunk on the hands instead of letting the arms hang.

    The hands are far apart, well below the shoulders, and legs that point away from the camera look short beside the
    trunk, legs that point to it long.
    """
    shoulders, hips, hands, ankles = (
        geometry.pair(pose, joint)
        for joint in (Keypoint.LEFT_SHOULDER, Keypoint.LEFT_HIP, Keypoint.LEFT_WRIST, Keypoint.LEFT_ANKLE)
    )
    trunk, legs = hips[1] - shoulders[1], ankles[1] - hips[1]
    grip = geometry.width_px(pose, Keypoint.LEFT_WRIST)
    wide = grip > HANGING_HANDS_APART * geometry.width_px(pose, Keypoint.LEFT_SHOULDER)
    pointing = legs < STANDING_LEGS[0] * trunk or legs > STANDING_LEGS[1] * trunk
    return wide and hands[1] - shoulders[1] > 0.6 * trunk and pointing


def plank_on_hands(pose: Pose) -> bool:
    """Whether the person is in the push-up's top position: on the hands, the arms straight and down."""
    shoulders = geometry.pair(pose, Keypoint.LEFT_SHOULDER)
    hands = geometry.pair(pose, Keypoint.LEFT_WRIST)
    return bool(
        on_hands(pose)
        and elbow_angle(pose, pose) > 140
        and hands[1] - shoulders[1] > 0.5 * geometry.torso_px(pose)
        and abs(geometry.lean_deg(hands, shoulders)) < 50
    )


def arms_bent(pose: Pose, torso_px: float) -> float:
    """Return how far the arms are bent, in bends to 90 degrees; NaN when not on the hands.

    The mean of two signs: the shoulders come nearer to the hands, and the arm from shoulder over elbow to hand is
    no longer straight. The first alone rises when somebody steps nearer on straight arms, the second shakes.
    """
    if not on_hands(pose):
        return math.nan

    def bent(side: int) -> float:
        shoulder, elbow, hand = (
            pose.point(first + side) for first in (Keypoint.LEFT_SHOULDER, Keypoint.LEFT_ELBOW, Keypoint.LEFT_WRIST)
        )
        reach = geometry.distance(shoulder, hand)
        arm = geometry.distance(shoulder, elbow) + geometry.distance(elbow, hand)
        if not arm > 0:
            return math.nan
        signal = ((1 - reach / arm) / RIGHT_ANGLE_SHORTENING - reach / (RIGHT_ANGLE_TORSOS * torso_px)) / 2
        return min(signal, DEEP + (signal - DEEP) * DEEP_SHARE)

    return geometry.both_sides(bent)


def elbow_angle(pose: Pose, _top: Pose) -> float:
    """Return the included elbow angle in degrees, the mean of both arms or the one that was seen."""
    return geometry.both_sides(lambda side: elbow_of_side(pose, pose, side))


def elbow_of_side(pose: Pose, _top: Pose, side: int) -> float:
    """Return the included elbow angle of one arm in degrees."""
    return geometry.angle_deg(
        pose.point(Keypoint.LEFT_SHOULDER + side),
        pose.point(Keypoint.LEFT_ELBOW + side),
        pose.point(Keypoint.LEFT_WRIST + side),
    )


def bottom_elbow(pose: Pose, top: Pose) -> float:
    """Return the included elbow angle of the arm that faces the camera, in degrees, from how near the hand it came.

    Upper arm and forearm are about equally long, so half the angle is the arcsine of the distance from shoulder to hand
    by that of the straight arm at the top. The elbow itself is hidden or points at the camera: the angle at its
    keypoint errs by 18 degrees on clean sets, this by 11 (40 rendered sets); the far arm is guessed at best.
    """
    near = geometry.near_side(top)
    for side in (near, 1 - near):
        shoulder, hand = Keypoint.LEFT_SHOULDER + side, Keypoint.LEFT_WRIST + side
        straight = geometry.distance(top.point(shoulder), top.point(hand))
        reach = geometry.distance(pose.point(shoulder), pose.point(hand))
        if straight > 0 and not math.isnan(reach):
            return 2 * math.degrees(math.asin(min(1.0, reach / straight)))
    return math.nan


def hip_drop(pose: Pose, _top: Pose) -> float:
    """Return by how many degrees the line shoulder-hip-ankle is bent: positive where the hips hang below it."""
    return geometry.bend_deg(
        geometry.pair(pose, Keypoint.LEFT_SHOULDER),
        geometry.pair(pose, Keypoint.LEFT_HIP),
        geometry.pair(pose, Keypoint.LEFT_ANKLE),
    )


def hip_rise(pose: Pose, top: Pose) -> float:
    """Return by how many degrees the line shoulder-hip-ankle is bent: positive where the hips stand above it."""
    return -hip_drop(pose, top)


def head_tip(pose: Pose, _top: Pose) -> float:
    """Return how far the head is tipped forward from the trunk's line, in degrees; 0 looks straight ahead.

    It is the direction from the shoulders to the nose: a head that drops by 30 degrees tips it by 16. Shoulders that
    are drawn up do the same, so the face must point down as well, and may bring the value down. The face alone errs
    twice as much beside what it moves by, since the far ear is guessed (75 rendered sets).
    """
    shoulders = geometry.pair(pose, Keypoint.LEFT_SHOULDER)
    trunk = geometry.lean_deg(geometry.pair(pose, Keypoint.LEFT_HIP), shoulders)
    nose = geometry.wrapped_deg(geometry.lean_deg(shoulders, pose.point(Keypoint.NOSE)) - trunk)
    face = geometry.wrapped_deg(geometry.gaze_drop_deg(pose) - trunk)
    return min(nose - NOSE_AHEAD_DEG, FACE_SHARE * face + FACE_ALLOWS_DEG)


def neck_shortening(pose: Pose, top: Pose) -> float:
    """Return by how many percent of the trunk the ears have come nearer to the shoulders since the top."""
    torso = geometry.torso_px(top)
    return 100 * (_neck(top) - _neck(pose)) / torso if torso > 0 else math.nan


def _neck(pose: Pose) -> float:
    return geometry.distance(geometry.pair(pose, Keypoint.LEFT_SHOULDER), geometry.pair(pose, Keypoint.LEFT_EAR))


def shoulder_lag(rep: RepTrace) -> float:
    """Return by how many milliseconds the right shoulder point moved later than the left."""
    left = rep.track.xy[:, Keypoint.LEFT_SHOULDER, 1]
    right = rep.track.xy[:, Keypoint.RIGHT_SHOULDER, 1]
    return 1000 * timing.lag_s(left, right, rep.track.t_s)


def shoulder_tilt(pose: Pose, top: Pose) -> float:
    """Return how much lower the left shoulder is than at the top, in shoulder widths; negative: the right one."""
    return _tilt(pose, top) - _tilt(top, top)


def _tilt(pose: Pose, top: Pose) -> float:
    width = geometry.width_px(top, Keypoint.LEFT_SHOULDER)
    drop = pose.point(Keypoint.LEFT_SHOULDER)[1] - pose.point(Keypoint.RIGHT_SHOULDER)[1]
    return float(drop / width) if width > 0 else math.nan


def elbow_flare(pose: Pose, top: Pose) -> float:
    """Return how far the upper arms stand off sideways, in degrees: 0 along the trunk, 90 straight out.

    Seen from the front or rear the elbow's sideways offset is what shows: its share of the upper arm's length is
    the sine of the angle.
    """

    def stands_off(side: int) -> float:
        shoulder, elbow = Keypoint.LEFT_SHOULDER + side, Keypoint.LEFT_ELBOW + side
        # A picture only ever shortens an arm, so the longer of the two is nearer to the truth.
        arm = max(geometry.distance(of.point(shoulder), of.point(elbow)) for of in (top, pose))
        offset = abs(float(pose.point(elbow)[0] - pose.point(shoulder)[0]))
        return math.degrees(math.asin(min(1.0, offset / arm))) if arm > 0 and offset >= 0 else math.nan

    return geometry.both_sides(stands_off)


incline_push_up = Exercise(
    slug="incline-push-up",
    title="Incline push-up",
    passes=(
        Pass(View.SIDE, reps=10, ask="Ten push-ups, side to the camera"),
        Pass(View.FRONT, reps=10, ask="Rest, then ten facing the camera"),
    ),
    start=plank_on_hands,
    start_ask="Hands on the bar, body straight",
    effort=arms_bent,
    planted=(Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST),
    least_range=0.28,
    shortest_s=0.3,
    coached=True,
    sides=(SideMeasure("Elbow angle at the bottom", "deg", elbow_of_side),),
    checks=load_checks(
        __package__,
        {
            "head-drops": RepPercentile(head_tip, MOST_OF_THE_REP),
            "shallow-depth": bottom_elbow,
            "hips-sag": RepPercentile(hip_drop, A_TENTH_OF_THE_REP),
            "hips-pike": RepPercentile(hip_rise, A_TENTH_OF_THE_REP),
            "no-lockout": elbow_angle,
            "shoulders-shrug": RepPercentile(neck_shortening, MOST_OF_THE_REP),
            "shoulders-out-of-step": shoulder_lag,
            "uneven-push": shoulder_tilt,
            "elbows-flare": elbow_flare,
        },
    ),
)


@hookimpl
def kiosk_register_exercises() -> list[Exercise]:
    """Give the kiosk this exercise."""
    return [incline_push_up]
