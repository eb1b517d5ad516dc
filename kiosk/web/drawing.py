"""The picture of a check: the skeleton at the moment that shows it best, what is measured there, and the limit.

Pure: parts of the result's JSON in, shapes or SVG out, every text escaped. Colours come from the page's style sheet
by class name, since the pages allow no inline style; shapes differ too, so that colour never speaks alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from kiosk.movement.drawn import BOTH_SIDES, FROM_VALUE, Drawn, read_drawn
from kiosk.web.body import Body, frame_of, limbs, plumb_line, rings
from kiosk.web.figure import Dot, Figure, Point, Shape, Stroke, Word, kept_apart
from kiosk.web.language import text
from kiosk.web.measured import DRAWERS, Sketch
from kiosk.web.wording import with_unit

#: Below so many seen keypoints there is nothing to recognise in a picture.
FEWEST_POINTS = 4
#: How thick limbs are drawn, in hundredths of the height: thinner below what is measured.
ALONE, BELOW = 2.4, 1.5
#: A picture so much wider than high gets a wide place: somebody who lies or leans.
WIDE = 1.2


def check_figure(check: Mapping[str, Any]) -> Figure | None:
    """Return the picture of one entry of the report's ``checks``; None where too little was seen to draw one."""
    moment = check.get("moment")
    body = Body.of(moment, check.get("done_on")) if moment else None
    if body is None or len(body.points) < FEWEST_POINTS:
        return None
    left, top, width, height = frame_of(body.points.values())
    px = max(height, width) / 100
    measured = _measured(check, body, px)
    words = [one for one in measured if isinstance(one, Word)]
    lines = [one for one in measured if not isinstance(one, Word)]
    left, top, width, height = _widened((left, top, width, height), measured, px)
    kept = kept_apart(words, left + px, top + px, left + width - px, top + height - px)
    shapes = (
        *plumb_line(body.points, top, height, px),
        *limbs(body.points, px, BELOW if measured else ALONE),
        *(lines or rings(body.points, check["checkpoint"], px)),
        *kept,
    )
    return Figure(left, top, width, height, shapes)


def pictured_value(check: Mapping[str, Any]) -> float | None:
    """Return what is measured in the picture: at its moment, else in its rep; None where neither is known."""
    moment = check.get("moment") or {}
    if moment.get("value") is not None:
        return float(moment["value"])
    return next((row["value"] for row in check["per_rep"] if row["rep"] == moment.get("rep")), None)


def from_value(check: Mapping[str, Any]) -> bool:
    """Whether the picture draws what the 17 points do not show, from the measured value alone."""
    drawn = _declared(check)
    return drawn is not None and drawn.kind in FROM_VALUE


def limit_of(check: Mapping[str, Any], value: float) -> float | None:
    """Return the ``sign`` limit on the side of a value; None without one."""
    sign = check["sign"]
    if sign is None:
        return None
    return math.copysign(sign, value) if check["two_sided"] else float(sign)


def described(check: Mapping[str, Any], label: str) -> str:
    """Return what a picture shows, in words, for those who do not see it."""
    value = pictured_value(check)
    limit = limit_of(check, value) if value is not None else None
    if value is None or limit is None:
        return label
    said, bound = with_unit(value, check["unit"]), with_unit(limit, check["unit"])
    return text("{label} Measured there: {value}. Limit: {limit}.", label=label, value=said, limit=bound)


def check_svg(check: Mapping[str, Any], label: str) -> Markup:
    """Return the picture of a check as SVG, not mirrored; empty where too little was seen.

    ``label`` is read out in place of the picture, with the value and the limit behind it.
    """
    figure = check_figure(check)
    return figure_svg(figure, described(check, label)) if figure else Markup("")


def figure_svg(figure: Figure, label: str) -> Markup:
    """Return a figure as SVG."""
    box = f"{figure.left:.1f} {figure.top:.1f} {figure.width:.1f} {figure.height:.1f}"
    wide = " wide" if figure.width > WIDE * figure.height else ""
    parts = [
        f'<svg class="skeleton{wide}" viewBox="{box}" role="img">',
        f"<title>{escape(label)}</title>",
        *(shape_svg(shape) for shape in figure.shapes),
        "</svg>",
    ]
    return Markup("".join(parts))


