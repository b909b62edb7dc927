"""Change sets without models, over the raw limit: the same records by UNWIND batches with MERGE, in the same run."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar
from uuid import uuid4

import neo4j
import numpy as np

from benchmarks.invented import change_set
from benchmarks.neo4j.loaded import loaded
from benchmarks.neo4j.made import MODEL, change_sets, people
from graphmem.model import Fact, Record
from graphmem.settings import Settings
from graphmem.store import open_store
from graphmem.store.contract import ChangeSet, Store, Vectors
from graphmem.store.dating import dated
from graphmem.store.join import Ground, Settled, Stored, Write
from graphmem.store.neo4j.connection import Connection
from graphmem.store.neo4j.rows import ROWS, link_row, links_of, row_of

T = TypeVar("T")
FEW, MANY = 5_000, 50_000  # entities
BATCH = 64  # episodes in a change set, as `Memory.add_many` has them
TURN = 4  # change sets that are written by one, and then by the other

NODES = """
UNWIND $rows AS row
MERGE (record:Graphmem {uuid: row.uuid}) SET record:LABEL
SET record += row.properties
SET record += {created_at: datetime(row.times.created_at), expired_at: datetime(row.times.expired_at),
  reference_time: datetime(row.times.reference_time), valid_at: datetime(row.times.valid_at),
  invalid_at: datetime(row.times.invalid_at)}
WITH record, row WHERE row.vector IS NOT NULL
CALL db.create.setNodeVectorProperty(record, $property, row.vector)
"""
FACTS = """
UNWIND $rows AS row
MATCH (subject:Graphmem {uuid: row.subject}) MATCH (object:Graphmem {uuid: row.object})
MERGE (subject)-[fact:RELATES_TO {uuid: row.uuid}]->(object)
SET fact += row.properties
SET fact += {created_at: datetime(row.times.created_at), expired_at: datetime(row.times.expired_at),
  valid_at: datetime(row.times.valid_at), invalid_at: datetime(row.times.invalid_at)}
WITH fact, row WHERE row.vector IS NOT NULL
CALL db.create.setRelationshipVectorProperty(fact, $property, row.vector)
"""
LINKS = """
UNWIND $rows AS row
MATCH (source:Graphmem {uuid: row.source}) MATCH (target:Graphmem {uuid: row.target})
MERGE (source)-[link:TYPE]->(target) SET link += row.properties
"""


class Raw:
    """A plain load: for each label and type the rows of a list of records, so many in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.seconds = 0.0

    def write(self, records: Sequence[Record], vectors: Mapping[str, Vectors]) -> None:
        """Write records that are new; only what the driver and the server take is measured."""
        asked: dict[str, list[dict[str, object]]] = defaultdict(list)
        for record in sorted(records, key=lambda record: isinstance(record, Fact)):
            text = FACTS if isinstance(record, Fact) else NODES.replace("LABEL", type(record).__name__)
            asked[text].append(row_of(record, 1, vectors=vectors.get(record.uuid)))
        for link in (link for record in records for link in links_of(record)):
            asked[LINKS.replace("TYPE", link.type)].append(link_row(link))
        started = time.perf_counter()
        with self._connection.session() as session:
            for text, rows in asked.items():
                for first in range(0, len(rows), ROWS):
                    session.execute_write(_run, text, rows[first : first + ROWS])
        self.seconds += time.perf_counter() - started


def _run(tx: neo4j.ManagedTransaction, text: str, rows: list[dict[str, object]]) -> None:
    tx.run(text, rows=rows, property=f"embedding_{MODEL[1]}").consume()


