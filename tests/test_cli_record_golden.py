"""``kiosk record --exercise``: a golden recording, cut to the set, with a trainer's labels."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.kit.golden import read_labels
from kiosk.testing import FRONT, PushUpper, Squatter, perform
from kiosk.vision.camera import Camera
from kiosk.vision.keypoint_file import read_keypoints, recorded_with, write_keypoints
from tests.commands import Kiosk, make_kiosk
from tests.test_cli_record import FakeCamera

WORDS = ("--exercise", "overhead-squat", "--out", "golden.npz")
LABELS = "reps = 4\nnot_signs = ['knees-in']\n"
Answers = Callable[..., None]


@pytest.fixture
def kiosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kiosk:
    return make_kiosk(tmp_path, monkeypatch, capsys)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Sit somebody at a terminal who answers so; Ctrl-C where an answer is None."""

    def sit(*given: str | None) -> None:
        left = list(given)

        def answer(_question: str) -> str:
            one = left.pop(0)
            if one is None:
                raise KeyboardInterrupt
            return one

        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        monkeypatch.setattr("builtins.input", answer)

    return sit


def long_set(folder: Path, **person: float) -> Path:
    """Write four squats after six seconds of standing, with the name of a model."""
    path = folder / "long.npz"
    write_keypoints(path, perform([Squatter(**person)] * 4, FRONT, lead_s=6.0), "movenet_thunder_f16")
    return path


def test_the_set_alone_is_kept_with_the_labels_beside_it(kiosk: Kiosk) -> None:
    (kiosk.folder / "mine.toml").write_text(LABELS)
    said = kiosk("record", long_set(kiosk.folder), *WORDS, "--labels", "mine.toml")
    assert said.code == 0, said.err
    track, labels = read_keypoints(kiosk.folder / "golden.npz"), read_labels(kiosk.folder / "golden.toml")
    assert track.t_s[0] == 0
    assert track.t_s[-1] < 4 * 3.1 + 3.2
    assert (labels.exercise, labels.view, len(labels.reps)) == ("overhead-squat", "front", 4)
    assert recorded_with(kiosk.folder / "golden.npz") == "movenet_thunder_f16"
    assert kiosk("plugins", "check", ".", "--quick").code == 2  # long.npz has no labels
    (kiosk.folder / "long.npz").unlink()
    assert kiosk("plugins", "check", ".", "--quick").code == 0


def test_labels_beside_the_recording_are_taken_and_their_times_moved(kiosk: Kiosk) -> None:
    long_set(kiosk.folder)
    (kiosk.folder / "long.toml").write_text("[[reps]]\nstart_s = 6.3\nend_s = 8.2\nclear = ['knees-in']\n")
    said = kiosk("record", "long.npz", *WORDS)
    assert said.code == 0, said.err
    (rep,) = read_labels(kiosk.folder / "golden.toml").reps
    assert 1.2 < rep.start_s < 1.8
    assert rep.end_s - rep.start_s == pytest.approx(1.9)


def test_a_trainer_is_asked_at_the_terminal(kiosk: Kiosk, answers: Answers) -> None:
    answers("", "1", "2-4")
    said = kiosk("record", long_set(kiosk.folder, knees_ratio=0.7), *WORDS)
    assert said.code == 0, said.err
    assert "The exercise counts 4 complete reps." in said.out
    labels = read_labels(kiosk.folder / "golden.toml")
    assert [labels.in_rep("knees-in", number) for number in (1, 2, 3, 4)] == [False, True, True, True]
    assert labels.reps[0].start_s == pytest.approx(1.5, abs=0.1)


