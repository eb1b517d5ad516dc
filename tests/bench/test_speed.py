"""The measuring of speed: that it measures what it says. How fast this machine is, no test asks."""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kiosk.bench import started
from kiosk.bench.readers import Reader
from kiosk.bench.reel import Reel, ReelCamera, decoded, recording
from kiosk.bench.speed import (
    MODEL,
    Feeder,
    NoResults,
    NotingBoard,
    bare_model,
    in_turns,
    measure,
    pages,
    pipeline,
    prepared,
    publishing,
    publishing_with_closer,
)
from kiosk.errors import KioskError, SourceError
from kiosk.settings import LightsSettings, ModelSettings, Settings
from kiosk.station.live import LiveBoard, LiveView
from kiosk.vision.camera import Frame, LatestFrames
from kiosk.vision.models import ModelFile, find_model, models_dir
from kiosk.web.app import create_app
from kiosk.web.server import serve
from tests.commands import CLIPS, Kiosk, make_kiosk, process_environ
from tests.vision.recordings import write_gif, write_video

Call = Callable[[], None]

CLIP = str(CLIPS / "overhead_squat_front.mp4")
NUMBERS = {
    "pipeline_fps",
    "interpreter_fps",
    "ratio",
    "pages_ratio",
    "start_to_first_pose_s",
    "rss_mb",
    "publish_p99_ms",
    "closer_frames_ratio",
    "closer_publish_p99_ms",
    "closer_looks",
}


@pytest.fixture
def kiosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Kiosk:
    return make_kiosk(tmp_path, monkeypatch, capfd)


@pytest.fixture(scope="module")
def model() -> ModelFile:
    return find_model(MODEL, models_dir())


@pytest.fixture(scope="module")
def frames() -> list[Frame]:
    return decoded(CLIP, most=20)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(state_dir=tmp_path, model=ModelSettings(name="lightning_int8"), lights=LightsSettings(kind="none"))


