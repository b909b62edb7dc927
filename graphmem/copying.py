"""A memory from one store into another, in batches that are whole, and a comparison of both when all is there.

Records come in order of revision, each with what it needs and the target has not, so that the target is sound at any
moment, and the same call finishes what was interrupted. What a store works out itself (versions, merges, periods) is
worked out there again; the comparison looks at that too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from hashlib import blake2b
from typing import Final
from zlib import crc32

import numpy as np

from graphmem.errors import InvalidInput, ModelMismatch, StoreError
from graphmem.ingest import Encoder, batches, embed, texts_before
from graphmem.model import DERIVED, RECORDS, Community, Derived, Kind, Period, Record
from graphmem.results import Contents, Copied, Difference
from graphmem.store.audit import counted
from graphmem.store.contract import Change, ChangeSet, Progress, Store, Vectors
from graphmem.store.join import as_kept, made_here, needs

BATCH: Final = 512  # records in one change set, those apart that they need
BUCKETS: Final = 1 << 16
MOST_TOLD: Final = 20  # differences
_NEEDED: Final[tuple[Kind, ...]] = (
    "entity",
    "episode",
    "session",
    "value",
    "community",
    "topic",
    "period",
    "event",
    "fact",
)
"""What others refer to."""


def copy(
    source: Store,
    target: Store,
    *,
    encoder: Encoder | None = None,
    batch_size: int = BATCH,
    progress: Progress = lambda step, done, total: None,
) -> Copied:
    """Copy every record of a tenant, with its vectors or embedded anew by an encoder, and compare what both hold then.

    Nothing is removed from the target. Raises `InvalidInput` when both are one, `ModelMismatch` when the target has
    vectors of another model, `StoreError` when they differ because somebody wrote meanwhile.
    """
    _require_two(source, target)
    model = (encoder.name, encoder.dimension) if encoder else source.model()
    if model is not None:
        _bind(target, model)
    before, since = target.counts(), 0
    while (until := source.revision()) > since:
        changes = counted(source.changes(since), "copy", sum(source.counts().values()), progress)
        made: list[tuple[Record, Vectors | None]] = []
        for batch in batches(_stated(changes, made), most=batch_size, size=_size):
            _put(batch, source, target, encoder)
        for batch in batches(sorted(made, key=_height), most=batch_size, size=_size):
            _put(batch, source, target, encoder)
        since = until
    read = (source.revision(), target.revision())
    ours, theirs = (_Sums(store, exactly=encoder is None, progress=progress) for store in (source, target))
    differences = _differences(ours, theirs)
    if ours.contents.checksum != theirs.contents.checksum and read != (source.revision(), target.revision()):
        raise StoreError(
            f"all was copied, but {source.address} or {target.address} was written to while they were compared: "
            "copy again when nobody writes"
        )
    return Copied(
        source=ours.contents,
        target=theirs.contents,
        new={kind: new for kind, count in theirs.contents.counts.items() if (new := count - before[kind]) > 0},
        differences=tuple(differences),
        revision=read[1],
    )


def _require_two(source: Store, target: Store) -> None:
    """Refuse two that are one store; the same database by two names does no harm."""
    if source.file and target.file:
        same = source.file.samefile(target.file)
    else:
        same = source is target or ("://" in source.address and source.address == target.address)
    if same:
        raise InvalidInput(f"{source.address} cannot be copied to itself: name another target")


def _bind(target: Store, model: tuple[str, int]) -> None:
    bound = target.model()
    if bound not in (None, model):
        raise ModelMismatch(
            f"{target.address} holds vectors of {bound[0]!r} (dimension {bound[1]}), not of {model[0]!r} ({model[1]}): "
            f"copy to another store, or embed the copy again with {bound[0]!r} (graphmem copy SOURCE TARGET --model)"
        )
    target.bind(*model)


def _stated(
    changes: Iterable[Change], made: list[tuple[Record, Vectors | None]]
) -> Iterator[tuple[Record, Vectors | None]]:
    """Yield what writers have put, as they put it; what is made of all that is noted in `made`, for later."""
    for change in changes:
        if isinstance(change.record, Derived):
            made.append((change.record, change.vectors))
        elif change.record is not None and not made_here(change.record):
            yield as_kept(change.record), change.vectors


def _height(item: tuple[Record, Vectors | None]) -> tuple[int, int]:
    """What is made of others comes after them: communities by level, topics, summaries, traces."""
    record, _ = item
    return DERIVED.index(record.kind), record.level if isinstance(record, Community) else 0


def _size(item: tuple[Record, Vectors | None]) -> int:
    record, vectors = item
    return len(record.model_dump_json()) + (0 if vectors is None else vectors.nbytes)


def _put(
    batch: Collection[tuple[Record, Vectors | None]], source: Store, target: Store, encoder: Encoder | None
) -> None:
    """Put a batch into the target, with what it needs: all of it or nothing."""
    vectors = {record.uuid: rows for record, rows in batch if rows is not None}
    put = _with_needs({record.uuid: record for record, _ in batch}, source, target)
    if encoder is not None:
        known = _held(target, put)
        fresh = [record for uuid, record in put.items() if uuid not in known]
        vectors = embed(fresh, encoder, previous_text=texts_before(source, put.values()))
    kept = {uuid: rows for uuid, rows in vectors.items() if uuid in put}
    target.apply(ChangeSet(group_id=target.group_id, put=list(put.values()), vectors=kept))


def _with_needs(put: dict[str, Record], source: Store, target: Store) -> dict[str, Record]:
    """Return records with those that they need and the target has not.

    What needs something that is nowhere, because it was removed a moment ago, is left out.
    """
    put, present, new = dict(put), set[str](), put
    while wanted := set().union(*map(needs, new.values())) - put.keys() - present:
        present |= _held(target, wanted, _NEEDED).keys()
        new = {uuid: as_kept(record) for uuid, record in _held(source, wanted - present, _NEEDED).items()}
        put |= new
    while lost := [uuid for uuid, record in put.items() if not needs(record) <= put.keys() | present]:
        for uuid in lost:
            del put[uuid]
    return put


def _held(store: Store, uuids: Collection[str], kinds: Iterable[Kind] = tuple(RECORDS)) -> dict[str, Record]:
    """Return the records that a store has, by uuid, whatever kind they are of."""
    found: dict[str, Record] = {}
    for kind in kinds:
        if left := [uuid for uuid in uuids if uuid not in found]:
            found.update((record.uuid, record) for record in store.get(kind, left))
    return found


class _Sums:
    """What a store holds: records by kind, and sums of their checksums, which do not depend on the order.

    There is a sum for each of many buckets of records, so that those that differ are found by looking at few again.
    With `exactly` vectors are looked at, too, without it only how many there are.
    """

    def __init__(self, store: Store, *, exactly: bool, progress: Progress) -> None:
        self.store = store
        self.exactly = exactly
        found: Counter[Kind] = Counter()
        self.sums = np.zeros((BUCKETS, 2), np.uint64)
        for change in counted(store.changes(), "compare", sum(store.counts().values()), progress):
            found[change.kind] += 1
            self.sums[_bucket(change.uuid)] += np.frombuffer(self._digest(change), np.uint64)
        whole = blake2b(self.sums.tobytes(), digest_size=16).hexdigest()
        self.contents = Contents(store=store.address, counts={kind: found[kind] for kind in RECORDS}, checksum=whole)

    def inside(self, buckets: Collection[int]) -> dict[str, tuple[Record, bytes]]:
        """Return the records in some buckets, with their checksums, by uuid."""
        return {
            change.uuid: (change.record, self._digest(change))
            for change in self.store.changes()
            if change.record is not None and _bucket(change.uuid) in buckets
        }

    def _digest(self, change: Change) -> bytes:
        told, rows = "", b""
        if change.record is not None:
            told = change.record.model_dump_json(exclude=_own(change.record))
        if change.vectors is not None:
            rows = change.vectors.tobytes() if self.exactly else bytes(len(change.vectors))
        return blake2b(told.encode() + b"\0" + rows, digest_size=16).digest()


def _own(record: Record) -> set[str] | None:
    """Return the fields that are a store's own: when it needed a period first, not changed by removing the reason."""
    return {"created_at"} if isinstance(record, Period) else None


def _bucket(uuid: str) -> int:
    return crc32(uuid.encode()) % BUCKETS


def _differences(ours: _Sums, theirs: _Sums) -> list[Difference]:
    """Return the first of the records that two stores do not hold alike."""
    buckets = set(np.flatnonzero((ours.sums != theirs.sums).any(axis=1))[:MOST_TOLD].tolist())
    if not buckets:
        return []
    here, there = ours.inside(buckets), theirs.inside(buckets)
    found = [
        Difference(record.kind, uuid, problem)
        for uuid, (record, _) in (there | here).items()
        if (problem := _problem(here.get(uuid), there.get(uuid)))
    ]
    kinds = list(RECORDS)
    return sorted(found, key=lambda one: (kinds.index(one.kind), one.uuid))[:MOST_TOLD]


def _problem(here: tuple[Record, bytes] | None, there: tuple[Record, bytes] | None) -> str | None:
    if here is None or there is None:
        return "is only in the target" if here is None else "is missing in the target"
    (one, checksum), (other, others) = here, there
    if checksum == others:
        return None
    fields = [name for name in type(one).model_fields if getattr(one, name) != getattr(other, name, None)]
    return f"differs in {', '.join(fields) or 'its vectors'}"
