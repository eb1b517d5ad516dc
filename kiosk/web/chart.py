"""The chart of one check as SVG, its value over the reps, and the score as a range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from kiosk.web.language import later, text
from kiosk.web.numbers import decimal

WIDTH, HEIGHT = 320.0, 230.0
LEFT, TOP, BOTTOM = 46.0, 10.0, 42.0
PLOT_BOTTOM = HEIGHT - BOTTOM
WORDS = {"clear": later("clear"), "unsure": later("unsure"), "sign": later("sign")}
#: Bands thinner than this have no room for their word.
WORD_PX = 14.0
#: How wide a letter of a band's word is, about, and the air around the word.
LETTER_PX, WORD_AIR_PX = 7.8, 12.0


@dataclass(frozen=True, slots=True)
class _Scale:
    """From values to pixels; larger values stand higher. The bands end at ``right``, before their words."""

    low: float
    high: float
    right: float

    def y(self, value: float) -> float:
        return PLOT_BOTTOM - (value - self.low) / (self.high - self.low) * (PLOT_BOTTOM - TOP)


def chart_svg(check: Mapping[str, Any], label: str) -> Markup:
    """Return the value of every rep as a dot with its error, over bands of clear, unsure and sign.

    ``check`` is one entry of the report's ``checks``. Nothing where it has no values. ``label`` is read out.
    """
    rows: Sequence[Mapping[str, Any]] = [row for row in check["per_rep"] if row["value"] is not None]
    if not rows:
        return Markup("")
    error = float(check["error"] or 0.0)
    scale = _scale([float(row["value"]) for row in rows], error, _limits(check))
    step = (scale.right - LEFT) / len(rows)
    places = [LEFT + step * (i + 0.5) for i in range(len(rows))]
    parts = [
        f'<svg class="chart" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img"><title>{escape(label)}</title>',
        *_bands(check, scale),
        *_axis(scale),
        *(_dot(x, row, error, scale) for x, row in zip(places, rows, strict=True)),
        *(_tick(x, PLOT_BOTTOM + 17, _place(row)) for x, row in zip(places, rows, strict=True)),
        _tick((LEFT + scale.right) / 2, HEIGHT - 6, text("rep") if rows[0].get("at_s") is None else text("second")),
        "</svg>",
    ]
    return Markup("".join(parts))


def _place(row: Mapping[str, Any]) -> str:
    """Return the number of a rep, or the second of a hold at which one of its parts began."""
    return str(int(row["rep"]) if row.get("at_s") is None else round(row["at_s"]))


def score_svg(low: int, high: int, label: str) -> Markup:
    """Return 0 to 100 as a line with the range from ``low`` to ``high`` on it."""
    width = max(float(high - low), 2.0)
    left = min(float(low), 100.0 - width)
    return Markup(
        f'<svg class="score-bar" viewBox="0 0 100 10" role="img"><title>{escape(label)}</title>'
        '<rect class="track" x="0" y="3.5" width="100" height="3" rx="1.5"/>'
        f'<rect class="range" x="{left:g}" y="2" width="{width:g}" height="6" rx="2"/></svg>'
    )


def _limits(check: Mapping[str, Any]) -> list[tuple[float, float]]:
    """Return (clear, sign) for each direction in which a value can go wrong."""
    if check["clear"] is None or check["sign"] is None:
        return []
    pair = (float(check["clear"]), float(check["sign"]))
    return [pair, (-pair[0], -pair[1])] if check["two_sided"] else [pair]


def _scale(values: list[float], error: float, limits: list[tuple[float, float]]) -> _Scale:
    marks = [v + d for v in values for d in (-error, error)] + [limit for pair in limits for limit in pair]
    low, high = min(marks), max(marks)
    air = 0.12 * (high - low) or 0.5
    longest = max(len(text(word)) for word in WORDS.values())
    return _Scale(low - air, high + air, WIDTH - WORD_AIR_PX - LETTER_PX * longest)


def _bands(check: Mapping[str, Any], scale: _Scale) -> list[str]:
    """The zones behind the dots: unsure between the limits, sign beyond, clear for all the rest."""
    limits = _limits(check)
    if not limits:
        return []
    zones: list[tuple[str, float, float]] = []
    for clear, sign in limits:
        end = scale.high if sign > clear else scale.low
        zones += [("unsure", clear, sign), ("sign", sign, end)]
    clears = sorted(clear for clear, _ in limits)
    far = scale.low if limits[0][1] > limits[0][0] else scale.high
    zones.append(("clear", clears[0], clears[1] if len(clears) > 1 else far))
    return [_band(name, *sorted((scale.y(a), scale.y(b))), right=scale.right) for name, a, b in zones]


def _band(name: str, top: float, bottom: float, *, right: float) -> str:
    box = f'x="{LEFT:g}" y="{top:.1f}" width="{right - LEFT:g}" height="{max(bottom - top, 0):.1f}"'
    word = ""
    if bottom - top >= WORD_PX:
        middle = (top + bottom) / 2 + 4.5
        word = f'<text class="word {name}" x="{right + 6:g}" y="{middle:.1f}">{escape(text(WORDS[name]))}</text>'
    return f'<rect class="band {name}" {box}/>{word}'


def _axis(scale: _Scale) -> list[str]:
    span = scale.high - scale.low
    digits = 0 if span >= 10 else 1 if span >= 1 else 2
    parts = []
    for share in (0.1, 0.5, 0.9):
        value = scale.low + span * share
        y = scale.y(value)
        parts.append(_tick(LEFT - 6, y + 4, decimal(value, digits), "end"))
        parts.append(f'<line class="grid" x1="{LEFT:g}" x2="{scale.right:g}" y1="{y:.1f}" y2="{y:.1f}"/>')
    return parts


def _tick(x: float, y: float, words: str, anchor: str = "middle") -> str:
    return f'<text class="tick" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _dot(x: float, row: Mapping[str, Any], error: float, scale: _Scale) -> str:
    """One rep: a whisker for the error, and a shape of its own for each verdict."""
    value, verdict = float(row["value"]), escape(row["verdict"])
    y = scale.y(value)
    whisker = (
        f'<line class="whisker" x1="{x:.1f}" x2="{x:.1f}" '
        f'y1="{scale.y(value - error):.1f}" y2="{scale.y(value + error):.1f}"/>'
    )
    if verdict == "sign":
        shape = f"M{x:.1f} {y - 6:.1f}L{x + 5.5:.1f} {y + 4:.1f}H{x - 5.5:.1f}Z"
    elif verdict == "unsure":
        shape = f"M{x:.1f} {y - 6:.1f}L{x + 6:.1f} {y:.1f}L{x:.1f} {y + 6:.1f}L{x - 6:.1f} {y:.1f}Z"
    else:
        shape = f"M{x - 4.5:.1f} {y:.1f}a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0Z"
    return f'{whisker}<path class="dot {verdict}" d="{shape}"/>'
