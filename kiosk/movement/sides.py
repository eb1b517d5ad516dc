"""Mending frames in which the model took the left side for the right."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kiosk.movement.pose import MIRRORED, FloatArray, Keypoint, PoseTrack
from kiosk.movement.quantiles import median

#: Keypoints that the model swaps together.
_LIMBS: tuple[tuple[int, ...], ...] = (
    (Keypoint.LEFT_SHOULDER, Keypoint.LEFT_ELBOW, Keypoint.LEFT_WRIST),
    (Keypoint.LEFT_HIP, Keypoint.LEFT_KNEE, Keypoint.LEFT_ANKLE),
)
#: What a frame costs that is taken to be swapped, in torso lengths: swaps must pay for themselves soon.
_SWAPPED_COST = 0.05
#: What it costs that a keypoint comes or goes, in torso lengths. If it were free, a side that is hidden all the time
#: would swallow the travel of the other: swapping frame by frame would look like standing still.
_LOST_COST = 0.3


def repair_swaps(track: PoseTrack) -> PoseTrack:
    """Return the track with short swaps of left and right undone, arms and legs each for themselves.

    Of all ways to swap frames, takes the one in which the keypoints travel least (DOMAIN 4), where each swapped
    frame costs a little: what the model says most of the time stays.
    """
    if len(track) < 3:
        return track
    xy, score = track.xy.copy(), track.score.copy()
    scale = _scale(xy)
    if not scale > 0:
        return track
    for limb in _LIMBS:
        left, right = np.array(limb), np.array([MIRRORED[k] for k in limb])
        swapped = _cheapest(xy[:, left] / scale, xy[:, right] / scale)
        for values in (xy, score):
            for a, b in zip(left, right, strict=True):
                values[swapped, a], values[swapped, b] = values[swapped, b].copy(), values[swapped, a].copy()
    return PoseTrack(xy, score, track.t_s, track.size_px)


def _scale(xy: FloatArray) -> float:
    torso = np.linalg.norm(xy[:, Keypoint.LEFT_SHOULDER] - xy[:, Keypoint.LEFT_HIP], axis=1)
    seen = torso[~np.isnan(torso)]
    return median(seen.tolist()) if len(seen) else 0.0


def _cheapest(left: FloatArray, right: FloatArray) -> NDArray[np.intp]:
    """Return the frame numbers to swap; ``left`` and ``right`` are (T, limb, 2) in torso lengths."""
    travel_same = _travel(left[:-1], left[1:]) + _travel(right[:-1], right[1:])
    travel_cross = _travel(left[:-1], right[1:]) + _travel(right[:-1], left[1:])
    cost = [0.0, _SWAPPED_COST]
    came_from: list[tuple[int, int]] = []
    for same, cross in zip(travel_same.tolist(), travel_cross.tolist(), strict=True):
        straight = (cost[0] + same, cost[1] + cross)
        crossed = (cost[0] + cross, cost[1] + same)
        back = (int(straight[1] < straight[0]), int(crossed[1] < crossed[0]))
        came_from.append(back)
        cost = [min(straight), min(crossed) + _SWAPPED_COST]
    state = int(cost[1] < cost[0])
    states = [state]
    for back in reversed(came_from):
        state = back[state]
        states.append(state)
    return np.array(states[::-1], np.bool_)


def _travel(before: FloatArray, after: FloatArray) -> FloatArray:
    """Return (T,) how far the limb moved; a keypoint that comes or goes counts `_LOST_COST`, one never seen nothing."""
    was, is_ = ~np.isnan(before[..., 0]), ~np.isnan(after[..., 0])
    steps = np.linalg.norm(after - before, axis=2)
    travel: FloatArray = np.where(was & is_, steps, np.where(was ^ is_, _LOST_COST, 0.0)).sum(axis=1)
    return travel
