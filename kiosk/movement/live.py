"""Counting while it happens: the same judging as afterwards, run on the last seconds whenever a rep may be over."""

from __future__ import annotations

import math

from kiosk.movement.assess import assess_pass
from kiosk.movement.exercise import Exercise, Pass
from kiosk.movement.live_hold import LiveHold
from kiosk.movement.meter import EffortMeter
from kiosk.movement.passes import read_pass
from kiosk.movement.pose import Pose, track_of
from kiosk.movement.report import RepResult
from kiosk.movement.reps import EDGE_SHARE, LONGEST_S

#: How much of the movement before a rep is looked at with it, and how long after it came up it is looked for.
_LEAD_S = 1.0
_TAIL_S = 0.25


class LiveCounter:
    """Counts the reps of a pass as its poses come in.

    Frame by frame it only follows the effort signal, which costs microseconds; when the signal has come back
    from a bottom, `kiosk.movement.passes.read_pass` decides on the last seconds, so that live and recorded reps are
    the same.
    """

    held_s: float | None = None

    def __init__(self, exercise: Exercise, asked: Pass, model: str | None = None) -> None:
        self._exercise = exercise
        self._asked = asked
        self._model = model
        self._poses: list[Pose] = []
        self._meter = EffortMeter(exercise, asked)
        self._low = self._high = math.nan
        self._back_s: float | None = None
        self._after_s = -math.inf
        self.effort: float | None = None
        self.reps: list[RepResult] = []

    @property
    def poses(self) -> list[Pose]:
        """Every pose of the pass so far, as it came from the model."""
        return self._poses

    @property
    def moving(self) -> bool:
        """Whether a rep may be under way."""
        return self.effort is not None and self.effort > 0.5 * self._exercise.least_range

    @property
    def counted(self) -> int:
        """How many reps count so far."""
        return len(self.reps)

    def over(self) -> str | None:
        """Return "done" where all reps that were asked for are done, None while the pass goes on."""
        return "done" if len(self.reps) >= self._asked.reps and not self.moving else None

    def update(self, raw: Pose, smooth: Pose) -> list[RepResult]:
        """Take in a pose, as it came and smoothed for display; returns the reps that it completes."""
        self._poses.append(raw)
        self.effort = self._meter.update(smooth)
        return [] if self._meter.level is None else self._follow(self._meter.level, raw.t_s)

    def _follow(self, effort: float, t_s: float) -> list[RepResult]:
        if math.isnan(self._low):
            self._low = self._high = effort
        self._low, self._high = min(self._low, effort), max(self._high, effort)
        rise = self._high - self._low
        if rise >= self._exercise.least_range and effort <= self._high - (1 - 2 * EDGE_SHARE) * rise:
            self._back_s = t_s if self._back_s is None else self._back_s
        if self._back_s is None or t_s - self._back_s < _TAIL_S:
            return []
        self._back_s, self._low, self._high = None, effort, effort
        return self._confirm(t_s)

    def _confirm(self, t_s: float) -> list[RepResult]:
        since = max(self._after_s - _LEAD_S, t_s - LONGEST_S - _LEAD_S)
        first = len(self._poses)
        while first and self._poses[first - 1].t_s >= since:
            first -= 1
        read = read_pass(self._exercise, track_of(self._poses[first:]), self._asked.side)
        results, _ = assess_pass(self._exercise, read, self._asked.view, model=self._model)
        new = [r for r in results if r.rep.complete and r.rep.bottom_s > self._after_s]
        if new:
            self._after_s = new[-1].rep.end_s
            self.reps += new
        return new


def follow_pass(exercise: Exercise, asked: Pass, model: str | None = None) -> LiveCounter | LiveHold:
    """Return what follows a pass while it is done: a counter of reps, or a clock for a hold."""
    return LiveHold(exercise, asked, model) if exercise.hold is not None else LiveCounter(exercise, asked, model)
