"""``kiosk demo``: the camera of recordings, unpaced and alone; and one whole run at its own speed."""

from __future__ import annotations

import socket
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kiosk.cli import demo as demo_module
from kiosk.cli.demo import EMPTY_S, MISSED_S, SCENES, DemoCamera, on_free_port
from kiosk.settings import WebSettings
from kiosk.station.history import open_history
from kiosk.station.visit import State
from kiosk.vision.camera import Frame
from kiosk.vision.sources import VideoFile

from .demo_recordings import CLIPS
from .processes import KioskProcess

SHORT = 12

# -- the camera --------------------------------------------------------------------------------------------------


class Room:
    """A demo camera, and the state of the visit that it sees."""

    def __init__(self, *, again: bool = False) -> None:
        self.state = State.IDLE
        self.camera = DemoCamera(lambda: self.state, again=again)
        self.camera.open()
        self.frames: list[Frame] = []

    def read(self) -> Frame | None:
        frame = self.camera.read()
        if frame is not None:
            self.frames.append(frame)
        return frame

    def until_somebody_comes(self, most_s: float = 10.0) -> bool:
        """Whether a recording begins within so many seconds of an empty room."""
        begin_s = self.camera._t_s
        while (frame := self.read()) is not None:
            if not is_empty(frame):
                return True
            if frame.t_s - begin_s > most_s:
                return False
        return False

    def until_it_is_empty(self) -> None:
        while (frame := self.read()) is not None:
            if is_empty(frame):
                return


class ShortFile(VideoFile):
    """The beginning of a recording: what the camera does does not depend on its length."""

    def read(self) -> Frame | None:
        return super().read() if self._number < SHORT else None


def is_empty(frame: Frame) -> bool:
    assert frame.image is not None
    return bool((frame.image[::8, ::8] == 96).all())


@pytest.fixture(autouse=True)
def short_recordings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.vision.sources.VideoFile", ShortFile)


@pytest.fixture
def room() -> Any:
    made = Room()
    yield made
    made.camera.close()


def test_the_recordings_are_in_the_package_and_small() -> None:
    for scene in SCENES:
        assert (CLIPS / scene.clip).stat().st_size < 2_000_000


def test_each_recording_waits_for_its_moment_in_the_visit(room: Room) -> None:
    assert room.until_somebody_comes()
    room.until_it_is_empty()
    room.state = State.SCAN
    assert not room.until_somebody_comes()
    room.state = State.TURN
    assert room.until_somebody_comes()
    room.until_it_is_empty()
    assert not room.until_somebody_comes()
    room.state = State.IDLE
    assert room.until_somebody_comes()


def test_all_recordings_are_played_whole_and_then_it_ends(room: Room) -> None:
    for scene in SCENES:
        room.state = scene.begins_in
        assert room.until_somebody_comes()
        room.until_it_is_empty()
    room.state = State.RESULT
    for _ in range(100):
        assert room.read() is not None
    room.state = State.IDLE
    assert room.read() is None
    seen = Counter(is_empty(frame) for frame in room.frames)
    assert seen[False] == SHORT * len(SCENES)


def test_numbers_rise_by_one_and_times_never_fall(room: Room) -> None:
    room.until_somebody_comes()
    room.until_it_is_empty()
    assert [frame.number for frame in room.frames] == list(range(len(room.frames)))
    assert np.diff([frame.t_s for frame in room.frames]).min() > 0


def test_between_two_visits_the_room_is_empty_for_a_while(room: Room) -> None:
    room.until_somebody_comes()
    room.until_it_is_empty()
    room.state = State.TURN
    first = len(room.frames)
    assert room.until_somebody_comes()
    assert room.frames[-1].t_s - room.frames[first - 1].t_s >= EMPTY_S


def test_the_empty_room_has_the_size_of_the_recording(room: Room) -> None:
    room.until_somebody_comes()
    room.until_it_is_empty()
    assert {frame.size_px for frame in room.frames} == {(640, 480)}


