"""The gym's files themselves: whole or not there, a bounded number of versions, remarks kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.errors import PluginError
from kiosk.plugins import load_plugins
from kiosk.web.trainer.overlays import KEPT, ChangedMeanwhileError, Overlays, differences, mark_of, text_with, tried

SQUAT = load_plugins().shipped["overhead-squat"]
FILE = "overhead-squat.toml"


def text(sign: float) -> str:
    return text_with("", SQUAT.slug, "knees-in", {"sign": sign})


def save(overlays: Overlays, words: str) -> None:
    overlays.save(SQUAT, words, mark_of(overlays.text(SQUAT.slug)))


def test_each_save_keeps_the_version_before_and_the_oldest_go(tmp_path: Path) -> None:
    overlays = Overlays(tmp_path)
    for number in range(KEPT + 5):
        save(overlays, text(0.5 + number / 100))
    kept = overlays.versions(SQUAT.slug)
    assert len(kept) == KEPT
    assert [one.number for one in kept] == list(range(KEPT + 5, 5, -1))
    assert kept[0].text == text(0.5 + (KEPT + 3) / 100)
    assert overlays.text(SQUAT.slug) == text(0.5 + (KEPT + 4) / 100)


def test_saving_the_same_again_keeps_no_version(tmp_path: Path) -> None:
    overlays = Overlays(tmp_path)
    save(overlays, text(0.9))
    save(overlays, text(0.9))
    assert [one.text for one in overlays.versions(SQUAT.slug)] == [""]


def test_versions_of_one_exercise_are_not_those_of_another(tmp_path: Path) -> None:
    overlays = Overlays(tmp_path)
    save(overlays, text(0.9))
    (tmp_path / "earlier" / "overhead-squat-deep.000001.toml").write_text("")
    (tmp_path / "earlier" / "notes.txt").write_text("")
    assert len(overlays.versions(SQUAT.slug)) == 1


def test_the_loader_takes_no_version_for_a_file_of_its_own(tmp_path: Path) -> None:
    overlays = Overlays(tmp_path)
    save(overlays, text(0.9))
    save(overlays, text(0.95))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["earlier", FILE]
    assert not load_plugins(overlays=tmp_path).problems


def test_what_the_reader_refuses_changes_nothing(tmp_path: Path) -> None:
    overlays = Overlays(tmp_path)
    save(overlays, text(0.9))
    with pytest.raises(PluginError, match=r"^overhead-squat\.toml: checks\.knees-in\.sign: must stay below clear"):
        save(overlays, text(1.3))
    assert overlays.text(SQUAT.slug) == text(0.9)
    assert len(overlays.versions(SQUAT.slug)) == 1


def test_a_file_that_changed_since_it_was_seen_is_not_overwritten(tmp_path: Path) -> None:
    overlays = Overlays(tmp_path)
    with pytest.raises(ChangedMeanwhileError):
        overlays.save(SQUAT, text(0.9), mark_of("something else"))
    assert not (tmp_path / FILE).exists()


def test_an_empty_text_stands_for_no_file() -> None:
    assert tried(SQUAT, "", FILE) == SQUAT.checks


def test_keys_are_set_and_taken_out_and_the_rest_stays() -> None:
    own = f"# mine\n{text(0.9)}\n[checks.knees-out]\nsign = 1.8 # was 1.75\n"
    changed = text_with(own, SQUAT.slug, "knees-in", {"sign": None, "cue": "Out"})
    assert changed.startswith("# mine\n")
    assert "sign = 1.8 # was 1.75" in changed
    assert "sign = 0.9" not in changed
    assert text_with(changed, SQUAT.slug, "knees-in", {"cue": None}).count("[checks") == 1


def test_quotes_and_other_signs_come_back_as_they_were() -> None:
    words = 'Say "go" \\ then – ünï 😀'
    checks = tried(SQUAT, text_with("", SQUAT.slug, "knees-in", {"saw": words}), FILE)
    assert next(one for one in checks if one.slug == "knees-in").saw == words


def test_a_text_that_is_no_toml_is_refused() -> None:
    with pytest.raises(PluginError, match="not valid TOML"):
        text_with("schema = [", SQUAT.slug, "knees-in", {"sign": 0.9})


def test_differences_name_the_lines_only() -> None:
    assert list(differences("a = 1\nb = 2\n", "a = 1\n\nb = 3\n")) == [("-", "b = 2"), ("+", "b = 3")]


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\xff\xfe")
    with pytest.raises(PluginError, match="cannot be read"):
        Overlays(tmp_path).text(SQUAT.slug)
