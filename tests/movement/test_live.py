"""Counting while it happens: the live counter and the judging afterwards see the same reps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from kiosk_incline_push_up import incline_push_up
from kiosk_overhead_squat import overhead_squat

import kiosk.movement.live
from kiosk.movement.exercise import Exercise, Pass
from kiosk.movement.live import LiveCounter
from kiosk.movement.passes import read_pass
from kiosk.movement.pose import KEYPOINTS, Pose, PoseTrack, Side
from kiosk.movement.smoothing import LivePose
from kiosk.movement.view import View
from kiosk.testing import FRONT, SIDE, Camera, PushUpper, Squatter, Walker, perform, record

from ..demo_recordings import PUSH_UP, SQUAT_FRONT, SQUAT_SIDE, recorded
from .made import a_card

BAR = Camera(yaw_deg=90.0, at_px=(190.0, 440.0))


def counted(exercise: Exercise, view: View, track: PoseTrack) -> LiveCounter:
    """A counter that has seen a whole track, frame by frame."""
    counter, live = LiveCounter(exercise, Pass(view)), LivePose()
    for k in range(len(track)):
        pose = track.pose(k)
        counter.update(pose, live.update(pose))
    return counter


def test_a_known_model_is_corrected_while_it_happens_too() -> None:
    """The light of a rep and the finding afterwards must not disagree."""
    card = a_card("knees-in", offset=-0.3)
    exercise = replace(overhead_squat, checks=tuple(replace(check, card=card) for check in overhead_squat.checks))
    track = perform([Squatter(knees_ratio=0.7)] * 2)
    values = []
    for model in (None, "a-model"):
        counter, live = LiveCounter(exercise, Pass(View.FRONT), model), LivePose()
        for k in range(len(track)):
            counter.update(track.pose(k), live.update(track.pose(k)))
        values.append([rep.values["knees-in"] for rep in counter.reps])
    assert values[0] == pytest.approx([0.7, 0.7], abs=0.01)
    assert values[1] == pytest.approx([1.0, 1.0], abs=0.01)


def joined(*tracks: PoseTrack, gap_s: float = 0.0) -> PoseTrack:
    t_s, start = [], 0.0
    for track in tracks:
        t_s.append(track.t_s - track.t_s[0] + start)
        start = t_s[-1][-1] + 1 / 30 + gap_s
    return PoseTrack(
        np.concatenate([t.xy for t in tracks]),
        np.concatenate([t.score for t in tracks]),
        np.concatenate(t_s),
        tracks[0].size_px,
    )


def hidden(track: PoseTrack, first_s: float, last_s: float) -> PoseTrack:
    """The track with nobody seen between two times."""
    xy = track.xy.copy()
    xy[(track.t_s >= first_s) & (track.t_s <= last_s)] = np.nan
    return replace(track, xy=xy)


SETS: dict[str, tuple[Exercise, View, Callable[[], PoseTrack]]] = {
    "squats": (overhead_squat, View.FRONT, lambda: perform([Squatter()] * 5)),
    "squats, side": (overhead_squat, View.SIDE, lambda: perform([Squatter()] * 5, SIDE)),
    "deep squats": (overhead_squat, View.FRONT, lambda: perform([Squatter(depth=1.3)] * 4)),
    "squats that get shallow": (
        overhead_squat,
        View.FRONT,
        lambda: perform([Squatter(depth=d) for d in (1.0, 1.0, 0.9, 0.8, 0.7)]),
    ),
    "slow squats": (overhead_squat, View.FRONT, lambda: perform([Squatter()] * 4, rep_s=6.0)),
    "fast squats": (overhead_squat, View.FRONT, lambda: perform([Squatter()] * 8, rep_s=1.2, rest_s=0.1)),
    "shaky squats": (overhead_squat, View.FRONT, lambda: perform([Squatter()] * 5, noise_px=2.0, seed=3)),
    "squats at 15 fps": (overhead_squat, View.FRONT, lambda: perform([Squatter()] * 5, fps=15.0)),
    "squats at 60 fps": (overhead_squat, View.FRONT, lambda: perform([Squatter()] * 5, fps=60.0)),
    "squats with rests": (overhead_squat, View.FRONT, lambda: perform([Squatter()] * 4, rest_s=5.0)),
    "push-ups": (incline_push_up, View.SIDE, lambda: perform([PushUpper()] * 10, BAR, rep_s=1.6)),
    "push-ups, front": (incline_push_up, View.FRONT, lambda: perform([PushUpper()] * 10, FRONT, rep_s=1.6)),
    "fast push-ups": (incline_push_up, View.SIDE, lambda: perform([PushUpper()] * 12, BAR, rep_s=0.8, rest_s=0.1)),
    "shaky push-ups": (
        incline_push_up,
        View.SIDE,
        lambda: perform([PushUpper()] * 8, BAR, rep_s=1.6, noise_px=2.0, seed=5),
    ),
    "a standstill": (overhead_squat, View.FRONT, lambda: record(lambda _t: Squatter().body(0.0), 5.0)),
    "a walk": (overhead_squat, View.FRONT, lambda: record(Walker().body, 4.0, SIDE)),
    "a squat not seen to its end": (
        overhead_squat,
        View.FRONT,
        lambda: hidden(perform([Squatter()] * 3), 5.0, 6.5),
    ),
}
CLIPS = {
    SQUAT_FRONT: (overhead_squat, View.FRONT, 5),
    SQUAT_SIDE: (overhead_squat, View.SIDE, 5),
    PUSH_UP: (incline_push_up, View.SIDE, 8),
}


@pytest.mark.parametrize("name", list(SETS))
def test_live_and_afterwards_the_same_reps_are_counted(name: str) -> None:
    exercise, view, make = SETS[name]
    track = make()
    live = counted(exercise, view, track).reps
    after = read_pass(exercise, track).complete
    assert [r.rep.bottom_s for r in live] == pytest.approx([rep.bottom_s for rep in after], abs=0.1)


@pytest.mark.parametrize(
    ("name", "expected"), [("squats", 5), ("push-ups", 10), ("a walk", 0), ("a standstill", 0), ("slow squats", 4)]
)
def test_so_many_are_counted_as_were_done(name: str, expected: int) -> None:
    exercise, view, make = SETS[name]
    assert len(counted(exercise, view, make()).reps) == expected


@pytest.mark.parametrize("clip", list(CLIPS))
def test_the_demo_clips_count_alike_live_and_afterwards(clip: str) -> None:
    exercise, view, expected = CLIPS[clip]
    live = counted(exercise, view, recorded(clip)).reps
    after = read_pass(exercise, recorded(clip)).complete
    assert len(live) == len(after) == expected
    assert [r.rep.bottom_s for r in live] == pytest.approx([rep.bottom_s for rep in after], abs=0.1)


def test_the_demos_faults_are_seen_live_in_the_reps_that_have_them() -> None:
    knees = counted(overhead_squat, View.FRONT, recorded(SQUAT_FRONT)).reps
    arms = counted(overhead_squat, View.SIDE, recorded(SQUAT_SIDE)).reps
    assert ["knees-in" in r.signs for r in knees] == [False, False, True, True, True]
    assert ["arms-fall-forward" in r.signs for r in arms] == [False, False, True, True, True]


def test_a_rep_is_counted_soon_after_it_is_over() -> None:
    track = perform([Squatter()] * 3)
    counter, live = LiveCounter(overhead_squat, Pass(View.FRONT)), LivePose()
    delays = []
    for k in range(len(track)):
        pose = track.pose(k)
        delays += [pose.t_s - r.rep.end_s for r in counter.update(pose, live.update(pose))]
    assert len(delays) == 3
    assert max(delays) < 0.8


def test_reps_are_handed_out_once_and_kept_in_order() -> None:
    counter, live = LiveCounter(overhead_squat, Pass(View.FRONT)), LivePose()
    track, handed = perform([Squatter()] * 4), []
    for k in range(len(track)):
        handed += counter.update(track.pose(k), live.update(track.pose(k)))
    assert handed == counter.reps
    assert np.all(np.diff([r.rep.bottom_s for r in handed]) > 0)


def test_a_gap_between_reps_loses_none() -> None:
    track = joined(perform([Squatter()] * 2), perform([Squatter()] * 3), gap_s=20.0)
    assert len(counted(overhead_squat, View.FRONT, track).reps) == 5


def test_unseen_frames_between_reps_lose_none() -> None:
    blank = record(lambda _t: np.full((KEYPOINTS, 3), np.nan), 5.0)
    track = joined(perform([Squatter()] * 2), blank, perform([Squatter()] * 3))
    assert len(counted(overhead_squat, View.FRONT, track).reps) == 5


class Calls:
    """Counts the calls of `read_pass` and the frames that it was given."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.frames: list[int] = []
        monkeypatch.setattr(kiosk.movement.live, "read_pass", self)

    def __call__(self, exercise: Exercise, track: PoseTrack, done_on: Side | None) -> object:
        self.frames.append(len(track))
        return read_pass(exercise, track, done_on)


