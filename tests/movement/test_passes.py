import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk import Exercise
from kiosk.movement.passes import (
    find_reps,
    hold_planted,
    read_pass,
    torso_lengths,
    without_flickering,
    without_glitches,
)
from kiosk.movement.pose import Keypoint, PoseTrack
from kiosk.testing import FRONT, REAR, SIDE, Camera, PushUpper, Squatter, perform, record

from .scenes import (
    BodyAt,
    adjusts_the_feet,
    cut,
    empty_track,
    jumping_jacks,
    leaves,
    lunges_to_the_side,
    nobody,
    raises_the_arms,
    scratches_the_head,
    stands_still,
    walks_in,
    walks_up_to_the_camera,
    without,
)

FPS = [10, 15, 24, 30, 60]
SQUAT_VIEWS = [FRONT, SIDE, Camera(yaw_deg=-90), Camera(yaw_deg=25)]
PUSH_UP_VIEWS = [SIDE, Camera(yaw_deg=-90), FRONT, REAR]


def joined(*tracks: PoseTrack) -> PoseTrack:
    t_s, start = [], 0.0
    for track in tracks:
        t_s.append(track.t_s + start)
        start = float(t_s[-1][-1]) + 1 / 30
    xy, score = np.concatenate([t.xy for t in tracks]), np.concatenate([t.score for t in tracks])
    return PoseTrack(xy, score, np.concatenate(t_s), tracks[0].size_px)


# -- counting ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fps", FPS)
@pytest.mark.parametrize("count", range(1, 13))
def test_squats_are_counted_exactly(squat: Exercise, count: int, fps: int) -> None:
    camera = SQUAT_VIEWS[count % len(SQUAT_VIEWS)]
    read = read_pass(squat, perform([Squatter()] * count, camera, fps=fps, rest_s=0.3, noise_px=1.0, seed=count))
    assert len(read.complete) == len(read.reps) == count


@pytest.mark.parametrize("fps", FPS)
@pytest.mark.parametrize("count", range(1, 13))
def test_push_ups_are_counted_exactly(push_up: Exercise, count: int, fps: int) -> None:
    camera = PUSH_UP_VIEWS[count % len(PUSH_UP_VIEWS)]
    track = perform([PushUpper()] * count, camera, fps=fps, rep_s=1.4, rest_s=0.3, noise_px=1.0, seed=count)
    read = read_pass(push_up, track)
    assert len(read.complete) == len(read.reps) == count


@settings(max_examples=40, derandomize=True, deadline=None)
@given(data=st.data())
def test_tempo_size_distance_and_depth_do_not_matter(squat: Exercise, push_up: Exercise, data: st.DataObject) -> None:
    draw = data.draw
    fast = draw(st.booleans(), label="push-up")
    exercise, views = (push_up, PUSH_UP_VIEWS) if fast else (squat, SQUAT_VIEWS)
    person = (
        PushUpper(elbow_deg=draw(st.floats(70, 100)), incline_deg=draw(st.floats(15, 55)))
        if fast
        else Squatter(depth=draw(st.floats(0.6, 1.2)), stance=draw(st.floats(0.4, 0.9)))
    )
    torso_px = draw(st.floats(35, 150), label="size")
    spot = (draw(st.floats(250, 400), label="x"), draw(st.floats(400, 470), label="y"))
    camera = Camera(draw(st.sampled_from(views)).yaw_deg, torso_px, spot)
    count = draw(st.integers(1, 12))
    track = perform(
        [person] * count,
        camera,
        rep_s=draw(st.floats(0.8, 3.0) if fast else st.floats(1.2, 5.0), label="tempo"),
        rest_s=draw(st.floats(0.1, 1.5), label="rest"),
        pause_s=draw(st.floats(0.0, 1.0), label="pause"),
        fps=draw(st.sampled_from(FPS)),
        noise_px=torso_px / 100,
        seed=draw(st.integers(0, 1000)),
    )
    assert len(read_pass(exercise, track).complete) == count


@pytest.mark.parametrize(
    "moves",
    [
        walks_in,
        walks_up_to_the_camera,
        leaves,
        raises_the_arms,
        scratches_the_head,
        adjusts_the_feet,
        jumping_jacks,
        stands_still,
        nobody,
    ],
)
@pytest.mark.parametrize("yaw_deg", [0, 45, 90, -90, 180])
def test_what_is_no_exercise_has_no_rep(squat: Exercise, push_up: Exercise, moves: BodyAt, yaw_deg: float) -> None:
    for fps in (10, 30):
        track = record(moves, 8.0, Camera(yaw_deg=yaw_deg), fps=fps, noise_px=1.0, seed=fps)
        assert read_pass(squat, track).complete == ()
        assert read_pass(push_up, track).complete == ()


@pytest.mark.parametrize("yaw_deg", [0, 25, 180])
def test_sinking_hips_over_feet_that_travel_are_no_squat(squat: Exercise, yaw_deg: float) -> None:
    track = record(lunges_to_the_side, 8.0, Camera(yaw_deg=yaw_deg), noise_px=1.0)
    read = read_pass(squat, track)
    assert np.nanmax(read.effort) - np.nanmin(read.effort) > 2 * squat.least_range
    assert read.reps == ()


