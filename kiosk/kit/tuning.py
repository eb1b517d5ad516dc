"""How a limit separates labelled reps, where it would better lie, and what it would have said."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kiosk.errors import PluginError
from kiosk.kit.checking import Replay
from kiosk.kit.golden import looked_at
from kiosk.movement.accuracy import Share
from kiosk.movement.assess import settle, verdict
from kiosk.movement.exercise import Check, Exercise
from kiosk.movement.report import Status
from kiosk.toml_fields import nearest

#: A suggested limit leaves at most so many percent of the labelled reps on its wrong side.
STRAY_PERCENT = 5.0
#: Where the two kinds of reps lie apart, each limit is moved this share of the way between them off its own kind.
INTO_GAP = 0.25


@dataclass(frozen=True, slots=True)
class LabelledValue:
    """The value of a check in one counted rep of a recording, and whether the trainer saw the sign (None: not said)."""

    recording: str
    rep: int
    value: float
    shows: bool | None


@dataclass(frozen=True, slots=True)
class Limits:
    """A pair of limits in the unit of their check."""

    clear: float
    sign: float


@dataclass(frozen=True, slots=True)
class WouldSay:
    """What a check says with some limits: of labelled reps, and of labelled sets as the kiosk would report them.

    ``hits`` are signs found, ``false_signs`` clean ones called a sign, ``unsure`` labelled ones of either kind that
    are too close to call.
    """

    rep_hits: Share
    rep_false: Share
    rep_unsure: Share
    set_hits: Share
    set_false: Share


def tunable(exercise: Exercise, slug: str) -> Check:
    """Return a check whose limits golden recordings can tell. Raises PluginError, naming those, for any other."""
    known = {check.slug: check for one in exercise.passes for check in looked_at(exercise, one.view)}
    if slug in known:
        return known[slug]
    if any(check.slug == slug for check in exercise.checks):
        raise PluginError(f"'{slug}' is not told from keypoints, so golden recordings say nothing of its limits.")
    raise PluginError(f"'{slug}' is not a check of {exercise.slug}{nearest(slug, known)}")


def labelled_values(replays: Sequence[Replay], check: Check) -> list[LabelledValue]:
    """Return the value of every counted rep in which it was seen, with its label.

    Reps are known by their order, so a recording whose reps were miscounted is left out: its labels would be those
    of other reps.
    """
    found = []
    for one in replays:
        if not one.is_exact:
            continue
        counted = [result for result in one.results if result.rep.complete]
        for number, result in enumerate(counted, 1):
            value = result.values.get(check.slug, math.nan)
            if not math.isnan(value):
                shows = one.golden.labels.in_rep(check.slug, number)
                found.append(LabelledValue(one.golden.name, number, value, shows))
    return found


def limits_of(check: Check) -> Limits:
    """Return the limits that a check has. Raises ValueError where it has none."""
    if check.clear is None or check.sign is None:
        raise ValueError(f"the check {check.slug} has no limits")
    return Limits(check.clear, check.sign)


def with_limits(check: Check, limits: Limits) -> Check:
    """Return the check with other limits."""
    return replace(check, clear=limits.clear, sign=limits.sign)


def separation(check: Check, values: Sequence[LabelledValue]) -> float:
    """Return the share of pairs, one rep with the sign and one without, that the value puts in the right order.

    1: every value of the one kind lies beyond all of the other; 0.5: no better than chance; NaN where one kind is
    missing. It is the area under the ROC curve, and no limit has a part in it.
    """
    with_sign, without = (np.array(_sizes(check, values, shows)) for shows in (True, False))
    if not len(with_sign) or not len(without):
        return math.nan
    ahead = np.sign(with_sign[:, None] - without[None, :])
    return float((ahead + 1).mean() / 2)


def suggestion(check: Check, values: Sequence[LabelledValue]) -> Limits | None:
    """Return limits that the labelled reps speak for; None where one kind is missing or both look the same.

    Where the kinds lie apart, both limits lie between them and what is between the limits, which nobody has labelled,
    is unsure. Where they overlap, at most `STRAY_PERCENT` of the clean reps lie beyond ``sign``, and as few of the
    others before ``clear``; between them the value cannot tell.
    """
    with_sign, without = _sizes(check, values, True), _sizes(check, values, False)
    if not with_sign or not without:
        return None
    # Values that were measured, none between two of them: of a few reps none may stray.
    most_clean = float(np.percentile(without, 100 - STRAY_PERCENT, method="higher"))
    least_shown = float(np.percentile(with_sign, STRAY_PERCENT, method="lower"))
    gap = least_shown - most_clean
    if gap == 0:
        return None
    clear, sign = (most_clean + INTO_GAP * gap, least_shown - INTO_GAP * gap) if gap > 0 else (least_shown, most_clean)
    towards, digits = _towards(check), _digits(sign - clear)
    if gap < 0:
        # A value at a limit lies beyond it: a step apart, so that none but the strays do.
        per_step = 10.0**digits
        clear, sign = (math.ceil(clear * per_step) - 1) / per_step, (math.floor(sign * per_step) + 1) / per_step
    limits = Limits(round(towards * clear, digits) + 0.0, round(towards * sign, digits) + 0.0)
    if check.two_sided:
        limits = Limits(max(limits.clear, 0.0), limits.sign)
    return limits if towards * (limits.sign - limits.clear) > 0 else None


def would_say(check: Check, replays: Sequence[Replay], values: Sequence[LabelledValue]) -> WouldSay:
    """Return what a check, with the limits that it has, says of the golden recordings."""
    said = [(value.shows, verdict(check, value.value)) for value in values if value.shows is not None]
    sets = [(one.golden.labels.in_set(check.slug), _of_set(check, one)) for one in replays]
    return WouldSay(
        _share(said, True, Status.SIGN),
        _share(said, False, Status.SIGN),
        Share(sum(status is Status.UNSURE for _, status in said), len(said)),
        _share(sets, True, Status.SIGN),
        _share(sets, False, Status.SIGN),
    )


def _of_set(check: Check, one: Replay) -> Status:
    """Return what the kiosk says of a set with these limits. The values do not depend on them."""
    counted = [result for result in one.results if result.rep.complete]
    if not counted or one.golden.view not in check.views:
        return Status.NOT_ASSESSED
    values = [result.values.get(check.slug, math.nan) for result in counted]
    return settle(check, [result.rep.number for result in counted], values).status


def _share(said: Sequence[tuple[bool | None, Status]], shows: bool, status: Status) -> Share:
    of_kind = [found for label, found in said if label is shows]
    return Share(sum(found is status for found in of_kind), len(of_kind))


def _towards(check: Check) -> float:
    """Return 1 where large values are the sign, -1 where small ones are."""
    limits = limits_of(check)
    return 1.0 if limits.sign > limits.clear else -1.0


def _sizes(check: Check, values: Sequence[LabelledValue], shows: bool) -> list[float]:
    """Return the values of one kind of reps, turned so that larger ones are nearer to the sign."""
    size = abs if check.two_sided else float
    return [_towards(check) * size(one.value) for one in values if one.shows is shows]


def _digits(width: float) -> int:
    """Return to how many digits limits are rounded: to about a twentieth of what lies between them."""
    return 3 if width <= 0 else max(0, min(3, 1 - math.floor(math.log10(width))))
