"""What graphmem makes in a Neo4j database, `cypher/schema/`: constraints, indexes and the version of it all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from neo4j import exceptions

from graphmem.errors import StoreRejected
from graphmem.store.cypher import for_dimension, question, statements
from graphmem.store.neo4j.connection import Connection, rows

VERSION: Final = 3  # of the schema in cypher/schema


def prepare(connection: Connection, *, group_id: str) -> int | None:
    """Make the schema where it is missing, and return the version that was there.

    Raises `StoreRejected` for a newer one.
    """
    [row] = connection.read(question("store/schema_version"))
    made: int | None = row["version"]
    if made is not None and made > VERSION:
        raise StoreRejected(
            f"the database {connection.database!r} at {connection.address} has schema {made}, this graphmem knows up "
            f"to {VERSION}: upgrade graphmem"
        )
    tenants = connection.read(question("store/tenant"), group_id=group_id)
    make_missing(connection, schema(tenants[0]["dimension"] if tenants else None))
    return made


def note(connection: Connection) -> None:
    """Note that the schema is of this version now."""
    connection.write(rows, question("store/set_schema_version"), {"version": VERSION})


def schema(dimension: int | None) -> dict[str, str]:
    """Return the statements that make constraints and indexes, by the name of what they make."""
    texts = statements("schema") + (for_dimension(dimension) if dimension else ())
    return {name[0]: text for text in texts if (name := re.search(r"graphmem_\w+", text))}


def make_missing(connection: Connection, schema: Mapping[str, str]) -> None:
    """Make constraints and indexes, whoever else does the same right now, and wait until they can be used."""
    there = states(connection)
    missing = [text for name, text in schema.items() if name not in there]
    for text in missing:
        _make(connection, text)
    if missing:
        with connection.session() as session:
            session.run(question("store/await_indexes")).consume()


def states(connection: Connection) -> dict[str, str]:
    """Return the state of each index of graphmem's, by name."""
    return {row["name"]: row["state"] for row in connection.read(question("store/indexes"))}


def _make(connection: Connection, text: str) -> None:
    with connection.session() as session:
        try:
            session.execute_write(rows, text, {})
        except exceptions.ClientError as error:
            if error.code != "Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists":
                raise
