"""What a change set does to a store, worked out in one place for every database: who is joined, withdrawn, swept away.

The databases only read what `settle` asks for and write down what it returns, both within one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple, Protocol, TypeVar

import numpy as np

from graphmem.errors import InvalidInput, ModelMismatch
from graphmem.model import (
    Derived,
    Entity,
    Episode,
    Event,
    Fact,
    Period,
    Record,
    Summary,
    Trace,
    as_json,
    check_names,
    joined,
    merge,
    periods_of,
    referred,
    summary_uuid,
    trace_uuid,
    withdraw,
)
from graphmem.store.contract import ChangeSet, Vectors

T = TypeVar("T")


class Stored(NamedTuple):
    """A record as the store has it, and whether its vectors are there too."""

    record: Record
    embedded: bool


class Write(NamedTuple):
    """A record to write down: as it shall stand, as it stood (None if new), and vectors where they are to be set."""

    record: Record
    old: Record | None
    vectors: Vectors | None


class Settled(NamedTuple):
    """What is to be written and what is to become a tombstone; no uuid is in both."""

    writes: list[Write]
    removed: list[Record]


class Ground(Protocol):
    """What `settle` has to see of the store, from within the transaction that will write."""

    def stored(self, uuids: Collection[str]) -> dict[str, Stored]:
        """Return the records of this tenant that exist among the uuids."""

    def present(self, uuids: Collection[str]) -> set[str]:
        """Return those of the uuids that are of records of this tenant, facts apart."""

    def leaning(self, uuids: Collection[str]) -> Mapping[str, Collection[str]]:
        """Return for each uuid the records that refer to it or rest on it; uuids without any may be left out.

        What is made of others is not among them, see `derived`.
        """

    def derived(self, uuids: Collection[str]) -> set[str]:
        """Return the communities, topics, summaries and traces that are made of some records, or are of them."""


def require_model(address: str, bound: tuple[str, int], asked: tuple[str, int]) -> None:
    """Raise `ModelMismatch` unless a memory is asked for with the embedding model that it is bound to."""
    if bound != asked:
        raise ModelMismatch(
            f"{address} holds vectors of {bound[0]!r} (dimension {bound[1]}), not of {asked[0]!r} ({asked[1]}): open "
            "it with that model, or embed it again into another store with graphmem copy "
            f"{address} NEW_STORE --model MODEL"
        )


def needs(record: Record) -> set[str]:
    """Return the uuids of all records that have to be there for this one: what it refers to and rests on."""
    if not isinstance(record, (Fact, Event)):
        return referred(record)
    return referred(record).union(record.episodes, {record.version_of or ""} - {""})


def settle(change: ChangeSet, ground: Ground, *, group_id: str, dimension: int | None) -> Settled:
    """Work out what a change set does: removals first, then puts, then what nothing refers to any more goes too.

    Raises `InvalidInput` for another tenant's records, for a record that would be left without one it needs, and for
    vectors that belong to no record in `put`; `ModelMismatch` for vectors of another dimension. What is made of others
    goes with them, and is left out if they are gone.
    """
    incoming = _incoming(change, group_id)
    vectors = {uuid: _checked(uuid, matrix, dimension) for uuid, matrix in change.vectors.items()}
    if strangers := vectors.keys() - incoming.keys():
        raise InvalidInput(f"there are vectors for {min(strangers)!r}, which is not put: put its record with them")
    stated = [record for record in incoming.values() if not isinstance(record, Derived)]
    needed = set().union(*map(needs, stated)) if stated else set()
    before = ground.stored({*incoming, *needed, *change.remove})
    gone = {uuid: before[uuid].record for uuid in change.remove if uuid in before}
    now: dict[str, Record] = {}
    if gone:
        _withdraw_support(gone, before, now, ground)
    replaced = {uuid: gone.pop(uuid) for uuid in gone.keys() & incoming.keys()}
    for uuid, record in incoming.items():
        base = now.get(uuid) or (before[uuid].record if uuid in before and uuid not in replaced else None)
        whole = merge(base, record) if base else record
        if whole is not base:
            now[uuid] = whole
    if gone:
        _sweep(gone, before, needed - incoming.keys(), incoming.keys(), ground)
    for uuid, known in _made_of({**replaced, **gone}, ground).items() if gone or replaced else ():
        before[uuid] = known
        if uuid in incoming:
            replaced[uuid], now[uuid] = known.record, incoming[uuid]
        else:
            gone[uuid] = known.record
    for uuid in _unfounded(incoming, gone, ground):
        now.pop(uuid, None)
        vectors.pop(uuid, None)
        if uuid in replaced:
            gone[uuid] = replaced[uuid]
    missing = {uuid for uuid in needed if uuid not in incoming and (uuid in gone or uuid not in before)}
    for record in stated if missing else ():
        for uuid in sorted(needs(record)):
            if uuid in missing:
                raise InvalidInput(
                    f"{record.kind} {record.uuid} refers to {uuid}, which is not in this memory: "
                    "put both in one change set"
                )
    new = {uuid for uuid, record in now.items() if isinstance(record, Summary)}
    fresh = {
        uuid for uuid in vectors if uuid in replaced or uuid in new or uuid not in before or not before[uuid].embedded
    }
    return Settled(
        writes=[
            Write(
                record=now.get(uuid) or before[uuid].record,
                old=before[uuid].record if uuid in before else None,
                vectors=vectors[uuid] if uuid in fresh else None,
            )
            for uuid in dict.fromkeys([*now, *sorted(fresh)])
        ],
        removed=list(gone.values()),
    )


def _incoming(change: ChangeSet, group_id: str) -> dict[str, Record]:
    """Return what is put, by uuid, copies of one record already joined; what the store makes itself is left out."""
    for tenant in (change.group_id, *(record.group_id for record in change.put)):
        if tenant != group_id:
            raise InvalidInput(f"this memory is open for group_id {group_id!r}, not {tenant!r}: open one for it")
    put = [record for record in change.put if not made_here(record)]
    for record in put:
        check_names(record)
    return joined(map(as_kept, put))


def made_here(record: Record) -> bool:
    """Tell whether a record is nothing that a writer decides: a period, or a version of a fact or an event."""
    return isinstance(record, Period) or (isinstance(record, (Fact, Event)) and record.version_of is not None)


def as_kept(record: Record) -> Record:
    """Return a record as a writer may put it: metadata as JSON can say it, and nothing that the store works out."""
    if isinstance(record, Episode) and record.metadata:
        return record.model_copy(update={"metadata": as_json(record.metadata)})
    if isinstance(record, Entity) and record.merged_into:
        return record.model_copy(update={"merged_into": None, "because": None})
    if isinstance(record, Fact) and (record.expired_at or record.closed_by or record.rivals):
        return record.model_copy(update={"expired_at": None, "closed_by": None, "rule": None, "rivals": ()})
    if isinstance(record, Event):
        status = "planned" if record.status in ("cancelled", "moved") else record.status
        unmarked = {"expired_at": None, "closed_by": None, "rule": None, "moved_to": None, "status": status}
        if any(getattr(record, name) != value for name, value in unmarked.items()):
            return record.model_copy(update=unmarked)
    return record


def _checked(uuid: str, matrix: Vectors, dimension: int | None) -> Vectors:
    """Return vectors as they are kept; they must be finite rows of the store's dimension."""
    if dimension is None:
        raise InvalidInput("there are vectors, but no embedding model is known: bind the store to one first")
    if matrix.ndim != 2 or not len(matrix) or not np.isfinite(matrix).all():
        raise InvalidInput(f"the vectors of {uuid} are no matrix of finite numbers (shape {matrix.shape})")
    if matrix.shape[1] != dimension:
        raise ModelMismatch(
            f"the vectors of {uuid} have dimension {matrix.shape[1]}, those in this memory {dimension}: "
            "use the model that the memory was made with"
        )
    return np.ascontiguousarray(matrix, dtype="<f2")


