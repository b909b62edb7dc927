"""A Neo4j database as one change set sees it, within the transaction that writes."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import neo4j

from graphmem.model import Entity, Episode, Event, Fact, Period, utc
from graphmem.resolve.same import Scene
from graphmem.resolve.truth import Said
from graphmem.store.believing import believed
from graphmem.store.contract import ChangeSet
from graphmem.store.cypher import picked, question
from graphmem.store.dating import dated
from graphmem.store.join import Settled, Stored, Write, differences, settle
from graphmem.store.merging import merged
from graphmem.store.neo4j.connection import one
from graphmem.store.neo4j.rows import (
    CLAUSES,
    Link,
    batches,
    embedding,
    key_word,
    link_row,
    links_of,
    periods_of,
    record_of,
    row_of,
)

MANY: Final = 2**31 - 1  # more than any limit of the full-text index


def apply(tx: neo4j.ManagedTransaction, change: ChangeSet, *, group_id: str) -> int:
    """Apply a change set and return the revision of the tenant; unchanged if nothing was new."""
    tenant = one(tx, "store/lock_tenant", group_id=group_id)
    revision, dimension = tenant["revision"], tenant["dimension"]
    ground = Ground(tx, group_id)
    settled = settle(change, ground, group_id=group_id, dimension=dimension)
    settled = dated(settled, ground, group_id=group_id)
    if not settled.writes and not settled.removed:
        revision -= 1
        tx.run(question("store/unlock_tenant"), group_id=group_id, revision=revision).consume()
    else:
        ground.write(settled, revision, dimension)
        done = [*settled.writes]
        for writes in merged(settled, ground):
            ground.write(Settled(writes, []), revision, dimension)
            done += writes
        versions = dated(believed(done, settled.removed, ground), ground, group_id=group_id)
        ground.write(versions, revision, dimension)
        if settled.removed or versions.removed:
            tx.run(question("store/break_seals"), group_id=group_id).consume()
    return int(revision)


class Ground:
    """The store as one change set sees it, within the transaction that writes."""

    def __init__(self, tx: neo4j.ManagedTransaction, group_id: str) -> None:
        self._tx = tx
        self._group_id = group_id
        self._buried: set[str] = set()

    def stored(self, uuids: Collection[str]) -> dict[str, Stored]:
        """Return the records of this tenant that exist among the uuids."""
        found = {}
        for tell in ("nodes", "facts"):
            for row in self._run(picked(tell, tell), uuids=sorted(uuids), vectors=False) if uuids else ():
                if "Tombstone" in row["labels"]:
                    self._buried.add(row["properties"]["uuid"])
                else:
                    found[row["properties"]["uuid"]] = Stored(record_of(row), row["embedded"])
        return found

    def leaning(self, uuids: Collection[str]) -> Mapping[str, Collection[str]]:
        """Return for each uuid the records that refer to it or rest on it."""
        rows = self._run(question("store/leaning"), uuids=sorted(uuids))
        found = {row["target"]: set(row["sources"]) for row in rows}
        for some in batches([row["target"] for row in rows if row["episode"]], CLAUSES):
            for row in self._run(question("store/resting"), uuids=some, words=" ".join(some)):
                found[row["target"]].update(row["sources"])
        return found

    def entities(self, uuids: Collection[str]) -> dict[str, Entity]:
        """Return the entities of this tenant that exist among the uuids."""
        rows = self._run(picked("nodes", "nodes"), uuids=sorted(uuids), vectors=False) if uuids else []
        records = [record_of(row) for row in rows if "Entity" in row["labels"]]
        return {record.uuid: record for record in records if isinstance(record, Entity)}

    def keyed(self, keys: Collection[str], *, most: int | None = None) -> Mapping[str, Collection[str]]:
        """Return the entities that have each key; at least `most` + 1 of those of more than `most`."""
        return self._with_keys("store/keyed", keys, MANY if most is None else most + 1)

    def claiming(self, keys: Collection[str]) -> Mapping[str, Collection[str]]:
        """Return the facts that have each key."""
        return self._with_keys("store/claiming", keys, MANY)

    def _with_keys(self, name: str, keys: Collection[str], limit: int) -> Mapping[str, Collection[str]]:
        words = {key_word(self._group_id, key): key for key in keys}
        found: dict[str, list[str]] = {}
        for batch in batches(sorted(words)):
            for row in self._run(question(name), words=batch, limit=limit):
                found[words[row["word"]]] = row["uuids"]
        return found

    def wholes(self, uuids: Collection[str]) -> Mapping[str, str]:
        """Return for each uuid the entity that it is in the end, and that for all others that are the same."""
        return {row["one"]: row["whole"] for row in self._run(question("store/wholes"), uuids=sorted(uuids))}

    def said(self, facts: Mapping[str, Fact]) -> Mapping[str, Sequence[Said]]:
        """Return who stated each fact when, by the episodes that it rests on."""
        rows = [{"uuid": uuid, "episodes": list(fact.episodes)} for uuid, fact in facts.items()]
        found: dict[str, list[Said]] = defaultdict(list)
        for batch in batches(rows):
            for row in self._run(question("store/said"), facts=batch):
                voice = json.dumps([row["source"], row["speaker"]])
                found[row["fact"]].append(Said(row["episode"], utc(row["at"]), utc(row["learned"]), voice))
        return found

    def scenes(self, uuids: Collection[str]) -> Mapping[str, Collection[Scene]]:
        """Return where each entity was named."""
        return {
            row["uuid"]: {
                Scene(session, source, frozenset(people) - {None}) for session, source, *people in row["scenes"]
            }
            for row in self._run(question("store/scenes"), uuids=sorted(uuids))
        }

    def write(self, settled: Settled, revision: int, dimension: int | None) -> None:
        """Write what was settled, as this revision."""
        writes, removed = settled
        self._each("unbury", "uuids", [write.record.uuid for write in writes if write.record.uuid in self._buried])
        self._each("remove_facts", "uuids", [gone.uuid for gone in removed if isinstance(gone, Fact)])
        self._each("remove_nodes", "uuids", [gone.uuid for gone in removed if not isinstance(gone, Fact)])
        self._each("bury", "rows", [{"uuid": gone.uuid, "kind": gone.kind} for gone in removed], revision=revision)
        for what in ("nodes", "facts"):
            of_it = [write for write in writes if isinstance(write.record, Fact) == (what == "facts")]
            for verb, known in (("create", False), ("update", True)):
                these = [write.record for write in of_it if (write.old is not None) == known]
                self._each(f"{verb}_{what}", "rows", [row_of(record, revision, keep_none=known) for record in these])
            vectors = [embedding(write.record.uuid, write.vectors) for write in of_it if write.vectors is not None]
            self._each(f"embed_{what}", "rows", vectors, property=f"embedding_{dimension}")
            fresh = [one for one, old, _ in of_it if old is None and isinstance(one, (Fact, Event))]
            copied = [{"uuid": one.uuid, "version_of": one.version_of} for one in fresh if one.version_of]
            self._each(f"embed_versions_of_{what}", "rows", copied, property=f"embedding_{dimension}")
        lost, won = differences([(write.old, write.record) for write in writes], links_of)
        self._each("unlink", "rows", [link_row(link) for _, link in lost])
        self._each("link", "rows", [link_row(link) for _, link in won])
        spoken = [write.record.uuid for write in writes if write.old is None and isinstance(write.record, Episode)]
        self._each("link_followers", "uuids", spoken)

    def connect(self, links: Collection[Link]) -> None:
        """Connect nodes, also where some are connected so already."""
        for name in ("unlink", "link"):
            self._each(name, "rows", [link_row(link) for link in links])

    def _each(self, name: str, variable: str, rows: Sequence[Any], **parameters: object) -> None:
        for batch in batches(rows):
            self._run(question(f"store/{name}"), **{variable: batch}, **parameters)

    def _run(self, text: str, **parameters: object) -> list[neo4j.Record]:
        return list(self._tx.run(text, parameters, group_id=self._group_id))


def date(tx: neo4j.ManagedTransaction, uuids: list[str], group_id: str) -> None:
    """Connect records that are there already with their periods."""
    tenant = one(tx, "store/lock_tenant", group_id=group_id)
    ground = Ground(tx, group_id)
    records = [known.record for known in ground.stored(uuids).values()]
    settled = dated(Settled([Write(record, record, None) for record in records], []), ground, group_id=group_id)
    periods = [write for write in settled.writes if isinstance(write.record, Period)]
    ground.write(Settled(periods, []), tenant["revision"], tenant["dimension"])
    ground.connect({link for record in records for link in periods_of(record)})
