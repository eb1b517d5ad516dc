import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from kiosk.errors import HistoryError
from kiosk.station import database
from kiosk.station.database import open_database
from kiosk.station.history import History, Summary, open_history
from kiosk.station.migrations import HEAD, VERSIONS

NOON = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)


def report(**changes: Any) -> dict[str, Any]:
    """A small report: two complete reps, one that was not."""
    return {
        "schema": 1,
        "exercise": "overhead-squat",
        "title": "Overhead squat",
        "reps": [{"number": n, "complete": n != 3} for n in (1, 2, 3)],
        "score": {"value": 78, "low": 72, "high": 84, "seen": 7, "of": 12},
        "first": "knees-in",
        "notes": ["Größe · 身 \u2028 'quote' \\"],
        **changes,
    }


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state of the kiosk?" / "50%" / "history.db"


@pytest.fixture
def history(file: Path) -> Iterator[History]:
    opened = open_history(file)
    yield opened
    opened.close()


# --- storing and reading ------------------------------------------------------------------------------------


def test_a_stored_result_comes_back_with_its_name_and_time(history: History) -> None:
    name = history.store(report(), NOON)
    assert history.load(name) == report(id=name, created="2026-11-21T12:00:00+00:00")


def test_the_stored_name_replaces_one_that_the_report_brought(history: History) -> None:
    name = history.store(report(id="1", created="yesterday"), NOON)
    loaded = history.load(name)
    assert loaded is not None
    assert (loaded["id"], loaded["created"]) == (name, "2026-11-21T12:00:00+00:00")
    assert history.load("1") is None


def test_the_report_that_was_handed_over_is_left_as_it_was(history: History) -> None:
    mine = report()
    history.store(mine, NOON)
    assert mine == report()


def test_names_are_long_different_and_fit_for_an_address(history: History) -> None:
    names = {history.store(report(), NOON) for _ in range(50)}
    assert len(names) == 50
    assert all(re.fullmatch(r"[\w-]{12}", name) for name in names)


def test_an_unknown_name_is_no_result(history: History) -> None:
    history.store(report(), NOON)
    for name in ("", "nothing", "%", "' OR 1=1 --", "\x00"):
        assert history.load(name) is None


def test_a_line_of_the_list_tells_the_result(history: History) -> None:
    name = history.store(report(), NOON)
    assert history.recent(10, 0) == [
        Summary(name, NOON, "overhead-squat", "Overhead squat", 72, 84, "knees-in", reps=2)
    ]


def test_a_result_without_exercise_score_and_reps_can_be_stored(history: History) -> None:
    empty = report(exercise=None, title=None, first=None, reps=[], score={"low": None, "high": None})
    name = history.store(empty, NOON)
    assert history.recent(1, 0) == [Summary(name, NOON, None, None, None, None, None, reps=0)]


def test_the_list_keeps_the_order_of_storing_though_the_clock_jumps(history: History) -> None:
    times = [NOON, NOON - timedelta(days=365), NOON + timedelta(days=1), NOON]
    names = [history.store(report(), t) for t in times]
    assert [line.id for line in history.recent(10, 0)] == names[::-1]


def test_the_list_comes_in_pages(history: History) -> None:
    names = [history.store(report(), NOON) for _ in range(5)][::-1]
    assert [line.id for line in history.recent(2, 0)] == names[:2]
    assert [line.id for line in history.recent(2, 4)] == names[4:]
    assert history.recent(2, 5) == []
    assert history.recent(0, 0) == []
    assert history.count() == 5


def test_a_deleted_result_is_gone_and_its_place_is_not_given_again(history: History) -> None:
    first, second = (history.store(report(), NOON) for _ in range(2))
    assert history.delete(second)
    assert not history.delete(second)
    assert history.load(second) is None
    assert history.count() == 1
    third = history.store(report(), NOON)
    assert [line.id for line in history.recent(9, 0)] == [third, first]


