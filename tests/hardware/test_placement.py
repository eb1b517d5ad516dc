"""The places of the camera: what they promise is seen, in a camera worked out by somebody else."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import product
from xml.etree import ElementTree

import numpy as np
import pytest

from hardware import placement_drawing
from hardware.__main__ import RECOMMENDED, fitting
from hardware.placement import (
    FARTHEST_M,
    LENS_M,
    MARGIN,
    NEAREST_M,
    PLANK,
    REACH,
    SMALL_M,
    SMALL_SHARE,
    STEP_M,
    TOWARDS_M,
    from_diagonal,
    lenses,
    place,
    sees,
)
from kiosk.mounting.findings import Looks, findings
from kiosk.mounting.geometry import Place as Measured
from kiosk.settings import RULES
from kiosk.station.framing import LARGEST, SMALLEST
from tests.people.camera import Camera
from tests.people.dealing import JUDGED
from tests.people.mounting import IDEAL_DISTANCE_M, IDEAL_HEIGHT_M

PLACES = {one.lens.key: one for one in fitting()}
#: Wide enough that a rounded pixel decides nothing.
WIDTH_PX = 12800


def mounted(one) -> Camera:
    """The camera of the rendered people, at a place: the mark is the world's origin, the camera at -y."""
    shape = math.tan(math.radians(one.lens.vertical_deg / 2)) / math.tan(math.radians(one.lens.horizontal_deg / 2))
    return Camera(
        distance_m=one.distance_m,
        height_m=LENS_M,
        target_m=(0.0, 0.0, 0.9),
        size_px=(WIDTH_PX, round(WIDTH_PX * shape)),
        fov_deg=one.lens.horizontal_deg,
        tilt_deg=-one.tilt_deg,
    )


def shares(one, points_m: list[tuple[float, float, float]]) -> np.ndarray:
    """Where points of the world show, as shares of the picture from its upper left corner."""
    camera = mounted(one)
    places, _ = camera.project(np.array(points_m))
    return np.asarray(places / np.array(camera.size_px))


def standing(stature_m: float, nearer_m: float = 0.0) -> list[tuple[float, float, float]]:
    return [(x, -nearer_m, z) for x, z in product((-0.5, 0.0, 0.5), (0.0, stature_m / 2, stature_m * REACH))]


@pytest.mark.parametrize("key", PLACES)
def test_a_tall_person_with_raised_arms_is_whole_in_the_picture(key: str) -> None:
    for nearer_m in (0.0, TOWARDS_M):
        seen = shares(PLACES[key], standing(2.0, nearer_m))
        # A little less than asked for, as the picture's height is a whole number of pixels.
        assert seen.min() >= MARGIN - 0.001 and seen.max() <= 1 - MARGIN + 0.001


@pytest.mark.parametrize("key", PLACES)
def test_a_push_up_is_whole_in_the_picture_from_the_side_and_from_the_front(key: str) -> None:
    half = 2.0 * PLANK / 2
    side = [(x, 0.0, z) for x, z in product((-half, half), (0.0, 1.75))]
    front = [(x, -half, z) for x, z in product((-0.6, 0.6), (0.45, 1.75))]
    for points in (side, front):
        seen = shares(PLACES[key], points)
        assert seen.min() >= MARGIN - 0.001 and seen.max() <= 1 - MARGIN + 0.001


@pytest.mark.parametrize("key", PLACES)
def test_small_people_are_large_enough_and_tall_ones_not_too_large_for_the_kiosk(key: str) -> None:
    one = PLACES[key]
    for stature_m in (SMALL_M, 2.0):
        (_, top), (_, bottom) = shares(one, [(0.0, 0.0, stature_m * REACH), (0.0, 0.0, 0.0)])
        assert SMALLEST < bottom - top < LARGEST
        if stature_m == SMALL_M:
            assert bottom - top == pytest.approx(one.small_share, abs=0.002)
            assert bottom - top >= SMALL_SHARE


def test_the_places_are_those_the_kiosk_is_judged_at() -> None:
    assert JUDGED["distance_m"] == (NEAREST_M, FARTHEST_M)
    assert JUDGED["height_m"][0] < LENS_M < JUDGED["height_m"][1]
    assert LENS_M == IDEAL_HEIGHT_M
    assert all(NEAREST_M <= one.distance_m <= FARTHEST_M for one in PLACES.values())
    assert PLACES[RECOMMENDED].distance_m <= IDEAL_DISTANCE_M


