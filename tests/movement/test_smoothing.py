import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.movement.pose import KEYPOINTS, FloatArray, Keypoint, PoseTrack
from kiosk.movement.smoothing import LivePose, bridge, smooth, smooth_values
from kiosk.testing import FRONT, SIDE, Squatter, perform

from .scenes import empty_track, pose_of, without


def times(fps: float, seconds: float) -> FloatArray:
    return np.arange(round(fps * seconds) + 1) / fps


# -- bridging -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fps", [10, 15, 24, 30, 60])
def test_gaps_of_up_to_a_fifth_of_a_second_are_bridged_and_longer_ones_stay(fps: int) -> None:
    t_s = times(fps, 4)
    whole = 5 * t_s + 3
    for gap_s in (1 / fps, 0.1, 0.2, 0.25, 0.5):
        holed = whole.copy()
        hidden = (t_s > 1.0 + 1e-9) & (t_s < 1.0 + gap_s - 1e-9)
        holed[hidden] = np.nan
        between = np.diff(t_s[~np.isnan(holed)]).max()
        mended = bridge(holed[:, None], t_s)[:, 0]
        if between <= 0.2 + 1e-9:
            np.testing.assert_allclose(mended, whole)
        else:
            np.testing.assert_array_equal(np.isnan(mended), hidden)


def test_what_is_missing_at_the_ends_is_not_made_up() -> None:
    t_s = times(30, 1)
    values = t_s[:, None].copy()
    values[:3] = values[-3:] = np.nan
    np.testing.assert_array_equal(np.isnan(bridge(values, t_s)), np.isnan(values))


def test_bridging_leaves_its_input_alone() -> None:
    values = np.array([[0.0], [np.nan], [2.0]])
    bridge(values, np.array([0.0, 0.05, 0.1]))
    assert math.isnan(values[1, 0])


@settings(max_examples=40, derandomize=True, deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=60), st.integers(0, 100))
def test_bridging_never_changes_what_was_seen(hidden: list[bool], seed: int) -> None:
    t_s = np.arange(len(hidden)) / 30
    values = np.random.default_rng(seed).normal(size=(len(hidden), 2))
    values[hidden] = np.nan
    mended = bridge(values, t_s)
    seen = ~np.isnan(values)
    np.testing.assert_array_equal(mended[seen], values[seen])


# -- the filter for judging -------------------------------------------------------------------------------------


@pytest.mark.parametrize("fps", [15, 24, 30, 60])
@pytest.mark.parametrize("period_s", [0.8, 1.5, 3.0])
def test_turning_points_stay_where_they_are(fps: int, period_s: float) -> None:
    t_s = times(fps, 6)
    raw = np.cos(2 * np.pi * (t_s - 0.03) / period_s)
    smoothed = smooth_values(raw[:, None], t_s)[:, 0]
    fine = np.linspace(0, 6, 6001)
    inner = (fine > 0.5) & (fine < 5.5)

    def crossings(values: FloatArray) -> FloatArray:
        dense = np.interp(fine, t_s, values)
        at: FloatArray = fine[:-1][inner[:-1] & (np.diff(np.sign(dense)) != 0)]
        return at

    assert np.abs(crossings(smoothed) - crossings(raw)).max() < 0.003


def test_a_parabola_goes_through_unchanged_even_with_uneven_frames() -> None:
    rng = np.random.default_rng(4)
    t_s = np.cumsum(rng.uniform(0.02, 0.05, 100))
    values = (2 + 3 * t_s - 4 * t_s**2)[:, None]
    np.testing.assert_allclose(smooth_values(values, t_s), values, rtol=1e-6)


def test_jitter_is_reduced() -> None:
    t_s = times(30, 10)
    noise = np.random.default_rng(0).normal(size=(len(t_s), 4))
    assert smooth_values(noise, t_s).std() < 0.75 * noise.std()


def test_nan_stays_nan_and_taints_no_neighbour() -> None:
    t_s = times(30, 2)
    values = np.stack([t_s, t_s], axis=1)
    values[20:30, 1] = np.nan
    smoothed = smooth_values(values, t_s)
    np.testing.assert_array_equal(np.isnan(smoothed), np.isnan(values))
    np.testing.assert_allclose(smoothed[~np.isnan(values)], values[~np.isnan(values)], atol=1e-9)


def test_columns_with_and_without_gaps_are_smoothed_alike() -> None:
    t_s = times(30, 2)
    noisy = np.random.default_rng(1).normal(size=len(t_s))
    holed = noisy.copy()
    holed[0] = np.nan
    both = smooth_values(np.stack([noisy, holed], axis=1), t_s)
    np.testing.assert_allclose(both[10:, 0], both[10:, 1])


@pytest.mark.parametrize("frames", [0, 1, 2, 3])
def test_too_few_frames_are_left_as_they_are(frames: int) -> None:
    values = np.arange(frames, dtype=float)[:, None]
    np.testing.assert_array_equal(smooth_values(values, np.arange(frames) / 30), values)


def test_frames_at_one_and_the_same_time_are_survived() -> None:
    values = np.arange(20.0)[:, None]
    assert np.isfinite(smooth_values(values, np.zeros(20))).all()
    t_s = np.repeat(np.arange(10) / 30, 2)
    assert np.isfinite(smooth_values(values, t_s)).all()


