"""Courses in the database: whose result is whose, what is forgotten, what is too old, what was written beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.errors import HistoryError
from kiosk.station.history import History, open_history
from kiosk.station.keeping import DAY_S, Keeping

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def report(**more: Any) -> dict[str, Any]:
    score = {"value": 78, "low": 72, "high": 84}
    return {"exercise": "squat", "title": "Squat", "score": score, "first": None, "reps": [], **more}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


@pytest.fixture
def history(file: Path) -> Iterator[History]:
    opened = open_history(file)
    yield opened
    opened.close()


def stored(history: History, count: int, created: datetime = NOON) -> list[str]:
    return [history.store(report(), created) for _ in range(count)]


# --- courses ------------------------------------------------------------------------------------------------


def test_a_result_is_a_guests_until_somebody_claims_it(history: History) -> None:
    (one,) = stored(history, 1)
    assert history.member_of(one) is None
    assert history.recent(1, 0)[0].member is None
    assert history.claim([one], "ann") == 1
    assert history.member_of(one) == "ann"
    assert history.recent(1, 0)[0].member == "ann"


def test_a_course_holds_its_own_results_newest_first_and_nobody_elses(history: History) -> None:
    one, two, three = stored(history, 3)
    history.claim([one, three], "ann")
    history.claim([two], "ben")
    assert [line.id for line in history.of_member("ann")] == [three, one]
    assert [line.id for line in history.of_member("ben")] == [two]
    assert history.of_member("nobody") == []


def test_what_is_claimed_must_be_there(history: History) -> None:
    assert history.claim(["unsaved-1"], "ann") == 0
    assert history.claim([], "ann") == 0
    assert history.member_of("unsaved-1") is None


def test_a_result_that_is_taken_off_is_a_guests_again(history: History) -> None:
    one, two = stored(history, 2)
    history.claim([one, two], "ann")
    history.claim([one], None)
    assert [line.id for line in history.of_member("ann")] == [two]
    assert history.load(one) is not None


def test_a_member_is_forgotten_with_all_results_and_notes_and_others_stay(history: History) -> None:
    one, two, three = stored(history, 3)
    history.claim([one, two], "ann")
    number = history.add_note(one, None, "Heels up", NOON)
    assert history.forget_member("ann") == 2
    assert history.forget_member("ann") == 0
    assert [line.id for line in history.recent(9, 0)] == [three]
    assert history.notes(one) == []
    assert number is not None
    assert not history.delete_note(number)


def test_what_was_deleted_is_in_no_file_any_more(history: History, file: Path) -> None:
    name = history.store(report(notes=["a-word-to-look-for " * 400]), NOON)
    history.claim([name], "ann-s-key")
    history.add_note(name, None, "another-word-to-look-for", NOON)
    files = [file, file.with_name("history.db-wal")]
    assert any(b"a-word-to-look-for" in each.read_bytes() for each in files if each.exists())
    history.forget_member("ann-s-key")
    for each in files:
        left = each.read_bytes() if each.exists() else b""
        for word in (b"a-word-to-look-for", b"another-word", b"ann-s-key", name.encode()):
            assert word not in left


def test_deleting_goes_on_while_somebody_reads(history: History, file: Path) -> None:
    (one,) = stored(history, 1)
    with sqlite3.connect(file) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM results").fetchone()
        quick = open_history(file, busy_timeout_s=0.1)
        assert quick.delete(one)
        quick.close()
    reader.close()
    assert history.count() == 0


# --- days -----------------------------------------------------------------------------------------------------


def test_between_has_its_start_and_not_its_end(history: History) -> None:
    ids = [history.store(report(), NOON + n * DAY) for n in range(4)]
    found = history.between(NOON + DAY, NOON + 3 * DAY, 10, 0)
    assert [line.id for line in found] == [ids[2], ids[1]]
    assert [line.id for line in history.between(NOON, NOON + 9 * DAY, 2, 1)] == [ids[2], ids[1]]


def test_a_moment_without_a_zone_is_a_mistake_of_the_caller(history: History) -> None:
    with pytest.raises(ValueError, match="time zone"):
        history.between(datetime(2026, 1, 1), NOON, 1, 0)


def test_guests_and_members_are_kept_for_times_of_their_own(history: History) -> None:
    old_guest, old_member = stored(history, 2, NOON - 40 * DAY)
    (older_member,) = stored(history, 1, NOON - 400 * DAY)
    (new_guest,) = stored(history, 1, NOON)
    history.claim([old_member, older_member], "ann")
    assert history.delete_before(guests=NOON - 30 * DAY, members=NOON - 365 * DAY) == 2
    assert [line.id for line in history.recent(9, 0)] == [new_guest, old_member]
    assert history.load(old_guest) is None


def test_where_nothing_is_old_nothing_is_written(history: History, file: Path) -> None:
    stored(history, 2)
    changes = sqlite3.connect(file)
    before = changes.execute("PRAGMA data_version").fetchone()
    assert history.delete_before(NOON - DAY, NOON - DAY) == 0
    assert changes.execute("PRAGMA data_version").fetchone() == before
    changes.close()


# --- notes ----------------------------------------------------------------------------------------------------


def test_notes_come_back_in_order_with_their_check_and_time(history: History) -> None:
    one, two = stored(history, 2)
    first = history.add_note(one, "knees-in", "Band above the knees", NOON)
    second = history.add_note(one, None, "Old ankle injury", NOON + DAY)
    history.add_note(two, None, "Of another result", NOON)
    assert [(n.number, n.check, n.text, n.created) for n in history.notes(one)] == [
        (first, "knees-in", "Band above the knees", NOON),
        (second, None, "Old ankle injury", NOON + DAY),
    ]


def test_a_note_needs_a_result(history: History) -> None:
    assert history.add_note("none", None, "To nobody", NOON) is None
    assert history.notes("none") == []


def test_a_note_is_deleted_once_and_with_its_result(history: History) -> None:
    (one,) = stored(history, 1)
    first, second = (history.add_note(one, None, text, NOON) for text in ("a", "b"))
    assert first is not None
    assert history.delete_note(first)
    assert not history.delete_note(first)
    assert [note.number for note in history.notes(one)] == [second]
    history.delete(one)
    assert history.notes(one) == []


# --- keeping --------------------------------------------------------------------------------------------------


class Spy:
    def __init__(self, error: HistoryError | None = None) -> None:
        self.asked: list[tuple[datetime, datetime]] = []
        self._error = error

    def delete_before(self, guests: datetime, members: datetime) -> int:
        self.asked.append((guests, members))
        if self._error is not None:
            raise self._error
        return 0


def test_old_results_are_looked_for_at_the_start_and_then_once_a_day() -> None:
    spy = Spy()
    keeping = Keeping(spy, guest_days=30, member_days=365, now=lambda: NOON)
    for t_s in (5.0, 6.0, 5.0 + DAY_S - 1, 5.0 + DAY_S, 6.0 + DAY_S):
        keeping.look(t_s)
    assert spy.asked == [(NOON - 30 * DAY, NOON - 365 * DAY)] * 2


def test_a_locked_database_ends_nothing_and_is_tried_again_the_next_day(caplog: pytest.LogCaptureFixture) -> None:
    spy = Spy(HistoryError("The database is locked."))
    keeping = Keeping(spy, 30, 365, now=lambda: NOON)
    keeping.look(0.0)
    keeping.look(1.0)
    assert len(spy.asked) == 1
    assert "The database is locked." in caplog.text
    keeping.look(DAY_S)
    assert len(spy.asked) == 2


def test_a_kiosk_that_is_started_deletes_what_grew_old_meanwhile(history: History) -> None:
    stored(history, 3, NOON - 31 * DAY)
    Keeping(history, 30, 365, now=lambda: NOON).look(0.0)
    assert history.count() == 0
