"""Every back end keeps the one contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.vision.auto import AutoCamera
from kiosk.vision.camera import Camera
from kiosk.vision.csi import CsiCamera
from kiosk.vision.devices import Cameras, VideoDevice
from kiosk.vision.keypoint_file import KeypointSource, write_keypoints
from kiosk.vision.prefetch import Prefetched
from kiosk.vision.sources import VideoFile
from kiosk.vision.v4l2 import UsbCamera

from .camera_contract import CameraContract
from .fake_cameras import FakeUsbDevice
from .fake_libcamera import FakeBoard
from .recordings import some_track, write_gif, write_video


class TestVideo(CameraContract):
    holds = 8

    @pytest.fixture
    def camera(self, tmp_path: Path) -> Camera:
        return VideoFile(write_video(tmp_path / "squat.mp4", 8))


class TestGif(CameraContract):
    holds = 4

    @pytest.fixture
    def camera(self, tmp_path: Path) -> Camera:
        return VideoFile(write_gif(tmp_path / "squat.gif", [0.1, 0.05, 0.2, 0.1]))


class TestKeypoints(CameraContract):
    holds = 6

    @pytest.fixture
    def camera(self, tmp_path: Path) -> Camera:
        write_keypoints(tmp_path / "squat.npz", some_track(6))
        return KeypointSource(tmp_path / "squat.npz")


class TestUsb(CameraContract):
    @pytest.fixture
    def camera(self, usb_device: FakeUsbDevice) -> Camera:
        return UsbCamera(str(usb_device.node))


class TestRibbonCable(CameraContract):
    @pytest.fixture
    def camera(self, monkeypatch: pytest.MonkeyPatch) -> Camera:
        FakeBoard().libraries(monkeypatch)
        return CsiCamera(width=64, height=48)


class TestAuto(CameraContract):
    @pytest.fixture
    def camera(self, usb_device: FakeUsbDevice) -> Camera:
        only = VideoDevice(usb_device.node, usb_device.node, "webcam")
        return AutoCamera(UsbCamera, lambda: Cameras((only,)))


class TestPrefetchedVideo(CameraContract):
    holds = 8

    @pytest.fixture
    def camera(self, tmp_path: Path) -> Camera:
        return Prefetched(VideoFile(write_video(tmp_path / "squat.mp4", 8)), depth=2)
