"""The people of rendered clips: a mesh over a rig of bones, and what a camera's keypoints are on it.

World axes: metres, z up, the floor at z = 0. A person stands at the origin and faces -y; the own left is +x.
``bodies.npz`` holds the bodies, ``bake.py`` made it and says where they come from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kiosk.movement.pose import FloatArray
from tests.people.rotation import about_z, turns_between

BODIES = Path(__file__).with_name("bodies.npz")
KEYPOINTS = 17


@dataclass(frozen=True, eq=False)
class Rig:
    """The bones of one body at rest: B of them, every one after its parent, the first without one."""

    names: tuple[str, ...]
    parents: tuple[int, ...]
    #: (B, 3): where each bone begins, metres.
    heads: FloatArray
    index: Mapping[str, int]

    def head(self, bone: str) -> FloatArray:
        """Return (3,): where a bone begins at rest; KeyError for an unknown one."""
        head: FloatArray = self.heads[self.index[bone]]
        return head

    def vector(self, start: str, end: str) -> FloatArray:
        """Return (3,): the way from the beginning of one bone to that of another, at rest."""
        return self.head(end) - self.head(start)

    def length(self, start: str, end: str) -> float:
        """Return the distance between the beginnings of two bones at rest, in metres."""
        return float(np.linalg.norm(self.vector(start, end)))


@dataclass(frozen=True, eq=False)
class Posture:
    """How the bones of a rig stand in the world: (B, 3, 3) how they are turned from rest, (B, 3) where they begin."""

    rig: Rig
    rotation: FloatArray
    position: FloatArray

    def placed(self, x_m: float, y_m: float, heading_deg: float = 0.0) -> Posture:
        """Return it turned about the vertical through the origin, positive to the own left, then moved on the floor."""
        turn = about_z(heading_deg)
        return Posture(self.rig, turn @ self.rotation, self.position @ turn.T + (x_m, y_m, 0.0))

    def at(self, bone: str) -> FloatArray:
        """Return (3,): where a bone begins; KeyError for an unknown one."""
        position: FloatArray = self.position[self.rig.index[bone]]
        return position


def blended(start: Posture, end: Posture, share: float) -> Posture:
    """Return the posture ``share`` (0 to 1) of the way from one to the other, both of the same body.

    Each joint turns evenly and bones keep their lengths. Hands and feet go where that takes them.
    """
    parents = np.maximum(np.array(start.rig.parents), 0)
    bent = [np.swapaxes(posture.rotation[parents], -1, -2) @ posture.rotation for posture in (start, end)]
    local = turns_between(bent[0], bent[1], share)
    local[0] = turns_between(start.rotation[0], end.rotation[0], share)
    rotation, position = np.empty_like(start.rotation), np.empty_like(start.position)
    rotation[0], position[0] = local[0], (1.0 - share) * start.position[0] + share * end.position[0]
    offsets = start.rig.heads - start.rig.heads[parents]
    for bone, parent in enumerate(start.rig.parents[1:], start=1):
        position[bone] = position[parent] + rotation[parent] @ offsets[bone]
        rotation[bone] = rotation[parent] @ local[bone]
    return Posture(start.rig, rotation, position)


@dataclass(frozen=True, eq=False)
class Body:
    """One person: V points of skin in Q polygons, tied to B bones."""

    name: str
    sex: str
    age_years: int
    build: str
    stature_m: float
    rig: Rig
    #: (V, 3): the skin at rest, metres: upright, arms held away from the body.
    rest: FloatArray
    #: (Q, 4): points of each polygon, outside seen anticlockwise; a triangle repeats its last one.
    faces: NDArray[np.int64]
    #: (Q,): 0 is the body, 1 a long hair that may be left out, 2 the eyes.
    group: NDArray[np.uint8]
    #: (V, B): how much each point follows each bone; rows sum to 1.
    weights: NDArray[np.float32]
    #: (21, V): how much of each point makes the 17 keypoints of COCO, then left toe, right toe, left heel, right heel.
    regressor: FloatArray
    #: (21, B, 4): the same for bones: multiplied with their movement it gives the keypoints without the skin.
    _by_bone: FloatArray

    @staticmethod
    def load(name: str, stature_m: float | None = None) -> Body:
        """Return a body of ``body_names()`` at a stature, None being its own; KeyError for an unknown name."""
        return _load(name, stature_m)

    def skin(self, posture: Posture, offset: FloatArray | None = None) -> FloatArray:
        """Return (V, 3): the skin in a posture, metres; ``offset`` (V, 3) is added to it at rest, as clothes are."""
        rest = self.rest if offset is None else self.rest + offset
        movement = (self.weights @ _movement(posture).reshape(-1, 12).astype(np.float32)).reshape(-1, 3, 4)
        skin: FloatArray = np.einsum("vij,vj->vi", movement[..., :3], rest) + movement[..., 3]
        return skin

    def keypoints(self, vertices: FloatArray) -> FloatArray:
        """Return (17, 3): the keypoints of COCO, in its order, on a skin (V, 3)."""
        return self.regressor[:KEYPOINTS] @ vertices

    def feet(self, vertices: FloatArray) -> FloatArray:
        """Return (4, 3): left big toe, right big toe, left heel and right heel on a skin (V, 3)."""
        return self.regressor[KEYPOINTS:] @ vertices

    def keypoints_at(self, posture: Posture) -> FloatArray:
        """Return (17, 3): the keypoints of the undressed body in a posture; a hundred times faster than by its skin."""
        return self._points_at(posture)[:KEYPOINTS]

    def feet_at(self, posture: Posture) -> FloatArray:
        """Return (4, 3): toes and heels as ``feet`` gives them, of the undressed body in a posture."""
        return self._points_at(posture)[KEYPOINTS:]

    def _points_at(self, posture: Posture) -> FloatArray:
        points: FloatArray = np.tensordot(self._by_bone, _movement(posture), axes=((1, 2), (0, 2)))
        return points


def body_names() -> tuple[str, ...]:
    """Return the names of all bodies."""
    return tuple(str(name) for name in _stored()["names"])


def _movement(posture: Posture) -> FloatArray:
    """Return (B, 3, 4): how each bone carries a point (x, y, z, 1) of the body at rest."""
    shift = posture.position - (posture.rotation @ posture.rig.heads[..., None])[..., 0]
    return np.concatenate([posture.rotation, shift[..., None]], axis=2)


@cache
def _stored() -> Mapping[str, NDArray[Any]]:
    with np.load(BODIES) as stored:
        return dict(stored)


@cache
def _weights() -> NDArray[np.float32]:
    """Return (V, B) of all bodies, from the few bones that each point is stored with."""
    stored = _stored()
    share = stored["weight"].astype(np.float32)
    weights = np.zeros((len(share), len(stored["bones"])), np.float32)
    np.add.at(weights, (np.arange(len(share))[:, None], stored["weight_bone"]), share)
    even: NDArray[np.float32] = weights / weights.sum(axis=1, keepdims=True)
    return even


@cache
def _regressor() -> FloatArray:
    """Return (21, V) of all bodies."""
    stored = _stored()
    regressor = np.zeros((len(stored["points_named"]), len(stored["weight"])))
    regressor[stored["regressor_row"], stored["regressor_column"]] = stored["regressor_value"]
    return regressor


@lru_cache(maxsize=64)
def _load(name: str, stature_m: float | None) -> Body:
    stored = _stored()
    if name not in body_names():
        raise KeyError(f"no body is called {name!r}; there are {', '.join(body_names())}")
    number = body_names().index(name)
    own_stature_m = float(stored["stature_m"][number])
    scale = (stature_m or own_stature_m) / own_stature_m
    rest = scale * _points(stored, number)
    bones = tuple(str(bone) for bone in stored["bones"])
    heads = scale * stored["heads"][number].astype(np.float64)
    rig = Rig(bones, tuple(stored["parents"].tolist()), heads, {bone: index for index, bone in enumerate(bones)})
    sex, age_years, build = name.split("-")
    return Body(
        name=name,
        sex={"woman": "female", "man": "male"}[sex],
        age_years=int(age_years),
        build=build,
        stature_m=scale * own_stature_m,
        rig=rig,
        rest=rest,
        faces=stored["faces"].astype(np.int64),
        group=stored["group"],
        weights=_weights(),
        regressor=_regressor(),
        _by_bone=_keypoints_by_bone(stored, rest),
    )


def _points(stored: Mapping[str, NDArray[Any]], number: int) -> FloatArray:
    """Return (V, 3): the skin of one body at its own stature, as ``packed_points`` of ``bake.py`` stored it."""
    first = np.cumsum(stored["points"][0].astype(np.int64), axis=1)
    whole = first if number == 0 else first + np.cumsum(stored["points"][number].astype(np.int64), axis=1)
    points: FloatArray = whole.T * float(stored["step_m"])
    return points


def _keypoints_by_bone(stored: Mapping[str, NDArray[Any]], rest: FloatArray) -> FloatArray:
    """Return (21, B, 4): regressor and weights in one. A skin follows its bones linearly, and keypoints the skin."""
    row, point = stored["regressor_row"], stored["regressor_column"]
    bones, weight = stored["weight_bone"][point], stored["weight"][point].astype(np.float64)
    share = stored["regressor_value"][:, None] * weight / weight.sum(axis=1, keepdims=True)
    at_rest = np.concatenate([rest[point], np.ones((len(point), 1))], axis=1)
    by_bone = np.zeros((len(stored["points_named"]), len(stored["bones"]), 4))
    np.add.at(by_bone, (row[:, None], bones), share[..., None] * at_rest[:, None])
    return by_bone
