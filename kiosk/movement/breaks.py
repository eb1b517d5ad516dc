"""Where a run of poses is not one person moving: a cut, a zoom, or another person."""

from __future__ import annotations

import math
import warnings

import numpy as np

from kiosk.movement.geometry import pairs
from kiosk.movement.pose import Keypoint, PoseTrack
from kiosk.movement.quantiles import percentile

#: A frame is compared with the next but one, since the model may need a frame to find its feet; frames further
#: apart than this are not compared: people do move in that time.
_STEP = 2
_NEXT_S = 0.15
#: No frames at all for this long (a camera that was pulled out) is a break too.
_SILENT_S = 1.0
#: Nobody grows by this factor in so short a time, nor goes this far, in lengths from shoulder to ankle.
_GROWTH = 1.2
_JUMP = 0.2
#: How much the logarithms of the bones' growth may differ for it to be one factor.
_ALIKE = 0.15
#: A bone seen end on, shorter than this share of the way from shoulder to ankle, says nothing about growth.
_SHORT = 0.15
_CHAIN = (
    Keypoint.LEFT_SHOULDER,
    Keypoint.LEFT_HIP,
    Keypoint.LEFT_KNEE,
    Keypoint.LEFT_ANKLE,
)


def find_breaks(track: PoseTrack) -> list[int]:
    """Return the frames that do not follow from the one before.

    A break shows as all bones growing or shrinking by one factor, or as trunk and legs all moving far at once.
    """
    if len(track) <= _STEP:
        return []
    joints = np.stack([pairs(track, k) for k in _CHAIN], axis=1)
    bones = np.hypot(*np.moveaxis(np.diff(joints, axis=1), -1, 0))
    with warnings.catch_warnings():
        # Frames in which nothing was seen compare as NaN, and NaN is no break.
        warnings.simplefilter("ignore", RuntimeWarning)
        growth = np.log(bones[_STEP:] / bones[:-_STEP])
        chains = bones.sum(axis=1)
        length = percentile(chains[~np.isnan(chains)].tolist(), 90)
        clear = np.minimum(bones[_STEP:], bones[:-_STEP]).min(axis=1) > _SHORT * length
        alike = clear & (np.ptp(growth, axis=1) < _ALIKE)
        shared = np.where(alike, np.abs(growth.mean(axis=1)), 0.0)
        step = np.hypot(*np.moveaxis(joints[_STEP:] - joints[:-_STEP], -1, 0)) / length
        far = step.min(axis=1)
    soon = track.t_s[_STEP:] - track.t_s[:-_STEP] <= _NEXT_S
    broken = soon & ((shared > math.log(_GROWTH)) | (far > _JUMP))
    silent = np.flatnonzero(np.diff(track.t_s) > _SILENT_S) + 1
    return sorted({*(np.flatnonzero(broken) + _STEP).tolist(), *silent.tolist()})
