"""Copies of the results, made by SQLite itself while the kiosk runs, and the way back from one.

A copy is whole or not there: it is written under another name, read through, brought to the disk, and only then gets
its own. Copies are numbered, because the clock of a machine without a battery jumps.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from kiosk.errors import HistoryError
from kiosk.station.migrations import VERSION_TABLE, VERSIONS

_NAME = re.compile(r"results-(\d{6})-\d{8}\.db")
#: So many pages are copied at a time; between them the kiosk may write.
_PAGES = 256
#: A copy waits for so long for a write of the kiosk to end, in seconds.
_BUSY_S = 10.0
#: What SQLite puts beside a database.
_BESIDE = ("-wal", "-shm", "-journal")


def backup(file: Path, folder: Path, keep: int, now: datetime) -> Path:
    """Copy the results in ``file`` into ``folder`` and return the copy; of all copies there, the newest ``keep`` stay.

    The folder is made, readable by its owner alone, as the copies are. Raises HistoryError where a copy cannot be made;
    then the older ones are all still there.
    """
    with _told(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        there = copies(folder)
        number = int(there[-1].name[8:14]) + 1 if there else 1
        copy = folder / f"results-{number:06}-{now:%Y%m%d}.db"
        _copy(file, copy)
        for old in [*there, copy][:-keep]:
            old.unlink()
    return copy


def copies(folder: Path) -> list[Path]:
    """Return the copies in a folder, oldest first."""
    return sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))


def restore(copy: Path, file: Path) -> Path | None:
    """Put a copy in the place of the results in ``file``; return where those are now, None where there were none.

    For a kiosk that does not run. Raises HistoryError where the copy is damaged or none of ours; then nothing changed.
    """
    if not copy.is_file():
        raise HistoryError(f"{copy} is not there: name a file that kiosk history backup made.")
    with _told(copy):
        version = _version(copy)
        if version not in VERSIONS:
            raise HistoryError(
                f"{copy} holds no results that this kiosk can read. Name a file made by kiosk history backup."
            )
    with _told(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.with_name(f"{file.name}.restoring")
        _copy(copy, new)
        aside = _set_aside(file) if file.exists() else None
        new.replace(file)
        _sync(file.parent)
    return aside


def _copy(source: Path, target: Path) -> None:
    """Copy a database whole, or raise: an error, or HistoryError for a damaged one."""
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    # SQLite makes files that others may read; what is in this one is about people.
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with closing(_reading(source)) as here, closing(sqlite3.connect(part)) as there:
            here.backup(there, pages=_PAGES)
            # The copy is one file, and needs none beside it.
            there.execute("PRAGMA journal_mode=DELETE")
            said = there.execute("PRAGMA integrity_check").fetchone()[0]
        if said != "ok":
            raise HistoryError(f"The database of results, {source}, is damaged ({said}): no copy was made of it.")
        _sync(part)
        part.replace(target)
        _sync(target.parent)
    finally:
        for name in (part.name, *(part.name + end for end in _BESIDE)):
            part.with_name(name).unlink(missing_ok=True)


def _reading(file: Path) -> sqlite3.Connection:
    """Open a database that is there already; a missing one must not be made by looking at it."""
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=_BUSY_S)


def _version(file: Path) -> str | None:
    with closing(_reading(file)) as connection:
        try:
            row = connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone()
        except sqlite3.OperationalError:
            return None  # there is no such table
    return None if row is None else str(row[0])


def _set_aside(file: Path) -> Path:
    """Keep the present results under another name beside it, together with what was not yet folded into them."""
    with contextlib.suppress(sqlite3.DatabaseError), closing(_reading(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode=DELETE")
    aside = file.with_name(f"{file.name}.before-restore")
    # What lies beside goes first: the restored file must never find another one's log.
    for end in _BESIDE:
        beside = file.with_name(file.name + end)
        if beside.exists():
            beside.replace(aside.with_name(aside.name + end))
    aside.unlink(missing_ok=True)
    os.link(file, aside)
    aside.chmod(0o600)  # whatever umask it was made under: results are private
    return aside


def _sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _told(place: Path) -> Iterator[None]:
    """Turn what SQLite and the file system say into a sentence about ``place``."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise HistoryError(
            f"{place} cannot be used: {reason}. Look at its rights, and at the room on its disk."
        ) from error