def _withdraw_support(
    gone: dict[str, Record], before: dict[str, Stored], now: dict[str, Record], ground: Ground
) -> None:
    """Take the episodes in `gone` away from what they support; what is left without support joins `gone`."""
    episodes = {uuid for uuid, record in gone.items() if isinstance(record, Episode)}
    below = episodes.union(uuid for uuid, record in gone.items() if isinstance(record, Event))
    resting = set().union(*ground.leaning(below).values()) - gone.keys() if below else set()
    before.update(ground.stored(resting - before.keys()))
    for uuid in sorted(resting):
        record = before[uuid].record
        left = withdraw(record, episodes)
        if left is None:
            gone[uuid] = record
        else:
            now[uuid] = left
    _learn_later(gone, now, ground)


def _learn_later(gone: Mapping[str, Record], now: dict[str, Record], ground: Ground) -> None:
    """Let what lost the episode that it was learned from first be learned from the first that is left."""
    first = {
        uuid: record
        for uuid, record in now.items()
        if isinstance(record, (Fact, Event)) and any(record.created_at == one.created_at for one in gone.values())
    }
    known = ground.stored({uuid for record in first.values() for uuid in record.episodes}) if first else {}
    for uuid, record in first.items():
        learned = min(known[one].record.created_at for one in record.episodes if one in known)
        now[uuid] = record.model_copy(update={"created_at": max(learned, record.created_at)})


