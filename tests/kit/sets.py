"""Golden recordings for tests: synthetic squats with known faults, and their labels."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kiosk.kit.golden import Golden, LabelledRep, Labels, write_labels
from kiosk.movement.exercise import Exercise
from kiosk.movement.view import View
from kiosk.plugins import load_plugins
from kiosk.testing import FRONT, SIDE, Squatter, perform
from kiosk.vision.keypoint_file import write_keypoints

CLEAN, KNEES_IN = Squatter(), Squatter(knees_ratio=0.7)
CAMERAS = {View.FRONT: FRONT, View.SIDE: SIDE}


def squat() -> Exercise:
    return load_plugins().get("overhead-squat")


def golden(
    people: Sequence[Squatter],
    labels: Labels | None = None,
    *,
    view: View = View.FRONT,
    name: str = "front-1",
    signs: tuple[str, ...] = (),
    not_signs: tuple[str, ...] = (),
    noise_px: float = 1.0,
) -> Golden:
    """Return a recording of one rep by each of these; ``labels`` or lists for the whole set."""
    track = perform(people, CAMERAS[view], noise_px=noise_px)
    if labels is None:
        labels = Labels("overhead-squat", view, (LabelledRep(),) * len(people), signs, not_signs)
    return Golden(name, track, None, view, labels)


def late_knees(name: str = "late") -> Golden:
    """Return five squats, the knees in from the third on, labelled rep by rep."""
    reps = [LabelledRep(clear=("knees-in",))] * 2 + [LabelledRep(shows=("knees-in",))] * 3
    return golden([CLEAN] * 2 + [KNEES_IN] * 3, Labels("overhead-squat", View.FRONT, tuple(reps)), name=name)


def write(folder: Path, *recordings: Golden) -> Path:
    """Write recordings with their labels and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in recordings:
        write_keypoints(folder / f"{one.name}.npz", one.track, one.model)
        (folder / f"{one.name}.toml").write_text(write_labels(one.labels), encoding="utf-8")
    return folder
