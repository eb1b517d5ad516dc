"""The file system of the results turns read-only, and full, for real: a small one of its own, in a mount namespace."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.commands import ROOT, process_environ

#: What both scripts need. They run as root in a mount namespace of their own: nobody else ever sees this file system.
SHARED = """
import subprocess, sys
from datetime import UTC, datetime
from pathlib import Path
from kiosk.movement.report import Report, Source
from kiosk.movement.report_json import report_json
from kiosk.station.results import Results

folder, how = Path(sys.argv[1]), sys.argv[2]
filler = folder / "filler"

def mount(*options):
    subprocess.run(["mount", *options], check=True)

def report(name):
    return report_json(Report(Source(name, 10, 30.0, 0.3, (640, 480)), "fake", None, None, None))

def spoil():
    if how == "read-only":
        mount("-o", "remount,ro", str(folder))
        return
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(b"x" * 4096):
                pass
        except OSError:
            pass

def mend():
    if how == "read-only":
        mount("-o", "remount,rw", str(folder))
    else:
        filler.unlink()
"""

MEANWHILE = (
    SHARED
    + """
import json
from kiosk.health import read_health
from kiosk.station.alarms import alarms
from kiosk.station.history import open_history

mount("-t", "tmpfs", "-o", "size=2m", "state", str(folder))
history = open_history(folder / "history.db")
results = Results(history)
results.add(report("before"))
if how == "read-only":
    # The kernel turns a faulty file system over with files open in it; we may not, and it is opened anew.
    history.close()
spoil()
keys = [results.add(report(name)) for name in ("one", "two")]
during = {"problem": results.problem, "shown": [results.load(key)["source"]["name"] for key in keys]}
during["alarms"] = alarms(read_health(folder))
mend()
results.retry()
stored = [history.load(line.id)["source"]["name"] for line in history.recent(9, 0)]
print(json.dumps({**during, "after": results.problem, "in_order": stored[::-1]}))
"""
)

#: The same where the disk takes nothing from the kiosk's start on, with a database of before.
FROM_THE_START = (
    SHARED
    + """
import json
from kiosk.errors import HistoryError
from kiosk.station.history import open_history

mount("-t", "tmpfs", "-o", "size=2m", "state", str(folder))
place = folder / "history.db"
first = open_history(place)
first.store(report("before"), datetime.now(UTC))
first.close()
spoil()
try:
    open_history(place)
    refused = None
except HistoryError as error:
    refused = str(error)
results = Results(open_history(place, patient=True))
at_start = results.problem
keys = [results.add(report("one"))]
during = {"refused": refused, "at_start": at_start, "shown": [results.load(key)["source"]["name"] for key in keys]}
mend()
results.retry()
history = open_history(place)
stored = [history.load(line.id)["source"]["name"] for line in history.recent(9, 0)]
print(json.dumps({**during, "after": results.problem, "in_order": stored[::-1]}))
"""
)


def may_mount() -> bool:
    unshare = shutil.which("unshare")
    if unshare is None:
        return False
    words = [unshare, "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def result_of(script: str, folder: Path, how: str) -> dict[str, Any]:
    words = ["unshare", "--mount", sys.executable, "-c", script, str(folder), how]
    done = subprocess.run(
        words, cwd=ROOT, env=process_environ(folder, {}), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


mounts = pytest.mark.skipif(
    not may_mount(), reason="a file system can be mounted here by root alone, in a namespace of its own"
)


@mounts
@pytest.mark.parametrize(("how", "why"), [("read-only", "read-only"), ("full", "full")])
def test_results_are_shown_and_said_to_be_unsaved_and_stored_in_order_when_it_can_be_written_again(
    tmp_path: Path, how: str, why: str
) -> None:
    found = result_of(MEANWHILE, tmp_path, how)
    assert found["problem"].startswith("Results are not being saved: The database of results, ")
    assert found["shown"] == ["one", "two"]
    assert any(why in alarm for alarm in found["alarms"])
    assert (found["after"], found["in_order"]) == (None, ["before", "one", "two"])


@mounts
@pytest.mark.parametrize(("how", "why"), [("read-only", "can only be read"), ("full", "disk")])
def test_a_kiosk_whose_disk_takes_nothing_at_its_start_scans_all_the_same_and_stores_later(
    tmp_path: Path, how: str, why: str
) -> None:
    found = result_of(FROM_THE_START, tmp_path, how)
    assert why in found["refused"], "without patience it is an error"
    assert found["at_start"].startswith("Results are not being saved: The database of results, ")
    assert found["shown"] == ["one"]
    assert (found["after"], found["in_order"]) == (None, ["before", "one"])
