"""What the trainer's pages work on, and how a view function finds it."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from flask import current_app

from kiosk.movement.exercise import Exercise
from kiosk.web.rate import Rate
from kiosk.web.trainer.overlays import Overlays

EXTENSION = "plumbline-trainer"
#: More than so many trainers at once are a mistake; the one who was quiet for longest is logged out.
MOST_SESSIONS = 20
#: A person mistypes; a program tries thousands. The second limit keeps many addresses from costing the pipeline.
LOGIN_EACH, LOGIN_TOGETHER = "5/minute; 30/hour", "30/minute"


class Sessions:
    """Who is logged in, in memory: a restart logs everybody out. Any thread may call it."""

    def __init__(self, lasts_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.lasts_s = lasts_s
        self._clock = clock
        self._lock = threading.Lock()
        #: When each was last used, and the mark of the password that opened it.
        self._open: dict[str, tuple[float, str]] = {}

    def begin(self, mark: str) -> str:
        """Open a session under a new name. ``mark``: that of the password."""
        name = secrets.token_urlsafe(24)
        with self._lock:
            if len(self._open) >= MOST_SESSIONS:
                del self._open[min(self._open, key=lambda one: self._open[one][0])]
            self._open[name] = (self._clock(), mark)
        return name

    def is_open(self, name: object, mark: str) -> bool:
        """Whether this session was opened with the password of today and used lately; asking counts as use."""
        now = self._clock()
        with self._lock:
            used_s, its_mark = self._open.get(str(name), (float("-inf"), ""))
            if now - used_s > self.lasts_s or its_mark != mark:
                self._open.pop(str(name), None)
                return False
            self._open[str(name)] = (now, mark)
        return True

    def end(self, name: object) -> None:
        """Close a session; harmless twice."""
        with self._lock:
            self._open.pop(str(name), None)


@dataclass(frozen=True)
class TrainerSide:
    """What the trainer's pages may use.

    ``state_dir`` holds the password. ``shipped`` are the exercises with the checks of their plugins, by slug;
    ``overlays`` the gym's changes to them; ``adopt`` hands a changed exercise to the kiosk that runs. ``problems``: a
    sentence for each plugin that is not in use.
    """

    state_dir: Path
    sessions: Sessions
    overlays: Overlays
    shipped: Mapping[str, Exercise] = field(default_factory=dict)
    adopt: Callable[[Exercise], None] = lambda _exercise: None
    problems: Sequence[str] = ()
    tries: Rate = field(default_factory=lambda: Rate("login", LOGIN_EACH, LOGIN_TOGETHER))


def side() -> TrainerSide:
    """Return the trainer's side of the app that handles this request."""
    return cast(TrainerSide, current_app.extensions[EXTENSION])
