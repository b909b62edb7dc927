"""The store in a Neo4j database, 5.26 or newer, Community edition without plugins.

One change set is one transaction, and every transaction first takes the tenant's lock, so revisions are in the order of
commits and two writers cannot work on one tenant at once.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import count, islice
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import uuid4

import neo4j
import numpy as np
from numpy.typing import NDArray

from graphmem.errors import ModelMismatch
from graphmem.model import Kind, Record, utc
from graphmem.results import Entry
from graphmem.settings import Settings
from graphmem.store.contract import (
    EVERYTHING,
    MOST_SEALS,
    Belonging,
    Change,
    ChangeSet,
    Filter,
    Finding,
    Named,
    Order,
    Scored,
)
from graphmem.store.cypher import columns, pages, picked, question
from graphmem.store.join import require_model
from graphmem.store.matching import has_metadata, words_of
from graphmem.store.neo4j import ground
from graphmem.store.neo4j.connection import Connection, one, rows
from graphmem.store.neo4j.health import check
from graphmem.store.neo4j.rows import (
    CLAUSES,
    LABELS,
    batches,
    conditions,
    fits,
    kept_as,
    kind_of,
    read_record,
    record_of,
    search_key,
)
from graphmem.store.neo4j.schema import make_missing, prepare, schema

MOST_CANDIDATES: Final = 4096  # of an index shared by all tenants, before the tenant itself is looked through
SCANNED: Final = 500  # so many vectors are compared one by one in the time that an index takes
NAMED_IN: Final = 500  # episodes are compared of those that one name is in
COUNTED: Final = 100  # look-ups go by, until it is counted again how large the indexes are
EMBEDDED: Final[tuple[Kind, ...]] = ("episode", "entity", "fact", "event", "summary")
PAGE: Final = 500  # records that come as one row
AHEAD: Final = 50_000  # nodes that the server looks ahead while it tells of changes
ALL: Final = 2**53  # more than any limit


class Neo4jStore:
    """A `graphmem.store.contract.Store` in a Neo4j database, shared by threads, processes and machines.

    User, password and database come from the settings. Raises `StoreUnavailable` when the server or the database cannot
    be reached or refuses the user, `StoreRejected` when the server is too old or the schema too new.
    """

    serves = True

    def __init__(self, address: str, *, group_id: str, settings: Settings) -> None:
        self.group_id = group_id
        self.address = address
        self.database: str | None = settings.neo4j_database
        self.file: Path | None = None
        self._connection = Connection(address, settings)
        self._bound: int | None = None
        self._counted: tuple[int, dict[Kind, tuple[int, int]]] = (0, {})
        try:
            found = prepare(self._connection, group_id=group_id)
        except BaseException:
            self.close()
            raise
        self.created = found.version is None
        self._indexes = found.indexes

    def close(self) -> None:
        """Let go of the server; closing twice is fine."""
        self._connection.close()

    # Writing

    def bind(self, model: str, dimension: int) -> None:
        """Remember the embedding model on first use; raises `ModelMismatch` when the store holds vectors of another."""
        known = self._read(question("store/tenant"), {})
        if known and known[0]["model"] is not None:
            bound = known[0]
        else:
            make_missing(self._connection, schema(dimension), self._indexes)
            asked = {"group_id": self.group_id, "model": model, "dimension": dimension}
            bound = self._connection.write(one, "store/bind_tenant", **asked)
        require_model(self.address, (bound["model"], bound["dimension"]), (model, dimension))

    def model(self) -> tuple[str, int] | None:
        """Return the embedding model that the tenant is bound to and its dimension; None if to none yet."""
        known = self._read(question("store/tenant"), {})
        return (known[0]["model"], known[0]["dimension"]) if known and known[0]["model"] else None

    def apply(self, change: ChangeSet) -> int:
        """Apply a change set, all or nothing, and return the revision of the tenant; unchanged if nothing was new."""
        return self._connection.write(ground.apply, change, group_id=self.group_id)

    # Reading

    def revision(self) -> int:
        """Return the newest revision of the tenant, 0 when empty."""
        return self._tenant()[0]

    def consolidated(self) -> int:
        """Return the revision up to which everything has gone into the hierarchy, 0 if nothing has."""
        known = self._read(question("store/tenant"), {})
        return known[0]["consolidated"] or 0 if known else 0

    def changes(self, since: int = 0) -> Iterator[Change]:
        """Stream each record changed after `since`, as it stands now, with tombstones, in order of revision.

        What writers change while the stream runs comes at its end, so that a record may come a second time then. Of a
        commit that the server is still carrying out, a reader can see the new revision before all of its records; but
        whoever reads with the bookmark of that first look, as every later session here does, waits for the rest.
        """
        while True:
            rows = self._read(question("store/ahead"), {"since": since, "most": AHEAD})
            newest, dimension = (rows[0]["revision"], rows[0]["dimension"]) if rows else (0, None)
            if newest <= since:
                return
            until = min([newest, *rows[0]["ahead"]])
            told = (self._told_since(what, since, until) for what in ("nodes", "facts"))
            for row in heapq.merge(*told, key=itemgetter(0)):
                yield _change(row, dimension)
            since = until

    def _told_since(self, what: str, since: int, until: int) -> Iterator[_Row]:
        """Yield rows of nodes or facts in order of revision; what is changed or removed meanwhile is left for later."""
        asked = {"since": since, "until": until, "vectors": True, "page": PAGE}
        answer = self._stream(pages(f"changed_{what}", what), asked)
        return (row for row in _rows(answer) if row.revision <= until)

    def seal(self, revision: int) -> str | None:
        """Note that a copy is kept of all there is at `revision`, and return a name for it; None if that is over."""
        seal = uuid4().hex
        given = {"group_id": self.group_id, "revision": revision, "seal": seal, "most": MOST_SEALS}
        return seal if self._connection.write(rows, question("store/seal"), given) else None

    def sealed(self, seal: str) -> bool:
        """Tell whether a copy that was sealed is still of this store's past, and nothing in it was removed since."""
        return bool(self._read(question("store/sealed"), {"seal": seal}))

    def get(self, kind: Kind, uuids: Sequence[str]) -> list[Record]:
        """Return the records with these uuids, in the order asked, missing ones left out."""
        tell = kept_as(kind)
        if not uuids:
            return []
        rows = self._read(picked(tell, tell), {"uuids": list(dict.fromkeys(uuids)), "vectors": False})
        found = {row["properties"]["uuid"]: record_of(row) for row in rows if "Tombstone" not in row["labels"]}
        return [found[uuid] for uuid in uuids if uuid in found and found[uuid].kind == kind]

    def find(
        self,
        kind: Kind,
        where: Filter = EVERYTHING,
        *,
        order: Order = "uuid",
        limit: int | None = None,
        last: bool = False,
    ) -> Iterator[Record]:
        """Stream the records of a kind that pass the filter; `last` reverses the order."""
        given, wanted = conditions(where), where.metadata
        text = picked(kind, kept_as(kind), "descending" if last else "ascending", given=given)
        most = ALL if limit is None or wanted else limit
        rows = self._stream(text, {**given, "vectors": False, "order": order, "limit": most})
        records = (record_of(row) for row in rows)
        passing = (record for record in records if wanted is None or fits(record, wanted))
        yield from islice(passing, limit)

    def nearest(
        self, kind: Kind, vector: NDArray[np.float32], *, top_k: int, where: Filter = EVERYTHING
    ) -> list[Scored]:
        """Return the records whose own vectors have the largest cosine, filter before cut, best first.

        Where the tenant has many, Neo4j's vector index is asked, which finds nearly all of them, for as many more as
        belong to others or do not pass; where it has few, or the index would have to be asked for too many, each record
        that passes is compared.
        """
        dimension = self._dimension()
        if dimension is None or top_k < 1 or kind not in EMBEDDED:
            return []
        if dimension != len(vector):
            raise ModelMismatch(f"the vector asked for has dimension {len(vector)}, those stored {dimension}")
        asked = {"vector": np.asarray(vector, dtype=np.float32).tolist(), "property": f"embedding_{dimension}"}
        own, everybody = self._sizes()[kind]
        if own > SCANNED:
            index = {**asked, "index": f"graphmem_vector_{kind}_{dimension}"}
            first = 1 + int(1.5 * top_k * everybody / own)
            tries = [many for many in (first, 4 * first) if many <= MOST_CANDIDATES]
            found = self._from_index(f"store/nearest_{kept_as(kind)}", index, kind, tries, top_k=top_k, where=where)
            if found is not None:
                return [Scored(uuid, 2 * score - 1) for uuid, score in found]
        given, wanted = conditions(where), where.metadata
        text = picked(kind, "nearest", "score", given=given)
        rows = self._read(text, {**given, **asked, "limit": ALL if wanted else top_k})
        passing = (row for row in rows if wanted is None or has_metadata(json.loads(row["metadata"] or "{}"), wanted))
        return [Scored(row["uuid"], 2 * row["score"] - 1) for row in islice(passing, top_k)]

    def matching(self, kind: Kind, words: str, *, top_k: int, where: Filter = EVERYTHING) -> list[Scored]:
        """Return the records whose text matches any of the words best, by Neo4j's full-text index."""
        asked = words_of(words)
        if not asked or top_k < 1:
            return []
        query = {"words": f"+{search_key(kind, self.group_id)}^0 +({' '.join(asked)})"}
        tries = (2 * top_k * 4**power for power in count())
        found = self._from_index(f"store/matching_{kept_as(kind)}", query, kind, tries, top_k=top_k, where=where)
        return found or []

    def _from_index(
        self,
        name: str,
        asked: Mapping[str, object],
        kind: Kind,
        tries: Iterable[int],
        *,
        top_k: int,
        where: Filter,
    ) -> list[Scored] | None:
        """Ask an index for so many, until enough of them are ours and pass or there are no more; None if never."""
        for candidates in tries:
            [[found]] = self._read(question(name), {**asked, "candidates": candidates})
            ours = [Scored(uuid, score) for uuid, score, own in found if own]
            if where != EVERYTHING:
                passing = self._passing(kind, [uuid for uuid, _ in ours], where)
                ours = [scored for scored in ours if scored.uuid in passing]
            if len(ours) >= top_k or len(found) < candidates:
                return sorted(ours, key=lambda scored: (-scored.score, scored.uuid))[:top_k]
        return None

    def _passing(self, kind: Kind, uuids: list[str], where: Filter) -> set[str]:
        given = {**conditions(where), "uuids": uuids}
        rows = self._read(picked(kind, "uuids", given=given), given)
        wanted = where.metadata or {}
        return {row["uuid"] for row in rows if has_metadata(json.loads(row["metadata"] or "{}"), wanted)}

    def speaking(self, names: Collection[str]) -> set[str]:
        """Return those of the names, spelled just so, that are a speaker of episodes or the first words of one."""
        return {row["name"] for row in self._read(question("store/speaking"), {"names": list(names)})}

    def neighbourhood(
        self, uuids: Collection[str], vector: NDArray[np.float32], *, each: int, common: int
    ) -> list[Scored]:
        """Return the episodes one step away from some records, with their cosines to a unit vector, nearest first."""
        asked = {"uuids": list(uuids), "each": each, "common": common, "most": NAMED_IN}
        asked |= {"vector": vector.tolist(), "property": f"embedding_{len(vector)}"}
        [[found]] = self._read(question("store/neighbourhood"), asked)
        return [Scored(uuid, 2 * score - 1) for uuid, score in found]

    def told(self, episodes: Collection[str]) -> Iterator[Change]:
        """Stream some episodes with all that they tell: who is named in them, and the facts and events they support."""
        dimension, seen = self._dimension(), set[str]()
        text = " UNION ALL ".join(pages(f"told_{what}", what) for what in ("nodes", "facts"))
        for some in batches(list(episodes), CLAUSES):
            asked = {"uuids": some, "words": " ".join(some), "vectors": True, "page": PAGE}
            for row in _rows(self._read(text, asked)):
                change = _change(row, dimension)
                if change.uuid not in seen:
                    yield change
                seen.add(change.uuid)

    def counts(self) -> dict[Kind, int]:
        """Return how many records of each kind the tenant has."""
        found = {row["label"]: row["count"] for row in self._read(question("store/count_nodes"), {})}
        found["Fact"] = self._read(question("store/count_facts"), {})[0]["count"]
        return {kind: found.get(label, 0) for label, kind in LABELS.items()}

    def named(self, groups: Mapping[str, Collection[str]]) -> dict[str, Named]:
        """Return how often the entities of each group, given by their uuids, are named; groups never named left out."""
        asked = [{"key": key, "uuids": list(uuids)} for key, uuids in groups.items()]
        return {
            row["key"]: Named(row["mentions"], row["episodes"])
            for batch in batches(asked)
            for row in self._read(question("store/named"), {"groups": batch})
        }

    def timeline(
        self, uuids: Collection[str], *, start: datetime | None = None, end: datetime | None = None
    ) -> list[Entry]:
        """Return the facts with one of the entities at an end, and the events that involve one, in order of time."""
        rows = self._read(question("store/timeline"), {"uuids": list(uuids), "start": start, "end": end})
        return [
            Entry(
                row["kind"],
                row["uuid"],
                row["text"],
                row["valid_at"] and utc(row["valid_at"].to_native()),
                row["invalid_at"] and utc(row["invalid_at"].to_native()),
                row["granularity"],
                row["modality"],
                row["status"],
                utc(row["created_at"].to_native()),
                row["moved_to"],
            )
            for row in rows
        ]

    def belonging(self, periods: Collection[str]) -> dict[str, Belonging]:
        """Return how much belongs to each of these periods, given by their uuids, or to its parts."""
        rows = self._read(question("store/belonging"), {"periods": list(periods)})
        return {row["uuid"]: Belonging(row["episodes"], row["events"]) for row in rows}

    def merges(self) -> int:
        """Return how many entities of the tenant are merged into another."""
        return int(self._read(question("store/merges"), {})[0]["count"])

    def check(self, *, repair: bool = False) -> list[Finding]:
        """Look for what should not be: in the schema, in the tenant's note, and in what is kept of each record.

        With `repair`, mend what follows from records that are there; texts and what is stated are never touched.
        """
        return list(check(self._connection, group_id=self.group_id, repair=repair))

    # The means

    def _dimension(self) -> int | None:
        """Return the dimension of the vectors; once there is one, it stays."""
        if self._bound is None:
            self._bound = self._tenant()[1]
        return self._bound

    def _sizes(self) -> dict[Kind, tuple[int, int]]:
        """Return how many records with vectors there are of each kind, ours and all; counted anew now and then."""
        asked, sizes = self._counted
        if not sizes or asked >= COUNTED:
            own, [every] = self.counts(), self._read(question("store/sizes"), {})
            asked, sizes = 0, {kind: (own[kind], every[kind]) for kind in EMBEDDED}
        self._counted = asked + 1, sizes
        return sizes

    def _tenant(self) -> tuple[int, int | None]:
        rows = self._read(question("store/tenant"), {})
        return (rows[0]["revision"], rows[0]["dimension"]) if rows else (0, None)

    def _read(self, text: str, parameters: Mapping[str, object]) -> list[neo4j.Record]:
        return self._connection.read(text, **parameters, group_id=self.group_id)

    def _stream(self, text: str, parameters: Mapping[str, object]) -> Iterator[neo4j.Record]:
        return self._connection.stream(text, **parameters, group_id=self.group_id)


class _Row(NamedTuple):
    """What `store/pages.cypher` tells of a record."""

    revision: int
    labels: tuple[str, ...]
    kind: Kind
    vectors: bytes | None
    properties: dict[str, Any]


def _rows(answer: Iterable[neo4j.Record]) -> Iterator[_Row]:
    """Yield the rows in the pages that answer a question; those of what was removed meanwhile are left out."""
    for [page] in answer:
        for revision, labels, kind, vectors, values in page:
            if revision is not None:
                labels = tuple(labels)
                properties = dict(zip(columns(labels), values, strict=True))
                yield _Row(revision, labels, kind, vectors, properties)


def _change(row: _Row, dimension: int | None) -> Change:
    """Return a record as a change."""
    if "Tombstone" in row.labels:
        return Change(row.revision, row.kind, row.properties["uuid"], None)
    kind, kept = kind_of(row.labels), row.vectors
    record = read_record(kind, row.properties)
    vectors = None if kept is None else np.frombuffer(kept, "<f2").reshape(-1, dimension or 1)
    return Change(row.revision, kind, record.uuid, record, vectors)
