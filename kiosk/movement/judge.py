"""From the passes of a visit, or of one recording, to its report."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kiosk.movement.assess import assess_pass, phase_frames, reference, severity
from kiosk.movement.detail import NO_DETAILS, Details
from kiosk.movement.exercise import AssessedBy, Exercise
from kiosk.movement.passes import PassTrack
from kiosk.movement.programme import by_importance, programme, questions
from kiosk.movement.report import (
    Difference,
    Finding,
    PassSummary,
    Report,
    RepResult,
    Score,
    Source,
    Status,
)
from kiosk.movement.reps import Phase
from kiosk.movement.view import View

#: Fewer complete reps than this in a pass are named as thin ground (DOMAIN 4).
FEW_REPS = 3


@dataclass(frozen=True, eq=False, slots=True)
class SeenPass:
    """One pass as it went. ``ended``: done, rested, lost, stopped, pain, or over (the recording ended).

    ``details``: what the second model saw in its key frames.
    """

    read: PassTrack
    view: View
    ended: str = "over"
    asked: int | None = None
    details: Details = NO_DETAILS


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
    found: dict[str, Finding] = {}
    for one in passes:
        results, findings = assess_pass(exercise, one.read, one.view, one.details, model)
        reps += results
        for finding in findings:
            before = found.get(finding.check.slug)
            if before is None or before.status is Status.NOT_ASSESSED:
                found[finding.check.slug] = finding
    findings = [found.get(check.slug) or _unseen_view(exercise, check.slug) for check in exercise.checks]
    signs = by_importance(findings)
    return Report(
        source=source,
        model=model,
        exercise=exercise.slug,
        title=exercise.title,
        view=passes[0].view if passes else None,
        passes=tuple(_summary(one) for one in passes),
        reps=tuple(reps),
        findings=tuple(findings),
        score=_score(findings, model, withheld=pain),
        first=signs[0].check.slug if signs and not pain else None,
        programme=() if pain else programme(signs),
        questions=() if pain else questions(signs),
        differences=tuple(_differences(exercise, passes)),
        pain=pain,
        notes=(*notes, *_notes(passes, pain)),
    )


def _unseen_view(exercise: Exercise, slug: str) -> Finding:
    check = next(check for check in exercise.checks if check.slug == slug)
    if check.assessed_by is AssessedBy.NOTHING:
        return Finding(check, Status.NOT_ASSESSED, reason=check.reason)
    views = " or ".join(view.value for view in check.views)
    return Finding(check, Status.NOT_ASSESSED, reason=f"It is looked at from the {views}, and this view was not seen.")


def _summary(one: SeenPass) -> PassSummary:
    complete = len(one.read.complete)
    return PassSummary(one.view, complete, len(one.read.reps) - complete, one.asked, one.ended)


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


def _differences(exercise: Exercise, passes: Sequence[SeenPass]) -> list[Difference]:
    """Return left against right, as medians over the bottoms of all complete reps seen from front or rear."""
    differences = []
    for one in passes:
        top = reference(one.read.track, one.read.effort, one.read.complete)
        if one.view is View.SIDE or top is None:
            continue
        track = one.read.track
        frames = [
            frame
            for rep in one.read.complete
            for frame in range(*phase_frames(Phase.BOTTOM, track.t_s, one.read.effort, rep))
        ]
        for side in exercise.sides:
            of_both = [[side.of_side(track.pose(f), top, which) for f in frames] for which in (0, 1)]
            left, right = (_median(values) for values in of_both)
            mean = (abs(left) + abs(right)) / 2
            if mean > 0:
                index = 100 * abs(left - right) / mean
                differences.append(Difference(side.name, left, right, side.unit, index))
    return differences


def _median(values: Sequence[float]) -> float:
    seen = [value for value in values if not math.isnan(value)]
    return float(np.median(seen)) if seen else math.nan


def _notes(passes: Sequence[SeenPass], pain: bool) -> list[str]:
    notes = []
    if pain:
        notes.append("You said that it hurt: the scan ended and there is no score. Please talk to staff or a doctor.")
    for one in passes:
        complete = len(one.read.complete)
        name = one.view.value
        if not complete:
            notes.append(f"No complete rep was seen from the {name}. " + _attempts(one))
        elif complete < FEW_REPS:
            notes.append(
                f"Only {complete} complete {'rep' if complete == 1 else 'reps'} from the {name}: a hint, no more."
            )
        if one.asked and 0 < complete < one.asked:
            notes.append(f"The pass from the {name} ended after {complete} of {one.asked} reps.")
    return notes


def _attempts(one: SeenPass) -> str:
    if not one.read.reps:
        return "Nothing that looked like a rep was seen either."
    return " ".join(f"An attempt at {rep.start_s:.1f} s did not count: {rep.reason}." for rep in one.read.reps)
