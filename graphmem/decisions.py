"""Facts that contradict each other where no rule decides, and what the user decides about them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import TypeAlias

from graphmem.errors import InvalidInput
from graphmem.history import same, sources
from graphmem.model import Episode, Fact, Mention, check_text
from graphmem.results import Conflict, Facts, dated
from graphmem.store.contract import Finding, Store

_Side: TypeAlias = tuple[str, frozenset[str]]
"""A state, and between whom it is: one side of a conflict, in whichever words it is told."""


def conflicts(store: Store) -> list[Conflict]:
    """Return what contradicts each other now, each conflict once, oldest first."""
    sides = _Sides(store)
    found = []
    for together in sides.conflicts():
        ends = Counter(end for side in together for end in side[1])
        facts = [
            min(sides.members[side], key=lambda fact: (-ends[sides.whole(fact.subject_uuid)], fact.fact, fact.uuid))
            for side in together
        ]
        facts.sort(key=lambda fact: (fact.created_at, fact.fact, fact.uuid))
        found.append(Conflict(facts=Facts(facts), sources=sources(store, facts)))
    return sorted(found, key=lambda conflict: (conflict.facts[0].created_at, conflict.facts[0].fact))


def findings(store: Store) -> list[Finding]:
    """Return conflicts as what `doctor` prints: no damage, but something to decide."""
    return [
        Finding(
            " and ".join(f"'{dated(fact)}'" for fact in conflict.facts) + " contradict each other",
            conflict.facts[0].uuid,
            "graphmem conflicts tells who says so, graphmem settle UUID decides",
            damage=False,
        )
        for conflict in conflicts(store)
    ]


def decision(store: Store, fact: Fact, *, reason: str | None, now: datetime) -> tuple[Episode, Fact]:
    """Return the episode and the fact by which the user decides for one side of a conflict.

    The fact is stated once more, and overrules whatever contradicts it, in whichever words. Raises `InvalidInput` for a
    fact that nothing contradicts.
    """
    sides = _Sides(store)
    members = sides.members.get(sides.side(fact))
    if not members:
        raise InvalidInput(f"nothing contradicts '{dated(fact)}': memory.conflicts() lists what can be settled")
    text = f"Decided: {fact.fact}." + (f" {check_text(reason, what='reason').strip()}" if reason is not None else "")
    chosen = next((one for one in members if fact.uuid in (one.uuid, one.version_of)), members[0])
    entities = {one.uuid for one in store.get("entity", [chosen.subject_uuid, chosen.object_uuid])}
    named = [(chosen.subject_uuid, chosen.subject), (chosen.object_uuid, chosen.object)]
    episode = Episode(
        group_id=store.group_id,
        created_at=now,
        text=text,
        source="decision",
        reference_time=now,
        sentences=((0, len(text)),),
        mentions=tuple(
            Mention(entity=uuid, start=text.index(name), end=text.index(name) + len(name))
            for uuid, name in named
            if uuid in entities and name in text
        ),
    )
    stated = Fact(
        group_id=store.group_id,
        created_at=now,
        **chosen.model_dump(include=_STATED),
        episodes=(episode.uuid,),
        overrules=tuple(sorted({uuid for one in members for uuid in one.rivals})),
    )
    return episode, stated


_STATED = {
    *("subject", "subject_uuid", "predicate", "object", "object_uuid", "fact"),
    *("valid_at", "invalid_at", "granularity", "tense", "slot", "holder"),
}
"""What of a fact is stated again by a decision."""


class _Sides:
    """The facts that are contradicted now, by side: twins of a symmetric state or of an office are on one side."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._wholes: dict[str, str] = {}
        self._of: dict[str, _Side] = {}
        self.members: dict[_Side, list[Fact]] = defaultdict(list)
        for fact in store.find("fact"):
            if isinstance(fact, Fact) and fact.rivals and fact.expired_at is None:
                self.members[self.side(fact)].append(fact)
                self._of[fact.version_of or fact.uuid] = self.side(fact)

    def whole(self, uuid: str) -> str:
        """Return one uuid for all entities that are one."""
        if uuid not in self._wholes:
            together = same(self._store, uuid)
            self._wholes.update(dict.fromkeys(together, min(together)))
        return self._wholes[uuid]

    def side(self, fact: Fact) -> _Side:
        """Return the side that a fact is on."""
        return fact.slot or fact.predicate, frozenset({self.whole(fact.subject_uuid), self.whole(fact.object_uuid)})

    def conflicts(self) -> Iterator[list[_Side]]:
        """Yield the sides that contradict each other, directly or by way of others."""
        against: dict[_Side, set[_Side]] = defaultdict(set)
        for side, facts in self.members.items():
            for other in (self._of[uuid] for fact in facts for uuid in fact.rivals if uuid in self._of):
                against[side].add(other)
                against[other].add(side)
        left = dict.fromkeys(self.members)
        while left:
            together, new = [], [next(iter(left))]
            while new:
                side = new.pop()
                if side in left:
                    del left[side]
                    together.append(side)
                    new += against[side]
            yield together
