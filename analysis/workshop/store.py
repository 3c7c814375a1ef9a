"""The open store: reads at once, writes through the one writer."""

from __future__ import annotations

import atexit
from collections.abc import Callable
from concurrent.futures import Future
from functools import lru_cache
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy import URL, Connection, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from analysis.workshop.database import Database, StoreUnavailable, chosen_url, open_database, wipe_traces
from analysis.workshop.writer import Operation, Writer

T = TypeVar("T")
WRITE_WAIT_S = 15.0


class Store:
    """A workshop store: one database, any number of reading threads, one writing thread.

    Parameters
    ----------
    url : URL or None
        Database; None takes `HUBREACH_DATABASE_URL` or the user's data folder.
    """

    def __init__(self, url: URL | None = None) -> None:
        self.database: Database = open_database(url)
        self.writer = Writer(self.database)

    def read(self, query: Callable[[Connection], T]) -> T:
        """Run a query in one consistent view.

        Raises
        ------
        StoreUnavailable
            If the database cannot be reached.
        """
        try:
            with self.database.reader.begin() as connection:
                return query(connection)
        except (DBAPIError, PoolTimeoutError) as error:
            raise StoreUnavailable("the database does not answer") from error

    def submit(self, operation: Operation[T]) -> Future[T]:
        """Queue a change; the future is done after its commit."""
        return self.writer.submit(operation)

    def write(self, operation: Operation[T]) -> T:
        """Make a change and wait until it is on disk.

        Raises
        ------
        StoreUnavailable
            If it could not be committed, or not in time; the change may be tried again.
        """
        try:
            return self.submit(operation).result(WRITE_WAIT_S)
        except TimeoutError as error:
            raise StoreUnavailable("the database is slow to answer") from error

    def check(self) -> None:
        """Read, and take and give back the right to write.

        Raises
        ------
        StoreUnavailable
            If either is not to be had.
        """
        self.read(lambda connection: connection.execute(text("SELECT 1")))
        self.write(lambda connection: connection.execute(text("SELECT 1")))

    def wipe_traces(self) -> None:
        """Leave nothing of what was deleted in the database's logs."""
        wipe_traces(self.database)

    def close(self) -> None:
        """Write what is queued, then close every connection."""
        self.writer.close()
        self.database.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@lru_cache(maxsize=4)
def _open(rendered_url: str) -> Store:
    store = Store(make_url(rendered_url))
    atexit.register(store.close)
    return store


def shared_store() -> Store:
    """The one store of this process for the chosen database: pages and phone routes share its writer."""
    return _open(chosen_url().render_as_string(hide_password=False))
