"""What graphmem makes in a Neo4j database, `cypher/schema/`: constraints, indexes and the version of it all."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple, TypeAlias

import neo4j
from neo4j import exceptions

from graphmem.errors import StoreRejected
from graphmem.store.cypher import for_dimension, question, statements
from graphmem.store.neo4j.connection import Connection, rows

VERSION: Final = 5  # of the schema in cypher/schema, and of what the records of a tenant carry
OLDEST: Final = 1
_THERE_NOW: Final = (
    "Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists",
    "Neo.ClientError.Schema.ConstraintAlreadyExists",
    "Neo.ClientError.Schema.IndexAlreadyExists",
)
_HINDERED: Final = (
    "Neo.ClientError.Schema.ConstraintCreationFailed",
    "Neo.DatabaseError.Schema.ConstraintCreationFailed",
    "Neo.ClientError.Schema.ConstraintValidationFailed",
)
BY_NAME: Final = ("FULLTEXT", "VECTOR")
"""Indexes of these types are asked by their name; range indexes and constraints may have any."""
_LOG = logging.getLogger("graphmem")

Shape: TypeAlias = tuple[str, bool, str, tuple[str, ...], tuple[str, ...]]
"""What an index is on: its type, whether it makes values unique, nodes or relationships, labels, properties."""


class Wanted(NamedTuple):
    """A constraint or an index as `cypher/schema` has it, and the statement that makes it."""

    name: str
    shape: Shape
    options: Mapping[str, str]
    text: str

    @property
    def what(self) -> str:
        """Say what it is in Cypher's words."""
        return "constraint" if self.shape[1] else "index"


class Known(NamedTuple):
    """An index of any name as the database has it."""

    name: str
    shape: Shape
    options: Mapping[str, str]
    state: str
    why: str

    @property
    def what(self) -> str:
        """Say what it is in Cypher's words."""
        return "constraint" if self.shape[1] else "index"


class Trouble(NamedTuple):
    """What is wrong with a constraint or an index, and what is there instead."""

    wanted: Wanted
    problem: str
    state: Literal["missing", "populating", "failed", "other", "blocked"]
    known: Known | None = None

    @property
    def ours(self) -> bool:
        """Whether what is there instead is graphmem's, so that it may be dropped."""
        return self.known is None or self.known.name.startswith("graphmem_")

    @property
    def drop(self) -> str:
        """Say how what is there instead is taken away by hand."""
        return f"DROP {self.known.what.upper()} `{self.known.name}`" if self.known else ""


class Opening(NamedTuple):
    """What a database tells when it is opened for a tenant."""

    version: int | None
    """Of the schema; None where graphmem was never before."""
    revision: int
    model: str | None
    dimension: int | None
    behind: bool
    """Whether records of an older version wait for `graphmem migrate`."""
    indexes: Sequence[Known]


def prepare(connection: Connection, *, group_id: str) -> Opening:
    """Make the schema where it is missing, and return what was there.

    Raises `StoreRejected` for a newer one, and for an older one that holds records: those are brought up to date by
    `graphmem migrate` only, since other processes may still work with the older version.
    """
    found = look(connection, group_id=group_id)
    refuse_newer(connection, found)
    if found.behind:
        raise StoreRejected(
            f"the database {connection.database or 'neo4j'!r} at {connection.address} has records of schema "
            f"{found.version if found.version != VERSION else 'before ' + str(VERSION)}, this graphmem needs "
            f"{VERSION}: stop who writes to it, then run graphmem migrate (--dry-run tells what it does)"
        )
    make_missing(connection, schema(found.dimension), found.indexes)
    if found.version != VERSION:
        note(connection, VERSION)
    return found


def look(connection: Connection, *, group_id: str) -> Opening:
    """Return what a database tells when it is opened for a tenant, in one transaction."""
    with connection.session() as session:
        return session.execute_read(_look, group_id)


