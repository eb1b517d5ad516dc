"""The lines that a terminal prints for a result."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.station.outcome import summary


def report(**check: Any) -> dict[str, Any]:
    one = {"slug": "knees-in", "title": "Knees", "status": "sign", "value": 0.5, "unit": "ratio", "from_rep": 2}
    return {
        "title": "Squat",
        "score": {"value": 80, "low": 70, "high": 90, "seen": 3, "of": 4},
        "checks": [one | {"cue": "Wider", "error": 0.1} | check],
        "first": "knees-in",
        "notes": [],
    }


@pytest.mark.parametrize(
    ("error", "words"),
    [(0.1, "(0.5 ± 0.1 ratio, from rep 2 on)"), (None, "(0.5 ratio, error not measured, from rep 2 on)")],
)
def test_a_value_is_told_with_its_error_or_that_there_is_none(error: float | None, words: str) -> None:
    assert f"sign: Knees {words}" in summary(report(error=error), "id1")


def test_what_is_clear_is_left_out() -> None:
    assert summary(report(status="clear"), "id1").splitlines() == [
        "Result id1: Squat",
        "  Score 70 to 90; 3 of 4 points seen",
        "  Work on first: Wider",
    ]