class Time:
    """A clock that only sleep moves."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def clock(self) -> float:
        return self.now_s

    def sleep(self, for_s: float) -> None:
        self.now_s += for_s


# -- frames --------------------------------------------------------------------------------


def test_at_most_so_many_frames_are_decoded(frames: list[Frame]) -> None:
    assert len(frames) == 20
    assert all(frame.image is not None for frame in frames)


def test_the_recording_in_the_package_is_taken_where_none_is_named() -> None:
    with recording(None) as spec:
        assert len(decoded(spec, most=2)) == 2
    with recording("own.mp4") as spec:
        assert spec == "own.mp4"


def test_a_source_without_pictures_is_refused(kiosk: Kiosk) -> None:
    with pytest.raises(SourceError, match="no pictures"):
        decoded(str(kiosk.squats()))
    with pytest.raises(SourceError, match="is a camera"):
        decoded("0")


def test_a_reel_is_played_to_and_fro_at_its_own_rate(frames: list[Frame]) -> None:
    reel = Reel(frames)
    taken = [reel.take() for _ in range(45)]
    assert [frame.number for frame in taken] == list(range(45))
    np.testing.assert_allclose(np.diff([frame.t_s for frame in taken]), 1 / 30, atol=1e-3)
    assert [taken[number].image is frames[place].image for number, place in ((20, 19), (39, 0), (40, 0))] == [True] * 3


def test_a_single_frame_is_a_reel_too(tmp_path: Path) -> None:
    reel = Reel(decoded(str(write_gif(tmp_path / "one.gif", [0.1]))))
    assert [reel.take().t_s for _ in range(3)] == pytest.approx([0, 1 / 30, 2 / 30])


def test_a_reels_camera_gives_each_frame_when_it_is_due(frames: list[Frame]) -> None:
    time = Time()
    camera = ReelCamera(Reel(frames), 4, time.clock, time.sleep)
    camera.open()
    came = []
    while camera.read() is not None:
        came.append(time.now_s)
    assert came == pytest.approx([100.0, 100 + 1 / 30, 100 + 2 / 30, 100 + 3 / 30], abs=1e-3)
    assert list(camera.came_s.values()) == came
    assert camera.fps == pytest.approx(30, abs=0.1)


# -- in turns --------------------------------------------------------------------------------


def test_two_things_are_measured_in_turns_and_the_first_turn_only_warms_up() -> None:
    time, calls = Time(), list[str]()

    def call(name: str, first_s: float, later_s: float) -> None:
        time.sleep(first_s if calls.count(name) < 3 else later_s)
        calls.append(name)

    both = in_turns(lambda: call("a", 9.0, 0.02), lambda: call("b", 9.0, 0.01), turns=4, frames=3, clock=time.clock)
    assert both == pytest.approx((50, 100))
    assert "".join(calls) == "aaabbb" * 5


def test_what_comes_before_each_call_of_the_first_is_not_measured() -> None:
    time, calls = Time(), list[str]()

    def fetch() -> None:
        time.sleep(5.0)
        calls.append("f")

    def call() -> None:
        time.sleep(0.5)
        calls.append("a")

    both = in_turns(call, lambda: time.sleep(0.25), before_one=fetch, turns=2, frames=2, clock=time.clock)
    assert both == pytest.approx((2, 4))
    assert "".join(calls) == "fa" * 6


def test_each_frame_is_handed_over_as_a_decoder_leaves_it(
    settings: Settings, model: ModelFile, frames: list[Frame]
) -> None:
    before = [frame.image.copy() for frame in frames if frame.image is not None]
    with pipeline(settings, model, LatestFrames(ReelCamera(Reel(frames), 0)), LiveBoard()) as engine:
        feeder = Feeder(engine, Reel(frames))
        with pytest.raises(ValueError, match="nothing was fetched"):
            feeder.step()
        feeder.fetch()
        feeder.step()
    assert all(np.array_equal(a, b.image) for a, b in zip(before, frames, strict=True) if b.image is not None)


def test_the_bare_model_runs_on_what_it_would_see(model: ModelFile, frames: list[Frame]) -> None:
    squares = prepared(model, frames)
    assert len(squares) == len(frames)
    assert {(square.shape, square.dtype) for square in squares} == {((192, 192, 3), np.dtype(np.uint8))}
    assert not np.array_equal(squares[0], squares[-1]), "each has its own memory"
    run = bare_model(model, squares)
    for _ in range(len(squares) + 1):
        run()


def test_the_pipeline_is_the_whole_of_it(settings: Settings, model: ModelFile, frames: list[Frame]) -> None:
    board = NotingBoard()
    with pipeline(settings, model, LatestFrames(ReelCamera(Reel(frames), 0)), board) as engine:
        feeder = Feeder(engine, Reel(frames))
        for _ in range(30):
            feeder.fetch()
            feeder.step()
        view = board.view
    assert view.sequence == 30
    assert view.model == MODEL
    assert view.lit.pattern != "off"
    assert sum(point is not None for point in view.keypoints) > 10


def test_pages_in_another_process_get_the_views(settings: Settings, model: ModelFile, frames: list[Frame]) -> None:
    board = LiveBoard()
    with pipeline(settings, model, LatestFrames(ReelCamera(Reel(frames), 0)), board) as engine:
        feeder = Feeder(engine, Reel(frames))
        with pages(board, 2) as events:
            for _ in range(10):
                feeder.fetch()
                feeder.step()
    assert events[0] >= 2, "each stream got at least the view that was there"


def test_pages_that_cannot_be_read_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.bench.speed.sys.executable", "/bin/false")
    with pytest.raises(KioskError, match="cannot be read"), pages(LiveBoard(), 1):
        raise AssertionError("there are no pages")


def test_a_reader_counts_events_until_it_lets_go() -> None:
    board = LiveBoard()
    app = create_app(board, NoResults(), show_picture=False, max_streams=2, about=dict)
    with contextlib.closing(serve(app, "127.0.0.1", 0)) as server:
        reader = Reader(server.url)
        reader.start()
        assert reader.begun.wait(10)
        reader.stop()
        assert not reader.is_alive()
    assert reader.events >= 1


def test_a_reader_without_a_server_gets_nothing_and_ends() -> None:
    lost = Reader("http://127.0.0.1:9/")
    lost.start()
    lost.stop()
    assert lost.events == 0
    assert not lost.begun.is_set()
    assert not lost.is_alive()


def test_the_delay_runs_from_the_frame_to_its_view(settings: Settings, model: ModelFile, frames: list[Frame]) -> None:
    delays = publishing(settings, model, frames, played=25)
    assert delays
    assert all(0 < delay < 60 for delay in delays)


def test_the_same_is_played_while_the_second_model_looks(
    settings: Settings, model: ModelFile, frames: list[Frame]
) -> None:
    delays, looks = publishing_with_closer(settings, model, frames, played=25)
    assert delays
    assert looks == 0, "nobody can have begun a scan after 25 frames"


def test_a_board_notes_the_first_time_that_a_frame_was_shown() -> None:
    time = Time()
    board = NotingBoard(time.clock)
    for t_s in (0.1, 0.2, 0.2):
        board.publish(LiveView(t_s=t_s))
        time.sleep(1.0)
    assert board.shown_s == {0.1: 100.0, 0.2: 101.0}
    assert board.view.t_s == 0.2


# -- kiosk run as a process --------------------------------------------------------------------------------


def test_the_process_gets_the_configuration_but_for_camera_lights_port_and_state(settings: Settings) -> None:
    named = replace(settings, came_from=Path("/etc/own.toml"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KIOSK_WEB_PORT", "8080")
        patch.setenv("OTHER", "kept")
        environ = started.environment(named, "clip.mp4", "/state")
    assert environ["KIOSK_CONFIG"] == "/etc/own.toml"
    assert environ["KIOSK_WEB_PORT"] == "0"
    assert environ["KIOSK_CAMERA_SOURCE"] == os.path.realpath("clip.mp4")
    assert environ["KIOSK_STATE_DIR"] == "/state"
    assert environ["KIOSK_MODEL_NAME"] == "lightning_int8"
    assert environ["OTHER"] == "kept"


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let the processes that are started find the kiosk of this repository."""
    monkeypatch.setenv("PYTHONPATH", process_environ(tmp_path, {})["PYTHONPATH"])
    monkeypatch.setattr(started, "WATCH_S", 0.2)


