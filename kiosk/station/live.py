"""What the engine shows the world: one immutable view, replaced whole, many times a second."""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, TypeAlias, overload

import numpy as np

from kiosk.movement.exercise import Exercise
from kiosk.movement.pose import Pose

#: The engine hands over pictures for so long after a page last asked for one.
PICTURE_WANTED_S = 2.0
#: Somebody who waited for a view is taken to look on for so long.
WATCHED_S = 1.0
#: The engine looks for a member's QR code for so long after a page asked for it.
CODE_WANTED_S = 20.0


#: A keypoint as (x, y, score), with x and y as shares of the picture's width and height; None where it was not seen.
Share: TypeAlias = tuple[float, float, float] | None


class Shares(Sequence[Share]):
    """The keypoints of a pose as shares of the picture, worked out when they are read: most views nobody reads."""

    def __init__(self, pose: Pose) -> None:
        self._pose = pose

    @cached_property
    def _shares(self) -> tuple[Share, ...]:
        pose = self._pose
        rows = np.column_stack((pose.xy / pose.size_px, pose.score)).round(4).tolist()
        return tuple(None if x != x else (x, y, score) for x, y, score in rows)

    def __len__(self) -> int:
        return len(self._pose.xy)

    @overload
    def __getitem__(self, index: int) -> Share: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Share, ...]: ...
    def __getitem__(self, index: int | slice) -> Share | tuple[Share, ...]:
        return self._shares[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._shares == tuple(other)

    def __hash__(self) -> int:
        return hash(self._shares)


@dataclass(frozen=True)
class Lit:
    """What the LEDs do: a named pattern, the colour of the RGB LED (0 to 1 each), the single LEDs by name."""

    pattern: str = "off"
    colour: tuple[float, float, float] = (0.0, 0.0, 0.0)
    leds: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True)
class LiveView:
    """All that a page may know about this moment. The web reads it and never asks the pipeline.

    ``keypoints`` are those of `Shares`, x to the right in the camera's picture (the page mirrors it). ``effort`` is 0
    at the top of the movement and 1 at its full range. Of a hold ``held_s`` are the seconds so far and ``target_s``
    those that are asked for; ``side`` is left or right where the pass is done with one side.
    ``hint`` is the code of what is wrong, or asked for (`kiosk.station.framing.Ask`), None where nothing is. ``focus``
    are the checkpoints to light: with ``coached`` that of the cue, else those that this pass looks at.
    ``left_s`` are the seconds that a question still waits for its answer, or that a result stays on the screen.
    """

    sequence: int = 0
    t_s: float = 0.0
    state: str = "idle"
    instruction: str = ""
    detail: str = ""
    exercise: str | None = None
    title: str | None = None
    view: str | None = None
    pass_number: int = 0
    passes: int = 0
    reps: int = 0
    target_reps: int = 0
    held_s: float | None = None
    target_s: float | None = None
    side: str | None = None
    effort: float | None = None
    cue: str | None = None
    hint: str | None = None
    focus: tuple[str, ...] = ()
    coached: bool = False
    left_s: float | None = None
    last_rep: str | None = None  # verdict of the newest rep: clean, unsure, sign
    keypoints: Sequence[Share] = ()
    size_px: tuple[int, int] = (0, 0)
    lit: Lit = Lit()
    camera: str = "ok"  # ok, or the sentence that says what is wrong
    model: str = ""
    fps: float = 0.0
    inference_ms: float = 0.0
    problems: tuple[str, ...] = ()  # what the machine cannot do just now: lights, plugins, disk
    result_id: str | None = None  # set in the state "result"

    @cached_property
    def as_json(self) -> bytes:
        """The view as one line of JSON: encoded once, however many pages read it."""
        # Twice as fast as `dataclasses.asdict`, and this runs for every frame that somebody looks at.
        plain = {name: getattr(self, name) for name in _FIELDS}
        plain["keypoints"] = tuple(self.keypoints)
        plain["lit"] = {"pattern": self.lit.pattern, "colour": self.lit.colour, "leds": self.lit.leds}
        return json.dumps(plain, separators=(",", ":"), allow_nan=False).encode()

    @cached_property
    def without_result(self) -> LiveView:
        """What others on the network see where the owner lets them look on: all but whose result it is."""
        return replace(self, result_id=None)

    @cached_property
    def for_watchers(self) -> LiveView:
        """What others on the network may see of a visit: how far it is, and nothing of the person or how they move."""
        return replace(
            self,
            keypoints=(),
            effort=None,
            cue=None,
            hint=None,
            focus=(),
            last_rep=None,
            lit=Lit(),
            result_id=None,
        )


