"""Numbers, dates and lists follow the language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from kiosk.web.language import Language, speaking
from kiosk.web.numbers import counted, day, decimal, joined, percent
from kiosk.web.wording import with_unit

GERMAN = Language("de")


@pytest.mark.parametrize(
    ("value", "digits", "english", "german"),
    [(2.5, 1, "2.5", "2,5"), (-4.26, 1, "−4.3", "−4,3"), (1234.0, 0, "1234", "1234"), (0.0, 2, "0.00", "0,00")],
)
def test_a_decimal_has_the_point_or_the_comma_of_its_language(
    value: float, digits: int, english: str, german: str
) -> None:
    assert decimal(value, digits) == english
    with speaking(GERMAN):
        assert decimal(value, digits) == german


def test_a_value_with_its_unit_follows_the_language() -> None:
    with speaking(Language("de", {"trunk lengths": "Rumpflängen"})):
        assert with_unit(0.79, "ratio") == "0,79"
        assert with_unit(9.0, "deg") == "9,0°"
        assert with_unit(3.25, "trunk lengths") == "3,2 Rumpflängen"


def test_thousands_are_kept_apart_as_usual() -> None:
    assert counted(1200) == "1,200"
    with speaking(GERMAN):
        assert counted(1200) == "1.200"


def test_a_share_is_written_as_percent() -> None:
    assert percent(0.456) == "46 %"
    with speaking(GERMAN):
        assert percent(0.456, 1) == "45,6 %"


def test_a_moment_is_written_as_its_language_does() -> None:
    moment = datetime(2026, 11, 21, 10, 12, 33, tzinfo=UTC)
    assert day(moment) == "21 November 2026, 10:12 UTC"
    with speaking(GERMAN):
        assert day(moment) == "21. November 2026, 10:12 UTC"
        assert day(datetime(2026, 3, 2, 3, 4, tzinfo=timezone(timedelta(hours=1)))) == "2. März 2026, 03:04"
        assert day("irgendwann") == "irgendwann"


def test_words_are_joined_as_in_a_sentence() -> None:
    assert joined([3, 4, 5]) == "3, 4 and 5"
    with speaking(GERMAN):
        assert joined(["eins", "zwei", "drei"]) == "eins, zwei und drei"
    assert joined([]) == ""
