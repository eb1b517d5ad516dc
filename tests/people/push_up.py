"""Incline push-ups, hands on a bench or bar, with faults of a known size."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from kiosk.movement.pose import FloatArray
from tests.people.body import Body, Posture
from tests.people.limbs import (
    LEFT,
    NECK,
    RIGHT,
    SIDES,
    UP,
    Foot,
    Posing,
    Side,
    arm_length,
    foot_on_ball,
    foot_turned,
    hand_turned,
    hips_within_reach,
    plant_hand,
    pose_leg,
    posing_from_hips,
)
from tests.people.rotation import about_x, about_y, about_z, unit

#: Legs are straight to this share of their length: knees are never quite locked.
LEG_STRETCH = 0.9985
#: The farthest that a shoulder may be from its wrist, as a share of the arm.
ARM_STRETCH = 0.9994
#: How straight the elbow joint is at the top, and how bent at the bottom of a push-up of depth 1, degrees.
TOP_ELBOW_DEG, BOTTOM_ELBOW_DEG = 177.0, 75.0
#: The collar bones come forward by so much, degrees; shoulders join in this share of the upper arm's turn.
CLAVICLE_FORWARD_DEG, SHOULDER_FOLLOW = 12.0, 0.3
#: The wrist is so far over the top of the bar, and so far behind its middle, metres.
WRIST_OVER_BAR_M, WRIST_BEHIND_BAR_M = 0.08, 0.02
#: The foot stands no steeper on its ball than this, degrees.
STEEPEST_FOOT_DEG = 62.0
#: The line of the body rises between these, degrees: below, the floor is in the way; above, one stands.
LEAST_SLOPE_DEG, STEEPEST_SLOPE_DEG = 5.0, 80.0
#: Of a turn about the trunk's long axis this share is in the hips, the rest in the spine.
ROLL_OF_HIPS = 0.35
ROLLING_SPINE = ("spine04", "spine03", "spine02")
GAZE_UP_DEG = -8.0
#: The searches end after so many rounds, or when the hands are met to so many metres; and their longest step.
MOST_ROUNDS, ROLL_ROUNDS, NEAR_ENOUGH_M, MOST_STEP_DEG = 8, 2, 0.0003, 8.0


@dataclass(frozen=True)
class PushUpFaults:
    """What is particular about a push-up. Faults are there at any depth; scale them by the caller to let one grow.

    Without any it is a clean one: a straight line from shoulders to ankles, both elbows straight at the top.
    """

    #: Share of the full depth: at 1 the elbows are bent to less than a right angle.
    depth: float = 1.0
    #: Height of the top of the bench or bar, metres.
    bar_h: float = 0.62
    #: How far apart the hands are, metres.
    grip: float = 0.62
    #: How far the elbows go out to the sides, degrees: 0 along the trunk, 90 straight out.
    flare: float = 45.0
    #: How far the hips bend the line from shoulders to ankles, degrees: sag is positive, pike negative.
    sag: float = 0.0
    #: How far the head hangs, degrees.
    head_drop: float = 0.0
    #: How far the trunk is to one side of the hands, metres, to the own left positive.
    shift: float = 0.0
    #: How far the trunk is turned about its long axis, degrees, the left shoulder higher when positive.
    roll: float = 0.0
    #: How far apart the feet are, metres.
    feet: float = 0.14
    #: How far the collar bones are drawn up to the ears, degrees.
    shrug: float = 0.0
    #: How many degrees the elbows lack of straight at the top.
    lockout: float = 0.0


CLEAN = PushUpFaults()


@dataclass(frozen=True)
class PushUpStation:
    """Where the bench or bar stands for one body: feet at y = 0, hands on it at the person's front, -y."""

    #: Middle of the bench or bar, metres; negative.
    bar_y_m: float
    #: Height of its top, metres.
    bar_h_m: float
    #: How far apart the hands are on it, metres.
    grip_m: float
    #: How far the line of the body rises from the floor at the top of a clean push-up, degrees.
    slope_deg: float

    @staticmethod
    def of(body: Body, faults: PushUpFaults = CLEAN) -> PushUpStation:
        """Return the place where straight arms of the clean push-up reach down square to the trunk.

        Raises ValueError for a bar that this body cannot lean on.
        """
        clean = replace(CLEAN, bar_h=faults.bar_h, grip=faults.grip, feet=faults.feet)
        wanted_m = faults.bar_h + WRIST_OVER_BAR_M
        low_deg, high_deg = LEAST_SLOPE_DEG, STEEPEST_SLOPE_DEG
        if not _hands_below(body, low_deg, clean)[2] < wanted_m < _hands_below(body, high_deg, clean)[2]:
            raise ValueError(f"{body.name} cannot do push-ups on a bar {faults.bar_h} m high")
        while high_deg - low_deg > 0.01:
            middle_deg = (low_deg + high_deg) / 2
            too_low = _hands_below(body, middle_deg, clean)[2] < wanted_m
            low_deg, high_deg = (middle_deg, high_deg) if too_low else (low_deg, middle_deg)
        return PushUpStation(float(_hands_below(body, high_deg, clean)[1]), faults.bar_h, faults.grip, high_deg)