_FIELDS = tuple(field.name for field in fields(LiveView))


class LiveBoard:
    """Where the engine puts its newest `LiveView`, and readers on other threads wait for the next one.

    Publishing never waits for a reader; a slow reader misses views and never delays one.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._picture_asked_s: float | None = None
        self._view = LiveView()
        self._awaited_s = -math.inf
        self._changed = threading.Condition()
        self._commands: list[str] = []
        self._exercises: list[Exercise] = []
        self._picture: Any = None
        self._code_asked_s: float | None = None
        self._code: str | None = None

    @property
    def view(self) -> LiveView:
        """The newest view."""
        return self._view

    def publish(self, view: LiveView) -> None:
        """Replace the view and wake all readers."""
        with self._changed:
            self._view = view
            self._changed.notify_all()

    def wait(self, after: int, timeout_s: float) -> LiveView | None:
        """Return the first view newer than sequence ``after``, or None if none came in ``timeout_s``."""
        self._awaited_s = self._clock()
        with self._changed:
            if self._changed.wait_for(lambda: self._view.sequence > after, timeout_s):
                return self._view
        return None

    @property
    def is_read(self) -> bool:
        """Whether somebody looks on: waits for one view after the other, or did so a moment ago."""
        return self._clock() - self._awaited_s <= WATCHED_S

    def command(self, name: str) -> None:
        """Leave a command for the engine: next, stop, pain, no-pain, done, stay (a touch, a key or a button)."""
        with self._changed:
            self._commands.append(name)

    def take_commands(self) -> list[str]:
        """Return the commands that came since the last call, oldest first."""
        if not self._commands:
            return []
        with self._changed:
            taken, self._commands = self._commands, []
        return taken

    def put_exercise(self, exercise: Exercise) -> None:
        """Leave an exercise whose checks were changed for the engine, which takes it between two visits."""
        with self._changed:
            self._exercises.append(exercise)

    def take_exercises(self) -> list[Exercise]:
        """Return the changed exercises that came since the last call, oldest first."""
        if not self._exercises:
            return []
        with self._changed:
            taken, self._exercises = self._exercises, []
        return taken

    @property
    def wants_picture(self) -> bool:
        """Whether a page asked for the camera's picture a moment ago; otherwise the engine offers none."""
        asked_s = self._picture_asked_s
        return asked_s is not None and self._clock() - asked_s <= PICTURE_WANTED_S

    def offer_picture(self, image: Any) -> None:
        """Replace the picture: (height, width, 3) uint8, blue-green-red, never changed after this call."""
        self._picture = image

    def picture(self) -> Any:
        """Return the newest picture, None until there is one; asking makes `wants_picture` true."""
        if not self.wants_picture:
            # Nobody has looked for a while: what is left is an old picture, perhaps of somebody else.
            self._picture = None
        self._picture_asked_s = self._clock()
        return self._picture

    def seek_code(self) -> None:
        """Ask the engine to look for a QR code that somebody holds before the camera."""
        self._code, self._code_asked_s = None, self._clock()

    @property
    def wants_code(self) -> bool:
        """Whether a page waits for a QR code just now."""
        asked_s = self._code_asked_s
        return asked_s is not None and self._clock() - asked_s <= CODE_WANTED_S

    def offer_code(self, text: str) -> None:
        """Leave what stands in the QR code for the page that asked; nothing is looked for after that."""
        self._code, self._code_asked_s = text, None

    def take_code(self) -> str | None:
        """Return what stood in the QR code, once; None until it was found."""
        taken, self._code = self._code, None
        return taken
