"""The store in a Neo4j database; `cypher/` has every query that it asks, `cypher/schema/README.md` what it makes."""

from __future__ import annotations

from contextlib import closing

from graphmem.results import Migration
from graphmem.settings import Settings
from graphmem.store.neo4j.connection import Connection
from graphmem.store.neo4j.migrate import Progress, bring_up
from graphmem.store.neo4j.store import Neo4jStore


def migrate(address: str, settings: Settings, *, dry_run: bool, progress: Progress | None = None) -> Migration:
    """Bring a database of an older schema up to date, or tell what that would do."""
    with closing(Connection(address, settings)) as connection:
        return bring_up(connection, dry_run=dry_run, progress=progress)


__all__ = ["Neo4jStore", "migrate"]