def test_a_scene_whose_moment_never_comes_is_left_out(room: Room) -> None:
    room.until_somebody_comes()
    room.until_it_is_empty()
    # The visit went back to the beginning: nobody will be asked to turn.
    room.state = State.IDLE
    assert room.until_somebody_comes(MISSED_S + 5)
    assert room.camera._scene == 2


def test_again_begins_anew_after_the_last_scene() -> None:
    room = Room(again=True)
    for scene in SCENES:
        room.state = scene.begins_in
        assert room.until_somebody_comes()
        room.until_it_is_empty()
    room.state = State.IDLE
    assert room.until_somebody_comes()
    assert room.camera._scene == 0
    room.camera.close()


def test_closing_twice_is_harmless(room: Room) -> None:
    room.until_somebody_comes()
    room.camera.close()
    room.camera.close()


def test_a_free_port_is_kept_and_a_taken_one_is_exchanged() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert on_free_port(WebSettings(port=port)).port == 0
    assert on_free_port(WebSettings(port=port)).port == port


def test_the_demo_does_not_wait_for_people_who_cannot_answer() -> None:
    assert demo_module.TIMES.pain_s <= 5
    assert demo_module.TIMES.result_s <= 10


# -- one whole run -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reports(demo_run: KioskProcess, demo_state: Path) -> dict[str, dict[str, Any]]:
    """The stored reports of the demo's two visits, by exercise, once it has ended."""
    assert demo_run.wait(240) == 0, demo_run.err
    history = open_history(demo_state / "history.db")
    found = [history.load(line.id) for line in history.recent(10, 0)]
    history.close()
    assert len(found) == 2
    return {report["exercise"]: report for report in found if report is not None}


def check(report: dict[str, Any], slug: str) -> dict[str, Any]:
    found: dict[str, Any] = next(check for check in report["checks"] if check["slug"] == slug)
    return found


def complete(report: dict[str, Any]) -> list[str]:
    return [rep["view"] for rep in report["reps"] if rep["complete"]]


def test_the_demo_squats_are_five_from_the_front_and_five_from_the_side(reports: dict[str, dict[str, Any]]) -> None:
    assert complete(reports["overhead-squat"]) == ["front"] * 5 + ["side"] * 5


@pytest.mark.parametrize("slug", ["knees-in", "arms-fall-forward"])
def test_the_demo_squats_show_their_fault_from_the_third_rep_on(reports: dict[str, dict[str, Any]], slug: str) -> None:
    found = check(reports["overhead-squat"], slug)
    assert (found["status"], found["from_rep"], found["reps"]) == ("sign", 3, [3, 4, 5])


def test_the_demo_push_ups_are_eight_and_sag_from_the_sixth_on(reports: dict[str, dict[str, Any]]) -> None:
    assert complete(reports["incline-push-up"]) == ["side"] * 8
    found = check(reports["incline-push-up"], "hips-sag")
    assert (found["status"], found["from_rep"], found["reps"]) == ("sign", 6, [6, 7, 8])


def test_the_demo_names_what_to_work_on_and_a_programme(reports: dict[str, dict[str, Any]]) -> None:
    assert reports["overhead-squat"]["first"] == "knees-in"
    assert reports["incline-push-up"]["first"] == "hips-sag"
    assert all(report["programme"] for report in reports.values())


def test_the_terminal_lists_reps_and_results_as_they_came(
    demo_run: KioskProcess, reports: dict[str, dict[str, Any]]
) -> None:
    lines = demo_run.out.splitlines()
    assert lines[0].startswith("The demo is at http://127.0.0.1:")
    assert [line for line in lines if line.startswith("Result ")] == [
        f"Result {reports[slug]['id']}: {reports[slug]['title']}" for slug in ("overhead-squat", "incline-push-up")
    ]
    assert sum(line.startswith("  rep ") for line in lines) == 18
    assert "  Work on first: Tuck your tailbone" in lines


def test_the_demo_complains_about_nothing(demo_run: KioskProcess, reports: dict[str, dict[str, Any]]) -> None:
    assert reports
    assert [line for line in demo_run.err.splitlines() if "XNNPACK" not in line] == []
