"""Results on their way into the history: stored before they are announced, kept in memory while the disk is full."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from kiosk.errors import HistoryError

log = logging.getLogger(__name__)


class Store(Protocol):
    """What is needed of `kiosk.station.history.History`."""

    def store(self, report: dict[str, Any], created: datetime) -> str:
        """Store a report durably and return its id. Raises HistoryError when it cannot."""

    def load(self, result_id: str) -> dict[str, Any] | None:
        """Return a stored report."""

    def recent(self, limit: int, offset: int) -> Sequence[Any]:
        """Return the newest results in short."""

    def count(self) -> int:
        """Return how many are stored."""


class Results:
    """Stores reports; what cannot be stored is kept and tried again before the next one and while idle."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: dict[str, tuple[dict[str, Any], datetime]] = {}
        #: The ids of what was waiting once, and those under which it is stored now: a page may still ask for the old.
        self._moved: dict[str, str] = {}
        self.problem: str | None = None

    def add(self, report: dict[str, Any]) -> str:
        """Store a report and return the id under which it can be shown."""
        self.retry()
        created = datetime.now(UTC)
        try:
            return self._store.store(report, created)
        except HistoryError as error:
            log.error("A result could not be stored: %s", error)
            self.problem = f"Results are not being saved: {error}"
            key = f"unsaved-{secrets.token_urlsafe(9)}"
            self._waiting[key] = (report, created)
            return key

    def retry(self) -> None:
        """Try again to store what is waiting."""
        for key, (report, created) in list(self._waiting.items()):
            try:
                self._moved[key] = self._store.store(report, created)
            except HistoryError:
                return
            del self._waiting[key]
        if not self._waiting:
            self.problem = None

    def load(self, result_id: str) -> dict[str, Any] | None:
        """Return a report, stored or still waiting to be; None if there is none of that id."""
        found = self._waiting.get(result_id)
        if found is not None:
            return {**found[0], "id": result_id, "created": found[1].isoformat()}
        return self._store.load(self._moved.get(result_id, result_id))

    def recent(self, limit: int, offset: int) -> Sequence[Any]:
        """Return at most ``limit`` stored results in short, newest first, without the first ``offset``."""
        return self._store.recent(limit, offset)

    def count(self) -> int:
        """Return how many results are stored."""
        return self._store.count()
