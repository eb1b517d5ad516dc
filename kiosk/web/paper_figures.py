"""The pictures of a paper, as vectors: the skeleton of a check, its values over the reps, the score, the QR code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import segno

from kiosk.web.figure import Dot, Figure, Stroke, Word
from kiosk.web.numbers import decimal
from kiosk.web.sheet import ICE, INK, PALE, RULE, SOFT, STATUS, WHITE, Colour, Sheet

#: Light grounds of the bands of a chart.
_BANDS: dict[str, Colour] = {"clear": (222, 240, 228), "unsure": (248, 235, 208), "sign": (250, 222, 218)}
_ROLES: dict[str, Colour] = {
    "limb left": (0, 99, 171), "limb right": (100, 55, 194), "limb trunk": (95, 110, 122), "head": (95, 110, 122),
    "joint": (95, 110, 122), "plumb": RULE, "zero": SOFT, "arc": INK, "limit": INK, "value": INK, "limit-word": INK,
}  # fmt: skip
_BLUE: Colour = (30, 79, 116)
_THING: Colour = (158, 173, 184)
#: The colours of a drawn position; all of its lines end round but those of walls and boxes.
POSITION: dict[str, Colour] = {
    "edge": PALE, "skin": (95, 118, 136), "skin far": (147, 166, 180), "shirt": ICE, "shirt far": _BLUE,
    "shorts": _BLUE, "shorts far": (91, 125, 151), "thing": _THING, "thing block": _THING, "ground": RULE,
    "band": STATUS["sign"], "way": (198, 90, 0), "felt": (198, 90, 0), "then": SOFT,
}  # fmt: skip

Box = tuple[float, float, float, float]


def draw_figure(sheet: Sheet, figure: Figure, box: Box, status: str) -> None:
    """Draw a figure as large as fits into ``box`` (left, top, width, height).

    What is measured has the colour of its ``status``.
    """
    left, top, width, height = box
    scale = min(width / figure.width, height / figure.height)
    x0 = left + (width - figure.width * scale) / 2 - figure.left * scale
    y0 = top + (height - figure.height * scale) / 2 - figure.top * scale

    def at(point: tuple[float, float]) -> tuple[float, float]:
        return x0 + point[0] * scale, y0 + point[1] * scale

    colours = _ROLES | POSITION
    for shape in figure.shapes:
        colour = colours.get(shape.role, STATUS[status])
        if isinstance(shape, Stroke):
            points, width = [at(point) for point in shape.points], shape.width_px * scale
            _stroke(sheet, points, width, colour, dashed=shape.dashed)
            if shape.role in POSITION and shape.role != "thing block":
                for point in points:
                    _dot(sheet, point, width / 2, 0.0, colour)
        elif isinstance(shape, Dot):
            _dot(sheet, at(shape.at), shape.radius_px * scale, shape.width_px * scale, colour)
        elif isinstance(shape, Word):
            size_pt = max(6.0, shape.size_px * scale / 0.3528)
            sheet.word(shape.text, at(shape.at), size_pt, colour, shape.anchor, shape.role == "value")


def _stroke(sheet: Sheet, points: list[tuple[float, float]], width_mm: float, colour: Colour, *, dashed: bool) -> None:
    sheet.set_draw_color(*colour)
    sheet.set_line_width(max(width_mm, 0.12))
    if dashed:
        sheet.set_dash_pattern(dash=2.4 * width_mm, gap=2 * width_mm)
    sheet.polyline(points, style="D")
    sheet.set_dash_pattern()


def _dot(sheet: Sheet, at: tuple[float, float], radius_mm: float, rim_mm: float, colour: Colour) -> None:
    sheet.set_draw_color(*colour)
    sheet.set_fill_color(*colour)
    if rim_mm:
        sheet.set_line_width(rim_mm)
    sheet.circle(at[0], at[1], radius_mm, style="D" if rim_mm else "F")


def draw_values(sheet: Sheet, check: Mapping[str, Any], box: Box) -> None:
    """Draw the value of each rep with its error over the bands of a check."""
    left, top, width, height = box
    rows = [row for row in check["per_rep"] if row["value"] is not None]
    if not rows:
        return
    error, limits = float(check["error"] or 0.0), _limits(check)
    marks: list[float] = [row["value"] + d for row in rows for d in (-error, error)] + [
        one for pair in limits for one in pair
    ]
    low, high = min(marks), max(marks)
    air = 0.1 * (high - low) or 0.5
    low, high = low - air, high + air

    def y(value: float) -> float:
        return top + (high - value) / (high - low) * height

    if limits:
        sheet.set_fill_color(*_BANDS["clear"])
        sheet.rect(left, top, width, height, style="F")
    for clear, sign in limits:
        for name, a, b in (("unsure", clear, sign), ("sign", sign, high if sign > clear else low)):
            sheet.set_fill_color(*_BANDS[name])
            sheet.rect(left, min(y(a), y(b)), width, abs(y(a) - y(b)), style="F")
    digits = 0 if high - low >= 10 else 1 if high - low >= 1 else 2
    for value in (low + air, high - air):
        sheet.word(decimal(value, digits), (left - 1.5, y(value) + 0.9), 6.5, SOFT, "end", False)
    for place, row in enumerate(rows):
        _value(sheet, left + width * (place + 0.5) / len(rows), row, error, y)
        number = row["rep"] if row.get("at_s") is None else round(row["at_s"])
        sheet.word(
            str(number), (left + width * (place + 0.5) / len(rows), top + height + 3.2), 6.5, SOFT, "middle", False
        )


def _value(sheet: Sheet, x: float, row: Mapping[str, Any], error: float, y: Any) -> None:
    colour, middle = STATUS[row["verdict"]], y(row["value"])
    _stroke(sheet, [(x, y(row["value"] - error)), (x, y(row["value"] + error))], 0.25, SOFT, dashed=False)
    sheet.set_fill_color(*colour)
    if row["verdict"] == "sign":
        sheet.polygon([(x, middle - 1.3), (x + 1.2, middle + 0.9), (x - 1.2, middle + 0.9)], style="F")
    elif row["verdict"] == "unsure":
        sheet.polygon([(x, middle - 1.3), (x + 1.2, middle), (x, middle + 1.3), (x - 1.2, middle)], style="F")
    else:
        sheet.circle(x, middle, 1.0, style="F")


def _limits(check: Mapping[str, Any]) -> list[tuple[float, float]]:
    if check["clear"] is None or check["sign"] is None:
        return []
    pair = (float(check["clear"]), float(check["sign"]))
    return [pair, (-pair[0], -pair[1])] if check["two_sided"] else [pair]


def draw_score(sheet: Sheet, low: int, high: int, box: Box) -> None:
    """Draw 0 to 100 as a line with the range of a score on it."""
    left, top, width, height = box
    sheet.panel(left, top + height * 0.25, width, height / 2, RULE)
    wide = max(high - low, 2) / 100 * width
    sheet.panel(left + min(low / 100 * width, width - wide), top, wide, height, ICE)


def draw_code(sheet: Sheet, link: str, left: float, top: float, side: float) -> None:
    """Draw the QR code of an address with its quiet border."""
    rows = [list(row) for row in segno.make(link, error="m", micro=False).matrix_iter(border=4)]
    square = side / len(rows)
    sheet.set_fill_color(*WHITE)
    sheet.rect(left, top, side, side, style="F")
    sheet.set_fill_color(0, 0, 0)
    for line, row in enumerate(rows):
        start = 0
        while start < len(row):
            end = start
            while end < len(row) and row[end]:
                end += 1
            if end > start:
                # A hair of overlap: no white seams between the rows.
                sheet.rect(left + start * square, top + line * square, (end - start) * square, square * 1.02, style="F")
            start = max(end, start) + 1


def draw_ground(sheet: Sheet, box: Box) -> None:
    """Fill the ground of a picture."""
    sheet.panel(*box, PALE)
