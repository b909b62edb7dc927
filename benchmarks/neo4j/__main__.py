"""How the Neo4j store does, part by part, on a server that is started for it or named by NEO4J_URI.

ingest: change sets without models, over the raw limit (UNWIND batches with MERGE on the same constraints and indexes).
opening: a memory of many facts opened with and without a snapshot, a second process that follows. serving: searches on
the server over one raw hybrid call, and how they agree with those in the process. tenants: a small tenant beside a
large one. writers: eight processes with overlapping episodes end in the graph of one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import click

LAUNCHER = Path(__file__).parents[2] / "docker" / "neo4j.py"
PARTS = ("ingest", "opening", "serving", "tenants", "writers")


@contextmanager
def server(*, heap: str) -> Iterator[str]:
    """Give the address of the server in NEO4J_URI, or of one that runs while it is needed; NEO4J_PASSWORD is set."""
    if "NEO4J_URI" in os.environ:
        yield os.environ["NEO4J_URI"]
        return
    with tempfile.TemporaryDirectory() as home:
        os.environ["NEO4J_PASSWORD"] = uuid4().hex
        command = [sys.executable, LAUNCHER, "start", "--home", home, "--port", "0", "--http-port", "0", "--heap", heap]
        started = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        try:
            yield started.stdout.strip()
        finally:
            subprocess.run([sys.executable, LAUNCHER, "stop", "--home", home], check=True, stdout=subprocess.DEVNULL)


@click.command(help=__doc__)
@click.option("--episodes", type=click.IntRange(min=100), default=2000, show_default=True, help="Of the smaller parts.")
@click.option("--large", type=click.IntRange(min=100), default=50_000, show_default=True, help="Episodes to open.")
@click.option("--only", type=click.Choice(PARTS), multiple=True, help="Only these parts; all of them if not given.")
@click.option("--heap", default="2g", show_default=True, help="Of the server that is started.")
def main(episodes: int, large: int, only: tuple[str, ...], heap: str) -> None:
    """Measure each part, and print one JSON object."""
    found: dict[str, object] = {}
    with server(heap=heap) as address:
        for part in only or PARTS:
            click.echo(f"{part} ...", err=True)
            found |= import_module(f"benchmarks.neo4j.{part}").measure(address, episodes=episodes, large=large)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
