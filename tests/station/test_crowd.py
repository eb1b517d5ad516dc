"""Somebody else in the picture: how often that is looked for, and when it is believed."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from kiosk.movement.pose import Pose
from kiosk.station.crowd import CONFIRM_S, LOOK_AROUND_IN_SCAN_S, LOOK_AROUND_S, Crowd
from kiosk.station.visit import State, VisitTimes
from kiosk.vision.camera import Frame

from .fakes import FakeModel, picture_at
from .stations import Station, timed
from .visits import arms_up, nobody, standing


def pictures(seconds: float, start_s: float = 0.0) -> list[Frame]:
    return [picture_at(start_s + k / 30) for k in range(round(30 * seconds))]


def standing_at(t_s: float) -> Pose:
    return replace(standing(0.1).pose(0), t_s=t_s)


def looked_at(frames: Iterable[Frame], state: State, *, another: bool = False) -> tuple[list[float], list[bool]]:
    """When a crowd was looked for in frames of one state, and what was said of each frame."""
    model = FakeModel(standing_at)
    model.another = another
    crowd = Crowd(model)
    said = [crowd.look(frame, standing_at(frame.t_s), state) for frame in frames]
    return model.looked_s, said


@pytest.mark.parametrize(
    ("state", "every_s"),
    [
        (State.FRAMING, LOOK_AROUND_S),
        (State.READY, LOOK_AROUND_S),
        (State.SCAN, LOOK_AROUND_IN_SCAN_S),
        (State.PAUSED, LOOK_AROUND_IN_SCAN_S),
        (State.TURN, LOOK_AROUND_IN_SCAN_S),
    ],
)
def test_each_state_has_its_pace_of_looking(state: State, every_s: float) -> None:
    looks, said = looked_at(pictures(13.0), state)
    assert np.diff(looks) == pytest.approx(every_s, abs=0.04)
    assert not any(said)


@pytest.mark.parametrize("state", [State.IDLE, State.PAIN, State.RESULT])
def test_where_nobody_is_measured_nobody_is_looked_for(state: State) -> None:
    assert looked_at(pictures(13.0), state) == ([], [False] * 390)


def test_a_first_sight_is_confirmed_soon_and_only_then_believed() -> None:
    looks, said = looked_at(pictures(1.0), State.FRAMING, another=True)
    assert looks == pytest.approx([0.0, CONFIRM_S], abs=0.04)
    assert [believed for believed, _ in itertools.groupby(said)] == [False, True]
    assert said.index(True) == pytest.approx(30 * CONFIRM_S, abs=1)


def test_what_was_believed_is_forgotten_with_the_visit() -> None:
    model = FakeModel(standing_at)
    model.another = True
    crowd = Crowd(model)
    for frame in pictures(1.0):
        crowd.look(frame, standing_at(frame.t_s), State.SCAN)
    assert not crowd.look(picture_at(1.0), standing_at(1.0), State.RESULT)
    assert not crowd.look(picture_at(1.1), standing_at(1.1), State.SCAN)


def test_without_pictures_or_without_a_model_there_is_never_a_crowd() -> None:
    assert not any(Crowd(None).look(frame, standing_at(frame.t_s), State.SCAN) for frame in pictures(1.0))
    model = FakeModel(standing_at)
    assert not any(Crowd(model).look(frame, standing_at(frame.t_s), State.SCAN) for frame in timed(standing(1.0)))
    assert model.looked_s == []


# -- in the engine -----------------------------------------------------------------------------------------------


def test_a_second_person_is_believed_at_the_second_look_only() -> None:
    model = FakeModel(standing_at)
    model.another = True
    station = Station(model=model).run(pictures(3.0))
    asked = [view.instruction for view in station.board.views]
    first = asked.index("One person at a time, please")
    assert len([s for s in model.looked_s if s <= station.board.views[first].t_s + 0.01]) == 2


def test_a_single_look_that_erred_disturbs_nobody() -> None:
    model = FakeModel(standing_at)
    station = Station(model=model)
    for k, frame in enumerate(pictures(4.0)):
        model.another = k == 30
        station.engine.step(frame)
    assert "One person at a time, please" not in {view.instruction for view in station.board.views}


def test_nobody_is_looked_for_in_an_idle_room() -> None:
    model = FakeModel(nobody)
    Station(model=model).run(pictures(5.0))
    assert model.looked_s == []


def test_a_scan_is_disturbed_by_few_looks() -> None:
    model = FakeModel(lambda t_s: replace(arms_up(0.1).pose(0), t_s=t_s))
    station = Station(model=model, times=VisitTimes()).run(pictures(13.0))
    scan_s = next(view.t_s for view in station.board.views if view.state == "scan")
    in_scan = [t_s for t_s in model.looked_s if t_s > scan_s]
    assert np.diff(in_scan).min() >= 2.4
