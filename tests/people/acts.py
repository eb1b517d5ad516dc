"""What people do around the exercises: walk in and out, raise their arms, get down to the bench, bend, pass behind."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from kiosk.movement.pose import FloatArray
from tests.people.body import Body, Posture, blended
from tests.people.rotation import about_x, about_y
from tests.people.scenario import Scenario
from tests.people.squat import CLEAN, SquatFaults
from tests.people.walking import bending_posture, standing_posture, stride_m, walking_posture

#: A stride takes so long, and so long it takes to turn and to come to a stand.
STRIDE_S, TURN_S, STAND_S = 1.1, 0.8, 0.6
#: So far outside the picture a walk begins, metres: nothing of the person shows.
UNSEEN_M = 0.7
#: Getting down from a stand: this far through bending over, in two parts of so long.
BENT_AMOUNT, BEND_S, REACH_S = 0.75, 0.9, 0.8
#: One bend to the floor and back; raising the arms, holding them up and lowering them.
BENDING_S, ARMS_UP_S, ARMS_HELD_S, BETWEEN_S = 2.6, 1.3, 1.0, 0.8

Still = Callable[[Posture, float], Posture]


class Act(NamedTuple):
    """Something that lasts from one time to another: the posture at every time between."""

    begins_s: float
    ends_s: float
    posture: Callable[[float], Posture]


def walks_in(scenario: Scenario, body: Body, side: float, begins_s: float) -> list[Act]:
    """Return a walk from beyond one side of the picture (+1 its right) to the place, a turn to it, and a stand."""
    far = _beyond(scenario, scenario.camera.distance_m) * side * _across(scenario)
    walk_s = _walking_s(body, far)
    heading = _heading_deg(-far)

    def walk(t_s: float) -> Posture:
        left = 1.0 - (t_s - begins_s) / walk_s
        return walking_posture(body, _phase(t_s - begins_s)).placed(left * far[0], left * far[1], heading)

    def turn(t_s: float) -> Posture:
        share = eased((t_s - arrives_s) / TURN_S)
        stopping = blended(walking_posture(body, _phase(walk_s)), standing_posture(body), share)
        return stopping.placed(0.0, 0.0, (1.0 - share) * heading)

    arrives_s = begins_s + walk_s
    stands_s = arrives_s + TURN_S
    return [
        Act(begins_s, arrives_s, walk),
        Act(arrives_s, stands_s, turn),
        Act(stands_s, stands_s + STAND_S, lambda _t_s: standing_posture(body)),
    ]


def walks_out(scenario: Scenario, body: Body, side: float, begins_s: float) -> list[Act]:
    """Return a turn from the place to one side of the picture, and the walk until beyond it."""
    far = _beyond(scenario, scenario.camera.distance_m) * side * _across(scenario)
    walk_s = _walking_s(body, far)
    heading = _heading_deg(far)

    def turn(t_s: float) -> Posture:
        share = eased((t_s - begins_s) / TURN_S)
        return blended(standing_posture(body), walking_posture(body, 0.0), share).placed(0.0, 0.0, share * heading)

    def walk(t_s: float) -> Posture:
        since = t_s - begins_s - TURN_S
        share = since / walk_s
        return walking_posture(body, _phase(since)).placed(share * far[0], share * far[1], heading)

    leaves_s = begins_s + TURN_S
    return [Act(begins_s, leaves_s, turn), Act(leaves_s, leaves_s + walk_s, walk)]


def walks_past(scenario: Scenario, body: Body, side: float, behind_m: float, begins_s: float) -> Act:
    """Return a walk through the whole picture, so far behind the person's place, from one side (+1 its right)."""
    across = _across(scenario)
    away = np.array([-across[1], across[0]]) * behind_m
    start = side * _beyond(scenario, scenario.camera.distance_m + behind_m) * across
    walk_s = _walking_s(body, 2 * start)

    def walk(t_s: float) -> Posture:
        share = (t_s - begins_s) / walk_s
        place = away + (1.0 - 2.0 * share) * start
        return walking_posture(body, _phase(t_s - begins_s)).placed(place[0], place[1], _heading_deg(-start))

    return Act(begins_s, begins_s + walk_s, walk)


def raises_arms(
    body: Body, still: Still, faults: SquatFaults, takes_s: float, begins_s: float, *, lowers: bool = False
) -> list[Act]:
    """Return the arms going from hanging to overhead, or back."""

    def raising(t_s: float) -> Posture:
        share = eased((t_s - begins_s) / takes_s)
        return still(standing_posture(body, 1.0 - share if lowers else share, faults), t_s)

    return [Act(begins_s, begins_s + takes_s, raising)]


