"""What a report says in sentences about its passes: what was not seen, and how thin the ground is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kiosk.movement.exercise import Exercise
from kiosk.movement.holds import held_s
from kiosk.movement.pose import Side
from kiosk.movement.view import View

if TYPE_CHECKING:
    from kiosk.movement.judge import SeenPass

#: Fewer complete reps than this in a pass are named as thin ground (DOMAIN 4).
FEW_REPS = 3
#: So is a hold that lasted for less: it has one or two values of each check.
SHORT_HOLD_S = 10.0
#: A hold that ends so shortly before its time is taken for whole: smoothing moves its ends by a few frames.
NEARLY_S = 1.0


def pass_notes(exercise: Exercise, passes: Sequence[SeenPass], pain: bool) -> Iterator[str]:
    """Yield the sentences about the passes of a visit or a recording."""
    if pain:
        yield "You said that it hurt: the scan ended and there is no score. Please talk to staff or a doctor."
    for one in passes:
        yield from _of_hold(one) if exercise.hold else _of_reps(one)


def place(view: View, done_on: Side | None) -> str:
    """Return from where a pass was seen, and with which side it was done: "the front, on the left"."""
    return f"the {view}" if done_on is None else f"the {view}, on the {done_on}"


def _of_reps(one: SeenPass) -> Iterator[str]:
    complete, where = len(one.read.complete), place(one.view, one.read.done_on)
    if not complete:
        yield f"No complete rep was seen from {where}. {_attempts(one, 'rep')}"
    elif complete < FEW_REPS:
        yield f"Only {complete} complete {'rep' if complete == 1 else 'reps'} from {where}: a hint, no more."
    if one.asked and 0 < complete < one.asked:
        yield f"The pass from {where} ended after {complete} of {one.asked} reps."


def _of_hold(one: SeenPass) -> Iterator[str]:
    lasted_s, where = held_s(one.read.complete), place(one.view, one.read.done_on)
    if not lasted_s:
        yield f"No hold was seen from {where}. {_attempts(one, 'hold')}"
    elif lasted_s < SHORT_HOLD_S:
        yield f"Only {lasted_s:.0f} s were held, seen from {where}: a hint, no more."
    if one.asked_s and 0 < lasted_s < one.asked_s - NEARLY_S:
        yield f"The hold, seen from {where}, ended after {lasted_s:.0f} of {one.asked_s:.0f} s."


def _attempts(one: SeenPass, each: str) -> str:
    if not one.read.reps:
        return f"Nothing that looked like a {each} was seen either."
    return " ".join(f"An attempt at {rep.start_s:.1f} s did not count: {rep.reason}." for rep in one.read.reps)
