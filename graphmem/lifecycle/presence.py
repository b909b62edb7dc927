"""How present a record of a store is: by when it was learned, who else says so, and what is noted of its use."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import reduce
from typing import TypeAlias

from graphmem.errors import NotFound
from graphmem.lifecycle.associations import Associations
from graphmem.lifecycle.strength import decided, strength
from graphmem.model import TRACED, Entity, Episode, Event, Fact, Trace, merge, trace_uuid
from graphmem.store.contract import ChangeSet, Filter, Store
from graphmem.store.reading import parts, roots

Present: TypeAlias = Episode | Entity | Fact | Event


def presence(store: Store, uuid: str, *, waiting: Collection[Trace], now: datetime) -> float:
    """Return how present something is, from 0 to 1, with the traces that wait to be written; raises `NotFound`."""
    record = _stated(store, uuid)
    own = [trace for trace in waiting if trace.of == (record.uuid,)]
    trace = reduce(merge, own, _trace(store, record, now))
    return strength(trace, record.kind, learned=record.created_at, now=now, support=_support(store, record))


def decide(store: Store, uuid: str, *, pinned: bool, now: datetime) -> int:
    """Pin something, or no longer, and return the new revision; raises `NotFound`."""
    trace = _trace(store, _stated(store, uuid), now)
    if trace.pinned == pinned:
        return store.revision()
    return store.apply(ChangeSet(group_id=store.group_id, put=[decided(trace, pinned=pinned, at=now)]))


def associated(store: Store, uuid: str, *, waiting: Collection[Trace], now: datetime, most: int) -> dict[str, float]:
    """Return the episodes that were recalled together with one, the nearest first."""
    kept = (trace for trace in store.find("trace", Filter(of=uuid)) if isinstance(trace, Trace))
    together = Associations()
    for trace in (*kept, *waiting):
        if len(trace.of) == 2:
            together.join({(trace.of[0], trace.of[1]): trace.recalled})
    return together.near({uuid: 1.0}, now=now, most=most)


def write(store: Store, traces: Sequence[Trace]) -> int:
    """Join traces into a store; those of versions, which come and go, are of what was stated."""
    versions: dict[str, str] = {}
    for kind in ("fact", "event"):
        for one in store.get(kind, [trace.of[0] for trace in traces if trace.about == kind]):
            if isinstance(one, Fact | Event) and one.version_of:
                versions[one.uuid] = one.version_of
    put = [
        trace.model_copy(update={"of": (stated,), "uuid": trace_uuid(stated)})
        if (stated := versions.get(trace.of[0]))
        else trace
        for trace in traces
    ]
    return store.apply(ChangeSet(group_id=store.group_id, put=put))


def _stated(store: Store, uuid: str) -> Present:
    """Return a record: of merged entities the one that they are, of a version what was stated."""
    for kind in TRACED:
        for record in store.get(kind, [uuid]):
            if isinstance(record, Entity):
                return roots(store, [record])[0]
            if isinstance(record, Fact | Event) and record.version_of:
                return _stated(store, record.version_of)
            if isinstance(record, Episode | Fact | Event):
                return record
    raise NotFound(
        f"no episode, entity, fact or event has the uuid {uuid!r}: uuids come from hits, and from memory.episodes(), "
        "memory.entities(), memory.facts() and memory.events()"
    )


def _support(store: Store, record: Present) -> int:
    """Return how many episodes say so, at least 1."""
    match record:
        case Episode():
            return 1
        case Entity():
            same = [record.uuid, *(part.uuid for part in parts(store, record.uuid))]
            named = store.named({record.uuid: same}).get(record.uuid)
            return max(1, named.episodes if named else 0)
        case Fact() | Event():
            return max(1, len(record.episodes))


def _trace(store: Store, record: Present, now: datetime) -> Trace:
    """Return what is noted of a record; an empty trace if nothing is."""
    for trace in store.get("trace", [trace_uuid(record.uuid)]):
        if isinstance(trace, Trace):
            return trace
    return Trace(group_id=store.group_id, created_at=now, of=(record.uuid,), about=record.kind)
