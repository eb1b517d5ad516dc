"""The truth of a rendered recording: taken from the posed body, never from the parameters that posed it.

README.md beside this explains the two files, NAME.truth.json and NAME.truth.npz.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kiosk.movement.pose import FloatArray, Keypoint
from kiosk.movement.reps import EDGE_SHARE
from tests.people.body import Body, Posture
from tests.people.measured import elbow_deg
from tests.people.motion import Performance, TimedRep
from tests.people.mounting import IDEAL_SIZE_PX, camera_of, ideal_camera
from tests.people.rotation import turn_of
from tests.people.scenario import SQUAT, Scenario

SCHEMA = 1
#: The way down or up is halved so often to find a time: a second becomes a millisecond.
_HALVINGS = 10
_LEFT_TOE, _RIGHT_TOE, _LEFT_HEEL, _RIGHT_HEEL = range(4)


@dataclass(frozen=True, eq=False)
class Truth:
    """What is true of a recording: ``t_s`` (T,), ``xy`` and ``ideal_xy`` (T, 17, 2) px, and what the JSON holds."""

    t_s: FloatArray
    xy: FloatArray
    ideal_xy: FloatArray
    facts: dict[str, Any]


def truth_of(scenario: Scenario, body: Body, performance: Performance) -> Truth:
    """Return the truth of a scenario, at the times of its frames."""
    mounted, ideal = camera_of(scenario, performance.station), ideal_camera(scenario, performance.station)
    t_s = performance.frame_times(scenario.camera.fps)
    world = np.stack([body.keypoints_at(performance.at(float(t)).person) for t in t_s])
    xy, ideal_xy = (camera.project(world.reshape(-1, 3))[0].reshape(len(t_s), -1, 2) for camera in (mounted, ideal))
    return Truth(t_s, xy, ideal_xy, facts_of(scenario, body, performance, len(t_s)))


def facts_of(scenario: Scenario, body: Body, performance: Performance, frames: int) -> dict[str, Any]:
    """Return what the JSON file holds, for so many frames."""
    camera = scenario.camera
    standing = performance.at(performance.reps[0].begins_s).person if performance.reps else None
    return {
        "schema": SCHEMA,
        "exercise": None if scenario.is_negative else scenario.exercise,
        "view": scenario.view.value,
        "part": scenario.part,
        "fps": camera.fps,
        "size_px": [camera.width_px, camera.height_px],
        "ideal_size_px": list(IDEAL_SIZE_PX),
        "duration_s": frames / camera.fps,
        "factors": factors_of(scenario, body),
        "reps": [_rep_facts(scenario, body, performance, rep, standing) for rep in performance.reps],
    }


def factors_of(scenario: Scenario, body: Body) -> dict[str, Any]:
    """Return what groups recordings: the person, the room and the camera."""
    person, camera, motion = scenario.person, scenario.camera, scenario.motion
    return {
        "body": body.name,
        "sex": body.sex,
        "age": str(body.age_years),
        "build": body.build,
        "stature_m": round(body.stature_m, 3),
        "skin": person.outfit.skin,
        "clothes": person.outfit.top,
        "sleeves": person.outfit.sleeves,
        "bottom": person.outfit.bottom,
        "shoes": "barefoot" if person.outfit.shoes is None else "shod",
        "hair": person.outfit.hair,
        "light": scenario.scene.light,
        "room": scenario.scene.room,
        "support": None if scenario.is_negative or scenario.exercise == SQUAT else scenario.scene.support,
        "flank": camera.flank if scenario.view.value == "side" else None,
        "height_m": camera.height_m,
        "yaw_deg": camera.yaw_deg,
        "distance_m": camera.distance_m,
        "fov_deg": camera.fov_deg,
        "fps": camera.fps,
        "flicker": camera.flicker,
        "walks_in": motion.walks_in,
        "walks_out": motion.walks_out,
        "second_person": motion.second_person,
        "negative": scenario.exercise if scenario.is_negative else None,
    }


def truth_file(stem: Path) -> Path:
    """Return where the JSON of a recording's truth is; ``stem`` is its place and name without an ending."""
    return stem.with_name(f"{stem.name}.truth.json")


def write_truth(stem: Path, truth: Truth, extra: dict[str, Any]) -> None:
    """Write ``stem``.truth.npz and then, with what is extra, ``stem``.truth.json: with it a recording is whole."""
    arrays, facts = stem.with_name(f"{stem.name}.truth.npz"), truth_file(stem)
    part = stem.with_name(f".{stem.name}.part")
    with part.open("wb") as file:
        np.savez_compressed(
            file, t_s=truth.t_s, xy=truth.xy.astype(np.float32), ideal_xy=truth.ideal_xy.astype(np.float32)
        )
    part.replace(arrays)
    part.write_text(json.dumps({**truth.facts, **extra}, indent=1) + "\n", encoding="utf-8")
    part.replace(facts)


