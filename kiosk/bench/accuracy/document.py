"""docs/accuracy.md: what the cards say, what real people showed, and what was noted by hand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from kiosk.how_sure import markdown
from kiosk.movement.exercise import Exercise

#: What is noted by hand stands in this file beside the page, and is taken over at its end.
NOTES = "accuracy_notes.md"
#: Around what real people showed: it stays as it is where their recordings are not at hand.
BEGIN, END = "<!-- real people -->", "<!-- end of real people -->"
_REAL = re.compile(f"{BEGIN}\n(.*?){END}\n", re.DOTALL)


def document(exercises: Iterable[Exercise], real_people: str | None, place: Path | None) -> str:
    """Return the page as it goes to ``place``; ``real_people`` None keeps what stands there, if anything does."""
    before = place.read_text(encoding="utf-8") if place is not None and place.is_file() else ""
    notes = place.with_name(NOTES) if place is not None else None
    kept = _REAL.search(before)
    real = real_people if real_people is not None else kept[1] if kept else ""
    parts = [markdown(exercises)]
    if real.strip():
        parts.append(f"{BEGIN}\n{real.rstrip()}\n\n{END}\n")
    if notes is not None and notes.is_file():
        parts.append(notes.read_text(encoding="utf-8"))
    return "\n".join(parts)
