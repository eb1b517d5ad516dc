"""The drawing of the camera's place: from the side and from above, for one lens."""

from __future__ import annotations

import math

from hardware.placement import LENS_M, PLANK, REACH, Place
from hardware.svg import Point, Sheet

#: Pixels of a metre; where the lens's foot is in the view from the side, and the lens in the view from above.
_METRE = 120.0
_SIDE: Point = (110.0, 470.0)
_ABOVE: Point = (110.0, 720.0)
#: How much room is drawn behind the mark, metres.
_BEHIND_M = 1.1
_BLUE, _CONE, _PERSON, _SMALL = "#2352c4", "#dfe9fb", "#5b6470", "#b9742c"


def draw(place: Place) -> str:
    """Return the drawing for one place."""
    across = 2 * (_half_wide(place) + 0.35) * _METRE
    height = _ABOVE[1] - 160 + max(across, 3.2 * _METRE) + 60
    sheet = Sheet(1010, height, f"Place of the camera: {place.lens.name}")
    sheet.text((40, 42), f"Place of the camera: {place.lens.name}", 20, font_weight="bold")
    words = f"{place.lens.horizontal_deg:.0f}° across, {place.lens.vertical_deg:.0f}° up and down, level picture"
    sheet.text((40, 66), f"{words}. People up to {place.stature_m:.1f} m; drawn to scale.", 14)
    _from_the_side(sheet, place)
    _from_above(sheet, place, _ABOVE[1] - 160 + max(across, 3.2 * _METRE) / 2)
    return str(sheet)


def _half_wide(place: Place) -> float:
    """Return how much is drawn to each side, metres: what is seen, but not much more than a push-up takes."""
    plank_m = place.stature_m * PLANK / 2
    return max(plank_m, min(place.wide_m / 2, plank_m + 0.5))


def _side(x_m: float, z_m: float) -> Point:
    return _SIDE[0] + x_m * _METRE, _SIDE[1] - z_m * _METRE


def _from_the_side(sheet: Sheet, place: Place) -> None:
    distance, end = place.distance_m, place.distance_m + _BEHIND_M
    half = place.lens.vertical_deg / 2
    edges = [math.tan(math.radians(place.tilt_deg + sign * half)) for sign in (-1, 1)]
    ceiling = 2.85
    top_x = min(end, (ceiling - LENS_M) / edges[1])
    floor_x = min(end, -LENS_M / edges[0])
    cone = [(0.0, LENS_M), (floor_x, max(0.0, LENS_M + floor_x * edges[0])), (end, max(0.0, LENS_M + end * edges[0]))]
    cone += [(end, min(ceiling, LENS_M + end * edges[1])), (top_x, min(ceiling, LENS_M + top_x * edges[1]))]
    sheet.area([_side(*point) for point in cone], _CONE)
    sheet.line([_side(-0.4, 0), _side(end, 0)], "#444", 3)
    ahead = math.tan(math.radians(place.tilt_deg))
    sheet.line([_side(0, LENS_M), _side(end, LENS_M + end * ahead)], _BLUE, 1, stroke_dasharray="8 5")
    sheet.line([_side(0, 0), _side(0, LENS_M)], "#777", 4)
    sheet.box((_side(0, LENS_M)[0] - 18, _side(0, LENS_M)[1] - 10), (22, 20), "#333", 4)
    _standing(sheet, distance, place.stature_m, _PERSON)
    _standing(sheet, distance, 1.5, _SMALL)
    _across(sheet, _side(0, -0.28), _side(distance, -0.28), f"lens to mark {distance:.2f} m")
    _upright(sheet, _side(-0.3, 0), _side(-0.3, LENS_M), f"{LENS_M:.1f} m")
    seen = f"sees {max(0.0, place.low_m):.2f} to {place.high_m:.2f} m at the mark"
    sheet.lines_of_text(
        (_side(end, 0)[0] + 14, 200),
        [
            f"lens {LENS_M:.1f} m above the floor",
            f"tilt {abs(place.tilt_deg):.1f}° {'up' if place.tilt_deg > 0 else 'down'}",
            f"({1000 * math.tan(math.radians(place.tilt_deg)):.0f} mm on 1 m)",
            seen,
            f"grey: {place.stature_m:.1f} m tall, hands at {place.stature_m * REACH:.2f} m",
            f"brown: 1.5 m tall, fills {place.small_share:.0%}",
        ],
    )


