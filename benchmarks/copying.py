"""How fast, and in how much memory, `graphmem copy` brings a memory into another store and back; both are compared.

The records are made up, the same ones every time, with vectors of 384 numbers. The first copy goes from a SQLite file
to `--store` (or NEO4J_URI), the second one back into another file; the third one finds that all is there already.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from uuid import uuid4

import click
import numpy as np

from graphmem.ingest import batches
from graphmem.model import Entity, Episode, Fact, Mention, Record
from graphmem.settings import Settings
from graphmem.store import open_store
from graphmem.store.contract import ChangeSet

DIMENSION = 384
FACTS = 5  # of each episode


def told(group_id: str, count: int) -> Iterator[list[Record]]:
    """Yield episodes with the people and facts that they tell of, `count` records in all or a few more."""
    draw, seen, made = random.Random(7), set[str](), 0
    start = datetime(2023, 1, 1, tzinfo=timezone.utc)
    for number in range(count):
        if made >= count:
            return
        known = {"group_id": group_id, "created_at": start + timedelta(minutes=number)}
        names = [f"Person {draw.randrange(count // 7)}" for _ in range(FACTS + 1)]
        people = {one.uuid: one for one in (Entity(**known, name=name, names=(name,)) for name in names)}
        text = f"{number}: {', '.join(names)} met, " + "and talked about many things, " * 6
        mentions = tuple(Mention(entity=uuid, start=0, end=6) for uuid in people)
        episode = Episode(**known, text=text, reference_time=known["created_at"], mentions=mentions)
        one, *others = people.values()
        facts = [
            Fact(
                **known,
                subject=one.name,
                subject_uuid=one.uuid,
                predicate="meet",
                object=other.name,
                object_uuid=other.uuid,
                fact=f"{one.name} meets {other.name}",
                episodes=(episode.uuid,),
            )
            for other in others
        ]
        records = [*people.values(), episode, *facts]
        made += len({record.uuid for record in records} - seen)
        seen.update(record.uuid for record in records)
        yield records


def fill(address: str, group_id: str, count: int) -> None:
    """Make the memory to copy."""
    draw = np.random.default_rng(7)
    store = open_store(address, group_id=group_id)
    store.bind("made up", DIMENSION)
    for several in batches(told(group_id, count), most=50, size=len):
        put = [record for records in several for record in records]
        vectors = {one.uuid: draw.normal(size=(1, DIMENSION)).astype(np.float16) for one in put}
        store.apply(ChangeSet(group_id=group_id, put=put, vectors=vectors))
    store.close()


@click.command()
@click.option("--records", default=20_000, show_default=True)
@click.option("--store", help="The other store; NEO4J_URI if not given.")
def main(records: int, store: str | None) -> None:
    """Measure copies between a SQLite file and another store."""
    there = store or Settings.read().address
    group_id, figures = f"copying {uuid4().hex}", {"records": 0}
    with tempfile.TemporaryDirectory() as folder:
        first, second = (str(Path(folder, name)) for name in ("one.db", "two.db"))
        fill(first, group_id, records)
        for what, source, target in (("there", first, there), ("back", there, second), ("again", first, there)):
            command = [sys.executable, "-m", "graphmem", "copy", source, target, "--group", group_id, "--json"]
            before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            copied = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
            seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
            figures["records"] = sum(copied["target"]["counts"].values())
            figures[f"{what}_per_s"] = round(figures["records"] / seconds)
            figures[f"{what}_cpu_s"] = round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1)
            figures["peak_mb"] = round(after.ru_maxrss / 1024)
            print(f"{what}: {figures['records']} records in {seconds:.1f} s", file=sys.stderr)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
