"""Things to draw: meshes of coloured quads, and the simple ones (boxes, discs, bench, bar) ready made."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from kiosk.movement.pose import FloatArray
from tests.people.push_up import PushUpStation

IntArray: TypeAlias = NDArray[np.int64]
#: Blue, green and red as the surface reflects them, 0 to 255.
Colour: TypeAlias = tuple[float, float, float]
#: Large faces are cut into pieces of this size: the painter sorts whole faces by depth.
_PIECE_M = 0.08


@dataclass(frozen=True, eq=False)
class Mesh:
    """vertices (V, 3) in world metres, faces (Q, 4) as indices, anticlockwise from outside, colours (Q, 3) BGR.

    A triangle repeats its last vertex. Faces are drawn from their outer side only.
    """

    vertices: FloatArray
    faces: IntArray
    colours: FloatArray


def joined(meshes: Iterable[Mesh]) -> Mesh:
    """Return all meshes as one."""
    parts = list(meshes)
    starts = np.cumsum([0, *(len(part.vertices) for part in parts)])
    return Mesh(
        np.concatenate([part.vertices for part in parts]),
        np.concatenate([part.faces + start for part, start in zip(parts, starts[:-1], strict=True)]),
        np.concatenate([part.colours for part in parts]),
    )


def at_vertices(faces: IntArray, values: FloatArray, count: int) -> FloatArray:
    """Return (count, 3): the sum of the values (Q, 3) of the faces around each vertex."""
    flat = faces.ravel()
    return np.stack([np.bincount(flat, np.repeat(values[:, axis], 4), count) for axis in range(3)], 1)


def box(middle_m: tuple[float, float, float], size_m: tuple[float, float, float], colour: Colour) -> Mesh:
    """Return a box with its edges along the axes."""
    half = np.array(size_m) / 2
    sides = []
    for axis, sign in product(range(3), (-1, 1)):
        first, second = [k for k in range(3) if k != axis]
        sheet = _sheet(size_m[first], size_m[second])
        vertices = np.zeros((len(sheet.vertices), 3))
        vertices[:, (first, second)] = sheet.vertices[:, :2]
        vertices[:, axis] = sign * half[axis]
        # The axes (first, second, axis) are right-handed for x and z but left-handed for y.
        outward = sign * (-1 if axis == 1 else 1)
        faces = sheet.faces if outward > 0 else sheet.faces[:, ::-1]
        sides.append(Mesh(vertices + np.array(middle_m), faces, np.tile(colour, (len(faces), 1)).astype(float)))
    return joined(sides)


def disc(middle_m: tuple[float, float, float], radius_m: float, thickness_m: float, axis: int, colour: Colour) -> Mesh:
    """Return a flat cylinder about the world axis 0, 1 or 2: a weight plate, a pipe, a bin."""
    sides, slices = 20, max(1, math.ceil(thickness_m / (2 * _PIECE_M)))
    angles = np.arange(sides) * 2 * np.pi / sides
    ring = np.stack([np.cos(angles), np.sin(angles)], 1) * radius_m
    levels = np.linspace(-0.5, 0.5, slices + 1) * thickness_m
    vertices = np.zeros(((slices + 1) * sides + 2, 3))
    around = [(axis + 1) % 3, (axis + 2) % 3]
    for number, level in enumerate(levels):
        rows = slice(number * sides, (number + 1) * sides)
        vertices[rows, around] = ring
        vertices[rows, axis] = level
    vertices[-2:, axis] = levels[[0, -1]]
    here = np.arange(sides)
    after = (here + 1) % sides
    walls = [np.stack([here, after, after + sides, here + sides], 1) + sides * n for n in range(slices)]
    bottom, top = len(vertices) - 2, len(vertices) - 1
    last = slices * sides
    lids = [
        np.stack([after, here, np.full(sides, bottom), np.full(sides, bottom)], 1),
        np.stack([here + last, after + last, np.full(sides, top), np.full(sides, top)], 1),
    ]
    faces = np.concatenate(walls + lids)
    return Mesh(vertices + np.array(middle_m), faces, np.tile(colour, (len(faces), 1)).astype(float))


def bench_mesh(station: PushUpStation) -> Mesh:
    """Return a bench for the hands of a push-up; from the front it hides the legs."""
    y_m, height_m = station.bar_y_m, station.bar_h_m
    top = box((0, y_m - 0.1, height_m - 0.04), (1.1, 0.38, 0.08), (50, 50, 55))
    legs = [
        box((x, y_m - 0.1, (height_m - 0.07) / 2), (0.06, 0.3, height_m - 0.07), (140, 140, 145)) for x in (-0.45, 0.45)
    ]
    return joined([top, *legs])


def bar_mesh(station: PushUpStation) -> Mesh:
    """Return a bar in its rack for the hands of a push-up; from the front the legs stay in sight."""
    y_m, height_m = station.bar_y_m, station.bar_h_m
    bar = box((0, y_m - 0.03, height_m - 0.0225), (1.5, 0.045, 0.045), (60, 60, 65))
    posts = [box((x, y_m - 0.03, 0.9), (0.07, 0.07, 1.8), (40, 40, 160)) for x in (-0.75, 0.75)]
    return joined([bar, *posts])


def _sheet(width_m: float, height_m: float) -> Mesh:
    """Return a rectangle in the plane z = 0 about the origin, in pieces, its outer side up."""
    columns, rows = max(1, math.ceil(width_m / _PIECE_M)), max(1, math.ceil(height_m / _PIECE_M))
    across, along = np.meshgrid(np.linspace(-0.5, 0.5, columns + 1), np.linspace(-0.5, 0.5, rows + 1))
    vertices = np.stack([across.ravel() * width_m, along.ravel() * height_m, np.zeros(across.size)], 1)
    corner = (np.arange(rows)[:, None] * (columns + 1) + np.arange(columns)).ravel()
    faces = np.stack([corner, corner + 1, corner + columns + 2, corner + columns + 1], 1)
    return Mesh(vertices, faces, np.zeros((len(faces), 3)))
