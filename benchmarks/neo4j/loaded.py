"""A large memory, written without a look at what is there: for measures of reading, not of writing."""

from __future__ import annotations

from functools import cache
from uuid import uuid4

import neo4j

from benchmarks.neo4j.made import MODEL, change_sets
from graphmem.settings import Settings
from graphmem.store import open_store
from graphmem.store.cypher import question
from graphmem.store.dating import dated
from graphmem.store.join import Settled, Write
from graphmem.store.neo4j.connection import Connection, rows
from graphmem.store.neo4j.ground import Ground


@cache
def loaded(address: str, episodes: int, facts: int = 2) -> str:
    """Load so many episodes with so many facts each, once for each process, and return their tenant."""
    group_id = f"large {uuid4().hex[:8]}"
    store = open_store(address, group_id=group_id)
    store.bind(*MODEL)
    store.close()
    connection = Connection(address, Settings.read())
    written: set[str] = set()
    try:
        for revision, change in enumerate(change_sets(group_id, episodes=episodes, facts=facts, batch=1000), 1):
            new = [record for record in change.put if record.uuid not in written]
            written.update(record.uuid for record in new)
            writes = [Write(record, None, change.vectors.get(record.uuid)) for record in new]
            connection.write(_write, writes, group_id, revision)
    finally:
        connection.close()
    return group_id


def _write(tx: neo4j.ManagedTransaction, writes: list[Write], group_id: str, revision: int) -> None:
    ground = Ground(tx, group_id)
    ground.write(dated(Settled(writes, []), ground, group_id=group_id), revision, MODEL[1])
    rows(tx, question("store/unlock_tenant"), {"group_id": group_id, "revision": revision})
