"""What of the machine needs somebody although scanning goes on: read from time to time, said on page and lights.

What stops scanning has a state and a pattern of its own ("trouble"). These have the pattern "attention", and show it
only while nobody is there.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterable

from kiosk.health import FULL_BYTES, HOT_C, Readings

log = logging.getLogger(__name__)

#: What was too hot is well again when it is some degrees cooler, and a full disk with a little more room.
COOL_C, ROOM_BYTES = HOT_C - 5.0, FULL_BYTES + 10_000_000
#: How often the machine is looked at.
EVERY_S = 15.0


def alarms(now: Readings, before: Collection[str] = ()) -> tuple[str, ...]:
    """Return what is wrong with the machine, in sentences.

    ``before``: what this said last, so that nothing flickers.
    """
    found = []
    if now.state_written is False:
        found.append(READ_ONLY)
    if now.disk_free is not None and now.disk_free < (ROOM_BYTES if FULL in before else FULL_BYTES):
        found.append(FULL)
    if now.temperature_c is not None and now.temperature_c >= (COOL_C if HOT in before else HOT_C):
        found.append(HOT)
    if now.power is not None and now.power.under_voltage:
        found.append(WEAK)
    elif now.power is not None and now.power.throttled and HOT not in found:
        found.append(SLOWED)
    return tuple(found)


READ_ONLY = "The disk of the results is read-only: new results are lost when the power goes."
FULL = "The disk is nearly full: make room, or new results are not saved."
HOT = "The machine is too hot and slows down: give it air."
WEAK = "The power supply is too weak: use the one that is made for this machine."
SLOWED = "The machine slows itself down: give it air."


class HealthWatch:
    """Looks at the machine now and then, on a thread of its own: the loop of the engine waits for nothing.

    ``read`` takes the readings, ``also`` returns what else is wrong, in sentences. The first readings are there when
    this has been made. Close it to end the thread.
    """

    def __init__(
        self,
        read: Callable[[], Readings],
        also: Callable[[], Iterable[str]] = lambda: (),
        every_s: float = EVERY_S,
    ) -> None:
        self._read, self._also, self._every_s = read, also, every_s
        self._stop = threading.Event()
        self._alarms: tuple[str, ...] = ()
        self.look()
        self._thread = threading.Thread(target=self._run, name="health", daemon=True)
        self._thread.start()

    @property
    def now(self) -> Readings:
        """The newest readings."""
        return self._now

    @property
    def alarms(self) -> tuple[str, ...]:
        """What is wrong with the machine, in sentences."""
        return self._alarms

    def close(self) -> None:
        """End the thread. Harmless twice."""
        self._stop.set()
        self._thread.join()

    def look(self) -> None:
        """Read once, and say in the log what has come and what has gone."""
        self._now = self._read()
        before = self._alarms
        self._alarms = (*alarms(self._now, before), *self._also())
        self._tell(before, self._alarms)

    def _tell(self, before: Collection[str], after: Collection[str]) -> None:
        for sentence in after:
            if sentence not in before:
                log.warning("%s", sentence)
        for sentence in before:
            if sentence not in after:
                log.info("No longer: %s", sentence)

    def _run(self) -> None:
        while not self._stop.wait(self._every_s):
            self.look()
