"""Communities on several levels against igraph's own Leiden in the same run, and what one more episode costs.

The graph is made up: entities in communities whose sizes follow a power law, those in larger ones, few entities with
many links. `build_ratio` is the CPU time from arrays to all levels over that from the same arrays to the communities
of igraph's Leiden; `call_ratio` is over the call alone, the graph being there. `modularity_ratio` is that of our best
level over igraph's. `update_share` is an episode that names five entities, some new, over a build, as the mean of
many with the repairs that they bring about; `series_ratio` is the modularity after all of these over that of
communities found anew. `reopened_share` is taking up communities that are known over a build.

Then a memory is made of such episodes, with facts and random vectors, and consolidated: `summaries_ratio` is all of
the hierarchy, with the summaries of communities, sessions, topics, periods and entities, over one call of igraph's
Leiden for its graph; `incremental_share` is consolidating one more episode over that.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import click
import igraph
import numpy as np
from numpy.typing import NDArray

from benchmarks.invented import FIRST, VERBS, WORDS, change_set, stated
from graphmem.graph.communities import Edges, communities, joined, modularity
from graphmem.graph.hierarchy import Hierarchy
from graphmem.graph.vectors import unit
from graphmem.lifecycle.relations import relations
from graphmem.memory import Memory
from graphmem.model import Entity, Episode, Mention, Record, Session
from graphmem.store.contract import ChangeSet

GROUP = "hierarchy"
START = datetime(2020, 1, 1, tzinfo=timezone.utc)
WIDTH = 64
"""Numbers in a vector."""
TURNS = 20
SMALLEST, LARGEST = 20, 2000
"""Entities of a community."""
NEAR, WITHIN = 0.7, 0.9
"""The share of links inside a community, and inside a larger one."""
NAMED = 5
"""Entities that an episode names."""


def cpu(call: Callable[[], Any], *, repeats: int) -> tuple[float, Any]:
    """Return the median CPU time of a call in seconds, and its result."""
    taken, result = [], None
    for _ in range(repeats):
        start = time.process_time()
        result = call()
        taken.append(time.process_time() - start)
    return float(np.median(taken)), result


class World:
    """Entities that have a home, and how often each is named."""

    def __init__(self, size: int, *, seed: int = 0) -> None:
        self.rng = np.random.default_rng(seed)
        sizes: list[int] = []
        while sum(sizes) < size:
            sizes.append(int(SMALLEST / (1 - self.rng.random() * (1 - SMALLEST / LARGEST))))
        ends = np.minimum(np.cumsum(sizes), size)
        region = np.unique(np.append(ends[np.sort(self.rng.choice(len(ends), max(1, len(ends) // 8)))], size))
        self.size = size
        self.number = self.rng.permutation(size)
        fame = np.minimum((1 - self.rng.random(size)) ** -0.7, size**0.5)
        self._fame = np.concatenate(([0.0], np.cumsum(fame)))
        self._spans = [np.array([0, size]), np.append(0, region), np.append(0, ends)]

    def drawn(self, number: int) -> NDArray[np.int64]:
        """Draw places of entities, each as often as it is named."""
        return self._at(np.zeros(number, np.int64), np.full(number, self.size))

    def near(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Draw for each entity another one: of its community, of the larger one, or any."""
        scope = np.searchsorted([1 - WITHIN, 1 - WITHIN + WITHIN - NEAR], self.rng.random(len(places)), side="right")
        low, high = np.empty_like(places), np.empty_like(places)
        for at, spans in enumerate(self._spans):
            chosen = scope == at
            span = np.searchsorted(spans, places[chosen], side="right")
            low[chosen], high[chosen] = spans[span - 1], spans[span]
        return self._at(low, high)

    def _at(self, low: NDArray[np.int64], high: NDArray[np.int64]) -> NDArray[np.int64]:
        fame = self._fame[low] + self.rng.random(len(low)) * (self._fame[high] - self._fame[low])
        return np.clip(np.searchsorted(self._fame, fame, side="right") - 1, low, high - 1)

    def edges(self, degree: int) -> Edges:
        """Draw links."""
        one = self.drawn(self.size * degree // 2)
        two = self.near(one)
        return joined(self.number[one], self.number[two], self.rng.gamma(2, 0.5, len(one)), size=self.size)

    def named(self, size: int) -> NDArray[np.int64]:
        """Draw whom one more episode names: entities that belong together, of which up to two are new."""
        new = size + np.arange(self.rng.integers(0, 3))
        known = self.near(np.repeat(self.drawn(1), NAMED - len(new)))
        return np.unique(np.concatenate((self.number[known], new)))

    def episode(self, size: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Draw what one more episode links: each two whom it names."""
        named = self.named(size)
        one, two = np.triu_indices(len(named), 1)
        return named[one], named[two], self.rng.gamma(2, 0.5, len(one))


class Records:
    """Episodes that name entities of a world, with what they state, as records with random vectors."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.entities: list[Entity] = []
        self._said = 0
        self._previous: str | None = None

    def batch(self, episodes: Sequence[NDArray[np.int64]]) -> ChangeSet:
        """Return so many more episodes; entities come in order of number."""
        put = [record for named in episodes for record in self._episode(named)]
        return change_set(GROUP, put, self.world.rng, width=WIDTH)

    def _episode(self, named: NDArray[np.int64]) -> list[Record]:
        rng = self.world.rng
        at = START + timedelta(minutes=15 * self._said)
        while len(self.entities) <= named.max():
            name = f"{FIRST[len(self.entities) % len(FIRST)]}{len(self.entities)} Kell"
            self.entities.append(Entity(group_id=GROUP, name=name, names=(name,), type="PERSON", created_at=at))
        who = [self.entities[number] for number in named.tolist()]
        session = f"talk {self._said // TURNS}"
        text, mentions, sentences = "", [], []
        for entity, verb in zip(who, rng.integers(len(WORDS), size=(len(who), 5)).tolist(), strict=True):
            begin = len(text)
            mentions.append(Mention(entity=entity.uuid, start=begin, end=begin + len(entity.name)))
            text += f"{entity.name} {' '.join(WORDS[word] for word in verb)}. "
            sentences.append((begin, len(text) - 1))
        position = self._said % TURNS
        episode = Episode(
            group_id=GROUP,
            created_at=at,
            text=text,
            reference_time=at,
            session=session,
            speaker=f"Speaker{self._said // TURNS % 7}",
            position=position,
            previous=self._previous if position else None,
            sentences=tuple(sentences),
            mentions=tuple(mentions),
        )
        self._said += 1
        self._previous = episode.uuid
        facts = [stated(episode, one, VERBS[rng.integers(len(VERBS))], two) for one, two in pairwise(who[:3])]
        return [Session(group_id=GROUP, name=session, created_at=at), *who, episode, *facts]


class Drawn:
    """Stands in for the embedding model: texts have random vectors."""

    name, dimension = "drawn", WIDTH

    def __init__(self) -> None:
        self._rng = np.random.default_rng(1)

    def encode(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        return unit(self._rng.standard_normal((len(texts), WIDTH), np.float32))


def remember(entities: int, episodes: int, seed: int) -> dict[str, Any]:
    """Time consolidations of a memory of so many entities, with all summaries; models excluded."""
    world = World(entities, seed=seed)
    records = Records(world)
    memory = Memory(":memory:", group_id=GROUP, model=Drawn())
    memory._store.bind(Drawn.name, WIDTH)
    order = world.number[np.argsort(world.number)]
    first = order[: entities // NAMED * NAMED].reshape(-1, NAMED)
    linked = [np.unique(world.number[world.near(np.repeat(world.drawn(1), NAMED))]) for _ in range(entities // 2)]
    told = [*first, *linked]
    for start in range(0, len(told), 1000):
        memory._store.apply(records.batch(told[start : start + 1000]))
        click.echo(f"\r{start + 1000} of {len(told)} episodes", nl=False, err=True)
    click.echo(err=True)
    memory.refresh()
    start_s = time.process_time()
    built = memory.build_communities()
    build_s = time.process_time() - start_s
    click.echo(f"{built}: {build_s:.1f} s", err=True)
    with memory._index.reading():
        edges = relations(memory._index).edges
    graph = igraph.Graph(n=edges.size)
    graph.add_edges(np.stack((edges.left, edges.right), axis=1))
    weights = edges.weights.tolist()
    call_s, _ = cpu(lambda: graph.community_leiden(objective_function="modularity", weights=weights), repeats=3)
    taken = []
    for _ in range(episodes):
        memory._store.apply(records.batch([world.named(len(records.entities))]))
        memory.refresh()
        start_s = time.process_time()
        memory.consolidate()
        taken.append(time.process_time() - start_s)
    return {
        "memory_episodes": records._said,
        "summaries_s": round(build_s, 2),
        "summaries_ratio": round(build_s / call_s, 2),
        "consolidate_ms": round(1000 * float(np.mean(taken)), 1),
        "incremental_share": round(float(np.mean(taken)) / build_s, 5),
        "written": built.written,
    }


def measure(entities: int, degree: int, episodes: int, repeats: int, seed: int) -> dict[str, Any]:
    """Time builds and updates of one graph."""
    world = World(entities, seed=seed)
    edges = world.edges(degree)
    click.echo(f"{entities} entities, {len(edges.left)} links", err=True)
    weights = edges.weights.tolist()

    def graph() -> igraph.Graph:
        made = igraph.Graph(n=entities)
        made.add_edges(np.stack((edges.left, edges.right), axis=1))
        return made

    there_s, there = cpu(graph, repeats=repeats)
    call_s, theirs = cpu(
        lambda: there.community_leiden(objective_function="modularity", weights=weights), repeats=repeats
    )
    arrays = edges.left, edges.right, edges.weights
    build_s, levels = cpu(lambda: communities(joined(*arrays, size=entities)), repeats=repeats)
    best = max(modularity(edges, level) for level in levels)
    click.echo(f"igraph {there_s:.2f} + {call_s:.2f} s, all levels {build_s:.2f} s", err=True)
    open_s, hierarchy = cpu(lambda: Hierarchy(edges, levels), repeats=repeats)
    taken, repairs = [], 0
    for _ in range(episodes):
        episode = world.episode(len(hierarchy.levels[0]))
        start = time.process_time()
        repairs += hierarchy.update(*episode).repaired
        taken.append(time.process_time() - start)
    after = hierarchy.edges
    anew = max(modularity(after, level) for level in communities(after))
    return {
        "entities": entities,
        "links": len(edges.left),
        "build_s": round(build_s, 2),
        "build_ratio": round(build_s / (there_s + call_s), 2),
        "call_ratio": round(build_s / call_s, 2),
        "modularity_ratio": round(best / theirs.modularity, 4),
        "incremental_ms": round(1000 * float(np.mean(taken)), 2),
        "update_share": round(float(np.mean(taken)) / build_s, 5),
        "repairs": repairs,
        "series_ratio": round(modularity(after, hierarchy.levels[hierarchy.main]) / anew, 4),
        "reopened_share": round(open_s / build_s, 3),
        "levels": [len(np.unique(level)) for level in levels],
        "largest": int(np.bincount(levels[0]).max()),
    }


@click.command(help=__doc__)
@click.option("--entities", default=100_000, show_default=True)
@click.option("--degree", default=10, show_default=True, help="Links of an entity, on average.")
@click.option("--episodes", default=3000, show_default=True, help="Episodes that come one by one.")
@click.option("--consolidations", default=20, show_default=True, help="Episodes after which a memory consolidates.")
@click.option("--remembered", type=int, help="Entities of that memory, by default as many; 0: no memory.")
@click.option("--repeats", default=3, show_default=True)
@click.option("--seed", default=0, show_default=True, help="Of the random numbers.")
def main(
    entities: int, degree: int, episodes: int, consolidations: int, remembered: int | None, repeats: int, seed: int
) -> None:
    found = measure(entities, degree, episodes, repeats, seed)
    remembered = entities if remembered is None else remembered
    print(json.dumps({**found, **(remember(remembered, consolidations, seed) if remembered else {})}))


if __name__ == "__main__":
    main()
