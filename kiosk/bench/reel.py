"""Frames that are already decoded, played to and fro: as fast as they are taken, or at their own pace."""

from __future__ import annotations

import contextlib
import importlib.resources
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from kiosk.errors import SourceError
from kiosk.vision.camera import Frame
from kiosk.vision.sources import open_source

#: The recording that is taken when none is named, and at most so many frames of it (0.9 MB each at 640 x 480).
CLIP = "overhead_squat_front.mp4"
MOST_FRAMES = 300
_USUAL_FPS = 30.0


@contextlib.contextmanager
def recording(named: str | None) -> Iterator[str]:
    """Yield the file to use: the one that was named, else the recording in the package."""
    if named is not None:
        yield named
        return
    with importlib.resources.as_file(importlib.resources.files("kiosk.demo") / CLIP) as path:
        yield str(Path(path))


def decoded(spec: str, most: int = MOST_FRAMES) -> list[Frame]:
    """Return the first frames of a video, decoded. Raises SourceError where ``spec`` is no video."""
    source = open_source(spec)
    if source.live:
        raise SourceError(f"{spec} is a camera: speed is measured on a video.")
    source.open()
    frames: list[Frame] = []
    with contextlib.closing(source):
        while len(frames) < most and (frame := source.read()) is not None:
            frames.append(frame)
    if not frames or frames[0].image is None:
        raise SourceError(f"{spec} holds no pictures: speed is measured on a video.")
    return frames


class Reel:
    """Decoded frames without end, played forward, backward and so on: numbers and times go on.

    Where a recording begins anew the person would leap, which nobody in front of a camera does; the tracker rightly
    doubts its eyes then and looks twice.
    """

    def __init__(self, frames: Sequence[Frame]) -> None:
        self._frames = frames
        lasts_s = frames[-1].t_s - frames[0].t_s
        self.period_s = lasts_s / (len(frames) - 1) if lasts_s > 0 else 1 / _USUAL_FPS
        self._number = 0

    def take(self) -> Frame:
        """Return the next frame."""
        turn, place = divmod(self._number, len(self._frames))
        last = len(self._frames) - 1
        frame = self._frames[last - place if turn % 2 else place]
        since_s = self._frames[last].t_s - frame.t_s if turn % 2 else frame.t_s - self._frames[0].t_s
        self._number += 1
        return replace(frame, number=self._number - 1, t_s=since_s + turn * len(self._frames) * self.period_s)


class ReelCamera:
    """A reel as a live camera: so many frames, each when it is due. ``came_s`` says when each came, by its time."""

    live = True
    frame_count = None
    name = "decoded frames"

    def __init__(
        self,
        reel: Reel,
        frames: int,
        clock: Callable[[], float] = time.perf_counter,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._reel, self._left = reel, frames
        self._clock, self._sleep = clock, sleep
        self._start_s = 0.0
        self.fps = 1 / reel.period_s
        self.came_s: dict[float, float] = {}

    def open(self) -> None:
        """Begin to count time."""
        self._start_s = self._clock()

    def read(self) -> Frame | None:
        """Return the next frame when its time has come; None after the last one."""
        if self._left == 0:
            return None
        self._left -= 1
        frame = self._reel.take()
        ahead_s = self._start_s + frame.t_s - self._clock()
        if ahead_s > 0:
            self._sleep(ahead_s)
        self.came_s[round(frame.t_s, 3)] = self._clock()
        return frame

    def close(self) -> None:
        """There is nothing to let go of."""