def gets_down(body: Body, top: Posture, begins_s: float) -> list[Act]:
    """Return how somebody who stands bends over and puts the hands on the bench, to the top of a push-up."""
    bent, reaches_s = bending_posture(body, BENT_AMOUNT), begins_s + BEND_S
    return [
        Act(begins_s, reaches_s, _changing(standing_posture(body), bent, begins_s, BEND_S)),
        Act(reaches_s, reaches_s + REACH_S, _changing(bent, top, reaches_s, REACH_S)),
    ]


def gets_up(body: Body, top: Posture, begins_s: float) -> list[Act]:
    """Return the way back from the top of a push-up to a stand."""
    bent, rises_s = bending_posture(body, BENT_AMOUNT), begins_s + REACH_S
    return [
        Act(begins_s, rises_s, _changing(top, bent, begins_s, REACH_S)),
        Act(rises_s, rises_s + BEND_S, _changing(bent, standing_posture(body), rises_s, BEND_S)),
    ]


def negative(scenario: Scenario, body: Body, still: Still, begins_s: float) -> list[Act]:
    """Return what somebody does who does no exercise: stands, walks across and back, bends over, raises the arms."""
    motion = scenario.motion
    if scenario.exercise == "idle":
        standing = standing_posture(body)
        return [Act(begins_s, begins_s + motion.lasts_s, lambda t_s: still(standing, t_s))]
    acts: list[Act] = []
    for number in range(motion.repeats):
        now_s = acts[-1].ends_s if acts else begins_s
        if scenario.exercise == "walk":
            acts.append(walks_past(scenario, body, 1.0 if number % 2 else -1.0, 0.0, now_s))
        elif scenario.exercise == "bend":
            acts += _bends(body, still, now_s)
        else:
            acts += _raises_and_lowers(body, still, now_s)
    return acts


def eased(share: float) -> float:
    """Return a smooth way from 0 to 1 that starts and stops gently; 0 before it and 1 after it."""
    return 0.5 - 0.5 * math.cos(math.pi * min(1.0, max(0.0, share)))


def swayed(posture: Posture, ahead_deg: float, aside_deg: float) -> Posture:
    """Return it leaning as a whole about the feet: forwards, and to the own left."""
    turn = about_x(ahead_deg) @ about_y(aside_deg)
    return Posture(posture.rig, turn @ posture.rotation, posture.position @ turn.T)


def _bends(body: Body, still: Still, begins_s: float) -> list[Act]:
    def bending(t_s: float) -> Posture:
        share = (t_s - begins_s) / BENDING_S
        return still(bending_posture(body, 0.5 - 0.5 * math.cos(2 * math.pi * share)), t_s)

    upright_s = begins_s + BENDING_S
    rests = Act(upright_s, upright_s + BETWEEN_S, lambda t_s: still(bending_posture(body, 0.0), t_s))
    return [Act(begins_s, upright_s, bending), rests]


def _raises_and_lowers(body: Body, still: Still, begins_s: float) -> list[Act]:
    up_s = begins_s + ARMS_UP_S
    held_s = up_s + ARMS_HELD_S
    down_s = held_s + ARMS_UP_S
    return [
        *raises_arms(body, still, CLEAN, ARMS_UP_S, begins_s),
        Act(up_s, held_s, lambda t_s: still(standing_posture(body, 1.0), t_s)),
        *raises_arms(body, still, CLEAN, ARMS_UP_S, held_s, lowers=True),
        Act(down_s, down_s + BETWEEN_S, lambda t_s: still(standing_posture(body), t_s)),
    ]


def _changing(start: Posture, end: Posture, begins_s: float, takes_s: float) -> Callable[[float], Posture]:
    return lambda t_s: blended(start, end, eased((t_s - begins_s) / takes_s))


def _across(scenario: Scenario) -> FloatArray:
    """Return (2,): the way to the right of the picture, on the floor."""
    angle = math.radians(scenario.azimuth_deg + scenario.camera.yaw_deg)
    return np.array([math.cos(angle), math.sin(angle)])


def _beyond(scenario: Scenario, depth_m: float) -> float:
    """Return how far from mid-picture nothing of a person shows at so great a distance from the camera, metres."""
    return depth_m * math.tan(math.radians(scenario.camera.fov_deg / 2)) + UNSEEN_M


def _walking_s(body: Body, way: FloatArray) -> float:
    return float(np.hypot(*way)) / stride_m(body) * STRIDE_S


def _phase(since_s: float) -> float:
    return since_s / STRIDE_S


def _heading_deg(way: FloatArray) -> float:
    """Return how far somebody who faces -y turns to the own left to walk along ``way`` (2,)."""
    return math.degrees(math.atan2(way[0], -way[1]))
