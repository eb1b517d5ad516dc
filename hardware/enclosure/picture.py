"""Pictures of the box from its printable files: shaded, with its edges, what hides what worked out pixel by pixel."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import trimesh
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from hardware.enclosure.parts import Block, inside

Array = NDArray[Any]
#: Drawn twice as large and then made smaller, so that edges are smooth.
_FINER = 2
_LIGHT = np.array([-0.35, 0.55, 0.76])
_INK, _PAPER = (38, 42, 50), (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Solid:
    """A mesh to draw, its colour, and how far it is moved out of its place, in millimetres."""

    mesh: trimesh.Trimesh
    colour: str
    moved: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Label:
    """Words, beside a point of the box that a thin line leads to. ``at`` is in pixels of the picture."""

    words: str
    point: tuple[float, float, float]
    at: tuple[int, int]


def exploded(meshes: dict[str, trimesh.Trimesh]) -> bytes:
    """Return the box taken apart as a PNG: back with the boards in it, and the lid in front of it."""
    apart = 95.0
    front = [block for block in inside() if block.name.startswith(("button", "camera"))]
    solids = [Solid(meshes["back"], "#d5dae2"), Solid(meshes["lid"], "#c2cede", (0, 0, apart))]
    solids += [Solid(block.mesh, block.colour, (0, 0, apart) if block in front else (0, 0, 0)) for block in _drawn()]
    labels = (
        Label("lid, with camera, lights and buttons", (60, 2, 48 + apart), (40, 690)),
        Label("Pi: power and screen below, USB at the right", (120, 30, 10), (600, 700)),
        Label("breadboard, stuck down", (45, 60, 9.5), (40, 90)),
        Label("back: hangs on two screws", (8, 98.4, 25), (40, 50)),
    )
    return _picture(solids, labels, turn_deg=(-28, 38), size=(1040, 760))


def closed(meshes: dict[str, trimesh.Trimesh]) -> bytes:
    """Return the closed box from the front as a PNG."""
    solids = [Solid(meshes["back"], "#d5dae2"), Solid(meshes["lid"], "#c2cede")]
    solids += [Solid(block.mesh, block.colour, (0, 0, 5)) for block in inside() if block.name.startswith("button")]
    labels = (
        Label("window of the camera", (80, 72, 48), (560, 60)),
        Label("RGB LED", (24, 50, 48), (40, 90)),
        Label("ready, busy, trouble", (54, 50, 48), (250, 610)),
        Label("buttons next and stop", (30, 28, 48), (40, 560)),
        Label("power and screen plug in below", (115, -2.4, 46), (560, 610)),
    )
    return _picture(solids, labels, turn_deg=(-18, 20), size=(940, 660))


def _drawn() -> list[Block]:
    hidden = ("jumper", "parts on", "head of")
    return [block for block in inside() if not block.name.startswith(hidden)]


def _picture(
    solids: Sequence[Solid], labels: Sequence[Label], turn_deg: tuple[float, float], size: tuple[int, int]
) -> bytes:
    turn = _turn(*turn_deg)
    corners = np.concatenate([(solid.mesh.bounds + solid.moved) for solid in solids])
    spread = np.array([[x, y, z] for x in corners[:, 0] for y in corners[:, 1] for z in corners[:, 2]]) @ turn.T
    low, high = spread[:, :2].min(axis=0), spread[:, :2].max(axis=0)
    scale = float(min(0.74 * size[0] / (high[0] - low[0]), 0.74 * size[1] / (high[1] - low[1])))
    middle = (low + high) / 2

    def on_picture(points: Array) -> Array:
        seen = points @ turn.T
        return np.column_stack(
            [size[0] / 2 + (seen[:, 0] - middle[0]) * scale, size[1] / 2 - (seen[:, 1] - middle[1]) * scale, seen[:, 2]]
        )

    fine = (size[1] * _FINER, size[0] * _FINER)
    depth, which = np.full(fine, -np.inf), np.full(fine, -1)
    shades: list[Array] = []
    for solid in solids:
        points = on_picture(np.asarray(solid.mesh.vertices) + solid.moved) * [_FINER, _FINER, 1]
        facing = solid.mesh.face_normals @ turn.T
        for face, normal in zip(solid.mesh.faces, facing, strict=True):
            if normal[2] > 1e-6:
                _fill(depth, which, points[face], len(shades))
                shades.append(_shade(solid.colour, normal))
    image = _with_edges(depth, which, np.array(shades))
    small = Image.fromarray(image).resize(size, Image.Resampling.LANCZOS)
    _write(small, labels, on_picture)
    out = io.BytesIO()
    small.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def _turn(up_deg: float, round_deg: float) -> Array:
    """Return the turn of the box: about its upright axis, then towards the onlooker. Seen along -z."""
    a, b = np.radians([round_deg, -up_deg])
    about_y = np.array([[np.cos(a), 0, -np.sin(a)], [0, 1, 0], [np.sin(a), 0, np.cos(a)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    return np.asarray(about_x @ about_y)


def _shade(colour: str, normal: Array) -> Array:
    light = 0.55 + 0.45 * max(0.0, float(normal @ _LIGHT / np.linalg.norm(_LIGHT)))
    return np.array([int(colour[at : at + 2], 16) * light for at in (1, 3, 5)])


def _fill(depth: Array, which: Array, corners: Array, number: int) -> None:
    """Fill one triangle where it is nearer than what is there."""
    (x0, y0), (x1, y1) = np.floor(corners[:, :2].min(axis=0)), np.ceil(corners[:, :2].max(axis=0))
    columns = np.arange(max(0, int(x0)), min(depth.shape[1], int(x1) + 1))
    rows = np.arange(max(0, int(y0)), min(depth.shape[0], int(y1) + 1))
    (ax, ay, az), (bx, by, bz), (cx, cy, cz) = corners
    area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
    if abs(area) < 1e-9 or not len(columns) or not len(rows):
        return
    x, y = np.meshgrid(columns + 0.5, rows + 0.5)
    b = ((x - ax) * (cy - ay) - (cx - ax) * (y - ay)) / area
    c = ((bx - ax) * (y - ay) - (x - ax) * (by - ay)) / area
    z = az + b * (bz - az) + c * (cz - az)
    window = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    nearer = (b >= -1e-9) & (c >= -1e-9) & (b + c <= 1 + 1e-9) & (z > depth[window])
    depth[window][nearer] = z[nearer]
    which[window][nearer] = number


def _with_edges(depth: Array, which: Array, shades: Array) -> Array:
    """Return the coloured picture, dark where the colour or the depth jumps from one pixel to the next."""
    image = np.where((which >= 0)[..., None], shades[which], _PAPER)
    for axis in (0, 1):
        jump = np.abs(np.diff(image, axis=axis)).sum(axis=2) > 18
        with np.errstate(invalid="ignore"):
            jump |= np.abs(np.nan_to_num(np.diff(depth, axis=axis), nan=0.0)) > 2.5
        edge = np.zeros(which.shape, dtype=bool)
        edge[:-1, :] |= jump if axis == 0 else False
        if axis == 1:
            edge[:, :-1] |= jump
        image = np.where(edge[..., None], _INK, image)
    return image.astype(np.uint8)


def _write(image: Image.Image, labels: Sequence[Label], on_picture: Callable[[Array], Array]) -> None:
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(size=17)
    for label in labels:
        x, y, _ = on_picture(np.array([label.point]))[0]
        left, top, right, bottom = pen.textbbox(label.at, label.words, font=font)
        start = (min(max(x, left), right), bottom + 3 if y > bottom else top - 3)
        pen.line([start, (x, y)], fill=_INK, width=1)
        pen.ellipse([x - 3, y - 3, x + 3, y + 3], fill=_INK)
        pen.rectangle([left - 3, top - 2, right + 3, bottom + 2], fill=_PAPER)
        pen.text(label.at, label.words, fill=_INK, font=font)
