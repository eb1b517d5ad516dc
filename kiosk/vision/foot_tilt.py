"""How far a foot has tilted since the person stood, from the two pictures themselves.

The second model guesses heels from the rest of the leg: a heel that rises by 25 degrees moves its heel point by 15,
give or take 20 (rendered people). But the camera stands still and the toes stay where they are, so the picture of the
foot at the bottom is that of the standing foot, turned about the ball: the turn that fits best is the answer. On 26
rendered people in all clothes, up to 13 degrees askew, its spread is 2 degrees.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.movement.pose import FloatArray, Point
from kiosk.vision.camera import Image
from kiosk.vision.close_up import CloseUp, after, back_again

#: The canvas that a foot is looked at on: always facing right and so long from heel to toe, its ball at this place.
CANVAS_PX, FOOT_PX = 96, 53
_BALL_PX = (60.0, 65.0)
#: The ball lies at this share of the way from heel to toe; the foot is looked at up to so far above it and a little
#: below it, in foot lengths: the shin above moves for reasons of its own.
_BALL_SHARE, _ABOVE, _BELOW, _AHEAD = 0.72, 0.38, 0.18, 0.18
#: The foot may have been set down elsewhere, by this much on the canvas (about 6 cm).
_STEP_PX = 12
#: Tilts that are tried, in degrees, heel up positive: all of these, then every one around the best.
_COARSE_DEG = tuple(range(-12, 49, 4))
_FINE_DEG = (-3, -2, -1, 0, 1, 2, 3)
#: Pictures that are less alike than this are not of the same foot.
ALIKE = 0.6
#: A foot must fill this many pixels of the canvas to be recognised.
_LEAST_PX = 150


@dataclass(frozen=True, eq=False, slots=True)
class StandingFoot:
    """The standing foot that others are compared with: its picture (96, 96, 3), where it is foot, and the way there.

    ``warp`` (2, 3) takes a point of the frame to the canvas.
    """

    picture: Image
    foot: NDArray[np.uint8]
    warp: FloatArray


def standing_foot(shown: CloseUp, person: NDArray[np.uint8], heel: Point, toe: Point) -> StandingFoot | None:
    """Return the foot between a heel and a toe (px of the frame), or None where it is not wholly in the picture.

    ``person`` has the size of the close-up and is above 0 where the person is.
    """
    long_px = math.dist(heel, toe)
    if not long_px > 0:
        return None
    facing, scale = math.copysign(1.0, toe[0] - heel[0]), FOOT_PX / long_px
    ball = [heel[axis] + _BALL_SHARE * (toe[axis] - heel[axis]) for axis in (0, 1)]
    warp = np.array(
        [
            [facing * scale, 0.0, _BALL_PX[0] - facing * scale * ball[0]],
            [0.0, scale, _BALL_PX[1] - scale * ball[1]],
        ]
    )
    low, high = (round(_BALL_PX[1] + share * FOOT_PX) for share in (-_ABOVE, _BELOW))
    back, ahead = round(_BALL_PX[0] - _BALL_SHARE * FOOT_PX), round(_BALL_PX[0] + _AHEAD * FOOT_PX)
    in_picture = _on_canvas(np.ones(shown.image.shape[:2], np.uint8), shown, warp)
    if not in_picture[low:high, back:ahead].all():
        return None
    there = _on_canvas(person, shown, warp)
    foot = np.zeros((CANVAS_PX, CANVAS_PX), np.uint8)
    foot[low:high, :ahead] = there[low:high, :ahead] > 0
    # The rim of the sole against the floor tells more than the shoe itself.
    foot[low:] = cv2.dilate(foot, np.ones((5, 5), np.uint8))[low:]
    if int(foot.sum()) < _LEAST_PX:
        return None
    return StandingFoot(_on_canvas(shown.image, shown, warp), foot, warp)


def heel_up_deg(stood: StandingFoot, shown: CloseUp) -> float:
    """Return by how many degrees the heel came up about the ball; NaN where the foot cannot be found again."""
    now = _on_canvas(shown.image, shown, stood.warp)
    best, alike = 0, -1.0
    for tilt in _COARSE_DEG:
        fit = _fit(stood, now, tilt)
        if fit > alike:
            best, alike = tilt, fit
    around = {best + step: _fit(stood, now, best + step) for step in _FINE_DEG}
    best = max(around, key=lambda tilt: around[tilt])
    return float(best) if around[best] >= ALIKE else math.nan


def _fit(stood: StandingFoot, now: Image, tilt_deg: float) -> float:
    """Return how alike the tilted standing foot and the foot now are at the best place, at most 1."""
    turn = cv2.getRotationMatrix2D(_BALL_PX, -tilt_deg, 1.0)
    size = (CANVAS_PX, CANVAS_PX)
    foot = cv2.warpAffine(stood.foot, turn, size, flags=cv2.INTER_NEAREST)
    picture = cv2.warpAffine(stood.picture, turn, size, flags=cv2.INTER_LINEAR)
    rows, columns = np.flatnonzero(foot.any(axis=1)), np.flatnonzero(foot.any(axis=0))
    if len(rows) == 0:
        return -1.0
    top, left = max(_STEP_PX, int(rows[0])), max(_STEP_PX, int(columns[0]))
    bottom = min(CANVAS_PX - _STEP_PX, int(rows[-1]) + 1)
    right = min(CANVAS_PX - _STEP_PX, int(columns[-1]) + 1)
    window = now[top - _STEP_PX : bottom + _STEP_PX, left - _STEP_PX : right + _STEP_PX]
    template, weight = picture[top:bottom, left:right], foot[top:bottom, left:right]
    score = cv2.matchTemplate(window, template, cv2.TM_CCOEFF_NORMED, mask=weight)
    return float(np.nan_to_num(score, nan=-1.0, posinf=-1.0, neginf=-1.0).max())


def _on_canvas(picture: Image, shown: CloseUp, warp: FloatArray) -> Image:
    """Return what a close-up shows there, on the canvas to which ``warp`` takes points of the frame."""
    way = after(warp, back_again(shown.warp))
    drawn = cv2.warpAffine(picture, way, (CANVAS_PX, CANVAS_PX), flags=cv2.INTER_LINEAR)
    return np.asarray(drawn, np.uint8)
