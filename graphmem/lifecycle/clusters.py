"""Communities of a memory: clusters of entities on several levels, which keep their ids as long as they can."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from graphmem.graph.adjacency import Ids
from graphmem.graph.communities import Edges, communities, matching, numbered
from graphmem.graph.hierarchy import Hierarchy
from graphmem.lifecycle.relations import Relations
from graphmem.model import natural_key
from graphmem.recall.index import Index

LEADING: Final = 3
"""So many of its entities name a community."""


@dataclass(frozen=True, eq=False)
class Cluster:
    """A community as nodes of `Relations`."""

    level: int
    founder: int
    """The node by which it is known."""
    nodes: Ids
    """Its entities, on all levels below, in order."""
    leading: list[int]
    """The nodes that hold most of it together, the most first."""
    below: Sequence[Cluster]
    """The communities that it holds, if it is of a higher level."""
    same: bool
    """Whether it is as it was, and so is what it holds."""

    def uuid(self, group_id: str, graph: Relations) -> str:
        """Return its uuid."""
        return natural_key("community", group_id, self.level, graph.uuids[self.founder])

    def members(self, group_id: str, graph: Relations) -> Iterator[str]:
        """Yield the uuids of the communities that it holds, or of its entities."""
        if self.level:
            yield from (one.uuid(group_id, graph) for one in self.below)
        else:
            yield from (graph.uuids[node] for node in self.nodes.tolist())


@dataclass(frozen=True)
class Former:
    """One level of the hierarchy as it stands: the community of each node, -1 for none, and the founders of these."""

    community: Ids
    founders: list[str]


def former(index: Index, graph: Relations) -> list[Former]:
    """Return the levels of the hierarchy that an index has, the lowest first; communities of one id stay one."""
    table = index.communities
    numbers = table.keys.numbers
    key = np.array([numbers.get(uuid, -1) for uuid in graph.uuids], np.int64)
    node = np.full(len(table.keys), -1, np.int32)
    node[key[key >= 0]] = np.flatnonzero(key >= 0)
    inside: dict[int, Ids] = {}
    found: list[Former] = []
    alive = np.flatnonzero(table.alive.values)
    for level in range(int(table.level.values[alive].max(initial=-1)) + 1):
        community = np.full(len(graph.uuids), -1, np.int32)
        founders: list[str] = []
        for row in alive[table.level.values[alive] == level].tolist():
            held = table.members.items([row]).other
            if level:
                parts = [inside[number] for number in held.tolist() if number in inside]
                nodes = np.concatenate(parts) if parts else np.empty(0, np.int32)
            else:
                nodes = node[held]
                nodes = nodes[nodes >= 0]
            inside[table.keys.find(table.uuids[row])] = nodes
            community[nodes] = len(founders)
            founders.append(table.keys.texts[table.founder.values[row]])
        found.append(Former(community, founders))
    return found


def clusters(
    graph: Relations, before: Sequence[Former], *, around: NDArray[Any], anew: bool = False, repair: bool = False
) -> list[Cluster]:
    """Return the communities of a graph on all levels, the lowest first.

    They are those before, with moves `around` some nodes; or with `repair` all are looked at, beginning from those
    before, or with `anew` without them. One that continues a former one keeps its founder, see
    `graphmem.graph.communities.matching`; the founder of a new one is its most central entity. What is alone on a
    level, and in no larger community above it, is left out.
    """
    if anew or not before:
        levels = communities(graph.edges)
    elif repair:
        levels = communities(graph.edges, start=_whole(before))
    else:
        levels = _moved(graph.edges, _whole(before), around)
    found: list[list[Cluster]] = []
    for level, community in enumerate(levels):
        old = before[level] if level < len(before) else None
        found.append(_level(graph, level, community, old, found[-1] if found else []))
    return [cluster for level in _linked(found) for cluster in level]


def _moved(edges: Edges, levels: Sequence[Ids], around: NDArray[Any]) -> tuple[Ids, ...]:
    """Return levels with moves around nodes whose edges may be others than they were."""
    hierarchy = Hierarchy(edges, levels)
    hierarchy.update(again=around)
    return tuple(numbered(level) for level in hierarchy.levels)


def _whole(before: Sequence[Former]) -> list[Ids]:
    """Return former levels in which each node is in one community, one that was in none as on the level below."""
    levels: list[Ids] = []
    below = np.arange(len(before[0].community) if before else 0)
    for level in before:
        new = level.community < 0
        levels.append(numbered(np.where(new, below + len(level.founders), level.community)))
        below = levels[-1].astype(np.int64)
    return levels


def _level(graph: Relations, level: int, community: Ids, old: Former | None, below: list[Cluster]) -> list[Cluster]:
    """Return the communities of one level."""
    strength = _within(graph, community) * graph.rarity
    order = np.lexsort((np.arange(len(community)), -strength, community))
    groups = np.split(order, np.flatnonzero(np.diff(community[order])) + 1) if len(order) else []
    kept = matching(old.community, community) if old else np.full(len(groups), -1, np.int32)
    taken: dict[int, int] = {}
    used: set[int] = set()
    for at, former_ in enumerate(kept.tolist()):
        founder = graph.at(old.founders[former_]) if old and former_ >= 0 else -1
        if founder >= 0 and founder not in used:
            taken[at] = founder
            used.add(founder)
    holds: dict[int, list[Cluster]] = {}
    for one in below:
        holds.setdefault(int(community[one.nodes[0]]), []).append(one)
    stays = np.zeros(len(groups), bool)
    if old is not None:
        before, now = (
            np.bincount(old.community[old.community >= 0], minlength=len(old.founders)),
            np.bincount(community),
        )
        shared = np.bincount(community[kept[community] == old.community], minlength=len(groups))
        stays = (kept >= 0) & (shared == now) & (shared == before[kept])
    found = []
    for at, nodes in enumerate(groups):
        free = (node for node in chain(nodes.tolist(), range(len(community))) if node not in used)
        founder = taken[at] if at in taken else next(free)
        used.add(founder)
        leading = nodes[:LEADING].tolist()
        inside = holds.get(at, ())
        same = bool(stays[at]) and at in taken and all(one.same for one in inside)
        found.append(Cluster(level, founder, np.sort(nodes).astype(np.int32), leading, inside, same))
    return found


def _within(graph: Relations, community: Ids) -> NDArray[np.float64]:
    """Return how much each node is connected with the others of its community."""
    edges = graph.edges
    inside = community[edges.left] == community[edges.right]
    ends = np.concatenate((edges.left[inside], edges.right[inside]))
    weights = np.concatenate((edges.weights[inside], edges.weights[inside]))
    return np.bincount(ends, weights=weights, minlength=len(community)).astype(np.float64)


def _linked(found: list[list[Cluster]]) -> list[list[Cluster]]:
    """Leave out what is alone, from the highest level down; what a community holds stays."""
    held: set[int] = set()
    kept: list[list[Cluster]] = []
    for level in reversed(found):
        stay = [one for one in level if id(one) in held or (len(one.below) > 1 if one.level else len(one.nodes) > 1)]
        held = {id(one) for cluster in stay for one in cluster.below}
        kept.append(stay)
    return kept[::-1]
