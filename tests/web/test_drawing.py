"""The pictures of a result, read back as XML."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from kiosk.movement.pose import Keypoint
from kiosk.web.drawing import chart_svg, score_svg, skeleton_svg

Make = Callable[..., dict[str, Any]]


def parts(markup: str, kind: str, **attributes: str) -> list[dict[str, str]]:
    root = ElementTree.fromstring(markup)
    return [
        e.attrib
        for e in root.iter(kind)
        if all(v in e.attrib.get(k.rstrip("_"), "").split() for k, v in attributes.items())
    ]


def texts(markup: str) -> list[str]:
    return [e.text or "" for e in ElementTree.fromstring(markup).iter("text")]


@pytest.fixture
def moment(report: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(c["moment"] for c in report["checks"] if c["slug"] == "knees-in")
    return found


def test_the_whole_person_stands_inside_the_picture(moment: dict[str, Any]) -> None:
    markup = skeleton_svg(moment, "knees", "label")
    left, top, width, height = map(float, ElementTree.fromstring(markup).attrib["viewBox"].split())
    for x, y in moment["xy"]:
        assert left < x < left + width
        assert top < y < top + height


def test_the_person_is_not_mirrored_and_left_is_marked_as_left(moment: dict[str, Any]) -> None:
    markup = skeleton_svg(moment, "knees", "label")
    upper_arm = moment["xy"][Keypoint.LEFT_SHOULDER]
    assert any(float(line["x1"]) == upper_arm[0] for line in parts(markup, "line", class_="left"))
    assert len(parts(markup, "line", class_="left")) == len(parts(markup, "line", class_="right")) == 4
    assert len(parts(markup, "line", class_="trunk")) == 4


def test_the_checkpoint_is_ringed(moment: dict[str, Any]) -> None:
    rings = parts(skeleton_svg(moment, "knees", "label"), "circle", class_="ring")
    knees = [moment["xy"][k] for k in (Keypoint.LEFT_KNEE, Keypoint.RIGHT_KNEE)]
    assert [[float(r["cx"]), float(r["cy"])] for r in rings] == knees


def test_what_was_not_seen_is_not_drawn(moment: dict[str, Any]) -> None:
    moment["xy"][Keypoint.LEFT_KNEE] = None
    markup = skeleton_svg(moment, "knees", "label")
    assert len(parts(markup, "circle", class_="ring")) == 1
    assert len(parts(markup, "line", class_="left")) == 2


def test_without_ankles_there_is_no_plumb_line(moment: dict[str, Any]) -> None:
    assert len(parts(skeleton_svg(moment, "knees", "x"), "line", class_="plumb")) == 1
    moment["xy"][Keypoint.LEFT_ANKLE] = moment["xy"][Keypoint.RIGHT_ANKLE] = None
    assert parts(skeleton_svg(moment, "knees", "x"), "line", class_="plumb") == []


@pytest.mark.parametrize("seen", [0, 1, 3])
def test_too_few_points_make_no_picture(moment: dict[str, Any], seen: int) -> None:
    moment["xy"] = moment["xy"][:seen] + [None] * (17 - seen)
    assert skeleton_svg(moment, "knees", "label") == ""
    assert skeleton_svg(None, "knees", "label") == ""


def test_points_on_one_spot_still_make_a_picture(moment: dict[str, Any]) -> None:
    moment["xy"] = [[100.0, 100.0]] * 17
    _, _, width, height = map(float, ElementTree.fromstring(skeleton_svg(moment, "x", "y")).attrib["viewBox"].split())
    assert width > 0
    assert height > 0


def test_a_person_lying_flat_fills_the_width(moment: dict[str, Any]) -> None:
    moment["xy"] = [[100.0 + 20 * k, 300.0] for k in range(17)]
    _, _, width, height = map(float, ElementTree.fromstring(skeleton_svg(moment, "x", "y")).attrib["viewBox"].split())
    assert width > height


def test_labels_are_escaped(moment: dict[str, Any], check: Make) -> None:
    label = "<script>&\"'"
    rows = [{"rep": 1, "value": 1.0, "verdict": "clear"}]
    for markup in (
        skeleton_svg(moment, "knees", label),
        chart_svg(check("a", "b", "clear", per_rep=rows), label),
        score_svg(1, 2, label),
    ):
        assert "<script" not in markup
        assert ElementTree.fromstring(markup).findtext("title") == label


def knees(check: Make, **more: Any) -> dict[str, Any]:
    rows = [(1, 1.11, "clear"), (2, 0.93, "unsure"), (3, 0.78, "sign")]
    fields = {"error": 0.06, "clear": 1.0, "sign": 0.85,
              "per_rep": [{"rep": r, "value": v, "verdict": s} for r, v, s in rows]}  # fmt: skip
    return check("knees-in", "Knees", "sign", **(fields | more))


def middle(path: dict[str, str]) -> float:
    """The height at which a dot stands: the middle of its whisker is the same."""
    return float(path["y1"]) / 2 + float(path["y2"]) / 2


def test_each_rep_has_a_dot_in_the_shape_of_its_verdict_and_a_whisker(check: Make) -> None:
    markup = chart_svg(knees(check), "label")
    shapes = [parts(markup, "path", class_=verdict)[0]["d"] for verdict in ("clear", "unsure", "sign")]
    assert len({"".join(c for c in d if c.isalpha()) for d in shapes}) == 3
    whiskers = parts(markup, "line", class_="whisker")
    assert len(whiskers) == 3
    assert [middle(w) for w in whiskers] == sorted(middle(w) for w in whiskers)  # falling values stand lower


def test_each_dot_stands_in_the_band_of_its_verdict(check: Make) -> None:
    markup = chart_svg(knees(check), "label")
    for whisker, verdict in zip(parts(markup, "line", class_="whisker"), ("clear", "unsure", "sign"), strict=True):
        band = parts(markup, "rect", class_=verdict)[0]
        assert float(band["y"]) < middle(whisker) < float(band["y"]) + float(band["height"])


def test_bands_touch_and_fill_the_chart(check: Make) -> None:
    markup = chart_svg(knees(check), "label")
    edges = sorted((float(b["y"]), float(b["y"]) + float(b["height"])) for b in parts(markup, "rect", class_="band"))
    assert len(edges) == 3
    assert [top for top, _ in edges[1:]] == pytest.approx([bottom for _, bottom in edges[:-1]], abs=0.11)


def test_large_values_can_be_the_sign(check: Make) -> None:
    markup = chart_svg(knees(check, clear=0.85, sign=1.0), "label")
    tops = {name: float(parts(markup, "rect", class_=name)[0]["y"]) for name in ("clear", "unsure", "sign")}
    assert tops["sign"] < tops["unsure"] < tops["clear"]


def test_a_two_sided_check_has_limits_on_both_sides(check: Make) -> None:
    rows = [{"rep": 1, "value": -4.0, "verdict": "unsure"}, {"rep": 2, "value": 0.5, "verdict": "clear"}]
    markup = chart_svg(knees(check, two_sided=True, clear=3.0, sign=6.0, per_rep=rows), "label")
    assert [len(parts(markup, "rect", class_=name)) for name in ("clear", "unsure", "sign")] == [1, 2, 2]
    whisker = parts(markup, "line", class_="whisker")[0]
    bands = parts(markup, "rect", class_="unsure")
    assert any(float(b["y"]) < middle(whisker) < float(b["y"]) + float(b["height"]) for b in bands)


def test_bands_say_their_names_and_reps_their_numbers(check: Make) -> None:
    words = texts(chart_svg(knees(check), "label"))
    assert {"clear", "unsure", "sign", "1", "2", "3", "rep"} <= set(words)


def test_without_limits_there_are_dots_and_no_bands(check: Make) -> None:
    markup = chart_svg(knees(check, clear=None, sign=None, error=None), "label")
    assert parts(markup, "rect") == []
    assert len(parts(markup, "path")) == 3


def test_one_value_alone_makes_a_chart_and_none_makes_none(check: Make) -> None:
    one = [{"rep": 4, "value": 2.0, "verdict": "clear"}]
    assert parts(chart_svg(check("a", "b", "clear", per_rep=one), "label"), "path")
    assert chart_svg(check("a", "b", "clear"), "label") == ""


@pytest.mark.parametrize(("low", "high"), [(0, 0), (72, 84), (100, 100), (0, 100)])
def test_the_score_range_stays_on_its_line_and_never_vanishes(low: int, high: int) -> None:
    bar = parts(score_svg(low, high, "label"), "rect", class_="range")[0]
    assert float(bar["width"]) >= 2
    assert float(bar["x"]) >= 0
    assert float(bar["x"]) + float(bar["width"]) <= 100


def test_a_rep_without_a_value_has_no_dot(check: Make) -> None:
    rows = [
        {"rep": 1, "value": None, "verdict": "not-assessed"},
        {"rep": 2, "value": 1.1, "verdict": "clear"},
    ]
    markup = chart_svg(knees(check, per_rep=rows), "label")
    assert len(parts(markup, "path")) == 1
    assert "1" not in texts(markup)
