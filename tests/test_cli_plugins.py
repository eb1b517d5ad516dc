"""``kiosk plugins list``: what is installed, and how much of it the camera can judge."""

from pathlib import Path

import pytest

from kiosk.cli.plugins import table
from kiosk.plugins import Plugins, PluginStatus, load_plugins
from tests.commands import Kiosk, make_kiosk


@pytest.fixture
def kiosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kiosk:
    return make_kiosk(tmp_path, monkeypatch, capsys)


def test_both_plugins_are_listed_with_version_and_passes(kiosk: Kiosk) -> None:
    said = kiosk("plugins", "list")
    assert said.code == 0
    assert "overhead-squat  (plumbline-overhead-squat " in said.out
    assert "incline-push-up  (plumbline-incline-push-up " in said.out
    assert "5 reps from the front, 5 reps from the side" in said.out


def test_every_check_is_listed_once_under_how_it_is_assessed(kiosk: Kiosk) -> None:
    lines = list(table(load_plugins()))
    for exercise in load_plugins().exercises.values():
        for check in exercise.checks:
            assert any(check.slug in line.split(":")[-1].replace(",", "").split() for line in lines), check.slug
    looked_closer = next(line for line in lines if "heels-rise" in line)
    assert looked_closer.strip().startswith("second model:")
    stand_in = next(line for line in lines if "weight-shift" in line)
    assert stand_in.strip().startswith("by a stand-in:")


def test_a_blocked_plugin_is_listed_with_the_reason(kiosk: Kiosk) -> None:
    (kiosk.folder / "kiosk.toml").write_text("[plugins]\nblocked = ['overhead-squat']\n")
    said = kiosk("plugins", "list", "--config", "kiosk.toml")
    assert said.code == 0
    assert "  not in use: blocked by the configuration\n" in said.out


def test_every_line_of_a_plugins_problem_is_shown() -> None:
    broken = PluginStatus("bad", "plumbline-bad", "2.0", problem="checks.toml: a\nchecks.toml: b")
    assert list(table(Plugins({}, (broken,)))) == [
        "bad  (plumbline-bad 2.0)",
        "  not in use: checks.toml: a",
        "  not in use: checks.toml: b",
    ]


def test_no_plugin_at_all_says_what_to_do() -> None:
    assert list(table(Plugins({}, ()))) == ["No exercise plugin is installed: run make setup."]
