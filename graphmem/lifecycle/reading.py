"""What the hierarchy reads of a memory: which episodes belong to what, whom they name, and what is told there.

The index tells who belongs where, in arrays; the store has the records, of which a bounded number is read for each
summary. A name is told as the episodes write it that are summed up, so that nothing is told that none of them says.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from graphmem.graph.adjacency import Incidence
from graphmem.lifecycle.relations import Relations, named_in
from graphmem.lifecycle.summaries import Name, Told, happened, sayings, stated
from graphmem.model import Entity, Episode, Event, Fact, Record, during
from graphmem.recall.index import Index
from graphmem.recall.tables import StatementTable
from graphmem.results import period
from graphmem.store.contract import EVERYTHING, Filter, Store

FACTS: Final = 64
"""Of so many facts of one thing, those with most support, a summary is made."""
EVENTS: Final = 64
NAMES: Final = 16
"""So many names of one thing, those that are there most and elsewhere least, are looked at."""
KEPT: Final = 20_000
"""So many records are kept for those who need them next."""

R = TypeVar("R", bound=Record)
Rows = NDArray[np.intp]


class Reader:
    """One state of a memory, read for summaries."""

    def __init__(self, index: Index, store: Store, relations: Relations) -> None:
        self.index = index
        self.relations = relations
        self._store = store
        self._kept: dict[str, Record] = {}
        self._about: tuple[NDArray[Any], Rows] | None = None
        lexicon = index.episodes.lexicon
        size = len(lexicon.vocabulary)
        self._terms = lexicon.vocabulary.numbers
        self._rarity = lexicon.rarity(np.arange(size, dtype=np.int32)) if size else np.zeros(0)
        self._rarest = float(self._rarity.max(initial=1.0))

    def rarity(self, term: str) -> float:
        """Return how rare a term is in all that was said."""
        number = self._terms.get(term)
        return self._rarest if number is None else float(self._rarity[number])

    # Which episodes

    def sessions(self, wanted: Collection[str] | None = None) -> dict[str, Rows]:
        """Return the rows of the episodes of each session, in order, or of some sessions."""
        table = self.index.episodes
        numbers = table.session.values
        there = table.alive.values & (numbers >= 0)
        if wanted is not None:
            there &= np.isin(numbers, [table.sessions.find(name) for name in wanted])
        rows = np.flatnonzero(there)
        rows = rows[np.lexsort((rows, table.position.values[rows], numbers[rows]))]
        return {table.sessions.texts[int(number)]: part for number, part in _parts(numbers[rows], rows)}

    def days(self, years: Collection[str] | None = None) -> dict[str, Rows]:
        """Return the rows of the episodes of each day, in order of time, or of the days of some years."""
        table = self.index.episodes
        rows = np.flatnonzero(table.alive.values)
        numbers = np.floor(table.valid.values[rows] / 86400).astype(np.int64)
        if years is not None:
            whole = numbers.astype("datetime64[D]").astype("datetime64[Y]")
            chosen = np.isin(whole, np.array([np.datetime64(year, "Y") for year in years], "datetime64[Y]"))
            rows, numbers = rows[chosen], numbers[chosen]
        order = np.lexsort((rows, table.position.values[rows], table.valid.values[rows], numbers))
        return {day_of(86400.0 * number): part for number, part in _parts(numbers[order], rows[order])}

    def naming(self, nodes: NDArray[Any]) -> tuple[NDArray[np.intp], Rows]:
        """Return the entities, by place in `nodes`, and the rows of the episodes that name them."""
        found = self.index.episodes.names.rows(self.relations.names[nodes])
        return found.owner, found.other.astype(np.intp)

    def central(self, rows: Rows, most: int) -> Rows:
        """Return the rows, at most so many, that are likest to all of them, in order."""
        if len(rows) <= most:
            return np.sort(rows)
        vectors = self.index.episodes.vectors
        if not vectors.width:
            return np.sort(rows)[:most]
        sample = np.sort(rows)[:: -(-len(rows) // 4096)]
        own = vectors.take(sample).astype(np.float32)
        return np.sort(sample[np.argsort(-(own @ own.mean(axis=0)), kind="stable")[:most]])

    # What is told

    def episodes(self, rows: Iterable[int]) -> list[tuple[int, Episode]]:
        """Return some episodes with their rows, without those that were removed meanwhile."""
        wanted = [int(row) for row in rows]
        found = self.get("episode", [self.index.episodes.uuids[row] for row in wanted], Episode)
        return [(row, found[uuid]) for row in wanted if (uuid := self.index.episodes.uuids[row]) in found]

    def said(
        self, rows: Rows, *, about: Callable[[Episode, int, int], bool] = lambda episode, start, end: True
    ) -> list[Told]:
        """Return the sentences of some episodes that are about something, with what of it is over."""
        index = self.index
        over = index.facts.ended(rows, EVERYTHING, np.inf, index.names) if len(index.facts) else {}
        found: list[Told] = []
        for row, episode in self.episodes(rows):
            vectors = index.episodes.sentence_vectors(row) if index.episodes.own.width else None
            if vectors is not None and len(episode.sentences) > 1:
                vectors = np.concatenate((np.zeros((1 + episode.contextual, vectors.shape[1])), vectors))
            ended = {one.fact: _until(one.until) for one in over.get(row, ())}
            told = sayings(episode, vectors=vectors, over=ended)
            spans = [span for span in episode.sentences if episode.text[slice(*span)].strip()]
            spans = spans or [(0, len(episode.text))]
            found += [one for one, span in zip(told, spans, strict=True) if about(episode, *span)]
        return found

    def mentioning(self, uuids: Collection[str]) -> Callable[[Episode, int, int], bool]:
        """Return what tells whether a sentence, given by its span in an episode, names one of some entities."""
        whole = self.index.names.whole

        def about(episode: Episode, start: int, end: int) -> bool:
            return any(start <= one.start < end and whole(one.entity) in uuids for one in episode.mentions)

        return about

    def facts(self, rows: NDArray[Any]) -> list[Told]:
        """Return some facts as they may be told."""
        return [one for fact in self.fact_records(rows) if (one := stated(fact)) is not None]

    def facts_about(self, node: int) -> NDArray[np.intp]:
        """Return the rows of the facts that have an entity at an end."""
        if self._about is None:
            facts = self.relations.facts
            ends = np.concatenate((facts.left, facts.right))
            order = np.argsort(ends, kind="stable")
            self._about = ends[order], np.concatenate((facts.rows, facts.rows))[order]
        ends, rows = self._about
        first, end = np.searchsorted(ends, [node, node + 1])
        return np.unique(rows[first:end])

    def fact_records(self, rows: NDArray[Any]) -> list[Fact]:
        """Return those of some facts that have most support."""
        best = self._supported(self.index.facts, rows)[:FACTS]
        return list(self._records(self.index.facts, best, Fact).values())

    def stating(self, table: StatementTable, rows: Rows) -> NDArray[np.int32]:
        """Return the rows of the facts or the events that some episodes tell of, as far as they are believed."""
        found = np.unique(table.support.rows(table.episodes.key.values[rows]).other)
        return found[table.known(EVERYTHING, found)]

    def events_in(self, name: str, *, directly: bool) -> list[Told]:
        """Return the events that take place in a period; or only those that are dated no more finely."""
        found = self._store.find("event", Filter(period=name), order="valid_at", limit=4 * EVENTS)
        events = (event for event in found if isinstance(event, Event))
        return _told_of([event for event in events if not directly or name in during(event)][:EVENTS])

    def _supported(self, table: StatementTable, rows: NDArray[Any]) -> NDArray[Any]:
        """Return rows in order of how many episodes say so, then of uuid."""
        uuids = np.array([table.uuids[row] for row in rows])
        best: NDArray[Any] = rows[np.lexsort((uuids, -table.support.sizes(rows)))] if len(rows) else rows
        return best

    def _records(self, table: StatementTable, rows: NDArray[Any], type_: type[R]) -> dict[str, R]:
        return self.get(table.kind, [table.uuids[row] for row in rows], type_)

    def names(self, rows: Rows, *, among: NDArray[np.int32] | None = None) -> tuple[list[Name], int]:
        """Return whom some episodes name most and others least, as they are called there, and how many they name."""
        owner, who = named_in(self.index, rows, self.relations.node)
        if among is not None:
            kept = np.isin(who, among)
            owner, who = owner[kept], who[kept]
        nodes, count = np.unique(who, return_counts=True)
        best = np.argsort(-count * self.relations.rarity[nodes], kind="stable")[:NAMES]
        names = [self._name(rows[owner[who == nodes[at]]], int(nodes[at]), int(count[at])) for at in best]
        return names, len(nodes)

    def _name(self, rows: Rows, node: int, count: int) -> Name:
        """Return an entity as some of the episodes that name it do, these first among its sources."""
        names = self.index.names
        found = Incidence.items(self.index.episodes.names, rows)
        own = self.index.episodes.names.read_as(found.other) == self.relations.names[node]
        called = found.other[own]
        whole = called == self.relations.names[node]
        number = int(self.relations.names[node]) if whole.any() else int(np.bincount(called).argmax())
        first = np.unique(found.owner[own][called == number])[:3]
        ordered = rows[first].tolist()
        more = [row for row in rows[: len(ordered) + 3].tolist() if row not in ordered]
        uuids = [self.index.episodes.uuids[row] for row in [*ordered, *more][:3]]
        entities = self.index.entities
        text = entities.texts[entities.row[names.uuid[number]]]
        kind = names.type(int(self.relations.names[node]))
        return Name(name=text, type=kind, episodes=tuple(uuids), count=count, rarity=float(self.relations.rarity[node]))

    def entities(self, rows: Rows) -> int:
        """Return how many entities some episodes name."""
        return len(np.unique(named_in(self.index, rows, self.relations.node)[1]))

    def words(self, rows: Rows) -> int:
        """Return how many words some episodes have."""
        return int(self.index.episodes.words.values[rows].sum())

    def get(self, kind: Any, uuids: Sequence[str], type_: type[R]) -> dict[str, R]:
        """Return records by uuid, in order, those read before from memory."""
        new = [uuid for uuid in dict.fromkeys(uuids) if uuid not in self._kept]
        if len(self._kept) + len(new) > KEPT:
            self._kept, new = {}, list(dict.fromkeys(uuids))
        self._kept.update((record.uuid, record) for record in (self._store.get(kind, new) if new else ()))
        found = {uuid: self._kept.get(uuid) for uuid in uuids}
        return {uuid: record for uuid, record in found.items() if isinstance(record, type_)}

    def entity(self, uuid: str) -> Entity | None:
        """Return an entity, if it is still there."""
        return self.get("entity", [uuid], Entity).get(uuid)


def _told_of(events: Iterable[Event]) -> list[Told]:
    return [one for event in events if (one := happened(event)) is not None]


def _until(moment: float | None) -> str:
    return "corrected" if moment is None else period(None, datetime.fromtimestamp(moment, timezone.utc))


def _parts(keys: NDArray[Any], rows: Rows) -> Iterable[tuple[int, Rows]]:
    """Cut rows that are sorted by a key into those of each key."""
    if not len(rows):
        return []
    starts = np.flatnonzero(np.diff(keys, prepend=keys[0] - 1))
    return zip(keys[starts].tolist(), np.split(rows, starts[1:]), strict=True)


@lru_cache(maxsize=65536)
def day_of(seconds: float) -> str:
    """Return the name of the day of a moment, given in seconds since 1970.

    >>> day_of(0.0), day_of(-1.0)
    ('1970-01-01', '1969-12-31')
    """
    return str(np.datetime64(int(seconds // 86400), "D"))
