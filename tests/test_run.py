"""``kiosk run``: in a process of its own, from the first page to the last signal, and its parts in this one."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import pytest

import kiosk.station.lights
import kiosk.vision.models
from kiosk.cli.run import assembled, lights_or_note, stop_signals, tracker_for, usable_plugins, visit_times
from kiosk.errors import LightsError, PluginError
from kiosk.plugins.watch import Watch
from kiosk.settings import LightsSettings, ModelSettings, PluginsSettings, Settings, VisitSettings, WebSettings
from kiosk.station.history import open_history
from kiosk.station.lights import NoLights
from kiosk.station.visit import VisitTimes
from kiosk.testing import Squatter, perform
from kiosk.vision.keypoint_file import KeypointSource, write_keypoints
from kiosk.vision.models import ModelChoice, find_model, models_dir

from .commands import process_environ
from .demo_recordings import SQUAT_FRONT, clip
from .processes import KioskProcess, until
from .station.fakes import FakeLights, frame_of


def config(folder: Path, source: str | Path, *more: str) -> Path:
    """A configuration whose pages are on a free port and whose results stay in the test's folder."""
    file = folder / "kiosk.toml"
    lines = [f'state_dir = "{folder / "state"}"', 'model = "lightning_int8"', *more]
    file.write_text("\n".join([*lines, f'[camera]\nsource = "{source}"', "[web]\nport = 0", ""]))
    return file


@pytest.fixture(scope="module")
def without_camera(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KioskProcess]:
    folder = tmp_path_factory.mktemp("without-camera")
    run = KioskProcess(folder, "run", "--config", config(folder, "/dev/video99"))
    until(lambda: run.url and run.json()["state"] == "trouble")
    yield run
    run.end()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Any]:
    runs: list[KioskProcess] = []

    def start(*words: str | Path, **environ: str) -> KioskProcess:
        runs.append(KioskProcess(tmp_path, *words, **environ))
        return runs[-1]

    yield start
    for run in runs:
        run.end()


