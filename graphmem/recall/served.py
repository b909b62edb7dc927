"""Search in a memory that is too large for one process: the store finds what a question may be about, and an index of
just that ranks it.

The seeds are the best episodes by the store's vector and full-text indexes; what lies one step away from the first of
them, or names what the question names, comes along, and the best of all these are ranked. The ranking, its filters and
its reasons are those of `Index`, so that the two differ only in what a question's surroundings leave out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from graphmem.graph.lexical import STOP_WORDS, capitalised_runs, words
from graphmem.graph.vectors import unit
from graphmem.model import ABOUT, Entity, Kind, Summary, normal_name
from graphmem.recall.index import Index
from graphmem.recall.levels import LEVELS
from graphmem.recall.question import addressing
from graphmem.recall.rank import Encode
from graphmem.recall.tables import moment
from graphmem.recall.times import times_in
from graphmem.results import Context, Hit
from graphmem.store.contract import EVERYTHING, Change, Filter, Scored, Store


@dataclass(frozen=True)
class Reach:
    """How far a question's surroundings reach, found on development data."""

    seeds: int = 50
    """so many episodes are asked of each index"""
    words: float = 0.4
    """so much counts the best match of words beside a cosine, to choose among episodes"""
    leading: int = 16
    """from so many of the first of them it goes one step further"""
    each: int = 2
    """to so many episodes over each name"""
    naming: int = 8
    """so many episodes that name what the question names are ranked whatever else there is"""
    common: int = 50
    """but over no name that more episodes have"""
    names: int = 20
    """so many entities are looked through for those that the question names"""
    sure: int = 60
    """so many of the seeds are ranked whatever lies beside them"""
    told: int = 12
    """so many summaries are asked for on each level that is searched"""
    most: int = 110
    """so many episodes are ranked at most"""


REACH = Reach()


