"""From findings to what to do: the one thing first, and a short programme."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kiosk.movement.assess import severity
from kiosk.movement.pose import Side
from kiosk.movement.report import STOP_RULE, Finding, Status, Step

#: At most two checkpoints by four phases (DOMAIN 1.2): eight exercises are what people do.
CHECKPOINTS = 2
PHASES = ("inhibit", "lengthen", "activate", "integrate")
#: Where two signs weigh the same, what is nearer to the floor comes first (DOMAIN 1.2).
_FROM_THE_FLOOR = ("feet", "knees", "hips", "back", "shoulders", "elbows", "head")


def by_importance(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings with a sign, the one to work on first at the head."""
    signs = [finding for finding in findings if finding.status is Status.SIGN]
    return sorted(signs, key=lambda f: (-_importance(f), _FROM_THE_FLOOR.index(f.check.checkpoint), f.check.slug))


def _importance(finding: Finding) -> float:
    return finding.check.weight * severity(finding.check, finding.value or 0.0)


def programme(signs: Sequence[Finding]) -> tuple[Step, ...]:
    """Return the steps for the two most important checkpoints, in the order of the phases.

    A sign that asks a question has no steps: where a sore wrist may be the cause, no muscle is named.
    """
    chosen: list[Finding] = []
    for finding in signs:
        taken = {other.check.checkpoint for other in chosen}
        if finding.check.corrections and finding.check.question is None and finding.check.checkpoint not in taken:
            chosen.append(finding)
    steps = []
    for finding in chosen[:CHECKPOINTS]:
        for phase in PHASES:
            corrections = [c for c in finding.check.corrections if c.phase == phase]
            if corrections:
                best = corrections[0]
                steps.append(
                    Step(
                        finding.check.slug,
                        phase,
                        best.exercise,
                        best.title,
                        best.dose,
                        best.how,
                        STOP_RULE,
                        best.source,
                        best.confirm,
                        _only_side(finding, signs),
                    )
                )
    return tuple(steps)


def _only_side(finding: Finding, signs: Sequence[Finding]) -> Side | None:
    """Return the side that alone showed a sign; None where both did."""
    sides = {other.done_on for other in signs if other.check.slug == finding.check.slug}
    return finding.done_on if len(sides) == 1 else None


def questions(signs: Sequence[Finding]) -> tuple[str, ...]:
    """Return what to ask instead of naming a muscle, each question once."""
    asked = [finding.check.question for finding in signs if finding.check.question]
    return tuple(dict.fromkeys(asked))
