"""What the people of a scenario do, moment by moment: postures as a function of time, from the scenario's seed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

import numpy as np

from kiosk.movement.pose import FloatArray
from tests.people.acts import (
    Act,
    eased,
    gets_down,
    gets_up,
    negative,
    raises_arms,
    swayed,
    walks_in,
    walks_out,
    walks_past,
)
from tests.people.body import Body, Posture
from tests.people.push_up import PushUpFaults, PushUpStation, push_up_posture
from tests.people.scenario import PUSH_UP, SQUAT, RepPlan, Scenario
from tests.people.squat import SquatFaults, squat_posture

#: How much reps of one set differ, as standard deviations: tempo as a share; faults in their own units, about as far
#: as people differ from rep to rep (DOMAIN 3.3, within-person rep SD).
TEMPO_SPREAD, LAG_SPREAD_S = 0.07, 0.008
SPREADS: Mapping[str, Mapping[str, float]] = {
    SQUAT: {"depth": 0.02, "lean_extra": 1.2, "arms_fwd": 2.0, "head_drop": 1.5, "knee_in": 0.8, "shift": 0.004},
    PUSH_UP: {"depth": 0.03, "sag": 0.8, "head_drop": 1.5, "flare": 1.5, "roll": 0.4, "lockout": 1.0},
}
#: How much somebody wavers while moving, in the same units, and how far a standing body sways about the feet, degrees.
WAVERS: Mapping[str, Mapping[str, float]] = {
    SQUAT: {"arms_fwd": 0.7, "head_drop": 1.0, "lean_extra": 0.4},
    PUSH_UP: {"sag": 0.4, "head_drop": 1.0},
}
SWAY_DEG = 0.25
#: The share of a sag that is there at the top of a push-up; roll and shift come in with the depth.
SAG_AT_TOP = 0.4


class Waver:
    """A slow, smooth, random function of time with mean 0 and standard deviation 1."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._hz = rng.uniform((0.08, 0.2, 0.35), (0.18, 0.33, 0.6))
        self._start = rng.uniform(0.0, 2 * math.pi, 3)

    def __call__(self, t_s: float) -> float:
        """Return the value at a time."""
        return float(np.sin(2 * math.pi * self._hz * t_s + self._start).sum() * math.sqrt(2 / 3))


@dataclass(frozen=True)
class TimedRep:
    """One rep as it goes: when, how long its parts take, what is particular about it, and what the scenario asked.

    ``lag_s``: how much later the right side is.
    """

    begins_s: float
    down_s: float
    hold_s: float
    up_s: float
    faults: SquatFaults | PushUpFaults
    plan: RepPlan
    lag_s: float

    @property
    def bottom_s(self) -> float:
        """The middle of its time at the bottom."""
        return self.begins_s + self.down_s + self.hold_s / 2

    @property
    def ends_s(self) -> float:
        """When it is back at the top."""
        return self.begins_s + self.down_s + self.hold_s + self.up_s

    def amount(self, t_s: float) -> float:
        """Return how far down it is, 0 at the top to 1 at its bottom."""
        since = t_s - self.begins_s
        if since < self.down_s:
            return eased(since / self.down_s)
        return 1.0 - eased((since - self.down_s - self.hold_s) / self.up_s)


class People(NamedTuple):
    """The postures of one moment; somebody who passes behind is not always there."""

    person: Posture
    passer_by: Posture | None


