"""Marks for the floor, to print at true scale on A4 and glue together: where the feet go, and where the bar stands.

Lengths are millimetres. The marks are drawn on one sheet, x to the right and y towards the camera, from the point that
the camera looks at; six pages show a part of it each.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from fpdf import FPDF

from hardware.placement import LENS_M, Place
from hardware.svg import Sheet

Point = tuple[float, float]
OnPage = Callable[[Point], Point]

PAGE = (210.0, 297.0)
#: What of each page shows a part of the sheet, and where it begins. Printers leave some 5 mm white.
TILE, TILE_AT = (190.0, 240.0), (10.0, 12.0)
COLUMNS, ROWS = 3, 2
#: What to do, the tiles, the bar.
PAGES = 1 + COLUMNS * ROWS + 1
#: The ruler to check the scale with, and where it begins: on every page the same.
RULER_MM, RULER_AT = 100.0, (55.0, 272.0)
#: A shoe of EU size 43, and the middles of both feet: as wide as the shoulders' joints.
SHOE, STANCE_MM = (104.0, 292.0), 360.0
#: From the middle of the foot marks to the bar, along the body: hands under the shoulders of somebody of 1.7 m.
BAR_MM = 850.0
#: The right edge of a left sole from heel to toe and back along the left: shares of half a shoe's width and length.
_SOLE: tuple[Point, ...] = (
    *((0.0, -1.0), (0.42, -0.93), (0.62, -0.72), (0.6, -0.4), (0.55, -0.08), (0.72, 0.28), (0.94, 0.56), (0.86, 0.82)),
    *(
        (0.45, 0.98),
        (0.0, 0.95),
        (-0.52, 0.78),
        (-0.9, 0.5),
        (-1.0, 0.2),
        (-0.86, -0.2),
        (-0.72, -0.55),
        (-0.56, -0.86),
    ),
)
_FRONT, _SIDE, _BAR = (35, 82, 196), (190, 90, 20), (47, 107, 61)
_MIDDLE = (200, 30, 30)
#: Lines on the sheet: the cross at its middle, and the arrow to the camera in one stroke.
_CROSS: tuple[tuple[Point, Point], ...] = (((-30.0, 0.0), (30.0, 0.0)), ((0.0, -30.0), (0.0, 30.0)))
_ARROW: tuple[Point, ...] = ((0.0, 150.0), (0.0, 225.0), (-14.0, 205.0), (0.0, 225.0), (14.0, 205.0))
#: Fixed, so that the same marks give the same file.
_WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Outline:
    """A closed line on the sheet, and whether it is dashed: the feet of somebody turned to the side."""

    points: tuple[Point, ...]
    turned: bool


def outlines() -> tuple[Outline, ...]:
    """Return the four foot outlines: a pair facing the camera, and a pair turned by a quarter over the same middle."""
    left = [(x - STANCE_MM / 2, y) for x, y in _sole()]
    right = [(-x, y) for x, y in left]
    pair = (tuple(left), tuple(right))
    turned = tuple(tuple((y, -x) for x, y in foot) for foot in pair)
    return (*(Outline(foot, False) for foot in pair), *(Outline(foot, True) for foot in turned))


def _sole() -> list[Point]:
    """Return a left sole around its own middle, as a smooth line through `_SOLE` (Catmull and Rom's)."""
    count, smooth = len(_SOLE), []
    for index in range(count):
        around = [_SOLE[(index + step) % count] for step in (-1, 0, 1, 2)]
        for part in range(8):
            u = part / 8
            weights = (
                (-u + 2 * u**2 - u**3) / 2,
                1 - 2.5 * u**2 + 1.5 * u**3,
                (u + 4 * u**2 - 3 * u**3) / 2,
                (u**3 - u**2) / 2,
            )
            x, y = (sum(w * p[axis] for w, p in zip(weights, around, strict=True)) for axis in (0, 1))
            smooth.append((x, y))
    # The line runs a little beyond its points: back to the size of the shoe.
    sizes = [max(p[axis] for p in smooth) - min(p[axis] for p in smooth) for axis in (0, 1)]
    lows = [min(p[axis] for p in smooth) for axis in (0, 1)]
    return [
        ((x - lows[0]) / sizes[0] * SHOE[0] - SHOE[0] / 2, (y - lows[1]) / sizes[1] * SHOE[1] - SHOE[1] / 2)
        for x, y in smooth
    ]


def overview() -> str:
    """Return the sheet as it is glued together, small, as a picture."""
    wide, high = COLUMNS * TILE[0], ROWS * TILE[1]
    sheet = Sheet(wide, high + 30, "Floor marks, glued together")

    def at(x: float, y: float) -> Point:
        return x + wide / 2, high / 2 - y

    for outline in outlines():
        dashes = {"stroke_dasharray": "14 9"} if outline.turned else {}
        colour = _hex(_SIDE if outline.turned else _FRONT)
        sheet.line([at(*point) for point in (*outline.points, outline.points[0])], colour, 4, **dashes)
    for start, end in _CROSS:
        sheet.line([at(*start), at(*end)], _hex(_MIDDLE), 4)
    sheet.line([at(*point) for point in _ARROW], "#111111", 4)
    for row in range(ROWS):
        for column in range(COLUMNS):
            corner = (column * TILE[0], row * TILE[1])
            sheet.box(corner, TILE, stroke="#999999")
            sheet.text((corner[0] + 8, corner[1] + 24), f"page {2 + row * COLUMNS + column}", 16, fill="#777777")
    sheet.text((wide / 2, high + 20), f"{wide:.0f} by {high:.0f} mm; the arrow points to the camera", 16, "middle")
    return str(sheet)


def _hex(colour: tuple[int, int, int]) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)


