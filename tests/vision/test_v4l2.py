"""USB cameras: what is asked of them, and every way in which one refuses, on a device made for the test."""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import pytest

from kiosk.errors import SourceError
from kiosk.vision.v4l2 import Mode, UsbCamera

from .fake_cameras import FakeUsbDevice


def opened(device: FakeUsbDevice) -> UsbCamera:
    camera = UsbCamera(str(device.node))
    camera.open()
    return camera


def refusal(camera: UsbCamera) -> str:
    with pytest.raises(SourceError) as caught:
        camera.open()
    with pytest.raises(SourceError, match="not open"):
        camera.read()
    return str(caught.value)


class TestOpening:
    def test_mjpg_is_asked_for_before_size_and_rate_and_one_buffer(self, usb_device: FakeUsbDevice) -> None:
        camera = UsbCamera(str(usb_device.node), width=1920, height=1080, fps=25.0)
        camera.open()
        assert usb_device.asked == [
            (cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG")),
            (cv2.CAP_PROP_FRAME_WIDTH, 1920),
            (cv2.CAP_PROP_FRAME_HEIGHT, 1080),
            (cv2.CAP_PROP_FPS, 25.0),
            (cv2.CAP_PROP_BUFFERSIZE, 1),
        ]

    def test_it_is_opened_through_video4linux_and_nothing_else(self, usb_device: FakeUsbDevice) -> None:
        opened(usb_device)
        assert [backend for _, backend in usb_device.opened] == [cv2.CAP_V4L2]

    def test_a_stable_path_is_followed_anew_each_time(self, usb_device: FakeUsbDevice) -> None:
        camera = opened(usb_device)
        camera.open()
        assert [name for name, _ in usb_device.opened] == ["/dev/null", "/dev/null"]
        assert usb_device.released == 1

    def test_what_the_camera_really_does_is_reported(self, usb_device: FakeUsbDevice) -> None:
        usb_device.size_px = (320, 240)
        usb_device.stated[cv2.CAP_PROP_FPS] = 15.0
        usb_device.stated[cv2.CAP_PROP_FOURCC] = float(cv2.VideoWriter.fourcc(*"YUYV"))
        camera = opened(usb_device)
        assert camera.mode == Mode((320, 240), 15.0, "YUYV")
        assert camera.fps == 15.0

    @pytest.mark.parametrize("stated", [float("nan"), -1.0, 0.0, float("inf")])
    def test_a_rate_that_is_none_counts_as_unknown(self, usb_device: FakeUsbDevice, stated: float) -> None:
        usb_device.stated[cv2.CAP_PROP_FPS] = stated
        assert opened(usb_device).fps == 0.0

    def test_a_format_without_letters_is_unknown(self, usb_device: FakeUsbDevice) -> None:
        usb_device.stated[cv2.CAP_PROP_FOURCC] = -1.0
        mode = opened(usb_device).mode
        assert mode is not None
        assert mode.pixel_format in ("unknown", "ÿÿÿÿ")

    def test_a_number_means_the_device_of_that_number(self) -> None:
        assert UsbCamera(3).name == "Camera /dev/video3"

    def test_a_picture_that_starts_dark_is_given_time(self, usb_device: FakeUsbDevice) -> None:
        usb_device.black_pictures = 4
        frame = opened(usb_device).read()
        assert frame is not None
        assert frame.image is not None
        assert frame.image.max() > 12
        assert frame.number == 0


class TestRefusals:
    def test_a_missing_camera_says_so_and_names_what_is_there(self, usb_device: FakeUsbDevice) -> None:
        usb_device.unplug()
        message = refusal(UsbCamera(str(usb_device.node)))
        assert str(usb_device.node) in message
        assert "is missing: plug it in" in message
        assert "video device" in message.lower()
        assert usb_device.opened == []

    def test_a_busy_camera_says_to_close_the_other_program(self, usb_device: FakeUsbDevice) -> None:
        usb_device.busy = True
        message = refusal(UsbCamera(str(usb_device.node)))
        assert "another program is using it" in message
        assert usb_device.released == 1

    def test_a_silent_camera_is_refused_and_let_go(self, usb_device: FakeUsbDevice) -> None:
        usb_device.silent = True
        assert "sends no picture" in refusal(UsbCamera(str(usb_device.node)))
        assert usb_device.released == 1

    def test_a_closed_shutter_is_told_from_a_broken_camera(self, usb_device: FakeUsbDevice) -> None:
        usb_device.black_pictures = 10**6
        assert "shutter" in refusal(UsbCamera(str(usb_device.node)))

    def test_a_file_is_no_camera(self, tmp_path: Path) -> None:
        (tmp_path / "notes.txt").write_text("hello")
        assert "is not a camera" in refusal(UsbCamera(str(tmp_path / "notes.txt")))

    def test_another_kind_of_device_is_no_camera(self) -> None:
        assert "/dev/null is not a camera" in refusal(UsbCamera("/dev/null"))

    def test_a_forbidden_camera_names_the_group_that_may(
        self, usb_device: FakeUsbDevice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "access", lambda path, mode: False)
        assert "group video" in refusal(UsbCamera(str(usb_device.node)))

    def test_devices_that_are_there_are_listed(
        self, usb_device: FakeUsbDevice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        usb_device.unplug()
        found = [Path("/dev/video1"), Path("/dev/video0")]
        monkeypatch.setattr(Path, "glob", lambda self, pattern: iter(found))
        message = refusal(UsbCamera(str(usb_device.node)))
        assert message.endswith("Video devices here: /dev/video0, /dev/video1.")


class TestReading:
    def test_frames_are_stamped_when_they_come(self, usb_device: FakeUsbDevice) -> None:
        times_s = iter([10.0, 10.5, 11.0])
        camera = UsbCamera(str(usb_device.node), clock=lambda: next(times_s))
        camera.open()
        frames = [camera.read() for _ in range(3)]
        assert [(f.number, f.t_s) for f in frames if f] == [(0, 10.0), (1, 10.5), (2, 11.0)]

    def test_one_broken_picture_is_not_a_lost_camera(self, usb_device: FakeUsbDevice) -> None:
        camera = opened(usb_device)
        camera.read()
        usb_device.broken_reads = 2
        assert camera.read() is not None

    def test_three_broken_pictures_in_a_row_are_a_lost_camera(self, usb_device: FakeUsbDevice) -> None:
        camera = opened(usb_device)
        camera.read()
        usb_device.broken_reads = 3
        with pytest.raises(SourceError, match="stopped sending pictures"):
            camera.read()

    def test_an_unplugged_camera_is_lost_at_the_first_failed_read(self, usb_device: FakeUsbDevice) -> None:
        camera = opened(usb_device)
        camera.read()
        usb_device.unplug()
        before = usb_device.reads
        with pytest.raises(SourceError, match="check that it is plugged in"):
            camera.read()
        assert usb_device.reads == before + 1

    def test_closing_lets_go_of_the_device(self, usb_device: FakeUsbDevice) -> None:
        camera = opened(usb_device)
        camera.close()
        camera.close()
        assert usb_device.released == 1


class TestNumberedCamera:
    def test_it_is_found_again_by_its_lasting_name_when_its_number_has_changed(
        self, usb_device: FakeUsbDevice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lasting = tmp_path / "by-id"
        monkeypatch.setattr("kiosk.vision.v4l2.stable_name", lambda _path, **_: lasting)
        lasting.symlink_to("/dev/null")
        camera = opened(usb_device)
        assert camera.path == usb_device.node
        usb_device.node.unlink()
        monkeypatch.setattr(usb_device, "node", lasting)
        camera.open()
        assert camera.path == lasting
        assert camera.read() is not None

    def test_without_a_lasting_name_it_stays_where_it_was(self, usb_device: FakeUsbDevice) -> None:
        camera = opened(usb_device)
        camera.open()
        assert camera.path == usb_device.node
