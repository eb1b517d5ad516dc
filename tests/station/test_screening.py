"""Visits from stepping up to the result, with synthetic people and with the demo's recordings."""

from __future__ import annotations

import pytest

from kiosk.movement.view import View
from kiosk.station.screening import Screening
from kiosk.station.visit import State

from ..demo_recordings import PUSH_UP, SQUAT_FRONT, SQUAT_SIDE, recorded
from .visits import (
    BAR,
    BAR_FRONT,
    FRONT,
    REAR,
    SIDE,
    Stage,
    arms_up,
    asked_for_pain,
    counted,
    nobody,
    push_ups,
    raising_arms,
    scanning,
    scratching_head,
    squats,
    standing,
    turned_stage,
    turning,
    walking,
)

I, F, R, S = State.IDLE, State.FRAMING, State.READY, State.SCAN
P, T, Q, RESULT = State.PAUSED, State.TURN, State.PAIN, State.RESULT


# -- the whole way -----------------------------------------------------------------------------------------------


def test_a_squat_visit_goes_from_an_empty_room_to_the_result_hands_free() -> None:
    stage = Stage().empty(1.0).play(standing(1.0)).play(raising_arms())
    stage.play(squats(5)).play(turning(0, 90)).play(squats(5, SIDE)).play(standing(13.0)).empty(25.0)
    assert stage.story == [I, F, R, S, T, S, Q, RESULT, I]
    (visit,) = stage.visits
    assert visit.exercise.slug == "overhead-squat"
    assert [(done.view, done.ended, done.asked) for done in visit.passes] == [
        (View.FRONT, "done", 5),
        (View.SIDE, "done", 5),
    ]
    assert counted(visit) == [5, 5]
    assert stage.reps == 10


def test_a_push_up_visit_goes_from_the_side_to_the_front_hands_free() -> None:
    stage = Stage().empty(1.0).play(push_ups(10)).play(standing(3.0)).play(push_ups(10, BAR_FRONT))
    stage.play(standing(13.0))
    assert stage.story == [I, F, R, S, T, S, Q, RESULT]
    (visit,) = stage.visits
    assert visit.exercise.slug == "incline-push-up"
    assert [done.view for done in visit.passes] == [View.SIDE, View.FRONT]
    assert counted(visit) == [10, 10]


def test_the_recorded_squats_make_a_visit_of_five_and_five() -> None:
    stage = Stage().empty(1.0).play(recorded(SQUAT_FRONT)).empty(2.5).play(recorded(SQUAT_SIDE)).empty(26.0)
    (visit,) = stage.visits
    assert counted(visit) == [5, 5]
    assert stage.reps == 10
    assert [state for state in stage.story if state is S] == [S, S]


def test_the_recorded_push_ups_end_with_eight_when_the_person_leaves() -> None:
    stage = Stage().empty(1.0).play(recorded(PUSH_UP)).empty(30.0)
    (visit,) = stage.visits
    assert visit.exercise.slug == "incline-push-up"
    assert counted(visit) == [8]
    assert stage.reps == 8


def test_the_posture_chooses_the_exercise() -> None:
    assert Stage().play(arms_up(3.0)).now.exercise is not None
    squatting = Stage().play(arms_up(3.0)).now.exercise
    pushing = Stage().play(push_ups(1, lead_s=3.0)).now.exercise
    assert squatting is not None
    assert pushing is not None
    assert (squatting.slug, pushing.slug) == ("overhead-squat", "incline-push-up")


def test_from_stepping_up_to_the_result_at_most_a_minute_passes_beside_the_reps() -> None:
    stage = Stage().play(standing(1.0)).play(raising_arms()).play(squats(5, lead_s=2.0))
    stage.play(turning(0, 90)).play(squats(5, SIDE, lead_s=2.0)).play(standing(15.0))
    idle_frames = sum(screen.state is not S for screen in stage.screens)
    assert RESULT in stage.story
    first_result = next(k for k, screen in enumerate(stage.screens) if screen.state is RESULT)
    assert (idle_frames - (len(stage.screens) - first_result)) / 30 < 60


def test_each_rep_is_announced_in_the_frame_in_which_it_is_counted() -> None:
    stage = scanning().play(squats(5, lead_s=0.5))
    announced = [screen.reps for screen in stage.screens if screen.rep is not None]
    assert announced == [1, 2, 3, 4, 5]


