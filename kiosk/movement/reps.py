"""Repetitions: found in the effort signal of a pass, and cut out of it.

The signal is 0 at the top of the movement and rises to the bottom. Its turning points are found with hysteresis
(a turn counts once the signal has come back by a share of the range), the range is the person's own (the median of
the larger swings of this pass), and a rep is top, bottom, top.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from kiosk.movement.pose import FloatArray, Pose, PoseTrack
from kiosk.movement.quantiles import median, percentile
from kiosk.movement.view import View

#: A rep that comes up by less than this share of its way down, or the reverse, is incomplete. How deep it went does
#: not decide that: a shallow rep is a rep, and depth is a check.
RETURN_SHARE = 0.6
#: Swings below this share of the person's own range are not even attempts: shifting feet, nodding.
ATTEMPT_SHARE = 0.25
#: A rep starts when this share of its way down is done, and ends when as much is left of its way up.
EDGE_SHARE = 0.1
#: Longer is no rep but a rest (DOMAIN 4, with room for slow tempo).
LONGEST_S = 12.0
#: Nobody goes down, or comes up, faster than this: that is a jump of the keypoints.
SHORTEST_WAY_S = 0.14
#: Slower than this share of the rep's peak speed counts as the pause at the bottom (DOMAIN 4).
PAUSE_SHARE = 0.05
#: The share of a rep's frames whose effort may be unknown before it is void (DOMAIN 4).
UNSEEN_SHARE = 0.2


class Phase(StrEnum):
    """The parts of a rep. ``WHOLE`` is everything from the start of the descent to the end of the ascent."""

    TOP = "top"
    DESCENT = "descent"
    BOTTOM = "bottom"
    ASCENT = "ascent"
    WHOLE = "whole"
    #: Of a hold, which has no top and no bottom: all of one part of it.
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Rep:
    """One repetition. ``start``, ``bottom`` and ``end`` are frame numbers of the pass.

    ``number`` counts from 1. ``start_s``, ``bottom_s`` and ``end_s`` are the times of these frames on the source's own
    clock; ``eccentric_s``, ``pause_s`` and ``concentric_s`` how long the ways down and up lasted, and the stop between.
    ``range_of_motion`` is in the exercise's own unit of effort: 1 is the full range that the exercise asks for.
    An incomplete rep (``complete`` false, ``reason`` says why) is reported, never counted.

    One part of a hold plays the part of a rep: it is all pause, its range is 0, its bottom is its middle, and
    ``held_before_s`` is for how long the hold had lasted when the part began (None: a real rep).
    """

    number: int
    start: int
    bottom: int
    end: int
    start_s: float
    bottom_s: float
    end_s: float
    eccentric_s: float
    pause_s: float
    concentric_s: float
    range_of_motion: float
    complete: bool
    reason: str | None = None
    held_before_s: float | None = None


@dataclass(frozen=True, eq=False, slots=True)
class RepTrace:
    """The smoothed poses of one rep, for measures that look at more than one pose.

    ``track`` runs from ``rep.start`` to ``rep.end``; ``top`` is the person's own reference: the median pose at
    the top of the first reps of the pass. ``view`` is from where the camera looks.
    """

    rep: Rep
    track: PoseTrack
    top: Pose
    view: View

    def values(self, measure: Callable[[Pose, Pose], float]) -> FloatArray:
        """Return (T,) the measure of every pose of the rep."""
        return np.array([measure(self.track.pose(k), self.top) for k in range(len(self.track))], np.float64)

    def percentile(self, measure: Callable[[Pose, Pose], float], percent: float) -> float:
        """Return a percentile of the measure over the rep; NaN when it was seen in less than half of it."""
        values = self.values(measure)
        seen = values[~np.isnan(values)]
        return percentile(seen.tolist(), percent) if 2 * len(seen) >= len(values) else math.nan


@dataclass(frozen=True, slots=True)
class RepPercentile:
    """The measure of a whole rep that is a percentile of what each of its poses measures, for checks of phase "whole".

    ``percent`` 50 is what was there for half of the rep, 90 what was reached for a tenth of it where large values are
    the sign, 10 the same where small ones are. A result shows the pose in which ``measure`` is worst, which a function
    of a `RepTrace` cannot tell it. Raises ValueError for a ``percent`` that is not from 0 to 100.
    """

    measure: Callable[[Pose, Pose], float]
    percent: float

    def __post_init__(self) -> None:
        if not 0 <= self.percent <= 100:
            raise ValueError(f"the percent of a RepPercentile must be from 0 to 100, not {self.percent!r}")

    def __call__(self, rep: RepTrace) -> float:
        """Return the percentile; NaN when it was seen in less than half of the rep."""
        return rep.percentile(self.measure, self.percent)


@dataclass(frozen=True, slots=True)
class Swing:
    """A bottom between two tops, as frame numbers; ``down`` and ``up`` are how far the signal rose and fell."""

    left: int
    bottom: int
    right: int
    down: float
    up: float


def find_swings(effort: FloatArray, threshold: float) -> list[Swing]:
    """Return every bottom of the signal (T,) that stands out by ``threshold`` on at least one side.

    NaN is skipped: a gap neither ends nor makes a turn by itself.
    """
    turns = list(_turns(effort, threshold))
    swings = []
    for k, (frame, is_bottom) in enumerate(turns):
        if not is_bottom:
            continue
        left = turns[k - 1][0] if k else frame
        right = turns[k + 1][0] if k + 1 < len(turns) else frame
        here = effort[frame]
        swings.append(Swing(left, frame, right, float(here - effort[left]), float(here - effort[right])))
    return swings


def _turns(effort: FloatArray, threshold: float) -> Iterator[tuple[int, bool]]:
    """Yield (frame, is it a bottom?) for all turning points, the two ends of the signal among them."""
    frames = np.flatnonzero(~np.isnan(effort)).tolist()
    if not frames:
        return
    values = effort.tolist()
    low = high = frames[0]
    rising: bool | None = None
    for frame in frames:
        high = frame if values[frame] > values[high] else high
        low = frame if values[frame] < values[low] else low
        if rising is not False and values[high] - values[frame] >= threshold:
            if rising is None and low < high:
                yield low, False
            yield high, True
            rising, low, high = False, frame, frame
        elif rising is not True and values[frame] - values[low] >= threshold:
            if rising is None and high < low:
                yield high, True
            yield low, False
            rising, low, high = True, frame, frame
    if rising is not None:
        yield from _last_turns(values, high if rising else low, frames[-1], rising)


def _last_turns(values: list[float], turn: int, end: int, rising: bool) -> Iterator[tuple[int, bool]]:
    """Yield the turn under way at the end of the signal, and after a bottom how far it has come back from it."""
    yield turn, rising
    if rising and values[end] != values[turn]:
        yield end, False


def own_range(swings: list[Swing], least_range: float) -> float:
    """Return the person's own range: the median of the larger half of the swings that come and go.

    0 when there is no swing of at least ``least_range``.
    """
    both = sorted(min(s.down, s.up) for s in swings if min(s.down, s.up) >= least_range)
    return median(both[len(both) // 2 :]) if both else 0.0


def make_rep(
    swing: Swing, effort: FloatArray, t_s: FloatArray, own: float, least_range: float, shortest_s: float
) -> Rep | None:
    """Return the rep that a swing is, complete or not; None when it is no attempt at one."""
    reach = max(swing.down, swing.up)
    if reach < max(least_range, ATTEMPT_SHARE * own):
        return None
    start = edge(effort, swing.bottom, swing.left)
    end = edge(effort, swing.bottom, swing.right)
    down_s, up_s = float(t_s[swing.bottom] - t_s[start]), float(t_s[end] - t_s[swing.bottom])
    taken_s = down_s + up_s
    reason = _incomplete(swing, max(own, least_range), taken_s, _unseen(effort, start, end))
    if reason is None and (taken_s < shortest_s or min(down_s, up_s) < SHORTEST_WAY_S):
        return None
    pause_first, pause_last = _pause(effort, t_s, start, swing.bottom, end)
    return Rep(
        number=0,
        start=start,
        bottom=swing.bottom,
        end=end,
        start_s=float(t_s[start]),
        bottom_s=float(t_s[swing.bottom]),
        end_s=float(t_s[end]),
        eccentric_s=float(t_s[pause_first] - t_s[start]),
        pause_s=float(t_s[pause_last] - t_s[pause_first]),
        concentric_s=float(t_s[end] - t_s[pause_last]),
        range_of_motion=reach,
        complete=reason is None,
        reason=reason,
    )


def number_reps(reps: list[Rep]) -> list[Rep]:
    """Return the reps numbered from 1 in the order of time; complete ones and others share the numbers."""
    return [replace(rep, number=k) for k, rep in enumerate(reps, 1)]


def _incomplete(swing: Swing, own: float, taken_s: float, unseen: float) -> str | None:
    if taken_s > LONGEST_S:
        return f"it took {taken_s:.0f} s, longer than {LONGEST_S:.0f} s"
    if unseen > UNSEEN_SHARE:
        return f"{unseen:.0%} of it could not be seen"
    if swing.down < RETURN_SHARE * min(swing.up, own):
        return "it did not start from the top"
    if swing.up < RETURN_SHARE * min(swing.down, own):
        return "it did not come back to the top"
    return None


def _unseen(effort: FloatArray, start: int, end: int) -> float:
    return float(np.isnan(effort[start : end + 1]).mean())


def edge(effort: FloatArray, bottom: int, top: int, share: float = EDGE_SHARE) -> int:
    """Return the frame, going from the bottom to a top, at which all but ``share`` of the way is done."""
    if top == bottom:
        return bottom
    level = effort[top] + share * (effort[bottom] - effort[top])
    step = 1 if top > bottom else -1
    for frame in range(bottom, top + step, step):
        if effort[frame] <= level:
            return frame
    return top


def _pause(effort: FloatArray, t_s: FloatArray, start: int, bottom: int, end: int) -> tuple[int, int]:
    """Return the first and last frame around the bottom in which the signal hardly moves."""
    if end - start < 4:
        return bottom, bottom
    speed = np.abs(np.gradient(effort[start : end + 1], t_s[start : end + 1] + np.arange(end - start + 1) * 1e-9))
    if np.isnan(speed).all():
        return bottom, bottom
    still = np.nan_to_num(speed, nan=np.inf) < PAUSE_SHARE * np.nanmax(speed)
    first = last = bottom - start
    while first > 1 and still[first - 1]:
        first -= 1
    while last < len(still) - 2 and still[last + 1]:
        last += 1
    return start + first, start + last
