"""Overhead squats with faults of a known size."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from kiosk.movement.pose import FloatArray, Keypoint
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
    pose_arm,
    pose_leg,
    posing_from_hips,
)
from tests.people.rotation import about_x, about_y, about_z, turn_of

#: Of a squat of depth 1 at the bottom, in degrees: how far the shin leans, how far the thigh turns, how far the
#: trunk leans, and how far the pelvis tips beyond the trunk.
SHIN_LEAN_DEG, THIGH_TURN_DEG, TRUNK_LEAN_DEG, PELVIS_TIP_DEG = 36.0, 103.0, 28.0, 6.0
#: How far apart the knees of a clean squat are at the bottom, in ankle widths, when the toes point out by so many
#: degrees; and by how much each degree more widens that. A camera sees knees wider, because they are nearer.
KNEES_APART, FOR_TOES_OUT_DEG, KNEES_APART_PER_DEG = 1.2, 12.0, 0.012
#: Raised arms lift the collar bones by so much, in degrees, and the shoulders join in this share of the arm's turn.
CLAVICLE_LIFT_DEG, SHOULDER_FOLLOW = 26.0, 0.35
#: Raised arms are stretched to this share of their length.
ARM_STRETCH = 0.992
LOW_SPINE = ("spine05", "spine04", "spine03")
HIGH_SPINE = ("spine02", "spine01")


@dataclass(frozen=True)
class SquatFaults:
    """What is particular about a squat. Faults come in with the depth and are full at the bottom of a squat of depth 1.

    Without any it is a clean one: hips below the knees, trunk along the shins, arms along the trunk.
    """

    #: Share of the full depth: 1 takes the hips below the knees.
    depth: float = 1.0
    #: How far apart the ankles are, metres.
    stance: float = 0.36
    #: How far the toes point outwards, degrees; the knees follow a little.
    toe_out: float = 12.0
    #: How far the plane of hip, knee and ankle turns inwards about the leg, degrees, of the left knee and of the
    #: right; outwards is negative. None is the same on the right.
    knee_in: float = 0.0
    knee_in_right: float | None = None
    #: How far the heels come up about the ball of the foot, degrees.
    heel_lift: float = 0.0
    #: How far the trunk leans beyond a clean squat, degrees.
    lean_extra: float = 0.0
    #: How far the low back hollows, degrees; the trunk above it leans as before.
    arch: float = 0.0
    #: How far the back rounds from the pelvis to the shoulders, degrees.
    rounding: float = 0.0
    #: How far the arms fall forward of the trunk's line, degrees.
    arms_fwd: float = 0.0
    #: How far the face drops, degrees; three tenths of it when standing.
    head_drop: float = 0.0
    #: How far the hips go sideways, metres, to the own left positive.
    shift: float = 0.0
    #: How far each arm is held away from the head, degrees.
    arm_spread: float = 12.0


CLEAN = SquatFaults()


def squat_posture(body: Body, amount: float, faults: SquatFaults = CLEAN) -> Posture:
    """Return a moment of a squat: amount 0 stands with the arms overhead, 1 is the bottom."""
    posing, trunk = crouched(body, amount, faults)
    bend = amount * faults.depth
    forward = about_x(trunk + faults.arms_fwd * (0.25 + 0.75 * bend))
    for side in SIDES:
        posing.bend(side.bone("clavicle"), about_y(-side.outwards * CLAVICLE_LIFT_DEG))
        along = forward @ about_y(side.outwards * faults.arm_spread) @ UP
        elbow = forward @ np.array([0.6 * side.outwards, -0.8, 0.0])
        pose_arm(posing, side, along * arm_length(body.rig) * ARM_STRETCH, elbow, SHOULDER_FOLLOW)
    return posing.finished()


def back_bend_deg(posture: Posture) -> float:
    """Return how far the back is bent between pelvis and chest, degrees: rounded is positive, hollowed negative."""
    chest, pelvis = (posture.rotation[posture.rig.index[bone]] for bone in ("spine01", "root"))
    return math.degrees(turn_of(pelvis.T @ chest)[0])


def crouched(body: Body, amount: float, faults: SquatFaults = CLEAN) -> tuple[Posing, float]:
    """Return a moment of a squat with the arms still at rest, and how far its trunk leans, degrees."""
    bend = amount * faults.depth
    feet = _planted_feet(body, bend, faults)
    lean = bend * (TRUNK_LEAN_DEG + faults.lean_extra)
    rounding = bend * faults.rounding
    tip = bend * (PELVIS_TIP_DEG + faults.arch)
    sideways = -60.0 * bend * faults.shift  # the pelvis drops on the side it leaves
    pelvis = about_y(sideways) @ about_x(lean + tip - 0.5 * rounding)
    posing = posing_from_hips(body.rig, pelvis, _hips(body, bend, faults, pelvis, feet))
    for bone, share in zip(LOW_SPINE, (0.0, 0.5, 0.5), strict=True):
        posing.bend(bone, about_x(0.2 * rounding - tip / 3) @ about_y(-share * sideways))
    for bone in HIGH_SPINE:
        posing.bend(bone, about_x(0.2 * rounding))
    nod = faults.head_drop * (0.3 + 0.7 * bend) - 0.55 * lean - 0.5 * rounding
    for bone in NECK:
        posing.bend(bone, about_x(nod / len(NECK)))
    clean = _knees_out_deg(body, faults.stance, faults.toe_out)
    for side, foot in zip(SIDES, feet, strict=True):
        pose_leg(posing, side, foot, _pole(side, clean - _comes_in_deg(side, bend, faults)))
    return posing, _trunk_lean_deg(posing)


def _planted_feet(body: Body, bend: float, faults: SquatFaults) -> list[Foot]:
    """Return the left and the right foot: planted by the ball, the heel up as far as the fault lifts it."""
    feet = []
    for side in SIDES:
        toes = foot_turned(body.rig, side, faults.toe_out)
        ball = ball_on_floor(body.rig, side, side.outwards * faults.stance / 2, 0.0, toes)
        outwards = about_z(faults.toe_out * side.outwards)
        pitch = outwards @ about_x(faults.heel_lift * bend) @ outwards.T
        feet.append(foot_on_ball(body.rig, side, ball, pitch, toes))
    return feet


def _hips(body: Body, bend: float, faults: SquatFaults, pelvis: FloatArray, feet: list[Foot]) -> FloatArray:
    """Return the middle of the hip joints (3,): over shins and thighs that lean with the depth, within reach."""
    rig = body.rig
    thigh, shin = rig.length("upperleg01.L", "lowerleg01.L"), rig.length("lowerleg01.L", "foot.L")
    leaning, turned = math.radians(bend * SHIN_LEAN_DEG), math.radians(90.0 - bend * THIGH_TURN_DEG)
    ankles = (feet[0].ankle + feet[1].ankle) / 2
    behind = ankles[1] - shin * math.sin(leaning) + thigh * math.cos(turned)
    height = ankles[2] + shin * math.cos(leaning) + thigh * math.sin(turned)
    over_feet = np.array([faults.shift * bend, behind, 0.0])
    hips = hips_within_reach(rig, pelvis, over_feet, UP, feet, LONGEST_REACH)
    hips[2] = min(height, hips[2])
    return hips


def _comes_in_deg(side: Side, bend: float, faults: SquatFaults) -> float:
    """Return how far the fault turns a knee inwards: all of it from a third of the depth on."""
    full = faults.knee_in if side is LEFT or faults.knee_in_right is None else faults.knee_in_right
    return full * (0.5 - 0.5 * math.cos(math.pi * min(1.0, max(0.0, bend) / 0.35)))


@lru_cache(maxsize=64)
def _knees_out_deg(body: Body, stance: float, toe_out: float) -> float:
    """Return how far outwards the knees of a clean squat point, so that they are as far apart as they should be."""
    apart = KNEES_APART + KNEES_APART_PER_DEG * (toe_out - FOR_TOES_OUT_DEG)
    clean = SquatFaults(stance=stance, toe_out=toe_out)
    feet = _planted_feet(body, 1.0, clean)
    pelvis = about_x(TRUNK_LEAN_DEG + PELVIS_TIP_DEG)
    hips = _hips(body, 1.0, clean, pelvis, feet)
    least, most = -30.0, 80.0
    for _ in range(12):
        middle = (least + most) / 2
        posing = posing_from_hips(body.rig, pelvis, hips)
        for side, foot in zip(SIDES, feet, strict=True):
            pose_leg(posing, side, foot, _pole(side, middle))
        x = body.keypoints_at(posing.finished())[:, 0]
        wide = x[Keypoint.LEFT_KNEE] - x[Keypoint.RIGHT_KNEE]
        narrower = wide < apart * (x[Keypoint.LEFT_ANKLE] - x[Keypoint.RIGHT_ANKLE])
        least, most = (middle, most) if narrower else (least, middle)
    return (least + most) / 2


def _pole(side: Side, outwards_deg: float) -> FloatArray:
    """Return the direction (3,) to which a knee bends that points so far outwards."""
    outwards = math.radians(outwards_deg) * side.outwards
    return np.array([math.sin(outwards), -math.cos(outwards), 0.25])


def _trunk_lean_deg(posing: Posing) -> float:
    """Return how far the line from the hips to the shoulders leans forwards, degrees."""
    hips = posing.at("upperleg01.L") + posing.at("upperleg01.R")
    shoulders = posing.at("upperarm01.L") + posing.at("upperarm01.R")
    return math.degrees(math.atan2(hips[1] - shoulders[1], shoulders[2] - hips[2]))
