"""Clothes, hair, skin and face of a rendered person: colours for the mesh, and how far cloth stands off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kiosk.movement.pose import FloatArray
from tests.people.body import Body
from tests.people.head import long_hair, paint_face, seen_from_outside, short_hair
from tests.people.mesh import Colour, IntArray, at_vertices

BoolArray: TypeAlias = NDArray[np.bool_]
Top: TypeAlias = Literal["tight", "normal", "loose"]
Sleeves: TypeAlias = Literal["none", "short", "long"]
Bottom: TypeAlias = Literal["shorts", "leggings", "trousers"]
Hair: TypeAlias = Literal["none", "short", "long"]

#: Skin from very light to very dark, as a camera sees it in neutral light.
SKIN_TONES: Mapping[str, Colour] = MappingProxyType(
    {
        "pale": (188, 204, 236),
        "light": (160, 186, 226),
        "olive": (122, 160, 205),
        "brown": (84, 120, 172),
        "dark": (52, 76, 116),
        "deep": (36, 50, 76),
    }
)
#: Thickness of a top at its shoulders and at its hem, and how far the hem hangs below the hip joints, metres.
_TOPS = {"tight": (0.004, 0.006, -0.045), "normal": (0.009, 0.018, -0.01), "loose": (0.013, 0.038, 0.015)}
#: Thickness of a bottom at the hips and at its hem, metres.
_BOTTOMS = {"shorts": (0.010, 0.022), "leggings": (0.003, 0.003), "trousers": (0.012, 0.035)}
#: Where a sleeve ends: share of the upper arm, beyond 1 of the forearm.
_SLEEVES = {"short": 0.55, "long": 1.92}
#: How far below the shoulder joint the upright edge of a sleeveless top reaches.
_ARMHOLE_M = 0.1
_SHOE_M = 0.008
#: Vertices on a hem are moved onto it, those next to it right below it: the rim of the cloth, seen from its end.
_RIM_M = 0.003
#: Vertices that would have to move further along the skin to reach the hem stay where they are.
_FURTHEST_M = 0.08
#: Light that is left inside a sleeve or below the hem of a shirt.
_RIM_LIGHT = 0.55
#: Any height that lies far inside a garment.
_INSIDE_M = 1.0


@dataclass(frozen=True)
class Outfit:
    """What a person wears; colours are BGR, 0 to 255. shoes None is barefoot."""

    skin: str = "light"
    top: Top = "normal"
    sleeves: Sleeves = "short"
    bottom: Bottom = "shorts"
    hair: Hair = "short"
    top_colour: Colour = (60, 60, 190)
    bottom_colour: Colour = (60, 45, 40)
    shoes: Colour | None = (225, 225, 225)
    hair_colour: Colour = (30, 40, 60)


@dataclass(frozen=True, eq=False)
class Dressed:
    """faces (Q, 4) of the mesh that are to be drawn, colours (Q, 3) BGR, offset (V, 3) m to add to the rest mesh."""

    faces: IntArray
    colours: FloatArray
    offset: FloatArray


@dataclass(frozen=True, eq=False)
class _Hem:
    """An edge of a garment: height (V,) m above it, positive inside; inward (3,) the way in which that grows."""

    height: FloatArray
    inward: FloatArray


@dataclass(frozen=True, eq=False)
class _Garment:
    """Faces that lie within all hems, among the vertices it may cover (V,); thickness (V,) m."""

    hems: Sequence[_Hem]
    covers: BoolArray
    thickness: FloatArray
    colour: Colour
    folds: float


def dress(body: Body, outfit: Outfit) -> Dressed:
    """Return the body dressed; KeyError for an unknown skin tone or cut. Take the truth from the undressed body."""
    skin, hair_colour = np.array(SKIN_TONES[outfit.skin]), np.array(outfit.hair_colour)
    colours = np.tile(skin, (len(body.faces), 1)).astype(float)
    offset = np.zeros_like(body.rest)
    outward = _outward(body)
    paint_face(body, colours, skin, hair_colour)
    # The later garment lies over the earlier one.
    for garment in (_shoes(body, outfit), _bottom(body, outfit), _top(body, outfit)):
        if garment is not None:
            _put_on(body, garment, outward, colours, offset)
    shown = seen_from_outside(body.name) & (body.group != 1)
    if outfit.hair != "none":
        short_hair(body, colours, offset, hair_colour, outward)
    if outfit.hair == "long":
        shown = shown | long_hair(body, colours, offset, hair_colour)
    offset[:, 2] = np.maximum(offset[:, 2], -body.rest[:, 2])
    return Dressed(body.faces[shown], np.clip(colours[shown], 0, 255), offset)


def _put_on(body: Body, garment: _Garment, outward: FloatArray, colours: FloatArray, offset: FloatArray) -> None:
    """Colour the garment's faces and move its vertices, with level hems; in place."""
    faces = body.faces
    inside = garment.covers[faces].all(1) & (body.group == 0)
    for hem in garment.hems:
        inside &= hem.height[faces].mean(1) > 0
    vertices = np.unique(faces[inside])
    offset[vertices] = outward[vertices] * garment.thickness[vertices, None]
    colours[inside] = garment.colour
    if garment.folds:
        angle = np.arctan2(*body.rest[faces[inside], :2].mean(1).T)
        colours[inside] *= (1 + garment.folds * np.sin(11 * angle))[:, None]
    on_hem = np.intersect1d(vertices, np.unique(faces[~inside & (body.group == 0)]))
    rim = ~inside & (body.group == 0) & np.isin(faces, on_hem).any(1)
    below = np.setdiff1d(np.unique(faces[rim]), on_hem)
    moved = np.zeros(len(offset), bool)
    moved[_slide(garment.hems, on_hem, 0.0, offset)] = True
    moved[_slide(garment.hems, below, -_RIM_M, offset)] = True
    if garment.thickness[on_hem].max(initial=0) > _RIM_M:
        colours[rim & moved[faces].all(1)] *= _RIM_LIGHT


