"""The store in a Neo4j database, 5.26 or newer, Community edition without plugins; its Cypher lies in `cypher/`.

One change set is one transaction, and every transaction first takes the tenant's lock, so revisions are in the order of
commits and two writers cannot work on one tenant at once. `cypher/schema/README.md` tells what is made in the database.
"""

from __future__ import annotations

import hashlib
import heapq
import json
import logging
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import uuid4

import neo4j
import numpy as np
from neo4j import exceptions
from numpy.typing import NDArray

from graphmem.errors import InvalidInput, ModelMismatch, StoreError, StoreRejected, StoreUnavailable
from graphmem.model import (
    RECORDS,
    Entity,
    Episode,
    Event,
    Fact,
    Kind,
    Period,
    Record,
    during,
    normal_name,
    period_uuid,
    utc,
)
from graphmem.resolve.same import Scene
from graphmem.resolve.truth import Said
from graphmem.results import Entry
from graphmem.settings import Settings
from graphmem.store.audit import audit
from graphmem.store.believing import believed, claim_keys
from graphmem.store.contract import (
    EVERYTHING,
    MOST_SEALS,
    Belonging,
    Change,
    ChangeSet,
    Edge,
    Filter,
    Finding,
    Named,
    Order,
    Scored,
    Vectors,
)
from graphmem.store.cypher import for_dimension, picked, question, statements
from graphmem.store.dating import dated
from graphmem.store.join import Settled, Stored, Write, differences, require_model, settle
from graphmem.store.matching import has_metadata, words_of
from graphmem.store.merging import keys_of, merged

logging.getLogger("neo4j").addHandler(logging.NullHandler())  # what the driver retries is no news for the terminal
VERSION: Final = 3  # of the schema in cypher/schema
OLDEST: Final = (5, 26)
ROWS: Final = 1000  # of one UNWIND
CHARACTERS: Final = 4_000_000  # of text in one UNWIND
LABELS: Final[Mapping[str, Kind]] = {
    "Session": "session",
    "Episode": "episode",
    "Entity": "entity",
    "Value": "value",
    "Fact": "fact",
    "Event": "event",
    "Period": "period",
}
NESTED: Final = ("metadata", "sentences", "mentions", "participants")  # what a property cannot hold is kept as JSON
MOST_CANDIDATES: Final = 4096  # of an index shared by all tenants, before the tenant itself is looked through
EMBEDDED: Final = ("episode", "entity", "fact", "event")
ALL: Final = 2**53  # more than any limit
MANY: Final = 2**31 - 1  # the same, for the full-text index


class Link(NamedTuple):
    """A relationship that follows from a record, facts apart."""

    type: str
    source: str
    target: str
    properties: tuple[tuple[str, object], ...] = ()


