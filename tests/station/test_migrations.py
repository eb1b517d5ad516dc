"""Databases of older versions: brought up to date with everything that is in them."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

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
