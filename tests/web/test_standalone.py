"""The result as one file."""

from __future__ import annotations

import re
from typing import Any

from kiosk.web.language import find_languages
from kiosk.web.standalone import result_page


def test_the_file_needs_nothing_else_and_runs_no_script(report: dict[str, Any]) -> None:
    page = result_page(report)
    assert "<script" not in page
    assert "<link" not in page
    assert not re.search(r"(?:src|href)=\"(?!#)|url\(|@import", page)
    assert ".finding" in page


def test_the_file_prints_light(report: dict[str, Any]) -> None:
    _, found, on_paper = result_page(report).partition("@media print {")
    assert found
    assert "@page { size: A4" in on_paper


def test_the_file_says_what_the_page_says(report: dict[str, Any]) -> None:
    page = result_page(report)
    assert "<strong>72–84</strong>" in page
    assert "Knees move inward" in page
    assert "not a medical device" in page


def test_a_result_that_was_never_stored_has_a_file_too(report: dict[str, Any]) -> None:
    del report["id"], report["created"]
    assert "Overhead squat" in result_page(report)


def test_names_are_escaped_in_the_file(report: dict[str, Any]) -> None:
    report["title"] = "</title><script>alert(1)</script>"
    report["source"]["name"] = "<b>clip</b>.mp4"
    page = result_page(report)
    assert "<script>" not in page
    assert "<b>clip" not in page


def test_the_file_speaks_the_language_that_is_asked_for(report: dict[str, Any]) -> None:
    page = result_page(report, find_languages()["de"])
    assert '<html lang="de"' in page
    assert "Was wir gesehen haben" in page
    assert "21. November 2026, 10:12" in page
    assert "0,79" in page
    assert "What we saw" in result_page(report)