def _sweep(
    gone: dict[str, Record], before: dict[str, Stored], needed: set[str], incoming: Collection[str], ground: Ground
) -> None:
    """Add to `gone` what only records in `gone` referred to; refuse to remove what others still need."""
    named = {uuid for uuid, record in gone.items() if not isinstance(record, (Episode, Fact, Event, Derived))}
    ends = [referred(record) for record in gone.values() if not isinstance(record, Derived)]
    candidates = set().union(*ends) - gone.keys() - set(incoming)
    leaning = ground.leaning(named | candidates)
    for uuid in sorted(named):
        for other in sorted(leaning.get(uuid, ())):
            if other not in gone:
                raise InvalidInput(f"{gone[uuid].kind} {uuid} cannot be removed: {other} refers to it; remove both")
    orphans = {uuid for uuid in candidates - needed if all(other in gone for other in leaning.get(uuid, ()))}
    before.update(ground.stored(orphans - before.keys()))
    gone.update((uuid, before[uuid].record) for uuid in sorted(orphans) if uuid in before)


def _made_of(leaving: Mapping[str, Record], ground: Ground) -> dict[str, Stored]:
    """Return what is made of records that leave, and the summaries of whatever else they were a part of."""
    whole, entities, supporting = set[str](), set[str](), set[str]()
    for record in leaving.values():
        whole.update(periods_of(record))
        match record:
            case Episode():
                whole |= {record.session_uuid} if record.session_uuid else set()
                entities.update(mention.entity for mention in record.mentions)
            case Fact() | Event():
                entities |= referred(record)
                supporting.update(record.episodes)
    entities |= _wholes(entities, ground)
    found = _onwards(leaving, ground)
    facts = [trace_uuid(uuid) for uuid, record in leaving.items() if isinstance(record, Fact)]
    found |= ground.stored(facts) if facts else {}
    besides = _onwards(entities, ground) | ground.stored(ground.derived(supporting) if supporting else ())
    besides |= ground.stored({summary_uuid(uuid) for uuid in whole})
    found |= {uuid: known for uuid, known in besides.items() if isinstance(known.record, Summary)}
    return {uuid: known for uuid, known in found.items() if uuid not in leaving}


def _wholes(entities: Collection[str], ground: Ground) -> set[str]:
    """Return the entities that some were merged into, by way of others too."""
    found, new = set[str](), set(entities)
    while new:
        known = [one.record for one in ground.stored(new).values()]
        new = {one.merged_into for one in known if isinstance(one, Entity) and one.merged_into} - found
        found |= new
    return found


def _onwards(uuids: Collection[str], ground: Ground) -> dict[str, Stored]:
    """Return what is made of some records, and what is made of that."""
    found: dict[str, Stored] = {}
    while uuids:
        made = ground.stored(ground.derived(uuids) - found.keys())
        found |= made
        uuids = made.keys()
    return found


def _unfounded(incoming: Mapping[str, Record], gone: Collection[str], ground: Ground) -> set[str]:
    """Return what is put that is made of others and lacks one of them, and what is made of that."""
    made = {uuid: referred(record) for uuid, record in incoming.items() if isinstance(record, Derived)}
    if not made:
        return set()
    facts = {uuid for one in incoming.values() if isinstance(one, Trace) and one.about == "fact" for uuid in one.of}
    there = ground.present(set().union(*made.values()) - incoming.keys()).union(ground.stored(facts) if facts else ())
    there = there.difference(gone).union(incoming)
    lost = set[str]()
    while new := {uuid for uuid, needed in made.items() if uuid not in lost and not needed <= there}:
        lost |= new
        there -= new
    return lost


def differences(
    pairs: Iterable[tuple[Record | None, Record | None]], parts: Callable[[Record], set[T]]
) -> tuple[list[tuple[str, T]], list[tuple[str, T]]]:
    """Return the parts that old records lost and those that new ones gained, each with the uuid of its record."""
    out: list[tuple[str, T]] = []
    into: list[tuple[str, T]] = []
    for old, new in pairs:
        before, after = parts(old) if old else set(), parts(new) if new else set()
        out += [(old.uuid, part) for part in before - after] if old else []
        into += [(new.uuid, part) for part in after - before] if new else []
    return out, into
