"""``kiosk tune``: shows how a limit parts labelled reps, and writes only when asked to."""

from pathlib import Path

import pytest

from tests.commands import Kiosk, make_kiosk
from tests.kit.sets import CLEAN, golden, late_knees, write

WORDS = ("tune", "overhead-squat", "knees-in", "--recordings", "golden")


@pytest.fixture
def kiosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kiosk:
    made = make_kiosk(tmp_path, monkeypatch, capsys)
    write(tmp_path / "golden", late_knees())
    (tmp_path / "kiosk.toml").write_text("[plugins]\noverlays = 'ours'\n")
    return made


def row(out: str, name: str) -> list[str]:
    (found,) = [line for line in out.splitlines() if line.startswith(f"{name} ")]
    return [cell.strip() for cell in found.split("  ") if cell.strip()]


def test_it_tells_what_both_pairs_of_limits_say(kiosk: Kiosk) -> None:
    said = kiosk(*WORDS)
    assert said.code == 0, said.err
    assert "with the sign: 3; without it: 2; golden recordings: 1." in said.out
    assert "100 % of all pairs" in said.out
    assert "take what is suggested as a hint" in said.out
    assert row(said.out, "now") == ["now", "1", "0.88", "3 of 3", "0 of 2", "0 of 5", "1 of 1", "-"]
    assert row(said.out, "new")[3:] == ["3 of 3", "0 of 2", "0 of 5", "1 of 1", "-"]


def test_other_limits_may_be_tried(kiosk: Kiosk) -> None:
    said = kiosk(*WORDS, "--clear", "0.6", "--sign", "0.5")
    assert row(said.out, "new") == ["new", "0.6", "0.5", "0 of 3", "0 of 2", "0 of 5", "0 of 1", "-"]


def test_the_recordings_of_the_plugin_are_taken_where_none_are_named(kiosk: Kiosk) -> None:
    said = kiosk("tune", "overhead-squat", "arms-fall-forward")
    assert said.code == 0
    assert "golden recordings: 2." in said.out


def test_nothing_is_written_unless_asked_for(kiosk: Kiosk) -> None:
    before = {path: path.read_bytes() for path in kiosk.folder.rglob("*") if path.is_file()}
    assert kiosk(*WORDS, "--config", "kiosk.toml").code == 0
    assert {path: path.read_bytes() for path in kiosk.folder.rglob("*") if path.is_file()} == before


def test_written_limits_are_those_that_the_kiosk_takes(kiosk: Kiosk) -> None:
    said = kiosk(*WORDS, "--config", "kiosk.toml", "--write")
    assert said.code == 0, said.err
    new = row(said.out, "new")
    assert f"clear {new[1]}, sign {new[2]}." in said.out
    assert row(kiosk(*WORDS, "--config", "kiosk.toml").out, "now")[1:3] == new[1:3]


def test_without_a_setting_they_go_into_the_state_folder(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIOSK_STATE_DIR", str(kiosk.folder / "state"))
    assert kiosk(*WORDS, "--write").code == 0
    assert (kiosk.folder / "state" / "overlays" / "overhead-squat.toml").is_file()


def test_without_both_kinds_nothing_is_suggested_and_nothing_written(kiosk: Kiosk) -> None:
    write(kiosk.folder / "clean", golden([CLEAN] * 5, not_signs=("knees-in",)))
    words = ("tune", "overhead-squat", "knees-in", "--recordings", "clean", "--config", "kiosk.toml")
    said = kiosk(*words)
    assert said.code == 0
    assert "only from reps of both kinds" in said.out
    refused = kiosk(*words, "--write")
    assert refused.code == 2
    assert "no other limits to write" in refused.err
    assert not (kiosk.folder / "ours").exists()


def test_a_miscounted_recording_is_named(kiosk: Kiosk) -> None:
    write(kiosk.folder / "golden", golden([CLEAN] * 3, name="wrong"))
    (kiosk.folder / "golden" / "wrong.toml").write_text('exercise = "overhead-squat"\nview = "front"\nreps = 4\n')
    assert "Left out, since their reps were miscounted: wrong." in kiosk(*WORDS).out


def test_the_page_has_the_plot(kiosk: Kiosk) -> None:
    assert kiosk(*WORDS, "--html", "tune.html").code == 0
    assert '<svg class="strip"' in (kiosk.folder / "tune.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("tune", "dance", "knees-in"), "There is no exercise 'dance'"),
        (("tune", "overhead-squat", "knee-in"), "did you mean 'knees-in'"),
        (("tune", "overhead-squat", "heels-rise"), "is not told from keypoints"),
        ((*WORDS, "--sign", "1.5"), "must stay below its clear limit"),
        ((*WORDS, "--sign", "low"), "'low' is not a number"),
        ((*WORDS, "--clear", "nan"), "'nan' is not a number"),
        (("tune", "overhead-squat", "knees-in", "--recordings", "."), "no golden recording of 'overhead-squat'"),
        ((*WORDS, "--html", "no/such/place.html"), "cannot be written"),
    ],
)
def test_a_mistake_is_told_in_one_sentence(kiosk: Kiosk, words: tuple[str, ...], named: str) -> None:
    assert named in kiosk(*words).complaint