def test_times_are_kept_in_utc_whatever_zone_they_came_in(history: History) -> None:
    east = NOON.astimezone(timezone(timedelta(hours=9)))
    name = history.store(report(), east)
    assert history.recent(1, 0)[0].created == NOON
    assert history.recent(1, 0)[0].created.tzinfo is UTC
    loaded = history.load(name)
    assert loaded is not None
    assert loaded["created"] == "2026-11-21T12:00:00+00:00"


def test_a_time_without_a_zone_is_a_mistake_of_the_caller(history: History) -> None:
    with pytest.raises(ValueError, match="time zone"):
        history.store(report(), datetime(2026, 11, 21))
    assert history.count() == 0


def test_a_report_that_is_no_json_stores_nothing(history: History) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        history.store(report(value=float("nan")), NOON)
    assert history.count() == 0


def test_results_outlive_the_process(history: History, file: Path) -> None:
    name = history.store(report(), NOON)
    history.close()
    history.close()
    again = open_history(file)
    assert again.load(name) is not None
    assert again.name == str(file)
    again.check()
    again.close()


# --- the database itself ------------------------------------------------------------------------------------


def test_every_connection_is_durable_and_lets_readers_read(file: Path) -> None:
    opened = open_database(file, 1.5)
    with opened.begin() as one, opened.begin() as two:
        for connection in (one, two):
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 1500
    opened.engine.dispose()


