"""The store in one SQLite file (WAL), or in memory: what a notebook, a laptop and a test need, with nothing to install.

Every record is one row with its JSON body (NULL is a tombstone), its times as microseconds since 1970, and links to the
records it refers to; `texts` is a full-text index, `vectors` holds float16 rows. `revision` numbers the change sets.
"""

from __future__ import annotations

import heapq
import json
import sqlite3
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext, suppress
from datetime import datetime, timedelta, timezone
from hashlib import blake2b
from itertools import groupby, islice, starmap
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray
from pydantic_core import PydanticSerializationError, from_json

from graphmem.errors import InvalidInput, ModelMismatch, StoreError, StoreRejected, StoreUnavailable
from graphmem.garbage import no_collection
from graphmem.model import (
    DERIVED,
    RECORDS,
    Community,
    Derived,
    Entity,
    Episode,
    Event,
    Fact,
    Kind,
    Period,
    Record,
    Summary,
    Topic,
    Trace,
    during,
    natural_key,
    normal_name,
    period_uuid,
    referred,
)
from graphmem.resolve.same import Scene
from graphmem.resolve.truth import Said
from graphmem.results import Entry, Migration, Work
from graphmem.store.audit import audit, counted
from graphmem.store.believing import believed, claim_keys
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
    Progress,
    Scored,
)
from graphmem.store.dating import dated
from graphmem.store.join import Settled, Stored, Write, differences, require_model, settle
from graphmem.store.matching import has_metadata, searchable, words_of
from graphmem.store.merging import keys_of, merged

T = TypeVar("T")
APPLICATION: Final = int.from_bytes(b"gmem", "big")  # in the file's header, so that another program's file is refused
VERSION: Final = 4  # of the schema below, kept in the header too
MEMORY: Final = ":memory:"
PATIENCE: Final = 60.0  # seconds to wait for another writer
SCHEMA: Final = """
CREATE TABLE tenants (id INTEGER PRIMARY KEY, group_id TEXT NOT NULL UNIQUE, revision INTEGER NOT NULL DEFAULT 0,
    model TEXT, dimension INTEGER);
CREATE TABLE records (id INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, uuid TEXT NOT NULL, kind TEXT NOT NULL,
    revision INTEGER NOT NULL, starts INTEGER, ends INTEGER, created INTEGER, expired INTEGER, line TEXT, body TEXT,
    UNIQUE (tenant, uuid));
CREATE INDEX records_by_revision ON records (tenant, revision);
CREATE INDEX records_by_time ON records (tenant, kind, starts) WHERE body IS NOT NULL;
CREATE TABLE links (source INTEGER NOT NULL, role TEXT NOT NULL, target INTEGER NOT NULL,
    PRIMARY KEY (source, role, target)) WITHOUT ROWID;
CREATE INDEX links_by_target ON links (target, role, source);
CREATE TABLE names (tenant INTEGER NOT NULL, name TEXT NOT NULL, id INTEGER NOT NULL,
    PRIMARY KEY (tenant, name, id)) WITHOUT ROWID;
CREATE TABLE vectors (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE VIRTUAL TABLE texts USING fts5 (text, content='', tokenize='porter unicode61 remove_diacritics 2');
"""
MERGING: Final = """
CREATE TABLE keys (tenant INTEGER NOT NULL, key TEXT NOT NULL, id INTEGER NOT NULL,
    PRIMARY KEY (tenant, key, id)) WITHOUT ROWID;
CREATE TABLE scenes (entity INTEGER NOT NULL, session INTEGER NOT NULL, source INTEGER NOT NULL,
    speaker INTEGER NOT NULL, addressee INTEGER NOT NULL, episodes INTEGER NOT NULL, mentions INTEGER NOT NULL,
    PRIMARY KEY (entity, session, source, speaker, addressee)) WITHOUT ROWID;
"""  # by which names are found that may be one, and where each was named; since version 2
CONSOLIDATED: Final = """
CREATE TABLE IF NOT EXISTS consolidated (tenant INTEGER PRIMARY KEY, revision INTEGER NOT NULL)
"""  # up to which revision all has gone into the hierarchy; since version 4
SEALS: Final = """
CREATE TABLE IF NOT EXISTS seals (id INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, seal TEXT NOT NULL)
"""  # made when it is first needed, so that a file without it stays as good as one with it

_WHERE_UUID = "(SELECT id FROM records WHERE tenant = :tenant AND uuid = :{})"
_LINKED = "r.id IN (SELECT source FROM links WHERE role = '{}' AND target = " + _WHERE_UUID + ")"
_BY_EPISODE = _LINKED.format("episode", "episode")
_KNOWN = "r.created <= :known_at AND (r.expired IS NULL OR r.expired > :known_at)"
_INSIDE = """
WITH RECURSIVE inside (whole, part) AS (
    SELECT id, id FROM records WHERE tenant = :tenant AND uuid IN (SELECT value FROM json_each(:periods))
    UNION ALL SELECT inside.whole, l.source FROM inside JOIN links l ON l.target = inside.part AND l.role = 'part_of')
"""
_DURING = (
    f"r.id IN ({_INSIDE} SELECT l.source FROM inside JOIN links l ON l.target = inside.part AND l.role = 'during')"
)
_SPAN: Final = {"start": "r.ends IS NULL OR r.ends > :start", "end": "r.starts < :end"}
CONDITIONS: Final[Mapping[Kind, Mapping[str, str]]] = {
    "session": {},
    "episode": {
        "session": _LINKED.format("session", "session"),
        "speaker": "json_extract(r.body, '$.speaker') = :speaker",
        "source": "json_extract(r.body, '$.source') = :source",
        "start": "r.starts >= :start",
        "end": "r.starts < :end",
        "mentions": _LINKED.format("mention", "mentions"),
        "period": _DURING,
        "metadata": "has_metadata(r.body, :metadata)",
    },
    "entity": {
        "name": "r.id IN (SELECT id FROM names WHERE tenant = :tenant AND name = :name)",
        "episode": "r.id IN (SELECT target FROM links WHERE role = 'mention' "
        f"AND source = {_WHERE_UUID.format('episode')})",
        "merged_into": _LINKED.format("merged", "merged_into"),
    },
    "value": {},
    "fact": {
        "subject": _LINKED.format("subject", "subject"),
        "object": _LINKED.format("object", "object"),
        "predicate": "json_extract(r.body, '$.predicate') = :predicate",
        "touching": "r.id IN (SELECT source FROM links WHERE role IN ('subject', 'object') "
        f"AND target = {_WHERE_UUID.format('touching')})",
        "as_of": "(r.starts IS NULL OR r.starts <= :as_of) AND (r.ends IS NULL OR r.ends > :as_of)",
        "known_at": _KNOWN,
        "episode": _BY_EPISODE,
    },
    "event": {
        "participant": _LINKED.format("participant", "participant"),
        "place": "json_extract(r.body, '$.place') = :place",
        "start": "(r.starts IS NOT NULL OR r.ends IS NOT NULL) "
        "AND (r.ends IS NULL OR r.ends > :start OR r.starts >= :start)",
        "end": "(r.starts IS NOT NULL OR r.ends IS NOT NULL) AND (r.starts IS NULL OR r.starts < :end)",
        "known_at": _KNOWN,
        "episode": _BY_EPISODE,
        "period": _DURING,
    },
    "period": _SPAN,
    "community": {
        "level": "json_extract(r.body, '$.level') = :level",
        "member": _LINKED.format("member", "member"),
        **_SPAN,
    },
    "topic": {"session": _LINKED.format("topic", "session"), "episode": _LINKED.format("covers", "episode"), **_SPAN},
    "summary": {
        "about": "json_extract(r.body, '$.about') = :about",
        "episode": _LINKED.format("cites", "episode"),
        **_SPAN,
    },
    "trace": {"of": _LINKED.format("traces", "of")},
}
"""For each kind, what a field of `Filter` asks of a row; fields that a kind does not have ask nothing."""
ORDERS: Final[Mapping[Order, str]] = {
    "created_at": "r.created",
    "reference_time": "CASE WHEN r.kind = 'episode' THEN r.starts END",
    "valid_at": "CASE WHEN r.kind NOT IN ('session', 'episode', 'entity', 'value') THEN r.starts END",
    "position": "CASE WHEN r.kind = 'episode' THEN ifnull(json_extract(r.body, '$.position'), 0) END",
    "level": "json_extract(r.body, '$.level')",
    "name": "json_extract(r.body, '$.name')",
    "uuid": "NULL",
}