def _slide(hems: Sequence[_Hem], vertices: IntArray, height_m: float, offset: FloatArray) -> IntArray:
    """Move vertices along the skin to a height above the hem nearest to each, in place; return those not too far."""
    heights = np.stack([hem.height[vertices] for hem in hems])
    nearest = np.abs(heights).argmin(0)
    way = height_m - heights[nearest, np.arange(len(vertices))]
    near = np.abs(way) <= _FURTHEST_M
    offset[vertices[near]] += (np.stack([hem.inward for hem in hems])[nearest] * way[:, None])[near]
    slid: IntArray = vertices[near]
    return slid


def _top(body: Body, outfit: Outfit) -> _Garment:
    shoulder_m, hem_m, hang_m = _TOPS[outfit.top]
    rig, rest = body.rig, body.rest
    hem_z = rig.head("upperleg01.L")[2] - hang_m
    arms = _follows(body, "shoulder01", "upperarm", "lowerarm", "wrist", "finger", "metacarpal")
    trunk = _follows(body, "root", "pelvis", "spine", "clavicle", "upperleg", "neck", "head")
    bottom = _Hem(np.where(trunk, rest[:, 2] - hem_z, _INSIDE_M), np.array([0.0, 0.0, 1.0]))
    # The collar is lower in front than behind.
    neck = rig.head("neck01")
    up = np.array([0.0, -0.5, 1.0]) / np.hypot(0.5, 1.0)
    collar = _Hem(np.where(trunk, (neck - rest) @ up - 0.005, _INSIDE_M), -up)
    sleeves = [_sleeve(body, side, outfit.sleeves, arms) for side in "LR"]
    drop = np.clip((neck[2] - 0.1 - rest[:, 2]) / (neck[2] - 0.1 - hem_z), 0, 1)
    thickness = np.where(arms, shoulder_m + 0.5 * (hem_m - shoulder_m), shoulder_m + drop * (hem_m - shoulder_m))
    folds = 0.07 if outfit.top == "loose" else 0.0
    return _Garment([bottom, collar, *sleeves], arms | trunk, thickness, outfit.top_colour, folds)


def _sleeve(body: Body, side: str, cut: str, arms: BoolArray) -> _Hem:
    """Return the hem of one sleeve: its height is the way along the arm that is left until there."""
    rig = body.rig
    own = arms & ((body.rest[:, 0] > 0) == (side == "L"))
    start, elbow, wrist = (rig.head(f"{bone}.{side}") for bone in ("upperarm01", "lowerarm01", "wrist"))
    upper, fore = elbow - start, wrist - elbow
    if cut == "none":
        outward = np.array([np.sign(start[0]), 0.0, 0.0])
        near = own | (body.rest[:, 2] > start[2] - _ARMHOLE_M)
        return _Hem(np.where(near, (start - body.rest) @ outward, _INSIDE_M), -outward)
    share = _SLEEVES[cut]
    bone, origin, past = (upper, start, share) if share <= 1 else (fore, elbow, share - 1)
    length = np.linalg.norm(bone)
    along = (body.rest - origin) @ bone / length
    return _Hem(np.where(own, past * length - along, _INSIDE_M), -bone / length)


def _bottom(body: Body, outfit: Outfit) -> _Garment:
    hip_m, hem_m = _BOTTOMS[outfit.bottom]
    rig, rest = body.rig, body.rest
    hip, knee, ankle = (rig.head(f"{bone}.L")[2] for bone in ("upperleg01", "lowerleg01", "foot"))
    hem_z = knee + 0.3 * (hip - knee) if outfit.bottom == "shorts" else ankle + 0.05
    waist_z = hip + 0.12
    up = np.array([0.0, 0.0, 1.0])
    hems = [_Hem(rest[:, 2] - hem_z, up), _Hem(waist_z - rest[:, 2], -up)]
    drop = np.clip((hip - rest[:, 2]) / (hip - hem_z), 0, 1)
    covers = _follows(body, "root", "pelvis", "spine", "upperleg", "lowerleg", "foot")
    return _Garment(hems, covers, hip_m + drop * (hem_m - hip_m), outfit.bottom_colour, 0.0)


def _shoes(body: Body, outfit: Outfit) -> _Garment | None:
    if outfit.shoes is None:
        return None
    covers = _follows(body, "foot", "toe", "lowerleg")
    height = body.rig.head("foot.L")[2] - body.rest[:, 2]
    thickness = np.full(len(body.rest), _SHOE_M)
    return _Garment([_Hem(height, np.array([0.0, 0.0, -1.0]))], covers, thickness, outfit.shoes, 0.0)


def _follows(body: Body, *bones: str) -> BoolArray:
    """Return which vertices (V,) follow most one of the bones whose names begin like this."""
    chosen = np.array([name.startswith(bones) for name in body.rig.names])
    return np.asarray(chosen[body.weights.argmax(1)])


def _outward(body: Body) -> FloatArray:
    """Return (V, 3): unit normals, smoothed so that cloth neither tears in folds of the skin nor meets between legs."""
    faces, rest = body.faces, body.rest
    corners = rest[faces]
    normals = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
    for _ in range(3):
        smooth = at_vertices(faces, normals, len(rest))
        smooth /= np.linalg.norm(smooth, axis=1, keepdims=True) + 1e-12
        normals = smooth[faces].sum(1)
    return smooth
