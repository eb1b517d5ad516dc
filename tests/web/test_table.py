"""A result as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

from kiosk.web.table import COLUMNS, report_csv

DOCUMENT = (Path(__file__).parents[2] / "docs" / "report.md").read_text(encoding="utf-8")


def rows(report: dict[str, Any]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(report_csv(report), newline="")))


def test_there_is_a_row_for_each_check_in_each_rep_that_was_seen(report: dict[str, Any]) -> None:
    wanted = [(c["slug"], str(row["rep"])) for c in report["checks"] for row in c["per_rep"]]
    assert [(row["check"], row["rep"]) for row in rows(report) if row["rep"]] == wanted
    assert wanted


def test_a_row_holds_value_error_and_limits_with_decimal_points(report: dict[str, Any]) -> None:
    check = next(c for c in report["checks"] if c["slug"] == "knees-in")
    row = next(row for row in rows(report) if row["check"] == "knees-in" and row["rep"] == "3")
    assert float(row["value"]) == check["per_rep"][2]["value"]
    assert [float(row[key]) for key in ("error", "clear", "sign")] == [check["error"], check["clear"], check["sign"]]
    assert (row["verdict"], row["unit"], row["two_sided"]) == ("sign", check["unit"], "false")
    assert row["eccentric_s"] == str(report["reps"][2]["eccentric_s"])


def test_what_was_not_assessed_has_one_row_with_its_reason(report: dict[str, Any]) -> None:
    blind = [c for c in report["checks"] if c["status"] == "not-assessed"]
    for check in blind:
        (row,) = [row for row in rows(report) if row["check"] == check["slug"]]
        assert (row["rep"], row["value"]) == ("", "")
        assert row["reason"] == check["reason"]


def test_a_text_cannot_become_a_formula(report: dict[str, Any]) -> None:
    report["checks"][0]["title"] = '=HYPERLINK("x")'
    assert rows(report)[0]["title"] == '\'=HYPERLINK("x")'


def test_negative_numbers_stay_numbers(report: dict[str, Any]) -> None:
    check = next(c for c in report["checks"] if c["per_rep"])
    check["per_rep"][0]["value"] = -0.25
    assert next(row for row in rows(report) if row["check"] == check["slug"])["value"] == "-0.25"


def test_a_visit_without_checks_is_a_heading(report: dict[str, Any]) -> None:
    report["checks"] = []
    assert report_csv(report).strip() == ",".join(COLUMNS)


def test_every_column_is_documented() -> None:
    part = DOCUMENT.partition("## The same as a table")[2]
    assert set(COLUMNS) <= set(re.findall(r"`([a-z_]+)`", part))