_ASKED: Final = """
WITH RECURSIVE asked AS (
    SELECT id, kind FROM records
    WHERE tenant = :tenant AND uuid IN (SELECT value FROM json_each(:uuids)) AND body IS NOT NULL),
"""
BESIDE: Final = f"""
{_ASKED}
after (id, far) AS (
    SELECT id, 0 FROM asked
    UNION SELECT l.source, far + 1 FROM after JOIN links l ON l.target = after.id
        WHERE l.role = 'previous' AND far < 2),
before (id, far) AS (
    SELECT id, 0 FROM asked
    UNION SELECT l.target, far + 1 FROM before JOIN links l ON l.source = before.id
        WHERE l.role = 'previous' AND far < 2)
SELECT DISTINCT r.uuid, substr(v.data, 1, :bytes) FROM (
    SELECT id FROM after WHERE far > 0 UNION SELECT id FROM before WHERE far > 0
    UNION SELECT l.target FROM asked JOIN links l ON l.source = asked.id AND l.role = 'episode') near
JOIN records r USING (id) LEFT JOIN vectors v USING (id) WHERE r.body IS NOT NULL
"""
NAMING: Final = f"""
{_ASKED}
name (id) AS (
    SELECT id FROM asked WHERE kind = 'entity'
    UNION SELECT l.target FROM asked JOIN links l ON l.source = asked.id AND l.role = 'mention'
    WHERE (SELECT count(*) FROM links n WHERE n.target = l.target AND n.role = 'mention') <= :common),
same (name, id) AS (
    SELECT id, id FROM name
    UNION SELECT same.name, l.target FROM same JOIN links l ON l.source = same.id AND l.role = 'merged'
    UNION SELECT same.name, l.source FROM same JOIN links l ON l.target = same.id AND l.role = 'merged')
SELECT DISTINCT same.name, r.uuid, substr(v.data, 1, :bytes) FROM same
    JOIN links l ON l.target = same.id AND l.role = 'mention'
    JOIN records r ON r.id = l.source JOIN vectors v ON v.id = r.id WHERE r.body IS NOT NULL
ORDER BY 1, 2
"""
SPEAKING: Final = """
WITH speakers AS (
    SELECT DISTINCT json_extract(body, '$.speaker') AS speaker FROM records
    WHERE tenant = :tenant AND kind = 'episode' AND body IS NOT NULL)
SELECT DISTINCT n.value FROM json_each(:names) n JOIN speakers
    ON speaker = n.value OR substr(speaker, 1, length(n.value) + 1) = n.value || ' '
"""
TOLD: Final = f"""
{_ASKED}
told (id) AS (
    SELECT id FROM asked WHERE kind = 'episode'
    UNION SELECT l.target FROM asked JOIN links l ON l.source = asked.id AND l.role = 'mention'
    UNION SELECT l.source FROM asked JOIN links l ON l.target = asked.id AND l.role = 'episode'
    UNION SELECT l.target FROM told JOIN links l ON l.source = told.id AND l.role = 'merged')
SELECT r.revision, r.kind, r.uuid, r.body, v.data FROM told JOIN records r USING (id) LEFT JOIN vectors v USING (id)
WHERE r.body IS NOT NULL ORDER BY r.revision, r.id
"""
BELONGING: Final = f"""
{_INSIDE}
SELECT w.uuid, count(DISTINCT iif(r.kind = 'episode', r.id, NULL)), count(DISTINCT iif(r.kind = 'event', r.id, NULL))
FROM inside JOIN records w ON w.id = inside.whole
    JOIN links l ON l.target = inside.part AND l.role = 'during' JOIN records r ON r.id = l.source GROUP BY 1
"""


class _Tenant(NamedTuple):
    id: int
    revision: int
    model: str | None
    dimension: int | None


