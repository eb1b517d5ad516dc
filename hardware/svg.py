"""A sheet to draw on that becomes an SVG text, the same each time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

Point = tuple[float, float]


def _number(value: float) -> str:
    # Rounded, so that another processor's last digit changes nothing; and no "-0".
    return f"{round(value, 2) + 0.0:g}"


class Sheet:
    """A sheet of a size in pixels, its origin at the top left. Styles are SVG's own attributes, `_` for `-`."""

    def __init__(self, width: float, height: float, title: str) -> None:
        """Begin a white sheet; the title is what a screen reader says."""
        self._size = f"{_number(width)} {_number(height)}"
        self._title = title
        self._drawn: list[str] = [f'<rect width="{_number(width)}" height="{_number(height)}" fill="#fff"/>']

    def line(self, points: Iterable[Point], stroke: str = "#333", width: float = 1.5, **style: str) -> None:
        """Draw an open line through points."""
        self._poly("polyline", points, {"fill": "none", "stroke": stroke, "stroke-width": _number(width), **style})

    def area(self, points: Iterable[Point], fill: str, **style: str) -> None:
        """Draw a filled polygon."""
        self._poly("polygon", points, {"fill": fill, **style})

    def box(self, at: Point, size: Point, fill: str = "none", radius: float = 0, **style: str) -> None:
        """Draw a rectangle from its upper left corner."""
        places = {"x": at[0], "y": at[1], "width": size[0], "height": size[1], "rx": radius}
        self._put("rect", {**{key: _number(value) for key, value in places.items()}, "fill": fill, **style})

    def disc(self, at: Point, radius: float, fill: str = "#333", **style: str) -> None:
        """Draw a filled circle."""
        places = {"cx": _number(at[0]), "cy": _number(at[1]), "r": _number(radius)}
        self._put("circle", {**places, "fill": fill, **style})

    def text(self, at: Point, words: str, size: float = 13, anchor: str = "start", **style: str) -> None:
        """Write one line of text; ``at`` is the end, middle or start of its base line."""
        places = {"x": _number(at[0]), "y": _number(at[1]), "font-size": _number(size), "text-anchor": anchor}
        self._put("text", {**places, "fill": "#222", **style}, escape(words))

    def lines_of_text(self, at: Point, lines: Sequence[str], size: float = 13, **style: str) -> None:
        """Write several lines of text below each other."""
        for number, words in enumerate(lines):
            self.text((at[0], at[1] + number * size * 1.4), words, size, **style)

    def _poly(self, kind: str, points: Iterable[Point], style: dict[str, str]) -> None:
        joined = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
        self._put(kind, {"points": joined, "stroke-linejoin": "round", **style})

    def _put(self, kind: str, attributes: dict[str, str], inside: str = "") -> None:
        said = " ".join(f"{key.replace('_', '-')}={quoteattr(value)}" for key, value in attributes.items())
        self._drawn.append(f"<{kind} {said}>{inside}</{kind}>" if inside else f"<{kind} {said}/>")

    def __str__(self) -> str:
        """Return the SVG text."""
        width, height = self._size.split()
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self._size}" width="{width}" height="{height}" '
            f'font-family="DejaVu Sans, Verdana, sans-serif" role="img">'
        )
        return "\n".join([head, f"<title>{escape(self._title)}</title>", *self._drawn, "</svg>", ""])
