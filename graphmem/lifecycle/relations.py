"""Who belongs to whom, by all that is told: entities as nodes, facts and common episodes as weighted edges.

An edge counts by how rare its ends are, so that somebody who is named everywhere holds nothing together; of an episode
that names many only the rarest count. Nodes are in order of uuid, so that the same memory gives the same graph.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from graphmem.graph.adjacency import Ids, Incidence
from graphmem.graph.communities import Edges, joined
from graphmem.recall.index import Index
from graphmem.recall.tables import MENTIONED
from graphmem.store.contract import EVERYTHING

MOST: Final = 32
"""Of so many names in one episode, the rarest, each is together with each."""
STATED: Final = 2.0
"""What a fact between two counts beside an episode that names only these two."""
LEAST: Final = 0.05
"""How rare a name is at least, from 0 to 1."""


@dataclass(frozen=True)
class Relations:
    """The entities that are none that was merged, and what connects them."""

    uuids: list[str]
    """By node, in order."""
    names: Ids
    """By node, its number in `Names`."""
    node: Ids
    """By number of a name, its node, -1 where it is none; what was merged is read as the one that it is."""
    episodes: Ids
    """By node, how many episodes name it."""
    rarity: NDArray[np.float64]
    """By node, from `LEAST` to 1."""
    first: NDArray[np.float64]
    """By node, when it was first named, in seconds since 1970."""
    last: NDArray[np.float64]
    facts: Facts
    edges: Edges

    def at(self, uuid: str) -> int:
        """Return the node of an entity, -1 if it is none."""
        place = bisect_left(self.uuids, uuid)
        return place if self.uuids[place : place + 1] == [uuid] else -1


class Facts(NamedTuple):
    """The facts that are believed and asserted: the row of each, and its ends as nodes, -1 for what is no entity."""

    rows: NDArray[np.intp]
    left: Ids
    right: Ids

    def between(self, label: Ids) -> tuple[NDArray[np.intp], Ids]:
        """Return the facts with both ends in one of some groups, given for each node (-1 is none), and which group."""
        both = np.flatnonzero((self.left >= 0) & (self.right >= 0))
        both = both[(label[self.left[both]] == label[self.right[both]]) & (label[self.left[both]] >= 0)]
        return self.rows[both], label[self.left[both]]


def relations(index: Index) -> Relations:
    """Return the graph of all entities that an index has."""
    names, table = index.names, index.episodes
    there = (uuid for uuid in index.entities.row if uuid in names.entity)
    uuids = sorted(uuid for uuid in there if uuid not in names.merged or names.whole(uuid) == uuid)
    numbers = np.array([names.entity[uuid] for uuid in uuids], np.int32)
    node = np.full(len(names.forms), -1, np.int32)
    node[numbers] = np.arange(len(uuids))
    node = node[table.names.read_as(np.arange(len(node)))]
    frequency = table.names.frequency(numbers)
    live = max(1, int(table.alive.values.sum()))
    rarity = np.maximum(LEAST, np.log1p(live / np.maximum(frequency, 1)) / np.log1p(live))
    facts = _stated(index, node)
    both = (facts.left >= 0) & (facts.right >= 0)
    stated = (facts.left[both], facts.right[both], np.full(int(both.sum()), STATED))
    rows = np.flatnonzero(table.alive.values)
    owner, who = named_in(index, rows, node)
    parts = [stated, _together(owner, who, rarity)]
    left, right, weight = (np.concatenate(part) for part in zip(*parts, strict=True))
    edges = joined(left, right, weight * rarity[left] * rarity[right], size=len(uuids))
    first, last = np.full(len(uuids), np.inf), np.full(len(uuids), -np.inf)
    said = table.valid.values[rows[owner]]
    np.minimum.at(first, who, said)
    np.maximum.at(last, who, said)
    return Relations(uuids, numbers, node, frequency, rarity, first, last, facts, edges)


def _stated(index: Index, node: Ids) -> Facts:
    """Return the facts that are believed and asserted, with their ends as nodes."""
    subject, object_, numbers = index.facts.ends()
    rows = np.flatnonzero(index.facts.known(EVERYTHING) & index.facts.stated.values)
    known = np.array([index.names.entity.get(uuid, -1) for uuid in numbers], np.int32)
    of = np.where(known >= 0, node[known], -1) if len(known) else known
    return Facts(rows, of[subject[rows]], of[object_[rows]])


def _together(owner: NDArray[np.int64], who: Ids, rarity: NDArray[np.float64]) -> tuple[Ids, Ids, NDArray[np.float64]]:
    """Return each two entities that an episode names, which count less the more it names."""
    order = np.lexsort((who, -rarity[who], owner))
    owner, who = owner[order], who[order]
    place = np.arange(len(owner)) - np.searchsorted(owner, owner)
    owner, who = owner[place < MOST], who[place < MOST]
    sizes = np.bincount(owner, minlength=1)
    starts = np.cumsum(sizes) - sizes
    found: list[tuple[Ids, Ids, NDArray[np.float64]]] = [(who[:0], who[:0], np.zeros(0))]
    for size in range(2, MOST + 1):
        rows = starts[sizes == size]
        if len(rows):
            one, other = np.triu_indices(size, 1)
            left, right = who[(rows[:, None] + one).ravel()], who[(rows[:, None] + other).ravel()]
            found.append((left, right, np.full(len(left), 1 / (size - 1))))
    left, right, weight = (np.concatenate(part) for part in zip(*found, strict=True))
    return left, right, weight


def named_in(index: Index, rows: NDArray[np.intp], node: Ids) -> tuple[NDArray[np.int64], Ids]:
    """Return the places of episodes in `rows` and the entities that they name, as nodes, each once, in order."""
    found = Incidence.items(index.episodes.names, rows)
    who = np.where((found.times & MENTIONED) > 0, node[found.other], -1) if len(node) else found.other[:0]
    there = who >= 0
    keys = np.unique(found.owner[there].astype(np.int64) << 32 | who[there])
    return keys >> 32, (keys & 0xFFFFFFFF).astype(np.int32)