def test_a_fault_in_a_rep_is_on_the_screen_at_once_as_a_sign() -> None:
    stage = scanning().play(squats(2, lead_s=0.5, knees_ratio=0.5))
    assert [screen.rep.signs for screen in stage.screens if screen.rep] == [("knees-in",)] * 2


def test_an_assessment_is_not_coached_and_a_push_up_is() -> None:
    squatting = scanning().play(squats(3, lead_s=0.5, knees_ratio=0.5))
    assert {screen.cue for screen in squatting.screens} == {None}
    pushing = Stage().play(push_ups(4, sag_deg=35.0))
    assert "Tuck your tailbone" in {screen.cue for screen in pushing.screens}


def test_three_squats_and_a_rest_end_the_pass() -> None:
    stage = scanning(reps=3).play(arms_up(7.0))
    assert stage.state is T
    assert stage.press("next").state is Q
    stage.press("no-pain")
    assert [done.ended for done in stage.visits[0].passes] == ["rested"]


# -- what is no rep ----------------------------------------------------------------------------------------------


def test_nothing_is_counted_of_walking_in_raising_the_arms_scratching_the_head_and_leaving() -> None:
    stage = Stage().empty(0.5).play(walking(3.0, -100.0)).play(standing(1.0)).play(scratching_head(3.0))
    stage.play(raising_arms()).play(arms_up(3.0)).play(scratching_head(3.0)).play(raising_arms())
    stage.play(walking(3.0, 320.0)).empty(30.0)
    assert stage.reps == 0
    assert stage.visits == []
    assert stage.state is I


@pytest.mark.parametrize("yaw_deg", [90.0, -90.0, 60.0])
def test_a_passer_by_starts_no_scan(yaw_deg: float) -> None:
    stage = Stage().play(walking(4.0, 50.0 if yaw_deg > 0 else 590.0, yaw_deg=yaw_deg)).empty(3.0)
    assert set(stage.story) <= {I, F}


def test_walking_off_after_three_squats_adds_no_fourth() -> None:
    stage = scanning(reps=3).play(walking(2.0, 320.0)).empty(26.0)
    (visit,) = stage.visits
    assert counted(visit) == [3]
    assert stage.reps == 3


# -- other people, a lost body, another view ---------------------------------------------------------------------


def test_a_second_person_pauses_the_scan_with_the_reason_and_loses_no_rep() -> None:
    stage = scanning(reps=2)
    paused = stage.play(arms_up(1.0), crowd=True).now
    assert (paused.state, paused.instruction) == (P, "One person at a time, please")
    assert paused.reps == 2
    stage.play(arms_up(1.0)).play(squats(3, lead_s=0.5), until=lambda s: s.state is T)
    assert stage.state is T
    stage.press("next")
    stage.press("no-pain")
    assert counted(stage.visits[0]) == [5]


def test_squats_during_a_pause_do_not_count() -> None:
    stage = scanning(reps=2).play(squats(3, lead_s=0.5), crowd=True)
    assert (stage.state, stage.now.reps) == (P, 2)
    stage.play(arms_up(2.0))
    assert (stage.state, stage.now.reps) == (S, 2)


@pytest.mark.parametrize("state", [F, R, T])
def test_with_a_second_person_no_scan_starts(state: State) -> None:
    if state is T:
        stage = turned_stage()
        stage.play(arms_up(3.0, SIDE), crowd=True)
        assert stage.state is T
    else:
        stage = Stage().play(standing(1.0))
        if state is R:
            stage.play(arms_up(2.0), until=lambda s: s.state is R)
        stage.play(arms_up(5.0), crowd=True)
        assert stage.state is state
    assert stage.now.instruction == "One person at a time, please"


def test_a_lost_body_pauses_and_coming_back_goes_on_with_the_reps() -> None:
    stage = scanning(reps=2).empty(1.5)
    assert (stage.state, stage.now.instruction) == (P, "Come back into the picture")
    stage.empty(5.0).play(arms_up(1.0))
    assert (stage.state, stage.now.reps) == (S, 2)


def test_a_body_unseen_for_a_moment_pauses_nothing() -> None:
    stage = scanning(reps=1).empty(0.8).play(arms_up(0.5))
    assert P not in stage.story


