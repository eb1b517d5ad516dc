"""People of any build who do any exercise: said by the angles of their joints, on whatever they stand or lean.

    split = JointCurves(knee_deg=(175, 95), hip_deg=(178, 100))
    track = perform([split] * 5, SIDE)

A curve says how an angle goes over a rep, from 0 at its top to 1 at its bottom, or over the time of a hold: a number
(it stays), a pair (straight from the first to the second), or a function of the share. `BothSides` gives left and
right curves of their own. Angles at knees, hips and elbows are included ones, in degrees: 180 is straight, less is
bent, and more than 180 at the hips is beyond straight, as in hips that sag in a plank.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeAlias

import numpy as np

from kiosk.movement.pose import KEYPOINTS, MIRRORED, FloatArray, Keypoint, PoseTrack
from kiosk.testing.people import Body, Camera, Person, record

Angle: TypeAlias = float | tuple[float, float] | Callable[[float], float]


@dataclass(frozen=True, slots=True)
class BothSides:
    """Two curves, for the own left and the own right side."""

    left: Angle
    right: Angle


Curve: TypeAlias = Angle | BothSides


class Support(StrEnum):
    """What the body stands or leans on, and stays where it is.

    On one leg the other hangs by its own knee and hip. On hands or forearms the feet stay on the floor and the body
    turns about them, so that hands, or elbows, stay where they were at share 0. Kneeling is on knees and feet.
    """

    FEET = "feet"
    LEFT_LEG = "left-leg"
    RIGHT_LEG = "right-leg"
    KNEES = "knees"
    HANDS = "hands"
    FOREARMS = "forearms"


@dataclass(frozen=True, slots=True)
class Build:
    """How long somebody's limbs are and how wide the joints are apart, in torso lengths (shoulders to hips).

    ``thigh``, ``shin``, ``upper_arm`` and ``forearm`` from joint to joint, ``neck`` from the shoulders to the ears,
    ``face`` from there to the nose; ``shoulders`` and ``hips`` from left to right.
    """

    thigh: float = 0.85
    shin: float = 0.85
    upper_arm: float = 0.6
    forearm: float = 0.5
    neck: float = 0.35
    face: float = 0.15
    shoulders: float = 0.70
    hips: float = 0.40


#: From the side, for whoever lies along the floor: the feet at the left of the picture, all of the body in it.
FLOOR_SIDE = Camera(yaw_deg=90.0, torso_px=110.0, at_px=(130.0, 400.0))
#: Sides as z points: to the own left.
_OUT = (1.0, -1.0)
_CURVES = ("knee_deg", "hip_deg", "shin_deg", "shoulder_deg", "elbow_deg", "knee_in_deg")


@dataclass(frozen=True, slots=True)
class JointCurves:
    """Somebody who moves by curves; a `Person` for `perform`.

    ``knee_deg``, ``hip_deg``, ``elbow_deg``: included angles. ``shin_deg``: how far the shin leans ahead of the
    vertical; on hands and forearms it follows from the support. ``shoulder_deg``: from the arm along the trunk (0)
    ahead and up to overhead (180); on hands and forearms only its value at share 0 counts. ``head_deg``: how far the
    head tips ahead of the trunk's line. Seen from the front: ``knee_in_deg``, how far the knee bends inwards off the
    line from hip to ankle; ``pelvis_drop_deg``, how much lower the right hip is; ``trunk_side_deg``, how far the trunk
    leans to the own left (on the right leg both are the other way round: away from the standing leg, and to it).
    ``stance`` is how far the feet are apart, ``bar`` how high the hands are, in torso lengths. ``lag_s``: seconds by
    which the right side comes later. ``support`` is what carries the body, ``build`` how long its limbs are.
    """

    support: Support = Support.FEET
    knee_deg: Curve = 178.0
    hip_deg: Curve = 178.0
    shin_deg: Curve = 0.0
    shoulder_deg: Curve = 0.0
    elbow_deg: Curve = 175.0
    head_deg: Angle = 0.0
    knee_in_deg: Curve = 0.0
    pelvis_drop_deg: Angle = 0.0
    trunk_side_deg: Angle = 0.0
    stance: float = 0.5
    bar: float = 0.0
    lag_s: float = 0.0
    build: Build = Build()

    def body(self, down: float, down_right: float = math.nan) -> Body:
        """Return the body (17, 3) at a share of the way, ``down_right`` of the right side (`kiosk.testing.people`)."""
        right = down if math.isnan(down_right) else down_right
        if self.support is Support.RIGHT_LEG:
            # The mirror image of somebody on the left leg.
            swapped: dict[str, Any] = {name: _swapped(getattr(self, name)) for name in _CURVES}
            body = replace(self, support=Support.LEFT_LEG, **swapped).body(right, down)[list(MIRRORED)]
            return body * (1.0, 1.0, -1.0)
        chains = [_chain(self, side, share) for side, share in enumerate((down, right))]
        if self.support is Support.LEFT_LEG:
            chains[1] = _hanging_leg(self, chains[0], right)
        body = np.zeros((KEYPOINTS, 3))
        for side, chain in enumerate(chains):
            for joint, spot in chain.spots.items():
                body[joint + side, :2] = spot
        self._put_head(body, chains[0].trunk + math.radians(_at(self.head_deg, 0, down)))
        self._set_apart(body, down, right)
        return body

    def _put_head(self, body: Body, lean: float) -> None:
        shoulders = (body[Keypoint.LEFT_SHOULDER, :2] + body[Keypoint.RIGHT_SHOULDER, :2]) / 2
        ears, ahead = shoulders + self.build.neck * _along(lean), self.build.face * _along(lean + math.pi / 2)
        body[[Keypoint.LEFT_EAR, Keypoint.RIGHT_EAR], :2] = ears
        body[[Keypoint.LEFT_EYE, Keypoint.RIGHT_EYE], :2] = ears + 0.6 * ahead
        body[Keypoint.NOSE, :2] = ears + ahead

    def _set_apart(self, body: Body, down: float, right: float) -> None:
        """Give every point its place to the own left, and what bends sideways."""
        build, one_leg = self.build, self.support is Support.LEFT_LEG
        for side, out in enumerate(_OUT):
            stance = build.hips / 2 if one_leg and side == 0 else build.hips if one_leg else self.stance
            for left, width in ((5, build.shoulders), (7, build.shoulders), (9, build.shoulders), (11, build.hips)):
                body[left + side, 2] = out * width / 2
            body[Keypoint.LEFT_ANKLE + side, 2] = out * stance / 2
            body[Keypoint.LEFT_EYE + side, 2], body[Keypoint.LEFT_EAR + side, 2] = out * 0.06, out * 0.12
            inward = math.radians(_at(self.knee_in_deg, side, (down, right)[side]))
            _put_knee(body, side, out, inward)
        body[Keypoint.RIGHT_HIP, 1] -= build.hips * math.tan(math.radians(_at(self.pelvis_drop_deg, 0, down)))
        _lean_sideways(body, math.radians(_at(self.trunk_side_deg, 0, down)))


def hold(
    person: Person,
    seconds: float,
    camera: Camera = FLOOR_SIDE,
    *,
    resting: Person | None = None,
    lead_s: float = 1.5,
    fps: float = 30.0,
    noise_px: float = 0.0,
    seed: int = 0,
) -> PoseTrack:
    """Return a recording of somebody who holds a posture for ``seconds``, over which the share goes from 0 to 1.

    Before and after it ``resting`` is seen for ``lead_s`` (at share 0): somebody who kneels, say; None: nobody.
    """

    def body_at(t_s: float) -> Body:
        into_s = t_s - lead_s
        if 0 <= into_s <= seconds:
            return person.body(into_s / seconds, into_s / seconds)
        return np.full((KEYPOINTS, 3), math.nan) if resting is None else resting.body(0.0, 0.0)

    return record(body_at, seconds + 2 * lead_s, camera, fps=fps, noise_px=noise_px, seed=seed)


@dataclass(frozen=True, slots=True)
class _Chain:
    """One side of the body in the plane ahead and up: its joints by the keypoint of the left, and the trunk's lean."""

    spots: dict[Keypoint, FloatArray]
    trunk: float


