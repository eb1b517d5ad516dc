"""All results, or those of some days, as JSON lines or CSV: sent as they are read, never held in memory."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from flask import Response, flash, redirect, render_template, stream_with_context, url_for
from werkzeug.wrappers import Response as AnyResponse

from kiosk.station.history import History, Summary
from kiosk.web.language import text
from kiosk.web.trainer.names import nickname
from kiosk.web.trainer.session import guarded
from kiosk.web.trainer.source import visits, walk
from kiosk.web.trainer.visits import day_named, span, today

HEADS = (
    "result", "created", "exercise", "score_low", "score_high", "reps", "member",
    "check", "side", "status", "value", "error", "unit", "clear", "sign",
)  # fmt: skip
#: A spreadsheet takes a text that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

pages = guarded("trainer_export")


@pages.get("/export")
def choose() -> str:
    """The form: which days, and in which format."""
    return render_template("trainer/export.html", today=today())


@pages.get("/export/results.<any(jsonl, csv):kind>")
def export(kind: str) -> AnyResponse:
    """Return the results of ``from`` to ``to``, both days included; left out: from the first one, to now."""
    first, last = day_named("from"), day_named("to")
    if first is not None and last is not None and last < first:
        flash(text("The last day lies before the first."), "wrong")
        return redirect(url_for("trainer_export.choose"))
    # An end in the past: a result that is stored meanwhile would move the pages that are still to be read.
    start = span(first, first)[0] if first is not None else datetime(1970, 1, 2, tzinfo=UTC)
    end = min(span(last, last)[1] if last is not None else datetime.now(UTC), datetime.now(UTC))
    source = visits()
    found = walk(source, start, end)
    lines = _json_lines(source, found) if kind == "jsonl" else _csv_lines(source, found)
    answer = Response(stream_with_context(lines), mimetype="application/jsonl" if kind == "jsonl" else "text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{_name(first, last)}.{kind}"'
    return answer


def _name(first: date | None, last: date | None) -> str:
    return "-".join(["plumbline", *(day.strftime("%Y%m%d") for day in (first, last) if day is not None)])


def _json_lines(source: History, found: Iterator[Summary]) -> Iterator[str]:
    for one in found:
        report = source.load(one.id)
        if report is None:
            continue  # deleted since the line was read
        notes = [
            {"check": note.check, "text": note.text, "created": note.created.isoformat()}
            for note in source.notes(one.id)
        ]
        whole = {**report, "member": nickname(one.member) if one.member else None, "trainer_notes": notes}
        yield json.dumps(whole, ensure_ascii=False, allow_nan=False) + "\n"


def _csv_lines(source: History, found: Iterator[Summary]) -> Iterator[str]:
    """Yield a head line, and a line for each check of each result; decimals have a point."""
    yield _csv(HEADS)
    for one in found:
        report = source.load(one.id)
        for check in report["checks"] if report else ():
            yield _csv([_cell(value) for value in (*_of_result(one), *_of_check(check))])


def _of_result(one: Summary) -> tuple[Any, ...]:
    member = nickname(one.member) if one.member else ""
    created = one.created.isoformat(timespec="seconds")
    return (one.id, created, one.exercise, one.score_low, one.score_high, one.reps, member)


def _of_check(check: dict[str, Any]) -> tuple[Any, ...]:
    names = ("slug", "done_on", "status", "value", "error", "unit", "clear", "sign")
    return tuple(check.get(name) for name in names)


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value


def _csv(cells: Any) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
