"""The check as it runs: frames in, the newest picture and state out, for the page and the terminal."""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from kiosk.mounting.findings import Finding, Looks, findings
from kiosk.mounting.geometry import Known, Place, locate
from kiosk.mounting.steps import Margins, Steps, margins
from kiosk.movement.pose import Pose
from kiosk.vision.camera import Camera, Frame, Image
from kiosk.vision.focus import sharpness
from kiosk.vision.light import brightness
from kiosk.vision.movenet import PoseEstimator

#: Frames are counted, and light and focus smoothed, over so many seconds.
_OVER_S = 2.0
_SMOOTH = 0.2
#: A stuck camera must not keep the check from being stopped.
_PATIENCE_S = 0.5
_STEPS = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a finished check found. ``place`` is None where it could not be measured."""

    place: Place | None
    around: Margins | None
    lines: tuple[Finding, ...]

    @property
    def well(self) -> bool:
        """Whether nothing is to be changed."""
        return all(line.ok is not False for line in self.lines)


@dataclass(frozen=True, eq=False, slots=True)
class Sight:
    """The newest moment: picture, pose, and what the page shows of them."""

    image: Image | None = None
    state: dict[str, Any] = field(default_factory=dict)


class Frames(Protocol):
    """Where frames come from: `LatestFrames`, or `EveryFrame` of a recording."""

    @property
    def ended(self) -> bool:
        """Whether no more will come."""

    @property
    def trouble(self) -> str | None:
        """Why none come, as a sentence; None while all is well."""

    def open(self) -> None:
        """Begin."""

    def next(self, timeout_s: float) -> Frame | None:
        """Return the next frame, None if none came in time."""

    def close(self) -> None:
        """End."""


class EveryFrame:
    """A recording, one frame after the other, none left out."""

    trouble: str | None = None

    def __init__(self, source: Camera) -> None:
        self._source = source
        self.ended = False

    def open(self) -> None:
        """Open it. Raises SourceError."""
        self._source.open()

    def next(self, _timeout_s: float) -> Frame | None:
        """Return the next frame, None at the end."""
        frame = self._source.read()
        self.ended = frame is None
        return frame

    def close(self) -> None:
        """Let go of it."""
        self._source.close()


class Watching:
    """Looks through the camera and leads a person through `Steps`. `run` belongs to one thread, the rest to any.

    ``known`` says what is known of person and lens, None: nothing is checked until `begin`. ``least_fps``: frames per
    second below which the rate is worth knowing. ``finished`` is told of each outcome.
    """

    def __init__(
        self,
        frames: Frames,
        estimator: PoseEstimator,
        known: Callable[[], Known] | None,
        least_fps: float,
        finished: Callable[[Outcome], None] = lambda _outcome: None,
    ) -> None:
        self._frames = frames
        self._estimator = estimator
        self._least_fps = least_fps
        self._finished = finished
        self._lock = threading.Lock()
        self._known = known
        self._steps = Steps()
        self._times: deque[tuple[int, float]] = deque()
        self._light = math.nan
        self._sharp = math.nan
        self._best = 0.0
        self.outcome: Outcome | None = None
        self.sight = Sight()

    def begin(self, known: Callable[[], Known]) -> None:
        """Start the steps anew; ``known`` is asked once they are done."""
        with self._lock:
            self._known = known
            self._steps = Steps()
            self.outcome = None

    def run(self, stopped: Callable[[], bool]) -> None:
        """Look until stopped, or until a recording has ended. Raises SourceError where that cannot be read."""
        while not stopped() and not self._frames.ended:
            frame = self._frames.next(_PATIENCE_S)
            if frame is None:
                if self._frames.trouble is not None:
                    self.sight = Sight(None, {"trouble": self._frames.trouble})
            elif frame.image is not None:
                self.look(frame, frame.image)

    def look(self, frame: Frame, image: Image) -> None:
        """Take in one frame."""
        pose = self._estimator.estimate(image, frame.t_s)
        self._light = _smoothed(self._light, brightness(image))
        self._sharp = _smoothed(self._sharp, sharpness(image, pose))
        self._best = max(self._best, self._sharp)
        self._times.append((frame.number, frame.t_s))
        while frame.t_s - self._times[0][1] > _OVER_S:
            self._times.popleft()
        outcome = None
        with self._lock:
            if self._known is not None and self.outcome is None:
                self._steps.update(pose)
                if self._steps.done:
                    outcome = self.outcome = self._judged(self._known())
            self.sight = Sight(image, self._state(pose))
        if outcome is not None:
            self._finished(outcome)

    @property
    def _looks(self) -> Looks:
        (first, since_s), (last, now_s) = self._times[0], self._times[-1]
        fps = (last - first) / (now_s - since_s) if now_s > since_s else 0.0
        return Looks(self._light, self._sharp / self._best if self._best > 0 else 0.0, fps)

    def _judged(self, known: Known) -> Outcome:
        on_mark, up = self._steps.on_mark, self._steps.arms_up
        place = None if on_mark is None else locate(on_mark, self._steps.stepped, known)
        around = None if up is None else margins(up)
        return Outcome(place, around, findings(place, around, self._looks, self._least_fps))

    def _state(self, pose: Pose) -> dict[str, Any]:
        width, height = pose.size_px
        looks = self._looks
        lines = self.outcome.lines if self.outcome is not None else ()
        return {
            "trouble": "",
            "asked": self._known is not None,
            "says": self._steps.says if self._known is not None else "",
            "step": self._steps.number,
            "steps": _STEPS,
            "held": round(self._steps.held_share, 2),
            "brightness": round(looks.brightness),
            "focus": round(looks.sharp_share, 2),
            "fps": round(looks.fps, 1),
            "size_px": [width, height],
            "keypoints": [
                None if math.isnan(x) else [round(x / width, 4), round(y / height, 4)] for x, y in pose.points
            ],
            "lines": [{"name": line.name, "says": line.says, "ok": line.ok, "change": line.change} for line in lines],
        }


def _smoothed(before: float, now: float) -> float:
    return now if math.isnan(before) else before + _SMOOTH * (now - before)
