"""What the processes do that `test_neo4j_schema.py` starts."""

from __future__ import annotations

from multiprocessing.synchronize import Barrier

from graphmem.store import open_store


def open_at_once(address: str, group_id: str, ready: Barrier) -> None:
    """Open a database at the same moment as others, bind it to a model, and close it."""
    ready.wait()
    store = open_store(address, group_id=group_id)
    store.bind("compass", 4)
    store.close()
