"""Labelled clips of real people: their labels, and what the pose model sees in them."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.analyze import see
from kiosk.errors import SourceError
from kiosk.movement.pose import PoseTrack
from kiosk.vision.keypoint_file import read_keypoints, write_keypoints
from kiosk.vision.models import ModelFile
from kiosk.vision.movenet import MoveNet, PoseEstimator
from kiosk.vision.prefetch import Prefetched
from kiosk.vision.sources import open_source
from kiosk.vision.tracker import PersonTracker

#: The ways to look at a clip: always at the whole frame, in the tracking crop, and as the kiosk does it: in the
#: crop, and keeping to one person.
WAYS: dict[str, Callable[[Path, int], PoseEstimator]] = {
    "whole": lambda path, threads: MoveNet(path, threads=threads, crop=False),
    "crop": lambda path, threads: MoveNet(path, threads=threads),
    "tracked": lambda path, threads: PersonTracker(MoveNet(path, threads=threads)),
}


@dataclass(frozen=True, slots=True)
class Clip:
    """One labelled clip. ``exercise`` is None for a negative; ``acceptable`` the least and the most reps to count."""

    path: Path
    exercise: str | None
    view: str
    reps: int
    acceptable: tuple[int, int]
    usable: bool


def read_labels(shared: Path) -> list[Clip]:
    """Return the clips of ``shared/clips/labels.json``. Raises SourceError where that is missing or wrong."""
    path = shared / "clips" / "labels.json"
    try:
        labels: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        return [
            Clip(
                path.parent / label["file"],
                label["exercise"],
                label["view"],
                label["reps"],
                (label["reps_acceptable"][0], label["reps_acceptable"][1]),
                label["usable"],
            )
            for label in labels
        ]
    except OSError as error:
        raise SourceError(
            f"{path} cannot be read ({error.strerror}): name the folder that holds clips/ and data/."
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError(f"{path} does not hold the labels of clips: {error}.") from error


def keypoints(clip: Path, model: ModelFile, way: str, *, threads: int, cache: Path | None) -> PoseTrack:
    """Return what a model sees in every frame of a clip; kept in, and taken from, the folder ``cache``."""
    kept = cache / f"{model.name.removeprefix('movenet_')}_{way}" / f"{clip.stem}.npz" if cache else None
    if kept is not None and kept.is_file():
        return read_keypoints(kept)
    frames = Prefetched(open_source(str(clip)))
    frames.open()
    with contextlib.closing(frames):
        track = see(frames, WAYS[way](model.path, threads)).track
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_keypoints(kept, track, model.name)
    return track
