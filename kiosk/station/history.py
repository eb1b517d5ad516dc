"""The stored results: each is one row, on the disk before anybody hears of it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from kiosk.errors import HistoryError
from kiosk.station.database import BUSY_TIMEOUT_S, Database, open_database

#: Bytes of chance in a result's name, which is all that keeps a stranger from reading it.
_ID_BYTES = 9

_RESULTS = sa.Table(
    "results",
    sa.MetaData(),
    # The order of the list: the clock of a machine without a battery jumps.
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("id", sa.String(32)),
    sa.Column("created", sa.DateTime),
    sa.Column("exercise", sa.String(200)),
    sa.Column("title", sa.String(200)),
    sa.Column("score_low", sa.Integer),
    sa.Column("score_high", sa.Integer),
    sa.Column("first", sa.String(200)),
    sa.Column("reps", sa.Integer),
    sa.Column("report", sa.Text),
)
_SUMMARY = [_RESULTS.c[name] for name in ("id", "created", "exercise", "title", "score_low", "score_high")]
_SUMMARY += [_RESULTS.c.first, _RESULTS.c.reps]


@dataclass(frozen=True, slots=True)
class Summary:
    """One line of the list of results. ``created`` is in UTC; ``first`` the check to work on first, by its slug.

    The score's ends are None where it was withheld; ``reps`` counts the complete ones.
    """

    id: str
    created: datetime
    exercise: str | None
    title: str | None
    score_low: int | None
    score_high: int | None
    first: str | None
    reps: int


class History:
    """The results in a database. Any thread may call it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def name(self) -> str:
        """The database's file or URL, without a password."""
        return self._database.name

    def store(self, report: Mapping[str, Any], created: datetime) -> str:
        """Store a result and return its name, hard to guess, once it is on the disk.

        ``report`` is the report's JSON; what is stored has the name and the time besides, as ``id`` and
        ``created``. ``created`` must know its time zone. Raises HistoryError, and then nothing was stored.
        """
        if created.tzinfo is None:
            raise ValueError("the time of a result needs its time zone")
        utc = created.astimezone(UTC)
        result_id = secrets.token_urlsafe(_ID_BYTES)
        whole = {**report, "id": result_id, "created": utc.isoformat(timespec="seconds")}
        row = {
            "id": result_id,
            "created": utc.replace(tzinfo=None),
            "exercise": report["exercise"],
            "title": report.get("title"),
            "score_low": report["score"]["low"],
            "score_high": report["score"]["high"],
            "first": report["first"],
            "reps": sum(1 for rep in report["reps"] if rep["complete"]),
            "report": json.dumps(whole, ensure_ascii=False, allow_nan=False, separators=(",", ":")),
        }
        with self._database.begin() as connection:
            connection.execute(sa.insert(_RESULTS).values(row))
        return result_id

    def load(self, result_id: str) -> dict[str, Any] | None:
        """Return the JSON of a result, or None where there is none of that name. Raises HistoryError."""
        with self._database.begin() as connection:
            text = connection.scalar(sa.select(_RESULTS.c.report).where(_RESULTS.c.id == result_id))
        if text is None:
            return None
        try:
            report: dict[str, Any] = json.loads(text)
        except ValueError as error:
            raise HistoryError(f"The result {result_id} in {self.name} is damaged: {error}.") from error
        return report

    def recent(self, limit: int, offset: int) -> list[Summary]:
        """Return at most ``limit`` results, newest first, leaving out the first ``offset``."""
        newest = sa.select(*_SUMMARY).order_by(_RESULTS.c.number.desc()).limit(limit).offset(offset)
        with self._database.begin() as connection:
            rows = connection.execute(newest).mappings().all()
        return [Summary(**{**row, "created": row["created"].replace(tzinfo=UTC)}) for row in rows]

    def delete(self, result_id: str) -> bool:
        """Delete a result; say whether there was one. Raises HistoryError."""
        with self._database.begin() as connection:
            done = connection.execute(sa.delete(_RESULTS).where(_RESULTS.c.id == result_id))
        return done.rowcount > 0

    def count(self) -> int:
        """Return how many results are stored. Raises HistoryError."""
        with self._database.begin() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(_RESULTS)) or 0

    def check(self) -> None:
        """Read an SQLite file through and raise HistoryError where it is damaged. Slow for a large one."""
        if self._database.engine.dialect.name != "sqlite":
            return
        with self._database.begin() as connection:
            said = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
        if said != "ok":
            raise HistoryError(f"The database of results, {self.name}, is damaged ({said}). Move it away.")

    def close(self) -> None:
        """Let go of the database; harmless twice."""
        self._database.engine.dispose()


def open_history(place: str | Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> History:
    """Open the results at a database URL or in an SQLite file; make and update whatever is needed for it.

    ``busy_timeout_s``: how long to wait for another process's write. Raises HistoryError.
    """
    return History(open_database(place, busy_timeout_s))
