"""A report in words, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kiosk.web.wording import GROUPS, PHASES, by_slug, shown_in, with_unit

Json = Mapping[str, Any]


def summary(report: Json) -> str:
    """Return the lines that ``kiosk analyze`` prints for a report's JSON."""
    return "\n".join(_lines(report))


def _lines(report: Json) -> Iterator[str]:
    source = report["source"]
    title = report["title"] or "No exercise recognised"
    view = f", seen from the {report['view']}" if report["view"] else ""
    yield f"{source['name']}: {title}{view}"
    yield f"{source['frames']} frames, {source['duration_s']:.1f} s, model {report['model']}"
    holds = [one for one in report["passes"] if one["held_s"] is not None]
    yield from _parts(holds, report["reps"]) if holds else _reps(report["reps"])
    yield from _findings(report)
    if report["exercise"] is not None:
        yield from ["", _score(report["score"])]
    first = by_slug(report["checks"], report["first"], report["first_on"])
    if first is not None:
        yield f"Work on first: {_named(first).lower()}. Try: {first['cue'].lower()}."
        if first["regression"]:
            yield f"Easier for now: {first['regression']}"
    yield from _section("Programme", _steps(report["programme"]))
    yield from _section("Questions", report["questions"])
    yield from _section("Notes", report["notes"])
    yield from ["", report["notice"]]


def _section(title: str, lines: Any) -> Iterator[str]:
    lines = list(lines)
    if lines:
        yield from ["", title, *(f"  {line}" for line in lines)]


def _reps(reps: list[Json]) -> Iterator[str]:
    complete = sum(1 for rep in reps if rep["complete"])
    yield from ["", f"{complete} {'rep' if complete == 1 else 'reps'}"]
    for rep in reps:
        side = f"  {rep['done_on']:<5}" if rep["done_on"] else ""
        when = f"  {rep['number']:>2}{side}  {rep['start_s']:6.1f} s"
        if not rep["complete"]:
            yield f"{when}  not counted: {rep['reason']}"
            continue
        yield f"{when}  down {rep['eccentric_s']:.1f} s, up {rep['concentric_s']:.1f} s  {_said(rep)}"


def _parts(holds: list[Json], parts: list[Json]) -> Iterator[str]:
    """What the parts of a hold say, by the seconds for which it had lasted."""
    for one in holds:
        side = f" on the {one['done_on']}" if one["done_on"] else ""
        yield from ["", f"held for {one['held_s']:.1f} s{side}"]
        for part in parts:
            if part["done_on"] != one["done_on"]:
                continue
            when = f"  from second {part['held_before_s']:3.0f}"
            said = _said(part) if part["complete"] else f"not counted: {part['reason']}"
            yield f"{when}  {part['pause_s']:.1f} s  {said}"


def _said(rep: Json) -> str:
    score = "no score" if rep["score"] is None else f"score {rep['score']:>3}"
    return score + ("  " + ", ".join(rep["signs"]) if rep["signs"] else "")


def _named(check: Json) -> str:
    return f"{check['title']}, {check['done_on']}" if check["done_on"] else str(check["title"])


def _findings(report: Json) -> Iterator[str]:
    for status, title, _ in GROUPS:
        checks = [check for check in report["checks"] if check["status"] == status]
        yield from _section(title, (_finding(check) for check in checks))


def _finding(check: Json) -> str:
    if check["status"] == "not-assessed":
        return f"{_named(check)}: {check['reason']}"
    error = " (error not measured)" if check["error"] is None else f" ± {with_unit(check['error'], check['unit'])}"
    side = f", {check['side']}" if check["side"] else ""
    shown = f", {shown_in(check)}" if check["reps"] else ""
    return f"{_named(check)}: {with_unit(check['value'], check['unit'])}{error}{side}{shown}"


def _score(score: Json) -> str:
    seen = f"{score['seen']} of {score['of']} points seen"
    if score["value"] is None:
        return f"No score; {seen}"
    return f"Score {score['low']} to {score['high']} of 100; {seen}"


def _steps(programme: list[Json]) -> Iterator[str]:
    for step in programme:
        side = f" ({step['done_on']})" if step["done_on"] else ""
        yield f"{PHASES.get(step['phase'], step['phase'])}: {step['title']}{side}, {step['dose']}"
    if programme:
        yield str(programme[0]["stop"])
