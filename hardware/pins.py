"""The pin table, and what follows from it: resistors and currents. All is read from ``pins.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hardware import FOLDER

TABLE = FOLDER / "pins.toml"
#: Values of resistors that every shop has, ohm times a power of ten.
E12 = (1.0, 1.2, 1.5, 1.8, 2.2, 2.7, 3.3, 3.9, 4.7, 5.6, 6.8, 8.2)
#: What each pin of the 40-pin header is: a BCM number, or a word for power and ground. Pin 1 first.
HEADER: tuple[int | str, ...] = (
    *("3V3", "5V", 2, "5V", 3, "GND", 4, 14, "GND", 15),
    *(17, 18, 27, "GND", 22, 23, "3V3", 24, 10, "GND"),
    *(9, 25, 11, 8, "GND", 7, 0, 1, 5, "GND"),
    *(6, 12, 13, "GND", 19, 16, 26, 20, "GND", 21),
)
#: The BCM numbers up to this one are pulled to 3.3 V while a Pi starts, the others to ground.
LAST_PULLED_UP = 8


class PinTableError(ValueError):
    """The pin table contradicts itself, the header or the limits of the pins."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the Pi gives: volts of a high pin, milliamperes of one pin and of all; and what an LED needs to be seen."""

    supply_v: float
    pin_ma: float
    all_pins_ma: float
    least_led_ma: float


@dataclass(frozen=True, slots=True)
class Line:
    """One wire from the header to a part.

    ``kind`` is led, button or buzzer. ``setting`` is the kiosk's dotted key; ``default`` says whether the kiosk uses
    this pin unless it is told otherwise. ``ohm`` is the resistor in the line, None for a button. ``usual_ma`` and
    ``most_ma`` are what the pin gives, with a usual LED and with the one of the least forward voltage.
    """

    name: str
    what: str
    kind: str
    gpio: int
    header: int
    setting: str
    default: bool
    colour: str
    ohm: float | None
    usual_ma: float
    most_ma: float
    load_ma: float = 0.0


@dataclass(frozen=True, slots=True)
class PinTable:
    """All lines in the order of the file, the limits, and what the pins are kept for that must stay free."""

    lines: tuple[Line, ...]
    limits: Limits
    reserved: dict[int, str]

    def of_kind(self, kind: str) -> tuple[Line, ...]:
        """Return the lines to LEDs, buttons or the buzzer."""
        return tuple(line for line in self.lines if line.kind == kind)

    @property
    def most_ma(self) -> float:
        """What all pins give together at the worst: everything on, every LED of the least forward voltage."""
        return sum(line.most_ma for line in self.lines)


def resistor_for(drop_v: float, target_ma: float) -> float:
    """Return the smallest E12 resistor, in ohm, that lets no more than ``target_ma`` through at ``drop_v`` volts."""
    least = drop_v / target_ma * 1000
    found = (base * 10.0**power for power in range(7) for base in E12)
    return next(float(round(ohm, 1)) for ohm in found if ohm >= least * (1 - 1e-9))


def ohm_text(ohm: float) -> str:
    """Return a resistor's value as it is written: 270 Ω, 2.7 kΩ."""
    return f"{ohm / 1000:g} kΩ" if ohm >= 1000 else f"{ohm:g} Ω"


def bands(ohm: float) -> str:
    """Return the colour rings of a four-ring resistor with 5 percent tolerance."""
    names = ["black", "brown", "red", "orange", "yellow", "green", "blue", "violet", "grey", "white"]
    power = 0
    while ohm >= 100:
        ohm, power = ohm / 10, power + 1
    first, second = divmod(round(ohm), 10)
    return f"{names[first]}, {names[second]}, {names[power]}, gold"


@cache
def pin_table(path: Path = TABLE) -> PinTable:
    """Return the table of a file, checked. Raises PinTableError, with everything that is wrong."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    limits = Limits(**data["limits"])
    lines = tuple(_line(name, entry, limits) for name, entry in data["lines"].items())
    table = PinTable(lines, limits, {int(gpio): why for gpio, why in data["reserved"].items()})
    wrong = [*_clashes(table), *_currents(table)]
    if wrong:
        raise PinTableError(f"{path.name}: " + "; ".join(wrong))
    return table


def _line(name: str, entry: dict[str, Any], limits: Limits) -> Line:
    common = ("what", "kind", "gpio", "header", "setting", "default", "colour")
    about = {key: entry[key] for key in common}
    if entry["kind"] == "led":
        ohm = resistor_for(limits.supply_v - entry["vf_v"], entry["target_ma"])
        usual, most = ((limits.supply_v - entry[key]) / ohm * 1000 for key in ("vf_v", "vf_least_v"))
        return Line(name, **about, ohm=ohm, usual_ma=usual, most_ma=most)
    if entry["kind"] == "buzzer":
        drop_v = limits.supply_v - entry["base_v"]
        needed_ma = entry["load_ma"] / entry["gain_least"] * entry["overdrive"]
        # Here the resistor must let enough through: the largest of the series that still does.
        ohm = max(value for value in _series() if drop_v / value * 1000 >= needed_ma)
        base_ma = drop_v / ohm * 1000
        return Line(name, **about, ohm=ohm, usual_ma=base_ma, most_ma=base_ma, load_ma=entry["load_ma"])
    # A closed button lets the pin's own pull-up resistor, 50 kΩ or so, give some 0.07 mA to ground.
    return Line(name, **about, ohm=None, usual_ma=0.0, most_ma=0.0)


def _series() -> list[float]:
    return [round(base * 10**power, 1) for power in range(1, 7) for base in E12]


def _clashes(table: PinTable) -> list[str]:
    wrong = []
    for line in table.lines:
        if HEADER[line.header - 1] != line.gpio:
            wrong.append(f"{line.name}: pin {line.header} of the header is {HEADER[line.header - 1]}, not {line.gpio}")
        if line.gpio in table.reserved:
            wrong.append(f"{line.name}: GPIO{line.gpio} is kept for {table.reserved[line.gpio]}")
        if (line.kind == "button") != (line.gpio <= LAST_PULLED_UP):
            wrong.append(f"{line.name}: GPIO{line.gpio} is pulled the wrong way while the Pi starts")
    gpios = [line.gpio for line in table.lines]
    return wrong + [f"GPIO{gpio} is used twice" for gpio in sorted({gpio for gpio in gpios if gpios.count(gpio) > 1})]


def _currents(table: PinTable) -> list[str]:
    limits = table.limits
    wrong = [f"{one.name}: {one.most_ma:.1f} mA at one pin" for one in table.lines if one.most_ma > limits.pin_ma]
    leds = table.of_kind("led")
    wrong += [f"{one.name}: {one.usual_ma:.1f} mA cannot be seen" for one in leds if one.usual_ma < limits.least_led_ma]
    if table.most_ma > limits.all_pins_ma:
        wrong.append(f"{table.most_ma:.1f} mA at all pins together")
    return wrong
