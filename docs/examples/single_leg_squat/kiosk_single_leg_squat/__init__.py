"""The single-leg squat, five on each leg, seen from the front: an example of an exercise that is done per side.

Its functions are written for the left leg: what is done on the right they are shown in a mirror.
"""

from __future__ import annotations

import math

from kiosk import Exercise, Keypoint, Pass, Pose, Side, SideMeasure, View, geometry, hookimpl, load_checks

kiosk_api = "1.0"

#: So many torso lengths the other foot is off the floor: more to start than while the leg bends.
LIFTED_TO_START, LIFTED = 0.15, 0.06
#: A knee bent by 60 degrees lowers the hips by about so many torso lengths: shin leaning 25 degrees, thigh 35.
SIXTY_DEGREES_TORSOS = 0.23


def lifted(pose: Pose) -> float:
    """Return how much higher the right foot is than the left, in torso lengths."""
    feet, torso = pose.point(Keypoint.LEFT_ANKLE)[1] - pose.point(Keypoint.RIGHT_ANKLE)[1], geometry.torso_px(pose)
    return float(feet / torso) if torso > 0 else math.nan


def on_left_leg(pose: Pose) -> bool:
    """Whether the person stands upright on the left leg, the hands not overhead."""
    hands, ears = geometry.pair(pose, Keypoint.LEFT_WRIST), geometry.pair(pose, Keypoint.LEFT_EAR)
    upright = abs(trunk_leans(pose, pose)) < 30 and hip_height(pose) > 1.2 * geometry.torso_px(pose)
    return bool(upright and lifted(pose) > LIFTED_TO_START and not hands[1] < ears[1])


def hip_height(pose: Pose) -> float:
    """Return how high the standing hip is above its ankle, in pixels."""
    return float(pose.point(Keypoint.LEFT_ANKLE)[1] - pose.point(Keypoint.LEFT_HIP)[1])


def hips_sink(pose: Pose, torso_px: float) -> float:
    """Return how far the hips go down, in bends of 60 degrees; NaN when the other foot is on the floor."""
    if not (lifted(pose) > LIFTED and torso_px > 0):
        return math.nan
    return -hip_height(pose) / (SIXTY_DEGREES_TORSOS * torso_px)


def knee_inward(pose: Pose, _top: Pose, _side: int = 0) -> float:
    """Return how far the knee bends inwards off the line from hip to ankle, in degrees; outwards is negative."""
    hip, knee, ankle = (pose.point(k) for k in (Keypoint.LEFT_HIP, Keypoint.LEFT_KNEE, Keypoint.LEFT_ANKLE))
    if not ankle[1] > hip[1]:
        return math.nan
    on_line = hip[0] + (ankle[0] - hip[0]) * (knee[1] - hip[1]) / (ankle[1] - hip[1])
    return math.copysign(180 - geometry.angle_deg(hip, knee, ankle), on_line - knee[0])


def pelvis_tilt(pose: Pose) -> float:
    """Return by how many degrees the line of the hips falls off to the right."""
    left, right = pose.point(Keypoint.LEFT_HIP), pose.point(Keypoint.RIGHT_HIP)
    return math.degrees(math.atan2(right[1] - left[1], left[0] - right[0]))


def hip_drops(pose: Pose, top: Pose) -> float:
    """Return how much lower the free hip is than at the top, in degrees."""
    return pelvis_tilt(pose) - pelvis_tilt(top)


def trunk_leans(pose: Pose, _top: Pose) -> float:
    """Return how far the trunk leans to the side of the standing leg, in degrees."""
    return geometry.lean_deg(geometry.pair(pose, Keypoint.LEFT_HIP), geometry.pair(pose, Keypoint.LEFT_SHOULDER))


def depth(pose: Pose, top: Pose) -> float:
    """Return how far the hips have come down, in percent of the torso's length."""
    torso = geometry.torso_px(top)
    return 100 * (hip_height(top) - hip_height(pose)) / torso if torso > 0 else math.nan


single_leg_squat = Exercise(
    slug="single-leg-squat",
    title="Single-leg squat",
    passes=(
        Pass(View.FRONT, reps=5, ask="Left leg: five slow squats", side=Side.LEFT),
        Pass(View.FRONT, reps=5, ask="Now right leg: five slow squats", side=Side.RIGHT),
    ),
    start=on_left_leg,
    start_ask="Stand on your left leg",
    effort=hips_sink,
    planted=(Keypoint.LEFT_ANKLE,),
    shortest_s=0.7,
    sides=(SideMeasure("Knee inwards at the bottom", "deg", knee_inward),),
    checks=load_checks(
        __package__,
        {"knee-in": knee_inward, "hip-drops": hip_drops, "trunk-leans": trunk_leans, "shallow-depth": depth},
    ),
)


@hookimpl
def kiosk_register_exercises() -> list[Exercise]:
    """Give the kiosk this exercise."""
    return [single_leg_squat]
