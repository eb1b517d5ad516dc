"""The breadboard plan: in which hole each leg and each wire goes, and the picture of it.

The board is the usual half-size one: 30 columns, rows a to e above the gap and f to j below it, and a rail "-" and a
rail "+" along the top (and along the bottom, unused here). The five holes of a half column are joined, as is each rail.
"""

from __future__ import annotations

from dataclasses import dataclass

from hardware.circuit import FIVE_VOLTS, FIVE_VOLTS_PIN, GROUND, GROUND_PIN, Part, parts, resistor_of, singles
from hardware.pins import HEADER, Line, PinTable, bands, ohm_text
from hardware.svg import Point, Sheet

COLUMNS, UPPER, LOWER = 30, "abcde", "fghij"
RAIL = "-"
#: Where the groups stand: first column of each.
_RGB, _SINGLES, _BUTTONS, _BUZZER, _GROUND = 1, 6, 15, 23, 30
_PITCH, _LEFT, _TOP = 26.0, 150.0, 130.0
#: y of each row of holes, in pitches below the first.
_ROWS = {
    "+": -2.0,
    RAIL: -1.0,
    **{row: 0.8 + n for n, row in enumerate(UPPER)},
    **{row: 7.8 + n for n, row in enumerate(LOWER)},
}
_HEADER_TOP, _LANE = 22.6, 0.62
_GREY, _METAL = "#8a8f98", "#9aa0a8"


@dataclass(frozen=True, slots=True, order=True)
class Hole:
    """A hole of the board: column from 1, and row a to j or the rail "-"."""

    column: int
    row: str

    @property
    def strip(self) -> str:
        """The strip of joined holes that this one belongs to."""
        if self.row == RAIL:
            return "rail -"
        return f"{self.column} {'upper' if self.row in UPPER else 'lower'}"

    @property
    def xy(self) -> Point:
        """Where the hole is on the sheet."""
        return _LEFT + (self.column - 1) * _PITCH, _TOP + (_ROWS[self.row] + 2) * _PITCH


@dataclass(frozen=True, slots=True)
class Plan:
    """Legs of parts by (part, leg), wires on the board from hole to hole, and wires from pins of the header."""

    legs: dict[tuple[str, str], Hole]
    wires: tuple[tuple[Hole, Hole], ...]
    from_header: dict[int, Hole]


def plan(table: PinTable) -> Plan:
    """Return where everything goes."""
    legs: dict[tuple[str, str], Hole] = {("RGB", "cathode"): Hole(_RGB + 1, "b")}
    wires = [_to_ground(_RGB + 1)]
    from_header: dict[int, Hole] = {}
    for line, column in _columns(table):
        from_header[line.header] = Hole(column, "j")
        if line.ohm is not None:
            resistor = resistor_of(table, line).name
            legs |= {(resistor, "in"): Hole(column, "g"), (resistor, "out"): Hole(column, "e")}
        if line.kind == "button":
            # The legs across the corner are never joined, whichever way round the button is put in.
            legs |= {(line.name, "pin"): Hole(column, "f"), (line.name, "ground"): Hole(column + 2, "e")}
            wires.append(_to_ground(column + 2))
        elif line.kind == "buzzer":
            legs |= _buzzer_legs(column)
            wires += [_to_ground(column - 1), (Hole(column + 4, "f"), Hole(column + 4, "d"))]
            from_header[FIVE_VOLTS_PIN] = Hole(column + 4, "j")
        elif line in singles(table):
            legs |= {(line.name, "anode"): Hole(column, "b"), (line.name, "cathode"): Hole(column + 1, "b")}
            wires.append(_to_ground(column + 1))
        else:
            legs[("RGB", line.name)] = Hole(column, "b")
    from_header[GROUND_PIN] = Hole(_GROUND, "j")
    wires += [(Hole(_GROUND, "f"), Hole(_GROUND, "e")), _to_ground(_GROUND)]
    return Plan(legs, tuple(wires), from_header)