class SQLiteStore:
    """A `graphmem.store.contract.Store` in one SQLite file, shared by threads and processes.

    `path` is a file or ":memory:"; without `create` the file must exist. Raises `StoreUnavailable` when it cannot be
    opened or written, `StoreRejected` when it is no memory of graphmem's or a newer one's.
    """

    serves = False

    def __init__(self, path: str | Path, *, group_id: str, create: bool = True) -> None:
        self.group_id = group_id
        self.address = str(path)
        self.database: str | None = None
        self.created = False
        self.file = None if self.address == MEMORY else Path(path).expanduser().absolute()
        self._idle: deque[sqlite3.Connection] = deque()
        self._turn = threading.RLock()  # memory lives in one connection, which one thread uses at a time
        self._closed = False
        if self.file and not create and not self.file.exists():
            raise StoreUnavailable(f"there is no memory at {self.address}: make one with graphmem init")
        try:
            with self._connection() as db:
                self._prepare(db)
        except BaseException:
            self.close()
            raise

    # Opening

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection, and tell what SQLite has against it in our words."""
        if self._closed:
            raise StoreUnavailable(f"the memory {self.address} is closed: open it again")
        with self._turn if self.file is None else nullcontext(), self._explained():
            db = self._borrow()
            try:
                yield db
            finally:
                if db.in_transaction:
                    db.rollback()
                if self._closed:
                    db.close()
                else:
                    self._idle.append(db)

    def _borrow(self) -> sqlite3.Connection:
        try:
            return self._idle.pop()
        except IndexError:
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        target = MEMORY if self.file is None else str(self.file)
        db = sqlite3.connect(target, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            db.execute("PRAGMA cache_size = -32000")
            db.execute("PRAGMA temp_store = MEMORY")
            db.create_function("has_metadata", 2, _body_has_metadata, deterministic=True)
        except BaseException:
            db.close()
            raise
        return db

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            reason = str(error)
            if "not a database" in reason:
                raise StoreRejected(f"{self.address} is a file, but no SQLite database: name another file") from error
            if "malformed" in reason:
                raise StoreRejected(f"{self.address} is damaged ({reason}): restore a copy, or name another") from error
            if "readonly" in reason or "read-only" in reason:
                raise StoreUnavailable(f"{self.address} cannot be written: it or its folder is read-only") from error
            if "unable to open" in reason:
                folder = self.file.parent if self.file else ""
                what = "is a folder" if self.file and self.file.is_dir() else f"cannot be opened in {folder}"
                raise StoreUnavailable(f"{self.address} {what}: name a file in a folder that you can write") from error
            if "locked" in reason:
                raise StoreUnavailable(f"{self.address} was busy for {PATIENCE:.0f} s: is a writer stuck?") from error
            if "full" in reason:
                raise StoreUnavailable(f"no room left to write {self.address}: free some and try again") from error
            raise StoreError(f"{self.address}: SQLite says {reason}") from error
        except (UnicodeEncodeError, PydanticSerializationError) as error:  # of a text that no file can hold
            raise InvalidInput(f"it cannot be written to {self.address}: {error}") from error

    def _prepare(self, db: sqlite3.Connection) -> None:
        """Make the schema in a new file; refuse one that is not ours or too new."""
        self._refuse_foreign(db)
        if self.file and db.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            self._switch_to_wal(db)
        if db.execute("PRAGMA user_version").fetchone()[0] == 0:
            db.execute("BEGIN IMMEDIATE")
            if db.execute("PRAGMA user_version").fetchone()[0] == 0:  # no other process was faster
                for statement in (SCHEMA + MERGING + CONSOLIDATED).split(";\n"):
                    db.execute(statement)
                db.execute(f"PRAGMA application_id = {APPLICATION}")
                db.execute(f"PRAGMA user_version = {VERSION}")
                self.created = True
            db.execute("COMMIT")
        elif db.execute("PRAGMA user_version").fetchone()[0] < VERSION:
            self._upgrade(db)

    def _upgrade(self, db: sqlite3.Connection) -> None:
        """Make what a file of an older version has not, for every tenant."""
        db.execute("BEGIN IMMEDIATE")
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version < 3:
            db.execute("ALTER TABLE records ADD COLUMN line TEXT")
        if version < 2:
            self._merge_entities(db)
        if version < 3:
            self._make_periods(db)
            self._believe(db)
        db.execute(CONSOLIDATED)
        db.execute(f"PRAGMA user_version = {VERSION}")
        db.execute("COMMIT")

    def _merge_entities(self, db: sqlite3.Connection) -> None:
        """Make the tables by which it is found which entities are one, and decide it."""
        for statement in MERGING.split(";\n"):
            db.execute(statement)
        for tenant, revision in db.execute("SELECT id, revision FROM tenants").fetchall():
            query = "SELECT body FROM records WHERE tenant = ? AND kind = ? AND body IS NOT NULL"
            read = [
                Write(record=RECORDS[kind].model_validate_json(body), old=None, vectors=None)
                for kind in ("entity", "episode")
                for (body,) in db.execute(query, (tenant, kind))
            ]
            ground = _Ground(db, tenant)
            ground.stored([write.record.uuid for write in read])
            ground.enter([(None, write.record) for write in read])
            for writes in merged(Settled(read, []), ground):
                ground.write(Settled(writes, []), revision + 1)
                db.execute("UPDATE tenants SET revision = ? WHERE id = ?", (revision + 1, tenant))

    def _make_periods(self, db: sqlite3.Connection) -> None:
        """Make the periods that episodes and events belong to."""
        for tenant, group_id, revision in db.execute("SELECT id, group_id, revision FROM tenants").fetchall():
            ground = _Ground(db, tenant)
            for records in ground.read("episode", "event"):
                ground.date(records, group_id, revision + 1)
            if db.execute("SELECT 1 FROM records WHERE tenant = ? AND revision > ?", (tenant, revision)).fetchone():
                db.execute("UPDATE tenants SET revision = ? WHERE id = ?", (revision + 1, tenant))

    def _believe(self, db: sqlite3.Connection) -> None:
        """Make the keys and lines of facts and events, and work out what is believed of facts."""
        for tenant, revision in db.execute("SELECT id, revision FROM tenants").fetchall():
            ground = _Ground(db, tenant)
            writes: list[Write] = []
            for records in ground.read("fact", "event"):
                ground.stored([record.uuid for record in records])
                ground.enter([(None, record) for record in records])
                lines = [(_line(record), tenant, record.uuid) for record in records]
                db.executemany("UPDATE records SET line = ? WHERE tenant = ? AND uuid = ?", lines)
                writes += [Write(record=record, old=None, vectors=None) for record in records]
            versions = believed(writes, [], ground)
            if versions.writes:
                ground.write(versions, revision + 1)
                db.execute("UPDATE tenants SET revision = ? WHERE id = ?", (revision + 1, tenant))

    def _refuse_foreign(self, db: sqlite3.Connection) -> None:
        tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        application = db.execute("PRAGMA application_id").fetchone()[0]
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if tables and application != APPLICATION:
            raise StoreRejected(f"{self.address} is another program's SQLite database: name another file")
        if application == APPLICATION and version > VERSION:
            raise StoreRejected(
                f"{self.address} has schema {version}, this graphmem knows up to {VERSION}: upgrade graphmem"
            )

    def _switch_to_wal(self, db: sqlite3.Connection) -> None:
        end = time.monotonic() + PATIENCE
        while not self._in_wal(db, patient=time.monotonic() < end):
            time.sleep(0.02)

    def _in_wal(self, db: sqlite3.Connection, *, patient: bool) -> bool:
        try:
            return bool(db.execute("PRAGMA journal_mode = WAL").fetchone()[0] == "wal")
        except sqlite3.OperationalError as error:  # SQLite does not wait here while another process does the same
            if patient and "locked" in str(error):
                return False
            raise

    def close(self) -> None:
        """Let go of the file; closing twice is fine."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()

    # Writing

    def bind(self, model: str, dimension: int) -> None:
        """Remember the embedding model on first use; raises `ModelMismatch` when the store holds vectors of another."""
        with self._connection() as db:
            if self._bound(self._tenant(db), model, dimension):
                return
            db.execute("BEGIN IMMEDIATE")
            tenant = self._tenant(db, create=True)
            if not self._bound(tenant, model, dimension):
                db.execute("UPDATE tenants SET model = ?, dimension = ? WHERE id = ?", (model, dimension, tenant.id))
            db.execute("COMMIT")

    def model(self) -> tuple[str, int] | None:
        """Return the embedding model that is remembered, and its dimension; None before `bind`."""
        with self._connection() as db:
            tenant = self._tenant(db)
        return None if tenant.model is None else (tenant.model, tenant.dimension or 0)

    def _bound(self, tenant: _Tenant, model: str, dimension: int) -> bool:
        if tenant.model is None:
            return False
        require_model(self.address, (tenant.model, tenant.dimension or 0), (model, dimension))
        return True

    def apply(self, change: ChangeSet) -> int:
        """Apply a change set, all or nothing, and return the revision of the tenant; unchanged if nothing was new."""
        with self._connection() as db:
            db.execute("BEGIN IMMEDIATE")
            tenant = self._tenant(db, create=True)
            ground = _Ground(db, tenant.id)
            settled = settle(change, ground, group_id=self.group_id, dimension=tenant.dimension)
            settled = dated(settled, ground, group_id=self.group_id)
            if change.consolidated is not None:
                db.execute(CONSOLIDATE, (tenant.id, change.consolidated))
            if not settled.writes and not settled.removed:
                db.execute("COMMIT")
                return tenant.revision
            revision = tenant.revision + 1
            ground.write(settled, revision)
            done = [*settled.writes]
            for writes in merged(settled, ground):
                ground.write(Settled(writes, []), revision)
                done += writes
            versions = dated(believed(done, settled.removed, ground), ground, group_id=self.group_id)
            ground.write(versions, revision)
            if not all(isinstance(gone, Derived) for gone in (*settled.removed, *versions.removed)):
                db.execute(SEALS)
                db.execute("DELETE FROM seals WHERE tenant = ?", (tenant.id,))
            db.execute("UPDATE tenants SET revision = ? WHERE id = ?", (revision, tenant.id))
            db.execute("COMMIT")
            return revision

    def seal(self, revision: int) -> str | None:
        """Note that a copy is kept of all there is at `revision`, and return a name for it; None if that is over."""
        seal = uuid4().hex
        with self._connection() as db:
            db.execute("BEGIN IMMEDIATE")
            tenant = self._tenant(db)
            if tenant.revision != revision:
                return None
            db.execute(SEALS)
            db.execute("INSERT INTO seals (tenant, seal) VALUES (?, ?)", (tenant.id, seal))
            db.execute(
                "DELETE FROM seals WHERE tenant = :tenant AND id NOT IN "
                "(SELECT id FROM seals WHERE tenant = :tenant ORDER BY id DESC LIMIT :most)",
                {"tenant": tenant.id, "most": MOST_SEALS},
            )
            db.execute("COMMIT")
        return seal

    def sealed(self, seal: str) -> bool:
        """Tell whether a copy that was sealed is still of this store's past, and nothing in it was removed since."""
        with self._connection() as db:
            if not db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'seals'").fetchone()[0]:
                return False
            query = "SELECT count(*) FROM seals WHERE tenant = ? AND seal = ?"
            return bool(db.execute(query, (self._tenant(db).id, seal)).fetchone()[0])

    def _tenant(self, db: sqlite3.Connection, *, create: bool = False) -> _Tenant:
        query = "SELECT id, revision, model, dimension FROM tenants WHERE group_id = ?"
        row = db.execute(query, (self.group_id,)).fetchone()
        if row is None and create:
            db.execute("INSERT INTO tenants (group_id) VALUES (?)", (self.group_id,))
            row = db.execute(query, (self.group_id,)).fetchone()
        return _Tenant(*row) if row else _Tenant(0, 0, None, None)

    # Reading

    def revision(self) -> int:
        """Return the newest revision of the tenant, 0 when empty."""
        with self._connection() as db:
            return self._tenant(db).revision

    def consolidated(self) -> int:
        """Return the revision up to which everything has gone into the hierarchy, 0 if nothing has."""
        with self._connection() as db:
            query = "SELECT max(revision) FROM consolidated WHERE tenant = ?"
            return db.execute(query, (self._tenant(db).id,)).fetchone()[0] or 0

    def changes(self, since: int = 0) -> Iterator[Change]:
        """Stream each record changed after `since` once, as it stands now, with tombstones, in order of revision."""
        query = (
            "SELECT r.revision, r.kind, r.uuid, r.body, v.data FROM records r LEFT JOIN vectors v USING (id) "
            "WHERE r.tenant = :tenant AND r.revision > :since ORDER BY r.revision, r.id"
        )
        return self._changes(query, {"since": since})

    def _changes(self, query: str, parameters: Mapping[str, object]) -> Iterator[Change]:
        for dimension, (revision, kind, uuid, body, data) in self._stream(query, parameters):
            record = RECORDS[kind].model_validate_json(body) if body is not None else None
            vectors = np.frombuffer(data, "<f2").reshape(-1, dimension or 1) if data is not None else None
            yield Change(revision, kind, uuid, record, vectors)

    def get(self, kind: Kind, uuids: Sequence[str]) -> list[Record]:
        """Return the records with these uuids, in the order asked, missing ones left out."""
        with self._connection() as db:
            found = _Ground(db, self._tenant(db).id).stored(uuids)
        return [found[uuid].record for uuid in uuids if uuid in found and found[uuid].record.kind == kind]

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
        conditions, parameters = self._conditions(kind, where)
        by, way = ORDERS[order], "DESC" if last else "ASC"
        query = f"SELECT r.body FROM records r WHERE {conditions} ORDER BY {by} IS NULL {way}, {by} {way}, r.uuid {way}"
        query += " LIMIT :limit"
        for _, (body,) in self._stream(query, {**parameters, "limit": -1 if limit is None else limit}):
            yield RECORDS[kind].model_validate_json(body)

    def nearest(
        self, kind: Kind, vector: NDArray[np.float32], *, top_k: int, where: Filter = EVERYTHING
    ) -> list[Scored]:
        """Return the records whose own vectors have the largest cosine, filter before cut, best first."""
        conditions, parameters = self._conditions(kind, where)
        query = f"SELECT r.uuid, substr(v.data, 1, :bytes) FROM records r JOIN vectors v USING (id) WHERE {conditions}"
        unit = np.asarray(vector, dtype=np.float32)
        unit = unit / max(float(np.linalg.norm(unit)), 1e-12)
        best: list[Scored] = []
        rows = self._stream(query, {**parameters, "bytes": 2 * len(unit)})
        for page in _pages(rows, 5000):
            if page[0][0] != len(unit):
                raise ModelMismatch(f"the vector asked for has dimension {len(unit)}, those stored {page[0][0]}")
            matrix = np.frombuffer(b"".join(data for _, (_, data) in page), "<f2").reshape(len(page), len(unit))
            cosines = matrix.astype(np.float32) @ unit
            found = (Scored(uuid, float(cosine)) for (_, (uuid, _)), cosine in zip(page, cosines, strict=True))
            best = heapq.nsmallest(top_k, [*best, *found], key=lambda scored: (-scored.score, scored.uuid))
        return best

    def matching(self, kind: Kind, words: str, *, top_k: int, where: Filter = EVERYTHING) -> list[Scored]:
        """Return the records whose text matches any of the words best, by BM25 of SQLite's FTS5."""
        asked = words_of(words)
        if not asked:
            return []
        conditions, parameters = self._conditions(kind, where)
        query = (
            "SELECT r.uuid, -bm25(texts) FROM texts JOIN records r ON r.id = texts.rowid "
            f"WHERE texts MATCH :words AND {conditions} ORDER BY 2 DESC, 1 LIMIT :limit"
        )
        parameters |= {"words": " OR ".join(f'"{word}"' for word in asked), "limit": top_k}
        return [Scored(uuid, float(score)) for _, (uuid, score) in self._stream(query, parameters)]

    def speaking(self, names: Collection[str]) -> set[str]:
        """Return those of the names, spelled just so, that are a speaker of episodes or the first words of one."""
        with self._connection() as db:
            asked = {"tenant": self._tenant(db).id, "names": json.dumps(list(names))}
            return {name for (name,) in db.execute(SPEAKING, asked)}

    def neighbourhood(
        self, uuids: Collection[str], vector: NDArray[np.float32], *, each: int, common: int
    ) -> list[Scored]:
        """Return the episodes one step away from some records, with their cosines to a unit vector, nearest first."""
        asked = {"uuids": json.dumps(list(uuids)), "common": common, "bytes": 2 * len(vector)}
        near = {uuid: _cosine(data, vector) for _, (uuid, data) in self._stream(BESIDE, asked)}
        for _, group in groupby((row for _, row in self._stream(NAMING, asked)), key=itemgetter(0)):
            found = {uuid: _cosine(data, vector) for _, uuid, data in group}
            near |= heapq.nsmallest(each, found.items(), key=lambda scored: (-scored[1], scored[0]))
        return sorted(starmap(Scored, near.items()), key=lambda scored: (-scored.score, scored.uuid))

    def told(self, episodes: Collection[str]) -> Iterator[Change]:
        """Stream some episodes with all that they tell: who is named in them, and the facts and events they support."""
        return self._changes(TOLD, {"uuids": json.dumps(list(episodes))})

    def counts(self) -> dict[Kind, int]:
        """Return how many records of each kind the tenant has."""
        query = "SELECT kind, count(*) FROM records WHERE tenant = ? AND body IS NOT NULL GROUP BY kind"
        with self._connection() as db:
            found = dict(db.execute(query, (self._tenant(db).id,)).fetchall())
        return {kind: found.get(kind, 0) for kind in RECORDS}

    def named(self, groups: Mapping[str, Collection[str]]) -> dict[str, Named]:
        """Return how often the entities of each group, given by their uuids, are named; groups never named left out."""
        pairs = json.dumps([[key, uuid] for key, uuids in groups.items() for uuid in uuids])
        found: dict[str, Named] = {}
        with self._connection() as db:
            asked = {"tenant": self._tenant(db).id, "pairs": pairs}
            mentions = dict(db.execute(NAMED.format(counted="sum(s.mentions)", among="scenes s ON s.entity"), asked))
            among = "links l ON l.role = 'mention' AND l.target"
            for key, episodes in db.execute(NAMED.format(counted="count(DISTINCT l.source)", among=among), asked):
                found[key] = Named(mentions[key], episodes)
        return found

    def timeline(
        self, uuids: Collection[str], *, start: datetime | None = None, end: datetime | None = None
    ) -> list[Entry]:
        """Return the facts with one of the entities at an end, and the events that involve one, in order of time."""
        span = {"start": start and micros(start), "end": end and micros(end)}
        with self._connection() as db, no_collection():
            asked = {"tenant": self._tenant(db).id, "uuids": json.dumps(list(uuids)), "open": OPEN, **span}
            return _entries(db.execute(TIMELINE, asked).fetchall())

    def belonging(self, periods: Collection[str]) -> dict[str, Belonging]:
        """Return how much belongs to each of these periods, given by their uuids, or to its parts."""
        with self._connection() as db:
            asked = {"tenant": self._tenant(db).id, "periods": json.dumps(list(periods))}
            return {uuid: Belonging(episodes, events) for uuid, episodes, events in db.execute(BELONGING, asked)}

    def merges(self) -> int:
        """Return how many entities of the tenant are merged into another."""
        query = (
            "SELECT count(*) FROM links l JOIN records r ON r.id = l.source WHERE l.role = 'merged' AND r.tenant = ?"
        )
        with self._connection() as db:
            return int(db.execute(query, (self._tenant(db).id,)).fetchone()[0])

    def check(self, *, repair: bool = False, progress: Progress = lambda step, done, total: None) -> list[Finding]:
        """Look for what should not be: damage to the file, references to missing records, records nothing leads to.

        With `repair`, make the periods that are missing, and remove those to which nothing belongs and what is made of
        records that are missing.
        """
        findings = []
        with self._connection() as db:
            for (said,) in db.execute("PRAGMA quick_check"):
                if said != "ok":
                    findings.append(Finding(f"the file is damaged: {said}", None, "restore a copy"))
        if findings:
            return findings
        found = audit(counted(self.changes(), "check", sum(self.counts().values()), progress))
        if repair and any(finding.mend for finding in found):
            self._mend([finding.uuid for finding in found if finding.mend and finding.uuid])
            left = set(audit(self.changes()))
            found = [finding._replace(mended=finding not in left) for finding in found]
        return found

    def _mend(self, uuids: Sequence[str]) -> None:
        """Make the periods that are missing; remove those of these records that are empty, and what is unfounded."""
        with self._connection() as db:
            db.execute("BEGIN IMMEDIATE")
            tenant = self._tenant(db)
            ground = _Ground(db, tenant.id)
            for records in ground.read("episode", "event", "period"):
                ground.date(records, self.group_id, tenant.revision + 1)
            periods = [one.record for one in ground.stored(uuids).values() if isinstance(one.record, Period)]
            leaning = ground.leaning([period.uuid for period in periods])
            empty: list[Record] = [period for period in periods if not leaning.get(period.uuid)]
            ground.write(Settled([], [*empty, *ground.unfounded()]), tenant.revision + 1)
            db.execute(SEALS)
            db.execute("DELETE FROM seals WHERE tenant = ?", (tenant.id,))
            db.execute("UPDATE tenants SET revision = ? WHERE id = ?", (tenant.revision + 1, tenant.id))
            db.execute("COMMIT")

    # The means

    def _stream(self, query: str, parameters: Mapping[str, object]) -> Iterator[tuple[int | None, Any]]:
        """Yield each row of one consistent reading, with the dimension of the tenant's vectors."""
        with self._connection() as db:
            db.execute("BEGIN")
            tenant = self._tenant(db)
            rows: Iterable[Any] = db.execute(query, {**parameters, "tenant": tenant.id})
            if self.file is not None:
                for row in rows:
                    yield tenant.dimension, row
                return
            rows = list(rows)  # the only connection must be free again before the caller goes on
        for row in rows:
            yield tenant.dimension, row

    def _conditions(self, kind: Kind, where: Filter) -> tuple[str, dict[str, object]]:
        """Return the WHERE clause of a filter, made of the fixed texts in CONDITIONS, and its parameters."""
        if kind not in CONDITIONS:
            raise InvalidInput(f"{kind!r} is no kind of record: it is one of {', '.join(CONDITIONS)}")
        texts = ["r.tenant = :tenant", f"r.kind = '{kind}'", "r.body IS NOT NULL"]
        parameters: dict[str, object] = {}
        for field, text in CONDITIONS[kind].items():
            value = getattr(where, field)
            if value is None:
                continue
            texts.append(f"({text})")
            if field == "session":
                value = natural_key("session", self.group_id, value)
            elif field == "name":
                value = normal_name(value)
            elif field == "metadata":
                value = json.dumps(value)
            elif field == "period":
                field, value = "periods", json.dumps([period_uuid(self.group_id, value)])
            parameters[field] = micros(value) if isinstance(value, datetime) else value
        return " AND ".join(texts), parameters


