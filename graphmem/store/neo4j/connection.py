"""The connection to one Neo4j database: sessions that read their own writes, and errors in words that help."""

from __future__ import annotations

import logging
import os
import re
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Concatenate, Final, ParamSpec, TypeVar

import neo4j
from neo4j import exceptions

from graphmem.errors import InvalidInput, StoreError, StoreRejected, StoreUnavailable
from graphmem.settings import Settings
from graphmem.store.cypher import question

logging.getLogger("neo4j").addHandler(logging.NullHandler())  # what the driver retries is no news for the terminal
OLDEST: Final = (5, 26)
FETCHED: Final = 1000  # rows that come at a time
AGAIN: Final = 3  # times that a transaction is done once more where the driver does not do it
CLOSING: Final = 5.0  # seconds to wait for transactions under way
IDLE: Final = 1.0  # seconds after which a connection is looked at before it is used again

P = ParamSpec("P")
R = TypeVar("R")


class Connection:
    """The driver for one database, shared by threads; what one session wrote is there for the next, on a cluster too.

    Raises `StoreUnavailable` when the server or the database cannot be reached or refuses the user, `StoreRejected`
    when the server is too old.
    """

    def __init__(self, address: str, settings: Settings) -> None:
        self.address = _checked(address)
        self.database = settings.neo4j_database
        self._user = settings.neo4j_user
        self._secret = next((name for name in ("token", "password") if getattr(settings, f"neo4j_{name}")), None)
        self._longest = settings.neo4j_transaction_timeout
        self._patience = settings.neo4j_timeout
        self._process = os.getpid()
        self._closed = False
        self._working = 0
        self._done_working = threading.Condition()
        try:
            self._driver = neo4j.GraphDatabase.driver(
                address,
                auth=_auth(settings),
                connection_timeout=settings.neo4j_timeout,
                connection_write_timeout=settings.neo4j_timeout,
                connection_acquisition_timeout=settings.neo4j_timeout,
                max_transaction_retry_time=settings.neo4j_timeout,
                liveness_check_timeout=IDLE,
                telemetry_disabled=True,
                notifications_min_severity="OFF",
            )
        except (exceptions.ConfigurationError, ValueError) as error:
            raise self._unusable(error) from error
        self._bookmarks = neo4j.GraphDatabase.bookmark_manager()
        try:
            with self.explained():
                self._require_new_enough()
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

    def _require_new_enough(self) -> None:
        """Refuse a server that is too old, or no Neo4j."""
        agent = self._driver.get_server_info().agent
        version = tuple(int(part) for part in re.findall(r"\d+", agent.partition("/")[2])[:2])
        if not agent.startswith("Neo4j/") or version < OLDEST:
            raise StoreRejected(f"{self.address} is {agent}; graphmem needs Neo4j {OLDEST[0]}.{OLDEST[1]} or newer")

    @contextmanager
    def session(self, access: str = neo4j.WRITE_ACCESS) -> Iterator[neo4j.Session]:
        """Open a session; what goes wrong in it is told in our words."""
        with self.explained(), self._session(access) as session:
            yield session

    def _session(self, access: str = neo4j.WRITE_ACCESS) -> neo4j.Session:
        self._refuse_if_gone()
        return self._driver.session(
            database=self.database,
            default_access_mode=access,
            fetch_size=FETCHED,
            bookmark_manager=self._bookmarks,
        )

    def _refuse_if_gone(self) -> None:
        if self._closed:
            raise self._gone()
        if self._process != os.getpid():
            raise StoreUnavailable(
                f"the memory {self.address} was opened by another process, before a fork: open it again in this one"
            )

    def _gone(self) -> StoreUnavailable:
        return StoreUnavailable(f"the memory {self.address} is closed: open it again")

    def read(self, text: str, **parameters: object) -> list[neo4j.Record]:
        """Return all rows that answer a query."""

        def asked() -> list[neo4j.Record]:
            self._refuse_if_gone()
            return self._driver.execute_query(  # one journey less than a session's transaction, and as safe
                text,
                parameters,
                routing_=neo4j.RoutingControl.READ,
                database_=self.database,
                bookmark_manager_=self._bookmarks,
            ).records

        return self._done(asked)

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
        """Do some work in one transaction, and do it again if it could not be committed for a passing reason.

        It has to be work that changes nothing the second time, since it may have been committed the first time.
        """
        bounded = neo4j.unit_of_work(timeout=self._longest)(work)

        def written() -> R:
            with self._session() as session:
                return session.execute_write(bounded, *arguments, **named)

        return self._done(written)

    def _done(self, work: Callable[[], R]) -> R:
        """Do a transaction, which the driver tries again, once more where it does not.

        That is where the connection breaks after COMMIT was sent, so that nobody knows whether it was done, and where
        it breaks just after it was made, which the driver does not expect.
        """
        with self.explained(), self._at_work():
            for _ in range(AGAIN):
                with suppress(exceptions.IncompleteCommit, OSError):
                    return work()
            return work()

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        """Let `close` know that a connection is in use, which the driver cannot close meanwhile."""
        with self._done_working:
            self._working += 1
        try:
            yield
        finally:
            with self._done_working:
                self._working -= 1
                self._done_working.notify_all()

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Tell what Neo4j has against it in our words."""
        try:
            yield
        except exceptions.Neo4jError as error:
            raise self._refusal(error) from error
        except exceptions.IncompleteCommit as error:
            raise StoreUnavailable(
                f"the connection to Neo4j at {self.address} broke {AGAIN + 1} times before all was said to be "
                "done: do it again, what is stored already stays as it is"
            ) from error
        except (exceptions.DriverError, OSError) as error:
            if self._closed:
                raise self._gone() from error
            if isinstance(error, exceptions.DriverError) and not error.is_retryable():
                raise StoreError(f"Neo4j at {self.address}: {error}") from error
            reason = str(error).partition("\n")[0].rstrip(": ")
            advice = _advice(error, self._patience)
            raise StoreUnavailable(f"Neo4j does not answer at {self.address} ({reason}): {advice}") from error
        except (UnicodeEncodeError, OverflowError) as error:  # of a text or number that no property can hold
            raise InvalidInput(f"it cannot be written to Neo4j: {error}") from error

    def _refusal(self, error: exceptions.Neo4jError) -> StoreError:
        """Return what the server refused in our words."""
        code, here = error.code or "", f"Neo4j at {self.address}"
        name = code.rpartition(".")[2]
        match code.split(".")[1:]:
            case ["ClientError", "Security", _]:
                asked = "the token" if self._secret == "token" else f"the user {self._user!r}"
                missing = "" if self._secret else ", no password is set"
                check = "NEO4J_TOKEN" if self._secret == "token" else "NEO4J_USER and NEO4J_PASSWORD"
                return StoreUnavailable(f"{here} refuses {asked} ({name}{missing}): check {check}")
            case ["ClientError", "Database", "DatabaseNotFound"]:
                return StoreUnavailable(f"{here} has no database {self.database!r}: check NEO4J_DATABASE")
            case [_, _, "TransactionTimedOut" | "TransactionTimedOutClientConfiguration" | "LockClientStopped"]:
                return StoreUnavailable(
                    f"{here} ended a transaction, which had {self._longest:g} s; another writer held it up, there was "
                    "too much in it, or the server stops: try again, write less at once, or set "
                    "NEO4J_TRANSACTION_TIMEOUT to more"
                )
            case [_, _, "WriteOnReadOnlyAccessDatabase" | "ForbiddenOnReadOnlyDatabase"]:
                return StoreUnavailable(
                    f"the database {self.database!r} of {here} is read-only: take it out of "
                    "server.databases.read_only, or if its disk is full make room, and start the server again"
                )
            case ["DatabaseError", "Database" | "General" | "Transaction", _]:
                message = re.sub(r" \{[^}]*\}", "", error.message or "")  # what a transaction was is for its log
                return StoreUnavailable(
                    f"{here} failed ({message}): look into its log, make room first if its disk is full, then stop it "
                    "and start it again"
                )
            case ["TransientError", *_]:
                return StoreUnavailable(f"{here} is busy ({error.message}): try again")
            case _:
                return StoreError(f"{here} refused: {error.message} ({code})")

    def close(self) -> None:
        """Let go of the server, after the transactions under way, if they do not last; closing twice is fine."""
        self._closed = True
        if self._process == os.getpid():  # else the connections are still those of the process that was forked
            with self._done_working:
                self._done_working.wait_for(lambda: not self._working, timeout=CLOSING)
            self._driver.close()


def _checked(address: str) -> str:
    """Return an address without a user or a password in it; raises `InvalidInput` for one with."""
    scheme, _, rest = address.partition("://")
    if "@" in rest:
        bare = f"{scheme}://{rest.rpartition('@')[2]}"
        raise InvalidInput(f"the address has a user in it: set NEO4J_USER and NEO4J_PASSWORD, and write {bare}")
    return address


def _auth(settings: Settings) -> neo4j.Auth | tuple[str, str] | None:
    if settings.neo4j_token:
        return neo4j.bearer_auth(settings.neo4j_token.get_secret_value())
    password = settings.neo4j_password
    return (settings.neo4j_user, password.get_secret_value()) if password else None


def _advice(error: BaseException | None, patience: float) -> str:
    """Return what to do about a server that does not answer in so many seconds."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted ({error.verify_message}): name it in SSL_CERT_FILE, or write +ssc"
        if isinstance(error, TimeoutError):
            return f"is it running? If the network is slow set NEO4J_TIMEOUT to more than {patience:g}"
        error = error.__cause__ or error.__context__
    return "is it running? See docker/README.md"


def rows(tx: neo4j.ManagedTransaction, text: str, parameters: Mapping[str, object]) -> list[neo4j.Record]:
    """Return all rows that answer a query within a transaction."""
    return list(tx.run(text, dict(parameters)))


def one(tx: neo4j.ManagedTransaction, /, name: str, **parameters: object) -> neo4j.Record:
    """Return the one row that answers a question of `cypher/` within a transaction."""
    return rows(tx, question(name), parameters)[0]
