"""What lights and pages show of a moment, and how fast frames come."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from kiosk.movement.pose import FloatArray
from kiosk.movement.report import RepResult, Status
from kiosk.movement.reps import Rep
from kiosk.movement.view import View
from kiosk.station.display import Display, Pace
from kiosk.station.live import WATCHED_S, LiveBoard, LiveView, Shares
from kiosk.station.power import PowerSwitch
from kiosk.station.results import Results
from kiosk.station.visit import Screen, State

from .fakes import FakeBoard, FakeLights, FakeStore
from .stations import Station, timed
from .visits import nobody, standing


def a_display(problems: tuple[str, ...] = ()) -> tuple[Display, FakeBoard, FakeLights]:
    board, lights = FakeBoard(), FakeLights()
    return Display(lights, board, Results(FakeStore()), PowerSwitch(None), None, "fake", problems), board, lights


# -- the pace ----------------------------------------------------------------------------------------------------


def test_frames_a_second_and_the_models_time_are_those_of_the_last_frames() -> None:
    pace = Pace()
    assert pace.fps == 0.0
    for k in range(200):
        pace.frame(k / 25, 0.02)
    assert pace.fps == pytest.approx(25.0, rel=0.01)
    assert pace.inference_ms == pytest.approx(20.0)
    assert pace.frame_s == pytest.approx(199 / 25)


def test_a_single_slow_frame_hardly_moves_them() -> None:
    pace = Pace()
    for k in range(200):
        pace.frame(k / 25, 0.02)
    pace.frame(8.0, 0.12)
    assert pace.inference_ms == pytest.approx(30.0)


# -- the skeleton ------------------------------------------------------------------------------------------------


def test_shares_are_worked_out_when_they_are_read_and_then_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    column_stack = np.column_stack

    def noted(rows: tuple[FloatArray, FloatArray]) -> FloatArray:
        made.append(1)
        return column_stack(rows)

    monkeypatch.setattr("kiosk.station.live.np.column_stack", noted)
    shares = Shares(standing(0.1).pose(0))
    assert (len(shares), made) == (17, [])
    assert shares[0] == next(iter(shares))
    assert made == [1]


def test_shares_compare_as_what_they_hold() -> None:
    pose = standing(0.1).pose(0)
    assert Shares(pose) == Shares(replace(pose, t_s=9.0)) == tuple(Shares(pose))
    assert Shares(pose) != Shares(nobody())
    assert Shares(pose) != 17
    assert hash(Shares(pose)) == hash(tuple(Shares(pose)))
    assert Shares(pose)[5:7] == tuple(Shares(pose))[5:7]


def test_a_view_is_the_same_json_whether_its_skeleton_was_read_or_not() -> None:
    pose = standing(0.1).pose(0)
    late, early = LiveView(keypoints=Shares(pose)), LiveView(keypoints=tuple(Shares(pose)))
    assert late.as_json == early.as_json
    assert len(json.loads(late.as_json)["keypoints"]) == 17


def test_a_visit_that_nobody_looks_at_works_out_no_skeleton(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(_rows: object) -> None:
        raise AssertionError("nobody reads this view")

    monkeypatch.setattr("kiosk.station.live.np.column_stack", read)
    frames = timed(standing(0.5))
    assert len(Station().run(frames).board.views) == len(frames)


# -- what is shown -----------------------------------------------------------------------------------------------


def test_trouble_stands_over_whatever_the_visit_is_at() -> None:
    display, board, lights = a_display()
    display.trouble = "The camera was unplugged."
    display.publish(Screen(state=State.SCAN, instruction="Five slow squats", hint="left"), None, Pace())
    assert (board.view.state, board.view.camera, board.view.hint) == ("trouble", "The camera was unplugged.", None)
    assert lights.lit.pattern == "trouble"
    display.trouble = None
    display.publish(Screen(state=State.SCAN, instruction="Five slow squats"), None, Pace())
    assert (board.view.state, board.view.instruction, board.view.camera) == ("scan", "Five slow squats", "ok")


def test_standing_problems_call_for_somebody_only_while_nobody_is_there() -> None:
    display, _, lights = a_display(("The lights stay dark.",))
    for state, pattern in ((State.IDLE, "attention"), (State.SCAN, "scan"), (State.IDLE, "attention")):
        display.light(Screen(state=state), 1.0)
        assert lights.lit.pattern == pattern


def test_before_the_first_frame_a_view_has_no_time_and_no_skeleton() -> None:
    display, board, _ = a_display()
    pace = Pace()
    assert pace.frame_s == -math.inf
    display.publish(Screen(), None, pace)
    assert (board.view.t_s, board.view.keypoints, board.view.size_px, board.view.sequence) == (0.0, (), (0, 0), 1)


# -- how often ---------------------------------------------------------------------------------------------------


class Clock:
    """Seconds that pass when a test says so."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def a_second(board: LiveBoard, screens: Callable[[int], Screen], *, trouble: str | None = None) -> list[LiveView]:
    """What a second at 30 frames leaves on the board, each view once; the screens are those of the frames."""
    display = Display(FakeLights(), board, Results(FakeStore()), PowerSwitch(None), None, "fake", ())
    display.trouble = trouble
    pace, shown = Pace(), []
    for k in range(30):
        if trouble is None:
            pace.frame(k / 30, 0.0)
        shown.append(display.publish(screens(k), None, pace))
    return [view for k, view in enumerate(shown) if k == 0 or view is not shown[k - 1]]