class Served:
    """Searches that a store's own indexes serve; it keeps nothing. Safe to share."""

    def __init__(self, store: Store, *, reach: Reach = REACH) -> None:
        self._store = store
        self._reach = reach
        self._pool = ThreadPoolExecutor(5, thread_name_prefix="graphmem-search")

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown(cancel_futures=True)

    def search(
        self,
        question: str,
        *,
        encode: Encode,
        top_k: int = 10,
        kinds: Sequence[Kind] | Literal["auto"] = ("episode",),
        filters: Filter = EVERYTHING,
        as_of: datetime | None = None,
        **more: Any,
    ) -> list[Hit]:
        """Return the `top_k` best records of some kinds, best first, as `Index.search` does."""
        encode = _once(encode)
        index = self.around(question, encode, kinds=kinds, top_k=top_k, filters=filters, as_of=as_of)
        return index.search(question, encode=encode, top_k=top_k, kinds=kinds, filters=filters, as_of=as_of, **more)

    def recall(
        self,
        question: str,
        *,
        encode: Encode,
        max_tokens: int = 2000,
        filters: Filter = EVERYTHING,
        as_of: datetime | None = None,
        **more: Any,
    ) -> Context:
        """Return one block of context of at most `max_tokens`, as `Index.recall` does."""
        encode = _once(encode)
        index = self.around(question, encode, top_k=5 + max_tokens // 8, filters=filters, as_of=as_of)
        return index.recall(question, encode=encode, max_tokens=max_tokens, filters=filters, as_of=as_of, **more)

    def around(
        self,
        question: str,
        encode: Encode,
        *,
        kinds: Sequence[Kind] | Literal["auto"] = ("episode",),
        top_k: int = 10,
        filters: Filter = EVERYTHING,
        as_of: datetime | None = None,
    ) -> Index:
        """Return an index of what a question may be about."""
        index = Index()
        if not question.strip():
            return index
        reach, store, submit = self._reach, self._store, self._pool.submit
        many, most = max(reach.seeds, 2 * top_k), max(reach.most, 3 * top_k)
        where = _said_by(as_of, filters)
        levels = LEVELS if kinds == "auto" else kinds
        named = submit(self._named, question)
        asked = addressing(question, self._people(question))
        vector: NDArray[np.float32] = unit(encode([asked]))[0]
        telling = " ".join(word for word in words(asked) if word not in STOP_WORDS)
        found = submit(store.matching, "episode", telling, top_k=many, where=where)
        naming = submit(self._naming, named, vector)
        others = [
            submit(store.nearest, kind, vector, top_k=many) for kind in ("fact", "event", "entity") if kind in levels
        ]
        near = dict(store.nearest("episode", vector, top_k=many, where=where))
        said = _shares(found.result(), reach.words)
        least = min(near.values(), default=0.0)
        value = {uuid: near.get(uuid, least) + said.get(uuid, 0.0) for uuid in (*near, *said)}
        seeds = _best(value)
        first = seeds[: reach.sure]
        told = submit(lambda: list(store.told(first)))
        summaries = self._summaries(question, vector, levels, top_k)
        start = seeds[: reach.leading] + [uuid for other in others for uuid, _ in other.result()]
        for uuid, cosine in store.neighbourhood(start, vector, each=reach.each, common=reach.common):
            value[uuid] = cosine + said.get(uuid, 0.0)
        sure = [*naming.result(), *(uuid for summary in summaries for uuid in summary.episodes)]
        rest = list(dict.fromkeys([*first, *sure, *_best(value)]))[len(first) :]
        more = submit(lambda: list(store.told(rest[: max(most - len(first), len(sure))])))
        index.apply(told.result())
        index.apply(more.result())
        index.apply(self._levels(summaries))
        return index

    def _summaries(
        self, question: str, vector: NDArray[np.float32], kinds: Sequence[Kind], top_k: int
    ) -> list[Summary]:
        """Return the summaries of some kinds nearest to a question, and those of the times that it names."""
        windows = times_in(question, range(0), None).windows
        wanted = [Filter(about=kind) for kind in ABOUT if kind in kinds]
        for start, end in windows if "period" in kinds else ():
            if np.isfinite(start) and np.isfinite(end):
                wanted.append(Filter(about="period", start=moment(start), end=moment(end)))
        near = [
            self._pool.submit(self._store.nearest, "summary", vector, top_k=max(top_k, self._reach.told), where=where)
            for where in wanted
        ]
        uuids = dict.fromkeys(uuid for found in near for uuid, _ in found.result())
        if not uuids:
            return []
        return [one for one in self._store.get("summary", list(uuids)) if isinstance(one, Summary)]

    def _levels(self, summaries: Sequence[Summary]) -> Iterator[Change]:
        """Yield summaries after the topics and communities that they are of."""
        for kind in ("topic", "community"):
            of = [summary.of for summary in summaries if summary.about == kind]
            yield from (Change(0, kind, record.uuid, record) for record in self._store.get(kind, of))
        yield from (Change(0, "summary", summary.uuid, summary) for summary in summaries)

    def _named(self, question: str) -> list[str]:
        """Return the entities that a question names by all the words of one of their names."""
        said = set(normal_name(question).split()) | set(words(question))
        found = [uuid for uuid, _ in self._store.matching("entity", question, top_k=self._reach.names)]
        return [
            entity.uuid
            for entity in self._store.get("entity", found)
            if isinstance(entity, Entity)
            and any(said.issuperset(normal_name(name).split()) for name in (entity.name, *entity.names))
        ]

    def _naming(self, named: Future[list[str]], vector: NDArray[np.float32]) -> list[str]:
        """Return the episodes nearest to a question that name what it names."""
        many = self._reach.naming
        near = self._store.neighbourhood(named.result(), vector, each=many, common=0)
        return [uuid for uuid, _ in near[:many]]

    def _people(self, question: str) -> set[str]:
        """Return the normal forms of the names in a question of those who say something."""
        names = {word.capitalize() for word in words(question)} | {run.text for run in capitalised_runs(question)}
        return set(map(normal_name, self._store.speaking(names)))


def _shares(found: Sequence[Scored], most: float) -> dict[str, float]:
    """Return the scores of what was found as shares of the best, which gets `most`."""
    best = max((score for _, score in found), default=1.0)
    return {uuid: most * score / best for uuid, score in found}


def _best(value: Mapping[str, float]) -> list[str]:
    """Return what has a value, the most valuable first."""
    return sorted(value, key=lambda uuid: (-value[uuid], uuid))


def _said_by(as_of: datetime | None, filters: Filter) -> Filter:
    """Return a filter that also leaves out what was said after a moment."""
    if as_of is None:
        return filters
    end = as_of + timedelta(microseconds=1)
    return filters.model_copy(update={"end": end if filters.end is None else min(end, filters.end)})


def _once(encode: Encode) -> Encode:
    """Encode each text of a search only once."""
    known: dict[str, NDArray[Any]] = {}

    def encoded(texts: list[str]) -> NDArray[Any]:
        if new := [text for text in dict.fromkeys(texts) if text not in known]:
            known.update(zip(new, encode(new), strict=True))
        return np.stack([known[text] for text in texts])

    return encoded