def push_up_posture(
    body: Body, station: PushUpStation, left: float, right: float, faults: PushUpFaults = CLEAN
) -> Posture:
    """Return a moment of a push-up: each side's amount is 0 at its top and 1 at its bottom.

    Where one side is behind the other, each shoulder is as high as it would be if both were at its own amount: the
    trunk turns about its long axis. Hands and feet stay where they are.
    """
    slope = _slope_for(body, station, left, faults)
    if left == right:
        return _posed(body, station, slope, faults)
    of_right = _slope_for(body, station, right, faults)
    heights = [
        _trunk_on_hands(body, station, of_side, faults)[0].at(side.bone("upperarm01"))[2]
        for of_side, side in ((slope, LEFT), (of_right, RIGHT))
    ]
    return _rolled_to(body, station, (slope + of_right) / 2, heights, faults)


def _hands_below(body: Body, slope_deg: float, clean: PushUpFaults) -> FloatArray:
    """Return where the middle of the hands is (3,) when almost straight arms hang from a trunk at a slope."""
    posing = _trunk(body, slope_deg, clean)[0]
    shoulders = [posing.at(side.bone("upperarm01")) for side in SIDES]
    down = unit(posing.rotation("spine01") @ np.array([0.0, -1.0, -0.22]))
    aside = clean.grip / 2 - abs(shoulders[0][0])
    hands: FloatArray = (shoulders[0] + shoulders[1]) / 2 + down * math.sqrt(
        (0.985 * arm_length(body.rig)) ** 2 - aside**2
    )
    return hands


def _slope_for(body: Body, station: PushUpStation, amount: float, faults: PushUpFaults) -> float:
    """Return how steep the body lies, degrees, when the elbows are as bent as an amount says (a secant search)."""
    rig = body.rig
    upper, fore = rig.length("upperarm01.L", "lowerarm01.L"), rig.length("lowerarm01.L", "wrist.L")
    top = TOP_ELBOW_DEG - faults.lockout
    elbow = math.radians(top - (top - BOTTOM_ELBOW_DEG) * amount * faults.depth)
    wanted = math.sqrt(upper**2 + fore**2 - 2.0 * upper * fore * math.cos(elbow))
    longest = ARM_STRETCH * (upper + fore)

    def too_far(slope_deg: float) -> float:
        posing = _trunk_on_hands(body, station, slope_deg, faults)[0]
        reaches = [math.dist(posing.at(side.bone("upperarm01")), _wrist(station, side)) for side in SIDES]
        return max(sum(reaches) / 2 - wanted, max(reaches) - longest)

    # Shoulders swing about the feet, nearly square to the arms: a first guess, and how far off a guess is in degrees.
    deg_per_m = math.degrees(1.0 / rig.head(LEFT.bone("upperarm01"))[2])
    slope = station.slope_deg - (upper + fore - wanted) * deg_per_m
    before = too_far(slope)
    step = -before * deg_per_m
    for _ in range(MOST_ROUNDS):
        slope += step
        now = too_far(slope)
        if abs(now) < NEAR_ENOUGH_M:
            break
        step *= -now / (now - before) if now != before else 0.5
        step, before = min(MOST_STEP_DEG, max(-MOST_STEP_DEG, step)), now
    return slope