def _columns(table: PinTable) -> list[tuple[Line, int]]:
    """Return each line with the column that its wire from the header goes to."""
    # The long leg of an RGB LED, its cathode, is the second.
    rgb = {"red": _RGB, "green": _RGB + 2, "blue": _RGB + 3}
    found = [(line, rgb[line.name]) for line in table.lines if line.name in rgb]
    found += [(line, _SINGLES + 3 * n) for n, line in enumerate(singles(table))]
    found += [(line, _BUTTONS + 4 * n) for n, line in enumerate(table.of_kind("button"))]
    return found + [(line, _BUZZER + 1) for line in table.of_kind("buzzer")]


def _to_ground(column: int) -> tuple[Hole, Hole]:
    return Hole(column, "a"), Hole(column, RAIL)


def _buzzer_legs(base: int) -> dict[tuple[str, str], Hole]:
    transistor = {("Q1", leg): Hole(base - 1 + n, "d") for n, leg in enumerate("EBC")}
    return {
        **transistor,
        ("D1", "anode"): Hole(base + 1, "e"),
        ("D1", "cathode"): Hole(base + 4, "e"),
        ("BZ1", "minus"): Hole(base + 1, "b"),
        ("BZ1", "plus"): Hole(base + 4, "b"),
    }


def draw(table: PinTable) -> str:
    """Return the plan as a picture."""
    placed = plan(table)
    sheet = Sheet(1080, 900, "Breadboard plan: where each part and each wire goes")
    sheet.text((40, 40), "Breadboard plan", 22, font_weight="bold")
    sheet.text((40, 64), "Half-size board, 30 columns. Switch the Pi off and unplug it before you put in a wire.", 14)
    _board(sheet)
    colours = {line.header: line.colour for line in table.lines} | {GROUND_PIN: "#111", FIVE_VOLTS_PIN: "#e0301e"}
    for start, end in placed.wires:
        ground = RAIL in (start.row, end.row) or start.column == _GROUND
        sheet.line([start.xy, end.xy], "#111" if ground else "#e0301e", 5, stroke_linecap="round")
    for part in parts(table):
        _part(sheet, table, part, {leg: placed.legs[part.name, leg] for leg in part.legs})
    _header(sheet, table, placed, colours)
    return str(sheet)


def _board(sheet: Sheet) -> None:
    left, top = Hole(1, "a").xy[0] - 1.2 * _PITCH, _TOP - 1.6 * _PITCH
    sheet.box((left, top), (31.4 * _PITCH, 16.2 * _PITCH), "#f6f4ee", 8, stroke="#c9c4b5")
    sheet.box((left, Hole(1, "e").xy[1] + 0.75 * _PITCH), (31.4 * _PITCH, 0.5 * _PITCH), "#e4e0d3")
    for row in _ROWS:
        y = _TOP + (_ROWS[row] + 2) * _PITCH
        for side in (-0.85, 29.85):
            sheet.text((_LEFT + side * _PITCH, y + 5), row.replace("-", "−"), 13, "middle", fill="#8d8672")
        for column in range(1, COLUMNS + 1):
            if row not in "+-" or column % 6:
                sheet.disc((_LEFT + (column - 1) * _PITCH, y), 3.2, "#bdb7a4")
    for row, colour in (("+", "#e0301e"), (RAIL, "#2352c4")):
        y = _TOP + (_ROWS[row] + 2) * _PITCH + (-0.5 if row == "+" else 0.45) * _PITCH
        sheet.line([(_LEFT - 8, y), (_LEFT + 29 * _PITCH + 8, y)], colour, 1.5)
    for column in (1, *range(5, COLUMNS + 1, 5)):
        sheet.text((Hole(column, "j").xy[0], _TOP - 0.85 * _PITCH), str(column), 12, "middle", fill="#8d8672")


