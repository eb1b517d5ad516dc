"""Drawn positions of common corrective exercises: a figure of our own beside each step of a programme.

``positions.toml`` holds them by the slug of the exercise, as angles of a compass: 0 up, 90 ahead, 180 down. A figure
looks to the right (``from = "side"``), at the reader (``"front"``) or is seen from above (``"above"``), and stands on
the floor with whatever is lowest. Lengths are hundredths of the body's height, x to the right, y down.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from kiosk.web.drawing import shape_svg
from kiosk.web.figure import Dot, Figure, Point, Shape, Stroke, ahead, apart, between, compass

FILE = Path(__file__).parent / "positions.toml"
SHIN, THIGH, TRUNK, NECK, UPPER_ARM, FOREARM, FOOT = 24.5, 24.5, 28.0, 14.5, 16.5, 15.0, 10.5
#: Seen from the front: half the width of the hips and of the shoulders, and how much of a foot is seen.
HIPS, SHOULDERS, FRONT_FOOT = 5.2, 9.5, 0.5
#: How far a body part reaches beyond its joint.
_THICK = {"head": 7.2, "shoulder": 6.0, "hip": 6.8, "knee": 4.6, "ankle": 3.4, "toe": 2.6, "elbow": 3.2, "wrist": 2.9}
#: Between two figures, for the arrow from one to the other.
GAP, AIR = 20.0, 4.0
#: Figures that are so much wider than high stand below each other.
WIDE = 1.5
_TALLEST_WALL = 104.0

_Places = dict[str, Point]


@lru_cache(maxsize=1)
def positions() -> Mapping[str, Mapping[str, Any]]:
    """Return the file's tables by the slug of their exercise."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def position_svg(exercise: str | None) -> Markup:
    """Return the drawing of an exercise as SVG for the eye alone, since its steps say the same; empty without one."""
    figure = position_figure(exercise)
    if figure is None:
        return Markup("")
    box = f"{figure.left:.1f} {figure.top:.1f} {figure.width:.1f} {figure.height:.1f}"
    shapes = "".join(shape_svg(shape) for shape in figure.shapes)
    return Markup(f'<svg class="position" viewBox="{box}" aria-hidden="true">{shapes}</svg>')


@lru_cache(maxsize=128)
def position_figure(exercise: str | None) -> Figure | None:
    """Return the drawing of an exercise: one figure, or two with an arrow between; None where nobody drew it."""
    drawn = positions().get(exercise or "")
    if drawn is None:
        return None
    figures = [_figure(pose, drawn["from"]) for pose in drawn["poses"]]
    shapes = _stacked(figures) if all(map(_is_wide, figures)) else _side_by_side(figures)
    (left, right), (top, bottom) = _extent(shapes, 0), _extent(shapes, 1)
    return Figure(left - AIR, top - AIR, right - left + 2 * AIR, bottom - top + 2 * AIR, tuple(shapes))


def _figure(pose: Mapping[str, Any], seen_from: str) -> list[Shape]:
    """One figure with what is around it, its left edge at 0, on the floor at 0."""
    joints = _joints(pose, seen_from)
    shapes = [*_around(joints, pose, behind=True), *_body(joints, seen_from), *_around(joints, pose, behind=False)]
    left, right = _extent(shapes, 0)
    ground = Stroke("ground", ((left - AIR, 0.6), (right + AIR, 0.6)), 1.2)
    return [_moved(shape, -left, 0.0) for shape in ([] if seen_from == "above" else [ground]) + shapes]


def _is_wide(figure: list[Shape]) -> bool:
    (left, right), (top, bottom) = _extent(figure, 0), _extent(figure, 1)
    return right - left > WIDE * (bottom - top)


def _side_by_side(figures: Sequence[list[Shape]]) -> list[Shape]:
    """The figures from left to right, with an arrow from each to the next."""
    shapes, left = figures[0], _extent(figures[0], 0)[1]
    for figure in figures[1:]:
        shapes = [*shapes, *_arrow((left + GAP / 2 - 6, -42), (left + GAP / 2 + 6, -42), "then")]
        shapes += [_moved(shape, left + GAP, 0.0) for shape in figure]
        left = _extent(shapes, 0)[1]
    return shapes


