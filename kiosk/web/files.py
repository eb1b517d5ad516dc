"""Results as files to save: PDF, CSV and JSON, named so that they sort by their dates."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import Response
from werkzeug.exceptions import ServiceUnavailable

from kiosk.web.language import current, later
from kiosk.web.numbers import at_kiosk
from kiosk.web.pdf import NoPaper, report_pdf
from kiosk.web.table import report_csv

KINDS = {"json": "application/json", "csv": "text/csv; charset=utf-8", "pdf": "application/pdf"}
HEADS = (
    "result", "created", "exercise", "model", "score_low", "score_high",
    "check", "view", "side", "status", "value", "error", "unit", "clear", "sign",
)  # fmt: skip
#: A spreadsheet takes a text that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

_Json = Mapping[str, Any]


class NotInTime(ServiceUnavailable):
    """The kiosk has other work: measuring comes first."""

    says = later("The PDF could not be made just now, because the kiosk is busy. Try again in a minute.")


def as_file(report: _Json, kind: str, link: str | None = None) -> Response:
    """Return one result as a file to save; ``kind``: json, csv or pdf, which names the ``link`` to the result.

    Raises ServiceUnavailable where a PDF could not be made in time.
    """
    if kind == "pdf":
        content: str | bytes = _pdf(report, link)
    elif kind == "csv":
        content = report_csv(report)
    else:
        content = _json(report)
    return _saved(content, f"plumbline-{_named(report)}.{kind}", kind)


def course_file(reports: Sequence[_Json], kind: str) -> Response:
    """Return all results of a course, oldest first, as one file; ``kind``: json, or csv with a line for each check."""
    content = _json({"results": list(reports)}) if kind == "json" else "".join(_lines(reports))
    return _saved(content, f"plumbline-course-{_day(reports[-1])}.{kind}", kind)


def _pdf(report: _Json, link: str | None) -> bytes:
    try:
        return report_pdf(report, current(), link)
    except NoPaper as error:
        raise NotInTime from error


def _saved(content: str | bytes, name: str, kind: str) -> Response:
    answer = Response(content, content_type=KINDS[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _named(report: _Json) -> str:
    slug = "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in report["exercise"] or "result")
    return f"{slug}-{_day(report)}"


def _day(report: _Json) -> str:
    """The day at the kiosk, as in 2026-11-21."""
    return at_kiosk(report["created"]).date().isoformat()


def _json(content: _Json) -> str:
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _lines(reports: Sequence[_Json]) -> Iterator[str]:
    yield _line(HEADS)
    for report in reports:
        score = report["score"]
        head = (report["id"], report["created"], report["exercise"], report["model"], score["low"], score["high"])
        for check in report["checks"]:
            names = ("slug", "view", "done_on", "status", "value", "error", "unit", "clear", "sign")
            yield _line((*head, *(check.get(name) for name in names)))


def _line(values: Sequence[object]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([_cell(value) for value in values])
    return out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value