def test_a_camera_that_the_configuration_names_is_taken_where_none_is_named(
    kiosk: Kiosk, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []

    def open_source(word: str, **_: float) -> Camera:
        opened.append(word)
        return FakeCamera(kiosk.folder / "long.npz")

    long_set(kiosk.folder)
    answers("", "")
    monkeypatch.setattr("kiosk.vision.sources.open_source", open_source)
    monkeypatch.setenv("KIOSK_CAMERA_SOURCE", "7")
    said = kiosk("record", *WORDS)
    assert said.code == 0, said.err
    assert opened == ["7"]
    assert "Ctrl-C ends it" in said.err


def test_questions_that_are_broken_off_keep_the_keypoints(kiosk: Kiosk, answers: Answers) -> None:
    answers(None)
    said = kiosk("record", long_set(kiosk.folder), *WORDS)
    assert said.code == 2
    assert "The keypoints are in golden.npz: write golden.toml beside them, or remove them." in said.err
    assert (kiosk.folder / "golden.npz").is_file()


def test_without_a_terminal_and_labels_nothing_is_recorded(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    assert "needs labels" in kiosk("record", long_set(kiosk.folder), *WORDS).complaint
    assert not (kiosk.folder / "golden.npz").exists()


def test_the_next_free_name_in_the_plugins_project_is_taken(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = kiosk.folder / "project" / "golden"
    folder.parent.mkdir()
    monkeypatch.setattr("kiosk.kit.projects.golden_folder", lambda *_: folder)
    (kiosk.folder / "mine.toml").write_text(LABELS)
    for number in (1, 2):
        assert kiosk("record", long_set(kiosk.folder), *WORDS[:2], "--labels", "mine.toml").code == 0
        assert (folder / f"front-{number}.toml").is_file()


def test_an_exercise_that_sees_no_rep_still_gets_its_recording(kiosk: Kiosk) -> None:
    write_keypoints(kiosk.folder / "still.npz", perform([Squatter(depth=0.0)], FRONT))
    (kiosk.folder / "still.toml").write_text("reps = 2\n")
    said = kiosk("record", "still.npz", *WORDS)
    assert said.code == 0, said.err
    (kiosk.folder / "still.npz").unlink()
    assert kiosk("plugins", "check", ".", "--quick").code == 1


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--exercise", "dance"), "There is no exercise 'dance'"),
        ((*WORDS, "--view", "above"), "There is no view 'above'"),
        ((*WORDS, "--side", "left"), "'overhead-squat' has no side 'left'"),
        ((*WORDS, "--labels", "none.toml"), "none.toml: there is no such file"),
        ((*WORDS, "--labels", "mine.toml", "--view", "side"), "knees-in: is looked at from the front"),
        (("--exercise", "overhead-squat", "--out", "golden.txt", "--labels", "mine.toml"), "ends in .npz"),
        (("--view", "front", "--out", "x.npz"), "--view belongs to golden recordings"),
        (("--labels", "mine.toml", "--out", "x.npz"), "--labels belongs to golden recordings"),
        ((), "Name the keypoint file with --out"),
    ],
)
def test_a_mistake_is_told_in_one_sentence_and_nothing_is_written(
    kiosk: Kiosk, words: tuple[str, ...], named: str
) -> None:
    (kiosk.folder / "mine.toml").write_text(LABELS)
    assert named in kiosk("record", kiosk.squats(), *words).complaint
    assert not list(kiosk.folder.glob("[gx]*.npz"))


@pytest.mark.parametrize("there", ["golden.npz", "golden.toml"])
def test_a_golden_recording_is_never_overwritten(kiosk: Kiosk, there: str) -> None:
    (kiosk.folder / "mine.toml").write_text(LABELS)
    (kiosk.folder / there).write_text("mine")
    assert "is already there" in kiosk("record", kiosk.squats(), *WORDS, "--labels", "mine.toml").complaint
    assert (kiosk.folder / there).read_text() == "mine"


def test_labels_that_name_an_unknown_check_are_refused(kiosk: Kiosk) -> None:
    (kiosk.folder / "mine.toml").write_text("reps = 4\nsigns = ['knee-in']\n")
    assert "knee-in: is not a check" in kiosk("record", kiosk.squats(), *WORDS, "--labels", "mine.toml").complaint
    assert not (kiosk.folder / "golden.npz").exists()


def test_a_view_that_cannot_be_told_is_asked_for(kiosk: Kiosk, answers: Answers) -> None:
    track = perform([PushUpper()] * 3, FRONT)
    track.xy[:, 12] = float("nan")
    track.xy[:, 6] = float("nan")
    write_keypoints(kiosk.folder / "half.npz", track)
    (kiosk.folder / "mine.toml").write_text("reps = 3\n")
    words = ("--exercise", "incline-push-up", "--out", "golden.npz")
    assert "name it with --view" in kiosk("record", "half.npz", *words, "--labels", "mine.toml").complaint
    answers("side", "3", "")
    assert kiosk("record", "half.npz", *words).code == 0
    assert read_labels(kiosk.folder / "golden.toml").view == "side"
