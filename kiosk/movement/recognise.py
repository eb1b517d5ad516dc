"""Which exercise a recording shows, when nobody says."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from kiosk.movement.exercise import Exercise
from kiosk.movement.passes import PassTrack, read_pass
from kiosk.movement.pose import PoseTrack

#: So many seconds of an exercise's starting posture tell it even where no rep was done.
POSTURE_S = 1.0


def recognise(exercises: Iterable[Exercise], track: PoseTrack) -> tuple[Exercise, PassTrack] | None:
    """Return the exercise that a raw track shows, with its pass; None when it shows none of them.

    The one with the most complete reps; where there are none, the one whose starting posture was held longest.
    """
    best: tuple[tuple[int, float], Exercise, PassTrack] | None = None
    for exercise in exercises:
        read = read_pass(exercise, track)
        merit = (len(read.complete), posture_s(exercise, read.track))
        if (merit[0] or merit[1] >= POSTURE_S) and (best is None or merit > best[0]):
            best = (merit, exercise, read)
    return best[1:] if best else None


def posture_s(exercise: Exercise, track: PoseTrack) -> float:
    """Return for how many seconds of a track the person was in the exercise's starting posture."""
    if len(track) < 2:
        return 0.0
    step = float(np.median(np.diff(track.t_s)))
    return step * sum(exercise.start(track.pose(k)) for k in range(len(track)))
