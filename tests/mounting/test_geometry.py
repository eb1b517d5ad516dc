"""Where a camera is, from true keypoints: what the equations can tell, without a pose model's noise."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from kiosk.mounting.geometry import Known, angle_deg, body_px, focal_px, locate
from kiosk.movement.pose import Keypoint, Pose

from .placed import STEP_M, Hung, exact, somebody

BODY, STATURE_M = "man-30-medium", 1.78
HUNG = Hung(1.2, 3.2, yaw_deg=9, tilt_deg=3, roll_deg=1.5)


def poses(hung: Hung, step_m: float = -STEP_M) -> tuple[Pose, Pose]:
    body = somebody(BODY, STATURE_M)
    return exact(hung, body), exact(hung, body, step_m=step_m)


@pytest.mark.parametrize("step_m", [-STEP_M, STEP_M], ids=["back", "ahead"])
@pytest.mark.parametrize(
    "hung",
    [HUNG, Hung(0.6, 2.4, -14, 0.0), Hung(1.8, 3.5, 0, 12.0, -2), Hung(1.0, 3.0, 25, -3, fov_deg=102)],
    ids=["as usual", "low and near", "high and askew", "wide and aside"],
)
def test_height_distance_tilt_roll_and_yaw_are_told_by_two_places_of_one_person(hung: Hung, step_m: float) -> None:
    place = locate(*poses(hung, step_m), Known(STATURE_M, lens_deg=hung.fov_deg))
    assert place is not None
    assert place.height_m == pytest.approx(hung.height_m, abs=0.06)
    assert place.distance_m == pytest.approx(hung.distance_m, abs=0.1)
    assert place.tilt_deg == pytest.approx(hung.tilt_is_deg, abs=1.0)
    # Seen from aside, a head that is ahead of the ankles looks like a camera askew.
    assert place.roll_deg == pytest.approx(-hung.roll_deg, abs=1.5)
    assert place.yaw_deg == pytest.approx(hung.yaw_deg, abs=1.0)
    assert place.lens_deg == pytest.approx(hung.fov_deg)


def test_with_a_distance_by_tape_the_lens_is_measured_instead() -> None:
    place = locate(*poses(HUNG), Known(STATURE_M, distance_m=HUNG.distance_m))
    assert place is not None
    assert place.distance_m == HUNG.distance_m
    assert place.lens_deg == pytest.approx(HUNG.fov_deg, abs=2)


def test_with_a_height_by_tape_no_step_is_needed_but_for_the_yaw() -> None:
    place = locate(poses(HUNG)[0], None, Known(STATURE_M, lens_deg=HUNG.fov_deg, height_m=HUNG.height_m))
    assert place is not None
    assert place.height_m == HUNG.height_m
    assert place.tilt_deg == pytest.approx(HUNG.tilt_is_deg, abs=1.0)
    assert math.isnan(place.yaw_deg)


@pytest.mark.parametrize("known", [Known(STATURE_M), Known(STATURE_M, height_m=1.0)])
def test_without_lens_and_distance_nothing_is_told(known: Known) -> None:
    assert locate(*poses(HUNG), known) is None


def test_without_a_step_and_without_a_tape_nothing_is_told() -> None:
    assert locate(poses(HUNG)[0], None, Known(STATURE_M, lens_deg=70)) is None


def test_a_person_who_is_half_seen_tells_nothing() -> None:
    on_mark, stepped = poses(HUNG)
    xy = on_mark.xy.copy()
    xy[Keypoint.LEFT_KNEE :] = np.nan
    xy[Keypoint.LEFT_EAR] = np.nan
    assert locate(Pose(xy, on_mark.score, 0.0, on_mark.size_px), stepped, Known(STATURE_M, lens_deg=70)) is None


def test_what_is_no_mounting_is_no_result() -> None:
    on_mark, stepped = poses(HUNG)
    upside_down = Pose(on_mark.xy * [1, -1] + [0, 720], on_mark.score, 0.0, on_mark.size_px)
    assert locate(upside_down, stepped, Known(STATURE_M, lens_deg=70)) is None


def test_a_wrong_stature_moves_the_camera_in_proportion() -> None:
    right, wrong = (locate(*poses(HUNG), Known(tall, lens_deg=70)) for tall in (STATURE_M, 1.02 * STATURE_M))
    assert right is not None
    assert wrong is not None
    assert wrong.distance_m == pytest.approx(1.02 * right.distance_m, rel=0.002)
    assert wrong.height_m == pytest.approx(1.02 * right.height_m, rel=0.002)
    assert wrong.yaw_deg == pytest.approx(right.yaw_deg, abs=0.1)


def test_a_lens_and_its_focal_length_are_two_words_for_one_thing() -> None:
    assert angle_deg(focal_px(78.0, 1280), 1280) == pytest.approx(78.0)


def test_the_body_is_measured_from_ears_to_ankles() -> None:
    pose = poses(replace(HUNG, tilt_deg=0.0, roll_deg=0.0, yaw_deg=0.0))[0]
    assert body_px(pose) == pytest.approx(focal_px(70, 1280) * 0.881 * STATURE_M / 3.2, rel=0.02)
