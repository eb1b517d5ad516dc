"""Where the pose model looks next: the tracking crop that MoveNet's authors describe.

The model sees a small square. When the torso was seen, the next square is laid around the person (1.9 times the
torso's reach, 1.2 times the body's, whichever is larger, centred on the hips); otherwise it is the whole picture.
Rule and factors: the MoveNet tutorial of TensorFlow Hub (Apache-2.0), in our own words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.movement.pose import Keypoint

#: Keypoints below this score do not steer the crop (same source; lower than what the judging accepts).
CROP_SCORE = 0.2
_TORSO_REACH = 1.9
_BODY_REACH = 1.2
_TORSO = frozenset((Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER, Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP))


@dataclass(frozen=True, slots=True)
class Square:
    """A square of the picture in whole pixels, by its left top corner and side; it may reach beyond the picture.

    Whole pixels, so that the way back from the model's square to the picture is exact.
    """

    left: int
    top: int
    side: int


def whole_picture(size_px: tuple[int, int]) -> Square:
    """Return the smallest centred square that holds the whole picture."""
    width, height = size_px
    side = max(width, height)
    return Square((width - side) // 2, (height - side) // 2, side)


def next_square(points: Sequence[Sequence[float]], score: Sequence[float], size_px: tuple[int, int]) -> Square | None:
    """Return the square to look at next, or None when the torso was not seen well enough to follow.

    ``points`` are x and y in pixels of all 17 keypoints, unseen ones included, ``score`` their scores. Plain
    numbers: for so few points numpy takes twice as long.
    """
    shoulders = max(score[Keypoint.LEFT_SHOULDER], score[Keypoint.RIGHT_SHOULDER])
    hips = max(score[Keypoint.LEFT_HIP], score[Keypoint.RIGHT_HIP])
    if shoulders <= CROP_SCORE or hips <= CROP_SCORE:
        return None
    width, height = size_px
    left, right = points[Keypoint.LEFT_HIP], points[Keypoint.RIGHT_HIP]
    x, y = (left[0] + right[0]) / 2, (left[1] + right[1]) / 2
    torso = body = 0.0
    for keypoint, (point_x, point_y) in enumerate(points):
        reach_x, reach_y = abs(point_x - x), abs(point_y - y)
        reach = reach_x if reach_x > reach_y else reach_y
        if reach > torso and keypoint in _TORSO:
            torso = reach
        if reach > body and score[keypoint] > CROP_SCORE:
            body = reach
    half = max(_TORSO_REACH * torso, _BODY_REACH * body)
    half = min(half, max(x, width - x, y, height - y))
    if half > max(width, height) / 2:
        return whole_picture(size_px)
    return Square(round(x - half), round(y - half), max(1, round(2 * half)))