def _rep_facts(
    scenario: Scenario, body: Body, performance: Performance, rep: TimedRep, standing: Posture | None
) -> dict[str, Any]:
    start_s, end_s = rep_edges_s(scenario, body, performance, rep)
    truths = {}
    if scenario.exercise != SQUAT:
        # The angle in space, which no picture shows as it is: elbows point outwards.
        points = body.keypoints_at(performance.at(rep.bottom_s).person)
        elbow = (elbow_deg(points, 0) + elbow_deg(points, 1)) / 2
        truths = {"lag_ms": lag_ms(body, performance, rep), "shallow-depth": elbow}
    elif standing is not None:
        truths = squat_truths(body, performance.at(rep.bottom_s).person, standing)
    return {
        "start_s": round(start_s, 4),
        "bottom_s": round(rep.bottom_s, 4),
        "end_s": round(end_s, 4),
        "faults": {**rep.plan.faults, **({"lag_ms": rep.plan.lag_ms} if rep.plan.lag_ms else {})},
        "truths": {name: round(value, 2) for name, value in truths.items()},
    }


def rep_edges_s(scenario: Scenario, body: Body, performance: Performance, rep: TimedRep) -> tuple[float, float]:
    """Return when a tenth of a rep's way down is done and when a tenth of its way up is left, in seconds.

    The way is that of the hips of a squat or the shoulders of a push-up, by their keypoints.
    """
    joint = Keypoint.LEFT_HIP if scenario.exercise == SQUAT else Keypoint.LEFT_SHOULDER

    def height_m(t_s: float) -> float:
        return float(body.keypoints_at(performance.at(t_s).person)[joint : joint + 2, 2].mean())

    start_s, end_s = (_passes_s(height_m, top_s, rep.bottom_s, EDGE_SHARE) for top_s in (rep.begins_s, rep.ends_s))
    return start_s, end_s


def lag_ms(body: Body, performance: Performance, rep: TimedRep) -> float:
    """Return by how much later the right shoulder is half-way down and half-way up than the left, on average.

    It is a little less than what the scenario asks: the trunk joins both sides.
    """
    passes_s = []
    for shoulder in (Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER):

        def height_m(t_s: float, shoulder: Keypoint = shoulder) -> float:
            return float(body.keypoints_at(performance.at(t_s).person)[shoulder, 2])

        late_s = abs(rep.lag_s) / 2
        ways = (rep.begins_s - late_s, rep.ends_s + late_s)
        passes_s.append([_passes_s(height_m, top_s, rep.bottom_s, 0.5) for top_s in ways])
    return 1000 * float(np.mean(passes_s[1]) - np.mean(passes_s[0]))


def _passes_s(height_m: Callable[[float], float], top_s: float, bottom_s: float, share: float) -> float:
    """Return when a height is a share of its way from that at the top to that at the bottom, to milliseconds."""
    top_m = height_m(top_s)
    level_m = top_m + share * (height_m(bottom_s) - top_m)
    before_s, after_s = top_s, bottom_s
    for _ in range(_HALVINGS):
        middle_s = (before_s + after_s) / 2
        before_s, after_s = (middle_s, after_s) if height_m(middle_s) > level_m else (before_s, middle_s)
    return (before_s + after_s) / 2


def squat_truths(body: Body, bottom: Posture, standing: Posture) -> dict[str, float]:
    """Return what seventeen keypoints cannot give of the bottom of a squat, by check, in degrees.

    feet-turn-out: how far the feet point outwards of straight ahead, mean of both. heels-rise: how much further the
    line from toe to heel points up than in standing. low-back-rounds: how much further the upper trunk bends forward
    of the pelvis than in standing. feet-turn-in and low-back-arches are the opposites.
    """
    turned_out = float(np.mean(turn_out_deg(body, bottom)))
    raised = float(np.mean(heel_pitch_deg(body, bottom)) - np.mean(heel_pitch_deg(body, standing)))
    rounds = back_bend_deg(bottom) - back_bend_deg(standing)
    return {
        "feet-turn-out": turned_out,
        "feet-turn-in": -turned_out,
        "heels-rise": raised,
        "low-back-rounds": rounds,
        "low-back-arches": -rounds,
    }


def turn_out_deg(body: Body, posture: Posture) -> tuple[float, float]:
    """Return how far the left and the right foot point outwards of straight ahead on the floor, in degrees.

    A foot points along its middle, from the heel to the base of the third toe.
    """
    feet = body.feet_at(posture)
    left, right = posture.at("toe3-1.L") - feet[_LEFT_HEEL], posture.at("toe3-1.R") - feet[_RIGHT_HEEL]
    return math.degrees(math.atan2(left[0], -left[1])), math.degrees(math.atan2(-right[0], -right[1]))


def heel_pitch_deg(body: Body, posture: Posture) -> tuple[float, float]:
    """Return how far up the line from big toe to heel points, left and right, in degrees."""
    feet = body.feet_at(posture)
    left, right = (feet[heel] - feet[toe] for heel, toe in ((_LEFT_HEEL, _LEFT_TOE), (_RIGHT_HEEL, _RIGHT_TOE)))
    return _rise_deg(left), _rise_deg(right)


def back_bend_deg(posture: Posture) -> float:
    """Return how far the upper trunk (bone spine01) is bent forward of the pelvis (root), in degrees."""
    index = posture.rig.index
    pelvis, chest = (posture.rotation[index[bone]] for bone in ("root", "spine01"))
    return math.degrees(float(turn_of(pelvis.T @ chest)[0]))


def _rise_deg(way: FloatArray) -> float:
    return math.degrees(math.atan2(way[2], math.hypot(way[0], way[1])))
