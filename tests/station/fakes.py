"""What surrounds the engine, with a memory: a store, lights, a board, frames and a model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from kiosk.errors import HistoryError
from kiosk.movement.pose import Pose
from kiosk.station.live import Lit, LiveBoard, LiveView
from kiosk.vision.camera import Frame, Image


class FakeStore:
    """A history in memory whose disk can be full. ``events`` is shared with others to tell an order."""

    def __init__(self, events: list[str] | None = None) -> None:
        self.stored: dict[str, dict[str, Any]] = {}
        self.created: dict[str, datetime] = {}
        self.stamps: list[tuple[bool | None, str | None]] = []
        self.full = False
        self.fault: Exception | None = None
        self.attempts = 0
        self._events = events if events is not None else []

    def store(
        self,
        report: dict[str, Any],
        created: datetime,
        *,
        time_unsure: bool | None = None,
        boot_id: str | None = None,
    ) -> str:
        self.attempts += 1
        if self.fault is not None:
            raise self.fault
        if self.full:
            raise HistoryError("The disk is full: make room.")
        key = f"id{len(self.stored) + 1}"
        self.stored[key], self.created[key] = report, created
        self.stamps.append((time_unsure, boot_id))
        self._events.append(f"stored {key}")
        return key

    def load(self, result_id: str) -> dict[str, Any] | None:
        return self.stored.get(result_id)

    def recent(self, limit: int, offset: int) -> Sequence[Any]:
        newest = [(key, report["source"]["name"]) for key, report in self.stored.items()][::-1]
        return newest[offset : offset + limit]

    def count(self) -> int:
        return len(self.stored)


class FakeLights:
    """Lights that remember every change of pattern."""

    name = "the test's"

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.lit = Lit()

    def show(self, pattern: str) -> None:
        self.lit = Lit(pattern)
        if not self.shown or self.shown[-1] != pattern:
            self.shown.append(pattern)

    def close(self) -> None:
        self.show("off")


class FakeBoard(LiveBoard):
    """The real board, which also remembers every view. As far as the engine knows, somebody always looks on."""

    is_read = True

    def __init__(self, events: list[str] | None = None) -> None:
        super().__init__()
        self.views: list[LiveView] = []
        self._events = events if events is not None else []

    def publish(self, view: LiveView) -> None:
        self.views.append(view)
        if view.result_id is not None:
            self._events.append(f"published {view.result_id}")
        super().publish(view)


class FakeFrames:
    """Frames from a list; an entry may also be None (nothing came), or a sentence (trouble from here on)."""

    name = "the test's camera"

    def __init__(self, items: Iterable[Frame | str | None] = (), *, ends: bool = True) -> None:
        self._items = iter(items)
        self.trouble: str | None = None
        self._over = False
        self._ends = ends

    @property
    def ended(self) -> bool:
        return self._over and self._ends

    def next(self, timeout_s: float) -> Frame | None:
        assert timeout_s <= 1.0
        for item in self._items:
            if isinstance(item, Frame):
                self.trouble = None
                return item
            self.trouble = item
            return None
        self._over = True
        return None


class FakeModel:
    """A tracker that says what a test tells it to, and remembers what it was asked."""

    def __init__(self, pose_at: Callable[[float], Pose]) -> None:
        self._pose_at = pose_at
        self.another = False
        self.looked_s: list[float] = []
        self.resets = 0

    def estimate(self, image: Image, t_s: float) -> Pose:
        return self._pose_at(t_s)

    def sees_another(self, image: Image, pose: Pose) -> bool:
        self.looked_s.append(pose.t_s)
        return self.another

    def reset(self) -> None:
        self.resets += 1


PICTURE = np.full((48, 64, 3), 96, np.uint8)


def frame_of(pose: Pose, number: int = 0) -> Frame:
    """A frame of recorded keypoints."""
    return Frame(number, pose.t_s, pose.size_px, None, pose)


def picture_at(t_s: float) -> Frame:
    return Frame(0, t_s, (64, 48), PICTURE, None)
