"""Records that are made up, for benchmarks that need many of them and read no text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

import numpy as np

from graphmem.graph.vectors import unit
from graphmem.model import Entity, Episode, Fact, Record
from graphmem.store.contract import ChangeSet

FIRST = ("Nora", "Ivo", "Mina", "Odo")
VERBS = ("know", "visit", "write to", "work with", "paint")
WORDS = [f"{a}{b}{c}" for a in ("ba", "ko", "ri", "tu") for b in ("len", "mar", "sto") for c in range(2500)]


def stated(episode: Episode, one: Entity, predicate: str, two: Entity, *, until: datetime | None = None) -> Fact:
    """Return what an episode states of two entities, as true since then."""
    return Fact(
        group_id=episode.group_id,
        created_at=episode.created_at,
        subject=one.name,
        subject_uuid=one.uuid,
        predicate=predicate,
        object=two.name,
        object_uuid=two.uuid,
        fact=f"{one.name} {predicate} {two.name}",
        valid_at=episode.reference_time,
        invalid_at=until,
        episodes=(episode.uuid,),
    )


def whole(record: Record) -> int:
    """Return how many vectors a record has, those of sentences left out."""
    return 1 + record.contextual if isinstance(record, Episode) else int(isinstance(record, Entity | Fact))


def change_set(
    group_id: str, put: Iterable[Record], rng: np.random.Generator, *, width: int, rows: Callable[[Record], int] = whole
) -> ChangeSet:
    """Return a change set of these records, each once, with as many random vectors as `rows` tells."""
    distinct = {record.uuid: record for record in put}
    counts = {uuid: count for uuid, record in distinct.items() if (count := rows(record))}
    drawn = unit(rng.standard_normal((sum(counts.values()), width), np.float32), dtype=np.float16)
    ends = np.cumsum(list(counts.values())).tolist()
    vectors = {uuid: drawn[end - counts[uuid] : end] for uuid, end in zip(counts, ends, strict=True)}
    return ChangeSet(group_id=group_id, put=list(distinct.values()), vectors=vectors)
