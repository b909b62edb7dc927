"""A hierarchy of communities that follows its graph: moves around what changed, splits, merges, repairs."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from graphmem.graph.adjacency import Ids, gather
from graphmem.graph.columns import Column
from graphmem.graph.communities import (
    COARSEST,
    MOST,
    STEP,
    Edges,
    communities,
    continued,
    joined,
    leading,
    leiden,
    matching,
)

DRIFT = 0.05
"""When the weights have changed by so much of the whole, the hierarchy is found anew, from where it is."""
SAME = 0.05
"""A weight that has changed by at most so much of itself may be left as it was."""
SLIGHT = 0.01
"""A node or a community is looked at again when so much of its weight has changed since: what is large seldom moves."""
LOOKS = 16
"""So many times the nodes that changed are looked at in one update, at most."""
LEAST = 1e-9
"""What a move gains is at least so much of the strength of what moves, so that no error of rounding moves anything."""
ALONE = -1
"""The grain of single nodes; other grains are levels, whose communities move as a whole."""


@dataclass(frozen=True)
class Changed:
    """What an update has changed: on each level the communities whose members are others, gone ones among them."""

    levels: tuple[frozenset[int], ...]
    repaired: bool
    """Whether the whole hierarchy was found anew; it may have other levels than before."""


class Rows:
    """The neighbours of each node, in order, with their weights; rows can be replaced.

    >>> rows = Rows(joined([0, 1], [1, 2], size=3))
    >>> rows.put(2, np.array([0, 1]), np.array([5.0, 1.0]))
    >>> [part.tolist() for part in rows.of(np.array([1, 2]))]
    [[1, 1, 2, 2], [0, 2, 0, 1], [1.0, 1.0, 5.0, 1.0]]
    """

    def __init__(self, edges: Edges) -> None:
        owners = np.concatenate((edges.right, edges.left))
        order = np.argsort(owners, kind="stable")
        self._starts = np.searchsorted(owners[order], np.arange(edges.size + 1))
        self._targets = np.concatenate((edges.left, edges.right))[order]
        self._weights = np.concatenate((edges.weights, edges.weights))[order]
        self._replaced: Column[np.int32] = Column(np.int32)
        self._replaced.extend(np.full(edges.size, -1))
        self._rows: list[tuple[NDArray[np.int64], NDArray[np.float64]]] = []

    def __len__(self) -> int:
        return len(self._replaced)

    def grow(self, size: int) -> None:
        """Append nodes without neighbours."""
        more = size - len(self)
        self._replaced.extend(np.arange(len(self._rows), len(self._rows) + more))
        self._rows += [(np.empty(0, np.int64), np.empty(0))] * more

    def put(self, node: int, targets: NDArray[np.int64], weights: NDArray[np.float64]) -> None:
        """Replace the neighbours of a node; those of the other ends are left as they are."""
        if self._replaced.values[node] < 0:
            self._replaced.values[node] = len(self._rows)
            self._rows.append((targets, weights))
        else:
            self._rows[self._replaced.values[node]] = targets, weights

    def row(self, node: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the neighbours of a node and their weights."""
        at = self._replaced.values[node]
        if at >= 0:
            return self._rows[int(at)]
        there = slice(*self._starts[node : node + 2])
        return self._targets[there], self._weights[there]

    def of(self, nodes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Return the edges of some nodes: the node, the other end, the weight."""
        at = self._replaced.values[nodes]
        first = nodes[at < 0]
        owner, place = gather(self._starts[first], self._starts[first + 1])
        found = [(first[owner], self._targets[place], self._weights[place])]
        for node, row in zip(nodes[at >= 0].tolist(), at[at >= 0].tolist(), strict=True):
            targets, weights = self._rows[row]
            found.append((np.full(len(targets), node), targets, weights))
        one, two, weight = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return one, two, weight

    def edges(self) -> Edges:
        """Return the whole graph."""
        one, two, weight = self.of(np.arange(len(self)))
        once = one < two
        return joined(one[once], two[once], weight[once], size=len(self))


class _Level:
    """The community of each node on a level, and the strength and the size of each community."""

    def __init__(self, labels: Ids, strength: NDArray[np.float64], count: int) -> None:
        self._labels: Column[np.int32] = Column(np.int32)
        self._strengths: Column[np.float64] = Column(np.float64)
        self._sizes: Column[np.int64] = Column(np.int64)
        self._labels.extend(labels)
        self._strengths.extend(np.bincount(labels, weights=strength, minlength=count))
        self._pending: Column[np.float64] = Column(np.float64)
        self._pending.extend(np.zeros(len(self._strengths)))
        self._sizes.extend(np.bincount(labels, minlength=count))
        self.changed: set[int] = set()
        self._former: list[tuple[NDArray[np.int64], Ids]] = []
        self._made: set[int] = set()
        self._unused: list[int] = []

    @property
    def labels(self) -> Ids:
        """The community of each node."""
        return self._labels.values

    @property
    def strengths(self) -> NDArray[np.float64]:
        """The strength of each community."""
        return self._strengths.values

    @property
    def pending(self) -> NDArray[np.float64]:
        """How much weight has changed in each community since it was looked at."""
        return self._pending.values

    @property
    def weighed(self) -> tuple[Column[np.float64], Column[np.float64]]:
        """What has changed in each community, and its strength."""
        return self._pending, self._strengths

    @property
    def sizes(self) -> NDArray[np.int64]:
        """The number of members of each community."""
        return self._sizes.values

    def members(self, label: int) -> NDArray[np.int64]:
        """Return the members of a community."""
        return np.flatnonzero(self.labels == label)

    def fresh(self) -> int:
        """Return a new community without members."""
        if self._unused:
            label = self._unused.pop()
        else:
            label = len(self._sizes)
            self._strengths.extend([0.0])
            self._pending.extend([0.0])
            self._sizes.extend([0])
        self._made.add(label)
        return label

    def told(self) -> frozenset[int]:
        """Return the communities that have changed since the last time; nobody hears of those that came and went."""
        self._rename()
        passing = {label for label in self._made if not self.sizes[label]}
        changed = frozenset(self.changed - passing)
        self._unused += sorted(passing, reverse=True)
        self._former.clear()
        self._made.clear()
        self.changed.clear()
        return changed

    def _rename(self) -> None:
        """Let the larger part of what was split, and the larger of what was merged, have the number."""
        if not self._former:
            return
        nodes, first = np.unique(np.concatenate([moved for moved, _ in self._former]), return_index=True)
        old, new = np.concatenate([label for _, label in self._former])[first], self.labels[nodes]
        old, new = old[old != new], new[old != new]
        labels = np.unique(np.concatenate((old, new)))
        left, came = (np.bincount(np.searchsorted(labels, side), minlength=len(labels)) for side in (old, new))
        size, stayed = self.sizes[labels], self.sizes[labels] - came
        pairs, shared = np.unique(np.stack((old, new)), axis=1, return_counts=True)
        one, two = (np.searchsorted(labels, side) for side in np.concatenate((pairs, [labels, labels]), axis=1))
        found = continued(one, two, np.concatenate((shared, stayed)), stayed + left, size)
        names = {int(labels[new]): int(labels[old]) for new, old in enumerate(found.tolist()) if old not in (-1, new)}
        for label in [label for label in names.values() if label not in names and self.sizes[label]]:
            names[label] = self.fresh()
        members = {label: self.members(label) for label in names}
        strengths = {label: (self.strengths[label], self.pending[label]) for label in names}
        for label, name in names.items():
            self.labels[members[label]] = name
        for label in names.keys() | set(names.values()):
            self.sizes[label] = self.strengths[label] = self.pending[label] = 0
        for label, name in names.items():
            self.sizes[name] = len(members[label])
            self.strengths[name], self.pending[name] = strengths[label]
        self.changed.update(names, names.values())

    def grow(self, more: int) -> None:
        """Append nodes, each alone and without strength."""
        first = len(self._sizes)
        self._labels.extend(np.arange(first, first + more))
        self._strengths.extend(np.zeros(more))
        self._pending.extend(np.zeros(more))
        self._sizes.extend(np.ones(more))
        self.changed.update(range(first, first + more))
        self._made.update(range(first, first + more))

    def put(self, nodes: NDArray[np.int64], strength: NDArray[np.float64], label: int) -> None:
        """Bring nodes into a community."""
        former = self.labels[nodes]
        self._former.append((nodes, former))
        np.subtract.at(self.strengths, former, strength)
        np.add.at(self.pending, former, strength)
        self.pending[label] += strength.sum()
        np.subtract.at(self.sizes, former, 1)
        self.strengths[label] += strength.sum()
        self.sizes[label] += len(nodes)
        self.labels[nodes] = label
        self.changed.update(np.unique(former).tolist(), (label,))


class Hierarchy:
    """Communities of a graph on several levels, kept up to date as edges change.

    An update looks at what changed and what is around it: nodes, and whole communities of the levels below, move to
    where they raise the quality that `communities` is about (the local moves of Leiden, level by level); what has come
    apart is split, and so is a community of the lowest level that is full. Its cost follows the change. When the
    weights have changed by `DRIFT` of the whole, all is found anew, beginning from where it is: quality can not decay.

    A community keeps its number as long as it lives: the larger part of what splits keeps it, and the larger of what
    merges; after a repair the numbers are those of `matching`. Numbers are not used again.

    `levels` are the communities as they were kept, the finest first, with any numbers: what took long to find is
    not looked for again. A node that is in none (-1) is put in its place by the next update.

    >>> hierarchy = Hierarchy(joined([0, 0, 1, 3, 3, 4, 2], [1, 2, 2, 4, 5, 5, 3], size=7))
    >>> changed = hierarchy.update([6], [4], [0.1])
    >>> hierarchy.levels[0].tolist(), [sorted(level) for level in changed.levels]
    ([0, 0, 0, 1, 1, 1, 1], [[1, 2]])
    """

    def __init__(self, edges: Edges, levels: Sequence[Ids] | None = None, *, most: int = MOST, seed: int = 0) -> None:
        self._most, self._seed = most, seed
        self._loose: list[int] = []
        self._counts: list[int] = []
        if levels is None:
            levels = communities(edges, most=most, seed=seed)
        elif not levels or any(len(level) != edges.size for level in levels):
            raise ValueError(f"levels of {[len(level) for level in levels]} nodes for a graph of {edges.size}")
        else:
            levels = self._completed(levels)
        self._take(edges, levels)

    @property
    def levels(self) -> tuple[Ids, ...]:
        """The community of each node on each level, the finest first."""
        return tuple(level.labels for level in self._levels)

    @property
    def main(self) -> int:
        """The level of the best modularity."""
        return self._main

    @property
    def edges(self) -> Edges:
        """The graph as it is now."""
        return self._rows.edges()

    def update(
        self,
        sources: ArrayLike = (),
        targets: ArrayLike = (),
        weights: ArrayLike = (),
        *,
        of: ArrayLike = (),
        again: ArrayLike = (),
        size: int = 0,
    ) -> Changed:
        """Take in edges that are new or have another weight (0: gone), and return the communities that have changed.

        Each pair is given once, its weight as it is now. `of` are nodes all of whose edges are given: others that they
        had are gone, and those that have about the weight they had (`SAME`) count as unchanged, so that a weight that
        depends on everything may be given as it is now. Nodes in `again` are looked at in any case: those that changed
        before the levels were taken up. Numbers not seen before are new nodes, up to `size` at least.

        >>> hierarchy = Hierarchy(joined([0, 1], [1, 2], size=3))
        >>> changed = hierarchy.update([0], [1], [1.01], of=[1])
        >>> hierarchy.edges.weights.tolist()
        [1.0]
        """
        left, right, weight = _pairs(sources, targets, weights)
        whose = np.unique(np.asarray(of, np.int64))
        if len(whose):
            left, right, weight = self._differences(left, right, weight, whose[whose < len(self._rows)])
        self._grow(max(size, int(right.max(initial=-1)) + 1))
        changed, lost = self._set(left, right, weight)
        if self._moved > DRIFT * self._built:
            return self.repair()
        self._mark(np.asarray(again, np.int64))
        touched = dict.fromkeys(sorted({*changed, *self._loose}))
        self._loose = []
        self._settle(touched, lost)
        if self._due:
            return self.repair()
        return Changed(tuple(level.told() for level in self._levels), repaired=False)

    def _differences(
        self, left: NDArray[np.int64], right: NDArray[np.int64], weight: NDArray[np.float64], of: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Return the edges that are not as they were, and those of some nodes that are no longer there."""
        one, two, before = self._rows.of(of)
        once = (one < two) | ~np.isin(two, of)
        one, two, before = np.minimum(one, two)[once], np.maximum(one, two)[once], before[once]
        size = max(len(self._rows), int(right.max(initial=-1)) + 1)
        known, given = one * size + two, left * size + right
        order = np.argsort(known)
        known, before = known[order], before[order]
        place = np.minimum(np.searchsorted(known, given), max(len(known) - 1, 0))
        there = known[place] == given if len(known) else np.zeros(len(given), bool)
        alike = there.copy()
        alike[there] = np.abs(before[place[there]] - weight[there]) <= SAME * before[place[there]]
        gone = known[~np.isin(known, given)]
        left, right = np.concatenate((left[~alike], gone // size)), np.concatenate((right[~alike], gone % size))
        return left, right, np.concatenate((weight[~alike], np.zeros(len(gone))))

    def repair(self) -> Changed:
        """Find all communities anew, beginning from those there are; return those that have changed."""
        edges, former, self._loose = self.edges, self._levels, []
        found = communities(edges, start=self.levels, most=self._most, seed=self._seed)
        self._counts = [len(level.sizes) for level in former] + self._counts[len(former) :]
        counts = self._counts + [0] * len(found)
        numbered = [
            _renumbered(former[at].labels, level, counts[at]) if at < len(former) else level + np.int32(counts[at])
            for at, level in enumerate(found)
        ]
        changed = [set(level.told()) for level in former]
        for at, level in enumerate(numbered[: len(former)]):
            other = former[at].labels != level
            changed[at].update(former[at].labels[other].tolist(), level[other].tolist())
        for at in range(len(found), len(former)):
            changed[at].update(former[at].labels.tolist())
        changed += [set(level.tolist()) for level in numbered[len(former) :]]
        self._take(edges, numbered)
        return Changed(tuple(map(frozenset, changed)), repaired=True)

    def _take(self, edges: Edges, levels: Sequence[Ids]) -> None:
        self._rows = Rows(edges)
        self._strength: Column[np.float64] = Column(np.float64)
        self._strength.extend(edges.strength)
        self._pending: Column[np.float64] = Column(np.float64)
        self._pending.extend(np.zeros(edges.size))
        self._built = float(edges.weights.sum())
        self._moved = 0.0
        self._due = False
        self._whole = 2 * self._built
        counts = self._counts + [0] * len(levels)
        self._levels = [_Level(level, edges.strength, count) for level, count in zip(levels, counts, strict=False)]
        loose, self._loose = self._loose, []
        self._mark(np.array(loose, np.int64))
        self._main = leading(edges, levels)
        self._resolutions = [1.0 if at <= self._main else _resolution(edges, level) for at, level in enumerate(levels)]

    def _mark(self, nodes: NDArray[np.int64]) -> None:
        """Let the next update look at some nodes and what they are in."""
        self._loose += nodes[self._strength.values[nodes] > 0].tolist()
        self._pending.values[nodes] = self._strength.values[nodes]
        for level in self._levels:
            labels = level.labels[nodes]
            level.pending[labels] = level.strengths[labels]

    def _completed(self, levels: Sequence[Ids]) -> list[Ids]:
        """Put nodes that are in no community on some level with those they are with on the level below, or alone."""
        below = np.arange(len(levels[0]))
        found: list[Ids] = []
        for level in levels:
            size = int(below.max(initial=-1)) + 1
            above = np.full(size, -1, np.int64)
            known = level >= 0
            above[below[known]] = level[known]
            if (above[below[known]] != level[known]).any():
                raise ValueError("a community is in two communities of the level above: build the communities anew")
            none = above < 0
            above[none] = np.arange(int(none.sum())) + int(level.max(initial=-1)) + 1
            if not found:
                self._loose = np.flatnonzero(~known).tolist()
            below = above[below]
            found.append(below.astype(np.int32))
        return found

    def _grow(self, size: int) -> None:
        more = size - len(self._rows)
        if more > 0:
            self._rows.grow(size)
            self._strength.extend(np.zeros(more))
            self._pending.extend(np.zeros(more))
            for level in self._levels:
                level.grow(more)

    def _set(
        self, left: NDArray[np.int64], right: NDArray[np.int64], weights: NDArray[np.float64]
    ) -> tuple[list[int], list[tuple[int, int]]]:
        """Set the weights of edges; return the nodes that have changed, and the edges that are gone."""
        one, two = np.concatenate((left, right)), np.concatenate((right, left))
        order = np.lexsort((two, one))
        one, two, weight = one[order], two[order], np.concatenate((weights, weights))[order]
        nodes, starts = np.unique(one, return_index=True)
        ends = [*starts[1:].tolist(), len(one)]
        touched: list[int] = []
        lost: list[tuple[int, int]] = []
        for node, start, end in zip(nodes.tolist(), starts.tolist(), ends[: len(nodes)], strict=True):
            others, now = two[start:end], weight[start:end]
            targets, before = self._rows.row(node)
            place = np.searchsorted(targets, others)
            known = place < len(targets)
            known[known] = targets[place[known]] == others[known]
            changed = before.copy()
            changed[place[known]] = now[known]
            moved = float(np.abs(changed - before).sum() + now[~known].sum())
            self._moved += moved / 2
            self._pending.values[node] += moved
            touched.append(node)
            lost += [(node, other) for other in others[known & (now == 0)].tolist() if node < other]
            new = ~known & (now > 0)
            targets = np.insert(targets, place[new], others[new])
            changed = np.insert(changed, place[new], now[new])
            stays = changed > 0
            self._rows.put(node, targets[stays], changed[stays])
            more = changed.sum() - self._strength.values[node]
            self._strength.values[node] += more
            self._whole += more
            for level in self._levels:
                level.strengths[level.labels[node]] += more
                level.pending[level.labels[node]] += moved
        return touched, lost

    def _settle(self, touched: dict[int, None], lost: list[tuple[int, int]]) -> None:
        """Move what is touched to where it belongs, from modularity down, then up; split what has come apart."""
        self._lost: dict[tuple[int, int], list[NDArray[np.int64]]] = defaultdict(list)
        self._looked: set[tuple[int, int]] = set()
        for pair in lost:
            for at, level in enumerate(self._levels):
                if level.labels[pair[0]] == level.labels[pair[1]]:
                    self._lost[at, int(level.labels[pair[0]])].append(np.array(pair))
        self._part(touched)
        for at in (*range(self._main, -1, -1), *range(self._main + 1, len(self._levels))):
            lowest = ALONE if at <= self._main else self._main
            for grain in range(lowest, at + 1):
                self._pass(at, grain, touched, lowest)
        self._part(touched)
        for grain, label in self._looked:
            pending = self._pending if grain == ALONE else self._levels[grain].weighed[0]
            pending.values[label] = 0

    def _pass(self, at: int, grain: int, touched: dict[int, None], lowest: int) -> None:
        """Let what is touched move on a level: nodes, or the communities of a grain that they are in."""
        units: dict[int, int] = {}
        for node in touched:
            if grain in (ALONE, lowest) or self._size(grain, node) > self._size(grain - 1, node):
                units.setdefault(self._label(grain, node), node)
        waiting = deque(node for label, node in units.items() if self._is_due(grain, label))
        there = set(waiting)
        looks = LOOKS * (len(touched) + 1)
        while waiting and looks:
            node = waiting.popleft()
            there.discard(node)
            looks -= 1
            left = self._look(at, grain, node)
            if left is not None:
                touched[node] = None
                more = [other for other in left.tolist() if other not in there] if grain == ALONE else []
                waiting.extend(more)
                there.update(more)

    def _is_due(self, grain: int, label: int) -> bool:
        """Tell whether a unit has changed enough to be looked at, and note that it is."""
        pending, strengths = (self._pending, self._strength) if grain == ALONE else self._levels[grain].weighed
        due = bool(pending.values[label] > SLIGHT * strengths.values[label])
        if due:
            self._looked.add((grain, label))
        return due

    def _label(self, grain: int, node: int) -> int:
        return node if grain == ALONE else int(self._levels[grain].labels[node])

    def _look(self, at: int, grain: int, node: int) -> NDArray[np.int64] | None:
        """Move a node, or its community of a grain, to where it is best on a level; return whom it does not go with."""
        level, unit = self._levels[at], self._unit(grain, node)
        ends, weights = self._around(at, grain, node, unit)
        if not len(ends):
            return None
        here, strength = int(level.labels[node]), float(self._strength.values[unit].sum())
        labels = level.labels[ends]
        found = np.unique(labels)
        ties = np.bincount(np.searchsorted(found, labels), weights=weights)
        own, pull = found == here, strength * self._pull(at, node, found)
        stay = float(ties[own].sum() - strength * self._pull(at, node, here) * (level.strengths[here] - strength))
        gains = np.where(own, -np.inf, ties - pull * level.strengths[found])
        if at == 0:
            full = level.sizes[found] + len(unit) > self._most
            best = int(np.argmax(gains))
            if full[best] and gains[best] > max(stay, 0) and level.sizes[here] == 1 < self._most:
                self._halve(int(found[best]))
                return self._look(at, grain, node)
            gains[full] = -np.inf
        best, least = int(np.argmax(gains)), LEAST * strength
        if gains[best] > max(stay, 0) + least:
            self._move(at, grain, unit, ends, int(ends[np.argmax(labels == found[best])]))
        elif stay < -least and level.sizes[here] > len(unit):
            self._move(at, grain, unit, ends, None)
        else:
            return None
        return np.unique(ends[level.labels[ends] != level.labels[node]])

    def _pull(self, at: int, node: int, labels: Any) -> Any:
        """Return how much communities repel others by their strength: not at all within what is small enough."""
        if at >= self._main:
            return self._resolutions[at] / self._whole
        level, above = self._levels[at], self._levels[at + 1]
        parent = above.labels[node]
        size = above.sizes[parent]
        whole = (size <= self._most) & (2 * level.sizes[labels] >= size)
        return np.where(whole, 0.0, 1.0 / above.strengths[parent])

    def _unit(self, grain: int, node: int) -> NDArray[np.int64]:
        return np.array([node]) if grain == ALONE else self._levels[grain].members(self._levels[grain].labels[node])

    def _size(self, grain: int, node: int) -> int:
        return 1 if grain == ALONE else int(self._levels[grain].sizes[self._levels[grain].labels[node]])

    def _around(
        self, at: int, grain: int, node: int, unit: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the neighbours of a unit, those within the same community of the level above if there it stays."""
        if grain == ALONE:
            ends, weights = self._rows.row(node)
        else:
            _, ends, weights = self._rows.of(unit)
            labels = self._levels[grain].labels
            outside = labels[ends] != labels[node]
            ends, weights = ends[outside], weights[outside]
        if at < self._main:
            labels = self._levels[at + 1].labels
            inside = labels[ends] == labels[node]
            ends, weights = ends[inside], weights[inside]
        return ends, weights

    def _move(self, at: int, grain: int, unit: NDArray[np.int64], ends: NDArray[np.int64], like: int | None) -> None:
        """Bring a unit into the community of a neighbour (`like`), or into one of its own, and its levels into line."""
        self._pending.values[unit] = self._strength.values[unit]
        if grain != ALONE:
            level, label = self._levels[grain], int(self._levels[grain].labels[unit[0]])
            level.pending[label] = level.strengths[label]
        last = len(self._levels) if at >= self._main else at + 1
        for lower in range(grain + 1, last):
            level = self._levels[lower]
            here = int(level.labels[unit[0]])
            if lower >= at and like is not None:
                label = int(level.labels[like])
            elif level.sizes[here] == len(unit):
                continue
            else:
                label = level.fresh()
            if label != here:
                self._leave(lower, here, ends)
                level.put(unit, self._strength.values[unit], label)

    def _leave(self, at: int, label: int, nodes: NDArray[np.int64]) -> None:
        """Note that nodes of a community may no longer hang together, because of what was between them."""
        stay = nodes[self._levels[at].labels[nodes] == label]
        if len(stay) > 1:
            self._lost[at, label].append(np.unique(stay))

    def _part(self, touched: dict[int, None]) -> None:
        """Split communities of which something that held them together is gone, if they have come apart."""
        lost, self._lost = self._lost, defaultdict(list)
        for (at, label), groups in sorted(lost.items(), key=lambda item: item[0]):
            level = self._levels[at]
            near = np.unique(np.concatenate(groups))
            near = near[level.labels[near] == label]
            _, around, _ = self._rows.of(near)
            around = around[level.labels[around] == label]
            if not self._apart(at, np.union1d(near, around), groups):
                continue
            for part in self._apart(at, level.members(label), groups):
                if len(part) == 1 and at < self._main and len(self._rows.row(int(part[0]))[0]):
                    continue  # what hangs on one that is elsewhere in the community above may stay together
                touched[int(part[0])] = None
                self._split_off(at, part)

    def _apart(self, at: int, nodes: NDArray[np.int64], groups: list[NDArray[np.int64]]) -> list[NDArray[np.int64]]:
        """Return the connected parts, but the largest, of some nodes that hold nodes of a group that is in several."""
        one, two, _ = self._rows.of(nodes)
        inside = np.isin(two, nodes)
        part = _connected(np.searchsorted(nodes, one[inside]), np.searchsorted(nodes, two[inside]), len(nodes))
        sizes = np.bincount(part)
        off: set[int] = set()
        for group in groups:
            parts = np.unique(part[np.isin(nodes, group)])
            if len(parts) > 1:
                off.update(parts.tolist())
                off.discard(int(parts[np.argmax(sizes[parts])]))
        return [nodes[part == one] for one in sorted(off)]

    def _split_off(self, at: int, part: NDArray[np.int64]) -> None:
        """Make some nodes a community of their own on a level, and of what is partly in it on the levels below."""
        for level in self._levels[:at]:
            labels = level.labels[part]
            for label in np.unique(labels).tolist():
                nodes = part[labels == label]
                if level.sizes[label] > len(nodes):
                    level.put(nodes, self._strength.values[nodes], level.fresh())
        level = self._levels[at]
        level.put(part, self._strength.values[part], level.fresh())
        self._pending.values[part] = self._strength.values[part]

    def _halve(self, label: int) -> None:
        """Split a community of the lowest level along its structure, or in the middle where it has none."""
        level = self._levels[0]
        self._due |= self._main == 0  # a level below is missing
        members = level.members(label)
        one, two, weights = self._rows.of(members)
        inside = (one < two) & (level.labels[two] == label)
        one, two = (np.searchsorted(members, side[inside]) for side in (one, two))
        edges = joined(one, two, weights[inside], size=len(members))
        parts = leiden(edges, np.zeros(len(members), np.int32), seed=self._seed)
        parts[np.bincount(parts)[parts] == 1] = len(parts)
        if len(np.unique(parts)) == 1:
            parts = (2 * np.arange(len(members)) // len(members)).astype(np.int32)
        for part in np.argsort(-np.bincount(parts), kind="stable")[1 : len(np.unique(parts))].tolist():
            nodes = members[parts == part]
            level.put(nodes, self._strength.values[nodes], level.fresh())


def _pairs(
    sources: ArrayLike, targets: ArrayLike, weights: ArrayLike
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return edges with the smaller number first, without loops, after a check."""
    one, two, weight = np.asarray(sources, np.int64), np.asarray(targets, np.int64), np.asarray(weights, np.float64)
    if not len(one) == len(two) == len(weight):
        raise ValueError(f"{len(one)} sources, {len(two)} targets and {len(weight)} weights: give one of each an edge")
    if len(one) and min(one.min(), two.min()) < 0:
        raise ValueError(f"an edge names node {min(one.min(), two.min())}: nodes are numbered from 0")
    if not np.isfinite(weight).all() or (weight < 0).any():
        raise ValueError(f"the weight of an edge must be finite and not negative, got {weight.min()}")
    there = one != two
    left, right = np.minimum(one, two)[there], np.maximum(one, two)[there]
    if len(np.unique(np.stack((left, right)), axis=1).T) != len(left):
        raise ValueError("an edge is given twice: give each once, with its weight as it is now")
    return left, right, weight[there]


def _renumbered(old: Ids, new: Ids, first: int) -> Ids:
    """Give communities the numbers of those that they continue, and others new numbers, from `first` on."""
    number = matching(old, new[: len(old)])
    number = np.concatenate((number, np.full(int(new.max(initial=-1)) + 1 - len(number), -1, np.int32)))
    none = number < 0
    number[none] = np.arange(first, first + int(none.sum()))
    renumbered: Ids = number[new]
    return renumbered


def _resolution(edges: Edges, community: Ids) -> float:
    """Return the lowest resolution of those that are tried at which no two communities would rather be one."""
    between = edges.contracted(community)
    if not len(between.weights):
        return STEP
    chance = between.strength[between.left] / between.strength.sum() * between.strength[between.right]
    least = float((between.weights / chance).max())
    return max(COARSEST, STEP ** max(0, math.floor(math.log(least) / math.log(STEP))))


def _connected(one: NDArray[np.intp], two: NDArray[np.intp], size: int) -> NDArray[np.intp]:
    """Return the connected part of each node: the lowest node in it. Both directions of each edge are given."""
    part = np.arange(size)
    while True:
        lower = part.copy()
        np.minimum.at(lower, one, part[two])
        lower = lower[lower]
        if (lower == part).all():
            return part
        part = lower
