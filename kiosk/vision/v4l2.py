"""USB cameras: Video4Linux devices, read through OpenCV."""

from __future__ import annotations

import contextlib
import math
import os
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from kiosk.errors import SourceError
from kiosk.vision.camera import Frame, Image, not_open
from kiosk.vision.devices import stable_name
from kiosk.vision.exposure import ALONE, JPEG, Exposure, best_format, expose
from kiosk.vision.v4l2_kernel import SYSTEM, Kernel, opened

#: The kernel's number for the family of video devices (Documentation/admin-guide/devices.txt).
_VIDEO_FAMILY = 81
#: One failed read may be a broken picture; so many in a row are a lost camera.
_FAILED_READS = 3
#: Pictures that a camera gets at the start to adjust to the light, and the brightest value of a black one.
_DARK_READS = 10
_BLACK = 12


@dataclass(frozen=True, slots=True)
class Mode:
    """What a camera really delivers: (width, height), frames per second (0 unknown), format ("MJPG")."""

    size_px: tuple[int, int]
    fps: float
    pixel_format: str


class UsbCamera:
    """A USB camera by number (0) or path ("/dev/video0", "/dev/v4l/by-id/...").

    ``width``, ``height`` and ``fps`` are asked for, in the format that `best_format` chooses; ``mode`` tells after
    `open` what the camera made of it, ``refused`` which of its controls for ``exposure`` it does not have. Frames are
    stamped with ``clock``, monotonic seconds, when they arrive.

    A path below /dev/v4l/by-id stays the same when the camera is plugged into another port. The path is
    followed anew at each `open`, so the camera is found again under the number that it comes back with. A camera that
    was named by its number is looked for by its lasting name once it was open: numbers change when it comes back.
    """

    live = True
    frame_count: int | None = None

    def __init__(
        self,
        device: int | str,
        *,
        width: int = 1280,
        height: int = 720,
        fps: float = 30.0,
        exposure: Exposure = ALONE,
        clock: Callable[[], float] = time.monotonic,
        kernel: Kernel = SYSTEM,
    ) -> None:
        self._named = self._path = Path(f"/dev/video{device}" if isinstance(device, int) else device)
        self._lasting: Path | None = None
        self._asked = Mode((width, height), fps, JPEG)
        self._exposure = exposure
        self._clock = clock
        self._kernel = kernel
        self._capture: cv2.VideoCapture | None = None
        self._first: Image | None = None
        self._number = 0
        self.name = f"Camera {self._path}"
        self.mode: Mode | None = None
        self.refused: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        """The name by which the camera is opened just now."""
        return self._path

    @property
    def fps(self) -> float:
        """Frames per second as the open camera states them, 0 if it does not say."""
        return self.mode.fps if self.mode else 0.0

    def open(self) -> None:
        """Open the camera and look at its first picture.

        Raises SourceError if it is missing, forbidden, no camera, in use elsewhere, gives no picture, or a
        black one (a closed shutter).
        """
        self.close()
        self._path = self._lasting if self._lasting is not None and self._lasting.exists() else self._named
        self._check_device()
        with contextlib.ExitStack() as on_failure:
            capture = cv2.VideoCapture(str(self._path.resolve()), cv2.CAP_V4L2)
            on_failure.callback(capture.release)
            if not capture.isOpened():
                raise SourceError(
                    f"{self.name} cannot be opened: another program is using it (close that), or it is not "
                    f"the picture channel of the camera. {_others()}"
                )
            self._ask(capture)
            self._first = self._first_picture(capture)
            on_failure.pop_all()
        self._capture = capture
        height, width = self._first.shape[:2]
        self.mode = Mode((width, height), _stated_fps(capture), _pixel_format(capture))
        if self._lasting is None:
            self._lasting = stable_name(self._path, kernel=self._kernel)

    def read(self) -> Frame | None:
        """Return the next frame as it comes. Raises SourceError when the camera was lost, or is not open."""
        capture = self._capture
        if capture is None:
            raise not_open(self.name)
        image, self._first = self._first, None
        for _ in range(_FAILED_READS):
            if image is not None:
                break
            image = _picture(capture)
            if image is None and not self._path.exists():
                break
        if image is None:
            raise SourceError(f"{self.name} stopped sending pictures: check that it is plugged in.")
        frame = Frame(self._number, self._clock(), (image.shape[1], image.shape[0]), image, None)
        self._number += 1
        return frame

    def close(self) -> None:
        """Let go of the camera; harmless when it is not open."""
        capture, self._capture = self._capture, None
        self._first = None
        if capture is not None:
            capture.release()

    def _check_device(self) -> None:
        try:
            found = self._path.stat()
        except OSError:
            raise SourceError(f"{self.name} is missing: plug it in. {_others()}") from None
        if not stat.S_ISCHR(found.st_mode) or os.major(found.st_rdev) != _VIDEO_FAMILY:
            raise SourceError(f"{self._path} is not a camera. {_others()}")
        if not os.access(self._path, os.R_OK | os.W_OK):
            raise SourceError(f"{self.name} may not be opened by this user: add the user to the group video.")

    def _ask(self, capture: cv2.VideoCapture) -> None:
        # The format goes first: with raw video many cameras refuse the size that follows.
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*self._set_up()))
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, self._asked.size_px[0])
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, self._asked.size_px[1])
        capture.set(cv2.CAP_PROP_FPS, self._asked.fps)
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)

    def _set_up(self) -> str:
        """Set the camera's exposure and return the pixel format to ask it for."""
        try:
            with opened(self._path, self._kernel) as node:
                self.refused = expose(node, self._exposure)
                return best_format(node.formats(), self._asked.size_px, self._asked.fps)
        except OSError:
            # It went away meanwhile: the first picture tells.
            return self._asked.pixel_format

    def _first_picture(self, capture: cv2.VideoCapture) -> Image:
        pictures = 0
        for _ in range(_DARK_READS):
            image = _picture(capture)
            if image is None:
                if pictures == 0:
                    break
                continue
            pictures += 1
            # Every eighth pixel is enough to find light.
            if np.max(image[::8, ::8]) > _BLACK:
                return image
        if pictures:
            raise SourceError(f"{self.name} sends only black pictures: open its shutter, or switch a light on.")
        raise SourceError(f"{self.name} sends no picture: close other programs that use it, or plug it in anew.")


def _picture(capture: cv2.VideoCapture) -> Image | None:
    """Return (h, w, 3) or None when the read failed or gave something that is not a colour picture."""
    came, image = capture.read()
    if not came or image is None or image.ndim != 3 or image.shape[2] != 3 or not image.size:
        return None
    return np.asarray(image, np.uint8)


def _stated_fps(capture: cv2.VideoCapture) -> float:
    fps = float(capture.get(cv2.CAP_PROP_FPS))
    return fps if math.isfinite(fps) and fps > 0 else 0.0


def _pixel_format(capture: cv2.VideoCapture) -> str:
    code = int(capture.get(cv2.CAP_PROP_FOURCC))
    letters = "".join(chr(code >> shift & 0xFF) for shift in (0, 8, 16, 24))
    return letters if letters.isprintable() else "unknown"


def _others() -> str:
    """Say which video devices there are."""
    found = sorted(str(path) for path in Path("/dev").glob("video[0-9]*"))
    return f"Video devices here: {', '.join(found)}." if found else "No video device is connected to this machine."
