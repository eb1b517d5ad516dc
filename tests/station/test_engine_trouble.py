"""The loop when the disk is full, and when the camera is away."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

import pytest

from kiosk.station.visit import CAMERA_AWAY_S, VisitTimes
from kiosk.testing import SIDE

from .fakes import FakeModel, frame_of, picture_at
from .stations import Station, empty, timed, visit
from .visits import (
    arms_up,
    nobody,
    squats,
    standing,
)

# -- the disk is full --------------------------------------------------------------------------------------------


def test_a_result_that_cannot_be_stored_is_shown_and_the_page_says_so() -> None:
    station = Station()
    station.store.full = True
    station.run(visit())
    shown = {view.result_id for view in station.board.views if view.state == "result"}
    (key,) = shown
    assert key is not None
    assert station.results.load(key) is not None
    assert station.board.view.problems == ("Results are not being saved: The disk is full: make room.",)


def test_it_is_stored_as_soon_as_there_is_room_again() -> None:
    station = Station()
    station.store.full = True
    engine = station.over(())
    for frame in visit():
        engine.step(frame)
    station.store.full = False
    for frame in timed(empty(35.0), start_s=visit()[-1].t_s):
        engine.step(frame)
    assert len(station.store.stored) == 1
    assert station.board.view.problems == ()


def test_while_idle_a_full_disk_is_tried_only_now_and_then() -> None:
    station = Station()
    station.store.full = True
    engine = station.over(())
    for frame in visit():
        engine.step(frame)
    before = station.store.attempts
    for frame in timed(empty(65.0), start_s=visit()[-1].t_s):
        engine.step(frame)
    assert 2 <= station.store.attempts - before <= 3


# -- the camera is away ------------------------------------------------------------------------------------------

GONE = "Camera /dev/video0 is missing: plug it in."


def test_camera_trouble_is_on_the_page_the_lights_and_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    station = Station()
    with caplog.at_level(logging.WARNING, "kiosk"):
        station.run(timed(standing(1.0)), [GONE, GONE])
    view = station.board.view
    assert (view.state, view.camera) == ("trouble", GONE)
    assert view.detail == "Please tell the staff. It goes on by itself."
    assert view.instruction == "The camera is away"
    assert view.keypoints == ()
    assert station.lights.shown[-1] == "trouble"
    assert view.lit.pattern == "trouble"
    assert [record.message for record in caplog.records] == [f"Camera: {GONE}"]


def test_trouble_from_the_very_start_is_shown_too() -> None:
    station = Station().run([GONE])
    assert (station.board.view.state, station.board.view.t_s) == ("trouble", 0.0)
    json.loads(station.board.view.as_json)


def test_silence_without_trouble_publishes_nothing() -> None:
    assert Station().run([None, None, None]).board.views == []


def test_frames_that_come_back_end_the_trouble_and_the_visit_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    station = Station(model=None)
    before = timed(squats(5), arms_up(0.5))
    away_s = before[-1].t_s + 15.0
    with caplog.at_level(logging.INFO, "kiosk"):
        station.run(before, [GONE] * 3, timed(squats(5, SIDE), empty(6.0), start_s=away_s))
    assert "trouble" in station.states
    assert "Camera: frames are back" in [record.message for record in caplog.records]
    (report,) = station.store.stored.values()
    assert [p["complete"] for p in report["passes"]] == [5, 5]
    assert station.lights.shown[-1] == "idle"


def test_trouble_in_the_middle_of_a_pass_keeps_its_reps() -> None:
    station = Station()
    before = timed(squats(2))
    again = timed(squats(3, lead_s=1.0), empty(16.0), start_s=before[-1].t_s + 10.0)
    station.run(before, [GONE] * 3, again)
    (report,) = station.store.stored.values()
    assert report["passes"][0]["complete"] == 5


def test_a_camera_that_stays_away_ends_the_visit_with_what_was_seen() -> None:
    station = Station()
    engine = station.over([])
    for frame in timed(squats(3)):
        engine.step(frame)
    station.frames.trouble = GONE
    engine.wait()
    station.now_s += CAMERA_AWAY_S - 1
    engine.wait()
    assert station.store.stored == {}
    station.now_s += 2
    engine.wait()
    engine.wait()
    (report,) = station.store.stored.values()
    assert [p["ended"] for p in report["passes"]] == ["lost"]
    assert station.board.view.state == "trouble"
    back = engine.step(frame_of(nobody(200.0)))
    assert (back.state, back.result_id) == ("idle", None)


def test_a_result_that_waited_for_the_camera_is_shown_when_it_comes_back() -> None:
    station = Station(times=VisitTimes())
    engine = station.over([])
    frames = timed(squats(3))
    for frame in frames:
        engine.step(frame)
    station.frames.trouble = GONE
    engine.wait()
    station.now_s += CAMERA_AWAY_S + 1
    engine.wait()
    back = engine.step(frame_of(replace(standing(0.1).pose(0), t_s=frames[-1].t_s + 35)))
    assert (back.state, back.result_id) == ("result", "id1")


def test_pain_reported_while_the_camera_is_away_is_not_lost() -> None:
    station = Station()
    engine = station.over([])
    for frame in timed(squats(3)):
        engine.step(frame)
    station.frames.trouble = GONE
    engine.wait()
    station.board.command("pain")
    station.now_s += CAMERA_AWAY_S + 1
    engine.wait()
    (report,) = station.store.stored.values()
    assert report["pain"] is True


def test_the_model_forgets_the_person_when_the_camera_was_away() -> None:
    model = FakeModel(nobody)
    Station(model=model).run([picture_at(0.0), picture_at(0.1), GONE, picture_at(5.0)])
    assert model.resets == 1
