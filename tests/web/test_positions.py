"""Drawn positions: there for every exercise of ours, whole, on the floor, in the colours of the page."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from kiosk_incline_push_up import incline_push_up
from kiosk_overhead_squat import overhead_squat

from kiosk.web.figure import Dot, Figure, Stroke, apart
from kiosk.web.paper_figures import POSITION
from kiosk.web.positions import AIR, FOREARM, SHIN, THIGH, UPPER_ARM, position_figure, position_svg, positions

OURS = sorted(
    {
        one.exercise
        for exercise in (overhead_squat, incline_push_up)
        for check in exercise.checks
        for one in check.corrections
    }
)
DRAWN = sorted(positions())


def figure_of(slug: str) -> Figure:
    figure = position_figure(slug)
    assert figure is not None
    return figure


@pytest.mark.parametrize("slug", OURS)
def test_every_exercise_of_a_programme_of_ours_is_drawn(slug: str) -> None:
    assert position_svg(slug).startswith('<svg class="position"')


def test_nothing_is_drawn_that_nobody_needs() -> None:
    assert DRAWN == OURS


@pytest.mark.parametrize("slug", [None, "", "handstand"])
def test_what_nobody_drew_has_no_picture(slug: str | None) -> None:
    assert position_figure(slug) is None
    assert position_svg(slug) == ""


@pytest.mark.parametrize("slug", DRAWN)
def test_all_of_it_lies_in_its_frame(slug: str) -> None:
    figure = figure_of(slug)
    for shape in figure.shapes:
        points = shape.points if isinstance(shape, Stroke) else (shape.at,)
        reach = shape.width_px / 2 if isinstance(shape, Stroke) else shape.radius_px
        for x, y in points:
            assert figure.left <= x - reach
            assert x + reach <= figure.left + figure.width
            assert figure.top <= y - reach
            assert y + reach <= figure.top + figure.height


@pytest.mark.parametrize("slug", DRAWN)
def test_nobody_sinks_into_the_floor_or_hovers_above_it(slug: str) -> None:
    figure = figure_of(slug)
    floors = [shape for shape in figure.shapes if shape.role == "ground"]
    assert bool(floors) is (positions()[slug]["from"] != "above")
    for floor in floors:
        assert isinstance(floor, Stroke)
        (left, level), (right, _) = floor.points
        # Figures that stand below each other have a floor each; the one below begins lower.
        above = [one.points[0][1] for one in floors if isinstance(one, Stroke) and one.points[0][1] < level]
        lowest = max(
            y + shape.width_px / 2
            for shape in figure.shapes
            if isinstance(shape, Stroke) and shape.role.split()[0] in ("skin", "shorts", "shirt")
            for x, y in shape.points
            if left <= x <= right and max(above, default=-1e9) < y <= level + 20
        )
        lifted = any(pose.get("lift") for pose in positions()[slug]["poses"])
        assert level - (25 if lifted else 3) <= lowest <= level + 1


@pytest.mark.parametrize("slug", DRAWN)
def test_limbs_are_as_long_as_a_body_has_them(slug: str) -> None:
    for shape in figure_of(slug).shapes:
        if not isinstance(shape, Stroke):
            continue
        lengths = [apart(a, b) for a, b in pairwise(shape.points)]
        if shape.role.startswith("shorts"):
            assert lengths[0] <= THIGH + 0.1
        elif shape.role.startswith("skin") and len(shape.points) == 3:
            assert lengths[0] <= UPPER_ARM + 0.1
            assert lengths[1] <= FOREARM + 0.1
        elif shape.role.startswith("skin"):
            assert lengths[0] <= SHIN + 0.1


def test_those_who_stand_are_beside_each_other_and_those_who_lie_below_each_other() -> None:
    beside, below = figure_of("squat-lower-box"), figure_of("dead-bug")
    heads = [
        [shape.at for shape in one.shapes if isinstance(shape, Dot) and shape.role == "skin"] for one in (beside, below)
    ]
    (first, second), (upper, lower) = heads
    assert second[0] - first[0] > 50
    assert lower[1] - upper[1] > 30
    assert abs(lower[0] - upper[0]) < 30
    for figure in (beside, below):
        assert sum(shape.role == "then" for shape in figure.shapes) == 2, "one arrow: its line and its head"


@pytest.mark.parametrize("slug", DRAWN)
def test_colours_come_from_the_page_and_readers_hear_the_steps_instead(slug: str) -> None:
    markup = position_svg(slug)
    root = ElementTree.fromstring(markup)
    assert root.attrib["aria-hidden"] == "true"
    assert not re.search(r"style=|fill=|stroke=|#[0-9a-f]{3}|NaN|nan|inf", markup)
    assert len(markup) < 12_000


@pytest.mark.parametrize("slug", DRAWN)
def test_each_part_has_its_colour_on_paper_and_on_the_page(slug: str) -> None:
    for shape in figure_of(slug).shapes:
        assert shape.role in POSITION


def test_there_is_air_around_it() -> None:
    figure = figure_of("bird-dog")
    left = min(x for shape in figure.shapes if isinstance(shape, Stroke) for x, _ in shape.points)
    assert left - figure.left >= AIR
