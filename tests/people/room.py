"""The rooms behind rendered people: textured walls and a floor seen through the camera's lens, with things in them.

A room turns with the camera's true view, so that the same wall is always behind the person: in the room's axes the
camera looks along +y and the person stands at the origin. Misalignment (yaw) moves the camera within the room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType

import cv2
import numpy as np

from kiosk.movement.pose import FloatArray
from kiosk.vision.camera import Image
from tests.people.camera import Camera
from tests.people.mesh import Colour, Mesh, box, disc
from tests.people.render import LIGHTS, Light, draw

#: Texture pixels per metre: about as fine as a picture of 640 px sees a wall 4 m away.
_PX_PER_M = 120
_CEILING_M = 2.8
#: How far the floor and the side walls reach in front of the person: behind any camera.
_FRONT_M = 5.0


@dataclass(frozen=True)
class Room:
    """One of `STYLES` in a light."""

    style: str = "plain"
    light: Light = LIGHTS["normal"]


@dataclass(frozen=True)
class _Style:
    """Half width and depth behind the person, m; base colours; who paints floor and walls; what stands around."""

    half_width_m: float
    depth_m: float
    wall: Colour
    floor: Colour
    paint_wall: Callable[[FloatArray, np.random.Generator], None]
    paint_floor: Callable[[FloatArray, np.random.Generator], None]
    clutter: Callable[[_Style, np.random.Generator], list[Mesh]]


@dataclass(frozen=True, eq=False)
class _Plane:
    """A rectangle: its left lower corner (3,), unit vectors (3,) along its edges, and its texture from there."""

    origin: FloatArray
    across: FloatArray
    up: FloatArray
    texture: FloatArray


def background(camera: Camera, room: Room, seed: int) -> Image:
    """Return the empty room (height, width, 3) BGR as the camera sees it; KeyError for an unknown style.

    The seed decides on the colours' shade, the textures and what stands where.
    """
    style = STYLES[room.style]
    rng = np.random.default_rng(seed)
    home = replace(camera, azimuth_deg=0.0, target_m=(0.0, 0.0, camera.target_m[2]))
    rays = home.rays()
    picture = np.full(rays.shape, 40, np.uint8)
    nearest = np.full(rays.shape[:2], np.inf)
    for plane in _planes(style, room.light, rng):
        facing = np.cross(plane.across, plane.up)[None]
        lit = np.clip(plane.texture * room.light.on(facing, home), 0, 255).astype(np.uint8)
        _lay(picture, nearest, rays, home.position_m, plane, lit)
    return draw(home, picture, style.clutter(style, rng), room.light)


def _planes(style: _Style, light: Light, rng: np.random.Generator) -> Iterator[_Plane]:
    """Yield floor, ceiling and the three walls that a camera in front of the person can see, painted."""
    half, depth, front = style.half_width_m, style.depth_m, _FRONT_M
    x, y, z = np.eye(3)
    shade = rng.uniform(0.9, 1.04) * rng.uniform(0.97, 1.03, 3)
    sheets = (
        ((-half, -front, 0.0), x, y, 2 * half, depth + front, style.floor, style.paint_floor),
        ((-half, depth, _CEILING_M), x, -y, 2 * half, depth + front, (400, 405, 410), None),
        ((-half, -front, 0.0), y, z, depth + front, _CEILING_M, style.wall, style.paint_wall),
        ((half, depth, 0.0), -y, z, depth + front, _CEILING_M, style.wall, style.paint_wall),
        ((-half, depth, 0.0), x, z, 2 * half, _CEILING_M, style.wall, style.paint_wall),
    )
    for origin, across, up, width_m, height_m, colour, paint in sheets:
        texture = np.ones((round(height_m * _PX_PER_M), round(width_m * _PX_PER_M), 3)) * (np.array(colour) * shade)
        if paint is not None:
            paint(texture, rng)
        texture *= _uneven(texture.shape[:2], rng)[..., None]
        if light.window and across is x and up is z:
            _window(texture, rng.uniform(0.25, 0.75) * width_m, 0.7, 2.3)
        yield _Plane(np.array(origin), across, up, texture)


def _lay(picture: Image, nearest: FloatArray, rays: FloatArray, eye: FloatArray, plane: _Plane, lit: Image) -> None:
    """Show a plane where it is the nearest so far, in place; ``lit`` is its texture as it is lit."""
    normal = np.cross(plane.across, plane.up)
    slope = rays @ normal
    with np.errstate(divide="ignore", invalid="ignore"):
        far = (plane.origin - eye) @ normal / slope
    far = np.where((slope < 0) & (far > 0), far, np.inf)
    seen = far < nearest
    hit = eye - plane.origin + rays * np.where(seen, far, 0.0)[..., None]
    across, up = ((hit @ way) * _PX_PER_M for way in (plane.across, plane.up))
    seen &= (across >= 0) & (across <= lit.shape[1]) & (up >= 0) & (up <= lit.shape[0])
    places = [(way - 0.5).astype(np.float32) for way in (across, up)]
    shown = cv2.remap(lit, places[0], places[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    picture[seen] = shown[seen]
    nearest[seen] = far[seen]


def _uneven(shape: tuple[int, int], rng: np.random.Generator) -> FloatArray:
    """Return factors about 1 of a texture: broad patches of light and a fine grain."""
    broad = cv2.resize(rng.uniform(0.88, 1.08, (4, 5)), shape[::-1], interpolation=cv2.INTER_CUBIC)
    grain = cv2.GaussianBlur(rng.standard_normal(shape, np.float32), (0, 0), 1.0)
    return np.asarray(broad * (1 + 0.035 * grain))


def _patch(texture: FloatArray, across_m: tuple[float, float], up_m: tuple[float, float], colour: Colour) -> None:
    """Paint a rectangle, given in metres from the texture's left lower corner."""
    columns, rows = (slice(*(max(0, round(end * _PX_PER_M)) for end in ends)) for ends in (across_m, up_m))
    texture[rows, columns] = colour


