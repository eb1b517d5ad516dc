"""Result pages of other kinds than reps seen from two views: a hold, and an exercise that is done per side."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from kiosk_plank_hold import plank_hold
from kiosk_single_leg_squat import single_leg_squat

from kiosk import View
from kiosk.cli.summary import summary
from kiosk.movement.report_json import report_json
from kiosk.station.outcome import summary as outcome
from kiosk.testing import BothSides, JointCurves, Support, hold, perform, scanned
from kiosk.web.chart import chart_svg
from kiosk.web.standalone import result_page
from kiosk.web.wording import by_slug, pictured, shown_in, went

from .test_results import words

Report = dict[str, Any]
PLANK = JointCurves(Support.FOREARMS, shoulder_deg=78)


@pytest.fixture(scope="module")
def held() -> Report:
    """A plank of 30 s whose hips sag from its middle on."""
    tiring = replace(PLANK, hip_deg=lambda share: 178 + (16 if share > 0.5 else 0))
    return report_json(scanned(plank_hold, (hold(tiring, 30.0), View.SIDE)))


@pytest.fixture(scope="module")
def one_sided() -> Report:
    """Five single-leg squats on each leg; the left knee goes in."""
    bends, hip = (178.0, 120.0), (178.0, 135.0)
    left = JointCurves(
        Support.LEFT_LEG,
        knee_deg=BothSides(bends, 90.0),
        hip_deg=BothSides(hip, 165.0),
        shin_deg=(0.0, 25.0),
        knee_in_deg=(0.0, 18.0),
        elbow_deg=110.0,
    )
    right = replace(
        left,
        support=Support.RIGHT_LEG,
        knee_deg=BothSides(90.0, bends),
        hip_deg=BothSides(165.0, hip),
        knee_in_deg=0.0,
    )
    return report_json(scanned(single_leg_squat, (perform([left] * 5 + [right] * 5), View.FRONT)))


def test_a_hold_is_shown_in_seconds_not_in_reps(held: Report) -> None:
    text = words(result_page(held))
    assert "Side view: held for 30 s" in text
    assert "from second 15 on" in text
    assert "Over time" in text
    assert re.search(r"20 side on 5\.00 s \d+ Hips sag, Hips sink over time", text)
    assert "After second" in text
    assert "Beyond the limit for most of the hold" in text
    assert not re.search(r"\breps?\b", text.lower())


def test_the_chart_of_a_hold_counts_seconds(held: Report) -> None:
    sag = by_slug(held["checks"], "hips-sag")
    assert sag is not None
    markup = chart_svg(sag, "label")
    assert re.findall(r'text-anchor="middle">([^<]+)<', markup) == ["0", "5", "10", "15", "20", "25", "second"]


def test_a_terminal_tells_a_hold_in_seconds(held: Report) -> None:
    text = summary(held)
    assert "held for 30.0 s" in text
    assert re.search(r"from second  20  5\.0 s  score +\d+  hips-sag, hips-sink", text)
    assert "Hips sag: 15° (error not measured), from second 15 on" in text
    short = outcome(held, "id1")
    assert "  Held for 30 s" in short
    assert "from second 15 on" in short


def test_sides_are_told_apart_on_the_page(one_sided: Report) -> None:
    markup = result_page(one_sided)
    text = words(markup)
    assert "Front view, on the left: 5 reps" in text
    assert "Front view, on the right: 5 reps" in text
    assert re.search(r"Work on this first Knee moves inward, left We saw", text)
    assert 'id="check-knee-in-left"' in markup
    assert 'id="check-knee-in-right"' in markup
    assert "For: Knee moves inward, left" in text
    assert re.search(r"1 front, right \d+", text)
    assert "Knee inwards at the bottom left 18°, right 0.0°: 200 % apart" in text


def test_a_terminal_tells_the_sides_apart(one_sided: Report) -> None:
    text = summary(one_sided)
    assert "Knee moves inward, left: 18°" in text
    assert "Work on first: knee moves inward, left." in text
    assert "Loosen: Roll the inner thighs (left)" in text
    assert re.search(r" 1  left  +\d", text)
    assert re.search(r" 1  right +\d", text)
    assert "sign: Knee moves inward, left (" in outcome(one_sided, "id1")


def test_a_finding_is_looked_up_by_its_side(one_sided: Report) -> None:
    for side in ("left", "right"):
        found = by_slug(one_sided["checks"], "knee-in", side)
        assert found is not None
        assert found["done_on"] == side
    assert by_slug(one_sided["checks"], "none", "left") is None


@pytest.mark.parametrize(
    ("one", "text"),
    [
        ({"held_s": 12.4, "asked_s": 30.0, "ended": "left"}, "held for 12 of 30 s, ended when you left the posture"),
        ({"held_s": 30.0, "asked_s": 30.0, "ended": "done"}, "held for 30 of 30 s, all of it"),
        ({"held_s": None, "complete": 3, "asked": 5, "ended": "rested"}, "3 of 5 reps, ended after a pause"),
        ({"complete": 5, "asked": 5, "ended": "done"}, "5 of 5 reps, all reps done"),
    ],
)
def test_a_pass_says_what_was_done(one: dict[str, Any], text: str) -> None:
    assert went({"view": "side", **one}) == f"Side view: {text}"


@pytest.mark.parametrize(
    ("reps", "from_s", "text"),
    [
        ([], None, ""),
        ([2], None, "around second 5"),
        ([1, 3], None, "around second 0 and 10"),
        ([1, 2, 3], 0.0, "from the start on"),
        ([2, 3], 5.0, "from second 5 on"),
    ],
)
def test_seconds_are_named_or_said_to_go_on(reps: list[int], from_s: float | None, text: str) -> None:
    rows = [{"rep": number, "at_s": 5.0 * (number - 1)} for number in (1, 2, 3)]
    from_rep = reps[0] if from_s is not None else None
    assert shown_in({"reps": reps, "from_rep": from_rep, "from_s": from_s, "per_rep": rows}) == text


def test_a_picture_says_when_it_was() -> None:
    assert pictured({"moment": {"rep": 2}, "per_rep": [{"rep": 2, "at_s": 5.0}]}) == "After second 5"
    assert pictured({"moment": {"rep": 2}, "per_rep": [{"rep": 2, "value": 1.0}]}) == "Rep 2"
