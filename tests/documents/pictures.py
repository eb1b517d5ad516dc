"""The pictures of docs/judging.md, of golden recordings and people of `kiosk.testing`, as the kiosk's pages draw them.

Every picture is a function without arguments that returns the same SVG whenever it is called. The card of the exercise
is left out: how well a model measures changes whenever it is measured, and what is explained here does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from kiosk.kit.checking import Replay, replayed
from kiosk.kit.golden import read_folder
from kiosk.kit.plots import separation_svg, signal_svg
from kiosk.kit.tuning import LabelledValue, Limits, limits_of, suggestion
from kiosk.movement.assess import reference
from kiosk.movement.exercise import Check, Exercise
from kiosk.movement.moments import WINDOW_S
from kiosk.movement.report import Report
from kiosk.movement.report_json import report_json
from kiosk.movement.view import View
from kiosk.plugins import load_plugins
from kiosk.testing import FRONT, Squatter, perform, scanned
from kiosk.web.chart import chart_svg
from kiosk.web.drawing import check_svg
from tests.commands import ROOT

STYLE = Path(__file__).with_name("picture.css")
GOLDEN = ROOT / "plugins" / "overhead_squat" / "golden"
#: The check that all pictures speak of.
CHECK = "knees-in"
#: What the whiskers of the bands show: no model's error, an example of one.
EXAMPLE_ERROR = 0.06
#: Knee over ankle distance at the bottom of each rep.
SPREAD = (1.2, 1.06, 0.95, 0.84, 0.74)
LATE = (1.2, 1.15, 0.78, 0.74, 0.7)
STRAY = (1.2, 0.76, 1.15, 1.2, 1.1)
TORN = (1.2, 0.76, 1.15, 0.74, 1.1)
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 900.0, 240.0, 52.0, 14.0, 34.0


@cache
def squat() -> Exercise:
    """Return the overhead squat without its card."""
    exercise = load_plugins(blocked=()).get("overhead-squat")
    return replace(exercise, checks=tuple(replace(check, card=None) for check in exercise.checks))


@cache
def recorded() -> Replay:
    """Return the shipped golden recording in which the knees come in from the third rep on."""
    (golden,) = (one for one in read_folder(GOLDEN, squat()) if one.name == "front-1")
    return replayed(golden, squat())


def check() -> Check:
    """Return the check that the pictures speak of."""
    return next(one for one in squat().checks if one.slug == CHECK)


def report(ratios: Sequence[float]) -> Report:
    """Return the report on one set of squats, the knees as far apart in each rep as is said."""
    track = perform([Squatter(knees_ratio=ratio) for ratio in ratios], FRONT, noise_px=0.7)
    return scanned(squat(), (track, View.FRONT))


def said(ratios: Sequence[float]) -> Mapping[str, Any]:
    """Return what the report says of the check."""
    return next(one for one in report_json(report(ratios))["checks"] if one["slug"] == CHECK)


def signal() -> str:
    """The rep signal of a golden recording with its phases, and the labelled reps above it."""
    return framed(signal_svg(recorded(), "Rep signal of five overhead squats with descent, bottom and ascent"))


def pose() -> str:
    """The skeleton at the bottom of a rep, the knees ringed."""
    return framed(check_svg(said(LATE), "Skeleton at the bottom of a squat, knees inward"))


def moment() -> str:
    """The value of the check in every frame of one rep, the frames that count, and their median."""
    read, number = recorded().read, 3
    rep = read.complete[number - 1]
    top = reference(read.track, read.effort, read.complete)
    measure: Any = check().measure
    values = np.array([measure(read.track.pose(k), top) for k in range(rep.start, rep.end + 1)])
    times = read.track.t_s[rep.start : rep.end + 1] - rep.start_s
    bottom_s = rep.bottom_s - rep.start_s
    middle = float(np.median(values[np.abs(times - bottom_s) <= WINDOW_S + 1e-9]))
    low, high = 0.1 * np.floor(10 * values.min()), 0.1 * np.ceil(10 * values.max())

    def x(t_s: float) -> float:
        return LEFT + (WIDTH - LEFT - 12) * t_s / float(times[-1])

    def y(value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * float((high - value) / (high - low))

    left, right = x(bottom_s - WINDOW_S), x(bottom_s + WINDOW_S)
    points = " ".join(f"{x(t):.1f},{y(v):.1f}" for t, v in zip(times.tolist(), values.tolist(), strict=True))
    levels = [low + share * (high - low) for share in (0.0, 0.5, 1.0)]
    parts = [
        f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img"><title>Knees over ankles in each frame of a rep</title>',
        *(f'<line class="grid" x1="{LEFT:g}" x2="{WIDTH - 12:g}" y1="{y(v):.1f}" y2="{y(v):.1f}"/>' for v in levels),
        *(f'<text x="{LEFT - 6:g}" y="{y(v) + 4:.1f}" text-anchor="end">{v:.2f}</text>' for v in levels),
        f'<rect class="window" x="{left:.1f}" y="{TOP:g}" width="{right - left:.1f}" '
        f'height="{HEIGHT - TOP - BOTTOM:g}"/>',
        f'<polyline class="trace" points="{points}"/>',
        f'<line class="median" x1="{left - 40:.1f}" x2="{right + 40:.1f}" y1="{y(middle):.1f}" y2="{y(middle):.1f}"/>',
        f'<text x="{right + 46:.1f}" y="{y(middle) + 4:.1f}">median {middle:.2f}</text>',
        *(
            f'<text x="{x(t):.1f}" y="{HEIGHT - 12:g}" text-anchor="middle">{t:g} s</text>'
            for t in np.arange(0.0, float(times[-1]), 0.5).tolist()
        ),
        "</svg>",
    ]
    return framed("".join(parts))


def bands() -> str:
    """Five reps over the bands of clear, unsure and sign."""
    return framed(chart_svg({**said(SPREAD), "error": EXAMPLE_ERROR}, "Five values over bands of clear, unsure, sign"))


def onset() -> str:
    """A sign that is there from the third rep on."""
    return framed(chart_svg({**said(LATE), "error": None}, "Two clear reps, then three with the sign"))


def stray() -> str:
    """A sign in one rep of five."""
    return framed(chart_svg({**said(STRAY), "error": None}, "One rep of five with the sign"))


def torn() -> str:
    """A sign in two reps of five that do not follow each other."""
    return framed(chart_svg({**said(TORN), "error": None}, "Two reps of five with the sign"))


def limits() -> str:
    """How limits part labelled reps."""
    people = {"clean": (1.3, 1.25, 1.2, 1.12, 1.05), "inward": (0.92, 0.86, 0.8, 0.76, 0.7)}
    values = [
        LabelledValue(name, row["rep"], row["value"], shows=name == "inward")
        for name, ratios in people.items()
        for row in said(ratios)["per_rep"]
    ]
    pairs: list[tuple[str, Limits]] = [("now", limits_of(check()))]
    suggested = suggestion(check(), values)
    if suggested is not None:
        pairs.append(("new", suggested))
    return framed(separation_svg(values, pairs, "Labelled reps over their values, and two pairs of limits"))


PICTURES: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        "signal": signal,
        "pose": pose,
        "moment": moment,
        "bands": bands,
        "onset": onset,
        "stray": stray,
        "torn": torn,
        "limits": limits,
    }
)


def framed(markup: str) -> str:
    """Return a drawing as a file that stands alone: with its namespace and its colours."""
    head, _, rest = str(markup).partition(">")
    style = STYLE.read_text(encoding="utf-8")
    space = 'xmlns="http://www.w3.org/2000/svg"'
    opened, lines = head.replace("<svg", f"<svg {space}", 1), rest.replace("><", ">\n<")
    return f"{opened}>\n<style>\n{style}</style>\n{lines}\n"
