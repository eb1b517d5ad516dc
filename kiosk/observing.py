"""What observers are handed, and what they hand over: plugins that look at results and judge nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

#: A job may run this often at the most.
LEAST_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class Light:
    """What the kiosk's light shows from now on.

    ``pattern`` is its name in ``docs/configuration.md`` (starting, idle, framing, ready, scan, clean, unsure, sign,
    result, attention, trouble, goodbye, off). ``colour`` is (red, green, blue) at full strength, 0 to 1 each.
    ``levels`` are the shares of it, 0 to 1, that are shown one after the other for ``step_s`` seconds each, round and
    round; a single level is steady.
    """

    pattern: str
    colour: tuple[float, float, float] = (0.0, 0.0, 0.0)
    levels: tuple[float, ...] = (1.0,)
    step_s: float = 0.0


class StoredResults(Protocol):
    """The results that the kiosk has stored, to read."""

    def newest(self) -> Iterator[dict[str, Any]]:
        """Yield the reports, newest first, as ``docs/report.md`` has them, with ``id`` and ``created``.

        They are read a few at a time: whoever needs the new ones only stops at the first that it knows.
        """


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do again and again: once when the kiosk has started, and then every ``every_s`` seconds.

    ``run`` is called with the stored results; ``name`` is how the pages call it. Raises ValueError for an ``every_s``
    below 1 or not finite.
    """

    name: str
    every_s: float
    run: Callable[[StoredResults], None]

    def __post_init__(self) -> None:
        if not (math.isfinite(self.every_s) and self.every_s >= LEAST_EVERY_S):
            raise ValueError(f"the job '{self.name}' runs every {self.every_s} s, and it must be 1 s or more")


@dataclass(slots=True)
class Due:
    """When a job is to run next, in seconds of a clock that never jumps."""

    job: Job
    at_s: float

    def ran(self, now_s: float) -> None:
        """Note that it ran; runs that were missed meanwhile are not made up for."""
        self.at_s = now_s + self.job.every_s
