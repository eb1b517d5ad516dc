"""What is connected with what: the parts of the circuit, each leg on its net. It follows from the pin table."""

from __future__ import annotations

from dataclasses import dataclass

from hardware.pins import HEADER, Line, PinTable, ohm_text

GROUND, FIVE_VOLTS = "GND", "5V"
#: Pins of the header that ground and 5 V are taken from.
GROUND_PIN, FIVE_VOLTS_PIN = 39, 2


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its name on the drawings, its value in words, and the net that each of its legs is on."""

    name: str
    value: str
    legs: dict[str, str]


def gpio_net(line: Line) -> str:
    """Return the name of the net that a line's pin is on."""
    return f"GPIO{line.gpio}"


def header_nets(table: PinTable) -> dict[int, str]:
    """Return the pins of the header that are used, and the net of each."""
    nets = {line.header: gpio_net(line) for line in table.lines}
    power = {GROUND_PIN: GROUND, FIVE_VOLTS_PIN: FIVE_VOLTS}
    assert all(HEADER[pin - 1] == net for pin, net in power.items())
    return {**nets, **power}


def parts(table: PinTable) -> tuple[Part, ...]:
    """Return all parts. Resistors and buttons are numbered in the order of the table."""
    found: list[Part] = []
    for number, line in enumerate((line for line in table.lines if line.ohm is not None), 1):
        legs = {"in": gpio_net(line), "out": after_resistor(line)}
        found.append(Part(f"R{number}", ohm_text(line.ohm or 0.0), legs))
    rgb = {colour: f"{colour}-anode" for colour in ("red", "green", "blue")}
    found.append(Part("RGB", "RGB LED, common cathode", {**rgb, "cathode": GROUND}))
    for line in singles(table):
        found.append(Part(line.name, line.what, {"anode": after_resistor(line), "cathode": GROUND}))
    for line in table.of_kind("button"):
        found.append(Part(line.name, line.what, {"pin": gpio_net(line), "ground": GROUND}))
    for line in table.of_kind("buzzer"):
        found.append(Part("Q1", "NPN transistor 2N3904", {"E": GROUND, "B": after_resistor(line), "C": "buzzer-minus"}))
        found.append(Part("BZ1", "active buzzer, 5 V", {"minus": "buzzer-minus", "plus": FIVE_VOLTS}))
        found.append(Part("D1", "diode 1N4148", {"anode": "buzzer-minus", "cathode": FIVE_VOLTS}))
    return tuple(found)


def singles(table: PinTable) -> tuple[Line, ...]:
    """Return the lines of the LEDs beside the RGB LED."""
    return tuple(line for line in table.of_kind("led") if line.name not in ("red", "green", "blue"))


def resistor_of(table: PinTable, line: Line) -> Part:
    """Return the resistor in a line that has one."""
    return next(part for part in parts(table) if part.legs.get("in") == gpio_net(line))


def after_resistor(line: Line) -> str:
    """Return the net between a line's resistor and its part."""
    return "buzzer-base" if line.kind == "buzzer" else f"{line.name}-anode"