def _width_m(texture: FloatArray) -> float:
    return float(texture.shape[1] / _PX_PER_M)


def _window(texture: FloatArray, middle_m: float, low_m: float, width_m: float) -> None:
    """Paint a window into which the sky shines: brighter than any picture can show."""
    left, right = middle_m - width_m / 2, middle_m + width_m / 2
    _patch(texture, (left - 0.06, right + 0.06), (low_m - 0.06, 2.36), (200, 200, 200))
    panes = np.linspace(left, right, max(2, round(width_m / 0.8) + 1))
    for start, end in pairwise(panes):
        _patch(texture, (start + 0.03, end - 0.03), (low_m, 2.3), (1500, 1480, 1440))


def _plain_wall(texture: FloatArray, rng: np.random.Generator) -> None:
    width = _width_m(texture)
    _patch(texture, (0, width), (0, 0.1), (225, 225, 225))
    door = rng.uniform(0.1, width - 1.1)
    _patch(texture, (door, door + 1.0), (0, 2.05), (96, 120, 140))
    _patch(texture, (door + 0.85, door + 0.93), (1.0, 1.06), (60, 60, 60))
    for _ in range(2):
        left, low, size = rng.uniform(0, width - 1), rng.uniform(1.2, 1.5), rng.uniform(0.4, 0.9)
        _patch(texture, (left, left + size), (low, low + 0.7), (120, 95, 70))
        _patch(texture, (left + 0.05, left + size - 0.05), (low + 0.05, low + 0.65), _any_colour(rng))


