"""From the passes of a visit, or of one recording, to its report."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.movement.assess import assess_pass, severity
from kiosk.movement.detail import NO_DETAILS, Details
from kiosk.movement.differences import differences
from kiosk.movement.exercise import AssessedBy, Check, Exercise
from kiosk.movement.holds import held_s
from kiosk.movement.notes import pass_notes, place
from kiosk.movement.passes import PassTrack
from kiosk.movement.pose import Side
from kiosk.movement.programme import by_importance, programme, questions
from kiosk.movement.report import (
    Finding,
    PassSummary,
    Report,
    RepResult,
    Score,
    Source,
    Status,
)
from kiosk.movement.view import View


@dataclass(frozen=True, eq=False, slots=True)
class SeenPass:
    """One pass as it went. ``ended`` is as in `PassSummary`.

    ``asked`` and ``asked_s`` are the reps and the seconds of a hold that were asked for. ``details``: what the second
    model saw in its key frames.
    """

    read: PassTrack
    view: View
    ended: str = "over"
    asked: int | None = None
    details: Details = NO_DETAILS
    asked_s: float | None = None


def judge(
    exercise: Exercise,
    passes: Sequence[SeenPass],
    source: Source,
    model: str,
    *,
    pain: bool = False,
    notes: Sequence[str] = (),
) -> Report:
    """Return the report. With ``pain`` the score, the programme and the questions are withheld (DOMAIN 5)."""
    reps: list[RepResult] = []
    found: dict[tuple[str, Side | None], Finding] = {}
    for one in passes:
        results, findings = assess_pass(exercise, one.read, one.view, one.details, model)
        reps += results
        for finding in findings:
            before = found.get((finding.check.slug, finding.done_on))
            if before is None or before.status is Status.NOT_ASSESSED:
                found[finding.check.slug, finding.done_on] = finding
    done = {one.read.done_on for one in passes}
    findings = [
        found.get((check.slug, side)) or _unseen(check, side, done)
        for check in exercise.checks
        for side in exercise.done_on
    ]
    signs = by_importance(findings)
    return Report(
        source=source,
        model=model,
        exercise=exercise.slug,
        title=exercise.title,
        view=passes[0].view if passes else None,
        passes=tuple(_summary(exercise, one) for one in passes),
        reps=tuple(reps),
        findings=tuple(findings),
        score=_score(findings, model, withheld=pain),
        first=signs[0].check.slug if signs and not pain else None,
        first_on=signs[0].done_on if signs and not pain else None,
        programme=() if pain else programme(signs),
        questions=() if pain else questions(signs),
        differences=tuple(differences(exercise, [(one.read, one.view) for one in passes])),
        pain=pain,
        notes=(*notes, *pass_notes(exercise, passes, pain)),
    )


def _unseen(check: Check, side: Side | None, done: set[Side | None]) -> Finding:
    views = " or ".join(place(view, None) for view in check.views)
    reason = f"It is looked at from {views}, and this view was not seen."
    if check.assessed_by is AssessedBy.NOTHING:
        reason = check.reason or reason
    elif side is not None and side not in done:
        reason = f"The exercise was not seen on the {side} side."
    return Finding(check, Status.NOT_ASSESSED, reason=reason, done_on=side)


def _summary(exercise: Exercise, one: SeenPass) -> PassSummary:
    complete = one.read.complete
    return PassSummary(
        view=one.view,
        complete=len(complete),
        incomplete=len(one.read.reps) - len(complete),
        asked=one.asked,
        ended=one.ended,
        done_on=one.read.done_on,
        held_s=held_s(complete) if exercise.hold else None,
        asked_s=one.asked_s,
    )


def _score(findings: Sequence[Finding], model: str, *, withheld: bool) -> Score:
    """Return 100 less the weighted severities of what was assessed; low and high by each value's error (DOMAIN 5)."""
    seen = [f for f in findings if f.status is not Status.NOT_ASSESSED and f.value is not None]
    weights = sum(f.check.weight for f in seen)
    if withheld or not weights:
        return Score(None, None, None, len(seen), len(findings))
    totals = []
    for sign in (0.0, 1.0, -1.0):
        lost = sum(f.check.weight * _severity_with_error(f, model, sign) for f in seen)
        totals.append(round(100 - 100 * lost / weights))
    return Score(totals[0], min(totals), max(totals), len(seen), len(findings))


def _severity_with_error(finding: Finding, model: str, share: float) -> float:
    """Return the severity when the value errs by ``share`` of its error towards the sign."""
    check, value = finding.check, finding.value
    if value is None or check.clear is None or check.sign is None:
        return 0.0
    towards = math.copysign(check.error_with(model) or 0.0, check.sign - check.clear)
    size = abs(value) if check.two_sided else value
    shifted = size + share * towards
    return severity(check, max(0.0, shifted) if check.two_sided else shifted)
