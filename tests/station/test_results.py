"""Results on their way to the disk: kept when it is full, found under the same id all the time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kiosk.errors import HistoryError
from kiosk.movement.report import Report, Source
from kiosk.movement.report_json import report_json
from kiosk.station.history import History, open_history
from kiosk.station.results import Results

from .fakes import FakeStore


def report(name: str = "clip") -> dict[str, Any]:
    return report_json(Report(Source(name, 10, 30.0, 0.3, (640, 480)), "fake", None, None, None))


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


def test_a_report_is_stored_and_its_id_comes_back(store: FakeStore) -> None:
    results = Results(store)
    key = results.add(report())
    assert list(store.stored) == [key]
    assert results.problem is None


def test_it_is_stored_with_the_time_at_which_it_was_made(store: FakeStore) -> None:
    before = datetime.now(UTC)
    key = Results(store).add(report())
    assert before <= store.created[key] <= datetime.now(UTC)


def test_what_cannot_be_stored_can_be_shown_all_the_same(store: FakeStore) -> None:
    store.full = True
    results = Results(store)
    key = results.add(report("kept"))
    shown = results.load(key)
    assert shown is not None
    assert shown["source"]["name"] == "kept"
    assert shown["id"] == key
    assert datetime.fromisoformat(shown["created"]).tzinfo is not None
    assert store.stored == {}


def test_the_problem_says_that_results_are_not_being_saved_and_why(store: FakeStore) -> None:
    store.full = True
    results = Results(store)
    results.add(report())
    assert results.problem == "Results are not being saved: The disk is full: make room."


def test_each_unsaved_result_has_an_id_of_its_own_that_nobody_can_guess(store: FakeStore) -> None:
    store.full = True
    results = Results(store)
    keys = {results.add(report(str(number))) for number in range(20)}
    assert len(keys) == 20
    assert min(map(len, keys)) >= 20


def test_when_there_is_room_again_everything_is_stored_in_order(store: FakeStore) -> None:
    store.full = True
    results = Results(store)
    results.add(report("first"))
    results.add(report("second"))
    store.full = False
    results.retry()
    assert [r["source"]["name"] for r in store.stored.values()] == ["first", "second"]
    assert results.problem is None


def test_a_retry_that_fails_keeps_all_that_waits(store: FakeStore) -> None:
    store.full = True
    results = Results(store)
    keys = [results.add(report(str(number))) for number in range(3)]
    results.retry()
    assert all(results.load(key) for key in keys)
    assert results.problem is not None


def test_a_retry_keeps_the_time_at_which_the_result_was_made(store: FakeStore) -> None:
    store.full = True
    results = Results(store)
    key = results.add(report())
    shown = results.load(key)
    store.full = False
    results.retry()
    assert shown is not None
    assert [time.isoformat() for time in store.created.values()] == [shown["created"]]


def test_the_next_result_takes_the_waiting_ones_along(store: FakeStore) -> None:
    store.full = True
    results = Results(store)
    results.add(report("waited"))
    store.full = False
    results.add(report("new"))
    assert [r["source"]["name"] for r in store.stored.values()] == ["waited", "new"]
    assert results.problem is None


def test_a_page_that_knows_the_old_id_still_finds_the_result(store: FakeStore) -> None:
    store.full = True
    results = Results(store)
    key = results.add(report("moved"))
    store.full = False
    results.retry()
    shown = results.load(key)
    assert shown is not None
    assert shown["source"]["name"] == "moved"


def test_a_retry_with_nothing_waiting_stores_nothing(store: FakeStore) -> None:
    results = Results(store)
    results.retry()
    assert store.stored == {}
    assert results.problem is None


def test_a_store_that_cannot_even_be_read_is_a_problem_from_the_start_until_it_can(
    store: FakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> int:
        raise HistoryError("The disk is full: make room.")

    with monkeypatch.context() as patched:
        patched.setattr(store, "count", away)
        results = Results(store)
        results.retry()
        assert results.problem == "Results are not being saved: The disk is full: make room."
    results.retry()
    assert results.problem is None


def test_an_unknown_id_is_none(store: FakeStore) -> None:
    assert Results(store).load("nothing") is None


def test_only_stored_results_are_listed_and_counted(store: FakeStore) -> None:
    results = Results(store)
    results.add(report("a"))
    store.full = True
    results.add(report("b"))
    assert results.count() == 1
    assert results.recent(10, 0) == [("id1", "a")]


def test_an_error_that_is_not_the_disks_is_not_hidden(store: FakeStore) -> None:
    store.fault = ValueError("not a report")
    with pytest.raises(ValueError, match="not a report"):
        Results(store).add(report())


@pytest.fixture
def history(tmp_path: Path):
    opened = open_history(tmp_path / "history.db")
    yield opened
    opened.close()


def test_the_real_history_is_such_a_store(history: History) -> None:
    results = Results(history)
    key = results.add(report("real"))
    shown = results.load(key)
    assert shown is not None
    assert (shown["id"], shown["source"]["name"]) == (key, "real")
    assert results.count() == 1
    assert [line.id for line in results.recent(5, 0)] == [key]


def test_a_closed_history_is_a_disk_that_fails(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise HistoryError("The database is locked.")

    results = Results(history)
    monkeypatch.setattr(history, "store", refuse)
    key = results.add(report("later"))
    monkeypatch.undo()
    results.retry()
    assert results.count() == 1
    assert results.load(key) is not None
