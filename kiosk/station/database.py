"""Opening the database of results: durable SQLite, migrations, and errors in sentences that say what to do."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc

from kiosk.errors import DiskError, HistoryError
from kiosk.station.migrations import HEAD, VERSION_TABLE, VERSIONS
from kiosk.station.migrations.newest import make

#: A writer waits for so long for another process's write to end. The engine's loop stands still meanwhile.
BUSY_TIMEOUT_S = 3.0

_MOVE = "Move the file and those beside it that end in -wal and -shm away; the kiosk then begins a new one."

#: SQLite's primary result codes (sqlite.org, "Result and Error Codes"), each with what to tell a user.
_SENTENCES = {
    sqlite3.SQLITE_NOTADB: f"is not a database. {_MOVE}",
    sqlite3.SQLITE_CORRUPT: f"is damaged. {_MOVE}",
    sqlite3.SQLITE_BUSY: "is locked by another program that writes to it. End that program and try again.",
    sqlite3.SQLITE_LOCKED: "is locked by another program that writes to it. End that program and try again.",
    sqlite3.SQLITE_READONLY: "is read-only. Let the kiosk's user write to the file and to its folder.",
    sqlite3.SQLITE_PERM: "may not be opened. Let the kiosk's user write to the file and to its folder.",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened. Let the kiosk's user write to the file and to its folder.",
    sqlite3.SQLITE_FULL: "cannot grow: the disk is full. Make room on it.",
    sqlite3.SQLITE_IOERR: "cannot be read or written: the disk reports an error. Look at the disk, or replace it.",
}
#: What the disk is to blame for, always, or where nothing can be written on it at all.
_DISK = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR})
_DISK_IF_READ_ONLY = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN})
_READ_ONLY = "is on a file system that can only be read just now. Look at the card or disk, or replace it."
_DISK_ERRNO = frozenset({errno.ENOSPC, errno.EROFS, errno.EIO})


@dataclass(frozen=True, slots=True)
class Database:
    """An open database at the newest version, and its name as a message calls it (never with a password)."""

    engine: sa.Engine
    name: str

    @property
    def is_sqlite(self) -> bool:
        """Whether it is an SQLite file."""
        return self.engine.dialect.name == "sqlite"

    def close(self) -> None:
        """Let go of it; harmless twice."""
        self.engine.dispose()

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """Open a transaction that is committed at the end, and undone by an error.

        Raises HistoryError for whatever the database refuses.
        """
        with told(self.name), self.engine.begin() as connection:
            yield connection

    def settle(self) -> None:
        """Bring what was deleted out of SQLite's write-ahead log too; nothing to do for other databases.

        A reader that is busy just now keeps the log until the next time. Raises HistoryError.
        """
        if not self.is_sqlite:
            return
        with told(self.name), contextlib.closing(self.engine.raw_connection()) as connection:
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
            except sqlite3.Error as error:
                raise exc.OperationalError("PRAGMA wal_checkpoint", None, error) from error


class LateDatabase:
    """A database whose disk took nothing when the kiosk started: opened as soon as it does. Until then all it is asked
    for raises DiskError. Any thread may call it.
    """

    def __init__(self, place: str | Path, busy_timeout_s: float) -> None:
        self._place, self._busy_timeout_s = place, busy_timeout_s
        self._lock = threading.Lock()
        self._opened: Database | None = None

    @property
    def name(self) -> str:
        """The file or URL, without a password."""
        url = _url(self._place)
        return url.database or "" if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)

    @property
    def is_sqlite(self) -> bool:
        """Whether it is an SQLite file."""
        return _url(self._place).get_backend_name() == "sqlite"

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """Open it if need be, and a transaction as `Database.begin` does."""
        with self._open().begin() as connection:
            yield connection

    def settle(self) -> None:
        """See `Database.settle`."""
        self._open().settle()

    def close(self) -> None:
        """Let go of it, if it was opened; harmless twice."""
        if self._opened is not None:
            self._opened.close()

    def _open(self) -> Database:
        with self._lock:
            if self._opened is None:
                self._opened = open_database(self._place, self._busy_timeout_s)
            return self._opened


@contextmanager
def told(name: str) -> Iterator[None]:
    """Turn the errors of the database ``name`` into a HistoryError that says what to do."""
    try:
        yield
    except exc.SQLAlchemyError as error:
        code = _code(error)
        if code in _DISK_IF_READ_ONLY and _read_only(Path(name).parent):
            raise DiskError(f"The database of results, {name}, {_READ_ONLY}") from error
        kind = DiskError if code in _DISK else HistoryError
        raise kind(f"The database of results, {name}, {_sentence(error)}") from error


def _code(error: exc.SQLAlchemyError) -> int:
    # The low byte of SQLite's extended codes is the primary code. SQLAlchemy's own errors have none.
    return int(getattr(getattr(error, "orig", None), "sqlite_errorcode", 0)) & 0xFF


def _read_only(folder: Path) -> bool:
    try:
        return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    except OSError:
        return False


def _sentence(error: exc.SQLAlchemyError) -> str:
    cause, code = getattr(error, "orig", None), _code(error)
    reason = " ".join(str(cause or error).split()).rstrip(".?!")
    return _SENTENCES.get(code, f"cannot be used: {reason}. Check that it runs and that history.url is right.")


def open_database(place: str | Path, busy_timeout_s: float) -> Database:
    """Open a database by its SQLAlchemy URL, or an SQLite file by its path, and bring it up to date.

    The folder of an SQLite file is made. Raises HistoryError.
    """
    url = _url(place)
    name = url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite":
        name = _make_folder(url)
    try:
        engine = sa.create_engine(url, **_options(url, busy_timeout_s))
    except (exc.NoSuchModuleError, ModuleNotFoundError) as error:
        raise HistoryError(
            f"history.url: {name} needs a database driver that is not installed ({error}). "
            "Install it beside the kiosk, or leave history.url out."
        ) from error
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _make_durable)
        sa.event.listen(engine, "begin", _begin)
    with ExitStack() as given_up, told(name):
        given_up.callback(engine.dispose)
        _bring_up_to_date(engine, name)
        given_up.pop_all()
    return Database(engine, name)


def _url(place: str | Path) -> sa.URL:
    if isinstance(place, Path):
        return sa.URL.create("sqlite", database=str(place.absolute()))
    try:
        return sa.make_url(place)
    except (exc.ArgumentError, ValueError) as error:
        # The text may hold a password: it is not repeated.
        raise HistoryError("history.url is not a database URL such as sqlite:////srv/history.db.") from error


def sqlite_file(place: str) -> Path:
    """Return the file of an SQLite URL. Raises HistoryError for a database that is no file of its own."""
    url = _url(place)
    if url.get_backend_name() != "sqlite" or not url.database or url.database.startswith((":", "file:")):
        raise HistoryError(
            f"history.url: {url.render_as_string(hide_password=True)} is no SQLite file. Copy this database "
            "with its own tools (PostgreSQL: pg_dump)."
        )
    return Path(url.database)


def _make_folder(url: sa.URL) -> str:
    """Make the folder of an SQLite file and return the file's name."""
    named = url.database
    if not named or named == ":memory:":
        raise HistoryError("history.url: a database in memory loses every result. Name a file.")
    if named.startswith("file:"):
        return named  # SQLite's own URI: it says itself whether anything is to be made
    file = Path(named)
    if file.is_dir():
        raise HistoryError(f"The database of results, {file}, is a folder. Name a file in it.")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        kind = DiskError if error.errno in _DISK_ERRNO else HistoryError
        raise kind(
            f"The folder of the database of results, {file.parent}, cannot be made: {error.strerror}. "
            "Make it, or name another with state_dir."
        ) from error
    return str(file)