def _standing(sheet: Sheet, at_m: float, stature_m: float, colour: str) -> None:
    """Draw somebody with raised arms from the side, facing the camera."""
    heights = {"ankle": 0.04, "knee": 0.28, "hip": 0.52, "shoulder": 0.81, "head": 0.93}
    place = {
        name: _side(at_m + (0.01 if name == "knee" else 0.04), share * stature_m) for name, share in heights.items()
    }
    tip = _side(at_m, stature_m * REACH)
    wide = {"stroke_linecap": "round"}
    sheet.line([place["ankle"], place["knee"], place["hip"], place["shoulder"]], colour, 9, **wide)
    sheet.line([place["shoulder"], tip], colour, 6, **wide)
    sheet.line([_side(at_m + 0.08, 0.03), _side(at_m - 0.17, 0.03)], colour, 7, **wide)
    sheet.disc(place["head"], 0.065 * stature_m * _METRE, colour)


def _from_above(sheet: Sheet, place: Place, middle: float) -> None:
    def at(x_m: float, y_m: float) -> Point:
        return _ABOVE[0] + x_m * _METRE, middle + y_m * _METRE

    distance, end = place.distance_m, place.distance_m + _BEHIND_M
    half = math.tan(math.radians(place.lens.horizontal_deg / 2))
    side = _half_wide(place) + 0.3
    reach = min(end, side / half)
    cone = [
        (0.0, 0.0),
        (reach, -reach * half),
        (end, -min(side, end * half)),
        (end, min(side, end * half)),
        (reach, reach * half),
    ]
    sheet.area([at(*point) for point in cone], _CONE)
    sheet.line([at(0, 0), at(end, 0)], _BLUE, 1, stroke_dasharray="8 5")
    sheet.box((at(0, 0)[0] - 18, at(0, 0)[1] - 11), (22, 22), "#333", 4)
    half_plank = place.stature_m * PLANK / 2
    sheet.line([at(distance, -half_plank), at(distance, half_plank)], "#9fb6a5", 26, stroke_linecap="round")
    sheet.line([at(distance - 0.5, half_plank - 0.12), at(distance + 0.5, half_plank - 0.12)], "#2f6b3d", 6)
    for y in (-0.18, 0.18):
        sheet.line([at(distance - 0.13, y), at(distance + 0.1, y)], _PERSON, 11, stroke_linecap="round")
    sheet.disc(at(distance, 0), 4, "#c22")
    sheet.text((at(end, 0)[0] + 14, at(0, -0.5)[1]), "from above", 15, font_weight="bold")
    sheet.lines_of_text(
        (at(end, 0)[0] + 14, at(0, -0.28)[1]),
        [
            f"sees {place.wide_m:.1f} m across at the mark",
            "feet point to the camera",
            "green: push-up from the side,",
            "hips on the mark, bar at the end",
            f"keep {place.stature_m * PLANK + 0.6:.1f} m free across,",
            "and nobody walking behind",
        ],
    )
    low = middle + (side + 0.12) * _METRE
    sheet.line([(at(0, 0)[0], low), (at(distance, 0)[0], low)], _BLUE, 1.2)
    for x_m in (0.0, distance):
        sheet.line([(at(x_m, 0)[0], low - 7), (at(x_m, 0)[0], low + 7)], _BLUE, 1.2)
    sheet.text(((at(0, 0)[0] + at(distance, 0)[0]) / 2, low + 18), f"{distance:.2f} m", 14, "middle", fill=_BLUE)


def _across(sheet: Sheet, start: Point, end: Point, words: str) -> None:
    sheet.line([start, end], _BLUE, 1.2)
    for x, y in (start, end):
        sheet.line([(x, y - 7), (x, y + 7)], _BLUE, 1.2)
    sheet.text(((start[0] + end[0]) / 2, start[1] + 19), words, 14, "middle", fill=_BLUE)


def _upright(sheet: Sheet, start: Point, end: Point, words: str) -> None:
    sheet.line([start, end], _BLUE, 1.2)
    for x, y in (start, end):
        sheet.line([(x - 7, y), (x + 7, y)], _BLUE, 1.2)
    sheet.text((start[0] - 8, (start[1] + end[1]) / 2), words, 14, "end", fill=_BLUE)
