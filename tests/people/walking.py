"""Standing, walking and bending over: what people do at the kiosk besides the exercises."""

from __future__ import annotations

import math

import numpy as np

from kiosk.movement.pose import FloatArray
from tests.people.body import Body, Posture
from tests.people.limbs import (
    LEFT,
    LONGEST_REACH,
    NECK,
    SIDES,
    UP,
    Foot,
    Posing,
    Side,
    arm_length,
    ball_on_floor,
    foot_on_ball,
    foot_turned,
    hips_within_reach,
    leg_length,
    pose_arm,
    pose_leg,
    posing_from_hips,
)
from tests.people.rotation import about_x, about_y, about_z, unit
from tests.people.squat import ARM_STRETCH as OVERHEAD_STRETCH
from tests.people.squat import CLAVICLE_LIFT_DEG, CLEAN, SHOULDER_FOLLOW, SquatFaults, crouched

#: A stride, two steps, as a share of the stature: unhurried, as indoors.
STRIDE_PER_STATURE = 0.64
#: Legs are straight to this share of their length when they reach farthest.
WALKING_STRETCH = 0.997
#: The share of a stride that a foot is on the ground; how far apart the feet step, metres; how far they turn out,
#: degrees; and how far the heel is behind the ankle, metres.
GROUNDED, STEP_WIDTH_M, STEP_TURN_OUT_DEG, HEEL_BEHIND_ANKLE_M = 0.62, 0.16, 6.0, 0.04
#: How far the heel is up over the ball of the foot, degrees, in the course of a stride; negative is the toes up. The
#: foot lands on the heel, is soon flat, and leaves over its ball.
PITCHES = ((0.0, -14.0), (0.10, 0.0), (0.36, 0.0), (GROUNDED, 38.0), (0.75, 25.0), (0.9, -8.0), (1.0, -14.0))
#: How high a swinging foot is lifted on its way, metres.
CLEARANCE_M = 0.04
ARM_SWING_DEG, WALKING_LEAN_DEG = 18.0, 3.0
#: Arms hang so far from the body, and so straight.
HANGING_SPREAD_DEG, HANGING_STRETCH = 9.0, 0.98
#: Raised arms go up through half-way between ahead and aside.
RAISED_THROUGH_DEG = 45.0
#: Bent over: how far pelvis and spine turn, degrees, and how far the hips go back, as a share of the legs.
BENT_PELVIS_DEG, BENT_SPINE_DEG, HIPS_BACK_SHARE = 80.0, 58.0, 0.2
SPINE = ("spine05", "spine04", "spine03", "spine02", "spine01")
DOWN = -UP


def standing_posture(body: Body, arms: float = 0.0, faults: SquatFaults = CLEAN) -> Posture:
    """Return somebody who stands as before a squat with these faults; arms from 0 hanging to 1 overhead.

    With the arms at 1 it is the top of that squat.
    """
    posing, lean_deg = crouched(body, 0.0, faults)
    overhead = about_x(lean_deg + 0.25 * faults.arms_fwd)
    for side in SIDES:
        raised = overhead @ about_y(side.outwards * faults.arm_spread) @ UP
        _raise_arm(posing, side, arms, raised, overhead, 0.0)
    return posing.finished()


def stride_m(body: Body) -> float:
    """Return how far somebody walks in one stride: moved on by this much per phase, feet do not slide."""
    return STRIDE_PER_STATURE * body.stature_m


def walking_posture(body: Body, phase: float, arms: float = 0.0) -> Posture:
    """Return a moment of walking on the spot towards -y; phase 0 to 1 is a stride, at 0 the left heel lands.

    Arms from 0, swinging, to 1, overhead. To walk on, place it `stride_m` ahead for every whole phase.
    """
    feet = [_step(body, side, phase + (0.0 if side is LEFT else 0.5)) for side in SIDES]
    turn_deg = 5.0 * math.cos(2.0 * math.pi * phase)  # the hip of the leg ahead comes along
    pelvis = about_z(-turn_deg)
    hips = hips_within_reach(body.rig, pelvis, np.zeros(3), UP, feet, WALKING_STRETCH)
    posing = posing_from_hips(body.rig, pelvis, hips)
    for bone in SPINE:
        posing.bend(bone, about_x(WALKING_LEAN_DEG / 5) @ about_z(1.8 * turn_deg / 5))
    for bone in NECK:
        posing.bend(bone, about_x(-WALKING_LEAN_DEG / 4) @ about_z(-0.8 * turn_deg / 4))
    for side, foot in zip(SIDES, feet, strict=True):
        pose_leg(posing, side, foot, np.array([0.08 * side.outwards, -1.0, 0.0]))
        swing_deg = -side.outwards * ARM_SWING_DEG * math.cos(2.0 * math.pi * phase)
        overhead = about_y(side.outwards * CLEAN.arm_spread) @ UP
        _raise_arm(posing, side, arms, overhead, np.eye(3), swing_deg)
    return posing.finished()


