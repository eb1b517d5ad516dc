"""Ribbon-cable (CSI) cameras of a Raspberry Pi: libcamera, through picamera2.

picamera2 comes with Raspberry Pi OS and is imported only when such a camera is opened: it drags in libcamera, which
no other machine has.
"""

from __future__ import annotations

import contextlib
import importlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from kiosk.errors import SourceError
from kiosk.vision.camera import Frame, Image, not_open
from kiosk.vision.exposure import ALONE, SHARP, Exposure

#: How long a frame may be late. libcamera itself says "frontend has timed out" after one second.
LATE_S = 3.0
#: Sensors whose modes of full view are known: width, height and bits. Left to itself libcamera takes the smallest mode
#: that covers the size asked for, and on some sensors that one is cut out of the middle.
FULL_VIEW: Mapping[str, tuple[tuple[int, int], int]] = {
    "imx708": ((2304, 1296), 10),
    "imx219": ((1640, 1232), 10),
    "imx477": ((2028, 1520), 12),
    "ov5647": ((1296, 972), 10),
}
#: Horizontal angle from edge to edge of a 16:9 picture of the whole width, in degrees (makers' data).
LENS_DEG: Mapping[str, float] = {"imx708_wide": 102.0, "imx708": 66.0, "imx219": 62.2, "ov5647": 53.5}
_INSTALL = "install it with: apt install python3-picamera2, and make the virtual environment see it"


