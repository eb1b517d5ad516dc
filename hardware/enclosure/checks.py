"""Whether the printable files are sound: watertight, with walls that print, room for every part, and air."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

import numpy as np
import trimesh
from manifold3d import Manifold, Mesh
from numpy.typing import NDArray

from hardware.enclosure.dimensions import air_needed_cm2, dimensions
from hardware.enclosure.parts import Block, inside, plugs
from hardware.placement import Lens

#: Thinner walls do not print well, millimetres; less overlap than this is rounding, cubic millimetres.
THINNEST_MM, TOUCH_MM3 = 1.2, 0.5
#: How far behind the front of the lens its view begins, millimetres.
_PUPIL_MM = 2.5
Array = NDArray[Any]
Meshes = Mapping[str, trimesh.Trimesh]


def faults(meshes: Meshes, lens: Lens) -> list[str]:
    """Return everything that is wrong with the parts, in words; none when they may be printed.

    ``meshes`` are back and lid where they are when the box is closed, and the wedge; ``lens`` is the widest that the
    window must not cover.
    """
    solid = [fault for name, mesh in meshes.items() for fault in solidity(name, mesh)]
    return [*solid, *room(meshes), *window(meshes["lid"], lens), *air(meshes)]


def window(lid: trimesh.Trimesh, lens: Lens) -> list[str]:
    """Return what is wrong with the window: it covers a part of what the lens sees."""
    covered = overlap_mm3(lid, view_of(lens))
    return [f"the lid covers {covered:.0f} mm3 of what the {lens.name} sees"] if covered > TOUCH_MM3 else []


def air(meshes: Meshes) -> list[str]:
    """Return what is wrong with the openings below and above: too small for the heat."""
    needed = air_needed_cm2(rise_mm())
    areas = zip(("below", "above"), air_cm2(meshes), strict=True)
    return [f"{area:.1f} cm2 of air {where}, {needed:.1f} are needed" for where, area in areas if area < needed]


def solidity(name: str, mesh: trimesh.Trimesh) -> list[str]:
    """Return what is wrong with a part as a body: it leaks, or has a wall too thin to print."""
    found = []
    if not (mesh.is_watertight and mesh.is_winding_consistent and mesh.volume > 0):
        found.append(f"{name}: it is not watertight")
    elif (thin := thinnest_mm(mesh)) < THINNEST_MM:
        found.append(f"{name}: a wall of {thin:.2f} mm is too thin")
    return found


def room(meshes: Meshes) -> list[str]:
    """Return which parts, plugs and walls are in each other's way."""
    found = []
    for block in (*inside(), *plugs()):
        for name in ("back", "lid"):
            taken = overlap_mm3(meshes[name], block.mesh)
            if taken > TOUCH_MM3:
                found.append(f"{block.name}: {taken:.0f} mm3 are in the way of {name}")
    for one, other in combinations(inside(), 2):
        if touch(one, other):
            found.append(f"{one.name} and {other.name} are in each other's way")
    taken = overlap_mm3(meshes["lid"], meshes["back"])
    if taken > TOUCH_MM3:
        found.append(f"lid and back are {taken:.0f} mm3 in each other's way")
    return found


def touch(one: Block, other: Block) -> bool:
    """Return whether two blocks take the same room; sockets stand on their board without doing so."""
    return all(one.low[axis] < other.high[axis] and other.low[axis] < one.high[axis] for axis in range(3))


def overlap_mm3(one: trimesh.Trimesh, other: trimesh.Trimesh) -> float:
    """Return the volume that two meshes share."""
    return float((_solid_of(one) ^ _solid_of(other)).volume())


def _solid_of(mesh: trimesh.Trimesh) -> Manifold:
    return Manifold(Mesh(np.asarray(mesh.vertices, dtype=np.float32), np.asarray(mesh.faces, dtype=np.uint32)))


def thinnest_mm(mesh: trimesh.Trimesh) -> float:
    """Return the thickness below which only a hundredth of the surface lies, measured straight into the material.

    From the middle of each large triangle to where the way comes out again. Sharp edges are thin without being walls,
    hence the hundredth.
    """
    chosen = mesh.area_faces > 1.0
    starts, ways = mesh.triangles_center[chosen], -mesh.face_normals[chosen]
    through = np.array([_way_mm(mesh.triangles, start, way) for start, way in zip(starts, ways, strict=True)])
    order = np.argsort(through)
    share = np.cumsum(mesh.area_faces[chosen][order]) / mesh.area_faces[chosen].sum()
    return float(through[order][np.searchsorted(share, 0.01)])


