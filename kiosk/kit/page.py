"""What `kiosk plugins check` and `kiosk tune` found, as HTML pages that need nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from kiosk.kit.checking import CheckLine, Replay, Tally
from kiosk.kit.plots import separation_svg, signal_svg
from kiosk.kit.robustness import TITLES
from kiosk.kit.tables import (
    CHECK_HEADS,
    ROBUST_HEADS,
    TUNE_HEADS,
    check_row,
    counted_text,
    limits_text,
    robust_row,
    tune_row,
)
from kiosk.kit.tuning import LabelledValue, Limits, WouldSay
from kiosk.movement.exercise import Check, Exercise
from kiosk.movement.report import Finding
from kiosk.web.chart import chart_svg

_HERE = Path(__file__).parent
_LOOKS = (
    _HERE.parent / "web" / "static" / "look.css",
    _HERE.parent / "web" / "static" / "result.css",
    _HERE / "templates" / "kit.css",
)


@dataclass(frozen=True, slots=True)
class Checked:
    """One exercise after its golden recordings were replayed; ``broken`` are the promises that it does not keep."""

    exercise: Exercise
    replays: Sequence[Replay]
    plain: Tally
    degraded: Mapping[str, Tally]
    broken: Sequence[str]


def check_page(checked: Sequence[Checked]) -> str:
    """Return the page of `kiosk plugins check`."""
    exercises = [
        {
            "title": one.exercise.title,
            "slug": one.exercise.slug,
            "broken": one.broken,
            "numbers": [robust_row("as recorded", one.plain)]
            + [robust_row(TITLES[name], tally) for name, tally in one.degraded.items()],
            "recordings": [_recording(replay) for replay in one.replays],
        }
        for one in checked
    ]
    return _page("check.html", exercises=exercises, check_heads=CHECK_HEADS, robust_heads=ROBUST_HEADS)


def tune_page(
    exercise: Exercise,
    check: Check,
    values: Sequence[LabelledValue],
    limits: Sequence[tuple[str, Limits]],
    said: Sequence[tuple[str, WouldSay]],
    words: Sequence[str],
) -> str:
    """Return the page of `kiosk tune`. ``words`` are the sentences above the plot."""
    sizes = [replace(one, value=abs(one.value)) for one in values] if check.two_sided else values
    plot = separation_svg(sizes, limits, f"{check.title}: labelled reps over their value ({check.unit})")
    rows = [tune_row(name, dict(limits)[name], one) for name, one in said]
    return _page("tune.html", exercise=exercise, check=check, plot=plot, words=words, heads=TUNE_HEADS, rows=rows)


def _recording(replay: Replay) -> dict[str, Any]:
    return {
        "name": replay.golden.name,
        "view": replay.golden.view.value,
        "counted": counted_text(replay),
        "is_exact": replay.is_exact,
        "signal": signal_svg(replay, f"{replay.golden.name}: the rep signal over time"),
        "rows": [check_row(line) for line in replay.lines],
        "charts": [_chart(line, replay.golden.model) for line in replay.lines if line.found.per_rep],
    }


def _chart(line: CheckLine, model: str | None) -> dict[str, Any]:
    check = line.found.check
    return {
        "title": check.title,
        "svg": chart_svg(_plotted(line.found, model), f"{check.title} in every rep"),
        "limits": limits_text(check),
        "kind": "missed" if line.is_missed else "false" if line.is_false else "",
    }


def _plotted(finding: Finding, model: str | None) -> dict[str, Any]:
    """Return what `chart_svg` draws: a part of what a report's JSON says of a check."""
    check = finding.check
    rows = [{"rep": number, "value": value, "verdict": band.value} for number, value, band in finding.per_rep]
    return {
        "per_rep": rows,
        "error": check.error_with(model),
        "clear": check.clear,
        "sign": check.sign,
        "two_sided": check.two_sided,
    }


def _page(name: str, **values: Any) -> str:
    environment = Environment(loader=FileSystemLoader(_HERE / "templates"), autoescape=True)
    styles = "\n".join(place.read_text("utf-8") for place in _LOOKS)
    return environment.get_template(name).render(styles=Markup(styles), **values)
