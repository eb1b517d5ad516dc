"""A visit, as a pure state machine over poses and time: poses in, what the screen says and what happened out.

    idle -> framing -> ready -> scan (pass 1) -> pain -> turn -> scan (pass 2) -> pain -> result -> idle

A lost body, a second person or a wrong view turn a scan into "paused" and say why. Nobody needs to touch anything;
touch, keys and a button give the same commands: next, stop, pain, no-pain, done.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import replace

from kiosk.movement.exercise import Exercise
from kiosk.movement.pose import Pose
from kiosk.movement.recognise import starts
from kiosk.movement.report import RepResult
from kiosk.movement.view import View, ViewTracker
from kiosk.station.asks import Steady
from kiosk.station.choice import all_starts, fitting, how_to_start
from kiosk.station.course import Course
from kiosk.station.framing import (
    COME_BACK,
    CROWD,
    DARK,
    NOBODY,
    Ask,
    hardly_seen,
    person_there,
    turn_ask,
    what_to_change,
)
from kiosk.station.visit import CAMERA_AWAY_S, Screen, Since, State, Timers, Visit, VisitTimes

#: Frames further apart than this are an outage of the camera, not a slow one.
_OUTAGE_S = 2.0
#: For so long a starting posture may drop out: raised elbows seen from the side come and go (real clips).
_FLICKER_S = 0.4
#: Legs must be hardly seen for so long before clothes are to blame: people walk in, turn and bend.
_LOOSE_S = 3.0
#: The question between two passes stays for at least so long, also where somebody is ready for the next at once.
_PAIN_READ_S = 3.0
#: Such a sentence ends a visit without a result, and stays long enough to be read.
_NOTHING, _OUT_OF_ORDER, _NOTICE_S = "Nothing was counted. Try again?", "This exercise is out of order.", 3.0
_ENDS_EARLY = (State.SCAN, State.PAUSED, State.TURN, State.PAIN)
_WELCOME, _HOLD_IT = Ask(None, "Welcome: stand on the marks"), Ask(None, "Hold it")
_PAIN, _RESULT = Ask(None, "Did anything hurt?"), Ask(None, "Your result")
_GOES_ON = "The scan goes on when that is done."


class Screening:
    """Feed it every pose with `step`, and every command with `command`; time is the pose's own."""

    def __init__(self, exercises: Iterable[Exercise], times: VisitTimes | None = None, model: str = "") -> None:
        self._exercises, self._model = tuple(exercises), model
        self._times = times or VisitTimes()
        self._view = ViewTracker()
        self._t_s = -math.inf
        self._commands: list[str] = []
        self._smooth: Pose | None = None
        self._dark = False
        self._notice, self._notice_until_s = _NOTHING, -math.inf
        self._course: Course | None = None
        self._begin(State.IDLE, -math.inf)

    @property
    def state(self) -> State:
        """The state after the last step."""
        return self._state

    def command(self, name: str) -> None:
        """Note a command; the next step carries it out. Unknown ones, and those out of place, do nothing."""
        self._commands.append(name)

    def step(self, raw: Pose, smooth: Pose, *, crowd: bool = False, dark: bool = False) -> Screen:
        """Take in a pose, as the model gave it and smoothed for display.

        ``crowd``: someone else was seen; ``dark``: the picture is too dark to see much in it.
        """
        t_s = raw.t_s
        away_s, self._t_s = t_s - self._t_s, t_s
        if away_s > CAMERA_AWAY_S and self._state not in (State.IDLE, State.RESULT):
            self._view.reset()
            return self.give_up(t_s)
        if away_s > _OUTAGE_S:
            self._excuse(away_s)
        self._smooth, self._dark = smooth, dark
        self._view.update(smooth)
        there = person_there(raw)
        self._crowded = self._timers.crowd.holds(crowd and there, t_s, 0.0)
        while self._commands:
            ended = self._obey(self._commands.pop(0), t_s)
            if ended is not None:
                return ended
        if self._course is not None and self._state is not State.SCAN:
            self._course.watch(smooth)
        handler = {
            State.IDLE: self._idle,
            State.FRAMING: self._framing,
            State.READY: self._ready,
            State.SCAN: self._scan,
            State.PAUSED: self._paused,
            State.TURN: self._turn,
            State.PAIN: self._pain,
            State.RESULT: self._result,
        }[self._state]
        return handler(raw, smooth, there)

    def give_up(self, t_s: float) -> Screen:
        """End a running visit with what was seen: the camera has been away for too long.

        Pain that was reported meanwhile still counts.
        """
        hurt, self._commands = "pain" in self._commands, []
        if self._state in _ENDS_EARLY:
            self._on().close("pain" if hurt else "lost")
            return self._finish(t_s, pain=hurt, answered=hurt)
        self._begin(State.IDLE, t_s)
        return self._screen(NOBODY)

    def leave_out(self, slugs: Collection[str], t_s: float) -> Screen | None:
        """Go on without these exercises. A visit of one of them ends: returns what the screen then says, else None."""
        self._exercises = tuple(one for one in self._exercises if one.slug not in slugs)
        if self._state is State.RESULT or self._course is None or self._course.exercise.slug not in slugs:
            return None
        return self._nothing_counted(t_s, _OUT_OF_ORDER)

    def adopt(self, exercise: Exercise) -> None:
        """Go on with this in place of the exercise of its slug: its limits changed. For between two visits."""
        self._exercises = tuple(exercise if one.slug == exercise.slug else one for one in self._exercises)

    # -- states ------------------------------------------------------------------------------------------------

    def _idle(self, raw: Pose, _smooth: Pose, there: bool) -> Screen:
        t_s = raw.t_s
        if t_s < self._notice_until_s:
            return self._screen(Ask(None, self._notice))
        if self._timers.there.holds(there, t_s, self._times.greet_s):
            self._begin(State.FRAMING, t_s)
            return self._screen(self._asked.show(_WELCOME, t_s))
        return self._invite()

    def _framing(self, raw: Pose, smooth: Pose, there: bool) -> Screen:
        t_s = raw.t_s
        if self._timers.away.holds(not there, t_s, self._times.gone_s):
            self._begin(State.IDLE, t_s)
            return self._invite()
        if self._crowded:
            return self._screen(self._asked.show(CROWD, t_s, at_once=True))
        started = next((e for e in self._exercises if there and e.start(e.passes[0].seen(smooth))), None)
        if started is not None and (self._course is None or started is not self._course.exercise):
            self._course = Course(started, self._model)
            self._timers.posture = Since()
        times, posture = self._times, self._timers.posture
        held = posture.holds(started is not None, t_s, min(0.3, times.hold_s), forgive_s=_FLICKER_S)
        asked = self._what_to_change(raw, there)
        if posture.start_s is None or self._course is None:
            self._course = None
            return self._screen(asked, "" if asked.hint else all_starts(self._exercises))
        if held:
            self._begin(State.READY, t_s, keep=True)
        return self._screen(_HOLD_IT, self._course.exercise.title)

    def _what_to_change(self, raw: Pose, there: bool) -> Ask:
        unsure = there and not self._dark and hardly_seen(raw)
        loose = self._timers.unsure.holds(unsure, raw.t_s, _LOOSE_S, forgive_s=_FLICKER_S)
        change = what_to_change(raw, dark=self._dark, loose=loose)
        return self._asked.show(change or Ask(None, how_to_start(self._exercises)), raw.t_s)

    def _ready(self, raw: Pose, smooth: Pose, there: bool) -> Screen:
        t_s, course = raw.t_s, self._on()
        exercise, wanted = course.exercise, course.wanted
        started = exercise.start(wanted.seen(smooth))
        if self._timers.away.holds(not (there and started), t_s, 0.7):
            self._begin(State.FRAMING, t_s)
            return self._screen(self._asked.show(Ask(None, how_to_start(self._exercises)), t_s))
        if self._crowded:
            self._timers.posture = Since()
            return self._screen(CROWD)
        if self._view.view is not wanted.view:
            self._timers.posture = Since()
            return self._screen(turn_ask(wanted.view), f"{exercise.title}, seen from the {wanted.view.value}")
        if self._timers.posture.holds(started, t_s, self._times.hold_s, forgive_s=_FLICKER_S):
            return self._start_pass(t_s)
        return self._screen(_HOLD_IT, exercise.title)

    def _scan(self, raw: Pose, smooth: Pose, there: bool) -> Screen:
        t_s, course = raw.t_s, self._on()
        trouble = self._what_is_wrong(t_s, there)
        if trouble is not None:
            self._begin(State.PAUSED, t_s, keep=True)
            return self._screen(self._asked.show(trouble, t_s), _GOES_ON)
        new = course.follow(raw, smooth)
        if new:
            self._rep_s = t_s
        counter = course.counter
        moving = counter.moving or not there
        over = counter.over()
        if over is not None:
            return self._end_pass(t_s, over, new)
        if len(counter.reps) >= 3 and self._timers.still.holds(not moving, t_s, self._times.rest_s):
            return self._end_pass(t_s, "rested", new)
        if t_s - max(self._rep_s, self._state_s) > self._times.give_up_s:
            return self._end_pass(t_s, "stopped", new)
        screen = self._screen(Ask(None, course.wanted.ask))
        return replace(screen, rep=new[-1]) if new else screen

    def _paused(self, raw: Pose, _smooth: Pose, there: bool) -> Screen:
        t_s, course = raw.t_s, self._on()
        wanted = course.wanted
        course.skip(raw)
        right = there and not self._crowded and self._view.view is wanted.view
        if self._timers.fine.holds(right, t_s, 0.5):
            self._begin(State.SCAN, t_s, keep=True)
            return self._screen(Ask(None, wanted.ask))
        if t_s - self._state_s > self._times.give_up_s:
            course.close("lost")
            return self._ask_pain(t_s, last=True) if course.counted else self._nothing_counted(t_s)
        if not there:
            return self._screen(self._asked.show(DARK if self._dark else COME_BACK, t_s))
        if self._crowded:
            return self._screen(self._asked.show(CROWD, t_s, at_once=True))
        return self._screen(self._asked.show(turn_ask(wanted.view), t_s), _GOES_ON)

    def _turn(self, raw: Pose, smooth: Pose, there: bool) -> Screen:
        t_s, course = raw.t_s, self._on()
        exercise, wanted = course.exercise, course.wanted
        if t_s - self._state_s > self._times.give_up_s:
            return self._ask_pain(t_s, last=True)
        started = there and exercise.start(wanted.seen(smooth))
        posture = started and self._view.view is wanted.view and not self._crowded
        if self._timers.posture.holds(posture, t_s, self._times.hold_s, forgive_s=_FLICKER_S):
            return self._start_pass(t_s)
        if self._crowded:
            return self._screen(self._asked.show(CROWD, t_s, at_once=True))
        if there and self._view.view is not wanted.view:
            detail = "Either side will do." if wanted.view is View.SIDE else ""
            return self._screen(self._asked.show(turn_ask(wanted.view), t_s), detail)
        start = Ask(None, exercise.start_ask) if wanted.side is None else course.turn_ask()
        return self._screen(self._asked.show(start, t_s), wanted.ask)

    def _pain(self, raw: Pose, smooth: Pose, there: bool) -> Screen:
        t_s, course = raw.t_s, self._on()
        shown_s = t_s - self._state_s
        if not self._last_question and self._ready_for_next(course, smooth, there, t_s) and shown_s >= _PAIN_READ_S:
            course.go_on()
            return self._start_pass(t_s)
        left_s = (self._times.pain_s if self._last_question else self._times.pain_between_s) - shown_s
        if left_s <= 0:
            return self._finish(t_s, pain=False, answered=False) if self._last_question else self._ask_to_turn(t_s)
        asking = self._screen(_PAIN, f"Touch, or press P for yes, N for no ({math.ceil(left_s)} s)")
        return replace(asking, left_s=left_s)

    def _ready_for_next(self, course: Course, smooth: Pose, there: bool, t_s: float) -> bool:
        """Whether somebody has turned and waits for the next pass: for them the question need not run out."""
        follower = course.follower
        ready = (
            follower is not None
            and (follower.view, follower.side) != (course.wanted.view, course.wanted.side)
            and there
            and not self._crowded
            and self._view.view is follower.view
            and course.exercise.start(follower.seen(smooth))
        )
        return self._timers.posture.holds(ready, t_s, self._times.hold_s, forgive_s=_FLICKER_S)

    def _result(self, raw: Pose, smooth: Pose, there: bool) -> Screen:
        t_s = raw.t_s
        shown_s = t_s - self._state_s
        left = self._timers.away.holds(not there, t_s, self._times.result_s)
        again = shown_s > 3.0 and there and not self._crowded and any(starts(e, smooth) for e in self._exercises)
        if (
            left
            or shown_s > self._times.result_longest_s
            or self._timers.posture.holds(again, t_s, 2.0, forgive_s=_FLICKER_S)
        ):
            self._begin(State.IDLE, t_s)
            return self._invite()
        return self._screen(_RESULT, "Take a starting posture for another scan.")

    # -- commands ----------------------------------------------------------------------------------------------

    def _obey(self, name: str, t_s: float) -> Screen | None:
        running = self._state in (State.SCAN, State.PAUSED, State.TURN)
        asked = self._state is State.PAIN
        if name == "pain" and (running or asked):
            self._on().close("pain")
            return self._finish(t_s, pain=True, answered=True)
        if name == "no-pain" and asked:
            return self._finish(t_s, pain=False, answered=True) if self._last_question else self._ask_to_turn(t_s)
        if name == "stop" and (running or (asked and not self._last_question)):
            self._on().close("stopped")
            return self._ask_pain(t_s, last=True)
        if name in ("stop", "done") and self._state in (State.FRAMING, State.READY, State.RESULT):
            self._begin(State.IDLE, t_s)
        if name == "next":
            return self._next(t_s)
        return None

    def _next(self, t_s: float) -> Screen | None:
        if self._state is State.SCAN:
            return self._end_pass(t_s, "stopped", [])
        if self._state is State.TURN:
            return self._ask_pain(t_s, last=True)
        if self._state is State.PAIN and not self._last_question:
            return self._ask_to_turn(t_s)
        if self._state is State.READY:
            self._start_pass(t_s)
        elif self._state is State.PAUSED:
            self._begin(State.SCAN, t_s, keep=True)
        elif self._state is State.RESULT:
            self._begin(State.IDLE, t_s)
        elif self._state is State.FRAMING and self._exercises:
            self._course = self._course or Course(fitting(self._exercises, self._smooth), self._model)
            self._start_pass(t_s)
        return None

    # -- transitions -------------------------------------------------------------------------------------------

    def _begin(self, state: State, t_s: float, *, keep: bool = False) -> None:
        self._state, self._state_s = state, t_s
        self._timers, self._asked = Timers(), Steady()
        self._crowded = False
        if not keep:
            self._course, self._last_question = None, False
            self._rep_s = -math.inf

    def _nothing_counted(self, t_s: float, notice: str = _NOTHING) -> Screen:
        self._begin(State.IDLE, t_s)
        self._notice, self._notice_until_s = notice, t_s + _NOTICE_S
        return self._screen(Ask(None, notice))

    def _excuse(self, away_s: float) -> None:
        """Let the time in which no frame came count neither for nor against the member."""
        self._timers = Timers()
        if self._state not in (State.IDLE, State.RESULT):
            self._state_s += away_s
            self._rep_s += away_s

    def _start_pass(self, t_s: float) -> Screen:
        self._on().start()
        self._rep_s = -math.inf
        self._begin(State.SCAN, t_s, keep=True)
        return self._screen(Ask(None, self._on().wanted.ask))

    def _end_pass(self, t_s: float, ended: str, new: list[RepResult]) -> Screen:
        course = self._on()
        counter = course.counter
        reps, counted, held_s = len(counter.reps), counter.counted, counter.held_s
        course.close(ended)
        if counted == 0 and course.at_first:
            return self._nothing_counted(t_s)
        screen = self._ask_pain(t_s, last=course.follower is None)
        return replace(screen, rep=new[-1], reps=reps, held_s=held_s) if new else screen

    def _ask_to_turn(self, t_s: float) -> Screen:
        course = self._on()
        course.go_on()
        self._begin(State.TURN, t_s, keep=True)
        return self._screen(course.turn_ask(), course.wanted.ask)

    def _ask_pain(self, t_s: float, *, last: bool) -> Screen:
        self._begin(State.PAIN, t_s, keep=True)
        self._last_question = last
        return self._screen(_PAIN, "Touch, or press P for yes, N for no")

    def _finish(self, t_s: float, *, pain: bool, answered: bool) -> Screen:
        course = self._on()
        if not course.counted and not pain:
            return self._nothing_counted(t_s)
        visit = Visit(course.exercise, tuple(course.done), pain, answered)
        self._begin(State.RESULT, t_s)
        return replace(self._screen(_RESULT), visit=visit, exercise=course.exercise)

    # -- what is shown -----------------------------------------------------------------------------------------

    def _what_is_wrong(self, t_s: float, there: bool) -> Ask | None:
        wanted, patience_s = self._on().wanted, self._times.patience_s
        lost = self._timers.lost.holds(not there, t_s, patience_s)
        askew = self._timers.askew.holds(there and self._view.view not in (None, wanted.view), t_s, patience_s)
        if self._crowded:
            return CROWD
        if lost:
            return DARK if self._dark else COME_BACK
        return turn_ask(wanted.view) if askew else None

    def _screen(self, ask: Ask, detail: str = "") -> Screen:
        if self._course is None:
            return Screen(state=self._state, instruction=ask.says, detail=detail, hint=ask.hint)
        return self._course.screen(self._state, ask, detail, self._t_s)

    def _invite(self) -> Screen:
        return self._screen(self._asked.show(DARK if self._dark else NOBODY, self._t_s), "No account, no video kept.")

    def _on(self) -> Course:
        if self._course is None:
            raise RuntimeError(f"the state {self._state.value} needs an exercise")
        return self._course
