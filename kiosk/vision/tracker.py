"""Staying with the person who is being scanned while others walk through the picture.

MoveNet finds one person and may jump to another. The tracker takes a pose only if it can belong to the same
person as the last one; otherwise it says "not seen" and keeps looking where the person was.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kiosk.movement.geometry import distance, middle, pair
from kiosk.movement.pose import KEYPOINTS, SEEN_SCORE, Keypoint, Pose
from kiosk.vision.camera import Image
from kiosk.vision.crop import Square, whole_picture
from kiosk.vision.movenet import MoveNet

#: After so long without the person the tracker takes whoever is there.
FORGET_S = 1.5
#: How fast the middle of a body may move, in its sizes a second, on top of a jitter of this share of its size.
_SPEED = 4.0
_JITTER = 0.45
#: A body is as large as a moment ago, within this factor.
_GROWTH = 1.8
#: A trunk is about this many shoulder widths long; seen end on, as in a push-up, the shoulders tell the size.
_SHOULDERS_TO_TRUNK = 1.4
#: What a second body must show to count as someone else in the picture: keypoints, torso score, share of the first
#: one's height. On single people's clips this is met in less than 1 of 100 looks twice in a row.
_OTHER_KEYPOINTS = 10
_OTHER_TORSO_SCORE = 0.35
_OTHER_HEIGHT = 0.5
#: The grey that the first person is painted over with, and how far beyond the keypoints.
_GREY = 114
_PAINT_MARGIN = 0.18


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the person was: middle and size of the trunk in pixels, when, and in which square."""

    x: float
    y: float
    size: float
    t_s: float
    square: Square | None


class PersonTracker:
    """A `MoveNet` that keeps to one person. It is a `kiosk.vision.movenet.PoseEstimator`."""

    def __init__(self, model: MoveNet) -> None:
        self._model = model
        self._last: _Place | None = None

    def reset(self) -> None:
        """Forget the person: the next picture may show anybody anywhere."""
        self._last = None
        self._model.reset()

    def estimate(self, image: Image, t_s: float) -> Pose:
        """Return the pose of the same person as before; all NaN where only somebody else was seen."""
        if self._last is not None and t_s - self._last.t_s > FORGET_S:
            self.reset()
        square = self._model.square
        pose = self._model.estimate(image, t_s)
        place = _place(pose, square)
        if place is None:
            return pose
        if self._last is not None and not _same(self._last, place):
            self._model.follow(self._last.square)
            return _nobody(pose)
        self._last = place
        return pose

    def sees_another(self, image: Image, pose: Pose) -> bool:
        """Whether a second body is in the picture: looks at all of it once more, the first one painted over."""
        points = pose.xy[~np.isnan(pose.xy[:, 0])]
        if len(points) < _OTHER_KEYPOINTS:
            return False
        whole = whole_picture(pose.size_px)
        view = self._model.look(image, whole)
        scale = self._model.side_px / whole.side
        low, high = points.min(axis=0), points.max(axis=0)
        margin = _PAINT_MARGIN * float(np.max(high - low))
        corner = np.array([whole.left, whole.top])
        first = ((low - margin - corner) * scale).clip(0, self._model.side_px).astype(int)
        last = ((high + margin - corner) * scale).clip(0, self._model.side_px).astype(int)
        view[first[1] : last[1], first[0] : last[0]] = _GREY
        found = self._model.infer(view)
        score = found[:, 2]
        seen = found[score >= SEEN_SCORE]
        if len(seen) < _OTHER_KEYPOINTS or _torso_score(score) < _OTHER_TORSO_SCORE:
            return False
        return bool(np.ptp(seen[:, 0]) * whole.side >= _OTHER_HEIGHT * np.max(high - low))


def _torso_score(score: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    shoulders = max(score[Keypoint.LEFT_SHOULDER], score[Keypoint.RIGHT_SHOULDER])
    return float(min(shoulders, max(score[Keypoint.LEFT_HIP], score[Keypoint.RIGHT_HIP])))


def _place(pose: Pose, square: Square | None) -> _Place | None:
    shoulders, hips = pair(pose, Keypoint.LEFT_SHOULDER), pair(pose, Keypoint.LEFT_HIP)
    if math.isnan(shoulders[0] + hips[0]):
        return None
    x, y = middle(shoulders, hips)
    width = distance(pose.point(Keypoint.LEFT_SHOULDER), pose.point(Keypoint.RIGHT_SHOULDER))
    size = max(distance(shoulders, hips), 0.0 if math.isnan(width) else _SHOULDERS_TO_TRUNK * width)
    return _Place(x, y, size, pose.t_s, square)


def _same(before: _Place, now: _Place) -> bool:
    dt = now.t_s - before.t_s
    larger, smaller = max(before.size, now.size), min(before.size, now.size)
    if math.hypot(now.x - before.x, now.y - before.y) > (_JITTER + _SPEED * dt) * larger:
        return False
    # Someone much nearer or farther stands at much the same spot: a passer-by in front.
    return larger <= _GROWTH * (1 + dt) * smaller


def _nobody(pose: Pose) -> Pose:
    return Pose(np.full((KEYPOINTS, 2), np.nan), np.zeros(KEYPOINTS), pose.t_s, pose.size_px)
