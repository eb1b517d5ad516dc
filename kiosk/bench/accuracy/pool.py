"""Many recordings looked at by several processes: each frame of each of them, with one model."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from kiosk.bench.accuracy.outcome import Looker, SetOutcome, evaluate
from kiosk.bench.accuracy.recordings import Labelled
from kiosk.movement.exercise import Exercise
from kiosk.plugins import load_plugins


@dataclass(frozen=True, slots=True)
class Loading:
    """How each process loads the exercises: as the configuration says."""

    blocked: tuple[str, ...] = ()
    overlays: Path | None = None

    def exercises(self) -> dict[str, Exercise]:
        """Return the installed exercises."""
        return load_plugins(blocked=self.blocked, overlays=self.overlays).exercises


_EXERCISES: dict[str, Exercise] = {}


def outcomes(work: Sequence[tuple[Labelled, Looker]], loading: Loading, jobs: int) -> Iterator[SetOutcome]:
    """Yield what comes of each recording, in order. One job runs in this process.

    Raises SourceError where a recording cannot be read.
    """
    if jobs == 1:
        exercises = loading.exercises()
        for recording, looker in work:
            yield evaluate(recording, looker, exercises)
        return
    # Not forked: OpenCV and the model runtime hold threads, which a fork would leave behind half alive.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(loading,)) as pool:
        yield from pool.map(_evaluate, work)


def _begin(loading: Loading) -> None:
    _EXERCISES.update(loading.exercises())


def _evaluate(work: tuple[Labelled, Looker]) -> SetOutcome:
    return evaluate(*work, _EXERCISES)


def by_model(found: Sequence[SetOutcome]) -> Mapping[str, list[SetOutcome]]:
    """Return the outcomes of each model, in the order of the models' names."""
    return {name: [one for one in found if one.model == name] for name in sorted({one.model for one in found})}
