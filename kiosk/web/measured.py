"""What a check measures, drawn on the skeleton: the lines that it looks at, the value, and the limit beside it.

The lines are those of the pictured moment. The limit is drawn as far from them as the value there is from the limit, so
that a picture always agrees with its number: a value is a median over some frames, and freed of the camera's bias, so
the lines of one frame may differ from it by a little.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kiosk.web.figure import Anchor, Dot, Point, Shape, Stroke, Word, ahead, apart, arc, between, bow, compass

#: Sizes in hundredths of the picture's height.
STRONG, THIN, LETTERS = 2.6, 0.8, 6.0
ARC_AT, RAY = 15.0, 27.0
#: Below so many degrees a line tells nothing about the way in which its value grows.
TELLS_DEG = 3.0
#: From so many degrees on a number has room inside an angle.
ROOMY_DEG = 55.0


@dataclass(frozen=True, slots=True)
class Sketch:
    """What the drawing of one check needs.

    ``points``: the places of the named points, in their order, and ``others`` of their counterparts on the other side,
    where a kind looks at both. ``value`` is what is measured there and ``limit`` the one on its side, both in
    ``unit``. ``faces``: +1 where the person faces the right of the picture, -1 the left. ``px``: a hundredth of the
    picture's height. ``trunk_px``: the trunk's length. ``said``, ``limit_said``: value and limit in words.
    """

    points: tuple[Point, ...]
    others: tuple[Point, ...]
    value: float
    limit: float
    unit: str
    faces: int
    px: float
    trunk_px: float
    said: str
    limit_said: str

    def strong(self, *points: Point) -> Stroke:
        """A line of the body that is measured."""
        return Stroke("measure", points, STRONG * self.px)

    def zero(self, *points: Point) -> Stroke:
        """What the line is held against."""
        return Stroke("zero", points, THIN * self.px)

    def bound(self, *points: Point) -> Stroke:
        """The limit."""
        return Stroke("limit", points, 1.2 * self.px, dashed=True)

    def value_at(self, at: Point, anchor: Anchor = "middle") -> Word:
        """The value, written at a place."""
        size = LETTERS * self.px
        return Word("value", (at[0], at[1] + 0.35 * size), self.said, size, anchor)

    def limit_at(self, at: Point, anchor: Anchor = "middle") -> Word:
        """The limit, written at a place."""
        size = LETTERS * self.px
        return Word("limit-word", (at[0], at[1] + 0.35 * size), self.limit_said, 0.86 * size, anchor)


Drawer = Callable[[Sketch], list[Shape]]


def _wrapped(angle: float) -> float:
    return (angle + 180.0) % 360.0 - 180.0


def _rays(sketch: Sketch, origin: Point, zero_deg: float, line_deg: float, turn: int) -> list[Shape]:
    """The arc from what counts as 0 to the line, the limit as a second ray, and both in numbers.

    ``turn``: +1 where the value grows clockwise.
    """
    px, opened = sketch.px, _wrapped(line_deg - zero_deg)
    limit_deg = line_deg + turn * (sketch.limit - sketch.value)
    end = ahead(origin, limit_deg, RAY * px)
    # In a narrow angle there is no room: its number stands on the far side of the zero.
    beside = zero_deg + opened / 2 if abs(opened) > ROOMY_DEG else zero_deg - 45 * turn
    return [
        sketch.zero(origin, ahead(origin, zero_deg, RAY * px)),
        Stroke("arc", arc(origin, ARC_AT * px, zero_deg, opened), 1.4 * px),
        sketch.bound(origin, end),
        sketch.value_at(ahead(origin, beside, (ARC_AT + 9) * px)),
        sketch.limit_at(ahead(origin, limit_deg, (RAY + 5) * px)),
    ]


def _turn(opened_deg: float, value: float, faces: int) -> int:
    """Return in which way a value grows: the way in which the line opens towards it, else the one that is faced."""
    if abs(opened_deg) < TELLS_DEG:
        return faces
    return 1 if opened_deg * value >= 0 else -1


def _angle(sketch: Sketch) -> list[Shape]:
    a, vertex, b = sketch.points
    zero, line = compass(vertex, a), compass(vertex, b)
    turn = 1 if _wrapped(line - zero) >= 0 else -1
    return [sketch.strong(a, vertex, b), *_rays(sketch, vertex, zero, line, turn)]


def _lean(sketch: Sketch) -> list[Shape]:
    a, b = sketch.points
    line = compass(a, b)
    zero = 0.0 if abs(line) <= 90 else 180.0
    turn = _turn(_wrapped(line - zero), sketch.value, sketch.faces)
    return [sketch.strong(a, b), *_rays(sketch, a, zero, line, turn)]


def _between(sketch: Sketch) -> list[Shape]:
    a, b, c, d = sketch.points
    zero, line = compass(c, d), compass(a, b)
    turn = _turn(_wrapped(line - zero), sketch.value, sketch.faces)
    return [sketch.strong(a, b), sketch.strong(c, d), *_rays(sketch, a, zero, line, turn)]


def _turned(sketch: Sketch) -> list[Shape]:
    a, b = sketch.points
    line = compass(a, b)
    return [sketch.strong(a, b), *_rays(sketch, a, line - sketch.faces * sketch.value, line, sketch.faces)]


def _sag(sketch: Sketch, down: int = 1) -> list[Shape]:
    """Hips off the straight line: ``down`` +1 where the value grows as they sink, -1 as they rise."""
    a, hips, b = sketch.points
    before, behind = apart(a, hips), apart(hips, b)
    normal = compass(a, b) + (90 if b[0] >= a[0] else -90)  # away from the top of the picture
    if not (before > 0 and behind > 0):
        return []
    for_one_deg = math.radians(1) / (1 / before + 1 / behind)
    limit = ahead(hips, normal, down * (sketch.limit - sketch.value) * for_one_deg)
    lower, upper = (hips, limit) if hips[1] > limit[1] else (limit, hips)
    share = before / (before + behind)
    on_line = (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))
    lowest, highest = (
        ahead(lower, normal, 13 * sketch.px),
        ahead(min(on_line, upper, key=_y), normal + 180, 15 * sketch.px),
    )
    value_at, limit_at = (lowest, highest) if hips == lower else (highest, lowest)
    return [
        sketch.strong(a, hips, b),
        sketch.zero(a, b),
        sketch.bound(a, limit, b),
        Dot("measure-dot", hips, 1.6 * sketch.px),
        sketch.value_at(value_at),
        sketch.limit_at(limit_at),
    ]


def _y(point: Point) -> float:
    return point[1]


def _rise(sketch: Sketch) -> list[Shape]:
    return _sag(sketch, -1)


def _gap(sketch: Sketch) -> list[Shape]:
    """How far apart two joints are, beside two others: dashed, where they would stand at the limit."""
    (upper, lower), (upper_2, lower_2) = sketch.points, sketch.others
    px, middle = sketch.px, between(upper, upper_2)
    width = abs(upper[0] - upper_2[0])
    for_one = width / sketch.value if sketch.value > 0 else abs(lower[0] - lower_2[0])
    half, reach = for_one * sketch.limit / 2, 7 * px
    shapes: list[Shape] = [sketch.strong(upper, upper_2), sketch.strong(lower, lower_2)]
    for side in (-1, 1):
        x = middle[0] + side * half
        foot = min if side < 0 else max
        ankle = foot(lower, lower_2)
        shapes.append(sketch.zero((ankle[0], middle[1] - reach), ankle))
        shapes.append(sketch.bound((x, middle[1] - reach), (x, middle[1] + reach)))
    beside = max(upper[0], upper_2[0], lower[0], lower_2[0], middle[0] + abs(half)) + 4 * px
    return [
        *shapes,
        sketch.value_at((beside, middle[1] - 3 * px), "start"),
        sketch.limit_at((beside, middle[1] + 5 * px), "start"),
    ]


def _offset(sketch: Sketch) -> list[Shape]:
    """How far the middle of two joints went off the middle of two others; the limit lies on both sides."""
    (upper, lower), (upper_2, lower_2) = sketch.points, sketch.others
    px, middle = sketch.px, between(upper, upper_2)
    width = abs(lower[0] - lower_2[0])
    way = 1 if lower[0] >= lower_2[0] else -1  # the person's left is positive
    zero_x = middle[0] - way * sketch.value * width
    top, bottom = middle[1] - 9 * px, max(lower[1], lower_2[1])
    shapes: list[Shape] = [sketch.strong(upper, upper_2), sketch.zero((zero_x, top), (zero_x, bottom))]
    for side in (-1, 1):
        x = zero_x + side * abs(sketch.limit) * width
        shapes.append(sketch.bound((x, middle[1] - 9 * px), (x, middle[1] + 9 * px)))
    beside = max(upper[0], upper_2[0], zero_x + abs(sketch.limit) * width) + 4 * px
    return [
        *shapes,
        Dot("measure-dot", middle, 2 * px),
        sketch.value_at((beside, middle[1] - 4 * px), "start"),
        sketch.limit_at((beside, middle[1] + 4 * px), "start"),
    ]


def _height(sketch: Sketch) -> list[Shape]:
    """How far one joint is above another, in lengths of the line between them."""
    upper, lower = sketch.points
    px, length = sketch.px, apart(upper, lower)
    limit_y = upper[1] - (sketch.limit - sketch.value) * length
    left, right = min(upper[0], lower[0]) - 10 * px, max(upper[0], lower[0]) + 10 * px
    zero_y = upper[1] + sketch.value * length
    out = 1 if upper[0] >= lower[0] else -1
    return [
        sketch.zero((left, zero_y), (right, zero_y)),
        sketch.bound((left, limit_y), (right, limit_y)),
        sketch.strong(upper, lower),
        Stroke("arc", ((upper[0], upper[1]), (upper[0], zero_y)), 1.4 * px),
        Dot("measure-dot", upper, 2 * px),
        sketch.value_at((upper[0] + out * 19 * px, upper[1])),
        sketch.limit_at((lower[0] - out * 23 * px, limit_y)),
    ]


def _level(sketch: Sketch) -> list[Shape]:
    """How much lower the first point is than the second: the limit is the line at which it would be too much."""
    first, second = sketch.points
    px, width = sketch.px, abs(first[0] - second[0])
    if sketch.unit == "deg":
        further = width * (math.tan(math.radians(sketch.limit)) - math.tan(math.radians(sketch.value)))
        straight = width * math.tan(math.radians(sketch.value))
    else:
        further, straight = width * (sketch.limit - sketch.value), width * sketch.value
    limit = (first[0], first[1] + further)
    out = 1 if first[0] >= second[0] else -1
    return [
        sketch.zero(second, (first[0] + out * 6 * px, first[1] - straight)),
        sketch.bound(second, limit),
        sketch.strong(first, second),
        sketch.value_at((second[0] - out * 13 * px, second[1])),
        sketch.limit_at((limit[0] + out * 12 * px, limit[1])),
    ]


def _shrink(sketch: Sketch) -> list[Shape]:
    """By how much a distance became shorter since the top, in the unit of the trunk's length."""
    a, b = sketch.points
    for_one = sketch.trunk_px / (100 if sketch.unit == "percent" else 1)
    out, length = compass(b, a), apart(a, b)
    rest = ahead(b, out, length + sketch.value * for_one)
    limit = ahead(b, out, length + (sketch.value - sketch.limit) * for_one)
    tick = 6 * sketch.px

    def across(at: Point) -> tuple[Point, Point]:
        return ahead(at, out + 90, tick), ahead(at, out - 90, tick)

    return [
        sketch.strong(b, a),
        sketch.zero(*across(rest)),
        sketch.zero(a, rest),
        sketch.bound(*across(limit)),
        Dot("measure-dot", a, 1.8 * sketch.px),
        sketch.value_at(ahead(a, out + 90, 14 * sketch.px)),
        sketch.limit_at(ahead(limit, out - 90, 16 * sketch.px)),
    ]


