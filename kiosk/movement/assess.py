"""From the reps of one pass to findings: each check's value in each rep, its band, and what they say together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from kiosk.movement.detail import NO_DETAILS, Details
from kiosk.movement.exercise import AssessedBy, Check, Exercise, PoseMeasure, RepMeasure
from kiosk.movement.geometry import faces_right, turned
from kiosk.movement.holds import REFERENCE_S
from kiosk.movement.key_frames import detail_value, standing_and_bottoms
from kiosk.movement.moments import Seen, phase_frames, severity_of_extreme
from kiosk.movement.passes import PassTrack
from kiosk.movement.pose import FloatArray, Pose, PoseTrack, Side
from kiosk.movement.quantiles import median
from kiosk.movement.report import Finding, RepResult, Status
from kiosk.movement.reps import Phase, Rep, RepTrace
from kiosk.movement.view import View

#: What stands before a descent counts as the top for so long (DOMAIN 3.1: ten frames).
STANDING_S = 0.33
#: It is looked for within this time before a rep's start, where at most this share of the way down is done.
STANDING_WITHIN_S = 1.0
STILL_SHARE = 0.03
#: A sign needs this share of the reps, or of those from its onset on, and with many reps at least three of them.
AGREE_SHARE = 0.6
AGREE_REPS = 3
#: Fewer reps than this share showing a sign leave a finding clear.
STRAY_SHARE = 0.2


def assess_pass(
    exercise: Exercise, read: PassTrack, view: View, details: Details = NO_DETAILS, model: str | None = None
) -> tuple[list[RepResult], list[Finding]]:
    """Return the results of all reps of a pass and the findings of all checks that belong to its view.

    ``details`` are what the second model saw in its key frames, not turned yet. ``model`` is what found the poses:
    where the card of a check knows it, its bias is taken out of the values.
    """
    track = read.shown
    if read.done_on is Side.RIGHT:
        details = details.mirrored()
    if view is View.SIDE and not faces_right(track):
        track, details = turned(track), details.turned()
    checks = [check for check in exercise.checks if view in check.views]
    complete = read.complete
    top = beginning(track, complete) if exercise.hold else reference(track, read.effort, complete)
    values = {
        check.slug: [measure(check, track, read.effort, rep, top, view) for rep in complete]
        for check in checks
        if check.assessed_by is not AssessedBy.NOTHING and top is not None
    }
    values |= _closer_values([check for check in checks if check.assessed_by is AssessedBy.SECOND_MODEL], read, details)
    values = {
        check.slug: [check.corrected(value, model) for value in values[check.slug]]
        for check in checks
        if check.slug in values and check.cannot_tell(model) is None
    }
    seen = Seen(read.track, track, read.effort, top, model)
    findings = [
        _finding(
            check,
            view,
            complete,
            values.get(check.slug, []),
            seen,
            check.cannot_tell(model) or (details.why if check.assessed_by is AssessedBy.SECOND_MODEL else None),
            "parts of the hold" if exercise.hold else "reps",
        )
        for check in checks
    ]
    results = [_rep_result(rep, view, checks, values, complete) for rep in read.reps]
    return (
        [replace(result, done_on=read.done_on) for result in results],
        [replace(finding, done_on=read.done_on) for finding in findings],
    )


def _closer_values(checks: Sequence[Check], read: PassTrack, details: Details) -> dict[str, list[float]]:
    """Return the values of checks by the second model in each complete rep; none where it did not look."""
    if details.why is not None:
        return {}
    standing, bottoms = standing_and_bottoms(read, details)
    return {
        check.slug: [detail_value(check, bottoms[rep.number], standing) for rep in read.complete] for check in checks
    }


def reference(track: PoseTrack, effort: FloatArray, reps: Sequence[Rep]) -> Pose | None:
    """Return the person's own top: the median pose of what stood before the first three descents."""
    if not reps:
        return None
    frames = np.concatenate([standing_frames(track.t_s, effort, rep) for rep in reps[:3]])
    return PoseTrack(track.xy[frames], track.score[frames], track.t_s[frames], track.size_px).middle()


def beginning(track: PoseTrack, parts: Sequence[Rep]) -> Pose | None:
    """Return the person's own reference in a hold: the median pose of its first seconds."""
    if not parts:
        return None
    first = parts[0].start
    last = int(np.searchsorted(track.t_s, track.t_s[first] + REFERENCE_S, side="right")) - 1
    return track.part(first, min(last, parts[0].end)).middle()