class Ours:
    """The store, and how long it took."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.seconds = 0.0

    def write(self, changes: Iterable[ChangeSet]) -> None:
        """Apply change sets."""
        started = time.perf_counter()
        for change in changes:
            self._store.apply(change)
        self.seconds += time.perf_counter() - started


class Nothing(Ground):
    """A ground on which nothing is there yet."""

    def stored(self, uuids: Collection[str]) -> dict[str, Stored]:
        return {}

    def leaning(self, uuids: Collection[str]) -> dict[str, set[str]]:
        return {}


def measure(address: str, *, episodes: int, large: int) -> dict[str, object]:
    """Write the same records in turns, ours into one tenant and raw into another; then see whether size tells."""
    tenants = {name: f"{name} {uuid4().hex[:8]}" for name in ("raw", "ours", "warm")}
    stores = {name: open_store(address, group_id=group_id) for name, group_id in tenants.items()}
    connection = Connection(address, Settings.read())
    try:
        for store in stores.values():
            store.bind(*MODEL)
        warm = Raw(connection), Ours(stores["warm"])
        _turns(*warm, tenants["warm"], tenants["warm"] + " raw", BATCH * TURN * 2, FEW, set())
        raw, ours, seen = Raw(connection), Ours(stores["ours"]), set[str]()
        both = tenants["ours"], tenants["raw"]
        items = _turns(raw, ours, *both, episodes, FEW, seen)
        few = Raw(connection), Ours(stores["ours"])
        few_items = _turns(*few, *both, episodes // 2, FEW, seen, seed=1)
        loaded(address, large)
        many = Raw(connection), Ours(stores["ours"])
        rng = np.random.default_rng(3)
        for own, other in zip(*(_pages(people(group_id, MANY), ROWS) for group_id in both), strict=True):
            many[1].write([change_set(tenants["ours"], own, rng, width=MODEL[1])])
            change = change_set(tenants["raw"], other, rng, width=MODEL[1])
            many[0].write(list(_new([change], tenants["raw"], seen)), change.vectors)
        many = Raw(connection), Ours(stores["ours"])
        many_items = _turns(*many, *both, episodes // 2, MANY, seen, seed=2)
    finally:
        connection.close()
        for store in stores.values():
            store.close()
    return {
        "ingest_ratio": round(raw.seconds / ours.seconds, 2),
        "raw_items_per_s": round(items / raw.seconds),
        "items_per_s": round(items / ours.seconds),
        "episodes_per_min": round(60 * episodes / ours.seconds),
        "raw_items_per_s_at_5000_and_50000": [round(few_items / few[0].seconds), round(many_items / many[0].seconds)],
        "items_per_s_at_5000_and_50000": [round(few_items / few[1].seconds), round(many_items / many[1].seconds)],
        "ingest_50000_over_5000": round(many_items / many[1].seconds / (few_items / few[1].seconds), 2),
    }


def _turns(
    raw: Raw, ours: Ours, tenant: str, raw_tenant: str, episodes: int, entities: int, seen: set[str], *, seed: int = 0
) -> int:
    """Let both write the same by turns, each first every other time; return how many records that were."""
    mine = change_sets(tenant, episodes=episodes, entities=entities, batch=BATCH, seed=seed)
    theirs = change_sets(raw_tenant, episodes=episodes, entities=entities, batch=BATCH, seed=seed)
    items = 0
    for number, (own, other) in enumerate(zip(_pages(mine, TURN), _pages(theirs, TURN), strict=True)):
        records = list(_new(other, raw_tenant, seen))
        vectors = {uuid: rows for change in other for uuid, rows in change.vectors.items()}
        items += len(records)
        if number % 2:
            raw.write(records, vectors)
            ours.write(own)
        else:
            ours.write(own)
            raw.write(records, vectors)
    return items


def _new(changes: Sequence[ChangeSet], group_id: str, seen: set[str]) -> Iterator[Record]:
    """Yield what change sets have that was not seen before, periods too."""
    for change in changes:
        put = [Write(record, None, None) for record in change.put]
        for record, _, _ in dated(Settled(put, []), Nothing(), group_id=group_id).writes:
            if record.uuid not in seen:
                seen.add(record.uuid)
                yield record


def _pages(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while page := list(islice(iterator, size)):
        yield page