def _gym_wall(texture: FloatArray, rng: np.random.Generator) -> None:
    width = _width_m(texture)
    _patch(texture, (0, width), (0, 1.1), (92, 88, 84))
    _patch(texture, (0, width), (1.1, 1.16), (40, 140, 220))
    for start in rng.uniform(0.2, max(0.3, width - 1.1), 2):  # wall bars
        for low in np.arange(0.25, 2.4, 0.17):
            _patch(texture, (start, start + 0.9), (low, low + 0.04), (90, 140, 190))
        for post in (start, start + 0.43, start + 0.86):
            _patch(texture, (post, post + 0.05), (0, 2.5), (70, 115, 165))
    sign = rng.uniform(0, width - 0.8)
    _patch(texture, (sign, sign + 0.8), (1.7, 2.2), _any_colour(rng))


def _corridor_wall(texture: FloatArray, rng: np.random.Generator) -> None:
    width = _width_m(texture)
    _patch(texture, (0, width), (0, 0.12), (110, 105, 100))
    _patch(texture, (0, width), (0.85, 1.0), (170, 150, 120))
    for start in np.arange(rng.uniform(0.1, 0.6), width - 1.0, 1.9):
        _patch(texture, (start - 0.08, start + 1.08), (0, 2.13), (235, 235, 235))
        _patch(texture, (start, start + 1.0), (0, 2.05), (140, 125, 105))
        _patch(texture, (start + 0.1, start + 0.2), (0.98, 1.04), (70, 70, 70))


def _brick_wall(texture: FloatArray, rng: np.random.Generator) -> None:
    base = texture[0, 0].copy()
    texture[:] = base * 1.7
    for row, low in enumerate(np.arange(0, _CEILING_M, 0.08)):
        for left in np.arange(-0.125 * (row % 2), _width_m(texture), 0.25):
            colour = tuple(base * rng.uniform(0.75, 1.2))
            _patch(texture, (left + 0.006, left + 0.244), (low + 0.006, low + 0.074), colour)


def _hall_wall(texture: FloatArray, rng: np.random.Generator) -> None:
    width = _width_m(texture)
    for left in np.arange(0, width, 0.3):
        _patch(texture, (left, left + 0.29), (0, 1.9), tuple(np.array((105, 150, 190)) * rng.uniform(0.93, 1.05)))
    for middle in np.arange(0.9, width, 1.7):
        _patch(texture, (middle - 0.65, middle + 0.65), (2.0, 2.6), (290, 285, 275))


def _planks(texture: FloatArray, rng: np.random.Generator) -> None:
    for left in np.arange(0, _width_m(texture), 0.14):
        _patch(texture, (left, left + 0.132), (0, 99), tuple(texture[0, -1] * rng.uniform(0.82, 1.08)))


def _rubber(texture: FloatArray, rng: np.random.Generator) -> None:
    texture[rng.random(texture.shape[:2]) < 0.02] = (150, 140, 130)
    _mat(texture, (120, 70, 40))


def _tiles(texture: FloatArray, rng: np.random.Generator) -> None:
    for left in np.arange(0, _width_m(texture), 0.4):
        for low in np.arange(0, texture.shape[0] / _PX_PER_M, 0.4):
            colour = tuple(texture[-1, -1] * rng.uniform(0.95, 1.05))
            _patch(texture, (left + 0.005, left + 0.395), (low + 0.005, low + 0.395), colour)
    texture[::48] *= 0.8


def _concrete(texture: FloatArray, rng: np.random.Generator) -> None:
    texture *= _uneven(texture.shape[:2], rng)[..., None] ** 2
    _mat(texture, (60, 58, 56))


def _court(texture: FloatArray, rng: np.random.Generator) -> None:
    for left in (0.8, _width_m(texture) - 0.9):
        _patch(texture, (left, left + 0.06), (0, 99), (215, 215, 215))
    low = _FRONT_M + rng.uniform(0.8, 1.6)
    _patch(texture, (0, 99), (low, low + 0.06), (60, 200, 230))


