"""One visit's way through the passes of its exercise: which one is on, what was done, what it shows."""

from __future__ import annotations

from kiosk.movement.exercise import Check, Exercise, Pass
from kiosk.movement.live import LiveCounter, follow_pass
from kiosk.movement.live_hold import LiveHold
from kiosk.movement.meter import EffortMeter
from kiosk.movement.pose import Pose
from kiosk.movement.report import RepResult
from kiosk.station.asks import CueHold
from kiosk.station.framing import Ask, turn_ask, unseen
from kiosk.station.visit import DonePass, Screen, State, live_cue


class Course:
    """An exercise under way. ``done`` are its finished passes, ``counted`` what counts in them.

    ``running`` follows the pass that is on; None before its start and after its end.
    """

    def __init__(self, exercise: Exercise, model: str) -> None:
        self.exercise, self._model = exercise, model
        self.running: LiveCounter | LiveHold | None = None
        self.done: list[DonePass] = []
        self.counted = 0
        self._turn_to(0)
        self._cues = CueHold()

    @property
    def wanted(self) -> Pass:
        """The pass that is on, or comes next."""
        return self.exercise.passes[self._index]

    @property
    def follower(self) -> Pass | None:
        """The pass after that one, None after the last."""
        follower = self._index + 1
        return self.exercise.passes[follower] if follower < len(self.exercise.passes) else None

    @property
    def at_first(self) -> bool:
        """Whether it is the first pass, and none has been brought to its end."""
        return self._index == 0 and not any(done.ended == "done" for done in self.done)

    @property
    def counter(self) -> LiveCounter | LiveHold:
        """What follows the pass that is on. Raises RuntimeError where none is."""
        if self.running is None:
            raise RuntimeError(f"no pass of {self.exercise.slug} is running")
        return self.running

    def start(self) -> None:
        """Begin the pass that is wanted."""
        self.running, self._cues = follow_pass(self.exercise, self.wanted, self._model), CueHold()

    def follow(self, raw: Pose, smooth: Pose) -> list[RepResult]:
        """Take in a pose of the running pass; returns the reps that it completes."""
        new = self.counter.update(raw, smooth)
        if new:
            self._cues.offer(live_cue(self.exercise, new[-1]), raw.t_s)
        return new

    def skip(self, raw: Pose) -> None:
        """Take in a pose of a pause: what is done in it does not count, and the gap stays visible as one."""
        self.counter.update(unseen(raw), unseen(raw))

    def watch(self, smooth: Pose) -> None:
        """Take in a pose between passes: the meter moves all the same."""
        self._meter.update(smooth)

    def close(self, ended: str) -> None:
        """End the running pass, if there is one."""
        counter, self.running = self.running, None
        if counter is not None and counter.poses:
            wanted = self.wanted
            self.counted += counter.counted
            asked = (wanted.reps or None, ended, wanted.hold_s or None, wanted.side)
            self.done.append(DonePass(wanted.view, tuple(counter.poses), *asked))

    def go_on(self) -> None:
        """Turn to the pass that follows."""
        self._turn_to(self._index + 1)

    def turn_ask(self) -> Ask:
        """Return how to ask for the wanted pass: to turn, or with the other side in the same view."""
        wanted, before = self.wanted, self.exercise.passes[self._index - 1]
        return turn_ask(wanted.view) if wanted.view is not before.view else Ask(None, wanted.ask)

    def screen(self, state: State, ask: Ask, detail: str, t_s: float) -> Screen:
        """Return what the screen shows in a state."""
        wanted, counter, check = self.wanted, self.running, self._cues.at(t_s)
        return Screen(
            state=state,
            instruction=ask.says,
            detail=detail,
            exercise=self.exercise,
            view=wanted.view,
            pass_number=self._index + 1,
            reps=len(counter.reps) if counter else 0,
            target_reps=wanted.reps,
            held_s=counter.held_s if counter else None,
            target_s=wanted.hold_s or None,
            side=wanted.side,
            effort=counter.effort if counter and state is State.SCAN else self._meter.above_top,
            cue=check.cue if check else None,
            hint=ask.hint,
            focus=self._focus(check),
        )

    def _focus(self, check: Check | None) -> tuple[str, ...]:
        """Return the checkpoint of the cue; where no cues are given, those that the wanted pass looks at."""
        if self.exercise.coached:
            return (check.checkpoint,) if check else ()
        return self._looked_at

    def _turn_to(self, index: int) -> None:
        self._index = index
        self._meter = EffortMeter(self.exercise, self.wanted)
        looked_at = (c.checkpoint for c in self.exercise.checks if c.measure and self.wanted.view in c.views)
        self._looked_at = tuple(dict.fromkeys(looked_at))
