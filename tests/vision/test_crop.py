"""Where the model looks next."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.movement.pose import KEYPOINTS, Keypoint
from kiosk.testing import Camera, Squatter
from kiosk.vision.crop import CROP_SCORE, Square, next_square, whole_picture

SIZE_PX = (640, 480)
SEEN = [0.9] * KEYPOINTS


def standing(torso_px: float = 60.0, x: float = 320.0, floor_px: float = 340.0) -> list[list[float]]:
    points: list[list[float]] = Camera(0.0, torso_px, (x, floor_px), SIZE_PX).see(Squatter().body(0.0)).tolist()
    return points


def unseen(*keypoints: int) -> list[float]:
    return [0.1 if k in keypoints else 0.9 for k in range(KEYPOINTS)]


@pytest.mark.parametrize(
    ("size_px", "square"),
    [
        ((640, 480), Square(0, -80, 640)),
        ((480, 640), Square(-80, 0, 640)),
        ((300, 300), Square(0, 0, 300)),
        ((1280, 720), Square(0, -280, 1280)),
    ],
)
def test_the_whole_picture_is_the_smallest_square_around_it(size_px: tuple[int, int], square: Square) -> None:
    assert whole_picture(size_px) == square


@pytest.mark.parametrize(
    "hidden",
    [
        (Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER),
        (Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP),
        tuple(range(KEYPOINTS)),
    ],
)
def test_without_the_torso_there_is_nobody_to_follow(hidden: tuple[int, ...]) -> None:
    assert next_square(standing(), unseen(*hidden), SIZE_PX) is None


def test_one_shoulder_and_one_hip_are_enough_to_follow() -> None:
    score = unseen(Keypoint.RIGHT_SHOULDER, Keypoint.LEFT_HIP)
    assert next_square(standing(), score, SIZE_PX) is not None


def test_a_score_at_the_limit_is_not_enough() -> None:
    score = SEEN.copy()
    score[Keypoint.LEFT_HIP] = score[Keypoint.RIGHT_HIP] = CROP_SCORE
    assert next_square(standing(), score, SIZE_PX) is None


def test_the_square_is_centred_on_the_hips() -> None:
    points = standing(x=250.0)
    square = next_square(points, SEEN, SIZE_PX)
    assert square is not None
    hips = (points[Keypoint.LEFT_HIP][1] + points[Keypoint.RIGHT_HIP][1]) / 2
    assert square.left + square.side / 2 == pytest.approx(250.0, abs=1)
    assert square.top + square.side / 2 == pytest.approx(hips, abs=1)


def test_the_square_reaches_a_fifth_beyond_the_farthest_keypoint_seen() -> None:
    points = standing()
    square = next_square(points, SEEN, SIZE_PX)
    hips = points[Keypoint.LEFT_HIP][1]
    wrist = hips - points[Keypoint.LEFT_WRIST][1]
    assert square is not None
    assert square.side / 2 == pytest.approx(1.2 * wrist, abs=1)


def test_a_torso_alone_gets_nearly_twice_its_reach() -> None:
    torso = {Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER, Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP}
    points = standing()
    square = next_square(points, unseen(*(set(range(KEYPOINTS)) - torso)), SIZE_PX)
    reach = points[Keypoint.LEFT_HIP][1] - points[Keypoint.LEFT_SHOULDER][1]
    assert square is not None
    assert square.side / 2 == pytest.approx(1.9 * reach, abs=1)


def test_a_keypoint_that_is_not_seen_does_not_widen_the_square() -> None:
    points = standing()
    points[Keypoint.LEFT_WRIST] = [600.0, 20.0]
    near = next_square(points, unseen(Keypoint.LEFT_WRIST), SIZE_PX)
    far = next_square(points, SEEN, SIZE_PX)
    assert near is not None
    assert far is not None
    assert near.side < far.side


def test_someone_large_gets_the_whole_picture() -> None:
    assert next_square(standing(torso_px=140.0, x=420.0, floor_px=470.0), SEEN, SIZE_PX) == whole_picture(SIZE_PX)


def test_the_square_follows_a_step_to_the_side() -> None:
    here, there = next_square(standing(x=300.0), SEEN, SIZE_PX), next_square(standing(x=340.0), SEEN, SIZE_PX)
    assert here is not None
    assert there is not None
    assert there.left - here.left == pytest.approx(40, abs=1)
    assert there.side == pytest.approx(here.side, abs=1)


@given(
    st.floats(1, 400),
    st.floats(0, 640),
    st.floats(0, 480),
    st.lists(st.floats(0, 1), min_size=KEYPOINTS, max_size=KEYPOINTS),
    st.sampled_from([(640, 480), (480, 640), (1280, 720), (33, 64)]),
)
def test_the_square_is_never_larger_than_the_picture_and_never_empty(
    torso_px: float, x: float, floor_px: float, score: list[float], size_px: tuple[int, int]
) -> None:
    square = next_square(standing(torso_px, x, floor_px), score, size_px)
    if square is not None:
        assert 1 <= square.side <= max(size_px) + 1
        assert all(math.isfinite(value) for value in (square.left, square.top))


def test_a_body_in_a_single_point_leaves_a_square_that_can_be_looked_at() -> None:
    square = next_square([[100.0, 100.0]] * KEYPOINTS, SEEN, SIZE_PX)
    assert square is None or square.side >= 1