def _way_mm(triangles: Array, start: Array, way: Array) -> float:
    """Return how far it is from a point along a way to the next triangle (Möller and Trumbore's test), inf if none."""
    first, second = triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]
    normal = np.cross(way, second)
    facing = np.einsum("ij,ij->i", first, normal)
    met = np.abs(facing) > 1e-12
    scale = 1 / np.where(met, facing, 1)
    from_corner = start - triangles[:, 0]
    u = np.einsum("ij,ij->i", from_corner, normal) * scale
    across = np.cross(from_corner, first)
    v = across @ way * scale
    far = np.einsum("ij,ij->i", second, across) * scale
    hit = met & (u >= 0) & (v >= 0) & (u + v <= 1) & (far > 1e-3)
    return float(far[hit].min(initial=math.inf))


def air_cm2(meshes: Meshes) -> tuple[float, float]:
    """Return the open area below and above, cm2, measured on the meshes; openings for plugs do not count."""
    return sum(open_cm2(meshes, area) for area in vents("below")), sum(
        open_cm2(meshes, area) for area in vents("above")
    )


def vents(where: str) -> list[tuple[str, Block]]:
    """Return the parts of walls that have slots, as slabs as thick as the wall, with the part that they are in."""
    table = dimensions()
    air, wall, (wide, _, deep) = table["air"], table["box"]["wall"], table["box"]["inner"]
    z0, z1 = air["side_deep"]
    if where == "below":
        ends = [Block("bottom", (x0, -wall, z0), (x1, 0.0, z1)) for x0, x1 in (air["bottom"], air["bottom_right"])]
        x0, x1, y0, y1 = air["lid_lower"]
        return [*(("back", end) for end in ends), ("lid", Block("lid", (x0, y0, deep), (x1, y1, deep + wall)))]
    left, right, (x0, x1, y0, y1) = air["side_left"], air["side_right"], air["lid_upper"]
    return [
        ("back", Block("left side", (-wall, left[0], z0), (0.0, left[1], z1))),
        ("back", Block("right side", (wide, right[0], z0), (wide + wall, right[1], z1))),
        ("lid", Block("lid", (x0, y0, deep), (x1, y1, deep + wall))),
    ]


def open_cm2(meshes: Meshes, vent: tuple[str, Block]) -> float:
    """Return what of a slab of wall is open, cm2, without the window of the camera."""
    part, slab = vent
    thick = min(high - low for low, high in zip(slab.low, slab.high, strict=True))
    missing = slab.mesh.volume - overlap_mm3(meshes[part], slab.mesh)
    return float(missing / thick / 100)


def rise_mm() -> float:
    """Return how far the air rises between the middles of the openings below and above, weighed by their size."""
    middles = []
    for where in ("below", "above"):
        slabs = [slab for _, slab in vents(where)]
        sizes = [slab.mesh.area for slab in slabs]
        heights = [(slab.low[1] + slab.high[1]) / 2 for slab in slabs]
        middles.append(float(np.average(heights, weights=sizes)))
    return middles[1] - middles[0]


def view_of(lens: Lens) -> trimesh.Trimesh:
    """Return the pyramid that a lens sees through the lid, from its pupil to well outside the box."""
    table = dimensions()
    camera, front = table["camera"], table["box"]["inner"][2] - table["camera"]["post"]
    tip = np.array([*camera["lens"], front + camera["lens_out"] - _PUPIL_MM])
    across, up = (30 * math.tan(math.radians(angle / 2)) for angle in (lens.horizontal_deg, lens.vertical_deg))
    corners = [tip + np.array([x * across, y * up, 30]) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    return _pyramid(tip, corners)


def _pyramid(tip: Array, corners: Iterable[Array]) -> trimesh.Trimesh:
    faces = [(0, 2, 1), (0, 3, 2), (0, 4, 3), (0, 1, 4), (1, 2, 3), (1, 3, 4)]
    return trimesh.Trimesh(vertices=np.array([tip, *corners]), faces=faces, process=False)
