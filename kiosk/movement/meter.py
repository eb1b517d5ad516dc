"""How far somebody is in a movement just now, above their own top: what moves the meter on the screen."""

from __future__ import annotations

import math

from kiosk.movement.exercise import Exercise, Pass
from kiosk.movement.geometry import torso_px
from kiosk.movement.pose import Pose
from kiosk.movement.quantiles import percentile

_TORSO_EVERY_S = 0.5
#: Somebody who walks nearer, or slowly sinks, gets a new top within about this time.
_TOP_MEMORY_S = 30.0


class EffortMeter:
    """Follows the effort signal of one pass.

    ``level`` is the signal itself, ``above_top`` its height above the person's own top; both are None where it cannot
    be told, in holds always.
    """

    def __init__(self, exercise: Exercise, asked: Pass) -> None:
        self._exercise, self._asked = exercise, asked
        self._torsos: list[float] = []
        self._torso = math.nan
        self._torso_s = -math.inf
        self._top, self._top_s = math.nan, -math.inf
        self.level: float | None = None
        self.above_top: float | None = None

    def update(self, smooth: Pose) -> float | None:
        """Take in a pose, smoothed for display; returns `above_top`."""
        level = self._exercise.effort(self._asked.seen(smooth), self._torso_length(smooth))
        if math.isnan(level):
            self.level = self.above_top = None
        else:
            self._follow_top(level, smooth.t_s)
            self.level, self.above_top = level, level - self._top
        return self.above_top

    def _torso_length(self, pose: Pose) -> float:
        length = torso_px(pose)
        if length > 0:
            self._torsos.append(length)
        if pose.t_s - self._torso_s >= _TORSO_EVERY_S and self._torsos:
            self._torsos = self._torsos[-180:]
            self._torso = percentile(self._torsos, 80)
            self._torso_s = pose.t_s
        return self._torso

    def _follow_top(self, effort: float, t_s: float) -> None:
        """Keep the level of the top: down at once, up so slowly that a rep hardly moves it."""
        if math.isnan(self._top):
            self._top = effort
        else:
            share = min(1.0, max(0.0, t_s - self._top_s) / _TOP_MEMORY_S)
            self._top = min(self._top + share * (effort - self._top), effort)
        self._top_s = t_s
