"""``kiosk camera``: the list, the check in the terminal, and the page, on recordings of people before known cameras."""

from __future__ import annotations

import contextlib
import re
import urllib.request
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import cv2
import pytest

from kiosk.cli import main
from kiosk.cli.camera import STATURES_M
from kiosk.mounting.file import read_mounting
from kiosk.vision.camera import Image
from kiosk.vision.devices import Cameras, VideoDevice
from kiosk.vision.v4l2_kernel import PictureFormat
from kiosk.web import camera as camera_page
from tests.mounting.placed import STEP_M, Hung, rendered, somebody

#: People do not leap: after the step the tracker waits before it believes that it is the same person.
FPS, LASTS_S = 10, (2.0, 2.0, 4.5)
STATURE_M = 1.78
WELL = Hung(1.1, 3.3, yaw_deg=6, fov_deg=74)
ASKEW = Hung(1.5, 3.3, yaw_deg=22, fov_deg=74)


@cache
def pictures(hung: Hung) -> tuple[Image, ...]:
    """Somebody on the mark, with the arms up, and a step back."""
    body = somebody("man-30-medium", STATURE_M)
    return tuple(rendered(hung, body, step_m=step, arms=arms) for step, arms in ((0, 0), (0, 1), (-STEP_M, 0)))


def recording(path: Path, images: tuple[Image, ...]) -> Path:
    height, width = images[0].shape[:2]
    film = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), FPS, (width, height))
    for image, lasts_s in zip(images, LASTS_S, strict=False):
        for _ in range(round(FPS * lasts_s)):
            film.write(image)
    film.release()
    return path


@pytest.fixture(autouse=True)
def kiosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIOSK_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("KIOSK_MODEL_NAME", "thunder_f16")


def check(source: Path, *more: str) -> int:
    return main(["camera", "check", "--source", str(source), "--stature", str(STATURE_M), *more])


def test_a_camera_that_hangs_well_is_measured_and_stored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(recording(tmp_path / "well.mp4", pictures(WELL)), "--lens", "74") == 0
    said = capsys.readouterr()
    assert "The camera hangs well." in said.out
    assert "Now stretch both arms up" in said.err
    found = read_mounting(tmp_path / "state")
    assert found is not None
    assert found.wrong == ()
    assert found.camera == "well.mp4"
    assert found.place is not None
    assert found.place.height_m == pytest.approx(1.1, abs=0.12)
    assert found.place.yaw_deg == pytest.approx(6, abs=2.5)


def test_one_that_hangs_badly_is_told_what_to_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(recording(tmp_path / "askew.mp4", pictures(ASKEW)), "--lens", "74") == 1
    said = capsys.readouterr().out
    assert "WRONG Height" in said
    assert "Lower the camera by" in said
    assert "WRONG Yaw" in said
    assert said.endswith("Change what is WRONG, and check again.\n")
    found = read_mounting(tmp_path / "state")
    assert found is not None
    assert found.wrong == ("Height", "Yaw")


def test_a_distance_by_tape_stands_in_for_the_lens(tmp_path: Path) -> None:
    check(recording(tmp_path / "well.mp4", pictures(WELL)), "--distance", "3.3")
    found = read_mounting(tmp_path / "state")
    assert found is not None
    assert found.place is not None
    assert found.place.lens_deg == pytest.approx(74, abs=4)


def test_a_check_that_nobody_finishes_stores_nothing_and_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(recording(tmp_path / "half.mp4", pictures(WELL)[:1]), "--lens", "74") == 2
    said = capsys.readouterr().err
    assert "The check was not finished. Now stretch both arms up, and hold them there. Nothing was stored." in said
    assert read_mounting(tmp_path / "state") is None


def test_without_a_terminal_the_stature_must_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["camera", "check"]) == 2
    assert "--stature 1.75" in capsys.readouterr().err


@pytest.mark.parametrize("stature", ["175", "0", "tall"])
def test_a_stature_that_is_none_is_refused(stature: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["camera", "check", "--stature", stature])
    assert caught.value.code == 2
    assert "--stature" in capsys.readouterr().err


def test_terminal_and_page_take_the_same_statures() -> None:
    assert STATURES_M == camera_page.STATURES_M


class TestList:
    @pytest.fixture
    def connected(self, monkeypatch: pytest.MonkeyPatch) -> list[Cameras]:
        found = [Cameras()]
        monkeypatch.setattr("kiosk.vision.devices.find_cameras", lambda: found[0])
        return found

    def test_each_camera_is_listed_with_the_name_to_set(
        self, connected: list[Cameras], capsys: pytest.CaptureFixture[str]
    ) -> None:
        by_id = Path("/dev/v4l/by-id/usb-046d_C920-video-index0")
        formats = (PictureFormat("MJPG", (1280, 720), 30.0), PictureFormat("YUYV", (640, 480), 0.0))
        connected[0] = Cameras((VideoDevice(Path("/dev/video0"), by_id, "C920", formats),), ribbon=True)
        assert main(["camera", "list"]) == 0
        assert capsys.readouterr().out.splitlines() == [
            "C920 (/dev/video0)",
            f'  camera.source = "{by_id}"',
            "  MJPG 1280 x 720 at 30 frames/s",
            "  YUYV 640 x 480",
            "Ribbon-cable camera",
            '  camera.source = "csi"',
        ]

    def test_none_and_forbidden_ones_end_with_1(
        self, connected: list[Cameras], capsys: pytest.CaptureFixture[str]
    ) -> None:
        connected[0] = Cameras(forbidden=(Path("/dev/video0"),))
        assert main(["camera", "list"]) == 1
        assert "add the user to the group video" in capsys.readouterr().out


def test_the_page_is_served_until_it_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clip = recording(tmp_path / "well.mp4", pictures(WELL)[:1])
    served: list[str] = []

    @contextlib.contextmanager
    def stopped_once_it_was_read() -> Iterator[Callable[[], bool]]:
        def stopped() -> bool:
            url = re.search(r"http://\S+", capsys.readouterr().out)
            if url is not None:
                with urllib.request.urlopen(url[0]) as answer:
                    served.append(answer.read().decode())
            return bool(served)

        yield stopped

    monkeypatch.setattr("kiosk.cli.run.stop_signals", stopped_once_it_was_read)
    assert main(["camera", "--source", str(clip), "--port", "0"]) == 0
    assert "Check the mounting" in served[0]