def migrate(path: str, *, dry_run: bool) -> Migration:
    """Bring a file of an older version up to date, as opening it does, or tell what that would do."""
    version, records = VERSION, 0
    if path != MEMORY and Path(path).expanduser().is_file():
        with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(Path(path).expanduser())) as db:  # opening tells
            if db.execute("PRAGMA application_id").fetchone()[0] == APPLICATION:
                version = db.execute("PRAGMA user_version").fetchone()[0]
                records = db.execute("SELECT count(*) FROM records WHERE body IS NOT NULL").fetchone()[0]
    behind = version < VERSION
    if not (dry_run and behind):
        SQLiteStore(path, group_id="default", create=path == MEMORY).close()
    steps = (Work("bring the file up to date, as opening it does", records),) if behind else ()
    return Migration(store=path, version=version, target=VERSION, groups=(), steps=steps, done=not dry_run)


class _Ground:
    """The store as one change set sees it, within the transaction that writes."""

    def __init__(self, db: sqlite3.Connection, tenant: int) -> None:
        self._db = db
        self._tenant = tenant
        self._ids: dict[str, int] = {}

    def read(self, *kinds: Kind) -> Iterator[list[Record]]:
        """Yield the records of some kinds in pages, also while they are written."""
        query = (
            "SELECT id, kind, body FROM records WHERE tenant = ? AND kind IN (SELECT value FROM json_each(?)) "
            "AND body IS NOT NULL AND id > ? ORDER BY id LIMIT 1000"
        )
        last = 0
        while rows := self._db.execute(query, (self._tenant, json.dumps(kinds), last)).fetchall():
            last = rows[-1][0]
            yield [RECORDS[kind].model_validate_json(body) for _, kind, body in rows]

    def stored(self, uuids: Collection[str]) -> dict[str, Stored]:
        """Return the records of this tenant that exist among the uuids."""
        query = (
            "SELECT r.id, r.uuid, r.kind, r.body, v.id IS NOT NULL FROM records r LEFT JOIN vectors v USING (id) "
            "WHERE r.tenant = ? AND r.uuid IN (SELECT value FROM json_each(?))"
        )
        found = {}
        for id_, uuid, kind, body, embedded in self._db.execute(query, (self._tenant, json.dumps(list(uuids)))):
            self._ids[uuid] = id_
            if body is not None:
                found[uuid] = Stored(RECORDS[kind].model_validate_json(body), bool(embedded))
        return found

    def present(self, uuids: Collection[str]) -> set[str]:
        """Return those of the uuids that are of records of this tenant."""
        query = (
            "SELECT uuid FROM records WHERE tenant = ? AND body IS NOT NULL "
            "AND uuid IN (SELECT value FROM json_each(?))"
        )
        return {uuid for (uuid,) in self._db.execute(query, (self._tenant, json.dumps(list(uuids))))}

    def derived(self, uuids: Collection[str]) -> set[str]:
        """Return the communities, topics, summaries and traces that are made of some records, or are of them."""
        query = (
            f"SELECT s.uuid FROM records t JOIN links l ON l.target = t.id AND l.role IN {MADE_OF} "
            "JOIN records s ON s.id = l.source WHERE t.tenant = ? AND t.uuid IN (SELECT value FROM json_each(?))"
        )
        return {uuid for (uuid,) in self._db.execute(query, (self._tenant, json.dumps(list(uuids))))}

    def unfounded(self) -> list[Record]:
        """Return the communities, topics, summaries and traces of which a record is missing."""
        found: dict[str, Record] = {}
        while True:
            before = len(found)
            for records in self.read(*DERIVED):
                there = self.present(set().union(*map(referred, records))) - found.keys()
                found |= {record.uuid: record for record in records if not referred(record) <= there}
            if len(found) == before:
                return list(found.values())

    def leaning(self, uuids: Collection[str]) -> Mapping[str, Collection[str]]:
        """Return for each uuid the records that refer to it or rest on it."""
        query = (
            "SELECT t.uuid, s.uuid FROM records t "
            f"JOIN links l ON l.target = t.id AND l.role NOT IN ('previous', 'merged') AND l.role NOT IN {MADE_OF} "
            "JOIN records s ON s.id = l.source WHERE t.tenant = ? AND t.uuid IN (SELECT value FROM json_each(?))"
        )
        found: dict[str, set[str]] = defaultdict(set)
        for target, source in self._db.execute(query, (self._tenant, json.dumps(list(uuids)))):
            found[target].add(source)
        return found

    def entities(self, uuids: Collection[str]) -> dict[str, Entity]:
        """Return the entities of this tenant that exist among the uuids."""
        found = self.stored(uuids)
        return {uuid: known.record for uuid, known in found.items() if isinstance(known.record, Entity)}

    def keyed(self, keys: Collection[str], *, most: int | None = None) -> Mapping[str, Collection[str]]:
        """Return the entities that have each key; at least `most` + 1 of those of more than `most`."""
        query = (
            "SELECT k.value, r.uuid FROM json_each(:keys) k JOIN records r ON r.id IN "
            "(SELECT id FROM keys WHERE tenant = :tenant AND key = k.value LIMIT :limit)"
        )
        limit = -1 if most is None else most + 1
        found: dict[str, list[str]] = defaultdict(list)
        asked = {"keys": json.dumps(sorted(keys)), "tenant": self._tenant, "limit": limit}
        for key, uuid in self._db.execute(query, asked):
            found[key].append(uuid)
        return found

    def scenes(self, uuids: Collection[str]) -> Mapping[str, Collection[Scene]]:
        """Return where each entity was named."""
        query = (
            "SELECT r.uuid, s.session, s.source, s.speaker, s.addressee FROM records r "
            "JOIN scenes s ON s.entity = r.id WHERE r.tenant = ? AND r.uuid IN (SELECT value FROM json_each(?))"
        )
        found: dict[str, set[Scene]] = defaultdict(set)
        for uuid, session, source, *people in self._db.execute(query, (self._tenant, json.dumps(list(uuids)))):
            found[uuid].add(Scene(session, source, frozenset(people) - {0}))
        return found

    def wholes(self, uuids: Collection[str]) -> Mapping[str, str]:
        """Return for each uuid the entity that it is in the end, and that for all others that are the same."""
        query = (
            "WITH RECURSIVE up (id, top) AS ("
            "SELECT r.id, r.id FROM records r WHERE r.tenant = :tenant "
            "AND r.uuid IN (SELECT value FROM json_each(:uuids)) "
            "UNION SELECT up.id, l.target FROM up JOIN links l ON l.source = up.top AND l.role = 'merged'), "
            "tops (top) AS (SELECT DISTINCT top FROM up WHERE NOT EXISTS "
            "(SELECT 1 FROM links l WHERE l.source = up.top AND l.role = 'merged')), "
            "down (id, top) AS (SELECT top, top FROM tops "
            "UNION SELECT l.source, down.top FROM down JOIN links l ON l.target = down.id AND l.role = 'merged') "
            "SELECT one.uuid, whole.uuid FROM down JOIN records one ON one.id = down.id "
            "JOIN records whole ON whole.id = down.top WHERE one.uuid IS NOT whole.uuid"
        )
        asked = {"tenant": self._tenant, "uuids": json.dumps(list(uuids))}
        return dict(self._db.execute(query, asked).fetchall())

    def claiming(self, keys: Collection[str]) -> Mapping[str, Collection[str]]:
        """Return the facts that have each key."""
        return self.keyed(keys)

    def said(self, facts: Mapping[str, Fact]) -> Mapping[str, Sequence[Said]]:
        """Return who stated each fact when, by the episodes that it rests on."""
        query = (
            "SELECT f.uuid, e.uuid, e.starts, e.created, json_array(json_extract(e.body, '$.source'), "
            "json_extract(e.body, '$.speaker')) FROM records f JOIN links l ON l.source = f.id AND l.role = 'episode' "
            "JOIN records e ON e.id = l.target AND e.body IS NOT NULL "
            "WHERE f.tenant = ? AND f.uuid IN (SELECT value FROM json_each(?))"
        )
        found: dict[str, list[Said]] = defaultdict(list)
        for fact, episode, at, learned, voice in self._db.execute(query, (self._tenant, json.dumps(list(facts)))):
            found[fact].append(Said(episode, _moment(at), _moment(learned), voice))
        return found

    def write(self, settled: Settled, revision: int) -> None:
        """Write what was settled, as this revision."""
        ids, many = self._ids, self._db.executemany
        pairs = [(write.old, write.record) for write in settled.writes] + [(gone, None) for gone in settled.removed]
        written = [write.record for write in settled.writes]
        seen = [record for pair in pairs for record in pair if record]
        new = self._number({uuid for record in seen for uuid in (record.uuid, *(to for _, to in _links(record)))})
        many(UPSERT, [(ids[record.uuid], self._tenant, record.uuid, *_row(record, revision)) for record in written])
        many(PROMISE, [(ids[uuid], self._tenant, uuid) for uuid in new - {record.uuid for record in written}])
        many(BURY, [(revision, ids[gone.uuid]) for gone in settled.removed])
        many("DELETE FROM vectors WHERE id = ?", [(ids[gone.uuid],) for gone in settled.removed])
        embedded = [(write.record.uuid, write.vectors) for write in settled.writes if write.vectors is not None]
        many("INSERT OR REPLACE INTO vectors VALUES (?, ?)", [(ids[uuid], rows.tobytes()) for uuid, rows in embedded])
        versions = [(ids[one.uuid], self._tenant, one.version_of) for one in written if isinstance(one, (Fact, Event))]
        many(EMBED_VERSION, [row for row in versions if row[-1]])
        lost, won = differences(pairs, _links)
        many(
            "DELETE FROM links WHERE source = ? AND role = ? AND target = ?",
            [(ids[source], role, ids[target]) for source, (role, target) in lost],
        )
        many(
            "INSERT INTO links VALUES (?, ?, ?)",
            [(ids[source], role, ids[target]) for source, (role, target) in won],
        )
        before, after = differences(pairs, _names)
        many(
            "DELETE FROM names WHERE tenant = ? AND name = ? AND id = ?",
            [(self._tenant, name, ids[uuid]) for uuid, name in before],
        )
        many("INSERT INTO names VALUES (?, ?, ?)", [(self._tenant, name, ids[uuid]) for uuid, name in after])
        self.enter(pairs)
        before, after = differences(pairs, lambda record: {searchable(record)})
        forget = "INSERT INTO texts (texts, rowid, text) VALUES ('delete', ?, ?)"
        many(forget, [(ids[uuid], text) for uuid, text in before])
        many("INSERT INTO texts (rowid, text) VALUES (?, ?)", [(ids[uuid], text) for uuid, text in after])

    def date(self, records: Sequence[Record], group_id: str, revision: int) -> None:
        """Connect records that are there already with their periods."""
        settled = dated(Settled([Write(record, record, None) for record in records], []), self, group_id=group_id)
        self.write(Settled([write for write in settled.writes if isinstance(write.record, Period)], []), revision)
        self.stored([record.uuid for record in records])
        links = [(self._ids[record.uuid], role, self._ids[to]) for record in records for role, to in _during(record)]
        self._db.executemany("INSERT OR IGNORE INTO links VALUES (?, ?, ?)", links)

    def enter(self, pairs: Sequence[tuple[Record | None, Record | None]]) -> None:
        """Bring the keys of entities, and where they are named, up to date with records that changed."""
        before, after = differences(pairs, lambda record: keys_of(record) | claim_keys(record))
        many, ids = self._db.executemany, self._ids
        many(
            "DELETE FROM keys WHERE tenant = ? AND key = ? AND id = ?",
            [(self._tenant, key, ids[uuid]) for uuid, key in before],
        )
        many("INSERT INTO keys VALUES (?, ?, ?)", [(self._tenant, key, ids[uuid]) for uuid, key in after])
        left, entered = differences(pairs, _scenes)
        rows = [(ids[entity], *where, -1, -times) for _, (entity, where, times) in left]
        rows += [(ids[entity], *where, 1, times) for _, (entity, where, times) in entered]
        many(APPEAR, rows)
        many("DELETE FROM scenes WHERE entity = ? AND episodes = 0", {(ids[part[0]],) for _, part in left})

    def _number(self, uuids: Collection[str]) -> set[str]:
        """Give each uuid a row number; return those that had none."""
        self.stored({uuid for uuid in uuids if uuid not in self._ids})
        new = {uuid for uuid in uuids if uuid not in self._ids}
        first = self._db.execute("SELECT ifnull(max(id), 0) + 1 FROM records").fetchone()[0]
        self._ids.update((uuid, number) for number, uuid in enumerate(sorted(new), first))
        return new


