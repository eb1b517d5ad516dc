"""``kiosk plugins new``: asks for what is missing, writes a project, refuses with a sentence."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands import Kiosk, make_kiosk

ALL = ("--signal", "hip-drop", "--views", "front", "side", "--start", "hands-on-hips")
Answers = Callable[..., None]


@pytest.fixture
def kiosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kiosk:
    return make_kiosk(tmp_path, monkeypatch, capsys)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Sit somebody at a terminal who answers so."""

    def sit(*given: str) -> None:
        left = list(given)
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        monkeypatch.setattr("builtins.input", lambda _question: left.pop(0))

    return sit


def test_options_are_enough(kiosk: Kiosk) -> None:
    said = kiosk("plugins", "new", "Split squat", *ALL, "--reps", "6")
    assert said.code == 0, said.err
    assert "pip install --editable split_squat" in said.out
    module = (kiosk.folder / "split_squat" / "kiosk_split_squat" / "__init__.py").read_text()
    assert 'Pass(View.SIDE, reps=6, ask="6 reps, side to the camera")' in module
    assert (kiosk.folder / "split_squat" / "golden").is_dir()


def test_another_folder_may_be_named(kiosk: Kiosk) -> None:
    (kiosk.folder / "ours").mkdir()
    assert kiosk("plugins", "new", "Split squat", *ALL, "--into", "ours").code == 0
    assert (kiosk.folder / "ours" / "split_squat" / "pyproject.toml").is_file()


def test_what_is_left_out_is_asked(kiosk: Kiosk, answers: Answers) -> None:
    answers("arm-raise", "3", "")
    said = kiosk("plugins", "new", "Lateral raise")
    assert said.code == 0, said.err
    assert "signal arm-raise, start hands-on-hips, views front side" in said.out
    assert "elbow-bend: the elbows bend (curl, press, push-up)" in said.out
    assert "plank" not in said.out  # it does not go with this signal


def test_only_what_is_left_out_is_asked(kiosk: Kiosk, answers: Answers) -> None:
    answers("2")
    said = kiosk("plugins", "new", "Curl", "--signal", "elbow-bend", "--views", "side")
    assert "start arms-crossed" in said.out


def test_an_answer_that_is_none_is_asked_again(kiosk: Kiosk, answers: Answers) -> None:
    answers("99", "hips", "1", "0", "1", "", "")
    said = kiosk("plugins", "new", "Split squat")
    assert said.code == 0
    assert said.out.count("A number from 1 to 5, or one of the names.") == 3


def test_without_a_terminal_the_missing_options_are_named(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    complaint = kiosk("plugins", "new", "Split squat", "--views", "side").complaint
    assert "needs --signal and --start" in complaint
    assert "hip-drop" in complaint


def test_answers_that_end_are_no_traceback(kiosk: Kiosk, answers: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    answers()

    def ended(_question: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", ended)
    said = kiosk("plugins", "new", "Split squat")
    assert said.code == 2
    assert "unanswered" in said.err
    assert not (kiosk.folder / "split_squat").exists()


def test_a_posture_that_another_exercise_starts_with_is_noted(kiosk: Kiosk) -> None:
    said = kiosk("plugins", "new", "Snatch", *ALL[:-1], "arms-overhead")
    assert said.code == 0
    assert "'overhead-squat' starts with the same posture" in said.out


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("Overhead squat", *ALL), "'overhead-squat' is already installed"),
        (("123", *ALL), "'123' cannot be the title"),
        (("Split squat", *ALL[:3], "above", *ALL[5:]), "There is no view 'above'"),
        (("Split squat", "--signal", "hips", *ALL[2:]), "There is no signal 'hips'"),
        (("Split squat", *ALL, "--reps", "0"), "1 to 30 reps"),
        (("Split squat", *ALL, "--into", "nowhere"), "cannot be written"),
    ],
)
def test_a_mistake_is_told_in_one_sentence_and_nothing_is_written(
    kiosk: Kiosk, words: tuple[str, ...], named: str
) -> None:
    assert named in kiosk("plugins", "new", *words).complaint
    assert list(kiosk.folder.iterdir()) == []


def test_it_refuses_to_overwrite(kiosk: Kiosk) -> None:
    assert kiosk("plugins", "new", "Split squat", *ALL).code == 0
    before = (kiosk.folder / "split_squat" / "README.md").stat().st_mtime_ns
    assert "nothing is overwritten" in kiosk("plugins", "new", "Split squat", *ALL).complaint
    assert (kiosk.folder / "split_squat" / "README.md").stat().st_mtime_ns == before
