"""The stored results: each is one row, on the disk before anybody hears of it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from kiosk.errors import DiskError, HistoryError
from kiosk.station.database import BUSY_TIMEOUT_S, Database, LateDatabase, open_database

#: Bytes of chance in a result's name, which is all that keeps a stranger from reading it.
_ID_BYTES = 9

_TABLES = sa.MetaData()
_RESULTS = sa.Table(
    "results",
    _TABLES,
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
    sa.Column("member", sa.String(64)),
    sa.Column("boot_id", sa.String(36)),
    sa.Column("time_unsure", sa.Boolean),
)
_NOTES = sa.Table(
    "notes",
    _TABLES,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("result", sa.String(32)),
    sa.Column("check", sa.String(200)),
    sa.Column("text", sa.Text),
    sa.Column("created", sa.DateTime),
)
_SUMMARY = [_RESULTS.c[name] for name in ("id", "created", "exercise", "title", "score_low", "score_high")]
_SUMMARY += [_RESULTS.c.first, _RESULTS.c.reps, _RESULTS.c.member, _RESULTS.c.time_unsure]


@dataclass(frozen=True, slots=True)
class Summary:
    """One line of the list of results. ``created`` is in UTC; ``first`` the check to work on first, by its slug.

    The score's ends are None where it was withheld; ``reps`` counts the complete ones. ``member`` is the key of the
    course that the result belongs to, None for a guest's. ``time_unsure``: nobody had set the clock when it was stored,
    None where that is not known, for results of older versions.
    """

    id: str
    created: datetime
    exercise: str | None
    title: str | None
    score_low: int | None
    score_high: int | None
    first: str | None
    reps: int
    member: str | None = None
    time_unsure: bool | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What a trainer wrote beside a result: about the check of that slug, or about all of it (None). UTC."""

    number: int
    check: str | None
    text: str
    created: datetime


