"""Communities of a graph on several levels, each coarser than the one below (Leiden: Traag, Waltman, van Eck 2019)."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from graphmem.graph.adjacency import Ids

MOST = 256
"""Members of a community on the lowest level, at most."""
STEP = 2**-0.5
"""Resolution over the one tried before, from that of modularity (1) upwards."""
COARSEST = 2**-6
"""The lowest resolution that is tried."""
HALF = 0.5
"""A further level has at most so many of the communities of the one below, and no community with more of the weight."""
ROUNDS = 8
"""So often what is too large is taken apart by its structure; what is still too large is cut."""
THINNED = 3
"""A level between that of modularity and the lowest has at least so many times fewer communities than the one below."""

_drawing = threading.Lock()


@dataclass(frozen=True)
class Edges:
    """Undirected edges without loops: each pair of nodes once, in order, the smaller number first."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    weights: NDArray[np.float64]
    strength: NDArray[np.float64]
    """The sum of the weights at each node, also of edges that are not here."""

    @property
    def size(self) -> int:
        """How many nodes there are."""
        return len(self.strength)

    def chosen(self, edges: NDArray[np.bool_]) -> Edges:
        """Return some of the edges; nodes keep their strength."""
        return Edges(self.left[edges], self.right[edges], self.weights[edges], self.strength)

    def contracted(self, community: Ids) -> Edges:
        """Return what is between communities, as nodes that have the strength of their members."""
        size = int(community.max(initial=-1)) + 1
        between = joined(community[self.left], community[self.right], self.weights, size=size)
        return Edges(between.left, between.right, between.weights, totals(community, self.strength, size))


def joined(sources: ArrayLike, targets: ArrayLike, weights: ArrayLike | None = None, *, size: int) -> Edges:
    """Bring edges into order; parallel ones add up, loops and those without weight are left out.

    >>> edges = joined([2, 0, 1], [0, 2, 1], [1.0, 2.0, 5.0], size=3)
    >>> edges.left.tolist(), edges.right.tolist(), edges.weights.tolist()
    ([0], [2], [3.0])
    """
    one, two = np.asarray(sources, np.int64), np.asarray(targets, np.int64)
    weight = np.ones(len(one)) if weights is None else np.asarray(weights, np.float64)
    if not len(one) == len(two) == len(weight):
        raise ValueError(f"{len(one)} sources, {len(two)} targets and {len(weight)} weights: give one of each an edge")
    if len(one) and (min(one.min(), two.min()) < 0 or max(one.max(), two.max()) >= size):
        raise ValueError(f"an edge names a node outside 0..{size - 1}")
    if not np.isfinite(weight).all() or (weight < 0).any():
        raise ValueError(f"the weight of an edge must be finite and not negative, got {weight.min()}")
    there = (one != two) & (weight > 0)
    one, two, weight = one[there], two[there], weight[there]
    keys = np.minimum(one, two) * size + np.maximum(one, two)
    order = np.argsort(keys, kind="stable")
    first = np.diff(keys[order], prepend=-1) > 0
    if not first.all():
        order = np.lexsort((weight, keys))  # a sum of floats depends on the order
    keys, weight = keys[order], weight[order]
    if len(keys):
        keys, weight = keys[first], np.add.reduceat(weight, np.flatnonzero(first))
    left, right = keys // max(size, 1), keys % max(size, 1)
    ends = np.concatenate((left, right))
    return Edges(left, right, weight, totals(ends, np.concatenate((weight, weight)), size))


def communities(edges: Edges, *, start: Sequence[Ids] = (), most: int = MOST, seed: int = 0) -> tuple[Ids, ...]:
    """Return the community of each node on each level, the finest first; the same whatever the order of the edges.

    One level maximises modularity. What is larger than `most` in it is taken apart, again and again, by the same
    measure within each community; where that finds no parts (a star, a clique) it is cut, in order of number. Above,
    communities are joined at lower resolutions, as long as a level has at most half as many. No level is like the one
    below. Nodes without edges are alone. `start`: former levels to begin from, of which more is kept than by beginning
    anew.

    >>> two = joined([0, 0, 1, 3, 3, 4, 2], [1, 2, 2, 4, 5, 5, 3], size=7)
    >>> [level.tolist() for level in communities(two)]
    [[0, 0, 0, 1, 1, 1, 2]]
    """
    if most < 1:
        raise ValueError(f"most must be at least 1, got {most}")
    former = [_grown(level, edges.size) for level in start]
    best = leading(edges, former)
    main = leiden(edges, np.zeros(edges.size, np.int32), seed=seed, start=former[best] if former else None)
    levels = [main]
    for left in reversed(range(ROUNDS)):
        large = np.bincount(levels[0], minlength=1)[levels[0]] > most
        if not large.any():
            break
        within = np.where(large, levels[0], -1)
        parts = leiden(edges, within, seed=seed, start=former[0] if best else None, iterations=1)
        levels.insert(0, _cut(levels[0], np.where(large, parts, -1), most=most, whole=not left))
    return (*_thinned(levels), *_above(edges, main, seed=seed))


