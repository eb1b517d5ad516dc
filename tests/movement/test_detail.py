"""What is read off a key frame: turned feet, the bend of a back."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.movement.detail import (
    BACK_SHARES,
    NO_DETAILS,
    Details,
    FootPoint,
    back_bend_deg,
    turn_out_deg,
)
from kiosk.movement.pose import Keypoint

from .details import a_detail, a_pose

# -- feet ----------------------------------------------------------------------------------------------------------


@given(st.floats(-60, 60))
def test_the_turn_of_the_feet_is_what_they_were_turned_by(out_deg: float) -> None:
    assert turn_out_deg(a_detail(out_deg=out_deg)) == pytest.approx(out_deg, abs=1e-6)


@pytest.mark.parametrize("askew_deg", [-10, 10])
def test_somebody_who_stands_askew_turns_the_feet_by_the_same(askew_deg: float) -> None:
    assert turn_out_deg(a_detail(out_deg=20, askew_deg=askew_deg)) == pytest.approx(20, abs=0.5)


@pytest.mark.parametrize("point", FootPoint)
def test_both_feet_are_needed_because_one_alone_shows_how_askew_somebody_stands(point: FootPoint) -> None:
    detail = a_detail(out_deg=20)
    detail.feet[point] = np.nan
    assert math.isnan(turn_out_deg(detail))


def test_toes_further_out_than_a_foot_is_long_point_straight_out() -> None:
    detail = a_detail()
    detail.feet[FootPoint.LEFT_TOE, 0] += 200
    detail.feet[FootPoint.RIGHT_TOE, 0] -= 200
    assert turn_out_deg(detail) == pytest.approx(90)


def test_without_a_shin_nothing_says_how_long_a_foot_is() -> None:
    pose = a_pose()
    pose.xy[[Keypoint.LEFT_KNEE, Keypoint.RIGHT_KNEE]] = np.nan
    unseen = replace(a_detail(out_deg=10), pose=replace(pose))
    assert math.isnan(turn_out_deg(unseen))


# -- the back ------------------------------------------------------------------------------------------------------


def test_a_straight_back_has_no_bend() -> None:
    assert back_bend_deg(a_detail()) == pytest.approx(0, abs=1e-6)


@given(st.floats(0.005, 0.15))
def test_a_back_that_bulges_is_rounded_and_one_that_hollows_the_opposite(bend: float) -> None:
    rounded = back_bend_deg(a_detail(bend=bend))
    assert rounded == pytest.approx(2 * math.degrees(math.atan(2 * bend / 0.475)), rel=0.02)
    assert back_bend_deg(a_detail(bend=-bend)) == pytest.approx(-rounded, abs=1e-6)


def test_a_leaning_trunk_is_not_a_bent_one() -> None:
    upright, turn = a_detail(bend=0.08), math.radians(40)
    spin = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    pose = replace(upright.pose, xy=(upright.pose.xy - 300) @ spin.T + 300)
    leaning = replace(upright, pose=pose, back=(upright.back - 300) @ spin.T + 300)
    assert back_bend_deg(leaning) == pytest.approx(back_bend_deg(upright), abs=1e-6)


def test_a_back_of_which_half_was_not_seen_has_no_bend() -> None:
    detail = a_detail(bend=0.1)
    detail.back[: len(BACK_SHARES) // 2] = np.nan
    assert math.isnan(back_bend_deg(detail))


def test_a_few_points_that_were_not_seen_change_little() -> None:
    detail = a_detail(bend=0.1)
    whole = back_bend_deg(detail)
    detail.back[[3, 9]] = np.nan
    assert back_bend_deg(detail) == pytest.approx(whole, abs=0.5)


def test_without_shoulders_there_is_no_line_to_bend_from() -> None:
    detail = a_detail(bend=0.1)
    xy = detail.pose.xy.copy()
    xy[[Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER]] = np.nan
    assert math.isnan(back_bend_deg(replace(detail, pose=replace(detail.pose, xy=xy))))


# -- turned and cut ------------------------------------------------------------------------------------------------


def test_turned_twice_everything_is_where_it_was() -> None:
    detail = a_detail(1.5, out_deg=12, heel_up_deg=7, bend=0.03)
    again = detail.turned().turned()
    for before, after in ((detail.pose.xy, again.pose.xy), (detail.feet, again.feet), (detail.back, again.back)):
        np.testing.assert_allclose(after, before)
    assert (again.heel_up_deg, again.pose.t_s) == (7, 1.5)


def test_a_rounded_back_that_faces_left_is_rounded_once_turned() -> None:
    facing_right = a_detail(bend=0.1)
    facing_left = facing_right.turned()
    assert back_bend_deg(facing_left) == pytest.approx(-back_bend_deg(facing_right))
    assert back_bend_deg(facing_left.turned()) == pytest.approx(back_bend_deg(facing_right))


def test_details_are_cut_by_time_and_keep_the_reason() -> None:
    details = Details(tuple(a_detail(t_s) for t_s in (1.0, 2.0, 3.0)), why="Because.")
    assert [one.pose.t_s for one in details.between(1.5, 3.0).frames] == [2.0, 3.0]
    assert details.between(5, 9).why == "Because."
    assert details.turned().why == "Because."


def test_where_nobody_looked_a_sentence_says_so() -> None:
    assert NO_DETAILS.frames == ()
    assert NO_DETAILS.why is not None
    assert NO_DETAILS.why.endswith(".")
