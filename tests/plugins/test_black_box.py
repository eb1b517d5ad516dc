"""What a process leaves behind that was ended by a plugin; each run is a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.plugins.black_box import BlackBox, last_run
from kiosk.plugins.watch import label

HANG_S = 1.0
RUN = """
import faulthandler, os, re, signal, sys
from pathlib import Path
from kiosk.plugins.black_box import BlackBox
from kiosk.plugins.watch import label

box = BlackBox(Path(sys.argv[1]), float(sys.argv[2]))
box.enter(label("fine", "start of 'fine'"))
box.leave()
box.alive()
{ends}
"""
CALL = "box.enter(label('split', \"effort of 'split-squat'\"))\n"
#: A runaway regular expression holds the interpreter: no other thread of Python runs until it is done.
RUNAWAY = CALL + "re.fullmatch('(a|aa)+', 'a' * 60 + 'b')"
LOOP = CALL + "while True: pass"
CRASH = CALL + "faulthandler._sigsegv()"


def run(folder: Path, ends: str) -> int:
    words = [sys.executable, "-c", RUN.format(ends=ends), str(folder), str(HANG_S)]
    return subprocess.run(words, check=False, capture_output=True, timeout=60).returncode


@pytest.mark.parametrize("ends", [LOOP, RUNAWAY], ids=["a loop", "a regular expression"])
def test_a_function_that_never_returns_ends_the_process_and_is_named(tmp_path: Path, ends: str) -> None:
    assert run(tmp_path, ends) == 1
    fault = last_run(tmp_path)
    assert fault is not None
    assert (fault.plugin, fault.kind) == ("split", "hung")
    assert fault.says.startswith("effort of 'split-squat' did not come back within 1 s")
    assert "most recent call first" in (tmp_path / "plugin_trace_last.txt").read_text()


def test_a_crash_is_told_with_the_plugin_that_was_called(tmp_path: Path) -> None:
    assert run(tmp_path, CRASH) < 0
    fault = last_run(tmp_path)
    assert fault is not None
    assert (fault.plugin, fault.kind) == ("split", "crashed")
    assert "crashed the kiosk" in fault.says


def test_it_is_told_once(tmp_path: Path) -> None:
    run(tmp_path, CRASH)
    assert last_run(tmp_path) is not None
    assert last_run(tmp_path) is None


@pytest.mark.parametrize(
    "ends",
    ["box.close()", CALL + "os.kill(os.getpid(), signal.SIGKILL)", CALL + "os._exit(0)", "raise RuntimeError"],
    ids=["in order", "killed in a call", "left in a call", "an error of the kiosk"],
)
def test_every_other_end_blames_nobody(tmp_path: Path, ends: str) -> None:
    run(tmp_path, ends)
    assert last_run(tmp_path) is None


def test_a_loop_that_stands_still_outside_of_plugins_ends_the_process_and_blames_nobody(tmp_path: Path) -> None:
    assert run(tmp_path, "while True: pass") == 1
    assert last_run(tmp_path) is None


def test_at_rest_the_loop_may_take_its_time(tmp_path: Path) -> None:
    wait = "box.rest()\nimport threading\nthreading.Event().wait(1.5 * float(sys.argv[2]))\nbox.close()"
    assert run(tmp_path, wait) == 0


def test_what_is_known_to_take_long_gets_its_time_and_no_more(tmp_path: Path) -> None:
    hour = "import threading\nthreading.Event().wait(3600)"
    within = f"box.alive(30)\nthreading.Event().wait(1.5 * {HANG_S})\nbox.close()"
    assert run(tmp_path, f"import threading\n{within}") == 0
    assert run(tmp_path, f"{CALL}box.alive({HANG_S} + 1)\n{hour}") == 1
    fault = last_run(tmp_path)
    assert fault is not None
    assert fault.says.startswith("effort of 'split-squat' did not come back within 2 s")


def test_a_folder_without_a_run_blames_nobody(tmp_path: Path) -> None:
    assert last_run(tmp_path / "nowhere") is None


def test_two_kiosks_do_not_share_a_box(tmp_path: Path) -> None:
    box = BlackBox(tmp_path, 60.0)
    box.enter(label("split", "start"))
    with pytest.raises(BlockingIOError):
        BlackBox(tmp_path, 60.0)
    box.leave()
    box.close()
    box.close()
    BlackBox(tmp_path, 60.0).close()


def test_a_shorter_name_leaves_nothing_of_a_longer_one(tmp_path: Path) -> None:
    long, short = ("box.enter(label('a-very-long-name', 'start of something'))\nbox.leave()\n", CRASH)
    run(tmp_path, long + short)
    fault = last_run(tmp_path)
    assert fault is not None
    assert fault.plugin == "split"
    assert "something" not in fault.says


def test_the_fault_handler_is_told_of_life_once_a_second_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[float] = []
    now_s = 0.0
    box = BlackBox(tmp_path, 60.0, clock=lambda: now_s)
    monkeypatch.setattr("faulthandler.dump_traceback_later", lambda *_, **__: told.append(now_s))
    for frame in range(90):
        now_s = frame / 30
        box.alive()
    box.close()
    assert told == [0.0, 1.0, 2.0]
