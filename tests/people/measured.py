"""Angles and places on keypoints in the world, (K, 3) in metres: what a perfect camera would have measured."""

from __future__ import annotations

import math

import numpy as np

from kiosk.movement.pose import FloatArray, Keypoint
from tests.people.body import Body, Posture


def middle(points: FloatArray, left: Keypoint) -> FloatArray:
    """Return (3,): half-way between a keypoint of the left side and its counterpart."""
    between: FloatArray = (points[left] + points[left + 1]) / 2
    return between


def lean_deg(lower: FloatArray, upper: FloatArray) -> float:
    """Return how far the line from one point (3,) up to another leans forwards, towards -y, in degrees."""
    return math.degrees(math.atan2(lower[1] - upper[1], upper[2] - lower[2]))


def angle_deg(a: FloatArray, vertex: FloatArray, b: FloatArray) -> float:
    """Return the angle at ``vertex`` (3,) between the lines to two others: 180 is straight."""
    first, second = a - vertex, b - vertex
    cosine = float(first @ second) / float(np.linalg.norm(first) * np.linalg.norm(second))
    return math.degrees(math.acos(min(1.0, max(-1.0, cosine))))


def elbow_deg(points: FloatArray, side: int) -> float:
    """Return the angle of the left (0) or right (1) elbow: 180 is straight."""
    shoulder, elbow, wrist = Keypoint.LEFT_SHOULDER, Keypoint.LEFT_ELBOW, Keypoint.LEFT_WRIST
    return angle_deg(points[shoulder + side], points[elbow + side], points[wrist + side])


def trunk_lean_deg(points: FloatArray) -> float:
    """Return how far the line from the hips to the shoulders leans forwards, degrees."""
    return lean_deg(middle(points, Keypoint.LEFT_HIP), middle(points, Keypoint.LEFT_SHOULDER))


def shin_lean_deg(points: FloatArray) -> float:
    """Return how far the line from the ankles to the knees leans forwards, degrees."""
    return lean_deg(middle(points, Keypoint.LEFT_ANKLE), middle(points, Keypoint.LEFT_KNEE))


def arms_forward_deg(points: FloatArray) -> float:
    """Return how far raised arms are in front of the trunk's line, degrees."""
    arms = lean_deg(middle(points, Keypoint.LEFT_SHOULDER), middle(points, Keypoint.LEFT_WRIST))
    return arms - trunk_lean_deg(points)


def gaze_drop_deg(points: FloatArray) -> float:
    """Return how far the line from the ears to the nose points below the horizontal, degrees."""
    ears = middle(points, Keypoint.LEFT_EAR)
    nose = points[Keypoint.NOSE]
    return math.degrees(math.atan2(ears[2] - nose[2], ears[1] - nose[1]))


def width_m(points: FloatArray, left: Keypoint) -> float:
    """Return how far apart in x a keypoint and its counterpart are."""
    return float(points[left, 0] - points[left + 1, 0])


def knee_separation_ratio(points: FloatArray) -> float:
    """Return how far apart the knees are, in ankle widths."""
    return width_m(points, Keypoint.LEFT_KNEE) / width_m(points, Keypoint.LEFT_ANKLE)


def hips_above_knees_m(points: FloatArray) -> float:
    """Return how far the hips are above the knees."""
    return float(middle(points, Keypoint.LEFT_HIP)[2] - middle(points, Keypoint.LEFT_KNEE)[2])


def hip_bend_deg(points: FloatArray) -> float:
    """Return how far the line from shoulders over hips to ankles of a push-up is bent: sag positive, pike negative."""
    shoulders, hips, ankles = (
        middle(points, joint) for joint in (Keypoint.LEFT_SHOULDER, Keypoint.LEFT_HIP, Keypoint.LEFT_ANKLE)
    )
    along, aside = ankles - shoulders, hips - shoulders
    below = along[2] * aside[1] / along[1] - aside[2]
    return math.copysign(180.0 - angle_deg(shoulders, hips, ankles), below)


def mirrored(body: Body, posture: Posture) -> FloatArray:
    """Return (17, 3): the keypoints of a posture as its mirror image has them."""
    points = body.keypoints_at(posture)
    swapped = [0, *(index + 1 if index % 2 else index - 1 for index in range(1, len(points)))]
    mirror: FloatArray = points[swapped] * (-1.0, 1.0, 1.0)
    return mirror