def test_a_database_that_is_up_to_date_opens_without_alembic(history: History, file: Path) -> None:
    history.close()
    code = (
        "import sys; from pathlib import Path; from kiosk.station.history import open_history;"
        f"open_history(Path({str(file)!r})).close(); print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_the_listed_versions_are_those_of_the_folder() -> None:
    config = Config()
    config.set_main_option("script_location", "kiosk.station:migrations")
    config.set_main_option("path_separator", "os")
    folder = ScriptDirectory.from_config(config)
    assert tuple(revision.revision for revision in folder.walk_revisions())[::-1] == VERSIONS
    assert folder.get_heads() == [HEAD]


def test_the_migrated_table_has_the_columns_that_are_read_and_written(file: Path) -> None:
    from kiosk.station.history import _RESULTS

    opened = open_database(file, 1.0)
    with opened.begin() as connection:
        columns = {column["name"]: column for column in sa.inspect(connection).get_columns("results")}
        assert list(columns) == [column.name for column in _RESULTS.columns]
        for column in _RESULTS.columns:
            assert str(columns[column.name]["type"]) == str(column.type)
        assert sa.inspect(connection).get_unique_constraints("results")[0]["column_names"] == ["id"]
    opened.engine.dispose()


def test_an_empty_file_is_an_empty_database(tmp_path: Path) -> None:
    file = tmp_path / "history.db"
    file.touch()
    opened = open_history(f"sqlite:///{file}")
    assert opened.count() == 0
    opened.close()


def test_a_database_whose_making_breaks_off_stays_empty(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = database.make

    def break_off(connection: sa.Connection) -> None:
        real(connection)
        assert "results" in sa.inspect(connection).get_table_names()
        raise KeyboardInterrupt

    monkeypatch.setattr(database, "make", break_off)
    with pytest.raises(KeyboardInterrupt):
        open_history(file)
    with sqlite3.connect(file) as plain:
        assert plain.execute("SELECT name FROM sqlite_master").fetchall() == []
    plain.close()
    monkeypatch.undo()
    opened = open_history(file)
    assert opened.count() == 0
    opened.close()


# --- what can be wrong -----------------------------------------------------------------------------------------


def test_a_database_of_a_newer_version_is_refused_and_not_altered(history: History, file: Path) -> None:
    history.store(report(), NOON)
    history.close()
    with sqlite3.connect(file) as plain:
        plain.execute("UPDATE plumbline_version SET version_num = '9999'")
    plain.close()
    before = file.read_bytes()
    with pytest.raises(
        HistoryError,
        match=rf"{re.escape(str(file))}, was written by a newer version of the kiosk \(9999; .*Update the kiosk",
    ):
        open_history(file)
    assert file.read_bytes() == before


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    with sqlite3.connect(file) as plain:
        plain.execute("CREATE TABLE songs (title)")
    plain.close()
    with pytest.raises(HistoryError, match=r"other.db is a database of another program: .* 'songs'"):
        open_history(file)


@pytest.mark.parametrize("content", [b"not a database, just text\n" * 99, b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_file_that_is_no_database_is_refused_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "history.db"
    file.write_bytes(content)
    with pytest.raises(HistoryError, match=rf"{re.escape(str(file))}, is (not a database|damaged)\. Move the file"):
        open_history(file)
    assert file.read_bytes() == content


def test_a_damaged_file_is_told_by_check(history: History, file: Path) -> None:
    for _ in range(50):
        history.store(report(notes=["x" * 2000]), NOON)
    history.close()
    content = bytearray(file.read_bytes())
    for start in range(4096 * 6, len(content) - 4096, 4096):
        content[start : start + 100] = b"\xff" * 100
    file.write_bytes(content)
    opened = open_history(file)
    with pytest.raises(HistoryError, match=rf"{re.escape(str(file))}, is damaged"):
        opened.check()
    with pytest.raises(HistoryError, match="is damaged"):
        opened.recent(50, 0)
    opened.close()


def test_a_damaged_row_is_told_with_its_result(history: History, file: Path) -> None:
    name = history.store(report(), NOON)
    with sqlite3.connect(file) as plain:
        plain.execute("UPDATE results SET report = '{' || report")
    plain.close()
    with pytest.raises(HistoryError, match=f"The result {name} in .* is damaged"):
        history.load(name)


def test_a_locked_database_is_told_and_works_again_afterwards(history: History, file: Path) -> None:
    kept = history.store(report(), NOON)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    impatient = "is locked by another program that writes to it"
    with pytest.raises(HistoryError, match=impatient):
        open_history(file, busy_timeout_s=0.01)
    other.execute("ROLLBACK")
    opened = open_history(file, busy_timeout_s=0.01)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(HistoryError, match=impatient):
        opened.store(report(), NOON)
    assert opened.load(kept) is not None
    other.execute("ROLLBACK")
    other.close()
    opened.store(report(), NOON)
    assert opened.count() == 2
    opened.close()


def test_a_read_only_database_is_told_when_it_is_opened(history: History, file: Path, tmp_path: Path) -> None:
    history.close()
    plain = tmp_path / "plain.db"
    plain.write_bytes(file.read_bytes())
    with pytest.raises(HistoryError, match=r"is read-only\. Let the kiosk's user write"):
        open_history(f"sqlite:///file:{plain}?mode=ro&uri=true")


def test_a_full_disk_is_told_and_earlier_results_stay(file: Path) -> None:
    opened = open_database(file, 1.0)
    history = History(opened)
    names = [history.store(report(), NOON) for _ in range(5)]
    with opened.begin() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(HistoryError, match=r"cannot grow: the disk is full\. Make room"):
        history.store(report(notes=["x" * 100_000]), NOON)
    assert [line.id for line in history.recent(9, 0)] == names[::-1]
    assert all(history.load(name) for name in names)
    with opened.begin() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 100000")
    assert history.load(history.store(report(notes=["x" * 100_000]), NOON)) is not None
    history.check()
    history.close()


FILL = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from kiosk.errors import HistoryError
from kiosk.station.history import open_history

history = open_history(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
report = {"exercise": None, "score": {"low": None, "high": None}, "first": None, "reps": [], "x": "x" * 9000}
while True:
    try:
        print(history.store(report, datetime.now(UTC)), flush=True)
    except HistoryError as error:
        print(f"refused: {error}", flush=True)
        break
"""


def test_a_disk_that_fails_in_the_middle_of_a_write_costs_no_stored_result(file: Path) -> None:
    done = subprocess.run([sys.executable, "-c", FILL, file], capture_output=True, text=True, check=True)
    *names, refusal = done.stdout.splitlines()
    assert len(names) > 5
    assert refusal.startswith("refused: The database of results")
    assert "cannot grow: the disk is full" in refusal or "the disk reports an error" in refusal
    opened = open_history(file)
    opened.check()
    assert [line.id for line in opened.recent(1000, 0)] == names[::-1]
    opened.close()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with pytest.raises(HistoryError, match=r"The folder of the database of results, .*state/kiosk, cannot be made"):
        open_history(tmp_path / "state" / "kiosk" / "history.db")


def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match=r"is a folder\. Name a file in it"):
        open_history(tmp_path)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused(url: str) -> None:
    with pytest.raises(HistoryError, match="in memory loses every result"):
        open_history(url)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("firebird://gym:secret@server/results", "needs a database driver that is not installed"),
        ("mssql+pymssql://gym:secret@server/results", "needs a database driver that is not installed"),
        ("gym:secret@server", "is not a database URL"),
        ("sqlite+://gym:secret@:port/x", "is not a database URL"),
    ],
)
def test_a_wrong_url_is_told_without_its_password(url: str, reason: str) -> None:
    with pytest.raises(HistoryError, match=reason) as caught:
        open_history(url)
    assert str(caught.value).startswith("history.url")
    assert "secret" not in str(caught.value)


# --- several processes, and the end of one -----------------------------------------------------------------

WRITE = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
print("started", flush=True)
from kiosk.station.history import open_history
history = open_history(Path(sys.argv[1]), busy_timeout_s=30)
report = json.loads(sys.argv[2])
for _ in range(int(sys.argv[3])):
    print(history.store(report, datetime.now(UTC)), flush=True)
history.close()
"""

READ = """
import sys
from pathlib import Path
from kiosk.station.history import open_history
history = open_history(Path(sys.argv[1]), busy_timeout_s=30)
seen, looks = 0, 0
while seen < int(sys.argv[2]):
    count = history.count()
    assert count >= seen, (count, seen)
    seen, looks = count, looks + 1
    for line in history.recent(1, 0):
        assert history.load(line.id)["id"] == line.id
history.close()
print(looks)
"""


def start(code: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_kill_9_at_any_moment_loses_no_result_that_was_announced(file: Path) -> None:
    chance = Random(9)
    big = json.dumps(report(notes=["x" * 20_000]))
    announced: list[str] = []
    # The first ones die while they start, make the database or store their first result.
    for heard in [1, 1, 1, 2, 2, *(chance.randrange(3, 60) for _ in range(6))]:
        writer = start(WRITE, file, big, 100_000)
        assert writer.stdout is not None and writer.stderr is not None
        lines = [writer.stdout.readline() for _ in range(heard)]
        writer.kill()
        # Not `communicate`: it would lose what `readline` has already taken into its buffer.
        with writer:
            lines += writer.stdout.read().splitlines(keepends=True)
            assert writer.stderr.read() == ""
        announced += [line.strip() for line in lines[1:] if line.endswith("\n")]

        opened = open_history(file)
        opened.check()
        kept = [line.id for line in opened.recent(100_000, 0)][::-1]
        assert [name for name in kept if name in set(announced)] == announced
        assert all((opened.load(name) or {})["id"] == name for name in announced[-20:])
        # What was stored and not announced is whole as well: at most the one at which each process died.
        assert len(kept) <= len(announced) + 11
        opened.close()
    assert len(announced) > 100


def test_others_read_while_one_writes(file: Path) -> None:
    processes = [
        start(READ, file, 150),
        start(READ, file, 150),
        start(WRITE, file, json.dumps(report()), 150),
    ]
    ends = [process.communicate(timeout=120) for process in processes]
    assert [complaints for _, complaints in ends] == ["", "", ""]
    assert all(int(looks) >= 1 for looks, _ in ends[:2])
    assert len(ends[2][0].splitlines()) == 151


def test_several_may_make_the_database_at_once(file: Path) -> None:
    processes = [start(WRITE, file, json.dumps(report()), 3) for _ in range(4)]
    ends = [process.communicate(timeout=120) for process in processes]
    assert [complaints for _, complaints in ends] == [""] * 4
    opened = open_history(file)
    assert opened.count() == 12
    opened.close()