def test_staying_away_gives_up_with_what_was_done() -> None:
    stage = turned_stage().play(turning(0, 90)).play(squats(2, SIDE)).empty(30.0)
    (visit,) = stage.visits
    assert [done.ended for done in visit.passes] == ["done", "lost"]
    assert counted(visit) == [5, 2]
    assert (visit.pain, visit.answered) == (False, False)


def test_leaving_before_the_first_rep_ends_without_a_result() -> None:
    stage = scanning().empty(30.0)
    assert stage.visits == []
    assert stage.state is I
    assert "Nothing was counted. Try again?" in {screen.instruction for screen in stage.screens}


def test_standing_about_after_the_start_ends_without_a_result() -> None:
    stage = scanning().play(arms_up(26.0), until=lambda s: s.state is I)
    assert stage.visits == []
    assert I in stage.story


def test_turning_away_in_a_scan_pauses_and_asks_to_face_the_camera() -> None:
    stage = scanning(reps=1).play(turning(0, 90)).play(arms_up(2.0, SIDE))
    assert (stage.state, stage.now.instruction) == (P, "Face the camera")
    stage.play(turning(90, 0)).play(arms_up(1.5))
    assert (stage.state, stage.now.reps) == (S, 1)


def test_the_wrong_view_at_the_start_asks_to_turn_and_starts_nothing() -> None:
    stage = Stage().play(arms_up(6.0, SIDE))
    assert (stage.state, stage.now.instruction) == (R, "Face the camera")
    stage.play(turning(90, 0)).play(arms_up(1.5))
    assert stage.state is S


def test_a_push_up_from_the_front_is_asked_to_turn_to_the_side() -> None:
    stage = Stage().play(push_ups(1, BAR_FRONT, lead_s=4.0).part(0, 110))
    assert (stage.state, stage.now.instruction) == (R, "Turn your side to the camera")
    assert S not in stage.story


@pytest.mark.parametrize("camera", [FRONT, REAR], ids=["still facing", "the back"])
def test_a_turn_to_the_wrong_side_keeps_asking_and_at_last_gives_up_to_the_pain_question(camera) -> None:
    stage = turned_stage().play(arms_up(20.0, camera))
    assert (stage.state, stage.now.instruction) == (T, "Turn your side to the camera")
    stage.play(arms_up(6.0, camera))
    assert stage.state is Q
    stage.press("no-pain")
    assert [done.view for done in stage.visits[0].passes] == [View.FRONT]


@pytest.mark.parametrize("yaw_deg", [90.0, -90.0])
def test_either_flank_will_do(yaw_deg: float) -> None:
    stage = turned_stage().play(turning(0, yaw_deg)).play(arms_up(2.0, type(FRONT)(yaw_deg=yaw_deg)))
    assert (stage.state, stage.now.view, stage.now.pass_number) == (S, View.SIDE, 2)


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
    assert stage.press("no-pain").state is I
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
    assert (screen.state, screen.visit, screen.exercise) == (I, None, None)


# -- two visits ---------------------------------------------------------------------------------------------------


def test_two_visits_in_a_row_share_nothing() -> None:
    stage = Stage().play(arms_up(2.0)).play(squats(5, knees_ratio=0.5)).empty(60.0)
    assert stage.state is I
    stage.empty(3.0)
    second = len(stage.screens)
    stage.play(push_ups(10))
    fresh = stage.since(second)
    assert {screen.exercise.slug for screen in fresh if screen.exercise} == {"incline-push-up"}
    assert max(screen.pass_number for screen in fresh if screen.state is S) == 1
    assert [screen.reps for screen in fresh if screen.rep] == list(range(1, 11))
    stage.empty(45.0)
    first, other = stage.visits
    assert (first.exercise.slug, other.exercise.slug) == ("overhead-squat", "incline-push-up")
    assert counted(other) == [10]
    assert other.passes[0].poses[0].t_s > first.passes[-1].poses[-1].t_s


def test_the_next_member_may_start_while_the_last_result_is_still_shown() -> None:
    stage = asked_for_pain()
    stage.press("no-pain")
    stage.empty(4.0).play(arms_up(3.0)).play(squats(2))
    assert stage.story[-4:] == [I, F, R, S]
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
    assert stage.empty(2.0).state is I


def test_a_kiosk_without_exercises_says_so() -> None:
    stage = Stage(exercises=()).play(arms_up(2.0))
    assert stage.now.instruction == "No exercise is installed"
    stage.press("next")
    assert stage.state is F


def test_it_begins_idle() -> None:
    assert Screening(()).state is I
