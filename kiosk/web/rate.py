"""How often something may be asked for: a moving window per address, and one for all addresses together."""

from __future__ import annotations

import math
import time

from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from werkzeug.exceptions import TooManyRequests


class Rate:
    """Counts in memory, so that a restart forgets. ``each`` and ``together``: such as "5/minute; 30/hour"."""

    def __init__(self, name: str, each: str, together: str) -> None:
        self._name = name
        self._each, self._together = parse_many(each), parse_many(together)
        self._windows = MovingWindowRateLimiter(MemoryStorage())

    def count(self, address: str) -> None:
        """Count one more try from this address. Raises TooManyRequests, with the seconds to wait, beyond a limit."""
        keys = [(limit, address) for limit in self._each] + [(limit, "") for limit in self._together]
        full = [(limit, key) for limit, key in keys if not self._windows.test(limit, self._name, key)]
        if full:
            raise TooManyRequests(retry_after=max(self._wait_s(limit, key) for limit, key in full))
        for limit, key in keys:
            self._windows.hit(limit, self._name, key)

    def _wait_s(self, limit: RateLimitItem, key: str) -> int:
        reset_s = self._windows.get_window_stats(limit, self._name, key).reset_time
        return max(1, math.ceil(reset_s - time.time()))
