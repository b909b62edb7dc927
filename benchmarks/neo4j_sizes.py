"""How much room a memory takes in Neo4j: on disk by kind of file, and in the server's memory.

What is remembered is made up: turns of 30 words, each with vectors and a fact. Each size gets a server of its own, by
`docker/neo4j.py`, which takes the memory in, is stopped, and is read through by a second start. `store_mb` are Neo4j's
own files, which the page cache keeps; `lucene_mb` its vector and full-text indexes, which the system's file cache
keeps; `log_mb` the transaction logs, bounded by their retention. `load_peak_mb` and `read_peak_mb` are the most memory
that the server's process held, file mappings included (Linux only).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import click

from benchmarks.neo4j.made import MODEL, change_sets
from graphmem.store import open_store

GROUP = "sizes"
ENTITIES = 5000
LAUNCHER = Path(__file__).parent.parent / "docker" / "neo4j.py"
MB = 2**20


def launch(*arguments: object) -> str:
    """Run the launcher and return what it prints."""
    command = [sys.executable, str(LAUNCHER), *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


@contextmanager
def server(where: Sequence[object], *memory: object) -> Iterator[tuple[str, int]]:
    """Run a server, and give its address and its process."""
    address = launch("start", *where, "--port", 0, "--http-port", 0, *memory)
    try:
        [pid] = re.findall(r" pid (\d+)", launch("status", *where))
        yield address, int(pid)
    finally:
        launch("stop", *where)


def megabytes(folder: Path) -> int:
    return round(sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / MB)


def peak_mb(pid: int) -> int:
    [kilobytes] = re.findall(r"VmHWM:\s*(\d+)", Path(f"/proc/{pid}/status").read_text("utf-8"))
    return round(int(kilobytes) / 1024)


def measure(episodes: int, line: str, heap: str, pagecache: str) -> dict[str, Any]:
    """Measure a memory of one size."""
    with tempfile.TemporaryDirectory() as home:
        where, memory = ("--line", line, "--home", home), ("--heap", heap, "--pagecache", pagecache)
        with server(where, *memory) as (address, pid):
            start = time.perf_counter()
            store = open_store(address, group_id=GROUP)
            store.bind(*MODEL)
            for change in change_sets(GROUP, episodes=episodes, facts=1, entities=ENTITIES, batch=500):
                store.apply(change)
            store.close()
            load_s = time.perf_counter() - start
            load_peak = peak_mb(pid)
        data = Path(home, "data", "databases", "neo4j")
        indexes = data / "schema" / "index"
        lucene = sum(
            megabytes(folder) for folder in indexes.iterdir() if folder.name.startswith(("vector", "fulltext"))
        )
        with server(where, *memory) as (address, pid):
            store = open_store(address, group_id=GROUP)
            start = time.perf_counter()
            for _ in store.changes():
                pass
            read_s = time.perf_counter() - start
            counts = store.counts()
            store.close()
            return {
                **{f"{kind}s": counts[kind] for kind in ("episode", "fact")},
                "entities": counts["entity"],
                "store_mb": megabytes(data) - lucene,
                "lucene_mb": lucene,
                "log_mb": megabytes(Path(home, "data", "transactions", "neo4j")),
                "load_s": round(load_s),
                "read_s": round(read_s, 1),
                "load_peak_mb": load_peak,
                "read_peak_mb": peak_mb(pid),
            }


@click.command(help=__doc__)
@click.option("--episodes", "sizes", type=int, multiple=True, default=(5_000, 20_000, 50_000), show_default=True)
@click.option("--line", default="lts", show_default=True)
@click.option("--heap", default="512m", show_default=True)
@click.option("--pagecache", default="256m", show_default=True)
def main(sizes: tuple[int, ...], line: str, heap: str, pagecache: str) -> None:
    os.environ["NEO4J_PASSWORD"] = uuid4().hex
    measured = []
    for episodes in sizes:
        measured.append(measure(episodes, line, heap, pagecache))
        click.echo(measured[-1], err=True)
    print(json.dumps({"line": line, "heap": heap, "pagecache": pagecache, "sizes": measured}))


if __name__ == "__main__":
    main()
