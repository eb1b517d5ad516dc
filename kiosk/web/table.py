"""One result as a table for a spreadsheet: a row for each check and rep. docs/report.md explains the columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

#: Column names are English in every language, so that a table of one kiosk fits that of another.
COLUMNS = (
    "result", "created", "exercise", "model", "check", "title", "view", "done_on", "status", "rep", "at_s", "value",
    "unit", "error", "clear", "sign", "two_sided", "verdict", "from_rep", "rep_score", "range_of_motion", "eccentric_s",
    "pause_s", "concentric_s", "reason",
)  # fmt: skip
#: A spreadsheet takes a text that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

_Json = Mapping[str, Any]


def report_csv(report: _Json) -> str:
    """Return the table: a heading, then a row for each check in each rep that was seen; UTF-8, decimal points.

    A check that was not assessed has one row without a rep, with its reason. What is not known is empty.
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    for row in _rows(report):
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return out.getvalue()


def _rows(report: _Json) -> Iterator[dict[str, object]]:
    head = {"result": report.get("id"), **{key: report.get(key) for key in ("created", "exercise", "model")}}
    reps = {(rep.get("view"), rep.get("done_on"), rep["number"]): rep for rep in report["reps"]}
    own = ("title", "view", "done_on", "status", "unit", "error", "clear", "sign", "two_sided", "from_rep", "reason")
    for check in report["checks"]:
        row = {**head, "check": check["slug"], **{key: check.get(key) for key in own}}
        for one in check.get("per_rep", ()):
            rep = reps.get((check.get("view"), check.get("done_on"), one["rep"]), {})
            yield row | {
                "rep": one["rep"],
                "at_s": one.get("at_s"),
                "value": one["value"],
                "verdict": one["verdict"],
                "rep_score": rep.get("score"),
                **{key: rep.get(key) for key in ("range_of_motion", "eccentric_s", "pause_s", "concentric_s")},
            }
        if not check.get("per_rep"):
            yield row


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
