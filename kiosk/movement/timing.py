"""How much later one side moves than the other."""

from __future__ import annotations

import math

import numpy as np

from kiosk.movement.pose import FloatArray
from kiosk.movement.smoothing import smooth_values

#: Reach of the filter: a local parabola of this width passes about 3 Hz (DOMAIN 3.5).
_REACH_S = 0.2
#: A side that moves less than this share of the other has no timing of its own.
_LEAST_SHARE = 0.1


def lag_s(left: FloatArray, right: FloatArray, t_s: FloatArray) -> float:
    """Return by how many seconds ``right`` (T,) runs behind ``left``; negative when it runs ahead.

    Both are scaled to the same spread first, so that moving less is not read as moving later. Then the difference
    of the two is laid along the speed of their mean: lag = sum((L - R) d) / sum(d d), good to about 10 ms for one
    rep; the peak of a cross-correlation is ten times worse (DOMAIN 3.5). NaN with fewer than eight frames in
    which both were seen, or where a side hardly moves.
    """
    seen = ~(np.isnan(left) | np.isnan(right))
    if seen.sum() < 8:
        return math.nan
    t = t_s[seen]
    a, b = (smooth_values(side[seen], t, _REACH_S) for side in (left, right))
    a, b = a - a.mean(), b - b.mean()
    less, more = sorted((float(a.std()), float(b.std())))
    if not less > max(_LEAST_SHARE * more, 1e-6):
        return math.nan
    a, b = a / a.std(), b / b.std()
    speed = np.gradient((a + b) / 2, t)
    return float(np.sum((a - b) * speed) / np.sum(speed * speed))
