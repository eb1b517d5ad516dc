"""picamera2 and libcamera as a Raspberry Pi has them, as far as a camera is read through them.

What is strict there is strict here: a camera opens once, wants to be configured before it starts, knows its own
controls and no others, and gives its buffers back only when a request is released.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from kiosk.vision.camera import Image

from .recordings import picture


class AeFlickerModeEnum(enum.IntEnum):
    Off, Manual, Auto = range(3)


class AeExposureModeEnum(enum.IntEnum):
    Normal, Short, Long, Custom = range(4)


class AfModeEnum(enum.IntEnum):
    Manual, Auto, Continuous = range(3)


CONTROLS = SimpleNamespace(
    AeFlickerModeEnum=AeFlickerModeEnum, AeExposureModeEnum=AeExposureModeEnum, AfModeEnum=AfModeEnum
)
WIDE = {"Model": "imx708_wide", "Location": 2, "Rotation": 180, "Id": "/base/soc/i2c0mux/i2c@1/imx708@1a", "Num": 0}
WEBCAM = {"Model": "C920", "Location": 2, "Id": "/base/scb/pcie@7d500000/pci@0,0/usb@0,0-1.3:1.0-046d:082d", "Num": 1}
KNOWN = (
    *("FrameDurationLimits", "AeFlickerMode", "AeFlickerPeriod", "AeExposureMode", "ExposureTime"),
    *("AfMode", "LensPosition"),
)
BUFFERS = 6


class FakeBoard:
    """The board with its cameras: they can be missing, busy, pulled off, slow to answer, or of few controls."""

    def __init__(self) -> None:
        self.cameras: list[dict[str, Any]] = [WIDE]
        self.busy = False
        self.silent = False
        self.pulled = False
        self.known: tuple[str, ...] = KNOWN
        self.at: int | None = None
        self.asked: dict[str, Any] = {}
        self.is_open = False
        self.opened = 0
        self.free = BUFFERS
        self.pictures = 0

    def libraries(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let ``import picamera2`` find this board."""
        board = self

        class Picamera2(FakePicamera2):
            def __init__(self, camera_num: int = 0) -> None:
                super().__init__(board, camera_num)

            @staticmethod
            def global_camera_info() -> list[dict[str, Any]]:
                return board.cameras

        modules = {"picamera2": SimpleNamespace(Picamera2=Picamera2), "libcamera": SimpleNamespace(controls=CONTROLS)}
        for name, module in modules.items():
            monkeypatch.setitem(__import__("sys").modules, name, module)


class FakeJob:
    def __init__(self, request: FakeRequest | None) -> None:
        self.request = request


class FakePicamera2:
    def __init__(self, board: FakeBoard, number: int) -> None:
        if board.busy or board.is_open:
            raise RuntimeError("Camera __init__ sequence did not complete.")
        board.cameras[number]
        board.is_open, board.at, board.opened = True, number, board.opened + 1
        self._board = board
        self._state = "open"

    @property
    def camera_controls(self) -> dict[str, tuple[int, int, int]]:
        return dict.fromkeys(self._board.known, (0, 1, 0))

    def create_video_configuration(
        self, main: dict[str, Any], controls: dict[str, Any], sensor: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        unknown = set(controls) - set(self._board.known)
        if unknown:
            raise RuntimeError(f"Control {min(unknown)} is not advertised by libcamera")
        return {"main": main, "controls": controls, "sensor": sensor}

    def configure(self, asked: dict[str, Any]) -> None:
        if any(length % 2 for length in asked["main"]["size"]):
            raise RuntimeError("width and height should be even")
        self._board.asked, self._state = asked, "configured"

    def start(self) -> None:
        assert self._state == "configured"
        self._state = "started"

    def capture_request(self, wait: bool, signal_function: Callable[[FakeJob], None]) -> FakeJob:
        assert self._state == "started"
        assert wait is False
        board = self._board
        if board.pulled:
            raise RuntimeError("Camera frontend has timed out")
        if board.silent:
            return FakeJob(None)
        assert board.free > 0, "every buffer is held: a request was not released"
        board.free -= 1
        board.pictures += 1
        job = FakeJob(FakeRequest(board))
        signal_function(job)
        return job

    def wait(self, job: FakeJob) -> FakeRequest:
        assert job.request is not None, "this would block for ever"
        return job.request

    def close(self) -> None:
        if self._state != "closed":
            self._state, self._board.is_open, self._board.free = "closed", False, BUFFERS


class FakeRequest:
    def __init__(self, board: FakeBoard) -> None:
        self._board = board

    def make_array(self, stream: str) -> Image:
        main = self._board.asked[stream]
        assert main["format"] == "RGB888"
        return np.array(picture(1, main["size"]))

    def release(self) -> None:
        self._board.free += 1
