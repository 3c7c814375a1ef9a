"""Where answers are kept: one SQLite file by default, or the PostgreSQL that the environment names."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from analysis.base.faults import Fault, HubreachError
from analysis.base.folders import user_data_folder

URL_VARIABLE = "HUBREACH_DATABASE_URL"
MIGRATION_LOCK = 727_368_221  # an arbitrary number that all Hubreach servers share
SQLITE_WAIT_MS = 5_000
MIGRATION_WAIT_MS = 60_000


class StoreUnavailable(HubreachError):  # noqa: N818 - the name says what the phone is told
    """The answers cannot be written or read just now; nothing was counted; try again."""

    def __init__(self, cause: str) -> None:
        fault = Fault("workshop store", None, None, cause, "Keep this page open; try again in a moment")
        super().__init__("The workshop store cannot be reached just now.", [fault])


@dataclass(frozen=True)
class Database:
    """Two engines on one database: many readers, and one connection that writes.

    Parameters
    ----------
    url : URL
        SQLAlchemy URL, driver included.
    reader, writer : Engine
        The writer's pool holds a single connection.
    """

    url: URL
    reader: Engine
    writer: Engine

    @property
    def file(self) -> Path | None:
        """The SQLite file, or None on a server."""
        is_sqlite = self.url.get_backend_name() == "sqlite"
        return Path(self.url.database) if is_sqlite and self.url.database else None

    def dispose(self) -> None:
        """Close every connection."""
        self.reader.dispose()
        self.writer.dispose()


def chosen_url() -> URL:
    """`HUBREACH_DATABASE_URL`, or a SQLite file `workshops.sqlite3` in the user's data folder."""
    given = os.environ.get(URL_VARIABLE)
    if not given:
        return URL.create("sqlite", database=str(user_data_folder() / "workshops.sqlite3"))
    return read_url(given)


def read_url(given: str) -> URL:
    """Check a database URL and fill in the driver.

    Raises
    ------
    HubreachError
        If it is no URL, or of a database other than SQLite (a file) and PostgreSQL.
    """
    remedy = "Use postgresql://user:password@server/database, or leave it unset for a local file"
    try:
        url = make_url(given)
    except ArgumentError as error:
        fault = Fault(URL_VARIABLE, None, None, "not a database URL", remedy)
        raise HubreachError("The workshop store cannot be opened.", [fault]) from error
    backend = url.get_backend_name()
    if backend == "postgresql" or url.drivername == "postgres":
        return url.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and url.database and url.database != ":memory:":
        return url.set(drivername="sqlite")
    fault = Fault(URL_VARIABLE, None, None, f"{url.drivername!r} is not served", remedy)
    raise HubreachError("The workshop store cannot be opened.", [fault])


def open_database(url: URL | None = None) -> Database:
    """Open the store's database, made or brought up to date first.

    Parameters
    ----------
    url : URL or None
        None takes `chosen_url()`.

    Raises
    ------
    HubreachError
        If the URL is wrong or the database cannot be opened.
    """
    url = url or chosen_url()
    if url.get_backend_name() == "sqlite":
        database = _open_sqlite(url)
    else:
        reader = create_engine(url, pool_pre_ping=True, pool_size=4, max_overflow=4)
        writer = create_engine(url, pool_pre_ping=True, pool_size=1, max_overflow=0)
        database = Database(url, reader, writer)
    migrate(database.writer)
    return database


def _open_sqlite(url: URL) -> Database:
    file = Path(str(url.database)).absolute()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            # Opinions of residents: readable by the account that runs the server, by nobody else.
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        fault = Fault(
            str(file), None, None, error.strerror or str(error), "Choose a folder that can be written"
        )
        raise HubreachError("The workshop store cannot be opened.", [fault]) from error
    # mode=rw: a file that vanished under a running server must be an error, not a new, empty store.
    quoted = file.as_uri().removeprefix("file://")
    driver_url = URL.create("sqlite", database=f"file:{quoted}", query={"mode": "rw", "uri": "true"})
    reader = create_engine(driver_url, pool_size=4, max_overflow=4)
    writer = create_engine(driver_url, pool_size=1, max_overflow=0)
    for engine, begin in ((reader, "BEGIN"), (writer, "BEGIN IMMEDIATE")):
        _set_up_sqlite(engine, begin)
    return Database(URL.create("sqlite", database=str(file)), reader, writer)


def _set_up_sqlite(engine: Engine, begin: str) -> None:
    """Durable, write-ahead, foreign keys on, deleted rows overwritten; transactions begun by us alone."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {SQLITE_WAIT_MS}")
        _write_ahead(cursor)
        for pragma in (
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


def _write_ahead(cursor: DBAPICursor) -> None:
    """Change to write-ahead; servers that start together wait here, since SQLite does not for this change."""
    end = time.monotonic() + MIGRATION_WAIT_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest revision; servers that start together wait for each other."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.connect() as connection, _patient(connection), connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def _patient(connection: Connection) -> Iterator[None]:
    """Wait longer than an answer may: on a slow disk, a server that makes the tables keeps others waiting."""
    if connection.dialect.name != "sqlite":
        yield
        return
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {MIGRATION_WAIT_MS}")
    yield
    cursor.execute(f"PRAGMA busy_timeout = {SQLITE_WAIT_MS}")
    cursor.close()


def wipe_traces(database: Database) -> None:
    """After a deletion, empty SQLite's write-ahead log, which still holds the deleted pages."""
    if database.file is None:
        return
    connection = database.reader.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
