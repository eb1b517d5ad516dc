"""The camera that is meant where none was named: looked for at each opening, and found again after a loss."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.vision.camera import Camera, Frame, not_open
from kiosk.vision.devices import Cameras, choose, find_cameras


class AutoCamera:
    """The only camera of this machine, whichever it is; once opened, that one by its lasting name.

    ``opened_as`` makes the camera of a source; ``look`` says which cameras there are.
    """

    live = True
    frame_count: int | None = None

    def __init__(self, opened_as: Callable[[str], Camera], look: Callable[[], Cameras] = find_cameras) -> None:
        self._opened_as = opened_as
        self._look = look
        self._camera: Camera | None = None
        self.source: str | None = None
        self._is_open = False

    @property
    def name(self) -> str:
        """How to call it before a user."""
        return self._camera.name if self._camera is not None else "The camera"

    @property
    def fps(self) -> float:
        """Frames per second as the open camera states them, 0 if it does not say."""
        return self._camera.fps if self._camera is not None else 0.0

    @property
    def camera(self) -> Camera | None:
        """The camera that was chosen; None before the first opening."""
        return self._camera

    def open(self) -> None:
        """Choose and open. Raises SourceError where there is no camera, or several, and whatever the camera raises."""
        self.close()
        source = choose(self._look(), self.source)
        if self._camera is None or source != self.source:
            self._camera = self._opened_as(source)
        self._camera.open()
        self.source, self._is_open = source, True

    def read(self) -> Frame | None:
        """Return the next frame. Raises SourceError when the camera was lost, or is not open."""
        if self._camera is None or not self._is_open:
            raise not_open(self.name)
        return self._camera.read()

    def close(self) -> None:
        """Let go of the camera; harmless when it is not open."""
        self._is_open = False
        if self._camera is not None:
            self._camera.close()
