"""The states of a visit before its scan: from the empty room to the starting posture that chose an exercise."""

from __future__ import annotations

from collections.abc import Iterable

from kiosk.movement.exercise import Exercise
from kiosk.station.choice import all_starts, fitting, how_to_start
from kiosk.station.course import Course
from kiosk.station.framing import CROWD, DARK, NOBODY, Ask, turn_ask
from kiosk.station.progress import Progress
from kiosk.station.sight import FLICKER_S, Sight
from kiosk.station.visit import Screen, Since, State, VisitTimes

_WELCOME, _HOLD_IT = Ask(None, "Welcome: stand on the marks"), Ask(None, "Hold it")
#: A posture that was held for so long chooses its exercise; one that was left for so long was given up.
_CHOSEN_S, _LEFT_S = 0.3, 0.7


class Arrival:
    """Each method is a state: it returns what the screen shows after a step in it."""

    def __init__(
        self, exercises: Iterable[Exercise], times: VisitTimes, model: str, sight: Sight, progress: Progress
    ) -> None:
        self.exercises = tuple(exercises)
        self._times, self._model = times, model
        self._sight, self._progress = sight, progress

    def idle(self) -> Screen:
        """Nobody is there, or what ended the last visit is still to be read."""
        sight, progress = self._sight, self._progress
        if sight.t_s < progress.notice_until_s:
            return progress.screen(Ask(None, progress.notice))
        if progress.timers.there.holds(sight.there, sight.t_s, self._times.greet_s):
            progress.begin(State.FRAMING, sight.t_s)
            return progress.steadily(_WELCOME)
        return self.invite()

    def framing(self) -> Screen:
        """Somebody is there, to be brought into place and into a starting posture."""
        sight, progress = self._sight, self._progress
        t_s, timers = sight.t_s, progress.timers
        if timers.away.holds(not sight.there, t_s, self._times.gone_s):
            progress.begin(State.IDLE, t_s)
            return self.invite()
        if sight.crowded:
            return progress.steadily(CROWD, at_once=True)
        started = next((e for e in self.exercises if sight.there and e.start(e.passes[0].seen(sight.smooth))), None)
        if started is not None and (progress.course is None or started is not progress.course.exercise):
            progress.course = Course(started, self._model)
            timers.posture = Since()
        held = timers.posture.holds(started is not None, t_s, min(_CHOSEN_S, self._times.hold_s), forgive_s=FLICKER_S)
        asked = progress.settled(sight.what_to_change() or self._start_ask())
        if timers.posture.start_s is None or progress.course is None:
            progress.course = None
            return progress.screen(asked, "" if asked.hint else all_starts(self.exercises))
        if held:
            progress.begin(State.READY, t_s, keep=True)
        return progress.screen(_HOLD_IT, progress.course.exercise.title)

    def ready(self) -> Screen:
        """A starting posture is held, and only the moment, the view or somebody else stands against the scan."""
        sight, progress = self._sight, self._progress
        exercise, wanted = progress.on.exercise, progress.on.wanted
        started, timers = exercise.start(wanted.seen(sight.smooth)), progress.timers
        if timers.away.holds(not (sight.there and started), sight.t_s, _LEFT_S):
            progress.begin(State.FRAMING, sight.t_s)
            return progress.steadily(self._start_ask())
        if sight.crowded:
            timers.posture = Since()
            return progress.screen(CROWD)
        if sight.view is not wanted.view:
            timers.posture = Since()
            return progress.screen(turn_ask(wanted.view), f"{exercise.title}, seen from the {wanted.view.value}")
        if timers.posture.holds(started, sight.t_s, self._times.hold_s, forgive_s=FLICKER_S):
            return progress.start_pass()
        return progress.screen(_HOLD_IT, exercise.title)

    def invite(self) -> Screen:
        """Return what the screen says to whoever comes by."""
        return self._progress.steadily(DARK if self._sight.dark else NOBODY, "No account, no video kept.")

    def begin_without_posture(self) -> None:
        """Start the scan of the exercise that somebody is likeliest to want, if there is any."""
        progress = self._progress
        if self.exercises:
            progress.course = progress.course or Course(fitting(self.exercises, self._sight.smooth), self._model)
            progress.start_pass()

    def _start_ask(self) -> Ask:
        return Ask(None, how_to_start(self.exercises))
