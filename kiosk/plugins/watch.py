"""The door through which a plugin's functions are called: what they raise, return and take is watched here.

A guard stands around each function of an exercise. A call that raises, returns what is no answer, or keeps taking more
than its share of the time of a frame is a fault of its plugin. From then on none of its functions is called: its
postures are not there, and its values were not seen (NaN), so that a scan and its judging go on around it.
"""

from __future__ import annotations

import math
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from numbers import Real
from typing import ParamSpec, Protocol, TypeVar, cast

import numpy as np

from kiosk.errors import PluginError
from kiosk.movement.exercise import AssessedBy, Check, Exercise, Measure
from kiosk.movement.reps import Phase, RepPercentile

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

#: What a call may take on the average: a frame lasts 33 ms, most of which the pose model needs. A measure of a whole
#: rep, or of the second model's look at it, is called a few times for each rep.
POSE_BUDGET_S, REP_BUDGET_S = 0.005, 0.05
#: A function may be so far behind its budget in all before it is out: one hiccup of the machine is no fault.
CREDIT_S = 1.0


@dataclass(frozen=True, slots=True)
class Fault:
    """What a plugin did. ``kind``: raised, nonsense, slow, observer (in a hook that observes), hung or crashed."""

    plugin: str
    kind: str
    says: str

    @property
    def outcome(self) -> str:
        """What it did and what came of it: who only looks on stays in use."""
        return self.says if self.kind == "observer" else f"taken out of use: {self.says}"


class Mark(Protocol):
    """Where it is noted which function of a plugin is being called (`kiosk.plugins.black_box.BlackBox`)."""

    def enter(self, label: bytes) -> None:
        """Note a call; ``label`` is made by `label`."""

    def leave(self) -> None:
        """Note that it came back."""

    def alive(self, at_least_s: float = 0.0) -> None:
        """Note that the loop goes on. What comes now may take ``at_least_s`` seconds, where that is more than usual."""

    def rest(self) -> None:
        """Stop waiting for the loop: what comes now may take its time."""


class NoMark:
    """Nothing is noted."""

    def enter(self, label: bytes) -> None:
        """Do nothing."""

    def leave(self) -> None:
        """Do nothing."""

    def alive(self, at_least_s: float = 0.0) -> None:
        """Do nothing."""

    def rest(self) -> None:
        """Do nothing."""


def label(plugin: str, what: str) -> bytes:
    """Return what a mark says of a call, at most 250 bytes."""
    return f"{plugin}\n{what}".encode()[:250]


def refuse(fault: Fault) -> None:
    """Raise the `PluginError` of a fault: for commands in which nobody is waiting for another exercise."""
    raise PluginError(f"Plugin {fault.plugin}: {fault.says}")


class _NonsenseError(Exception):
    """An answer is none."""