def _options(url: sa.URL, busy_timeout_s: float) -> dict[str, Any]:
    if url.get_backend_name() != "sqlite":
        return {"pool_pre_ping": True}  # a server may have been restarted since the last visit
    return {"connect_args": {"timeout": busy_timeout_s}}


def _make_durable(connection: Any, _record: object) -> None:
    # Otherwise Python's driver begins transactions by itself, and not before a CREATE TABLE.
    connection.isolation_level = None
    # Readers never wait for the writer, and a commit is on the disk when it returns.
    # What is deleted is overwritten with zeros: somebody who asked to be forgotten is not left in the file.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


def _bring_up_to_date(engine: sa.Engine, name: str) -> None:
    # The write lock comes first: two processes may start at once.
    locked = engine.execution_options(begin="BEGIN IMMEDIATE")
    with locked.begin() as connection:
        version = _stored_version(connection, name)
        if version == HEAD:
            # That it cannot be written must show now, not after the first visit. This deletes nothing.
            connection.exec_driver_sql(f"DELETE FROM {VERSION_TABLE} WHERE 1 = 0")
            return
        if version is not None and version not in VERSIONS:
            raise HistoryError(
                f"The database of results, {name}, was written by a newer version of the kiosk ({version}; "
                f"this one knows {HEAD}). Update the kiosk, or name another database."
            )
        if sa.inspect(connection).has_table(VERSION_TABLE):
            _migrate(connection)
        else:
            make(connection)


def _stored_version(connection: sa.Connection, name: str) -> str | None:
    tables = sa.inspect(connection).get_table_names()
    if VERSION_TABLE in tables:
        versions = list(connection.scalars(sa.text(f"SELECT version_num FROM {VERSION_TABLE}")))
        return str(versions[0]) if versions else None
    # A server's database may well be shared with others; a file of somebody else's is a slip of the pen.
    if tables and connection.dialect.name == "sqlite":
        raise HistoryError(
            f"The file {name} is a database of another program: it has the table '{tables[0]}'. Name another file."
        )
    return None


def _migrate(connection: sa.Connection) -> None:
    # Imported here: a database that is new or up to date, which is nearly every start, does without.
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "kiosk.station:migrations")
    config.set_main_option("path_separator", "os")
    command.upgrade(config, HEAD)