MADE_OF: Final = "('member', 'topic', 'covers', 'sums', 'cites', 'traces')"
"""The roles of what communities, topics and summaries are made of."""
CONSOLIDATE: Final = """
INSERT INTO consolidated (tenant, revision) VALUES (?, ?)
ON CONFLICT (tenant) DO UPDATE SET revision = max(revision, excluded.revision)
"""
UPSERT: Final = """
INSERT INTO records (id, tenant, uuid, kind, revision, body, starts, ends, created, expired, line)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, revision = excluded.revision, body = excluded.body,
    starts = excluded.starts, ends = excluded.ends, created = excluded.created, expired = excluded.expired,
    line = excluded.line
"""
EMBED_VERSION: Final = """
INSERT OR REPLACE INTO vectors
    SELECT ?, v.data FROM records r JOIN vectors v USING (id) WHERE r.tenant = ? AND r.uuid = ?
"""
PROMISE: Final = """
INSERT INTO records (id, tenant, uuid, kind, revision) VALUES (?, ?, ?, 'episode', 0) -- referred to, not yet there
"""
NAMED: Final = """
SELECT json_extract(p.value, '$[0]'), {counted} FROM json_each(:pairs) p
    JOIN records r ON r.tenant = :tenant AND r.uuid = json_extract(p.value, '$[1]') JOIN {among} = r.id GROUP BY 1
"""
OPEN: Final = 2**63 - 1  # after all times
TIMELINE: Final = """
WITH told (id) AS (
    SELECT l.source FROM records r JOIN links l ON l.target = r.id AND l.role IN ('subject', 'object', 'participant')
    WHERE r.tenant = :tenant AND r.uuid IN (SELECT value FROM json_each(:uuids)))
SELECT starts, ends, created, kind, uuid, line
FROM records
WHERE id IN told AND line IS NOT NULL AND expired IS NULL
    AND (:start IS NULL OR ends > :start OR starts >= :start OR (ends IS NULL AND starts IS NOT NULL))
    AND (:end IS NULL OR starts < :end OR (starts IS NULL AND ends IS NOT NULL))
ORDER BY coalesce(starts, ends, :open), ifnull(ends, :open), uuid
"""
APPEAR: Final = """
INSERT INTO scenes (entity, session, source, speaker, addressee, episodes, mentions) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET episodes = episodes + excluded.episodes, mentions = mentions + excluded.mentions
"""
BURY: Final = """
UPDATE records SET revision = ?, body = NULL, starts = NULL, ends = NULL, created = NULL, expired = NULL, line = NULL
WHERE id = ?
"""


