"""What is kept is what one command makes, and every page leads to something that is there."""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hardware import FOLDER, OUT, bom, breadboard, tables
from hardware import __main__ as command
from hardware.bom import order_of, pieces
from hardware.circuit import parts
from hardware.enclosure import build
from hardware.pins import pin_table
from tests.commands import ROOT

TABLE = pin_table()
AGAIN = "run make hardware"
#: What is drawn without OpenSCAD; the pictures of the box; and what OpenSCAD builds.
DRAWN = sorted(command.drawings(TABLE))
PICTURES = ["box-open.png", "box.png"]
BUILT = [*(f"{part}.stl" for part in build.PARTS), build.STAMP]
PAGES = sorted(FOLDER.glob("*.md"))


@cache
def drawn() -> dict[str, bytes]:
    return command.drawings(TABLE)


@cache
def redrawn() -> dict[str, bytes]:
    return command.pictures()


@pytest.mark.parametrize("name", DRAWN)
def test_a_drawing_is_the_one_that_the_tables_give(name: str) -> None:
    assert (OUT / name).read_bytes() == drawn()[name], AGAIN


@pytest.mark.parametrize("path", command.pages(TABLE), ids=lambda path: path.name)
def test_a_page_holds_the_tables_as_they_are(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == command.pages(TABLE)[path], AGAIN


def test_the_pictures_of_the_box_are_those_of_the_printable_files() -> None:
    pictures = redrawn()
    assert sorted(pictures) == PICTURES
    for name, picture in pictures.items():
        kept, again = (
            np.asarray(Image.open(source).convert("L"), dtype=float) for source in (OUT / name, io.BytesIO(picture))
        )
        assert kept.shape == again.shape
        # Another processor may round another pixel; another box changes whole areas.
        assert (np.abs(kept - again) > 40).mean() < 0.002, AGAIN
        assert np.ptp(kept) > 150


def test_nothing_is_kept_that_nothing_makes() -> None:
    assert sorted(path.name for path in OUT.iterdir()) == sorted([*DRAWN, *PICTURES, *BUILT])


def test_one_command_makes_all_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    """The command writes into the folders that it is given; OpenSCAD's part is played by the files that are kept."""
    folder, docs = tmp_path / "hardware", tmp_path / "docs"
    folder.mkdir()
    docs.mkdir()
    (docs / "configuration.md").write_bytes((ROOT / "docs" / "configuration.md").read_bytes())
    # Tables that are out of date.
    for page in (folder / "README.md", docs / "configuration.md"):
        text = (FOLDER / "README.md" if page.name == "README.md" else page).read_text(encoding="utf-8")
        page.write_text(text.replace("| 17 | 11 |", "| 99 | 99 |"), encoding="utf-8")
    for name in ("bom.toml", "lenses.toml", "pins.toml"):
        (folder / name).write_bytes((FOLDER / name).read_bytes())
    out = folder / "out"
    monkeypatch.setattr(command, "FOLDER", folder)
    monkeypatch.setattr(command, "OUT", out)
    monkeypatch.setattr(build, "build", lambda: [(out / name).write_bytes((OUT / name).read_bytes()) for name in BUILT])
    monkeypatch.setattr(command, "pictures", redrawn)
    assert command.main([]) == 0
    assert "has room and air" in capsys.readouterr().out
    assert sorted(path.name for path in out.iterdir()) == sorted([*DRAWN, *PICTURES, *BUILT])
    assert all((out / name).read_bytes() == (OUT / name).read_bytes() for name in DRAWN)
    for mine, kept in ((folder / "README.md", FOLDER / "README.md"), (folder / "BOM.md", FOLDER / "BOM.md")):
        assert mine.read_text(encoding="utf-8") == kept.read_text(encoding="utf-8")
    assert "| 99 | 99 |" not in (docs / "configuration.md").read_text(encoding="utf-8")


def test_the_command_says_when_the_box_cannot_be_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    def missing() -> None:
        raise build.OpenScadError("OpenSCAD is not installed")

    monkeypatch.setattr(command, "drawings", lambda table: {})
    monkeypatch.setattr(command, "pages", lambda table: {})
    monkeypatch.setattr(build, "build", missing)
    assert command.main(["--without-box"]) == 0
    assert command.main([]) == 1
    assert "OpenSCAD is not installed" in capsys.readouterr().err


def test_make_hardware_is_that_command() -> None:
    planned = subprocess.run(
        ["make", "-n", "hardware", "ARGS=--without-box"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "python -m hardware --without-box" in planned.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for link, _, anchor in re.findall(r"\]\(([^)#]*)(#([\w-]+))?\)", text):
        target = (page.parent / link).resolve() if link else page
        assert target.exists(), link
        if anchor:
            headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in [heading.lower().replace(" ", "-") for heading in headings], anchor


def test_the_pages_show_or_name_every_file_that_is_made_for_a_builder() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    for name in [*DRAWN, *PICTURES, *BUILT]:
        if name not in (build.STAMP, "dimensions.scad") and not name.startswith("place-"):
            assert f"out/{name}" in text, name
    assert f"out/place-{command.RECOMMENDED}.svg" in text


def test_a_page_without_a_place_for_its_table_is_refused() -> None:
    with pytest.raises(tables.PageError, match="no place for the table of pins"):
        tables.within("# A page\n", "pins", "| a |")


# --- The bill of materials --------------------------------------------------------------------------------------


def test_the_bill_counts_what_is_on_the_board() -> None:
    built = breadboard.plan(TABLE)
    page = bom.bill(TABLE)
    resistors = [part for part in parts(TABLE) if "in" in part.legs]
    for count, words in (
        (len(resistors), "Resistors"),
        (len(TABLE.of_kind("button")), "Push-button"),
        (len(built.wires), "Jumper wires or bridges"),
        (len(built.from_header), "Jumper wires, socket to plug"),
        (1, "NPN transistor"),
        (1, "RGB LED"),
    ):
        assert re.search(rf"^\| {count} \| {words}", page, re.MULTILINE), words
    for part in resistors:
        assert f"| {part.name} | {part.value} |" in page
    # Every part of the circuit is in the bill, by its own name or as one of its kind.
    for value in ("2N3904", "1N4148", "Active buzzer, 5 V"):
        assert value in page


def test_every_dear_part_has_an_alternative_and_every_part_a_reason() -> None:
    rows = [line.split(" | ") for line in bom.bill(TABLE).splitlines() if re.match(r"\| \d", line)]
    assert len(rows) > 15
    for row in rows:
        assert row[3]
        if row[2].startswith(("10 to", "30 to", "100 to")):
            assert len(row[4]) > 10, row[1]


def test_prices_say_when_and_that_they_are_rough() -> None:
    assert re.search(r"orders of magnitude in euros.*\w+ 20\d\d", bom.bill(TABLE))
    assert [order_of(euros) for euros in (0.4, 2, 10, 31, 299, 1000)] == [
        "under 1",
        "1 to 3",
        "3 to 10",
        "30 to 100",
        "100 to 300",
        "over 300",
    ]


def test_a_part_that_the_circuit_does_not_have_counts_nothing() -> None:
    assert pieces({"uses": "Q1"}, TABLE) == 1
    assert pieces({"uses": "Q2"}, TABLE) == 0


# --- The house --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.py")), ids=lambda path: path.stem)
def test_the_drawings_know_nothing_of_the_kiosk_s_code(path: Path) -> None:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names.add(str(node.module))
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    ours = {"hardware", "fpdf", "manifold3d", "numpy", "PIL", "schemdraw", "trimesh"}
    assert {name.split(".")[0] for name in names} <= ours | sys.stdlib_module_names
    assert len(path.read_text(encoding="utf-8").splitlines()) < 400