class Neo4jStore:
    """A `graphmem.store.contract.Store` in a Neo4j database, shared by threads, processes and machines.

    User, password and database come from the settings. Raises `StoreUnavailable` when the server or the database cannot
    be reached or refuses the user, `StoreRejected` when the server is too old or the schema too new.
    """

    def __init__(self, address: str, *, group_id: str, settings: Settings) -> None:
        self.group_id = group_id
        self.address = address
        self.file: Path | None = None
        self.created = False
        self._user = settings.neo4j_user
        self._database = settings.neo4j_database
        password = settings.neo4j_password
        self._has_password = password is not None
        self._closed = False
        try:
            self._driver = neo4j.GraphDatabase.driver(
                address,
                auth=(self._user, password.get_secret_value()) if password else None,
                telemetry_disabled=True,
                notifications_min_severity="OFF",
            )
        except (exceptions.ConfigurationError, ValueError) as error:
            raise self._unusable(error) from error
        try:
            with self._explained():
                self._prepare()
        except ValueError as error:  # what the driver says of a host or port that cannot be
            self._driver.close()
            raise self._unusable(error) from error
        except BaseException:
            self._driver.close()
            raise

    def _unusable(self, error: Exception) -> InvalidInput:
        return InvalidInput(
            f"{self.address!r} cannot be used as the address of a Neo4j: {error}; write bolt://host:7687"
        )

    # Opening

    def _prepare(self) -> None:
        """Make the schema where it is missing; refuse a server that is too old and a schema that is too new."""
        agent = self._driver.get_server_info().agent
        version = tuple(int(part) for part in re.findall(r"\d+", agent.partition("/")[2])[:2])
        if not agent.startswith("Neo4j/") or version < OLDEST:
            raise StoreRejected(f"{self.address} is {agent}; graphmem needs Neo4j {OLDEST[0]}.{OLDEST[1]} or newer")
        with self._session() as session:
            made = session.execute_read(_one, "store/schema_version", {})["version"]
            if made is not None and made > VERSION:
                raise StoreRejected(
                    f"the database {self._database!r} at {self.address} has schema {made}, this graphmem knows up to "
                    f"{VERSION}: upgrade graphmem"
                )
            tenants = session.execute_read(_rows, question("store/tenant"), {"group_id": self.group_id})
            _make_missing(session, _schema(tenants[0]["dimension"] if tenants else None))
            if made is not None and made < 3:
                self._make_periods()
            if made != VERSION:
                session.execute_write(_rows, question("store/set_schema_version"), {"version": VERSION})
                self.created = made is None

    def _make_periods(self) -> None:
        """Make the periods that episodes and events of any tenant belong to, where they are missing."""
        with self._session() as reading, self._session() as writing:
            for tenant in reading.execute_read(_rows, question("store/tenants"), {}):
                uuids = (row["uuid"] for row in reading.run(picked("timed", "uuids"), tenant.data()))
                while some := list(islice(uuids, ROWS)):
                    writing.execute_write(_date, some, **tenant.data())

    def _session(self) -> neo4j.Session:
        if self._closed:
            raise StoreUnavailable(f"the memory {self.address} is closed: open it again")
        return self._driver.session(database=self._database, fetch_size=ROWS)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Tell what Neo4j has against it in our words."""
        try:
            yield
        except exceptions.Neo4jError as error:
            code = error.code or ""
            if code.startswith("Neo.ClientError.Security"):
                raise StoreUnavailable(
                    f"Neo4j at {self.address} refuses the user {self._user!r} ({code.rpartition('.')[2]}"
                    f"{'' if self._has_password else ', no password is set'}): check NEO4J_USER and NEO4J_PASSWORD"
                ) from error
            if code == "Neo.ClientError.Database.DatabaseNotFound":
                raise StoreUnavailable(
                    f"Neo4j at {self.address} has no database {self._database!r}: check NEO4J_DATABASE"
                ) from error
            if code.startswith("Neo.TransientError"):
                raise StoreUnavailable(f"Neo4j at {self.address} is busy ({error.message}): try again") from error
            raise StoreError(f"Neo4j at {self.address} refused: {error.message} ({code})") from error
        except (exceptions.ServiceUnavailable, exceptions.SessionExpired, OSError) as error:
            reason = str(error).partition("\n")[0].rstrip(": ")
            raise StoreUnavailable(
                f"Neo4j does not answer at {self.address} ({reason}): is it running? See docker/README.md"
            ) from error
        except exceptions.DriverError as error:
            raise StoreError(f"Neo4j at {self.address}: {error}") from error

    def close(self) -> None:
        """Let go of the server; closing twice is fine."""
        self._closed = True
        self._driver.close()

    # Writing

    def bind(self, model: str, dimension: int) -> None:
        """Remember the embedding model on first use; raises `ModelMismatch` when the store holds vectors of another."""
        with self._explained(), self._session() as session:
            asked = {"group_id": self.group_id, "model": model, "dimension": dimension}
            known = session.execute_read(_rows, question("store/tenant"), asked)
            if not known or known[0]["model"] is None:
                _make_missing(session, _schema(dimension))
                known = [session.execute_write(_one, "store/bind_tenant", asked)]
            bound = known[0]
        require_model(self.address, (bound["model"], bound["dimension"]), (model, dimension))

    def model(self) -> tuple[str, int] | None:
        """Return the embedding model that is remembered, and its dimension; None before `bind`."""
        rows = self._read(question("store/tenant"), {})
        return (rows[0]["model"], rows[0]["dimension"]) if rows and rows[0]["model"] else None

    def apply(self, change: ChangeSet) -> int:
        """Apply a change set, all or nothing, and return the revision of the tenant; unchanged if nothing was new."""
        with self._explained(), self._session() as session:
            return session.execute_write(self._apply, change)

    def _apply(self, tx: neo4j.ManagedTransaction, change: ChangeSet) -> int:
        tenant = _one(tx, "store/lock_tenant", {"group_id": self.group_id})
        revision, dimension = tenant["revision"], tenant["dimension"]
        ground = _Ground(tx, self.group_id)
        settled = settle(change, ground, group_id=self.group_id, dimension=dimension)
        settled = dated(settled, ground, group_id=self.group_id)
        if not settled.writes and not settled.removed:
            revision -= 1
            tx.run(question("store/unlock_tenant"), group_id=self.group_id, revision=revision).consume()
        else:
            ground.write(settled, revision, dimension)
            done = [*settled.writes]
            for writes in merged(settled, ground):
                ground.write(Settled(writes, []), revision, dimension)
                done += writes
            versions = dated(believed(done, settled.removed, ground), ground, group_id=self.group_id)
            ground.write(versions, revision, dimension)
            if settled.removed or versions.removed:
                tx.run(question("store/break_seals"), group_id=self.group_id).consume()
        return int(revision)

    # Reading

    def revision(self) -> int:
        """Return the newest revision of the tenant, 0 when empty."""
        return self._tenant()[0]

    def changes(self, since: int = 0) -> Iterator[Change]:
        """Stream each record changed after `since`, as it stands now, with tombstones, in order of revision.

        What writers change while the stream runs comes at its end, so that a record may come a second time then.
        """
        while self.revision() > since:
            until, dimension = self._settled()
            span = {"since": since, "until": until, "vectors": True}
            nodes = self._stream(picked("changed_nodes", "nodes", "revision"), span)
            facts = self._stream(picked("changed_facts", "facts", "revision"), span)
            for row in heapq.merge(nodes, facts, key=lambda row: int(row["revision"])):
                if "Tombstone" in row["labels"]:
                    yield Change(row["revision"], row["kind"], row["properties"]["uuid"], None)
                    continue
                record = _record(row)
                kept = row["vectors"]
                vectors = None if kept is None else np.frombuffer(kept, "<f2").reshape(-1, dimension or 1)
                yield Change(row["revision"], record.kind, record.uuid, record, vectors)
            since = until

    def seal(self, revision: int) -> str | None:
        """Note that a copy is kept of all there is at `revision`, and return a name for it; None if that is over."""
        seal = uuid4().hex
        given = {"group_id": self.group_id, "revision": revision, "seal": seal, "most": MOST_SEALS}
        with self._explained(), self._session() as session:
            return seal if session.execute_write(_rows, question("store/seal"), given) else None

    def sealed(self, seal: str) -> bool:
        """Tell whether a copy that was sealed is still of this store's past, and nothing in it was removed since."""
        return bool(self._read(question("store/sealed"), {"seal": seal}))

    def get(self, kind: Kind, uuids: Sequence[str]) -> list[Record]:
        """Return the records with these uuids, in the order asked, missing ones left out."""
        tell = _tell(kind)
        rows = self._read(picked(tell, tell), {"uuids": list(dict.fromkeys(uuids)), "vectors": False})
        found = {row["properties"]["uuid"]: _record(row) for row in rows if "Tombstone" not in row["labels"]}
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
        given, wanted = _given(where), where.metadata
        text = picked(kind, _tell(kind), "descending" if last else "ascending", given=given)
        most = ALL if limit is None or wanted else limit
        rows = self._stream(text, {**given, "vectors": False, "order": order, "limit": most})
        records = (_record(row) for row in rows)
        passing = (record for record in records if wanted is None or _has_metadata(record, wanted))
        yield from islice(passing, limit)

    def nearest(
        self, kind: Kind, vector: NDArray[np.float32], *, top_k: int, where: Filter = EVERYTHING
    ) -> list[Scored]:
        """Return the records whose own vectors have the largest cosine, filter before cut, best first.

        Without a filter Neo4j's vector index is asked, which finds nearly all of them; with one, and where the tenant
        is too small a part of the index, each record that passes is compared.
        """
        _, dimension = self._tenant()
        if dimension is None or top_k < 1 or kind not in EMBEDDED:
            return []
        if dimension != len(vector):
            raise ModelMismatch(f"the vector asked for has dimension {len(vector)}, those stored {dimension}")
        asked = {"vector": np.asarray(vector, dtype=np.float32).tolist(), "property": f"embedding_{dimension}"}
        given, wanted = _given(where), where.metadata
        if where == EVERYTHING:
            asked["index"] = f"graphmem_vector_{kind}_{dimension}"
            found = self._from_index(f"store/nearest_{_tell(kind)}", asked, top_k=top_k)
            if found is not None:
                return [Scored(uuid, 2 * score - 1) for uuid, score in found]
        text = picked(kind, "nearest", "score", given=given)
        rows = self._read(text, {**given, **asked, "limit": ALL if wanted else top_k})
        passing = (row for row in rows if wanted is None or has_metadata(json.loads(row["metadata"] or "{}"), wanted))
        return [Scored(row["uuid"], 2 * row["score"] - 1) for row in islice(passing, top_k)]

    def matching(self, kind: Kind, words: str, *, top_k: int, where: Filter = EVERYTHING) -> list[Scored]:
        """Return the records whose text matches any of the words best, by Neo4j's full-text index."""
        asked = words_of(words)
        if not asked or top_k < 1:
            return []
        query = f"+{_search_key(kind, self.group_id)}^0 +({' '.join(asked)})"
        passes = None if where == EVERYTHING else lambda uuids: self._passing(kind, uuids, where)
        found = self._from_index(
            f"store/matching_{_tell(kind)}", {"words": query}, top_k=top_k, passes=passes, most=ALL
        )
        return found or []

    def _from_index(
        self,
        name: str,
        asked: Mapping[str, object],
        *,
        top_k: int,
        passes: Callable[[list[str]], set[str]] | None = None,
        most: int = MOST_CANDIDATES,
    ) -> list[Scored] | None:
        """Ask an index for more and more until enough is ours and passes; None when it takes too many."""
        candidates = 2 * top_k
        while True:
            rows = self._read(question(name), {**asked, "candidates": candidates})
            ours = [Scored(row["uuid"], row["score"]) for row in rows if row["ours"]]
            allowed = passes([uuid for uuid, _ in ours]) if passes else None
            found = [scored for scored in ours if allowed is None or scored.uuid in allowed]
            if len(found) >= top_k or (len(rows) < candidates and most == ALL):
                return sorted(found, key=lambda scored: (-scored.score, scored.uuid))[:top_k]
            if len(rows) < candidates or candidates >= most:
                return None
            candidates *= 4

    def _passing(self, kind: Kind, uuids: list[str], where: Filter) -> set[str]:
        given = {**_given(where), "uuids": uuids}
        rows = self._read(picked(kind, "uuids", given=given), given)
        wanted = where.metadata or {}
        return {row["uuid"] for row in rows if has_metadata(json.loads(row["metadata"] or "{}"), wanted)}

    def neighbourhood(
        self, uuids: Sequence[str], *, hops: int, limit: int, as_of: datetime | None = None
    ) -> list[Edge]:
        """Return up to `limit` edges within `hops` of the records, nearest first; facts must hold at `as_of`."""
        edges: dict[Edge, None] = {}
        reached = frontier = set(uuids)
        for _ in range(hops):
            asked = {"uuids": sorted(frontier), "as_of": as_of, "limit": limit + len(edges)}
            for row in self._read(question("store/neighbours"), asked):
                if len(edges) >= limit:
                    return list(edges)
                edges[Edge(*row.values())] = None
            frontier = {end for edge in edges for end in edge[:2]} - reached
            reached = reached | frontier
        return list(edges)

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
            for batch in _batches(asked)
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

    def check(self) -> list[Finding]:
        """Look for what should not be: indexes missing or failed, references to missing records, and orphans."""
        states = {row["name"]: row["state"] for row in self._read(question("store/indexes"), {})}
        advice = "open the memory again to make it; one that failed has to be dropped in Neo4j Browser before"
        findings = [
            Finding(f"the index {name} is {states.get(name, 'missing').lower()}", None, advice)
            for name in _schema(self._tenant()[1])
            if states.get(name) != "ONLINE"
        ]
        return findings + audit(self.changes())

    # The means

    def _tenant(self) -> tuple[int, int | None]:
        rows = self._read(question("store/tenant"), {})
        return (rows[0]["revision"], rows[0]["dimension"]) if rows else (0, None)

    def _settled(self) -> tuple[int, int | None]:
        """Return the newest revision of which every record can be read, and the dimension of the vectors."""
        with self._explained(), self._session() as session:
            row = session.execute_write(_one, "store/settled_revision", {"group_id": self.group_id})
        return row["revision"], row["dimension"]

    def _read(self, text: str, parameters: Mapping[str, object]) -> list[neo4j.Record]:
        with self._explained(), self._session() as session:
            return session.execute_read(_rows, text, {**parameters, "group_id": self.group_id})

    def _stream(self, text: str, parameters: Mapping[str, object]) -> Iterator[neo4j.Record]:
        with self._explained(), self._session() as session:
            yield from session.run(text, {**parameters, "group_id": self.group_id})


