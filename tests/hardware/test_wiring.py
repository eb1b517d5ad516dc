"""The wiring diagram says what the pin table says."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from xml.etree import ElementTree

import pytest

from hardware import wiring
from hardware.circuit import FIVE_VOLTS_PIN, GROUND_PIN, parts, resistor_of
from hardware.pins import PinTable, pin_table

TABLE = pin_table()
SVG = "{http://www.w3.org/2000/svg}"


@cache
def words(table_changes: tuple[tuple[str, int], ...] = ()) -> list[tuple[str, float]]:
    """The texts of the diagram from top to bottom, each with its height on the sheet."""
    changes = dict(table_changes)
    lines = tuple(replace(line, header=changes.get(line.name, line.header)) for line in TABLE.lines)
    tree = ElementTree.fromstring(wiring.draw(PinTable(lines, TABLE.limits, TABLE.reserved)))
    found = []
    for text in tree.iter(f"{SVG}text"):
        said = " ".join("".join(text.itertext()).split())
        found.append((said, float(text.get("y", "nan"))))
    return sorted(found, key=lambda one: one[1])


def near(said: str) -> list[str]:
    """The texts at the height of another one: what stands in its row."""
    (height,) = [y for text, y in words() if text == said]
    return [text for text, y in words() if abs(y - height) < 30]


@pytest.mark.parametrize("line", TABLE.lines, ids=lambda line: line.name)
def test_a_row_has_pin_number_resistor_and_current_of_its_line(line) -> None:
    row = near(f"GPIO{line.gpio}")
    assert str(line.header) in row
    if line.ohm is not None:
        resistor = resistor_of(TABLE, line)
        assert f"{resistor.name} {resistor.value}" in row
    if line.kind == "led":
        assert f"{line.what}, {line.usual_ma:.1f} mA" in row


def test_every_part_and_the_power_pins_are_named() -> None:
    all_words = " ".join(text for text, _ in words())
    for part in parts(TABLE):
        if part.name[0] in "RQDB" and part.name != "RGB":
            assert re.search(rf"\b{part.name}\b", all_words), part.name
    for pin, name in ((GROUND_PIN, "GND"), (FIVE_VOLTS_PIN, "5V")):
        assert str(pin) in near(name)


def test_the_diagram_follows_the_table() -> None:
    assert "40" not in [text for text, _ in words()]
    assert "40" in [text for text, _ in words((("red", 40),))]
