"""The bill of materials: prices and alternatives from ``bom.toml``, numbers of pieces from the circuit."""

from __future__ import annotations

import tomllib
from collections import Counter
from typing import Any

from hardware import FOLDER
from hardware.breadboard import plan
from hardware.circuit import Part, parts, singles
from hardware.pins import PinTable, bands

#: Steps of the orders of magnitude, in euros.
STEPS = ((1, "under 1"), (3, "1 to 3"), (10, "3 to 10"), (30, "10 to 30"), (100, "30 to 100"), (300, "100 to 300"))


def bill(table: PinTable) -> str:
    """Return the bill of materials as a page in Markdown."""
    data = tomllib.loads((FOLDER / "bom.toml").read_text(encoding="utf-8"))
    rows = [_row(entry, pieces(entry, table)) for entry in data["part"]]
    total = sum(entry["cost"] * pieces(entry, table) for entry in data["part"])
    return "\n".join(
        [
            "# Bill of materials",
            "",
            "Made from [bom.toml](bom.toml) and [pins.toml](pins.toml) by `make hardware`.",
            "",
            f"Prices are orders of magnitude in euros for all pieces of a line, {data['date']}, from memory and",
            "without shipping: they tell cheap from dear and will be wrong by the time you read them.",
            f"All of it together is of the order of {round(total, -1):.0f} euros; you may have a screen already.",
            "",
            "| pieces | part | euros | why | instead |",
            "|---|---|---|---|---|",
            *rows,
            "",
            "## The resistors",
            "",
            "| name | value | rings | in the line of |",
            "|---|---|---|---|",
            *_resistors(table),
            "",
        ]
    )


def pieces(entry: dict[str, Any], table: PinTable) -> int:
    """Return how many of a part are needed: as written, or counted in the circuit and on the breadboard."""
    if "count" in entry:
        return int(entry["count"])
    placed = plan(table)
    counts = Counter({"header": len(placed.from_header), "bridges": len(placed.wires), "singles": len(singles(table))})
    counts["resistors"] = len(_all_resistors(table))
    counts["buttons"] = len(table.of_kind("button"))
    counts.update(part.name for part in parts(table))
    return counts[entry["uses"]]


def order_of(euros: float) -> str:
    """Return the order of magnitude of a price in words."""
    return next((words for most, words in STEPS if euros <= most), "over 300")


def _row(entry: dict[str, Any], count: int) -> str:
    return f"| {count} | {entry['name']} | {order_of(entry['cost'] * count)} | {entry['why']} | {entry.get('or', '')} |"


def _all_resistors(table: PinTable) -> list[Part]:
    return [part for part in parts(table) if "in" in part.legs]


def _resistors(table: PinTable) -> list[str]:
    lines = [line for line in table.lines if line.ohm is not None]
    found = zip(_all_resistors(table), lines, strict=True)
    return [f"| {part.name} | {part.value} | {bands(line.ohm or 0)} | {line.what} |" for part, line in found]
