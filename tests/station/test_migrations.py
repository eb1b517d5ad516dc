"""Databases of older versions: brought up to date with everything that is in them."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from kiosk.station import database
from kiosk.station.history import open_history
from kiosk.station.migrations import HEAD, VERSIONS

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def moved(file: Path, to: str, *, down: bool = False) -> None:
    """Bring the database in this file to a version."""
    engine = sa.create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", "kiosk.station:migrations")
        config.set_main_option("path_separator", "os")
        (command.downgrade if down else command.upgrade)(config, to)
    engine.dispose()


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A database of the first version with two results in it."""
    file = tmp_path / "history.db"
    moved(file, "0001")
    with sqlite3.connect(file) as plain:
        plain.executemany(
            "INSERT INTO results (id, created, exercise, title, reps, report) VALUES (?, ?, 'squat', 'Squat', 5, ?)",
            [
                ("a1", "2026-11-20 09:00:00.000000", '{"id": "a1"}'),
                ("b2", "2026-11-21 12:00:00.000000", '{"id": "b2"}'),
            ],
        )
    plain.close()
    return file


def test_the_results_of_the_first_version_are_guests_of_the_second(old: Path) -> None:
    history = open_history(old)
    lines = history.recent(9, 0)
    assert [(line.id, line.member, line.reps) for line in lines] == [("b2", None, 5), ("a1", None, 5)]
    assert lines[0].created == NOON
    assert history.load("a1") == {"id": "a1"}
    history.close()


def test_a_migration_that_breaks_off_leaves_the_database_as_it_was(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = database._migrate

    def break_off(connection: sa.Connection) -> None:
        real(connection)
        assert "notes" in sa.inspect(connection).get_table_names()
        raise KeyboardInterrupt

    before = schema(old)
    monkeypatch.setattr(database, "_migrate", break_off)
    with pytest.raises(KeyboardInterrupt):
        open_history(old)
    assert schema(old) == before
    monkeypatch.undo()
    history = open_history(old)
    assert history.count() == 2
    history.close()


def test_a_brought_up_database_takes_courses_and_notes(old: Path) -> None:
    history = open_history(old)
    assert history.claim(["a1"], "ann") == 1
    assert history.add_note("a1", "knees-in", "Slower", NOON) is not None
    history.delete("a1")
    assert history.notes("a1") == []
    history.close()


def test_each_way_to_find_a_result_has_an_index(old: Path) -> None:
    open_history(old).close()
    with sqlite3.connect(old) as plain:
        for where, index in (("member = 'x'", "results_by_member"), ("created < 'x'", "results_by_time")):
            plan = plain.execute(f"EXPLAIN QUERY PLAN SELECT id FROM results WHERE {where}").fetchall()
            assert index in str(plan)
        assert "notes_by_result" in str(
            plain.execute("EXPLAIN QUERY PLAN SELECT 1 FROM notes WHERE result='x'").fetchall()
        )
    plain.close()


def test_a_version_can_be_taken_back_and_the_results_stay(old: Path) -> None:
    open_history(old).close()
    moved(old, "0001", down=True)
    with sqlite3.connect(old) as plain:
        assert plain.execute("SELECT id FROM results ORDER BY number").fetchall() == [("a1",), ("b2",)]
        assert [row[1] for row in plain.execute("PRAGMA table_info(results)")][-1] == "report"
    plain.close()


def test_of_the_results_that_were_there_nobody_knows_how_sure_their_time_is(old: Path) -> None:
    history = open_history(old)
    assert [line.time_unsure for line in history.recent(9, 0)] == [None, None]
    history.store({"exercise": None, "score": {"low": 1, "high": 2}, "first": None, "reps": []}, NOON, time_unsure=True)
    history.close()
    moved(old, "0002", down=True)
    with sqlite3.connect(old) as plain:
        assert plain.execute("SELECT count(*) FROM results").fetchone() == (3,)
        assert [row[1] for row in plain.execute("PRAGMA table_info(results)")][-1] == "member"
    plain.close()


def test_the_versions_follow_one_another() -> None:
    assert list(VERSIONS) == sorted(VERSIONS)
    assert VERSIONS[-1] == HEAD


def schema(file: Path) -> dict[str, object]:
    """All that SQLite knows of the tables in a file, whatever the words were that made them."""
    plain = sqlite3.connect(file)
    names = [name for (name,) in plain.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    found: dict[str, object] = {}
    for name in names:
        for what in ("table_info", "foreign_key_list"):
            found[f"{name}: {what}"] = plain.execute(f"PRAGMA {what}({name})").fetchall()
        # Which index was made first is nobody's business.
        found[f"{name}: indexes"] = sorted(row[1:] for row in plain.execute(f"PRAGMA index_list({name})"))
        (made,) = plain.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()
        found[f"{name}: counts on"] = "AUTOINCREMENT" in made
    indexes = plain.execute("SELECT name FROM sqlite_master WHERE type = 'index' ORDER BY name").fetchall()
    found |= {name: plain.execute(f"PRAGMA index_info({name})").fetchall() for (name,) in indexes}
    found["version"] = plain.execute("SELECT version_num FROM plumbline_version").fetchall()
    plain.close()
    return found


def test_a_new_database_is_what_all_versions_one_after_the_other_make(tmp_path: Path) -> None:
    moved(tmp_path / "step by step.db", HEAD)
    open_history(tmp_path / "at once.db").close()
    made = schema(tmp_path / "at once.db")
    assert made == schema(tmp_path / "step by step.db")
    assert made["version"] == [(HEAD,)]
    assert made["results: counts on"] is True


def test_a_new_database_can_be_taken_back_like_any_other(tmp_path: Path) -> None:
    open_history(tmp_path / "history.db").close()
    moved(tmp_path / "history.db", "0001", down=True)
    moved(tmp_path / "first.db", "0001")
    assert schema(tmp_path / "history.db") == schema(tmp_path / "first.db")


def test_a_new_database_is_made_without_alembic(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from kiosk.station.history import open_history; "
        "open_history(Path(sys.argv[1])).close(); print('alembic' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "history.db")]
    assert subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout == "False\n"
