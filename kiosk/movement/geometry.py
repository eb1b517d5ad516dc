"""Angles, lengths and ratios of a pose.

Angles are degrees, lengths pixels. Every function gives NaN when a keypoint that it needs was not seen. "Up" is
up in the picture: the camera is taken to stand level.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from kiosk.movement.pose import MIRRORED, FloatArray, Keypoint, Point, Pose, PoseTrack
from kiosk.movement.quantiles import median

#: A trunk that leans further from the vertical lies along the floor.
LYING_DEG = 60.0


def middle(a: Point, b: Point) -> Point:
    """Return the point half-way between two points."""
    return ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)


def either(a: Point, b: Point) -> Point:
    """Return the point half-way between two, or the one that was seen."""
    if math.isnan(a[0]):
        return b
    return a if math.isnan(b[0]) else middle(a, b)


def pair(pose: Pose, left: int) -> Point:
    """Return the mean of a keypoint and its counterpart; one alone where the other was not seen.

    In a side view the mean of both sides errs by 2 degrees when the person stands 10 degrees askew; one side
    alone errs by 9 to 12 (DOMAIN 0).
    """
    return either(pose.points[left], pose.points[MIRRORED[left]])


def pairs(track: PoseTrack, left: int) -> FloatArray:
    """Return (T, 2): what `pair` gives, for every frame of a track."""
    a, b = track.xy[:, left], track.xy[:, MIRRORED[left]]
    mean: FloatArray = np.where(np.isnan(a), b, np.where(np.isnan(b), a, (a + b) / 2))
    return mean


def both_sides(of_side: Callable[[int], float]) -> float:
    """Return the mean of what ``of_side`` gives for the left (0) and the right (1), or the one that was seen.

    Keypoints of COCO alternate: ``Keypoint.LEFT_HIP + side`` is that side's hip.
    """
    left, right = of_side(0), of_side(1)
    if math.isnan(left):
        return right
    return left if math.isnan(right) else (left + right) / 2


def distance(a: Point, b: Point) -> float:
    """Return the distance between two points."""
    return math.hypot(b[0] - a[0], b[1] - a[1])


def lean_deg(lower: Point, upper: Point) -> float:
    """Return how far the line from ``lower`` to ``upper`` leans from the vertical, towards +x positive."""
    return math.degrees(math.atan2(upper[0] - lower[0], lower[1] - upper[1]))


def angle_deg(a: Point, vertex: Point, b: Point) -> float:
    """Return the angle at ``vertex`` between the lines to ``a`` and ``b``: 180 is straight."""
    ux, uy = a[0] - vertex[0], a[1] - vertex[1]
    vx, vy = b[0] - vertex[0], b[1] - vertex[1]
    return abs(math.degrees(math.atan2(ux * vy - uy * vx, ux * vx + uy * vy)))


def bend_deg(a: Point, vertex: Point, b: Point) -> float:
    """Return how far the line a-vertex-b is bent: 0 is straight, positive when ``vertex`` hangs below it.

    Below means away from the top of the picture, so it needs a line that lies rather than stands.
    """
    bent = 180.0 - angle_deg(a, vertex, b)
    width = b[0] - a[0]
    if not abs(width) > 0:
        return math.nan
    on_line = a[1] + (b[1] - a[1]) * (vertex[0] - a[0]) / width
    return bent if vertex[1] >= on_line else -bent


def wrapped_deg(angle: float) -> float:
    """Return the same angle between -180 and 180."""
    return (angle + 180.0) % 360.0 - 180.0


def gaze_drop_deg(pose: Pose) -> float:
    """Return how far the face points below the horizontal, in degrees, for someone seen from the side facing +x.

    It is the direction from the ears to the nose, which tells a head that hangs from one that is carried forward;
    the line from the shoulder to the ear does not.
    """
    ears, nose = pair(pose, Keypoint.LEFT_EAR), pose.points[Keypoint.NOSE]
    return math.degrees(math.atan2(nose[1] - ears[1], nose[0] - ears[0]))


def torso_px(pose: Pose) -> float:
    """Return the length from mid-shoulder to mid-hip."""
    return distance(pair(pose, Keypoint.LEFT_SHOULDER), pair(pose, Keypoint.LEFT_HIP))


def width_px(pose: Pose, left: int) -> float:
    """Return how far apart in x a keypoint and its counterpart are."""
    return abs(pose.points[left][0] - pose.points[MIRRORED[left]][0])


def facing(pose: Pose) -> float:
    """Return +1 when the person faces +x, -1 when -x, NaN when the head does not tell."""
    ahead = pose.points[Keypoint.NOSE][0] - pair(pose, Keypoint.LEFT_EAR)[0]
    if math.isnan(ahead) or ahead == 0:
        return math.nan
    return math.copysign(1.0, ahead)


def near_side(pose: Pose) -> int:
    """Return which side of someone seen from the flank the camera sees better: 0 the left, 1 the right.

    The scores of eyes and ears tell, since the head hides its far side (80 of 80 rendered push-up sets); those of
    limbs do not, because the model is sure of what it guesses (68 of 80).
    """
    left = [Keypoint.LEFT_EYE, Keypoint.LEFT_EAR]
    return int(pose.score[[side + 1 for side in left]].sum() > pose.score[left].sum())


#: A nose so little ahead of the ears, in torso lengths, does not tell: the head hangs. A body that leans by more than
#: this does.
_NOSE_TELLS, _BODY_TELLS_DEG = 0.1, 20.0


def faces_right(track: PoseTrack) -> bool:
    """Whether the person in a side view faces +x, by most of the frames.

    The nose tells, unless the trunk lies along the floor, or the head hangs from a body that leans on its hands: those
    face the way that the head lies. Knees do where the head was not seen: a bent knee points ahead of the ankle.
    """
    shoulders, hips = pairs(track, Keypoint.LEFT_SHOULDER), pairs(track, Keypoint.LEFT_HIP)
    ankles = pairs(track, Keypoint.LEFT_ANKLE)
    nose = _middle_of(track.xy[:, Keypoint.NOSE, 0] - pairs(track, Keypoint.LEFT_EAR)[:, 0])
    across, lean = _line(hips, shoulders)
    if abs(lean) > LYING_DEG:
        return across >= 0
    across, lean = _line(ankles, shoulders)
    if abs(nose) < _NOSE_TELLS * _middle_of(np.hypot(*(shoulders - hips).T)) and abs(lean) > _BODY_TELLS_DEG:
        return across >= 0
    if math.isnan(nose):
        nose = _middle_of((pairs(track, Keypoint.LEFT_KNEE) - ankles)[:, 0])
    return math.isnan(nose) or nose >= 0


def _line(lower: FloatArray, upper: FloatArray) -> tuple[float, float]:
    """Return how far ``upper`` is ahead of ``lower`` (T, 2) in x for most of the time, and the lean of their line."""
    across, down = _middle_of((upper - lower)[:, 0]), _middle_of((upper - lower)[:, 1])
    return across, lean_deg((0.0, 0.0), (across, down))


def _middle_of(values: FloatArray) -> float:
    """Return the median of what was seen (T,), NaN where nothing was."""
    seen = values[np.isfinite(values)]
    return median(seen.tolist()) if len(seen) else math.nan


def turned(track: PoseTrack) -> PoseTrack:
    """Return the same track seen in a mirror, the sides still the person's own: someone facing -x faces +x."""
    xy = track.xy.copy()
    xy[..., 0] = track.size_px[0] - xy[..., 0]
    return PoseTrack(xy, track.score, track.t_s, track.size_px)
