"""A result on paper: what stands in it, and that nothing breaks it."""

from __future__ import annotations

import copy
import subprocess
from pathlib import Path
from typing import Any

import pytest

from kiosk.web import pdf
from kiosk.web.language import ENGLISH, Language, find_languages, speaking
from kiosk.web.paper import paper
from kiosk.web.pdf import NoPaper, report_pdf
from kiosk.web.sheet import Sheet

Report = dict[str, Any]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that was put on a sheet."""
    texts: list[str] = []
    put, word = Sheet.put, Sheet.word

    def put_too(self: Sheet, words: str, *rest: Any, **more: Any) -> float:
        texts.append(words)
        return put(self, words, *rest, **more)

    def word_too(self: Sheet, words: str, *rest: Any) -> None:
        texts.append(words)
        word(self, words, *rest)

    monkeypatch.setattr(Sheet, "put", put_too)
    monkeypatch.setattr(Sheet, "word", word_too)
    return texts


def test_it_holds_score_first_thing_programme_and_notice(report: Report, written: list[str]) -> None:
    assert paper(report, None).startswith(b"%PDF-")
    for wanted in ("72–84", "7 of 12 points seen.", "Work on this first", "Knees move inward", "Your programme"):
        assert wanted in written
    assert any(words.startswith("A movement screen for general fitness") for words in written)


def test_each_finding_has_its_value_limit_and_reps(report: Report, written: list[str]) -> None:
    paper(report, None)
    for wanted in ("0.79 ± 0.06", "Sign below 0.85", "Shown from rep 3 on"):
        assert wanted in written


def test_every_step_has_its_dose_its_stop_rule_and_numbered_lines(report: Report, written: list[str]) -> None:
    paper(report, None)
    for step in report["programme"]:
        assert step["dose"] in written
        assert step["stop"] in written
    assert any(words.startswith("1.  ") for words in written)


def test_an_exercise_that_was_drawn_stands_beside_its_words(report: Report) -> None:
    step = report["programme"][0]
    step["exercise"] = "handstand"
    without = paper(report, None, compress=False)
    step["exercise"] = "foam-roll-calves"
    drawn = paper(report, None, compress=False)
    # The parts of the figure, each a line with round ends.
    assert drawn.count(b" c\n") > without.count(b" c\n") + 40


def test_a_measured_check_is_drawn_with_its_limit(report: Report, written: list[str]) -> None:
    next(c for c in report["checks"] if c["slug"] == "knees-in")["drawn"] = "gap knee ankle"
    paper(report, None)
    assert "limit 0.85" in written


def test_it_speaks_the_language_of_the_reader(report: Report, written: list[str]) -> None:
    german = Language("de", {"Your programme": "Dein Programm"})
    with speaking(german):
        paper(report, None)
    assert "Dein Programm" in written
    assert "0,79 ± 0,06" in written


def test_a_link_makes_a_code_and_its_absence_none(report: Report) -> None:
    with_code = paper(report, "http://192.168.1.5:8080/r/abc", compress=False)
    assert len(with_code) > len(paper(report, None, compress=False))


def test_after_pain_there_is_no_score_on_it(report: Report, written: list[str]) -> None:
    report["pain"] = True
    paper(report, None)
    assert "No score" in written
    assert "72–84" not in written


def test_a_visit_in_which_nothing_was_seen_is_a_paper_too(report: Report) -> None:
    report |= {"exercise": None, "title": None, "passes": [], "reps": [], "checks": [], "first": None,
               "score": {"value": None, "low": None, "high": None, "seen": 0, "of": 0}, "programme": [],
               "questions": [], "differences": []}  # fmt: skip
    assert paper(report, None).startswith(b"%PDF-")


def test_without_the_systems_fonts_signs_have_stand_ins(tmp_path: Path) -> None:
    sheet = Sheet("foot", fonts=tmp_path)
    assert sheet.letters("−0.2 – “so” … ≥ Größe") == '-0.2 - "so" ... >= Größe'
    assert sheet.letters("Ж") == "?"
    sheet.add_page()
    sheet.put("−0.2 – Ж", (10, 10), 50, 10)
    assert bytes(sheet.output()).startswith(b"%PDF-")


def test_many_steps_and_long_texts_go_over_several_pages(report: Report) -> None:
    report["programme"] = [copy.deepcopy(report["programme"][0]) | {"how": "Go slowly. " * 120} for _ in range(8)]
    assert paper(report, None, compress=False).count(b"/Type /Page\n") > 3


@pytest.mark.parametrize("code", sorted(find_languages()))
def test_the_process_of_its_own_answers_with_a_pdf_in_every_language(report: Report, code: str) -> None:
    made = report_pdf(report, find_languages()[code], "http://192.168.1.5:8080/r/abc")
    assert made.startswith(b"%PDF-")
    assert made.rstrip().endswith(b"%%EOF")


def test_a_process_that_fails_or_hangs_gives_one_sentence(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    def hangs(*_args: object, **_more: object) -> None:
        raise subprocess.TimeoutExpired("paper", 1)

    monkeypatch.setattr(pdf.subprocess, "run", hangs)
    with pytest.raises(NoPaper, match="Try again, or print the page"):
        report_pdf(report, Language(ENGLISH))


def test_a_result_that_is_none_gives_that_sentence_too() -> None:
    with pytest.raises(NoPaper):
        report_pdf({}, Language(ENGLISH))


def test_one_is_made_at_a_time(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "LONGEST_WAIT_S", 0.01)
    with pdf._one_at_a_time, pytest.raises(NoPaper, match="Others"):
        report_pdf(report, Language(ENGLISH))
    assert report_pdf(report, Language(ENGLISH)).startswith(b"%PDF-")
