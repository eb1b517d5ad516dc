"""``kiosk history``: old results are deleted by the settings' days, and a kiosk without results is no mistake."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.cli import main
from kiosk.station.history import open_history


def report() -> dict[str, Any]:
    score = {"value": 78, "low": 72, "high": 84}
    return {"exercise": "squat", "title": "Squat", "score": score, "first": None, "reps": []}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "kiosk.toml"
    file.write_text(f'state_dir = "{tmp_path / "state"}"\n[history]\nkeep_days = 100\nkeep_guest_days = 10\n')
    return file


def test_what_is_too_old_is_deleted_and_told(config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "state" / "history.db"
    with contextlib.closing(open_history(file)) as history:
        ids = [history.store(report(), datetime.now(UTC) - timedelta(days=days)) for days in (5, 50, 50, 500)]
        history.claim(ids[2:], "ann")
    assert main(["history", "delete-old", "--config", str(config)]) == 0
    assert capsys.readouterr().out == "Deleted 2 results, kept 2.\n"
    with contextlib.closing(open_history(file)) as history:
        assert [line.id for line in history.recent(9, 0)] == [ids[2], ids[0]]
    assert main(["history", "delete-old", "--config", str(config)]) == 0
    assert capsys.readouterr().out == "Deleted 0 results, kept 2.\n"


def test_without_a_database_none_is_made(config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["history", "delete-old", "--config", str(config)]) == 0
    assert "There are no results yet" in capsys.readouterr().out
    assert not (tmp_path / "state").exists()


def test_a_file_that_is_no_database_is_told(config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "history.db").write_bytes(b"no database at all, " * 60)
    assert main(["history", "delete-old", "--config", str(config)]) == 2
    assert "is not a database" in capsys.readouterr().err
