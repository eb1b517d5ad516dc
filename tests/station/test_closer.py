"""The second model in a live scan: which frames it gets, in what order, and that it never holds up the loop."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
from kiosk_overhead_squat import overhead_squat

from kiosk.errors import ModelError
from kiosk.movement.detail import BACK_SHARES, Detail
from kiosk.movement.pose import Pose
from kiosk.movement.view import View
from kiosk.station.closer import LOOKS, MOST_WAITING, STANDING_EVERY_S, CloserLook
from kiosk.station.visit import Screen, State
from kiosk.testing import FRONT, SIDE, Squatter
from kiosk.vision.camera import Frame, Image
from kiosk.vision.close_up import LONGEST_PX, CloseUp
from kiosk.vision.details import MISSING

FPS = 30.0
SIZE_PX = (640, 480)
PICTURE: Image = np.zeros((SIZE_PX[1], SIZE_PX[0], 3), np.uint8)


class FakeReader:
    """Remembers what it was shown; may be held up, and may fail."""

    def __init__(self) -> None:
        self.looks: list[tuple[float, View, bool]] = []
        self.forgot_before: list[int] = []
        self.rests = 0
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.busy = threading.Event()
        self.fault: Exception | None = None

    def read(self, shown: CloseUp, view: View, *, standing: bool) -> Detail:
        self.busy.set()
        assert self.may_go_on.wait(10)
        if self.fault is not None:
            raise self.fault
        self.looks.append((shown.pose.t_s, view, standing))
        return Detail(shown.pose, np.zeros((4, 2)), 0.0, np.zeros((len(BACK_SHARES), 2)))

    def forget(self) -> None:
        self.forgot_before.append(len(self.looks))

    def rest(self) -> None:
        self.rests += 1


@pytest.fixture
def reader() -> FakeReader:
    return FakeReader()


@pytest.fixture
def closer(reader: FakeReader) -> Iterator[CloserLook]:
    with closing(CloserLook(reader)) as made:
        yield made


class Scan:
    """A scan in which somebody squats: poses and efforts as the loop has them."""

    def __init__(self, closer: CloserLook, view: View = View.FRONT) -> None:
        self._closer, self.view = closer, view
        self.t_s = 0.0

    def frame(self, down: float, state: State = State.SCAN, image: Image | None = PICTURE) -> None:
        self.t_s += 1 / FPS
        camera = FRONT if self.view is View.FRONT else SIDE
        pose = Pose(camera.see(Squatter().body(down)), np.ones(17), self.t_s, SIZE_PX)
        recorded = None if image is not None else pose
        screen = Screen(state=state, exercise=overhead_squat, view=self.view, effort=down)
        self._closer.follow(Frame(0, self.t_s, SIZE_PX, image, recorded), pose, screen)

    def stand(self, seconds: float) -> None:
        for _ in range(round(seconds * FPS)):
            self.frame(0.0)

    def squat(self, depth: float = 1.0, image: Image | None = PICTURE) -> float:
        """One rep of 60 frames; returns the time of its bottom."""
        ways = depth * (0.5 - 0.5 * np.cos(np.linspace(0, 2 * np.pi, 61)[1:]))
        bottom_s = self.t_s + 30 / FPS
        for down in ways:
            self.frame(float(down), image=image)
        return bottom_s


def test_the_standing_person_and_each_bottom_are_looked_at(closer: CloserLook, reader: FakeReader) -> None:
    scan = Scan(closer)
    bottoms_s = []
    for _ in range(3):
        scan.stand(1.5)
        bottoms_s.append(scan.squat())
        closer.details(10)
    scan.stand(1.5)
    closer.details(10)
    at_bottom = [t_s for t_s, _, standing in reader.looks if not standing]
    assert len(at_bottom) == LOOKS * 3
    for bottom_s in bottoms_s:
        assert sum(abs(t_s - bottom_s) < 0.1 for t_s in at_bottom) == LOOKS
    standing = [t_s for t_s, _, standing in reader.looks if standing]
    assert len(standing) == LOOKS * 4
    assert min(np.diff(standing)) >= STANDING_EVERY_S - 0.01


def test_what_was_seen_comes_in_the_order_of_time(closer: CloserLook) -> None:
    scan = Scan(closer)
    scan.stand(1.0)
    scan.squat()
    scan.stand(1.0)
    times = [one.pose.t_s for one in closer.details(10).frames]
    assert times == sorted(times)
    assert len(times) > LOOKS


def test_somebody_who_only_sways_has_no_bottom(closer: CloserLook, reader: FakeReader) -> None:
    scan = Scan(closer)
    scan.stand(0.5)
    scan.squat(depth=0.15)
    scan.stand(0.5)
    closer.details(10)
    assert all(standing for _, _, standing in reader.looks)


def test_nothing_is_looked_at_outside_a_scan_or_without_a_picture(closer: CloserLook, reader: FakeReader) -> None:
    scan = Scan(closer)
    for state in State:
        if state is not State.SCAN:
            scan.frame(0.0, state)
    scan.squat(image=None)
    assert closer.details(10).frames == ()
    assert reader.looks == []


def test_a_rep_that_ends_the_pass_is_looked_at_in_the_view_it_was_done_in(
    closer: CloserLook, reader: FakeReader
) -> None:
    scan = Scan(closer)
    scan.stand(0.5)
    for down in (0.5, 0.9, 1.0, 0.9):
        scan.frame(down)
    scan.view = View.SIDE
    scan.frame(0.5, State.TURN)
    closer.details(10)
    assert {view for _, view, standing in reader.looks if not standing} == {View.FRONT}


def test_each_pass_begins_anew_and_a_pause_does_not(closer: CloserLook, reader: FakeReader) -> None:
    scan = Scan(closer)
    scan.stand(0.5)
    scan.frame(0.0, State.PAUSED)
    scan.squat()
    scan.stand(0.5)
    closer.details(10)
    assert reader.forgot_before == [0]
    looks = len(reader.looks)
    scan.frame(0.0, State.TURN)
    scan.view = View.SIDE
    scan.stand(1.0)
    closer.details(10)
    assert reader.forgot_before == [0, looks]
    assert reader.looks[-1][1] is View.SIDE


def test_a_slow_model_never_holds_up_the_loop_and_few_pictures_wait(closer: CloserLook, reader: FakeReader) -> None:
    reader.may_go_on.clear()
    scan = Scan(closer)
    for _ in range(8):
        scan.stand(1.5)
        scan.squat()
    assert reader.busy.wait(10)
    assert closer.details(0.0).frames == (), "a result does not wait for ever"
    reader.may_go_on.set()
    assert len(closer.details(10).frames) == MOST_WAITING + 1


def test_all_pictures_together_take_less_than_ten_megabytes() -> None:
    waiting_or_looked_at = MOST_WAITING + LOOKS + 1
    assert waiting_or_looked_at * 3 * LONGEST_PX**2 < 10e6


def test_a_model_that_cannot_be_loaded_ends_no_scan_and_is_told(closer: CloserLook, reader: FakeReader) -> None:
    reader.fault = ModelError("no such model")
    Scan(closer).stand(1.0)
    details = closer.details(10)
    assert (details.frames, details.why) == ((), MISSING)


def test_between_visits_the_model_takes_no_memory(closer: CloserLook, reader: FakeReader) -> None:
    Scan(closer).stand(0.5)
    closer.details(10)
    assert reader.rests == 0
    closer.forget()
    assert reader.rests == 1


def test_another_person_begins_with_nothing(closer: CloserLook) -> None:
    scan = Scan(closer)
    scan.stand(1.0)
    assert closer.details(10).frames
    closer.forget()
    assert closer.details(10).frames == ()
    scan.stand(0.5)
    assert closer.details(10).frames


def test_what_goes_wrong_in_the_thread_is_not_kept_quiet(closer: CloserLook, reader: FakeReader) -> None:
    reader.fault = RuntimeError("the model broke")
    Scan(closer).stand(0.5)
    with pytest.raises(RuntimeError, match="the model broke"):
        closer.details(10)


def test_somebody_whose_legs_are_hidden_is_left_out(closer: CloserLook, reader: FakeReader) -> None:
    pose = Pose(FRONT.see(Squatter().body(0.0)), np.ones(17), 1.0, SIZE_PX)
    xy = pose.xy.copy()
    xy[13:17] = np.nan
    screen = Screen(state=State.SCAN, exercise=overhead_squat, view=View.FRONT, effort=0.0)
    closer.follow(Frame(0, 1.0, SIZE_PX, PICTURE, None), replace(pose, xy=xy), screen)
    assert closer.details(10).frames == ()


def test_closing_ends_the_thread(reader: FakeReader) -> None:
    closer = CloserLook(reader)
    closer.close()
    assert "second model" not in {thread.name for thread in threading.enumerate()}
