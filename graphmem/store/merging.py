"""Which entities a change set makes one, or two again: worked out for every database, within the same transaction.

A merge is nothing that a writer decides and others have to keep: it follows from the names that are there and where
they occur, see `graphmem.resolve.same`. Whoever comes last sees all of them, and what was merged for a reason that is
gone comes apart. Only entities that have a key in common with one that changed are looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Protocol

from graphmem.model import Entity, Episode, Fact, Record
from graphmem.resolve.same import MOST, Bond, Scene, asked, bond, carried, choose, fullness
from graphmem.store.join import Settled, Stored, Write

PAGE = 200
"""So many records are read at a time when it is looked for who else uses a name."""


class Register(Protocol):
    """What has to be seen of the store, once the change set is written and before it is committed."""

    def stored(self, uuids: Collection[str]) -> dict[str, Stored]:
        """Return the records of this tenant that exist among the uuids."""

    def leaning(self, uuids: Collection[str]) -> Mapping[str, Collection[str]]:
        """Return for each uuid the records that refer to it or rest on it; uuids without any may be left out."""

    def entities(self, uuids: Collection[str]) -> dict[str, Entity]:
        """Return the entities of this tenant that exist among the uuids."""

    def keyed(self, keys: Collection[str], *, most: int | None = None) -> Mapping[str, Collection[str]]:
        """Return the entities that have each key, see `keys_of`; at least `most` + 1 of those of more than `most`."""

    def scenes(self, uuids: Collection[str]) -> Mapping[str, Collection[Scene]]:
        """Return where each entity was named."""


def keys_of(record: Record) -> set[str]:
    """Return the keys by which a store finds an entity: "=..." as a fuller name, "?..." as one that looks for it."""
    if not isinstance(record, Entity):
        return set()
    return {f"={key}" for key in carried(record)} | {f"?{key}" for key in asked(record)}


def merged(settled: Settled, register: Register) -> Iterator[list[Write]]:
    """Yield what is to be written after a settled change set: names that nobody uses any more, then who is whom."""
    unsaid = list(_unsaid(settled, register))
    if unsaid:
        yield unsaid
    decisions = _Decisions(register)
    decisions.reconsider([*settled.writes, *unsaid], settled.removed)
    if decisions.writes:
        yield decisions.writes


def _unsaid(settled: Settled, register: Register) -> Iterator[Write]:
    """Find the forms of names that only removed episodes had."""
    gone = {record.uuid for record in settled.removed}
    said: dict[str, set[str]] = {}
    for episode in (record for record in settled.removed if isinstance(record, Episode)):
        for mention in episode.mentions:
            if mention.entity not in gone:
                said.setdefault(mention.entity, set()).add(episode.text[mention.start : mention.end])
    found = register.entities(said) if said else {}
    at_risk = {
        uuid: forms for uuid, entity in found.items() if (forms := said[uuid] & set(entity.names) - {entity.name})
    }
    leaning = register.leaning(at_risk) if at_risk else {}
    for uuid, forms in at_risk.items():
        others = iter(sorted(set(leaning.get(uuid, ())) - gone))
        while forms and (page := list(islice(others, PAGE))):
            for other, _ in register.stored(page).values():
                forms -= _forms(other, uuid)
        if forms:
            entity = found[uuid]
            left = tuple(name for name in entity.names if name not in forms)
            yield Write(record=entity.model_copy(update={"names": left}), old=entity, vectors=None)


def _forms(record: Record, uuid: str) -> set[str]:
    """Return the forms in which a record names an entity."""
    match record:
        case Episode():
            return {record.text[mention.start : mention.end] for mention in record.mentions if mention.entity == uuid}
        case Fact():
            return {record.subject, record.object}
        case _:
            return set()


class _Decisions:
    """The decisions that a change makes necessary, from the fullest name down, since each may hang on fuller ones."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self.known: dict[str, Entity] = {}
        self._before: dict[str, Entity] = {}
        self._blocks: dict[str, Collection[str]] = {}

    @property
    def writes(self) -> list[Write]:
        """What has come out otherwise than it stood."""
        pairs = ((self.known[uuid], old) for uuid, old in self._before.items())
        return [Write(record=new, old=old, vectors=None) for new, old in pairs if new != old]

    def reconsider(self, writes: Sequence[Write], removed: Sequence[Record]) -> None:
        """Decide on what changed, and on whatever looks for it; then on what looks for those that were decided anew."""
        self.known.update((write.record.uuid, write.record) for write in writes if isinstance(write.record, Entity))
        touched = set(_touched(writes, removed))
        self._load(touched)
        touched &= self.known.keys()
        before = (record for record in (*removed, *(write.old for write in writes)) if isinstance(record, Entity))
        keys = _keys([*before, *(self.known[uuid] for uuid in touched)])
        while touched or keys:
            asking = touched.union(*self._register.keyed({f"?{key}" for key in keys}).values())
            self._load(asking)
            moved = self._decide([self.known[uuid] for uuid in asking if uuid in self.known])
            keys, touched = _keys(moved) - keys, set()

    def _decide(self, entities: Iterable[Entity]) -> list[Entity]:
        """Decide on some entities, and return those that are another one now than they were."""
        ordered = sorted(entities, key=fullness, reverse=True)
        self._open_blocks({f"={key}" for entity in ordered for key in asked(entity)})
        bonds = {entity.uuid: self._bonds(entity) for entity in ordered}
        local = {
            uuid
            for short, known in bonds.items()
            for uuid in (short, *(full for full, one in known.items() if one.local))
            if any(one.local for one in known.values())
        }
        scenes = self._register.scenes(local) if local else {}
        moved = []
        for entity in ordered:
            own = bonds[entity.uuid]
            merge = choose(entity, [self.known[full] for full in own], own, scenes) if own else None
            into, because = merge or (None, None)
            if (entity.merged_into, entity.because) != (into, because):
                self._before.setdefault(entity.uuid, entity)
                self.known[entity.uuid] = entity.model_copy(update={"merged_into": into, "because": because})
                moved.append(self.known[entity.uuid])
        return moved

    def _bonds(self, entity: Entity) -> dict[str, Bond]:
        near: dict[str, None] = {}
        for key in sorted(asked(entity)):
            block = self._blocks[f"={key}"]
            if len(block) <= MOST:
                near.update(dict.fromkeys(block))
        return {uuid: known for uuid in near if uuid in self.known and (known := bond(entity, self.known[uuid]))}

    def _open_blocks(self, keys: set[str]) -> None:
        new = keys - self._blocks.keys()
        self._blocks.update(dict.fromkeys(new, ()))
        self._blocks.update(self._register.keyed(new, most=MOST) if new else {})
        self._load({uuid for key in new if len(self._blocks[key]) <= MOST for uuid in self._blocks[key]})

    def _load(self, uuids: Collection[str]) -> None:
        if new := [uuid for uuid in uuids if uuid not in self.known]:
            self.known.update(self._register.entities(new))


def _keys(entities: Iterable[Entity]) -> set[str]:
    return {key for entity in entities for key in carried(entity)}


def _touched(writes: Sequence[Write], removed: Sequence[Record]) -> Iterator[str]:
    """Yield the entities that changed, or that are named where they were not, or no longer."""
    for write in writes:
        match write.record:
            case Entity() as entity:
                if write.old != entity:
                    yield entity.uuid
            case Episode() as episode:
                before = write.old.mentions if isinstance(write.old, Episode) else ()
                if before != episode.mentions:
                    yield from (mention.entity for mention in (*before, *episode.mentions))
    for record in removed:
        yield from (mention.entity for mention in record.mentions) if isinstance(record, Episode) else ()