def _part(sheet: Sheet, table: PinTable, part: Part, legs: dict[str, Hole]) -> None:
    places = [hole.xy for hole in legs.values()]
    middle = (sum(x for x, _ in places) / len(places), sum(y for _, y in places) / len(places))
    if part.name.startswith("R") and part.name != "RGB":
        _resistor(sheet, table, part, legs)
    elif part.name == "RGB":
        sheet.box(
            (min(places)[0] - 10, middle[1] - 12), (3 * _PITCH + 20, 24), "#fff", 12, stroke="#777", fill_opacity="0.92"
        )
        for leg, hole in legs.items():
            sheet.disc(
                hole.xy, 7, {"cathode": "#111"}.get(leg, next((x.colour for x in table.lines if x.name == leg), ""))
            )
        sheet.text((middle[0], middle[1] + 27), "RGB", 12, "middle", font_weight="bold")
    elif "anode" in legs and part.name != "D1":
        colour = next(line.colour for line in table.lines if line.name == part.name)
        sheet.disc(middle, 19, colour, stroke="#555", fill_opacity="0.85")
        sheet.line([(middle[0] + 17, middle[1] - 9), (middle[0] + 17, middle[1] + 9)], "#333", 3)
        sheet.text((legs["anode"].xy[0], middle[1] + 5), "+", 15, "middle", fill="#fff", font_weight="bold")
        sheet.text((middle[0], middle[1] + 34), part.name, 12, "middle", font_weight="bold")
    elif "pin" in legs:
        left, right = legs["pin"].xy[0], legs["ground"].xy[0]
        top, bottom = legs["ground"].xy[1], legs["pin"].xy[1]
        sheet.box((left - 6, top + 5), (right - left + 12, bottom - top - 10), "#4b4f57", 5)
        sheet.disc(((left + right) / 2, (top + bottom) / 2), 17, "#22252a")
        for x, y in ((left, top), (right, top), (left, bottom), (right, bottom)):
            sheet.disc((x, y), 5, _METAL)
        sheet.text(((left + right) / 2, (top + bottom) / 2 + 4), part.name, 12, "middle", fill="#fff")
    else:
        _buzzer_part(sheet, part, legs, middle)


def _resistor(sheet: Sheet, table: PinTable, part: Part, legs: dict[str, Hole]) -> None:
    (x, low), (_, high) = legs["in"].xy, legs["out"].xy
    sheet.line([(x, low), (x, high)], _METAL, 3)
    body = (low - high) * 0.62
    top = (low + high - body) / 2
    sheet.box((x - 7, top), (14, body), "#ddc9a0", 6, stroke="#a08d5f")
    ohm = next(line.ohm for line in table.lines if line.ohm and ohm_text(line.ohm) == part.value)
    paint = {
        "brown": "#6b3e1d",
        "black": "#111",
        "red": "#d0281c",
        "violet": "#7a3fa8",
        "orange": "#ee7d16",
        "gold": "#c9a227",
    }
    paint |= {"yellow": "#e8cf1e", "green": "#2e9d4c", "blue": "#2f6fd0", "grey": "#888", "white": "#fff"}
    for number, ring in enumerate(bands(ohm).split(", ")):
        share = (0.85, 0.68, 0.51, 0.2)[number]
        sheet.box((x - 7, top + body * share - 3), (14, 5), paint[ring])


def _buzzer_part(sheet: Sheet, part: Part, legs: dict[str, Hole], middle: Point) -> None:
    if part.name == "Q1":
        sheet.box((min(hole.xy[0] for hole in legs.values()) - 9, middle[1] - 11), (2 * _PITCH + 18, 20), "#2a2d33", 4)
        for leg, hole in legs.items():
            sheet.text((hole.xy[0], middle[1] + 4), leg, 12, "middle", fill="#fff")
    elif part.name == "D1":
        (left, y), (right, _) = legs["anode"].xy, legs["cathode"].xy
        sheet.line([(left, y), (right, y)], _METAL, 3)
        sheet.box((middle[0] - 20, y - 7), (40, 14), "#c9764a", 5)
        sheet.box((middle[0] + 9, y - 7), (5, 14), "#111")
    else:
        x, y = middle
        sheet.disc((x, y - 18), 50, "#30343b", fill_opacity="0.9")
        sheet.disc((x, y - 18), 8, "#0c0d0f")
        sheet.text((x, y - 40), "BZ1", 12, "middle", fill="#fff")
        sheet.text((legs["minus"].xy[0] + 6, y + 5), "−", 17, "middle", fill="#fff")
        sheet.text((legs["plus"].xy[0] - 2, y + 5), "+", 17, "middle", fill="#fff")


