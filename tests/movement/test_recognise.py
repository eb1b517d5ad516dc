import pytest

from kiosk import Exercise
from kiosk.movement.pose import PoseTrack
from kiosk.movement.recognise import posture_s, recognise
from kiosk.testing import FRONT, REAR, SIDE, Camera, PushUpper, Squatter, perform, record

from .scenes import BodyAt, adjusts_the_feet, empty_track, nobody, stands_still, walks_in


def known(squat: Exercise, push_up: Exercise, track: PoseTrack) -> tuple[str, int] | None:
    """The slug and the count, whichever exercise is asked first."""
    answers = set()
    for order in ((squat, push_up), (push_up, squat)):
        answer = recognise(order, track)
        answers.add((answer[0].slug, sum(len(read.complete) for read in answer[1])) if answer else None)
    assert len(answers) == 1, "the order of the exercises must not matter"
    return answers.pop()


@pytest.mark.parametrize("camera", [FRONT, SIDE, Camera(yaw_deg=-90), REAR], ids=["front", "right", "left", "rear"])
def test_a_squat_is_a_squat_and_a_push_up_a_push_up(squat: Exercise, push_up: Exercise, camera: Camera) -> None:
    assert known(squat, push_up, perform([Squatter()] * 4, camera, noise_px=1.0)) == ("overhead-squat", 4)
    assert known(squat, push_up, perform([PushUpper()] * 4, camera, noise_px=1.0)) == ("incline-push-up", 4)


@pytest.mark.parametrize("idle", [stands_still, walks_in, nobody])
def test_someone_who_idles_does_none(squat: Exercise, push_up: Exercise, idle: BodyAt) -> None:
    assert known(squat, push_up, record(idle, 6.0, noise_px=1.0)) is None


def test_a_posture_held_for_a_second_tells_it_without_a_rep(squat: Exercise, push_up: Exercise) -> None:
    assert known(squat, push_up, record(adjusts_the_feet, 3.0)) == ("overhead-squat", 0)
    plank = record(lambda _t: PushUpper().body(0.0), 2.0, SIDE)
    assert known(squat, push_up, plank) == ("incline-push-up", 0)
    assert known(squat, push_up, record(adjusts_the_feet, 0.5)) is None


def test_no_exercise_knows_nothing() -> None:
    assert recognise([], perform([Squatter()])) is None


def test_the_time_in_the_posture_is_that_of_its_frames(squat: Exercise) -> None:
    track = record(lambda t: Squatter(arms_up=1.0 if t < 2 else 0.0).body(0.0), 5.0)
    assert posture_s(squat, track) == pytest.approx(2.0, abs=0.1)
    assert posture_s(squat, empty_track(0.0)) == 0.0