class _Ground:
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
                    found[row["properties"]["uuid"]] = Stored(_record(row), row["embedded"])
        return found

    def leaning(self, uuids: Collection[str]) -> Mapping[str, Collection[str]]:
        """Return for each uuid the records that refer to it or rest on it."""
        rows = self._run(question("store/leaning"), uuids=sorted(uuids))
        found = {row["target"]: set(row["sources"]) for row in rows}
        if episodes := [row["target"] for row in rows if row["episode"]]:
            for row in self._run(question("store/resting"), uuids=episodes):
                found[row["target"]].update(row["sources"])
        return found

    def entities(self, uuids: Collection[str]) -> dict[str, Entity]:
        """Return the entities of this tenant that exist among the uuids."""
        rows = self._run(picked("nodes", "nodes"), uuids=sorted(uuids), vectors=False) if uuids else []
        records = [_record(row) for row in rows if "Entity" in row["labels"]]
        return {record.uuid: record for record in records if isinstance(record, Entity)}

    def keyed(self, keys: Collection[str], *, most: int | None = None) -> Mapping[str, Collection[str]]:
        """Return the entities that have each key; at least `most` + 1 of those of more than `most`."""
        return self._with_keys("store/keyed", keys, MANY if most is None else most + 1)

    def claiming(self, keys: Collection[str]) -> Mapping[str, Collection[str]]:
        """Return the facts that have each key."""
        return self._with_keys("store/claiming", keys, MANY)

    def _with_keys(self, name: str, keys: Collection[str], limit: int) -> Mapping[str, Collection[str]]:
        words = {_key(self._group_id, key): key for key in keys}
        found: dict[str, list[str]] = {}
        for batch in _batches(sorted(words)):
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
        for batch in _batches(rows):
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
                self._each(f"{verb}_{what}", "rows", [_row(record, revision, keep_none=known) for record in these])
            vectors = [_embedding(write.record.uuid, write.vectors) for write in of_it if write.vectors is not None]
            self._each(f"embed_{what}", "rows", vectors, property=f"embedding_{dimension}")
            fresh = [one for one, old, _ in of_it if old is None and isinstance(one, (Fact, Event))]
            copied = [{"uuid": one.uuid, "version_of": one.version_of} for one in fresh if one.version_of]
            self._each(f"embed_versions_of_{what}", "rows", copied, property=f"embedding_{dimension}")
        lost, won = differences([(write.old, write.record) for write in writes], _links)
        self._each("unlink", "rows", [_link_row(link) for _, link in lost])
        self._each("link", "rows", [_link_row(link) for _, link in won])
        spoken = [write.record.uuid for write in writes if write.old is None and isinstance(write.record, Episode)]
        self._each("link_followers", "uuids", spoken)

    def connect(self, links: Collection[Link]) -> None:
        """Connect nodes, also where some are connected so already."""
        for name in ("unlink", "link"):
            self._each(name, "rows", [_link_row(link) for link in links])

    def _each(self, name: str, variable: str, rows: Sequence[Any], **parameters: object) -> None:
        for batch in _batches(rows):
            self._run(question(f"store/{name}"), **{variable: batch}, **parameters)

    def _run(self, text: str, **parameters: object) -> list[neo4j.Record]:
        return list(self._tx.run(text, parameters, group_id=self._group_id))