def _look(tx: neo4j.ManagedTransaction, group_id: str) -> Opening:
    [row] = rows(tx, question("store/schema_version"), {"group_id": group_id, "version": VERSION})
    return Opening(
        row["version"], row["revision"] or 0, row["model"], row["dimension"], row["behind"], list(_indexes(tx))
    )


def refuse_newer(connection: Connection, found: Opening) -> None:
    """Raise `StoreRejected` for a schema that a newer graphmem made."""
    if found.version is not None and found.version > VERSION:
        raise StoreRejected(
            f"the database {connection.database or 'neo4j'!r} at {connection.address} has schema {found.version}, this "
            f"graphmem knows up to {VERSION}: upgrade graphmem"
        )


def note(connection: Connection, version: int) -> None:
    """Note of which version the schema is now."""
    connection.write(rows, question("store/set_schema_version"), {"version": version})


@lru_cache
def schema(dimension: int | None) -> tuple[Wanted, ...]:
    """Return the constraints and indexes that there have to be for embeddings of a dimension.

    >>> [wanted.name for wanted in schema(None) if wanted.shape[1]]
    ['graphmem_fact_uuid', 'graphmem_meta', 'graphmem_tenant', 'graphmem_uuid']
    """
    return tuple(_wanted(text) for text in statements("schema") + (for_dimension(dimension) if dimension else ()))


_KIND: Final = re.compile(r"CREATE (?:(RANGE|FULLTEXT|VECTOR) INDEX|CONSTRAINT) (graphmem_\w+)")
_ON: Final = re.compile(r"FOR \(\)-\[(\w+):(\w+)\]-\(\)|FOR \((\w+):(\w+)\)")
_OPTION: Final = re.compile(r"`([\w.]+)`: '?([\w-]+)'?")


def _wanted(text: str) -> Wanted:
    kind, on = _KIND.search(text), _ON.search(text)
    if kind is None or on is None:
        raise ValueError(f"this makes no constraint and no index: {text}")
    variable, label = on[1] or on[3], on[2] or on[4]
    properties = tuple(re.findall(rf"\b{variable}\.(\w+)", text[on.end() :]))
    shape = (kind[1] or "RANGE", kind[1] is None, "RELATIONSHIP" if on[1] else "NODE", (label,), properties)
    return Wanted(kind[2], shape, dict(_OPTION.findall(text)), text)


def indexes(connection: Connection) -> list[Known]:
    """Return all indexes of the database."""
    with connection.session() as session:
        return session.execute_read(lambda tx: list(_indexes(tx)))


def _indexes(tx: neo4j.ManagedTransaction) -> Iterator[Known]:
    for row in rows(tx, question("store/indexes"), {}):
        config: Mapping[str, Any] = (row["options"] or {}).get("indexConfig", {})
        shape = (
            row["type"],
            row["owningConstraint"] is not None,
            row["entityType"],
            tuple(row["labelsOrTypes"] or ()),
            tuple(row["properties"] or ()),
        )
        options = {name: str(value).lower() for name, value in config.items()}
        yield Known(row["name"], shape, options, row["state"], row["failureMessage"] or "")


def troubles(wanted: Iterable[Wanted], there: Collection[Known]) -> Iterator[Trouble]:
    """Yield what is wrong with each constraint and index: looked for by its name, and by what it is on."""
    named = {known.name: known for known in there}
    alike = {known.shape: known for known in there}
    for one in wanted:
        known, other = named.get(one.name), alike.get(one.shape)
        if known is None and other is not None and one.shape[0] not in BY_NAME:
            known = other
        what = f"the {one.what} {one.name}"
        if known is None:
            plain = alike.get((one.shape[0], False, *one.shape[2:]))
            hinders = other or (plain if one.shape[1] else None)
            if hinders is not None:
                yield Trouble(one, f"{what} is missing, {hinders.name} stands in its place", "blocked", hinders)
            else:
                yield Trouble(one, f"{what} is missing", "missing")
        elif known.shape != one.shape:
            yield Trouble(one, f"{what} is on {_told(known.shape)}, not on {_told(one.shape)}", "other", known)
        elif unlike := _unlike(known.options, one.options):
            yield Trouble(one, f"{what} has {unlike}", "other", known)
        elif known.state == "FAILED":
            yield Trouble(one, f"{what} has failed: {known.why.strip().partition(chr(10))[0]}", "failed", known)
        elif known.state != "ONLINE":
            yield Trouble(one, f"{what} is {known.state.lower()}", "populating", known)


