"""How far a visit is: its state and since when, what that state waits for, what it asks, and the course that is on."""

from __future__ import annotations

import math

from kiosk.station.asks import Steady
from kiosk.station.course import Course
from kiosk.station.framing import Ask
from kiosk.station.sight import Sight
from kiosk.station.visit import Screen, State, Timers

#: Such a sentence ends a visit without a result, and stays long enough to be read.
NOTHING, NOTICE_S = "Nothing was counted. Try again?", 3.0


class Progress:
    """A visit's ``state``, on since ``since_s``, with its ``timers``; ``course`` is None until an exercise is chosen.

    ``rep_s`` is when the last rep of the pass was done, ``last_question`` whether nothing follows the pain question.
    ``notice`` is on the screen until ``notice_until_s``: it says why the last visit had no result.
    """

    def __init__(self, sight: Sight) -> None:
        self._sight = sight
        self.notice, self.notice_until_s = "", -math.inf
        self.begin(State.IDLE, -math.inf)

    @property
    def on(self) -> Course:
        """The course that is on. Raises RuntimeError where none is."""
        if self.course is None:
            raise RuntimeError(f"the state {self.state.value} needs an exercise")
        return self.course

    def begin(self, state: State, t_s: float, *, keep: bool = False) -> None:
        """Turn to a state; without ``keep`` whatever was on is over."""
        self.state, self.since_s = state, t_s
        self.timers, self._steady = Timers(), Steady()
        self._sight.begin()
        if not keep:
            self.course: Course | None = None
            self.last_question = False
            self.rep_s = -math.inf

    def excuse(self, away_s: float) -> None:
        """Let the time in which no frame came count neither for nor against the member."""
        self.timers = Timers()
        self._sight.wait()
        if self.state not in (State.IDLE, State.RESULT):
            self.since_s += away_s
            self.rep_s += away_s

    def start_pass(self) -> Screen:
        """Begin the pass that is wanted."""
        self.on.start()
        self.rep_s = -math.inf
        self.begin(State.SCAN, self._sight.t_s, keep=True)
        return self.screen(Ask(None, self.on.wanted.ask))

    def end_without_result(self, t_s: float, notice: str = NOTHING) -> Screen:
        """End the visit: there is nothing to tell but why."""
        self.begin(State.IDLE, t_s)
        self.notice, self.notice_until_s = notice, t_s + NOTICE_S
        return self.screen(Ask(None, notice))

    def steadily(self, ask: Ask, detail: str = "", *, at_once: bool = False) -> Screen:
        """Return what the screen shows when this is asked without flicker: what was asked before may still stand."""
        return self.screen(self.settled(ask, at_once=at_once), detail)

    def settled(self, ask: Ask, *, at_once: bool = False) -> Ask:
        """Take in what is to be asked; returns what is."""
        return self._steady.show(ask, self._sight.t_s, at_once=at_once)

    def screen(self, ask: Ask, detail: str = "") -> Screen:
        """Return what the screen shows when this is asked."""
        if self.course is None:
            return Screen(state=self.state, instruction=ask.says, detail=detail, hint=ask.hint)
        return self.course.screen(self.state, ask, detail, self._sight.t_s)
