"""A hold: for how long a posture was kept, cut into parts that play the part of reps."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from kiosk.movement.exercise import Hold
from kiosk.movement.reps import Rep

#: For so long the posture may drop out without ending the hold: keypoints flicker, a knee touches the floor.
FORGIVE_S = 0.5
#: What was kept for less is no hold yet; from `ATTEMPT_S` on it is told of, as an attempt.
LEAST_S = 2.0
ATTEMPT_S = 1.0
#: The person's own reference, against which a check may compare, is the middle of so many seconds of the hold's start.
REFERENCE_S = 2.0

BoolArray = NDArray[np.bool_]


def find_parts(hold: Hold, kept: BoolArray, t_s: NDArray[np.float64], breaks: Sequence[int]) -> list[Rep]:
    """Return the parts of all stretches in which a posture was kept, numbered in the order of time.

    ``kept`` (T,) says for each frame whether it was. No stretch goes across a break (`find_breaks`). The seconds of
    the complete parts add up to the time under tension.
    """
    parts: list[Rep] = []
    held_s = 0.0
    for first, last in stretches(kept, t_s, breaks):
        lasts_s = float(t_s[last] - t_s[first])
        if lasts_s >= LEAST_S:
            count = max(1, int(lasts_s / hold.part_s + 0.5))
            parts += _cut(t_s, first, last, count, hold.part_s, held_s, len(parts))
            held_s += lasts_s
        elif lasts_s >= ATTEMPT_S:
            short = f"it was kept for only {lasts_s:.1f} s"
            parts.append(_part(len(parts) + 1, t_s, first, last, held_s, short))
    return parts


def stretches(kept: BoolArray, t_s: NDArray[np.float64], breaks: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last frame of every stretch in which the posture was kept, short drop-outs forgiven."""
    frames = np.flatnonzero(kept)
    if not len(frames):
        return
    apart = np.diff(t_s[frames]) > FORGIVE_S + 1e-9
    parted = np.array([any(a < b <= c for b in breaks) for a, c in itertools.pairwise(frames)], np.bool_)
    for run in np.split(frames, np.flatnonzero(apart | parted) + 1):
        yield int(run[0]), int(run[-1])


def held_s(parts: Sequence[Rep]) -> float:
    """Return the time under tension: the seconds of the parts that count."""
    return sum(part.end_s - part.start_s for part in parts if part.complete)


def _cut(
    t_s: NDArray[np.float64], first: int, last: int, count: int, part_s: float, before_s: float, numbered: int
) -> Iterator[Rep]:
    """Yield a stretch in ``count`` parts of ``part_s`` seconds; the last one takes what is left over."""
    edges = np.searchsorted(t_s, t_s[first] + part_s * np.arange(1, count) - 1e-9)
    ends = [first, *(min(int(edge), last) for edge in edges), last]
    for index, (start, end) in enumerate(itertools.pairwise(ends)):
        held_before_s = before_s + float(t_s[start] - t_s[first])
        yield _part(numbered + index + 1, t_s, start, end, held_before_s, None)


def _part(number: int, t_s: NDArray[np.float64], start: int, end: int, before_s: float, reason: str | None) -> Rep:
    middle = (start + end) // 2
    start_s, middle_s, end_s = (float(t_s[frame]) for frame in (start, middle, end))
    return Rep(
        number=number,
        start=start,
        bottom=middle,
        end=end,
        start_s=start_s,
        bottom_s=middle_s,
        end_s=end_s,
        eccentric_s=0.0,
        pause_s=end_s - start_s,
        concentric_s=0.0,
        range_of_motion=0.0,
        complete=reason is None,
        reason=reason,
        held_before_s=before_s,
    )
