"""How far a foot tilted, on pictures in which it tilts by a known angle."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.movement.pose import Pose
from kiosk.vision.camera import Image
from kiosk.vision.close_up import CloseUp
from kiosk.vision.foot_tilt import heel_up_deg, standing_foot

SIZE = (320, 240)
HEEL, TOE = (120.0, 180.0), (180.0, 184.0)
BALL = (HEEL[0] + 0.72 * (TOE[0] - HEEL[0]), HEEL[1] + 0.72 * (TOE[1] - HEEL[1]))


def scene(tilt_deg: float = 0.0, *, step_px: tuple[float, float] = (0, 0), facing: int = 1) -> tuple[Image, Image]:
    """A shoe with a pattern on a floor with another one, its heel up by so much; and where the shoe is."""
    rng = np.random.default_rng(5)
    floor = cv2.GaussianBlur(rng.integers(90, 130, (SIZE[1], SIZE[0], 3)).astype(np.uint8), (0, 0), 3)
    shoe, there = np.zeros_like(floor), np.zeros(floor.shape[:2], np.uint8)
    outline = np.array([[112, 190], [112, 158], [128, 154], [150, 168], [186, 180], [188, 190]], np.int32)
    cv2.fillPoly(there, [outline], 1)
    pattern = cv2.GaussianBlur(rng.integers(0, 256, (SIZE[1], SIZE[0], 3)).astype(np.uint8), (0, 0), 2)
    shoe[there > 0] = pattern[there > 0] // 2 + 100
    turn = cv2.getRotationMatrix2D(BALL, -tilt_deg, 1.0)
    turn[:, 2] += step_px
    shoe = cv2.warpAffine(shoe, turn, SIZE)
    there = cv2.warpAffine(there, turn, SIZE, flags=cv2.INTER_NEAREST)
    picture = np.where(there[..., None] > 0, shoe, floor).astype(np.uint8)
    if facing < 0:
        picture, there = picture[:, ::-1].copy(), there[:, ::-1].copy()
    return picture, there


def shown(picture: Image) -> CloseUp:
    nobody = Pose(np.full((17, 2), np.nan), np.zeros(17), 0.0, SIZE)
    return CloseUp(picture, nobody, np.array([[1.0, 0, 0], [0, 1, 0]]), 100.0)


def seen(now: Image, facing: int = 1) -> float:
    picture, there = scene(facing=facing)
    heel, toe = ((x if facing > 0 else SIZE[0] - 1 - x, y) for x, y in (HEEL, TOE))
    stood = standing_foot(shown(picture), there, heel, toe)
    assert stood is not None
    return heel_up_deg(stood, shown(now))


@pytest.mark.parametrize("facing", [1, -1], ids=["right", "left"])
@pytest.mark.parametrize("tilt_deg", [-4, 0, 3, 8, 15, 30, 44])
def test_the_tilt_is_the_one_that_was_made(tilt_deg: float, facing: int) -> None:
    assert seen(scene(tilt_deg, facing=facing)[0], facing) == pytest.approx(tilt_deg, abs=1.5)


@pytest.mark.parametrize("step_px", [(6, 0), (-8, 3)])
def test_a_foot_that_was_set_down_a_little_elsewhere_did_not_tilt(step_px: tuple[float, float]) -> None:
    assert seen(scene(step_px=step_px)[0]) == pytest.approx(0, abs=1)
    assert seen(scene(12, step_px=step_px)[0]) == pytest.approx(12, abs=1.5)


def test_noise_does_not_lift_a_heel() -> None:
    rng = np.random.default_rng(1)
    noisy = np.clip(scene(10)[0] + rng.normal(0, 8, (SIZE[1], SIZE[0], 3)), 0, 255).astype(np.uint8)
    assert seen(noisy) == pytest.approx(10, abs=2)


def test_a_foot_that_is_no_longer_there_has_no_tilt() -> None:
    grey = np.full((SIZE[1], SIZE[0], 3), 120, np.uint8)
    assert math.isnan(seen(grey))
    other = np.random.default_rng(9).integers(0, 256, grey.shape).astype(np.uint8)
    assert math.isnan(seen(other))


def test_a_foot_that_the_picture_cuts_off_is_not_taken() -> None:
    picture, there = scene()
    assert standing_foot(shown(picture[:188]), there[:188], HEEL, TOE) is None


@pytest.mark.parametrize("heel", [TOE, (math.nan, math.nan)])
def test_a_foot_without_length_is_not_taken(heel: tuple[float, float]) -> None:
    picture, there = scene()
    assert standing_foot(shown(picture), there, heel, TOE) is None


def test_where_nobody_is_there_is_no_foot() -> None:
    picture, there = scene()
    nobody: NDArray[np.uint8] = np.zeros_like(there)
    assert standing_foot(shown(picture), nobody, HEEL, TOE) is None
