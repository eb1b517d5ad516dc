"""What the check says, and by how much to change what."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from kiosk.bench.accuracy import settled
from kiosk.mounting import findings as rules
from kiosk.mounting.findings import Finding, Looks, best_tilt_deg, findings
from kiosk.mounting.geometry import Place
from kiosk.mounting.steps import Margins

GOOD = Place(1.0, 3.0, best_tilt_deg(1.0, 3.0), 0.0, 3.0, 70.0)
AROUND = Margins(0.06, 0.05, 0.3, 0.3)
LOOKS = Looks(120.0, 0.95, 30.0)


def found(name: str, place: Place | None = GOOD, around: Margins | None = AROUND, looks: Looks = LOOKS) -> Finding:
    return next(line for line in findings(place, around, looks, 24.0) if line.name == name)


def test_a_camera_that_hangs_well_has_nothing_to_change() -> None:
    assert all(line.ok and not line.change for line in findings(GOOD, AROUND, LOOKS, 24.0))


def test_what_is_asked_of_the_mounting_is_what_the_accuracy_page_promises() -> None:
    assert (rules.HEIGHT_M, rules.DISTANCE_M, rules.MOST_YAW_DEG) == (
        settled.HEIGHT_M,
        settled.DISTANCE_M,
        settled.MOST_YAW_DEG,
    )


@pytest.mark.parametrize(
    ("name", "wrong", "change"),
    [
        ("Height", {"height_m": 0.6}, "Raise the camera by 40 cm, to 1.0 m."),
        ("Height", {"height_m": 1.62}, "Lower the camera by 60 cm, to 1.0 m."),
        ("Distance", {"distance_m": 4.6}, "Move the mark nearer, by 0.6 m."),
        ("Tilt", {"tilt_deg": GOOD.tilt_deg - 7}, "Tilt it down by 7°."),
        ("Tilt", {"tilt_deg": GOOD.tilt_deg + 5}, "Tilt it up by 5°."),
        ("Roll", {"roll_deg": 3.2}, "Turn it clockwise by 3°, as seen from behind it; then check with a spirit level."),
        ("Roll", {"roll_deg": -4}, "Turn it anticlockwise by 4°"),
        ("Yaw", {"yaw_deg": 20}, "Move the camera about 105 cm to that person's right"),
        ("Yaw", {"yaw_deg": -16}, "Move the camera about 85 cm to that person's left"),
    ],
)
def test_what_is_wrong_says_by_how_much_to_change_it(name: str, wrong: dict[str, float], change: str) -> None:
    line = found(name, replace(GOOD, **wrong))
    assert line.ok is False
    assert line.change.startswith(change)


def test_nearer_than_was_promised_is_worth_knowing() -> None:
    assert found("Distance", replace(GOOD, distance_m=1.8)).ok is None


def test_a_yaw_that_was_not_measured_is_said_to_be_so() -> None:
    assert found("Yaw", replace(GOOD, yaw_deg=math.nan)).ok is None


@pytest.mark.parametrize(
    ("around", "change"),
    [
        (Margins(-0.02, 0.2, 0.3, 0.3), "Tilt the camera up."),
        (Margins(0.2, 0.0, 0.3, 0.3), "Tilt the camera down."),
        (Margins(0.0, -0.1, 0.3, 0.3), "Move the camera away, or take a wider lens."),
        (Margins(0.1, 0.1, 0.0, 0.6), "Turn the camera to the left."),
        (None, "Do the check again, arms stretched up."),
    ],
)
def test_a_body_that_is_not_in_view_says_which_way_to_turn(around: Margins | None, change: str) -> None:
    line = found("Whole body", around=around)
    assert line.ok is False
    assert line.change == change


@pytest.mark.parametrize(
    ("name", "looks", "ok"),
    [
        ("Light", {"brightness": 30.0}, False),
        ("Light", {"brightness": 50.0}, None),
        ("Focus", {"sharp_share": 0.4}, False),
        ("Frame rate", {"fps": 12.0}, None),
    ],
)
def test_light_focus_and_rate_are_judged(name: str, looks: dict[str, float], ok: bool | None) -> None:
    line = found(name, looks=replace(LOOKS, **looks))
    assert line.ok is ok
    assert line.change


def test_without_a_place_the_rest_is_still_told() -> None:
    lines = findings(None, AROUND, LOOKS, 24.0)
    assert [line.name for line in lines] == ["Whole body", "Place", "Light", "Focus", "Frame rate"]
    assert "--lens" in found("Place", None).change


@pytest.mark.parametrize(("height_m", "distance_m"), [(0.8, 2.5), (1.0, 3.0), (1.4, 4.0)])
def test_the_best_tilt_has_floor_and_hands_equally_far_from_the_middle(height_m: float, distance_m: float) -> None:
    tilt = best_tilt_deg(height_m, distance_m)
    floor = math.degrees(math.atan2(height_m, distance_m)) - tilt
    hands = math.degrees(math.atan2(2.3 - height_m, distance_m)) + tilt
    assert floor == pytest.approx(hands)
