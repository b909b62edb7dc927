"""How much room a memory takes in Neo4j, as it grows: on disk by kind of file, and in the server's memory.

What is remembered is made up: turns of 30 words, each with vectors and a fact, on a server that `docker/neo4j.py`
starts for it, and stops to look at its files. `store_mb` are Neo4j's own files, which the page cache keeps; `lucene_mb`
its vector and full-text indexes, which the system's file cache keeps; `log_mb` the transaction logs, bounded by their
retention. `peak_mb` is the most memory that the server held while it took that in and all was read, file mappings
included (Linux only).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import click

from benchmarks.neo4j.made import MODEL, change_sets
from graphmem.store import Store, open_store

GROUP, ENTITIES, BATCH, MB = "sizes", 5000, 500, 2**20
LAUNCHER = Path(__file__).parent.parent / "docker" / "neo4j.py"


def launch(*arguments: object) -> str:
    """Run the launcher and return what it prints."""
    command = [sys.executable, str(LAUNCHER), *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def megabytes(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / MB


def peak_mb(pid: int) -> int:
    [kilobytes] = re.findall(r"VmHWM:\s*(\d+)", Path(f"/proc/{pid}/status").read_text("utf-8"))
    return int(kilobytes) // 1024


def read(store: Store) -> dict[str, Any]:
    """Read the memory, and count what is in it."""
    start = time.perf_counter()
    for _ in store.changes():
        pass
    read_s, counts = time.perf_counter() - start, store.counts()
    found = {"episodes": counts["episode"], "entities": counts["entity"], "facts": counts["fact"]}
    return {**found, "read_s": round(read_s, 1)}


def on_disk(home: Path) -> dict[str, int]:
    """Look at the files of a stopped server, which has written down all that it kept in memory."""
    data = home / "data" / "databases" / "neo4j"
    indexes = (data / "schema" / "index").iterdir()
    lucene = sum(megabytes(folder) for folder in indexes if folder.name.startswith(("vector", "fulltext")))
    logs = megabytes(home / "data" / "transactions" / "neo4j")
    return {"store_mb": round(megabytes(data) - lucene), "lucene_mb": round(lucene), "log_mb": round(logs)}


@click.command(help=__doc__)
@click.option("--episodes", "sizes", type=int, multiple=True, default=(5_000, 20_000, 50_000), show_default=True)
@click.option("--line", default="lts", show_default=True)
@click.option("--heap", default="512m", show_default=True)
@click.option("--pagecache", default="256m", show_default=True)
def main(sizes: tuple[int, ...], line: str, heap: str, pagecache: str) -> None:
    os.environ["NEO4J_PASSWORD"] = uuid4().hex
    found = []
    changes = enumerate(change_sets(GROUP, episodes=max(sizes), facts=1, entities=ENTITIES, batch=BATCH), 1)
    with tempfile.TemporaryDirectory() as home:
        where = ("--line", line, "--home", home)
        for size in sorted(sizes):
            address = launch("start", *where, "--port", 0, "--http-port", 0, "--heap", heap, "--pagecache", pagecache)
            try:
                [pid] = re.findall(r" pid (\d+)", launch("status", *where))
                store = open_store(address, group_id=GROUP)
                store.bind(*MODEL)
                for number, change in changes:
                    store.apply(change)
                    if number * BATCH >= size:
                        break
                seen = {**read(store), "peak_mb": peak_mb(int(pid))}
                store.close()
            finally:
                launch("stop", *where)
            found.append({**seen, **on_disk(Path(home))})
            click.echo(found[-1], err=True)
    print(json.dumps({"line": line, "heap": heap, "pagecache": pagecache, "sizes": found}))


if __name__ == "__main__":
    main()