def standing_frames(t_s: FloatArray, effort: FloatArray, rep: Rep) -> NDArray[np.intp]:
    """Return the frames before a rep in which the person still stood at the top: the last `STANDING_S` of them.

    A rep starts when a share of its way down is done, so the moment before that is already on the way.
    """
    first = int(np.searchsorted(t_s, t_s[rep.start] - STANDING_WITHIN_S))
    before = effort[first : rep.start + 1]
    level = np.nanmin(before) + STILL_SHARE * rep.range_of_motion
    still: NDArray[np.intp] = np.flatnonzero(before <= level) + first
    recent = t_s[still] >= t_s[still[-1]] - STANDING_S
    return np.compress(recent, still)


def measure(check: Check, track: PoseTrack, effort: FloatArray, rep: Rep, top: Pose, view: View) -> float:
    """Return the value of a check in one rep; NaN when it was not seen well enough, or needs a second model."""
    if check.measure is None or check.assessed_by is AssessedBy.SECOND_MODEL:
        return math.nan
    if check.phase is Phase.WHOLE:
        # The phase says which of the two kinds of measure a check has; the loader of checks.toml cannot.
        of_rep = cast(RepMeasure, check.measure)
        return float(of_rep(RepTrace(rep, track.part(rep.start, rep.end), top, view)))
    of_pose = cast(PoseMeasure, check.measure)
    first, last = phase_frames(check.phase, track.t_s, effort, rep)
    values = np.array([of_pose(track.pose(k), top) for k in range(first, last + 1)], np.float64)
    seen = values[~np.isnan(values)]
    return median(seen.tolist()) if 2 * len(seen) >= len(values) else math.nan


def verdict(check: Check, value: float) -> Status:
    """Return the band that a value lies in. Raises ValueError for a check without limits."""
    if check.clear is None or check.sign is None:
        raise ValueError(f"the check {check.slug} has no limits")
    if math.isnan(value):
        return Status.NOT_ASSESSED
    beyond = severity(check, value)
    if beyond <= 0:
        return Status.CLEAR
    return Status.SIGN if beyond >= 0.5 else Status.UNSURE


def severity(check: Check, value: float) -> float:
    """Return 0 at the ``clear`` limit and better, 0.5 at the ``sign`` limit, 1 as far beyond it again, at most 1."""
    if check.clear is None or check.sign is None:
        return 0.0
    if check.two_sided:
        value = abs(value)
    return min(1.0, max(0.0, (value - check.clear) / (check.sign - check.clear) / 2))


def agreement(signs: Sequence[bool]) -> int | None:
    """Return the index from which a sign is there to the end, 0 when all through; None when too few reps agree.

    It takes 60 % of all reps, or of the last ones from an onset on, and three reps wherever there are three
    (DOMAIN 5: 3 of 5 reps). Of several onsets that would do, the one that most reps agree with: before it they
    show none, from it on they do. One stray rep early in a set must not make a late fault an early one.
    """
    count = len(signs)
    needed = min(AGREE_REPS, count)
    best: tuple[int, int] | None = None
    for onset in range(count):
        rest = signs[onset:]
        if signs[onset] and sum(rest) >= needed and sum(rest) >= AGREE_SHARE * len(rest):
            at_odds = sum(signs[:onset]) + len(rest) - sum(rest)
            best = min(best or (at_odds, onset), (at_odds, onset))
    return best[1] if best else None


def _finding(
    check: Check,
    view: View,
    reps: Sequence[Rep],
    values: Sequence[float],
    seen: Seen,
    cannot: str | None,
    each: str,
) -> Finding:
    if check.assessed_by is AssessedBy.NOTHING:
        return Finding(check, Status.NOT_ASSESSED, reason=check.reason)
    if not reps:
        nothing = "No complete rep was seen in this view." if each == "reps" else "No hold was seen in this view."
        return Finding(check, Status.NOT_ASSESSED, reason=nothing)
    if cannot is not None:
        return Finding(check, Status.NOT_ASSESSED, view, reason=cannot)
    said = settle(check, [rep.number for rep in reps], values, each)
    if said.value is None:
        return Finding(check, Status.NOT_ASSESSED, view, reason=said.reason)
    shown = [(rep, value) for rep, value in zip(reps, values, strict=True) if rep.number in said.shown]
    worst, extreme = max(shown, key=lambda pair: severity_of_extreme(check, pair[1]))
    return Finding(
        check=check,
        status=said.status,
        view=view,
        value=said.value,
        reps=tuple(number for number, _, band in said.per_rep if band is Status.SIGN),
        from_rep=said.from_rep,
        side=_side(check, said.value, said.status),
        reason=said.reason,
        per_rep=said.per_rep,
        moment=seen.moment(check, worst, extreme, said.status is Status.SIGN),
    )


