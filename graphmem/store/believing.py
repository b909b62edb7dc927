"""What a change set makes the memory believe of states: worked out for every database, within the same transaction.

A version of a fact is nothing that a writer decides: it follows from all that is stated, see `graphmem.resolve.truth`.
Where what is believed is not just what a fact states, by the episodes that state it, the fact is marked as given up
(`expired_at`), and its versions are written beside it; so are those of events, see `graphmem.resolve.occasions`. Only
facts that have a key in common with one that changed are looked at: those of one holder and state, or of one
proposition.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Protocol

from graphmem.model import Entity, Event, Fact, Record, natural_key
from graphmem.resolve.occasions import APPOINTED, PREDICATE, Standing, occasion, standings
from graphmem.resolve.truth import Belief, Claim, Said, bearings, beliefs, claims_something
from graphmem.store.join import Settled, Stored, Write


class Witness(Protocol):
    """What has to be seen of the store, once the change set is written and before it is committed."""

    def stored(self, uuids: Collection[str]) -> dict[str, Stored]:
        """Return the records of this tenant that exist among the uuids."""

    def leaning(self, uuids: Collection[str]) -> Mapping[str, Collection[str]]:
        """Return for each uuid the records that refer to it or rest on it; uuids without any may be left out."""

    def wholes(self, uuids: Collection[str]) -> Mapping[str, str]:
        """Return for each uuid the entity that it is in the end, and that for all others that are the same."""

    def claiming(self, keys: Collection[str]) -> Mapping[str, Collection[str]]:
        """Return the facts that have each key, see `claim_keys`; keys without any may be left out."""

    def said(self, facts: Mapping[str, Fact]) -> Mapping[str, Sequence[Said]]:
        """Return who stated each fact when, by the episodes that it rests on."""


def claim_keys(record: Record) -> set[str]:
    """Return the keys by which a store finds the facts that bear on one another: none for what claims nothing."""
    if not isinstance(record, Fact):
        return set()
    return set(_keys(record, {}))


def _keys(fact: Fact, whole: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Yield the keys of a fact, with its ends read as any of the entities that they are one with."""
    if not (claims_something(fact) or fact.version_of):
        return
    for subject in whole.get(fact.subject_uuid, (fact.subject_uuid,)):
        for object_ in whole.get(fact.object_uuid, (fact.object_uuid,)):
            yield from (_key(*bearing) for bearing in bearings(fact, subject, object_))


def _key(*parts: str) -> str:
    return f"!{blake2b(json.dumps(parts).encode(), digest_size=10).hexdigest()}"


def believed(writes: Sequence[Write], removed: Sequence[Record], witness: Witness) -> Settled:
    """Return what is to be written and removed, so that the versions of facts follow from what is stated now.

    `writes` and `removed` are all that the change set did, merges of entities included.
    """
    touched = {fact.uuid: fact for fact in _touched(writes, removed, witness)}
    if not touched:
        return Settled([], [])
    block = _Block(witness)
    affected = block.affected(touched)
    gone = touched.keys() - affected.keys()
    if not gone and len(affected) == 1:  # nothing else bears on what was stated first
        return Settled([], [])
    ground = block.ground(affected)
    stated = {uuid: known for uuid, known in ground.items() if claims_something(known)}
    said = witness.said(stated)
    claims = [
        Claim(fact, block.whole(fact.subject_uuid), block.whole(fact.object_uuid), tuple(said.get(uuid, ())))
        for uuid, fact in stated.items()
    ]
    first = {uuid: min(one.learned for one in told) for uuid, told in said.items()}
    since = None if removed or block.merged_anew(writes) else _first_news(writes, said)
    before = _before(affected.values(), said, since) if since is not None else ()
    versions: dict[str, list[Belief]] = defaultdict(list)
    for belief in beliefs(claims, since=since, before=before):
        versions[belief.fact].append(belief)
    wanted: dict[str, Fact] = {}
    for uuid, fact in affected.items():
        if claims_something(fact) and uuid in first:
            wanted.update((version.uuid, version) for version in _versions(fact, versions[uuid], first[uuid]))
    put = [
        Write(record=version, old=affected.get(uuid), vectors=None)
        for uuid, version in wanted.items()
        if version != affected.get(uuid)
    ]
    events = _of_events(affected, stated, versions, witness)
    over = [fact for uuid, fact in affected.items() if fact.version_of and uuid not in wanted]
    return Settled([*put, *events.writes], [*over, *events.removed])


