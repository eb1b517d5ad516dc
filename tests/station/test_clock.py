"""A clock that nobody set, jumps or goes back: results keep their order, say so, and nothing is deleted by it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from kiosk.movement.report import Report, Source
from kiosk.movement.report_json import report_json
from kiosk.station.history import History, open_history
from kiosk.station.keeping import CLOCK_S, DAY_S, Keeping
from kiosk.station.results import Results, Stamp

from .fakes import FakeStore

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def report() -> dict[str, Any]:
    return report_json(Report(Source("clip", 10, 30.0, 0.3, (640, 480)), "fake", None, None, None))


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with closing(open_history(tmp_path / "history.db")) as opened:
        yield opened


def test_a_result_says_whether_its_time_is_sure_and_since_which_start(history: History) -> None:
    key = history.store(report(), NOON, time_unsure=True, boot_id="f00d")
    stored = history.load(key)
    assert stored is not None
    assert (stored["time_unsure"], stored["boot_id"]) == (True, "f00d")
    assert history.recent(1, 0)[0].time_unsure is True
    schema = json.loads((files("kiosk") / "report.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(stored)


def test_a_set_clock_is_sure_and_one_of_which_nothing_is_known_says_nothing(history: History) -> None:
    sure = history.load(history.store(report(), NOON, time_unsure=False))
    silent = history.load(history.store(report(), NOON))
    assert sure is not None
    assert silent is not None
    assert sure["time_unsure"] is False
    assert "time_unsure" not in silent
    assert [line.time_unsure for line in history.recent(2, 0)] == [None, False]


def test_a_clock_that_was_set_back_makes_the_time_unsure_until_it_goes_on(history: History) -> None:
    for moment in (NOON, NOON - DAY, NOON - DAY + timedelta(minutes=5)):
        history.store(report(), moment, time_unsure=False)
    assert [line.time_unsure for line in history.recent(3, 0)][::-1] == [False, True, False]


def test_a_clock_that_was_wrong_before_does_not_make_a_set_one_unsure(history: History) -> None:
    history.store(report(), NOON + 3650 * DAY, time_unsure=True)
    history.store(report(), NOON, time_unsure=False)
    assert history.recent(1, 0)[0].time_unsure is False


def test_the_order_is_that_of_storing_whatever_the_clock_did(history: History) -> None:
    moments = (NOON, NOON - 400 * DAY, NOON + 400 * DAY, NOON - DAY)
    keys = [history.store(report(), moment, time_unsure=True) for moment in moments]
    history.claim(keys, "ann")
    assert [line.id for line in history.recent(9, 0)] == keys[::-1]
    assert [line.id for line in history.of_member("ann")] == keys[::-1]
    assert [history.number_of(key) for key in keys] == sorted(history.number_of(key) for key in keys)
    assert history.number_of("gone") == 0


def test_what_waits_for_the_disk_keeps_the_time_and_the_doubt_of_its_visit() -> None:
    store = FakeStore()
    store.full = True
    moment = [Stamp(NOON, True, "first")]
    results = Results(store, lambda: moment[0])
    key = results.add(report())
    waiting = results.load(key)
    assert waiting is not None
    assert waiting["time_unsure"] is True
    store.full, moment[0] = False, Stamp(NOON + DAY, False, "second")
    results.retry()
    assert (list(store.created.values()), store.stamps) == ([NOON], [(True, "first")])


# -- nothing is deleted by a wrong clock -------------------------------------------------------------------------------


class Clock:
    """A wall clock that may be wrong."""

    def __init__(self, now: datetime, *, sure: bool) -> None:
        self.now, self.is_sure = now, sure

    def keeping(self, history: History) -> Keeping:
        return Keeping(history, 30, 365, now=lambda: self.now, sure=lambda: self.is_sure)


def test_a_clock_ahead_by_years_deletes_nothing_as_long_as_nobody_set_it(history: History) -> None:
    history.store(report(), NOON, time_unsure=False)
    clock = Clock(NOON + 3650 * DAY, sure=False)
    keeping = clock.keeping(history)
    for t_s in (0.0, CLOCK_S, DAY_S, 30 * DAY_S):
        keeping.look(t_s)
    assert history.count() == 1


def test_once_it_is_set_what_is_really_old_goes_and_the_rest_stays(history: History) -> None:
    history.store(report(), NOON - 40 * DAY, time_unsure=False)
    young = history.store(report(), NOON - DAY, time_unsure=False)
    clock = Clock(NOON + 3650 * DAY, sure=False)
    keeping = clock.keeping(history)
    keeping.look(0.0)
    clock.now, clock.is_sure = NOON, True
    keeping.look(1.0)
    assert history.count() == 2, "the clock is looked at only now and then"
    keeping.look(CLOCK_S)
    assert [line.id for line in history.recent(9, 0)] == [young]


@pytest.mark.parametrize("wrong", [-400 * DAY, 400 * DAY], ids=["behind", "ahead"])
def test_a_result_of_a_wrong_clock_goes_when_one_after_it_is_old_for_certain(
    history: History, wrong: timedelta
) -> None:
    """What a wrong clock stamped looks old, or will never be: all that is sure is after which results it was stored."""
    history.store(report(), NOON + wrong, time_unsure=True)
    clock = Clock(NOON, sure=True)
    keeping = clock.keeping(history)
    keeping.look(0.0)
    assert history.count() == 1, "nobody knows how old it is"
    history.store(report(), NOON, time_unsure=False)
    clock.now = NOON + 29 * DAY
    keeping.look(29 * DAY_S)
    assert history.count() == 2
    late = history.store(report(), NOON - 5 * DAY, time_unsure=True)
    clock.now = NOON + 31 * DAY
    keeping.look(31 * DAY_S)
    assert [line.id for line in history.recent(9, 0)] == [late]
