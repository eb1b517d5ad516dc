import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.movement.pose import MIRRORED, Keypoint, PoseTrack
from kiosk.movement.sides import repair_swaps
from kiosk.testing import FRONT, REAR, SIDE, Camera, PushUpper, Squatter, perform

from .scenes import empty_track, without

LEGS = [Keypoint.LEFT_HIP, Keypoint.LEFT_KNEE, Keypoint.LEFT_ANKLE]
ARMS = [Keypoint.LEFT_SHOULDER, Keypoint.LEFT_ELBOW, Keypoint.LEFT_WRIST]


def swapped(track: PoseTrack, frames: list[int], limb: list[Keypoint]) -> PoseTrack:
    xy, score = track.xy.copy(), track.score.copy()
    right = [MIRRORED[k] for k in limb]
    for frame in frames:
        for values in (xy, score):
            values[frame, [*limb, *right]] = values[frame, [*right, *limb]]
    return PoseTrack(xy, score, track.t_s, track.size_px)


@pytest.mark.parametrize("limb", [LEGS, ARMS], ids=["legs", "arms"])
@pytest.mark.parametrize("frames", [[30], [30, 34, 60], list(range(40, 52)), [0], [-1]], ids=str)
def test_a_swap_for_a_frame_or_a_run_is_undone(limb: list[Keypoint], frames: list[int]) -> None:
    track = perform([Squatter()] * 2, FRONT, noise_px=1.0)
    mended = repair_swaps(swapped(track, frames, limb))
    np.testing.assert_array_equal(mended.xy, track.xy)
    np.testing.assert_array_equal(mended.score, track.score)


@pytest.mark.parametrize("camera", [FRONT, REAR, SIDE, Camera(yaw_deg=40)], ids=["front", "rear", "side", "askew"])
@pytest.mark.parametrize("person", [Squatter(), PushUpper()], ids=["squat", "push-up"])
def test_a_steady_labelling_is_kept(camera: Camera, person: Squatter | PushUpper) -> None:
    track = perform([person] * 2, camera)
    np.testing.assert_array_equal(repair_swaps(track).xy, track.xy)


def test_what_the_model_says_all_the_time_stays_even_if_it_is_odd() -> None:
    track = perform([Squatter()], FRONT, noise_px=1.0)
    odd = swapped(track, list(range(len(track))), LEGS)
    np.testing.assert_array_equal(repair_swaps(odd).xy, odd.xy)


def test_arms_and_legs_are_mended_each_for_themselves() -> None:
    track = perform([Squatter()], FRONT, noise_px=1.0)
    both = swapped(swapped(track, [20, 21], LEGS), [21, 22], ARMS)
    np.testing.assert_array_equal(repair_swaps(both).xy, track.xy)


@settings(max_examples=30, derandomize=True, deadline=None)
@given(st.lists(st.integers(0, 110), max_size=20, unique=True))
def test_any_minority_of_swapped_frames_is_undone(frames: list[int]) -> None:
    track = perform([Squatter()], FRONT, noise_px=1.0)
    np.testing.assert_array_equal(repair_swaps(swapped(track, frames, LEGS)).xy, track.xy)


def test_gaps_and_empty_tracks_are_left_alone() -> None:
    track = without(perform([Squatter()], FRONT), 1.0, 1.4)
    np.testing.assert_array_equal(repair_swaps(track).xy, track.xy)
    assert np.isnan(repair_swaps(empty_track()).xy).all()
    short = track.part(0, 1)
    assert repair_swaps(short) is short


def test_the_track_that_comes_in_is_not_changed() -> None:
    track = swapped(perform([Squatter()], FRONT, noise_px=1.0), [30], LEGS)
    before = track.xy.copy()
    repair_swaps(track)
    np.testing.assert_array_equal(track.xy, before)


@pytest.mark.parametrize("camera", [FRONT, SIDE], ids=["front", "side"])
@pytest.mark.parametrize("hidden", [0, 1], ids=["left hidden", "right hidden"])
def test_a_side_that_is_hidden_all_the_time_does_not_swallow_the_other(camera: Camera, hidden: int) -> None:
    track = perform([Squatter()] * 2, camera, noise_px=1.5)
    track.xy[:, [k + hidden for k in (*LEGS, *ARMS)]] = np.nan
    np.testing.assert_array_equal(repair_swaps(track).xy, track.xy)


def test_a_swap_is_undone_where_one_side_is_hidden() -> None:
    track = perform([Squatter()] * 2, SIDE, noise_px=1.0)
    track.xy[:, [k + 1 for k in (*LEGS, *ARMS)]] = np.nan
    np.testing.assert_array_equal(repair_swaps(swapped(track, [40, 41, 42], LEGS)).xy, track.xy)


def test_a_keypoint_that_drops_out_for_a_moment_makes_no_swap() -> None:
    track = perform([Squatter()] * 2, FRONT, noise_px=1.0)
    track.xy[30:33, Keypoint.LEFT_ANKLE] = np.nan
    track.xy[50, LEGS] = np.nan
    np.testing.assert_array_equal(repair_swaps(track).xy, track.xy)