def test_only_the_squats_count_of_someone_who_comes_squats_and_leaves(squat: Exercise) -> None:
    track = joined(
        record(walks_in, 3.0, noise_px=1.0),
        record(lambda t: Squatter(arms_up=min(1.0, t)).body(0.0), 1.5, noise_px=1.0),
        perform([Squatter()] * 4, noise_px=1.0),
        record(leaves, 6.0, noise_px=1.0),
    )
    read = read_pass(squat, track)
    assert len(read.complete) == 4
    assert 5.0 < read.complete[0].start_s < 6.5


def test_squats_are_no_push_ups_and_push_ups_no_squats(squat: Exercise, push_up: Exercise) -> None:
    for camera in (FRONT, SIDE, REAR):
        assert read_pass(push_up, perform([Squatter()] * 4, camera)).complete == ()
    assert read_pass(squat, perform([PushUpper()] * 4, SIDE)).complete == ()


# -- incomplete, hidden, broken -----------------------------------------------------------------------------------


def test_a_recording_that_starts_in_mid_descent_has_an_incomplete_rep(squat: Exercise) -> None:
    track = cut(perform([Squatter()] * 3, SIDE, noise_px=1.0), 1.9, 20)
    read = read_pass(squat, track)
    assert [rep.complete for rep in read.reps] == [False, True, True]
    assert read.reps[0].reason == "it did not start from the top"


def test_a_recording_that_ends_at_the_bottom_has_an_incomplete_rep(squat: Exercise) -> None:
    track = cut(perform([Squatter()] * 3, SIDE, noise_px=1.0), 0, 1.0 + 2 * 3.1 + 1.3)
    read = read_pass(squat, track)
    assert [rep.complete for rep in read.reps] == [True, True, False]
    assert read.reps[-1].reason == "it did not come back to the top"


@pytest.mark.parametrize("camera", [FRONT, SIDE], ids=["front", "side"])
def test_short_gaps_change_no_count_and_no_time(squat: Exercise, camera: Camera) -> None:
    whole = perform([Squatter()] * 3, camera, noise_px=1.0)
    holed = whole
    for start in np.arange(0.5, 9.5, 0.7):
        holed = without(holed, start, start + 0.2)
    before, after = read_pass(squat, whole), read_pass(squat, holed)
    assert len(after.complete) == 3
    for a, b in zip(before.complete, after.complete, strict=True):
        assert a.bottom_s == pytest.approx(b.bottom_s, abs=0.15)


def test_a_rep_of_which_a_third_was_hidden_is_void_and_says_so(squat: Exercise) -> None:
    track = without(perform([Squatter()] * 3, SIDE, noise_px=1.0), 4.9, 5.8)
    read = read_pass(squat, track)
    assert len(read.complete) == 2
    assert [rep.complete for rep in read.reps] == [True, False, True]
    assert "could not be seen" in (read.reps[1].reason or "")


def test_no_rep_goes_across_a_cut_of_the_recording(squat: Exercise) -> None:
    first = cut(perform([Squatter()] * 2, FRONT, noise_px=1.0), 0, 5.2)
    second = perform([Squatter()] * 2, Camera(torso_px=150, at_px=(450, 430)), noise_px=1.0)
    assert len(read_pass(squat, joined(first, second)).complete) == 3


def test_a_break_in_the_middle_of_a_rep_voids_that_rep_alone(squat: Exercise) -> None:
    read = read_pass(squat, perform([Squatter()] * 3, FRONT))
    middle = read.reps[1].bottom
    for breaks, count in (([], 3), ([middle], 2), ([read.reps[1].end + 3], 3), ([middle, middle + 2], 2)):
        assert len(find_reps(squat, read.track, read.torso_px, read.effort, breaks)) == count


def test_a_keypoint_that_jumps_for_two_frames_cuts_no_rep_in_two(squat: Exercise) -> None:
    track = perform([Squatter()] * 3, SIDE, noise_px=1.0)
    for frame in (50, 70, 140, 200):
        track.xy[frame : frame + 2, [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP], 1] += 90
    assert len(read_pass(squat, track).complete) == 3


def test_nobody_and_hardly_any_frames_have_no_reps(squat: Exercise, push_up: Exercise) -> None:
    for exercise in (squat, push_up):
        for track in (
            empty_track(),
            empty_track(0.0),
            perform([Squatter()]).part(0, 0),
            perform([Squatter()]).part(0, 2),
        ):
            read = read_pass(exercise, track)
            assert read.reps == ()
            assert len(read.effort) == len(read.torso_px) == len(track)


@settings(max_examples=15, derandomize=True, deadline=None)
@given(seed=st.integers(0, 1000), frames=st.integers(1, 80))
def test_noise_that_is_nobody_is_survived(squat: Exercise, push_up: Exercise, seed: int, frames: int) -> None:
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 480, (frames, 17, 2))
    xy[rng.random((frames, 17)) < 0.4] = np.nan
    t_s = np.sort(rng.choice([0.0, 0.1, 0.5, 1.0, 1.1, 3.0], frames))
    track = PoseTrack(xy, np.ones((frames, 17)), t_s, (640, 480))
    for exercise in (squat, push_up):
        assert len(read_pass(exercise, track).effort) == frames


