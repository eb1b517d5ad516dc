"""Which exercise a recording shows, when nobody says."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from kiosk.movement.exercise import Exercise
from kiosk.movement.holds import held_s
from kiosk.movement.passes import PassTrack, read_passes
from kiosk.movement.pose import Pose, PoseTrack

#: So many seconds of an exercise's starting posture tell it even where no rep was done.
POSTURE_S = 1.0


def recognise(exercises: Iterable[Exercise], track: PoseTrack) -> tuple[Exercise, tuple[PassTrack, ...]] | None:
    """Return the exercise that a raw track shows, with its passes (`read_passes`); None when it shows none of them.

    The one with the most complete reps; where there are none, the one whose starting posture was held longest. For a
    hold the time for which it was held speaks: a push-up begins and ends with something like a plank.
    """
    best: tuple[tuple[int, float], Exercise, tuple[PassTrack, ...]] | None = None
    for exercise in exercises:
        reads = read_passes(exercise, track)
        merit = _merit(exercise, reads)
        if (merit[0] or merit[1] >= POSTURE_S) and (best is None or merit > best[0]):
            best = (merit, exercise, reads)
    return best[1:] if best else None


def _merit(exercise: Exercise, reads: tuple[PassTrack, ...]) -> tuple[int, float]:
    if exercise.hold is not None:
        return 0, sum(held_s(read.complete) for read in reads)
    return sum(len(read.complete) for read in reads), posture_s(exercise, reads[0].track)


def posture_s(exercise: Exercise, track: PoseTrack) -> float:
    """Return for how many seconds of a track the person was in the exercise's starting posture."""
    if len(track) < 2:
        return 0.0
    step = float(np.median(np.diff(track.t_s)))
    return step * sum(starts(exercise, track.pose(k)) for k in range(len(track)))


def starts(exercise: Exercise, pose: Pose) -> bool:
    """Whether a pose is the exercise's starting posture, with whichever side."""
    return any(exercise.start(one.seen(pose)) for one in exercise.passes)