class Performance:
    """Everything that happens in a scenario; two of the same scenario are alike.

    ``reps`` are all reps, ``station`` where the hands of a push-up are, ``duration_s`` how long it all takes.
    """

    def __init__(self, scenario: Scenario, body: Body, passer_by: Body | None = None) -> None:
        rng = np.random.default_rng(scenario.seed)
        self.scenario, self.body = scenario, body
        self._wavers = {name: Waver(rng) for name in ("ahead", "aside", *sorted(WAVERS.get(scenario.exercise, ())))}
        self.station = self._place() if scenario.exercise == PUSH_UP else None
        self._acts: list[Act] = []
        self.reps: tuple[TimedRep, ...] = ()
        comes_from = 1.0 if rng.random() < 0.5 else -1.0
        self._perform(rng, comes_from)
        self.duration_s = self._acts[-1].ends_s
        self._passes = self._pass_by(passer_by, rng) if passer_by else None

    def at(self, t_s: float) -> People:
        """Return the postures at a time."""
        act = next((act for act in self._acts if t_s < act.ends_s), self._acts[-1])
        passes = self._passes
        there = passes is not None and passes.begins_s <= t_s < passes.ends_s
        return People(act.posture(t_s), passes.posture(t_s) if passes and there else None)

    def frame_times(self, fps: float) -> FloatArray:
        """Return (T,) seconds: when each frame is taken, the first at 0."""
        return np.arange(round(self.duration_s * fps)) / fps

    def _perform(self, rng: np.random.Generator, comes_from: float) -> None:
        scenario, motion = self.scenario, self.scenario.motion
        if motion.walks_in:
            self._then(lambda t_s: walks_in(scenario, self.body, comes_from, t_s))
        if scenario.is_negative:
            self._then(lambda t_s: negative(scenario, self.body, self._still, t_s))
        else:
            self._perform_set(rng)
        if motion.walks_out:
            leaves_to = comes_from if rng.random() < 0.5 else -comes_from
            self._then(lambda t_s: walks_out(scenario, self.body, leaves_to, t_s))

    def _perform_set(self, rng: np.random.Generator) -> None:
        scenario, motion = self.scenario, self.scenario.motion
        first, last = (scenario.faults_of(scenario.reps[place]) for place in (0, -1))
        if isinstance(first, SquatFaults) and motion.raises_arms_s:
            self._then(lambda t_s: raises_arms(self.body, self._still, first, motion.raises_arms_s, t_s))
        if self.station and motion.walks_in:
            top = self._push_up(0.0, 0.0, first)
            self._then(lambda t_s: gets_down(self.body, top, t_s))
        self.reps = tuple(timed_reps(scenario, self._now_s() + motion.lead_s, rng))
        moment = self._push_up_at if self.station else self._squat_at
        self._then(lambda t_s: [Act(t_s, self.reps[-1].ends_s + motion.tail_s, moment)])
        if isinstance(last, SquatFaults) and motion.walks_out:
            self._then(lambda t_s: raises_arms(self.body, self._still, last, 1.0, t_s, lowers=True))
        elif self.station and motion.walks_out:
            top = self._push_up(0.0, 0.0, last)
            self._then(lambda t_s: gets_up(self.body, top, t_s))

    def _then(self, acts: Callable[[float], list[Act]]) -> None:
        self._acts += acts(self._now_s())

    def _now_s(self) -> float:
        return self._acts[-1].ends_s if self._acts else 0.0

    def _place(self) -> PushUpStation:
        faults = self.scenario.faults_of(RepPlan())
        if not isinstance(faults, PushUpFaults):
            raise TypeError(f"{self.scenario.exercise} needs no bench")
        return PushUpStation.of(self.body, faults)

    def _pass_by(self, body: Body, rng: np.random.Generator) -> Act:
        begins_s = rng.uniform(0.1, 0.5) * self.duration_s
        return walks_past(self.scenario, body, 1.0 if rng.random() < 0.5 else -1.0, rng.uniform(1.1, 1.5), begins_s)

    def _still(self, posture: Posture, t_s: float) -> Posture:
        """Return the posture of somebody who stands, with the sway that nobody is without."""
        sway = SWAY_DEG * self.scenario.motion.jitter
        return swayed(posture, sway * self._wavers["ahead"](t_s), sway * self._wavers["aside"](t_s))

    def _squat_at(self, t_s: float) -> Posture:
        faults = self._faults_at(t_s)
        if not isinstance(faults, SquatFaults):
            raise TypeError("a squat has the faults of squats")
        amount = max(rep.amount(t_s) for rep in self.reps)
        return self._still(squat_posture(self.body, amount, faults), t_s)

    def _push_up_at(self, t_s: float) -> Posture:
        left, right = (max(rep.amount(t_s - side * rep.lag_s) for rep in self.reps) for side in (-0.5, 0.5))
        return self._push_up(left, right, self._faults_at(t_s))

    def _push_up(self, left: float, right: float, faults: SquatFaults | PushUpFaults) -> Posture:
        if not isinstance(faults, PushUpFaults) or self.station is None:
            raise TypeError("a push-up has the faults of push-ups")
        return push_up_posture(self.body, self.station, left, right, at_depth(faults, (left + right) / 2))

    def _faults_at(self, t_s: float) -> SquatFaults | PushUpFaults:
        """Return what is particular at a moment: of its rep; in a rest it changes from one rep's to the next."""
        before = [rep for rep in self.reps if rep.begins_s <= t_s]
        after = [rep for rep in self.reps if rep.begins_s > t_s]
        if not before or not after:
            faults = (before[-1] if before else after[0]).faults
        else:
            rest_s = after[0].begins_s - before[-1].ends_s
            share = (t_s - before[-1].ends_s) / rest_s if rest_s > 0 else 0.0
            faults = mixed(before[-1].faults, after[0].faults, eased(share))
        amounts = WAVERS[self.scenario.exercise]
        jitter = self.scenario.motion.jitter
        return replace(
            faults,
            **{name: getattr(faults, name) + jitter * size * self._wavers[name](t_s) for name, size in amounts.items()},
        )


