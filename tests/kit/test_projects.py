"""Where the golden recordings of a plugin are looked for."""

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from kiosk.errors import PluginError
from kiosk.kit.projects import every_folder, golden_folder, named_folder
from kiosk.plugins import GROUP, load_plugins
from tests.commands import ROOT

from .sets import late_knees, write

PLUGINS = load_plugins()
OURS = ROOT / "plugins" / "overhead_squat" / "golden"


def test_the_golden_folder_stands_in_the_project_of_the_plugin() -> None:
    assert golden_folder("overhead-squat", PLUGINS) == OURS


def test_a_plugin_that_is_not_installed_from_its_source_is_told_how() -> None:
    elsewhere = [EntryPoint("overhead-squat", "json", GROUP)]
    with pytest.raises(PluginError, match="pip install --editable"):
        golden_folder("overhead-squat", PLUGINS, elsewhere)


def test_a_slug_a_golden_folder_and_a_project_may_be_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "project" / "golden", late_knees())
    assert named_folder("overhead-squat", PLUGINS) == (OURS, ("overhead-squat",))
    assert named_folder(str(folder), PLUGINS) == (folder, ("overhead-squat",))
    assert named_folder(str(tmp_path / "project"), PLUGINS) == (folder, ("overhead-squat",))


@pytest.mark.parametrize(
    ("word", "complaint"), [("dance", "There is no exercise 'dance'"), (".", "no golden recording")]
)
def test_what_is_neither_is_refused(word: str, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PluginError, match=complaint):
        named_folder(word, PLUGINS)


def test_recordings_of_an_exercise_that_is_not_installed_are_refused(tmp_path: Path) -> None:
    write(tmp_path, late_knees())
    (tmp_path / "late.toml").write_text('exercise = "dance"\nview = "front"\nreps = 5\n')
    with pytest.raises(PluginError, match="There is no exercise 'dance'"):
        named_folder(str(tmp_path), PLUGINS)


def test_both_shipped_plugins_have_golden_recordings() -> None:
    found, _ = every_folder(PLUGINS)
    assert {"incline-push-up", "overhead-squat"} <= {slug for _, slug in found}
