from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import pytest

from .fake_cameras import FakeUsbDevice

#: The kernel's number for the family of /dev/null, which stands in for a camera's node.
NULL_FAMILY = 1


@pytest.fixture(autouse=True)
def no_thread_is_left_behind() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = [thread.name for thread in threading.enumerate() if thread not in before]
    assert left == []


@pytest.fixture
def usb_device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeUsbDevice:
    device = FakeUsbDevice(tmp_path / "usb-camera")
    monkeypatch.setattr("kiosk.vision.v4l2._VIDEO_FAMILY", NULL_FAMILY)
    monkeypatch.setattr(cv2, "VideoCapture", device.capture)
    return device
