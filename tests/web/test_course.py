"""The plots of a course: values where they belong, errors as bands, no line over what cannot be compared."""

from __future__ import annotations

import copy
import re
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest

from kiosk.web.course import Line, check_course_svg, courses, moments, score_course_svg
from kiosk.web.language import Language, speaking

Report = dict[str, Any]
START = datetime.fromisoformat("2026-09-01T10:00:00+00:00")


def dated(report: Report, day: int, **more: Any) -> Report:
    return copy.deepcopy(report) | {"created": (START + timedelta(days=day)).isoformat()} | more


def knees(reports: list[Report]) -> Line:
    return next(line for line in courses(reports)[0].lines if line.check["slug"] == "knees-in")


def points(svg: str, of: str) -> list[list[tuple[float, float]]]:
    """The corners of each path of a class."""
    paths = re.findall(rf'<path class="{of}" d="M([^"]+?)Z?"', svg)
    return [[(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path)] for path in paths]


def test_each_exercise_has_its_course_the_newest_first(report: Report) -> None:
    found = courses([dated(report, 0), dated(report, 7, exercise="push-up", title="Push-up"), dated(report, 9)])
    assert [(one.title, one.count) for one in found] == [("Overhead squat", 2), ("Push-up", 1)]


def test_a_visit_in_which_no_exercise_was_seen_is_no_point(report: Report) -> None:
    assert courses([dated(report, 0, exercise=None)]) == []


def test_checks_without_a_value_are_left_out_and_signs_come_first(report: Report) -> None:
    (found,) = courses([dated(report, 0)])
    statuses = [line.check["status"] for line in found.lines]
    assert statuses == ["sign", "sign", "unsure", "clear"]


def test_the_band_is_the_error_around_the_value(report: Report) -> None:
    svg = str(check_course_svg(knees([dated(report, 0), dated(report, 10), dated(report, 30)]), "Knees"))
    (band,) = points(svg, "error")
    (way,) = points(svg, "way")
    assert len(band) == 6
    for (x, y), (_x, top), (_x2, bottom) in zip(way, band[:3], band[:2:-1], strict=True):
        assert x == _x == _x2
        assert y - top == pytest.approx(bottom - y, abs=0.15)
        assert top < y < bottom


def test_dates_stand_as_far_apart_as_the_days_between_them(report: Report) -> None:
    svg = str(check_course_svg(knees([dated(report, day) for day in (0, 10, 30)]), "Knees"))
    (way,) = points(svg, "way")
    assert (way[2][0] - way[1][0]) == pytest.approx(2 * (way[1][0] - way[0][0]), abs=0.2)


@pytest.mark.parametrize("change", ["model", "limits"])
def test_a_line_breaks_where_the_model_or_the_limits_changed(report: Report, change: str) -> None:
    reports = [dated(report, 0), dated(report, 10), dated(report, 20), dated(report, 30)]
    for one in reports[2:]:
        if change == "model":
            one["model"] = "another"
        else:
            next(check for check in one["checks"] if check["slug"] == "knees-in")["sign"] = 0.8
    line = knees(reports)
    assert line.broken
    svg = str(check_course_svg(line, "Knees"))
    assert [len(way) for way in points(svg, "way")] == [2, 2]
    assert svg.count('class="dot') == 4


def test_one_result_is_a_mark_with_its_error_in_the_middle(report: Report) -> None:
    svg = str(check_course_svg(knees([dated(report, 0)]), "Knees"))
    assert svg.count('<rect class="error"') == 1
    assert "way" not in svg
    assert "1 Sept" in svg or "Sep 1" in svg or "1 Sep" in svg


def test_each_status_has_a_shape_of_its_own(report: Report) -> None:
    reports = [dated(report, day) for day in (0, 10, 20)]
    for one, status in zip(reports, ("sign", "unsure", "clear"), strict=True):
        next(check for check in one["checks"] if check["slug"] == "knees-in")["status"] = status
    svg = str(check_course_svg(knees(reports), "Knees"))
    shapes = re.findall(r'class="dot (\w+)" d="([^"]+)"', svg)
    assert [status for status, _shape in shapes] == ["sign", "unsure", "clear"]
    assert len({re.sub(r"[-\d. ]+", "", shape) for _status, shape in shapes}) == 3


def test_the_score_stands_on_a_scale_from_0_to_100_and_withheld_ones_are_left_out(report: Report) -> None:
    none = {"value": None, "low": None, "high": None, "seen": 0, "of": 12}
    (found,) = courses([dated(report, 0), dated(report, 5, score=none), dated(report, 10)])
    assert len(found.scores) == 2
    svg = str(score_course_svg(found.scores, "Score"))
    assert re.findall(r'text-anchor="end">([^<]+)<', svg)[:3] == ["0", "50", "100"]


def test_a_plot_is_xml_with_a_title_and_no_style(report: Report) -> None:
    svg = str(check_course_svg(knees([dated(report, 0), dated(report, 9)]), 'Knees <"&>'))
    root = ElementTree.fromstring(svg)
    assert root.find("title").text == 'Knees <"&>'  # type: ignore[union-attr] # each plot has one
    assert root.get("role") == "img"
    assert "style" not in svg


def test_no_points_no_plot() -> None:
    assert score_course_svg((), "Score") == ""


def test_two_results_of_one_moment_do_not_stop_the_plot(report: Report) -> None:
    assert str(check_course_svg(knees([dated(report, 0), dated(report, 0)]), "Knees")).count('class="dot') == 2


def test_names_of_dates_do_not_run_into_one_another(report: Report) -> None:
    svg = str(check_course_svg(knees([dated(report, day) for day in range(40)]), "Knees"))
    places = sorted(float(x) for x in re.findall(r'<text x="([\d.]+)" y="182', svg))
    assert len(places) >= 3
    assert all(b - a >= 60 for a, b in pairwise(places))


def test_days_and_numbers_follow_the_language(report: Report) -> None:
    with speaking(Language("de")):
        assert "0,8" in str(check_course_svg(knees([dated(report, 0)]), "Knie"))


# -- a clock that nobody had set ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [-5000, 5000], ids=["behind", "ahead"])
def test_a_result_of_an_unset_clock_stands_where_it_was_stored_with_a_mark(report: Report, wrong: int) -> None:
    """One wrong date would stretch the axis over decades, and the line would run back in time."""
    reports = [dated(report, 0), dated(report, wrong, time_unsure=True), dated(report, 10), dated(report, 20)]
    assert moments(reports) == sorted(moments(reports))
    assert max(moments(reports)) == START + timedelta(days=20)
    svg = str(score_course_svg(courses(reports)[0].scores, "Score"))
    (way,) = points(svg, "way")
    assert [x for x, _ in way] == sorted(x for x, _ in way)
    assert svg.count(">?</text>") == 1
    assert "?" not in str(score_course_svg(courses([dated(report, 0)])[0].scores, "Score"))


def test_without_any_sure_time_the_order_of_storing_is_kept(report: Report) -> None:
    reports = [dated(report, day, time_unsure=True) for day in (3, 5)]
    assert moments(reports) == [START + timedelta(days=day) for day in (3, 5)]
    assert str(score_course_svg(courses(reports)[0].scores, "Score")).count(">?</text>") == 2
