"""Pairs of limits as a picture: one bar each, cut into clear, unsure and sign."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from kiosk.movement.exercise import Check
from kiosk.web.numbers import plain_number

WIDTH, BAR, STEP = 440.0, 26.0, 84.0
#: Room for a word in a zone; narrower ones are told apart by their pattern and place.
WORD_PX = 58.0


def limits_svg(rows: Sequence[tuple[str, Check]], label: str, words: dict[str, str]) -> Markup:
    """Draw the limits of the same check several times on one scale, each with its name; nothing where it has none.

    ``words`` names the zones: clear, unsure and sign. ``label`` is read out in place of the picture.
    """
    pairs = [(name, one.clear, one.sign) for name, one in rows if one.clear is not None and one.sign is not None]
    if not pairs:
        return Markup("")
    marks = [mark for _, clear, sign in pairs for mark in (clear, sign)]
    span = max(marks) - min(marks)
    low, high = min(marks) - 0.7 * span, max(marks) + 0.7 * span
    if rows[0][1].two_sided:
        low = max(low, 0.0)

    def x(value: float) -> float:
        return (value - low) / (high - low) * WIDTH

    parts = [
        f'<svg class="limits" viewBox="0 0 {WIDTH:g} {STEP * len(pairs):g}" role="img"><title>{escape(label)}</title>'
    ]
    for number, (name, clear, sign) in enumerate(pairs):
        top = STEP * number
        ends = [("clear", low, clear), ("unsure", clear, sign), ("sign", sign, high)]
        if sign < clear:
            ends = [("sign", low, sign), ("unsure", sign, clear), ("clear", clear, high)]
        parts.append(f'<text class="name" x="0" y="{top + 16:g}">{escape(name)}</text>')
        for zone, start, end in ends:
            parts += _zone(zone, x(start), x(end), top + 46, words[zone])
        parts += [_mark(x(value), top + 40, value) for value in sorted((clear, sign))]
    return Markup("".join([*parts, "</svg>"]))


def _zone(zone: str, left: float, right: float, top: float, word: str) -> list[str]:
    box = f'x="{left:.1f}" y="{top:g}" width="{max(right - left, 0):.1f}" height="{BAR:g}"'
    parts = [f'<rect class="band {zone}" {box}/>']
    if right - left >= WORD_PX:
        middle = (left + right) / 2
        parts.append(f'<text class="word" x="{middle:.1f}" y="{top + 18:g}" text-anchor="middle">{escape(word)}</text>')
    return parts


def _mark(x: float, y: float, value: float) -> str:
    return f'<text class="mark" x="{x:.1f}" y="{y:g}" text-anchor="middle">{plain_number(value)}</text>'