def _rolled_to(
    body: Body, station: PushUpStation, slope_deg: float, heights: list[float], faults: PushUpFaults
) -> Posture:
    """Return the posture in which the left and the right shoulder are so high, metres, by slope and by roll."""
    roll_deg = faults.roll
    width = body.rig.length(LEFT.bone("upperarm01"), RIGHT.bone("upperarm01"))
    long_m = body.rig.head(LEFT.bone("upperarm01"))[2]
    level = math.cos(math.radians(slope_deg))
    for _ in range(ROLL_ROUNDS):
        posing = _trunk_on_hands(body, station, slope_deg, replace(faults, roll=roll_deg))[0]
        lacks = [height - posing.at(side.bone("upperarm01"))[2] for side, height in zip(SIDES, heights, strict=True)]
        roll_deg += math.degrees((lacks[0] - lacks[1]) / (width * level))
        slope_deg += math.degrees((lacks[0] + lacks[1]) / 2 / (long_m * level))
    return _posed(body, station, slope_deg, replace(faults, roll=roll_deg))


def _posed(body: Body, station: PushUpStation, slope_deg: float, faults: PushUpFaults) -> Posture:
    """Return the whole body on its station at a slope."""
    posing, feet = _trunk_on_hands(body, station, slope_deg, faults)
    for bone in NECK:
        posing.bend(bone, about_x((GAZE_UP_DEG + faults.head_drop) / len(NECK)))
    knees = about_x(_legs_lean_deg(slope_deg, faults)) @ np.array([0.0, -1.0, 0.0])
    for side, foot in zip(SIDES, feet, strict=True):
        pose_leg(posing, side, foot, knees)
    return posing.finished()


def _trunk_on_hands(
    body: Body, station: PushUpStation, slope_deg: float, faults: PushUpFaults
) -> tuple[Posing, list[Foot]]:
    """Return trunk and arms on the station at a slope, and the feet to which the legs are still to be posed."""
    posing, feet = _trunk(body, slope_deg, faults)
    trunk = posing.rotation("spine01")
    flare = math.radians(faults.flare)
    for side in SIDES:
        posing.bend(
            side.bone("clavicle"),
            about_y(-side.outwards * faults.shrug) @ about_z(-side.outwards * CLAVICLE_FORWARD_DEG),
        )
        elbow = trunk @ np.array([side.outwards * math.sin(flare), 0.15, -math.cos(flare)])
        fingers = unit(np.array([-0.15 * side.outwards, -1.0, -0.15]))
        hand = hand_turned(body.rig, side, fingers, UP)
        plant_hand(posing, side, _wrist(station, side), elbow, hand, SHOULDER_FOLLOW)
    return posing, feet


def _trunk(body: Body, slope_deg: float, faults: PushUpFaults) -> tuple[Posing, list[Foot]]:
    """Return the trunk at a slope and the feet, their balls on the floor at y = 0."""
    rig = body.rig
    legs_lean = _legs_lean_deg(slope_deg, faults)
    pelvis = about_x(legs_lean - faults.sag) @ about_z(ROLL_OF_HIPS * faults.roll)
    pitch = about_x(min(legs_lean, STEEPEST_FOOT_DEG))
    feet = []
    for side in SIDES:
        ball = np.array([side.outwards * faults.feet / 2, 0.0, rig.head(side.bone("toe3-1"))[2]])
        feet.append(foot_on_ball(rig, side, ball, pitch, foot_turned(rig, side, 0.0)))
    start = (feet[0].ankle + feet[1].ankle) / 2 + np.array([faults.shift, 0.0, 0.0])
    hips = hips_within_reach(rig, pelvis, start, about_x(legs_lean) @ UP, feet, LEG_STRETCH)
    posing = posing_from_hips(rig, pelvis, hips)
    for bone in ROLLING_SPINE:
        posing.bend(bone, about_z((1.0 - ROLL_OF_HIPS) * faults.roll / len(ROLLING_SPINE)))
    return posing, feet


def _legs_lean_deg(slope_deg: float, faults: PushUpFaults) -> float:
    """Return how far the legs lean forwards from the vertical, degrees: half of a sag is theirs, half the trunk's."""
    return 90.0 - slope_deg + 0.5 * faults.sag


def _wrist(station: PushUpStation, side: Side) -> FloatArray:
    """Return (3,): where this side's wrist is planted."""
    return np.array(
        [
            side.outwards * station.grip_m / 2,
            station.bar_y_m + WRIST_BEHIND_BAR_M,
            station.bar_h_m + WRIST_OVER_BAR_M,
        ]
    )
