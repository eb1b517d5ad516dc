"""From single sets to the figures of a check and of the counting."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from kiosk.bench.accuracy.correction import JUDGED_SIZES
from kiosk.bench.accuracy.outcome import SetOutcome
from kiosk.bench.accuracy.settled import Line, SetSaid, is_mounted
from kiosk.movement.accuracy import CheckAccuracy, RepAccuracy, Share, SizeBand
from kiosk.movement.exercise import Check
from kiosk.movement.pose import FloatArray
from kiosk.movement.report import Status

#: Bands of the size of a fault.
SIZES: tuple[tuple[float, float | None], ...] = (
    (0.0, 0.5),
    (0.5, 1.0),
    (1.0, 1.5),
    (1.5, 2.0),
    (2.0, 3.0),
    (3.0, None),
)
#: A fault of a size is seen reliably where this share of the sets with it, or a larger one, is a sign: of so many.
RELIABLY, RELIABLE_SETS = 0.9, 5
#: So few sets tell nothing of an error; from so many on it is their own 95th percentile.
FEW_SETS, MANY_SETS = 8, 40
#: A check is given up where faults that are promised are found in less than this share of sets, or clean ones called a
#: sign in more than that: with so many sets to go by.
LEAST_FOUND, MOST_FALSE = 0.5, 0.06
FAULTS_TO_JUDGE_BY, CLEAN_TO_JUDGE_BY = 5, 20
#: So is one whose values hardly follow the truth: they rise by less than this share of it, over so many sets that
#: truly differ by so many steps from clear to sign.
LEAST_SLOPE, SLOPE_SETS, SLOPE_RANGE = 0.2, 12, 1.5


def share_of(flags: Iterable[bool]) -> Share:
    """Return how many are true."""
    all_of = list(flags)
    return Share(sum(all_of), len(all_of))


def check_accuracy(check: Check, line: Line, sets: Sequence[SetSaid], every: Sequence[SetSaid]) -> CheckAccuracy:
    """Return the figures of a check over corrected ``sets``; those of ``every`` part tell whether it can be told."""
    mounted = [one for one in sets if one.mounted]
    clean = [one for one in mounted if one.clean]
    near = [one for one in mounted if JUDGED_SIZES[0] <= one.size <= JUDGED_SIZES[1]]
    of_sets = np.array([one.measured - one.true for one in near if not math.isnan(one.measured)])
    pairs = np.array([pair for one in near for pair in one.reps]).reshape(-1, 2)
    why = cannot_tell([one for one in every if one.mounted])
    return CheckAccuracy(
        offset=line.offset,
        gain=line.gain,
        error=half_width(of_sets),
        rep_error=half_width(pairs[:, 0] - pairs[:, 1]),
        bias=float(np.mean(of_sets)) if len(of_sets) >= FEW_SETS else None,
        spread=float(np.std(of_sets)) if len(of_sets) >= FEW_SETS else None,
        slope=_slope(pairs),
        smallest=smallest(mounted),
        found=found(mounted),
        false_signs=share_of(one.said is Status.SIGN for one in clean),
        unsure=share_of(one.said is Status.UNSURE for one in clean),
        onset=share_of(one.onset_right for one in mounted if one.onset_right is not None),
        sets=len(mounted),
        reps=len(pairs),
        sizes=tuple(_band(low, high, mounted) for low, high in SIZES),
        assessed=why is None,
        why=why,
    )


def found(sets: Iterable[SetSaid]) -> Share:
    """Return how many true signs were called a sign."""
    return share_of(one.said is Status.SIGN for one in sets if one.truth is Status.SIGN)


def half_width(errors: FloatArray) -> float | None:
    """Return the half-width that holds 95 of 100 errors (N,) about 0; None where there are too few.

    Of many it is their own 95th percentile; few are taken to be spread normally about their mean.
    """
    if len(errors) < FEW_SETS:
        return None
    if len(errors) >= MANY_SETS:
        return float(np.percentile(np.abs(errors), 95))
    return float(abs(np.mean(errors)) + 1.96 * np.std(errors, ddof=1))


def smallest(sets: Sequence[SetSaid]) -> float | None:
    """Return the size from which on faults are seen reliably; None where no size is."""
    faults = sorted((one for one in sets if one.size > 0), key=lambda one: one.size)
    for place, one in enumerate(faults):
        rest = faults[place:]
        signs = [other.said is Status.SIGN for other in rest]
        if len(rest) < RELIABLE_SETS:
            return None
        if sum(signs) >= RELIABLY * len(rest) and sum(signs[:RELIABLE_SETS]) >= RELIABLE_SETS - 1:
            return one.size
    return None


def cannot_tell(sets: Sequence[SetSaid]) -> str | None:
    """Return the sentence that says why faults cannot be told from clean reps, None where they can.

    Where too few sets were measured to say so, they are taken to be told.
    """
    large = found(sets)
    false = share_of(one.said is Status.SIGN for one in sets if one.clean)
    if large.of >= FAULTS_TO_JUDGE_BY and large.value < LEAST_FOUND:
        return f"This camera's model cannot tell it: where it was large, {large.count} of {large.of} tries showed it."
    if false.of >= CLEAN_TO_JUDGE_BY and false.value > MOST_FALSE:
        return (
            f"This camera's model cannot tell it: where there was nothing, {false.count} of {false.of} tries showed it."
        )
    return _does_not_follow(sets)


def _does_not_follow(sets: Sequence[SetSaid]) -> str | None:
    """Return the sentence on a check whose values have little to do with the truth, None where they follow it."""
    near = [one for one in sets if JUDGED_SIZES[0] <= one.size <= JUDGED_SIZES[1]]
    seen = [one for one in near if not math.isnan(one.measured)]
    sizes = [one.size for one in seen]
    if len(seen) < SLOPE_SETS or max(sizes) - min(sizes) < SLOPE_RANGE:
        return None
    slope = _slope(np.array([(one.measured, one.true) for one in seen]))
    if slope is None or slope >= LEAST_SLOPE:
        return None
    return (
        f"This camera's model cannot tell it: in {len(seen)} tries what it saw rose by {slope:.0%} of the truth only."
    )


def _band(low: float, high: float | None, sets: Iterable[SetSaid]) -> SizeBand:
    inside = [one.said for one in sets if one.size > 0 and low <= one.size and (high is None or one.size < high)]
    order = (Status.SIGN, Status.UNSURE, Status.CLEAR, Status.NOT_ASSESSED)
    return SizeBand(low, high, *(inside.count(status) for status in order))


def _slope(pairs: FloatArray) -> float | None:
    """Return by how much measured values (N, 2: measured, true) rise with true ones; None where these hardly differ."""
    if len(pairs) < FEW_SETS or np.std(pairs[:, 1]) < 1e-6:
        return None
    measured, true = pairs.T
    return float(np.cov(true, measured)[0, 1] / np.var(true, ddof=1))


def rep_accuracy(sets: Sequence[SetOutcome], negatives: Sequence[SetOutcome]) -> RepAccuracy:
    """Return how reps were counted, of cameras as they are to be mounted. ``negatives`` hold no rep at all."""
    sets, negatives = ([one for one in some if is_mounted(one)] for some in (sets, negatives))
    off = [max(abs(one.counted - one.true_reps), one.false_reps) for one in sets]
    return RepAccuracy(
        exact=sum(by == 0 for by in off),
        off_by_one=sum(by == 1 for by in off),
        worse=sum(by > 1 for by in off),
        false_reps=sum(one.false_reps for one in (*sets, *negatives)),
        idle_s=sum(one.idle_s for one in (*sets, *negatives)),
        negatives=len(negatives),
        negative_false_reps=sum(one.false_reps for one in negatives),
        recognised=share_of(one.seen_as == one.exercise for one in sets),
        view=share_of(one.seen_from is one.view for one in sets),
    )
