"""The sensor of the rendered clips: what it does to a clean picture, and that it does the same again."""

from dataclasses import replace

import numpy as np
import pytest

from kiosk.vision.camera import Image
from tests.people.sensor import Sensor

CLEAN = Sensor(noise=0.0)


def grey(level: int) -> Image:
    return np.full((90, 120, 3), level, np.uint8)


def edge() -> Image:
    image = grey(40)
    image[:, 60:] = 200
    return image


def test_a_perfect_sensor_changes_nothing() -> None:
    assert (CLEAN.expose(edge(), 1.0) == edge()).all()


def test_the_same_seed_and_time_give_the_same_picture_and_others_do_not() -> None:
    noisy = Sensor(noise=4.0, seed=7)
    first = noisy.expose(grey(120), 0.4)
    assert (noisy.expose(grey(120), 0.4) == first).all()
    assert (noisy.expose(grey(120), 0.5) != first).any()
    assert (replace(noisy, seed=8).expose(grey(120), 0.4) != first).any()


@pytest.mark.parametrize("noise", [2.0, 5.0, 20.0])
def test_noise_is_as_strong_as_said_in_mid_grey_and_leaves_the_mean_alone(noise: float) -> None:
    image = Sensor(noise=noise).expose(grey(128), 0.0).astype(float)
    # Mid-grey is half the light of white: between the noise of the dark and that of the bright.
    assert image.std() == pytest.approx(noise * (1.5 - np.sqrt(128 / 255)), rel=0.08)
    assert image.mean() == pytest.approx(128, abs=0.5)


def test_noise_is_stronger_in_the_dark() -> None:
    dark, bright = (Sensor(noise=4.0).expose(grey(level), 0.0).astype(float).std() for level in (40, 220))
    assert dark > 1.5 * bright


def test_blur_makes_edges_soft() -> None:
    steepest = [
        np.abs(np.diff(replace(CLEAN, blur_px=blur).expose(edge(), 0.0)[45, :, 0].astype(int))).max()
        for blur in (0.0, 2.0)
    ]
    assert steepest[0] == 160
    assert steepest[1] < 60


def test_an_open_shutter_averages_what_happens_meanwhile() -> None:
    assert (CLEAN.expose(grey(40), 0.0, grey(100), grey(160)) == 100).all()


def test_exposure_and_gamma_brighten() -> None:
    assert replace(CLEAN, exposure=1.5).expose(grey(100), 0.0).mean() == pytest.approx(150)
    assert replace(CLEAN, gamma=2.0).expose(grey(60), 0.0).mean() > 110
    assert (replace(CLEAN, exposure=9.0).expose(grey(100), 0.0) == 255).all()


def test_a_cast_shifts_the_colours() -> None:
    assert replace(CLEAN, cast=(0.9, 1.0, 1.1)).expose(grey(100), 0.0)[0, 0].tolist() == [90, 100, 110]


def test_the_lamps_swing_at_twice_the_mains_frequency() -> None:
    sensor = replace(CLEAN, flicker=0.2)
    swing = [sensor.brightness(t_s, 1)[0] for t_s in np.arange(0, 0.04, 0.0005)]
    assert swing[:20] == pytest.approx(swing[20:40])
    assert np.ptp(swing) == pytest.approx(0.4, abs=0.01)


def test_flicker_beats_with_the_frame_rate() -> None:
    sensor = replace(CLEAN, flicker=0.2)
    levels = [sensor.expose(grey(120), n / 30).mean() for n in range(12)]
    # 100 Hz seen 30 times a second is a beat of 10 Hz: every third frame alike.
    assert levels[:3] == pytest.approx(levels[3:6], abs=1e-6)
    assert np.ptp(levels) > 20
    steady = [sensor.expose(grey(120), n / 25).mean() for n in range(12)]
    assert np.ptp(steady) == 0


def test_a_slow_readout_turns_flicker_into_bands() -> None:
    banded = replace(CLEAN, flicker=0.2, readout_s=0.02)
    rows = banded.expose(grey(120), 0.0).astype(float).mean((1, 2))
    assert np.ptp(rows) > 40
    # Two swings in 20 ms: the picture repeats itself after half its rows.
    assert rows[:45] == pytest.approx(rows[45:], abs=1.1)
    assert np.ptp(banded.expose(grey(120), 0.0), axis=1).max() == 0
