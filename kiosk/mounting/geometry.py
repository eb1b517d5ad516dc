"""Where a camera is, worked out from somebody of known stature who stands on the mark and then one step away.

One picture of one upright person tells the distance, from the size, but not the height of the lens apart from its
tilt: raising the camera and tilting it down shift the person alike. A second picture, from farther away or nearer,
parts them. Seen from any distance, the same height of the body lies on the horizon: that height is the lens's, and
where the horizon lies in the picture is the tilt. The step itself, along the line in which the mark points, tells the
yaw: its direction against the line to the camera.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kiosk.movement.pose import FloatArray, Keypoint, Pose

#: How high keypoints are over the floor when somebody stands, as shares of the stature, as pose models place them:
#: medians over rendered people of known stature in shoes and without (tests/mounting/test_accuracy.py).
HEIGHTS = {
    Keypoint.LEFT_EAR: 0.936,
    Keypoint.RIGHT_EAR: 0.936,
    Keypoint.LEFT_SHOULDER: 0.818,
    Keypoint.RIGHT_SHOULDER: 0.818,
    Keypoint.LEFT_KNEE: 0.288,
    Keypoint.RIGHT_KNEE: 0.288,
    Keypoint.LEFT_ANKLE: 0.055,
    Keypoint.RIGHT_ANKLE: 0.055,
}
#: From ear to ankle, as a share of the stature.
EAR_TO_ANKLE = HEIGHTS[Keypoint.LEFT_EAR] - HEIGHTS[Keypoint.LEFT_ANKLE]
_ROUNDS = 30
_SMALL = 1e-6
#: What is no mounting of a kiosk is no result either.
_HIGHEST_M, _FARTHEST_M, _STEEPEST = 4.0, 15.0, math.radians(50)
_ROLL_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where the camera is, seen from the mark.

    ``height_m`` of the lens over the floor and ``distance_m`` along the floor to the mark; ``tilt_deg`` down, negative
    up; ``roll_deg``: the camera must be turned clockwise by this, as seen from behind it, to be level; ``yaw_deg``: how
    far it stands aside of where the mark points, positive at the left hand of the person; ``lens_deg`` its horizontal
    angle of view. NaN where it was not measured.
    """

    height_m: float
    distance_m: float
    tilt_deg: float
    roll_deg: float
    yaw_deg: float
    lens_deg: float


@dataclass(frozen=True, slots=True)
class Known:
    """What was told or measured by tape: the person's stature, and either the lens's angle or the distance.

    ``height_m`` of the lens by tape, None: it is worked out.
    """

    stature_m: float
    lens_deg: float | None = None
    distance_m: float | None = None
    height_m: float | None = None


def focal_px(lens_deg: float, width_px: int) -> float:
    """Return the focal length in pixels of a lens without distortion that sees ``lens_deg`` from edge to edge."""
    return width_px / 2 / math.tan(math.radians(lens_deg / 2))


def angle_deg(focal: float, width_px: int) -> float:
    """Return the horizontal angle of view of a focal length in pixels."""
    return 2 * math.degrees(math.atan(width_px / 2 / focal))


def body_px(pose: Pose) -> float:
    """Return how many pixels lie between ears and ankles of somebody who stands; NaN where these were not seen."""
    ears = _middle_y(pose, Keypoint.LEFT_EAR, Keypoint.RIGHT_EAR)
    return _middle_y(pose, Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE) - ears


def locate(on_mark: Pose, stepped: Pose | None, known: Known) -> Place | None:
    """Return where the camera is; None where the poses do not fit any mounting, or too little is known.

    ``stepped`` is the same person one step straight back or ahead; without it the height must be known by tape, and the
    yaw is not measured. Without the lens's angle the distance must be known by tape.
    """
    if known.lens_deg is None and known.distance_m is None:
        return None
    if stepped is None and known.height_m is None:
        return None
    stances = [_Stance.of(pose) for pose in (on_mark, stepped) if pose is not None]
    if any(len(stance.heights) < len(HEIGHTS) / 2 for stance in stances):
        return None
    roll, fit = 0.0, None
    for _ in range(_ROLL_ROUNDS):
        fit = _fitted([stance.turned(roll) for stance in stances], known)
        if fit is None:
            return None
        roll += fit.roll(stances[0].turned(roll))
    assert fit is not None
    places = [
        fit.across(stance.turned(roll), distance) for stance, distance in zip(stances, fit.distances, strict=True)
    ]
    return Place(
        fit.height,
        fit.distances[0],
        math.degrees(fit.tilt),
        math.degrees(roll),
        _yaw_deg(places, fit.distances),
        angle_deg(fit.focal, on_mark.size_px[0]),
    )


@dataclass(frozen=True, eq=False, slots=True)
class _Stance:
    """One pose: heights (N,) as shares of the stature, and where they were seen, (N, 2) px off the picture's middle."""

    heights: FloatArray
    seen: FloatArray
    width: int

    @classmethod
    def of(cls, pose: Pose) -> _Stance:
        keys = [key for key in HEIGHTS if pose.sees(key)]
        middle = np.array(pose.size_px) / 2
        return cls(np.array([HEIGHTS[key] for key in keys]), pose.xy[keys] - middle, pose.size_px[0])

    def turned(self, angle: float) -> _Stance:
        """Return what a camera would have seen that is turned clockwise by so much, in radians."""
        sine, cosine = math.sin(angle), math.cos(angle)
        x, y = self.seen.T
        return _Stance(self.heights, np.stack([x * cosine + y * sine, y * cosine - x * sine], 1), self.width)


