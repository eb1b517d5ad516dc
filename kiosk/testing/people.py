"""Stick figures in space that squat, push up and walk, and a camera that turns them into keypoints.

A body is (17, 3) in torso lengths: ahead of the person, up from the floor, to the person's own left. The camera
looks level and without perspective. That is simpler than people are, and it is known exactly: a knee ratio of 0.8
comes out as 0.8.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np

from kiosk.movement.exercise import Exercise
from kiosk.movement.judge import SeenPass, judge
from kiosk.movement.passes import read_passes
from kiosk.movement.pose import KEYPOINTS, FloatArray, Keypoint, PoseTrack
from kiosk.movement.report import Report, Source
from kiosk.movement.view import View

Body: TypeAlias = FloatArray

#: Lengths of the figure in torso lengths. The widths are those that MoveNet gives people square to the camera.
THIGH = SHIN = 0.85
UPPER_ARM, FOREARM = 0.6, 0.5
NECK, FACE = 0.35, 0.15
SHOULDERS, HIPS = 0.70, 0.40
_SIDES = (1.0, -1.0)  # left, right


@dataclass(frozen=True, slots=True)
class Camera:
    """Sees a person turned by ``yaw_deg``: 0 faces the camera, 90 faces +x, 180 shows the back, -90 faces -x.

    ``torso_px`` is how large the person is in the picture, ``at_px`` where the floor under the person is; ``size_px``
    are its width and height.
    """

    yaw_deg: float = 0.0
    torso_px: float = 110.0
    at_px: tuple[float, float] = (320.0, 440.0)
    size_px: tuple[int, int] = (640, 480)

    def see(self, body: Body) -> FloatArray:
        """Return (17, 2) pixels of a body."""
        yaw = math.radians(self.yaw_deg)
        across = body[:, 2] * math.cos(yaw) + body[:, 0] * math.sin(yaw)
        seen: FloatArray = np.stack([across, -body[:, 1]], axis=1) * self.torso_px + np.array(self.at_px)
        return seen


FRONT = Camera()
SIDE = Camera(yaw_deg=90.0)
REAR = Camera(yaw_deg=180.0)


class Person(Protocol):
    """Someone who does an exercise: ``lag_s`` is by how much the right side comes later."""

    @property
    def lag_s(self) -> float:
        """Seconds."""

    def body(self, down: float, down_right: float) -> Body:
        """Return the body at ``down`` of the way to the bottom, 0 to 1, of the left and of the right side."""


@dataclass(frozen=True, slots=True)
class Squatter:
    """Someone who does overhead squats. What differs from a clean one grows on the way down.

    ``depth`` 1 is a thigh at parallel; ``knees_ratio`` knee over ankle distance at the bottom; ``lean_deg`` how much
    more the trunk leans than the shin; ``arms_deg`` how far the arms come in front of the trunk; ``head_deg`` how
    far the head tips; ``shift`` how far the hips go to the own left, in ankle distances; ``arms_up`` 1 overhead, 0
    hanging, between them through the side. ``stance`` is how far the feet are apart, in torso lengths. ``lag_s`` is 0:
    both sides go down together.
    """

    depth: float = 1.0
    knees_ratio: float = 1.25
    lean_deg: float = 0.0
    arms_deg: float = 0.0
    head_deg: float = 0.0
    shift: float = 0.0
    stance: float = 0.6
    arms_up: float = 1.0
    lag_s: float = 0.0

    def body(self, down: float, down_right: float = math.nan) -> Body:
        """Return the body at ``down`` of the way to the bottom; both sides go down together."""
        low = down * self.depth
        shin = math.radians(30 * low)
        trunk = shin + math.radians(self.lean_deg * down)
        knee = SHIN * _upwards(shin)
        hip = knee + THIGH * _upwards(-math.radians(90 * low))
        shoulder = hip + _upwards(trunk)
        sideways = self.shift * self.stance * down
        apart = self.stance * (1 + (self.knees_ratio - 1) * down)
        body = np.zeros((KEYPOINTS, 3))
        _put(body, Keypoint.LEFT_ANKLE, np.zeros(2), self.stance)
        _put(body, Keypoint.LEFT_KNEE, knee, apart, sideways / 2)
        _put(body, Keypoint.LEFT_HIP, hip, HIPS, sideways)
        _put(body, Keypoint.LEFT_SHOULDER, shoulder, SHOULDERS, sideways)
        _put_head(body, shoulder, trunk, math.radians(self.head_deg * down), sideways)
        self._put_arms(body, trunk + math.radians(self.arms_deg * down))
        return body

    def _put_arms(self, body: Body, lean: float) -> None:
        raised = math.pi * self.arms_up
        for side, out in enumerate(_SIDES):
            along = -math.cos(raised) * _upwards(lean)
            way = np.array([along[0], along[1], out * math.sin(raised)])
            body[Keypoint.LEFT_ELBOW + side] = body[Keypoint.LEFT_SHOULDER + side] + UPPER_ARM * way
            body[Keypoint.LEFT_WRIST + side] = body[Keypoint.LEFT_SHOULDER + side] + (UPPER_ARM + FOREARM) * way


@dataclass(frozen=True, slots=True)
class PushUpper:
    """Someone who does incline push-ups: the body turns about the feet, the hands stay on the bar.

    ``elbow_deg`` and ``top_elbow_deg`` are the elbow angles at the bottom and at the top; ``sag_deg`` how far the
    hips hang (negative: rise) once the rep is under way; ``head_deg`` how far the head hangs; ``shrug`` by how many
    torso lengths the shoulders come nearer to the ears; ``tilt`` how much lower the left shoulder is at the bottom,
    in shoulder widths; ``flare_deg`` how far the elbows go out; ``lag_s`` by how much the right side comes later;
    ``incline_deg`` how steep the body is at the top.
    """

    elbow_deg: float = 80.0
    top_elbow_deg: float = 172.0
    sag_deg: float = 0.0
    head_deg: float = 0.0
    shrug: float = 0.0
    tilt: float = 0.0
    flare_deg: float = 0.0
    incline_deg: float = 45.0
    lag_s: float = 0.0

    def body(self, down: float, down_right: float = math.nan) -> Body:
        """Return the body at ``down`` of the way to the bottom, ``down_right`` of it on the right side."""
        of_side = (down, down if math.isnan(down_right) else down_right)
        body = np.zeros((KEYPOINTS, 3))
        for side, out in enumerate(_SIDES):
            self._put_side(body, side, out, of_side[side])
        lean = math.atan2(*(_centre(body, Keypoint.LEFT_SHOULDER) - _centre(body, Keypoint.LEFT_HIP)))
        under_way = _under_way(sum(of_side) / 2)
        neck = NECK - self.shrug * under_way
        head = math.radians(self.head_deg * under_way)
        _put_head(body, _centre(body, Keypoint.LEFT_SHOULDER), lean, head, 0.0, neck)
        return body

    def _put_side(self, body: Body, side: int, out: float, down: float) -> None:
        length = SHIN + THIGH + 1
        top = math.radians(90 - self.incline_deg)
        hand = length * _upwards(top) - _reach(self.top_elbow_deg) * _upwards(-top / 2)
        reach = _reach(self.top_elbow_deg + (self.elbow_deg - self.top_elbow_deg) * down)
        far = float(np.hypot(*hand))
        lean = math.atan2(*hand) - math.acos((length**2 + far**2 - reach**2) / (2 * length * far))
        shoulder = length * _upwards(lean)
        hang = math.radians(self.sag_deg) * _under_way(down) / (1 + 1 / (SHIN + THIGH))
        hip = (SHIN + THIGH) * _upwards(lean) + hang * _upwards(lean + math.pi / 2)
        low = np.array([0.0, -out * self.tilt * SHOULDERS / 2 * down])
        elbow = _elbow(shoulder, hand, math.radians(self.flare_deg * down))
        flare = UPPER_ARM * math.sin(math.radians(self.flare_deg * down))
        for keypoint, spot, width in (
            (Keypoint.LEFT_ANKLE, np.zeros(2), HIPS),
            (Keypoint.LEFT_KNEE, hip / 2, HIPS),
            (Keypoint.LEFT_HIP, hip, HIPS),
            (Keypoint.LEFT_SHOULDER, shoulder + low, SHOULDERS),
            (Keypoint.LEFT_ELBOW, elbow + low, SHOULDERS + 2 * flare),
            (Keypoint.LEFT_WRIST, hand, SHOULDERS),
        ):
            body[keypoint + side] = (spot[0], spot[1], out * width / 2)


@dataclass(frozen=True, slots=True)
class Walker:
    """Someone who walks ahead with hanging arms: ``speed`` in torso lengths per second, a step every ``step_s``."""

    speed: float = 2.0
    step_s: float = 0.55

    def body(self, t_s: float) -> Body:
        """Return the body ``t_s`` after the first step began."""
        body = Squatter(arms_up=0.0, stance=0.3).body(0.0)
        swing = math.sin(math.pi * t_s / self.step_s)
        body[:, 1] -= 0.05 * abs(swing)
        for side, out in enumerate(_SIDES):
            ahead = out * swing
            body[Keypoint.LEFT_ANKLE + side, :2] = (0.45 * ahead, 0.12 * max(0.0, ahead))
            body[Keypoint.LEFT_KNEE + side, 0] += 0.3 * ahead
            body[Keypoint.LEFT_WRIST + side, 0] -= 0.3 * ahead
        body[:, 0] += self.speed * t_s
        return body


def perform(
    people: Sequence[Person],
    camera: Camera = FRONT,
    *,
    rep_s: float = 2.4,
    rest_s: float = 0.6,
    pause_s: float = 0.1,
    lead_s: float = 1.0,
    fps: float = 30.0,
    noise_px: float = 0.0,
    seed: int = 0,
) -> PoseTrack:
    """Return a recording of one rep by each of ``people``, the same person as they tire, with a stand before and after.

    A rep goes down and up in ``rep_s`` with ``pause_s`` at the bottom, then rests for ``rest_s`` at the top.
    """
    each_s = rep_s + pause_s + rest_s

    def body_at(t_s: float) -> Body:
        number = min(max(int((t_s - lead_s) // each_s), 0), len(people) - 1)
        person, into = people[number], t_s - lead_s - number * each_s
        return person.body(_down(into, rep_s, pause_s), _down(into - person.lag_s, rep_s, pause_s))

    seconds = lead_s + len(people) * each_s + lead_s
    return record(body_at, seconds, camera, fps=fps, noise_px=noise_px, seed=seed)


def record(
    body_at: Callable[[float], Body],
    seconds: float,
    camera: Camera = FRONT,
    *,
    fps: float = 30.0,
    noise_px: float = 0.0,
    seed: int = 0,
) -> PoseTrack:
    """Return what the camera sees of a body that moves: ``body_at`` takes the time in seconds.

    ``noise_px`` is the standard deviation of the keypoints, the same for the same ``seed``.
    """
    t_s = np.arange(round(seconds * fps) + 1) / fps
    xy = np.stack([camera.see(body_at(float(t))) for t in t_s])
    if noise_px:
        xy = xy + np.random.default_rng(seed).normal(0.0, noise_px, xy.shape)
    return PoseTrack(xy, np.where(np.isnan(xy[..., 0]), 0.0, 0.9), t_s, camera.size_px)


def scanned(exercise: Exercise, *tracks: tuple[PoseTrack, View], pain: bool = False) -> Report:
    """Return the report on recordings, one for each view, as the kiosk would judge them.

    Of an exercise that is done per side a recording may show one side or both, one after the other.
    """
    passes = [SeenPass(read, view) for track, view in tracks for read in read_passes(exercise, track)]
    frames = sum(len(track) for track, _ in tracks)
    seconds = sum(float(track.t_s[-1] - track.t_s[0]) for track, _ in tracks)
    size_px = tracks[0][0].size_px if tracks else (0, 0)
    source = Source("synthetic", frames, frames / seconds if seconds else 0.0, seconds, size_px)
    return judge(exercise, passes, source, "synthetic", pain=pain)


def _down(into_s: float, rep_s: float, pause_s: float) -> float:
    """Return how far down someone is, so long after the rep began: a smooth way down, a stop, the same way up."""
    half = rep_s / 2
    way = into_s if into_s < half else max(half, into_s - pause_s)
    return 0.5 - 0.5 * math.cos(2 * math.pi * min(max(way / rep_s, 0.0), 1.0))


def _under_way(down: float) -> float:
    """Return how much of what lasts for most of a rep is there: nothing at its start, all from half-way down."""
    return min(1.0, max(0.0, 3 * (down - 0.2)))


def _upwards(lean: float) -> FloatArray:
    """Return (2,) ahead and up of a unit line that leans ahead by ``lean`` radians."""
    return np.array([math.sin(lean), math.cos(lean)])


def _reach(elbow_deg: float) -> float:
    """Return the distance from shoulder to wrist."""
    return math.sqrt(UPPER_ARM**2 + FOREARM**2 - 2 * UPPER_ARM * FOREARM * math.cos(math.radians(elbow_deg)))


def _elbow(shoulder: FloatArray, hand: FloatArray, flare: float) -> FloatArray:
    """Return (2,) where the elbow is, behind the line from shoulder to hand."""
    line = hand - shoulder
    reach = float(np.hypot(*line))
    along = (UPPER_ARM**2 - FOREARM**2 + reach**2) / (2 * reach)
    aside = math.sqrt(max(0.0, UPPER_ARM**2 - along**2))
    back = np.array([line[1], -line[0]]) / reach
    elbow: FloatArray = shoulder + math.cos(flare) * (along * line / reach + aside * back)
    return elbow


def _centre(body: Body, left: int) -> FloatArray:
    centre: FloatArray = (body[left, :2] + body[left + 1, :2]) / 2
    return centre


def _put(body: Body, left: int, spot: FloatArray, apart: float, sideways: float = 0.0) -> None:
    for side, out in enumerate(_SIDES):
        body[left + side] = (spot[0], spot[1], out * apart / 2 + sideways)


def _put_head(body: Body, shoulder: FloatArray, trunk: float, tip: float, sideways: float, neck: float = NECK) -> None:
    ears = shoulder + neck * _upwards(trunk + tip)
    ahead = _upwards(trunk + tip + math.pi / 2)
    _put(body, Keypoint.LEFT_EAR, ears, 0.24, sideways)
    _put(body, Keypoint.LEFT_EYE, ears + 0.6 * FACE * ahead, 0.12, sideways)
    body[Keypoint.NOSE] = (*(ears + FACE * ahead), sideways)
