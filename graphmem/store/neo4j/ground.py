"""A Neo4j database as one change set sees it, within the transaction that writes."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import neo4j

from graphmem.model import Derived, Entity, Episode, Event, Fact, Record, referred, utc
from graphmem.resolve.same import Scene
from graphmem.resolve.truth import Said
from graphmem.store.believing import believed, claim_keys
from graphmem.store.contract import ChangeSet, Vectors
from graphmem.store.cypher import question, together
from graphmem.store.dating import dated
from graphmem.store.join import Settled, Stored, differences, settle
from graphmem.store.merging import keys_of, merged
from graphmem.store.neo4j.connection import one
from graphmem.store.neo4j.rows import (
    CLAUSES,
    batches,
    key_word,
    leans_on,
    link_row,
    links_of,
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
    ground.lay(settled)
    done = [*settled.writes]
    if settled.writes or settled.removed:
        for writes in merged(settled, ground):
            ground.lay(Settled(writes, []))
            done += writes
        ground.lay(dated(believed(done, settled.removed, ground), ground, group_id=group_id))
    if change.consolidated is not None:
        tx.run(question("store/note_consolidated"), group_id=group_id, revision=change.consolidated).consume()
    if not ground.write(revision, dimension):
        revision -= 1
        tx.run(question("store/unlock_tenant"), group_id=group_id, revision=revision).consume()
    return int(revision)


class Ground:
    """The store as one change set sees it: what is in the database, under what the change set has done so far.

    Nothing is written before all is decided, so that each record is written once, and no query is asked of a
    transaction that has changes of its own, for which Neo4j makes full-text indexes in memory.
    """

    def __init__(self, tx: neo4j.ManagedTransaction, group_id: str) -> None:
        self._tx = tx
        self._group_id = group_id
        self._found: dict[str, Stored | None] = {}
        self._buried: set[str] = set()
        self._now: dict[str, Record | None] = {}
        self._vectors: dict[str, Vectors] = {}
        self._keys: dict[str, set[str]] = {}
        self._keyed: dict[str, set[str]] = defaultdict(set)

    def lay(self, settled: Settled) -> None:
        """Lay over the database what was settled."""
        for write in settled.writes:
            uuid = write.record.uuid
            self._now[uuid] = write.record
            if write.vectors is not None:
                self._vectors[uuid] = write.vectors
            self._key(uuid, keys_of(write.record) | claim_keys(write.record))
        for gone in settled.removed:
            self._now[gone.uuid] = None
            self._key(gone.uuid, set())
            self._vectors.pop(gone.uuid, None)

    def _key(self, uuid: str, keys: set[str]) -> None:
        for key in self._keys.get(uuid, set()) - keys:
            self._keyed[key].discard(uuid)
        for key in keys:
            self._keyed[key].add(uuid)
        self._keys[uuid] = keys

    def stored(self, uuids: Collection[str]) -> dict[str, Stored]:
        """Return the records of this tenant that exist among the uuids."""
        self._read(uuid for uuid in uuids if uuid not in self._now)
        known = {uuid: self._known(uuid) for uuid in uuids}
        return {uuid: one for uuid, one in known.items() if one is not None}

    def _known(self, uuid: str) -> Stored | None:
        """Return a record as it stands now, if it was read before or written."""
        known = self._found.get(uuid)
        if uuid not in self._now:
            return known
        record = self._now[uuid]
        embedded = uuid in self._vectors or (known is not None and known.embedded)
        return None if record is None else Stored(record, embedded)

    def _read(self, uuids: Iterable[str]) -> None:
        """Read records from the database, unless they were read before; none is changed there until the end."""
        new = sorted({uuid for uuid in uuids if uuid not in self._found})
        self._found.update(dict.fromkeys(new))
        for batch in batches(new):
            for what in ("nodes", "facts"):
                [answer] = self._run(together(what, what), uuids=batch, vectors=False)
                for row in answer["found"]:
                    if "Tombstone" in row["labels"]:
                        self._buried.add(row["properties"]["uuid"])
                    else:
                        self._found[row["properties"]["uuid"]] = Stored(record_of(row), row["embedded"])

    def present(self, uuids: Collection[str]) -> set[str]:
        """Return those of the uuids that are of records of this tenant, facts apart."""
        found = {uuid for uuid in uuids if self._now.get(uuid) is not None}
        for batch in batches(sorted({*uuids} - self._now.keys())):
            [answer] = self._run(question("store/present"), uuids=batch)
            found.update(answer["found"])
        return found

    def derived(self, uuids: Collection[str]) -> set[str]:
        """Return the communities, topics, summaries and traces that are made of some records, or are of them."""
        found: set[str] = set()
        for batch in batches(sorted(uuids)):
            [answer] = self._run(question("store/derived"), uuids=batch)
            found.update(answer["found"])
        found -= self._now.keys()
        now = (record for record in self._now.values() if isinstance(record, Derived))
        return found.union(record.uuid for record in now if not referred(record).isdisjoint(uuids))

    def leaning(self, uuids: Collection[str]) -> Mapping[str, Collection[str]]:
        """Return for each uuid the records that refer to it or rest on it."""
        rows = self._run(question("store/leaning"), uuids=sorted(uuids))
        found: dict[str, set[str]] = defaultdict(set, {row["target"]: set(row["sources"]) for row in rows})
        for some in batches([row["target"] for row in rows if row["episode"]], CLAUSES):
            for row in self._run(question("store/resting"), uuids=some, words=" ".join(some)):
                found[row["target"]].update(row["sources"])
        for sources in found.values():
            sources -= self._now.keys()
        for uuid, record in self._now.items():
            for target in leans_on(record) & set(uuids) if record else ():
                found[target].add(uuid)
        return found

    def entities(self, uuids: Collection[str]) -> dict[str, Entity]:
        """Return the entities of this tenant that exist among the uuids."""
        found = self.stored(uuids)
        return {uuid: known.record for uuid, known in found.items() if isinstance(known.record, Entity)}

    def keyed(self, keys: Collection[str], *, most: int | None = None) -> Mapping[str, Collection[str]]:
        """Return the entities that have each key; at least `most` + 1 of those of more than `most`."""
        return self._with_keys("store/keyed", keys, most)

    def claiming(self, keys: Collection[str]) -> Mapping[str, Collection[str]]:
        """Return the facts that have each key."""
        return self._with_keys("store/claiming", keys, None)

    def _with_keys(self, name: str, keys: Collection[str], most: int | None) -> Mapping[str, Collection[str]]:
        words = {key_word(self._group_id, key): key for key in keys}
        found: dict[str, set[str]] = defaultdict(set)
        for batch in batches(sorted(words), CLAUSES):
            for uuid, having in self._having(name, batch, None if most is None else most + 1 + len(self._now)):
                if uuid not in self._now:
                    for word in words.keys() & set(having):
                        found[words[word]].add(uuid)
        for key in keys:
            if here := self._keyed.get(key):
                found[key] |= here
        return found

    def _having(self, name: str, words: list[str], each: int | None) -> list[tuple[str, list[str]]]:
        """Return what has any of some words, and all its words: everything, or at least so many for each word."""
        limit = MANY if each is None else each + 2 * (len(words) - 1)
        [answer] = self._run(question(name), words=" ".join(words), limit=limit)
        found: list[tuple[str, list[str]]] = answer["found"]
        if len(found) < limit or len(words) == 1:
            return found
        middle = len(words) // 2
        return self._having(name, words[:middle], each) + self._having(name, words[middle:], each)

    def wholes(self, uuids: Collection[str]) -> Mapping[str, str]:
        """Return for each uuid the entity that it is in the end, and that for all others that are the same."""
        found: dict[str, str] = {}
        tops = {self._top(uuid) for uuid in self.entities(uuids)}
        level = {uuid: uuid for uuid in tops}
        while level:
            parts = self._parts(level)
            level = {part: level[into] for into, some in parts.items() for part in some}
            found |= level
        return found

    def _top(self, uuid: str) -> str:
        """Return the entity that one is in the end."""
        while (known := self.entities([uuid]).get(uuid)) is not None and known.merged_into:
            uuid = known.merged_into
        return uuid

    def _parts(self, uuids: Collection[str]) -> Mapping[str, Collection[str]]:
        """Return the entities that were merged right into each of some."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in self._run(question("store/parts"), uuids=sorted(uuids)):
            found[row["whole"]] = set(row["parts"]) - self._now.keys()
        for uuid, record in self._now.items():
            if isinstance(record, Entity) and record.merged_into and record.merged_into in uuids:
                found[record.merged_into].add(uuid)
        return found

    def said(self, facts: Mapping[str, Fact]) -> Mapping[str, Sequence[Said]]:
        """Return who stated each fact when, by the episodes that it rests on."""
        asked = {uuid for fact in facts.values() for uuid in fact.episodes}
        told = {
            uuid: Said(uuid, record.reference_time, record.created_at, _voice(record.source, record.speaker))
            for uuid in asked
            if (known := self._known(uuid)) is not None and isinstance(record := known.record, Episode)
        }
        for batch in batches(sorted(asked - told.keys() - self._now.keys())):
            for row in self._run(question("store/said"), uuids=batch):
                voice = _voice(row["source"], row["speaker"])
                told[row["uuid"]] = Said(row["uuid"], utc(row["at"]), utc(row["learned"]), voice)
        said = {uuid: [told[one] for one in fact.episodes if one in told] for uuid, fact in facts.items()}
        return {uuid: known for uuid, known in said.items() if known}

    def scenes(self, uuids: Collection[str]) -> Mapping[str, Collection[Scene]]:
        """Return where each entity was named."""
        found: dict[str, set[Scene]] = defaultdict(set)
        known = {uuid: self._found.get(uuid) for uuid in self._now}
        changed = [uuid for uuid, one in known.items() if one is not None and isinstance(one.record, Episode)]
        for row in self._run(question("store/scenes"), uuids=sorted(uuids), but=changed):
            found[row["uuid"]] = {_scene(*where) for where in row["scenes"]}
        for record in self._now.values():
            if isinstance(record, Episode):
                for uuid in {mention.entity for mention in record.mentions} & set(uuids):
                    found[uuid].add(_scene(record.session, record.source, record.speaker, record.addressee))
        return found

    def write(self, revision: int, dimension: int | None) -> bool:
        """Write down all that was laid over the database, as this revision; tell whether there was anything."""
        self._read(self._now)  # some may be tombstones
        before = {uuid: known and known.record for uuid in self._now for known in [self._found[uuid]]}
        removed = [old for uuid, old in before.items() if old is not None and self._now[uuid] is None]
        pairs = [
            (before[uuid], record)
            for uuid, record in self._now.items()
            if record is not None and (record != before[uuid] or uuid in self._vectors)
        ]
        if not all(isinstance(gone, Derived) for gone in removed):
            self._run(question("store/break_seals"))
        self._each("unbury", [record.uuid for _, record in pairs if record.uuid in self._buried])
        self._each("remove_facts", [gone.uuid for gone in removed if isinstance(gone, Fact)])
        self._each("remove_nodes", [gone.uuid for gone in removed if not isinstance(gone, Fact)])
        self._each("bury", [{"uuid": gone.uuid, "kind": gone.kind} for gone in removed], revision=revision)
        nodes = [pair for pair in pairs if not isinstance(pair[1], Fact)]
        facts = [pair for pair in pairs if isinstance(pair[1], Fact)]
        for what, here in (("nodes", nodes), ("facts", facts)):
            self._put(what, here, revision, f"embedding_{dimension}")
        lost, won = differences(pairs, links_of)
        self._each("unlink", [link_row(link) for _, link in lost])
        self._each("link", [link_row(link) for _, link in won])
        self._each("link_followers", [one.uuid for old, one in nodes if old is None and isinstance(one, Episode)])
        return bool(pairs or removed)

    def _put(self, what: str, pairs: Sequence[tuple[Record | None, Record]], revision: int, index: str) -> None:
        """Write nodes or facts, each given as it stood and as it shall stand, with the vectors for an index."""
        rows: dict[str, list[dict[str, object]]] = {"create": [], "update": []}
        for old, record in pairs:
            row = row_of(record, revision, old=old, vectors=self._vectors.get(record.uuid))
            rows["create" if old is None else "update"].append(row)
        for verb, some in rows.items():
            self._each(f"{verb}_{what}", some, property=index)
        fresh = [record for old, record in pairs if old is None and isinstance(record, (Fact, Event))]
        copied = [{"uuid": one.uuid, "version_of": one.version_of} for one in fresh if one.version_of]
        self._each(f"embed_versions_of_{what}", copied, property=index)

    def _each(self, name: str, rows: Sequence[Any], **parameters: object) -> None:
        for batch in batches(rows):
            self._tx.run(question(f"store/{name}"), parameters, group_id=self._group_id, rows=batch).consume()

    def _run(self, text: str, **parameters: object) -> list[neo4j.Record]:
        return list(self._tx.run(text, parameters, group_id=self._group_id))


def _voice(source: str | None, speaker: str | None) -> str:
    return json.dumps([source, speaker])


def _scene(session: str | None, source: str | None, *people: str | None) -> Scene:
    return Scene(session, source, frozenset(people) - {None})
