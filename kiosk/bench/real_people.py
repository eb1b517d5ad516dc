"""The tables on real people: labelled clips, and motion-captured squats as a camera would see them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from kiosk.bench.captured import FILE, read_reps, sets
from kiosk.bench.clips import Clip, keypoints, read_labels
from kiosk.bench.counts import count, rep_tables
from kiosk.bench.separation import count_table, judge_sets, separation_table
from kiosk.movement.exercise import Exercise
from kiosk.vision.models import ModelFile

Shown = Callable[[list[Clip]], Iterable[Clip]]


def clip_tables(
    shared: Path,
    model: ModelFile,
    exercises: Mapping[str, Exercise],
    *,
    threads: int,
    cache: Path | None,
    shown: Shown = list,
) -> str:
    """Return how reps are counted in the clips of ``shared``, a line with the model first.

    ``shown`` may draw a progress bar. Raises SourceError where the clips cannot be read.
    """
    counts = [
        count(clip, keypoints(clip.path, model, "tracked", threads=threads, cache=cache), exercises)
        for clip in shown(read_labels(shared))
    ]
    return f"Model {model.name}, {len(counts)} clips\n\n{rep_tables(counts)}"


def captured_tables(shared: Path, squat: Exercise) -> str:
    """Return how captured squats are counted, and how well each check tells right from wrong ones.

    Raises SourceError where they cannot be read.
    """
    counted, judged = judge_sets(squat, sets(read_reps(shared / FILE)))
    return f"Captured overhead squats, projected\n\n{count_table(counted)}\n\n{separation_table(judged)}"
