"""The graph that PageRank walks on: episodes, the names in them, their keywords, and their neighbours in a session.

| edge | weight |
| --- | --- |
| episode - name in it (entity, title, capitalised run) | log(1 + episodes / episodes with the name) |
| episode - keyword in it (stem) | log(1 + episodes / episodes with the keyword) |
| episode - the one before or after it in its session | `Constants.next` times the median strength of an episode |

Names and keywords in one episode, or in too many (`Constants.common`), connect nothing. Facts and events take part
by the episodes that state them: as seeds, at the ends of bridges and as results. As nodes of their own, tied to their
episodes and participants, they cost half a point of recall in conversations and one in documents; edges to the
speaker and to the session as a whole changed nothing.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graphmem.graph.adjacency import Adjacency, Ids, Incidence, adjacency
from graphmem.graph.pagerank import Neighbours, iterate, push
from graphmem.recall.constants import Constants
from graphmem.recall.tables import EpisodeTable, Mask, Names

WHOLE = 50_000
"""Up to so many entries the whole graph is laid out and iterated over; a larger one is walked locally."""

ERROR = 1e-4
LOCAL_ERROR = 1e-3
"""How exact PageRank is over the whole graph and around the seeds, see `graphmem.graph.pagerank`."""


class Walk:
    """One state of the graph; nodes are numbered episodes first, then names, then keywords."""

    def __init__(self, episodes: EpisodeTable, names: Names, constants: Constants) -> None:
        self._constants = constants
        self._episodes = episodes
        self._parts: tuple[Incidence, Incidence] = (episodes.names, episodes.lexicon.incidence)
        self.units = len(episodes)
        self.live = int(episodes.alive.values.sum())
        self._sizes = len(names.forms), len(episodes.lexicon.vocabulary)
        self._weights = tuple(self._rarity(part, size) for part, size in zip(self._parts, self._sizes, strict=True))
        self.offsets = (self.units, self.units + self._sizes[0])
        self.size = self.units + sum(self._sizes)

    def _rarity(self, part: Incidence, size: int) -> NDArray[np.float32]:
        """The weight of the edges of each name or keyword; 0 for what is too rare or too common to connect."""
        frequency = part.frequencies(size)
        linking = (frequency >= 2) & (frequency <= max(2, self._constants.common * self.live**0.5))
        return np.where(linking, np.log1p(self.live / np.maximum(frequency, 1)), 0).astype(np.float32)

    def rarity(self, which: int, items: NDArray[Any]) -> NDArray[np.float64]:
        """How telling these names (which = 0) or keywords (1) are: log(1 + episodes / frequency)."""
        return np.log1p(self.live / np.maximum(self._parts[which].frequency(items), 1))

    def rank(self, nodes: NDArray[Any], reset: NDArray[Any], *, hidden: Mask | None = None) -> NDArray[np.float32]:
        """Return the PageRank of every node for a sparse reset that sums to 1, shape (nodes,).

        Of a local walk, what still waits counts where it waits: nearer to the seeds than exact, which found more in
        documents. No walk passes a hidden episode; `hidden` has shape (episodes,).
        """
        values = np.asarray(reset, np.float32)
        if not len(nodes):
            return np.zeros(self.size, np.float32)
        if sum(part.entries for part in self._parts) <= WHOLE:
            dense = np.zeros(self.size, np.float32)
            np.add.at(dense, nodes, values)
            graph = self.whole if hidden is None else self.whole.masked(~self._padded(hidden))
            return iterate(graph, dense, damping=self._constants.damping, error=ERROR)
        distinct, place = np.unique(nodes, return_inverse=True)
        total = np.bincount(place, weights=values).astype(np.float32)
        neighbours: Neighbours = self.neighbours
        if hidden is not None:
            away = self._padded(hidden)

            def neighbours(nodes: NDArray[Any]) -> tuple[NDArray[np.intp], Ids, NDArray[np.float32]]:
                owner, other, weight = self.neighbours(nodes)
                there = ~away[other]
                return owner[there], other[there], weight[there]

        pushed = push(neighbours, self._degree, distinct, total, damping=self._constants.damping, error=LOCAL_ERROR)
        return pushed.arrived + pushed.waiting

    def _padded(self, hidden: Mask) -> Mask:
        return np.concatenate((hidden, np.zeros(self.size - self.units, bool)))

    def neighbours(self, nodes: NDArray[Any]) -> tuple[NDArray[np.intp], Ids, NDArray[np.float32]]:
        """Return the edges of some nodes in ascending order: the place of the node, the other end, and the weight."""
        owners, others, weights = [], [], []
        ends = [*np.searchsorted(nodes, self.offsets).tolist(), len(nodes)]
        rows = nodes[: ends[0]]
        for part, offset, rarity in zip(self._parts, self.offsets, self._weights, strict=True):
            found = part.items(rows)
            weight = rarity[found.other]
            keep = np.flatnonzero(weight)
            owners.append(found.owner[keep])
            others.append(found.other[keep] + np.int32(offset))
            weights.append(weight[keep])
        for neighbour in self._episodes.neighbours():
            other = neighbour[rows]
            there = np.flatnonzero(other >= 0)
            owners.append(there)
            others.append(other[there])
            weights.append(np.full(len(there), self._next, np.float32))
        for part, offset, rarity, start, end in zip(
            self._parts, self.offsets, self._weights, ends, ends[1:], strict=False
        ):
            items = nodes[start:end] - offset
            weight = rarity[items]
            keep = np.flatnonzero(weight)
            back = part.rows(items[keep])
            owners.append(start + keep[back.owner])
            others.append(back.other)
            weights.append(weight[keep[back.owner]])
        return np.concatenate(owners), np.concatenate(others), np.concatenate(weights)

    @cached_property
    def whole(self) -> Adjacency:
        """The whole graph, laid out."""
        sources, targets, weights = self._entries(np.flatnonzero(self._episodes.alive.values))
        after = self._episodes.neighbours()[1]
        before = np.flatnonzero(after >= 0)
        return adjacency(
            np.concatenate((sources, before)),
            np.concatenate((targets, after[before])),
            np.concatenate((weights, np.full(len(before), self._next))),
            size=self.size,
        )

    def _entries(self, rows: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]:
        sources, targets, weights = [], [], []
        for part, offset, rarity in zip(self._parts, self.offsets, self._weights, strict=True):
            found = part.items(rows)
            weight = rarity[found.other]
            keep = weight > 0
            sources.append(rows[found.owner[keep]])
            targets.append(found.other[keep].astype(np.intp) + offset)
            weights.append(weight[keep])
        return np.concatenate(sources), np.concatenate(targets), np.concatenate(weights)

    @cached_property
    def _next(self) -> float:
        """The weight of the edge between neighbours in a session; from a sample where there are many episodes."""
        rows = np.flatnonzero(self._episodes.alive.values)
        rows = rows[:: max(1, len(rows) // 5000)]
        sources, _, weights = self._entries(rows)
        strength = np.sort(np.bincount(sources, weights=weights, minlength=self.units)[rows])
        if not len(rows) or not strength[-1]:
            return 1.0
        median = (strength[(len(rows) - 1) // 2] + strength[len(rows) // 2]) / 2
        return self._constants.next * float(median)

    @cached_property
    def _degree(self) -> NDArray[np.float32]:
        """How many edges each node has at most, in units of the mean."""
        rows = np.arange(self.units)
        own = sum(part.sizes(rows) for part in self._parts) + 2
        degree = np.concatenate((own, *(part.frequencies(n) for part, n in zip(self._parts, self._sizes, strict=True))))
        return np.maximum(degree / max(float(degree.mean()), 1e-9), 1e-3).astype(np.float32)
