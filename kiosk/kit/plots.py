"""Plots of a golden recording as SVG: the rep signal with its phases, and how a limit parts labelled reps.

Markup only, every text escaped; colours come from the page's style sheet by class name, and shapes differ too. The
value of a check over the reps is drawn by `kiosk.web.chart`, as on the members' page.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from markupsafe import Markup, escape

from kiosk.kit.checking import Replay
from kiosk.kit.tuning import LabelledValue, Limits
from kiosk.movement.pose import FloatArray
from kiosk.movement.reps import Rep

WIDTH, HEIGHT = 900.0, 230.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 12.0, 34.0, 30.0
STRIP_HEIGHT, ROW = 150.0, 34.0
#: More points than this make a plot larger and no clearer.
_MOST_POINTS = 1500
_STEPS_S = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0)


def signal_svg(replay: Replay, label: str) -> Markup:
    """Return effort over time: descent, bottom and ascent of each counted rep behind it, labelled reps above it.

    ``label`` is read out. The signal has no unit of its own: 1 is the full range that the exercise asks for; it is
    drawn deep downwards, as the person moves.
    """
    t_s, effort = replay.read.track.t_s, replay.read.effort
    seen = effort[~np.isnan(effort)]
    low, high = (float(seen.min()), float(seen.max())) if len(seen) else (0.0, 1.0)
    across = _Axis(float(t_s[0]), float(t_s[-1]), LEFT, WIDTH - RIGHT)
    down = _Axis(low, high, TOP + 8, HEIGHT - BOTTOM - 6)
    parts = [
        f'<svg class="signal" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img"><title>{escape(label)}</title>',
        *(part for rep in replay.read.reps for part in _phases(rep, across)),
        *_labelled(replay, across),
        *_times(across),
        *_depths(low, high, down),
        *(f'<polyline class="trace" points="{points}"/>' for points in _traces(t_s, effort, across, down)),
        "</svg>",
    ]
    return Markup("".join(parts))


def separation_svg(values: Sequence[LabelledValue], limits: Sequence[tuple[str, Limits]], label: str) -> Markup:
    """Return every labelled rep as a mark over its value: those with the sign above, clean ones below.

    ``limits`` are drawn as bands under their names, such as "now" and "suggested". Nothing where no rep is labelled.
    """
    known = [value for value in values if value.shows is not None]
    if not known:
        return Markup("")
    marks = [one.value for one in known] + [edge for _, pair in limits for edge in (pair.clear, pair.sign)]
    air = 0.06 * (max(marks) - min(marks)) or 0.5
    across = _Axis(min(marks) - air, max(marks) + air, 110.0, WIDTH - 3 * RIGHT)
    tall = STRIP_HEIGHT + ROW * len(limits)
    parts = [
        f'<svg class="strip" viewBox="0 0 {WIDTH:g} {tall:g}" role="img"><title>{escape(label)}</title>',
        _text(100, 40, "sign", "end"),
        _text(100, 84, "clean", "end"),
        *(_mark(one, across) for one in known),
        *_values(across, 118.0),
        *(part for row, (name, pair) in enumerate(limits) for part in _limits(name, pair, across, 132 + ROW * row)),
        "</svg>",
    ]
    return Markup("".join(parts))


class _Axis:
    """From values to pixels."""

    def __init__(self, low: float, high: float, first_px: float, last_px: float) -> None:
        self.low, self.high = low, high if high > low else low + 1.0
        self._first_px, self._last_px = first_px, last_px

    def px(self, value: float) -> float:
        """Return where a value lies."""
        share = (value - self.low) / (self.high - self.low)
        return self._first_px + share * (self._last_px - self._first_px)


def _phases(rep: Rep, across: _Axis) -> Iterator[str]:
    down_s, up_s = rep.start_s + rep.eccentric_s, rep.start_s + rep.eccentric_s + rep.pause_s
    if not rep.complete:
        why = f"<title>not counted: {escape(rep.reason or '')}</title>"
        yield _box("attempt", across.px(rep.start_s), across.px(rep.end_s), why)
        return
    for name, first_s, last_s in (
        ("descent", rep.start_s, down_s),
        ("bottom", down_s, up_s),
        ("ascent", up_s, rep.end_s),
    ):
        yield _box(name, across.px(first_s), across.px(last_s), f"<title>{name}</title>")
    # At the top of the band: at its bottom the signal itself passes.
    yield _text(across.px(rep.bottom_s), TOP + 15, str(rep.number))


def _box(name: str, left: float, right: float, inside: str = "") -> str:
    tall = HEIGHT - BOTTOM - TOP
    return (
        f'<rect class="phase {name}" x="{left:.1f}" y="{TOP:g}" width="{max(right - left, 1.0):.1f}" '
        f'height="{tall:g}">{inside}</rect>'
    )


def _labelled(replay: Replay, across: _Axis) -> Iterator[str]:
    """The reps that the trainer marked, as bars above the plot, numbered."""
    for number, rep in enumerate(replay.golden.labels.reps, 1):
        if math.isnan(rep.start_s + rep.end_s):
            continue
        left, right = across.px(rep.start_s), across.px(rep.end_s)
        yield f'<rect class="labelled" x="{left:.1f}" y="8" width="{max(right - left, 2.0):.1f}" height="5" rx="2.5"/>'
        yield _text((left + right) / 2, 28, str(number))


def _times(across: _Axis) -> Iterator[str]:
    step = next((s for s in _STEPS_S if (across.high - across.low) / s <= 16), _STEPS_S[-1])
    for k in range(math.ceil(across.low / step), math.floor(across.high / step) + 1):
        yield _text(across.px(k * step), HEIGHT - 8, f"{k * step:g} s")


def _depths(low: float, high: float, down: _Axis) -> Iterator[str]:
    for value in (low, (low + high) / 2, high):
        y = down.px(value)
        yield _text(LEFT - 6, y + 4, f"{value - low:.2f}", "end")
        yield f'<line class="grid" x1="{LEFT:g}" x2="{WIDTH - RIGHT:g}" y1="{y:.1f}" y2="{y:.1f}"/>'


def _traces(t_s: FloatArray, effort: FloatArray, across: _Axis, down: _Axis) -> Iterator[str]:
    """Yield the points of each run of frames in which the signal is known."""
    step = max(1, math.ceil(len(t_s) / _MOST_POINTS))
    run: list[str] = []
    for t, value in zip(t_s[::step].tolist(), effort[::step].tolist(), strict=True):
        if math.isnan(value):
            if run:
                yield " ".join(run)
            run = []
        else:
            run.append(f"{across.px(t):.1f},{down.px(value):.1f}")
    if run:
        yield " ".join(run)


def _mark(one: LabelledValue, across: _Axis) -> str:
    x, y = across.px(one.value), 36.0 if one.shows else 80.0
    name = f"<title>{escape(one.recording)}, rep {one.rep}: {one.value:.3g}</title>"
    if one.shows:
        path = f"M{x:.1f} {y - 7:.1f}L{x + 6:.1f} {y + 5:.1f}H{x - 6:.1f}Z"
        return f'<path class="dot sign" d="{path}">{name}</path>'
    return f'<circle class="dot clear" cx="{x:.1f}" cy="{y:.1f}" r="5">{name}</circle>'


def _values(across: _Axis, y: float) -> Iterator[str]:
    digits = 0 if across.high - across.low >= 10 else 1 if across.high - across.low >= 1 else 2
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        value = across.low + share * (across.high - across.low)
        yield _text(across.px(value), y, f"{value:.{digits}f}")


def _limits(name: str, pair: Limits, across: _Axis, top: float) -> Iterator[str]:
    """The zones of a pair of limits as a row: clear up to the one, unsure between, sign beyond the other."""
    yield _text(100, top + 16, escape(name), "end")
    low, high = (across.low, across.high) if pair.sign > pair.clear else (across.high, across.low)
    zones = (("clear", low, pair.clear), ("unsure", pair.clear, pair.sign), ("sign", pair.sign, high))
    for zone, first, last in zones:
        left, right = sorted((across.px(first), across.px(last)))
        yield f'<rect class="zone {zone}" x="{left:.1f}" y="{top:g}" width="{right - left:.1f}" height="20"/>'
        if right - left > 46:
            yield _text((left + right) / 2, top + 15, zone)


def _text(x: float, y: float, text: str, anchor: str = "middle") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'
