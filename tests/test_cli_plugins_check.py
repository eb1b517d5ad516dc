"""``kiosk plugins check``: replays golden recordings, and fails where a plugin does worse than it promises."""

from pathlib import Path

import pytest

from kiosk.kit.robustness import TITLES
from tests.commands import Kiosk, make_kiosk
from tests.kit.sets import CLEAN, KNEES_IN, golden, late_knees, write


@pytest.fixture
def kiosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kiosk:
    return make_kiosk(tmp_path, monkeypatch, capsys)


@pytest.mark.parametrize("slug", ["overhead-squat", "incline-push-up"])
def test_our_plugins_keep_their_promises_on_the_recordings_of_the_demo(kiosk: Kiosk, slug: str) -> None:
    said = kiosk("plugins", "check", slug)
    assert said.code == 0, said.out
    assert "It keeps its promise." in said.out
    assert all(title in said.out for title in TITLES.values())
    assert "MISSED" not in said.out
    assert "FALSE SIGN" not in said.out


def test_without_a_name_every_exercise_with_recordings_is_checked(kiosk: Kiosk) -> None:
    said = kiosk("plugins", "check", "--quick")
    assert said.code == 0
    assert {"overhead-squat: Overhead squat", "incline-push-up: Incline push-up"} <= set(said.out.splitlines())


def test_expected_and_found_stand_side_by_side(kiosk: Kiosk) -> None:
    write(kiosk.folder / "golden", late_knees())
    said = kiosk("plugins", "check", "golden", "--quick")
    assert said.code == 0
    assert "late, from the front: 5 reps expected, 5 found, counted exactly" in said.out
    (row,) = [line.split("  ") for line in said.out.splitlines() if line.startswith("knees-in ")]
    cells = [cell.strip() for cell in row if cell.strip()]
    assert cells[:3] == ["knees-in", "sign", "sign"]
    assert cells[4:] == ["1, 0.88", "3-5", "3-5", "hit"]


def test_a_plugin_that_does_worse_than_it_promises_ends_with_1(kiosk: Kiosk) -> None:
    missed = golden([CLEAN] * 5, signs=("knees-in",), name="missed")
    false = golden([KNEES_IN] * 5, not_signs=("knees-in",), name="false")
    write(kiosk.folder / "golden", missed, false)
    said = kiosk("plugins", "check", "golden", "--quick")
    assert said.code == 1
    assert "BROKEN PROMISE: 0 of 1 labelled signs were found; promised are at least 100 %" in said.out
    assert "BROKEN PROMISE: 1 of 1 checks labelled as clean were called a sign; promised are at most 0 %" in said.out
    assert "MISSED" in said.out
    assert "FALSE SIGN" in said.out
    (kiosk.folder / "golden" / "promise.toml").write_text(
        "[promise]\nleast_hits_ratio = 0\nmost_false_ratio = 1\n", encoding="utf-8"
    )
    assert kiosk("plugins", "check", "golden", "--quick").code == 0


def test_a_miscount_breaks_the_promise(kiosk: Kiosk) -> None:
    write(kiosk.folder / "golden", golden([CLEAN] * 3))
    (kiosk.folder / "golden" / "front-1.toml").write_text('exercise = "overhead-squat"\nview = "front"\nreps = 4\n')
    said = kiosk("plugins", "check", "golden", "--quick")
    assert said.code == 1
    assert "4 reps expected, 3 found, MISCOUNTED" in said.out


def test_a_promise_for_a_degraded_copy_is_held_unless_quick(kiosk: Kiosk) -> None:
    slight = golden([KNEES_IN] * 5, not_signs=("knees-in",), name="false")
    write(kiosk.folder / "golden", slight)
    (kiosk.folder / "golden" / "promise.toml").write_text("[promise]\nmost_false_ratio = 1\n[degraded.mirrored]\n")
    said = kiosk("plugins", "check", "golden")
    assert said.code == 1
    assert "BROKEN PROMISE: mirrored: 1 of 1 checks labelled as clean" in said.out
    assert kiosk("plugins", "check", "golden", "--quick").code == 0


def test_the_page_is_written_also_where_a_promise_is_broken(kiosk: Kiosk) -> None:
    write(kiosk.folder / "golden", golden([CLEAN] * 5, signs=("knees-in",)))
    assert kiosk("plugins", "check", "golden", "--quick", "--html", "check.html").code == 1
    page = (kiosk.folder / "check.html").read_text(encoding="utf-8")
    assert "labelled signs were found" in page
    assert '<svg class="signal"' in page


def test_what_is_checked_is_what_members_meet_here(kiosk: Kiosk) -> None:
    write(kiosk.folder / "golden", late_knees())
    (kiosk.folder / "ours").mkdir()
    (kiosk.folder / "ours" / "overhead-squat.toml").write_text(
        'schema = 1\nexercise = "overhead-squat"\n[checks.knees-in]\nclear = 0.6\nsign = 0.5\n'
    )
    (kiosk.folder / "kiosk.toml").write_text("[plugins]\noverlays = 'ours'\n")
    assert kiosk("plugins", "check", "golden", "--quick").code == 0
    assert kiosk("plugins", "check", "golden", "--quick", "--config", "kiosk.toml").code == 1


@pytest.mark.parametrize(
    ("word", "named"), [("dance", "There is no exercise 'dance'"), ("empty", "no golden recording in empty")]
)
def test_nothing_to_check_is_told(kiosk: Kiosk, word: str, named: str) -> None:
    (kiosk.folder / "empty").mkdir()
    assert named in kiosk("plugins", "check", word).complaint


def test_a_mistake_in_labels_is_told_with_its_place(kiosk: Kiosk) -> None:
    write(kiosk.folder / "golden", late_knees())
    (kiosk.folder / "golden" / "late.toml").write_text('exercise = "overhead-squat"\nview = "front"\nreps = "five"\n')
    assert "late.toml: reps: must be a whole number" in kiosk("plugins", "check", "golden").complaint


def test_a_page_that_cannot_be_written_is_told_before_the_work(kiosk: Kiosk) -> None:
    assert "cannot be written" in kiosk("plugins", "check", "--html", "no/such/place.html").complaint
