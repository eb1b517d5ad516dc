"""Results on their way into the history: stored before they are announced, kept in memory while the disk is full."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from kiosk.errors import HistoryError

log = logging.getLogger(__name__)

#: To store a result may take so long: a bad card stalls, or another program holds the database.
STORE_S = 8.0


@dataclass(frozen=True, slots=True)
class Stamp:
    """The wall clock at one moment, and how sure it is: see `kiosk.station.history.History.store`."""

    created: datetime
    time_unsure: bool | None = None
    boot_id: str | None = None


class Store(Protocol):
    """What is needed of `kiosk.station.history.History`."""

    def store(self, report: dict[str, Any], created: datetime, *, time_unsure: bool | None, boot_id: str | None) -> str:
        """Store a report durably and return its id. Raises HistoryError when it cannot."""

    def load(self, result_id: str) -> dict[str, Any] | None:
        """Return a stored report."""

    def recent(self, limit: int, offset: int) -> Sequence[Any]:
        """Return the newest results in short."""

    def count(self) -> int:
        """Return how many are stored."""


class Results:
    """Stores reports; what cannot be stored is kept and tried again before the next one and while idle.

    ``clock`` tells the time, and how sure it is.
    """

    def __init__(self, store: Store, clock: Callable[[], Stamp] = lambda: Stamp(datetime.now(UTC))) -> None:
        self._store, self._clock = store, clock
        self._waiting: dict[str, tuple[dict[str, Any], Stamp]] = {}
        #: The ids of what was waiting once, and those under which it is stored now: a page may still ask for the old.
        self._moved: dict[str, str] = {}
        #: Why results are not being saved, as a sentence; None where they are.
        self.problem: str | None = self._trouble()

    def add(self, report: dict[str, Any]) -> str:
        """Store a report and return the id under which it can be shown."""
        self.retry()
        stamp = self._clock()
        try:
            return self._put(report, stamp)
        except HistoryError as error:
            log.error("A result could not be stored: %s", error)
            self.problem = f"Results are not being saved: {error}"
            key = f"unsaved-{secrets.token_urlsafe(9)}"
            self._waiting[key] = (report, stamp)
            return key

    def _put(self, report: dict[str, Any], stamp: Stamp) -> str:
        return self._store.store(report, stamp.created, time_unsure=stamp.time_unsure, boot_id=stamp.boot_id)

    def retry(self) -> None:
        """Try again to store what is waiting."""
        for key, (report, stamp) in list(self._waiting.items()):
            try:
                self._moved[key] = self._put(report, stamp)
            except HistoryError:
                return
            del self._waiting[key]
        self.problem = self._trouble()

    def _trouble(self) -> str | None:
        """Say why nothing can be stored just now; None where it can, as far as reading tells."""
        try:
            self._store.count()
        except HistoryError as error:
            return f"Results are not being saved: {error}"
        return None

    def load(self, result_id: str) -> dict[str, Any] | None:
        """Return a report, stored or still waiting to be; None if there is none of that id."""
        found = self._waiting.get(result_id)
        if found is not None:
            report, stamp = found
            return {**report, "id": result_id, "created": stamp.created.isoformat(), "time_unsure": stamp.time_unsure}
        return self._store.load(self._moved.get(result_id, result_id))

    def recent(self, limit: int, offset: int) -> Sequence[Any]:
        """Return at most ``limit`` stored results in short, newest first, without the first ``offset``."""
        return self._store.recent(limit, offset)

    def count(self) -> int:
        """Return how many results are stored."""
        return self._store.count()
