import math

import numpy as np
import pytest

from kiosk.movement.pose import FloatArray
from kiosk.movement.timing import lag_s


def wave(t_s: FloatArray, later_s: float = 0.0, size: float = 30.0) -> FloatArray:
    return size * (0.5 - 0.5 * np.cos(2 * np.pi * np.clip((t_s - 0.3 - later_s) / 2.0, 0, 1)))


@pytest.mark.parametrize("later_s", [-0.12, -0.08, -0.04, 0.0, 0.04, 0.08, 0.12])
@pytest.mark.parametrize("fps", [24, 30, 60])
def test_a_lag_is_found_within_5_ms(later_s: float, fps: int) -> None:
    t_s = np.arange(int(2.6 * fps)) / fps
    assert lag_s(wave(t_s), wave(t_s, later_s), t_s) == pytest.approx(later_s, abs=0.005)


def test_jitter_of_2_percent_errs_by_about_15_ms_a_rep() -> None:
    t_s = np.arange(78) / 30
    rng = np.random.default_rng(5)
    found = [
        lag_s(wave(t_s) + rng.normal(0, 0.6, 78), wave(t_s, 0.08) + rng.normal(0, 0.6, 78), t_s) for _ in range(100)
    ]
    assert np.mean(found) == pytest.approx(0.08, abs=0.006)
    assert np.std(found) < 0.015


@pytest.mark.parametrize("share", [0.5, 0.8, 1.5])
def test_moving_less_is_not_read_as_moving_later(share: float) -> None:
    t_s = np.arange(78) / 30
    assert lag_s(wave(t_s), share * wave(t_s) + 40, t_s) == pytest.approx(0, abs=0.002)


def test_uneven_frames_do_not_bend_it() -> None:
    t_s = np.cumsum(np.random.default_rng(7).uniform(0.02, 0.05, 75))
    assert lag_s(wave(t_s), wave(t_s, 0.08), t_s) == pytest.approx(0.08, abs=0.008)


def test_frames_in_which_a_side_was_hidden_are_left_out() -> None:
    t_s = np.arange(78) / 30
    left, right = wave(t_s), wave(t_s, 0.08)
    left[10:14] = math.nan
    right[50:53] = math.nan
    assert lag_s(left, right, t_s) == pytest.approx(0.08, abs=0.01)


def test_too_little_or_nothing_that_moves_has_no_lag() -> None:
    t_s = np.arange(78) / 30
    left = wave(t_s)
    left[7:] = math.nan
    assert math.isnan(lag_s(left, wave(t_s), t_s))
    assert math.isnan(lag_s(np.full(78, 3.0), wave(t_s), t_s))
    assert math.isnan(lag_s(np.full(78, math.nan), wave(t_s), t_s))


@pytest.mark.parametrize("share", [0.5, 0.8, 1.5])
def test_moving_less_is_not_read_as_moving_later_on_the_way_down_alone_either(share: float) -> None:
    t_s = np.arange(12, 36) / 30
    assert lag_s(wave(t_s), share * wave(t_s) + 40, t_s) == pytest.approx(0, abs=0.002)