class History:
    """The results in a database. Any thread may call it."""

    def __init__(self, database: Database | LateDatabase) -> None:
        self._database = database

    @property
    def name(self) -> str:
        """The database's file or URL, without a password."""
        return self._database.name

    def store(
        self,
        report: Mapping[str, Any],
        created: datetime,
        *,
        time_unsure: bool | None = None,
        boot_id: str | None = None,
    ) -> str:
        """Store a result and return its name, hard to guess, once it is on the disk.

        ``report`` is the report's JSON; what is stored has the name and the time besides, as ``id`` and
        ``created``. ``created`` must know its time zone. ``time_unsure``: whether nobody had set the clock, None where
        that is not known; a time before that of the last result, if that was sure, is unsure too. ``boot_id`` tells the
        starts of the machine apart. Raises HistoryError, and then nothing was stored.
        """
        utc = _in_utc(created)
        result_id = secrets.token_urlsafe(_ID_BYTES)
        whole = {**report, "id": result_id, "created": utc.isoformat(timespec="seconds")}
        row = {
            "id": result_id,
            "created": utc.replace(tzinfo=None),
            "boot_id": boot_id,
            "exercise": report["exercise"],
            "title": report.get("title"),
            "score_low": report["score"]["low"],
            "score_high": report["score"]["high"],
            "first": report["first"],
            "reps": sum(1 for rep in report["reps"] if rep["complete"]),
        }
        with self._database.begin() as connection:
            if time_unsure is False and _went_back(connection, row["created"]):
                time_unsure = True
            if time_unsure is not None:
                whole |= {"boot_id": boot_id, "time_unsure": time_unsure}
            text = json.dumps(whole, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
            connection.execute(sa.insert(_RESULTS).values({**row, "time_unsure": time_unsure, "report": text}))
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
        return self._summaries(newest)

    def between(self, start: datetime, end: datetime, limit: int, offset: int) -> list[Summary]:
        """Return the results from ``start`` on and before ``end``, newest first, a page of them as in `recent`."""
        stored = _RESULTS.c.created
        found = sa.select(*_SUMMARY).where(stored >= _plain(start), stored < _plain(end))
        return self._summaries(found.order_by(_RESULTS.c.number.desc()).limit(limit).offset(offset))

    def of_member(self, member: str) -> list[Summary]:
        """Return all results of a course, newest first; none where nobody has this key."""
        found = sa.select(*_SUMMARY).where(_RESULTS.c.member == member)
        return self._summaries(found.order_by(_RESULTS.c.number.desc()))

    def member_of(self, result_id: str) -> str | None:
        """Return the key of the course that a result belongs to; None for a guest's, or for no result at all."""
        with self._database.begin() as connection:
            return connection.scalar(sa.select(_RESULTS.c.member).where(_RESULTS.c.id == result_id))

    def number_of(self, result_id: str) -> int:
        """Return the place of a result in the order of storing, which no clock can change; 0 where there is none."""
        with self._database.begin() as connection:
            return connection.scalar(sa.select(_RESULTS.c.number).where(_RESULTS.c.id == result_id)) or 0

    def claim(self, result_ids: Iterable[str], member: str | None) -> int:
        """Put results into the course of ``member``; None takes them out again. Return how many there were."""
        with self._database.begin() as connection:
            named = _RESULTS.c.id.in_(list(result_ids))
            return connection.execute(sa.update(_RESULTS).where(named).values(member=member)).rowcount

    def delete(self, result_id: str) -> bool:
        """Delete a result and its notes; say whether there was one. Raises HistoryError."""
        return self._delete(_RESULTS.c.id == result_id) > 0

    def forget_member(self, member: str) -> int:
        """Delete all results of a course and their notes, for good; return how many there were."""
        return self._delete(_RESULTS.c.member == member)

    def delete_before(self, guests: datetime, members: datetime) -> int:
        """Delete guests' results from before the one moment and members' from before the other; return how many.

        A result whose time is unsure goes when one that was stored after it, at a sure time, is that old. Where nothing
        is, nothing is written.
        """
        member = _RESULTS.c.member
        old = sa.or_(
            sa.and_(member.is_(None), _from_before(_plain(guests))),
            sa.and_(member.is_not(None), _from_before(_plain(members))),
        )
        with self._database.begin() as connection:
            any_old = connection.scalar(sa.select(sa.exists().where(old)))
        return self._delete(old) if any_old else 0

    def notes(self, result_id: str) -> list[Note]:
        """Return what was written beside a result, oldest first."""
        columns = (_NOTES.c.number, _NOTES.c.check, _NOTES.c.text, _NOTES.c.created)
        found = sa.select(*columns).where(_NOTES.c.result == result_id).order_by(_NOTES.c.number)
        with self._database.begin() as connection:
            rows = connection.execute(found).mappings().all()
        return [Note(**{**row, "created": row["created"].replace(tzinfo=UTC)}) for row in rows]

    def add_note(self, result_id: str, check: str | None, text: str, created: datetime) -> int | None:
        """Write a note beside a result and return its number; None where there is no such result."""
        row = {"result": result_id, "check": check, "text": text, "created": _plain(created)}
        with self._database.begin() as connection:
            if connection.scalar(sa.select(_RESULTS.c.number).where(_RESULTS.c.id == result_id)) is None:
                return None
            done = connection.execute(sa.insert(_NOTES).values(row))
        return int(done.inserted_primary_key[0]) if done.inserted_primary_key else None

    def delete_note(self, number: int) -> bool:
        """Delete a note; say whether there was one."""
        with self._database.begin() as connection:
            return connection.execute(sa.delete(_NOTES).where(_NOTES.c.number == number)).rowcount > 0

    def change_note(self, number: int, text: str) -> bool:
        """Write another text in the place of a note's; say whether there was one."""
        changed = sa.update(_NOTES).where(_NOTES.c.number == number).values(text=text)
        with self._database.begin() as connection:
            return connection.execute(changed).rowcount > 0

    def count(self) -> int:
        """Return how many results are stored. Raises HistoryError."""
        with self._database.begin() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(_RESULTS)) or 0

    def check(self) -> None:
        """Read an SQLite file through and raise HistoryError where it is damaged. Slow for a large one."""
        if not self._database.is_sqlite:
            return
        with self._database.begin() as connection:
            said = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
        if said != "ok":
            raise HistoryError(f"The database of results, {self.name}, is damaged ({said}). Move it away.")

    def _summaries(self, found: sa.Select[Any]) -> list[Summary]:
        with self._database.begin() as connection:
            rows = connection.execute(found).mappings().all()
        return [Summary(**{**row, "created": row["created"].replace(tzinfo=UTC)}) for row in rows]

    def _delete(self, which: sa.ColumnElement[bool]) -> int:
        with self._database.begin() as connection:
            count = connection.execute(sa.delete(_RESULTS).where(which)).rowcount
        if count:
            self._database.settle()
        return count

    def close(self) -> None:
        """Let go of the database; harmless twice."""
        self._database.close()


def _from_before(limit: datetime) -> sa.ColumnElement[bool]:
    """Return what tells a result from before a moment, for certain."""
    unsure = sa.func.coalesce(_RESULTS.c.time_unsure, sa.false())
    later = _RESULTS.alias()
    sure_and_old = sa.and_(~sa.func.coalesce(later.c.time_unsure, sa.false()), later.c.created < limit)
    newest = sa.select(sa.func.max(later.c.number)).where(sure_and_old).scalar_subquery()
    return sa.or_(sa.and_(~unsure, _RESULTS.c.created < limit), sa.and_(unsure, _RESULTS.c.number < newest))


def _went_back(connection: sa.Connection, now: datetime) -> bool:
    """Whether the clock shows less than at the last result, although it was sure then: one of the two is wrong."""
    last = connection.execute(
        sa.select(_RESULTS.c.created, _RESULTS.c.time_unsure).order_by(_RESULTS.c.number.desc()).limit(1)
    ).first()
    return last is not None and last.time_unsure is False and now < last.created


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("the time of a result needs its time zone")
    return moment.astimezone(UTC)


def _plain(moment: datetime) -> datetime:
    """Return a moment as the database keeps it: in UTC, without saying so."""
    return _in_utc(moment).replace(tzinfo=None)


def open_history(place: str | Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S, patient: bool = False) -> History:
    """Open the results at a database URL or in an SQLite file; make and update whatever is needed for it.

    ``busy_timeout_s``: how long to wait for another process's write. ``patient``: where only the disk is to blame,
    return a history that is opened as soon as the disk takes something again. Raises HistoryError.
    """
    try:
        return History(open_database(place, busy_timeout_s))
    except DiskError:
        if not patient:
            raise
        return History(LateDatabase(place, busy_timeout_s))
