"""Builds a posture from the root outwards: bones turned one by one, arms and legs by where they must reach."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from kiosk.movement.pose import FloatArray
from tests.people.body import Posture, Rig
from tests.people.rotation import about, about_z, carrying, cross, turns_between, twist_deg, unit

NECK = ("neck01", "neck02", "neck03", "head")
#: No limb is stretched past this share of its length: a straight one has no plane to bend in.
LONGEST_REACH = 0.9995
#: Rounds in which a shoulder that follows the arm settles within a tenth of a millimetre.
SHOULDER_ROUNDS = 3
X_AXIS = np.array([1.0, 0.0, 0.0])
UP = np.array([0.0, 0.0, 1.0])


class Side(NamedTuple):
    """One side of the body: the letter that ends its bones, and which way it is along x."""

    letter: str
    outwards: float

    def bone(self, name: str) -> str:
        """Return the name of this side's bone."""
        return f"{name}.{self.letter}"


LEFT, RIGHT = Side("L", 1.0), Side("R", -1.0)
SIDES = (LEFT, RIGHT)


class Foot(NamedTuple):
    """Where the ankle of a foot is (3,), and how the foot and its toes are turned from rest (3, 3)."""

    ankle: FloatArray
    turn: FloatArray
    toes: FloatArray


class Posing:
    """A posture in the making. Turn bones after their parents; those that are never turned follow their parent."""

    def __init__(self, rig: Rig, rotation: FloatArray, position: FloatArray) -> None:
        """Begin with how the root is turned (3, 3) and where it is (3,)."""
        self.rig = rig
        self._turned = {0: (rotation, position)}

    def rotation(self, bone: str) -> FloatArray:
        """Return (3, 3): how a bone is turned from rest, in the world."""
        return self._carrier(self.rig.index[bone])[1]

    def at(self, bone: str) -> FloatArray:
        """Return (3,): where a bone begins."""
        return self._at(self.rig.index[bone])

    def turn(self, bone: str, rotation: FloatArray) -> None:
        """Turn a bone to an orientation in the world (3, 3)."""
        index = self.rig.index[bone]
        self._turned[index] = rotation, self._at(index)

    def bend(self, bone: str, rotation: FloatArray) -> None:
        """Turn a bone against its parent (3, 3)."""
        index = self.rig.index[bone]
        self._turned[index] = self._carrier(self.rig.parents[index])[1] @ rotation, self._at(index)

    def finished(self) -> Posture:
        """Return the posture."""
        bones = range(len(self.rig.names))
        rotation = np.array([self._carrier(bone)[1] for bone in bones])
        return Posture(self.rig, rotation, np.array([self._at(bone) for bone in bones]))

    def _carrier(self, bone: int) -> tuple[int, FloatArray, FloatArray]:
        """Return the nearest turned bone that a bone hangs on or is, with its rotation and position."""
        while bone not in self._turned:
            bone = self.rig.parents[bone]
        return bone, *self._turned[bone]

    def _at(self, bone: int) -> FloatArray:
        parent = self.rig.parents[bone]
        if bone in self._turned or parent < 0:
            return self._turned[bone][1]
        carrier, rotation, position = self._carrier(parent)
        place: FloatArray = position + rotation @ (self.rig.heads[bone] - self.rig.heads[carrier])
        return place


def hips_within_reach(
    rig: Rig, pelvis: FloatArray, start: FloatArray, along: FloatArray, feet: list[Foot], stretch: float
) -> FloatArray:
    """Return the middle of the hip joints (3,): from ``start`` along a unit vector until a leg is stretched.

    ``pelvis`` (3, 3) is how it is turned, ``stretch`` the share of its length to which a leg is.
    """
    hips = [start + pelvis @ (rig.head(side.bone("upperleg01")) - _hip_centre(rig)) for side in SIDES]
    reach = stretch * leg_length(rig)
    far = min(_farthest(hip, along, foot.ankle, reach) for hip, foot in zip(hips, feet, strict=True))
    return start + far * along


