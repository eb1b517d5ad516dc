"""docs/how-to, done as it says: each page by somebody who has not read the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from .pages import DOCS, Reader, make_python, steps

PAGES = sorted(page for page in (DOCS / "how-to").glob("*.md") if page.name != "README.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_and_every_file_of_a_page_does_what_it_says(page: Path, tmp_path: Path) -> None:
    assert any(step.language == "bash" for step in steps(page)), "a page that shows nothing"
    (tmp_path / "work").mkdir()
    Reader(tmp_path / "work", make_python(tmp_path / "python")).read(page)


def test_the_list_names_every_page_once() -> None:
    listed = (DOCS / "how-to" / "README.md").read_text(encoding="utf-8")
    assert [listed.count(f"]({page.name})") for page in PAGES] == [1] * len(PAGES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_is_short(page: Path) -> None:
    assert len(page.read_text(encoding="utf-8").splitlines()) < 130
