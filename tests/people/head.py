"""Face and hair of a rendered person, and the faces of the mesh that nobody can see (mouth, eye sockets)."""

from __future__ import annotations

from functools import cache
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.movement.pose import FloatArray, Keypoint
from tests.people.body import Body

BoolArray: TypeAlias = NDArray[np.bool_]

#: Thickness of short hair, metres.
_SHORT_HAIR_M = 0.012
#: Long hair ends so far above the root of the neck: it would cut through the shirt when the shoulders rise.
_LONG_HAIR_END_M = -0.015
#: Looking for hidden faces: pixels per metre, and how the head is turned about two axes, degrees.
_LOOK_PX_PER_M = 900
_LOOKS_DEG = ((0, 0), (35, 0), (-35, 0), (70, 0), (-70, 0), (110, 0), (-110, 0), (180, 0), (0, 50), (0, -50), (180, 50))


def paint_face(body: Body, colours: FloatArray, skin: FloatArray, hair_colour: FloatArray) -> None:
    """Paint eyes, brows, lids and lips onto the face colours (Q, 3), in place; skin and hair (3,) BGR."""
    middles = body.rest[body.faces].mean(1)
    points = body.keypoints(body.rest)
    front = _head_faces(body) & (middles[:, 1] < points[Keypoint.LEFT_EYE, 1] + 0.02)
    for eye in points[[Keypoint.LEFT_EYE, Keypoint.RIGHT_EYE]]:
        across, above = np.abs(middles[:, 0] - eye[0]), middles[:, 2] - eye[2]
        colours[front & (across < 0.024) & (above > 0.014) & (above < 0.023)] = 0.6 * hair_colour + 0.2 * skin
        colours[front & (across < 0.017) & (np.abs(above) < 0.007)] = 0.62 * skin
        colours[(body.group == 2) & (across < 0.05)] = (225, 225, 225)
    for eye in points[[Keypoint.LEFT_EYE, Keypoint.RIGHT_EYE]]:
        iris = np.hypot(middles[:, 0] - eye[0], middles[:, 2] - eye[2]) < 0.0065
        colours[(body.group == 2) & iris & (middles[:, 1] < eye[1] + 0.01)] = (35, 35, 40)
    nose = points[Keypoint.NOSE]
    below = nose[2] - middles[:, 2]
    lips = (np.abs(middles[:, 0]) < 0.024) & (below > 0.026) & (below < 0.044) & (middles[:, 1] < nose[1] + 0.035)
    colours[front & lips] = skin * (0.72, 0.68, 0.86)


def short_hair(
    body: Body, colours: FloatArray, offset: FloatArray, hair_colour: FloatArray, outward: FloatArray
) -> None:
    """Cover crown and back of the head with hair: colours (Q, 3) and offset (V, 3) in place, outward (V, 3) normals."""
    points = body.keypoints(body.rest)
    eye, ear = points[Keypoint.LEFT_EYE], points[Keypoint.LEFT_EAR]
    x, y, z = body.rest[body.faces].mean(1).T
    crown = z > eye[2] + 0.058
    back = (y > ear[1] - 0.005) & (z > ear[2] - 0.045) & (np.abs(x) < abs(ear[0]) * 0.99)
    temples = (z > eye[2] + 0.02) & (y > ear[1] - 0.03)
    hair = _head_faces(body) & (crown | back | temples)
    colours[hair] = hair_colour
    under = np.unique(body.faces[hair])
    offset[under] = outward[under] * _SHORT_HAIR_M


def long_hair(body: Body, colours: FloatArray, offset: FloatArray, hair_colour: FloatArray) -> BoolArray:
    """Colour the hair that hangs down, bring its ends to one level, and return which of all faces (Q,) it shows."""
    strands = body.group == 1
    end = body.rig.head("neck01")[2] - _LONG_HAIR_END_M
    height = body.rest[:, 2] - end
    ear, eye = body.keypoints(body.rest)[[Keypoint.LEFT_EAR, Keypoint.LEFT_EYE]]
    middles = body.rest[body.faces].mean(1)
    # Strands that hang over the face go: only what falls behind the ears or lies on the crown stays.
    over_face = (middles[:, 1] < ear[1] - 0.02) & (middles[:, 2] < eye[2] + 0.055)
    shown: BoolArray = strands & (height[body.faces].mean(1) > 0) & ~over_face
    colours[strands] = hair_colour
    cut = np.intersect1d(body.faces[shown], body.faces[strands & ~shown])
    ends = np.union1d(cut, [v for v in np.unique(body.faces[shown]) if height[v] < 0]).astype(int)
    offset[ends, 2] = -height[ends]
    return shown


@cache
def seen_from_outside(name: str) -> BoolArray:
    """Return which faces (Q,) of the body of this name can be seen at all: the head hides a third of them in itself.

    The head is painted from many sides with the numbers of its faces as colours; what shows up is kept, and what
    shares a vertex with it. All other faces of the body count as seen.
    """
    body = Body.load(name)
    head = np.flatnonzero(_head_faces(body) & (body.group != 1))
    seen = np.ones(len(body.faces), bool)
    seen[head] = False
    for turn_deg, nod_deg in _LOOKS_DEG:
        seen[head[_shown_numbers(body.rest[body.faces[head]], turn_deg, nod_deg)]] = True
    kept = np.zeros(len(body.rest), bool)
    kept[body.faces[seen].ravel()] = True
    seen[head] |= kept[body.faces[head]].sum(1) >= 3
    return seen


def _head_faces(body: Body) -> BoolArray:
    """Return which faces (Q,) follow the head, eyes and long hair excepted."""
    follows = np.array([name.startswith(("head", "neck", "eye")) for name in body.rig.names])
    return np.asarray(follows[body.weights.argmax(1)][body.faces[:, 0]] & (body.group == 0))


def _shown_numbers(quads: FloatArray, turn_deg: float, nod_deg: float) -> NDArray[np.int64]:
    """Return which quads (N, 4, 3) a far camera sees, as their numbers."""
    turn, nod = np.radians((turn_deg, nod_deg))
    right = np.array([np.cos(turn), np.sin(turn), 0])
    away = np.array([-np.sin(turn) * np.cos(nod), np.cos(turn) * np.cos(nod), -np.sin(nod)])
    down = np.cross(away, right)
    normals = np.cross(quads[:, 2] - quads[:, 0], quads[:, 3] - quads[:, 1])
    flat = np.stack([quads @ right, quads @ down], -1)
    flat = np.round((flat - flat.min((0, 1))) * _LOOK_PX_PER_M).astype(np.int32)
    canvas = np.zeros((flat[..., 1].max() + 1, flat[..., 0].max() + 1, 3), np.uint8)
    for number in np.argsort(-(quads @ away).mean(1)):
        if normals[number] @ away < 0:
            coded = int(number) + 1
            cv2.fillConvexPoly(canvas, flat[number], (coded & 255, coded >> 8, 0))
    shown = np.unique(canvas[..., 0].astype(np.int64) + 256 * canvas[..., 1].astype(np.int64))
    return shown[shown > 0] - 1
