"""A course over weeks as SVG: the score's range and each check's value with its error, by the date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from babel.dates import format_skeleton
from markupsafe import Markup, escape

from kiosk.web.language import current
from kiosk.web.numbers import at_kiosk, decimal

WIDTH, HEIGHT = 340.0, 190.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 14.0, 12.0, 30.0
PLOT_RIGHT, PLOT_BOTTOM = WIDTH - RIGHT, HEIGHT - BOTTOM
#: The marks of two dates that are named are so far apart: a name at an end stands wholly on one side of its mark.
DATE_PX = 96.0
#: Half a date's name: nearer to an end it would stick out.
HALF_DATE_PX = 34.0
#: A result by itself has a band of this width, so that it can be seen.
LONE_PX = 10.0

_Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Point:
    """One value on its day, between its ends. ``rules``: what must be equal for two points to be joined by a line.

    ``unsure``: nobody had set the clock, so it stands between its neighbours, as it was stored.
    """

    at: datetime
    value: float
    low: float
    high: float
    status: str
    rules: object
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One check over the dates: its newest entry in a report, and its points, oldest first."""

    check: _Json
    points: tuple[Point, ...]

    @property
    def broken(self) -> bool:
        """Whether the model or the limits changed on the way, so that not all of it can be compared."""
        return any(then.rules != now.rules for then, now in pairwise(self.points))


@dataclass(frozen=True, slots=True)
class Course:
    """The results of one exercise: its title, the newest first in ``lines`` order of the newest report, its scores."""

    title: str
    count: int
    scores: tuple[Point, ...]
    lines: tuple[Line, ...]


def courses(reports: Sequence[_Json]) -> list[Course]:
    """Return a course for each exercise of these reports (oldest first), that of the newest report first."""
    by_exercise: dict[str, list[_Json]] = {}
    for report in reversed(reports):
        if report["exercise"] is not None:
            by_exercise.setdefault(report["exercise"], []).insert(0, report)
    return [_course(mine) for mine in by_exercise.values()]


def _course(reports: Sequence[_Json]) -> Course:
    newest: dict[tuple[object, ...], _Json] = {}
    points: dict[tuple[object, ...], list[Point]] = {}
    for report, at in zip(reports, moments(reports), strict=True):
        for check in report["checks"]:
            if check["value"] is None or check["status"] == "not-assessed":
                continue
            key = (check["slug"], check["view"], check.get("done_on"))
            newest[key] = check
            points.setdefault(key, []).append(_point(report, at, check))
    order = {"sign": 0, "unsure": 1, "clear": 2}
    keys = sorted(newest, key=lambda key: order.get(newest[key]["status"], 3))
    lines = tuple(Line(newest[key], tuple(points[key])) for key in keys)
    return Course(reports[-1]["title"] or "", len(reports), tuple(_scores(reports)), lines)


def moments(reports: Sequence[_Json]) -> list[datetime]:
    """Return when each report was stored, oldest first; a time that is unsure gives way to the order of storing."""
    found = [_moment(report) for report in reports]
    latest: datetime | None = None
    for k, report in enumerate(reports):
        if not report.get("time_unsure"):
            latest = found[k]
        elif latest is not None:
            found[k] = max(found[k], latest)
    following: datetime | None = None
    for k in reversed(range(len(reports))):
        if not reports[k].get("time_unsure"):
            following = found[k]
        elif following is not None:
            found[k] = min(found[k], following)
    return found


def _point(report: _Json, at: datetime, check: _Json) -> Point:
    value, error = float(check["value"]), float(check["error"] or 0.0)
    rules = (report["model"], check["clear"], check["sign"], check["two_sided"], check["unit"])
    return Point(at, value, value - error, value + error, check["status"], rules, bool(report.get("time_unsure")))


def _scores(reports: Sequence[_Json]) -> Iterator[Point]:
    for report, at in zip(reports, moments(reports), strict=True):
        score = report["score"]
        if score["value"] is not None and score["low"] is not None and score["high"] is not None:
            rules = (report["model"], score["of"])
            is_unsure = bool(report.get("time_unsure"))
            yield Point(at, score["value"], score["low"], score["high"], "score", rules, is_unsure)


def _moment(report: _Json) -> datetime:
    return datetime.fromisoformat(report["created"])


def score_course_svg(points: Sequence[Point], label: str) -> Markup:
    """Return the range of the score over the dates, from 0 to 100. ``label`` is read out."""
    return _plot(points, 0.0, 100.0, [], label)


def check_course_svg(line: Line, label: str) -> Markup:
    """Return a check's value with its error over the dates, over the limits that hold today."""
    limits = _limits(line.check)
    marks = [end for point in line.points for end in (point.low, point.high)] + [v for pair in limits for v in pair]
    air = 0.12 * (max(marks) - min(marks)) or 0.5
    return _plot(line.points, min(marks) - air, max(marks) + air, limits, label)


def _limits(check: _Json) -> list[tuple[float, float]]:
    """Return (clear, sign) for each direction in which a value can go wrong."""
    if check["clear"] is None or check["sign"] is None:
        return []
    pair = (float(check["clear"]), float(check["sign"]))
    return [pair, (-pair[0], -pair[1])] if check["two_sided"] else [pair]


