"""``kiosk trainer``: the password that opens the trainer's side, and its removal."""

from __future__ import annotations

import io
import stat
from pathlib import Path

import pytest

from kiosk.config import load_settings
from kiosk.doctor import trainer as doctors_word
from kiosk.web.trainer.password import FILE_NAME, LEAST_LENGTH, MOST_LENGTH, read_password, write_password
from tests.commands import Kiosk, make_kiosk

GOOD = "four quiet green words"


@pytest.fixture
def kiosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kiosk:
    monkeypatch.setenv("KIOSK_STATE_DIR", str(tmp_path / "state"))
    return make_kiosk(tmp_path, monkeypatch, capsys)


@pytest.fixture
def state(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = kiosk.folder / "state"
    monkeypatch.setenv("KIOSK_STATE_DIR", str(folder))
    return folder


def piped(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def typed(monkeypatch: pytest.MonkeyPatch, *words: str) -> list[str]:
    asked: list[str] = []
    answers = iter(words)

    def answer(prompt: str) -> str:
        asked.append(prompt)
        return next(answers)

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", answer)
    return asked


def test_the_password_comes_from_a_pipe_to_its_first_line_break(
    kiosk: Kiosk, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(monkeypatch, f"{GOOD}\nnot this\n")
    said = kiosk("trainer", "password", "--stdin")
    assert said.code == 0
    assert GOOD not in said.out
    password = read_password(state)
    assert password is not None
    assert password.fits(GOOD)
    assert not password.fits(GOOD + " ")


def test_on_a_terminal_it_is_asked_for_twice(kiosk: Kiosk, state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = typed(monkeypatch, GOOD, GOOD)
    assert kiosk("trainer", "password").code == 0
    assert len(asked) == 2
    assert read_password(state) is not None


def test_two_different_ones_change_nothing(kiosk: Kiosk, state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, GOOD, GOOD + "x")
    assert "not the same" in kiosk("trainer", "password").complaint
    assert read_password(state) is None


def test_without_a_terminal_it_says_how_to_hand_it_over(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    piped(monkeypatch, GOOD)
    assert "--stdin" in kiosk("trainer", "password").complaint


@pytest.mark.parametrize("length", [0, LEAST_LENGTH - 1, MOST_LENGTH + 1])
def test_a_password_too_short_or_too_long_is_refused(
    kiosk: Kiosk, state: Path, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    piped(monkeypatch, "x" * length)
    assert f"has {length} characters" in kiosk("trainer", "password", "--stdin").complaint
    assert read_password(state) is None


def test_only_a_salted_hash_is_kept_and_only_its_user_reads_it(tmp_path: Path) -> None:
    file = write_password(tmp_path, GOOD)
    first = file.read_text()
    assert GOOD not in first
    assert "scrypt:" in first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    write_password(tmp_path, GOOD)
    assert file.read_text() != first
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_removing_closes_the_side_and_says_when_there_is_none(
    kiosk: Kiosk, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_password(state, GOOD)
    assert kiosk("trainer", "remove").code == 0
    assert read_password(state) is None
    assert "none to remove" in kiosk("trainer", "remove").complaint


def test_a_folder_that_cannot_be_written_is_one_sentence(
    kiosk: Kiosk, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state.write_text("in the way")
    piped(monkeypatch, GOOD)
    assert "cannot be kept" in kiosk("trainer", "password", "--stdin").complaint


def test_doctor_says_whether_one_is_set(tmp_path: Path) -> None:
    settings = load_settings(None, {"KIOSK_STATE_DIR": str(tmp_path)})
    closed = doctors_word(settings)
    assert (closed.ok, closed.says) == (None, "no password is set")
    assert "kiosk trainer password" in closed.means
    write_password(tmp_path, GOOD)
    assert doctors_word(settings).ok is True
    (tmp_path / FILE_NAME).write_text("hash = [")
    damaged = doctors_word(settings)
    assert damaged.ok is False
    assert "set it anew" in damaged.says
