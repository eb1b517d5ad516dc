"""A visit, as a pure state machine over poses and time: poses in, what the screen says and what happened out.

    idle -> framing -> ready -> scan (pass 1) -> pain -> turn -> scan (pass 2) -> pain -> result -> idle

A lost body, a second person or a wrong view turn a scan into "paused" and say why. Nobody needs to touch anything;
touch, keys and a button give the same commands: next, stop, pain, no-pain, done, stay.
What comes before the scan is in `kiosk.station.arrival`.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import replace

from kiosk.movement.exercise import Exercise
from kiosk.movement.pose import Pose
from kiosk.movement.recognise import starts
from kiosk.movement.report import RepResult
from kiosk.movement.view import View
from kiosk.station.arrival import Arrival
from kiosk.station.framing import COME_BACK, CROWD, DARK, NOBODY, Ask, turn_ask
from kiosk.station.progress import Progress
from kiosk.station.sight import FLICKER_S, Sight
from kiosk.station.visit import CAMERA_AWAY_S, Screen, State, Visit, VisitTimes

#: Frames further apart than this are an outage of the camera, not a slow one.
_OUTAGE_S = 2.0
#: The question between two passes stays for at least so long, also where somebody is ready for the next at once.
_PAIN_READ_S = 3.0
_OUT_OF_ORDER = "This exercise is out of order."
_ENDS_EARLY = (State.SCAN, State.PAUSED, State.TURN, State.PAIN)
_PAIN, _RESULT = Ask(None, "Did anything hurt?"), Ask(None, "Your result")
_GOES_ON = "The scan goes on when that is done."


class Screening:
    """Feed it every pose with `step`, and every command with `command`; time is the pose's own."""

    def __init__(self, exercises: Iterable[Exercise], times: VisitTimes | None = None, model: str = "") -> None:
        self._times = times or VisitTimes()
        self._commands: list[str] = []
        self._sight = Sight()
        self._progress = Progress(self._sight)
        self._arrival = Arrival(exercises, self._times, model, self._sight, self._progress)
        self._states = {
            State.IDLE: self._arrival.idle,
            State.FRAMING: self._arrival.framing,
            State.READY: self._arrival.ready,
            State.SCAN: self._scan,
            State.PAUSED: self._paused,
            State.TURN: self._turn,
            State.PAIN: self._pain,
            State.RESULT: self._result,
        }

    @property
    def state(self) -> State:
        """The state after the last step."""
        return self._progress.state

    def command(self, name: str) -> None:
        """Note a command; the next step carries it out. Unknown ones, and those out of place, do nothing."""
        self._commands.append(name)

    def step(self, raw: Pose, smooth: Pose, *, crowd: bool = False, dark: bool = False) -> Screen:
        """Take in a pose, as the model gave it and smoothed for display.

        ``crowd``: someone else was seen; ``dark``: the picture is too dark to see much in it.
        """
        progress, t_s = self._progress, raw.t_s
        away_s = t_s - self._sight.t_s
        if away_s > CAMERA_AWAY_S and progress.state not in (State.IDLE, State.RESULT):
            self._sight.lose(t_s)
            return self.give_up(t_s)
        if away_s > _OUTAGE_S:
            progress.excuse(away_s)
        self._sight.see(raw, smooth, crowd=crowd, dark=dark)
        while self._commands:
            ended = self._obey(self._commands.pop(0), t_s)
            if ended is not None:
                return ended
        if progress.course is not None and progress.state is not State.SCAN:
            progress.course.watch(smooth)
        return self._states[progress.state]()

    def give_up(self, t_s: float) -> Screen:
        """End a running visit with what was seen: the camera has been away for too long.

        Pain that was reported meanwhile still counts.
        """
        hurt, self._commands = "pain" in self._commands, []
        if self._progress.state in _ENDS_EARLY:
            self._progress.on.close("pain" if hurt else "lost")
            return self._finish(t_s, pain=hurt, answered=hurt)
        self._progress.begin(State.IDLE, t_s)
        return self._progress.screen(NOBODY)

    def leave_out(self, slugs: Collection[str], t_s: float) -> Screen | None:
        """Go on without these exercises. A visit of one of them ends: returns what the screen then says, else None."""
        self._arrival.exercises = tuple(one for one in self._arrival.exercises if one.slug not in slugs)
        course = self._progress.course
        if self._progress.state is State.RESULT or course is None or course.exercise.slug not in slugs:
            return None
        return self._progress.end_without_result(t_s, _OUT_OF_ORDER)

    def adopt(self, exercise: Exercise) -> None:
        """Go on with this in place of the exercise of its slug: its limits changed. For between two visits."""
        known = self._arrival.exercises
        self._arrival.exercises = tuple(exercise if one.slug == exercise.slug else one for one in known)

    # -- states ------------------------------------------------------------------------------------------------

    def _scan(self) -> Screen:
        sight, progress = self._sight, self._progress
        t_s, course = sight.t_s, progress.on
        trouble = self._what_is_wrong()
        if trouble is not None:
            progress.begin(State.PAUSED, t_s, keep=True)
            return progress.steadily(trouble, _GOES_ON)
        new = course.follow(sight.raw, sight.smooth)
        if new:
            progress.rep_s = t_s
        counter = course.counter
        moving = counter.moving or not sight.there
        over = counter.over()
        if over is not None:
            return self._end_pass(t_s, over, new)
        if len(counter.reps) >= 3 and progress.timers.still.holds(not moving, t_s, self._times.rest_s):
            return self._end_pass(t_s, "rested", new)
        if t_s - max(progress.rep_s, progress.since_s) > self._times.give_up_s:
            return self._end_pass(t_s, "stopped", new)
        screen = progress.screen(Ask(None, course.wanted.ask))
        return replace(screen, rep=new[-1]) if new else screen

    def _paused(self) -> Screen:
        sight, progress = self._sight, self._progress
        t_s, course = sight.t_s, progress.on
        wanted = course.wanted
        course.skip(sight.raw)
        right = sight.there and not sight.crowded and sight.view is wanted.view
        if progress.timers.fine.holds(right, t_s, 0.5):
            progress.begin(State.SCAN, t_s, keep=True)
            return progress.screen(Ask(None, wanted.ask))
        if t_s - progress.since_s > self._times.give_up_s:
            course.close("lost")
            return self._ask_pain(t_s, last=True) if course.counted else progress.end_without_result(t_s)
        if not sight.there:
            return progress.steadily(DARK if sight.dark else COME_BACK)
        if sight.crowded:
            return progress.steadily(CROWD, at_once=True)
        return progress.steadily(turn_ask(wanted.view), _GOES_ON)

    def _turn(self) -> Screen:
        sight, progress = self._sight, self._progress
        t_s, course = sight.t_s, progress.on
        exercise, wanted = course.exercise, course.wanted
        if t_s - progress.since_s > self._times.give_up_s:
            return self._ask_pain(t_s, last=True)
        started = sight.there and exercise.start(wanted.seen(sight.smooth))
        posture = started and sight.view is wanted.view and not sight.crowded
        if progress.timers.posture.holds(posture, t_s, self._times.hold_s, forgive_s=FLICKER_S):
            return progress.start_pass()
        if sight.crowded:
            return progress.steadily(CROWD, at_once=True)
        if sight.there and sight.view is not wanted.view:
            detail = "Either side will do." if wanted.view is View.SIDE else ""
            return progress.steadily(turn_ask(wanted.view), detail)
        start = Ask(None, exercise.start_ask) if wanted.side is None else course.turn_ask()
        return progress.steadily(start, wanted.ask)

    def _pain(self) -> Screen:
        progress, t_s = self._progress, self._sight.t_s
        shown_s = t_s - progress.since_s
        if not progress.last_question and self._ready_for_next() and shown_s >= _PAIN_READ_S:
            progress.on.go_on()
            return progress.start_pass()
        left_s = (self._times.pain_s if progress.last_question else self._times.pain_between_s) - shown_s
        if left_s <= 0:
            return self._finish(t_s, pain=False, answered=False) if progress.last_question else self._ask_to_turn(t_s)
        asking = progress.screen(_PAIN, f"Touch, or press P for yes, N for no ({math.ceil(left_s)} s)")
        return replace(asking, left_s=left_s)

    def _ready_for_next(self) -> bool:
        """Whether somebody has turned and waits for the next pass: for them the question need not run out."""
        sight, course = self._sight, self._progress.on
        follower = course.follower
        ready = (
            follower is not None
            and (follower.view, follower.side) != (course.wanted.view, course.wanted.side)
            and sight.there
            and not sight.crowded
            and sight.view is follower.view
            and course.exercise.start(follower.seen(sight.smooth))
        )
        return self._progress.timers.posture.holds(ready, sight.t_s, self._times.hold_s, forgive_s=FLICKER_S)

    def _result(self) -> Screen:
        sight, progress, times = self._sight, self._progress, self._times
        t_s, away = sight.t_s, progress.timers.away
        away.holds(not sight.there, t_s, times.result_s)
        shown_s = t_s - progress.since_s
        alone_s = -math.inf if away.start_s is None else t_s - away.start_s
        left_s = min(times.result_longest_s - shown_s, times.result_s - alone_s)
        alone = sight.there and not sight.crowded
        again = shown_s > 3.0 and alone and any(starts(e, sight.smooth) for e in self._arrival.exercises)
        if left_s <= 0 or progress.timers.posture.holds(again, t_s, 2.0, forgive_s=FLICKER_S):
            progress.begin(State.IDLE, t_s)
            return self._arrival.invite()
        return replace(progress.screen(_RESULT, "Take a starting posture for another scan."), left_s=left_s)

    # -- commands ----------------------------------------------------------------------------------------------

    def _obey(self, name: str, t_s: float) -> Screen | None:
        progress = self._progress
        running = progress.state in (State.SCAN, State.PAUSED, State.TURN)
        asked = progress.state is State.PAIN
        if name == "pain" and (running or asked):
            progress.on.close("pain")
            return self._finish(t_s, pain=True, answered=True)
        if name == "no-pain" and asked:
            return self._finish(t_s, pain=False, answered=True) if progress.last_question else self._ask_to_turn(t_s)
        if name == "stop" and (running or (asked and not progress.last_question)):
            progress.on.close("stopped")
            return self._ask_pain(t_s, last=True)
        if name in ("stop", "done") and progress.state in (State.FRAMING, State.READY, State.RESULT):
            progress.begin(State.IDLE, t_s)
        if name == "stay" and progress.state is State.RESULT:
            progress.begin(State.RESULT, t_s)
        return self._next(t_s) if name == "next" else None

    def _next(self, t_s: float) -> Screen | None:
        progress = self._progress
        if progress.state is State.SCAN:
            return self._end_pass(t_s, "stopped", [])
        if progress.state is State.TURN:
            return self._ask_pain(t_s, last=True)
        if progress.state is State.PAIN and not progress.last_question:
            return self._ask_to_turn(t_s)
        if progress.state is State.READY:
            progress.start_pass()
        elif progress.state is State.PAUSED:
            progress.begin(State.SCAN, t_s, keep=True)
        elif progress.state is State.RESULT:
            progress.begin(State.IDLE, t_s)
        elif progress.state is State.FRAMING:
            self._arrival.begin_without_posture()
        return None

    # -- transitions -------------------------------------------------------------------------------------------

    def _end_pass(self, t_s: float, ended: str, new: list[RepResult]) -> Screen:
        course = self._progress.on
        counter = course.counter
        reps, counted, held_s = len(counter.reps), counter.counted, counter.held_s
        course.close(ended)
        if counted == 0 and course.at_first:
            return self._progress.end_without_result(t_s)
        screen = self._ask_pain(t_s, last=course.follower is None)
        return replace(screen, rep=new[-1], reps=reps, held_s=held_s) if new else screen

    def _ask_to_turn(self, t_s: float) -> Screen:
        course = self._progress.on
        course.go_on()
        self._progress.begin(State.TURN, t_s, keep=True)
        return self._progress.screen(course.turn_ask(), course.wanted.ask)

    def _ask_pain(self, t_s: float, *, last: bool) -> Screen:
        self._progress.begin(State.PAIN, t_s, keep=True)
        self._progress.last_question = last
        return self._progress.screen(_PAIN, "Touch, or press P for yes, N for no")

    def _finish(self, t_s: float, *, pain: bool, answered: bool) -> Screen:
        course = self._progress.on
        if not course.counted and not pain:
            return self._progress.end_without_result(t_s)
        visit = Visit(course.exercise, tuple(course.done), pain, answered)
        self._progress.begin(State.RESULT, t_s)
        return replace(self._progress.screen(_RESULT), visit=visit, exercise=course.exercise)

    def _what_is_wrong(self) -> Ask | None:
        """Return why a scan cannot go on just now, None where it can."""
        sight, timers, wanted = self._sight, self._progress.timers, self._progress.on.wanted
        t_s, patience_s = sight.t_s, self._times.patience_s
        lost = timers.lost.holds(not sight.there, t_s, patience_s)
        askew = timers.askew.holds(sight.there and sight.view not in (None, wanted.view), t_s, patience_s)
        if sight.crowded:
            return CROWD
        if lost:
            return DARK if sight.dark else COME_BACK
        return turn_ask(wanted.view) if askew else None
