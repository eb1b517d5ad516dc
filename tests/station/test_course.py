"""The way through the passes of one exercise, and which exercise it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from kiosk_incline_push_up import incline_push_up
from kiosk_overhead_squat import overhead_squat

from kiosk.movement.pose import Side
from kiosk.movement.view import View
from kiosk.station.choice import all_starts, fitting, how_to_start
from kiosk.station.course import Course
from kiosk.station.framing import Ask
from kiosk.station.visit import State
from kiosk.testing import SIDE

from .visits import BAR, PushUpper, nobody, squats, still

SAYS = Ask("dark", "A sentence")


def run(course: Course, reps: int) -> int:
    """Let a pass be done; returns how many reps were counted."""
    course.start()
    track = squats(reps, lead_s=0.5)
    return sum(len(course.follow(track.pose(k), track.pose(k))) for k in range(len(track)))


def test_it_begins_before_its_first_pass_and_knows_the_next() -> None:
    course = Course(overhead_squat, "")
    assert (course.wanted.view, course.follower) == (View.FRONT, overhead_squat.passes[1])
    assert (course.running, course.done, course.counted) == (None, [], 0)
    with pytest.raises(RuntimeError, match="no pass of overhead-squat is running"):
        _ = course.counter


def test_a_closed_pass_is_kept_with_its_poses_and_what_counts() -> None:
    course = Course(overhead_squat, "")
    assert run(course, 3) == 3
    course.close("rested")
    ((done),) = course.done
    assert (done.view, done.ended, done.asked, course.counted) == (View.FRONT, "rested", 5, 3)
    assert len(done.poses) == len(squats(3, lead_s=0.5))
    course.close("lost")
    assert len(course.done) == 1


def test_a_pass_without_a_frame_is_none() -> None:
    course = Course(overhead_squat, "")
    course.start()
    course.close("stopped")
    assert course.done == []


def test_after_the_last_pass_none_follows() -> None:
    course = Course(overhead_squat, "")
    course.go_on()
    assert (course.wanted.view, course.follower) == (View.SIDE, None)
    assert course.turn_ask() == Ask("side", "Turn your side to the camera")


def test_another_side_in_the_same_view_is_asked_for_by_its_own_words() -> None:
    left, right = (
        replace(overhead_squat.passes[0], side=side, ask=f"Stand on your {side} leg")
        for side in (Side.LEFT, Side.RIGHT)
    )
    course = Course(replace(overhead_squat, passes=(left, right)), "")
    course.go_on()
    assert course.turn_ask() == Ask(None, "Stand on your right leg")


def test_what_is_done_in_a_pause_is_no_rep_and_leaves_a_gap() -> None:
    course, track = Course(overhead_squat, ""), squats(3, lead_s=0.5)
    course.start()
    for k in range(len(track)):
        course.skip(track.pose(k))
    assert course.counter.reps == []
    assert all(pose.xy[0, 0] != pose.xy[0, 0] for pose in course.counter.poses)


def test_its_screen_shows_the_pass_the_words_and_the_code() -> None:
    course = Course(overhead_squat, "")
    run(course, 2)
    screen = course.screen(State.SCAN, SAYS, "More.", 10.0)
    assert (screen.state, screen.instruction, screen.detail, screen.hint) == (State.SCAN, "A sentence", "More.", "dark")
    assert (screen.pass_number, screen.reps, screen.target_reps, screen.view) == (1, 2, 5, View.FRONT)
    assert screen.effort is not None


def test_what_only_people_or_nothing_can_tell_is_not_lit() -> None:
    blind = tuple(replace(check, measure=None) for check in overhead_squat.checks)
    screen = Course(replace(overhead_squat, checks=blind), "").screen(State.READY, SAYS, "", 0.0)
    assert screen.focus == ()


def test_the_pose_tells_which_exercise_a_hand_started() -> None:
    exercises = (overhead_squat, incline_push_up)
    leaning = still(PushUpper().body(0.0), 0.1, BAR).pose(0)
    assert fitting(exercises, squats(1, SIDE).pose(0)) is overhead_squat
    assert fitting(exercises, leaning) is incline_push_up
    assert fitting(exercises, nobody()) is overhead_squat
    assert fitting(exercises, None) is overhead_squat


def test_how_to_start_depends_on_what_there_is() -> None:
    both = (overhead_squat, incline_push_up)
    assert how_to_start(both) == "Take the starting posture"
    assert how_to_start(both[:1]) == overhead_squat.start_ask
    assert how_to_start(()) == "No exercise is installed"
    assert [one.title in all_starts(both) for one in both] == [True, True]