def _chain(person: JointCurves, side: int, share: float) -> _Chain:
    """Return one side, from the foot on the floor up to the shoulder and down the arm.

    A lean is the angle of a segment from the vertical, ahead positive, in radians.
    """
    knee, hip = (_bend(curve, side, share) for curve in (person.knee_deg, person.hip_deg))
    if person.support in (Support.HANDS, Support.FOREARMS):
        return _propped(person, side, share)
    shin = math.pi / 2 if person.support is Support.KNEES else math.radians(_at(person.shin_deg, side, share))
    legs = _legs_up(person.build, shin, knee, hip)
    return _with_arm(person, legs, side, share)


def _legs_up(build: Build, shin: float, knee: float, hip: float) -> _Chain:
    """Return ankle, knee, hip and shoulder of a leg that stands: the knee bends back, the hip ahead."""
    thigh, trunk = shin - knee, shin - knee + hip
    ankle = np.zeros(2)
    at_knee = ankle + build.shin * _along(shin)
    at_hip = at_knee + build.thigh * _along(thigh)
    spots = {Keypoint.LEFT_ANKLE: ankle, Keypoint.LEFT_KNEE: at_knee, Keypoint.LEFT_HIP: at_hip}
    return _Chain(spots | {Keypoint.LEFT_SHOULDER: at_hip + _along(trunk)}, trunk)


