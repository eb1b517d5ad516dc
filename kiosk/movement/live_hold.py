"""Timing a hold while it happens: the same judging as afterwards, part by part."""

from __future__ import annotations

import math
from dataclasses import replace

from kiosk.movement.assess import assess_pass
from kiosk.movement.exercise import Exercise, Pass
from kiosk.movement.holds import FORGIVE_S, LEAST_S, REFERENCE_S
from kiosk.movement.passes import read_pass
from kiosk.movement.pose import Pose, track_of
from kiosk.movement.report import RepResult

#: Whoever has left the posture for so long has ended the hold. Who is not seen at all is missed sooner, and awaited.
LEFT_S = 1.5
#: Times that differ by less are the same.
_SAME_S = 1e-6


class LiveHold:
    """Times the hold of a pass as its poses come in; its parts are what the reps are to a `LiveCounter`.

    ``effort`` stays None: a hold goes no way. Whenever a part is over it is judged beside the beginning of the hold.
    """

    effort: float | None = None

    def __init__(self, exercise: Exercise, asked: Pass, model: str | None = None) -> None:
        if exercise.hold is None:
            raise ValueError(f"{exercise.slug} is no hold")
        self._exercise, self._hold, self._asked, self._model = exercise, exercise.hold, asked, model
        self._poses: list[Pose] = []
        self._beginning: list[Pose] = []
        self._since_s = self._part_since_s = self._kept_s = math.nan
        self._done_s = 0.0
        self.reps: list[RepResult] = []

    @property
    def poses(self) -> list[Pose]:
        """Every pose of the pass so far, as it came from the model."""
        return self._poses

    @property
    def moving(self) -> bool:
        """Whether the posture is kept, or was a moment ago."""
        return not math.isnan(self._since_s)

    @property
    def held_s(self) -> float:
        """The seconds under tension so far."""
        return self._done_s + (self._kept_s - self._since_s if self.moving else 0.0)

    @property
    def counted(self) -> int:
        """1 from where there is something to report on, else 0."""
        return int(self.held_s >= LEAST_S)

    def over(self) -> str | None:
        """Return why the pass is over: "done", or "left" where the posture was left; None while it goes on."""
        if self.held_s >= self._asked.hold_s - _SAME_S:
            return "done"
        away_s = self._poses[-1].t_s - self._kept_s if self._poses else math.nan
        return "left" if self.counted and away_s > LEFT_S else None

    def update(self, raw: Pose, smooth: Pose) -> list[RepResult]:
        """Take in a pose, as it came and smoothed for display; returns the part that it completes."""
        self._poses.append(raw)
        t_s = raw.t_s
        if self.moving and t_s - self._kept_s > FORGIVE_S:
            self._end_stretch()
        if not self._hold.posture(self._asked.seen(smooth)):
            return []
        if not self.moving:
            self._since_s = self._part_since_s = t_s
        self._kept_s = t_s
        if t_s - self._part_since_s < self._hold.part_s - _SAME_S:
            return []
        return self._judge_part()

    def _end_stretch(self) -> None:
        lasted_s = self._kept_s - self._since_s
        self._done_s += lasted_s if lasted_s >= LEAST_S else 0.0
        self._since_s = self._part_since_s = math.nan

    def _judge_part(self) -> list[RepResult]:
        part = [pose for pose in self._poses if pose.t_s >= self._part_since_s - _SAME_S]
        self._part_since_s += self._hold.part_s
        if not self._beginning:
            self._beginning = [pose for pose in part if pose.t_s <= part[0].t_s + max(REFERENCE_S, LEAST_S) + FORGIVE_S]
            shown = part
        else:
            # The gap between the two parts them, and the beginning gives the reference.
            shown = self._beginning + part
        read = read_pass(self._exercise, track_of(shown), self._asked.side)
        results, _ = assess_pass(self._exercise, read, self._asked.view, model=self._model)
        new = [result for result in results if result.rep.complete and result.rep.end_s >= part[-1].t_s - FORGIVE_S]
        if not new:
            return []
        before_s = self.held_s - (new[-1].rep.end_s - new[-1].rep.start_s)
        rep = replace(new[-1].rep, number=len(self.reps) + 1, held_before_s=max(0.0, before_s))
        self.reps.append(replace(new[-1], rep=rep))
        return self.reps[-1:]
