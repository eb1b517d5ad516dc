"""Video files, and the choice of a source by what a user typed."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import cv2
import numpy as np

from kiosk.errors import SourceError
from kiosk.vision.auto import AutoCamera
from kiosk.vision.camera import Camera, Frame, Image, not_open
from kiosk.vision.csi import CsiCamera
from kiosk.vision.exposure import Exposure
from kiosk.vision.files import check_readable
from kiosk.vision.keypoint_file import KeypointSource
from kiosk.vision.v4l2 import UsbCamera

#: Rates outside these are a container's clock tick (1000 in many WebM files) or nonsense, not a frame rate.
_SLOWEST_FPS, _FASTEST_FPS = 0.5, 480.0
#: The rate that is assumed where a file gives neither times nor a believable rate.
_USUAL_FPS = 30.0
#: A longer silence between two frames is a broken time stamp.
_LONGEST_GAP_S = 600.0


class VideoFile:
    """A recording in any format that OpenCV reads, GIF included; turned upright as its metadata says.

    Times are the file's own, counted from its first frame; where they are missing, nonsense or do not rise, a
    frame comes one frame's duration after the one before. A file cut off in the middle gives what it has.
    """

    live = False

    def __init__(self, path: Path) -> None:
        self._path = path
        self._capture: cv2.VideoCapture | None = None
        self._first: Image | None = None
        self._number = 0
        self._start_s: float | None = None
        self._t_s = 0.0
        self.name = path.name
        self.fps = 0.0
        self.frame_count: int | None = None

    def open(self) -> None:
        """Open the file and decode its first frame.

        Raises SourceError if it is missing, a folder, unreadable, empty, no video, or cut off before its
        first frame.
        """
        self.close()
        check_readable(self._path, "a video")
        # No other backend: some take "clip01.mp4" for one of a numbered series of pictures.
        capture = cv2.VideoCapture(str(self._path.absolute()), cv2.CAP_FFMPEG)
        first = _decoded(capture)
        if first is None:
            opened = capture.isOpened()
            capture.release()
            fault = (
                "is cut off before its first frame" if opened else "is not a video that can be read, or it was cut off"
            )
            raise SourceError(f"{self._path} {fault}: record or copy it again, or name another file.")
        self._capture, self._first, self._number = capture, first, 0
        self._start_s, self._t_s = None, 0.0
        self.fps = _believable(capture.get(cv2.CAP_PROP_FPS), _SLOWEST_FPS, _FASTEST_FPS) or 0.0
        count = _believable(capture.get(cv2.CAP_PROP_FRAME_COUNT), 1, 1e9)
        self.frame_count = None if count is None else int(count)

    def read(self) -> Frame | None:
        """Return the next frame, None at the end. Raises SourceError if the file is not open."""
        capture = self._capture
        if capture is None:
            raise not_open(self.name)
        image, self._first = self._first, None
        if image is None:
            image = _decoded(capture)
        if image is None:
            return None
        self._t_s = self._time(capture)
        frame = Frame(self._number, self._t_s, (image.shape[1], image.shape[0]), image, None)
        self._number += 1
        return frame

    def close(self) -> None:
        """Let go of the file; harmless when it is not open."""
        capture, self._capture = self._capture, None
        self._first = None
        if capture is not None:
            capture.release()

    def _time(self, capture: cv2.VideoCapture) -> float:
        """Return the seconds of the frame just read since the first one, always later than the last."""
        stamp_s = float(capture.get(cv2.CAP_PROP_POS_MSEC)) / 1000
        if self._number == 0:
            self._start_s = stamp_s if math.isfinite(stamp_s) and abs(stamp_s) < 1e9 else None
            return 0.0
        if self._start_s is not None:
            t_s = stamp_s - self._start_s
            if self._t_s < t_s <= self._t_s + _LONGEST_GAP_S:
                return t_s
        return self._t_s + 1 / (self.fps or _USUAL_FPS)


def _decoded(capture: cv2.VideoCapture) -> Image | None:
    came, image = capture.read()
    return np.asarray(image, np.uint8) if came and image is not None and image.size else None


def _believable(value: float, least: float, most: float) -> float | None:
    return float(value) if math.isfinite(value) and least <= value <= most else None


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a live camera: picture size in pixels, frames per second, exposure, and focus in metres."""

    width: int
    height: int
    fps: float
    exposure: Exposure
    focus_m: float


def _auto(_spec: str, wish: Wish) -> Camera:
    return AutoCamera(lambda source: _camera(source, wish))


def _usb(spec: str, wish: Wish) -> Camera:
    device = int(spec) if spec.isdecimal() else spec
    return UsbCamera(device, width=wish.width, height=wish.height, fps=wish.fps, exposure=wish.exposure)


def _csi(spec: str, wish: Wish) -> Camera:
    number = int(spec.removeprefix("csi").removeprefix(":") or 0)
    return CsiCamera(
        number, width=wish.width, height=wish.height, fps=wish.fps, exposure=wish.exposure, focus_m=wish.focus_m
    )


#: Who opens a live camera, by the pattern of its whole name.
CAMERA_OPENERS: Mapping[re.Pattern[str], Callable[[str, Wish], Camera]] = MappingProxyType(
    {
        re.compile(r"auto"): _auto,
        re.compile(r"[0-9]{1,3}", re.ASCII): _usb,
        re.compile(r"/dev/(?!shm/).+"): _usb,
        re.compile(r"csi(:?[0-9]+)?"): _csi,
    }
)


def _camera(spec: str, wish: Wish) -> Camera:
    """Return the live camera of a name that `CAMERA_OPENERS` knows."""
    return next(opener(spec, wish) for pattern, opener in CAMERA_OPENERS.items() if pattern.fullmatch(spec))


def open_source(
    spec: str,
    *,
    width: int = 1280,
    height: int = 720,
    fps: float = 30.0,
    mains_hz: int = 50,
    exposure: str | float = "auto",
    focus_m: float = 3.0,
) -> Camera:
    """Return the camera or recording that ``spec`` names, not opened yet.

    ``spec`` is "auto" (the only camera that there is), a camera's number ("0") or path ("/dev/video0",
    "/dev/v4l/by-id/..."), "csi" for a ribbon-cable camera, a keypoint file (.npz), or a video file. The others are
    asked of a live camera only: width and height (px), fps, the mains' frequency and the exposure (`Exposure`), and
    the distance in metres to focus at. Raises SourceError when it is none of these; what is wrong with the source
    itself shows when it is opened.
    """
    if any(pattern.fullmatch(spec) for pattern in CAMERA_OPENERS):
        return _camera(spec, Wish(width, height, fps, Exposure(mains_hz, exposure), focus_m))
    if "://" in spec:
        raise SourceError(f"{spec} is a network address, and only cameras and files of this machine are read.")
    if not spec.strip() or "\0" in spec:
        raise SourceError("No source is named: give a camera (0, /dev/video0), a video file or a keypoint file.")
    path = Path(spec)
    if path.suffix.lower() == ".npz":
        return KeypointSource(path)
    try:
        path.stat()
    except OSError as error:
        raise SourceError(
            f"{spec} is neither a camera (0, /dev/video0) nor a file that can be found ({error.strerror}): "
            "check the name."
        ) from error
    return VideoFile(path)


def refused_by(camera: Camera) -> tuple[str, ...]:
    """Return the names of what a camera was asked for and does not have, once it was open: nothing for a recording."""
    live = camera.camera if isinstance(camera, AutoCamera) else camera
    return live.refused if isinstance(live, UsbCamera | CsiCamera) else ()
