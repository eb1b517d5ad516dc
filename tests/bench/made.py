"""A folder like the one that the benchmarks read, made on the spot."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from kiosk.bench.captured import FILE
from kiosk.movement.pose import FloatArray, PoseTrack
from kiosk.testing import FRONT, SIDE, PushUpper, Squatter, Walker, perform, record
from kiosk.vision.keypoint_file import write_keypoints

#: The figures of `kiosk.testing` are in torso lengths: ahead, up, left. The data are in millimetres: ahead, left, up.
_TORSO_MM = 500.0


def squats(reps: int) -> PoseTrack:
    return perform([Squatter()] * reps, FRONT)


def push_ups(reps: int) -> PoseTrack:
    return perform([PushUpper()] * reps, SIDE)


def walk() -> PoseTrack:
    return record(Walker().body, 4.0, SIDE)


def label(file: str, exercise: str | None, reps: int, acceptable: Sequence[int], usable: bool = True) -> dict[str, Any]:
    view = "front" if exercise == "overhead-squat" else "side"
    return {
        "file": file,
        "exercise": exercise,
        "view": view,
        "reps": reps,
        "reps_acceptable": list(acceptable),
        "usable": usable,
    }


def make_shared(folder: Path) -> Path:
    """Four clips (two of them miscounted by their labels) and captured squats of six people."""
    clips = folder / "clips"
    clips.mkdir(parents=True)
    write_keypoints(clips / "good.npz", squats(3))
    write_keypoints(clips / "cut.npz", squats(2))
    write_keypoints(clips / "push.npz", push_ups(4))
    write_keypoints(clips / "neg_walk.npz", walk())
    labels = [
        label("good.npz", "overhead-squat", 3, (3, 3)),
        label("cut.npz", "overhead-squat", 4, (3, 4), usable=False),
        label("push.npz", "incline-push-up", 5, (4, 5)),
        label("neg_walk.npz", None, 0, (0, 0)),
    ]
    (clips / "labels.json").write_text(json.dumps(labels))
    make_captured(folder / FILE)
    return folder


def captured(person: Squatter, frames: int = 250) -> FloatArray:
    """One rep of about 2.5 s at 100 frames/s, (T, 17, 3) in millimetres."""
    down = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(frames) / (frames - 1))
    bodies = np.stack([person.body(float(value)) for value in down])
    return np.asarray(_TORSO_MM * bodies[..., [0, 2, 1]], np.float64)


def make_captured(path: Path, people: int = 6, reps: int = 3) -> None:
    """Correct squats with a depth of 1.1; incorrect ones are shallow and have their knees in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays = {}
    for person in range(1, people + 1):
        for rep in range(1, reps + 1):
            more = 0.01 * (person + rep)
            good, bad = Squatter(depth=1.1 + more), Squatter(depth=0.7 + more, knees_ratio=0.6 + more)
            arrays[f"correct_s{person:02d}_e{rep:02d}"] = captured(good).astype(np.float32)
            arrays[f"incorrect_s{person:02d}_e{rep:02d}"] = captured(bad).astype(np.float32)
    np.savez(path, **arrays)  # type: ignore[arg-type]  # its stub takes the arrays for its own options
