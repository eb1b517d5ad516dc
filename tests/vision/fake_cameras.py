"""Cameras under a test's control: one that does as it is told, and a USB device below OpenCV."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from kiosk.errors import SourceError
from kiosk.vision.camera import Frame, Image

from .recordings import picture

#: What a test waits at most for something that has to happen; it is never waited out when all is well.
PATIENCE_S = 20.0


def until(reached: Callable[[], bool]) -> None:
    """Return once another thread has made it true."""
    pause = threading.Event()
    for _ in range(int(PATIENCE_S / 0.005)):
        if reached():
            return
        pause.wait(0.005)
    raise AssertionError("it never happened")


def frame(number: int, t_s: float) -> Frame:
    return Frame(number, t_s, (64, 48), picture(0), None)


class TestedCamera:
    """A camera that gives what the test puts in, and until then blocks in `read` like a driver."""

    __test__ = False

    def __init__(self, *, live: bool = True) -> None:
        self.name = "Camera of the test"
        self.live = live
        self.fps = 10.0
        self.frame_count: int | None = None
        self.opened = 0
        self.closed = 0
        self.reads = 0
        #: Called at each opening; raises to refuse.
        self.at_open: Callable[[], None] = lambda: None
        self._items: deque[Frame | BaseException | None] = deque()
        self._change = threading.Condition()
        self._blocked = False

    def put(self, *items: Frame | BaseException | None) -> None:
        """Let the next reads return these, or raise them."""
        with self._change:
            self._items.extend(items)
            self._change.notify_all()

    def settle(self) -> None:
        """Return once everything put in has been read and handed on."""
        with self._change:
            assert self._change.wait_for(lambda: self._blocked and not self._items, PATIENCE_S)

    def open(self) -> None:
        self.opened += 1
        self.at_open()

    def read(self) -> Frame | None:
        with self._change:
            self._blocked = True
            self._change.notify_all()
            assert self._change.wait_for(lambda: self._items, PATIENCE_S)
            self._blocked = False
            item = self._items.popleft()
            self.reads += 1
        if isinstance(item, BaseException):
            raise item
        return item

    def close(self) -> None:
        self.closed += 1


def lost() -> SourceError:
    return SourceError("The camera of the test is away.")


class FakeUsbDevice:
    """A USB camera as OpenCV shows it: it can be unplugged, busy, silent, black, slow, and come back.

    Its node is a link to /dev/null, which is a character device as a camera's is. `capture` stands in for
    ``cv2.VideoCapture``.
    """

    def __init__(self, node: Path) -> None:
        self.node = node
        self.busy = False
        self.silent = False
        self.black_pictures = 0
        self.broken_reads = 0
        self.pictures = 10**6
        self.size_px = (64, 48)
        self.stated = {cv2.CAP_PROP_FPS: 30.0, cv2.CAP_PROP_FOURCC: float(cv2.VideoWriter.fourcc(*"MJPG"))}
        self.asked: list[tuple[int, float]] = []
        self.opened: list[tuple[str, int]] = []
        self.reads = 0
        self.released = 0
        self.change = threading.Condition()
        self.plug()

    def plug(self) -> None:
        self.node.symlink_to("/dev/null")

    def unplug(self) -> None:
        """Take the device away; a read that is under way fails."""
        with self.change:
            self.node.unlink()
            self.change.notify_all()

    def give(self, pictures: int) -> None:
        """Let so many more pictures come."""
        with self.change:
            self.pictures += pictures
            self.change.notify_all()

    def wait_for_silence(self) -> None:
        """Return once every picture has been read."""
        with self.change:
            assert self.change.wait_for(lambda: self.pictures == 0, PATIENCE_S)

    def capture(self, name: str, backend: int) -> FakeCapture:
        self.opened.append((name, backend))
        return FakeCapture(self)


class FakeCapture:
    """What OpenCV gives for one opening of a `FakeUsbDevice`."""

    def __init__(self, device: FakeUsbDevice) -> None:
        self._device = device
        self._open = device.node.exists() and not device.busy

    def isOpened(self) -> bool:
        return self._open

    def set(self, setting: int, value: float) -> bool:
        self._device.asked.append((setting, value))
        return True

    def get(self, setting: int) -> float:
        return self._device.stated.get(setting, 0.0)

    def read(self) -> tuple[bool, Image | None]:
        device = self._device
        with device.change:
            device.reads += 1
            if device.silent:
                return False, None
            assert device.change.wait_for(lambda: device.pictures or not device.node.exists(), PATIENCE_S)
            if not device.node.exists():
                return False, None
            if device.broken_reads:
                device.broken_reads -= 1
                return False, None
            device.pictures -= 1
            device.change.notify_all()
            if device.black_pictures:
                device.black_pictures -= 1
                return True, np.zeros((device.size_px[1], device.size_px[0], 3), np.uint8)
            return True, picture(1, device.size_px)

    def release(self) -> None:
        self._open = False
        self._device.released += 1