def posing_from_hips(rig: Rig, pelvis: FloatArray, hips: FloatArray) -> Posing:
    """Begin a posture with how the pelvis is turned (3, 3) and where the middle of the hip joints is (3,)."""
    return Posing(rig, pelvis, hips + pelvis @ (rig.head("root") - _hip_centre(rig)))


def pose_leg(posing: Posing, side: Side, foot: Foot, pole: FloatArray) -> None:
    """Bend one leg so that its ankle is where the foot has it, the knee towards ``pole`` (3,).

    An ankle out of reach stays on the way to it.
    """
    rig = posing.rig
    thigh = rig.vector(side.bone("upperleg01"), side.bone("lowerleg01"))
    shin = rig.vector(side.bone("lowerleg01"), side.bone("foot"))
    hip = posing.at(side.bone("upperleg01"))
    new_thigh, new_shin, hinge = _bent(thigh, shin, foot.ankle - hip, pole)
    posing.turn(side.bone("upperleg01"), carrying(thigh, X_AXIS, new_thigh, hinge))
    posing.turn(side.bone("lowerleg01"), carrying(shin, X_AXIS, new_shin, hinge))
    posing.turn(side.bone("foot"), foot.turn)
    for toe in range(1, 6):
        posing.turn(side.bone(f"toe{toe}-1"), foot.toes)


def pose_arm(posing: Posing, side: Side, reach: FloatArray, pole: FloatArray, follow: float) -> None:
    """Hold one arm so that the wrist is ``reach`` (3,) from the shoulder, the elbow towards ``pole`` (3,).

    ``follow`` is the share of the upper arm's turn that the shoulder joins in. The hand continues the forearm.
    """
    upper, fore = _arm_turns(posing.rig, side, reach, pole)
    posing.turn(side.bone("shoulder01"), turns_between(posing.rotation(side.bone("clavicle")), upper, follow))
    posing.turn(side.bone("upperarm01"), upper)
    posing.turn(side.bone("lowerarm01"), fore)


def plant_hand(
    posing: Posing, side: Side, wrist: FloatArray, pole: FloatArray, hand: FloatArray, follow: float
) -> None:
    """Bend one arm so that the wrist is at a place (3,) and the hand turned (3, 3) as given; the rest as `pose_arm`."""
    rig = posing.rig
    clavicle, start = posing.rotation(side.bone("clavicle")), posing.at(side.bone("shoulder01"))
    span = rig.vector(side.bone("shoulder01"), side.bone("upperarm01"))
    joins = clavicle
    for _ in range(SHOULDER_ROUNDS):  # the shoulder follows the arm, and the arm begins at the shoulder
        joins = turns_between(clavicle, _arm_turns(rig, side, wrist - start - joins @ span, pole)[0], follow)
    upper, fore = _arm_turns(rig, side, wrist - start - joins @ span, pole)
    posing.turn(side.bone("shoulder01"), joins)
    posing.turn(side.bone("upperarm01"), upper)
    posing.turn(side.bone("lowerarm01"), fore)
    along = fore @ rig.vector(side.bone("lowerarm01"), side.bone("wrist"))
    posing.turn(side.bone("lowerarm02"), about(along, 0.5 * twist_deg(hand @ fore.T, along)) @ fore)
    posing.turn(side.bone("wrist"), hand)


def hand_turned(rig: Rig, side: Side, fingers: FloatArray, back: FloatArray) -> FloatArray:
    """Return (3, 3): the turn of a hand whose fingers point along one direction (3,) and its back along another."""
    wrist = side.bone("wrist")
    across = cross(rig.vector(wrist, side.bone("finger2-1")), rig.vector(wrist, side.bone("finger5-1")))
    return carrying(rig.vector(wrist, side.bone("finger3-1")), side.outwards * across, fingers, back)


