"""The reader of pages notices what a page says and does not keep."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from . import pages
from .pages import DOCS, Reader, changed, first_missing, steps

RUN = [DOCS / "tutorial.md", *sorted((DOCS / "how-to").glob("*.md"))]
SAID = "one\ntwo  \nthree\nfour\n"


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    monkeypatch.setattr(pages, "ROOT", tmp_path)
    return Reader(tmp_path, tmp_path)


def page(folder: Path, text: str) -> Path:
    path = folder / "page.md"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("expected", ["one\ntwo\n", "...\nthree\n...\n", "two\nthree\nfour", "one\n...\nfour\n"])
def test_lines_that_were_said_in_their_turn_are_found(expected: str) -> None:
    assert first_missing(expected, SAID) is None


@pytest.mark.parametrize(
    ("expected", "missing"), [("five\n", "five"), ("one\nthree\n", "three"), ("two\n...\none\n", "one")]
)
def test_a_line_that_was_not_said_or_not_in_its_turn_is_missing(expected: str, missing: str) -> None:
    assert first_missing(expected, SAID) == missing


@pytest.mark.parametrize(
    ("how", "anchor", "text"),
    [
        ("append", "", "a = 1\nb = 2\n\nnew\n"),
        ("before", "b =", "a = 1\nnew\nb = 2\n"),
        ("after", "a =", "a = 1\nnew\nb = 2\n"),
        ("instead", "a =", "new\nb = 2\n"),
    ],
)
def test_a_block_goes_where_the_page_says(how: str, anchor: str, text: str) -> None:
    assert changed("a = 1\nb = 2\n", how, anchor, "new\n") == text


def test_a_page_is_done_in_its_order(reader: Reader) -> None:
    text = "`a.toml`:\n\n```toml a.toml\nx = 1\n```\n\n<!-- before: echo hidden -->\n```bash\ncat a.toml\n```\n"
    reader.read(page(reader.folder, f"{text}\n```text\nx = 1\n```\n\n```bash exit 3\nexit 3\n```\n"))
    assert (reader.folder / "a.toml").read_text() == "x = 1\n"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("```bash\nfalse\n```\n", "page.md, line 1: ended with 1"),
        ("```bash exit 1\ntrue\n```\n", "ended with 0"),
        ("```bash\necho x\n```\n```text\ny\n```\n", "was not said: y"),
        ("```toml a.toml\nx = 1\n```\n", "cannot know that this goes to a.toml"),
        ("`a.toml`\n```toml a.toml after x =\ny = 1\n```\n", "cannot know where this goes"),
        ("`a`\n```python\nx = 1\n```\n", "says of no file"),
        ("```perl\nx\n```\n", "nobody knows what to do with perl"),
    ],
)
def test_what_does_not_hold_is_named_with_its_line(reader: Reader, text: str, complaint: str) -> None:
    with pytest.raises(AssertionError) as told:
        reader.read(page(reader.folder, text))
    assert complaint in str(told.value)


@pytest.mark.parametrize("path", RUN, ids=lambda path: path.stem)
def test_no_block_of_a_page_is_left_unrun_but_the_setting_up(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    fences = re.findall(r"^```", text, re.MULTILINE)
    hidden = text.count("<!-- before:")
    plain = text.count("\n```\nmake setup && source .venv/bin/activate\n```\n")
    assert len(fences) == 2 * (len(steps(path)) - hidden + plain)