def _with_arm(person: JointCurves, chain: _Chain, side: int, share: float) -> _Chain:
    """Return the chain with an arm that hangs from its shoulder, raised ahead and bent ahead."""
    arm = chain.trunk + math.pi - math.radians(_at(person.shoulder_deg, side, share))
    return _arm_along(person.build, chain, arm, arm - _bend(person.elbow_deg, side, share))


def _arm_along(build: Build, chain: _Chain, arm: float, forearm: float) -> _Chain:
    elbow = chain.spots[Keypoint.LEFT_SHOULDER] + build.upper_arm * _along(arm)
    wrist = elbow + build.forearm * _along(forearm)
    return _Chain(chain.spots | {Keypoint.LEFT_ELBOW: elbow, Keypoint.LEFT_WRIST: wrist}, chain.trunk)


def _hanging_leg(person: JointCurves, standing: _Chain, share: float) -> _Chain:
    """Return the right side of somebody on the left leg: its leg hangs from the pelvis."""
    build, at_hip = person.build, standing.spots[Keypoint.LEFT_HIP]
    thigh = standing.trunk - _bend(person.hip_deg, 1, share)
    knee = at_hip - build.thigh * _along(thigh)
    ankle = knee - build.shin * _along(thigh + _bend(person.knee_deg, 1, share))
    spots = standing.spots | {Keypoint.LEFT_KNEE: knee, Keypoint.LEFT_ANKLE: ankle}
    return _with_arm(person, _Chain(spots, standing.trunk), 1, share)


