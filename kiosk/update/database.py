"""The results across an update: a copy made before it, and back to that copy where the old version needs it.

A new version may change how the database is built, and the old one refuses such a file rather than harming it.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from kiosk.errors import UpdateError
from kiosk.update.versions import flush

_FILE_URL = "sqlite:///"


def database_file(place: str | Path) -> Path | None:
    """Return the file that the results are in; None where they are in a database of another kind."""
    if isinstance(place, Path):
        return place
    return Path(place.removeprefix(_FILE_URL)) if place.startswith(_FILE_URL) else None


def copy_before(database: Path, build: str) -> Path:
    """Return where the copy is that was made before the switch to a build."""
    return database.with_name(f"before-{build}.db")


def copy(database: Path, to: Path) -> None:
    """Copy a database that may be in use, whole, with SQLite's own backup; for the same user. Raises UpdateError."""
    part = to.with_name(f".{to.name}.part")
    part.unlink(missing_ok=True)
    try:
        with (
            contextlib.closing(sqlite3.connect(database, timeout=30)) as source,
            contextlib.closing(sqlite3.connect(part)) as target,
        ):
            source.backup(target)
        owner = database.stat()
        os.chown(part, owner.st_uid, owner.st_gid)
        part.chmod(owner.st_mode & 0o777)
        with part.open("rb") as stream:
            os.fsync(stream.fileno())
        part.replace(to)
        flush(to.parent)
    except (OSError, sqlite3.Error) as error:
        part.unlink(missing_ok=True)
        raise UpdateError(f"The results in {database} could not be copied to {to}: {error}.") from error


def built_as(database: Path) -> str | None:
    """Return the name of how a database is built, None for one that is empty or not there."""
    if not database.is_file():
        return None
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.Error:
            return None
    return None if row is None else str(row[0])


def put_back(database: Path, build: str) -> Path | None:
    """Give the version before ``build`` a database that it can read, while no kiosk runs.

    Returns None when it needs no other: what was stored meanwhile stays. Else the copy made before the switch takes
    its place, and the file that is returned holds all results as the newer version left them.
    """
    before = copy_before(database, build)
    if not before.is_file() or not database.is_file() or built_as(database) == built_as(before):
        return None
    number = 1
    while (aside := database.with_name(f"after-{build}-{number}.db")).exists():
        number += 1
    copy(database, aside)
    # What is still in its log goes into the file, and the log with it: it must not be laid over the other one.
    with contextlib.closing(sqlite3.connect(database, timeout=30)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for ending in ("-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
    copy(before, database)
    return aside