def test_a_smoothed_track_keeps_long_gaps_and_times() -> None:
    track = without(perform([Squatter()] * 2, noise_px=1.0), 2.0, 2.9)
    smoothed = smooth(track)
    assert np.isnan(smoothed.xy[65]).all()
    assert smoothed.t_s is track.t_s
    assert np.isnan(smooth(empty_track()).xy).all()


@pytest.mark.parametrize("camera", [FRONT, SIDE])
def test_the_bottom_of_a_squat_is_neither_moved_nor_flattened(camera: object) -> None:
    raw = perform([Squatter()], SIDE, pause_s=0.0)
    hips = smooth(raw).xy[:, Keypoint.LEFT_HIP, 1]
    assert np.argmax(hips) == np.argmax(raw.xy[:, Keypoint.LEFT_HIP, 1])
    assert hips.max() == pytest.approx(raw.xy[:, Keypoint.LEFT_HIP, 1].max(), abs=0.6)


# -- the filter for display -------------------------------------------------------------------------------------


def run(track: PoseTrack) -> FloatArray:
    live = LivePose()
    return np.stack([live.update(track.pose(k)).xy for k in range(len(track))])


def still(noise_px: float, seconds: float = 8.0) -> PoseTrack:
    t_s = times(30, seconds)
    xy = np.full((len(t_s), KEYPOINTS, 2), 200.0)
    xy += np.random.default_rng(2).normal(0, noise_px, xy.shape)
    return PoseTrack(xy, np.ones(xy.shape[:2]), t_s, (640, 480))


def test_someone_who_stands_still_jitters_less() -> None:
    track = still(2.0)
    assert run(track)[30:].std() < 0.6 * track.xy[30:].std()


def test_fast_movement_is_followed_within_a_frame_or_two() -> None:
    t_s = times(30, 2)
    xy = np.full((len(t_s), KEYPOINTS, 2), 100.0)
    xy[..., 0] += 400 * t_s[:, None]
    moving = PoseTrack(xy, np.ones(xy.shape[:2]), t_s, (640, 480))
    behind_s = (xy - run(moving))[30:, :, 0] / 400
    assert behind_s.max() < 0.04
    assert behind_s.min() >= 0


def test_the_first_pose_is_passed_on_as_it_is() -> None:
    track = still(2.0)
    np.testing.assert_array_equal(LivePose().update(track.pose(0)).xy, track.xy[0])


def test_equal_times_give_the_same_pose_again_and_poison_nothing() -> None:
    track = still(1.0, 1.0)
    live = LivePose()
    first = live.update(track.pose(0)).xy.copy()
    again = live.update(pose_of(track.xy[1], t_s=0.0))
    np.testing.assert_array_equal(again.xy, first)
    earlier = live.update(pose_of(track.xy[1], t_s=-1.0))
    np.testing.assert_array_equal(earlier.xy, first)
    for k in range(1, len(track)):
        assert np.isfinite(live.update(track.pose(k)).xy).all()


def test_a_pose_that_is_handed_out_is_not_changed_by_the_next() -> None:
    track = still(5.0, 1.0)
    live = LivePose()
    live.update(track.pose(0))
    out = live.update(track.pose(1))
    kept = out.xy.copy()
    live.update(track.pose(2))
    np.testing.assert_array_equal(out.xy, kept)


def test_a_keypoint_that_is_not_seen_is_not_shown_and_comes_back_at_once() -> None:
    track = still(0.0, 2.0)
    hidden = without(track, 0.5, 1.5, Keypoint.NOSE)
    hidden.xy[hidden.t_s >= 1.5 - 1e-9, Keypoint.NOSE] = 400.0
    shown = run(hidden)
    np.testing.assert_array_equal(np.isnan(shown), np.isnan(hidden.xy))
    np.testing.assert_allclose(shown[hidden.t_s >= 1.5 - 1e-9, Keypoint.NOSE], 400.0)


@settings(max_examples=40, derandomize=True, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([0.0, 1e-6, 0.01, 0.033, 0.5, 3.0]), st.booleans()), min_size=1, max_size=60))
def test_whatever_comes_in_what_was_seen_comes_out_finite(steps: list[tuple[float, bool]]) -> None:
    live = LivePose()
    t_s = 0.0
    for number, (step, missing) in enumerate(steps):
        t_s += step
        xy = np.full((KEYPOINTS, 2), 100.0 + number)
        if missing:
            xy[3:9] = np.nan
        out = live.update(pose_of(xy, t_s)).xy
        assert np.isfinite(out[:3]).all()
        assert (np.isfinite(out) | np.isnan(out)).all()
        assert np.abs(out[np.isfinite(out)]).max() <= 100 + len(steps)


def test_a_reset_forgets_everything() -> None:
    live = LivePose()
    live.update(pose_of(np.full((KEYPOINTS, 2), 10.0), 5.0))
    live.reset()
    np.testing.assert_array_equal(live.update(pose_of(np.full((KEYPOINTS, 2), 300.0), 5.0)).xy, 300.0)