def _entries(rows: Sequence[tuple[Any, ...]]) -> list[Entry]:
    """Return what TIMELINE selects, column by column: one reading of all lines, and one of each time."""
    if not rows:
        return []
    starts, ends, created, kinds, uuids, lines = zip(*rows, strict=True)
    texts, granularities, modalities, statuses, moved = zip(*from_json(f"[{','.join(lines)}]"), strict=True)
    times = {None: None, **{time: _moment(time) for time in {*starts, *ends, *created} - {None}}}
    at = times.__getitem__
    told = (kinds, uuids, texts, map(at, starts), map(at, ends), granularities, modalities, statuses)
    return list(map(Entry, *told, map(at, created), moved))


def micros(moment: datetime) -> int:
    """Return a time as microseconds since 1970, exactly.

    >>> micros(datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=timezone.utc))
    1000005
    """
    return (moment - _EPOCH) // _MICROSECOND


_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND = timedelta(microseconds=1)


def _moment(micros: int) -> datetime:
    return _EPOCH + micros * _MICROSECOND


def _row(record: Record, revision: int) -> tuple[object, ...]:
    starts = record.reference_time if isinstance(record, Episode) else getattr(record, "valid_at", None)
    times = (starts, getattr(record, "invalid_at", None), record.created_at, record.expired_at)
    body = record.model_dump_json(exclude_defaults=True)
    return record.kind, revision, body, *(None if moment is None else micros(moment) for moment in times), _line(record)


