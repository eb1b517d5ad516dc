"""How large a fault looks: the plugins' own measures on true keypoints, seen by the ideal camera.

The suite asks for sizes in the units of the checks ("knees 0.75 ankle widths apart"); this finds the parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import cast

import numpy as np

from kiosk import Check, Exercise
from kiosk.movement.exercise import PoseMeasure, RepMeasure
from kiosk.movement.pose import Pose, PoseTrack
from kiosk.movement.reps import Phase, Rep, RepTrace
from kiosk.plugins import load_plugins
from tests.people.body import Body, Posture
from tests.people.motion import at_depth
from tests.people.mounting import IDEAL_SIZE_PX, ideal_camera
from tests.people.push_up import PushUpFaults, PushUpStation, push_up_posture
from tests.people.scenario import Mounting, Person, RepPlan, Scenario
from tests.people.squat import SquatFaults, squat_posture
from tests.people.truth import squat_truths

#: The moments of a rep at which whole-rep measures look: times in s and amounts, bottom in the middle.
_TIMES = np.linspace(0.0, 2.0, 9)
_AMOUNTS = 0.5 - 0.5 * np.cos(np.pi * _TIMES)
_BOTTOM = len(_TIMES) // 2
#: A parameter is found when its size is right to this share of the range of sizes.
_NEAR_ENOUGH, _MOST_ROUNDS = 0.01, 14


#: Checks whose truth 17 keypoints do not hold.
OF_FEET_AND_BACK = ("feet-turn-out", "feet-turn-in", "heels-rise", "low-back-rounds", "low-back-arches")


@cache
def _exercises() -> Mapping[str, Exercise]:
    return load_plugins().exercises


def exercise_of(scenario: Scenario) -> Exercise:
    """Return the exercise that a scenario shows; KeyError where its plugin is not installed."""
    return _exercises()[scenario.exercise]


def size_of(check: str, scenario: Scenario, faults: Mapping[str, float]) -> float:
    """Return what a check's true value is in a rep with these faults, besides the style of the scenario.

    For checks by the second model it is the truth of feet and back. Raises KeyError for an unknown check.
    """
    return _Sized(scenario, faults).value(check)


def sizes_of(scenario: Scenario, faults: Mapping[str, float]) -> dict[str, float]:
    """Return the true values of all checks of the scenario's view in a rep with these faults."""
    rep = _Sized(scenario, faults)
    checks = [check for check in exercise_of(scenario).checks if scenario.view in check.views]
    return {check.slug: rep.value(check.slug) for check in checks if check.slug != "shoulders-out-of-step"}


def fault_for(
    check: str, wanted: float, scenario: Scenario, faults: Callable[[float], Mapping[str, float]], most: float
) -> float:
    """Return the parameter, from 0 to ``most``, with which the true value of a check is as wanted.

    ``faults`` turns a parameter into faults. Where no parameter gives that size, it is the end that comes nearer.
    """
    ends = [(at, size_of(check, scenario, faults(at)) - wanted) for at in (0.0, most)]
    if ends[0][1] * ends[1][1] > 0:
        return min(ends, key=lambda end: abs(end[1]))[0]
    near = _NEAR_ENOUGH * abs(ends[1][1] - ends[0][1])
    middle = 0.0
    for turn in range(_MOST_ROUNDS):
        (low, off_low), (high, off_high) = ends
        # False position goes straight to it where sizes grow evenly; halving in between where they do not.
        middle = (low + high) / 2 if turn % 2 else low - off_low * (high - low) / (off_high - off_low)
        off = size_of(check, scenario, faults(middle)) - wanted
        if abs(off) <= near:
            break
        ends = [ends[0], (middle, off)] if off * off_low < 0 else [(middle, off), ends[1]]
    return middle


class _Sized:
    """One rep of a scenario's person without any variation, seen by the ideal camera from its right flank."""

    def __init__(self, scenario: Scenario, faults: Mapping[str, float]) -> None:
        # The right flank: there the person faces +x, as measures want it.
        self._scenario = replace(scenario, camera=Mounting(flank="right"))
        self._faults = scenario.faults_of(RepPlan(faults))
        self._body = Body.load(scenario.person.body, scenario.person.stature_m)
        self._poses: dict[float, Pose] = {}

    def value(self, slug: str) -> float:
        checks = {check.slug: check for check in exercise_of(self._scenario).checks}
        check = checks[slug]
        if slug in OF_FEET_AND_BACK:
            return squat_truths(self._body, self._posture(1.0), self._posture(0.0))[slug]
        return self._measured(check)

    def _measured(self, check: Check) -> float:
        top = self._pose(0.0)
        if check.phase is Phase.WHOLE:
            poses = [self._pose(float(amount)) for amount in _AMOUNTS]
            track = PoseTrack(np.stack([pose.xy for pose in poses]), np.ones((len(poses), 17)), _TIMES, IDEAL_SIZE_PX)
            last = len(_TIMES) - 1
            middle_s, end_s = float(_TIMES[_BOTTOM]), float(_TIMES[last])
            rep = Rep(
                number=1,
                start=0,
                bottom=_BOTTOM,
                end=last,
                start_s=0.0,
                bottom_s=middle_s,
                end_s=end_s,
                eccentric_s=middle_s,
                pause_s=0.0,
                concentric_s=end_s - middle_s,
                range_of_motion=1.0,
                complete=True,
            )
            return float(cast(RepMeasure, check.measure)(RepTrace(rep, track, top, self._scenario.view)))
        pose = top if check.phase is Phase.TOP else self._pose(1.0)
        return float(cast(PoseMeasure, check.measure)(pose, top))

    def _pose(self, amount: float) -> Pose:
        key = round(amount, 6)
        if key not in self._poses:
            camera = ideal_camera(self._scenario, self._station())
            xy, _ = camera.project(self._body.keypoints_at(self._posture(amount)))
            self._poses[key] = Pose(xy, np.ones(17), 0.0, IDEAL_SIZE_PX)
        return self._poses[key]

    def _station(self) -> PushUpStation | None:
        faults = self._scenario.faults_of(RepPlan())
        if not isinstance(faults, PushUpFaults):
            return None
        return _station(self._scenario.person, faults.bar_h, faults.grip, faults.feet)

    def _posture(self, amount: float) -> Posture:
        station, faults = self._station(), self._faults
        if isinstance(faults, SquatFaults) or station is None:
            return squat_posture(self._body, amount, cast(SquatFaults, faults))
        return push_up_posture(self._body, station, amount, amount, at_depth(faults, amount))


@cache
def _station(person: Person, bar_h: float, grip: float, feet: float) -> PushUpStation:
    return PushUpStation.of(Body.load(person.body, person.stature_m), PushUpFaults(bar_h=bar_h, grip=grip, feet=feet))