def leiden(
    edges: Edges, within: Ids, *, resolution: float = 1.0, seed: int = 0, start: Ids | None = None, iterations: int = 2
) -> Ids:
    """Return parts of communities (`within`; nodes of none, -1, stay alone) that have the best modularity in each.

    Two nodes belong together by the weight between them less the product of their strengths over the strength of their
    community, times `resolution`. That is modularity where all nodes are in one community.
    """
    inside = edges.chosen((within[edges.left] == within[edges.right]) & (within[edges.left] >= 0))
    there = np.zeros(edges.size, bool)
    there[inside.left] = there[inside.right] = True
    linked = np.flatnonzero(there)
    found = np.arange(edges.size) + edges.size
    if len(linked):
        place = np.cumsum(there) - 1
        volume = np.bincount(within[within >= 0], weights=edges.strength[within >= 0])[within[linked]]
        scale = inside.weights.mean()  # so that no product is too large or too small
        begin = None
        if start is not None:  # whatever is together there and within the same community
            begin = np.unique(
                within[linked].astype(np.int64) * (int(start.max()) + 1) + start[linked], return_inverse=True
            )[1]
        found[linked] = _leiden(
            np.stack((place[inside.left], place[inside.right]), axis=1),
            inside.weights / scale,
            edges.strength[linked] / scale / np.sqrt(volume / scale),
            resolution=resolution,
            seed=seed,
            start=begin,
            iterations=iterations,
        )
    return numbered(found)


def _leiden(
    pairs: NDArray[np.int64],
    weights: NDArray[np.float64],
    sizes: NDArray[np.float64],
    *,
    resolution: float,
    seed: int,
    start: NDArray[np.intp] | None,
    iterations: int,
) -> Ids:
    """Run igraph's Leiden on random numbers of its own; then igraph draws from `random` again, as is its default."""
    import igraph

    graph = igraph.Graph(n=len(sizes))
    graph.add_edges(pairs)
    with _drawing:
        igraph.set_random_number_generator(random.Random(seed))
        try:
            clusters = graph.community_leiden(
                objective_function="CPM",
                weights=weights.tolist(),
                node_weights=sizes.tolist(),
                resolution=resolution,
                initial_membership=None if start is None else start.tolist(),
                n_iterations=iterations,
            )
        finally:
            igraph.set_random_number_generator(random)
    return np.array(clusters.membership, np.int32)


def modularity(edges: Edges, community: Ids, *, resolution: float = 1.0) -> float:
    """Return the modularity of a partition (Newman 2006): the weight within communities, less what chance puts there.

    >>> modularity(joined([0, 2], [1, 3], size=4), np.array([0, 0, 1, 1]))
    0.5
    """
    total = edges.weights.sum()
    if not total:
        return 0.0
    inside = edges.weights[community[edges.left] == community[edges.right]].sum() / total
    share = np.bincount(community, weights=edges.strength) / (2 * total)
    return float(inside - resolution * (share**2).sum())


def leading(edges: Edges, levels: Sequence[Ids]) -> int:
    """Return the level with the best modularity, the coarsest of equals; 0 of none."""
    values = [modularity(edges, level) for level in levels]
    return max(range(len(levels)), key=lambda at: (values[at], at), default=0)


