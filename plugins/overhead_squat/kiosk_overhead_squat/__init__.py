"""The overhead squat assessment: arms up, five squats seen from the front, five from the side.

What each check looks at is here, its limits and words are in ``checks.toml``.
"""

from __future__ import annotations

import math
from statistics import median

from kiosk import Detail, Exercise, Keypoint, Pass, Pose, SideMeasure, View, detail, geometry, hookimpl, load_checks

#: The kiosk's interface that this was written for.
kiosk_api = "1.0"

#: A squat to parallel lowers the hips by about a trunk: a thigh of 0.43 m, and 0.06 m since the shin leans by 30
#: degrees, on a trunk of 0.5 m. It makes effort 1 at parallel.
PARALLEL_DROP_TORSOS = 1.0
#: Whoever stands has the shoulders over the feet within this; with an excessive lean they come 30 degrees ahead.
OVER_FEET_DEG = 38.0
#: At the bottom people who look ahead face up from the trunk's line by about so much (rendered and captured squats).
LOOKING_AHEAD_DEG = 10.0
#: How much of what the knees go sideways is added to the hips, to free them of what a turned camera adds, and how much
#: of a true shift the knees take part in. On posed bodies hips seem to go by 0.43 and knees by -0.52 of the sine of the
#: camera's turn, but as MoveNet sees the same bodies by 0.10 and -0.54 (32 rendered sets, up to 15 degrees).
KNEES_SHARE = 0.3
KNEES_GO_ALONG = 0.92


def arms_overhead(pose: Pose) -> bool:
    """Whether the person stands upright with both hands above the head, as far as the hands are seen."""
    torso = geometry.torso_px(pose)
    hands = geometry.pair(pose, Keypoint.LEFT_WRIST)[1]
    elbows = geometry.pair(pose, Keypoint.LEFT_ELBOW)[1]
    nose = geometry.pair(pose, Keypoint.LEFT_EAR)[1]
    hips = geometry.pair(pose, Keypoint.LEFT_HIP)[1]
    ankles = geometry.pair(pose, Keypoint.LEFT_ANKLE)[1]
    elbows_low = elbows > nose + 0.1 * torso  # not so where they are hidden
    return bool(nose - hands > 0.15 * torso and not elbows_low and ankles - hips > 0.9 * torso)


def hip_drop(pose: Pose, torso_px: float) -> float:
    """Return how low the hips are over the ankles, in squats to parallel.

    NaN when not standing over the feet, or bent over straight legs as if to pick something up.
    """
    hips = geometry.pair(pose, Keypoint.LEFT_HIP)
    ankles = geometry.pair(pose, Keypoint.LEFT_ANKLE)
    shoulders = geometry.pair(pose, Keypoint.LEFT_SHOULDER)
    height = ankles[1] - hips[1]
    over_feet = abs(geometry.lean_deg(ankles, shoulders)) < OVER_FEET_DEG
    knees = geometry.pair(pose, Keypoint.LEFT_KNEE)
    bent_over = abs(trunk_lean(pose)) > 60 and knees[1] - hips[1] > 0.6 * torso_px
    if bent_over or not (over_feet and height > 0.15 * torso_px):
        return math.nan
    return float(-height / (PARALLEL_DROP_TORSOS * torso_px))


def knee_separation_ratio(pose: Pose, top: Pose) -> float:
    """Return how far apart the knees are, in ankle widths: below 1 they are inside the feet.

    The ankles are taken at the top: the feet are planted, and there they are seen with less shaking (AUC 0.89
    against 0.87 with the ankles of the same moment, on the captured squats).
    """
    ankles = geometry.width_px(top, Keypoint.LEFT_ANKLE)
    return geometry.width_px(pose, Keypoint.LEFT_KNEE) / ankles if ankles > 0 else math.nan


def knee_outside(pose: Pose, top: Pose, side: int) -> float:
    """Return how far one knee is outside its ankle, in shin lengths; inside is negative. Seen from the front."""
    knee, ankle = pose.point(Keypoint.LEFT_KNEE + side), pose.point(Keypoint.LEFT_ANKLE + side)
    shin = geometry.distance(top.point(Keypoint.LEFT_KNEE + side), top.point(Keypoint.LEFT_ANKLE + side))
    outwards = 1 if side == 0 else -1
    return float(outwards * (knee[0] - ankle[0]) / shin) if shin > 0 else math.nan


def weight_shift(pose: Pose, top: Pose) -> float:
    """Return how far the hips went sideways over the feet since the top, in ankle widths, to the own left positive.

    Someone who stands a little askew seems to shift, because the hips go back: 15 degrees look like 0.15 to 0.19.
    The knees go forward meanwhile, so a sum of both is free of that; one knee that falls in would spoil it, and the
    shoulders, which stay over the feet, are spoilt by a lean. Hence the median of hips, that sum, and shoulders.
    """
    hips, knees, shoulders = (
        _sideways(pose, joint) - _sideways(top, joint)
        for joint in (Keypoint.LEFT_HIP, Keypoint.LEFT_KNEE, Keypoint.LEFT_SHOULDER)
    )
    freed = (hips + KNEES_SHARE * knees) / (1 + KNEES_SHARE * KNEES_GO_ALONG)
    return math.nan if math.isnan(hips + knees + shoulders) else median((hips, freed, shoulders))


