"""Live event streams: one view after the other, a sign of life when it is quiet, never too many at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Protocol

from kiosk.station.live import LiveView

#: A stream that has nothing to say says so this often; a browser that has gone is noticed by then.
HEARTBEAT_S = 2.0
#: How often a quiet stream looks whether its browser is still there.
LOOK_S = 0.25
#: The shortest time between two events of one stream. A camera's pipeline, at up to 60 frames/s, must get every view
#: through, also when a sleep takes longer than asked; what is held back is a pipeline without a pace of its own.
SPACING_S = 1 / 100
#: Others on the network see how far a visit is: that needs no more than ten views a second.
WATCHER_SPACING_S = 1 / 10
#: So many events a second go out to all pages of a kind together: with more pages, each gets fewer.
EVENTS_PER_S = 240.0
#: How soon a browser tries again after a stream broke.
RETRY_MS = 1000


class Views(Protocol):
    """Where a stream waits for the next view: a `LiveBoard`."""

    def wait(self, after: int, timeout_s: float) -> LiveView | None:
        """Return the first view newer than sequence ``after``, or None if none came in ``timeout_s``."""


class StreamSlots:
    """Counts the open streams against a limit. Each holds a thread of the server for as long as it lives.

    The last place is kept for the kiosk's own screen, so that phones cannot lock it out.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._lock = threading.Lock()
        self._taken = self._own = 0

    @property
    def taken(self) -> int:
        """How many streams are open."""
        return self._taken

    def take(self, own_screen: bool) -> bool:
        """Take a place, or return False where there is none left for this browser."""
        with self._lock:
            if self._taken >= (self.most if own_screen else max(1, self.most - 1)):
                return False
            self._taken += 1
            self._own += own_screen
            return True

    def free(self, own_screen: bool) -> None:
        """Give a place back."""
        with self._lock:
            self._taken -= 1
            self._own -= own_screen

    def spacing_s(self, own_screen: bool) -> float:
        """Return the shortest time between two events of one stream, with as many open as there are now."""
        if own_screen:
            return max(SPACING_S, self._own / EVENTS_PER_S)
        return max(WATCHER_SPACING_S, (self._taken - self._own) / EVENTS_PER_S)


def live_events(
    views: Views,
    gone: Callable[[], bool],
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    encoded: Callable[[LiveView], bytes] = attrgetter("as_json"),
    spacing_s: Callable[[], float] = lambda: SPACING_S,
) -> Iterator[bytes]:
    """Yield the newest view at once and each newer one as it comes, as server-sent events, until ``gone()``.

    A reader that is slower than the pipeline misses views and gets the newest; nothing queues up here.
    ``encoded`` returns a view as one line of JSON, ``spacing_s`` the shortest time to the next event.
    """
    yield b"retry: %d\n\n" % RETRY_MS
    sent = -1
    said_s = clock()
    while not gone():
        view = views.wait(sent, LOOK_S)
        if view is None:
            if clock() - said_s >= HEARTBEAT_S:
                said_s = clock()
                yield b": still here\n\n"
            continue
        said_s = clock()
        sent = view.sequence
        yield b"id: %d\ndata: %b\n\n" % (sent, encoded(view))
        rest_s = said_s + spacing_s() - clock()
        if rest_s > 0:
            sleep(rest_s)
