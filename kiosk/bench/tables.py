"""Tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table; numbers with a fraction are given two digits."""
    lines = [_line(heads), _line(["---"] * len(heads))]
    lines += [_line([_cell(value) for value in row]) for row in rows]
    return "\n".join(lines)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def share(part: int, whole: int) -> str:
    """Return "9 of 10 (90 %)"."""
    return f"{part} of {whole} ({100 * part / whole:.0f} %)" if whole else "0 of 0"
