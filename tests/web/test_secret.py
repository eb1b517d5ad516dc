"""The secret: made once, kept by the kiosk's user alone, never replaced."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from kiosk.errors import WebError
from kiosk.web.secret import FILE, SECRET_BYTES, read_or_make_secret


def test_the_first_start_makes_it_and_the_next_reads_it(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "of" / "it"
    made = read_or_make_secret(folder)
    assert len(made) == SECRET_BYTES
    assert read_or_make_secret(folder) == made
    assert [path.name for path in folder.iterdir()] == [FILE]


def test_nobody_else_reads_it(tmp_path: Path) -> None:
    read_or_make_secret(tmp_path)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_two_kiosks_have_two(tmp_path: Path) -> None:
    assert read_or_make_secret(tmp_path / "a") != read_or_make_secret(tmp_path / "b")


def test_of_two_first_starts_at_once_one_secret_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = b"t" * SECRET_BYTES
    monkeypatch.setattr(Path, "exists", lambda _path: False)
    (tmp_path / FILE).write_bytes(theirs)
    assert read_or_make_secret(tmp_path) == theirs
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
def test_a_damaged_one_is_refused_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(WebError, match=r"is damaged.*Bring back a copy, or delete the file"):
        read_or_make_secret(tmp_path)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WebError, match=r"cannot be read or made.*state_dir"):
        read_or_make_secret(tmp_path / "file")
