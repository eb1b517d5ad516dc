"""Labelled recordings of people as `kiosk.testing` has them: exact truth, keypoints with noise and a known bias."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from kiosk.movement.pose import Keypoint, PoseTrack
from kiosk.testing import FRONT, SIDE, Camera, Squatter, Walker, perform, record
from kiosk.testing.people import Person
from kiosk.vision.keypoint_file import write_keypoints

REP_S, REST_S, PAUSE_S, LEAD_S, FPS = 2.0, 0.5, 0.1, 1.0, 15.0
#: A tenth of the way down is done after this share of a rep.
EDGE = 0.1024
CAMERAS = {"front": FRONT, "side": SIDE}


def write_set(
    folder: Path,
    name: str,
    people: Sequence[Person],
    *,
    view: str = "front",
    exercise: str = "overhead-squat",
    part: str = "report",
    noise_px: float = 1.0,
    knees_px: float = 0.0,
    missing: int = 0,
    seed: int = 0,
    factors: Mapping[str, Any] | None = None,
    **facts: Any,
) -> Path:
    """Write one set and return its truth.json.

    ``knees_px``: by how much the model sees each knee too far inwards; ``missing``: reps that the label leaves out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    times = {"rep_s": REP_S, "rest_s": REST_S, "pause_s": PAUSE_S, "lead_s": LEAD_S, "fps": FPS}
    camera: Camera = CAMERAS[view]
    ideal = perform(people, camera, **times)
    seen = perform(people, camera, **times, noise_px=noise_px, seed=seed)
    seen.xy[:, Keypoint.LEFT_KNEE, 0] -= knees_px
    seen.xy[:, Keypoint.RIGHT_KNEE, 0] += knees_px
    write_keypoints(folder / f"{name}.npz", seen)
    np.savez(folder / f"{name}.truth.npz", t_s=ideal.t_s, xy=ideal.xy, ideal_xy=ideal.xy)
    each = REP_S + PAUSE_S + REST_S
    reps = [
        {
            "start_s": LEAD_S + number * each + EDGE * REP_S,
            "bottom_s": LEAD_S + number * each + (REP_S + PAUSE_S) / 2,
            "end_s": LEAD_S + number * each + REP_S * (1 - EDGE) + PAUSE_S,
            "faults": {},
            "truths": {"lag_ms": 1000 * person.lag_s} if person.lag_s else {},
        }
        for number, person in enumerate(people[: len(people) - missing])
    ]
    return write_facts(folder, name, ideal, exercise, view, part, reps, factors or {}, facts)


def write_facts(
    folder: Path,
    name: str,
    track: PoseTrack,
    exercise: str | None,
    view: str | None,
    part: str,
    reps: Sequence[Mapping[str, Any]],
    factors: Mapping[str, Any],
    more: Mapping[str, Any],
) -> Path:
    truth = {
        "schema": 1,
        "exercise": exercise,
        "view": view,
        "part": part,
        "fps": FPS,
        "size_px": list(track.size_px),
        "ideal_size_px": list(track.size_px),
        "duration_s": len(track) / FPS,
        "factors": dict(factors),
        "reps": list(reps),
        **more,
    }
    path = folder / f"{name}.truth.json"
    path.write_text(json.dumps(truth), encoding="utf-8")
    return path


def write_walk(folder: Path, name: str = "walk", part: str = "report", **facts: Any) -> Path:
    """Write a recording in which nobody does a rep."""
    track = record(Walker().body, 6.0, SIDE, fps=FPS)
    folder.mkdir(parents=True, exist_ok=True)
    write_keypoints(folder / f"{name}.npz", track)
    np.savez(folder / f"{name}.truth.npz", t_s=track.t_s, xy=track.xy, ideal_xy=track.xy)
    return write_facts(folder, name, track, None, None, part, [], {}, facts)


def knees(ratio: float, reps: int = 5, clean: int = 0) -> list[Squatter]:
    """Return squats whose knees come to a ratio, the first few of them clean."""
    person = Squatter(knees_ratio=1.25)
    return [person] * clean + [replace(person, knees_ratio=ratio)] * (reps - clean)


def write_squats(folder: Path, count: int = 24, knees_px: float = 0.0, **facts: Any) -> Path:
    """Write sets of squats of two parts and three people each, half of them clean, and a walk of each part."""
    for part in ("tune", "report"):
        for number in range(count):
            clean = number % 2 == 0
            # From knees just inside the feet to far inwards: beyond the sign limit and short of it.
            people = knees(1.25 + 0.01 * number if clean else 0.92 - 0.02 * number)
            factors = {
                "body": f"{part}-{number % 3}",
                "build": ("light", "heavy")[number // 2 % 2],
                "yaw_deg": 0.0,
                "light": "normal",
            }
            name = f"{part}-{number:02d}"
            write_set(folder, name, people, part=part, seed=number, knees_px=knees_px, factors=factors, **facts)
        write_walk(folder, f"walk-{part}", part, **facts)
    return folder