def test_frames_without_a_candidate_cost_no_reading_of_the_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = Calls(monkeypatch)
    for name in ("a standstill",):
        exercise, view, make = SETS[name]
        counted(exercise, view, make())
    assert calls.frames == []


def test_the_pass_is_read_about_once_a_rep_and_only_its_last_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = Calls(monkeypatch)
    exercise, view, make = SETS["squats with rests"]
    assert len(counted(exercise, view, make()).reps) == 4
    assert 4 <= len(calls.frames) <= 8
    assert max(calls.frames) <= 14 * 30


def test_effort_is_zero_at_the_top_and_about_one_at_parallel() -> None:
    track = perform([Squatter()] * 2)
    counter, live, efforts = LiveCounter(overhead_squat, Pass(View.FRONT)), LivePose(), []
    for k in range(len(track)):
        counter.update(track.pose(k), live.update(track.pose(k)))
        efforts.append(counter.effort)
    assert efforts[10] == pytest.approx(0.0, abs=0.05)
    assert max(e for e in efforts if e is not None) == pytest.approx(1.0, abs=0.2)


def test_effort_is_none_where_nothing_is_seen() -> None:
    counter = LiveCounter(overhead_squat, Pass(View.FRONT))
    assert counter.effort is None
    unseen = Pose(np.full((KEYPOINTS, 2), np.nan), np.zeros(KEYPOINTS), 0.0, (640, 480))
    assert counter.update(unseen, unseen) == []
    assert counter.effort is None
    assert not counter.moving