def _date(tx: neo4j.ManagedTransaction, uuids: list[str], group_id: str) -> None:
    """Connect records that are there already with their periods."""
    tenant = _one(tx, "store/lock_tenant", {"group_id": group_id})
    ground = _Ground(tx, group_id)
    records = [known.record for known in ground.stored(uuids).values()]
    settled = dated(Settled([Write(record, record, None) for record in records], []), ground, group_id=group_id)
    periods = [write for write in settled.writes if isinstance(write.record, Period)]
    ground.write(Settled(periods, []), tenant["revision"], tenant["dimension"])
    ground.connect({link for record in records for link in _during(record)})


def _rows(tx: neo4j.ManagedTransaction, text: str, parameters: Mapping[str, object]) -> list[neo4j.Record]:
    return list(tx.run(text, dict(parameters)))


def _one(tx: neo4j.ManagedTransaction, name: str, parameters: Mapping[str, object]) -> neo4j.Record:
    return _rows(tx, question(name), parameters)[0]


def _schema(dimension: int | None) -> dict[str, str]:
    """Return the statements that make constraints and indexes, by the name of what they make."""
    texts = statements("schema") + (for_dimension(dimension) if dimension else ())
    return {name[0]: text for text in texts if (name := re.search(r"graphmem_\w+", text))}


