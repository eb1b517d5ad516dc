"""What was said of one check in one set, beside what is true of it: by the product's own rules, on both."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from kiosk.bench.accuracy.outcome import SetOutcome, Values
from kiosk.movement.assess import Settled, settle
from kiosk.movement.exercise import Check
from kiosk.movement.moments import severity_of_extreme
from kiosk.movement.report import Status

#: As a kiosk is to be mounted: what is promised is promised there (issue 3).
MOST_YAW_DEG, HEIGHT_M, DISTANCE_M = 15.0, (0.7, 1.3), (2.5, 4.0)
_UNSEEN = Settled(Status.NOT_ASSESSED, None, None)


@dataclass(frozen=True, slots=True)
class Line:
    """How a model measures a check: measured = gain x true + offset."""

    offset: float = 0.0
    gain: float = 1.0

    def undone(self, value: float) -> float:
        """Return the true value that a measured one stands for."""
        return (value - self.offset) / self.gain


IDENTITY = Line()


@dataclass(frozen=True, slots=True)
class SetSaid:
    """One check of one set.

    ``truth``: what is true by the check's promise (`Check.promised`); ``said``: by its limits. ``size``: the true fault
    in steps from clear to sign (`severity_of_extreme`). ``measured`` and ``true``: medians of
    the reps of which the finding speaks; NaN where there was none. ``reps``: (measured, true) of every rep.
    ``onset_right``: None where no fault sets in after the first rep.
    """

    outcome: SetOutcome
    said: Status
    truth: Status
    size: float
    clean: bool
    measured: float
    true: float
    reps: tuple[tuple[float, float], ...]
    onset_right: bool | None

    @property
    def mounted(self) -> bool:
        """Whether the camera stood as it should."""
        return is_mounted(self.outcome)


def is_mounted(outcome: SetOutcome) -> bool:
    """Whether a camera stood as it should: near the true view, at a fair height and distance. Unknown counts as so."""
    factors = outcome.factors
    yaw, height, distance = (_number(factors.get(key)) for key in ("yaw_deg", "height_m", "distance_m"))
    return not (
        abs(yaw) > MOST_YAW_DEG
        or height < HEIGHT_M[0]
        or height > HEIGHT_M[1]
        or distance < DISTANCE_M[0]
        or distance > DISTANCE_M[1]
    )


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan


def said_of(check: Check, outcomes: Iterable[SetOutcome], line: Line = IDENTITY) -> Iterator[SetSaid]:
    """Yield what was said of a check in each set whose truth is known, after a correction."""
    for outcome in outcomes:
        values = outcome.values.get(check.slug)
        if values is not None and not all(math.isnan(value) for value in values.true):
            said = _said(check, outcome, values, line)
            if said is not None:
                yield said


def _said(check: Check, outcome: SetOutcome, values: Values, line: Line) -> SetSaid | None:
    truth = settle(replace(check, sign=check.least_promised), range(1, len(values.true) + 1), values.true)
    if truth.value is None:
        return None
    measured = tuple(line.undone(value) for value in values.measured)
    said = settle(check, outcome.numbers, measured) if measured else _UNSEEN
    pairs = [(measured[one], values.true[other], outcome.numbers[one]) for one, other in outcome.matches if measured]
    both = [pair for pair in pairs if not math.isnan(pair[0] + pair[1])]
    meant = [pair for pair in both if _speaks_of(said, pair[2])]
    return SetSaid(
        outcome,
        said.status,
        truth.status,
        severity_of_extreme(check, truth.value),
        all(severity_of_extreme(check, value) <= 0 for value in values.true if not math.isnan(value)),
        float(np.median([pair[0] for pair in meant])) if meant else math.nan,
        float(np.median([pair[1] for pair in meant])) if meant else math.nan,
        tuple(pair[:2] for pair in both),
        _onset_right(outcome, said, truth),
    )


def _speaks_of(said: Settled, number: int) -> bool:
    return number >= said.from_rep if said.from_rep is not None else number in said.shown


def _onset_right(outcome: SetOutcome, said: Settled, truth: Settled) -> bool | None:
    """Whether the true rep that was named as the onset is the right one or its neighbour; a miss is not right."""
    if truth.from_rep is None or truth.from_rep == 1:
        return None
    place = {outcome.numbers[one]: other + 1 for one, other in outcome.matches}
    named = place.get(said.from_rep) if said.from_rep is not None else None
    return named is not None and abs(named - truth.from_rep) <= 1
