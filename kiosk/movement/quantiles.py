"""Medians and percentiles of a few numbers, as numpy's to the last bit, without what numpy spends on large arrays.

While somebody is scanned they are asked for many times in one frame: numpy takes 0.05 ms for each, and its first one
loads masked arrays, which takes the time of a frame.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray


def percentile(values: Iterable[float], percent: float) -> float:
    """Return what so many percent of the values lie below, in a straight line between the two next to it.

    NaN where there is none; NaN must not be among them.
    """
    ranked = sorted(values)
    if not ranked:
        return math.nan
    place = (len(ranked) - 1) * (percent / 100)
    before = math.floor(place)
    low, high = ranked[before], ranked[min(before + 1, len(ranked) - 1)]
    share = place - before
    # From the nearer of the two, as numpy does.
    return high - (high - low) * (1 - share) if share >= 0.5 else low + (high - low) * share


def median(values: Iterable[float]) -> float:
    """Return the middle of the values, or the mean of the two in the middle. NaN as above."""
    ranked = sorted(values)
    return (ranked[(len(ranked) - 1) // 2] + ranked[len(ranked) // 2]) / 2 if ranked else math.nan


def seen_median(values: NDArray[np.float64], axis: int = 0) -> NDArray[np.float64]:
    """Return the median along an axis of what is not NaN; NaN where nothing else is."""
    ranked = np.sort(np.moveaxis(values, axis, -1), axis=-1)  # NaN comes last
    count = (~np.isnan(ranked)).sum(axis=-1, keepdims=True)
    low = np.take_along_axis(ranked, np.maximum(count - 1, 0) // 2, axis=-1)
    high = np.take_along_axis(ranked, np.minimum(count // 2, ranked.shape[-1] - 1), axis=-1)
    middle: NDArray[np.float64] = ((low + high) / 2)[..., 0]
    return middle
