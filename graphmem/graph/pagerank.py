"""Personalized PageRank on undirected weighted graphs: local where the reset is sparse, iterated where it is not.

Both solve x = damping * P x + (1 - damping) * reset, P the random walk over the edges; a walk that reaches a node
without edges starts again from the reset, as in networkx.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from graphmem.graph.adjacency import Adjacency, Ids

Neighbours: TypeAlias = Callable[[NDArray[Any]], tuple[NDArray[np.intp], Ids, NDArray[np.float32]]]
"""The edges of some nodes: the place of the node in the question, the other end, and the weight."""

SMALL = 20_000
"""Up to this many nodes, iteration over the whole graph is as fast as local push."""


def pagerank(
    graph: Adjacency, seeds: ArrayLike, values: ArrayLike | None = None, *, damping: float = 0.85, error: float = 1e-4
) -> NDArray[np.float32]:
    """Rank all nodes by a random walk that returns to the seeds; the result sums to 1 (to 0 without seeds).

    `seeds` are node numbers, `values` their shares of the reset (equal if not given). A node is off by at most
    `error` times its degree, in units of the mean degree, where local push runs (sparse reset, large graph; the sum
    falls short of 1 by what lies on nodes that were not reached), and by less where Chebyshev iteration does.

    >>> from graphmem.graph.adjacency import adjacency
    >>> path = adjacency([0, 1], [1, 2], size=4)
    >>> [round(float(rank), 3) for rank in pagerank(path, [0])]
    [0.345, 0.459, 0.195, 0.0]
    """
    nodes, reset = _reset(seeds, values, graph.size)
    if not 0 <= damping < 1:
        raise ValueError(f"damping must be at least 0 and below 1, got {damping}")
    if not error > 0:
        raise ValueError(f"the error allowed must be above 0, got {error}")
    if not len(nodes):
        return np.zeros(graph.size, np.float32)
    if graph.size > SMALL and len(nodes) * 100 < graph.size:
        mean = float(graph.strength.mean()) or 1.0
        degree = graph.strength / mean
        pushed = push(graph.neighbours, degree, nodes, reset, damping=damping, error=error)
        return settled(pushed, degree, damping=damping)
    dense = np.zeros(graph.size, np.float32)
    dense[nodes] = reset
    return iterate(graph, dense, damping=damping, error=error)


def iterate(
    graph: Adjacency, reset: NDArray[np.float32], *, damping: float = 0.85, error: float = 1e-5
) -> NDArray[np.float32]:
    """Solve on the whole graph by Chebyshev semi-iteration (Golub and Varga 1961), shape (nodes,), sum 1.

    The walk on an undirected graph has a real spectrum, so each step gains a factor damping / (1 + sqrt(1 - damping²)),
    0.56 at 0.85 where plain power iteration gains 0.85.
    """
    inverse = np.divide(damping, graph.strength, out=np.zeros(graph.size, np.float32), where=graph.strength > 0)
    base = np.float32(1 - damping) * reset
    gain = damping / (1 + math.sqrt(1 - damping * damping))
    steps = math.ceil(math.log(error / 2) / math.log(gain)) if gain > 0 and error < 2 else 1
    before, now, omega = np.zeros_like(base), base, 2.0
    for _ in range(steps):
        omega = 1 / (1 - omega * damping * damping / 4)
        walked = graph.sums(graph.weights * (inverse * now)[graph.targets])
        before, now = now, np.float32(omega) * (walked + base - before) + before
    return _normalised(np.maximum(now, 0))


class Pushed(NamedTuple):
    """What forward push leaves at each node, shape (nodes,) each; nothing is lost between the two."""

    arrived: NDArray[np.float32]
    """Mass that has stopped here: a lower bound of the rank."""
    waiting: NDArray[np.float32]
    """Mass that would stop here or go on."""


def push(
    neighbours: Neighbours,
    degree: NDArray[np.float32],
    seeds: NDArray[Any],
    reset: NDArray[np.float32],
    *,
    damping: float = 0.85,
    error: float = 1e-4,
) -> Pushed:
    """Walk around the seeds only, by forward push (Andersen, Chung, Lang 2006).

    `degree` holds the weight of all edges at each node, in units of the mean; a node is expanded while more than
    `error` times its degree waits there, so the work is bounded by 1 / (error * (1 - damping)), whatever the size of
    the graph. All nodes that wait are expanded at once: rounds of array operations, not a queue.
    """
    size = len(degree)
    arrived, waiting = np.zeros(size, np.float32), np.zeros(size, np.float32)
    waiting[seeds] = reset
    frontier = np.asarray(seeds, np.intp)
    while len(frontier):
        mass = waiting[frontier]
        waiting[frontier] = 0
        arrived[frontier] += np.float32(1 - damping) * mass
        owner, targets, weights = neighbours(frontier)
        strength = np.bincount(owner, weights=weights, minlength=len(frontier))
        share = (damping * mass / np.where(strength > 0, strength, 1)).astype(np.float32)
        moved = share[owner] * weights
        if len(targets) * 16 < size:
            touched, place = np.unique(targets, return_inverse=True)
            waiting[touched] += np.bincount(place, weights=moved, minlength=len(touched)).astype(np.float32)
            frontier = touched[waiting[touched] > np.float32(error) * degree[touched]]
        else:
            waiting += np.bincount(targets, weights=moved, minlength=size).astype(np.float32)
            frontier = np.flatnonzero(waiting > np.float32(error) * degree)
    return Pushed(arrived, waiting)


def settled(pushed: Pushed, degree: NDArray[np.float32], *, damping: float = 0.85) -> NDArray[np.float32]:
    """Return the rank of each node after a push, off by at most the push's `error` times its degree; shape (nodes,).

    Of what waits, 1 - damping stops there, and the rest is taken to spread by degree, as after a long walk. Only nodes
    that were reached get their share of it, so that the sum falls short of 1 by what lies on the others.
    """
    arrived, waiting = pushed
    whole = float(arrived.sum() + waiting.sum()) or 1.0  # below 1 where the walk came to nodes without edges
    far = damping * float(waiting.sum()) / (float(degree.sum()) or 1)
    near = arrived + np.float32(1 - damping) * waiting
    rank: NDArray[np.float32] = (near + np.float32(far) * degree * (near > 0)) / np.float32(whole)
    return rank


def _reset(seeds: ArrayLike, values: ArrayLike | None, size: int) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Check the seeds, add up those named twice, and scale their values to sum 1."""
    nodes = np.asarray(seeds, np.intp).reshape(-1)
    given = np.ones(len(nodes)) if values is None else np.asarray(values, np.float64).reshape(-1)
    if len(nodes) != len(given):
        raise ValueError(f"{len(nodes)} seeds need as many values, got {len(given)}")
    if len(nodes) and (nodes.min() < 0 or nodes.max() >= size):
        raise ValueError(f"a seed is outside the nodes 0..{size - 1}")
    if not (np.isfinite(given).all() and (given >= 0).all()):
        raise ValueError("the values of seeds must be finite and not negative")
    distinct, place = np.unique(nodes, return_inverse=True)
    total = np.bincount(place, weights=given, minlength=len(distinct))
    distinct, total = distinct[total > 0], total[total > 0]
    return distinct, (total / (total.sum() or 1)).astype(np.float32)


def _normalised(values: NDArray[np.float32]) -> NDArray[np.float32]:
    scaled: NDArray[np.float32] = values / np.float32(values.sum(dtype=np.float64) or 1)
    return scaled
