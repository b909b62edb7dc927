"""Opening a large memory with and without a snapshot, following it from a second process, and searching in it.

`open_s` and `open_snapshot_s` are from making the `Memory` to its first answer, each in a fresh process, `peak_mb` is
what the first of them takes; `delta_s` is until a process that asks has taken in 1,000 changes of another;
`search_ratio` is a search over Neo4j over the same search in a SQLite file with the same data, medians, in turns.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import chain, islice
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any
from zlib import crc32

import click
import numpy as np
from numpy.typing import NDArray

from benchmarks.invented import WORDS
from benchmarks.neo4j.loaded import loaded, write
from benchmarks.neo4j.made import MODEL, change_sets
from graphmem.graph.vectors import unit
from graphmem.memory import Memory
from graphmem.settings import Settings
from graphmem.store import open_store
from graphmem.store.join import Write
from graphmem.store.neo4j.connection import Connection

FACTS, CHANGES, ROUNDS, QUESTIONS = 2, 1000, 5, 60


class Invented:
    """An embedding model that costs nothing: each text has a random vector of its own."""

    name, dimension = MODEL

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a vector for each text."""
        drawn = [np.random.default_rng(crc32(text.encode())).standard_normal(self.dimension) for text in texts]
        found: NDArray[np.float32] = unit(np.array(drawn).reshape(len(texts), self.dimension))
        return found


def measure(address: str, *, episodes: int, large: int) -> dict[str, object]:
    """Measure all of it on a memory of `large` episodes with two facts each."""
    group_id = loaded(address, large)
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GRAPHMEM_CACHE"] = folder
        with spawn.Pool(1, maxtasksperchild=1) as fresh:
            first = fresh.apply(opened, (address, group_id))
            again = fresh.apply(opened, (address, group_id))
            click.echo(f"opened in {first['s']:.2f} s, by the snapshot in {again['s']:.2f} s", err=True)
            file = Path(folder) / "same.db"
            copied(file, group_id, large)
            ratio = fresh.apply(compared, (address, str(file), group_id))
        here, there = spawn.Pipe()
        second = spawn.Process(target=follow, args=(there, address, group_id))
        second.start()
        delta_s = followed(here, address, group_id, large)
        second.join()
    return {
        "open_s": round(first["s"], 2),
        "open_snapshot_s": round(again["s"], 2),
        "delta_s": round(delta_s, 3),
        **ratio,
        "peak_mb": round(first["peak_mb"]),
    }


def opened(address: str, group_id: str) -> dict[str, float]:
    """Open a memory in this process, ask it something, and let it leave a snapshot."""
    start = time.perf_counter()
    with Memory(address, group_id=group_id, model=Invented(), index="process") as memory:
        memory.search("What did Nora1 Kell paint?")
        seconds = time.perf_counter() - start
    unit_of_peak = 1 if sys.platform == "darwin" else 1024
    return {"s": seconds, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit_of_peak / 2**20}


def copied(file: Path, group_id: str, episodes: int) -> None:
    """Write the same memory into a SQLite file."""
    store = open_store(str(file), group_id=group_id)
    store.bind(*MODEL)
    for change in change_sets(group_id, episodes=episodes, facts=FACTS, batch=1000):
        store.apply(change)
    store.close()


def compared(address: str, file: str, group_id: str) -> dict[str, float]:
    """Ask both the same questions, in turns."""
    rng = np.random.default_rng(2)
    taken: dict[str, list[float]] = {address: [], file: []}
    for place in (address, file):  # so that nothing is written any more while it is measured
        opened(place, group_id)
    memories = {place: Memory(place, group_id=group_id, model=Invented(), index="process") for place in (address, file)}
    for number in range(QUESTIONS + 5):
        words = " ".join(WORDS[at] for at in (rng.zipf(1.3, 4) - 1) % len(WORDS))
        question = f"What did Nora{int(rng.integers(2000))} Kell say about {words}?"
        for place in (address, file) if number % 2 else (file, address):
            start = time.perf_counter()
            memories[place].search(question)
            taken[place].append(1000 * (time.perf_counter() - start))
    for memory in memories.values():
        memory.close()
    neo4j_ms, sqlite_ms = (float(np.median(taken[place][5:])) for place in (address, file))
    return {
        "search_ms": round(neo4j_ms, 2),
        "search_sqlite_ms": round(sqlite_ms, 2),
        "search_ratio": round(neo4j_ms / sqlite_ms, 3),
    }


def follow(pipe: Pipe, address: str, group_id: str) -> None:
    """Be the second process: take in what is there when it is asked to, and tell how long that took."""
    with Memory(address, group_id=group_id, model=Invented(), index="process") as memory:
        memory.refresh()
        pipe.send(0.0)
        for _ in range(ROUNDS):
            revision = pipe.recv()
            start = time.perf_counter()
            assert memory.refresh() == revision
            pipe.send(time.perf_counter() - start)


def followed(pipe: Pipe, address: str, group_id: str, episodes: int) -> float:
    """Be the first process: write so many changes again and again; the median of what the second one tells."""
    pipe.recv()
    store = open_store(address, group_id=group_id)
    revision = store.revision()
    store.close()
    new: Any = chain.from_iterable(
        ((record, change.vectors.get(record.uuid)) for record in change.put if record.kind in ("episode", "fact"))
        for change in change_sets(
            group_id, episodes=CHANGES * ROUNDS, facts=FACTS, entities=max(10, episodes // 2), seed=1
        )
    )
    connection = Connection(address, Settings.read())
    taken = []
    for _ in range(ROUNDS):
        revision += 1
        writes = [Write(record, None, vectors) for record, vectors in islice(new, CHANGES)]
        connection.write(write, writes, group_id, revision)
        pipe.send(revision)
        taken.append(pipe.recv())
    connection.close()
    return float(np.median(taken))
