"""Which frames of a rep belong to a phase, and at which of them a check looks worst."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kiosk.movement.exercise import Check
from kiosk.movement.pose import FloatArray, Pose, PoseTrack
from kiosk.movement.quantiles import median, seen_median
from kiosk.movement.report import Moment
from kiosk.movement.reps import Phase, Rep

#: Half the window around a bottom or a top whose median is the value of a rep (DOMAIN 3.1).
WINDOW_S = 0.1


def phase_frames(phase: Phase, t_s: FloatArray, effort: FloatArray, rep: Rep) -> tuple[int, int]:
    """Return the first and last frame of a phase of a rep."""
    if phase is Phase.DESCENT:
        return rep.start, rep.bottom
    if phase is Phase.ASCENT:
        return rep.bottom, rep.end
    if phase in (Phase.WHOLE, Phase.HOLD):
        return rep.start, rep.end
    return _around(t_s, rep.bottom if phase is Phase.BOTTOM else reached_top(t_s, effort, rep))


def reached_top(t_s: FloatArray, effort: FloatArray, rep: Rep) -> int:
    """Return the frame at which the rep came up highest, within a second of its end."""
    last = int(np.searchsorted(t_s, t_s[rep.end] + 1.0))
    after = effort[rep.end : max(last, rep.end + 1)]
    stop = np.flatnonzero(after > after[0] + 0.1 * rep.range_of_motion)
    after = after[: int(stop[0])] if len(stop) else after
    return rep.end + int(np.nanargmin(after))


def severity_of_extreme(check: Check, value: float) -> float:
    """Return how far a value lies towards the sign: 0 at the ``clear`` limit, 1 at ``sign``, without bounds."""
    return _severity(check, abs(value) if check.two_sided else value)


def _severity(check: Check, value: float) -> float:
    if check.clear is None or check.sign is None:
        return 0.0
    return (value - check.clear) / (check.sign - check.clear)


@dataclass(frozen=True, eq=False, slots=True)
class Seen:
    """What the checks of a pass are measured on, and pictured with.

    ``drawn`` is the track as the camera saw it, ``shown`` the same as the exercise's functions look at it, with its
    ``effort``, ``top`` the pose that they hold it against, and ``model`` what found the poses.
    """

    drawn: PoseTrack
    shown: PoseTrack
    effort: FloatArray
    top: Pose | None
    model: str | None

    def moment(self, check: Check, rep: Rep, value: float, sign: bool) -> Moment:
        """Return the skeleton that shows a check best in a rep with this value: the median of three frames.

        A check of the bottom or the top is shown in its middle. Any other shows a ``sign`` where it is worst, and what
        is none where it measures about the value of the rep.
        """
        frame, there = self._best(check, rep, value, sign)
        xy = seen_median(self.drawn.xy[max(0, frame - 1) : frame + 2])
        return Moment(rep.number, float(self.drawn.t_s[frame]), xy, self.drawn.size_px, there)

    def _best(self, check: Check, rep: Rep, value: float, sign: bool) -> tuple[int, float | None]:
        """Return the frame to show and the value there, None where it is that of the rep.

        Values are medians of `WINDOW_S` to either side: no single bad frame may be anybody's picture. A check of the
        whole rep by a function of its own, and one that saw nothing, show the bottom.
        """
        of_pose = check.of_pose
        phase = Phase.BOTTOM if of_pose is None and check.phase is Phase.WHOLE else check.phase
        first, last = phase_frames(phase, self.shown.t_s, self.effort, rep)
        if of_pose is None or self.top is None or phase in (Phase.BOTTOM, Phase.TOP):
            return (first + last) // 2, None
        values = np.array([of_pose(self.shown.pose(k), self.top) for k in range(first, last + 1)], np.float64)
        around = [_median_around(values, self.shown.t_s[first : last + 1], k) for k in range(len(values))]
        steady = {k: check.corrected(one, self.model) for k, one in enumerate(around) if not math.isnan(one)}
        if not steady:
            return rep.bottom, None
        way = math.copysign(1.0, value) if check.two_sided else 1.0

        def speaks(k: int) -> float:
            return _severity(check, way * steady[k]) if sign else -abs(steady[k] - value)

        best = max(steady, key=speaks)
        return first + best, steady[best]


def _around(t_s: FloatArray, centre: int) -> tuple[int, int]:
    first = int(np.searchsorted(t_s, t_s[centre] - WINDOW_S - 1e-9))
    last = int(np.searchsorted(t_s, t_s[centre] + WINDOW_S + 1e-9)) - 1
    return first, max(first, last)


def _median_around(values: FloatArray, t_s: FloatArray, k: int) -> float:
    """Return the median of the frames around one; NaN where most of them were not seen."""
    first, last = _around(t_s, k)
    around = values[first : last + 1]
    seen = around[~np.isnan(around)]
    return median(seen.tolist()) if 2 * len(seen) > len(around) else math.nan
