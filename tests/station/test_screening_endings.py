"""How visits end: by pain, by hand, for want of a camera; and how the next one begins."""

from __future__ import annotations

import pytest

from kiosk.station.screening import Screening
from kiosk.station.visit import State
from kiosk.testing import SIDE

from .visits import (
    Stage,
    arms_up,
    asked_for_pain,
    counted,
    nobody,
    push_ups,
    scanning,
    squats,
    standing,
    turned_stage,
    turning,
)

IDLE, F, R, S = State.IDLE, State.FRAMING, State.READY, State.SCAN
P, T, Q, RESULT = State.PAUSED, State.TURN, State.PAIN, State.RESULT


# -- pain and giving up ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", [scanning, turned_stage, asked_for_pain], ids=["scan", "turn", "pain"])
def test_pain_ends_the_visit_at_once_and_is_in_it(stage) -> None:
    running = stage()
    screen = running.press("pain")
    assert screen.state is RESULT
    assert screen.visit is not None
    assert (screen.visit.pain, screen.visit.answered) == (True, True)


def test_pain_during_a_pause_ends_the_visit() -> None:
    stage = scanning(reps=2).empty(2.0)
    assert stage.state is P
    visit = stage.press("pain").visit
    assert visit is not None
    assert visit.pain
    assert [done.ended for done in visit.passes] == ["pain"]


def test_pain_in_the_first_frame_of_a_scan_makes_a_visit_without_a_pass() -> None:
    stage = Stage().play(arms_up(3.0), until=lambda s: s.state is S)
    visit = stage.press("pain").visit
    assert visit is not None
    assert visit.pain
    assert visit.passes == ()


def test_a_pain_question_without_an_answer_is_noted_as_one() -> None:
    stage = asked_for_pain().play(standing(13.0))
    (visit,) = stage.visits
    assert (visit.pain, visit.answered) == (False, False)


def test_no_to_the_pain_question_is_an_answer() -> None:
    stage = asked_for_pain()
    visit = stage.press("no-pain").visit
    assert visit is not None
    assert (visit.pain, visit.answered) == (False, True)


def test_pain_pressed_right_after_stop_is_not_lost() -> None:
    stage = scanning(reps=2)
    stage.screening.command("stop")
    stage.screening.command("pain")
    stage.see(nobody())
    stage.see(nobody())
    (visit,) = stage.visits
    assert visit.pain


def test_stop_half_way_asks_for_pain_and_keeps_the_finished_reps() -> None:
    stage = scanning(reps=3)
    assert stage.press("stop").state is Q
    visit = stage.press("no-pain").visit
    assert visit is not None
    assert [done.ended for done in visit.passes] == ["stopped"]
    assert counted(visit) == [3]


def test_stop_before_the_first_rep_leaves_no_result() -> None:
    stage = scanning()
    assert stage.press("stop").state is Q
    assert stage.press("no-pain").state is IDLE
    assert stage.visits == []


# -- the camera ends it ------------------------------------------------------------------------------------------


def test_a_camera_that_is_away_for_a_while_costs_no_patience() -> None:
    stage = turned_stage().play(turning(0, 90))
    stage.see(nobody(), after_s=25.0)
    stage.play(squats(5, SIDE), until=lambda s: s.state is Q)
    assert stage.state is Q
    stage.press("no-pain")
    assert counted(stage.visits[0]) == [5, 5]


def test_after_an_outage_a_posture_must_be_held_anew() -> None:
    stage = Stage().play(arms_up(1.5), until=lambda s: s.state is R)
    pose = arms_up(0.1).pose(0)
    assert stage.see(pose, after_s=10.0).state is R


def test_a_gap_of_minutes_ends_the_visit_with_what_was_seen() -> None:
    stage = scanning(reps=2)
    visit = stage.see(arms_up(0.1).pose(0), after_s=300.0).visit
    assert visit is not None
    assert [done.ended for done in visit.passes] == ["lost"]
    assert counted(visit) == [2]


def test_giving_up_for_the_camera_keeps_the_pain_that_was_reported_meanwhile() -> None:
    stage = scanning(reps=2)
    stage.screening.command("pain")
    visit = stage.screening.give_up(stage.t_s).visit
    assert visit is not None
    assert visit.pain


@pytest.mark.parametrize("acts", ["", "stand", "arms"])
def test_giving_up_before_a_scan_goes_back_to_the_beginning(acts: str) -> None:
    stage = Stage()
    if acts:
        stage.play({"stand": standing, "arms": arms_up}[acts](1.2))
    screen = stage.screening.give_up(stage.t_s)
    assert (screen.state, screen.visit, screen.exercise) == (IDLE, None, None)


# -- two visits ---------------------------------------------------------------------------------------------------


def test_two_visits_in_a_row_share_nothing() -> None:
    stage = Stage().play(arms_up(2.0)).play(squats(5, knees_ratio=0.5)).empty(75.0)
    assert stage.state is IDLE
    stage.empty(3.0)
    second = len(stage.screens)
    stage.play(push_ups(10))
    fresh = stage.since(second)
    assert {screen.exercise.slug for screen in fresh if screen.exercise} == {"incline-push-up"}
    assert max(screen.pass_number for screen in fresh if screen.state is S) == 1
    assert [screen.reps for screen in fresh if screen.rep] == list(range(1, 11))
    stage.empty(60.0)
    first, other = stage.visits
    assert (first.exercise.slug, other.exercise.slug) == ("overhead-squat", "incline-push-up")
    assert counted(other) == [10]
    assert other.passes[0].poses[0].t_s > first.passes[-1].poses[-1].t_s


def test_the_next_member_may_start_while_the_last_result_is_still_shown() -> None:
    stage = asked_for_pain()
    stage.press("no-pain")
    stage.empty(4.0).play(arms_up(3.0)).play(squats(2))
    assert stage.story[-4:] == [IDLE, F, R, S]
    assert stage.now.reps == 2


def test_a_result_stays_while_somebody_looks_at_it_but_not_for_ever() -> None:
    stage = asked_for_pain()
    stage.press("no-pain")
    stage.play(standing(100.0))
    assert stage.state is RESULT
    stage.play(standing(25.0))
    assert RESULT not in {screen.state for screen in stage.screens[-30:]}


def test_a_result_is_left_when_the_person_has_gone() -> None:
    stage = asked_for_pain()
    stage.press("no-pain")
    assert stage.empty(19.0).state is RESULT
    assert stage.empty(2.0).state is IDLE


def test_the_screen_says_for_how_long_a_result_stays() -> None:
    stage = asked_for_pain()
    stage.press("no-pain")
    assert stage.play(standing(10.0)).now.left_s == pytest.approx(110.0, abs=0.2)
    assert stage.empty(5.0).now.left_s == pytest.approx(15.0, abs=0.2)
    assert stage.play(standing(1.0)).now.left_s == pytest.approx(104.0, abs=0.4)


def test_whoever_touches_the_result_has_it_for_as_long_as_at_first() -> None:
    stage = asked_for_pain()
    stage.press("no-pain")
    stage.play(standing(110.0)).press("stay")
    assert stage.play(standing(100.0)).state is RESULT
    assert stage.empty(19.0).press("stay").state is RESULT
    assert stage.empty(19.0).state is RESULT
    assert stage.empty(2.0).state is IDLE
    assert stage.press("stay").state is IDLE


def test_a_kiosk_without_exercises_says_so() -> None:
    stage = Stage(exercises=()).play(arms_up(2.0))
    assert stage.now.instruction == "No exercise is installed"
    stage.press("next")
    assert stage.state is F


def test_it_begins_idle() -> None:
    assert Screening(()).state is IDLE
