"""Eight processes add overlapping episodes at once: do they end with the graph of one that adds them alone?"""

from __future__ import annotations

import json
import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from uuid import uuid4

from benchmarks.neo4j.made import MODEL, TURNS, change_sets
from graphmem.portable import export
from graphmem.store import MEMORY, open_store
from graphmem.store.contract import ChangeSet, Store

WRITERS = 8
SHARE = 2  # writers that add the same


def measure(address: str, *, episodes: int, large: int) -> dict[str, object]:
    """Return whether the graph is the same, transaction times apart, and how long the writers took."""
    group = f"writers {uuid4().hex}"
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=write, args=(address, group, episodes, number)) for number in range(WRITERS)]
    begun = time.perf_counter()
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    took = time.perf_counter() - begun
    if failed := [process.exitcode for process in processes if process.exitcode]:
        raise RuntimeError(f"{len(failed)} of {WRITERS} writers ended with an error")
    alone = open_store(MEMORY, group_id=group)
    alone.bind(*MODEL)
    for change in change_sets(group, episodes=episodes, batch=TURNS):
        alone.apply(change)
    together = open_store(address, group_id=group)
    equal = told(together) == told(alone) and together.counts() == alone.counts() and together.check() == []
    for store in (together, alone):
        store.close()
    return {"writers_equal": equal, "writers_s": round(took, 1)}


def write(address: str, group: str, episodes: int, number: int) -> None:
    """Add what one writer has to, which is what the one before it also has for a half, as learned just now."""
    store = open_store(address, group_id=group)
    store.bind(*MODEL)
    changes = list(change_sets(group, episodes=episodes, batch=TURNS))
    first = number * len(changes) // WRITERS
    for at in range(first, first + SHARE * -(-len(changes) // WRITERS)):
        store.apply(learned_now(changes[at % len(changes)]))
    store.close()


def learned_now(change: ChangeSet) -> ChangeSet:
    """Return a change set whose records are learned at this moment."""
    put = [record.model_copy(update={"created_at": datetime.now(timezone.utc)}) for record in change.put]
    return ChangeSet(group_id=change.group_id, put=put, vectors=change.vectors)


def told(store: Store) -> bytes:
    """Return what a store exports, without its revision and without the times of transactions."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.jsonl"
        export(store, path, model=MODEL[0])
        return b"".join(_timeless(path))


def _timeless(path: Path) -> Iterator[bytes]:
    with path.open("rb") as lines:
        for line in lines:
            fields = json.loads(line)
            for name in ("revision", "created_at", "expired_at"):
                fields.pop(name, None)
            yield json.dumps(fields, ensure_ascii=False).encode() + b"\n"
