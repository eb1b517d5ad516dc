"""Filters over a run of poses: one without lag for the live view, one without phase for the judging.

Both skip what was not seen. A gap of at most `GAP_S` is bridged in a straight line; a longer one stays a gap.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from kiosk.movement.pose import FloatArray, Pose, PoseTrack
from kiosk.movement.quantiles import median

#: The longest gap that is bridged (DOMAIN 4).
GAP_S = 0.2
#: Reach of the judging filter to either side: a local parabola over 9 frames at 30 frames/s (DOMAIN 4).
REACH_S = 0.135


def smooth(track: PoseTrack) -> PoseTrack:
    """Return the track for judging: swaps of left and right must have been repaired before.

    Zero phase: each keypoint is the value of a parabola fitted to its neighbours within `REACH_S` on both sides,
    which keeps turning points where they are. It uses the frames' own times, so uneven frames do not bend it.
    """
    return PoseTrack(smooth_values(bridge(track.xy, track.t_s), track.t_s), track.score, track.t_s, track.size_px)


def bridge(values: FloatArray, t_s: FloatArray, longest_s: float = GAP_S) -> FloatArray:
    """Return ``values`` (T, ...) with gaps of at most ``longest_s`` filled in a straight line between their ends."""
    flat = values.reshape(len(values), -1).copy()
    for column in flat.T:
        seen = np.flatnonzero(~np.isnan(column))
        if len(seen) < 2 or len(seen) == len(column):
            continue
        holes = np.flatnonzero((np.diff(seen) > 1) & (np.diff(t_s[seen]) <= longest_s + 1e-9))
        for hole in holes.tolist():
            a, b = int(seen[hole]), int(seen[hole + 1])
            column[a + 1 : b] = np.interp(t_s[a + 1 : b], t_s[[a, b]], column[[a, b]])
    return flat.reshape(values.shape)


def smooth_values(values: FloatArray, t_s: FloatArray, reach_s: float = REACH_S) -> FloatArray:
    """Return ``values`` (T, ...) smoothed by local parabolas; NaN stays NaN and taints no neighbour.

    With fewer than four seen neighbours (few frames per second, the edge of a gap) a value is left as it is.
    """
    count = len(values)
    if count < 4:
        return values.copy()
    step = median(np.diff(t_s).tolist()) or reach_s
    reach = max(1, min(count - 1, math.ceil(reach_s / max(step, 1e-3))))
    around = np.arange(count)[:, None] + np.arange(-reach, reach + 1)[None, :]
    inside = (around >= 0) & (around < count)
    around = around.clip(0, count - 1)
    dt = (t_s[around] - t_s[:, None]) / reach_s
    weight = np.where(inside & (np.abs(dt) <= 1 + 1e-6), (1 - np.minimum(np.abs(dt), 1) ** 3) ** 3 + 1e-3, 0.0)
    flat = values.reshape(count, -1)
    out = flat.copy()
    seen = ~np.isnan(flat)
    whole = seen.all(axis=0)
    if whole.any():
        # Columns without gaps share their weights, and most have none.
        share, enough = _shares(weight, dt)
        smoothed = np.einsum("tw,twc->tc", share, flat[:, whole][around])
        out[:, whole] = np.where(enough[:, None], smoothed, flat[:, whole])
    for c in np.flatnonzero(~whole):
        share, enough = _shares(np.where(seen[around, c], weight, 0.0), dt)
        smoothed = np.sum(share * np.nan_to_num(flat[around, c]), axis=1)
        out[:, c] = np.where(enough & seen[:, c], smoothed, flat[:, c])
    return out.reshape(values.shape)


def _shares(w: FloatArray, dt: FloatArray) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Return how much each neighbour (T, window) counts in a parabola's value at the middle, and where it stands.

    Cramer's rule for the constant term of weighted least squares.
    """
    m = [np.sum(w * dt**k, axis=1) for k in range(5)]
    a, b, c = m[2] * m[4] - m[3] ** 2, m[2] * m[3] - m[1] * m[4], m[1] * m[3] - m[2] ** 2
    det = m[0] * a + m[1] * b + m[2] * c
    enough = ((w > 0).sum(axis=1) >= 4) & (det > 1e-9)
    top = w * (a[:, None] + b[:, None] * dt + c[:, None] * dt**2)
    return np.divide(top, det[:, None], out=np.zeros_like(top), where=enough[:, None]), enough


class LivePose:
    """A one-euro filter over all keypoints: smooth when still, without lag when moving (Casiez 2012).

    Survives equal timestamps (returns the last pose again) and missing keypoints (their memory is dropped after
    `GAP_S`, so that they come back without a jump being smeared).
    """

    def __init__(self, min_cutoff_hz: float = 1.5, beta: float = 8.0, derivative_cutoff_hz: float = 1.0) -> None:
        self._min_cutoff = min_cutoff_hz
        self._beta = beta
        self._derivative_cutoff = derivative_cutoff_hz
        self._xy: FloatArray | None = None
        self._speed: FloatArray = np.zeros(0)
        self._seen_s: FloatArray = np.zeros(0)
        self._t_s = -math.inf

    def reset(self) -> None:
        """Forget everything: the next pose is passed on as it is."""
        self._xy = None
        self._t_s = -math.inf

    def update(self, pose: Pose) -> Pose:
        """Return the pose with its jitter taken out."""
        dt = pose.t_s - self._t_s
        if self._xy is None or dt > 1.0:
            self._xy = pose.xy.copy()
            self._speed = np.zeros_like(self._xy)
            self._seen_s = np.full(len(self._xy), pose.t_s)
            self._t_s = pose.t_s
            return pose
        if dt <= 0:
            return Pose(self._xy.copy(), pose.score, pose.t_s, pose.size_px)
        self._t_s = pose.t_s
        step = pose.xy - self._xy
        if math.isnan(step.sum()):
            self._xy = self._with_gaps(pose, self._xy, dt)
            return Pose(np.where(np.isnan(pose.xy), np.nan, self._xy), pose.score, pose.t_s, pose.size_px)
        # Everything is seen and was: most frames, and half the work.
        self._xy = self._xy + self._share_of(step, dt, max(pose.size_px))
        self._seen_s.fill(pose.t_s)
        return Pose(self._xy, pose.score, pose.t_s, pose.size_px)

    def _share_of(self, step: FloatArray, dt: float, side_px: int) -> FloatArray:
        """Return how much of ``step`` (17, 2) the filter goes: the more the faster the keypoint moves.

        A first-order low-pass goes r / (r + 1) of the way in ``dt``, where r is 2 pi times its cutoff times ``dt``.
        """
        # Plain numbers where one will do: numpy takes ten times as long for a single one.
        r = 2 * math.pi * self._derivative_cutoff * dt
        self._speed += r / (r + 1) * (step / dt - self._speed)
        cutoff = self._min_cutoff + self._beta / side_px * np.abs(self._speed)
        ratio = 2 * math.pi * cutoff * dt
        return ratio / (ratio + 1) * step

    def _with_gaps(self, pose: Pose, before: FloatArray, dt: float) -> FloatArray:
        """Return where the filter goes when keypoints are missing, or come back: those start anew."""
        seen = ~np.isnan(pose.xy[:, 0])
        known = ~np.isnan(before[:, 0])
        step = np.where((seen & known)[:, None], pose.xy - before, 0.0)
        xy = np.where(known[:, None], before + self._share_of(step, dt, max(pose.size_px)), pose.xy)
        self._seen_s[seen] = pose.t_s
        xy[pose.t_s - self._seen_s > GAP_S] = np.nan
        self._speed[~seen] = 0.0
        return xy