def _drop(sketch: Sketch) -> list[Shape]:
    """How far a point came down since the top, in the unit of the trunk's length."""
    (at,) = sketch.points
    px, for_one = sketch.px, sketch.trunk_px / (100 if sketch.unit == "percent" else 1)
    rest_y, limit_y = at[1] - sketch.value * for_one, at[1] + (sketch.limit - sketch.value) * for_one
    reach = 12 * px
    return [
        sketch.zero((at[0] - reach, rest_y), (at[0] + reach, rest_y)),
        sketch.bound((at[0] - reach, limit_y), (at[0] + reach, limit_y)),
        Stroke("arc", ((at[0], rest_y), at), 1.4 * px),
        Dot("measure-dot", at, 2 * px),
        sketch.value_at((at[0] + 18 * px, at[1])),
        sketch.limit_at((at[0] - 20 * px, limit_y)),
    ]


def _bowed(sketch: Sketch, behind: int = 1) -> list[Shape]:
    """A line that bends on its way: ``behind`` +1 where it bulges to the back of the person."""
    a, b = sketch.points
    way = -sketch.faces * behind * (1 if b[1] <= a[1] else -1)
    out = compass(a, b) + 90 * way
    middle = between(a, b)
    return [
        sketch.zero(a, b),
        Stroke("measure", bow(a, b, way * sketch.value), STRONG * sketch.px),
        Stroke("limit", bow(a, b, way * sketch.limit), 1.2 * sketch.px, dashed=True),
        sketch.value_at(ahead(middle, out + 180, 13 * sketch.px)),
        sketch.limit_at(ahead(middle, out, 19 * sketch.px)),
    ]


