"""What every camera and every recording offers, and the reader that keeps only the newest frame.

The back ends are `kiosk.vision.v4l2` (USB), `kiosk.vision.sources` (video files) and
`kiosk.vision.keypoint_file`; `kiosk.vision.sources.open_source` chooses between them. The station reads a
camera through `LatestFrames`; a batch run reads every frame, straight or through `kiosk.vision.prefetch`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kiosk.errors import SourceError
from kiosk.movement.pose import Pose

#: A picture, (height, width, 3), blue-green-red, uint8.
Image: TypeAlias = NDArray[np.uint8]

#: Seconds before a lost camera is tried again: the first wait, which doubles up to the last.
FIRST_WAIT_S = 0.5
LAST_WAIT_S = 8.0
#: A live camera that is silent for longer than this is in trouble, even if its driver has not noticed yet.
SILENT_S = 4.0
#: How long `LatestFrames.close` waits for a driver that is stuck in a read.
_JOIN_S = 5.0
#: The least step of time between the last frame before a reconnection and the first one after it.
_LEAST_STEP_S = 0.001


@dataclass(frozen=True, eq=False, slots=True)
class Frame:
    """One frame of a source.

    ``number`` counts the source's frames from 0; ``t_s`` are seconds on the source's own clock (for a camera
    monotonic ones, for a recording since its first frame), never falling; ``size_px`` is (width, height).
    Exactly one of ``image`` and ``pose`` is set: recorded keypoints come with a ready pose and no picture.
    """

    number: int
    t_s: float
    size_px: tuple[int, int]
    image: Image | None
    pose: Pose | None


class Camera(Protocol):
    """A camera or a recording, read frame by frame."""

    @property
    def name(self) -> str:
        """How to call it before a user."""

    @property
    def live(self) -> bool:
        """Whether it goes on for ever and may be lost (a camera), or has an end (a recording)."""

    @property
    def fps(self) -> float:
        """Frames per second as the source states them, once open; 0 where it does not say."""

    @property
    def frame_count(self) -> int | None:
        """Frames in the recording as its header states them, once open; None if unknown, or live."""

    def open(self) -> None:
        """Open it, at the first frame. Raises SourceError if it is missing, busy or of another kind."""

    def read(self) -> Frame | None:
        """Return the next frame, or None at the end of a recording.

        Raises SourceError when a live camera was lost, and when the source is not open.
        """

    def close(self) -> None:
        """Let go of it; harmless when it is not open."""


def not_open(name: str) -> SourceError:
    """Return the error of reading a source that is not open."""
    return SourceError(f"{name} is not open, so there is no frame to read.")


class CarriedError:
    """A block in a thread whose error ends the thread quietly and is raised where its frames are taken."""

    def __init__(self) -> None:
        self.error: BaseException | None = None

    def __enter__(self) -> None:
        self.error = None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self.error = error
        return True


class LatestFrames:
    """The newest frame of a source, captured in a thread of its own.

    A slow consumer loses frames (``dropped`` counts them) and never lags. A live camera that is missing or
    gets lost is tried again after 0.5 s, 1 s, ... 8 s for as long as it takes; ``trouble`` says meanwhile
    what is wrong. A recording is played at its own speed unless ``paced`` is False, and has an end. Any
    other error of the source is raised by `next`; nothing dies silently.

    ``clock`` returns monotonic seconds; ``wait`` pauses the thread for so many seconds. Both are there for
    tests: the usual wait ends early when the reader is closed.
    """

    def __init__(
        self,
        camera: Camera,
        *,
        paced: bool | None = None,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], object] | None = None,
    ) -> None:
        self._camera = camera
        self._paced = not camera.live if paced is None else paced and not camera.live
        self._clock = clock
        self._stop = threading.Event()
        self._wait = wait or self._stop.wait
        self._change = threading.Condition()
        self._carried = CarriedError()
        self._thread: threading.Thread | None = None
        self._newest: Frame | None = None
        self._finished = False
        self._at_end = False
        self._trouble: str | None = None
        self._heard_s = 0.0
        self._connected = False
        self._last: Frame | None = None
        self._shift_s = 0.0
        self._shift_number = 0
        self.dropped = 0

    @property
    def name(self) -> str:
        """How to call the source before a user."""
        return self._camera.name

    @property
    def live(self) -> bool:
        """Whether this is a camera rather than a recording."""
        return self._camera.live

    @property
    def trouble(self) -> str | None:
        """Why no frames come, as a sentence to show; None while all is well."""
        with self._change:
            if self._trouble is not None or not self._camera.live or self._thread is None or self._finished:
                return self._trouble
            silent_s = self._clock() - self._heard_s
        if silent_s <= SILENT_S:
            return None
        return f"{self._camera.name} has sent no picture for {silent_s:.0f} s: check its cable."

    @property
    def ended(self) -> bool:
        """Whether a recording has ended and its last frame has been taken."""
        with self._change:
            return self._at_end and self._newest is None

    def open(self) -> None:
        """Start to capture. A fault of a camera shows in `trouble`, one of a recording in `next`."""
        if self._thread is not None:
            return
        self._stop.clear()
        self._finished = self._at_end = False
        self._trouble = None
        self._heard_s = self._clock()
        self._thread = threading.Thread(target=self._run, name=f"frames of {self.name}", daemon=True)
        self._thread.start()

    def next(self, timeout_s: float) -> Frame | None:
        """Return the newest frame not taken yet, waiting up to ``timeout_s`` seconds for one.

        None when none came, when a recording has ended and after `close`. Raises SourceError for a recording
        that cannot be read, and whatever else broke the source.
        """
        with self._change:
            self._change.wait_for(lambda: self._newest is not None or self._finished, timeout_s)
            frame, self._newest = self._newest, None
        if frame is None and self._finished and self._carried.error is not None:
            raise self._carried.error
        return frame

    def close(self) -> None:
        """Stop, at once even in the middle of a wait; a driver stuck in a read gets a few seconds."""
        self._stop.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            # A read that never returns keeps its (daemon) thread: better than a kiosk that cannot be stopped.
            thread.join(_JOIN_S)
        with self._change:
            self._newest = None

    def __enter__(self) -> LatestFrames:
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self) -> None:
        with self._carried:
            self._capture()
        with self._change:
            self._finished = True
            self._change.notify_all()

    def _capture(self) -> None:
        """Read until the end of a recording or until closed; open a live camera again whenever it is lost."""
        delay_s = FIRST_WAIT_S
        while not self._stop.is_set():
            self._connected = False
            try:
                self._camera.open()
                self._read_on()
                return
            except SourceError as error:
                if not self._camera.live:
                    raise
                with self._change:
                    self._trouble = str(error)
            finally:
                self._camera.close()
            if self._connected:
                delay_s = FIRST_WAIT_S
            self._wait(delay_s)
            delay_s = min(2 * delay_s, LAST_WAIT_S)

    def _read_on(self) -> None:
        start_s: float | None = None
        while not self._stop.is_set():
            frame = self._camera.read()
            if frame is None:
                with self._change:
                    self._at_end = True
                return
            if self._paced:
                start_s = self._clock() - frame.t_s if start_s is None else start_s
                ahead_s = start_s + frame.t_s - self._clock()
                if ahead_s > 0:
                    self._wait(ahead_s)
            self._publish(frame)

    def _publish(self, frame: Frame) -> None:
        if self._camera.live:
            frame = self._continued(frame)
        self._last = frame
        with self._change:
            if self._stop.is_set():
                return
            if self._newest is not None:
                self.dropped += 1
            self._newest = frame
            self._heard_s = self._clock()
            self._trouble = None
            self._change.notify_all()
        self._connected = True

    def _continued(self, frame: Frame) -> Frame:
        """Return the frame with time and number going on where a reconnection had set them back."""
        last = self._last
        if last is not None and not self._connected:
            away_s = max(self._clock() - self._heard_s, _LEAST_STEP_S)
            self._shift_s = max(0.0, last.t_s + away_s - frame.t_s) if frame.t_s <= last.t_s else 0.0
            self._shift_number = last.number + 1 - frame.number if frame.number <= last.number else 0
        if not self._shift_s and not self._shift_number:
            return frame
        t_s = frame.t_s + self._shift_s
        pose = None if frame.pose is None else replace(frame.pose, t_s=t_s)
        return replace(frame, t_s=t_s, number=frame.number + self._shift_number, pose=pose)
