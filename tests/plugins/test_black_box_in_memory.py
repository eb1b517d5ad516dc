"""The black box in memory: what it tells is the same, and its trace is kept where it outlives the machine's power."""

from __future__ import annotations

from pathlib import Path

from kiosk.plugins.black_box import last_run

from .test_black_box import CRASH, run


def test_a_trace_is_put_aside_in_the_state_folder_and_told_once(tmp_path: Path) -> None:
    memory, state = tmp_path / "run", tmp_path / "state"
    run(memory, CRASH)
    fault = last_run(memory, state)
    assert fault is not None
    assert str(state / "plugin_trace_last.txt") in fault.says
    assert "most recent call first" in (state / "plugin_trace_last.txt").read_text()
    assert last_run(memory, state) is None


def test_where_the_state_cannot_be_written_the_trace_stays_in_memory(tmp_path: Path) -> None:
    memory, state = tmp_path / "run", tmp_path / "file"
    state.touch()
    run(memory, CRASH)
    fault = last_run(memory, state)
    assert fault is not None
    assert str(memory / "plugin_trace_last.txt") in fault.says
    assert last_run(memory, state) is None


def test_a_quiet_run_leaves_nothing_in_the_state_folder(tmp_path: Path) -> None:
    memory, state = tmp_path / "run", tmp_path / "state"
    run(memory, "box.close()")
    assert last_run(memory, state) is None
    assert not state.exists()
