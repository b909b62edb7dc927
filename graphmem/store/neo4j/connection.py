"""The connection to one Neo4j database: sessions that read their own writes, and errors in words that help."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Concatenate, Final, ParamSpec, TypeVar

import neo4j
from neo4j import exceptions

from graphmem.errors import InvalidInput, StoreError, StoreRejected, StoreUnavailable
from graphmem.settings import Settings
from graphmem.store.cypher import question

logging.getLogger("neo4j").addHandler(logging.NullHandler())  # what the driver retries is no news for the terminal
OLDEST: Final = (5, 26)
FETCHED: Final = 1000  # rows that come at a time

P = ParamSpec("P")
R = TypeVar("R")


class Connection:
    """The driver for one database, shared by threads; what one session wrote is there for the next, on a cluster too.

    Raises `StoreUnavailable` when the server or the database cannot be reached or refuses the user, `StoreRejected`
    when the server is too old.
    """

    def __init__(self, address: str, settings: Settings) -> None:
        self.address = address
        self.database = settings.neo4j_database
        self._user = settings.neo4j_user
        password = settings.neo4j_password
        self._has_password = password is not None
        self._closed = False
        try:
            self._driver = neo4j.GraphDatabase.driver(
                address,
                auth=(self._user, password.get_secret_value()) if password else None,
                telemetry_disabled=True,
                notifications_min_severity="OFF",
            )
        except (exceptions.ConfigurationError, ValueError) as error:
            raise self._unusable(error) from error
        self._bookmarks = neo4j.GraphDatabase.bookmark_manager()
        try:
            with self.explained():
                self.version = self._version()
        except ValueError as error:  # what the driver says of a host or port that cannot be
            self.close()
            raise self._unusable(error) from error
        except BaseException:
            self.close()
            raise

    def _unusable(self, error: Exception) -> InvalidInput:
        return InvalidInput(
            f"{self.address!r} cannot be used as the address of a Neo4j: {error}; write bolt://host:7687"
        )

    def _version(self) -> tuple[int, ...]:
        """Return the server's version as (5, 26) or (2026, 8); refuse one that is too old, or no Neo4j."""
        agent = self._driver.get_server_info().agent
        version = tuple(int(part) for part in re.findall(r"\d+", agent.partition("/")[2])[:2])
        if not agent.startswith("Neo4j/") or version < OLDEST:
            raise StoreRejected(f"{self.address} is {agent}; graphmem needs Neo4j {OLDEST[0]}.{OLDEST[1]} or newer")
        return version

    @contextmanager
    def session(self, access: str = neo4j.WRITE_ACCESS) -> Iterator[neo4j.Session]:
        """Open a session; what goes wrong in it is told in our words."""
        self._refuse_if_closed()
        with (
            self.explained(),
            self._driver.session(
                database=self.database,
                default_access_mode=access,
                fetch_size=FETCHED,
                bookmark_manager=self._bookmarks,
            ) as session,
        ):
            yield session

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise StoreUnavailable(f"the memory {self.address} is closed: open it again")

    def read(self, text: str, **parameters: object) -> list[neo4j.Record]:
        """Return all rows that answer a query."""
        self._refuse_if_closed()
        with self.explained():
            return self._driver.execute_query(  # one journey less than a session's transaction, and as safe
                text,
                parameters,
                routing_=neo4j.RoutingControl.READ,
                database_=self.database,
                bookmark_manager_=self._bookmarks,
            ).records

    def stream(self, text: str, **parameters: object) -> Iterator[neo4j.Record]:
        """Yield the rows that answer a query as they come."""
        with self.session(neo4j.READ_ACCESS) as session:
            yield from session.run(text, parameters)

    def write(
        self,
        work: Callable[Concatenate[neo4j.ManagedTransaction, P], R],
        *arguments: P.args,
        **named: P.kwargs,
    ) -> R:
        """Do some work in one transaction, and do it again if it could not be committed for a passing reason."""
        with self.session() as session:
            return session.execute_write(work, *arguments, **named)

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Tell what Neo4j has against it in our words."""
        try:
            yield
        except exceptions.Neo4jError as error:
            code = error.code or ""
            if code.startswith("Neo.ClientError.Security"):
                raise StoreUnavailable(
                    f"Neo4j at {self.address} refuses the user {self._user!r} ({code.rpartition('.')[2]}"
                    f"{'' if self._has_password else ', no password is set'}): check NEO4J_USER and NEO4J_PASSWORD"
                ) from error
            if code == "Neo.ClientError.Database.DatabaseNotFound":
                raise StoreUnavailable(
                    f"Neo4j at {self.address} has no database {self.database!r}: check NEO4J_DATABASE"
                ) from error
            if code.startswith("Neo.TransientError"):
                raise StoreUnavailable(f"Neo4j at {self.address} is busy ({error.message}): try again") from error
            raise StoreError(f"Neo4j at {self.address} refused: {error.message} ({code})") from error
        except (exceptions.ServiceUnavailable, exceptions.SessionExpired, OSError) as error:
            reason = str(error).partition("\n")[0].rstrip(": ")
            raise StoreUnavailable(
                f"Neo4j does not answer at {self.address} ({reason}): is it running? See docker/README.md"
            ) from error
        except exceptions.DriverError as error:
            raise StoreError(f"Neo4j at {self.address}: {error}") from error

    def close(self) -> None:
        """Let go of the server; closing twice is fine."""
        self._closed = True
        self._driver.close()


def rows(tx: neo4j.ManagedTransaction, text: str, parameters: Mapping[str, object]) -> list[neo4j.Record]:
    """Return all rows that answer a query within a transaction."""
    return list(tx.run(text, dict(parameters)))


def one(tx: neo4j.ManagedTransaction, /, name: str, **parameters: object) -> neo4j.Record:
    """Return the one row that answers a question of `cypher/` within a transaction."""
    return rows(tx, question(name), parameters)[0]
