"""Every frame of a recording, decoded ahead in a thread, so that decoding and inference overlap."""

from __future__ import annotations

import threading
from collections import deque

from kiosk.vision.camera import Camera, CarriedError, Frame, not_open


class Prefetched:
    """A source read up to ``depth`` frames ahead; it is itself a `kiosk.vision.camera.Camera`.

    Nothing is dropped: when ``depth`` frames wait to be taken, the thread waits too. An error of the source
    is raised by `read` after the frames before it.
    """

    def __init__(self, camera: Camera, depth: int = 4) -> None:
        if depth < 1:
            raise ValueError("depth must be at least one frame")
        self._camera = camera
        self._depth = depth
        self._change = threading.Condition()
        self._waiting: deque[Frame] = deque()
        self._carried = CarriedError()
        self._thread: threading.Thread | None = None
        self._stopping = False
        self._finished = False

    @property
    def name(self) -> str:
        """How to call the source before a user."""
        return self._camera.name

    @property
    def live(self) -> bool:
        """Whether this is a camera rather than a recording."""
        return self._camera.live

    @property
    def fps(self) -> float:
        """Frames per second as the source states them; 0 where it does not say."""
        return self._camera.fps

    @property
    def frame_count(self) -> int | None:
        """Frames as the source states them; None if unknown."""
        return self._camera.frame_count

    def open(self) -> None:
        """Open the source and begin to read ahead. Raises SourceError as the source does."""
        self.close()
        self._camera.open()
        self._waiting.clear()
        self._stopping = self._finished = False
        self._thread = threading.Thread(target=self._run, name=f"decoding {self.name}", daemon=True)
        self._thread.start()

    def read(self) -> Frame | None:
        """Return the next frame in order, or None at the end. Raises what the source's read raised."""
        if self._thread is None:
            raise not_open(self.name)
        with self._change:
            self._change.wait_for(lambda: self._waiting or self._finished)
            if self._waiting:
                frame = self._waiting.popleft()
                self._change.notify_all()
                return frame
        if self._carried.error is not None:
            raise self._carried.error
        return None

    def close(self) -> None:
        """Stop reading ahead and close the source; waits for a frame that is just being decoded."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        with self._change:
            self._stopping = True
            self._change.notify_all()
        thread.join()
        self._camera.close()

    def _run(self) -> None:
        with self._carried:
            self._read_ahead()
        with self._change:
            self._finished = True
            self._change.notify_all()

    def _read_ahead(self) -> None:
        while (frame := self._camera.read()) is not None:
            with self._change:
                self._change.wait_for(lambda: self._stopping or len(self._waiting) < self._depth)
                if self._stopping:
                    return
                self._waiting.append(frame)
                self._change.notify_all()
