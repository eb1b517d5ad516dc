"""Degraded copies of a recording: what a slower camera, a shaking model or another body would have shown.

Each takes raw keypoints and returns raw keypoints; the labels hold for the copy as they stand. Yaw and another body
are approximations, since pixels have no depth: see `turned_by` and `with_body`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from kiosk.kit.golden import Golden
from kiosk.movement.geometry import faces_right, near_side, pairs
from kiosk.movement.pose import FloatArray, Keypoint, PoseTrack, Side
from kiosk.movement.view import View

#: What makes one degraded copy; None where it would be the same recording.
Degradation = Callable[[PoseTrack, View], PoseTrack | None]

#: The noise that is added to each keypoint: one standard deviation, in torso lengths. MoveNet's keypoints of a person
#: who stands still shake by 0.5 to 1 % of a torso; twice as much is a bad camera in bad light.
NOISE_TORSOS = 0.02
YAW_DEG = 10.0
MIRRORED_COPY = "mirrored"
#: Another body: this large in the picture, with thighs, shins and arms this much longer beside the trunk. One standard
#: deviation of leg length over sitting height is about 5 % in adults, so this is a leggy person.
BODY_SCALE, LIMB_SCALE = 0.8, 1.08
#: Half the widths of shoulders and hips in torso lengths: how far both sides are from the middle (DOMAIN 4).
_HALF_WIDTHS = {Keypoint.LEFT_SHOULDER: 0.35, Keypoint.LEFT_HIP: 0.20}
#: From the ankles up: joint, the joint it hangs on, and whether it is ahead of (1) or behind (-1) that one when the
#: bone between them looks short from the front.
_BONES = (
    (Keypoint.LEFT_KNEE, Keypoint.LEFT_ANKLE, 1.0),
    (Keypoint.LEFT_HIP, Keypoint.LEFT_KNEE, -1.0),
    (Keypoint.LEFT_SHOULDER, Keypoint.LEFT_HIP, 1.0),
    (Keypoint.LEFT_ELBOW, Keypoint.LEFT_SHOULDER, 1.0),
    (Keypoint.LEFT_WRIST, Keypoint.LEFT_ELBOW, 1.0),
)
_LIMBS = (Keypoint.LEFT_KNEE, Keypoint.LEFT_HIP, Keypoint.LEFT_ELBOW, Keypoint.LEFT_WRIST)
_FACE = (Keypoint.NOSE, Keypoint.LEFT_EYE, Keypoint.RIGHT_EYE, Keypoint.LEFT_EAR, Keypoint.RIGHT_EAR)
_FAR = (Keypoint.LEFT_ELBOW, Keypoint.LEFT_WRIST, Keypoint.LEFT_KNEE, Keypoint.LEFT_ANKLE)
#: A bone counts as long as it looks in its longest moments, this percentile over the recording, less a share for the
#: shaking of keypoints: near its full length a bone that looks 2 % short would seem to point away by 11 degrees.
_LONGEST_PERCENT, _SHAKING = 95.0, 0.03


def at_fps(fps: float) -> Degradation:
    """Return what keeps at most so many frames per second: those that a slower camera would have taken."""

    def slower(track: PoseTrack, _view: View) -> PoseTrack | None:
        since = track.t_s - track.t_s[0]
        slots = np.floor(since * fps + 1e-6)
        kept = np.flatnonzero(np.diff(slots, prepend=-1.0) > 0)
        return None if len(kept) == len(track) else _frames(track, kept)

    return slower


def noisy(track: PoseTrack, _view: View) -> PoseTrack:
    """Return the track with every keypoint shaken by itself, the same each time."""
    shake = np.random.default_rng(0).normal(0.0, NOISE_TORSOS * _torso(track), track.xy.shape)
    return _with(track, track.xy + shake)


def without_far_limbs(track: PoseTrack, view: View) -> PoseTrack | None:
    """Return a side view without the arm and the leg that the body hides; None in other views, which hide none."""
    if view is not View.SIDE:
        return None
    xy = track.xy.copy()
    far = [joint + 1 - _near(track) for joint in _FAR]
    xy[:, far] = math.nan
    score = track.score.copy()
    score[:, far] = 0.0
    return PoseTrack(xy, score, track.t_s, track.size_px)


def mirrored(track: PoseTrack, _view: View) -> PoseTrack:
    """Return what a mirror shows: the picture turned over, and the left hand now a right one."""
    return track.mirrored()


def turned_by(yaw_deg: float) -> Degradation:
    """Return what turns the person by so many degrees about the vertical: x becomes x cos + depth sin.

    The depth towards the camera is a guess. From front and rear a bone that looks shorter than in its longest moments
    points to or from the camera by what is missing: knees, shoulders and hands are ahead of what they hang on, hips
    behind the knees. From the side both sides of a joint are half a shoulder or hip width before and behind the middle.
    """
    sine, cosine = math.sin(math.radians(yaw_deg)), math.cos(math.radians(yaw_deg))

    def turn(track: PoseTrack, view: View) -> PoseTrack:
        depth = _depth_side(track) if view is View.SIDE else _depth_front(track, 1.0 if view is View.FRONT else -1.0)
        hips = pairs(track, Keypoint.LEFT_HIP)[:, 0]
        middle = np.nanmedian(hips) if np.isfinite(hips).any() else track.size_px[0] / 2
        xy = track.xy.copy()
        xy[..., 0] = middle + (xy[..., 0] - middle) * cosine + depth * sine
        return _with(track, xy)

    return turn


def with_body(scale: float, limbs: float) -> Degradation:
    """Return what shows somebody ``scale`` as large, with thighs, shins and arms ``limbs`` times as long again.

    Every bone keeps its direction in the picture; the ankles stay where they are. What such a body would do
    differently to keep its balance is not made up.
    """

    def grow(track: PoseTrack, _view: View) -> PoseTrack:
        xy = track.xy.copy()
        for side in (0, 1):
            for joint, hangs_on, _ in _BONES:
                bone = track.xy[:, joint + side] - track.xy[:, hangs_on + side]
                xy[:, joint + side] = xy[:, hangs_on + side] + bone * (limbs if joint in _LIMBS else 1.0)
        for joint in _FACE:
            xy[:, joint] = track.xy[:, joint] + _moved(xy, track.xy, Keypoint.LEFT_SHOULDER)
        middle = np.array([track.size_px[0] / 2, track.size_px[1] / 2])
        return _with(track, middle + (xy - middle) * scale)

    return grow


#: Every degradation by the name that ``promise.toml`` calls it.
DEGRADATIONS: Mapping[str, Degradation] = MappingProxyType(
    {
        "fps-15": at_fps(15.0),
        "fps-10": at_fps(10.0),
        "noise": noisy,
        "far-limbs-missing": without_far_limbs,
        MIRRORED_COPY: mirrored,
        "yaw-10": turned_by(YAW_DEG),
        "body": with_body(BODY_SCALE, LIMB_SCALE),
    }
)
#: What each is called in a table.
TITLES: Mapping[str, str] = MappingProxyType(
    {
        "fps-15": "15 frames per second",
        "fps-10": "10 frames per second",
        "noise": f"noise of {100 * NOISE_TORSOS:.0f} % of a torso",
        "far-limbs-missing": "far arm and leg missing (side views)",
        MIRRORED_COPY: "mirrored",
        "yaw-10": f"turned by {YAW_DEG:.0f} degrees (approximated)",
        "body": f"{100 * BODY_SCALE:.0f} % as large, limbs {100 * (LIMB_SCALE - 1):.0f} % longer (approximated)",
    }
)


def degraded(golden: Golden, name: str) -> Golden | None:
    """Return a degraded copy of a golden recording, by the name of the degradation; None where it would be the same.

    In a mirror what was done with the left is done with the right.
    """
    copy = DEGRADATIONS[name](golden.track, golden.view)
    if copy is None:
        return None
    side = golden.labels.side
    if name == MIRRORED_COPY and side is not None:
        side = Side.LEFT if side is Side.RIGHT else Side.RIGHT
    return replace(golden, track=copy, labels=replace(golden.labels, side=side))


def _depth_front(track: PoseTrack, ahead: float) -> FloatArray:
    """Return (T, 17) pixels towards the camera of someone seen from the front (``ahead`` 1) or the rear (-1)."""
    depth = np.zeros(track.xy.shape[:2])
    for side in (0, 1):
        for joint, hangs_on, sign in _BONES:
            seen = np.hypot(*(track.xy[:, joint + side] - track.xy[:, hangs_on + side]).T)
            longest = (1 - _SHAKING) * _longest(seen)
            missing = np.sqrt(np.maximum(longest**2 - np.nan_to_num(seen, nan=longest) ** 2, 0.0))
            depth[:, joint + side] = depth[:, hangs_on + side] + sign * ahead * missing
    head = (depth[:, Keypoint.LEFT_SHOULDER] + depth[:, Keypoint.RIGHT_SHOULDER]) / 2
    depth[:, list(_FACE)] = head[:, None]
    return depth


def _longest(lengths: FloatArray) -> float:
    return float(np.nanpercentile(lengths, _LONGEST_PERCENT)) if np.isfinite(lengths).any() else 0.0


def _depth_side(track: PoseTrack) -> FloatArray:
    """Return (T, 17) pixels towards the camera of someone seen from the flank: near side before, far side behind."""
    near, torso = _near(track), _torso(track)
    depth = np.zeros(track.xy.shape[:2])
    for joint in range(Keypoint.LEFT_SHOULDER, len(Keypoint), 2):
        left = Keypoint.LEFT_SHOULDER if joint <= Keypoint.LEFT_WRIST else Keypoint.LEFT_HIP
        for side in (0, 1):
            depth[:, joint + side] = (1.0 if side == near else -1.0) * _HALF_WIDTHS[left] * torso
    return depth


def _near(track: PoseTrack) -> int:
    """Return the side, 0 left or 1 right, that a camera at the flank sees: by the eyes and ears, else by the way."""
    seen = np.nanmean(track.score, axis=0)
    left, right = seen[[Keypoint.LEFT_EYE, Keypoint.LEFT_EAR]], seen[[Keypoint.RIGHT_EYE, Keypoint.RIGHT_EAR]]
    if float(np.abs(left - right).sum()) > 0.05:
        return near_side(track.middle())
    # Someone who faces +x shows the camera the right side: the left hand is away from it.
    return 1 if faces_right(track) else 0


def _torso(track: PoseTrack) -> float:
    """Return the usual torso length of a recording in pixels; 0 where it was never seen."""
    torso = np.hypot(*(pairs(track, Keypoint.LEFT_SHOULDER) - pairs(track, Keypoint.LEFT_HIP)).T)
    return float(np.nanmedian(torso)) if np.isfinite(torso).any() else 0.0


def _moved(after: FloatArray, before: FloatArray, left: int) -> FloatArray:
    """Return (T, 2) by how much the middle of a joint and its counterpart has moved, of the sides that were seen."""
    moves = np.stack([after[:, left + side] - before[:, left + side] for side in (0, 1)])
    seen = ~np.isnan(moves[..., 0])
    total = np.where(seen[..., None], moves, 0.0).sum(axis=0)
    count = seen.sum(axis=0)[:, None]
    mean: FloatArray = np.divide(total, count, out=np.full_like(total, math.nan), where=count > 0)
    return mean


def _frames(track: PoseTrack, kept: NDArray[np.intp]) -> PoseTrack:
    return PoseTrack(track.xy[kept], track.score[kept], track.t_s[kept], track.size_px)


def _with(track: PoseTrack, xy: FloatArray) -> PoseTrack:
    return PoseTrack(xy, track.score, track.t_s, track.size_px)
