"""Charts of the reps of a result as SVG: their scores, how long each phase took, and left beside right.

Every bar has its number beside it or is read out, and phases differ by their pattern as well as their colour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from kiosk.web.language import text
from kiosk.web.numbers import decimal
from kiosk.web.wording import with_unit

WIDTH = 340.0
#: Rows of a chart with lying bars: where the words end and the bars begin, the height of a row and of its bar.
WORDS, ROW, BAR = 56.0, 24.0, 15.0
#: Kept free behind the longest bar, for its number.
NUMBER = 58.0
_PHASES = ("eccentric_s", "pause_s", "concentric_s")


def tempo_svg(reps: Sequence[Mapping[str, Any]], label: str) -> Markup:
    """Return a bar for each complete rep, cut into way down, pause and way up; nothing without reps.

    ``reps`` are entries of the report's ``reps``; of a hold nothing is drawn. ``label`` is read out.
    """
    rows = [(rep, [float(rep.get(phase) or 0.0) for phase in _PHASES]) for rep in reps if rep["complete"]]
    longest = max((sum(parts) for _, parts in rows), default=0.0)
    if longest <= 0 or any(rep.get("held_before_s") is not None for rep, _ in rows):
        return Markup("")
    per_s = (WIDTH - WORDS - NUMBER) / longest
    body: list[str] = []
    for place, (rep, parts) in enumerate(rows):
        y, x = place * ROW, WORDS
        body.append(_word(WORDS - 10, y, str(rep["number"]), "end"))
        for phase, seconds in zip(_PHASES, parts, strict=True):
            body.append(_bar(phase.removesuffix("_s"), x, y, seconds * per_s))
            x += seconds * per_s
        body.append(_word(x + 8, y, with_unit(sum(parts), "s")))
    return _chart("tempo", len(rows) * ROW, label, body)


def sides_svg(difference: Mapping[str, Any], label: str) -> Markup:
    """Return left and right of one entry of the report's ``differences`` as two bars from a common zero."""
    values = [(text("Left"), "left", float(difference["left"])), (text("Right"), "right", float(difference["right"]))]
    low, high = min(0.0, *(v for _, _, v in values)), max(0.0, *(v for _, _, v in values))
    scale = (WIDTH - WORDS - NUMBER - 6) / ((high - low) or 1.0)
    zero = WORDS - low * scale
    body = [f'<line class="grid" x1="{zero:.1f}" x2="{zero:.1f}" y1="0" y2="{2 * ROW:g}"/>']
    for place, (word, side, value) in enumerate(values):
        y, width = place * ROW, abs(value) * scale
        body.append(_word(0, y, word))
        body.append(_bar(side, zero if value >= 0 else zero - width, y, width))
        body.append(_word(max(zero, zero + value * scale) + 8, y, with_unit(value, difference["unit"])))
    return _chart("sides", 2 * ROW, label, body)


def scores_svg(reps: Sequence[Mapping[str, Any]], label: str) -> Markup:
    """Return the score of every rep as a column from 0 to 100; nothing where none has a score."""
    scored = [rep for rep in reps if rep["score"] is not None]
    if not scored:
        return Markup("")
    height, top, left = 150.0, 16.0, 30.0
    bottom, step = height - 24, (WIDTH - left) / len(scored)
    body = []
    for mark in (0, 50, 100):
        y = bottom - mark / 100 * (bottom - top)
        body.append(f'<line class="grid" x1="{left:g}" x2="{WIDTH:g}" y1="{y:.1f}" y2="{y:.1f}"/>')
        body.append(
            f'<text class="tick" x="{left - 6:g}" y="{y + 4.5:.1f}" text-anchor="end">{decimal(mark, 0)}</text>'
        )
    for place, rep in enumerate(scored):
        x, tall = left + (place + 0.5) * step, rep["score"] / 100 * (bottom - top)
        wide = min(30.0, 0.6 * step)
        body.append(
            f'<rect class="score" x="{x - wide / 2:.1f}" y="{bottom - tall:.1f}" width="{wide:.1f}" '
            f'height="{max(tall, 1):.1f}" rx="2"/>'
        )
        body.append(
            f'<text class="tick" x="{x:.1f}" y="{bottom - tall - 4:.1f}" text-anchor="middle">{rep["score"]}</text>'
        )
        body.append(f'<text class="tick" x="{x:.1f}" y="{height - 7:g}" text-anchor="middle">{rep["number"]}</text>')
    return _chart("scores", height, label, body)


def _chart(kind: str, height: float, label: str, body: Sequence[str]) -> Markup:
    head = f'<svg class="bars {kind}" viewBox="0 0 {WIDTH:g} {height:g}" role="img"><title>{escape(label)}</title>'
    return Markup("".join([head, *body, "</svg>"]))


def _bar(role: str, x: float, y: float, width: float) -> str:
    top = y + (ROW - BAR) / 2
    return f'<rect class="{role}" x="{x:.1f}" y="{top:.1f}" width="{max(width, 0.5):.1f}" height="{BAR:g}"/>'


def _word(x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text class="tick" x="{x:.1f}" y="{y + ROW / 2 + 5:.1f}" text-anchor="{anchor}">{escape(words)}</text>'