@pytest.mark.parametrize("key", PLACES)
def test_the_kiosk_s_own_check_finds_nothing_wrong_with_such_a_place(key: str) -> None:
    one = PLACES[key]
    measured = Measured(LENS_M, one.distance_m, -one.tilt_deg, 0.0, 0.0, one.lens.horizontal_deg)
    said = {line.name: line.ok for line in findings(measured, None, Looks(120, 1.0, 30.0), 24.0)}
    assert [said[name] for name in ("Height", "Distance", "Tilt", "Roll")] == [True] * 4
    RULES["camera.lens_deg"].read(one.lens.horizontal_deg)


@pytest.mark.parametrize("key", [key for key in PLACES if PLACES[key].distance_m > NEAREST_M])
def test_no_nearer_place_would_do(key: str) -> None:
    one = PLACES[key]
    assert sees(one.lens, one.distance_m, 2.0)
    assert not sees(one.lens, one.distance_m - STEP_M, 2.0)


@pytest.mark.parametrize("key", PLACES)
def test_feet_and_fingertips_are_equally_far_from_the_edges(key: str) -> None:
    one = PLACES[key]
    angles = [
        math.degrees(math.atan2(height - LENS_M, one.distance_m - TOWARDS_M)) - one.tilt_deg
        for height in (0, 2 * REACH)
    ]
    assert angles[0] == pytest.approx(-angles[1])


@pytest.mark.parametrize("key", PLACES)
def test_what_is_seen_at_the_mark_is_at_the_edges_of_the_picture(key: str) -> None:
    one = PLACES[key]
    (_, low), (_, high) = shares(one, [(0.0, 0.0, one.low_m), (0.0, 0.0, one.high_m)])
    assert (low, high) == (pytest.approx(1, abs=0.002), pytest.approx(0, abs=0.002))
    level = shares(replace(one, tilt_deg=0.0), [(one.wide_m / 2, 0.0, LENS_M)])
    assert level[0][0] == pytest.approx(1, abs=0.001)


def test_a_lens_that_is_too_narrow_is_not_recommended() -> None:
    assert "webcam-55" in lenses()
    assert "webcam-55" not in PLACES
    assert place(lenses()["webcam-55"]).distance_m > FARTHEST_M


def test_turning_the_camera_on_its_side_serves_no_lens_better() -> None:
    # What README.md tells: none fits that did not, and all but the widest get a smaller picture of people.
    for lens in lenses().values():
        turned = place(lens.on_its_side)
        assert turned.small_share < place(lens).small_share
        assert not turned.fits


@pytest.mark.parametrize(
    ("diagonal_deg", "across_deg", "up_deg"),
    # 78: what PLATFORM.md computed for the C920; 90: a right angle between opposite corners.
    [
        (78, 70.4, 43.3),
        (90, 2 * math.degrees(math.atan(16 / math.hypot(16, 9))), 2 * math.degrees(math.atan(9 / math.hypot(16, 9)))),
    ],
)
def test_angles_follow_from_the_diagonal(diagonal_deg: float, across_deg: float, up_deg: float) -> None:
    assert from_diagonal(diagonal_deg) == (pytest.approx(across_deg, abs=0.1), pytest.approx(up_deg, abs=0.1))


@pytest.mark.parametrize("key", PLACES)
def test_the_drawing_has_the_numbers_and_is_to_scale(key: str) -> None:
    one = PLACES[key]
    tree = ElementTree.fromstring(placement_drawing.draw(one))
    words = ["".join(text.itertext()) for text in tree.iter("{http://www.w3.org/2000/svg}text")]
    assert f"lens to mark {one.distance_m:.2f} m" in words
    assert f"tilt {one.tilt_deg:.1f}° up" in words
    assert any(one.lens.name in text for text in words)
    lines = [line.get("points", "") for line in tree.iter("{http://www.w3.org/2000/svg}polyline")]
    lengths = [
        math.dist(*(tuple(map(float, xy.split(","))) for xy in points.split()))
        for points in lines
        if points.count(" ") == 1
    ]
    for metres in (one.distance_m, LENS_M):
        assert any(length == pytest.approx(metres * 120, abs=0.1) for length in lengths)
    width, height = (float(tree.get(side, "0")) for side in ("width", "height"))
    numbers = [float(number) for points in lines for number in re.findall(r"-?[\d.]+", points)]
    assert min(numbers) >= 0 and max(numbers) <= max(width, height)
