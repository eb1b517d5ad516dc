"""The three things that the person on the mark is asked for: stand, raise the arms, take a step."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

import numpy as np

from kiosk.mounting.geometry import EAR_TO_ANKLE, body_px
from kiosk.movement.geometry import pair
from kiosk.movement.pose import Keypoint, Pose

#: How long the person must keep still for each, and how far middle and size of the body may wander in that time, as a
#: share of its size.
STILL_S, STILL = 1.5, 0.04
#: At least so many poses make a stance: of fewer the median is no better than one.
LEAST_POSES = 5
#: A step changes the size of a body at least by this factor: 0.5 m of 3 m. With less, height and tilt cannot be told
#: apart.
STEPPED = 1.15
#: Beyond wrists and ankles there are hands and soles: as shares of the stature.
_HAND, _SOLE, _ELBOW_OUT = 0.11, 0.055, 0.03
_NEEDED = (
    *(Keypoint.LEFT_EAR, Keypoint.RIGHT_EAR, Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER),
    *(Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP, Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE),
)
_FEET = (Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE)
_HEAD = (Keypoint.LEFT_EAR, Keypoint.RIGHT_EAR)

MARK = "Stand on the mark as its feet show, look straight ahead, arms down."
ARMS = "Now stretch both arms up, and hold them there."
STEP = "Arms down. Take one large step straight back, or ahead if a wall is behind you, and stand still."
DONE = "Done. Thank you."
NOBODY = "Nobody is seen yet: stand on the mark."
NO_FEET = "The feet are not in the picture: tilt the camera down, or move it away."
NO_HEAD = "The head is not in the picture: tilt the camera up, or move it away."
NOT_WHOLE = "The whole body is not seen: face the camera, and let light fall on it from the front."
_SAYS = (MARK, ARMS, STEP, DONE)


@dataclass(frozen=True, slots=True)
class Margins:
    """How much of the picture is left around the body, hands up: shares of its height (top, bottom) or width.

    Negative: so much is cut off.
    """

    top: float
    bottom: float
    left: float
    right: float

    @property
    def least(self) -> float:
        """The narrowest of them."""
        return min(self.top, self.bottom, self.left, self.right)


class Steps:
    """Takes in pose after pose and gathers one still stance for each step. Time enters by `Pose.t_s`."""

    def __init__(self) -> None:
        self._recent: deque[Pose] = deque()
        self._stances: list[Pose] = []
        self._ask: str | None = None

    @property
    def number(self) -> int:
        """How many steps are done, of three."""
        return len(self._stances)

    @property
    def says(self) -> str:
        """What to ask of the person now, or what is in the way of it."""
        return self._ask or _SAYS[self.number]

    @property
    def done(self) -> bool:
        """Whether all three stances were seen."""
        return self.number == len(_SAYS) - 1

    @property
    def on_mark(self) -> Pose | None:
        """The person on the mark, arms down; None until then."""
        return self._stances[0] if self._stances else None

    @property
    def arms_up(self) -> Pose | None:
        """The same with raised arms; None until then."""
        return self._stances[1] if self.number > 1 else None

    @property
    def stepped(self) -> Pose | None:
        """The same one step away from the mark; None until then."""
        return self._stances[2] if self.number > 2 else None

    @property
    def held_share(self) -> float:
        """How much of the time to keep still has passed, 0 to 1."""
        if not self._recent:
            return 0.0
        return min(1.0, (self._recent[-1].t_s - self._recent[0].t_s) / STILL_S)

    def update(self, pose: Pose) -> None:
        """Take in the pose of a moment; one that sees nobody breaks the stillness."""
        if self.done:
            return
        self._ask = _in_the_way(pose)
        if self._ask is not None or not self._fits(pose):
            self._recent.clear()
            return
        self._recent.append(pose)
        while not _still(self._recent):
            self._recent.popleft()
        if self.held_share >= 1.0 and len(self._recent) >= LEAST_POSES:
            self._stances.append(_median(self._recent))
            self._recent.clear()

    def _fits(self, pose: Pose) -> bool:
        """Whether somebody does what is asked just now."""
        raised = pair(pose, Keypoint.LEFT_WRIST)[1] < pose.points[Keypoint.NOSE][1]
        if self.number == 0:
            return not raised
        if self.number == 1:
            # A hand above the picture is not seen; its elbow tells.
            elbows = pair(pose, Keypoint.LEFT_ELBOW)[1]
            return raised or (
                math.isnan(pair(pose, Keypoint.LEFT_WRIST)[1]) and elbows < pair(pose, Keypoint.LEFT_SHOULDER)[1]
            )
        change = body_px(pose) / body_px(self._stances[0])
        return not raised and max(change, 1 / change) >= STEPPED


def margins(pose: Pose) -> Margins:
    """Return what is left around somebody with raised arms: hands and soles are added to what keypoints tell."""
    stature_px = body_px(pose) / EAR_TO_ANKLE
    width, height = pose.size_px
    tops = [_hand_y(pose, side) for side in (0, 1)]
    seen = pose.xy[~np.isnan(pose.xy[:, 0])]
    soles = max(pose.points[foot][1] for foot in _FEET) + _SOLE * stature_px
    aside = _ELBOW_OUT * stature_px
    return Margins(
        (min(tops) - _HAND * stature_px) / height,
        1 - soles / height,
        (float(seen[:, 0].min()) - aside) / width,
        1 - (float(seen[:, 0].max()) + aside) / width,
    )


def _hand_y(pose: Pose, side: int) -> float:
    """Return how high a raised wrist is in the picture; where it was not seen, as high again as the elbow."""
    wrist = pose.points[Keypoint.LEFT_WRIST + side][1]
    if not math.isnan(wrist):
        return wrist
    elbow, shoulder = pose.points[Keypoint.LEFT_ELBOW + side][1], pose.points[Keypoint.LEFT_SHOULDER + side][1]
    # Without an elbow there is nothing to go by: the hand is beyond the picture.
    return -1.0 if math.isnan(elbow) else 2 * elbow - shoulder


def _in_the_way(pose: Pose) -> str | None:
    """Return what keeps a pose from being measured, as a sentence; None where all is seen."""
    if pose.sees(*_NEEDED):
        return None
    if math.isnan(pair(pose, Keypoint.LEFT_SHOULDER)[0] + pair(pose, Keypoint.LEFT_HIP)[0]):
        return NOBODY
    if not pose.sees(*_FEET):
        return NO_FEET
    return NO_HEAD if not any(pose.sees(ear) for ear in _HEAD) else NOT_WHOLE


def _still(poses: deque[Pose]) -> bool:
    """Whether the newest pose is where the oldest was, and as large."""
    first, last = poses[0], poses[-1]
    size = body_px(first)
    moved = np.abs(last.xy[[*_HEAD, *_FEET]] - first.xy[[*_HEAD, *_FEET]]).max()
    return bool(moved <= STILL * size)


def _median(poses: deque[Pose]) -> Pose:
    """Return the pose of medians; a keypoint counts as seen that was in half of them."""
    xy = np.stack([pose.xy for pose in poses])
    often = np.isfinite(xy[..., 0]).mean(axis=0) >= 0.5
    filled = np.full(xy.shape[1:], np.nan)
    filled[often] = np.nanmedian(xy[:, often], axis=0)
    score = np.median(np.stack([pose.score for pose in poses]), axis=0)
    return Pose(filled, score, poses[-1].t_s, poses[-1].size_px)
