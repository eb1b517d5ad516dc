"""Medians and percentiles of a few numbers: numpy's own answers, to the last bit."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from kiosk.movement.quantiles import median, percentile, seen_median

ROOT = Path(__file__).parents[2]
NUMBERS = st.floats(-1e6, 1e6)
SOME = st.lists(NUMBERS, min_size=1, max_size=60)


@given(SOME, st.sampled_from([0, 10, 25, 50, 80, 90, 99, 100]))
def test_a_percentile_is_numpys(values: list[float], percent: float) -> None:
    assert percentile(values, percent) == np.percentile(values, percent)


@given(SOME)
def test_a_median_is_numpys(values: list[float]) -> None:
    assert median(values) == np.median(values)


def test_of_nothing_there_is_no_median_and_no_percentile() -> None:
    assert math.isnan(median([]))
    assert math.isnan(percentile([], 80))


@given(
    arrays.arrays(np.float64, st.tuples(st.integers(1, 9), st.integers(1, 4)), elements=NUMBERS | st.just(math.nan)),
    st.sampled_from([0, 1, -1]),
)
@pytest.mark.filterwarnings("ignore:All-NaN slice encountered:RuntimeWarning")
def test_the_median_of_what_was_seen_is_numpys(
    values: np.ndarray[tuple[int, int], np.dtype[np.float64]], axis: int
) -> None:
    np.testing.assert_array_equal(seen_median(values, axis), np.nanmedian(values, axis=axis))


def test_what_was_never_seen_has_no_median_and_raises_no_warning() -> None:
    assert np.isnan(seen_median(np.full((3, 2), math.nan))).all()


def test_counting_a_rep_loads_no_masked_arrays() -> None:
    """Numpy's own medians do at their first call, which takes longer than a frame."""
    code = (
        "import sys; from tests.station.visits import scanning, squats; "
        "stage = scanning().play(squats(2, lead_s=0.5)); print(stage.now.reps, 'numpy.ma' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout == "2 False\n"