def _line(record: Record) -> str | None:
    """Return what a timeline tells of a fact or an event beside its times; None for what has no place on one."""
    match record:
        case Fact(negated=False, modality="asserted"):
            told: list[object] = [record.fact, record.granularity, record.modality, None, None]
        case Event(negated=False, modality="asserted" | "intended"):
            told = [record.text, record.granularity, record.modality, record.status, record.moved_to]
        case _:
            return None
    return json.dumps(told, ensure_ascii=False)


def _links(record: Record) -> set[tuple[str, str]]:
    """Return (role, uuid) for each record that a record refers to."""
    match record:
        case Episode():
            session = [("session", record.session_uuid)] if record.session_uuid else []
            previous = [("previous", record.previous)] if record.previous else []
            return {
                *session,
                *previous,
                *_during(record),
                *(("mention", mention.entity) for mention in record.mentions),
            }
        case Fact():
            ends = {("subject", record.subject_uuid), ("object", record.object_uuid)}
            return ends | {("episode", uuid) for uuid in record.episodes}
        case Event():
            involved = {("participant", who.uuid) for who in record.participants if who.uuid}
            involved |= {("version_of", record.version_of)} if record.version_of else set()
            return involved | _during(record) | {("episode", uuid) for uuid in record.episodes}
        case Entity(merged_into=str(into)):
            return {("merged", into)}
        case Period():
            return _during(record)
        case Community():
            return {("member", uuid) for uuid in record.members}
        case Topic():
            return {("topic", record.session_uuid), *(("covers", uuid) for uuid in record.episodes)}
        case Summary():
            return {("sums", record.of), *(("cites", uuid) for uuid in record.episodes)}
        case Trace():
            return {("traces", uuid) for uuid in record.of}
        case _:
            return set()


