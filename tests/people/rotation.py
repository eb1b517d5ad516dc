"""Rotations as 3x3 matrices that turn column vectors. Angles are in degrees, right-handed about their axis."""

from __future__ import annotations

import math

import numpy as np

from kiosk.movement.pose import FloatArray

#: Below this a turn counts as none, in radians: the axis of a smaller one is lost in rounding.
LEAST_TURN = 1e-7


def about_x(angle_deg: float) -> FloatArray:
    """Return (3, 3): a turn about x. Positive leans what stands up towards -y, which is forwards."""
    cosine, sine = _cosine_sine(angle_deg)
    return np.array([[1.0, 0.0, 0.0], [0.0, cosine, -sine], [0.0, sine, cosine]])


def about_y(angle_deg: float) -> FloatArray:
    """Return (3, 3): a turn about y. Positive leans what stands up towards +x, which is the person's left."""
    cosine, sine = _cosine_sine(angle_deg)
    return np.array([[cosine, 0.0, sine], [0.0, 1.0, 0.0], [-sine, 0.0, cosine]])


def about_z(angle_deg: float) -> FloatArray:
    """Return (3, 3): a turn about the vertical. Positive turns somebody to the own left."""
    cosine, sine = _cosine_sine(angle_deg)
    return np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]])


def about(axis: FloatArray, angle_deg: float) -> FloatArray:
    """Return (3, 3): a turn about any axis (3,)."""
    return turn_by(unit(axis) * math.radians(angle_deg))


def unit(vector: FloatArray) -> FloatArray:
    """Return the vector (3,) with length 1."""
    scaled: FloatArray = vector / math.sqrt(vector @ vector)
    return scaled


def cross(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return the cross product of two vectors (3,); numpy's own takes ten times as long for a single pair."""
    return np.array([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])


def carrying(along: FloatArray, hinge: FloatArray, new_along: FloatArray, new_hinge: FloatArray) -> FloatArray:
    """Return (3, 3): the turn that brings ``along`` to ``new_along`` and, as far as it can then, hinge to hinge."""
    turn: FloatArray = _frame(new_along, new_hinge) @ _frame(along, hinge).T
    return turn


def turns_between(start: FloatArray, end: FloatArray, share: float) -> FloatArray:
    """Return (..., 3, 3): ``share`` of the way from one rotation to another, the short way round at an even pace."""
    turn: FloatArray = start @ turn_by(share * turn_of(np.swapaxes(start, -1, -2) @ end))
    return turn


def twist_deg(rotation: FloatArray, axis: FloatArray) -> float:
    """Return how much of a rotation (3, 3) is about an axis (3,), leaving aside how it swings the axis itself."""
    turn = turn_of(rotation)
    half = math.sqrt(turn @ turn) / 2
    if half < LEAST_TURN:
        return 0.0
    return math.degrees(2.0 * math.atan2(float(turn @ unit(axis)) / (2.0 * half) * math.sin(half), math.cos(half)))


def turn_of(rotation: FloatArray) -> FloatArray:
    """Return (..., 3): the axis of each rotation (..., 3, 3), as long as its angle in radians, at most pi."""
    skew = np.stack(
        [
            rotation[..., 2, 1] - rotation[..., 1, 2],
            rotation[..., 0, 2] - rotation[..., 2, 0],
            rotation[..., 1, 0] - rotation[..., 0, 1],
        ],
        axis=-1,
    )
    twice_sine = np.sqrt((skew * skew).sum(-1))
    angle = np.arctan2(twice_sine, np.trace(rotation, axis1=-2, axis2=-1) - 1.0)
    axis: FloatArray = skew * (angle / np.maximum(twice_sine, LEAST_TURN))[..., None]
    return axis


def turn_by(axis: FloatArray) -> FloatArray:
    """Return (..., 3, 3): the rotations about axes (..., 3) whose lengths are the angles in radians."""
    angle = np.sqrt((axis * axis).sum(-1))[..., None]
    x, y, z = np.moveaxis(axis / np.maximum(angle, LEAST_TURN), -1, 0)
    zero = np.zeros_like(x)
    skew = np.stack([zero, -z, y, z, zero, -x, -y, x, zero], axis=-1).reshape(*axis.shape, 3)
    angle = angle[..., None]
    turn: FloatArray = np.eye(3) + np.sin(angle) * skew + (1.0 - np.cos(angle)) * (skew @ skew)
    return turn


def _cosine_sine(angle_deg: float) -> tuple[float, float]:
    angle = math.radians(angle_deg)
    return math.cos(angle), math.sin(angle)


def _frame(along: FloatArray, hinge: FloatArray) -> FloatArray:
    """Return (3, 3): right-handed axes in columns, the first along ``along``, the second nearest to ``hinge``."""
    first = unit(along)
    second = unit(hinge - first * (hinge @ first))
    return np.array([first, second, cross(first, second)]).T
