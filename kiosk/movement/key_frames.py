"""Which frames of a pass a second model looks at, and what its checks make of what it saw there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import cast

import numpy as np

from kiosk.movement.detail import Detail, Details
from kiosk.movement.exercise import Check, DetailMeasure
from kiosk.movement.passes import PassTrack
from kiosk.movement.pose import FloatArray
from kiosk.movement.reps import Rep

#: A frame shows somebody standing up to this share of the way down, and the bottom of a rep from this one on.
STANDING_SHARE, BOTTOM_SHARE = 0.15, 0.8
#: Frames that are looked at around each bottom, before each descent, and how far they are apart.
LOOKS, LOOK_APART_S = 3, 0.07


def key_frames(read: PassTrack) -> list[int]:
    """Return the frames that a second model should look at, rising: before each descent, and around each bottom."""
    frames: set[int] = set()
    t_s, way = read.track.t_s, way_down(read)
    for rep in read.complete:
        for centre_s, right in ((_stood_s(read, way, rep), way <= STANDING_SHARE), (rep.bottom_s, way >= BOTTOM_SHARE)):
            for look in range(LOOKS):
                wanted_s = centre_s + (look - LOOKS // 2) * LOOK_APART_S
                frame = int(np.argmin(np.abs(t_s - wanted_s)))
                if right[frame]:
                    frames.add(frame)
    return sorted(frames)


def _stood_s(read: PassTrack, way: FloatArray, rep: Rep) -> float:
    """Return the last time before a rep at which the person still stood, less half the looks."""
    before = np.flatnonzero(way[: rep.start + 1] <= STANDING_SHARE / 2)
    last = int(before[-1]) if len(before) else rep.start
    return float(read.track.t_s[last]) - LOOKS // 2 * LOOK_APART_S


def way_down(read: PassTrack) -> FloatArray:
    """Return (T,) which share of the usual way down is done: 0 standing, 1 at the bottom; NaN where not seen.

    The usual way is that of the middle rep, so that one shallow rep changes nothing. All NaN without a rep, and in a
    hold, which goes no way.
    """
    reps = read.complete
    if not any(rep.range_of_motion > 0 for rep in reps):
        return np.full(len(read.track), np.nan)
    low = float(np.median([read.effort[rep.bottom] for rep in reps]))
    rise = float(np.median([rep.range_of_motion for rep in reps]))
    return (read.effort - (low - rise)) / rise


def standing_and_bottoms(read: PassTrack, details: Details) -> tuple[list[Detail], dict[int, list[Detail]]]:
    """Return the details of the standing person, and those of the bottom of each complete rep by its number."""
    way, t_s = way_down(read), read.track.t_s
    standing: list[Detail] = []
    bottoms: dict[int, list[Detail]] = {rep.number: [] for rep in read.complete}
    for one in details.frames:
        frame = int(np.argmin(np.abs(t_s - one.pose.t_s)))
        rep = next((rep for rep in read.complete if rep.start <= frame <= rep.end), None)
        if way[frame] <= STANDING_SHARE:
            standing.append(one)
        elif rep is not None and way[frame] >= BOTTOM_SHARE * way[rep.bottom]:
            bottoms[rep.number].append(one)
    return standing, bottoms


def detail_value(check: Check, bottoms: Sequence[Detail], standing: Sequence[Detail]) -> float:
    """Return the value of a check in one rep: the median over its bottoms, each beside every standing frame.

    NaN where nothing was seen.
    """
    if check.measure is None:
        return math.nan
    of_details = cast(DetailMeasure, check.measure)
    values = np.array([of_details(bottom, stood) for bottom in bottoms for stood in standing], np.float64)
    seen = values[~np.isnan(values)]
    return float(np.median(seen)) if len(seen) else math.nan
