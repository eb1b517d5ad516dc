"""A pinhole camera with a little lens distortion, standing in the world of the rendered people.

World axes: metres, z up, floor z = 0; a person stands at the origin, faces -y and has its left at +x.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from kiosk.movement.pose import FloatArray

#: What is nearer to the lens than this is not drawn; also the smallest depth that `Camera.project` divides by.
NEAREST_M = 0.2
#: Steps of the table by which the distortion is undone; they leave less than a hundredth of a pixel.
_TABLE_STEPS = 20_000


@dataclass(frozen=True)
class Camera:
    """Where a camera stands, where it looks and what its lens does.

    azimuth_deg: true view; 0 in front of the person (camera at -y), 90 at its left (+x), 180 behind, 270 at its right.
    yaw_deg: misalignment: the camera really stands at azimuth + yaw, still looking at the target.
    distance_m: horizontal distance from the target; height_m: of the lens above the floor.
    target_m: the point (x, y, z) that the camera turns to; its z counts only where tilt_deg is None.
    tilt_deg: how far the camera looks down; 0 is level, None looks exactly at the target.
    roll_deg: turn about the optical axis, clockwise as seen from behind the camera; the picture turns the other way.
    size_px: width and height. fov_deg: horizontal angle from edge to edge, distortion included.
    k1: radial distortion of normalised coordinates, distorted = r (1 + k1 r^2); negative is a barrel.

    Raises ValueError where k1 folds the picture over itself nearer than its left and right edge.
    """

    azimuth_deg: float = 0.0
    yaw_deg: float = 0.0
    distance_m: float = 3.0
    height_m: float = 1.0
    target_m: tuple[float, float, float] = (0.0, 0.0, 0.9)
    size_px: tuple[int, int] = (640, 480)
    fov_deg: float = 62.0
    tilt_deg: float | None = 0.0
    roll_deg: float = 0.0
    k1: float = 0.0

    def __post_init__(self) -> None:
        edge = math.tan(math.radians(self.fov_deg / 2))
        if 1 + 3 * self.k1 * edge**2 <= 0:
            raise ValueError(f"k1 {self.k1} folds the picture inside {self.fov_deg} degrees; choose one nearer to 0.")

    @cached_property
    def position_m(self) -> FloatArray:
        """The lens, (3,) in world metres."""
        angle = math.radians(self.azimuth_deg + self.yaw_deg)
        x, y, _ = self.target_m
        return np.array([x + self.distance_m * math.sin(angle), y - self.distance_m * math.cos(angle), self.height_m])

    @cached_property
    def axes(self) -> FloatArray:
        """Rows: right and down in the picture, and the way the camera looks; (3, 3), unit vectors in world axes."""
        angle = math.radians(self.azimuth_deg + self.yaw_deg)
        right = np.array([math.cos(angle), math.sin(angle), 0.0])
        level = np.array([-math.sin(angle), math.cos(angle), 0.0])
        up = np.array([0.0, 0.0, 1.0])
        tilt = math.radians(self._tilt_deg)
        forward = level * math.cos(tilt) - up * math.sin(tilt)
        down = -up * math.cos(tilt) - level * math.sin(tilt)
        roll = math.radians(self.roll_deg)
        return np.stack(
            [
                right * math.cos(roll) + down * math.sin(roll),
                down * math.cos(roll) - right * math.sin(roll),
                forward,
            ]
        )

    @cached_property
    def focal_px(self) -> float:
        """Focal length: pixels per normalised coordinate at the middle of the picture."""
        edge = math.tan(math.radians(self.fov_deg / 2))
        return self.size_px[0] / 2 / (edge * (1 + self.k1 * edge**2))

    def project(self, points_m: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return where world points (N, 3) fall in the picture, (N, 2) px, and how deep they lie, (N,) m.

        (0, 0) is the outer corner of the left top pixel. Depth is along the optical axis; a point with less than
        `NEAREST_M` has no place in a picture, its pixels mean nothing.
        """
        seen = (points_m - self.position_m) @ self.axes.T
        depth = seen[:, 2]
        flat = seen[:, :2] / np.maximum(depth, NEAREST_M)[:, None]
        return self.focal_px * self._distorted(flat) + np.array(self.size_px) / 2, depth

    def rays(self) -> FloatArray:
        """Return the way each pixel's middle looks, (height, width, 3) in world axes; not of unit length."""
        width, height = self.size_px
        across, down = np.meshgrid(np.arange(width) + 0.5 - width / 2, np.arange(height) + 0.5 - height / 2)
        flat = self._undistorted(np.stack([across, down], -1) / self.focal_px)
        return np.asarray(flat @ self.axes[:2] + self.axes[2])

    @property
    def _tilt_deg(self) -> float:
        if self.tilt_deg is not None:
            return self.tilt_deg
        return math.degrees(math.atan2(self.height_m - self.target_m[2], self.distance_m))

    def _distorted(self, flat: FloatArray) -> FloatArray:
        if not self.k1:
            return flat
        radius = np.linalg.norm(flat, axis=-1, keepdims=True)
        # Beyond the fold a barrel would bring points back into the picture: from there on their scale stays 2/3.
        counted = np.minimum(radius, math.sqrt(-1 / (3 * self.k1))) if self.k1 < 0 else radius
        return np.asarray(flat * (1 + self.k1 * counted**2))

    def _undistorted(self, flat: FloatArray) -> FloatArray:
        if not self.k1:
            return flat
        wanted = np.linalg.norm(flat, axis=-1, keepdims=True)
        # Nothing is drawn in less than two thirds of its undistorted scale: see `_distorted`.
        radius = np.linspace(0, 1.5 * wanted.max(), _TABLE_STEPS)
        distorted = self._distorted(radius[:, None])[:, 0]
        return np.asarray(flat * np.interp(wanted, distorted, radius) / np.maximum(wanted, 1e-9))


def aimed(camera: Camera, *, low_m: float = 0.0, high_m: float = 2.3) -> Camera:
    """Return the camera tilted as an owner would mount it: a person from floor to raised hands in mid-picture.

    The angles to ``low_m`` and ``high_m`` above the floor at the target's place are halved.
    """
    down = math.atan2(camera.height_m - low_m, camera.distance_m)
    up = math.atan2(high_m - camera.height_m, camera.distance_m)
    return replace(camera, tilt_deg=math.degrees((down - up) / 2))


def shows(camera: Camera, points_m: FloatArray, margin_px: float = 0.0) -> bool:
    """Say whether all world points (N, 3) lie in the picture, at least ``margin_px`` from its edges."""
    places, depth = camera.project(points_m)
    inside = (places >= margin_px) & (places <= np.array(camera.size_px) - margin_px)
    return bool(inside.all() and (depth > NEAREST_M).all())
