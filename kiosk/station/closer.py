"""The second model in a live scan: it must not cost the loop a frame.

The loop only cuts out small pictures (0.1 ms each) of key frames: while the person stands, and the deepest ones of
each rep. One thread of low priority looks at them between frames. Pictures stay in memory, a handful at a time, and
are dropped when they were looked at.
"""

from __future__ import annotations

import heapq
import logging
import os
import threading
from collections import deque
from dataclasses import dataclass
from typing import Protocol

from kiosk.errors import ModelError
from kiosk.movement.detail import Detail, Details
from kiosk.movement.key_frames import LOOKS
from kiosk.movement.pose import Pose
from kiosk.movement.view import View
from kiosk.station.visit import Screen, State
from kiosk.vision.camera import CarriedError, Frame
from kiosk.vision.close_up import CloseUp, close_up
from kiosk.vision.details import MISSING

log = logging.getLogger(__name__)

#: So many pictures may wait, 0.8 MB each; with those of the rep under way it is less than 10 MB. What comes when the
#: row is full is left out.
MOST_WAITING = 8
#: Somebody who stands is looked at this often, and so many times before each rep.
STANDING_EVERY_S = 0.4
#: Standing and moving, in shares of the exercise's least range; a frame is deep from this share of the deepest on.
STANDING_BELOW, DEEP_SHARE = 0.25, 0.9
#: A result waits for what is still being looked at, at most so long.
WAIT_S = 1.0
#: How nice the thread is to the others (POSIX: 0 as usual, 19 the most).
NICE = 10


class Reader(Protocol):
    """What is needed of `kiosk.vision.details.DetailReader`."""

    def read(self, shown: CloseUp, view: View, *, standing: bool) -> Detail:
        """Return what is seen in a close-up."""

    def forget(self) -> None:
        """Begin with another pass."""

    def rest(self) -> None:
        """Give the memory of the model back until it is needed again."""


@dataclass(frozen=True, eq=False, slots=True)
class _Look:
    """A close-up that waits; ``begins`` a new pass where it is the first of it."""

    shown: CloseUp
    view: View
    standing: bool
    begins: bool


class CloserLook:
    """Chooses key frames while a scan runs, and has them looked at. Close it to end its thread.

    A model that cannot be loaded ends no scan: `details` then says so.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._change = threading.Condition()
        self._waiting: deque[_Look] = deque()
        self._found: list[Detail] = []
        self._busy = self._stopping = False
        self._why: str | None = None
        self._carried = CarriedError()
        self._deepest: list[tuple[float, int, CloseUp]] = []
        self._view = View.FRONT
        self._begins = True
        self._stood = 0
        self._stood_s = -float("inf")
        self._count = 0
        self._thread = threading.Thread(target=self._run, name="second model", daemon=True)
        self._thread.start()

    def follow(self, frame: Frame, pose: Pose, screen: Screen) -> None:
        """Take in a frame of the loop with its pose and what came of it."""
        if screen.state is not State.SCAN:
            self._end_rep()
            self._begins = self._begins or screen.state is not State.PAUSED
            return
        if frame.image is None or screen.effort is None or screen.exercise is None or screen.view is None:
            return
        self._view, depth = screen.view, screen.effort / screen.exercise.least_range
        if depth < STANDING_BELOW:
            self._end_rep()
            if self._stood < LOOKS and pose.t_s - self._stood_s >= STANDING_EVERY_S:
                self._stood, self._stood_s = self._stood + 1, pose.t_s
                self._hand_over(close_up(frame.image, pose), standing=True)
        elif depth > 1 and (len(self._deepest) < LOOKS or depth > self._deepest[0][0]):
            shown = close_up(frame.image, pose)
            if shown is not None:
                # Of equally deep frames the count decides; close-ups cannot be compared.
                self._count += 1
                put = heapq.heappush if len(self._deepest) < LOOKS else heapq.heapreplace
                put(self._deepest, (depth, self._count, shown))

    def details(self, wait_s: float = WAIT_S) -> Details:
        """Return what was seen since `forget`, in the order of time, after waiting for what is being looked at.

        Raises what went wrong in the thread.
        """
        with self._change:
            self._change.wait_for(lambda: not (self._waiting or self._busy), wait_s)
            if self._carried.error is not None:
                raise self._carried.error
            return Details(tuple(sorted(self._found, key=lambda one: one.pose.t_s)), self._why)

    def forget(self) -> None:
        """Begin with another person."""
        with self._change:
            self._waiting.clear()
            self._found.clear()
        self._deepest.clear()
        self._begins, self._stood = True, 0
        self._reader.rest()

    def close(self) -> None:
        """End the thread, after what it is looking at."""
        with self._change:
            self._stopping = True
            self._change.notify_all()
        self._thread.join()

    def _end_rep(self) -> None:
        """Hand over the deepest frames of a rep once it has come up."""
        if not self._deepest:
            return
        deepest = max(depth for depth, _, _ in self._deepest)
        for depth, _, shown in sorted(self._deepest, key=lambda one: one[1]):
            if depth >= DEEP_SHARE * deepest:
                self._hand_over(shown, standing=False)
        self._deepest.clear()
        self._stood = 0

    def _hand_over(self, shown: CloseUp | None, *, standing: bool) -> None:
        if shown is None:
            return
        with self._change:
            if len(self._waiting) < MOST_WAITING:
                self._waiting.append(_Look(shown, self._view, standing, self._begins))
                self._begins = False
                self._change.notify_all()

    def _run(self) -> None:
        # Linux gives each thread its own niceness.
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
        with self._carried:
            self._look_until_stopped()
        with self._change:
            self._waiting.clear()
            self._busy = False
            self._change.notify_all()

    def _look_until_stopped(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._waiting or self._stopping)
                if self._stopping:
                    return
                look, self._busy = self._waiting.popleft(), True
            if look.begins:
                self._reader.forget()
            try:
                found = [self._reader.read(look.shown, look.view, standing=look.standing)]
            except ModelError as error:
                log.warning("Second model: %s", error)
                found, self._why = [], MISSING
            with self._change:
                self._found += found
                self._busy = False
                self._change.notify_all()
