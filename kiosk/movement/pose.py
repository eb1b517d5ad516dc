"""One person in one frame, and in a run of frames.

Coordinates are pixels of the source picture, x to the right, y down. A keypoint that was not seen is NaN in
both coordinates; nothing downstream ever guesses it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from kiosk.movement.quantiles import seen_median

FloatArray: TypeAlias = NDArray[np.float64]
#: x and y of one point in pixels.
Point: TypeAlias = Sequence[float]

#: A keypoint with a lower score counts as not seen (DOMAIN 4: far limbs of real people average only about 0.5).
SEEN_SCORE = 0.3


class Keypoint(IntEnum):
    """The seventeen keypoints of COCO, in MoveNet's order. Left and right are the person's own."""

    NOSE = 0
    LEFT_EYE = 1
    RIGHT_EYE = 2
    LEFT_EAR = 3
    RIGHT_EAR = 4
    LEFT_SHOULDER = 5
    RIGHT_SHOULDER = 6
    LEFT_ELBOW = 7
    RIGHT_ELBOW = 8
    LEFT_WRIST = 9
    RIGHT_WRIST = 10
    LEFT_HIP = 11
    RIGHT_HIP = 12
    LEFT_KNEE = 13
    RIGHT_KNEE = 14
    LEFT_ANKLE = 15
    RIGHT_ANKLE = 16


KEYPOINTS = len(Keypoint)


class Side(StrEnum):
    """One side of a person: their own, not the picture's."""

    LEFT = "left"
    RIGHT = "right"


#: For each keypoint its counterpart on the other side; the nose is its own.
MIRRORED: tuple[int, ...] = (0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15)

#: The lines that are drawn between keypoints.
SKELETON: tuple[tuple[Keypoint, Keypoint], ...] = (
    (Keypoint.LEFT_EAR, Keypoint.LEFT_EYE),
    (Keypoint.LEFT_EYE, Keypoint.NOSE),
    (Keypoint.NOSE, Keypoint.RIGHT_EYE),
    (Keypoint.RIGHT_EYE, Keypoint.RIGHT_EAR),
    (Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER),
    (Keypoint.LEFT_SHOULDER, Keypoint.LEFT_ELBOW),
    (Keypoint.LEFT_ELBOW, Keypoint.LEFT_WRIST),
    (Keypoint.RIGHT_SHOULDER, Keypoint.RIGHT_ELBOW),
    (Keypoint.RIGHT_ELBOW, Keypoint.RIGHT_WRIST),
    (Keypoint.LEFT_SHOULDER, Keypoint.LEFT_HIP),
    (Keypoint.RIGHT_SHOULDER, Keypoint.RIGHT_HIP),
    (Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP),
    (Keypoint.LEFT_HIP, Keypoint.LEFT_KNEE),
    (Keypoint.LEFT_KNEE, Keypoint.LEFT_ANKLE),
    (Keypoint.RIGHT_HIP, Keypoint.RIGHT_KNEE),
    (Keypoint.RIGHT_KNEE, Keypoint.RIGHT_ANKLE),
)


@dataclass(frozen=True, eq=False, slots=True)
class Pose:
    """One person in one frame.

    ``xy`` is (17, 2) in pixels, NaN where a keypoint was not seen; ``score`` is (17,) from 0 to 1; ``t_s`` are
    seconds on the source's own clock; ``size_px`` is (width, height) of the picture.
    """

    xy: FloatArray
    score: FloatArray
    t_s: float
    size_px: tuple[int, int]
    #: ``xy`` as plain numbers: geometry on single points is five times as fast with them.
    points: Sequence[Point] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # Tuples, since the garbage collector walks through lists again and again.
        object.__setattr__(self, "points", tuple(zip(*self.xy.T.tolist(), strict=True)))

    def point(self, keypoint: int) -> Point:
        """Return x and y of one keypoint in pixels, NaN if it was not seen."""
        return self.points[keypoint]

    def sees(self, *keypoints: int) -> bool:
        """Whether every one of these keypoints was seen."""
        return not any(math.isnan(self.points[k][0]) for k in keypoints)

    def mirrored(self) -> Pose:
        """Return the pose of the same person's mirror image: the left arm is what the right arm was, and so on."""
        swapped = list(MIRRORED)
        return Pose(_other_way_round(self.xy[swapped], self.size_px), self.score[swapped], self.t_s, self.size_px)


@dataclass(frozen=True, eq=False, slots=True)
class PoseTrack:
    """One person over a run of frames.

    ``xy`` is (T, 17, 2), ``score`` (T, 17), ``t_s`` (T,) never falling, ``size_px`` one for all; the conventions are
    those of `Pose`.
    """

    xy: FloatArray
    score: FloatArray
    t_s: FloatArray
    size_px: tuple[int, int]

    def __len__(self) -> int:
        return len(self.t_s)

    def pose(self, index: int) -> Pose:
        """Return the pose of one frame."""
        return Pose(self.xy[index], self.score[index], float(self.t_s[index]), self.size_px)

    def part(self, first: int, last: int) -> PoseTrack:
        """Return frames ``first`` to ``last``, both included."""
        cut = slice(first, last + 1)
        return PoseTrack(self.xy[cut], self.score[cut], self.t_s[cut], self.size_px)

    def mirrored(self) -> PoseTrack:
        """Return the track of the same person's mirror image: see `Pose.mirrored`."""
        swapped = list(MIRRORED)
        xy = _other_way_round(self.xy[:, swapped], self.size_px)
        return PoseTrack(xy, self.score[:, swapped], self.t_s, self.size_px)

    def middle(self) -> Pose:
        """Return the pose of medians over these frames, at their mean time: one still figure out of a short run."""
        xy, score = seen_median(self.xy), seen_median(self.score)
        return Pose(xy, score, float(np.mean(self.t_s)), self.size_px)


def _other_way_round(xy: FloatArray, size_px: tuple[int, int]) -> FloatArray:
    """Return points (..., 2), a copy of its own, with x counted from the picture's other edge."""
    xy[..., 0] = size_px[0] - xy[..., 0]
    return xy


def track_of(poses: list[Pose]) -> PoseTrack:
    """Join poses of one source into a track. Raises ValueError where there is none."""
    if not poses:
        raise ValueError("a track needs at least one pose")
    return PoseTrack(
        np.stack([p.xy for p in poses]),
        np.stack([p.score for p in poses]),
        np.array([p.t_s for p in poses]),
        poses[0].size_px,
    )