def write(places: tuple[Place, ...]) -> bytes:
    """Return the marks as a PDF, with the distances of the lenses' places on its first page."""
    pdf = FPDF(unit="mm", format=PAGE)
    pdf.set_compression(False)
    pdf.set_creation_date(_WRITTEN)
    pdf.set_title("Floor marks, true scale")
    pdf.set_auto_page_break(False)
    _what_to_do(pdf, places)
    for row in range(ROWS):
        for column in range(COLUMNS):
            _tile(pdf, column, row)
    _bar(pdf)
    return bytes(pdf.output())


def _begin(pdf: FPDF, words: str) -> None:
    pdf.add_page()
    pdf.set_font("Helvetica", size=9)
    pdf.set_text_color(60)
    pdf.text(10, 285, f'{words}. Print at 100 percent, "actual size". Page {pdf.page} of {PAGES}')
    pdf.text(RULER_AT[0] + RULER_MM + 4, RULER_AT[1] + 1, "must be 100 mm")
    pdf.set_draw_color(0)
    pdf.set_line_width(0.3)
    x, y = RULER_AT
    pdf.line(x, y, x + RULER_MM, y)
    for mm in range(0, int(RULER_MM) + 1, 5):
        pdf.line(x + mm, y, x + mm, y - (5 if mm % 50 == 0 else 3.5 if mm % 10 == 0 else 2))


def _what_to_do(pdf: FPDF, places: tuple[Place, ...]) -> None:
    _begin(pdf, "What to do")
    pdf.set_text_color(0)
    pdf.set_font("Helvetica", style="B", size=20)
    pdf.text(15, 25, "Floor marks")
    pdf.set_font("Helvetica", size=11)
    steps = (
        '1. Print all pages on A4 at 100 percent (not "fit to page"). Lay a ruler on the scale of each page.',
        "2. Cut pages 2 to 7 along the thin frame and tape them together as in the picture.",
        "3. Lay them down with the arrow towards the camera and the red cross under the middle of its picture.",
        "4. Measure from the cross to the point on the floor under the lens:",
    )
    for number, words in enumerate(steps):
        pdf.text(15, 36 + 7 * number, words)
    y = 65.0
    for place in places:
        pdf.text(22, y, f"{place.lens.name}: {place.distance_m:.2f} m, tilt {place.tilt_deg:.0f} degrees up")
        y += 6
    more = (
        f"   The lens is {LENS_M:.1f} m above the floor. These distances are for people up to 2 m tall.",
        f"5. For push-ups lay page {PAGES} beside the cross, {BAR_MM / 10:.0f} cm from it, across the camera's way.",
        "6. Cover the paper with clear floor film, or copy the outlines to floor tape. Keep it flat: nobody may trip.",
        "",
        "Blue feet: facing the camera. Brown, dashed feet: turned, one side to the camera.",
        f"Shoes: {SHOE[1]:.0f} by {SHOE[0]:.0f} mm, {STANCE_MM:.0f} mm between the middles; smaller feet: same middle.",
    )
    for number, words in enumerate(more):
        pdf.text(15, y + 1 + 7 * number, words)
    _overview(pdf, (55.0, y + 52))


