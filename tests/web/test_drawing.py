"""The pictures of a result, read back as XML."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from kiosk.movement.pose import Keypoint
from kiosk.web.bars import scores_svg, sides_svg, tempo_svg
from kiosk.web.chart import chart_svg, score_svg
from kiosk.web.drawing import check_svg

Make = Callable[..., dict[str, Any]]


def parts(markup: str, kind: str, **attributes: str) -> list[dict[str, str]]:
    root = ElementTree.fromstring(markup)
    return [
        e.attrib
        for e in root.iter(kind)
        if all(v in e.attrib.get(k.rstrip("_"), "").split() for k, v in attributes.items())
    ]


def drawn(moment: dict[str, Any] | None, checkpoint: str = "knees", label: str = "label") -> str:
    """The picture of a check of which nothing but the moment is known."""
    return check_svg({"moment": moment, "checkpoint": checkpoint, "per_rep": [], "view": "front"}, label)


@pytest.fixture
def moment(report: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(c["moment"] for c in report["checks"] if c["slug"] == "knees-in")
    return found


def test_the_whole_person_stands_inside_the_picture(moment: dict[str, Any]) -> None:
    markup = drawn(moment, "knees", "label")
    left, top, width, height = map(float, ElementTree.fromstring(markup).attrib["viewBox"].split())
    for x, y in moment["xy"]:
        assert left < x < left + width
        assert top < y < top + height


def test_the_person_is_not_mirrored_and_left_is_marked_as_left(moment: dict[str, Any]) -> None:
    markup = drawn(moment, "knees", "label")
    upper_arm = moment["xy"][Keypoint.LEFT_SHOULDER]
    assert any(float(line["x1"]) == upper_arm[0] for line in parts(markup, "line", class_="left"))
    assert len(parts(markup, "line", class_="left")) == len(parts(markup, "line", class_="right")) == 4
    assert len(parts(markup, "line", class_="trunk")) == 4


def test_the_checkpoint_is_ringed(moment: dict[str, Any]) -> None:
    rings = parts(drawn(moment, "knees", "label"), "circle", class_="ring")
    knees = [moment["xy"][k] for k in (Keypoint.LEFT_KNEE, Keypoint.RIGHT_KNEE)]
    assert [[float(r["cx"]), float(r["cy"])] for r in rings] == knees


def test_what_was_not_seen_is_not_drawn(moment: dict[str, Any]) -> None:
    moment["xy"][Keypoint.LEFT_KNEE] = None
    markup = drawn(moment, "knees", "label")
    assert len(parts(markup, "circle", class_="ring")) == 1
    assert len(parts(markup, "line", class_="left")) == 2


def test_without_ankles_there_is_no_plumb_line(moment: dict[str, Any]) -> None:
    assert len(parts(drawn(moment, "knees", "x"), "line", class_="plumb")) == 1
    moment["xy"][Keypoint.LEFT_ANKLE] = moment["xy"][Keypoint.RIGHT_ANKLE] = None
    assert parts(drawn(moment, "knees", "x"), "line", class_="plumb") == []


@pytest.mark.parametrize("seen", [0, 1, 3])
def test_too_few_points_make_no_picture(moment: dict[str, Any], seen: int) -> None:
    moment["xy"] = moment["xy"][:seen] + [None] * (17 - seen)
    assert drawn(moment, "knees", "label") == ""
    assert drawn(None, "knees", "label") == ""


def test_points_on_one_spot_still_make_a_picture(moment: dict[str, Any]) -> None:
    moment["xy"] = [[100.0, 100.0]] * 17
    _, _, width, height = map(float, ElementTree.fromstring(drawn(moment, "x", "y")).attrib["viewBox"].split())
    assert width > 0
    assert height > 0


def test_a_person_lying_flat_fills_the_width(moment: dict[str, Any]) -> None:
    moment["xy"] = [[100.0 + 20 * k, 300.0] for k in range(17)]
    _, _, width, height = map(float, ElementTree.fromstring(drawn(moment, "x", "y")).attrib["viewBox"].split())
    assert width > height


def test_labels_are_escaped(moment: dict[str, Any], check: Make) -> None:
    label = "<script>&\"'"
    rows = [{"rep": 1, "value": 1.0, "verdict": "clear"}]
    for markup in (
        drawn(moment, "knees", label),
        chart_svg(check("a", "b", "clear", per_rep=rows), label),
        score_svg(1, 2, label),
        scores_svg([{"number": 1, "score": 50}], label),
        sides_svg({"left": 1.0, "right": 2.0, "unit": "deg"}, label),
        tempo_svg([{"number": 1, "complete": True, "eccentric_s": 1.0}], label),
    ):
        assert "<script" not in markup
        assert ElementTree.fromstring(markup).findtext("title") == label
