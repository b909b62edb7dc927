"""The stores: one contract, SQLite and Neo4j behind it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from graphmem.errors import InvalidInput
from graphmem.model import check_name
from graphmem.results import Migration
from graphmem.settings import Settings
from graphmem.store import sqlite
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
    file = _file(address)
    if file is not None:
        return SQLiteStore(file, group_id=group_id, create=create)
    from graphmem.store.neo4j import Neo4jStore

    return Neo4jStore(str(address), group_id=group_id, settings=settings or Settings.read())


def migrate(
    address: str | Path,
    *,
    dry_run: bool = False,
    settings: Settings | None = None,
    progress: Callable[[str, int], None] | None = None,
) -> Migration:
    """Bring the database at an address to the schema of this graphmem, all tenants, or tell what that would do.

    A file does so by itself when it is opened; for a Neo4j this is the only way. After an interruption the same call
    goes on. `progress` is called with the step and the number of records done since. Raises what `open_store` raises.

    >>> migrate(":memory:").steps
    ()
    """
    file = _file(address)
    if file is not None:
        return sqlite.migrate(file, dry_run=dry_run)
    from graphmem.store.neo4j import migrate as migrate_neo4j

    return migrate_neo4j(str(address), settings or Settings.read(), dry_run=dry_run, progress=progress)


def _file(address: str | Path) -> str | None:
    """Return the file that an address names, ":memory:" for none; None for that of a Neo4j."""
    place = str(address)
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*)://", place)
    if not place.strip():
        raise InvalidInput("the address of the memory is empty: name a file, or bolt://host of a Neo4j")
    if not scheme:
        return place
    if scheme[1].lower() == "sqlite":
        path = place[scheme.end() :].removeprefix("/")
        if not path:
            raise InvalidInput(f"{place!r} names no file: write sqlite:///notes.db")
        return path
    if scheme[1].lower() in NEO4J_SCHEMES:
        return None
    raise InvalidInput(
        f"the address has the unknown scheme {scheme[1]!r}: name a file, sqlite:///file, bolt://host or neo4j://host"
    )


__all__ = ["MEMORY", "Store", "migrate", "open_store"]
