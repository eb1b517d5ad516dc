"""The plank hold: thirty seconds on forearms and feet, seen from the side.

An example of an exercise without reps: what counts is for how long the posture is kept, and how it changes meanwhile.
Limits and words are in ``checks.toml``.
"""

from __future__ import annotations

import math

from kiosk import Exercise, Hold, Keypoint, Pass, Pose, View, geometry, hookimpl, load_checks

kiosk_api = "1.0"

#: Shoulders over feet: who lies along the floor leans by more than this from the vertical.
ALONG_THE_FLOOR_DEG = 60.0
#: Legs bent further than this stand on the knees.
STRAIGHT_LEGS_DEG = 145.0


def on_forearms(pose: Pose) -> bool:
    """Whether the person is propped up on forearms and feet, however straight or not."""
    shoulders, elbows, hands, hips, knees, ankles = (
        geometry.pair(pose, joint)
        for joint in (
            Keypoint.LEFT_SHOULDER,
            Keypoint.LEFT_ELBOW,
            Keypoint.LEFT_WRIST,
            Keypoint.LEFT_HIP,
            Keypoint.LEFT_KNEE,
            Keypoint.LEFT_ANKLE,
        )
    )
    torso = geometry.torso_px(pose)
    lying = abs(geometry.lean_deg(ankles, shoulders)) > ALONG_THE_FLOOR_DEG
    propped = elbows[1] - shoulders[1] > 0.3 * torso and not abs(hands[1] - elbows[1]) > 0.3 * torso
    off_the_floor = elbows[1] - hips[1] > 0.08 * torso
    return bool(lying and propped and off_the_floor and geometry.angle_deg(hips, knees, ankles) > STRAIGHT_LEGS_DEG)


def hips_sag(pose: Pose, _top: Pose) -> float:
    """Return how far the line shoulder-hip-ankle is bent, in degrees: hips below it positive."""
    return geometry.bend_deg(
        geometry.pair(pose, Keypoint.LEFT_SHOULDER),
        geometry.pair(pose, Keypoint.LEFT_HIP),
        geometry.pair(pose, Keypoint.LEFT_ANKLE),
    )


def hips_rise(pose: Pose, top: Pose) -> float:
    """Return the same the other way round: hips above the line positive."""
    return -hips_sag(pose, top)


def hips_sink(pose: Pose, top: Pose) -> float:
    """Return by how many degrees the hips sag more than in the first two seconds of the hold."""
    return hips_sag(pose, top) - hips_sag(top, top)


def head_hangs(pose: Pose, _top: Pose) -> float:
    """Return how far the face points down from straight ahead of the trunk, in degrees: less is looking up."""
    trunk = geometry.lean_deg(geometry.pair(pose, Keypoint.LEFT_HIP), geometry.pair(pose, Keypoint.LEFT_SHOULDER))
    return geometry.wrapped_deg(geometry.gaze_drop_deg(pose) - trunk)


def shoulders_off(pose: Pose, _top: Pose) -> float:
    """Return how far the upper arms are off the vertical, ahead or behind, in degrees."""
    elbows, shoulders = (geometry.pair(pose, joint) for joint in (Keypoint.LEFT_ELBOW, Keypoint.LEFT_SHOULDER))
    return abs(geometry.lean_deg(elbows, shoulders)) if elbows[1] > shoulders[1] else math.nan


plank_hold = Exercise(
    slug="plank-hold",
    title="Plank hold",
    passes=(Pass(View.SIDE, hold_s=30, ask="Hold it, side to the camera"),),
    start=on_forearms,
    start_ask="Forearms on the floor, body straight",
    hold=Hold(on_forearms),
    coached=True,
    checks=load_checks(
        __package__,
        {
            "hips-sag": hips_sag,
            "hips-rise": hips_rise,
            "hips-sink": hips_sink,
            "head-hangs": head_hangs,
            "shoulders-off": shoulders_off,
        },
    ),
)


@hookimpl
def kiosk_register_exercises() -> list[Exercise]:
    """Give the kiosk this exercise."""
    return [plank_hold]