@dataclass(frozen=True, slots=True)
class _Fit:
    """A camera without roll: height (m), tilt down (rad), focal length (px), and distance to each stance (m)."""

    height: float
    tilt: float
    focal: float
    distances: tuple[float, ...]
    stature: float

    def down(self, heights: FloatArray, distance: float) -> FloatArray:
        """Return how many pixels below the picture's middle these heights (shares of the stature) are seen."""
        below = self.height - self.stature * heights
        under = below * math.cos(self.tilt) - distance * math.sin(self.tilt)
        return np.asarray(self.focal * under / self._depth(below, distance))

    def across(self, stance: _Stance, distance: float) -> float:
        """Return how far right of the camera somebody stands, in metres."""
        below = self.height - self.stature * stance.heights
        return float(np.median(stance.seen[:, 0] * self._depth(below, distance) / self.focal))

    def roll(self, stance: _Stance) -> float:
        """Return by how much the camera must be turned clockwise so that the person stands plumb, in radians."""
        below = self.height - self.stature * stance.heights
        expected = self.focal * self.across(stance, self.distances[0]) / self._depth(below, self.distances[0])
        lean = np.polyfit(stance.seen[:, 1], stance.seen[:, 0] - expected, 1)[0]
        return -math.atan(float(lean))

    def _depth(self, below: FloatArray, distance: float) -> FloatArray:
        return np.asarray(np.maximum(0.1, distance * math.cos(self.tilt) + below * math.sin(self.tilt)))


def _fitted(stances: Sequence[_Stance], known: Known) -> _Fit | None:
    """Return the camera that sees the stances as they were seen, in least squares (Gauss and Newton)."""
    values = _beginning(stances, known)
    measured = np.concatenate([stance.seen[:, 1] for stance in stances])

    def off(trial: FloatArray) -> FloatArray:
        fit = _fit_of(trial, known, stances[0].width)
        pairs = zip(stances, fit.distances, strict=True)
        expected = [fit.down(stance.heights, distance) for stance, distance in pairs]
        return np.asarray(np.concatenate(expected) - measured)

    for _ in range(_ROUNDS):
        error = off(values)
        slopes = np.stack([(off(values + step) - error) / _SMALL for step in np.eye(len(values)) * _SMALL], 1)
        change = np.linalg.lstsq(slopes, -error, rcond=None)[0]
        # No leap: far from the answer the lines that the slopes stand for lead astray.
        values = values + np.clip(change, -0.3, 0.3)
        if float(np.abs(change).max()) < _SMALL:
            break
    fit = _fit_of(values, known, stances[0].width)
    sane = 0 < fit.height < _HIGHEST_M and abs(fit.tilt) < _STEEPEST and max(fit.distances) < _FARTHEST_M
    return fit if sane and min(fit.distances) > 0 and math.isfinite(fit.focal) else None


def _beginning(stances: Sequence[_Stance], known: Known) -> FloatArray:
    """Return a first guess: logarithms of the distances (and of the lens, if that is asked), tilt, and height."""
    spans = [float(np.ptp(stance.seen[:, 1]) / np.ptp(stance.heights)) / known.stature_m for stance in stances]
    if known.distance_m is None:
        assert known.lens_deg is not None
        focal = focal_px(known.lens_deg, stances[0].width)
        free = [math.log(focal / span) for span in spans]
    else:
        focal = known.distance_m * spans[0]
        free = [math.log(focal / stances[0].width), *(math.log(focal / span) for span in spans[1:])]
    return np.array([*free, 0.0, *([] if known.height_m is not None else [1.0])])


def _fit_of(values: FloatArray, known: Known, width: int) -> _Fit:
    free = [float(value) for value in values]
    height = known.height_m if known.height_m is not None else free.pop()
    tilt = free.pop()
    if known.distance_m is None:
        assert known.lens_deg is not None
        focal, distances = focal_px(known.lens_deg, width), [math.exp(value) for value in free]
    else:
        focal, distances = width * math.exp(free[0]), [known.distance_m, *(math.exp(value) for value in free[1:])]
    return _Fit(height, tilt, focal, tuple(distances), known.stature_m)


def _yaw_deg(across: Sequence[float], distances: Sequence[float]) -> float:
    """Return the angle between the step and the line from the mark to the camera; NaN without a step."""
    if len(across) < 2:
        return math.nan
    back = math.copysign(1.0, distances[0] - distances[1])
    step = math.atan2(back * (across[1] - across[0]), back * (distances[0] - distances[1]))
    to_camera = math.atan2(-across[0], distances[0])
    return math.degrees(to_camera - step)


def _middle_y(pose: Pose, left: Keypoint, right: Keypoint) -> float:
    return (pose.points[left][1] + pose.points[right][1]) / 2
