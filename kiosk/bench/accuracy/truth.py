"""The true value of every check in every true rep: the plugin's own measures, on exact keypoints in the true view."""

from __future__ import annotations

import math

import numpy as np

from kiosk.bench.accuracy.recordings import Labelled, TrueRep, ideal_track
from kiosk.movement.assess import measure, reference
from kiosk.movement.exercise import AssessedBy, Check, Exercise
from kiosk.movement.geometry import faces_right, turned
from kiosk.movement.passes import torso_lengths
from kiosk.movement.pose import FloatArray, PoseTrack
from kiosk.movement.reps import Rep
from kiosk.movement.view import View

#: The key of the true lag between left and right, for checks in milliseconds.
LAG = "lag_ms"
LAG_UNIT = "ms"


def true_values(exercise: Exercise, recording: Labelled) -> dict[str, list[float]]:
    """Return the true value of each check of the recording's view in each true rep; checks without a truth have none.

    What `Labelled` gives itself goes first; then comes the measure on the ideal keypoints, with the same windows as
    the product's. The person's own top is theirs on the true frames before the first descents.
    """
    view = recording.view
    checks = [check for check in exercise.checks if view in check.views and check.assessed_by is not AssessedBy.NOTHING]
    values = {check.slug: given for check in checks if (given := _given(check, recording.reps)) is not None}
    rest = [check for check in checks if check.slug not in values and check.assessed_by is not AssessedBy.SECOND_MODEL]
    if view is None or not rest:
        return values
    track = ideal_track(recording)
    torso = torso_lengths(track)
    effort = _effort(exercise, track, torso)
    reps = [_rep(number, rep, track.t_s, effort) for number, rep in enumerate(recording.reps, 1)]
    if view is View.SIDE and not faces_right(track):
        track = turned(track)
    top = reference(track, effort, reps)
    if top is None:
        return values
    return values | {check.slug: [measure(check, track, effort, rep, top, view) for rep in reps] for check in rest}


def _effort(exercise: Exercise, track: PoseTrack, torso: FloatArray) -> FloatArray:
    """Return the rep signal (T,); where a pose cannot belong to the exercise, as somebody steps up, on a line."""
    effort = np.array([exercise.effort(track.pose(k), torso[k]) for k in range(len(track))], np.float64)
    known = ~np.isnan(effort)
    return np.interp(track.t_s, track.t_s[known], effort[known]) if known.any() else np.zeros(len(effort))


def _given(check: Check, reps: tuple[TrueRep, ...]) -> list[float] | None:
    keys = (check.slug, LAG) if check.unit == LAG_UNIT else (check.slug,)
    for key in keys:
        if any(key in rep.truths for rep in reps):
            return [rep.truths.get(key, math.nan) for rep in reps]
    return None


def _rep(number: int, rep: TrueRep, t_s: FloatArray, effort: FloatArray) -> Rep:
    """Return the true rep in frames. Its range is that of the effort, which the standing frames are told by."""
    start, bottom, end = (int(np.argmin(np.abs(t_s - at))) for at in (rep.start_s, rep.bottom_s, rep.end_s))
    spread = float(np.nanmax(effort[start : end + 1]) - np.nanmin(effort[start : end + 1]))
    down, up = rep.bottom_s - rep.start_s, rep.end_s - rep.bottom_s
    return Rep(number, start, bottom, end, rep.start_s, rep.bottom_s, rep.end_s, down, 0.0, up, spread, complete=True)
