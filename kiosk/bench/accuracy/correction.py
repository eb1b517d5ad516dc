"""The bias of a model in one check: a robust line, taken only as far as it helps on people it was not fitted on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from kiosk.bench.accuracy.settled import IDENTITY, Line, SetSaid
from kiosk.movement.exercise import Check
from kiosk.movement.pose import FloatArray

#: A shift needs so many sets: its own error is then a third of the spread.
LEAST_SETS = 10
#: A line needs so many, and so wide a true range (90 % of it), in steps from clear to sign.
LINE_SETS, LEAST_RANGE = 20, 1.5
#: Only sets whose truth lies within so many steps of the limits count: it is there that a verdict may change.
JUDGED_SIZES = (-3.0, 5.0)
LEAST_GAIN, MOST_GAIN = 0.5, 2.0
#: A correction is taken when it makes the error on others smaller by this share at least.
LEAST_HELP = 0.03
_FOLDS = 5


def fitted(check: Check, sets: Iterable[SetSaid]) -> Line:
    """Return the correction of a check from sets that were not corrected; none where it does not help.

    A shift, or a shift and a gain, is fitted on four fifths of the people and tried on the others, in turns.
    """
    seen = [one for one in sets if JUDGED_SIZES[0] <= one.size <= JUDGED_SIZES[1] and not math.isnan(one.measured)]
    if check.clear is None or check.sign is None or len(seen) < LEAST_SETS:
        return IDENTITY
    true, measured = (np.array(values) for values in zip(*((_middle(one)) for one in seen), strict=True))
    folds = _folds(seen)
    step = abs(check.sign - check.clear)
    wide = len(seen) >= LINE_SETS and float(np.percentile(true, 95) - np.percentile(true, 5)) >= LEAST_RANGE * step
    best, least = IDENTITY, _rms(true, measured)
    for way in (_shift, _line) if wide else (_shift,):
        if check.two_sided and way is _shift:
            continue  # to shift both directions alike would make one of them worse
        tried = np.concatenate(
            [_undone(way(true[~part], measured[~part]), measured[part]) - true[part] for part in folds]
        )
        error = float(np.sqrt(np.mean(tried**2)))
        if error < (1 - LEAST_HELP) * least:
            best, least = way(true, measured), error
    return Line(0.0, best.gain) if check.two_sided else best


def _middle(one: SetSaid) -> tuple[float, float]:
    """Return the medians (true, measured) of all reps of a set: no sign chose them."""
    measured, true = np.array(one.reps).T
    return float(np.median(true)), float(np.median(measured))


def _folds(seen: Sequence[SetSaid]) -> list[np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Return which sets are tried in each turn: all of a person at once; set by set where nobody is named."""
    people = [str(one.outcome.factors.get("body", one.outcome.name)) for one in seen]
    turn = {name: place % _FOLDS for place, name in enumerate(sorted(set(people)))}
    turns = np.array([turn[name] for name in people])
    return [part for fold in range(_FOLDS) if (part := turns == fold).any() and not part.all()]


def _shift(true: FloatArray, measured: FloatArray) -> Line:
    return Line(float(np.median(measured - true)))


def _line(true: FloatArray, measured: FloatArray) -> Line:
    """Return the line through the medians of all slopes between two sets (Theil and Sen)."""
    one, other = np.triu_indices(len(true), 1)
    apart = true[other] - true[one]
    far = np.abs(apart) > 0.1 * np.ptp(true)
    slope = float(np.median((measured[other] - measured[one])[far] / apart[far])) if far.any() else 1.0
    gain = min(MOST_GAIN, max(LEAST_GAIN, slope))
    return Line(float(np.median(measured - gain * true)), gain)


def _undone(line: Line, measured: FloatArray) -> FloatArray:
    return (measured - line.offset) / line.gain


def _rms(true: FloatArray, measured: FloatArray) -> float:
    return float(np.sqrt(np.mean((measured - true) ** 2)))
