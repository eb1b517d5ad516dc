"""How often something may be asked for: a moving window per address, and one for all addresses together."""

from __future__ import annotations

import math
import threading
import time
from typing import TYPE_CHECKING

from werkzeug.exceptions import TooManyRequests

if TYPE_CHECKING:
    from limits import RateLimitItem
    from limits.strategies import MovingWindowRateLimiter


class Rate:
    """Counts in memory, so that a restart forgets. ``each`` and ``together``: such as "5/minute; 30/hour"."""

    def __init__(self, name: str, each: str, together: str) -> None:
        self._name, self._asked = name, (each, together)
        self._lock = threading.Lock()
        self._opened: tuple[MovingWindowRateLimiter, list[RateLimitItem], list[RateLimitItem]] | None = None

    def count(self, address: str) -> None:
        """Count one more try from this address. Raises TooManyRequests, with the seconds to wait, beyond a limit."""
        windows, each, together = self._open()
        keys = [(limit, address) for limit in each] + [(limit, "") for limit in together]
        full = [(limit, key) for limit, key in keys if not windows.test(limit, self._name, key)]
        if full:
            raise TooManyRequests(retry_after=max(self._wait_s(windows, limit, key) for limit, key in full))
        for limit, key in keys:
            windows.hit(limit, self._name, key)

    def _open(self) -> tuple[MovingWindowRateLimiter, list[RateLimitItem], list[RateLimitItem]]:
        with self._lock:
            if self._opened is None:
                # At the first try, not at the kiosk's start: it brings in eighty modules.
                from limits import parse_many
                from limits.storage import MemoryStorage
                from limits.strategies import MovingWindowRateLimiter

                each, together = self._asked
                self._opened = MovingWindowRateLimiter(MemoryStorage()), parse_many(each), parse_many(together)
            return self._opened

    def _wait_s(self, windows: MovingWindowRateLimiter, limit: RateLimitItem, key: str) -> int:
        reset_s = windows.get_window_stats(limit, self._name, key).reset_time
        return max(1, math.ceil(reset_s - time.time()))