def test_someone_at_the_bottom_is_moving_and_someone_standing_is_not() -> None:
    track = perform([Squatter()] * 1)
    counter, live, moving = LiveCounter(overhead_squat, Pass(View.FRONT)), LivePose(), []
    for k in range(len(track)):
        counter.update(track.pose(k), live.update(track.pose(k)))
        moving.append(counter.moving)
    assert not moving[5]
    assert moving[int(30 * 2.2)]
    assert not moving[-1]


def test_every_raw_pose_of_the_pass_is_kept_for_judging() -> None:
    track = perform([Squatter()] * 1)
    counter = counted(overhead_squat, View.FRONT, track)
    assert [pose.t_s for pose in counter.poses] == track.t_s.tolist()
    assert np.array_equal(counter.poses[30].xy, track.xy[30])


def test_a_body_that_is_a_single_point_counts_as_unseen() -> None:
    counter = LiveCounter(overhead_squat, Pass(View.FRONT))
    xy = np.full((KEYPOINTS, 2), 100.0)
    xy[15:, 1] = 300.0
    for k in range(60):
        pose = Pose(xy, np.ones(KEYPOINTS), k / 30, (640, 480))
        assert counter.update(pose, pose) == []
    assert counter.effort is None


def test_equal_timestamps_break_nothing() -> None:
    track = perform([Squatter()] * 2)
    counter, live = LiveCounter(overhead_squat, Pass(View.FRONT)), LivePose()
    for k in range(len(track)):
        for _ in range(2):
            counter.update(track.pose(k), live.update(track.pose(k)))
    assert len(counter.reps) == 2