class Watch:
    """Puts guards around exercises, and knows which plugins have gone wrong.

    ``on_fault`` is called with the first fault of each plugin, on the thread of the call; `refuse` ends the command.
    ``clock`` (seconds) measures what calls take; without it nothing is too slow.
    """

    def __init__(
        self,
        on_fault: Callable[[Fault], None] = refuse,
        *,
        clock: Callable[[], float] | None = None,
        mark: Mark | None = None,
    ) -> None:
        self._on_fault, self._clock, self.mark = on_fault, clock, mark or NoMark()
        self._slugs: dict[str, list[str]] = {}
        self.faults: dict[str, Fault] = {}

    @property
    def out(self) -> frozenset[str]:
        """The slugs of the exercises whose plugin has gone wrong."""
        return frozenset(slug for plugin in self.faults for slug in self._slugs.get(plugin, ()))

    def fault(self, plugin: str, kind: str, says: str) -> None:
        """Take a plugin out of use; only its first fault is told."""
        if plugin not in self.faults:
            self.faults[plugin] = Fault(plugin, kind, says)
            self._on_fault(self.faults[plugin])

    def guard(self, plugin: str, exercise: Exercise) -> Exercise:
        """Return the exercise with a guard around each of its functions."""
        self._slugs.setdefault(plugin, []).append(exercise.slug)
        of = f"of '{exercise.slug}'"

        def yes_no(what: str, function: Callable[Given, object]) -> Callable[Given, bool]:
            return self._guarded(plugin, f"{what} {of}", function, _yes_no, False, POSE_BUDGET_S)

        def number(what: str, function: Callable[Given, object], budget_s: float) -> Callable[Given, float]:
            return self._guarded(plugin, f"{what} {of}", function, _number, math.nan, budget_s)

        def checked(check: Check) -> Check:
            if check.measure is None:
                return check
            what = f"the check '{check.slug}'"
            if isinstance(check.measure, RepPercentile):  # ours, round a function of the plugin
                of_pose = number(what, check.measure.measure, POSE_BUDGET_S)
                return replace(check, measure=replace(check.measure, measure=of_pose))
            of_rep = check.phase is Phase.WHOLE or check.assessed_by is AssessedBy.SECOND_MODEL
            measure = number(what, check.measure, REP_BUDGET_S if of_rep else POSE_BUDGET_S)
            return replace(check, measure=cast(Measure, measure))

        hold = exercise.hold
        return replace(
            exercise,
            start=yes_no("start", exercise.start),
            effort=number("effort", exercise.effort, POSE_BUDGET_S),
            hold=None if hold is None else replace(hold, posture=yes_no("hold.posture", hold.posture)),
            checks=tuple(checked(check) for check in exercise.checks),
            sides=tuple(
                replace(side, of_side=number(f"the side measure '{side.name}'", side.of_side, REP_BUDGET_S))
                for side in exercise.sides
            ),
        )

    def _guarded(
        self,
        plugin: str,
        what: str,
        function: Callable[Given, object],
        read: Callable[[object], Answer],
        otherwise: Answer,
        budget_s: float,
    ) -> Callable[Given, Answer]:
        noted, budget = label(plugin, what), _Budget(budget_s, self._clock)

        @wraps(function)  # whoever looks for the package of a measure finds that of the plugin
        def call(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
            if plugin in self.faults:
                return otherwise
            budget.begin()
            self.mark.enter(noted)
            try:
                answer = read(function(*args, **kwargs))
            except _NonsenseError as error:
                self.fault(plugin, "nonsense", f"{what} returned {error}")
                return otherwise
            except (Exception, SystemExit) as error:  # noqa: BLE001 - the door to a plugin: what it raises is its own problem
                self.fault(plugin, "raised", f"{what} raised {reason_of(error)}")
                return otherwise
            finally:
                self.mark.leave()
            if budget.is_spent():
                self.fault(plugin, "slow", f"{what} takes too long: {budget}")
            return answer

        return call


def attempt(call: Callable[[], object]) -> str | None:
    """Call a hook of a plugin; return what it raised, None where it came back."""
    try:
        call()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the door to a plugin: what it raises is its own problem
        return reason_of(error)
    return None


class _Budget:
    """The time of one function: each call earns ``budget_s``, and what it takes is paid from what was saved."""

    def __init__(self, budget_s: float, clock: Callable[[], float] | None) -> None:
        self._budget_s, self._clock = budget_s, clock
        self._left_s = CREDIT_S
        self._began_s = self._took_s = 0.0

    def begin(self) -> None:
        if self._clock is not None:
            self._began_s = self._clock()

    def is_spent(self) -> bool:
        """Whether the call that has just ended used up what was left."""
        if self._clock is None:
            return False
        self._took_s = self._clock() - self._began_s
        self._left_s = min(CREDIT_S, self._left_s + self._budget_s - self._took_s)
        return self._left_s < 0

    def __str__(self) -> str:
        return f"{1000 * self._took_s:.0f} ms for a call, and {1000 * self._budget_s:.0f} ms are its share of a frame"


def _yes_no(answer: object) -> bool:
    if isinstance(answer, bool | np.bool_):
        return bool(answer)
    raise _NonsenseError(f"{_shown(answer)}, and must return True or False")


def _number(answer: object) -> float:
    if isinstance(answer, bool | np.bool_) or not isinstance(answer, Real):
        raise _NonsenseError(f"{_shown(answer)}, and must return a number, NaN where nothing was seen")
    value = float(answer)
    if math.isinf(value):
        raise _NonsenseError(f"{value}, and must return a finite number, NaN where nothing was seen")
    return value


def _shown(answer: object) -> str:
    if isinstance(answer, np.ndarray):
        return f"an array of the shape {answer.shape}"
    return f"{type(answer).__name__} ({repr(answer)[:40]})" if isinstance(answer, str | bool) else type(answer).__name__


def reason_of(error: BaseException) -> str:
    """Return the kind and the words of an error, on one line, with the place where it was raised."""
    # Of the standard library, since it stands even errors whose own words cannot be had.
    said = " ".join(traceback.format_exception_only(error)[-1].split())[:300]
    frames = traceback.extract_tb(error.__traceback__)
    if len(frames) < 2:
        return said
    return f"{said} ({frames[-1].filename.rpartition('/')[2]}, line {frames[-1].lineno})"
