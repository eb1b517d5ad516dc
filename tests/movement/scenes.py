"""What people do in front of a kiosk that is no exercise, and small makers of poses."""

import math
from collections.abc import Callable

import numpy as np

from kiosk.movement.pose import KEYPOINTS, FloatArray, Keypoint, Pose, PoseTrack
from kiosk.testing import FRONT, Body, Camera, Squatter, Walker, record

SIZE = (640, 480)
BodyAt = Callable[[float], Body]


def walks_in(t_s: float) -> Body:
    """From three torso lengths behind the marks to the marks, then stands still."""
    body = Walker().body(min(t_s, 2.2))
    body[:, 0] -= 4.4
    return body


def walks_up_to_the_camera(t_s: float) -> Body:
    """Comes nearer: the picture of the person grows by half within three seconds."""
    grown: Body = Walker(speed=0.0).body(t_s) * (1 + 0.5 * min(t_s, 3.0) / 3.0)
    return grown


def leaves(t_s: float) -> Body:
    """Stands with raised arms, lets them fall, and walks out of the picture."""
    if t_s < 2:
        return Squatter(arms_up=1.0).body(0.0)
    if t_s < 3:
        return Squatter(arms_up=3 - t_s).body(0.0)
    return Walker(speed=2.5).body(t_s - 3)


def raises_the_arms(t_s: float) -> Body:
    """Up and down again, through the side, every three seconds."""
    return Squatter(arms_up=0.5 - 0.5 * math.cos(2 * math.pi * t_s / 3)).body(0.0)


def scratches_the_head(t_s: float) -> Body:
    """One arm overhead, the other hand goes to the head again and again."""
    body = Squatter().body(0.0)
    body[Keypoint.RIGHT_ELBOW] = body[Keypoint.RIGHT_SHOULDER] + (0.1, 0.25, -0.5)
    body[Keypoint.RIGHT_WRIST] = body[Keypoint.NOSE] + (0.0, 0.15 + 0.1 * math.sin(8 * t_s), -0.1)
    return body


def adjusts_the_feet(t_s: float) -> Body:
    """Steps one foot out and then the other, lifting each, and back again; the hips sink a little."""
    body = Squatter().body(0.0)
    turn = int(t_s // 0.8)
    lift = math.sin(math.pi * (t_s % 0.8) / 0.8)
    out = Keypoint.LEFT_ANKLE + turn % 2
    side = 1 if turn % 2 == 0 else -1
    body[out] += (0.0, 0.25 * lift, side * 0.15 * lift)
    body[Keypoint.LEFT_KNEE + turn % 2] += (0.0, 0.15 * lift, side * 0.1 * lift)
    body[: Keypoint.LEFT_KNEE, 1] -= 0.06 * lift
    return body


def jumping_jacks(t_s: float) -> Body:
    """Arms and legs out and in, once a second, off the floor in between."""
    out = 0.5 - 0.5 * math.cos(2 * math.pi * t_s)
    body = Squatter(arms_up=out, stance=0.4 + 0.8 * out).body(0.0)
    body[:, 1] += 0.35 * abs(math.sin(2 * math.pi * t_s)) - 0.15 * out
    return body


def lunges_to_the_side(t_s: float) -> Body:
    """Arms up, one foot steps far out and the hips sink as in a squat, then back: the feet do not stay."""
    out = 0.5 - 0.5 * math.cos(2 * math.pi * t_s / 2.5)
    body = Squatter(depth=0.7).body(out)
    body[Keypoint.LEFT_ANKLE, 2] += 1.2 * out
    body[Keypoint.LEFT_KNEE, 2] += 0.9 * out
    return body


def stands_still(_t_s: float) -> Body:
    """Arms hanging."""
    return Squatter(arms_up=0.0).body(0.0)


def nobody(_t_s: float) -> Body:
    """An empty room."""
    return np.full((KEYPOINTS, 3), np.nan)


def seen(body: Body, camera: Camera = FRONT, t_s: float = 0.0) -> Pose:
    """One pose of a body."""
    return pose_of(camera.see(body), t_s)


def pose_of(xy: FloatArray, t_s: float = 0.0) -> Pose:
    """A pose of known points."""
    return Pose(xy, np.where(np.isnan(xy[:, 0]), 0.0, 0.9), t_s, SIZE)


def empty_track(seconds: float = 3.0) -> PoseTrack:
    """Nobody for a while."""
    return record(nobody, seconds)


def without(track: PoseTrack, first_s: float, last_s: float, *keypoints: int) -> PoseTrack:
    """The same track with these keypoints (all, when none is named) not seen for a time, both ends excluded."""
    xy = track.xy.copy()
    hidden = np.flatnonzero((track.t_s > first_s + 1e-6) & (track.t_s < last_s - 1e-6))
    xy[np.ix_(hidden, np.array(keypoints or range(KEYPOINTS)))] = np.nan
    return PoseTrack(xy, track.score, track.t_s, track.size_px)


def cut(track: PoseTrack, first_s: float, last_s: float) -> PoseTrack:
    """The part of a track between two times."""
    kept = np.flatnonzero((track.t_s >= first_s - 1e-6) & (track.t_s <= last_s + 1e-6))
    return track.part(int(kept[0]), int(kept[-1]))