def refused(folder: Path, *words: str | Path, **environ: str) -> str:
    """What a command says that is refused: exit code 2 and no traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", *map(str, words)],
        cwd=folder,
        env=process_environ(folder, environ),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    said = [line for line in done.stderr.splitlines() if line.startswith("kiosk: ")]
    assert len(said) == 1
    return said[0]


# -- without a camera --------------------------------------------------------------------------------------------


def test_without_a_camera_it_stays_up_and_the_page_says_what_is_wrong(without_camera: KioskProcess) -> None:
    view = without_camera.json()
    assert view["state"] == "trouble"
    assert "/dev/video99 is missing" in view["camera"]
    assert view["instruction"] == "The camera is away"
    assert without_camera.process.poll() is None


def test_the_page_goes_on_being_told_while_the_camera_is_away(without_camera: KioskProcess) -> None:
    sequence = without_camera.json()["sequence"]
    until(lambda: without_camera.json()["sequence"] > sequence + 2)


def test_without_pins_it_runs_and_says_that_the_lights_stay_dark(without_camera: KioskProcess) -> None:
    if Path("/dev/gpiochip0").exists():
        pytest.skip("this machine has pins")
    assert any(problem.startswith("The lights stay dark: ") for problem in without_camera.json()["problems"])


def test_its_pages_are_served_meanwhile(without_camera: KioskProcess) -> None:
    assert "Plumbline" in without_camera.get("")
    assert "/dev/video99" in without_camera.get("status")


def test_a_missing_camera_is_in_the_log(without_camera: KioskProcess) -> None:
    assert "/dev/video99 is missing" in without_camera.err
    assert "Traceback" not in without_camera.err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(running: Any, tmp_path: Path, number: signal.Signals) -> None:
    run = running("run", "--config", config(tmp_path, "/dev/video99", 'lights = "none"'))
    until(lambda: run.url)
    assert run.stop(number) == 0
    assert "Traceback" not in run.err


# -- on recordings -----------------------------------------------------------------------------------------------


def test_a_recording_as_camera_is_played_to_its_end(running: Any, tmp_path: Path) -> None:
    short, video = tmp_path / "short.mp4", clip(SQUAT_FRONT)
    writer = cv2.VideoWriter(str(short), cv2.VideoWriter.fourcc(*"mp4v"), 30.0, (640, 480))
    video.open()
    for _ in range(75):
        frame = video.read()
        assert frame is not None
        assert frame.image is not None
        writer.write(frame.image)
    video.close()
    writer.release()
    run = running("run", "--config", config(tmp_path, short, 'lights = "mock"'))
    assert run.wait() == 0
    assert "The kiosk is at http://127.0.0.1:" in run.out
    assert "idle -> framing" in run.err
    assert "lightning_int8, as configured" in run.err


def test_after_kill_9_the_finished_result_is_there_and_the_database_opens(running: Any, tmp_path: Path) -> None:
    squats = tmp_path / "squats.npz"
    write_keypoints(squats, perform([Squatter()] * 5, lead_s=2.5))
    run = running("run", "--config", config(tmp_path, squats, 'lights = "none"'))
    until(lambda: run.json()["reps"] == 1)
    run.press("stop")
    until(lambda: run.json()["state"] == "pain")
    run.press("no-pain")
    until(lambda: run.json()["result_id"])
    key = run.json()["result_id"]
    assert "Overhead squat" in run.get(f"result/{key}")
    assert run.stop(signal.SIGKILL) == -signal.SIGKILL
    history = open_history(tmp_path / "state" / "history.db")
    report = history.load(key)
    history.close()
    assert report is not None
    assert [rep["number"] for rep in report["reps"] if rep["complete"]] == [1]


# -- what is refused ---------------------------------------------------------------------------------------------


def test_a_missing_configuration_is_refused_in_one_line(tmp_path: Path) -> None:
    assert "nowhere.toml does not exist" in refused(tmp_path, "run", "--config", "nowhere.toml")


def test_a_port_that_is_taken_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        file = config(tmp_path, "/dev/video99", 'lights = "none"')
        said = refused(tmp_path, "run", "--config", file, KIOSK_WEB_PORT=str(port))
    assert f"Port {port} on 127.0.0.1 is taken by another program" in said


def test_an_unknown_model_is_refused(tmp_path: Path) -> None:
    file = config(tmp_path, "/dev/video99", 'lights = "none"')
    assert "enormous" in refused(tmp_path, "run", "--config", file, KIOSK_MODEL_NAME="enormous")


def test_a_kiosk_with_every_exercise_blocked_is_refused_with_the_reasons(tmp_path: Path) -> None:
    file = config(tmp_path, "/dev/video99", 'lights = "none"')
    said = refused(
        tmp_path, "run", "--config", file, KIOSK_PLUGINS_BLOCKED="overhead-squat,incline-push-up,overhead_squat"
    )
    assert "No exercise plugin can be used" in said
    assert "blocked by the configuration" in said


def test_a_recording_that_is_missing_is_refused(tmp_path: Path) -> None:
    assert "gone.mp4" in refused(tmp_path, "run", "--config", config(tmp_path, tmp_path / "gone.mp4"))


def test_a_restarted_kiosk_shows_what_is_true_with_its_first_view(running: Any, tmp_path: Path) -> None:
    file = config(tmp_path, "/dev/video99", 'lights = "mock"')
    for number in (signal.SIGKILL, signal.SIGTERM):
        run = running("run", "--config", file)
        until(lambda run=run: run.url and run.json()["sequence"])
        assert run.json()["lit"]["pattern"] == "trouble"
        run.stop(number)


def test_while_the_kiosk_starts_its_lights_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    lights = FakeLights()
    monkeypatch.setattr(kiosk.station.lights, "make_lights", lambda _settings: lights)
    squats = tmp_path / "squats.npz"
    write_keypoints(squats, perform([Squatter()]))
    settings = replace(settings, web=WebSettings(port=0))
    with assembled(settings, KeypointSource(squats), usable_plugins(settings, Watch()), times=VisitTimes()) as built:
        assert lights.shown == ["starting"]
        built.engine.step(frame_of(perform([Squatter()]).pose(0)))
        assert lights.shown[1] != "starting"
    assert lights.shown[-1] == "off"


# -- its parts ---------------------------------------------------------------------------------------------------


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path)


def test_the_times_of_a_visit_are_those_of_the_configuration(settings: Settings) -> None:
    assert visit_times(settings) == VisitTimes()
    other = replace(settings, visit=VisitSettings(hold_s=3.0, pain_s=9.0))
    assert visit_times(other) == VisitTimes(hold_s=3.0, pain_s=9.0)


def test_lights_that_are_not_wanted_are_no_problem(settings: Settings) -> None:
    lights, notes = lights_or_note(replace(settings, lights=LightsSettings(kind="none")))
    assert (lights.name, notes) == ("none", ())


def test_lights_that_cannot_be_driven_are_a_note_and_dark(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: LightsSettings) -> None:
        raise LightsError("There are no pins: set lights to none.")

    monkeypatch.setattr(kiosk.station.lights, "make_lights", refuse)
    lights, notes = lights_or_note(settings)
    assert isinstance(lights, NoLights)
    assert notes == ("The lights stay dark: There are no pins: set lights to none.",)


def test_a_named_model_is_taken_as_it_is(settings: Settings) -> None:
    _, model, why = tracker_for(replace(settings, model=ModelSettings(name="lightning_int8", threads=1)))
    assert (model, why) == ("movenet_lightning_int8", "movenet_lightning_int8, as configured")


def test_auto_takes_the_choice_and_its_reason(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = find_model("lightning_f16", models_dir())
    asked: list[dict[str, object]] = []

    def choose(_: Path, **options: object) -> ModelChoice:
        asked.append(options)
        return ModelChoice(chosen, (), "it is the fastest")

    monkeypatch.setattr(kiosk.vision.models, "choose_model", choose)
    _, model, why = tracker_for(replace(settings, model=ModelSettings(threads=1, min_fps=10.0)))
    assert (model, why) == ("movenet_lightning_f16", "it is the fastest")
    assert asked == [{"threads": 1, "min_fps": 10.0}]


def test_both_exercises_are_there_and_one_can_be_blocked(settings: Settings) -> None:
    assert set(usable_plugins(settings, Watch()).exercises) == {"overhead-squat", "incline-push-up"}
    blocked = replace(settings, plugins=PluginsSettings(blocked=("incline-push-up",)))
    assert set(usable_plugins(blocked, Watch()).exercises) == {"overhead-squat"}


def test_without_any_exercise_there_is_nothing_to_run(settings: Settings) -> None:
    with pytest.raises(PluginError, match="No exercise plugin can be used"):
        usable_plugins(
            replace(settings, plugins=PluginsSettings(blocked=("incline-push-up", "overhead-squat"))), Watch()
        )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_an_answer_and_the_handlers_come_back(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with stop_signals() as stopped:
        assert not stopped()
        signal.raise_signal(number)
        assert stopped()
    assert signal.getsignal(number) is before