def _during(record: Record) -> set[tuple[str, str]]:
    role = "part_of" if isinstance(record, Period) else "during"
    return {(role, period_uuid(record.group_id, name)) for name in during(record)}


def _scenes(record: Record) -> set[tuple[str, tuple[int, int, int, int], int]]:
    """Return (entity, where, how often) for each entity that an episode names."""
    if not isinstance(record, Episode):
        return set()
    where = (
        _digest(record.session),
        _digest(record.source),
        _digest(record.speaker),
        _digest(record.addressee),
    )
    return {(uuid, where, times) for uuid, times in Counter(mention.entity for mention in record.mentions).items()}


def _digest(text: str | None) -> int:
    """Return a number for a text, 0 for none."""
    return 0 if text is None else int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def _names(record: Record) -> set[str]:
    return {normal_name(name) for name in (record.name, *record.names)} if isinstance(record, Entity) else set()


def _body_has_metadata(body: str, asked: str) -> bool:
    return has_metadata(json.loads(body).get("metadata", {}), json.loads(asked))


def _cosine(data: bytes | None, vector: NDArray[np.float32]) -> float:
    """Return the cosine of a unit vector with one that is kept; 0 where there is none."""
    return float(np.frombuffer(data, "<f2").astype(np.float32) @ vector) if data else 0.0


def _pages(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(rows)
    while page := list(islice(iterator, size)):
        yield page
