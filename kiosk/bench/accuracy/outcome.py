"""One recording judged with one model, exactly as the product does it, beside its truth."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk.analyze import Recording, look_closer, report_on
from kiosk.bench.accuracy.recordings import Labelled
from kiosk.bench.accuracy.truth import true_values
from kiosk.bench.clips import keypoints
from kiosk.movement.detail import NO_DETAILS, Details
from kiosk.movement.exercise import AssessedBy, Exercise
from kiosk.movement.passes import PassTrack
from kiosk.movement.pose import PoseTrack
from kiosk.movement.report import RepResult
from kiosk.movement.view import View
from kiosk.vision.details import DetailReader
from kiosk.vision.keypoint_file import read_keypoints
from kiosk.vision.models import ModelFile
from kiosk.vision.sources import open_source

#: No card knows this model, so that nothing is corrected: values come as they were measured.
UNCORRECTED = "uncorrected"


@dataclass(frozen=True, slots=True)
class Values:
    """One check of one set, in its unit: ``measured`` in each counted rep, ``true`` in each true one; NaN: not seen."""

    measured: tuple[float, ...]
    true: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SetOutcome:
    """What one model made of one recording.

    ``numbers``: those of the complete reps. ``matches``: (counted, true) places of reps that are the same one.
    ``seen_as`` and ``seen_from``: exercise and view that were recognised. ``values`` are not corrected yet; nothing was
    measured where the reps were seen as another exercise, or from another side.
    """

    name: str
    model: str
    part: str
    exercise: str | None
    view: View | None
    factors: Mapping[str, str | float | bool | None]
    true_reps: int
    numbers: tuple[int, ...]
    matches: tuple[tuple[int, int], ...]
    idle_s: float
    seen_as: str | None
    seen_from: View | None
    values: Mapping[str, Values]

    @property
    def counted(self) -> int:
        """How many complete reps were counted."""
        return len(self.numbers)

    @property
    def false_reps(self) -> int:
        """How many of them nobody did."""
        return self.counted - len(self.matches)


@dataclass(frozen=True, slots=True)
class Looker:
    """How recordings are looked at: with which model, and where what it saw is kept. Keypoint files need neither."""

    model: ModelFile | None
    second: Path | None
    cache: Path | None
    threads: int = 1

    def name(self, recording: Labelled) -> str:
        """What found the keypoints of a recording."""
        return self.model.name if self.model is not None and recording.is_film else recording.model

    def track(self, recording: Labelled) -> PoseTrack:
        """Return the keypoints of a recording. Raises SourceError where it cannot be read."""
        if not recording.is_film or self.model is None:
            return read_keypoints(recording.path)
        # Of the same content only: a recording that was rendered anew is looked at anew.
        kept = self.cache / _digest(recording.path) if self.cache else None
        return keypoints(recording.path, self.model, "tracked", threads=self.threads, cache=kept)

    def looks_closer(self, recording: Labelled) -> bool:
        """Whether the second model looks at the key frames of a recording."""
        return self.second is not None and recording.is_film

    def details(self, recording: Labelled, raw: PoseTrack, read: PassTrack, view: View) -> Details:
        """Return what the second model sees in the key frames; nothing where there is none, or no picture."""
        if self.second is None or not self.looks_closer(recording):
            return NO_DETAILS
        return look_closer(open_source(str(recording.path)), raw, read, view, DetailReader.of(self.second))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def evaluate(recording: Labelled, looker: Looker, exercises: Mapping[str, Exercise]) -> SetOutcome:
    """Return what comes of one recording. Raises SourceError where it, or its truth, cannot be read."""
    raw = looker.track(recording)
    report = report_on(
        Recording(recording.name, raw),
        exercises,
        model=UNCORRECTED,
        closer=lambda read, view: looker.details(recording, raw, read, view),
    )
    counted = [result for result in report.reps if result.rep.complete]
    right = report.exercise == recording.exercise and report.view is recording.view
    exercise = exercises[recording.exercise] if recording.exercise else None
    true = true_values(exercise, recording) if exercise else {}
    values = {
        slug: Values(tuple(_values(slug, counted if right else [])), tuple(truth))
        for slug, truth in true.items()
        if looker.looks_closer(recording) or _by_keypoints(exercise, slug)
    }
    return SetOutcome(
        recording.name,
        looker.name(recording),
        recording.part,
        recording.exercise,
        recording.view,
        recording.factors,
        len(recording.reps),
        tuple(result.rep.number for result in counted),
        tuple(matched(counted, recording)),
        recording.duration_s - sum(rep.end_s - rep.start_s for rep in recording.reps),
        report.exercise if counted or not recording.reps else None,
        report.view,
        values,
    )


def _by_keypoints(exercise: Exercise | None, slug: str) -> bool:
    checks = exercise.checks if exercise else ()
    return all(check.assessed_by is not AssessedBy.SECOND_MODEL for check in checks if check.slug == slug)


def _values(slug: str, counted: Sequence[RepResult]) -> list[float]:
    return [result.values.get(slug, math.nan) for result in counted]


def matched(counted: Sequence[RepResult], recording: Labelled) -> list[tuple[int, int]]:
    """Return which counted rep is which true one, as places: each once, those with the nearest bottoms first.

    Two are the same where the bottom of one lies within the other.
    """
    pairs = [
        (abs(seen.rep.bottom_s - true.bottom_s), one, other)
        for one, seen in enumerate(counted)
        for other, true in enumerate(recording.reps)
        if true.start_s <= seen.rep.bottom_s <= true.end_s or seen.rep.start_s <= true.bottom_s <= seen.rep.end_s
    ]
    found: list[tuple[int, int]] = []
    for _, one, other in sorted(pairs):
        if all(one != a and other != b for a, b in found):
            found.append((one, other))
    return sorted(found)
