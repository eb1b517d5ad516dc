"""The whole kiosk, in processes of its own, with plugins that do the worst."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kiosk.movement.pose import track_of
from kiosk.plugins.loading import BUILT_IN
from kiosk.testing import Squatter, perform
from kiosk.vision.keypoint_file import write_keypoints

from .commands import Kiosk, make_kiosk
from .installed import exercise, install
from .processes import KioskProcess, until
from .station.visits import standing
from .test_run import config

HANGS = exercise(
    "split-squat",
    """
    def start(pose):
        while not np.isnan(pose.xy).all():
            pass
        return False
    def effort(pose, torso_px):
        return 0.0
    """,
)
RAISES = exercise(
    "lunge",
    """
    def start(pose):
        if not np.isnan(pose.xy).all():
            raise RuntimeError("no model of the knee")
        return False
    def effort(pose, torso_px):
        return 0.0
    """,
)
FINE = exercise("plank-walk", "def start(pose): return False\ndef effort(pose, torso_px): return 0.0\n")
OBSERVER = """
    from pathlib import Path
    from kiosk import Job, PluginError, hookimpl
    kiosk_api = "1.0"
    place = []
    @hookimpl
    def kiosk_configure(settings):
        if "file" not in settings:
            raise PluginError("file: name one")
        place.append(Path(settings["file"]))
    def note(line):
        with place[0].open("a") as file:
            print(line, file=file)
    @hookimpl
    def kiosk_rep_finished(exercise, rep):
        note(f"rep {exercise} {rep['number']}")
    @hookimpl
    def kiosk_scan_finished(report):
        note(f"scan {report['id']}")
        raise OSError("the network is down")
    @hookimpl
    def kiosk_light_changed(light):
        note(f"light {light.pattern}")
    @hookimpl
    def kiosk_register_jobs():
        return [Job("count", 3600, lambda results: note(f"stored {len(list(results.newest()))}"))]
"""


@pytest.fixture
def squats(tmp_path: Path) -> Path:
    """Somebody who stands there for a while, so that every exercise is asked whether it begins, and then squats."""
    place, waits, squats = tmp_path / "squats.npz", standing(2.0), perform([Squatter()] * 3, lead_s=2.5)
    poses = [track.pose(k) for track in (waits, squats) for k in range(len(track))]
    write_keypoints(place, track_of([replace(pose, t_s=k / 30) for k, pose in enumerate(poses)]))
    return place


@pytest.fixture
def kiosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kiosk:
    return make_kiosk(tmp_path, monkeypatch, capsys)


@pytest.fixture
def start(tmp_path: Path, squats: Path) -> Iterator[Any]:
    runs: list[KioskProcess] = []

    def begin(*words: str, lines: tuple[str, ...] = (), **environ: str) -> KioskProcess:
        file = config(tmp_path, squats, 'lights = "mock"', *lines)
        runs.append(KioskProcess(tmp_path, "run", "--config", file, *words, **environ))
        return runs[-1]

    yield begin
    for run in runs:
        run.end()


def scanned_to_a_result(run: KioskProcess) -> str:
    until(lambda: run.json()["reps"] >= 1)
    run.press("stop")
    until(lambda: run.json()["state"] == "pain")
    run.press("no-pain")
    until(lambda: run.json()["result_id"])
    return str(run.json()["result_id"])


def test_a_plugin_that_hangs_ends_one_run_and_is_left_out_of_the_next(start: Any, tmp_path: Path, squats: Path) -> None:
    environ = install(tmp_path, "split-squat", HANGS)
    lines = ("[plugins]", "hang_s = 2")
    first = start(lines=lines, **environ)
    assert first.wait() == 1
    second = start(lines=lines, **environ)
    assert "Overhead squat" in second.get(f"result/{scanned_to_a_result(second)}")
    status = second.get("status")
    assert "start of &#39;split-squat&#39; did not come back within 2 s" in status
    assert "kiosk plugins allow split-squat" in status
    assert any(problem.startswith("Plugin split-squat: ") for problem in second.json()["problems"])
    second.stop()


def test_a_plugin_that_raises_in_front_of_a_member_is_named_while_the_visit_of_another_goes_on(
    start: Any, tmp_path: Path
) -> None:
    run = start(**install(tmp_path, "lunge", RAISES))
    assert "Overhead squat" in run.get(f"result/{scanned_to_a_result(run)}")
    said = "start of &#39;lunge&#39; raised RuntimeError: no model of the knee (kiosk_lunge.py, line "
    assert said in run.get("status")
    run.stop()
    faults = json.loads((tmp_path / "state" / "plugin_faults.json").read_text())["faults"]
    assert [(fault["plugin"], fault["kind"]) for fault in faults] == [("lunge", "raised")]
    assert "Plugin lunge: taken out of use: " in run.err


def test_safe_mode_starts_with_the_two_that_come_with_the_kiosk_alone(start: Any, tmp_path: Path) -> None:
    run = start("--safe", **install(tmp_path, "plank-walk", FINE))
    status = run.get("status")
    assert "blocked while the kiosk runs in safe mode" in status
    assert all(f"plumbline-{name} 0." in status for name in BUILT_IN)
    assert scanned_to_a_result(run)
    run.stop()


def test_an_observer_is_told_all_and_its_error_is_on_the_page(start: Any, tmp_path: Path) -> None:
    environ = install(tmp_path, "onlooker", OBSERVER)
    (tmp_path / "settings").mkdir()
    (tmp_path / "settings" / "onlooker.toml").write_text(f'file = "{tmp_path / "told"}"')
    run = start(lines=("[plugins]", 'settings = "settings"'), **environ)
    key = scanned_to_a_result(run)
    until(lambda: "raised OSError: the network is down" in run.get("status"))
    run.stop()
    told = (tmp_path / "told").read_text().splitlines()
    assert "stored 0" in told
    assert "rep overhead-squat 1" in told
    assert f"scan {key}" in told
    assert [line for line in told if line.startswith("light ")][-1] == "light off"


def test_a_faulty_plugin_does_not_keep_a_recording_of_another_exercise_from_being_judged(
    kiosk: Kiosk, squats: Path
) -> None:
    environ = install(kiosk.folder, "lunge", RAISES)
    said = kiosk.process("analyze", squats, **environ)
    assert said.code == 0
    assert "Overhead squat" in said.out
    assert "Plugin lunge: taken out of use: start of 'lunge' raised RuntimeError: no model of the knee" in said.out


def test_who_asks_for_the_faulty_exercise_gets_its_error_in_one_sentence(kiosk: Kiosk, squats: Path) -> None:
    environ = install(kiosk.folder, "lunge", RAISES.replace("return 0.0", "return pose.xy if pose.t_s > 1 else 0.0"))
    said = kiosk.process("analyze", squats, "--exercise", "lunge", **environ).complaint
    assert said.startswith("kiosk: Plugin lunge: effort of 'lunge' returned an array of the shape (17, 2)")


def test_who_looks_on_is_listed(kiosk: Kiosk) -> None:
    (kiosk.folder / "onlooker.toml").write_text('file = "told"')
    environ = install(kiosk.folder, "onlooker", OBSERVER)
    said = kiosk.process("plugins", "list", KIOSK_PLUGINS_SETTINGS=str(kiosk.folder), **environ)
    assert "onlooker  (gym-onlooker 1.0)" in said.out
    assert "looks on: kiosk_rep_finished, kiosk_scan_finished, kiosk_light_changed, the job count" in said.out
