"""A trainer's new limits reach the running kiosk between two visits, never within one."""

from __future__ import annotations

from dataclasses import replace

from kiosk_overhead_squat import overhead_squat

from kiosk.movement.exercise import Exercise
from kiosk.station.live import LiveBoard
from kiosk.station.screening import Screening
from kiosk.station.visit import State
from kiosk.testing import SIDE

from .stations import Station, empty, timed
from .visits import squats


def renamed(title: str) -> Exercise:
    return replace(overhead_squat, title=title)


def test_the_board_hands_over_each_exercise_once_oldest_first() -> None:
    board = LiveBoard()
    assert board.take_exercises() == []
    board.put_exercise(renamed("one"))
    board.put_exercise(renamed("two"))
    assert [one.title for one in board.take_exercises()] == ["one", "two"]
    assert board.take_exercises() == []


def test_an_adopted_exercise_takes_the_place_of_its_slug_and_no_other() -> None:
    other = replace(overhead_squat, slug="other", title="Other")
    screening = Screening([overhead_squat, other])
    screening.adopt(renamed("Mended"))
    screening.adopt(replace(overhead_squat, slug="unknown", title="Unknown"))
    assert [one.title for one in screening._arrival.exercises] == ["Mended", "Other"]
    assert screening.state is State.IDLE


def test_a_visit_that_runs_ends_as_it_began_and_the_next_one_is_another() -> None:
    station = Station()
    for round_ in range(2):
        for frame in timed(empty(0.5), squats(5), squats(5, SIDE), empty(8.0), start_s=100.0 * round_):
            view = station.engine.step(frame)
            if view.state == State.SCAN and not round_:
                station.board.put_exercise(renamed("Mended"))
        assert station.board.view.state == State.IDLE
    assert [report["title"] for report in station.store.stored.values()] == ["Overhead squat", "Mended"]
