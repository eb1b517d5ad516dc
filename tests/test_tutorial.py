"""docs/tutorial.md, done as it says."""

from __future__ import annotations

import re

import pytest

from .pages import DOCS, Reader, make_python, steps

PAGE = DOCS / "tutorial.md"
COMMANDS = [step.content for step in steps(PAGE) if step.language == "bash"]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """Somebody who has done all of it."""
    folder = tmp_path_factory.mktemp("tutorial")
    someone = Reader(folder, make_python(tmp_path_factory.mktemp("python")))
    someone.read(PAGE)
    return someone


def test_every_command_and_every_file_of_the_tutorial_does_what_it_says(reader: Reader) -> None:
    assert reader.said.endswith("It keeps its promise.\n")


def test_it_begins_with_a_plugin_of_eleven_lines() -> None:
    first = steps(PAGE)[0]
    assert (first.language, len(first.content.splitlines())) == ("python", 11)
    assert "kiosk_register_exercises" in first.content


def test_it_ends_with_a_page_of_plots_and_a_plugin_in_shape(reader: Reader) -> None:
    page = (reader.folder / "check.html").read_text(encoding="utf-8")
    assert page.count('<svg class="signal"') == 4
    assert len(list((reader.folder / "good_morning" / "golden").glob("*.npz"))) == 4
    module = reader.folder / "good_morning" / "kiosk_good_morning" / "__init__.py"
    lines = module.read_text(encoding="utf-8").splitlines()
    assert len(lines) < 100
    assert max(map(len, lines)) <= 120


@pytest.mark.parametrize(
    "words",
    [
        "kiosk plugins new",
        "pip install --editable",
        "kiosk plugins list",
        "kiosk record .* --exercise",
        "kiosk plugins check .* --html",
        "kiosk tune",
    ],
)
def test_it_uses_the_whole_kit(words: str) -> None:
    assert any(re.search(words, commands) for commands in COMMANDS)
