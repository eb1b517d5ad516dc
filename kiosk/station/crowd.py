"""Whether somebody else is in the picture: each look at it costs a frame of the member's, so there are few."""

from __future__ import annotations

import math
from typing import Protocol

from kiosk.movement.pose import Pose
from kiosk.station.visit import State
from kiosk.vision.camera import Frame, Image

#: How often the rest of the picture is searched for someone else: to confirm a first sight, before a scan, and
#: from its start on.
CONFIRM_S, LOOK_AROUND_S, LOOK_AROUND_IN_SCAN_S = 0.5, 2.0, 4.0


class Looker(Protocol):
    """What is needed of `kiosk.vision.tracker.PersonTracker`."""

    def sees_another(self, image: Image, pose: Pose) -> bool:
        """Whether a second person is in the picture."""


class Crowd:
    """Someone else in the picture, believed when two looks in a row saw them."""

    def __init__(self, looker: Looker | None) -> None:
        self._looker = looker
        self._looked_s = -math.inf
        self._before = self._now = False

    def look(self, frame: Frame, pose: Pose, state: State) -> bool:
        """Look around in a frame with its pose if it is time to; returns whether somebody else is there."""
        if self._looker is None or frame.image is None:
            return False
        if state in (State.IDLE, State.PAIN, State.RESULT):
            self._before = self._now = False
        elif frame.t_s - self._looked_s >= self._every_s(state):
            seen = self._looker.sees_another(frame.image, pose)
            self._looked_s, self._before, self._now = frame.t_s, seen, self._before and seen
        return self._now

    def _every_s(self, state: State) -> float:
        if self._before:
            return CONFIRM_S
        return LOOK_AROUND_S if state in (State.FRAMING, State.READY) else LOOK_AROUND_IN_SCAN_S