def _first_news(writes: Sequence[Write], said: Mapping[str, Sequence[Said]]) -> datetime | None:
    """Return when what is new was learned first; None if it was before something that is known, or more has changed."""
    news: dict[tuple[str, str], datetime] = {}
    for record, old, _ in writes:
        if not isinstance(record, Fact) or record.uuid not in said:
            continue
        known = set(old.episodes) if isinstance(old, Fact) else set()
        grown = {name: getattr(record, name) for name in ("episodes", "confidence", "subject", "object")}
        if isinstance(old, Fact) and old.model_copy(update=grown) != record:
            return None
        news.update(((record.uuid, one.episode), one.learned) for one in said[record.uuid] if one.episode not in known)
    first = min(news.values(), default=None)
    earlier = (one.learned for uuid, told in said.items() for one in told if (uuid, one.episode) not in news)
    return None if first is None or any(learned >= first for learned in earlier) else first


def _before(facts: Iterable[Fact], said: Mapping[str, Sequence[Said]], since: datetime) -> list[Belief]:
    """Return what was believed before a moment after which all is new, as it is kept."""
    found = []
    for fact in facts:
        told = {name: getattr(fact, name) for name in Belief._fields if name != "fact"}
        if fact.version_of is None:
            known = [one for one in said.get(fact.uuid, ()) if one.learned < since]
            told["episodes"] = tuple(sorted(one.episode for one in known))
            told["created_at"] = min((one.learned for one in known), default=since)
        if told["created_at"] < since and fact.expired_at not in (told["created_at"], fact.created_at):
            found.append(Belief(fact=fact.version_of or fact.uuid, **told))
    return found


def _versions(fact: Fact, versions: Sequence[Belief], first: datetime) -> Iterator[Fact]:
    """Yield a fact as it was stated, marked as given up unless it is believed just so, and its versions.

    `first` is when it was first learned.
    """
    as_stated = next((one for one in versions if one.created_at == first and _says_no_more(one, fact)), None)
    marks: dict[str, object] = {"expired_at": fact.created_at, "closed_by": None, "rule": None, "rivals": ()}
    if as_stated is not None:
        marks = {name: getattr(as_stated, name) for name in marks}
    yield fact.model_copy(update=marks)
    for one in versions:
        if one is as_stated:
            continue
        told = one._asdict()
        del told["fact"]
        key = natural_key("version", fact.uuid, one.valid_at, one.invalid_at, one.created_at, one.closed_by, one.rule)
        yield fact.model_copy(
            update={**told, "uuid": key, "version_of": fact.uuid, "granularity": _granularity(fact, one)}
        )


def _of_events(
    affected: Mapping[str, Fact], stated: Mapping[str, Fact], versions: Mapping[str, Sequence[Belief]], witness: Witness
) -> Settled:
    """Return what is to be written and removed of the events that facts tell the dates of."""
    told: dict[str, list[Belief]] = defaultdict(list)
    for uuid, fact in affected.items():
        if claims_something(fact) and (event := occasion(fact)) is not None:
            told[event.uuid] += versions.get(uuid, ())
    if not told:
        return Settled([], [])
    events = {uuid: found.record for uuid, found in witness.stored(told.keys()).items()}
    leaning = {uuid for uuids in witness.leaning(events.keys()).values() for uuid in uuids}
    wanted: dict[str, Event] = {}
    for uuid, one in events.items():
        if isinstance(one, Event):
            made = _event_versions(one, standings(one, told[uuid], stated))
            wanted.update((version.uuid, version) for version in made)
    known = {uuid: found.record for uuid, found in witness.stored(wanted.keys() | leaning).items()}
    put = [Write(event, known.get(uuid), None) for uuid, event in wanted.items() if event != known.get(uuid)]
    return Settled(put, [known[uuid] for uuid in sorted(leaning & known.keys() - wanted.keys())])


def _event_versions(event: Event, found: Sequence[Standing]) -> Iterator[Event]:
    """Yield an event as it was stated, marked as given up unless it stands so, and its versions."""
    stands = next((one for one in found if one.believed and one.closed_by is None), None)
    given_up = found[-1] if found and not found[-1].believed else None
    yield event.model_copy(
        update={
            "expired_at": event.created_at if stands is None else stands.expired_at,
            "closed_by": given_up and given_up.closed_by,
            "rule": given_up and given_up.rule,
        }
    )
    for one in found:
        if one is not stands and one.believed:
            told = one._asdict()
            del told["believed"]
            key = natural_key("version", event.uuid, one.status, one.created_at, one.closed_by, one.rule)
            yield event.model_copy(update={**told, "uuid": key, "version_of": event.uuid})


def _says_no_more(belief: Belief, fact: Fact) -> bool:
    return (belief.valid_at, belief.invalid_at, belief.episodes) == (fact.valid_at, fact.invalid_at, fact.episodes)


def _granularity(fact: Fact, belief: Belief) -> object:
    return fact.granularity if fact.valid_at == belief.valid_at else None


