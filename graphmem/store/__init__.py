"""The stores: one contract, SQLite and Neo4j behind it."""

from __future__ import annotations

import re
from pathlib import Path

from graphmem.errors import InvalidInput
from graphmem.model import check_name
from graphmem.settings import Settings
from graphmem.store.contract import Store
from graphmem.store.sqlite import MEMORY, SQLiteStore

NEO4J_SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")


def open_store(
    address: str | Path, *, group_id: str = "default", create: bool = True, settings: Settings | None = None
) -> Store:
    """Open the store at an address for one tenant: a file, ":memory:", sqlite:///file, bolt://host or neo4j://host.

    `sqlite:///notes.db` is a file in this folder, `sqlite:////data/notes.db` an absolute one. User, password and
    database of a Neo4j come from the settings (NEO4J_USER, NEO4J_PASSWORD, NEO4J_DATABASE). Without `create` a file
    must exist. Raises `InvalidInput` for another scheme, `StoreUnavailable` or `StoreRejected` when it cannot be used.

    >>> open_store(":memory:").counts()["episode"]
    0
    """
    check_name(group_id, what="group_id")
    place = str(address)
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*)://", place)
    if not place.strip():
        raise InvalidInput("the address of the memory is empty: name a file, or bolt://host of a Neo4j")
    if not scheme:
        return SQLiteStore(place, group_id=group_id, create=create)
    if scheme[1].lower() == "sqlite":
        path = place[scheme.end() :].removeprefix("/")
        if not path:
            raise InvalidInput(f"{place!r} names no file: write sqlite:///notes.db")
        return SQLiteStore(path, group_id=group_id, create=create)
    if scheme[1].lower() in NEO4J_SCHEMES:
        from graphmem.store.neo4j import Neo4jStore

        return Neo4jStore(place, group_id=group_id, settings=settings or Settings.read())
    raise InvalidInput(
        f"the address has the unknown scheme {scheme[1]!r}: name a file, sqlite:///file, bolt://host or neo4j://host"
    )


__all__ = ["MEMORY", "Store", "open_store"]