def timed_reps(scenario: Scenario, begins_s: float, rng: np.random.Generator) -> list[TimedRep]:
    """Return the reps of a scenario, the first beginning at a time, with the differences that people have."""
    motion, reps = scenario.motion, []
    for plan in scenario.reps:
        tempo = np.exp(TEMPO_SPREAD * motion.jitter * rng.standard_normal(4))
        down_s, hold_s, up_s, rest_s = tempo * (motion.down_s, motion.hold_s, motion.up_s, motion.rest_s)
        strays_s = LAG_SPREAD_S * motion.jitter * float(rng.standard_normal())
        lag_s = plan.lag_ms / 1000 + strays_s if scenario.exercise == PUSH_UP else 0.0
        faults = varied(scenario, plan, rng)
        rep = TimedRep(begins_s, float(down_s), float(hold_s), float(up_s), faults, plan, lag_s)
        reps.append(rep)
        begins_s = rep.ends_s + float(rest_s)
    return reps


def varied(scenario: Scenario, plan: RepPlan, rng: np.random.Generator) -> SquatFaults | PushUpFaults:
    """Return the faults of a rep, a little different from what was asked."""
    faults = scenario.faults_of(plan)
    spreads = SPREADS[scenario.exercise]
    changes = {
        name: getattr(faults, name) + scenario.motion.jitter * size * float(rng.standard_normal())
        for name, size in spreads.items()
    }
    if isinstance(faults, SquatFaults) and faults.knee_in_right is not None:
        changes["knee_in_right"] = faults.knee_in_right + changes["knee_in"] - faults.knee_in
    return replace(faults, **changes)


def at_depth(faults: PushUpFaults, amount: float) -> PushUpFaults:
    """Return the faults as they are at an amount of a push-up: they grow on the way down, a shrug in its first half."""
    return replace(
        faults,
        shrug=faults.shrug * eased(2.0 * amount),
        sag=faults.sag * (SAG_AT_TOP + (1.0 - SAG_AT_TOP) * amount),
        roll=faults.roll * amount,
        shift=faults.shift * amount,
    )


def mixed(
    start: SquatFaults | PushUpFaults, end: SquatFaults | PushUpFaults, share: float
) -> SquatFaults | PushUpFaults:
    """Return what is ``share`` of the way from one to the other."""
    changes = {}
    for one in fields(start):
        values = [getattr(of, one.name) for of in (start, end)]
        if None not in values:
            changes[one.name] = (1.0 - share) * values[0] + share * values[1]
    return replace(start, **changes) if share < 1.0 else end
