"""Entities as they are read: what was merged follows to the one that it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from functools import reduce

from graphmem.model import Entity, Fact, merge
from graphmem.results import Profile
from graphmem.store.contract import Filter, Store


def roots(store: Store, entities: Iterable[Entity]) -> list[Entity]:
    """Return the entities that some are in the end, each once, in order."""
    found: dict[str, Entity] = {}
    for entity in entities:
        seen = {entity.uuid}
        while entity.merged_into is not None and entity.merged_into not in seen:
            seen.add(entity.merged_into)
            entity = next((one for one in _entities(store, [entity.merged_into])), entity)
        found[entity.uuid] = entity
    return list(found.values())


def parts(store: Store, uuid: str) -> list[Entity]:
    """Return what was merged into an entity, directly or by way of another, by name."""
    found: dict[str, Entity] = {}
    new = [uuid]
    while new:
        merged = [one for into in new for one in store.find("entity", Filter(merged_into=into))]
        new = [one.uuid for one in merged if one.uuid not in found and one.uuid != uuid]
        found.update((one.uuid, one) for one in merged if isinstance(one, Entity) and one.uuid != uuid)
    return sorted(found.values(), key=lambda one: (one.name, one.uuid))


def everybody(store: Store) -> dict[str, tuple[Entity, list[Entity]]]:
    """Return each entity that is merged into no other, by name, with what was merged into it."""
    known = {one.uuid: one for one in store.find("entity", order="name") if isinstance(one, Entity)}
    inside: dict[str, list[Entity]] = defaultdict(list)
    for entity in known.values():
        at, seen = entity, {entity.uuid}
        while at.merged_into in known and at.merged_into not in seen:
            seen.add(at.merged_into)
            at = known[at.merged_into]
        if at is not entity:
            inside[at.uuid].append(entity)
    merged = {part.uuid for members in inside.values() for part in members}
    return {uuid: (one, inside.get(uuid, [])) for uuid, one in known.items() if uuid not in merged}


def profiles(store: Store, wholes: Collection[tuple[Entity, list[Entity]]]) -> list[Profile]:
    """Return entities together with what was merged into them and how often they are named."""
    named = store.named({entity.uuid: [entity.uuid, *(part.uuid for part in inside)] for entity, inside in wholes})
    found = []
    for entity, inside in wholes:
        same = [part.model_copy(update={"uuid": entity.uuid, "name": entity.name}) for part in inside]
        whole = reduce(merge, same, entity)
        mentions, episodes = named.get(entity.uuid, (0, 0))
        kept = whole.model_dump() | {"alone": entity.alone, "merged_into": None, "because": None}
        found.append(Profile(**kept, merged=tuple(inside), mentions=mentions, episodes=episodes))
    return found


def believed_of(store: Store, uuids: Collection[str], *, now: datetime, limit: int = 25) -> tuple[Fact, ...]:
    """Return facts with one of the entities at an end as they are believed now, the latest learned; by time."""
    touching = [Filter(touching=uuid, known_at=now) for uuid in uuids]
    found = {
        one.uuid: one
        for where in touching
        for one in store.find("fact", where, order="created_at", limit=limit, last=True)
    }
    facts = [one for one in found.values() if isinstance(one, Fact) and one.modality == "asserted" and not one.negated]
    latest = sorted(facts, key=lambda one: (one.created_at, one.uuid))[-limit:]
    return tuple(sorted(latest, key=lambda one: (one.valid_at is None, one.valid_at or now, one.created_at, one.uuid)))


def _entities(store: Store, uuids: list[str]) -> list[Entity]:
    return [one for one in store.get("entity", uuids) if isinstance(one, Entity)]
