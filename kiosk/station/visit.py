"""The words of a visit: its states, its times, what the screen shows, and what is handed on when it is over."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.movement.exercise import Check, Exercise
from kiosk.movement.pose import Pose, Side
from kiosk.movement.report import RepResult, Status
from kiosk.movement.view import View

#: A visit whose camera is away for longer ends with what was seen.
CAMERA_AWAY_S = 30.0


class State(StrEnum):
    """Where a visit is. ``TROUBLE`` is the machine's: no camera."""

    IDLE = "idle"
    FRAMING = "framing"
    READY = "ready"
    SCAN = "scan"
    PAUSED = "paused"
    TURN = "turn"
    PAIN = "pain"
    RESULT = "result"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class VisitTimes:
    """How long things last, in seconds."""

    #: A person must have been there for this long to be greeted, and away for this long to be gone.
    greet_s: float = 0.5
    gone_s: float = 2.0
    #: How long a starting posture is held before the scan starts.
    hold_s: float = 1.0
    #: How long something must be wrong in a scan before it pauses.
    patience_s: float = 1.0
    #: A pass ends when nothing has moved for this long after at least three reps.
    rest_s: float = 6.0
    #: After this long without a rep, paused or not turned, the visit ends with what was seen.
    give_up_s: float = 25.0
    #: How long the pain question waits for an answer: at the end of a visit, and between two passes.
    pain_s: float = 12.0
    pain_between_s: float = 6.0
    #: How long a result stays after the person has left, and at the most.
    result_s: float = 20.0
    result_longest_s: float = 120.0


@dataclass(frozen=True, eq=False, slots=True)
class DonePass:
    """A finished pass: its raw poses, in order, and how it ended (done, rested, left, lost, stopped, pain).

    ``asked`` reps were asked for, or ``asked_s`` seconds of a hold, done with the side ``done_on``.
    """

    view: View
    poses: tuple[Pose, ...]
    asked: int | None
    ended: str
    asked_s: float | None = None
    done_on: Side | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Visit:
    """A finished visit, ready to be judged. ``answered`` is whether the pain question was."""

    exercise: Exercise
    passes: tuple[DonePass, ...]
    pain: bool
    answered: bool


@dataclass(frozen=True, eq=False, slots=True)
class Screen:
    """What the screen shows now. ``rep`` and ``visit`` are set only in the step in which they happened."""

    state: State = State.IDLE
    instruction: str = "Step in front of the camera"
    detail: str = ""
    exercise: Exercise | None = None
    view: View | None = None
    pass_number: int = 0
    reps: int = 0
    target_reps: int = 0
    #: Of a hold: the seconds so far, and those that are asked for. ``reps`` are then its parts.
    held_s: float | None = None
    target_s: float | None = None
    side: Side | None = None
    effort: float | None = None
    cue: str | None = None
    #: The code of what is wrong, or asked for (`kiosk.station.framing.Ask`), and the checkpoints to light.
    hint: str | None = None
    focus: tuple[str, ...] = ()
    #: For how long the question about pain still waits for an answer, or the result stays.
    left_s: float | None = None
    rep: RepResult | None = None
    visit: Visit | None = None


@dataclass(slots=True)
class Since:
    """Since when something has been true without a break."""

    start_s: float | None = None
    last_s: float = -math.inf

    def holds(self, true: bool, t_s: float, for_s: float, *, forgive_s: float = 0.0) -> bool:
        """Take in whether it is true now; returns whether it has been for ``for_s`` seconds.

        A break of up to ``forgive_s`` is none, but in it the answer is no.
        """
        if not true:
            if t_s - self.last_s > forgive_s:
                self.start_s = None
            return False
        if self.start_s is None:
            self.start_s = t_s
        self.last_s = t_s
        return t_s - self.start_s >= for_s


@dataclass(slots=True)
class Timers:
    """Since when each of the things that a state waits for has been true."""

    there: Since = field(default_factory=Since)
    away: Since = field(default_factory=Since)
    posture: Since = field(default_factory=Since)
    lost: Since = field(default_factory=Since)
    askew: Since = field(default_factory=Since)
    still: Since = field(default_factory=Since)
    fine: Since = field(default_factory=Since)


def live_cue(exercise: Exercise, result: RepResult) -> Check | None:
    """Return whose cue to show; None where the protocol forbids coaching before the pass is done (DOMAIN 1.1)."""
    if not exercise.coached or not result.signs:
        return None
    return next(check for check in exercise.checks if check.slug == result.signs[0])


def rep_verdict(result: RepResult) -> str:
    """Return what the lights say of a rep: clean, unsure or sign."""
    if result.signs:
        return "sign"
    return "unsure" if Status.UNSURE in result.verdicts.values() or not result.verdicts else "clean"
