"""One pass of an exercise: from the raw track to smoothed poses, the effort signal and its reps."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kiosk.movement.breaks import find_breaks
from kiosk.movement.exercise import Exercise
from kiosk.movement.geometry import distance, pair, pairs
from kiosk.movement.holds import find_parts
from kiosk.movement.pose import MIRRORED, FloatArray, Keypoint, PoseTrack, Side
from kiosk.movement.quantiles import median, percentile, seen_median
from kiosk.movement.reps import Rep, Swing, edge, find_swings, make_rep, number_reps, own_range
from kiosk.movement.sides import repair_swaps
from kiosk.movement.smoothing import bridge, smooth

#: The torso length is the 80th percentile of what was seen within this time to both sides: it rides over the
#: moments in which a lean foreshortens it, and follows someone who steps nearer.
_TORSO_REACH_S = 3.0
_TORSO_STEP_S = 0.5
#: Turning points are looked for at this share of the least range, so that the ends of a rep are found near it.
_TURN_SHARE = 0.7
#: How far planted keypoints may travel during a rep, in torso lengths: together (a camera that is moved by hand
#: moves them too), and against each other (which no camera does).
_PLANTED_TRAVEL = 0.65
_PLANTED_SPREAD = 0.3
#: They also travel less than shoulders or hips do, by this share; keypoints shake by so many torso lengths.
_PLANTED_SHARE = 0.8
_PLANTED_JITTER = 0.15
_BODY = (Keypoint.LEFT_SHOULDER, Keypoint.LEFT_HIP)
#: For so long a hidden planted keypoint is taken to be where it was.
_PLANTED_HIDDEN_S = 2.0
#: Half the width of the median that takes glitches out of the signal; the fastest push-ups turn in 0.25 s.
_GLITCH_S = 0.1
#: A limb that was seen in less than the first share of the frames, while its counterpart was in more, and that by the
#: second share at least, comes and goes.
_STEADY_SHARE = 0.92
_FLICKER_SHARE = 0.08
_LIMBS = ((Keypoint.LEFT_ELBOW, Keypoint.LEFT_WRIST), (Keypoint.LEFT_KNEE, Keypoint.LEFT_ANKLE))


@dataclass(frozen=True, eq=False, slots=True)
class PassTrack:
    """A pass made ready for judging. ``effort`` and ``torso_px`` are (T,).

    ``track`` is as the camera saw it; ``done_on`` is the side that worked, None where an exercise is not done per side.
    Of a hold the reps are its parts, and the effort is 0 where the posture was kept and NaN elsewhere.
    """

    track: PoseTrack
    torso_px: FloatArray
    effort: FloatArray
    reps: tuple[Rep, ...]
    done_on: Side | None = None

    @property
    def complete(self) -> tuple[Rep, ...]:
        """The reps that count."""
        return tuple(rep for rep in self.reps if rep.complete)

    @property
    def shown(self) -> PoseTrack:
        """The track as the exercise looks at it: in a mirror where the right side worked."""
        return self.track.mirrored() if self.done_on is Side.RIGHT else self.track


def read_pass(exercise: Exercise, raw: PoseTrack, done_on: Side | None = None) -> PassTrack:
    """Return the pass with swaps repaired, smoothed without phase, and its reps, or the parts of its hold, found.

    ``done_on``: with which side it was done, where the exercise is done per side. The same poses give the same reps,
    live or from a recording.
    """
    track = smooth(repair_swaps(raw))
    torso = torso_lengths(track)
    shown = track.mirrored() if done_on is Side.RIGHT else track
    if exercise.hold is not None:
        kept = np.array([exercise.hold.posture(shown.pose(k)) for k in range(len(shown))], np.bool_)
        parts = find_parts(exercise.hold, kept, track.t_s, find_breaks(raw))
        return PassTrack(track, torso, np.where(kept, 0.0, math.nan), tuple(parts), done_on)
    held = hold_planted(without_flickering(shown), exercise.planted)
    effort = np.array([exercise.effort(held.pose(k), torso[k]) for k in range(len(held))], np.float64)
    effort = without_glitches(effort, track.t_s)
    reps = find_reps(exercise, held, torso, effort, find_breaks(raw))
    return PassTrack(track, torso, effort, tuple(reps), done_on)


def read_passes(exercise: Exercise, raw: PoseTrack, only: Side | None = None) -> tuple[PassTrack, ...]:
    """Return one pass for each side with which the exercise was done in a recording; one where it is not per side.

    Whoever does it with one side and then with the other does so in one recording. Where no rep was done with any
    side, it is the pass of the first. ``only`` one of its sides is looked at where it is named.
    """
    reads = tuple(read_pass(exercise, raw, side) for side in exercise.done_on if only in (None, side))
    return tuple(read for read in reads if read.complete) or reads[:1]


def hold_planted(track: PoseTrack, planted: tuple[Keypoint, ...]) -> PoseTrack:
    """Return the track, for counting only, with planted keypoints taken to stay put while they are hidden a moment.

    A wrist that comes and goes behind a bench would make the signal jump between one arm and the mean of both. No
    check is judged on this.
    """
    xy = track.xy.copy()
    xy[:, list(planted)] = bridge(xy[:, list(planted)], track.t_s, _PLANTED_HIDDEN_S)
    return PoseTrack(xy, track.score, track.t_s, track.size_px)


def without_flickering(track: PoseTrack) -> PoseTrack:
    """Return the track, for counting only, without limbs that come and go while their counterparts stay in sight.

    The far arm of someone seen from the side is such a limb. Where a mean of both sides changes to one side and
    back, the signal jumps, and the jump may cut a rep in two.
    """
    there = ~np.isnan(pairs(track, Keypoint.LEFT_SHOULDER) + pairs(track, Keypoint.LEFT_HIP))[:, 0]
    if not there.any():
        return track
    seen = ~np.isnan(track.xy[there, :, 0])
    xy = track.xy.copy()
    for left in _LIMBS:
        limbs = (list(left), [MIRRORED[joint] for joint in left])
        # A limb counts as a whole: the elbow of one arm and the hand of the other make no arm.
        far, near = sorted((float(seen[:, limb].all(axis=1).mean()), limb) for limb in limbs)
        if far[0] + _FLICKER_SHARE < near[0] >= _STEADY_SHARE > far[0]:
            xy[:, far[1]] = np.nan
    return PoseTrack(xy, track.score, track.t_s, track.size_px)


def without_glitches(effort: FloatArray, t_s: FloatArray) -> FloatArray:
    """Return the signal (T,) as running medians over `_GLITCH_S` to both sides; NaN stays NaN.

    A keypoint that jumps for a few frames would cut a rep in two; a median forgets it and keeps the turns in place.
    """
    if len(effort) < 3:
        return effort
    step = max(median(np.diff(t_s).tolist()), 1e-3)
    reach = int(_GLITCH_S / step + 1e-6)
    if reach == 0:
        return effort
    padded = np.pad(effort, reach, constant_values=math.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    out = effort.copy()
    seen = ~np.isnan(effort)
    out[seen] = seen_median(windows[seen], axis=1)
    return out


def find_reps(
    exercise: Exercise, track: PoseTrack, torso: FloatArray, effort: FloatArray, breaks: list[int]
) -> list[Rep]:
    """Return all reps of a smoothed track, complete or not, numbered in the order of time.

    No rep goes across a break (`find_breaks`).
    """
    swings = [
        swing
        for swing in find_swings(effort, _TURN_SHARE * exercise.least_range)
        if _stays_planted(exercise, track, torso, swing, effort)
    ]
    own = own_range(swings, exercise.least_range)
    made = [make_rep(s, effort, track.t_s, own, exercise.least_range, exercise.shortest_s) for s in swings]
    return number_reps([rep for rep in made if rep is not None and not any(rep.start < b <= rep.end for b in breaks)])


def torso_lengths(track: PoseTrack) -> FloatArray:
    """Return (T,) the person's torso length in pixels around each frame; NaN only where it was never seen."""
    shoulders, hips = pairs(track, Keypoint.LEFT_SHOULDER), pairs(track, Keypoint.LEFT_HIP)
    length = np.hypot(*(shoulders - hips).T)
    seen = length > 0
    if not seen.any():
        return np.full(len(track), math.nan)
    t_s = track.t_s
    grid = np.arange(t_s[0], t_s[-1] + _TORSO_STEP_S, _TORSO_STEP_S)
    first = np.searchsorted(t_s, grid - _TORSO_REACH_S)
    last = np.searchsorted(t_s, grid + _TORSO_REACH_S, side="right")
    known = [(t, length[a:b][seen[a:b]]) for t, a, b in zip(grid, first, last, strict=True) if seen[a:b].any()]
    lengths: FloatArray = np.interp(t_s, [t for t, _ in known], [percentile(part.tolist(), 80) for _, part in known])
    return lengths


def _stays_planted(exercise: Exercise, track: PoseTrack, torso: FloatArray, swing: Swing, effort: FloatArray) -> bool:
    """Whether what is planted stays where it is from the start of a swing over its bottom to its end."""
    start, end = edge(effort, swing.bottom, swing.left), edge(effort, swing.bottom, swing.right)
    stills = [track.part(max(0, frame - 2), frame + 2).middle() for frame in (start, swing.bottom, end)]
    travel = spread = body = 0.0
    for before, after in (stills[:2], stills[1:]):
        step = (after.xy - before.xy)[list(exercise.planted)]
        seen = step[~np.isnan(step[:, 0])]
        if len(seen) == 0:
            continue
        travel = max(travel, float(np.hypot(*seen.mean(axis=0))))
        body = max(body, *(distance(pair(before, joint), pair(after, joint)) for joint in _BODY))
        if len(seen) > 1:
            spread = max(spread, float(np.hypot(*(seen - seen.mean(axis=0)).T).max()))
    scale = torso[swing.bottom]
    return bool(
        travel <= min(_PLANTED_TRAVEL * scale, max(_PLANTED_SHARE * body, _PLANTED_JITTER * scale))
        and spread <= _PLANTED_SPREAD * scale
    )