def _make_missing(session: neo4j.Session, schema: Mapping[str, str]) -> None:
    """Make constraints and indexes, whoever else does the same right now, and wait until they can be used."""
    there = {row["name"] for row in session.execute_read(_rows, question("store/indexes"), {})}
    missing = [text for name, text in schema.items() if name not in there]
    for text in missing:
        _make_one(session, text)
    if missing:
        session.run(question("store/await_indexes")).consume()


def _make_one(session: neo4j.Session, text: str) -> None:
    try:
        session.execute_write(_rows, text, {})
    except exceptions.ClientError as error:
        if error.code != "Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists":
            raise


def _tell(kind: Kind) -> str:
    if kind not in RECORDS:
        raise InvalidInput(f"{kind!r} is no kind of record: it is one of {', '.join(RECORDS)}")
    return "facts" if kind == "fact" else "nodes"


def _given(where: Filter) -> dict[str, Any]:
    """Return the parameters of a filter that are conditions in Cypher."""
    fields = {field: getattr(where, field) for field in type(where).model_fields if field != "metadata"}
    if where.name is not None:
        fields["name"] = normal_name(where.name)
    return {field: value for field, value in fields.items() if value is not None}


def _has_metadata(record: Record, wanted: Mapping[str, Any]) -> bool:
    return isinstance(record, Episode) and has_metadata(record.metadata, wanted)