def _stacked(figures: Sequence[list[Shape]]) -> list[Shape]:
    """The figures from top to bottom: those that lie are seen larger so."""
    shapes, bottom = figures[0], _extent(figures[0], 1)[1]
    for figure in figures[1:]:
        top, low = _extent(figure, 1)
        middle = sum(_extent(shapes, 0)) / 2
        shapes = [*shapes, *_arrow((middle, bottom + 5), (middle, bottom + 15), "then")]
        shapes += [_moved(shape, 0.0, bottom + 20 - top) for shape in figure]
        bottom += 20 + low - top
    return shapes


# -- the figure ------------------------------------------------------------------------------------------------------


def _joints(pose: Mapping[str, Any], seen_from: str) -> _Places:
    """The places of all joints; those of the far side, or of the left of the picture, end in 2."""
    front = seen_from != "side"
    trunk = float(pose.get("trunk", 0))
    hip, shoulder = (0.0, 0.0), ahead((0.0, 0.0), trunk, TRUNK * pose.get("trunk_scale", 1.0))
    joints = {"hip": hip, "shoulder": shoulder, "head": ahead(shoulder, float(pose.get("head", trunk)), NECK)}
    for suffix, arm, leg in zip(("", "2"), pose["arms"], pose["legs"], strict=True):
        aside = (-1 if suffix else 1) if front else 0
        joints[f"hip{suffix}"] = ahead(hip, trunk + 90, aside * HIPS)
        joints[f"shoulder{suffix}"] = ahead(shoulder, trunk + 90, aside * SHOULDERS)
        ends = _limb(joints[f"shoulder{suffix}"], arm, (UPPER_ARM, FOREARM))
        joints[f"elbow{suffix}"], joints[f"wrist{suffix}"] = ends
        ends = _limb(joints[f"hip{suffix}"], leg, (THIGH, SHIN))
        joints[f"knee{suffix}"], joints[f"ankle{suffix}"] = ends
        towards = leg.get("foot", 90) if isinstance(leg, dict) else leg[2]
        joints[f"toe{suffix}"] = ahead(ends[1], towards, FOOT * (FRONT_FOOT if front else 1.0))
    if front:
        joints["middle"] = shoulder
    turned = {name: _turned(at, float(pose.get("turn", 0))) for name, at in joints.items()}
    if seen_from == "above":
        return turned
    lowest = max(at[1] + _THICK[name.rstrip("2")] for name, at in turned.items() if name != "middle")
    return {name: (x, y - lowest - pose.get("lift", 0)) for name, (x, y) in turned.items()}


def _limb(start: Point, told: Any, lengths: tuple[float, float]) -> tuple[Point, Point]:
    """The middle and the end of a limb: by two angles and how much of it is seen, or by where it reaches."""
    first, second = lengths
    if isinstance(told, dict):
        share = told.get("scale", 1.0)
        end = (start[0] + told["to"][0], start[1] + told["to"][1])
        return _bent(start, end, first * share, second * share, told["bend"]), end
    share = told[-1] if told[-1] <= 1 and len(told) in (3, 4) else 1.0
    middle = ahead(start, told[0], first * share)
    return middle, ahead(middle, told[1], second * share)


def _bent(start: Point, end: Point, first: float, second: float, bend: int) -> Point:
    """The joint between two bones; ``bend``: +1 to the right of the way from start to end, -1 to its left."""
    far = min(apart(start, end), first + second - 0.01)
    along = (first**2 - second**2 + far**2) / (2 * far)
    aside = math.sqrt(max(0.0, first**2 - along**2))
    return ahead(ahead(start, compass(start, end), along), compass(start, end) + 90, bend * aside)


def _turned(at: Point, by_deg: float) -> Point:
    cos, sin = math.cos(math.radians(by_deg)), math.sin(math.radians(by_deg))
    return at[0] * cos - at[1] * sin, at[0] * sin + at[1] * cos