def _carries(fact: Fact) -> bool:
    """Does a fact bear on what excludes those that it has a key in common with: ends them, or takes them back?"""
    return bool(fact.ends or fact.negated or fact.corrects or fact.overrules)


class _Block:
    """The facts that bear on one another, found by their keys."""

    def __init__(self, witness: Witness) -> None:
        self._witness = witness
        self._whole: dict[str, str] = {}
        self._parts: dict[str, list[str]] = {}
        self._known: dict[str, Fact] = {}
        self._found: dict[str, Collection[str]] = {}

    def whole(self, uuid: str) -> str:
        """Return the entity that one is in the end."""
        return self._whole.get(uuid, uuid)

    def merged_anew(self, writes: Iterable[Write]) -> bool:
        """Has one of the entities that these facts are about become another one?"""
        return any(
            write.record.uuid in self._whole and _moved(write) for write in writes if isinstance(write.record, Entity)
        )

    def near(self, facts: Collection[Fact]) -> dict[str, Fact]:
        """Return all stored facts that have a key in common with some facts."""
        self._resolve({end for fact in facts for end in (fact.subject_uuid, fact.object_uuid)})
        keys = {key for fact in facts for key in _keys(fact, self._parts)}
        new = keys - self._found.keys()
        self._found.update(dict.fromkeys(new, ()))
        self._found.update(self._witness.claiming(new) if new else {})
        uuids = {uuid for key in keys for uuid in self._found[key]}
        unknown = uuids - self._known.keys()
        records = self._witness.stored(unknown) if unknown else {}
        self._known.update((uuid, known.record) for uuid, known in records.items() if isinstance(known.record, Fact))
        return {uuid: self._known[uuid] for uuid in sorted(uuids) if uuid in self._known}

    def affected(self, touched: Mapping[str, Fact]) -> dict[str, Fact]:
        """Return the facts of which something else may be believed when some have changed."""
        found, seen = self.near(touched.values()), set(touched)
        carrying = [fact for fact in touched.values() if _carries(fact)]
        while carrying:
            near = self.near(carrying)
            found |= self.near(near.values())
            carrying = [fact for uuid, fact in near.items() if uuid not in seen and _carries(fact)]
            seen |= near.keys()
        return found

    def ground(self, facts: Mapping[str, Fact]) -> dict[str, Fact]:
        """Return the facts that what is believed of some follows from."""
        found = self.near(facts.values())
        new = found
        while new:
            near = self.near(new.values())
            new = {uuid: fact for uuid, fact in near.items() if uuid not in found and _carries(fact)}
            found |= near
        return found

    def _resolve(self, uuids: Collection[str]) -> None:
        new = uuids - self._whole.keys()
        if not new:
            return
        found = self._witness.wholes(new)
        self._whole.update({uuid: uuid for uuid in (*new, *found.values())} | dict(found))
        members: dict[str, list[str]] = defaultdict(list)
        for uuid, whole in self._whole.items():
            members[whole].append(uuid)
        self._parts = {uuid: sorted(members[whole]) for uuid, whole in self._whole.items()}


def _moved(write: Write) -> bool:
    """Has an entity become another one?"""
    before = write.old.merged_into if isinstance(write.old, Entity) else None
    return isinstance(write.record, Entity) and write.record.merged_into != before


def _touched(writes: Sequence[Write], removed: Sequence[Record], witness: Witness) -> Iterator[Fact]:
    """Yield the facts that changed, and those of entities that have become one or two."""
    moved: list[str] = []
    for write in writes:
        for record in (write.old, write.record):
            if isinstance(record, Fact):
                yield record
        if _moved(write):
            into = (getattr(record, "merged_into", None) for record in (write.record, write.old))
            moved += [write.record.uuid, *(one for one in into if one)]
    yield from (record for record in removed if isinstance(record, Fact))
    left = {record.merged_into for record in removed if isinstance(record, Entity) and record.merged_into}
    moved += [*left, *(uuid for pair in witness.wholes(left).items() for uuid in pair)] if left else []
    yield from _of_appointments((write.record for write in writes), witness)
    if moved:
        leaning = witness.leaning(set(moved))
        others = {uuid for uuids in leaning.values() for uuid in uuids}
        for known in witness.stored(others).values():
            if isinstance(known.record, Fact):
                yield known.record


def _of_appointments(records: Iterable[Record], witness: Witness) -> Iterator[Fact]:
    """Yield the facts that may tell the dates of events among some records."""
    events = [one for one in records if isinstance(one, Event) and one.predicate == PREDICATE]
    keys = {_key(who.uuid, APPOINTED) for event in events for who in event.participants if who.uuid}
    uuids = {uuid for found in witness.claiming(keys).values() for uuid in found} if keys else set()
    for known in witness.stored(uuids).values() if uuids else ():
        if isinstance(known.record, Fact):
            yield known.record
