import numpy as np
import pytest

from kiosk.movement.breaks import find_breaks
from kiosk.movement.pose import PoseTrack
from kiosk.testing import FRONT, SIDE, Camera, PushUpper, Squatter, perform, record

from .scenes import BodyAt, adjusts_the_feet, empty_track, jumping_jacks, walks_in, walks_up_to_the_camera, without


def joined(*tracks: PoseTrack, pause_s: float = 1 / 30) -> PoseTrack:
    t_s, start = [], 0.0
    for track in tracks:
        t_s.append(track.t_s - track.t_s[0] + start)
        start = float(t_s[-1][-1]) + pause_s
    return PoseTrack(
        np.concatenate([track.xy for track in tracks]),
        np.concatenate([track.score for track in tracks]),
        np.concatenate(t_s),
        tracks[0].size_px,
    )


@pytest.mark.parametrize("camera", [FRONT, SIDE], ids=["front", "side"])
@pytest.mark.parametrize("person", [Squatter(), PushUpper()], ids=["squat", "push-up"])
@pytest.mark.parametrize("rep_s", [1.0, 3.0])
def test_exercise_has_no_break(person: Squatter | PushUpper, camera: Camera, rep_s: float) -> None:
    assert find_breaks(perform([person] * 3, camera, rep_s=rep_s, noise_px=1.0)) == []


@pytest.mark.parametrize("moves", [walks_in, walks_up_to_the_camera, adjusts_the_feet, jumping_jacks])
def test_one_person_who_moves_is_no_break(moves: BodyAt) -> None:
    assert find_breaks(record(moves, 6.0, noise_px=1.0)) == []


@pytest.mark.parametrize(
    "other", [Camera(torso_px=150), Camera(torso_px=80), Camera(at_px=(480, 430)), Camera(at_px=(320, 330))], ids=str
)
def test_a_cut_or_another_person_is_a_break_where_it_happens(other: Camera) -> None:
    first, second = perform([Squatter()], FRONT, noise_px=1.0), perform([Squatter()], other, noise_px=1.0)
    breaks = find_breaks(joined(first, second))
    assert breaks
    assert all(abs(frame - len(first)) <= 1 for frame in breaks)


def test_a_camera_that_was_silent_for_long_is_a_break_and_a_hidden_person_is_not() -> None:
    track = perform([Squatter()], FRONT)
    assert find_breaks(joined(track, track, pause_s=1.5)) == [len(track)]
    assert find_breaks(joined(track, track, pause_s=0.5)) == []
    assert find_breaks(without(track, 0.5, 2.5)) == []


def test_nobody_and_hardly_any_frames_have_no_break() -> None:
    assert find_breaks(empty_track()) == []
    assert find_breaks(perform([Squatter()]).part(0, 1)) == []