def _header_xy(pin: int) -> Point:
    """Return where a pin of the header is drawn: even pins in the upper row, at the edge of the Pi's board."""
    column, upper = (pin - 1) // 2, pin % 2 == 0
    return _LEFT + (5 + column) * _PITCH, _TOP + (_HEADER_TOP + (0 if upper else 1)) * _PITCH


def _header(sheet: Sheet, table: PinTable, placed: Plan, colours: dict[int, str]) -> None:
    left, top = _header_xy(2)[0] - 0.8 * _PITCH, _header_xy(2)[1] - 0.8 * _PITCH
    sheet.box((left - 30, top - 14), (21 * _PITCH + 150, 6.9 * _PITCH), "#e2f1e5", 12, stroke="#4a8f58")
    sheet.box((left, top), (20.6 * _PITCH, 2.6 * _PITCH), "#2b2f36", 4)
    sheet.text(
        (left, top + 3.6 * _PITCH),
        "Raspberry Pi 4 or 5, header seen from above; pin 1 is square, at the end beside the card",
        13,
    )
    for pin in range(1, len(HEADER) + 1):
        sheet.disc(_header_xy(pin), 6, "#d9b44a" if pin in placed.from_header else "#777d87")
    for lane, pin in enumerate(_lanes(placed)):
        _wire(sheet, pin, placed.from_header[pin], lane, colours[pin])
    names = {line.header: f"{line.name} GPIO{line.gpio}" for line in table.lines}
    names |= {GROUND_PIN: GROUND, FIVE_VOLTS_PIN: FIVE_VOLTS}
    for number, pin in enumerate(sorted(placed.from_header)):
        at = (left + (number % 4) * 165, top + (4.35 + 0.62 * (number // 4)) * _PITCH)
        sheet.box((at[0], at[1] - 10), (11, 11), colours[pin])
        sheet.text((at[0] + 16, at[1]), f"pin {pin}: {names[pin]}", 12)


def _lanes(placed: Plan) -> list[int]:
    """Return the pins in the order in which their wires run below the board, highest first."""
    to_left = [pin for pin in placed.from_header if placed.from_header[pin].xy[0] < _header_xy(pin)[0]]
    to_right = [pin for pin in placed.from_header if pin not in to_left]
    # The outermost wire runs lowest, so that no other has to cross it.
    by_column = sorted(to_left, key=lambda pin: -placed.from_header[pin].column)
    return by_column + sorted(to_right, key=lambda pin: placed.from_header[pin].column)


def _wire(sheet: Sheet, pin: int, hole: Hole, lane: int, colour: str) -> None:
    x, y = _header_xy(pin)
    lane_y = Hole(1, "j").xy[1] + (1.4 + lane * _LANE) * _PITCH
    # The wire of a lower pin passes beside the upper one.
    way = -_PITCH / 2 if hole.xy[0] < x else _PITCH / 2
    aside = [] if pin % 2 == 0 else [(x + way, y - _PITCH / 2)]
    up = aside[-1][0] if aside else x
    path = [(x, y), *aside, (up, lane_y), (hole.xy[0], lane_y), hole.xy]
    sheet.line(path, "#fff", 7, stroke_linecap="round", opacity="0.85")
    sheet.line(path, colour, 4, stroke_linecap="round")
