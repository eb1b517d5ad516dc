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
    file.write_text(
        f'state_dir = "{tmp_path / "state"}"\n[history]\nkeep_days = 100\nkeep_guest_days = 10\ntrust_clock = true\n'
    )
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


def stored(tmp_path: Path, count: int = 1) -> Path:
    file = tmp_path / "state" / "history.db"
    with contextlib.closing(open_history(file)) as history:
        for _ in range(count):
            history.store(report(), datetime.now(UTC))
    return file


def test_while_nobody_has_set_the_clock_nothing_is_deleted(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text(config.read_text().replace("trust_clock = true", ""))
    monkeypatch.setattr("kiosk.health.clock_synchronised", lambda _roots: False)
    with contextlib.closing(open_history(tmp_path / "state" / "history.db")) as history:
        history.store(report(), datetime.now(UTC) - timedelta(days=5000))
    assert main(["history", "delete-old", "--config", str(config)]) == 0
    assert "Nobody has set the clock" in capsys.readouterr().out
    monkeypatch.setattr("kiosk.health.clock_synchronised", lambda _roots: True)
    assert main(["history", "delete-old", "--config", str(config)]) == 0
    assert capsys.readouterr().out == "Deleted 1 result, kept 0.\n"


def test_a_copy_is_made_and_the_way_back_is_told(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stored(tmp_path)
    folder = tmp_path / "backups"
    for _ in range(3):
        assert main(["history", "backup", "--to", str(folder), "--keep", "2", "--config", str(config)]) == 0
    copies = sorted(folder.iterdir())
    assert len(copies) == 2
    assert f"Copied to {copies[-1]}" in capsys.readouterr().out
    stored(tmp_path)
    assert main(["history", "restore", str(copies[0]), "--config", str(config)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Restored 1 result to ")
    assert "history.db.before-restore" in out


def test_without_results_there_is_nothing_to_copy(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["history", "backup", "--to", str(tmp_path / "backups"), "--config", str(config)]) == 0
    assert "There are no results yet" in capsys.readouterr().out
    assert not (tmp_path / "backups").exists()


@pytest.mark.parametrize("words", [["backup", "--to", "b"], ["restore", "c.db"]])
def test_another_kind_of_database_is_refused_with_what_to_do(
    words: list[str], config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config.write_text('state_dir = "state"\nhistory = "postgresql://ann:secret@localhost/gym"\n')
    assert main(["history", *words, "--config", str(config)]) == 2
    said = capsys.readouterr().err
    assert "is no SQLite file" in said
    assert "pg_dump" in said
    assert "secret" not in said


def test_under_a_running_kiosk_nothing_is_restored(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = stored(tmp_path)
    monkeypatch.setattr("kiosk.running.ask_running", lambda _settings: {"running": True})
    assert main(["history", "restore", str(file), "--config", str(config)]) == 2
    assert "stop it first" in capsys.readouterr().err


@pytest.mark.parametrize("keep", ["0", "-1", "many", "1.5"])
def test_a_number_of_copies_must_be_one(keep: str, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["history", "backup", "--to", "b", "--keep", keep, "--config", str(config)])
    assert ended.value.code == 2
    assert "--keep" in capsys.readouterr().err
