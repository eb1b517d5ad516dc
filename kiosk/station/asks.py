"""What is said stays long enough to be read: instructions, and the cues of a pass."""

from __future__ import annotations

import math
from dataclasses import dataclass

from kiosk.movement.exercise import Check
from kiosk.station.framing import Ask

#: Something must be so for so long before it is said, and what is said stays for at least so long.
NOTICE_S, SAID_S = 0.25, 1.2
#: A cue is shown for so long, and no other takes its place before it has been for the least time.
CUE_S, CUE_LEAST_S = 4.0, 3.0


@dataclass(slots=True)
class Steady:
    """One instruction at a time, without flicker: ``shown`` since ``since_s``. The first one is said at once."""

    shown: Ask | None = None
    since_s: float = -math.inf
    _next: Ask | None = None
    _next_since_s: float = -math.inf

    def show(self, wanted: Ask, t_s: float, *, at_once: bool = False) -> Ask:
        """Take in what is to be said now; returns what is."""
        if wanted != self._next:
            self._next, self._next_since_s = wanted, t_s
        due = t_s - self._next_since_s >= NOTICE_S and t_s - self.since_s >= SAID_S
        if self.shown is None or (wanted != self.shown and (due or at_once)):
            self.shown, self.since_s = wanted, t_s
        return self.shown


@dataclass(slots=True)
class CueHold:
    """One cue at a time, by its check: it stays until it has been read, and of newer ones the newest waits."""

    shown: Check | None = None
    since_s: float = -math.inf
    until_s: float = -math.inf
    waiting: Check | None = None

    def offer(self, check: Check | None, t_s: float) -> None:
        """Take in what the newest rep asks for; None where it asks for nothing."""
        self.at(t_s)
        if check is not None and check == self.shown:
            self.until_s, self.waiting = t_s + CUE_S, None
        else:
            self.waiting = check
            self.at(t_s)

    def at(self, t_s: float) -> Check | None:
        """Return what is shown now, None where nothing is."""
        if self.waiting is not None and t_s - self.since_s >= CUE_LEAST_S:
            self.shown, self.waiting = self.waiting, None
            self.since_s, self.until_s = t_s, t_s + CUE_S
        elif t_s >= self.until_s:
            self.shown = None
        return self.shown