def _hollow(sketch: Sketch) -> list[Shape]:
    return _bowed(sketch, -1)


def _toes(sketch: Sketch, outwards: int = 1) -> list[Shape]:
    """Both feet as seen from above, pointing to the reader; they are drawn from the value."""
    shapes: list[Shape] = []
    px = sketch.px
    for at, other in ((sketch.points[0], sketch.others[0]), (sketch.others[0], sketch.points[0])):
        out = outwards * (-1 if at[0] >= other[0] else 1)  # from straight down, clockwise
        shapes += [
            sketch.zero(at, ahead(at, 180, 13 * px)),
            sketch.bound(at, ahead(at, 180 + out * sketch.limit, 16 * px)),
            Stroke("measure", (at, ahead(at, 180 + out * sketch.value, 12 * px)), 1.5 * STRONG * px),
        ]
    outer = max(sketch.points[0], sketch.others[0])
    return [
        *shapes,
        sketch.value_at((outer[0] + 19 * px, outer[1])),
        sketch.limit_at((outer[0] + 22 * px, outer[1] + 8 * px)),
    ]


def _toes_in(sketch: Sketch) -> list[Shape]:
    return _toes(sketch, -1)


def _heel(sketch: Sketch) -> list[Shape]:
    """The foot from the side, tipped by the value about its ball; it is drawn from the value."""
    (ankle,) = sketch.points
    px, faces = sketch.px, sketch.faces
    ball = (ankle[0] + faces * 11 * px, ankle[1] + 6 * px)
    back = -90.0 * faces
    limit = ahead(ball, back + faces * sketch.limit, 19 * px)
    heel = ahead(ball, back + faces * sketch.value, 15 * px)
    return [
        sketch.zero(ahead(ball, back, 20 * px), ahead(ball, -back, 6 * px)),
        sketch.bound(ball, limit),
        sketch.strong(heel, ball, ahead(ball, -back, 4 * px)),
        sketch.value_at((ankle[0] + faces * 16 * px, ankle[1] - 2 * px)),
        sketch.limit_at((limit[0] - faces * 12 * px, limit[1] - 3 * px)),
    ]


