"""Whoever puts the parts where the plan says has built the circuit of the pin table, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from hardware import breadboard
from hardware.breadboard import COLUMNS, Hole, Plan, plan
from hardware.circuit import FIVE_VOLTS, GROUND, gpio_net, header_nets, parts
from hardware.pins import PinTable, pin_table

TABLE = pin_table()
SVG = "{http://www.w3.org/2000/svg}"


def nets_of(built: Plan) -> dict[str, set[str]]:
    """Trace the board: each strip of joined holes with the nets that legs and header pins put on it."""
    joined: dict[str, str] = {}

    def root(strip: str) -> str:
        while joined.get(strip, strip) != strip:
            strip = joined[strip]
        return strip

    for start, end in built.wires:
        joined[root(start.strip)] = root(end.strip)
    found: dict[str, set[str]] = {}
    legs = {(part.name, leg): net for part in parts(TABLE) for leg, net in part.legs.items()}
    for leg, hole in built.legs.items():
        found.setdefault(root(hole.strip), set()).add(legs[leg])
    for pin, hole in built.from_header.items():
        found.setdefault(root(hole.strip), set()).add(header_nets(TABLE)[pin])
    return found


def wrong_in(built: Plan) -> list[str]:
    """Say which nets meet that must not, and which fall apart."""
    found = nets_of(built)
    shorts = [f"{' and '.join(sorted(nets))} meet" for nets in found.values() if len(nets) > 1]
    apart = Counter(net for nets in found.values() for net in nets)
    return shorts + [f"{net} is in {count} pieces" for net, count in apart.items() if count > 1]


def holes(built: Plan) -> Iterator[Hole]:
    yield from built.legs.values()
    yield from built.from_header.values()
    for wire in built.wires:
        yield from wire


def test_the_built_board_is_the_circuit() -> None:
    assert wrong_in(plan(TABLE)) == []


def test_every_leg_of_every_part_has_a_hole_and_no_hole_two_things() -> None:
    built = plan(TABLE)
    assert set(built.legs) == {(part.name, leg) for part in parts(TABLE) for leg in part.legs}
    assert set(built.from_header) == set(header_nets(TABLE))
    assert [hole for hole, count in Counter(holes(built)).items() if count > 1] == []
    assert all(1 <= hole.column <= COLUMNS for hole in holes(built))


def test_every_line_of_the_table_leads_from_its_pin_to_its_part() -> None:
    wired = header_nets(TABLE)
    for line in TABLE.lines:
        assert wired[line.header] == gpio_net(line)
        # Through a resistor, or straight to a button.
        assert [part.name for part in parts(TABLE) if gpio_net(line) in part.legs.values()] != []


@pytest.mark.parametrize("line", [line for line in TABLE.lines if line.ohm], ids=lambda line: line.name)
def test_no_pin_reaches_a_part_but_through_its_resistor(line) -> None:
    (only,) = [part for part in parts(TABLE) if gpio_net(line) in part.legs.values()]
    assert only.name.startswith("R") and only.legs["in"] == gpio_net(line)


def test_five_volts_reach_the_buzzer_alone() -> None:
    assert {part.name for part in parts(TABLE) if FIVE_VOLTS in part.legs.values()} == {"BZ1", "D1"}
    # The diode lets nothing through from 5 V: its ring, the cathode, is there.
    (diode,) = [part for part in parts(TABLE) if part.name == "D1"]
    assert diode.legs["cathode"] == FIVE_VOLTS


@pytest.mark.parametrize("line", TABLE.of_kind("button"), ids=lambda line: line.name)
def test_the_other_two_legs_of_a_button_stand_in_holes_that_nothing_else_uses(line) -> None:
    built = plan(TABLE)
    pin, ground = built.legs[line.name, "pin"], built.legs[line.name, "ground"]
    assert (pin.row, ground.row, ground.column - pin.column) == ("f", "e", 2)
    others = {Hole(pin.column, "e").strip, Hole(ground.column, "f").strip}
    assert not others & {hole.strip for hole in holes(built)}


def test_a_wire_in_the_wrong_hole_would_be_found() -> None:
    built = plan(TABLE)
    red, green = (line.header for line in TABLE.lines[:2])
    moved = replace(built, from_header=built.from_header | {red: replace(built.from_header[green], row="i")})
    assert any("GPIO17 and GPIO27 meet" in fault for fault in wrong_in(moved))
    cut = replace(built, wires=built.wires[1:])
    assert any(fault.startswith(f"{GROUND} is in") for fault in wrong_in(cut))


def test_the_picture_shows_every_wire_in_the_colour_of_its_line() -> None:
    tree = ElementTree.fromstring(breadboard.draw(TABLE))
    words = [text.text or "" for text in tree.iter(f"{SVG}text")]
    drawn = Counter(line.get("stroke") for line in tree.iter(f"{SVG}polyline"))
    for line in TABLE.lines:
        assert f"pin {line.header}: {line.name} GPIO{line.gpio}" in words
        assert drawn[line.colour] == 1
    assert len({line.colour for line in TABLE.lines}) == len(TABLE.lines)


def test_the_picture_follows_the_table() -> None:
    moved = PinTable((replace(TABLE.lines[0], gpio=16, header=36), *TABLE.lines[1:]), TABLE.limits, {})
    assert "pin 36: red GPIO16" in breadboard.draw(moved)
    assert "pin 36" not in breadboard.draw(TABLE)


def test_no_drawn_hole_lies_outside_of_the_sheet() -> None:
    tree = ElementTree.fromstring(breadboard.draw(TABLE))
    width, height = (float(tree.get(side, "0")) for side in ("width", "height"))
    places = [(float(disc.get("cx", "-1")), float(disc.get("cy", "-1"))) for disc in tree.iter(f"{SVG}circle")]
    assert len(places) > 10 * COLUMNS
    assert all(0 < x < width and 0 < y < height for x, y in places)
