"""An exercise that nobody has drawn stands on the screen as it starts by its own word, or is not drawn at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from kiosk_incline_push_up import incline_push_up
from kiosk_overhead_squat import overhead_squat

from kiosk import Exercise, Keypoint, Pass, Pose, Side, View, geometry
from kiosk.start_figures import Joints, start_figures
from kiosk.web.welcome import shown_of

JOINTS = {
    *(f"{side}{name}" for side in ("left", "right") for name in ("Shoulder", "Elbow", "Wrist", "Hip", "Knee", "Ankle")),
    "leftToe",
    "rightToe",
    "head",
}


def starting(start: Callable[[Pose], bool], *passes: Pass) -> Exercise:
    return replace(
        overhead_squat, slug="of-a-plugin", start=start, passes=passes or (Pass(View.FRONT, reps=5, ask="Go"),)
    )


def figure(start: Callable[[Pose], bool], *passes: Pass) -> Joints | None:
    return start_figures([starting(start, *passes)]).get("of-a-plugin")


def hands_near(keypoint: Keypoint) -> Callable[[Pose], bool]:
    def near(pose: Pose) -> bool:
        hands, place = geometry.pair(pose, Keypoint.LEFT_WRIST), geometry.pair(pose, keypoint)
        return bool(geometry.distance(hands, place) < 0.4 * geometry.torso_px(pose))

    return near


def height(joints: Joints, name: str) -> float:
    return (joints[f"left{name}"][1] + joints[f"right{name}"][1]) / 2


def test_arms_are_overhead_where_the_exercise_starts_so() -> None:
    joints = start_figures([overhead_squat])["overhead-squat"]
    assert set(joints) == JOINTS
    assert height(joints, "Wrist") > joints["head"][1] + 0.1 > height(joints, "Hip")


def test_a_body_leans_on_its_hands_where_the_exercise_starts_so() -> None:
    joints = start_figures([incline_push_up])["incline-push-up"]
    assert height(joints, "Shoulder") < 0.6
    assert abs(joints["head"][2] - joints["leftAnkle"][2]) > 0.6


@pytest.mark.parametrize("view", list(View))
@pytest.mark.parametrize(("keypoint", "joint"), [(Keypoint.LEFT_HIP, "Hip"), (Keypoint.LEFT_EAR, None)])
def test_hands_are_where_the_exercise_wants_them_in_each_view(
    view: View, keypoint: Keypoint, joint: str | None
) -> None:
    joints = figure(lambda pose: hands_near(keypoint)(pose) and bent(pose), Pass(view, reps=5, ask="Go"))
    assert joints is not None
    wanted = joints["head"][1] if joint is None else height(joints, joint)
    assert height(joints, "Wrist") == pytest.approx(wanted, abs=0.1)


def bent(pose: Pose) -> bool:
    """Hanging hands are near the hips too."""
    arm = (Keypoint.LEFT_SHOULDER, Keypoint.LEFT_ELBOW, Keypoint.LEFT_WRIST)
    return geometry.angle_deg(*(pose.point(k) for k in arm)) < 140


def test_one_leg_is_lifted_where_the_exercise_starts_on_the_other() -> None:
    def on_the_left(pose: Pose) -> bool:
        feet = pose.point(Keypoint.LEFT_ANKLE)[1] - pose.point(Keypoint.RIGHT_ANKLE)[1]
        return bool(feet > 0.15 * geometry.torso_px(pose))

    joints = figure(on_the_left, Pass(View.FRONT, reps=5, ask="Go", side=Side.LEFT))
    assert joints is not None
    assert joints["rightAnkle"][1] > joints["leftAnkle"][1] + 0.05


def test_the_plainest_posture_is_drawn_of_those_that_an_exercise_takes() -> None:
    joints = figure(lambda _pose: True)
    assert joints is not None
    assert height(joints, "Wrist") < height(joints, "Elbow") < height(joints, "Shoulder")


def test_nobody_guesses_at_a_posture_that_is_none_of_ours() -> None:
    assert figure(lambda _pose: False) is None
    shown = shown_of([starting(lambda _pose: False)], {})
    assert [(one["slug"], one["title"], one["joints"]) for one in shown] == [("of-a-plugin", "Overhead squat", None)]
    assert shown[0]["passes"] == [("front", None)]
    assert {"knees", "feet"} <= set(shown[0]["points"])


@pytest.mark.parametrize("exercise", [overhead_squat, incline_push_up])
def test_nothing_is_in_the_floor_and_nobody_hangs_in_the_air(exercise: Exercise) -> None:
    joints = start_figures([exercise])[exercise.slug]
    lowest = min(up for _, up, _ in joints.values())
    assert lowest == pytest.approx(0.018, abs=0.03)