def foot_turned(rig: Rig, side: Side, turn_out_deg: float) -> FloatArray:
    """Return (3, 3): the turn about the vertical of a foot that then points so far outwards from straight ahead."""
    along = rig.vector(side.bone("foot"), side.bone("toe3-1"))
    at_rest_deg = math.degrees(math.atan2(along[0] * side.outwards, -along[1]))
    return about_z((turn_out_deg - at_rest_deg) * side.outwards)


def foot_on_ball(rig: Rig, side: Side, ball: FloatArray, pitch: FloatArray, toes: FloatArray) -> Foot:
    """Return the foot whose ball is at a place (3,), pitched over its toes (3, 3 each)."""
    turn = pitch @ toes
    return Foot(ball - turn @ rig.vector(side.bone("foot"), side.bone("toe3-1")), turn, toes)


def ball_on_floor(rig: Rig, side: Side, ankle_x_m: float, ankle_y_m: float, toes: FloatArray) -> FloatArray:
    """Return (3,): where the ball of a flat foot is, turned (3, 3) on the floor, with the ankle over a place."""
    ankle = np.array([ankle_x_m, ankle_y_m, rig.head(side.bone("foot"))[2]])
    ball: FloatArray = ankle + toes @ rig.vector(side.bone("foot"), side.bone("toe3-1"))
    return ball


def leg_length(rig: Rig) -> float:
    """Return the length of a straight leg from hip to ankle, in metres."""
    return rig.length("upperleg01.L", "lowerleg01.L") + rig.length("lowerleg01.L", "foot.L")


def arm_length(rig: Rig) -> float:
    """Return the length of a straight arm from shoulder to wrist, in metres."""
    return rig.length("upperarm01.L", "lowerarm01.L") + rig.length("lowerarm01.L", "wrist.L")


def _hip_centre(rig: Rig) -> FloatArray:
    centre: FloatArray = (rig.head("upperleg01.L") + rig.head("upperleg01.R")) / 2
    return centre


def _farthest(start: FloatArray, along: FloatArray, centre: FloatArray, reach_m: float) -> float:
    """Return how far one may go from ``start`` (3,) along a unit vector to stay within reach of a centre (3,).

    Where the line passes the centre too far off, it is the way to its nearest point.
    """
    offset = start - centre
    ahead = float(offset @ along)
    return -ahead + math.sqrt(max(0.0, ahead * ahead - float(offset @ offset) + reach_m * reach_m))


def _arm_turns(rig: Rig, side: Side, reach: FloatArray, pole: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return how upper arm and forearm are turned (3, 3) when the wrist is ``reach`` from the shoulder."""
    upper = rig.vector(side.bone("upperarm01"), side.bone("lowerarm01"))
    fore = rig.vector(side.bone("lowerarm01"), side.bone("wrist"))
    hinge = cross(upper, fore)  # arms are a little bent at rest
    new_upper, new_fore, new_hinge = _bent(upper, fore, reach, pole)
    return carrying(upper, hinge, new_upper, new_hinge), carrying(fore, hinge, new_fore, new_hinge)


def _bent(
    first: FloatArray, second: FloatArray, reach: FloatArray, pole: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the two bones (3,) of a limb that reaches so far, and the axis about which it flexes."""
    first_m, second_m = math.sqrt(first @ first), math.sqrt(second @ second)
    along = unit(reach)
    distance = min(math.sqrt(reach @ reach), (first_m + second_m) * LONGEST_REACH)
    cosine = (first_m**2 + distance**2 - second_m**2) / (2.0 * first_m * distance)
    cosine = min(1.0, max(-1.0, cosine))
    aside = unit(pole - along * (pole @ along))
    new_first = first_m * (cosine * along + math.sqrt(1.0 - cosine**2) * aside)
    return new_first, distance * along - new_first, cross(aside, along)
