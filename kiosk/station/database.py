"""Opening the database of results: durable SQLite, migrations, and errors in sentences that say what to do."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc

from kiosk.errors import HistoryError
from kiosk.station.migrations import HEAD, VERSION_TABLE, VERSIONS

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


@dataclass(frozen=True, slots=True)
class Database:
    """An open database at the newest version, and its name as a message calls it (never with a password)."""

    engine: sa.Engine
    name: str

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
        if self.engine.dialect.name != "sqlite":
            return
        with told(self.name), contextlib.closing(self.engine.raw_connection()) as connection:
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
            except sqlite3.Error as error:
                raise exc.OperationalError("PRAGMA wal_checkpoint", None, error) from error


@contextmanager
def told(name: str) -> Iterator[None]:
    """Turn the errors of the database ``name`` into a HistoryError that says what to do."""
    try:
        yield
    except exc.SQLAlchemyError as error:
        raise HistoryError(f"The database of results, {name}, {_sentence(error)}") from error


def _sentence(error: exc.SQLAlchemyError) -> str:
    cause = getattr(error, "orig", None)
    # The low byte of SQLite's extended codes is the primary code. SQLAlchemy's own errors have none.
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
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
        raise HistoryError(
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
        _migrate(connection)


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
    # Imported here: an up-to-date database, which is every start but the first, does without.
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "kiosk.station:migrations")
    config.set_main_option("path_separator", "os")
    command.upgrade(config, HEAD)