@dataclass(frozen=True, slots=True)
class Settled:
    """What the values of a check in the reps of a set say together.

    ``value`` is None where too few reps were seen; ``shown`` are the numbers of the reps that it speaks of: those that
    show the sign, else all that were seen. ``reason`` says why it is not a plain yes or no.
    """

    status: Status
    value: float | None
    reason: str | None
    from_rep: int | None = None
    shown: tuple[int, ...] = ()
    per_rep: tuple[tuple[int, float, Status], ...] = ()


def settle(check: Check, numbers: Sequence[int], values: Sequence[float], each: str = "reps") -> Settled:
    """Return what the reps with these numbers and values (NaN: not seen) say together; ``each`` is their word."""
    per_rep = tuple(
        (number, value, verdict(check, value))
        for number, value in zip(numbers, values, strict=True)
        if not math.isnan(value)
    )
    if len(per_rep) < min(AGREE_REPS, len(numbers)):
        too_few = f"What it needs was seen in only {len(per_rep)} of {len(numbers)} {each}."
        if len(numbers) == 1 and each == "reps":
            too_few = "What it needs was not seen in the only rep."
        return Settled(Status.NOT_ASSESSED, None, too_few)
    signs = _one_way(check, per_rep)
    onset = agreement(signs)
    if onset is None:
        value = median(value for _, value, _ in per_rep)
        status, reason = _without_sign(check, value, per_rep, each)
        return Settled(status, value, reason, None, tuple(number for number, _, _ in per_rep), per_rep)
    value = median(value for _, value, _ in per_rep[onset:])
    shown = tuple(number for (number, _, _), sign in zip(per_rep, signs, strict=True) if sign)
    return Settled(Status.SIGN, value, None, per_rep[onset][0], shown, per_rep)


def _one_way(check: Check, per_rep: Sequence[tuple[int, float, Status]]) -> list[bool]:
    """Return which reps show the sign; of a two-sided check those in the direction that most of them take.

    None do where many take the other: hips that go left in one rep and right in the next do not go to a side.
    """
    signs = [band is Status.SIGN for _, _, band in per_rep]
    if not check.two_sided:
        return signs
    positive = [sign and value >= 0 for sign, (_, value, _) in zip(signs, per_rep, strict=True)]
    negative = [sign and value < 0 for sign, (_, value, _) in zip(signs, per_rep, strict=True)]
    most, others = sorted((positive, negative), key=sum, reverse=True)
    return most if sum(others) <= STRAY_SHARE * len(per_rep) else [False] * len(per_rep)


def _without_sign(
    check: Check, value: float, per_rep: Sequence[tuple[int, float, Status]], each: str
) -> tuple[Status, str | None]:
    signs, count = sum(band is Status.SIGN for _, _, band in per_rep), len(per_rep)
    if signs > STRAY_SHARE * count:
        why = "but not to one side" if check.two_sided and signs >= AGREE_SHARE * count else "too few to be sure"
        return Status.UNSURE, f"{signs} of {count} {each} showed it, {why}."
    if verdict(check, value) is Status.CLEAR:
        return Status.CLEAR, None
    return Status.UNSURE, "The value lies where the camera cannot tell."


def _side(check: Check, value: float, status: Status) -> str | None:
    if check.sides is None or status is Status.CLEAR:
        return None
    return check.sides[0] if value >= 0 else check.sides[1]


def _rep_result(
    rep: Rep,
    view: View,
    checks: Sequence[Check],
    values: dict[str, list[float]],
    complete: Sequence[Rep],
) -> RepResult:
    if not rep.complete:
        return RepResult(rep, view, None, (), {}, {})
    index = list(complete).index(rep)
    seen: dict[str, float] = {}
    verdicts: dict[str, Status] = {}
    lost = weights = 0.0
    for check in checks:
        if check.slug not in values or math.isnan(values[check.slug][index]):
            continue
        value = values[check.slug][index]
        seen[check.slug] = value
        verdicts[check.slug] = verdict(check, value)
        lost += check.weight * severity(check, value)
        weights += check.weight
    score = round(100 - 100 * lost / weights) if weights else None
    signs = tuple(slug for slug, band in verdicts.items() if band is Status.SIGN)
    return RepResult(rep, view, score, signs, seen, verdicts)
