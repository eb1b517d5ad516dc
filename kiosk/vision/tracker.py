"""Staying with the person who is being scanned while others walk through the picture.

MoveNet finds one person and may jump to another. The tracker takes a pose only if it can belong to the same
person as the last one; otherwise it looks again with the stranger painted over, and says "not seen" where that does
not help either.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

import cv2
import numpy as np

from kiosk.movement.geometry import distance, middle, pair
from kiosk.movement.pose import KEYPOINTS, SEEN_SCORE, SKELETON, Keypoint, Point, Pose
from kiosk.movement.quantiles import median
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
#: Half of the keypoints of a body go no farther than this, in its sizes: a jitter, so much a second, and less a second
#: after a while (people who squat or push up: 0.36 in 0.1 s at most, 0.33 in 0.05 s; a jump to somebody beside them
#: 0.4 to 1.1).
_KEYPOINTS_JITTER, _KEYPOINTS_SPEED, _KEYPOINTS_LATER_SPEED = 0.22, 2.5, 1.2
_SOON_S = 0.12
#: So many keypoints of both poses must be there to compare them.
_COMPARED = 6
#: Somebody stands still whose feet stayed, for so long and in so many poses at least, within this of their middle
#: place, in sizes of the body: all but a fifth of the time, for what stands in front of them shakes them.
_STILL, _STILL_SHARE, _STILL_S, _STILL_POSES, _STILL_EVERY_S = 0.2, 0.8, 1.8, 8, 0.09
#: If both feet are farther away than this it is somebody else, or a step: a step after so long.
_STEP, _STEP_S = 0.35, 0.5
#: How thick the limbs of a stranger are painted over, and those of the member are spared, in their sizes.
_STRANGER_LIMB, _OWN_LIMB = 0.4, 0.3
_FEET = [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]
#: A trunk is about this many shoulder widths long; seen end on, as in a push-up, the shoulders tell the size.
_SHOULDERS_TO_TRUNK = 1.4
#: A whole body, stretched out or squatting, reaches over about so many trunks.
_TRUNKS_LONG = 4.0
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
    """Where the person was: middle and size of the trunk in pixels, the pose, and in which square it was seen."""

    x: float
    y: float
    size: float
    pose: Pose
    square: Square | None

    @property
    def t_s(self) -> float:
        """When that was."""
        return self.pose.t_s


class _Stance:
    """Where the feet of somebody who stands still are."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, list[Point]]] = deque()
        self._stood: tuple[Point, ...] | None = None

    def clear(self) -> None:
        """Forget it."""
        self._seen.clear()
        self._stood = None

    def add(self, place: _Place) -> None:
        """Take in another pose of the same person; ten a second are enough."""
        if self._seen and place.t_s < self._seen[-1][0] + _STILL_EVERY_S:
            return
        self._seen.append((place.t_s, [place.pose.points[foot] for foot in _FEET]))
        while self._seen[0][0] < place.t_s - _STILL_S:
            self._seen.popleft()
        self._stood = self._places(place.size) if len(self._seen) >= _STILL_POSES else None

    def left_by(self, place: _Place) -> bool:
        """Whether a pose has both feet elsewhere than somebody who stood still; a foot that is hidden stayed."""
        if self._stood is None:
            return False
        feet = [place.pose.points[foot] for foot in _FEET]
        return all(distance(foot, stood) > _STEP * place.size for foot, stood in zip(feet, self._stood, strict=True))

    def _places(self, size: float) -> tuple[Point, ...] | None:
        """Return where the feet stood, None where one moved; a foot that was never seen is at NaN."""
        stood: list[Point] = []
        for foot in range(len(_FEET)):
            seen = [feet[foot] for _, feet in self._seen if not math.isnan(feet[foot][0])]
            place = (median(x for x, _ in seen), median(y for _, y in seen)) if seen else (math.nan, math.nan)
            if sum(distance(place, point) <= _STILL * size for point in seen) < _STILL_SHARE * len(seen):
                return None
            stood.append(place)
        return tuple(stood)


class PersonTracker:
    """A `MoveNet` that keeps to one person. It is a `kiosk.vision.movenet.PoseEstimator`."""

    def __init__(self, model: MoveNet) -> None:
        self._model = model
        self._last: _Place | None = None
        self._stance = _Stance()

    def reset(self) -> None:
        """Forget the person: the next picture may show anybody anywhere."""
        self._last = None
        self._stance.clear()
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
        last = self._last
        if last is None or self._theirs(last, place):
            return self._keep(place)
        found = self._past(image, place, last)
        if found is not None:
            return self._keep(found)
        if _same(last, place) and t_s - last.t_s > _STEP_S:
            self._stance.clear()
            return self._keep(place)
        self._model.follow(last.square)
        return _nobody(pose)

    def _theirs(self, last: _Place, place: _Place) -> bool:
        return _same(last, place) and not self._stance.left_by(place)

    def _keep(self, place: _Place) -> Pose:
        self._last = place
        self._stance.add(place)
        return place.pose

    def _past(self, image: Image, stranger: _Place, last: _Place) -> _Place | None:
        """Return where the person is with the stranger painted over; None where that still is not them."""
        self._model.follow(last.square)
        pose = self._model.estimate(_painted_over(image, stranger, last), stranger.t_s)
        place = _place(pose, last.square)
        return place if place is not None and self._theirs(last, place) else None

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
    # Where both look short, as from above, what all keypoints reach does not.
    seen = [point for point in pose.points if not math.isnan(point[0])]
    reach = max(max(along) - min(along) for along in zip(*seen, strict=True))
    size = max(size, reach / _TRUNKS_LONG)
    return _Place(x, y, size, pose, square)


def _same(before: _Place, now: _Place) -> bool:
    dt = now.t_s - before.t_s
    larger, smaller = max(before.size, now.size), min(before.size, now.size)
    if math.hypot(now.x - before.x, now.y - before.y) > (_JITTER + _SPEED * dt) * larger:
        return False
    # Someone much nearer or farther stands at much the same spot: a passer-by in front.
    if larger > _GROWTH * (1 + dt) * smaller:
        return False
    # Plain numbers: for so few points numpy takes three times as long.
    gone = [math.dist(a, b) for a, b in zip(before.pose.points, now.pose.points, strict=True)]
    gone = [by for by in gone if not math.isnan(by)]
    soon = min(dt, _SOON_S)
    reach = _KEYPOINTS_JITTER + _KEYPOINTS_SPEED * soon + _KEYPOINTS_LATER_SPEED * (dt - soon)
    return len(gone) < _COMPARED or median(gone) <= reach * larger


def _painted_over(image: Image, stranger: _Place, last: _Place) -> Image:
    """Return a copy of the picture without the stranger, but with all that lies where the person was."""
    mask = np.zeros(image.shape[:2], np.uint8)
    for place, limb, value in ((stranger, _STRANGER_LIMB, 1), (last, _OWN_LIMB, 0)):
        thick = max(1, round(limb * place.size))
        points = place.pose.points
        for one, other in SKELETON:
            if not math.isnan(points[one][0] + points[other][0]):
                cv2.line(mask, _pixel(points[one]), _pixel(points[other]), value, thick)
    painted = image.copy()
    painted[mask > 0] = _GREY
    return painted


def _pixel(point: Point) -> tuple[int, int]:
    return round(point[0]), round(point[1])


def _nobody(pose: Pose) -> Pose:
    return Pose(np.full((KEYPOINTS, 2), np.nan), np.zeros(KEYPOINTS), pose.t_s, pose.size_px)