def _overview(pdf: FPDF, at: Point) -> None:
    """Draw the whole sheet small, with its tiles and their page numbers."""
    scale = 100 / (COLUMNS * TILE[0])

    def small(point: Point) -> Point:
        return at[0] + (point[0] + COLUMNS * TILE[0] / 2) * scale, at[1] + (ROWS * TILE[1] / 2 - point[1]) * scale

    _marks(pdf, small, line_mm=0.5)
    pdf.set_draw_color(150)
    pdf.set_line_width(0.2)
    pdf.set_text_color(120)
    for row in range(ROWS):
        for column in range(COLUMNS):
            left, top = at[0] + column * TILE[0] * scale, at[1] + row * TILE[1] * scale
            pdf.rect(left, top, TILE[0] * scale, TILE[1] * scale)
            pdf.text(left + 1.5, top + 4.5, str(2 + row * COLUMNS + column))


def _tile(pdf: FPDF, column: int, row: int) -> None:
    _begin(pdf, f"Feet, row {row + 1}, column {column + 1}")
    left, top = TILE_AT
    # The sheet's upper left corner lies this far from the page's own.
    x0 = left - column * TILE[0] + COLUMNS * TILE[0] / 2
    y0 = top - row * TILE[1] + ROWS * TILE[1] / 2
    with pdf.rect_clip(left, top, *TILE):
        _marks(pdf, lambda point: (x0 + point[0], y0 - point[1]))
    pdf.set_draw_color(150)
    pdf.set_line_width(0.2)
    pdf.rect(left, top, *TILE)


def _marks(pdf: FPDF, on_page: OnPage, line_mm: float = 1.2) -> None:
    for outline in outlines():
        colour = _SIDE if outline.turned else _FRONT
        pdf.set_draw_color(*colour)
        pdf.set_line_width(line_mm)
        if outline.turned:
            pdf.set_dash_pattern(dash=5 * line_mm, gap=3.4 * line_mm)
        pdf.polygon([on_page(point) for point in outline.points])
        pdf.set_dash_pattern()
    pdf.set_draw_color(*_MIDDLE)
    for start, end in _CROSS:
        pdf.line(*on_page(start), *on_page(end))
    pdf.set_draw_color(0)
    for start, end in pairwise(_ARROW):
        pdf.line(*on_page(start), *on_page(end))


def _bar(pdf: FPDF) -> None:
    _begin(pdf, "Bar for push-ups")
    pdf.set_text_color(0)
    pdf.set_font("Helvetica", style="B", size=18)
    pdf.text(20, 30, "Push-up: the bar stands on this line")
    pdf.set_font("Helvetica", size=11)
    pdf.text(20, 40, f"Middle of the line to the red cross: {BAR_MM:.0f} mm, across the way to the camera.")
    pdf.text(20, 47, "The line runs the same way as the arrow on the foot marks. Hips over the cross, feet beyond it.")
    pdf.text(20, 54, "Second pass: turn bar and body by a quarter over the cross, head or feet to the camera.")
    pdf.set_draw_color(*_BAR)
    pdf.set_line_width(4)
    pdf.line(105, 70, 105, 255)
    pdf.set_line_width(0.5)
    pdf.line(60, 162.5, 150, 162.5)
    pdf.line(60, 162.5, 68, 158.5)
    pdf.line(60, 162.5, 68, 166.5)
    pdf.text(24, 164, "to the cross")
