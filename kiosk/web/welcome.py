"""What the live page knows of the exercises before anybody does one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kiosk.movement.exercise import Exercise
from kiosk.web.context import Joints
from kiosk.web.language import later, said, text

#: The checkpoints that the drawn figure can show, from the feet up, by the words for them.
CHECKPOINTS = {
    "feet": later("Feet"),
    "knees": later("Knees"),
    "hips": later("Hips"),
    "back": later("Back"),
    "shoulders": later("Shoulders"),
    "elbows": later("Elbows"),
    "head": later("Head"),
}


def passes_of(exercises: Sequence[Exercise]) -> dict[str, list[tuple[str, str | None]]]:
    """Return by slug the view of each pass, and the side of the body that it is done with, None for both."""
    return {one.slug: [(p.view.value, p.side.value if p.side else None) for p in one.passes] for one in exercises}


def shown_of(exercises: Sequence[Exercise], figures: Mapping[str, Joints]) -> list[dict[str, Any]]:
    """Return what the attract loop tells of each exercise, in the reader's language; ``figures`` as in the context."""
    return [
        {
            "slug": one.slug,
            "title": said(one.title),
            "start": said(one.start_ask),
            "passes": [(p.view.value, p.side.value if p.side else None) for p in one.passes],
            "points": sorted({check.checkpoint for check in one.checks}),
            "joints": figures.get(one.slug),
        }
        for one in exercises
    ]


def checkpoints_of(exercises: Sequence[Exercise]) -> list[tuple[str, str]]:
    """Return the checkpoints that the checks of these exercises look at, each with its word for the reader."""
    looked_at = {check.checkpoint for one in exercises for check in one.checks}
    return [(name, text(words)) for name, words in CHECKPOINTS.items() if name in looked_at or not exercises]