def _declared(check: Mapping[str, Any]) -> Drawn | None:
    """How a check is drawn; None also for a result of a kiosk that knew other kinds."""
    try:
        return read_drawn(check["drawn"]) if check.get("drawn") else None
    except ValueError:
        return None


def _measured(check: Mapping[str, Any], body: Body, px: float) -> list[Shape]:
    """The shapes of what is measured; none where it is not declared, or a point that it needs was not seen."""
    drawn, value = _declared(check), pictured_value(check)
    limit = limit_of(check, value) if value is not None else None
    if drawn is None or value is None or limit is None:
        return []
    both = any(name.startswith("each_") for name in drawn.points)
    shapes: list[Shape] = []
    for side in ("left_", "right_") if both else ("",):
        names = [name.replace("each_", side) for name in drawn.points]
        if drawn.kind in BOTH_SIDES:
            points, others = _places(body, [f"left_{n}" for n in names]), _places(body, [f"right_{n}" for n in names])
        else:
            points, others = _places(body, names), ()
        if points is None or others is None:
            continue
        words = with_unit(value, check["unit"]), _bound(check, limit)
        faces = body.faces if check["view"] == "side" else 1
        sketch = Sketch(points, others, value, limit, check["unit"], faces, px, body.trunk_px, *words)
        drawing = DRAWERS[drawn.kind](sketch)
        shapes += [one for one in drawing if not (side == "right_" and isinstance(one, Word))]
    return [] if any(not math.isfinite(number) for one in shapes for number in _numbers(one)) else shapes


def _bound(check: Mapping[str, Any], limit: float) -> str:
    said = with_unit(abs(limit) if check["two_sided"] else limit, check["unit"])
    return text("limit ± {limit}", limit=said) if check["two_sided"] else text("limit {limit}", limit=said)


def _places(body: Body, names: list[str]) -> tuple[Point, ...] | None:
    places = [body.point(name) for name in names]
    seen = tuple(place for place in places if place is not None)
    return seen if len(seen) == len(names) else None


def _numbers(shape: Shape) -> list[float]:
    if isinstance(shape, Word):
        return list(shape.box)
    points = shape.points if isinstance(shape, Stroke) else (shape.at,)
    return [number for point in points for number in point]


def _widened(
    frame: tuple[float, float, float, float], shapes: list[Shape], px: float
) -> tuple[float, float, float, float]:
    """Return the frame, larger where a shape goes beyond it."""
    left, top, width, height = frame
    numbers = [_numbers(one) for one in shapes]
    xs = [left + 3 * px, left + width - 3 * px, *(x for one in numbers for x in one[::2])]
    ys = [top + 3 * px, top + height - 3 * px, *(y for one in numbers for y in one[1::2])]
    return (
        min(xs) - 3 * px,
        min(ys) - 3 * px,
        max(xs) - min(xs) + 6 * px,
        max(ys) - min(ys) + 6 * px,
    )


def shape_svg(shape: Shape) -> str:
    """Return one shape as SVG; its role is its class."""
    if isinstance(shape, Dot):
        rim = f' stroke-width="{shape.width_px:.2f}"' if shape.width_px else ""
        return f'<circle class="{shape.role}" {_at(shape.at, "c")} r="{shape.radius_px:.2f}"{rim}/>'
    if isinstance(shape, Word):
        return (
            f'<text class="{shape.role}" {_at(shape.at)} font-size="{shape.size_px:.1f}" '
            f'text-anchor="{shape.anchor}">{escape(shape.text)}</text>'
        )
    width = f'stroke-width="{shape.width_px:.2f}"'
    if shape.dashed:
        width += f' stroke-dasharray="{2.4 * shape.width_px:.2f} {2 * shape.width_px:.2f}"'
    if len(shape.points) == 2:
        (x1, y1), (x2, y2) = shape.points
        return f'<line class="{shape.role}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" {width}/>'
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in shape.points)
    return f'<polyline class="{shape.role}" points="{points}" {width}/>'


def _at(point: Point, prefix: str = "") -> str:
    return f'{prefix}x="{point[0]:.1f}" {prefix}y="{point[1]:.1f}"'