class CsiCamera:
    """A camera on the ribbon cable, by its number among these (0 is the first).

    ``width``, ``height`` (px) and ``fps`` are asked for; the picture always shows the sensor's whole width. Frames
    are stamped with ``clock``, monotonic seconds, when they arrive.

    ``focus_m``: a lens that moves is set to this distance in metres and left there, because a focus that follows
    whoever walks in hunts in the middle of a scan, and at 3 m all from 1.5 m on is sharp enough for the model; 0 lets
    it follow all the same.
    """

    live = True
    frame_count: int | None = None

    def __init__(
        self,
        number: int = 0,
        *,
        width: int = 1280,
        height: int = 720,
        fps: float = 30.0,
        exposure: Exposure = ALONE,
        focus_m: float = 3.0,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[threading.Event], bool] = lambda came: came.wait(LATE_S),
    ) -> None:
        # libcamera takes even sizes only.
        self._size = (width // 2 * 2, height // 2 * 2)
        self._asked_fps = fps
        self._exposure = exposure
        self._focus_m = focus_m
        self._number_asked = number
        self._clock = clock
        self._wait = wait
        self._device: Any = None
        self._number = 0
        self.fps = 0.0
        self.model: str | None = None
        self.refused: tuple[str, ...] = ()
        self.name = f"Ribbon-cable camera csi:{number}"

    @property
    def lens_deg(self) -> float | None:
        """The horizontal angle of view in degrees, once open; None for a lens that is not known."""
        found: float | None = _of_model(LENS_DEG, self.model)
        return found

    def open(self) -> None:
        """Open the camera and start it. Raises SourceError without picamera2, without this camera, or if it is busy."""
        self.close()
        library, controls = self._libraries()
        self.model = self._model_of(library)
        with contextlib.ExitStack() as on_failure:
            with self._told("cannot be opened: another program is using it (close that), or its cable is loose"):
                device = library.Picamera2(self._place)
            on_failure.callback(device.close)
            with self._told("cannot be set up: ask for another size with camera.width and camera.height"):
                device.configure(self._configuration(device, controls))
                device.start()
            on_failure.pop_all()
        self._device = device
        self.fps = self._asked_fps

    def read(self) -> Frame | None:
        """Return the next frame as it comes. Raises SourceError when the camera was lost, or is not open."""
        device = self._device
        if device is None:
            raise not_open(self.name)
        came = threading.Event()
        with self._told("was lost: check its cable, at both ends"):
            # A job of our own instead of a blocking call: only the newest picamera2 can end one after a time.
            job = device.capture_request(wait=False, signal_function=lambda _job: came.set())
            if not self._wait(came):
                raise SourceError(f"{self.name} has stopped sending pictures: check its cable, at both ends.")
            request = device.wait(job)
            try:
                image = _picture(request)
            finally:
                request.release()
        frame = Frame(self._number, self._clock(), (image.shape[1], image.shape[0]), image, None)
        self._number += 1
        return frame

    def close(self) -> None:
        """Let go of the camera; harmless when it is not open."""
        device, self._device = self._device, None
        if device is not None:
            # A camera that was pulled off cannot be closed in order, and is gone anyhow.
            with contextlib.suppress(RuntimeError, OSError):
                device.close()

    def _libraries(self) -> tuple[Any, Any]:
        try:
            return importlib.import_module("picamera2"), importlib.import_module("libcamera").controls
        except ImportError as error:
            raise SourceError(
                f"{self.name} needs picamera2, which cannot be loaded ({error}): {_INSTALL}. Another camera is named "
                "with camera.source."
            ) from error

    def _model_of(self, library: Any) -> str:
        """Return the sensor's name, and remember its place in libcamera's list, which holds USB cameras too."""
        with self._told("cannot be looked for"):
            listed: Sequence[Mapping[str, Any]] = library.Picamera2.global_camera_info()
        own = [(place, info) for place, info in enumerate(listed) if "usb" not in str(info.get("Id", "")).lower()]
        if self._number_asked >= len(own):
            count = f"libcamera knows {len(own)}" if own else "libcamera knows none"
            raise SourceError(
                f"{self.name} is missing, {count}: push its cable in at both ends with the power off, and start anew."
            )
        self._place, info = own[self._number_asked]
        return str(info.get("Model", ""))

    def _configuration(self, device: Any, controls: Any) -> Any:
        # "RGB888" is blue, green, red in memory, which is what OpenCV and the model take: nothing is converted.
        asked: dict[str, Any] = {"main": {"size": self._size, "format": "RGB888"}}
        full = _of_model(FULL_VIEW, self.model)
        if full is not None:
            asked["sensor"] = {"output_size": full[0], "bit_depth": full[1]}
        known = device.camera_controls
        wanted = self._controls(controls)
        self.refused = tuple(name for name in wanted if name not in known)
        return device.create_video_configuration(
            **asked, controls={name: value for name, value in wanted.items() if name in known}
        )

    def _controls(self, controls: Any) -> dict[str, Any]:
        frame_us = round(1e6 / self._asked_fps)
        # Both ends of the range: it also keeps the exposure below the time of one frame.
        wanted: dict[str, Any] = {"FrameDurationLimits": (frame_us, frame_us)}
        exposure_ms = self._exposure.time_ms
        if exposure_ms is None or self._exposure.time == SHARP:
            wanted["AeFlickerMode"] = controls.AeFlickerModeEnum.Manual
            wanted["AeFlickerPeriod"] = round(1e6 / (2 * self._exposure.mains_hz))
        if self._exposure.time == SHARP:
            # The gain still follows the light, which a fixed time would not let it.
            wanted["AeExposureMode"] = controls.AeExposureModeEnum.Short
        elif exposure_ms is not None:
            wanted["ExposureTime"] = round(1000 * exposure_ms)
        if self.model is not None and self.model.startswith("imx708"):
            if self._focus_m > 0:
                wanted["AfMode"] = controls.AfModeEnum.Manual
                wanted["LensPosition"] = 1 / self._focus_m
            else:
                wanted["AfMode"] = controls.AfModeEnum.Continuous
        return wanted

    @contextlib.contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """Turn what picamera2 and libcamera raise in the block into a sentence."""
        try:
            yield
        except (RuntimeError, OSError, IndexError, ValueError) as error:
            says, why = f"{self.name} {what}", str(error).rstrip(".")
            raise SourceError(f"{says} ({why}).") from error


def _of_model(table: Mapping[str, Any], model: str | None) -> Any:
    """Return what is known of a sensor; names such as imx708_wide_noir begin with what they are a kind of."""
    fitting = [name for name in table if model is not None and model.startswith(name)]
    return table[max(fitting, key=len)] if fitting else None


def _picture(request: Any) -> Image:
    # One copy out of the camera's memory, which the camera needs back and which is slow to read twice.
    return np.asarray(request.make_array("main"), np.uint8)