def _key(group_id: str, key: str) -> str:
    """Return one word for a key and a tenant, by which the index of keys finds an entity."""
    return hashlib.sha256(f"{group_id}\0{key}".encode()).hexdigest()[:20]


def _search_key(kind: Kind, group_id: str) -> str:
    """Return one word for a kind and a tenant, by which the full-text index keeps them apart."""
    return kind + hashlib.sha256(group_id.encode()).hexdigest()[:24]


def _record(row: neo4j.Record) -> Record:
    """Return the record that a row of `store/return/` tells."""
    values = {name: value for name, value in row["properties"].items() if value is not None}
    for name in NESTED:
        if name in values:
            values[name] = json.loads(values[name])
    kind = next(LABELS[label] for label in row["labels"] if label in LABELS)
    return RECORDS[kind].model_validate(values)


def _row(record: Record, revision: int, *, keep_none: bool) -> dict[str, object]:
    """Return what `create_*.cypher` and `update_*.cypher` need; None, which takes a property away, only for updates."""
    properties = record.model_dump()
    for name in NESTED:
        if name in properties:
            nested = properties[name]
            properties[name] = json.dumps(nested, ensure_ascii=False) if nested else None
    if isinstance(record, Entity):
        properties["normal_names"] = sorted({normal_name(name) for name in (record.name, *record.names)})
        properties["keys"] = sorted(_key(record.group_id, key) for key in keys_of(record))
        properties["alone"] = record.alone or None
    elif isinstance(record, Episode):
        properties["title"] = record.title
    elif isinstance(record, Fact):
        properties["support"] = record.support
        properties["keys"] = sorted(_key(record.group_id, key) for key in claim_keys(record))
        properties |= {name: properties[name] or None for name in ("ends", "overrules", "rivals", "corrects", "keys")}
    properties |= {"revision": revision, "search_key": _search_key(record.kind, record.group_id)}
    row: dict[str, object] = {"uuid": record.uuid, "label": type(record).__name__}
    if isinstance(record, Fact):
        row |= {"subject": record.subject_uuid, "object": record.object_uuid}
    row["properties"] = properties if keep_none else {k: v for k, v in properties.items() if v is not None}
    return row


