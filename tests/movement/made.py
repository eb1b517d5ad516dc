"""Checks, findings and passes made to measure: exact values in, so that limits can be tried to the last digit."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from kiosk.movement.accuracy import Card, CheckAccuracy, ModelAccuracy
from kiosk.movement.assess import assess_pass
from kiosk.movement.exercise import AssessedBy, Check, Correction, Exercise, Pass
from kiosk.movement.passes import PassTrack
from kiosk.movement.pose import Keypoint, Pose, PoseTrack
from kiosk.movement.report import Finding, RepResult
from kiosk.movement.reps import Phase, Rep
from kiosk.movement.view import View

REP_FRAMES = 60
PHASES = ("inhibit", "lengthen", "activate", "integrate")


def value_of(pose: Pose, _top: Pose) -> float:
    """The value that `a_pass` hid in the pose."""
    return float(pose.xy[Keypoint.NOSE, 0])


def a_card(slug: str = "tilt", model: str = "a-model", **accuracy: Any) -> Card:
    """The card of an exercise that was measured with one model, in one check."""
    models = {model: ModelAccuracy(checks={slug: CheckAccuracy(**accuracy)})}
    return Card("tilting", "report", "made up", 1, 0, 1, models)


def a_check(
    slug: str = "tilt", clear: float | None = 10.0, sign: float | None = 20.0, error: float | None = 2.0, **more: Any
) -> Check:
    """A check of the front view that reads what `a_pass` was given, and whose error with "a-model" is known."""
    check = Check(
        slug=slug,
        title="Something tilts",
        checkpoint="knees",
        views=(View.FRONT,),
        assessed_by=AssessedBy.KEYPOINTS,
        phase=Phase.BOTTOM,
        unit="deg",
        clear=clear,
        sign=sign,
        weight=10.0,
        saw="We saw it.",
        cue="Look up",
        measure=value_of,
        card=a_card(slug, error=error),
    )
    return replace(check, **more)


def corrections(*phases: str) -> tuple[Correction, ...]:
    """One correction for each phase."""
    return tuple(Correction(p, f"{p}-it", p.title(), "1 set", "Do it.", "M", confirm=True) for p in phases)


def an_exercise(*checks: Check) -> Exercise:
    """An exercise with these checks; its reps come from `a_pass`."""
    return Exercise(
        slug="tilting",
        title="Tilting",
        passes=(Pass(View.FRONT, 5, "Tilt"),),
        start=lambda pose: True,
        effort=lambda pose, torso_px: 0.0,
        planted=(Keypoint.LEFT_ANKLE,),
        checks=checks,
        start_ask="Stand",
    )


def a_pass(values: Sequence[float], incomplete: Sequence[int] = ()) -> PassTrack:
    """A pass of one rep for each value, which is the same in all frames of the rep; some reps may be incomplete."""
    count = len(values) * REP_FRAMES
    t_s = np.arange(count + REP_FRAMES) / 30
    xy = np.zeros((len(t_s), 17, 2))
    effort = np.zeros(len(t_s))
    reps = []
    for number, value in enumerate(values, 1):
        start = (number - 1) * REP_FRAMES + 10
        bottom, end = start + 20, start + 40
        xy[start : end + 1, Keypoint.NOSE] = value
        effort[start : end + 1] = 1 - np.abs(np.arange(-20, 21)) / 20
        complete = number not in incomplete
        begins, turns, ends = (float(t_s[frame]) for frame in (start, bottom, end))
        reason = None if complete else "it did not come back to the top"
        reps.append(Rep(number, start, bottom, end, begins, turns, ends, 0.6, 0.1, 0.6, 1.0, complete, reason))
    track = PoseTrack(xy, np.ones((len(t_s), 17)), t_s, (640, 480))
    return PassTrack(track, np.full(len(t_s), 100.0), effort, tuple(reps))


def found(check: Check, values: Sequence[float], view: View = View.FRONT) -> Finding:
    """The finding of one check over reps with these values."""
    return assess_pass(an_exercise(check), a_pass(values), view)[1][0]


def results(check: Check, values: Sequence[float]) -> list[RepResult]:
    """The results of reps with these values."""
    return assess_pass(an_exercise(check), a_pass(values), View.FRONT)[0]


NAN = math.nan
