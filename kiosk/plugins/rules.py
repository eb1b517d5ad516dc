"""What an exercise must be to be taken in: its data, and what its functions say of an empty picture."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import fields

import numpy as np

from kiosk.errors import PluginError
from kiosk.movement.exercise import AssessedBy, Check, Exercise, Hold, Pass, SideMeasure
from kiosk.movement.pose import KEYPOINTS, Pose
from kiosk.movement.reps import Phase, RepPercentile

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def refuse_unsound(exercise: object) -> Exercise:
    """Return what a plugin handed over as an exercise. Raises `PluginError` saying what is wrong with it."""
    if not isinstance(exercise, Exercise):
        raise PluginError(f"kiosk_register_exercises gave {type(exercise).__name__}, not an Exercise.")
    if not isinstance(exercise.slug, str) or not _SLUG.fullmatch(exercise.slug):
        raise PluginError(f"the slug {exercise.slug!r} must be small letters, digits and single hyphens.")
    for problem in _problems(exercise):
        raise PluginError(f"the exercise '{exercise.slug}': {problem}.")
    return exercise


def _problems(exercise: Exercise) -> Iterable[str]:
    # Read as whatever they are: Python does not hold a plugin to its types.
    found: dict[str, object] = {one.name: getattr(exercise, one.name) for one in fields(exercise)}
    for name in ("title", "start_ask"):
        text = found[name]
        if not isinstance(text, str) or not text.strip():
            yield f"{name} must be a text, not {text!r}"
    for name in ("least_range", "shortest_s"):
        value = found[name]
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
            yield f"{name} must be a number above 0, not {value!r}"
    for name, kind, least in (("passes", Pass, 1), ("checks", Check, 0), ("sides", SideMeasure, 0)):
        yield from _wrong_kind(name, found[name], kind, least)
    if not isinstance(found["hold"], Hold | None):
        yield f"hold must be a Hold, not {type(found['hold']).__name__}"
    yield from _not_callable(exercise)
    slugs = [check.slug for check in exercise.checks]
    for slug in dict.fromkeys(slug for slug in slugs if slugs.count(slug) > 1):
        yield f"the check '{slug}' is declared {slugs.count(slug)} times: each slug may be used once"


def _wrong_kind(name: str, found: object, kind: type, least: int) -> Iterable[str]:
    if not isinstance(found, tuple) or len(found) < least:
        yield f"{name} must be a tuple of {kind.__name__}{' and not empty' if least else ''}"
        return
    for one in found:
        if not isinstance(one, kind):
            yield f"{name} holds {type(one).__name__}, and must hold {kind.__name__}"


def _not_callable(exercise: Exercise) -> Iterable[str]:
    functions: list[tuple[str, object]] = [("start", exercise.start), ("effort", exercise.effort)]
    if exercise.hold is not None:
        functions.append(("hold.posture", exercise.hold.posture))
    functions += [(f"the side measure '{side.name}'", side.of_side) for side in exercise.sides]
    for check in exercise.checks:
        if check.assessed_by is not AssessedBy.NOTHING:
            measure: object = check.measure
            if isinstance(measure, RepPercentile):
                if check.phase is not Phase.WHOLE:
                    yield f"the check '{check.slug}' is a RepPercentile: its phase must be 'whole', not '{check.phase}'"
                measure = measure.measure
            functions.append((f"the measure of the check '{check.slug}'", measure))
    for name, function in functions:
        if not callable(function):
            yield f"{name} must be a function, not {type(function).__name__}"


def try_out(guarded: Exercise) -> None:
    """Call an exercise's functions of a pose once, with a picture in which nobody is, so that its guard sees them.

    Whoever fails here would fail in front of the first member.
    """
    nobody = Pose(np.full((KEYPOINTS, 2), np.nan), np.zeros(KEYPOINTS), 0.0, (640, 480))
    guarded.start(nobody)
    if guarded.hold is not None:
        guarded.hold.posture(nobody)
    guarded.effort(nobody, math.nan)
    for side in guarded.sides:
        for which in (0, 1):
            side.of_side(nobody, nobody, which)
    for check in guarded.checks:
        if check.of_pose is not None:
            check.of_pose(nobody, nobody)
