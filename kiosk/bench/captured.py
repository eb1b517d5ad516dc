"""Motion-captured squats as a camera would see them: with known truth, and noise as MoveNet has it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kiosk.errors import SourceError
from kiosk.movement.pose import FloatArray, Keypoint, PoseTrack
from kiosk.movement.view import View

FILE = Path("data") / "ui_prmd_overhead_squat_coco17_mm.npz"
KINDS = ("correct", "incorrect")
#: The data come at about 100 frames/s; every third one is kept.
_EVERY, _FPS = 3, 100 / 3
#: Between two reps the person stands: before, after, and gliding over to where the next rep starts, in frames.
_STANDS, _RESTS, _GLIDES = 10, 5, 10
#: The camera: 3 m away, lens 1 m high (DOMAIN 3.3), about as wide as a webcam.
_DISTANCE_MM, _LENS_MM, _FOCAL_PX, _SIZE_PX = 3000.0, 1000.0, 900.0, (1280, 960)
#: Noise of a keypoint as a share of the torso, and the score that it gets.
NOISE = 0.02
_SCORE = 0.8
_SHOULDERS = [Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER]
_HIPS = [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]


@dataclass(frozen=True, eq=False, slots=True)
class CapturedSet:
    """All reps of one kind by one person, one after the other, seen from one side."""

    person: int
    kind: str
    view: View
    reps: int
    track: PoseTrack


def read_reps(path: Path) -> dict[tuple[str, int], list[FloatArray]]:
    """Return the captured reps by kind and person, each (T, 17, 3) in millimetres.

    x is where the person faces, y the person's left, z up. Raises SourceError where the file is missing or wrong.
    """
    reps: dict[tuple[str, int], list[FloatArray]] = {}
    try:
        with np.load(path, allow_pickle=False) as arrays:
            for name in sorted(arrays.files):
                kind, person, _ = name.split("_")
                reps.setdefault((kind, int(person[1:])), []).append(np.asarray(arrays[name], np.float64))
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise SourceError(f"{path} cannot be read as captured squats ({error}).") from error
    return reps


def sets(reps: Mapping[tuple[str, int], list[FloatArray]], *, noise: float = NOISE) -> Iterator[CapturedSet]:
    """Yield each person's set of each kind, from the front and from the side."""
    for view in (View.FRONT, View.SIDE):
        for (kind, person), parts in reps.items():
            track = seen_by_camera(joined(parts), view, noise=noise, seed=person)
            yield CapturedSet(person, kind, view, len(parts), track)


def joined(parts: list[FloatArray]) -> FloatArray:
    """Return single reps as one set (T, 17, 3): the person stands, squats, stands, and glides to the next start."""
    standing = [
        np.concatenate([np.repeat(part[:1], _STANDS, 0), part[::_EVERY], np.repeat(part[-1:], _RESTS, 0)])
        for part in parts
    ]
    whole = [standing[0]]
    ease = (0.5 - 0.5 * np.cos(np.pi * np.arange(1, _GLIDES + 1) / (_GLIDES + 1)))[:, None, None]
    for part in standing[1:]:
        last = whole[-1][-1]
        whole += [last * (1 - ease) + part[0] * ease, part]
    return np.concatenate(whole)


def seen_by_camera(points_mm: FloatArray, view: View, *, noise: float, seed: int) -> PoseTrack:
    """Return (T, 17, 3) points through a pinhole camera, with noise of ``noise`` torso lengths on every keypoint."""
    centred = points_mm - np.append(points_mm[:, _HIPS, :2].mean(axis=(0, 1)), 0.0)
    ahead, left, up = np.moveaxis(centred, -1, 0)
    # From the front the person's left is on the right of the picture; from the side the person faces right.
    depth, across = (_DISTANCE_MM - ahead, left) if view is View.FRONT else (_DISTANCE_MM + left, ahead)
    width, height = _SIZE_PX
    xy = np.stack([width / 2 + _FOCAL_PX * across / depth, height / 2 - _FOCAL_PX * (up - _LENS_MM) / depth], axis=-1)
    torso = float(np.hypot(*(xy[0, _SHOULDERS].mean(axis=0) - xy[0, _HIPS].mean(axis=0))))
    xy += np.random.default_rng(seed).normal(0.0, noise * torso, xy.shape)
    frames = len(xy)
    return PoseTrack(xy, np.full((frames, 17), _SCORE), np.arange(frames) / _FPS, _SIZE_PX)
