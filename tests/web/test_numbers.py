"""Numbers, dates and lists follow the language."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from kiosk.web.language import Language, speaking
from kiosk.web.numbers import at_kiosk, counted, day, days, decimal, hours, joined, on_day, percent, plain_number, typed
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


@pytest.fixture
def stands_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """The machine stands in this time zone."""

    def put(zone: str) -> None:
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield put
    monkeypatch.undo()
    time.tzset()


def test_a_moment_is_written_by_the_clock_on_the_kiosks_wall(stands_in: Callable[[str], None]) -> None:
    stands_in("Europe/Berlin")
    assert day("2026-11-21T23:12:33+00:00") == "22 November 2026, 00:12"
    assert on_day("2026-11-21T23:12:33+00:00") == "22 November 2026"
    assert at_kiosk("2026-07-01T12:00:00+00:00").hour == 14, "in summer an hour more"
    with speaking(GERMAN):
        assert day(datetime(2026, 3, 2, 3, 4, tzinfo=UTC)) == "2. März 2026, 04:04"
        assert day("irgendwann") == "irgendwann"


def test_the_zone_is_named_only_where_the_machine_was_not_told_where_it_stands(
    stands_in: Callable[[str], None],
) -> None:
    moment = datetime(2026, 11, 21, 10, 12, 33, tzinfo=UTC)
    stands_in("UTC")
    assert day(moment) == "21 November 2026, 10:12 UTC"
    stands_in("Europe/London")
    assert day(moment) == "21 November 2026, 10:12"
    assert day("2026-11-21T10:12:00") == "21 November 2026, 10:12", "it is taken for the kiosk's own time"


def test_one_day_and_one_hour_are_not_many() -> None:
    assert [days(1), days(30), days(36500)] == ["1 day", "30 days", "36,500 days"]
    assert [hours(1.0), hours(48.0), hours(0.5)] == ["1 hour", "48 hours", "0.5 hours"]


def test_a_number_has_no_more_decimals_than_it_needs() -> None:
    assert [plain_number(value) for value in (20.0, 0.85, -1.5)] == ["20", "0.85", "−1.5"]
    with speaking(GERMAN):
        assert plain_number(0.85) == "0,85"
        assert typed("0.85") == "0,85"


def test_words_are_joined_as_in_a_sentence() -> None:
    assert joined([3, 4, 5]) == "3, 4 and 5"
    with speaking(GERMAN):
        assert joined(["eins", "zwei", "drei"]) == "eins, zwei und drei"
    assert joined([]) == ""