def _timing(sketch: Sketch) -> list[Shape]:
    """Which of two joints moved later: two clocks below each other, for the moment itself cannot show it."""
    px = sketch.px
    (left,), (right,) = sketch.points, sketch.others
    middle = between(left, right)
    y, span = middle[1] - 24 * px, max(abs(sketch.value), abs(sketch.limit)) * 1.25
    reach = 26 * px

    # The bar points to the joint that moved later.
    way = 1 if right[0] >= left[0] else -1

    def x(value: float) -> float:
        return middle[0] + way * value / span * reach

    shapes: list[Shape] = [
        sketch.zero((x(-span), y), (x(span), y)),
        sketch.zero((x(0), y - 4 * px), (x(0), y + 4 * px)),
    ]
    for limit in (-abs(sketch.limit), abs(sketch.limit)):
        shapes.append(sketch.bound((x(limit), y - 5 * px), (x(limit), y + 5 * px)))
    later = right if sketch.value >= 0 else left
    return [
        *shapes,
        Stroke("measure", ((x(0), y), (x(sketch.value), y)), STRONG * px),
        Dot("measure-dot", (x(sketch.value), y), 2 * px),
        Dot("ring", later, 4 * px, px),
        sketch.value_at((x(sketch.value), y - 8 * px)),
        sketch.limit_at((middle[0], y + 9 * px)),
    ]


DRAWERS: Mapping[str, Drawer] = {
    "angle": _angle,
    "lean": _lean,
    "between": _between,
    "turn": _turned,
    "sag": _sag,
    "rise": _rise,
    "gap": _gap,
    "offset": _offset,
    "height": _height,
    "level": _level,
    "shrink": _shrink,
    "drop": _drop,
    "bow": _bowed,
    "hollow": _hollow,
    "toes-out": _toes,
    "toes-in": _toes_in,
    "heel": _heel,
    "timing": _timing,
}
