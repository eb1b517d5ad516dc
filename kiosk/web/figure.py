"""A drawing as plain shapes, for every paper it may be drawn on: SVG on a page, vectors in a PDF.

Coordinates are pixels of the camera's picture, x to the right, y down; angles here are those of a compass: degrees, 0
up, clockwise. A ``role`` says what a shape is for; the paper chooses its colour.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

Point: TypeAlias = tuple[float, float]
Anchor: TypeAlias = Literal["start", "middle", "end"]

#: An arc is drawn as a line with a corner every so many degrees.
_ARC_STEP_DEG = 6.0
#: How wide a letter is beside the size of its type, about.
_LETTER = 0.56


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through two points or more, ``width_px`` wide."""

    role: str
    points: tuple[Point, ...]
    width_px: float
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A circle; with ``width_px`` only its rim of that width."""

    role: str
    at: Point
    radius_px: float
    width_px: float = 0.0


@dataclass(frozen=True, slots=True)
class Word:
    """A short text that stands on ``at``, in letters of ``size_px``."""

    role: str
    at: Point
    text: str
    size_px: float
    anchor: Anchor = "middle"

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom, about."""
        width = _LETTER * self.size_px * len(self.text)
        left = self.at[0] - {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor] * width
        return left, self.at[1] - 0.8 * self.size_px, left + width, self.at[1] + 0.25 * self.size_px


Shape: TypeAlias = Stroke | Dot | Word


@dataclass(frozen=True, slots=True)
class Figure:
    """Shapes in a frame, in the order in which they are drawn."""

    left: float
    top: float
    width: float
    height: float
    shapes: tuple[Shape, ...]


def compass(a: Point, b: Point) -> float:
    """Return the direction from ``a`` to ``b``."""
    return math.degrees(math.atan2(b[0] - a[0], a[1] - b[1]))


def ahead(a: Point, towards_deg: float, distance_px: float) -> Point:
    """Return the point that lies so far from ``a`` in a direction of the compass."""
    angle = math.radians(towards_deg)
    return a[0] + distance_px * math.sin(angle), a[1] - distance_px * math.cos(angle)


def apart(a: Point, b: Point) -> float:
    """Return the distance of two points."""
    return math.hypot(b[0] - a[0], b[1] - a[1])


def between(a: Point, b: Point) -> Point:
    """Return the point half-way."""
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2


def arc(centre: Point, radius_px: float, from_deg: float, turn_deg: float) -> tuple[Point, ...]:
    """Return the points of an arc that begins in a direction of the compass and turns clockwise by ``turn_deg``."""
    steps = max(1, round(abs(turn_deg) / _ARC_STEP_DEG))
    return tuple(ahead(centre, from_deg + turn_deg * k / steps, radius_px) for k in range(steps + 1))


def bow(a: Point, b: Point, bend_deg: float) -> tuple[Point, ...]:
    """Return the points of a line from ``a`` to ``b`` that turns by ``bend_deg`` on its way, bulging to its right."""
    reach, along = apart(a, b), compass(a, b)
    sagitta = reach * math.tan(math.radians(bend_deg) / 4) / 2
    points = []
    for k in range(13):
        share = k / 12
        on_line = ahead(a, along, reach * share)
        points.append(ahead(on_line, along + 90, 4 * sagitta * share * (1 - share)))
    return tuple(points)


def kept_apart(words: list[Word], left: float, top: float, right: float, bottom: float) -> list[Word]:
    """Return the words moved so that each lies in the frame and none on another, the first of them where it is."""
    placed: list[Word] = []
    for word in words:
        moved = _inside(word, left, top, right, bottom)
        for shift in (0.0, 1.15, -1.15, 2.3, -2.3, 3.45, -3.45):
            here = (moved.at[0], moved.at[1] + shift * moved.size_px)
            tried = _inside(Word(moved.role, here, moved.text, moved.size_px, moved.anchor), left, top, right, bottom)
            if not any(_touch(tried, other) for other in placed):
                moved = tried
                break
        placed.append(moved)
    return placed


def _inside(word: Word, left: float, top: float, right: float, bottom: float) -> Word:
    first, up, last, down = word.box
    dx = max(left - first, 0.0) + min(right - last, 0.0)
    dy = max(top - up, 0.0) + min(bottom - down, 0.0)
    return Word(word.role, (word.at[0] + dx, word.at[1] + dy), word.text, word.size_px, word.anchor)


def _touch(one: Word, other: Word) -> bool:
    a, b = one.box, other.box
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
