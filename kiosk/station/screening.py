"""A visit, as a pure state machine over poses and time: poses in, what the screen says and what happened out.

    idle -> framing -> ready -> scan (pass 1) -> turn -> scan (pass 2) -> pain -> result -> idle

A lost body, a second person or a wrong view turn a scan into "paused" and say why. Nobody needs to touch anything;
touch, keys and a button give the same commands: next, stop, pain, no-pain, done.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import replace

from kiosk.movement.exercise import Exercise, Pass
from kiosk.movement.geometry import torso_px
from kiosk.movement.live import LiveCounter, follow_pass
from kiosk.movement.live_hold import LiveHold
from kiosk.movement.pose import Pose
from kiosk.movement.recognise import starts
from kiosk.movement.report import RepResult
from kiosk.movement.view import View, ViewTracker
from kiosk.station.framing import person_there, turn_ask, unseen, what_to_change
from kiosk.station.visit import CAMERA_AWAY_S, DonePass, Screen, Since, State, Timers, Visit, VisitTimes, live_cue

#: Frames further apart than this are an outage of the camera, not a slow one.
_OUTAGE_S = 2.0
#: For so long a starting posture may drop out: raised elbows seen from the side come and go (real clips).
_FLICKER_S = 0.4
#: Such a sentence ends a visit without a result, and stays long enough to be read.
_NOTHING, _OUT_OF_ORDER, _NOTICE_S = "Nothing was counted. Try again?", "This exercise is out of order.", 3.0
_ENDS_EARLY = (State.SCAN, State.PAUSED, State.TURN, State.PAIN)


class Screening:
    """Feed it every pose with `step`, and every command with `command`; time is the pose's own."""

    def __init__(self, exercises: Iterable[Exercise], times: VisitTimes | None = None, model: str = "") -> None:
        self._exercises, self._model = tuple(exercises), model
        self._times = times or VisitTimes()
        self._view = ViewTracker()
        self._t_s = -math.inf
        self._commands: list[str] = []
        self._smooth: Pose | None = None
        self._notice, self._notice_until_s = _NOTHING, -math.inf
        self._exercise: Exercise | None = None
        self._counter: LiveCounter | LiveHold | None = None
        self._done: list[DonePass] = []
        self._cue: str | None = None
        self._begin(State.IDLE, -math.inf)

    @property
    def state(self) -> State:
        """The state after the last step."""
        return self._state

    def command(self, name: str) -> None:
        """Note a command; the next step carries it out. Unknown ones, and those out of place, do nothing."""
        self._commands.append(name)

    def step(self, raw: Pose, smooth: Pose, *, crowd: bool = False) -> Screen:
        """Take in a pose, as the model gave it and smoothed for display, and whether someone else was seen."""
        t_s = raw.t_s
        away_s, self._t_s = t_s - self._t_s, t_s
        if away_s > CAMERA_AWAY_S and self._state not in (State.IDLE, State.RESULT):
            self._view.reset()
            return self.give_up(t_s)
        if away_s > _OUTAGE_S:
            self._excuse(away_s)
        self._smooth = smooth
        self._view.update(smooth)
        there = person_there(raw)
        self._crowded = self._timers.crowd.holds(crowd and there, t_s, 0.0)
        while self._commands:
            ended = self._obey(self._commands.pop(0), t_s)
            if ended is not None:
                return ended
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
            self._close_pass("pain" if hurt else "lost")
            return self._finish(t_s, pain=hurt, answered=hurt)
        self._begin(State.IDLE, t_s)
        return self._screen("Step in front of the camera")

    def leave_out(self, slugs: Collection[str], t_s: float) -> Screen | None:
        """Go on without these exercises. A visit of one of them ends: returns what the screen then says, else None."""
        self._exercises = tuple(one for one in self._exercises if one.slug not in slugs)
        if self._state is State.RESULT or self._exercise is None or self._exercise.slug not in slugs:
            return None
        return self._nothing_counted(t_s, _OUT_OF_ORDER)

    # -- states ------------------------------------------------------------------------------------------------

    def _idle(self, raw: Pose, _smooth: Pose, there: bool) -> Screen:
        if raw.t_s < self._notice_until_s:
            return self._screen(self._notice)
        if self._timers.there.holds(there, raw.t_s, self._times.greet_s):
            self._begin(State.FRAMING, raw.t_s)
            return self._screen("Welcome: stand on the marks")
        return self._invite()

    def _framing(self, raw: Pose, smooth: Pose, there: bool) -> Screen:
        t_s = raw.t_s
        if self._timers.away.holds(not there, t_s, self._times.gone_s):
            self._begin(State.IDLE, t_s)
            return self._invite()
        if self._crowded:
            return self._screen("One person at a time, please")
        started = next((e for e in self._exercises if there and e.start(e.passes[0].seen(smooth))), None)
        if started is not None and started is not self._exercise:
            self._exercise = started
            self._timers.posture = Since()
        times, posture = self._times, self._timers.posture
        held = posture.holds(started is not None, t_s, min(0.3, times.hold_s), forgive_s=_FLICKER_S)
        if posture.start_s is None or self._exercise is None:
            self._exercise = None
            change = what_to_change(raw)
            return self._screen(change or self._exercises_ask(), "" if change else self._all_asks())
        if held:
            self._begin(State.READY, t_s, keep=True)
        return self._screen("Hold it", self._exercise.title)

    def _ready(self, raw: Pose, smooth: Pose, there: bool) -> Screen:
        exercise, wanted = self._required(), self._wanted()
        started = exercise.start(wanted.seen(smooth))
        if self._timers.away.holds(not (there and started), raw.t_s, 0.7):
            self._begin(State.FRAMING, raw.t_s)
            return self._screen(self._exercises_ask())
        if self._crowded:
            self._timers.posture = Since()
            return self._screen("One person at a time, please")
        if self._view.view is not wanted.view:
            self._timers.posture = Since()
            return self._screen(turn_ask(wanted.view), f"{exercise.title}, seen from the {wanted.view.value}")
        if self._timers.posture.holds(started, raw.t_s, self._times.hold_s, forgive_s=_FLICKER_S):
            self._start_pass(raw.t_s)
            return self._screen(wanted.ask)
        return self._screen("Hold it", exercise.title)

    def _scan(self, raw: Pose, smooth: Pose, there: bool) -> Screen:
        t_s, wanted, counter = raw.t_s, self._wanted(), self._running()
        trouble = self._what_is_wrong(t_s, there, wanted)
        if trouble is not None:
            self._begin(State.PAUSED, t_s, keep=True)
            return self._screen(trouble, "The scan goes on when that is done.")
        new = counter.update(raw, smooth)
        if new:
            self._rep_s = t_s
            self._cue = live_cue(self._required(), new[-1])
        moving = counter.moving or not there
        over = counter.over()
        if over is not None:
            return self._end_pass(t_s, over, new)
        if len(counter.reps) >= 3 and self._timers.still.holds(not moving, t_s, self._times.rest_s):
            return self._end_pass(t_s, "rested", new)
        if t_s - max(self._rep_s, self._state_s) > self._times.give_up_s:
            return self._end_pass(t_s, "stopped", new)
        cue = self._cue if t_s - self._rep_s < 3.0 else None
        screen = self._screen(wanted.ask, "", cue=cue)
        return replace(screen, rep=new[-1]) if new else screen

    def _paused(self, raw: Pose, _smooth: Pose, there: bool) -> Screen:
        t_s, wanted = raw.t_s, self._wanted()
        # What is done during a pause does not count, and the gap stays visible as one.
        self._running().update(unseen(raw), unseen(raw))
        right = there and not self._crowded and self._view.view is wanted.view
        if self._timers.fine.holds(right, t_s, 0.5):
            self._begin(State.SCAN, t_s, keep=True)
            return self._screen(wanted.ask)
        if t_s - self._state_s > self._times.give_up_s:
            self._close_pass("lost")
            return self._finish(t_s, pain=False, answered=False)
        if not there:
            return self._screen("Come back into the picture")
        if self._crowded:
            return self._screen("One person at a time, please")
        return self._screen(turn_ask(wanted.view), "The scan goes on when that is done.")

    def _turn(self, raw: Pose, smooth: Pose, there: bool) -> Screen:
        t_s, exercise, wanted = raw.t_s, self._required(), self._wanted()
        if t_s - self._state_s > self._times.give_up_s:
            return self._ask_pain(t_s)
        started = there and exercise.start(wanted.seen(smooth))
        posture = started and self._view.view is wanted.view and not self._crowded
        if self._timers.posture.holds(posture, t_s, self._times.hold_s, forgive_s=_FLICKER_S):
            self._start_pass(t_s)
            return self._screen(wanted.ask)
        if self._crowded:
            return self._screen("One person at a time, please")
        if there and self._view.view is not wanted.view:
            return self._screen(turn_ask(wanted.view), "Either side will do." if wanted.view is View.SIDE else "")
        return self._screen(exercise.start_ask if wanted.side is None else self._turn_ask(), wanted.ask)

    def _pain(self, raw: Pose, _smooth: Pose, _there: bool) -> Screen:
        left_s = self._times.pain_s - (raw.t_s - self._state_s)
        if left_s <= 0:
            return self._finish(raw.t_s, pain=False, answered=False)
        return self._screen("Did anything hurt?", f"Touch, or press P for yes, N for no ({math.ceil(left_s)} s)")

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
        return self._screen("Your result", "Take a starting posture for another scan.")

    # -- commands ----------------------------------------------------------------------------------------------

    def _obey(self, name: str, t_s: float) -> Screen | None:
        running = self._state in (State.SCAN, State.PAUSED, State.TURN)
        if name == "pain" and (running or self._state is State.PAIN):
            self._close_pass("pain")
            return self._finish(t_s, pain=True, answered=True)
        if name == "no-pain" and self._state is State.PAIN:
            return self._finish(t_s, pain=False, answered=True)
        if name == "stop" and running:
            self._close_pass("stopped")
            return self._ask_pain(t_s)
        if name in ("stop", "done") and self._state in (State.FRAMING, State.READY, State.RESULT):
            self._begin(State.IDLE, t_s)
        if name == "next":
            return self._next(t_s)
        return None

    def _next(self, t_s: float) -> Screen | None:
        if self._state is State.SCAN:
            return self._end_pass(t_s, "stopped", [])
        if self._state is State.TURN:
            return self._ask_pain(t_s)
        if self._state is State.READY:
            self._start_pass(t_s)
        elif self._state is State.PAUSED:
            self._begin(State.SCAN, t_s, keep=True)
        elif self._state is State.RESULT:
            self._begin(State.IDLE, t_s)
        elif self._state is State.FRAMING and self._exercises:
            self._exercise = self._exercise or self._fitting()
            self._start_pass(t_s)
        return None

    def _fitting(self) -> Exercise:
        """Return the first exercise that the person's pose can belong to; the first of all where none does."""
        torso = torso_px(self._smooth) if self._smooth is not None else math.nan
        if self._smooth is not None and torso > 0:
            for exercise in self._exercises:
                if exercise.fits(self._smooth, torso):
                    return exercise
        return self._exercises[0]

    # -- transitions -------------------------------------------------------------------------------------------

    def _begin(self, state: State, t_s: float, *, keep: bool = False) -> None:
        self._state, self._state_s = state, t_s
        self._timers = Timers()
        self._crowded = False
        if not keep:
            self._exercise, self._counter, self._cue = None, None, None
            self._done = []
            self._pass_index = 0
            self._counted = 0
            self._rep_s = -math.inf

    def _nothing_counted(self, t_s: float, notice: str = _NOTHING) -> Screen:
        self._begin(State.IDLE, t_s)
        self._notice, self._notice_until_s = notice, t_s + _NOTICE_S
        return self._screen(notice)

    def _excuse(self, away_s: float) -> None:
        """Let the time in which no frame came count neither for nor against the member."""
        self._timers = Timers()
        if self._state not in (State.IDLE, State.RESULT):
            self._state_s += away_s
            self._rep_s += away_s

    def _start_pass(self, t_s: float) -> None:
        self._counter = follow_pass(self._required(), self._wanted(), self._model)
        self._rep_s, self._cue = -math.inf, None
        self._begin(State.SCAN, t_s, keep=True)

    def _close_pass(self, ended: str) -> None:
        counter, self._counter = self._counter, None
        if counter is not None and counter.poses:
            wanted = self._wanted()
            self._counted += counter.counted
            asked = (wanted.reps or None, ended, wanted.hold_s or None, wanted.side)
            self._done.append(DonePass(wanted.view, tuple(counter.poses), *asked))

    def _end_pass(self, t_s: float, ended: str, new: list[RepResult]) -> Screen:
        counter = self._running()
        reps, counted, held_s = len(counter.reps), counter.counted, counter.held_s
        self._close_pass(ended)
        exercise = self._required()
        if counted == 0 and not any(p.ended == "done" for p in self._done) and self._pass_index == 0:
            return self._nothing_counted(t_s)
        if self._pass_index + 1 < len(exercise.passes):
            self._pass_index += 1
            self._begin(State.TURN, t_s, keep=True)
            screen = self._screen(self._turn_ask(), self._wanted().ask)
        else:
            screen = self._ask_pain(t_s)
        return replace(screen, rep=new[-1], reps=reps, held_s=held_s) if new else screen

    def _turn_ask(self) -> str:
        """Return how to ask for the next pass: to turn, or with the other side in the same view."""
        wanted, before = self._wanted(), self._required().passes[self._pass_index - 1]
        return turn_ask(wanted.view) if wanted.view is not before.view else wanted.ask

    def _ask_pain(self, t_s: float) -> Screen:
        self._begin(State.PAIN, t_s, keep=True)
        return self._screen("Did anything hurt?", "Touch, or press P for yes, N for no")

    def _finish(self, t_s: float, *, pain: bool, answered: bool) -> Screen:
        exercise = self._required()
        if not self._counted and not pain:
            return self._nothing_counted(t_s)
        visit = Visit(exercise, tuple(self._done), pain, answered)
        self._begin(State.RESULT, t_s)
        return replace(self._screen("Your result"), visit=visit, exercise=exercise)

    # -- what is shown -----------------------------------------------------------------------------------------

    def _what_is_wrong(self, t_s: float, there: bool, wanted: Pass) -> str | None:
        lost = self._timers.lost.holds(not there, t_s, self._times.patience_s)
        askew = self._timers.askew.holds(
            there and self._view.view not in (None, wanted.view), t_s, self._times.patience_s
        )
        if self._crowded:
            return "One person at a time, please"
        if lost:
            return "Come back into the picture"
        return turn_ask(wanted.view) if askew else None

    def _screen(self, instruction: str, detail: str = "", *, cue: str | None = None) -> Screen:
        exercise, counter = self._exercise, self._counter
        wanted = exercise.passes[self._pass_index] if exercise else None
        return Screen(
            state=self._state,
            instruction=instruction,
            detail=detail,
            exercise=exercise,
            view=wanted.view if wanted else None,
            pass_number=self._pass_index + 1 if exercise else 0,
            reps=len(counter.reps) if counter else 0,
            target_reps=wanted.reps if wanted else 0,
            held_s=counter.held_s if counter else None,
            target_s=(wanted.hold_s or None) if wanted else None,
            side=wanted.side if wanted else None,
            effort=counter.effort if counter else None,
            cue=cue,
        )

    def _invite(self) -> Screen:
        return self._screen("Step in front of the camera", "No account, no video kept.")

    def _required(self) -> Exercise:
        if self._exercise is None:
            raise RuntimeError(f"the state {self._state.value} needs an exercise")
        return self._exercise

    def _running(self) -> LiveCounter | LiveHold:
        if self._counter is None:
            raise RuntimeError(f"the state {self._state.value} needs a running pass")
        return self._counter

    def _wanted(self) -> Pass:
        return self._required().passes[self._pass_index]

    def _exercises_ask(self) -> str:
        if len(self._exercises) > 1:
            return "Take the starting posture"
        return self._exercises[0].start_ask if self._exercises else "No exercise is installed"

    def _all_asks(self) -> str:
        return " · ".join(f"{e.title}: {e.start_ask[0].lower()}{e.start_ask[1:]}" for e in self._exercises)
