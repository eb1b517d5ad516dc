"""What the kiosk tells systemd: that it is ready, that it is getting on, and what it is doing (sd_notify).

Only the engine's loop speaks, and the watchdog is fed only when a view was published since the last time: a loop that
goes round without getting anywhere starves it, and so does one that stands still. No timer and no thread helps.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Mapping

from kiosk.station.live import LiveView

#: The watchdog is fed at most so many times in its period: often enough that little of the period has gone when the
#: loop stops, and no work at 30 frames a second.
FEEDS = 8
#: The plugins' own watch (`kiosk.plugins.black_box`) must bite before systemd's: it knows which plugin hangs.
#: What is left of the period covers the time between two feeds, and writing the trace.
FIRST_SHARE = 0.7


class Service:
    """The unit that this process is the main process of; silent where nobody started it as one."""

    def __init__(
        self, address: str | None, watchdog_s: float | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """``address`` is a path, or a name behind ``@`` (abstract); None: nobody listens. ``watchdog_s`` None: no
        watchdog."""
        self._address = None if address is None else "\0" + address[1:] if address[0] == "@" else address
        self.watchdog_s = None if self._address is None else watchdog_s
        self._clock = clock
        self._fed_s = -float("inf")
        self._sequence = 0
        self._said = ""

    def starting(self, doing: str) -> None:
        """Say what the start is at: one sentence."""
        self._tell(f"STATUS={doing}")

    def turn(self, view: LiveView) -> None:
        """The loop went round once, and this is the newest view. Before the first one is published nothing is said."""
        if view.sequence == self._sequence:
            return
        first = self._sequence == 0
        due = self._is_due()
        said = view.instruction if view.camera == "ok" else f"The camera is away: {view.camera}"
        if not first and not due and said == self._said:
            return
        lines = ["READY=1"] if first else []
        if due:
            lines.append("WATCHDOG=1")
            self._fed_s = self._clock()
        status = f"STATUS={said}" if view.camera != "ok" else f"STATUS={said} ({view.state}, {view.fps:g} frames/s)"
        self._sequence, self._said = view.sequence, said
        self._tell("\n".join([*lines, " ".join(status.split())]))

    def step(self) -> None:
        """In the middle of a turn something was finished that takes long: a visit was judged, say."""
        if self._sequence and self._is_due():
            self._fed_s = self._clock()
            self._tell("WATCHDOG=1")

    def stopping(self) -> None:
        """The kiosk is being put away in order."""
        self._tell("STOPPING=1\nSTATUS=Stopping.")

    def hang_s(self, configured_s: float) -> float:
        """Return after how many seconds the plugins' watch ends a loop that stands still: before systemd would."""
        return configured_s if self.watchdog_s is None else min(configured_s, FIRST_SHARE * self.watchdog_s)

    def _is_due(self) -> bool:
        return self.watchdog_s is not None and self._clock() - self._fed_s >= self.watchdog_s / FEEDS

    def _tell(self, text: str) -> None:
        if self._address is None:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
            try:
                sender.sendto(text.encode("utf-8", "replace"), socket.MSG_DONTWAIT, self._address)
            except OSError:
                # Nobody listens, or systemd is behind with reading: the next turn tells it again.
                self._fed_s = -float("inf")


def service(environ: Mapping[str, str], clock: Callable[[], float] = time.monotonic) -> Service:
    """Return the unit that the environment names (``NOTIFY_SOCKET``, ``WATCHDOG_USEC``), or one that nobody hears."""
    address = environ.get("NOTIFY_SOCKET", "")
    ours = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
    period_us = environ.get("WATCHDOG_USEC", "")
    watchdog_s = int(period_us) / 1e6 if ours and period_us.isdecimal() and int(period_us) > 0 else None
    return Service(address if address[:1] in ("/", "@") and len(address) > 1 else None, watchdog_s, clock)
