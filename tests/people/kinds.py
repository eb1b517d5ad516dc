"""What the suite holds: which faults in which sizes, how many sets of each, and what is not an exercise at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kiosk.movement.view import View
from tests.people.scenario import PUSH_UP, SQUAT

Faults = Mapping[str, float]


@dataclass(frozen=True)
class Kind:
    """Sets that show one fault in some sizes, true values of a check: from just short of its sign to far beyond.

    ``faults`` turns a parameter from 0 to ``most`` into faults; ``signed`` ones go to the left and to the right in
    turn, with the parameter negative. ``style`` is laid over the person's own.
    """

    exercise: str
    view: View
    name: str
    check: str
    sizes: tuple[float, ...]
    sets: int
    most: float
    faults: Callable[[float], Faults]
    signed: bool = False
    style: Faults = field(default_factory=dict)


def _front(
    name: str, check: str, sizes: tuple[float, ...], sets: int, most: float, faults: Callable[[float], Faults]
) -> Kind:
    return Kind(SQUAT, View.FRONT, name, check, sizes, sets, most, faults)


def _side(check: str, sizes: tuple[float, ...], sets: int, most: float, faults: Callable[[float], Faults]) -> Kind:
    return Kind(SQUAT, View.SIDE, check, check, sizes, sets, most, faults)


def _push(check: str, sizes: tuple[float, ...], sets: int, most: float, faults: Callable[[float], Faults]) -> Kind:
    return Kind(PUSH_UP, View.SIDE, check, check, sizes, sets, most, faults)


#: Sizes are in the units of the checks. Signs begin (DOMAIN 3.2) at: knees 0.85 and 1.8, shift 0.12, lean 20, arms 25,
#: head 20, depth 0.25, arch 25; sag 9.5, pike 18, head 18 (30 degrees of the face), elbows 105 at the bottom and 150 at
#: the top, shrug 25, tilt 0.12, flare 72.
KINDS: tuple[Kind, ...] = (
    _front("knees-in", "knees-in", (0.92, 0.78, 0.62), 4, 30, lambda p: {"knee_in": p, "knee_in_right": p}),
    _front("left-knee-in", "knees-in", (0.78, 0.65), 2, 50, lambda p: {"knee_in": p, "knee_in_right": 0.0}),
    _front("right-knee-in", "knees-in", (0.78, 0.65), 2, 50, lambda p: {"knee_in": 0.0, "knee_in_right": p}),
    _front("knees-out", "knees-out", (1.7, 1.95, 2.2), 2, 45, lambda p: {"knee_in": -p}),
    Kind(SQUAT, View.FRONT, "shift", "weight-shift", (0.1, 0.16, 0.22), 3, 0.15, lambda p: {"shift": p}, signed=True),
    _front("feet-turn-out", "feet-turn-out", (20, 28, 36), 3, 50, lambda p: {"toe_out": p}),
    _front("feet-turn-in", "feet-turn-in", (3, 10, 16), 2, 40, lambda p: {"toe_out": 10 - p}),
    _side("forward-lean", (18, 26, 34), 4, 45, lambda p: {"lean_extra": p}),
    _side("arms-fall-forward", (21, 32, 45), 4, 60, lambda p: {"arms_fwd": p}),
    _side("head-drops", (17, 28, 40), 3, 70, lambda p: {"head_drop": p}),
    _side("shallow-depth", (0.21, 0.36, 0.52), 3, 0.8, lambda p: {"depth": 1.05 - p}),
    _side("heels-rise", (7, 13, 20), 3, 35, lambda p: {"heel_lift": p}),
    _side("low-back-arches", (14, 30), 3, 40, lambda p: {"arch": p}),
    _side("low-back-rounds", (18, 30, 42), 3, 60, lambda p: {"rounding": p}),
    _push("hips-sag", (10.5, 15, 21), 4, 40, lambda p: {"sag": p}),
    _push("hips-pike", (15, 24, 34), 3, 50, lambda p: {"sag": -p}),
    _push("shallow-depth", (102, 112, 124), 3, 0.9, lambda p: {"depth": 1.12 - p}),
    _push("no-lockout", (153, 143, 130), 3, 75, lambda p: {"lockout": p}),
    _push("head-drops", (11, 18, 26), 3, 70, lambda p: {"head_drop": p}),
    # No collar bone goes so far up that ears and shoulders come nearer by the 25 % of a sign.
    _push("shoulders-shrug", (8, 12), 3, 60, lambda p: {"shrug": p}),
    Kind(PUSH_UP, View.FRONT, "uneven", "uneven-push", (0.1, 0.16, 0.24), 3, 30, lambda p: {"roll": -p}, signed=True),
    # Elbows that far out need hands that far apart.
    Kind(PUSH_UP, View.FRONT, "flare", "elbows-flare", (68, 80), 3, 120, lambda p: {"flare": p}, style={"grip": 0.85}),
)


@dataclass(frozen=True)
class Lagging:
    """Sets of ten in which one side is late by so many milliseconds, the sides in turn."""

    lag_ms: float
    front: int
    rear: int


#: 0 is here as well: what is clean in sets of ten.
LAGGING = (Lagging(0, 4, 2), Lagging(40, 2, 0), Lagging(80, 5, 1), Lagging(120, 3, 1), Lagging(160, 2, 1))

#: Clean sets: exercise, view, how many. Those of push-ups from the front and rear are beside the ones of LAGGING.
CLEAN: tuple[tuple[str, View, int], ...] = (
    (SQUAT, View.FRONT, 26),
    (SQUAT, View.SIDE, 26),
    (PUSH_UP, View.SIDE, 22),
    (PUSH_UP, View.FRONT, 8),
    (PUSH_UP, View.REAR, 2),
)

#: Two kinds at once, by their names and the number of the size.
MIXED: tuple[tuple[str, View, tuple[str, int], tuple[str, int]], ...] = (
    (SQUAT, View.FRONT, ("knees-in", 1), ("shift", 1)),
    (SQUAT, View.FRONT, ("knees-in", 2), ("feet-turn-out", 1)),
    (SQUAT, View.FRONT, ("shift", 2), ("feet-turn-out", 2)),
    (SQUAT, View.SIDE, ("forward-lean", 1), ("arms-fall-forward", 1)),
    (SQUAT, View.SIDE, ("heels-rise", 1), ("forward-lean", 1)),
    (SQUAT, View.SIDE, ("low-back-rounds", 1), ("head-drops", 1)),
    (SQUAT, View.SIDE, ("shallow-depth", 1), ("arms-fall-forward", 2)),
    (PUSH_UP, View.SIDE, ("hips-sag", 1), ("head-drops", 1)),
    (PUSH_UP, View.SIDE, ("hips-pike", 1), ("shallow-depth", 1)),
    (PUSH_UP, View.SIDE, ("shallow-depth", 1), ("no-lockout", 1)),
    (PUSH_UP, View.SIDE, ("hips-sag", 2), ("no-lockout", 1)),
    (PUSH_UP, View.FRONT, ("uneven", 1), ("flare", 0)),
)

#: What is no exercise: what somebody does, the view, and what of [motion] is not as usual.
NOT_EXERCISES: tuple[tuple[str, View, Mapping[str, bool]], ...] = (
    ("idle", View.FRONT, {}),
    ("idle", View.SIDE, {}),
    ("idle", View.FRONT, {"second_person": True}),
    ("idle", View.SIDE, {"second_person": True}),
    ("idle", View.FRONT, {"walks_in": True, "walks_out": True}),
    ("idle", View.SIDE, {"walks_in": True, "walks_out": True}),
    ("idle", View.REAR, {"walks_in": True, "walks_out": True}),
    ("walk", View.FRONT, {}),
    ("walk", View.SIDE, {}),
    ("walk", View.FRONT, {"second_person": True}),
    ("arms", View.FRONT, {}),
    ("arms", View.SIDE, {}),
    ("arms", View.FRONT, {"walks_in": True}),
    ("bend", View.FRONT, {}),
    ("bend", View.SIDE, {}),
    ("bend", View.SIDE, {"walks_in": True}),
)
