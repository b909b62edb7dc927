"""How what is believed came about: the versions of a fact, and what changed within a span of time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from typing import TypeAlias

from graphmem.model import Entity, Episode, Fact, Record, normal_name
from graphmem.results import Diff, Facts, History, Source, Version
from graphmem.store.contract import Filter, Store
from graphmem.store.reading import everybody, parts, roots

_LAST = datetime.max.replace(tzinfo=timezone.utc)
_DONE = {"denied": "denied", "corrected": "corrected", "said later": "replaced", "decided": "overruled"}
"""What a rule does to a fact; by the others it is ended."""

_Proposition: TypeAlias = tuple[str, str, str, bool]
"""Subject, predicate, object, and whether it is negated."""


def history(store: Store, fact: Fact) -> History:
    """Return all versions of what a fact says, in whichever form it was stated."""
    subjects, objects = same(store, fact.subject_uuid), same(store, fact.object_uuid)
    literal = not store.get("entity", [fact.object_uuid])
    found = [
        known
        for subject in sorted(subjects)
        for known in store.find("fact", Filter(subject=subject, predicate=fact.predicate))
        if isinstance(known, Fact)
        and (known.object_uuid in objects or (literal and normal_name(known.object) == normal_name(fact.object)))
    ]
    found.sort(key=lambda one: (one.version_of is not None, one.created_at, one.expired_at or _LAST, one.uuid))
    instead = {
        one.uuid: [
            other
            for other in found
            if (other.created_at, other.negated) == (one.expired_at, one.negated) and not _never(other)
        ]
        for one in found
    }
    return History(_versions(store, found, instead))


def diff(store: Store, start: datetime, end: datetime, *, entities: Collection[str] | None = None) -> Diff:
    """Return what changed from `start` up to `end`, of all facts or of those with one of the entities at an end."""
    whole = {one.uuid: uuid for uuid, (entity, inside) in everybody(store).items() for one in (entity, *inside)}
    seen: set[_Proposition] = set()
    began, ended, learned, given_up = [], [], [], []
    new: dict[tuple[_Proposition, datetime], list[Fact]] = defaultdict(list)

    def inside(moment: datetime | None) -> bool:
        return moment is not None and start <= moment < end

    for fact in _by_learning(store, entities):
        proposition = _proposition(fact, whole)
        if fact.expired_at is None and not fact.negated:
            began += [fact] * inside(fact.valid_at)
            ended += [fact] * inside(fact.invalid_at)
        if fact.version_of is None and not fact.overrules:
            learned += [fact] * (proposition not in seen and inside(fact.created_at))
            seen.add(proposition)
        if not _never(fact):
            given_up += [fact] * inside(fact.expired_at)
            if inside(fact.created_at):
                new[proposition, fact.created_at].append(fact)
    instead = {
        fact.uuid: new[_proposition(fact, whole), fact.expired_at] for fact in given_up if fact.expired_at is not None
    }
    corrected = [fact for fact in given_up if not any(_held(other) == _held(fact) for other in instead[fact.uuid])]
    return Diff(
        start=start,
        end=end,
        began=Facts(sorted(began, key=lambda fact: (fact.valid_at or _LAST, fact.uuid))),
        ended=Facts(sorted(ended, key=lambda fact: (fact.invalid_at or _LAST, fact.uuid))),
        learned=Facts(learned),
        corrected=tuple(_versions(store, corrected, instead)),
    )


def same(store: Store, uuid: str) -> set[str]:
    """Return the uuids of all entities that are one with an entity; of what is none, its own."""
    known = [one for one in store.get("entity", [uuid]) if isinstance(one, Entity)]
    return {uuid, *(one.uuid for whole in roots(store, known) for one in (whole, *parts(store, whole.uuid)))}


def sources(store: Store, facts: Iterable[Fact]) -> dict[str, tuple[Source, ...]]:
    """Return who says each fact, by its uuid, in order of time."""
    facts = list(facts)
    known = store.get("episode", sorted({uuid for fact in facts for uuid in fact.episodes}))
    told = {
        one.uuid: Source(one.uuid, one.reference_time, one.speaker, one.source, one.text)
        for one in known
        if isinstance(one, Episode)
    }
    return {
        fact.uuid: tuple(
            sorted(
                (told[uuid] for uuid in fact.episodes if uuid in told), key=lambda one: (one.reference_time, one.uuid)
            )
        )
        for fact in facts
    }


def _versions(store: Store, facts: Sequence[Fact], instead: Mapping[str, Sequence[Fact]]) -> list[Version]:
    """Return facts with who says so, why each is over, and what is believed instead."""
    asked = sorted({uuid for fact in facts for uuid in (fact.closed_by, *fact.overrules) if uuid})
    known = {one.uuid: one for one in store.get("fact", asked) if isinstance(one, Fact)}
    said = sources(store, facts)
    return [
        Version(
            fact=fact,
            sources=said[fact.uuid],
            closed_by=known.get(fact.closed_by or ""),
            instead=Facts(instead[fact.uuid]),
            why=_why(fact, known),
        )
        for fact in facts
    ]


def _why(fact: Fact, known: Mapping[str, Fact]) -> str:
    if fact.overrules and fact.version_of is None:
        return "decided against " + " and ".join(
            dict.fromkeys(f"'{known[uuid].fact}'" for uuid in fact.overrules if uuid in known)
        )
    if fact.rule is None:
        return ""
    closer = known.get(fact.closed_by or "")
    by = f" by '{closer.fact}'" if closer else ""
    return f"{_DONE.get(fact.rule, 'ended')}{by} ({fact.rule})"


def _by_learning(store: Store, entities: Collection[str] | None) -> Iterator[Fact]:
    """Return asserted facts in the order in which they were learned, each once."""
    if entities is None:
        found: Iterable[Record] = store.find("fact", order="created_at")
    else:
        touching = {one.uuid: one for uuid in entities for one in store.find("fact", Filter(touching=uuid))}
        found = sorted(touching.values(), key=lambda one: (one.created_at, one.uuid))
    return (fact for fact in found if isinstance(fact, Fact) and fact.modality == "asserted")


def _proposition(fact: Fact, whole: Mapping[str, str]) -> _Proposition:
    object = whole.get(fact.object_uuid) or normal_name(fact.object)
    return whole.get(fact.subject_uuid, fact.subject_uuid), fact.predicate, object, fact.negated


def _held(fact: Fact) -> tuple[datetime | None, datetime | None]:
    return fact.valid_at, fact.invalid_at


def _never(fact: Fact) -> bool:
    """Was it never believed just as it was stated?"""
    return fact.expired_at is not None and fact.expired_at <= fact.created_at
