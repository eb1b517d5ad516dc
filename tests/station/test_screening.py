"""Visits from stepping up to the result, with synthetic people and with the demo's recordings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from kiosk_overhead_squat import overhead_squat

from kiosk.movement.pose import Keypoint, PoseTrack
from kiosk.movement.view import View
from kiosk.station.visit import State
from kiosk.testing import SIDE

from ..demo_recordings import PUSH_UP, SQUAT_FRONT, SQUAT_SIDE, recorded
from ..movement.made import a_card
from .visits import (
    BAR_FRONT,
    FRONT,
    REAR,
    Stage,
    arms_up,
    counted,
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

IDLE, F, R, S = State.IDLE, State.FRAMING, State.READY, State.SCAN
P, T, Q, RESULT = State.PAUSED, State.TURN, State.PAIN, State.RESULT


# -- the whole way -----------------------------------------------------------------------------------------------


def test_a_squat_visit_goes_from_an_empty_room_to_the_result_hands_free() -> None:
    stage = Stage().empty(1.0).play(standing(1.0)).play(raising_arms())
    stage.play(squats(5)).play(turning(0, 90)).play(squats(5, SIDE)).play(standing(13.0)).empty(25.0)
    assert stage.story == [IDLE, F, R, S, Q, S, Q, RESULT, IDLE]
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
    assert stage.story == [IDLE, F, R, S, Q, T, S, Q, RESULT]
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
    stage = Stage().empty(1.0).play(recorded(PUSH_UP)).empty(45.0)
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


def test_a_rep_is_judged_by_what_is_known_of_the_model() -> None:
    """Knees that the model is known to see 0.5 too far in show no sign."""
    card = a_card("knees-in", "a-model", offset=-0.5)
    checks = tuple(replace(check, card=card) for check in overhead_squat.checks)
    shown = []
    for model in ("a-model", "another"):
        stage = Stage([replace(overhead_squat, checks=checks)], model=model).empty(1.0)
        stage.play(squats(2, knees_ratio=0.7))
        shown.append([screen.rep.signs for screen in stage.screens if screen.rep is not None])
    assert shown == [[(), ()], [("knees-in",), ("knees-in",)]]


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
    assert stage.state is Q
    assert stage.press("next").state is T
    assert stage.press("next").state is Q
    stage.press("no-pain")
    assert [done.ended for done in stage.visits[0].passes] == ["rested"]


def wrists_hidden(track: PoseTrack, hidden: Callable[[float], bool]) -> PoseTrack:
    """The same recording with the hands not seen at some times, as the model may see raised arms from the side."""
    xy = track.xy.copy()
    for k, t_s in enumerate(track.t_s):
        if hidden(float(t_s)):
            xy[k, [Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST]] = np.nan
    return PoseTrack(xy, track.score, track.t_s, track.size_px)


def test_a_posture_that_flickers_is_held_all_the_same() -> None:
    flickering = wrists_hidden(arms_up(3.0), lambda t_s: t_s % 0.5 > 0.25)
    assert Stage().play(flickering).state is S
    turned = turned_stage().play(wrists_hidden(arms_up(3.0, SIDE), lambda t_s: t_s % 0.5 > 0.25))
    assert turned.state is S


def test_a_posture_that_is_left_again_and_again_is_not_held() -> None:
    waving = wrists_hidden(arms_up(8.0), lambda t_s: t_s % 1.2 > 0.6)
    assert S not in Stage().play(waving).story


# -- what is no rep ----------------------------------------------------------------------------------------------


def test_nothing_is_counted_of_walking_in_raising_the_arms_scratching_the_head_and_leaving() -> None:
    stage = Stage().empty(0.5).play(walking(3.0, -100.0)).play(standing(1.0)).play(scratching_head(3.0))
    stage.play(raising_arms()).play(arms_up(3.0)).play(scratching_head(3.0)).play(raising_arms())
    stage.play(walking(3.0, 320.0)).empty(30.0)
    assert stage.reps == 0
    assert stage.visits == []
    assert stage.state is IDLE


@pytest.mark.parametrize("yaw_deg", [90.0, -90.0, 60.0])
def test_a_passer_by_starts_no_scan(yaw_deg: float) -> None:
    stage = Stage().play(walking(4.0, 50.0 if yaw_deg > 0 else 590.0, yaw_deg=yaw_deg)).empty(3.0)
    assert set(stage.story) <= {IDLE, F}


def test_walking_off_after_three_squats_adds_no_fourth() -> None:
    stage = scanning(reps=3).play(walking(2.0, 320.0)).empty(40.0)
    (visit,) = stage.visits
    assert counted(visit) == [3]
    assert stage.reps == 3


# -- other people, a lost body, another view ---------------------------------------------------------------------


def test_a_second_person_pauses_the_scan_with_the_reason_and_loses_no_rep() -> None:
    stage = scanning(reps=2)
    paused = stage.play(arms_up(1.0), crowd=True).now
    assert (paused.state, paused.instruction) == (P, "One person at a time, please")
    assert paused.reps == 2
    stage.play(arms_up(1.0)).play(squats(3, lead_s=0.5), until=lambda s: s.state is Q)
    assert stage.state is Q
    stage.press("stop")
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
    stage = turned_stage().play(turning(0, 90)).play(squats(2, SIDE)).empty(27.5)
    assert (stage.state, stage.visits) == (Q, [])
    stage.empty(13.0)
    (visit,) = stage.visits
    assert [done.ended for done in visit.passes] == ["done", "lost"]
    assert counted(visit) == [5, 2]
    assert (visit.pain, visit.answered) == (False, False)


def test_leaving_before_the_first_rep_ends_without_a_result() -> None:
    stage = scanning().empty(30.0)
    assert stage.visits == []
    assert stage.state is IDLE
    assert "Nothing was counted. Try again?" in {screen.instruction for screen in stage.screens}


def test_that_nothing_was_counted_can_be_read_before_the_next_greeting() -> None:
    stage = scanning()
    stage.press("stop")
    stage.press("no-pain")
    mark = len(stage.screens)
    stage.play(standing(4.0))
    said = [screen.instruction for screen in stage.since(mark)]
    assert said.count("Nothing was counted. Try again?") == pytest.approx(90, abs=2)
    assert stage.state is F


def test_standing_about_after_the_start_ends_without_a_result() -> None:
    stage = scanning().play(arms_up(26.0), until=lambda s: s.state is IDLE)
    assert stage.visits == []
    assert IDLE in stage.story


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