def _sideways(pose: Pose, joint: Keypoint) -> float:
    """Return how far the middle of a joint and its counterpart is from the middle of the ankles, in ankle widths."""
    middle = geometry.middle(pose.point(joint), pose.point(joint + 1))
    left, right = pose.point(Keypoint.LEFT_ANKLE)[0], pose.point(Keypoint.RIGHT_ANKLE)[0]
    return float((middle[0] - (left + right) / 2) / (left - right)) if left != right else math.nan


def trunk_lean(pose: Pose) -> float:
    """Return how far the trunk leans forward from the vertical, in degrees."""
    return geometry.lean_deg(geometry.pair(pose, Keypoint.LEFT_HIP), geometry.pair(pose, Keypoint.LEFT_SHOULDER))


def forward_lean(pose: Pose, top: Pose) -> float:
    """Return how much further the trunk leans than the shin, in degrees: parallel lines are 0.

    The shin is the one nearer to the camera, which the other hides; the trunk is seen best as the mean of its sides.
    """
    near = geometry.near_side(top)

    def shin(side: int) -> float:
        return geometry.lean_deg(pose.point(Keypoint.LEFT_ANKLE + side), pose.point(Keypoint.LEFT_KNEE + side))

    nearest = shin(near)
    return trunk_lean(pose) - (shin(1 - near) if math.isnan(nearest) else nearest)


def arms_forward(pose: Pose, _top: Pose) -> float:
    """Return how far the arms are in front of the trunk's line, in degrees."""
    arms = geometry.lean_deg(geometry.pair(pose, Keypoint.LEFT_SHOULDER), geometry.pair(pose, Keypoint.LEFT_WRIST))
    return geometry.wrapped_deg(arms - trunk_lean(pose))


def head_drop(pose: Pose, _top: Pose) -> float:
    """Return how far the head hangs ahead of the trunk's line, in degrees.

    Two signs must agree, and the smaller counts: the line from the shoulders to the ears leans ahead, and the face
    points down. Some people carry the head forward and look ahead; and raised arms hide the ears, so that the face
    alone errs by 15 degrees (rendered people). Both are judged as they are: a head that hangs all through would not
    change.
    """
    neck = geometry.lean_deg(geometry.pair(pose, Keypoint.LEFT_SHOULDER), geometry.pair(pose, Keypoint.LEFT_EAR))
    down = geometry.gaze_drop_deg(pose) + LOOKING_AHEAD_DEG
    lean = trunk_lean(pose)
    return min(geometry.wrapped_deg(neck - lean), geometry.wrapped_deg(down - lean))


def hips_above_knees(pose: Pose, top: Pose) -> float:
    """Return how far the hips stay above the knees, in thigh lengths: 0 is a thigh at parallel."""
    knees = geometry.pair(pose, Keypoint.LEFT_KNEE)
    hips = geometry.pair(pose, Keypoint.LEFT_HIP)
    thigh = geometry.distance(geometry.pair(top, Keypoint.LEFT_HIP), geometry.pair(top, Keypoint.LEFT_KNEE))
    return float((knees[1] - hips[1]) / thigh) if thigh > 0 else math.nan


def feet_turn_out(_bottom: Detail, standing: Detail) -> float:
    """Return how far the feet point outwards, in degrees; inwards is negative. Feet stay where they are in a squat.

    They are judged on the standing person: at the bottom the second model turns them with the knees, so that knees
    15 degrees further in look like feet 6 to 12 degrees further in (rendered people).
    """
    return detail.turn_out_deg(standing)


def feet_turn_in(bottom: Detail, standing: Detail) -> float:
    """Return how far the feet point inwards, in degrees."""
    return -feet_turn_out(bottom, standing)


def heels_rise(bottom: Detail, standing: Detail) -> float:
    """Return by how many degrees the heel nearer to the camera has come up since standing."""
    return bottom.heel_up_deg - standing.heel_up_deg


def back_rounds(bottom: Detail, standing: Detail) -> float:
    """Return how much more the outline of the back is rounded than when standing, in degrees."""
    return detail.back_bend_deg(bottom) - detail.back_bend_deg(standing)


def back_arches(bottom: Detail, standing: Detail) -> float:
    """Return how much more the outline of the back is hollowed than when standing, in degrees."""
    return -back_rounds(bottom, standing)


overhead_squat = Exercise(
    slug="overhead-squat",
    title="Overhead squat",
    passes=(
        Pass(View.FRONT, reps=5, ask="Five slow squats, arms up"),
        Pass(View.SIDE, reps=5, ask="Now side on: five slow squats"),
    ),
    start=arms_overhead,
    start_ask="Raise both arms overhead",
    effort=hip_drop,
    planted=(Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE),
    least_range=0.19,
    shortest_s=0.7,
    sides=(SideMeasure("Knee outside the ankle at the bottom", "ratio", knee_outside),),
    checks=load_checks(
        __package__,
        {
            "feet-turn-out": feet_turn_out,
            "feet-turn-in": feet_turn_in,
            "heels-rise": heels_rise,
            "low-back-rounds": back_rounds,
            "low-back-arches": back_arches,
            "knees-in": knee_separation_ratio,
            "knees-out": knee_separation_ratio,
            "weight-shift": weight_shift,
            "forward-lean": forward_lean,
            "arms-fall-forward": arms_forward,
            "head-drops": head_drop,
            "shallow-depth": hips_above_knees,
        },
    ),
)


@hookimpl
def kiosk_register_exercises() -> list[Exercise]:
    """Give the kiosk this exercise."""
    return [overhead_squat]
