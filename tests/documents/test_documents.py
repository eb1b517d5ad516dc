"""The documentation is complete, up to date and whole: what is public is in it, and every link leads somewhere."""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import inspect
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

import kiosk
import kiosk.testing
from kiosk import checks_file
from kiosk.cli import make_parser
from kiosk.movement.assess import AGREE_REPS, AGREE_SHARE, STRAY_SHARE
from kiosk.movement.moments import WINDOW_S
from kiosk.plugins.source import refuse_unfit
from kiosk.settings import RULES
from tests.commands import ROOT
from tests.documents import __main__ as command
from tests.documents import pictures
from tests.documents.reference import commands, hooks, public_functions, reference

DOCS = ROOT / "docs"
REFERENCE = command.REFERENCE.read_text(encoding="utf-8")
JUDGING = (DOCS / "judging.md").read_text(encoding="utf-8")
VERSIONS = (DOCS / "versions.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
MODULES = {"kiosk": kiosk, "kiosk.testing": kiosk.testing}
PUBLIC = [(module, name) for module, found in MODULES.items() for name in found.__all__ if not name.startswith("__")]
AGAIN = "run make docs"


def test_the_reference_is_that_of_the_code() -> None:
    assert reference() == REFERENCE, AGAIN


@pytest.mark.parametrize("name", pictures.PICTURES)
def test_a_picture_is_drawn_the_same_again(name: str) -> None:
    assert (command.FOLDER / f"{name}.svg").read_text(encoding="utf-8") == pictures.PICTURES[name](), AGAIN


def test_one_command_writes_all_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "REFERENCE", tmp_path / "reference.md")
    monkeypatch.setattr(command, "FOLDER", tmp_path / "pictures")
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "old.svg").touch()
    command.write()
    assert (tmp_path / "reference.md").read_text(encoding="utf-8") == REFERENCE
    assert {path.stem for path in (tmp_path / "pictures").iterdir()} == set(pictures.PICTURES)
    assert "-m tests.documents" in (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.mark.parametrize(("module", "name"), PUBLIC)
def test_every_public_name_is_in_the_reference_and_has_words_of_its_own(module: str, name: str) -> None:
    (section,) = [text for text in REFERENCE.split("\n## ") if text.startswith(f"`{module}`")]
    headings = re.findall(r"^### `([\w.]+)", section, re.MULTILINE)
    assert headings.count(name) + headings.count(f"{module}.{name}") == 1
    found = getattr(MODULES[module], name)
    if inspect.isclass(found) or inspect.isfunction(found) or inspect.ismodule(found):
        # A dataclass without a docstring is given its signature as one.
        assert found.__doc__ and not found.__doc__.startswith(f"{name}("), f"{name} has no docstring"


@pytest.mark.parametrize("module", [name for _, name in PUBLIC if inspect.ismodule(getattr(kiosk, name, None))])
def test_every_function_of_a_public_module_is_in_the_reference(module: str) -> None:
    for one in public_functions(getattr(kiosk, module)):
        assert re.search(rf"^###+ `(?:{module}\.)?{one.__name__}\b", REFERENCE, re.MULTILINE), one.__name__
        assert one.__doc__


@pytest.mark.parametrize(("module", "name"), PUBLIC)
def test_every_public_method_has_words_of_its_own(module: str, name: str) -> None:
    found = getattr(MODULES[module], name)
    own = vars(found).items() if inspect.isclass(found) else ()
    functions = [(key, one) for key, one in own if inspect.isfunction(one) or isinstance(one, property)]
    assert [key for key, one in functions if not key.startswith("_") and not one.__doc__] == []


@pytest.mark.parametrize(
    ("module", "name"), [one for one in PUBLIC if dataclasses.is_dataclass(getattr(MODULES[one[0]], one[1]))]
)
def test_every_field_of_a_public_class_is_explained(module: str, name: str) -> None:
    found = getattr(MODULES[module], name)
    found = found if inspect.isclass(found) else type(found)
    words = str(found.__doc__)
    for page in re.findall(r"docs/([a-z-]+\.md)", words):
        words += (DOCS / page).read_text(encoding="utf-8")
    given = [one.name for one in dataclasses.fields(found) if one.init]
    assert [one for one in given if not re.search(rf"\b{one}\b", words)] == []


def test_every_hook_key_setting_command_and_option_is_in_the_reference() -> None:
    assert [name for name in hooks() if f"### `{name}(" not in REFERENCE] == []
    tables = (checks_file._FILE, checks_file._CHECK, checks_file._MUSCLES, checks_file._CORRECTION)
    keys = {key for table in tables for key in table} | set(RULES)
    assert [key for key in sorted(keys) if f"`{key}`" not in REFERENCE] == []
    for parser in commands(make_parser()):
        (line,) = [line for line in REFERENCE.splitlines() if line.startswith(f"- `{parser.prog}`")]
        assert [name for name in names(parser) if f"`{name}`" not in line] == []


def names(parser: argparse.ArgumentParser) -> set[str]:
    """Return the options and arguments of a command."""
    words = {word for action in parser._actions for word in (action.option_strings or [str(action.metavar)])}
    return words - {"-h", "--help"}


CONFIGURED = {"csv_export": "kiosk_csv_export", "mqtt_results": "kiosk_mqtt_results", "wled_light": "kiosk_wled_light"}


@pytest.mark.parametrize("example", CONFIGURED)
def test_every_setting_of_an_example_is_in_its_readme(example: str) -> None:
    plugin = importlib.import_module(CONFIGURED[example]).plugin
    with pytest.raises(kiosk.PluginError, match="known are") as refused:
        plugin.kiosk_configure({"no-such-setting": 1})
    known = re.findall(r"[a-z_]+", str(refused.value).partition("known are ")[2].replace(" and ", " "))
    readme = (DOCS / "examples" / example / "README.md").read_text(encoding="utf-8")
    assert known
    assert [name for name in known if not re.search(rf"`{name}`|^{name} = ", readme, re.MULTILINE)] == []


def test_the_examples_that_have_settings_are_all_known_here() -> None:
    having = {
        path.parts[-3] for path in DOCS.glob("examples/*/kiosk_*/*.py") if "def kiosk_configure" in path.read_text()
    }
    assert having == set(CONFIGURED)


def test_the_readme_leads_to_every_page_of_the_documentation() -> None:
    linked = set(re.findall(r"\]\((docs/[^)#]+)", README))
    inner = {"docs/accuracy_notes.md"}  # the end of another page
    missing = {str(page.relative_to(ROOT)) for page in DOCS.glob("*.md")} - linked - inner
    assert missing == set()
    assert {"docs/how-to/README.md", "docs/examples"} <= linked


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for target, anchor in re.findall(r"\]\(([^)\s#]*)(#[^)\s]*)?\)", page.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        place = page.parent / target if target else page
        assert place.exists(), target
        if anchor:
            assert anchor[1:] in anchors(place), f"{target}{anchor}"


def anchors(page: Path) -> set[str]:
    """Return what the headings of a page can be reached by."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", pictures.PICTURES)
def test_a_picture_stands_alone_and_says_what_it_shows(name: str) -> None:
    picture = ElementTree.fromstring(pictures.PICTURES[name]())
    space = "{http://www.w3.org/2000/svg}"
    assert picture.tag == f"{space}svg"
    assert picture.find(f"{space}title") is not None
    style = pictures.STYLE.read_text(encoding="utf-8")
    used = {word for one in picture.iter() for word in (one.get("class") or "").split()}
    known = set(re.findall(r"\.([a-z]+)", style))
    drawn = {
        tag for tag in ("rect", "path", "line", "circle", "polyline") if picture.find(f".//{space}{tag}") is not None
    }
    assert drawn, "an empty picture"
    for one in picture.iter():
        if one.tag in {f"{space}{tag}" for tag in drawn}:
            assert set((one.get("class") or "").split()) & known, f"{one.tag} has no colour: {one.attrib}"
    assert used & known


def test_each_picture_is_on_the_page_once_with_words_for_those_who_cannot_see_it() -> None:
    shown = re.findall(r"!\[([^\]]+)\]\(pictures/([a-z]+)\.svg\)", JUDGING)
    assert sorted(name for _, name in shown) == sorted(pictures.PICTURES)
    assert all(len(words.split()) >= 4 for words, _ in shown)


def test_what_the_pictures_show_is_what_the_page_says_of_them() -> None:
    assert [row["verdict"] for row in pictures.said(pictures.SPREAD)["per_rep"]] == [
        *["clear"] * 2,
        "unsure",
        *["sign"] * 2,
    ]
    late = pictures.said(pictures.LATE)
    assert (late["status"], late["from_rep"]) == ("sign", 3)
    assert f"from rep {late['from_rep']} on" in JUDGING
    assert pictures.said(pictures.STRAY)["status"] == "clear"
    torn = pictures.said(pictures.TORN)
    assert torn["status"] == "unsure"
    assert f'"{torn["reason"]}"' in JUDGING
    assert len(pictures.recorded().read.complete) == 5


def test_the_numbers_of_the_judging_are_those_of_the_code() -> None:
    assert f"{WINDOW_S:g} s to either side" in JUDGING
    assert f"{100 * AGREE_SHARE:.0f} % of the reps" in JUDGING
    assert (AGREE_REPS, STRAY_SHARE) == (3, 0.2)
    assert "three of them wherever there are three" in JUDGING
    assert "More than a fifth of the reps" in JUDGING


def test_the_versions_that_are_refused_are_those_that_the_page_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.plugins.source.API_VERSION", "1.2")
    rows = re.findall(r"^\| ((?:`\"[\d.]+\"`(?:, )?)+) \| ([^|]+) \|$", VERSIONS, re.MULTILINE)
    assert len(rows) == 4
    for versions, outcome in rows:
        for version in re.findall(r'"([\d.]+)"', versions):
            if outcome.strip() == "in use":
                refuse_unfit(version)
            else:
                with pytest.raises(kiosk.PluginError, match=outcome.strip().removeprefix("refused: ")):
                    refuse_unfit(version)