def _body(joints: _Places, seen_from: str) -> Iterator[Shape]:
    """The parts from the farthest to the nearest, each with an edge that keeps it apart from what is behind."""
    front = seen_from != "side"
    far = "" if front else " far"
    yield from _leg(joints, "2", far)
    if not front:
        yield from _arm(joints, "2", far)
    if front:
        yield from _leg(joints, "", "")
    yield from _part("skin", (joints["middle" if front else "shoulder"], joints["head"]), 6.5)
    yield from _trunk(joints, front)
    yield Dot("edge", joints["head"], 8.2)
    yield Dot("skin", joints["head"], 7.2)
    if front:
        yield from _arm(joints, "2", "")
    else:
        yield from _leg(joints, "", "")
    yield from _arm(joints, "", "")


def _trunk(joints: _Places, front: bool) -> Iterator[Shape]:
    if not front:
        yield from _part("shirt", (joints["hip"], joints["shoulder"]), 12.5)
        return
    low, high = between(joints["hip"], joints["hip2"]), between(joints["shoulder"], joints["shoulder2"])
    outline = (joints["hip"], joints["shoulder"], joints["shoulder2"], joints["hip2"], joints["hip"])
    yield Stroke("edge", outline, 10.5)
    yield Stroke("shirt", outline, 8.5)
    yield Stroke("shirt", (low, high), 14.0)


def _leg(joints: _Places, suffix: str, far: str) -> Iterator[Shape]:
    hip, knee, ankle, toe = (joints[f"{name}{suffix}"] for name in ("hip", "knee", "ankle", "toe"))
    yield from _part(f"skin{far}", (ankle, toe), 5.2)
    yield from _part(f"skin{far}", (knee, ankle), 7.0)
    yield from _part(f"shorts{far}", (hip, knee), 9.4)


def _arm(joints: _Places, suffix: str, far: str) -> Iterator[Shape]:
    shoulder, elbow, wrist = (joints[f"{name}{suffix}"] for name in ("shoulder", "elbow", "wrist"))
    yield from _part(f"skin{far}", (shoulder, elbow, wrist), 5.8)
    yield from _part(f"shirt{far}", (shoulder, between(shoulder, elbow)), 7.0)


def _part(role: str, points: tuple[Point, ...], width: float) -> Iterator[Shape]:
    yield Stroke("edge", points, width + 1.8)
    yield Stroke(role, points, width)


# -- what is around it -----------------------------------------------------------------------------------------------


def _around(joints: _Places, pose: Mapping[str, Any], *, behind: bool) -> Iterator[Shape]:
    for thing in pose.get("things", ()):
        kind, *rest = thing
        draw, is_behind = _KINDS[kind]
        if is_behind is behind:
            yield from draw(joints, rest)


def _place(joints: _Places, told: Any) -> Point:
    """A place: a joint's name, ``knee:ankle:0.4`` on the way between two, or [one of these, dx, dy]."""
    name, dx, dy = (told, 0, 0) if isinstance(told, str) else told
    one, *more = name.split(":")
    x, y = joints[one]
    if more:
        share = float(more[1])
        x, y = x + share * (joints[more[0]][0] - x), y + share * (joints[more[0]][1] - y)
    return x + dx, y + dy


def _wall(joints: _Places, told: Sequence[Any]) -> Iterator[Shape]:
    """A wall at a place; the second word says on which side of it the body is: before (left of it) or behind."""
    x = _place(joints, told[0])[0] + (2.5 if told[1] == "before" else -2.5)
    yield Stroke("thing block", ((x, 0.6), (x, -_TALLEST_WALL)), 4.0)


def _ball(joints: _Places, told: Sequence[Any]) -> Iterator[Shape]:
    at = _place(joints, told[0])
    yield Dot("edge", at, told[1] + 0.9)
    yield Dot("thing", at, told[1])


def _roller(joints: _Places, told: Sequence[Any]) -> Iterator[Shape]:
    """A roller that lies on the floor below a place."""
    at = (_place(joints, told[0])[0], 0.6 - told[1])
    yield Dot("edge", at, told[1] + 0.9)
    yield Dot("thing", at, told[1])


