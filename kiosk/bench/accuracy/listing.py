"""Every set and check by itself, one line each: for whoever tunes a limit and wants to see which sets it moves."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from kiosk.bench.accuracy.outcome import SetOutcome
from kiosk.bench.accuracy.settled import Line, said_of
from kiosk.movement.accuracy import Card
from kiosk.movement.exercise import Exercise

HEADS = ("model", "part", "set", "mounted", "reps", "counted", "false_reps", "seen_as", "seen_from")
CHECK_HEADS = ("check", "said", "truth", "clean", "size", "measured", "true", "onset_right")


def listing(exercises: Sequence[Exercise], cards: Sequence[Card], found: Sequence[SetOutcome]) -> str:
    """Return CSV: one line for each check of each set, corrected as the cards say; one for each negative."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow((*HEADS, *CHECK_HEADS))
    by_slug = {card.exercise: card for card in cards}
    for exercise in exercises:
        for check in exercise.checks:
            for name, model in by_slug[exercise.slug].models.items():
                one = model.checks.get(check.slug)
                mine = [outcome for outcome in found if (outcome.exercise, outcome.model) == (exercise.slug, name)]
                for said in said_of(check, mine, Line(one.offset, one.gain) if one else Line()):
                    numbers = (f"{value:.4g}" for value in (said.size, said.measured, said.true))
                    row = (check.slug, said.said.value, said.truth.value, said.clean, *numbers, said.onset_right)
                    table.writerow((*_set(said.outcome, said.mounted), *row))
    for outcome in found:
        if outcome.exercise is None:
            table.writerow(_set(outcome, True))
    return text.getvalue()


def _set(outcome: SetOutcome, mounted: bool) -> tuple[object, ...]:
    return (
        outcome.model,
        outcome.part,
        outcome.name,
        mounted,
        outcome.true_reps,
        outcome.counted,
        outcome.false_reps,
        outcome.seen_as or "",
        outcome.seen_from or "",
    )