def _embedding(uuid: str, vectors: Vectors) -> dict[str, object]:
    first = vectors[0].astype(np.float32)
    return {"uuid": uuid, "vectors": vectors.tobytes(), "first": first.tolist() if first.any() else None}


def _links(record: Record) -> set[Link]:
    """Return the relationships that follow from a record."""
    match record:
        case Episode():
            counts = Counter(mention.entity for mention in record.mentions)
            links = {Link("MENTIONS", record.uuid, uuid, (("count", count),)) for uuid, count in counts.items()}
            if record.session_uuid:
                links.add(Link("HAS_EPISODE", record.session_uuid, record.uuid))
            if record.previous:
                links.add(Link("NEXT_EPISODE", record.previous, record.uuid))
            return links | _during(record)
        case Event():
            involved = {
                Link("INVOLVES", record.uuid, who.uuid, (("role", who.role),))
                for who in record.participants
                if who.uuid
            }
            involved |= {Link("VERSION_OF", record.uuid, record.version_of)} if record.version_of else set()
            return involved | _during(record) | {Link("DESCRIBES", uuid, record.uuid) for uuid in record.episodes}
        case Entity(merged_into=str(into)):
            return {Link("MERGED_INTO", record.uuid, into, (("because", record.because),))}
        case Period():
            return _during(record, type="PART_OF")
        case _:
            return set()


def _during(record: Record, *, type: str = "DURING") -> set[Link]:
    return {Link(type, record.uuid, period_uuid(record.group_id, name)) for name in during(record)}


def _link_row(link: Link) -> dict[str, object]:
    return {**link._asdict(), "properties": dict(link.properties)}


def _batches(rows: Sequence[Any]) -> Iterator[list[Any]]:
    """Cut rows into batches bounded in number and in characters of text."""
    batch: list[Any] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += len(str(row.get("properties", {}).get("text", ""))) if isinstance(row, dict) else 0
        if len(batch) == ROWS or size > CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