def _box(joints: _Places, told: Sequence[Any]) -> Iterator[Shape]:
    """A box on the floor, ``width`` wide, up to so far above the floor, with its middle at a place."""
    x, (width, height) = _place(joints, told[0])[0], told[1:3]
    yield Stroke("thing block", ((x, 0.6), (x, 0.6 - height)), width)


def _line(role: str, width: float) -> Any:
    def draw(joints: _Places, told: Sequence[Any]) -> Iterator[Shape]:
        yield Stroke(role, tuple(_place(joints, one) for one in told), width)

    return draw


def _pole(joints: _Places, told: Sequence[Any]) -> Iterator[Shape]:
    """A post from the floor up to a place, with a grip there."""
    at = _place(joints, told[0])
    yield Stroke("thing", ((at[0], 0.6), at), 2.2)
    yield Dot("thing", at, 2.6)


def _ring(joints: _Places, told: Sequence[Any]) -> Iterator[Shape]:
    yield Dot("band", _place(joints, told[0]), told[1], 2.0)


def _felt(joints: _Places, told: Sequence[Any]) -> Iterator[Shape]:
    """Where it is felt."""
    yield Dot("felt", _place(joints, told[0]), told[1] if len(told) > 1 else 5.5, 1.8)


def _way(joints: _Places, told: Sequence[Any]) -> Iterator[Shape]:
    yield from _arrow(_place(joints, told[0]), _place(joints, told[1]), "way")


def _ways(joints: _Places, told: Sequence[Any]) -> Iterator[Shape]:
    """To and fro."""
    a, b = (_place(joints, one) for one in told)
    yield from _arrow(between(a, b), b, "way")
    yield from _arrow(between(a, b), a, "way")


def _arrow(a: Point, b: Point, role: str) -> Iterator[Shape]:
    back = compass(b, a)
    yield Stroke(role, (a, b), 1.8)
    yield Stroke(role, (ahead(b, back + 35, 4.4), b, ahead(b, back - 35, 4.4)), 1.8)


#: Each kind of thing: how it is drawn, and whether behind the figure.
_KINDS: Mapping[str, tuple[Any, bool]] = {
    "wall": (_wall, True),
    "ball": (_ball, True),
    "ball-before": (_ball, False),
    "roller": (_roller, True),
    "box": (_box, True),
    "pole": (_pole, True),
    "stick": (_line("thing", 2.4), False),
    "bar": (_line("thing", 3.2), False),
    "mat": (_line("thing", 3.2), True),
    "log": (_line("thing", 9.0), True),
    "level": (_line("way", 1.6), False),
    "band": (_line("band", 2.0), False),
    "ring": (_ring, False),
    "felt": (_felt, False),
    "way": (_way, False),
    "ways": (_ways, False),
}


# -- the sheet -------------------------------------------------------------------------------------------------------


def _points(shape: Shape) -> Iterator[tuple[Point, float]]:
    if isinstance(shape, Stroke):
        yield from ((point, shape.width_px / 2) for point in shape.points)
    elif isinstance(shape, Dot):
        yield shape.at, shape.radius_px + shape.width_px / 2


def _extent(shapes: Sequence[Shape], axis: int) -> tuple[float, float]:
    """The least and the greatest x (axis 0) or y (axis 1)."""
    ends = [(point[axis] - reach, point[axis] + reach) for shape in shapes for point, reach in _points(shape)]
    return min(one for one, _ in ends), max(one for _, one in ends)


def _moved(shape: Shape, dx: float, dy: float) -> Shape:
    if isinstance(shape, Stroke):
        points = tuple((x + dx, y + dy) for x, y in shape.points)
        return Stroke(shape.role, points, shape.width_px, shape.dashed)
    if isinstance(shape, Dot):
        return Dot(shape.role, (shape.at[0] + dx, shape.at[1] + dy), shape.radius_px, shape.width_px)
    return shape
