"""The small parts of a visit: how long something has been true, and the times that the configuration sets."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.settings import VisitSettings
from kiosk.station.visit import Screen, Since, State, VisitTimes
from kiosk.testing import SIDE

from .visits import FRONT, Stage, arms_up, asked_for_pain, scanning, squats, standing, turning, with_result


def test_something_holds_from_the_moment_on_at_which_it_has_lasted() -> None:
    since = Since()
    assert [since.holds(True, t_s, 1.0) for t_s in (5.0, 5.5, 5.9, 6.0, 7.0)] == [False, False, False, True, True]


def test_a_break_begins_it_anew() -> None:
    since = Since()
    since.holds(True, 0.0, 1.0)
    assert not since.holds(False, 2.0, 1.0)
    assert not since.holds(True, 2.1, 1.0)
    assert since.holds(True, 3.1, 1.0)


def test_a_short_break_is_forgiven_where_that_is_asked_for() -> None:
    since = Since()
    since.holds(True, 0.0, 1.0, forgive_s=0.4)
    since.holds(True, 0.7, 1.0, forgive_s=0.4)
    assert not since.holds(False, 1.0, 1.0, forgive_s=0.4)
    assert since.holds(True, 1.15, 1.0, forgive_s=0.4)


def test_a_break_is_forgiven_only_for_so_long() -> None:
    since = Since()
    since.holds(True, 0.0, 1.0, forgive_s=0.4)
    since.holds(False, 0.2, 1.0, forgive_s=0.4)
    since.holds(False, 0.5, 1.0, forgive_s=0.4)
    assert not since.holds(True, 1.2, 1.0, forgive_s=0.4)


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 2)), max_size=30), st.floats(0, 3))
def test_what_is_not_true_now_never_holds(steps: list[tuple[bool, float]], for_s: float) -> None:
    since, t_s = Since(), 0.0
    for true, step_s in steps:
        t_s += step_s
        assert true or not since.holds(True, t_s - step_s, for_s) or not since.holds(False, t_s, for_s)
        if true and for_s == 0.0:
            assert since.holds(True, t_s, for_s)


def test_the_configuration_offers_every_time_under_its_own_name_and_default() -> None:
    assert asdict(VisitSettings()) == asdict(VisitTimes())


def test_before_anything_was_seen_the_screen_invites() -> None:
    screen = Screen()
    assert (screen.state, screen.instruction) == (State.IDLE, "Step in front of the camera")


def lasts(stage: Stage, state: State) -> float:
    """For how many seconds of the stage's story a state was on the screen."""
    return sum(screen.state is state for screen in stage.screens) / 30


def test_a_greeting_takes_as_long_as_is_set() -> None:
    stage = Stage(times=VisitTimes(greet_s=2.0)).play(standing(5.0))
    assert lasts(stage, State.IDLE) == pytest.approx(2.0, abs=0.1)


def test_a_person_is_gone_as_soon_as_is_set() -> None:
    stage = Stage(times=VisitTimes(gone_s=1.0)).play(standing(1.0))
    assert stage.empty(0.9).state is State.FRAMING
    assert stage.empty(0.3).state is State.IDLE


@pytest.mark.parametrize("hold_s", [0.5, 2.0])
def test_the_posture_is_held_as_long_as_is_set(hold_s: float) -> None:
    stage = Stage(times=VisitTimes(hold_s=hold_s)).play(arms_up(4.0))
    assert lasts(stage, State.READY) == pytest.approx(hold_s, abs=0.1)


def test_the_turn_is_held_as_long_as_is_set() -> None:
    stage = Stage(times=VisitTimes(hold_s=3.0))
    stage.play(arms_up(5.0)).play(squats(5, FRONT, lead_s=0.2), until=lambda s: s.state is State.PAIN)
    stage.press("no-pain")
    stage.play(turning(0, 90)).play(arms_up(2.5, SIDE))
    assert stage.state is State.TURN
    assert stage.play(arms_up(1.5, SIDE)).state is State.SCAN


@pytest.mark.parametrize("patience_s", [0.5, 3.0])
def test_a_lost_body_is_waited_for_as_long_as_is_set(patience_s: float) -> None:
    stage = scanning(reps=1, times=VisitTimes(patience_s=patience_s))
    assert stage.empty(patience_s - 0.1).state is State.SCAN
    assert stage.empty(0.3).state is State.PAUSED


def test_a_rest_ends_the_pass_after_as_long_as_is_set() -> None:
    stage = scanning(reps=3, times=VisitTimes(rest_s=10.0))
    assert stage.play(arms_up(8.0)).state is State.SCAN
    assert stage.play(arms_up(2.0)).state is State.PAIN


def test_a_visit_is_given_up_after_as_long_as_is_set() -> None:
    stage = scanning(reps=1, times=VisitTimes(give_up_s=5.0)).empty(1.1)
    assert stage.empty(4.5).state is State.PAUSED
    assert stage.empty(1.0).state is State.PAIN


@pytest.mark.parametrize("between_s", [2.0, 8.0])
def test_between_two_passes_the_pain_question_waits_as_long_as_is_set(between_s: float) -> None:
    stage = scanning(times=VisitTimes(pain_between_s=between_s))
    stage.play(squats(5, lead_s=0.5), until=lambda s: s.state is State.PAIN).play(arms_up(between_s + 1))
    assert stage.state is State.TURN
    assert lasts(stage, State.PAIN) == pytest.approx(between_s, abs=0.1)


def test_the_pain_question_waits_as_long_as_is_set() -> None:
    stage = asked_for_pain(VisitTimes(pain_s=5.0))
    assert stage.play(standing(4.5)).state is State.PAIN
    assert stage.play(standing(0.7)).state is State.RESULT


def test_the_pain_question_counts_down_on_the_screen() -> None:
    stage = asked_for_pain().play(standing(11.5))
    shown = [screen.detail for screen in stage.screens if screen.state is State.PAIN]
    assert "(12 s)" in shown[2]
    assert "(1 s)" in shown[-1]


def test_a_result_is_shown_as_long_as_is_set_and_no_longer() -> None:
    stage = with_result(VisitTimes(result_s=3.0, result_longest_s=6.0))
    assert stage.play(standing(5.5)).state is State.RESULT
    assert stage.play(standing(1.0)).state is State.IDLE
    stage = with_result(VisitTimes(result_s=3.0, result_longest_s=60.0))
    assert stage.empty(3.2).state is State.IDLE