@dataclass(frozen=True, slots=True)
class _Space:
    """From dates and values to pixels. A single date stands in the middle."""

    start: datetime
    end: datetime
    low: float
    high: float

    def x(self, at: datetime) -> float:
        span_s = (self.end - self.start).total_seconds()
        share = (at - self.start).total_seconds() / span_s if span_s > 0 else 0.5
        return LEFT + LONE_PX + share * (PLOT_RIGHT - LEFT - 2 * LONE_PX)

    def y(self, value: float) -> float:
        return PLOT_BOTTOM - (value - self.low) / (self.high - self.low) * (PLOT_BOTTOM - TOP)


def _plot(
    points: Sequence[Point], low: float, high: float, limits: Sequence[tuple[float, float]], label: str
) -> Markup:
    if not points:
        return Markup("")
    days = [point.at for point in points]
    space = _Space(min(days), max(days), low, high)
    parts = [
        f'<svg class="course-plot" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img"><title>{escape(label)}</title>',
        *_zones(limits, space),
        *_axis(space),
        *(part for run in _runs(points) for part in _run(run, space)),
        *(_mark(point, space) for point in points),
        *(_words(space.x(point.at), PLOT_BOTTOM - 4, "?", "middle") for point in points if point.unsure),
        *_dates([point.at for point in points if not point.unsure], space),
        "</svg>",
    ]
    return Markup("".join(parts))


def _zones(limits: Sequence[tuple[float, float]], space: _Space) -> Iterator[str]:
    """The zones beyond the limits; what is clear stays plain."""
    for clear, sign in limits:
        far = space.high if sign > clear else space.low
        for name, one, other in (("unsure", clear, sign), ("sign", sign, far)):
            top, bottom = sorted((space.y(one), space.y(other)))
            yield (
                f'<rect class="zone {name}" x="{LEFT:g}" y="{top:.1f}" width="{PLOT_RIGHT - LEFT:g}" '
                f'height="{max(0.0, bottom - top):.1f}"/>'
            )


def _axis(space: _Space) -> Iterator[str]:
    span = space.high - space.low
    digits = 0 if span >= 10 else 1 if span >= 1 else 2
    whole = (space.low, space.high) == (0.0, 100.0)
    for share in (0.0, 0.5, 1.0) if whole else (0.1, 0.5, 0.9):
        value = space.low + span * share
        y = space.y(value)
        yield f'<line class="grid" x1="{LEFT:g}" x2="{PLOT_RIGHT:g}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield _words(LEFT - 6, y + 4.5, decimal(value, digits), "end")


def _runs(points: Sequence[Point]) -> Iterator[list[Point]]:
    """Yield the points that may be joined: a change of model or limits begins a new run."""
    run: list[Point] = []
    for point in points:
        if run and point.rules != run[-1].rules:
            yield run
            run = []
        run.append(point)
    if run:
        yield run


def _run(run: Sequence[Point], space: _Space) -> Iterator[str]:
    """The error as a band and the values as a line; of a single result a short piece of band."""
    if len(run) == 1:
        x, top, bottom = space.x(run[0].at), space.y(run[0].high), space.y(run[0].low)
        yield (
            f'<rect class="error" x="{x - LONE_PX / 2:.1f}" y="{top:.1f}" width="{LONE_PX:g}" '
            f'height="{max(bottom - top, 1.0):.1f}" rx="3"/>'
        )
        return
    upper = [f"{space.x(point.at):.1f} {space.y(point.high):.1f}" for point in run]
    lower = [f"{space.x(point.at):.1f} {space.y(point.low):.1f}" for point in reversed(run)]
    yield f'<path class="error" d="M{"L".join(upper + lower)}Z"/>'
    middle = "L".join(f"{space.x(point.at):.1f} {space.y(point.value):.1f}" for point in run)
    yield f'<path class="way" d="M{middle}"/>'


def _mark(point: Point, space: _Space) -> str:
    """One result: a whisker from end to end, and a shape of its own for each status."""
    x, y, top, bottom = space.x(point.at), *(space.y(value) for value in (point.value, point.high, point.low))
    whisker = f'<line class="whisker" x1="{x:.1f}" x2="{x:.1f}" y1="{top:.1f}" y2="{bottom:.1f}"/>'
    if point.status == "sign":
        shape = f"M{x:.1f} {y - 6:.1f}L{x + 5.5:.1f} {y + 4:.1f}H{x - 5.5:.1f}Z"
    elif point.status == "unsure":
        shape = f"M{x:.1f} {y - 6:.1f}L{x + 6:.1f} {y:.1f}L{x:.1f} {y + 6:.1f}L{x - 6:.1f} {y:.1f}Z"
    else:
        shape = f"M{x - 4.5:.1f} {y:.1f}a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0Z"
    return f'{whisker}<path class="dot {escape(point.status)}" d="{shape}"/>'


def _dates(days: Sequence[datetime], space: _Space) -> Iterator[str]:
    """Name the last date, the first, and of those between as many as have room."""
    wanted = [max(days), min(days), *days[1:-1]] if days else []
    taken: list[float] = []
    for at in wanted:
        x = space.x(at)
        if all(abs(x - other) >= DATE_PX for other in taken):
            taken.append(x)
            anchor = "end" if x > PLOT_RIGHT - HALF_DATE_PX else "start" if x < LEFT + HALF_DATE_PX else "middle"
            here = at_kiosk(at).replace(tzinfo=None)
            yield _words(x, HEIGHT - 8, format_skeleton("MMMd", here, locale=current().locale), anchor)


def _words(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'
