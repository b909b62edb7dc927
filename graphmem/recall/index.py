"""The in-process index: arrays fed by the store's changes, and searches on them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Literal, TypeAlias

from graphmem.errors import InvalidInput
from graphmem.garbage import no_collection
from graphmem.graph.columns import Kept, State, copied
from graphmem.model import DERIVED, Entity, Episode, Kind, Record
from graphmem.recall.constants import CONSTANTS, Constants
from graphmem.recall.context import compose
from graphmem.recall.levels import Level, coarseness, levels
from graphmem.recall.rank import Encode
from graphmem.recall.rerank import Rerank
from graphmem.recall.search import Search
from graphmem.recall.tables import (
    CommunityTable,
    EntityTable,
    EpisodeTable,
    EventTable,
    FactTable,
    Names,
    SummaryTable,
    Table,
    TopicTable,
)
from graphmem.recall.walk import Walk
from graphmem.results import Context, Hit
from graphmem.store.contract import EVERYTHING, Change, Filter, Vectors

LookUp: TypeAlias = Callable[[Sequence[str]], Iterable[Record]]
"""The entities with some uuids, as a store has them."""

BATCH = 1000
"""So many changes are taken in at a time."""
PAUSE = 0.001
"""For so many seconds whoever waits for the index can have it."""


class Index(Kept):
    """What one tenant's memory holds, ready to be searched; it follows the store through `apply`. Safe to share."""

    derived = frozenset({"constants", "taken", "buried", "_walk", "_levels", "_lock"})

    def __init__(self, *, constants: Constants = CONSTANTS) -> None:
        self.revision = 0
        self.taken = 0
        """How many changes were taken in here, by this process."""
        self.buried = False
        """Whether what was removed from the store still lies in the arrays, hidden."""
        self.constants = constants
        self.names = Names()
        self.episodes = EpisodeTable(self.names)
        self.entities = EntityTable(self.names)
        self.facts, self.events = FactTable(self.episodes), EventTable(self.episodes)
        self.communities, self.topics = CommunityTable(), TopicTable(self.episodes)
        self.summaries = SummaryTable(self.episodes)
        self._walk: Walk | None = None
        self._levels: dict[Kind, list[Level]] = {}
        self._lock = threading.RLock()

    def __len__(self) -> int:
        return sum(map(len, self._tables()))

    def _tables(self) -> tuple[Table, ...]:
        stated = (self.episodes, self.entities, self.facts, self.events)
        return (*stated, self.communities, self.topics, self.summaries)

    def use(self, constants: Constants) -> None:
        """Rank with other constants from now on, to measure what they do."""
        with self._lock:
            self.constants = constants
            self._walk = None

    def apply(self, changes: Iterable[Change], *, look_up: LookUp | None = None) -> None:
        """Take in changes in order of revision; the work is proportional to them.

        An entity that was changed comes after older episodes that mention it: `look_up` tells of it before.
        """
        with self._lock, no_collection():
            batch: dict[str, Change] = {}
            revision = self.revision
            for change in changes:
                batch.pop(change.uuid, None)
                batch[change.uuid] = change
                revision = max(revision, change.revision)
                if len(batch) >= BATCH:
                    self._take(batch, look_up)
                    batch = {}
            self._take(batch, look_up)
            self.revision = revision

    def _take(self, batch: dict[str, Change], look_up: LookUp | None) -> None:
        gone: dict[str, list[str]] = {}
        put: dict[str, list[tuple[Any, Vectors | None]]] = {}
        for change in batch.values():
            if change.record is None:
                gone.setdefault(change.kind, []).append(change.uuid)
            else:
                put.setdefault(change.kind, []).append((change.record, change.vectors))
        entities: list[tuple[Entity, Vectors | None]] = put.pop("entity", [])
        episodes: list[tuple[Episode, Vectors | None]] = put.get("episode", [])
        for table in self._tables():
            hidden = table.hide(gone.get(table.kind, ()))
            self.buried |= hidden > 0 and table.kind not in DERIVED  # what those are made of is there, or is hidden too
        for uuid in gone.get("entity", ()):
            self.names.remove(uuid)
        self.names.put([entity for entity, _ in entities])
        mentioned = {mention.entity for episode, _ in episodes for mention in episode.mentions}
        if look_up is not None and (unknown := sorted(mentioned - self.names.entity.keys())):
            self.names.put([found for found in look_up(unknown) if isinstance(found, Entity)])
        if entities:
            self.entities.put(entities)
        if batch:
            self._follow()
        for table in self._tables():
            if table.kind in put:
                table.put(put[table.kind])
        if any(change.kind not in DERIVED for change in batch.values()):
            self._walk = None
        if batch:
            self._levels = {}
        self.taken += len(batch)

    def _follow(self) -> None:
        """Let names that were merged be read as one."""
        whole = self.names.follow()
        self.episodes.names.join(list(whole), list(whole.values()))

    def reading(self) -> AbstractContextManager[object]:
        """Let nobody else search or change it meanwhile."""
        return self._lock

    def catch_up(self) -> None:
        """Work out what a state has and no search has asked for yet, bit by bit, so that others search in between."""
        for table in self._tables():
            more = True
            while more:
                with self._lock:
                    more = table.catch_up()
                time.sleep(PAUSE)

    def copy(self) -> Index:
        """Return an index with the same in it that can follow the store on its own."""
        with self._lock:
            index = Index(constants=self.constants)
            index.restore(copied(self.state()))
            index.taken, index.buried = self.taken, self.buried
            return index

    def state(self) -> State:
        with self._lock:
            return super().state()

    def restore(self, state: State) -> None:
        super().restore(state)
        self._follow()

    def search(
        self,
        question: str,
        *,
        encode: Encode,
        top_k: int = 10,
        kinds: Sequence[Kind] | Literal["auto"] = ("episode",),
        filters: Filter = EVERYTHING,
        as_of: datetime | None = None,
        reference_time: datetime | None = None,
        min_score: float = 0.0,
        explain: bool = False,
        rerank: Rerank | None = None,
    ) -> list[Hit]:
        """Return the `top_k` best records of some kinds, best first; fewer only if fewer pass the filters.

        With `kinds` "auto" it is the level that fits the question: episodes, or what has a summary.
        `min_score` leaves out what has a lower `confidence`. Raises `InvalidInput` for a question without text or a
        negative `top_k`.
        """
        if top_k < 0:
            raise InvalidInput(f"top_k={top_k}: ask for 0 results or more")
        with self._lock:
            search = self._search(question, encode, filters, as_of, reference_time, rerank)
            return search.hits(kinds, top_k, min_score=min_score, explain=explain)

    def recall(
        self,
        question: str,
        *,
        encode: Encode,
        count_tokens: Callable[[str], int],
        max_tokens: int = 2000,
        filters: Filter = EVERYTHING,
        as_of: datetime | None = None,
        reference_time: datetime | None = None,
        rerank: Rerank | None = None,
    ) -> Context:
        """Return one block of context of at most `max_tokens`, the best episodes in order of time, with citations.

        Raises `InvalidInput` for a question without text or a negative budget.
        """
        if max_tokens < 0:
            raise InvalidInput(f"max_tokens={max_tokens}: give a budget of 0 tokens or more")
        with self._lock:
            search = self._search(question, encode, filters, as_of, reference_time, rerank)
            episodes = search.hits(("episode",), 5 + max_tokens // 8)
            others = search.hits(("fact", "event"), 20)
            table = self.episodes
            positions = {hit.uuid: int(table.position.values[table.row[hit.uuid]]) for hit in episodes}
            return compose(
                episodes,
                others,
                positions=positions,
                marks=search.marks([hit.uuid for hit in episodes]),
                sentences=lambda uuid: table.sentences_of(table.row[uuid], search.vector),
                count_tokens=count_tokens,
                max_tokens=max_tokens,
                constants=self.constants,
            )

    def _search(
        self,
        question: str,
        encode: Encode,
        filters: Filter,
        as_of: datetime | None,
        reference_time: datetime | None,
        rerank: Rerank | None,
    ) -> Search:
        if not question.strip():
            raise InvalidInput("the question is empty: ask something")
        return Search(self, question, encode, filters, as_of, reference_time, rerank)

    def levels(self, *kinds: Kind) -> list[Level]:
        """Return the levels of some kinds above episodes, as they stand, from the finest to the coarsest."""
        for kind in kinds:
            if kind not in self._levels:
                self._levels[kind] = levels(self, kind)
        return sorted((level for kind in kinds for level in self._levels[kind]), key=coarseness)

    def walk(self) -> Walk:
        """Return the graph that PageRank walks on, as it stands."""
        if self._walk is None:
            self._walk = Walk(self.episodes, self.names, self.constants)
        return self._walk
