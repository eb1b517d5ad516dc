"""What lights and pages show of each moment: the state of the visit, or the trouble that stands over it."""

from __future__ import annotations

import math

from kiosk.movement.pose import Pose
from kiosk.movement.report import RepResult
from kiosk.station.alarms import HealthWatch
from kiosk.station.lights import Lights
from kiosk.station.live import LiveBoard, LiveView, Shares
from kiosk.station.power import PowerSwitch
from kiosk.station.results import Results
from kiosk.station.visit import Screen, State, rep_verdict

#: How long the verdict of a rep stays on the lights and the page.
VERDICT_S = 1.5
#: While nobody looks on there is a view so often, for whoever comes next: making one takes 0.03 ms of each frame.
UNWATCHED_S = 0.1
#: The pattern of each state; a verdict, or trouble, goes before.
PATTERNS = {
    State.IDLE: "idle",
    State.FRAMING: "framing",
    State.READY: "ready",
    State.SCAN: "scan",
    State.PAUSED: "framing",
    State.TURN: "framing",
    State.PAIN: "result",
    State.RESULT: "result",
    State.TROUBLE: "trouble",
}


class Pace:
    """How fast frames come and how long the pose model takes, eased. ``frame_s`` is the newest frame's time."""

    def __init__(self) -> None:
        self.frame_s = -math.inf
        self._interval_s = self._inference_s = 0.0

    def frame(self, t_s: float, inference_s: float) -> None:
        """Take in the time of a frame, and what the model needed for it."""
        self._inference_s = _eased(self._inference_s, inference_s)
        self._interval_s = _eased(self._interval_s, min(1.0, max(0.0, t_s - self.frame_s)))
        self.frame_s = t_s

    @property
    def fps(self) -> float:
        """Frames a second; 0 before there is more than one."""
        return 1 / self._interval_s if self._interval_s > 0 else 0.0

    @property
    def inference_ms(self) -> float:
        """What the model takes for a frame."""
        return 1000 * self._inference_s


class Display:
    """Shows screens on the lights and on the board.

    ``trouble`` is why no frames come, ``problems`` what the machine cannot do just now, ``result_id`` the result that
    is on the screen.
    """

    def __init__(
        self,
        lights: Lights,
        board: LiveBoard,
        results: Results,
        power: PowerSwitch,
        health: HealthWatch | None,
        model: str,
        problems: tuple[str, ...],
    ) -> None:
        self._lights, self._board, self._results = lights, board, results
        self._power, self._health, self._model = power, health, model
        self.trouble: str | None = None
        self.result_id: str | None = None
        self.problems = problems
        self._verdict: str | None = None
        self._verdict_s = -math.inf
        self._sequence = 0
        self._news: object = None
        self._published_s = -math.inf

    def judge(self, rep: RepResult, t_s: float) -> str:
        """Show the verdict on a rep for a moment, and return it."""
        self._verdict, self._verdict_s = rep_verdict(rep), t_s
        return self._verdict

    def light(self, screen: Screen, t_s: float) -> None:
        """Show a screen on the lights."""
        self._lights.show(self._pattern(screen, t_s))

    def publish(self, screen: Screen, smooth: Pose | None, pace: Pace) -> LiveView:
        """Show a screen on the pages, with the skeleton where there is one; returns what they show from now on.

        Trouble is shown on the lights as well.
        """
        if self.trouble is not None or self._power.leaving:
            self.light(screen, pace.frame_s)
        if not self._worth_a_view(screen, pace.frame_s):
            return self._board.view
        state, instruction, detail = self._headline(screen)
        self._sequence += 1
        exercise = screen.exercise
        view = LiveView(
            sequence=self._sequence,
            t_s=round(pace.frame_s, 3) if math.isfinite(pace.frame_s) else 0.0,
            state=state,
            instruction=instruction,
            detail=detail,
            exercise=exercise.slug if exercise else None,
            title=exercise.title if exercise else None,
            view=screen.view,
            pass_number=screen.pass_number,
            passes=len(exercise.passes) if exercise else 0,
            reps=screen.reps,
            target_reps=screen.target_reps,
            held_s=None if screen.held_s is None else round(screen.held_s, 1),
            target_s=screen.target_s,
            side=screen.side,
            effort=None if screen.effort is None else round(screen.effort, 3),
            cue=screen.cue,
            hint=None if self.trouble else screen.hint,
            focus=screen.focus,
            left_s=None if screen.left_s is None else round(screen.left_s, 1),
            coached=exercise.coached if exercise else False,
            last_rep=self._verdict,
            keypoints=() if smooth is None else Shares(smooth),
            size_px=(0, 0) if smooth is None else smooth.size_px,
            lit=self._lights.lit,
            camera=self.trouble or "ok",
            model=self._model,
            fps=round(pace.fps, 1),
            inference_ms=round(pace.inference_ms, 1),
            problems=self._wrong,
            result_id=self.result_id if screen.state is State.RESULT else None,
        )
        self._board.publish(view)
        return view

    def _worth_a_view(self, screen: Screen, t_s: float) -> bool:
        """Whether somebody looks on, something happened, or the last view is old. In trouble time stands still."""
        news = (screen.state, screen.instruction, screen.reps, self._verdict, self.trouble, self._power.leaving)
        recent = 0 <= t_s - self._published_s < UNWATCHED_S
        if recent and news == self._news and self.trouble is None and not self._board.is_read:
            return False
        self._news, self._published_s = news, t_s
        return True

    def _pattern(self, screen: Screen, t_s: float) -> str:
        if self._power.leaving:
            return "goodbye"
        if self.trouble is not None:
            return "trouble"
        if self._verdict is not None and 0 <= t_s - self._verdict_s < VERDICT_S:
            return self._verdict
        self._verdict = None
        calls = screen.state is State.IDLE and self._wrong
        return "attention" if calls else PATTERNS[screen.state]

    def _headline(self, screen: Screen) -> tuple[State, str, str]:
        """Return the state that is shown, its instruction and its detail."""
        if self._power.leaving:
            return screen.state, "Shutting down", "Pull the plug when the small lamp on the computer blinks no more."
        if self.trouble is not None:
            return State.TROUBLE, "The camera is away", "Please tell the staff. It goes on by itself."
        return screen.state, screen.instruction, screen.detail

    @property
    def _wrong(self) -> tuple[str, ...]:
        alarms = () if self._health is None else self._health.alarms
        return (*self.problems, *alarms, *filter(None, (self._results.problem, self._power.problem)))


def _eased(before: float, now: float) -> float:
    return now if before == 0.0 else before + 0.1 * (now - before)
