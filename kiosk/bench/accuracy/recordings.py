"""Labelled recordings: what was filmed, and what is true of it. docs/labelled-recordings.md tells the format."""

from __future__ import annotations

import json
import math
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from kiosk.errors import SourceError
from kiosk.movement.pose import KEYPOINTS, FloatArray, PoseTrack
from kiosk.movement.view import View
from kiosk.vision.keypoint_file import recorded_with

SCHEMA = 1
FACTS, ARRAYS = ".truth.json", ".truth.npz"
#: What a recording itself may be: a film, or recorded keypoints.
FILM, KEYPOINT_FILE = ".mp4", ".npz"
PARTS = ("tune", "report")
#: The model of a keypoint file that does not name one.
KEYPOINTS_MODEL = "keypoints"
IDEAL_SIZE_PX = (1280, 960)

Factor = str | float | bool | None


@dataclass(frozen=True, slots=True)
class TrueRep:
    """One complete rep that was really done; times in seconds from the first frame.

    ``truths``: values that keypoints cannot give, by the slug of their check, and ``lag_ms``.
    """

    start_s: float
    bottom_s: float
    end_s: float
    truths: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled recording. ``exercise`` is None where no rep is to be counted; ``view`` where there is none.

    ``part``: "tune" is for fitting limits and corrections, "report" for saying how good they are. ``model``: what
    found the keypoints of a keypoint file. ``made_from`` changes when the recording does.
    """

    path: Path
    exercise: str | None
    view: View | None
    part: str
    duration_s: float
    factors: Mapping[str, Factor]
    reps: tuple[TrueRep, ...]
    model: str = KEYPOINTS_MODEL
    ideal_size_px: tuple[int, int] = IDEAL_SIZE_PX
    source: str = "labelled recordings"

    @property
    def name(self) -> str:
        """The stem that its three files share."""
        return self.path.name.removesuffix(self.path.suffix)

    @property
    def is_film(self) -> bool:
        """Whether a pose model is needed to see somebody in it."""
        return self.path.suffix == FILM


def read_recordings(folder: Path) -> list[Labelled]:
    """Return the labelled recordings of a folder and its folders, by name.

    Raises SourceError, naming the file and the mistake, where one is wrong, and where there is none at all.
    """
    found = sorted(folder.rglob(f"*{FACTS}")) if folder.is_dir() else []
    if not found:
        raise SourceError(f"{folder} holds no labelled recording: none of its files ends in {FACTS}.")
    return [read_recording(path) for path in found]


def read_recording(facts: Path) -> Labelled:
    """Return the recording that a NAME.truth.json tells of. Raises SourceError as `read_recordings` does."""
    stem = facts.name.removesuffix(FACTS)
    path = next((p for suffix in (FILM, KEYPOINT_FILE) if (p := facts.with_name(stem + suffix)).is_file()), None)
    if path is None:
        raise SourceError(f"{facts} labels nothing: there is neither {stem}{FILM} nor {stem}{KEYPOINT_FILE} beside it.")
    try:
        raw = json.loads(facts.read_text(encoding="utf-8"))
        return _labelled(path, raw)
    except OSError as error:
        raise SourceError(f"{facts} cannot be read ({error.strerror}).") from error
    except KeyError as error:
        raise SourceError(f"{facts}: {error.args[0]} is missing.") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise SourceError(f"{facts} does not hold the truth of a recording: {error}.") from error


def _labelled(path: Path, raw: Mapping[str, Any]) -> Labelled:
    if raw["schema"] != SCHEMA:
        raise ValueError(f"schema must be {SCHEMA}, not {raw['schema']}")
    if raw["part"] not in PARTS:
        raise ValueError(f"part must be {' or '.join(PARTS)}, not {raw['part']}")
    reps = tuple(_rep(number, rep) for number, rep in enumerate(raw["reps"], 1))
    exercise, view = raw["exercise"], raw["view"]
    if exercise is not None and (not reps or view is None):
        raise ValueError("an exercise needs a view and its reps; without any, exercise is null")
    if exercise is None and reps:
        raise ValueError("reps need an exercise")
    if any(after.start_s < before.bottom_s for before, after in pairwise(reps)):
        raise ValueError("reps must stand in the order of time")
    width, height = raw.get("ideal_size_px", IDEAL_SIZE_PX)
    return Labelled(
        path,
        exercise,
        None if view is None else View(view),
        raw["part"],
        float(raw["duration_s"]),
        dict(raw["factors"].items()),
        reps,
        raw.get("model") or recorded_with(path) or KEYPOINTS_MODEL,
        (int(width), int(height)),
        raw.get("source", "labelled recordings"),
    )


def _rep(number: int, raw: Mapping[str, Any]) -> TrueRep:
    try:
        times = [float(raw[key]) for key in ("start_s", "bottom_s", "end_s")]
    except KeyError as error:
        raise ValueError(f"rep {number} has no {error.args[0]}") from error
    truths = {slug: float(value) for slug, value in raw.get("truths", {}).items()}
    if times != sorted(times) or not all(math.isfinite(value) for value in (*times, *truths.values())):
        raise ValueError(f"rep {number} must start, reach its bottom and end in that order, at finite times")
    return TrueRep(times[0], times[1], times[2], truths)


def ideal_track(recording: Labelled) -> PoseTrack:
    """Return what a camera in the true view would see of the person: exact keypoints, all of them seen.

    Raises SourceError where the arrays beside the recording are missing or have a wrong shape.
    """
    path = recording.path.with_name(recording.name + ARRAYS)
    try:
        with np.load(path, allow_pickle=False) as arrays:
            t_s, xy = (np.asarray(arrays[name], np.float64) for name in ("t_s", "ideal_xy"))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, EOFError) as error:
        raise SourceError(f"{path} cannot be read as the truth of a recording ({error}).") from error
    if not _fits(t_s, xy):
        raise SourceError(f"{path}: t_s must be (T,), rising, and ideal_xy (T, {KEYPOINTS}, 2), all of it finite.")
    return PoseTrack(xy, np.ones(xy.shape[:2]), t_s, recording.ideal_size_px)


def _fits(t_s: FloatArray, xy: FloatArray) -> bool:
    shaped = t_s.ndim == 1 and len(t_s) > 1 and xy.shape == (len(t_s), KEYPOINTS, 2)
    return bool(shaped and (np.diff(t_s) > 0).all() and np.isfinite(t_s).all() and np.isfinite(xy).all())
