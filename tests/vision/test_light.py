"""Whether it is too dark: told from pictures, without flicker."""

from __future__ import annotations

import numpy as np
import pytest

from kiosk.vision.light import DARK_BELOW, LIGHT_FROM, SETTLED_S, LightMeter, brightness

from ..demo_recordings import SQUAT_FRONT, pictures


def grey(level: int) -> np.ndarray:
    return np.full((480, 640, 3), level, np.uint8)


def settled(meter: LightMeter, level: int, since_s: float) -> bool:
    """The answer after a long look at one picture."""
    for k in range(60):
        meter.update(grey(level), since_s + k / 30)
    return meter.dark


def test_brightness_is_the_luma_of_the_picture() -> None:
    assert brightness(grey(0)) == 0.0
    assert brightness(grey(255)) == pytest.approx(255.0)
    green = np.zeros((480, 640, 3), np.uint8)
    green[:, :, 1] = 100
    assert brightness(green) == pytest.approx(58.7)


def test_a_small_picture_has_a_brightness_too() -> None:
    assert brightness(np.full((3, 5, 3), 7, np.uint8)) == pytest.approx(7.0)


@pytest.mark.parametrize(("level", "dark"), [(0, True), (20, True), (35, False), (120, False)])
def test_a_dark_picture_is_dark_and_the_darkest_recording_of_people_is_not(level: int, dark: bool) -> None:
    assert settled(LightMeter(), level, 0.0) is dark


def test_a_hand_on_the_lens_is_no_darkness() -> None:
    meter = LightMeter()
    settled(meter, 100, 0.0)
    assert not any(meter.update(grey(0), 10 + k / 30) for k in range(round(30 * SETTLED_S)))
    assert not meter.update(grey(100), 10 + SETTLED_S)


def test_between_dark_and_light_it_stays_what_it_was() -> None:
    between = round((DARK_BELOW + LIGHT_FROM) / 2)
    meter = LightMeter()
    assert not settled(meter, between, 0.0)
    assert settled(meter, 5, 10.0)
    assert settled(meter, between, 20.0)
    assert not settled(meter, 60, 30.0)


def test_a_visit_in_a_room_without_light_is_dark_and_the_same_visit_in_light_is_not() -> None:
    light, dark = LightMeter(), LightMeter()
    for t_s, image in pictures(SQUAT_FRONT, 45):
        light.update(image, t_s)
        dark.update((image * 0.08).astype(np.uint8), t_s)
    assert (light.dark, dark.dark) == (False, True)
