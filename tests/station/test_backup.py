"""Copies of the results: whole, private, numbered, the newest few; and the way back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.errors import HistoryError
from kiosk.station import backup as backups
from kiosk.station.backup import backup, copies, restore
from kiosk.station.history import History, open_history

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SCORE = {"value": 78, "low": 72, "high": 84}
REPORT: dict[str, Any] = {"exercise": "squat", "title": "Squat", "score": SCORE, "first": None, "reps": []}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "history.db"


@pytest.fixture
def running(file: Path) -> Iterator[History]:
    """The results of a kiosk that runs meanwhile."""
    with closing(open_history(file)) as opened:
        opened.store(REPORT, NOON)
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def ids(file: Path) -> list[str]:
    with closing(open_history(file)) as history:
        return [line.id for line in history.recent(99, 0)]


def test_a_copy_holds_what_the_running_kiosk_has_stored_and_is_one_file(
    running: History, file: Path, folder: Path
) -> None:
    """The newest results are in the log beside the database; a copy of the file alone would lack them."""
    last = running.store(REPORT, NOON)
    copy = backup(file, folder, 7, NOON)
    assert [path.name for path in folder.iterdir()] == [copy.name] == ["results-000001-20261121.db"]
    with closing(sqlite3.connect(copy)) as plain:
        assert plain.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert plain.execute("SELECT id FROM results ORDER BY number DESC").fetchone() == (last,)


def test_copies_are_for_their_owner_alone(running: History, file: Path, folder: Path) -> None:
    copy = backup(file, folder, 7, NOON)
    assert (folder.stat().st_mode & 0o777, copy.stat().st_mode & 0o777) == (0o700, 0o600)


def test_the_newest_stay_by_their_number_whatever_the_clock_says(running: History, file: Path, folder: Path) -> None:
    for days in (0, -400, 1, 2):
        backup(file, folder, 3, NOON + timedelta(days=days))
    assert [path.name[8:14] for path in copies(folder)] == ["000002", "000003", "000004"]


def test_other_files_in_the_folder_are_left_alone(running: History, file: Path, folder: Path) -> None:
    folder.mkdir()
    (folder / "results-of-my-own.db").write_text("mine")
    for _ in range(3):
        backup(file, folder, 1, NOON)
    assert sorted(path.name for path in folder.iterdir()) == ["results-000003-20261121.db", "results-of-my-own.db"]


def test_a_damaged_database_is_told_and_no_older_copy_goes(file: Path, folder: Path) -> None:
    with closing(open_history(file)) as history:
        for _ in range(40):
            history.store({**REPORT, "notes": ["x" * 4000]}, NOON)
    backup(file, folder, 1, NOON)
    data = bytearray(file.read_bytes())
    data[3 * 4096 : 20 * 4096] = bytes(17 * 4096)
    file.write_bytes(data)
    with pytest.raises(HistoryError, match=r"no copy was made|cannot be used"):
        backup(file, folder, 1, NOON)
    assert [path.name for path in folder.iterdir()] == ["results-000001-20261121.db"]


def test_a_copy_that_is_cut_off_leaves_nothing_that_looks_like_one(
    running: History, file: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(_path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "_sync", cut)
    with pytest.raises(HistoryError, match="No space left"):
        backup(file, folder, 1, NOON)
    assert list(folder.iterdir()) == []


def test_a_missing_database_is_not_made_by_copying_it(file: Path, folder: Path) -> None:
    file.parent.mkdir()
    with pytest.raises(HistoryError):
        backup(file, folder, 1, NOON)
    assert list(file.parent.iterdir()) == []


def test_the_way_back_brings_the_copy_and_keeps_what_was_there(file: Path, folder: Path) -> None:
    with closing(open_history(file)) as history:
        first = history.store(REPORT, NOON)
    copy = backup(file, folder, 7, NOON)
    with closing(open_history(file)) as history:
        second = history.store(REPORT, NOON)
    aside = restore(copy, file)
    assert ids(file) == [first]
    assert aside is not None
    assert ids(aside) == [second, first]
    assert aside.stat().st_mode & 0o777 == 0o600
    assert copy.exists()


def test_the_way_back_from_a_damaged_database(file: Path, folder: Path) -> None:
    with closing(open_history(file)) as history:
        first = history.store(REPORT, NOON)
    copy = backup(file, folder, 7, NOON)
    file.write_bytes(b"no database at all, " * 60)
    file.with_name("history.db-wal").write_bytes(b"an old log")
    assert restore(copy, file) is not None
    assert not file.with_name("history.db-wal").exists()
    assert ids(file) == [first]


def test_the_way_back_to_where_nothing_is(file: Path, folder: Path, tmp_path: Path) -> None:
    with closing(open_history(file)) as history:
        first = history.store(REPORT, NOON)
    other = tmp_path / "new machine" / "history.db"
    assert restore(backup(file, folder, 7, NOON), other) is None
    assert ids(other) == [first]


@pytest.mark.parametrize("harm", ["missing", "text", "another program's", "newer"])
def test_what_is_no_copy_changes_nothing(file: Path, tmp_path: Path, harm: str) -> None:
    with closing(open_history(file)) as history:
        first = history.store(REPORT, NOON)
    copy = tmp_path / "copy.db"
    if harm == "text":
        copy.write_bytes(b"no database at all, " * 60)
    elif harm != "missing":
        with closing(sqlite3.connect(copy)) as other:
            other.execute(f"CREATE TABLE {'songs' if harm != 'newer' else 'plumbline_version'} (version_num)")
            other.execute(f"INSERT INTO {'songs' if harm != 'newer' else 'plumbline_version'} VALUES ('9999')")
            other.commit()
    with pytest.raises(HistoryError):
        restore(copy, file)
    assert ids(file) == [first]
    assert not file.with_name("history.db.before-restore").exists()
