"""The kiosk is ended at any moment, thirty times: what was finished is there, and the database is whole.

A killed process is not quite a power cut: what the kernel had not brought to the disk survives it. The machine of
tests/appliance loses its power for real.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.commands import ROOT, process_environ

TIMES = 30
#: Forks a writer of results, ends it after some of them, and begins again; prints what was told to be stored.
CUTS = """
import os, random, signal, sys
from datetime import UTC, datetime
from pathlib import Path
import sqlalchemy.dialects.sqlite
from kiosk.station.history import open_history

file, times = Path(sys.argv[1]), int(sys.argv[2])
dice = random.Random(6)

def write(pipe):
    history = open_history(file)
    for n in range(10**6):
        report = {"exercise": "squat", "score": {"low": 1, "high": 2}, "first": None, "reps": [], "text": "x" * 50_000}
        os.write(pipe, history.store(report, datetime.now(UTC), time_unsure=bool(n % 2)).encode() + b"\\n")

for _ in range(times):
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        write(into)
    os.close(into)
    told = os.fdopen(out, "rb")
    for _ in range(dice.randrange(12)):
        sys.stdout.buffer.write(told.readline())
    # Somewhere in the next result, or before the database is open.
    for _ in range(dice.randrange(200_000)):
        pass
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    sys.stdout.buffer.write(told.read())
    told.close()
"""


def test_nothing_that_was_finished_is_lost_however_often_the_kiosk_is_cut_off(tmp_path: Path) -> None:
    file = tmp_path / "history.db"
    words = [sys.executable, "-c", CUTS, str(file), str(TIMES)]
    done = subprocess.run(
        words, cwd=ROOT, env=process_environ(tmp_path, {}), capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    told = [line for line in done.stdout.splitlines() if len(line) == 12]
    assert len(told) >= 2 * TIMES
    with closing(sqlite3.connect(file)) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        stored = [row[0] for row in plain.execute("SELECT id FROM results ORDER BY number")]
        # One that was cut off between the disk and its word may be there; none that was told is missing, or torn.
        assert [name for name in stored if name in set(told)] == told
        assert len(stored) - len(told) <= TIMES
        assert plain.execute("SELECT count(*) FROM results WHERE length(report) < 50000").fetchone() == (0,)


def test_the_writers_ids_are_as_long_as_this_test_takes_them_for(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from kiosk.station.history import open_history

    with closing(open_history(tmp_path / "history.db")) as history:
        report = {"exercise": None, "score": {"low": None, "high": None}, "first": None, "reps": []}
        assert len(history.store(report, datetime.now(UTC))) == 12
