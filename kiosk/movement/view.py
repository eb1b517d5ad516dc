"""From which side the camera sees the person, told from the skeleton itself."""

from __future__ import annotations

import math
from enum import StrEnum

from kiosk.movement.geometry import pair, torso_px
from kiosk.movement.pose import Keypoint, Pose, PoseTrack


class View(StrEnum):
    """The side of the person that faces the camera. ``SIDE`` is either flank."""

    FRONT = "front"
    REAR = "rear"
    SIDE = "side"


#: Widths over torso length of someone square to the camera, as MoveNet places shoulders and hips (DOMAIN 4).
_SQUARE_SHOULDERS = 0.70
_SQUARE_HIPS = 0.40
#: Openness above which a view is frontal, below which it is from the side. Between them the view stays what it was;
#: people filmed 30 degrees off their true side read 0.55, people facing the camera 0.8 and more (real clips).
_FRONTAL = 0.66
_LATERAL = 0.58
#: How much a head turned to the camera can be off the ears before it counts against a frontal view, in torsos.
_FOLLOWS = 0.25


def openness(pose: Pose) -> float:
    """Return how squarely the camera sees the chest: 1 face to face, 0 from the flank, -1 from behind.

    NaN when shoulders or hips were not seen. From shoulder and hip width over torso length, less how far the nose
    points sideways.
    """
    torso = torso_px(pose)
    shoulders = pose.points[Keypoint.LEFT_SHOULDER][0] - pose.points[Keypoint.RIGHT_SHOULDER][0]
    hips = pose.points[Keypoint.LEFT_HIP][0] - pose.points[Keypoint.RIGHT_HIP][0]
    if not torso > 0 or math.isnan(shoulders + hips):
        return math.nan
    wide = (min(abs(shoulders) / torso / _SQUARE_SHOULDERS, 1.5) + min(abs(hips) / torso / _SQUARE_HIPS, 1.5)) / 2
    nose = abs(pose.points[Keypoint.NOSE][0] - pair(pose, Keypoint.LEFT_EAR)[0]) / torso
    square = wide - (0.0 if math.isnan(nose) else min(nose, _FOLLOWS))
    return math.copysign(max(0.0, square), shoulders)


class ViewTracker:
    """Tells the view from pose after pose, with hysteresis: it changes only when the new one is clear."""

    def __init__(self, memory_s: float = 0.5) -> None:
        self._memory_s = memory_s
        self._openness = math.nan
        self._t_s = -math.inf
        self.view: View | None = None

    def reset(self) -> None:
        """Forget what was seen."""
        self._openness, self._t_s, self.view = math.nan, -math.inf, None

    def update(self, pose: Pose) -> View | None:
        """Take in a pose and return the view; None until one was clear."""
        seen = openness(pose)
        if math.isnan(seen):
            return self.view
        dt = pose.t_s - self._t_s
        self._t_s = pose.t_s
        if math.isnan(self._openness) or dt > 4 * self._memory_s:
            self._openness = seen
        else:
            self._openness += (seen - self._openness) * min(1.0, dt / self._memory_s)
        self.view = named_view(self._openness, self.view)
        return self.view


def named_view(square: float, before: View | None) -> View | None:
    """Return the view of an `openness`; ``before`` where it lies between two views."""
    if abs(square) >= _FRONTAL:
        return View.FRONT if square > 0 else View.REAR
    return View.SIDE if abs(square) <= _LATERAL else before


def view_of(track: PoseTrack) -> View | None:
    """Return the view of most of a track; None when shoulders and hips were hardly seen together."""
    step = max(1, len(track) // 400)
    values = [openness(track.pose(k)) for k in range(0, len(track), step)]
    seen = sorted(v for v in values if not math.isnan(v))
    if not seen or 10 * len(seen) < len(values):
        return None
    square = seen[len(seen) // 2]
    return named_view(square, View.SIDE if abs(square) < (_FRONTAL + _LATERAL) / 2 else None) or (
        View.FRONT if square > 0 else View.REAR
    )