def _unlike(options: Mapping[str, str], wanted: Mapping[str, str]) -> str:
    return ", ".join(
        f"{name} {options.get(name)}, not {value}" for name, value in wanted.items() if options.get(name) != value
    )


def _told(shape: Shape) -> str:
    kind, unique, entity, labels, properties = shape
    on = "-".join(labels) + "(" + ", ".join(properties) + ")"
    return f"{entity.lower()}s {on} as {'unique' if unique else kind.lower()}"


def make_missing(connection: Connection, wanted: Iterable[Wanted], there: Collection[Known] | None = None) -> None:
    """Make constraints and indexes, whoever else does the same right now, and wait until they can be used.

    What is there but of no use is left to `graphmem doctor --repair`, and so is a constraint that records hinder.
    """
    made = []
    for trouble in troubles(wanted, indexes(connection) if there is None else there):
        if trouble.known is not None and trouble.state == "populating":
            made.append(trouble.known.name)
        elif trouble.state == "missing" and make(connection, trouble.wanted):
            made.append(trouble.wanted.name)
        elif not trouble.ours and trouble.wanted.shape[0] in BY_NAME:
            raise StoreRejected(
                f"{trouble.problem} at {connection.address}: if nobody needs that one, run {trouble.drop} in Neo4j "
                "Browser and open the memory again"
            )
        else:
            _LOG.warning("%s: run graphmem doctor", trouble.problem)
    wait(connection, made)


def mend(connection: Connection, wanted: Iterable[Wanted]) -> list[Trouble]:
    """Make what is missing, and make anew what is there but of no use; return what could not be mended."""
    asked = list(wanted)
    for trouble in troubles(asked, indexes(connection)):
        if trouble.known is not None and trouble.ours and trouble.state != "populating":
            _drop(connection, trouble.known)
    for trouble in troubles(asked, indexes(connection)):
        if trouble.state == "missing":
            make(connection, trouble.wanted)
    names = [one.known.name for one in troubles(asked, indexes(connection)) if one.known and one.state == "populating"]
    wait(connection, names)
    return list(troubles(asked, indexes(connection)))


def make(connection: Connection, wanted: Wanted) -> bool:
    """Make a constraint or an index that is missing; False if the records that are there hinder a constraint."""
    with connection.session() as session:
        try:
            session.execute_write(rows, wanted.text, {})
        except exceptions.Neo4jError as error:
            if error.code in _HINDERED:
                return False
            if error.code not in _THERE_NOW:
                raise
    return True


def _drop(connection: Connection, known: Known) -> None:
    """Drop a constraint or an index of graphmem's, if it is still there."""
    if not re.fullmatch(r"graphmem_\w+", known.name):
        raise ValueError(f"{known.name!r} is no name of graphmem's")
    with connection.session() as session:
        session.run(f"DROP {known.what.upper()} {known.name} IF EXISTS").consume()


def wait(connection: Connection, names: Sequence[str]) -> None:
    """Wait until these indexes can be used; of one that fails meanwhile, the next who looks at it tells."""
    for name in names:
        with connection.session() as session:
            try:
                session.run(question("store/await_index"), name=name).consume()
            except exceptions.Neo4jError as error:
                if not any(known.name == name and known.state == "FAILED" for known in indexes(connection)):
                    raise error