def matching(old: Ids, new: Ids) -> Ids:
    """Return which old community each new one continues, -1 for none, from the communities of the same nodes.

    A new one continues the old one that most of its members come from, if no other new one has more of that one's
    members: the larger part of what was split continues it, and what was merged continues the larger one. They share
    at least half of the smaller of both. Of equals the more similar wins, then the lower numbers. Nodes that are in no
    community are -1.

    >>> old = np.array([0] * 60 + [1] * 40 + [2] * 10)
    >>> matching(old, np.array([0] * 35 + [1] * 75)).tolist(), matching(old, np.array([1] * 49 + [0] * 61)).tolist()
    ([0, 1], [1, 0])
    """
    both = (old >= 0) & (new >= 0)
    before, after = np.bincount(old[old >= 0], minlength=1), np.bincount(new[new >= 0], minlength=1)
    pairs, shared = np.unique(old[both].astype(np.int64) * len(after) + new[both], return_counts=True)
    return continued(pairs // len(after), pairs % len(after), shared, before, after)[: int(new.max(initial=-1)) + 1]


def continued(
    old: NDArray[np.intp],
    new: NDArray[np.intp],
    shared: NDArray[np.intp],
    before: NDArray[np.intp],
    after: NDArray[np.intp],
) -> Ids:
    """Match as `matching` does, from how many members pairs of old and new communities share, and from their sizes."""
    there = shared > 0
    old, new, shared = old[there], new[there], shared[there]
    ranked = np.lexsort((new, old, -shared / (before[old] + after[new] - shared), -shared))
    best = [ranked[np.unique(side[ranked], return_index=True)[1]] for side in (old, new)]
    mutual = np.intersect1d(best[0], best[1])
    mutual = mutual[2 * shared[mutual] >= np.minimum(before[old], after[new])[mutual]]
    found = np.full(len(after), -1, np.int32)
    found[new[mutual]] = old[mutual]
    return found


def _cut(community: Ids, parts: Ids, *, most: int, whole: bool) -> Ids:
    """Put parts in the place of the communities they are of; cut what is too large and has none, or all (`whole`)."""
    chosen = parts >= 0
    found = numbered(np.where(chosen, parts + len(parts), community))
    sizes = np.bincount(found, minlength=1)[found]
    large = chosen & (sizes > most) & (whole | (sizes == np.bincount(community, minlength=1)[community]))
    if not large.any():
        return found
    order = np.argsort(found, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order)) - np.searchsorted(found[order], found[order])
    piece = np.where(large, place * -(-sizes // most) // sizes, 0)
    return numbered(np.unique(found * len(found) + piece, return_inverse=True)[1])


def _thinned(levels: list[Ids]) -> list[Ids]:
    """Keep the first and the last of some levels, and of the others those that are much coarser than the one below."""
    counts = [int(level.max(initial=-1)) + 1 for level in levels]
    kept = [0]
    for at in range(1, len(levels) - 1):
        if counts[at] * THINNED <= counts[kept[-1]] and counts[-1] * THINNED <= counts[at]:
            kept.append(at)
    if counts[-1] < counts[0]:
        kept.append(len(levels) - 1)
    return [levels[at] for at in kept]


def _above(edges: Edges, main: Ids, *, seed: int) -> list[Ids]:
    """Join communities at lower and lower resolutions, as long as that gives a level that tells something."""
    levels: list[Ids] = []
    below, between = main, edges.contracted(main)
    resolution = 1.0
    while (resolution := resolution * STEP) >= COARSEST:
        upper = leiden(between, np.zeros(between.size, np.int32), resolution=resolution, seed=seed)
        linked = np.unique(np.concatenate((between.left, between.right)))
        count = len(np.unique(upper[linked]))
        share = np.bincount(upper, weights=between.strength).max() / between.strength.sum() if len(linked) else 1.0
        if count <= 1 or share > max(HALF, between.strength.max() / between.strength.sum()):
            break
        if count <= HALF * len(linked):
            below, between = upper[below], between.contracted(upper)
            levels.append(below)
    return levels


def numbered(community: NDArray[Any]) -> Ids:
    """Number communities in the order of their first nodes.

    >>> numbered(np.array([7, 2, 7, 0])).tolist()
    [0, 1, 0, 2]
    """
    size = len(community)
    first = np.full(int(community.max(initial=-1)) + 1, size)
    first[community[::-1]] = np.arange(size)[::-1]  # the last one stays
    begins = np.zeros(size + 1, np.int32)
    begins[first] = 1
    rank: Ids = (np.cumsum(begins, dtype=np.int32) - 1)[first[community]]
    return rank


def totals(community: NDArray[Any], values: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Add up the values of the members of each of so many communities."""
    return np.bincount(community, weights=values, minlength=size).astype(np.float64)


def _grown(community: Ids, size: int) -> Ids:
    """Return the communities of more nodes, each new one alone."""
    alone = np.arange(len(community), size, dtype=np.int32) - len(community) + int(community.max(initial=-1)) + 1
    return np.concatenate((community, alone))
