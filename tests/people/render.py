"""Drawing meshes over a background: a painter's algorithm on quads, twice supersampled around the meshes only."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import cv2
import numpy as np

from kiosk.movement.pose import FloatArray
from kiosk.vision.camera import Image
from tests.people.camera import NEAREST_M, Camera
from tests.people.mesh import Mesh, at_vertices, joined

#: Pixels of the canvas per pixel of the picture, and the bits of `cv2.fillConvexPoly` below a pixel.
_FINER = 2
_SHIFT = 4
#: A shadow is laid out on a grid of about so many cells across the picture: it is soft anyhow.
_SHADOW_CELLS = 213
#: Skin this near to the floor darkens the floor below it in any light.
_CONTACT_M = 0.12
#: How much of its light a face loses as it turns its edge to the camera.
_EDGE_LOSS = 0.28


@dataclass(frozen=True)
class Light:
    """One lamp or window far away, a weaker fill from the other side, and what comes from everywhere.

    azimuth_deg: where it comes from, about the vertical: 0 from behind the camera's true view, 90 from the picture's
    right, 180 from behind the person. elevation_deg: above the floor, 15 or more for a shadow of sane length.
    direct, fill, sky (from above), ambient: what a surface facing that way gets; 1 in total shows its own colour.
    shadow: share of light that the floor loses in the shadow. tint: factors of blue, green and red.
    window: the wall behind the person has a bright window, whatever the room.
    """

    azimuth_deg: float = 30.0
    elevation_deg: float = 48.0
    direct: float = 0.5
    fill: float = 0.22
    sky: float = 0.16
    ambient: float = 0.42
    shadow: float = 0.4
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    window: bool = False

    def towards(self, camera: Camera) -> FloatArray:
        """Return the unit vector (3,) from the floor to the light, in world axes, for a camera's true view."""
        return _direction(camera.azimuth_deg + self.azimuth_deg, self.elevation_deg)

    def on(self, normals: FloatArray, camera: Camera) -> FloatArray:
        """Return how bright surfaces with these unit normals (N, 3) are, as factors (N, 3) of blue, green and red."""
        opposite = _direction(camera.azimuth_deg + self.azimuth_deg - 110, 25.0)
        level = (
            self.ambient
            + self.sky * normals[:, 2]
            + self.direct * np.clip(normals @ self.towards(camera), 0, 1)
            + self.fill * np.clip(normals @ opposite, 0, 1)
        )
        return np.asarray(np.maximum(level, 0.02)[:, None] * np.array(self.tint))


#: The lights of the scenarios.
LIGHTS: Mapping[str, Light] = MappingProxyType(
    {
        "normal": Light(),
        "side": Light(azimuth_deg=78, elevation_deg=28, direct=0.95, fill=0.08, sky=0.08, ambient=0.26, shadow=0.6),
        "dim": Light(direct=0.2, fill=0.1, sky=0.07, ambient=0.2, shadow=0.3, tint=(0.86, 0.97, 1.08)),
        "window": Light(azimuth_deg=195, elevation_deg=35, direct=0.6, fill=0.1, ambient=0.3, shadow=0.45, window=True),
    }
)


def draw(camera: Camera, background: Image, meshes: Sequence[Mesh], light: Light) -> Image:
    """Return the background (height, width, 3) BGR with all meshes and their shadows on the floor.

    All faces are sorted by depth together, so what is nearer covers what is farther, across meshes.
    """
    picture = background.copy()
    if not meshes:
        return picture
    mesh = joined(meshes)
    corners = mesh.vertices[mesh.faces]
    # The cross product of the diagonals: twice the area of a flat quad, also right where the last point is repeated.
    normals = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
    _cast_shadow(picture, camera, mesh.vertices, corners, light)
    places, depth = camera.project(mesh.vertices)
    depths = depth[mesh.faces].T
    towards_us = np.einsum("ij,ij->i", corners[:, 0] - camera.position_m, normals) < 0
    shown = np.flatnonzero(towards_us & (depths.min(0) > NEAREST_M))
    # Halfway between the farthest corner and the middle of a face: sorts limbs against the trunk best.
    far = depths[:, shown]
    shown = shown[np.argsort(-(4 * far.max(0) + far.sum(0)), kind="stable")]
    region = _region(places[mesh.faces[shown].ravel()], camera.size_px)
    if region is None:
        return picture
    smooth = at_vertices(mesh.faces, normals, len(mesh.vertices))[mesh.faces[shown].T].sum(0)
    smooth /= np.linalg.norm(smooth, axis=1, keepdims=True) + 1e-12
    view = camera.position_m - corners[shown, 0]
    view /= np.linalg.norm(view, axis=1, keepdims=True)
    facing = 1 - _EDGE_LOSS + _EDGE_LOSS * np.clip(np.einsum("ij,ij->i", smooth, view), 0, 1)
    colours = np.clip(mesh.colours[shown] * light.on(smooth, camera) * facing[:, None], 0, 255)
    _paint(picture[region], places[mesh.faces[shown]] - (region[1].start, region[0].start), colours)
    return picture