def bending_posture(body: Body, amount: float) -> Posture:
    """Return somebody who bends over almost straight legs, 0 upright to 1 with the hands near the floor."""
    pelvis = about_x(BENT_PELVIS_DEG * amount)
    feet = [_flat_foot(body, side) for side in SIDES]
    back = np.array([0.0, HIPS_BACK_SHARE * amount * leg_length(body.rig), 0.0])
    hips = hips_within_reach(body.rig, pelvis, back, UP, feet, LONGEST_REACH - 0.006 * amount)
    posing = posing_from_hips(body.rig, pelvis, hips)
    for bone in SPINE:
        posing.bend(bone, about_x(BENT_SPINE_DEG * amount / len(SPINE)))
    for side, foot in zip(SIDES, feet, strict=True):
        pose_leg(posing, side, foot, about_z(side.outwards * CLEAN.toe_out) @ np.array([0.0, -1.0, 0.0]))
        _raise_arm(posing, side, 0.0, UP, np.eye(3), 8.0 * amount)
    return posing.finished()


def _raise_arm(
    posing: Posing, side: Side, raised: float, overhead: FloatArray, trunk: FloatArray, swing_deg: float
) -> None:
    """Hold an arm between hanging (0), swung ahead by so much, and the direction ``overhead`` (3,) at 1."""
    shoulder_lift = CLAVICLE_LIFT_DEG * max(0.0, 1.5 * raised - 0.5)
    posing.bend(side.bone("clavicle"), about_y(-side.outwards * shoulder_lift))
    hanging = about_x(-swing_deg) @ about_y(-side.outwards * HANGING_SPREAD_DEG) @ DOWN
    ahead = about_z(side.outwards * RAISED_THROUGH_DEG) @ np.array([0.0, -1.0, 0.0])
    along = _through(hanging, ahead, overhead, raised)
    behind = trunk @ np.array([0.6 * side.outwards, -0.8, 0.0])
    elbow = unit(
        (1.0 - raised) * np.array([0.3 * side.outwards, 1.0, 0.0])
        + raised * behind
        + raised * (1.0 - raised) * 4 * DOWN
    )
    stretch = HANGING_STRETCH + raised * (OVERHEAD_STRETCH - HANGING_STRETCH)
    pose_arm(posing, side, along * arm_length(posing.rig) * stretch, elbow, SHOULDER_FOLLOW * raised)


def _through(start: FloatArray, middle: FloatArray, end: FloatArray, share: float) -> FloatArray:
    """Return the unit vector ``share`` of the way from one (3,) by way of the middle to the other."""
    first, second = (start, middle) if share < 0.5 else (middle, end)
    part = 2.0 * share if share < 0.5 else 2.0 * share - 1.0
    angle = math.acos(min(1.0, max(-1.0, float(first @ second))))
    along: FloatArray = (math.sin((1.0 - part) * angle) * first + math.sin(part * angle) * second) / math.sin(angle)
    return along


def _flat_foot(body: Body, side: Side) -> Foot:
    """Return a foot flat on the floor where a clean squat has it."""
    toes = foot_turned(body.rig, side, CLEAN.toe_out)
    ball = ball_on_floor(body.rig, side, side.outwards * CLEAN.stance / 2, 0.0, toes)
    return foot_on_ball(body.rig, side, ball, np.eye(3), toes)


def _step(body: Body, side: Side, phase: float) -> Foot:
    """Return one foot at a phase of its own stride: while it is grounded it goes back evenly under the body."""
    phase %= 1.0
    half = stride_m(body) * GROUNDED / 2
    toes = foot_turned(body.rig, side, STEP_TURN_OUT_DEG)
    pitch_deg = _pitch_deg(phase)
    ball = ball_on_floor(body.rig, side, side.outwards * STEP_WIDTH_M / 2, 0.0, toes)
    if phase < GROUNDED:
        ball[1] += half * (2.0 * phase / GROUNDED - 1.0)
    else:
        swung = (phase - GROUNDED) / (1.0 - GROUNDED)
        ball[1] += half * math.cos(math.pi * swung)
        ball[2] += CLEARANCE_M * math.sin(math.pi * swung)
    if pitch_deg < 0.0:  # it stands on the heel, which lifts the ball
        foot_m = body.rig.length(side.bone("foot"), side.bone("toe3-1")) + HEEL_BEHIND_ANKLE_M
        ball[2] += foot_m * math.sin(math.radians(-pitch_deg))
    foot = foot_on_ball(body.rig, side, ball, about_x(pitch_deg), toes)
    bends_toes = pitch_deg > 0.0 and phase < GROUNDED
    return foot if bends_toes else foot._replace(toes=foot.turn)


def _pitch_deg(phase: float) -> float:
    """Return how far the heel is up over the ball at a phase of the foot's own stride; negative is the toes up."""
    return float(np.interp(phase, [at for at, _ in PITCHES], [deg for _, deg in PITCHES]))
