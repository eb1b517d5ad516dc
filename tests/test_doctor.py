"""``kiosk doctor``: every fault has a sentence that says what it means, and the exit code counts them."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kiosk import doctor
from kiosk.cli.doctor import lines
from kiosk.doctor import Item, examine, status_page
from kiosk.errors import LightsError, SourceError
from kiosk.languages import site_languages
from kiosk.plugins import Plugins, PluginStatus, load_plugins
from kiosk.plugins.site import fault_file
from kiosk.plugins.watch import Fault
from kiosk.settings import (
    CameraSettings,
    HistorySettings,
    LightsSettings,
    ModelSettings,
    PluginsSettings,
    Settings,
    WebSettings,
)
from kiosk.station.history import open_history
from kiosk.station.live import Lit, LiveView
from kiosk.vision.camera import Frame
from kiosk.vision.models import models_dir
from kiosk.web.voice import PROGRAM
from tests.commands import CLIPS, Kiosk, make_kiosk
from tests.test_health_items import WELL
from tests.vision.recordings import picture

CLIP = str(CLIPS / "overhead_squat_front.mp4")


@pytest.fixture
def kiosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kiosk:
    return make_kiosk(tmp_path, monkeypatch, capsys)


@pytest.fixture
def fit(tmp_path: Path) -> Settings:
    """A kiosk in which nothing is wrong: a recording for a camera, no lights."""
    return Settings(
        state_dir=tmp_path / "state",
        camera=CameraSettings(source=CLIP),
        model=ModelSettings(name="lightning_int8", threads=1, min_fps=1.0),
        lights=LightsSettings(kind="none"),
    )


class Webcam:
    """A live camera of so many frames per second on a clock of its own."""

    live, name, fps, frame_count = True, "Camera /dev/video0", 30.0, None

    def __init__(self, real_fps: float, error: str | None = None) -> None:
        self.now_s, self.closed = 0.0, False
        self._step_s, self._error = 1 / real_fps, error

    def clock(self) -> float:
        return self.now_s

    def open(self) -> None:
        if self._error:
            raise SourceError(self._error)

    def read(self) -> Frame:
        self.now_s += self._step_s
        return Frame(0, self.now_s, (1280, 720), picture(1), None)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def plug_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[Webcam], Webcam]:
    def plug(webcam: Webcam) -> Webcam:
        monkeypatch.setattr("kiosk.vision.sources.open_source", lambda *_, **__: webcam)
        return webcam

    return plug


def test_everything_that_matters_is_looked_at(fit: Settings) -> None:
    items = {item.name: item for item in examine(fit)}
    assert list(items) == [
        "Configuration",
        "Camera",
        "Mounting",
        "Model",
        "Second model",
        "Plugin incline-push-up",
        "Plugin overhead-squat",
        "Languages",
        "Lights",
        "Database",
        "Phones",
        "Trainer's side",
        "Voice",
        "Temperature",
        "Power",
        "Memory",
        "Disk",
        "Clock",
        "Machine",
    ]
    assert not [item for item in items.values() if item.ok is False]
    assert all(item.says and item.means for item in items.values())


def test_the_address_for_phones_is_told_and_why_there_is_none(fit: Settings) -> None:
    alone = doctor.phones(replace(fit, web=WebSettings(host="127.0.0.1")))
    assert alone.ok is None
    assert "no phone can reach the pages at 127.0.0.1" in alone.says
    assert "Set web.host to 0.0.0.0" in alone.means
    named = doctor.phones(replace(fit, web=WebSettings(host="0.0.0.0", port=80, address="kiosk.local")))
    assert (named.ok, named.says) == (True, "http://kiosk.local")


def test_a_camera_is_told_with_its_real_size_and_rate(fit: Settings, plug_in: Callable[[Webcam], Webcam]) -> None:
    webcam = plug_in(Webcam(29.0))
    item = doctor.camera(replace(fit, model=ModelSettings()), webcam.clock)
    assert item.ok
    assert item.says == "Camera /dev/video0: 1280 x 720, 29 frames/s measured, 30 stated"
    assert webcam.closed


def test_a_slow_camera_is_worth_knowing(fit: Settings, plug_in: Callable[[Webcam], Webcam]) -> None:
    webcam = plug_in(Webcam(10.0))
    item = doctor.camera(replace(fit, model=ModelSettings()), webcam.clock)
    assert item.ok is None
    assert "10 frames/s measured" in item.says
    assert "more light" in item.means


def test_a_camera_that_cannot_be_opened_is_a_fault_with_its_reason(
    fit: Settings, plug_in: Callable[[Webcam], Webcam]
) -> None:
    webcam = plug_in(Webcam(30.0, error="Camera /dev/video0 is missing: plug it in."))
    item = doctor.camera(fit, webcam.clock)
    assert (item.ok, item.says) == (False, "Camera /dev/video0 is missing: plug it in.")
    assert "Nothing can be scanned" in item.means


def test_a_recording_is_no_camera(fit: Settings) -> None:
    item = doctor.camera(fit)
    assert item.ok is None
    assert "640 x 480" in item.says


def test_the_model_is_verified_and_timed(fit: Settings) -> None:
    item = doctor.model(fit)
    assert item.ok
    assert item.says.startswith("movenet_lightning_int8, as configured: ")


def test_the_choice_of_a_model_comes_with_its_reason(fit: Settings) -> None:
    item = doctor.model(replace(fit, model=ModelSettings(min_fps=1.0)))
    assert item.ok
    assert "movenet_thunder_f16 keeps" in item.says


def test_a_model_that_is_too_slow_is_worth_knowing(fit: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.vision.models.time_model", lambda *_, **__: 0.1)
    item = doctor.model(replace(fit, model=ModelSettings(name="lightning_int8")))
    assert item.ok is None
    assert "10 frames/s" in item.says
    every = doctor.model(replace(fit, model=ModelSettings()))
    assert every.ok is None
    assert "no model keeps 24 frames/s" in every.says


def test_an_unknown_model_is_a_fault(fit: Settings) -> None:
    item = doctor.model(replace(fit, model=ModelSettings(name="alexnet")))
    assert item.ok is False
    assert "'alexnet'" in item.says


def test_the_second_model_is_verified(fit: Settings) -> None:
    item = doctor.second_model(fit)
    assert (item.ok, item.name) == (True, "Second model")
    assert item.says.startswith("blazepose_full: its file is byte for byte")


def test_a_second_model_that_is_switched_off_is_worth_knowing(fit: Settings) -> None:
    item = doctor.second_model(replace(fit, model=ModelSettings(second=False)))
    assert item.ok is None
    assert "switched off" in item.says
    assert "not assessed" in item.means


@pytest.mark.parametrize("harm", ["missing", "cut off", "altered"])
def test_a_damaged_second_model_is_named(fit: Settings, tmp_path: Path, harm: str) -> None:
    folder = tmp_path / "models"
    shutil.copytree(models_dir(), folder, ignore=shutil.ignore_patterns("movenet*", "build", "licences", "__pycache__"))
    file = folder / "blazepose_full.tflite"
    data = file.read_bytes()
    file.unlink()
    if harm != "missing":
        file.write_bytes(data[:-9] if harm == "cut off" else bytes(9) + data[9:])
    item = doctor.second_model(replace(fit, model=ModelSettings(folder=folder)))
    assert item.ok is False
    assert f"blazepose_full.tflite {'was' if harm == 'altered' else 'is'} {harm}" in item.says


def test_a_broken_plugin_is_a_fault_and_a_blocked_one_is_not() -> None:
    plugins = Plugins(
        load_plugins().exercises,
        (
            PluginStatus("good", "plumbline-good", "1.0", ("overhead-squat",)),
            PluginStatus("bad", "plumbline-bad", "1.0", problem="ImportError: no module"),
            PluginStatus("out", "plumbline-out", "1.0", problem="blocked by the configuration"),
        ),
    )
    assert [(item.name, item.ok) for item in doctor.plugin_items(plugins, {})] == [
        ("Plugin good", True),
        ("Plugin bad", False),
        ("Plugin out", None),
    ]


def test_what_went_wrong_since_it_was_loaded_is_a_fault_and_who_looks_on_is_told_apart() -> None:
    plugins = Plugins(
        load_plugins().exercises,
        (
            PluginStatus("lunge", "gym-lunge", "1.0", ("lunge",)),
            PluginStatus("mqtt", "gym-mqtt", "2.0", observes=("kiosk_scan_finished",), jobs=("announce",)),
        ),
    )
    lunge, mqtt = doctor.plugin_items(plugins, {"lunge": "taken out of use: effort of 'lunge' raised ValueError"})
    assert (lunge.ok, mqtt.ok) == (False, True)
    assert lunge.says == "gym-lunge 1.0: taken out of use: effort of 'lunge' raised ValueError"
    assert "the others go on" in lunge.means
    assert mqtt.says == "gym-mqtt 2.0: observes scan finished, job announce"


def test_the_doctor_names_what_the_running_kiosk_has_found(fit: Settings) -> None:
    fault_file(fit).add(Fault("overhead-squat", "raised", "the check 'knees-in' of 'overhead-squat' raised ValueError"))
    wrong = [item for item in examine(fit) if item.ok is False]
    assert [item.name for item in wrong] == ["Plugin overhead-squat"]
    assert "taken out of use: the check 'knees-in'" in wrong[0].says


def test_a_plugin_that_hung_is_left_out_and_named_until_it_is_allowed(fit: Settings, kiosk: Kiosk) -> None:
    fault_file(fit).begin(Fault("overhead-squat", "hung", "start of 'overhead-squat' did not come back within 20 s"))
    item = next(item for item in examine(fit) if item.name == "Plugin overhead-squat")
    assert item.ok is False
    assert "kiosk plugins allow overhead-squat" in item.says
    (kiosk.folder / "kiosk.toml").write_text(f'state_dir = "{fit.state_dir}"')
    allowed = kiosk("plugins", "allow", "overhead-squat", "--config", "kiosk.toml")
    assert allowed.code == 0
    assert "used again from the next start" in allowed.out
    assert next(item for item in examine(fit) if item.name == "Plugin overhead-squat").ok
    again = kiosk("plugins", "allow", "overhead-squat", "--config", "kiosk.toml")
    assert "Nothing is held against a plugin 'overhead-squat'" in again.complaint


def test_no_exercise_at_all_is_a_fault(fit: Settings) -> None:
    blocked = replace(fit, plugins=PluginsSettings(blocked=("overhead-squat", "incline-push-up")))
    wrong = [item for item in examine(blocked) if item.ok is False]
    assert [item.name for item in wrong] == ["Exercises"]


def test_lights_that_cannot_be_driven_are_a_fault(fit: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: LightsSettings) -> None:
        raise LightsError("The LEDs' pins cannot be reached.")

    monkeypatch.setattr("kiosk.station.lights.make_lights", refuse)
    item = doctor.lights(replace(fit, lights=LightsSettings()))
    assert (item.ok, item.says) == (False, "The LEDs' pins cannot be reached.")


@pytest.mark.parametrize("kind", ["mock", "none"])
def test_lights_that_nobody_sees_are_worth_knowing(fit: Settings, kind: str) -> None:
    item = doctor.lights(replace(fit, lights=LightsSettings(kind=kind)))
    assert item.ok is None
    assert f"'{kind}'" in item.says


def test_a_database_that_is_not_there_yet_is_not_made(fit: Settings) -> None:
    (item,) = doctor.database(fit)
    assert item.ok
    assert "not there yet" in item.says
    assert not fit.state_dir.exists()


def stored_report() -> dict[str, Any]:
    return {"exercise": None, "score": {"low": None, "high": None}, "first": None, "reps": []}


def test_a_database_is_opened_and_its_results_counted(fit: Settings) -> None:
    history = open_history(fit.state_dir / "history.db")
    history.store(stored_report(), datetime.now(UTC))
    history.close()
    item, last = doctor.database(fit)
    assert item.ok
    assert item.says == f"{fit.state_dir / 'history.db'}: 1 result, WAL"
    assert item.values == {"results": 1}
    assert (last.name, last.ok) == ("Last result", True)


def test_a_database_by_its_url_is_opened_too(fit: Settings, tmp_path: Path) -> None:
    item, last = doctor.database(replace(fit, history=HistorySettings(url=f"sqlite:///{tmp_path / 'own.db'}")))
    assert last.says == "none yet"
    assert item.ok
    assert "0 results, WAL" in item.says


def test_a_database_without_a_log_is_told(tmp_path: Path) -> None:
    plain = sqlite3.connect(tmp_path / "plain.db")
    plain.execute("CREATE TABLE t (a)")
    plain.close()
    assert doctor._journal(tmp_path / "plain.db") == ", no WAL"
    assert doctor._journal(tmp_path / "none.db") == ""


@pytest.mark.parametrize("harm", ["text", "another program's"])
def test_a_database_that_is_none_is_a_fault(fit: Settings, harm: str) -> None:
    fit.state_dir.mkdir()
    file = fit.state_dir / "history.db"
    if harm == "text":
        file.write_text("This is no database. " * 100)
    else:
        other = sqlite3.connect(file)
        other.execute("CREATE TABLE songs (a)")
        other.close()
    (item,) = doctor.database(fit)
    assert item.ok is False
    assert str(file) in item.says


def test_a_state_folder_that_cannot_be_made_is_a_fault(fit: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (item,) = doctor.database(replace(fit, state_dir=tmp_path / "file" / "state"))
    assert item.ok is False
    assert "set state_dir" in item.means


def test_the_machine_names_what_runs_on_it() -> None:
    item = doctor.machine()
    assert "Python 3." in item.says
    assert f"{os.cpu_count()} cores" in item.says
    assert "numpy" in item.means


def test_a_fault_is_marked_and_named_at_the_end() -> None:
    said = list(lines([Item("Camera", False, "It is\nmissing.", "Plug it in."), Item("Disk", None, "Tight.", "Soon.")]))
    assert said == [
        "WRONG Camera: It is missing.",
        "      Plug it in.",
        "note  Disk: Tight.",
        "      Soon.",
        "",
        "Something is wrong: Camera.",
    ]


def config(kiosk: Kiosk, camera: str) -> Path:
    path = kiosk.folder / "kiosk.toml"
    model = "model = {name = 'lightning_int8', min_fps = 1}"
    path.write_text(f"state_dir = 'state'\ncamera = '{camera}'\nlights = 'none'\n{model}\n")
    return path


def test_a_fit_kiosk_ends_with_0(kiosk: Kiosk) -> None:
    said = kiosk("doctor", "--config", config(kiosk, CLIP))
    assert said.code == 0, said.out
    assert said.out.endswith("This kiosk is fit to scan.\n")
    assert str(kiosk.folder / "kiosk.toml") in said.out


def test_a_kiosk_with_a_fault_ends_with_1(kiosk: Kiosk) -> None:
    said = kiosk("doctor", "--config", config(kiosk, "none.mp4"))
    assert said.code == 1
    assert "WRONG Camera: none.mp4" in said.out
    assert said.out.endswith("Something is wrong: Camera.\n")


# -- the status page of a kiosk that runs --------------------------------------------


@pytest.fixture
def running(fit: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[[LiveView], dict[str, Any]]:
    def taken(*_: object, **__: object) -> None:
        raise AssertionError("the engine holds this")

    for held in (
        "kiosk.vision.sources.open_source",
        "kiosk.station.lights.make_lights",
        "kiosk.vision.models.find_model",
    ):
        monkeypatch.setattr(held, taken)
    history = open_history(fit.state_dir / "history.db")

    def page(view: LiveView) -> dict[str, Any]:
        try:
            plugins = load_plugins()
            spoken = site_languages(fit, plugins)
            return status_page(fit, plugins, history, view, "movenet_x, as configured", {}, spoken, WELL)
        finally:
            history.close()

    return page


def test_the_page_takes_nothing_that_the_engine_holds(running: Callable[[LiveView], dict[str, Any]]) -> None:
    page = running(LiveView(fps=29.5, inference_ms=8.0, lit=Lit("idle")))
    assert page["Camera"]["fit"] is True
    assert "29.5 frames/s" in page["Camera"]["says"]
    assert page["Model"]["says"] == "movenet_x, as configured"
    assert "8 ms" in page["Model"]["means"]
    assert "'idle'" in page["Lights"]["says"]
    assert "0 results" in page["Database"]["says"]
    assert {"Plugin overhead-squat", "Disk", "Machine", "Configuration"} <= set(page)
    assert page["Camera"]["values"] == {"working": True, "fps": 29.5, "source": CLIP}
    assert page["Model"]["values"]["inference_ms"] == 8.0
    assert page["Temperature"]["values"] == {"temperature_c": 48.2}
    json.dumps(page)


def test_the_page_tells_what_is_wrong_now(running: Callable[[LiveView], dict[str, Any]]) -> None:
    dark = "The lights stay dark: no pins."
    page = running(LiveView(camera="The camera was unplugged.", problems=(dark,)))
    assert (page["Camera"]["fit"], page["Camera"]["says"]) == (False, "The camera was unplugged.")
    assert page["Camera"]["values"]["fps"] is None
    assert (page["Lights"]["fit"], page["Lights"]["says"]) == (False, dark)


@pytest.mark.parametrize("found", ["/usr/bin/espeak-ng", None])
def test_whether_the_kiosk_can_speak_is_told_with_how_to_mend_it(found: str | None, monkeypatch) -> None:
    monkeypatch.setattr(doctor.shutil, "which", lambda name: found if name == "espeak-ng" else None)
    item = doctor.voice()
    assert item.ok is (True if found else None)
    assert ("apt install espeak-ng" in item.means) == (found is None)


def test_the_doctor_looks_for_the_program_that_speaks() -> None:
    assert doctor.SPEECH == PROGRAM
