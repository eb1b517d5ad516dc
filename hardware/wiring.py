"""The wiring diagram, drawn with schemdraw from the pin table."""

from __future__ import annotations

import re
from itertools import pairwise

import schemdraw
from schemdraw import elements as elm

from hardware.circuit import FIVE_VOLTS, FIVE_VOLTS_PIN, GROUND, GROUND_PIN, resistor_of
from hardware.pins import Line, PinTable

#: Between two lines of the diagram, in schemdraw's units.
_APART = 1.9
_FONT = 12


def draw(table: PinTable) -> str:
    """Return the wiring diagram as a picture: one line of the table in each row, from its pin to the right."""
    schemdraw.use("svg")
    drawing = schemdraw.Drawing(show=False, fontsize=_FONT, unit=2.4, margin=0.4, bgcolor="white")
    rows = [*table.lines, None]
    header = drawing.add(_header(rows).anchor("center").at((0, 0)))
    grounds: list[tuple[float, float]] = []
    for line in table.lines:
        start = getattr(header, line.name)
        if line.kind == "led":
            grounds.append(_led(drawing, table, line, start))
        elif line.kind == "button":
            grounds.append(_button(drawing, line, start))
        else:
            _buzzer(drawing, table, line, start, header.plus)
    _cathode(drawing, grounds[:3])
    for end in grounds[3:]:
        drawing.add(elm.Ground().at(end))
    drawing.add(elm.Line().at(header.ground).right().length(1.5))
    drawing.add(elm.Ground())
    return _rounded(drawing.get_imagedata("svg").decode())


def _header(rows: list[Line | None]) -> elm.Ic:
    """Return the header as a box with the used pins at its right side."""
    count = len(rows) + 1
    pins = []
    for number, line in enumerate(rows):
        slot = f"{count - number}/{count}"
        if line is None:
            pins.append(elm.IcPin(FIVE_VOLTS, anchorname="plus", pin=str(FIVE_VOLTS_PIN), side="right", slot=slot))
        else:
            pins.append(
                elm.IcPin(f"GPIO{line.gpio}", anchorname=line.name, pin=str(line.header), side="right", slot=slot)
            )
    pins.append(elm.IcPin(GROUND, anchorname="ground", pin=str(GROUND_PIN), side="right", slot=f"1/{count}"))
    return elm.Ic(pins=pins, size=(3.2, count * _APART), leadlen=0.9).label(
        "Raspberry Pi\n4 or 5", loc="left", ofst=0.3
    )


def _led(drawing: schemdraw.Drawing, table: PinTable, line: Line, start: tuple[float, float]) -> tuple[float, float]:
    resistor = resistor_of(table, line)
    drawing.add(elm.Resistor().at(start).right().label(f"{resistor.name}  {resistor.value}"))
    led = drawing.add(elm.LED().right().color(line.colour))
    words = f"{line.what}, {line.usual_ma:.1f} mA"
    drawing.add(elm.Label().at((led.end[0] + 0.5, led.end[1])).label(words, loc="center", halign="left"))
    end: tuple[float, float] = led.end
    return end


def _cathode(drawing: schemdraw.Drawing, ends: list[tuple[float, float]]) -> None:
    """Join the cathodes of the RGB LED, which is one part with one leg for them."""
    for upper, lower in pairwise(ends):
        drawing.add(elm.Line().at(upper).to(lower))
        drawing.add(elm.Dot().at(lower))
    drawing.add(elm.Ground().at(ends[-1]))


def _button(drawing: schemdraw.Drawing, line: Line, start: tuple[float, float]) -> tuple[float, float]:
    drawing.add(elm.Line().at(start).right().length(1.2))
    button = drawing.add(elm.Button().right().label(line.what, ofst=0.2))
    drawing.add(elm.Line().right().length(1.2))
    return button.end[0] + 1.2, button.end[1]


def _buzzer(
    drawing: schemdraw.Drawing, table: PinTable, line: Line, start: tuple[float, float], plus: tuple[float, float]
) -> None:
    """Draw transistor, buzzer and diode; 5 V comes from the row below."""
    resistor = resistor_of(table, line)
    drawing.add(elm.Resistor().at(start).right().label(f"{resistor.name}  {resistor.value}"))
    drawing.add(elm.Line().right().length(3.4))
    transistor = drawing.add(elm.BjtNpn(circle=True).right().anchor("base").label("Q1 2N3904", loc="right"))
    drawing.add(elm.Ground().at(transistor.emitter))
    up = drawing.add(elm.Line().at(transistor.collector).up().length(0.5))
    buzzer = drawing.add(elm.Line().at(up.end).right().length(4.0))
    x, y = buzzer.end
    drawing.add(elm.Diode().at((x, y)).to((x, plus[1])).label("D1 1N4148", loc="top", ofst=0.1))
    speaker = drawing.add(
        elm.Speaker().at((x + 2.6, y)).right().label(f"BZ1 {line.load_ma:g} mA", loc="right", ofst=0.2)
    )
    drawing.add(elm.Line().at((x, y)).to(speaker.in1))
    for joint in ((x, y), (x, plus[1])):
        drawing.add(elm.Dot().at(joint))
    drawing.add(elm.Line().at(plus).to((x, plus[1])))
    drawing.add(elm.Line().at((x, plus[1])).to((x + 2.2, plus[1])))
    drawing.add(elm.Line().at((x + 2.2, plus[1])).to((x + 2.2, speaker.in2[1])))
    drawing.add(elm.Line().at((x + 2.2, speaker.in2[1])).to(speaker.in2))


def _rounded(svg: str) -> str:
    """Return the picture with its numbers rounded, so that another processor's last digit changes nothing."""
    return re.sub(r"-?\d+\.\d{3,}", lambda found: f"{round(float(found[0]), 2) + 0.0:g}", svg) + "\n"