@pytest.mark.usefixtures("found")
def test_a_real_kiosk_is_started_watched_and_ended(settings: Settings) -> None:
    numbers = started.run_once(settings, CLIP)
    assert numbers["run_model"] == MODEL
    assert 0 < numbers["start_to_first_pose_s"] < 60
    assert numbers["rss_mb"] is None or 20 < numbers["rss_mb"] < 2000


@pytest.mark.usefixtures("found")
def test_a_recording_without_a_person_is_told(settings: Settings, tmp_path: Path) -> None:
    video = write_video(tmp_path / "grey.mp4", 20)
    with pytest.raises(KioskError, match="saw nobody"):
        started.run_once(settings, str(video))


@pytest.mark.usefixtures("found")
def test_a_kiosk_that_does_not_start_is_told(settings: Settings, tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("[camera")
    with pytest.raises(KioskError, match="did not start"):
        started.run_once(replace(settings, came_from=broken), CLIP)


def test_a_process_that_is_not_there_has_no_memory() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        pass
    assert started.peak_mb(gone.pid) is None


# -- the command --------------------------------------------------------------------------------


def once(one: Call, other: Call, *, before_one: Call) -> tuple[float, float]:
    before_one()
    one()
    other()
    return 85.0, 100.0


@pytest.mark.usefixtures("found")
def test_bench_speed_prints_its_numbers_as_json_and_nothing_else(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.bench.speed.in_turns", once)
    monkeypatch.setattr("kiosk.bench.speed.publishing", lambda *_: [0.01, 0.02])
    (kiosk.folder / "kiosk.toml").write_text("model = 'lightning_int8'\n")
    said = kiosk("bench", "speed", CLIP, "--json", "-", "--config", "kiosk.toml")
    numbers = json.loads(said.out)
    assert set(numbers) >= NUMBERS
    assert (numbers["ratio"], numbers["pages_ratio"], numbers["interpreter_fps"]) == (0.85, 0.85, 100.0)
    assert numbers["publish_p99_ms"] == numbers["closer_publish_p99_ms"] == pytest.approx(19.9)
    assert numbers["closer_frames_ratio"] == 1
    assert numbers["publish_limit_ms"] == pytest.approx(1000 / 30 + 10, abs=0.2)
    assert threading.active_count() < 20, "the servers are gone"


def test_bench_speed_in_a_file_comes_with_a_table(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.bench.speed.measure", lambda *_: {"ratio": 0.9})
    said = kiosk("bench", "speed", "--json", "speed.json")
    assert json.loads((kiosk.folder / "speed.json").read_text()) == {"ratio": 0.9}
    assert said.out.split() == ["ratio", "0.9"]


@pytest.mark.parametrize("source", ["none.mp4", "0"])
def test_a_source_that_cannot_be_measured_is_refused(kiosk: Kiosk, source: str) -> None:
    assert source in kiosk("bench", "speed", source, "--json", "-").complaint


def test_a_measurement_needs_its_model(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(KioskError):
        measure(replace(settings, model=ModelSettings(folder=tmp_path)), CLIP)
