"""Left against right: both sides of one pass, or the side that works in one pass against that of another."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from kiosk.movement.assess import reference
from kiosk.movement.exercise import Exercise, SideMeasure
from kiosk.movement.moments import phase_frames
from kiosk.movement.passes import PassTrack
from kiosk.movement.pose import Side
from kiosk.movement.report import Difference
from kiosk.movement.reps import Phase
from kiosk.movement.view import View


def differences(exercise: Exercise, passes: Sequence[tuple[PassTrack, View]]) -> Iterator[Difference]:
    """Yield left against right, as medians over the bottoms of all complete reps seen from front or rear."""
    square = [read for read, view in passes if view is not View.SIDE]
    working = {read.done_on: read for read in square if read.done_on is not None}
    for read in square:
        for side in exercise.sides:
            if read.done_on is None:
                yield from _difference(side, _at_bottom(side, read, 0), _at_bottom(side, read, 1))
            elif read is working.get(Side.RIGHT) and Side.LEFT in working:
                # The side that works is the left one in what the exercise looks at.
                yield from _difference(side, _at_bottom(side, working[Side.LEFT], 0), _at_bottom(side, read, 0))


def _difference(side: SideMeasure, left: float, right: float) -> Iterator[Difference]:
    mean = (abs(left) + abs(right)) / 2
    if mean > 0:
        yield Difference(side.name, left, right, side.unit, 100 * abs(left - right) / mean)


def _at_bottom(side: SideMeasure, read: PassTrack, which: int) -> float:
    """Return the median of what is compared over the bottoms of a pass; NaN where it was never seen."""
    track = read.shown
    top = reference(track, read.effort, read.complete)
    if top is None:
        return math.nan
    values = [
        side.of_side(track.pose(frame), top, which)
        for rep in read.complete
        for frame in range(*phase_frames(Phase.BOTTOM, track.t_s, read.effort, rep))
    ]
    seen = [value for value in values if not math.isnan(value)]
    return float(np.median(seen)) if seen else math.nan
