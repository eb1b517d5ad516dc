"""Outcomes that a test makes up: one check, "tilt", of sets whose reps were all counted."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kiosk.bench.accuracy.outcome import SetOutcome, Values
from kiosk.bench.accuracy.settled import IDENTITY, Line, SetSaid, said_of
from kiosk.movement.exercise import Check
from kiosk.movement.view import View
from tests.movement.made import a_check


def outcome(measured: Sequence[float], true: Sequence[float], name: str = "set", **more: Any) -> SetOutcome:
    """A set with one check, "tilt" (clear 10, sign 20), whose reps were all counted."""
    count = len(true)
    one = SetOutcome(
        name=name,
        model="a-model",
        part="report",
        exercise="tilting",
        view=View.FRONT,
        factors={},
        true_reps=count,
        numbers=tuple(range(1, len(measured) + 1)),
        matches=tuple((k, k) for k in range(min(count, len(measured)))),
        idle_s=30.0,
        seen_as="tilting",
        seen_from=View.FRONT,
        values={"tilt": Values(tuple(measured), tuple(true))},
    )
    return replace(one, **more)


def constant(measured: float, true: float, name: str = "set", **more: Any) -> SetOutcome:
    return outcome([measured] * 5, [true] * 5, name, **more)


def said(*sets: SetOutcome, check: Check | None = None, line: Line = IDENTITY) -> list[SetSaid]:
    return list(said_of(check or a_check(), sets, line))
