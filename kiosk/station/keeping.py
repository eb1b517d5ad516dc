"""How long results are kept: what is older is deleted while nobody is there, at the start and once a day."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from kiosk.errors import HistoryError

log = logging.getLogger(__name__)

DAY_S = 24 * 3600.0
#: Whether the clock was set meanwhile is looked at this often.
CLOCK_S = 600.0


class Deletes(Protocol):
    """What is needed of `kiosk.station.history.History`."""

    def delete_before(self, guests: datetime, members: datetime) -> int:
        """Delete guests' results from before the one moment and members' from before the other; return how many."""


def delete_old(history: Deletes, guest_days: int, member_days: int, now: datetime) -> int:
    """Delete the results that have been kept for long enough; return how many. Raises HistoryError."""
    return history.delete_before(now - timedelta(days=guest_days), now - timedelta(days=member_days))


class Keeping:
    """Deletes old results at most once a day. ``now`` is what the wall clock says, in UTC.

    ``sure`` says whether that can be relied on. As long as it cannot, nothing is deleted: a clock that is ahead by a
    year would take every result with it.
    """

    def __init__(
        self,
        history: Deletes,
        guest_days: int,
        member_days: int,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sure: Callable[[], bool] = lambda: True,
    ) -> None:
        self._history, self._guest_days, self._member_days, self._now = history, guest_days, member_days, now
        self._sure = sure
        self._next_s = -math.inf

    def look(self, t_s: float) -> None:
        """Nobody is there at ``t_s``: delete what is old, if that was not done within a day."""
        if t_s < self._next_s:
            return
        if not self._sure():
            self._next_s = t_s + CLOCK_S
            return
        self._next_s = t_s + DAY_S
        try:
            count = delete_old(self._history, self._guest_days, self._member_days, self._now())
        except HistoryError as error:
            log.error("Old results could not be deleted; tomorrow is another try: %s", error)
            return
        if count:
            log.info("Deleted %d results that were kept for long enough", count)