def test_the_same_poses_give_the_same_pass(squat: Exercise) -> None:
    track = perform([Squatter()] * 3, SIDE, noise_px=2.0)
    before = track.xy.copy()
    first, second = read_pass(squat, track), read_pass(squat, track)
    assert first.reps == second.reps
    np.testing.assert_array_equal(first.effort, second.effort)
    np.testing.assert_array_equal(track.xy, before)


# -- its parts --------------------------------------------------------------------------------------------------


def test_the_torso_length_rides_over_a_lean_to_the_camera_and_follows_someone_who_comes_nearer() -> None:
    lengths = torso_lengths(perform([Squatter(lean_deg=30)] * 2, FRONT))
    assert lengths == pytest.approx(110, rel=0.03)
    nearer = torso_lengths(record(lambda t: Squatter().body(0.0) * (1 + t / 20), 20.0))
    assert nearer[0] == pytest.approx(110, rel=0.15)
    assert nearer[-1] == pytest.approx(220, rel=0.1)


def test_a_torso_that_was_never_seen_or_is_a_point_has_no_length() -> None:
    assert np.isnan(torso_lengths(empty_track())).all()
    assert np.isnan(torso_lengths(record(lambda _t: np.zeros((17, 3)), 1.0))).all()


def test_a_glitch_is_forgotten_and_a_turn_stays_where_it_is() -> None:
    t_s = np.arange(90) / 30
    effort = 1 - np.abs(t_s - 1.5)
    glitched = effort.copy()
    glitched[20:22] = 5.0
    glitched[60] = math.nan
    clean = without_glitches(glitched, t_s)
    assert np.nanmax(np.abs(clean - effort)) < 0.11
    assert abs(int(np.nanargmax(clean)) - 45) <= 3
    assert math.isnan(clean[60])
    assert len(without_glitches(np.array([1.0, 2.0]), t_s[:2])) == 2


def test_a_planted_wrist_stays_where_it_was_while_it_is_hidden_for_a_moment(push_up: Exercise) -> None:
    track = perform([PushUpper()] * 2, SIDE)
    hidden = without(without(track, 1.0, 2.5, Keypoint.LEFT_WRIST), 1.0, 2.5, Keypoint.LEFT_ELBOW)
    held = hold_planted(hidden, push_up.planted)
    np.testing.assert_allclose(held.xy[:, Keypoint.LEFT_WRIST], track.xy[:, Keypoint.LEFT_WRIST], atol=1e-6)
    assert np.isnan(held.xy[40, Keypoint.LEFT_ELBOW]).all()
    long = hold_planted(without(track, 1.0, 4.0, Keypoint.LEFT_WRIST), push_up.planted)
    assert np.isnan(long.xy[60, Keypoint.LEFT_WRIST]).all()


# -- limbs that come and go ---------------------------------------------------------------------------------------

FAR_ARM = (Keypoint.LEFT_ELBOW, Keypoint.LEFT_WRIST)


def strays(track: PoseTrack, shift_px: float) -> PoseTrack:
    """The same track with the far arm seen every other half second only, and then in a wrong place."""
    xy = track.xy.copy()
    gone = (track.t_s % 1.0) < 0.5
    for joint in FAR_ARM:
        xy[~gone, joint] += shift_px
        xy[gone, joint] = np.nan
    return PoseTrack(xy, track.score, track.t_s, track.size_px)


def test_a_far_arm_that_comes_and_goes_cuts_no_rep_in_two(push_up: Exercise) -> None:
    track = strays(perform([PushUpper()] * 5, SIDE, rep_s=3.0), 45.0)
    assert len(read_pass(push_up, track).complete) == len(read_pass(push_up, track).reps) == 5


def test_a_limb_that_comes_and_goes_is_left_out_and_its_counterpart_kept() -> None:
    track = perform([PushUpper()] * 2, SIDE)
    kept = without_flickering(strays(track, 45.0))
    assert np.isnan(kept.xy[:, list(FAR_ARM)]).all()
    others = [k for k in range(17) if k not in FAR_ARM]
    assert np.array_equal(kept.xy[:, others], track.xy[:, others])


def test_a_limb_that_is_hidden_a_moment_is_kept() -> None:
    track = without(perform([PushUpper()] * 3, SIDE), 2.0, 2.3, *FAR_ARM)
    assert np.array_equal(without_flickering(track).xy, track.xy, equal_nan=True)


def test_limbs_that_both_come_and_go_are_both_kept() -> None:
    arms = (*FAR_ARM, Keypoint.RIGHT_ELBOW, Keypoint.RIGHT_WRIST)
    track = without(perform([PushUpper()] * 3, SIDE), 2.0, 6.0, *arms)
    assert np.array_equal(without_flickering(track).xy, track.xy, equal_nan=True)


def test_where_nobody_is_seen_nothing_is_left_out() -> None:
    track = empty_track()
    assert without_flickering(track) is track