def _direction(azimuth_deg: float, elevation_deg: float) -> FloatArray:
    azimuth, elevation = math.radians(azimuth_deg), math.radians(elevation_deg)
    level = math.cos(elevation)
    return np.array([math.sin(azimuth) * level, -math.cos(azimuth) * level, math.sin(elevation)])


def _region(places: FloatArray, size_px: tuple[int, int]) -> tuple[slice, slice] | None:
    """Return rows and columns around the places (N, 2), with a margin of 2 px, inside the picture; None where empty."""
    if not len(places):
        return None
    left, top = np.maximum(np.floor(places.min(0)) - 2, 0).astype(int)
    right, bottom = np.minimum(np.ceil(places.max(0)) + 2, size_px).astype(int)
    return (slice(top, bottom), slice(left, right)) if left < right and top < bottom else None


def _paint(picture: Image, quads: FloatArray, colours: FloatArray) -> None:
    """Fill quads (N, 4, 2), px, in their order onto the picture, in place, with smooth edges."""
    height, width = picture.shape[:2]
    canvas = cv2.resize(picture, (width * _FINER, height * _FINER), interpolation=cv2.INTER_NEAREST)
    # OpenCV counts from the middle of the first pixel, the camera from its corner.
    fixed = np.round((quads * _FINER - 0.5) * (1 << _SHIFT)).astype(np.int32)
    fill, line = cv2.fillConvexPoly, cv2.LINE_8
    for quad, colour in zip(fixed, colours.tolist(), strict=True):
        fill(canvas, quad, colour, line, _SHIFT)
    cv2.resize(canvas, (width, height), dst=picture, interpolation=cv2.INTER_AREA)


def _cast_shadow(picture: Image, camera: Camera, vertices: FloatArray, corners: FloatArray, light: Light) -> None:
    """Darken the floor of the picture, in place, where the meshes stand between it and the light or touch it.

    The points of the meshes are dropped onto a coarse grid, which is then closed and blurred: the faces overlap so
    often that filling each would cost as much as the person itself.
    """
    points = np.concatenate([vertices, 0.5 * (corners[:, 0] + corners[:, 2])])
    towards = light.towards(camera)
    thrown = points - towards * (points[:, 2:] / towards[2])
    touching = points[points[:, 2] < _CONTACT_M] * (1, 1, 0)
    cell = max(1, round(camera.size_px[0] / _SHADOW_CELLS))
    dark = np.maximum(
        light.shadow * _soft_cells(camera, thrown, cell, 1.6), 0.35 * _soft_cells(camera, touching, cell, 1.0)
    )
    left, top, width, height = cv2.boundingRect((dark > 0.01).astype(np.uint8))
    if not width:
        return
    part = picture[top * cell : (top + height) * cell, left * cell : (left + width) * cell]
    keep = 1 - dark[top : top + height, left : left + width]
    keep = cv2.resize(keep, None, fx=cell, fy=cell, interpolation=cv2.INTER_LINEAR)[: part.shape[0], : part.shape[1]]
    np.multiply(part, keep[..., None], out=part, casting="unsafe")


def _soft_cells(camera: Camera, points: FloatArray, cell: int, blur: float) -> FloatArray:
    """Return a grid of cells over the picture, 1 where points (N, 3) on the floor fall and 0 far from them."""
    width, height = (math.ceil(side / cell) for side in camera.size_px)
    cells = np.zeros((height, width), np.uint8)
    places, depth = camera.project(points)
    columns, rows = np.floor(places[depth > NEAREST_M].T / cell)
    inside = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
    cells[rows[inside].astype(int), columns[inside].astype(int)] = 1
    closed = cv2.morphologyEx(cells, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    return np.asarray(cv2.GaussianBlur(closed.astype(np.float64), (0, 0), blur), np.float64)
