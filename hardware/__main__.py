"""``python -m hardware``: draw and build everything anew, from the tables. ``--without-box`` leaves OpenSCAD out."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from hardware import FOLDER, OUT, bom, breadboard, floor_marks, placement_drawing, tables, wiring
from hardware.enclosure import build, checks, picture
from hardware.enclosure.dimensions import as_scad
from hardware.pins import PinTable, pin_table
from hardware.placement import Place, lenses, place

#: The lens that the box, its wedge and the check of its window are made for.
RECOMMENDED = "module-3-wide"


def drawings(table: PinTable) -> dict[str, bytes]:
    """Return everything that is made without OpenSCAD, by the name of its file in ``hardware/out``."""
    found = {"wiring.svg": wiring.draw(table), "breadboard.svg": breadboard.draw(table)}
    found["floor-marks.svg"] = floor_marks.overview()
    for one in fitting():
        found[f"place-{one.lens.key}.svg"] = placement_drawing.draw(one)
    found["dimensions.scad"] = as_scad(place(lenses()[RECOMMENDED]).tilt_deg)
    return {name: text.encode() for name, text in found.items()} | {"floor-marks.pdf": floor_marks.write(fitting())}


def fitting() -> tuple[Place, ...]:
    """Return the places of the lenses that serve people up to 2 m."""
    return tuple(one for lens in lenses().values() if (one := place(lens)).fits)


def pages(table: PinTable) -> dict[Path, str]:
    """Return the pages that are made, or that hold a table which is, as they must be."""
    found = {FOLDER / "BOM.md": bom.bill(table)}
    blocks: dict[Path, dict[str, Callable[[], str]]] = {
        FOLDER / "README.md": {"pins": lambda: tables.pins(table), "places": tables.places},
        FOLDER.parent / "docs" / "configuration.md": {"pins": lambda: tables.pins(table)},
    }
    for path, names in blocks.items():
        text = path.read_text(encoding="utf-8")
        for name, make in names.items():
            text = tables.within(text, name, make())
        found[path] = text
    return found


def pictures(folder: Path = OUT) -> dict[str, bytes]:
    """Return the pictures of the box, from its printable files."""
    meshes = build.meshes(folder)
    return {"box.png": picture.closed(meshes), "box-open.png": picture.exploded(meshes)}


def main(arguments: list[str]) -> int:
    """Write all of it, and return 1 when the box must not be printed."""
    table = pin_table()
    OUT.mkdir(exist_ok=True)
    for name, content in drawings(table).items():
        (OUT / name).write_bytes(content)
    for path, text in pages(table).items():
        path.write_text(text, encoding="utf-8")
    print(f"hardware: drawings are in {OUT.relative_to(FOLDER.parent)}, tables in README.md and BOM.md of hardware")
    if "--without-box" in arguments:
        return 0
    try:
        build.build()
    except build.OpenScadError as error:
        print(f"hardware: {error}", file=sys.stderr)
        return 1
    for name, content in pictures().items():
        (OUT / name).write_bytes(content)
    wrong = checks.faults(build.meshes(), lenses()[RECOMMENDED])
    for fault in wrong:
        print(f"hardware: the box must not be printed: {fault}", file=sys.stderr)
    if not wrong:
        print("hardware: the box is watertight, and has room and air for its parts")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
