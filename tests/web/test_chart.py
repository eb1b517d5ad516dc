"""The charts of a result, read back as XML."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from kiosk.web.bars import scores_svg, sides_svg, tempo_svg
from kiosk.web.chart import chart_svg, score_svg
from kiosk.web.language import Language, speaking

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


def test_words_and_numbers_of_a_chart_are_in_the_language_of_the_reader(check: Make) -> None:
    with speaking(Language("de", {"sign": "Zeichen", "rep": "Wdh."})):
        words = texts(chart_svg(knees(check), "label"))
    assert {"Zeichen", "Wdh."} <= set(words)
    assert any("," in word for word in words)


def test_the_tempo_of_each_complete_rep_is_a_bar_of_three_parts(report: dict[str, Any]) -> None:
    reps = [rep for rep in report["reps"] if rep["complete"]]
    markup = tempo_svg(report["reps"], "label")
    widths = {name: [float(r["width"]) for r in parts(markup, "rect", class_=name)] for name in PHASES}
    assert {len(of) for of in widths.values()} == {len(reps)}
    per_s = widths["eccentric"][0] / reps[0]["eccentric_s"]
    for name, of in widths.items():
        assert of == pytest.approx([max(rep[f"{name}_s"] * per_s, 0.5) for rep in reps], abs=0.2)
    assert texts(markup)[:2] == ["1", "2.94 s"]


PHASES = ("eccentric", "pause", "concentric")


def test_a_hold_and_an_empty_set_have_no_tempo(report: dict[str, Any]) -> None:
    assert tempo_svg([rep | {"held_before_s": 5.0} for rep in report["reps"]], "label") == ""
    assert tempo_svg([], "label") == ""


def test_left_and_right_stand_on_one_scale_with_their_numbers() -> None:
    markup = sides_svg({"name": "x", "left": 92.0, "right": 101.0, "unit": "deg", "index_percent": 9.3}, "label")
    left, right = (float(parts(markup, "rect", class_=side)[0]["width"]) for side in ("left", "right"))
    assert left / right == pytest.approx(92 / 101, abs=0.01)
    assert texts(markup) == ["Left", "92°", "Right", "101°"]


def test_sides_of_different_signs_go_two_ways_from_zero() -> None:
    markup = sides_svg({"name": "x", "left": -0.2, "right": 0.1, "unit": "ratio", "index_percent": None}, "label")
    left, right = (parts(markup, "rect", class_=side)[0] for side in ("left", "right"))
    zero = float(parts(markup, "line", class_="grid")[0]["x1"])
    assert float(left["x"]) + float(left["width"]) == pytest.approx(zero, abs=0.2)
    assert float(right["x"]) == pytest.approx(zero, abs=0.2)


def test_scores_are_columns_from_0_to_100_and_reps_without_one_are_left_out(report: dict[str, Any]) -> None:
    scored = [rep for rep in report["reps"] if rep["score"] is not None]
    markup = scores_svg(report["reps"], "label")
    heights = [float(r["height"]) for r in parts(markup, "rect", class_="score")]
    assert len(heights) == len(scored) < len(report["reps"])
    assert heights[0] / heights[-1] == pytest.approx(scored[0]["score"] / scored[-1]["score"], rel=0.02)
    assert scores_svg([rep | {"score": None} for rep in report["reps"]], "label") == ""


@pytest.mark.parametrize("word", ["sign", "unauffällig", "señal dudosa"])
def test_the_words_of_the_bands_fit_beside_them_in_every_language(check: Make, word: str) -> None:
    with speaking(Language("de", {"clear": word})):
        markup = chart_svg(knees(check), "Knees")
    place = parts(markup, "text", class_="clear")[0]
    band = parts(markup, "rect", class_="clear")[0]
    assert float(place["x"]) >= float(band["x"]) + float(band["width"])
    # A letter of this size is seldom wider than 7.5 of 14 pixels.
    assert float(place["x"]) + 7.5 * len(word) <= 320
    for whisker in parts(markup, "line", class_="whisker"):
        assert float(whisker["x1"]) < float(band["x"]) + float(band["width"])
