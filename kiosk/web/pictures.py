"""The pictures and charts that templates may draw, and what they are arranged by."""

from __future__ import annotations

from jinja2 import Environment

from kiosk.web.arranged import by_pass, steps_of
from kiosk.web.bars import scores_svg, sides_svg, tempo_svg
from kiosk.web.chart import chart_svg, score_svg
from kiosk.web.drawing import check_svg, from_value
from kiosk.web.positions import position_svg
from kiosk.web.size_chart import sizes_svg


def register(environment: Environment) -> None:
    """Give the templates the drawings."""
    environment.globals.update(
        check_svg=check_svg,
        drawn_from_value=from_value,
        chart_svg=chart_svg,
        score_svg=score_svg,
        scores_svg=scores_svg,
        tempo_svg=tempo_svg,
        sides_svg=sides_svg,
        sizes_svg=sizes_svg,
        position_svg=position_svg,
        by_pass=by_pass,
        steps_of=steps_of,
    )