def _mat(texture: FloatArray, colour: Colour) -> None:
    """Lay a mat on the floor below the person."""
    middle = _width_m(texture) / 2
    _patch(texture, (middle - 0.7, middle + 0.7), (_FRONT_M - 1.0, _FRONT_M + 1.0), colour)


def _any_colour(rng: np.random.Generator) -> Colour:
    blue, green, red = rng.uniform(40, 220, 3)
    return float(blue), float(green), float(red)


def _some_boxes(style: _Style, rng: np.random.Generator) -> list[Mesh]:
    """Return a few boxes of any colour along the walls: cupboards, bags, plyometric boxes."""
    meshes = []
    for _ in range(rng.integers(2, 5)):
        width, depth, height = rng.uniform(0.3, 0.7), rng.uniform(0.25, 0.45), rng.uniform(0.25, 1.1)
        meshes.append(box((*_by_a_wall(style, rng, depth), height / 2), (width, depth, height), _any_colour(rng)))
    return meshes


def _gym_things(style: _Style, rng: np.random.Generator) -> list[Mesh]:
    """Return a rack with dumbbells, weight plates that lean on the wall and a few boxes."""
    back, left = style.depth_m - 0.3, rng.uniform(-style.half_width_m + 0.4, style.half_width_m - 1.8)
    meshes = [box((left + 0.7, back, shelf), (1.5, 0.35, 0.04), (70, 70, 75)) for shelf in (0.4, 0.8)]
    for shelf in (0.4, 0.8):
        for place in np.arange(left + 0.05, left + 1.4, 0.22):
            colour = (35.0, 35.0, 38.0) if rng.random() < 0.7 else _any_colour(rng)
            meshes += [disc((place, back + side, shelf + 0.1), 0.075, 0.09, 1, colour) for side in (-0.1, 0.1)]
    for _ in range(3):
        radius = rng.uniform(0.15, 0.23)
        x = rng.uniform(-style.half_width_m + 0.3, style.half_width_m - 0.3)
        meshes.append(disc((x, style.depth_m - 0.06, radius), radius, 0.06, 1, (45, 45, 50)))
    return meshes + _some_boxes(style, rng)


def _pipes(style: _Style, rng: np.random.Generator) -> list[Mesh]:
    """Return pipes before the wall behind, and boxes."""
    places = rng.uniform(-style.half_width_m + 0.2, style.half_width_m - 0.2, 3)
    pipes = [disc((x, style.depth_m - 0.12, _CEILING_M / 2), 0.05, _CEILING_M, 2, (95, 105, 115)) for x in places]
    return pipes + _some_boxes(style, rng)


def _by_a_wall(style: _Style, rng: np.random.Generator, depth: float) -> tuple[float, float]:
    """Return a place on the floor along the wall behind or a side wall, never between camera and person."""
    if rng.random() < 0.5:
        return rng.uniform(-style.half_width_m + 0.4, style.half_width_m - 0.4), style.depth_m - depth / 2 - 0.02
    side = 1 if rng.random() < 0.5 else -1
    return side * (style.half_width_m - 0.4), rng.uniform(-0.2, style.depth_m - 0.4)


#: The rooms by name.
STYLES: Mapping[str, _Style] = MappingProxyType(
    {
        "plain": _Style(3.2, 2.4, (196, 206, 208), (95, 130, 165), _plain_wall, _planks, _some_boxes),
        "gym": _Style(3.6, 2.8, (150, 155, 158), (62, 60, 58), _gym_wall, _rubber, _gym_things),
        "corridor": _Style(2.0, 4.5, (205, 215, 218), (160, 168, 172), _corridor_wall, _tiles, lambda _style, _rng: []),
        "brick": _Style(3.0, 1.8, (48, 58, 96), (112, 114, 116), _brick_wall, _concrete, _pipes),
        "hall": _Style(4.5, 4.0, (190, 196, 200), (120, 135, 70), _hall_wall, _court, _some_boxes),
    }
)
