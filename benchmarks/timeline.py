"""The timeline of one entity with many facts: `python -m benchmarks.timeline`, medians in milliseconds.

`timeline_ms` is from the call to all entries, `cpu_ms` the part of it that this process works, not waits.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import numpy as np

from graphmem.memory import Memory
from graphmem.model import Entity, Episode, Event, Fact, Participant, Record
from graphmem.store.contract import ChangeSet, Store

GROUP = "timeline"
LEARNED = datetime(2024, 1, 1, tzinfo=timezone.utc)


def happenings(count: int, *, seed: int) -> Iterator[Record]:
    """Yield an entity, and facts about it at random times with all that they need; every tenth one is an event."""
    rng = np.random.default_rng(seed)
    base = {"group_id": GROUP, "created_at": LEARNED}
    ada = Entity(**base, name="Ada Berg", type="PERSON", names=("Ada Berg",))
    yield ada
    for number, (at, length) in enumerate(zip(rng.integers(0, 9000, count), rng.integers(1, 400, count), strict=True)):
        start = datetime(2000, 1, 1, tzinfo=timezone.utc) + timedelta(days=int(at))
        end = None if length < 50 else start + timedelta(days=int(length))
        episode = Episode(**base, text=f"Ada Berg visited Town {number}.", reference_time=start)
        town = Entity(**base, name=f"Town {number}", type="LOC", names=(f"Town {number}",))
        yield from (episode, town)
        told = {"valid_at": start, "invalid_at": end, "granularity": "day", "episodes": (episode.uuid,)}
        if number % 10 == 9:
            people = [
                Participant(role=role, name=who.name, uuid=who.uuid) for role, who in (("agent", ada), ("at", town))
            ]
            yield Event(**base, predicate="visit", text=episode.text, participants=tuple(people), **told)
        else:
            ends = {"subject": ada.name, "subject_uuid": ada.uuid, "object": town.name, "object_uuid": town.uuid}
            yield Fact(**base, predicate="visit", fact=f"Ada Berg visits {town.name}", tense="past", **ends, **told)


def fill(store: Store, count: int, *, seed: int, batch_size: int = 3000) -> None:
    """Put what happened into a store, in change sets."""
    batch: list[Record] = []
    for record in happenings(count, seed=seed):
        batch.append(record)
        if len(batch) >= batch_size and isinstance(record, Fact):
            store.apply(ChangeSet(group_id=GROUP, put=batch))
            click.echo(f"revision {store.revision()}", err=True)
            batch = []
    store.apply(ChangeSet(group_id=GROUP, put=batch))


@click.command(help=__doc__)
@click.option("--facts", default=10_000, show_default=True, help="How many facts and events the entity has.")
@click.option("--store", help="Where to put them; a new SQLite file if not given.")
@click.option("--repeats", default=15, show_default=True)
@click.option("--seed", default=0, show_default=True, help="Of the random times.")
def main(facts: int, store: str | None, repeats: int, seed: int) -> None:
    with TemporaryDirectory() as folder, Memory(store or Path(folder, "timeline.db"), group_id=GROUP) as memory:
        fill(memory._store, facts, seed=seed)
        taken = []
        for _ in range(repeats):
            start, worked = time.perf_counter(), time.process_time()
            found = memory.timeline("Ada Berg")
            taken.append((time.perf_counter() - start, time.process_time() - worked))
        assert len(found) == facts, f"{len(found)} of {facts} are on the timeline"
        ms, cpu_ms = (1000 * np.median(taken, axis=0)).tolist()
        result = {"facts": facts, "timeline_ms": round(ms, 1), "cpu_ms": round(cpu_ms, 1)}
        print(json.dumps({**result, "rows_per_ms": round(facts / ms, 1)}))


if __name__ == "__main__":
    main()