def test_while_nobody_looks_on_there_are_ten_views_a_second() -> None:
    assert 9 <= len(a_second(LiveBoard(Clock()), lambda _k: Screen())) <= 11


def test_while_somebody_looks_on_each_frame_is_a_view_and_for_a_moment_longer() -> None:
    clock = Clock()
    board = LiveBoard(clock)
    board.wait(-1, 0.0)
    assert board.is_read
    assert len(a_second(board, lambda _k: Screen())) == 30
    clock.now_s = WATCHED_S + 0.1
    assert not board.is_read
    assert len(a_second(board, lambda _k: Screen())) <= 11


@pytest.mark.parametrize(
    "changed",
    [
        Screen(state=State.SCAN),
        Screen(instruction="Come a little closer"),
        Screen(reps=1),
    ],
    ids=["state", "instruction", "rep"],
)
def test_what_happens_is_published_in_its_frame_whoever_looks_on(changed: Screen) -> None:
    for frame in range(1, 30):
        views = a_second(LiveBoard(Clock()), lambda k, frame=frame: changed if k >= frame else Screen())
        first = next(
            view for view in views if (view.state, view.instruction, view.reps) != (State.IDLE, Screen().instruction, 0)
        )
        assert first.t_s == round(frame / 30, 3)


def a_clean_rep() -> RepResult:
    rep = Rep(1, 0, 15, 30, 0.0, 0.5, 1.0, 0.5, 0.0, 0.5, 1.0, complete=True)
    return RepResult(rep, View.FRONT, 100, (), {"knees-in": 1.2}, {"knees-in": Status.CLEAR})


def test_a_verdict_comes_and_goes_in_its_frame() -> None:
    display = Display(FakeLights(), board := LiveBoard(Clock()), Results(FakeStore()), PowerSwitch(None), None, "", ())
    pace, screen = Pace(), Screen(state=State.SCAN)
    pace.frame(0.0, 0.0)
    display.publish(screen, None, pace)
    pace.frame(0.01, 0.0)
    display.judge(a_clean_rep(), 0.01)
    assert display.publish(screen, None, pace).last_rep == "clean"
    assert board.view.last_rep == "clean"


def test_in_trouble_each_turn_of_the_loop_is_a_view_although_time_stands_still() -> None:
    """The watchdog lives on views."""
    assert len(a_second(LiveBoard(Clock()), lambda _k: Screen(), trouble="The camera was unplugged.")) == 30
