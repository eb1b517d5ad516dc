"""What is seen of the person just now, as the states of a visit ask for it."""

from __future__ import annotations

import math

import numpy as np

from kiosk.movement.pose import KEYPOINTS, Pose
from kiosk.movement.view import View, ViewTracker
from kiosk.station.framing import Ask, hardly_seen, person_there, what_to_change
from kiosk.station.visit import Since

#: For so long something may drop out: raised elbows seen from the side come and go (real clips).
FLICKER_S = 0.4
#: Legs must be hardly seen for so long before clothes are to blame: people walk in, turn and bend.
LOOSE_S = 3.0
#: How somebody stands is looked at so often: nobody reads faster, and looking in each frame would cost 0.05 ms of it.
LOOK_S = 0.1


class Sight:
    """Feed it every pose with `see`; ``t_s`` is the newest one's time, and all that follows is as of then.

    ``raw`` is the pose as the model gave it, ``smooth`` as it is displayed. ``there``: somebody is, ``crowded``: and
    somebody else, ``dark``: the picture is too dark to see much in it.
    """

    def __init__(self) -> None:
        self.t_s = -math.inf
        self.raw = self.smooth = Pose(np.full((KEYPOINTS, 2), np.nan), np.zeros(KEYPOINTS), -math.inf, (0, 0))
        self.there = self.crowded = self.dark = False
        self._view = ViewTracker()
        self._unsure = Since()
        self._change: Ask | None = None
        self._looked_s = -math.inf

    @property
    def view(self) -> View | None:
        """The side of the person that the camera sees; None until one was clear."""
        return self._view.view

    def see(self, raw: Pose, smooth: Pose, *, crowd: bool, dark: bool) -> None:
        """Take in the pose of a frame. ``crowd``: someone else was seen in it."""
        self.t_s, self.raw, self.smooth, self.dark = raw.t_s, raw, smooth, dark
        self._view.update(smooth)
        self.there = person_there(raw)
        self.crowded = crowd and self.there

    def lose(self, t_s: float) -> None:
        """Forget the view: the camera has been away until ``t_s``."""
        self.t_s = t_s
        self._view.reset()

    def begin(self) -> None:
        """Look afresh, for the next state of the visit."""
        self.crowded = False
        self.wait()

    def wait(self) -> None:
        """Let what was on its way to be told begin anew."""
        self._unsure, self._looked_s = Since(), -math.inf

    def what_to_change(self) -> Ask | None:
        """Return what to ask of the person until all that is needed is seen; None where it is."""
        if not 0 <= self.t_s - self._looked_s < LOOK_S:
            self._looked_s = self.t_s
            unsure = self.there and not self.dark and hardly_seen(self.raw)
            loose = self._unsure.holds(unsure, self.t_s, LOOSE_S, forgive_s=FLICKER_S)
            self._change = what_to_change(self.raw, dark=self.dark, loose=loose)
        return self._change