def _propped(person: JointCurves, side: int, share: float) -> _Chain:
    """Return one side of somebody on hands or forearms: foot and hand, or elbow, stay where they are."""
    build, on_hands = person.build, person.support is Support.HANDS
    lower = build.forearm if on_hands else 0.0

    def upright(at: float) -> tuple[_Chain, float]:
        """Return the chain as if the shin were upright, and the reach from shoulder to what leans on the floor."""
        knee, hip, elbow = (_bend(curve, side, at) for curve in (person.knee_deg, person.hip_deg, person.elbow_deg))
        reach = math.hypot(build.upper_arm + lower * math.cos(elbow), lower * math.sin(elbow))
        return _legs_up(build, 0.0, knee, hip), reach

    first, reach = upright(0.0)
    arm = first.trunk + math.pi - math.radians(_at(person.shoulder_deg, side, 0.0))
    far, from_shin = _polar(first.spots[Keypoint.LEFT_SHOULDER] + reach * _along(arm))
    planted = math.acos(max(-1.0, min(1.0, person.bar / far)))
    chain, reach = upright(share)
    high, from_shin = _polar(chain.spots[Keypoint.LEFT_SHOULDER])
    shin = planted - _corner(high, far, reach) - from_shin
    bends = (_bend(curve, side, share) for curve in (person.knee_deg, person.hip_deg))
    chain = _legs_up(build, shin, *bends)
    _, down = _polar(far * _along(planted) - chain.spots[Keypoint.LEFT_SHOULDER])
    arm = down + _corner(build.upper_arm, reach, lower)
    return _arm_along(build, chain, arm, arm - _bend(person.elbow_deg, side, share) if on_hands else math.pi / 2)


def _corner(a: float, b: float, opposite: float) -> float:
    """Return the angle of a triangle between the sides ``a`` and ``b``; 0 where they do not reach."""
    return math.acos(max(-1.0, min(1.0, (a * a + b * b - opposite * opposite) / (2 * a * b))))


def _polar(spot: FloatArray) -> tuple[float, float]:
    """Return how far a spot is from the origin, and the lean of the line to it."""
    return float(np.hypot(*spot)), math.atan2(spot[0], spot[1])


def _along(lean: float) -> FloatArray:
    """Return (2,) ahead and up of a unit line that leans."""
    return np.array([math.sin(lean), math.cos(lean)])


def _put_knee(body: Body, side: int, out: float, inward: float) -> None:
    """Put a knee between hip and ankle, so far off their line that it bends inwards by an angle, seen from ahead."""
    knee, hip, ankle = (body[joint + side] for joint in (Keypoint.LEFT_KNEE, Keypoint.LEFT_HIP, Keypoint.LEFT_ANKLE))
    thigh, shin = (max(0.05, abs(float(joint[1] - knee[1]))) for joint in (hip, ankle))
    tangent, across = math.tan(inward), thigh * shin
    # tan(a + b) of the two angles that the knee's offset makes with the line.
    root = math.sqrt((thigh + shin) ** 2 + 4 * tangent**2 * across)
    offset = (root - thigh - shin) / (2 * tangent) if tangent else 0.0
    knee[2] = (shin * hip[2] + thigh * ankle[2]) / (thigh + shin) - out * offset


def _lean_sideways(body: Body, lean: float) -> None:
    """Lean everything above the hips to the own left, about the middle between them."""
    pivot = (body[Keypoint.LEFT_HIP] + body[Keypoint.RIGHT_HIP]) / 2
    shoulders = (body[Keypoint.LEFT_SHOULDER] + body[Keypoint.RIGHT_SHOULDER]) / 2
    high = float(shoulders[1] - pivot[1])
    body[: Keypoint.LEFT_HIP] += (0.0, high * (math.cos(lean) - 1), high * math.sin(lean))


def _at(curve: Curve, side: int, share: float) -> float:
    """Return the value of a curve in degrees for a side, 0 the left, at a share of the way."""
    if isinstance(curve, BothSides):
        curve = (curve.left, curve.right)[side]
    if isinstance(curve, tuple):
        return curve[0] + (curve[1] - curve[0]) * share
    return curve(share) if callable(curve) else curve


def _bend(curve: Curve, side: int, share: float) -> float:
    """Return by how many radians a joint is bent off the straight line."""
    return math.radians(180.0 - _at(curve, side, share))


def _swapped(curve: Curve) -> Curve:
    return BothSides(curve.right, curve.left) if isinstance(curve, BothSides) else curve
