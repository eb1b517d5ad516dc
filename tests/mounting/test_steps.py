"""The person is led through three stances, and none is taken before it is really there."""

from __future__ import annotations

import numpy as np
import pytest

from kiosk.mounting.steps import ARMS, DONE, MARK, NO_FEET, NO_HEAD, NOBODY, STEP, STILL_S, Steps, margins
from kiosk.movement.pose import Keypoint, Pose

from .placed import STEP_M, Hung, exact, somebody

HUNG = Hung(1.0, 3.2, fov_deg=80)
BODY = somebody("man-30-medium", 1.78)
FPS = 10


class Visit:
    """Somebody before the camera, for as long as each posture lasts."""

    def __init__(self) -> None:
        self.steps = Steps()
        self.frames = 0

    def shows(self, pose: Pose, seconds: float = STILL_S + 0.5) -> None:
        for _ in range(round(seconds * FPS)):
            self.steps.update(Pose(pose.xy, pose.score, self.frames / FPS, pose.size_px))
            self.frames += 1


def without(pose: Pose, *keys: Keypoint) -> Pose:
    xy = pose.xy.copy()
    xy[list(keys)] = np.nan
    return Pose(xy, pose.score, pose.t_s, pose.size_px)


STANDING, RAISED, BACK = exact(HUNG, BODY), exact(HUNG, BODY, arms=1.0), exact(HUNG, BODY, step_m=-STEP_M)


def test_three_stances_end_the_check() -> None:
    visit = Visit()
    assert visit.steps.says == MARK
    visit.shows(STANDING)
    assert visit.steps.says == ARMS
    visit.shows(RAISED)
    assert visit.steps.says == STEP
    visit.shows(BACK)
    assert visit.steps.says == DONE
    assert visit.steps.done
    for stance, pose in ((visit.steps.on_mark, STANDING), (visit.steps.arms_up, RAISED), (visit.steps.stepped, BACK)):
        assert stance is not None
        np.testing.assert_allclose(stance.xy, pose.xy)


def test_a_step_ahead_counts_as_well() -> None:
    visit = Visit()
    for pose in (STANDING, RAISED, exact(HUNG, BODY, step_m=STEP_M)):
        visit.shows(pose)
    assert visit.steps.done


def test_arms_that_are_up_are_no_standing_and_arms_down_no_raising() -> None:
    visit = Visit()
    visit.shows(RAISED)
    assert visit.steps.number == 0
    visit.shows(STANDING)
    visit.shows(STANDING)
    assert visit.steps.number == 1


def test_without_a_step_there_is_no_third_stance() -> None:
    visit = Visit()
    for pose in (STANDING, RAISED, STANDING, exact(HUNG, BODY, step_m=-0.2)):
        visit.shows(pose)
    assert visit.steps.number == 2


def test_somebody_who_sways_is_waited_for() -> None:
    visit = Visit()
    for turn in range(40):
        aside = Pose(STANDING.xy + np.array([60.0 * (turn % 2), 0.0]), STANDING.score, 0.0, STANDING.size_px)
        visit.shows(aside, 1 / FPS)
    assert visit.steps.number == 0
    assert visit.steps.held_share < 1


def test_how_long_to_keep_still_is_told() -> None:
    visit = Visit()
    assert visit.steps.held_share == 0
    visit.shows(STANDING, STILL_S / 2)
    assert 0.3 < visit.steps.held_share < 0.7


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        ((Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE), NO_FEET),
        ((Keypoint.LEFT_EAR, Keypoint.RIGHT_EAR), NO_HEAD),
        (tuple(Keypoint), NOBODY),
    ],
)
def test_what_is_in_the_way_is_said(missing: tuple[Keypoint, ...], says: str) -> None:
    visit = Visit()
    visit.shows(without(STANDING, *missing))
    assert visit.steps.says == says
    assert visit.steps.number == 0


def test_raised_hands_beyond_the_picture_count_as_raised() -> None:
    visit = Visit()
    visit.shows(STANDING)
    visit.shows(without(RAISED, Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST))
    assert visit.steps.number == 2


def test_margins_are_left_around_hands_and_soles_not_around_wrists_and_ankles() -> None:
    around = margins(RAISED)
    assert 0 < around.top < RAISED.points[Keypoint.LEFT_WRIST][1] / 720 - 0.03
    assert 0 < around.bottom < 1 - RAISED.points[Keypoint.LEFT_ANKLE][1] / 720
    assert around.left == pytest.approx(around.right, abs=0.03)
    assert around.least == min(around.top, around.bottom)


def test_hands_that_are_cut_off_leave_less_than_nothing() -> None:
    near = exact(Hung(1.0, 2.0, tilt_deg=5, fov_deg=60), BODY, arms=1.0)
    assert margins(near).top < 0
    assert margins(without(near, Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST)).top < 0
