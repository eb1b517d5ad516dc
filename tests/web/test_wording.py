"""How numbers and words are written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from kiosk.web.language import find_languages, speaking
from kiosk.web.wording import by_slug, day, ended, grouped, joined, not_seen, shown_in, titled, went, with_unit


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.79, "ratio", "0.79"),
        (1.0, "ratio", "1.00"),
        (52.4, "deg", "52°"),
        (9.0, "deg", "9.0°"),
        (-4.26, "deg", "−4.3°"),
        (12.6, "percent", "13 %"),
        (0.204, "s", "0.20 s"),
        (123.4, "ms", "123 ms"),
        (33.0, "ms", "33 ms"),
        (0.0, "deg", "0.0°"),
        (3.25, "trunk lengths", "3.2 trunk lengths"),
        (None, "deg", "–"),
    ],
)
def test_a_value_is_written_with_its_unit_and_no_false_digits(value: float | None, unit: str, text: str) -> None:
    assert with_unit(value, unit) == text


@pytest.mark.parametrize(
    ("words", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), ([3, 4, 5], "3, 4 and 5")]
)
def test_words_are_joined_as_in_a_sentence(words: list[object], text: str) -> None:
    assert joined(words) == text


@pytest.mark.parametrize(
    ("reps", "from_rep", "text"),
    [
        ([], None, ""),
        ([3], None, "in rep 3"),
        ([5], 5, "in rep 5"),
        ([2, 4], None, "in reps 2 and 4"),
        ([3, 4, 5], 3, "from rep 3 on"),
    ],
)
def test_reps_are_named_or_said_to_go_on(reps: list[int], from_rep: int | None, text: str) -> None:
    assert shown_in({"reps": reps, "from_rep": from_rep}) == text


@pytest.mark.parametrize(("asked", "words"), [(5, "4 of 5 reps"), (1, "1 of 1 rep"), (0, "4 reps")])
def test_one_rep_is_not_many(asked: int, words: str) -> None:
    one = {"view": "side", "complete": min(4, asked or 4), "asked": asked, "ended": "done"}
    assert went(one) == f"Side view: {words}, all reps done"


def test_what_was_not_seen_is_named_with_its_side() -> None:
    checks = [
        {"title": "Heels rise", "status": "not-assessed"},
        {"title": "Knees in", "status": "sign"},
        {"title": "Hip drops", "status": "not-assessed", "done_on": "left"},
    ]
    assert not_seen({"checks": checks}) == "Heels rise and Hip drops, left"
    assert not_seen({"checks": checks[1:2]}) == ""


def test_a_moment_is_written_as_day_and_time() -> None:
    assert day("2026-11-21T10:12:33+00:00") == "21 November 2026, 10:12 UTC"
    assert day(datetime(2026, 1, 2, 3, 4, tzinfo=UTC)) == "2 January 2026, 03:04 UTC"
    assert day(datetime(2026, 1, 2, 3, 4, tzinfo=timezone(timedelta(hours=1)))) == "2 January 2026, 02:04 UTC"
    assert day("some day") == "some day"


def test_a_slug_is_written_as_words() -> None:
    assert titled("knees-in") == "Knees in"
    assert titled(None) == ""


def test_groups_without_checks_are_left_out(report: dict[str, Any], check: Callable[..., dict[str, Any]]) -> None:
    report["checks"] = [check("a", "A", "clear"), check("b", "B", "sign")]
    assert [(g.status, [c["slug"] for c in g.checks]) for g in grouped(report)] == [
        ("sign", ["b"]),
        ("clear", ["a"]),
    ]


def test_a_check_is_found_by_its_slug(report: dict[str, Any]) -> None:
    found = by_slug(report["checks"], "knees-in")
    assert found is not None
    assert found["title"] == "Knees move inward"
    assert by_slug(report["checks"], None) is None


@pytest.mark.parametrize(
    ("done", "english", "german"),
    [
        (
            {"view": "front", "complete": 5, "asked": 5, "ended": "done"},
            "Front view: 5 of 5 reps, all reps done",
            "Von vorn: 5 von 5 Wiederholungen, alle Wiederholungen geschafft",
        ),
        (
            {"view": "side", "complete": 1, "asked": None, "ended": "rested", "done_on": "left"},
            "Side view, on the left: 1 rep, ended after a pause",
            "Von der Seite, links: 1 Wiederholung, nach einer Pause beendet",
        ),
        (
            {"view": "side", "held_s": 21.6, "asked_s": 30.0, "ended": "left"},
            "Side view: held for 22 of 30 s, ended when you left the posture",
            "Von der Seite: 22 von 30 s gehalten, beendet, als du die Position verlassen hast",
        ),
        (
            {"view": "rear", "held_s": 30.0, "asked_s": None, "ended": "done", "done_on": None},
            "Rear view: held for 30 s, all of it",
            "Von hinten: 30 s gehalten, bis zum Ende",
        ),
    ],
)
def test_a_pass_is_told_in_one_line(done: dict[str, Any], english: str, german: str) -> None:
    assert went(done) == english
    with speaking(find_languages()["de"]):
        assert went(done) == german


def test_an_end_that_nobody_knows_is_said_as_it_is() -> None:
    assert ended("thunder") == "thunder"
