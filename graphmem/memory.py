"""The front door: one short method per verb; it conducts, the rooms below play."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar, overload

from pydantic import ValidationError

from graphmem.embed import open_embedder
from graphmem.errors import GraphmemError, InvalidInput, NotFound
from graphmem.extract import open_extractor
from graphmem.lifecycle.associations import Notes, recalled
from graphmem.lifecycle.presence import associated, decide, presence, write
from graphmem.model import (
    STATUSES,
    Community,
    Entity,
    Episode,
    Event,
    Extractor,
    Fact,
    Kind,
    Period,
    Record,
    Status,
    Summary,
    Topic,
    Trace,
    Value,
    natural_key,
    normal_name,
    period_uuid,
    summary_uuid,
    utc,
)
from graphmem.periods import LEVELS, Level
from graphmem.recall import Index, Served, Snapshot, open_reranker
from graphmem.results import (
    Added,
    Chapter,
    Circle,
    Communities,
    Conflict,
    Consolidated,
    Context,
    Copied,
    Diff,
    Entities,
    Episodes,
    Events,
    Facts,
    History,
    Hit,
    Hits,
    Periods,
    Profile,
    Section,
    Source,
    Stats,
    Timeline,
    Topics,
)
from graphmem.settings import Settings
from graphmem.store import open_store
from graphmem.store.contract import EVERYTHING, Belonging, ChangeSet, Filter, Finding, Order
from graphmem.store.reading import believed_of, everybody, parts, profiles, roots

if TYPE_CHECKING:
    import igraph
    import networkx

    from graphmem.display import Picture
    from graphmem.display.graphs import Interactive
    from graphmem.ingest import Ingest, Progress
    from graphmem.lifecycle.summaries import Rewriter
    from graphmem.resolve.lexicon import Lexicon

Moment: TypeAlias = datetime | str
"""A point in time: a datetime or ISO 8601 text; a naive one is read as UTC."""

Drawable: TypeAlias = str | Entity | Fact | Event | Episode | Hit | Iterable[Entity | Fact | Event | Episode | Hit]
"""What can be drawn: an entity by its name, records, hits."""

R = TypeVar("R", bound=Record)

SEARCHED: tuple[Kind, ...] = ("episode", "entity", "fact", "event", "topic", "session", "period", "community")
"""The kinds of records that `search` finds."""


INDEXES = ("auto", "process", "server")
LARGEST = 1_000_000
"""So many records are searched in the process, where it may choose; they take some three gigabytes."""
_ALL = 2**31 - 1  # more than a memory has of anything


_FILTERS = [name for name in Filter.model_fields if name not in ("period", "level", "member", "about", "of")]
"""The filters of `search`, which looks at times as exactly as they are."""
PASSES = 3
"""So often a consolidation looks whether something was stored meanwhile."""


def _now() -> datetime:
    return datetime.now(timezone.utc)


class Memory:
    """A long-term memory: text in, a time-stamped graph kept, questions answered.

    `store` is a path to a SQLite file, ":memory:", or a bolt:// or neo4j:// address; None reads the settings
    (GRAPHMEM_STORE, NEO4J_URI, ...) and falls back to graphmem.db in this folder. `group_id` is the tenant.
    `model` is a sentence-transformers name or path, or an object with `encode`; `extractor` is a profile of the
    built-in English ("fast" or "accurate"), the name or path of a spaCy pipeline, or an object with `extract`; by
    default both are built in and need no network. `lexicon` is a file that adds to what is known of states (see
    docs/time.md); it applies to what is added from now on. `reranker` judges the best episodes of a search once more: a
    sentence-transformers CrossEncoder, or an object with `score(question, texts)`. `index` says where searches run:
    in this "process", which keeps an index of all there is, or by the indexes of the "server", which keeps nothing
    here; "auto", the default, takes the server's where a Neo4j holds more than a million records. `rewriter` writes
    summaries in other words (`graphmem.lifecycle.rewriting.LlmRewriter`); it may say only what they say, and cites what
    they cite. `associations` has each `recall` noted, what it returned and what together, see `Memory.associated`: it
    is written by `consolidate` and `close`. Without `create` a SQLite file must exist. `clock` tells when something is
    learned.

    Raises `StoreUnavailable` or `StoreRejected` when the store cannot be opened. Safe to use from several threads.

    >>> with Memory(":memory:") as memory:
    ...     added = memory.add("Ada Lovelace lived in London.", reference_time="1840-06-05")
    ...     memory.search("Where did Ada live?")[0].text
    'Ada Lovelace lived in London.'
    """

    def __init__(
        self,
        store: str | Path | None = None,
        *,
        group_id: str | None = None,
        model: object | None = None,
        extractor: str | Path | Extractor | None = None,
        lexicon: str | Path | None = None,
        reranker: object | None = None,
        index: str | None = None,
        rewriter: Rewriter | None = None,
        associations: bool = False,
        create: bool = True,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        settings = Settings.read()
        self.group_id = settings.group if group_id is None else group_id
        self._store = open_store(
            settings.address if store is None else str(store), group_id=self.group_id, create=create, settings=settings
        )
        self._embedder = open_embedder(settings.model if model is None else model)
        self._extractor = open_extractor(settings.pipeline if extractor is None else extractor, embedder=self._embedder)
        self._own_lexicon = settings.lexicon if lexicon is None else lexicon
        if self._own_lexicon is not None:
            _ = self._lexicon  # a mistake in it shows before anything is added
        self._rerank = open_reranker(reranker)
        self._rewriter = rewriter
        self._notes = Notes() if associations else None
        self._clock = clock
        self._where = _chosen("index", settings.index if index is None else index, INDEXES)
        self._served: Served | None = None
        self._index = Index()
        self._snapshot = Snapshot(self._store, self._embedder)
        self._adding = threading.RLock()
        self._refreshing = threading.RLock()
        self._consolidating = threading.RLock()
        self._frozen: Index | None = None
        """The index that a consolidation reads right now: it is not changed meanwhile."""
        self.created = self._store.created
        """Whether opening this memory made the store."""

    # Adding

    def add(
        self,
        text: str,
        *,
        reference_time: Moment | None = None,
        session: str | None = None,
        speaker: str | None = None,
        source: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        consolidate: bool = False,
    ) -> Added:
        """Remember a text; a long one is cut into several episodes, a known one changes nothing.

        `reference_time` is when it was said or written, now if not given. The metadata entry "title" names its
        document. `consolidate` brings communities, topics and summaries up to date with it, see `Memory.consolidate`.
        Raises `InvalidInput` for a text, time or name that cannot be used; then nothing is stored.

        >>> with Memory(":memory:") as memory:
        ...     memory.add("Ben plays the cello.").new["episode"], memory.add("Ben plays the cello.").skipped
        (1, 1)
        """
        item = {
            "text": text,
            "reference_time": reference_time,
            "session": session,
            "speaker": speaker,
            "source": source,
            "metadata": metadata,
        }
        with self._adding:
            added = self._ingest(self._extractor).add([item], strict=True)
        return self._consolidated(added) if consolidate else added

    def add_many(
        self,
        episodes: Iterable[object],
        *,
        batch_size: int = 64,
        progress: Progress | bool | None = None,
        consolidate: bool = False,
    ) -> Added:
        """Remember many items, streamed: each a text, a mapping with the arguments of `add`, or an `Episode`.

        Every batch is stored whole or not at all; after an interruption the same call finishes the job. What cannot be
        remembered is reported in `Added.failed` and the rest goes on. `progress` is called after each stored batch with
        the number of episodes and of characters done so far; True shows a bar. `consolidate` is that of `add`, after
        the last batch.

        >>> with Memory(":memory:") as memory:
        ...     turns = [("Ada", "Do you play?"), ("Ben", "I play the cello.")]
        ...     added = memory.add_many({"speaker": who, "text": text, "session": "chat"} for who, text in turns)
        ...     added.new["episode"], [fact.fact for fact in memory.facts(subject="Ben")]
        (2, ['Ben plays cello'])
        """
        if progress is True:
            from graphmem.progress import watched

            with watched(episodes) as (items, shown):
                return self.add_many(items, batch_size=batch_size, progress=shown, consolidate=consolidate)
        with self._adding:
            added = self._ingest(self._extractor).add(episodes, batch_size=batch_size, progress=progress or None)
        return self._consolidated(added) if consolidate else added

    def add_triplets(
        self,
        triplets: Iterable[Sequence[Any] | Mapping[str, Any]],
        *,
        reference_time: Moment | None = None,
        source: str | None = None,
    ) -> Added:
        """Remember facts that are known already, each with an episode that states it.

        A triplet is (subject, predicate, object) or a mapping with those and, if you like, `valid_at` and `invalid_at`.
        A text as object is an entity; a number or a date is a value.

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add_triplets([("Ada Lovelace", "live in", "London")])
        ...     memory.facts(subject="Ada Lovelace")[0].fact
        'Ada Lovelace lives in London'
        """
        from graphmem.resolve.triplets import Triplets

        given = Triplets(triplets)
        items = [{"text": text, "reference_time": reference_time, "source": source} for text in given.texts]
        with self._adding:
            return self._ingest(given).add(items, strict=True)

    def delete_episode(self, uuid: str) -> int:
        """Forget an episode and whatever only it supports, and return the new revision; raises `NotFound`.

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add("Ben plays the cello.")
        ...     revision = memory.delete_episode(added.uuids[0])
        ...     len(memory.facts()), len(memory.entities())
        (0, 0)
        """
        self.episode(uuid)
        with self._adding:
            revision = self._store.apply(ChangeSet(group_id=self.group_id, remove=[uuid]))
            self._snapshot.check()
            return revision

    # Finding

    def search(
        self,
        query: str,
        *,
        top_k: int = 10,
        kinds: Sequence[Kind] | Literal["auto"] = ("episode",),
        filters: Mapping[str, Any] | Filter | None = None,
        as_of: Moment | None = None,
        reference_time: Moment | None = None,
        min_score: float = 0.0,
        explain: bool = False,
    ) -> Hits:
        """Return the `top_k` records that answer the question best, best first.

        Topics, sessions, periods, communities and entities are found with their summaries, see `consolidate`; "auto"
        takes the one kind that fits the question, which may be a broad one: "What happened in May?" A summary is found
        only where every episode that it tells from passes the filters.

        `filters` has any of session, speaker, source, metadata, start, end (of when it was said, and of when an event
        happened), and is applied before the cut; filters that contradict each other let nothing through. `as_of` hides
        what was said later and facts that do not hold then. `reference_time` is what "last week" in the question counts
        from, now if not given. `min_score`, from 0 to 1, leaves out what has a lower `Hit.confidence`: with 0.1 a
        question about what was never said mostly gets no answer. `explain` fills `Hit.path`. Raises `InvalidInput` for
        a question without text, a `top_k` below 1, an unknown kind or filter.

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add("Ben plays the cello.", speaker="Ada")
        ...     added = memory.add("I never learned the cello.", speaker="Cy")
        ...     [hit.text for hit in memory.search("Who plays the cello?", filters={"speaker": "Ada"})]
        ['Ben plays the cello.']
        """
        top_k = _whole("top_k", top_k, least=1)
        if isinstance(min_score, bool) or not isinstance(min_score, int | float) or not 0 <= min_score <= 1:
            raise InvalidInput(f"min_score={min_score!r}: give a number from 0 to 1")
        where = _filter(filters)
        hits = self._searcher().search(
            _asked(query),
            encode=self._embedder.encode,
            top_k=top_k,
            kinds=kinds if kinds == "auto" else _kinds(kinds),
            filters=where,
            as_of=_utc(as_of),
            reference_time=_utc(reference_time) or self._clock(),
            min_score=min_score,
            explain=explain,
            rerank=self._rerank,
        )
        return Hits(hits)

    def recall(
        self,
        query: str,
        *,
        max_tokens: int = 2000,
        count_tokens: Callable[[str], int] | None = None,
        as_of: Moment | None = None,
        reference_time: Moment | None = None,
        filters: Mapping[str, Any] | Filter | None = None,
    ) -> Context:
        """Return one block of context for a prompt, at most `max_tokens` long, with citations.

        Tokens are those of the embedding model, or what `count_tokens` says of a text. What is worth most for its
        length comes in, in order of time; long texts are cut to their best sentences ("...") where there is no room for
        them; facts and events stand in for episodes that are not there whole. Where nothing fits, or nothing is known,
        the block is empty. Raises `InvalidInput` for a budget below 0 or a question without text.

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add("Ben plays the cello.", speaker="Ada", reference_time="2023-05-08")
        ...     print(memory.recall("Who plays the cello?", max_tokens=40))
        8 May 2023:
        [1] Ada: Ben plays the cello.
        """
        max_tokens = _whole("max_tokens", max_tokens, least=0)
        if count_tokens is not None and not callable(count_tokens):
            raise InvalidInput(f"count_tokens={count_tokens!r}: give a function from a text to its number of tokens")
        where = _filter(filters)
        context = self._searcher().recall(
            _asked(query),
            encode=self._embedder.encode,
            count_tokens=count_tokens or self._embedder.count_tokens,
            max_tokens=max_tokens,
            filters=where,
            as_of=_utc(as_of),
            reference_time=_utc(reference_time) or self._clock(),
            rerank=self._rerank,
        )
        if self._notes is not None:
            best = sorted(context.hits, key=lambda hit: -hit.score)
            self._notes.note(recalled(best, group_id=self.group_id, at=self._clock()))
        return context

    # Looking up

    def facts(
        self,
        *,
        subject: str | None = None,
        predicate: str | None = None,
        object: str | None = None,
        as_of: Moment | None = None,
        known_at: Moment | None = None,
        include_invalid: bool = False,
    ) -> Facts:
        """Return the facts that hold: asserted, not negated, true at `as_of` and believed at `known_at`, or now.

        `subject` and `object` are names, aliases or uuids of entities; `object` may also be the text of a literal
        ("2023-05-15"). A predicate is found in the form in which the lexicon keeps it ("reside in" as "live in").
        `include_invalid` also returns what is over, negated or only possible.

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add("Ada lived in London until 1840. She lives in Paris.", reference_time="1843-08-01")
        ...     [fact.object for fact in memory.facts(subject="Ada", predicate="reside in")]
        ['Paris']
        """
        default = None if include_invalid else self._clock()
        true, known = _utc(as_of) or default, _utc(known_at) or default
        predicates = [None] if predicate is None else dict.fromkeys((self._lexicon.canonical(predicate), predicate))
        found = [
            fact
            for one in self._named(subject)
            for other in (*self._named(object), *self._literal(object))
            for called in predicates
            for fact in self._find(
                "fact",
                Filter(subject=one, predicate=called, object=other, as_of=true, known_at=known),
                "created_at",
                Fact,
            )
        ]
        found.sort(key=lambda fact: (fact.created_at, fact.uuid))
        return Facts([fact for fact in found if include_invalid or (fact.modality == "asserted" and not fact.negated)])

    def episodes(
        self,
        *,
        session: str | None = None,
        speaker: str | None = None,
        source: str | None = None,
        start: Moment | None = None,
        end: Moment | None = None,
    ) -> Episodes:
        """Return the episodes of a session, speaker, source or span of time, in order of reference time.

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add_many({"text": text, "session": "chat"} for text in ("Hello.", "Good morning."))
        ...     [episode.text for episode in memory.episodes(session="chat")]
        ['Hello.', 'Good morning.']
        """
        where = Filter(session=session, speaker=speaker, source=source, start=_utc(start), end=_utc(end))
        return Episodes(self._find("episode", where, "position" if session else "reference_time", Episode))

    def events(
        self,
        *,
        participant: str | None = None,
        start: Moment | None = None,
        end: Moment | None = None,
        place: str | None = None,
        status: Status | None = None,
        known_at: Moment | None = None,
    ) -> Events:
        """Return the events with a participant, at a place, in a span of time; in order of time, undated ones last.

        `status` is "planned", "happened", "cancelled" or "moved", as far as was known at `known_at`, or is now; without
        it events come whatever became of them.

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add("The dentist appointment is on 12 May 2023.", reference_time="2023-05-08")
        ...     added = memory.add("The dentist appointment was moved to 15 May.", reference_time="2023-05-09")
        ...     [event.moved_to for event in memory.events(status="moved")]
        ['2023-05-15']
        """
        if status is not None and status not in STATUSES:
            raise InvalidInput(f"status={status!r}: it is one of {', '.join(map(repr, STATUSES))}")
        found = {
            event.uuid: event
            for uuid in self._named(participant)
            for event in self._find(
                "event",
                Filter(participant=uuid, place=place, start=_utc(start), end=_utc(end), known_at=_utc(known_at)),
                "valid_at",
                Event,
            )
            if status in (None, event.status) and (event.expired_at is None or known_at is not None)
        }
        last = datetime.max.replace(tzinfo=timezone.utc)
        return Events(sorted(found.values(), key=lambda event: (event.valid_at or last, event.uuid)))

    def periods(self, *, level: Level | None = None, start: Moment | None = None, end: Moment | None = None) -> Periods:
        """Return the days, months and years in which something was said or happened, and how much, in order of time.

        `level` is "day", "month" or "year"; `start` and `end` limit it to what touches a span of time.

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add("Ben sold his boat in May 2021.", reference_time="2023-05-08")
        ...     [(period.name, period.episodes, period.events) for period in memory.periods(level="month")]
        [('2021-05', 0, 1), ('2023-05', 1, 0)]
        """
        if level is not None and level not in LEVELS:
            raise InvalidInput(f"level={level!r}: it is one of {', '.join(map(repr, LEVELS))}")
        where = Filter(start=_utc(start), end=_utc(end))
        found = [one for one in self._find("period", where, "valid_at", Period) if level in (None, one.level)]
        found.sort(key=lambda one: (one.valid_at, len(one.name)))
        much = self._store.belonging([one.uuid for one in found])
        told = self._summaries(one.uuid for one in found)
        return Periods(
            [
                Chapter(**dict(one), **much.get(one.uuid, Belonging(0, 0))._asdict(), summary=told.get(one.uuid))
                for one in found
            ]
        )

    def communities(self, *, level: int | None = None) -> Communities:
        """Return the communities of entities that `consolidate` found, with what they are about; highest level first.

        `level` 0 has communities of entities, each level above communities of the one below (`members`).

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add("Ada Berg met Ben Lund. Cy Moss met Dee Park.", consolidate=True)
        ...     sorted(community.name for community in memory.communities(level=0))
        ['Ada Berg and Ben Lund', 'Cy Moss and Dee Park']
        """
        if level is not None:
            level = _whole("level", level, least=0)
        found = self._find("community", Filter(level=level), "level", Community)
        found.sort(key=lambda one: (-one.level, -one.size, one.name, one.uuid))
        told = self._summaries(one.uuid for one in found)
        return Communities([Circle(**dict(one), summary=told.get(one.uuid)) for one in found])

    def topics(self, *, session: str | None = None) -> Topics:
        """Return what the sessions were about that `consolidate` has seen, or one of them, in order of time.

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add("Ada Berg sold the boat.", session="chat", speaker="Ben", consolidate=True)
        ...     memory.topics(session="chat")[0].name
        'Ada Berg: sell'
        """
        found = self._find("topic", Filter(session=session), "valid_at", Topic)
        told = self._summaries(one.uuid for one in found)
        return Topics([Section(**dict(one), summary=told.get(one.uuid)) for one in found])

    def summary(self, of: Record | str) -> Summary:
        """Return the summary of a session, topic, period, entity or community, as it was consolidated last.

        `of` is a record, its uuid, or the name of a period ("2023-05"), a session or an entity. An entity has one if at
        least three episodes name it. Raises `NotFound`.

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add("Ada Berg sold the boat.", reference_time="2023-05-08", consolidate=True)
        ...     print(memory.summary("2023-05").text)
        Ada Berg: sell (1 to 31 May 2023)
        8 May 2023: Ada Berg sold the boat.
        """
        for uuid in self._meant(of):
            if (told := self._summaries([uuid])) != {}:
                return told[uuid]
        raise NotFound(
            f"there is no summary of {of if isinstance(of, str) else of.uuid!r}: memory.consolidate() makes those of "
            "sessions, topics, periods, communities, and of entities that three episodes name"
        )

    def _meant(self, of: Record | str) -> Iterator[str]:
        """Yield the uuids of what may be summed up under a name or a uuid."""
        if not isinstance(of, str):
            yield of.uuid
            return
        yield of
        yield period_uuid(self.group_id, of)
        yield natural_key("session", self.group_id, of)
        yield from (entity.uuid for entity in self._called(of))

    def _summaries(self, of: Iterable[str]) -> dict[str, Summary]:
        """Return the summaries of some records by the uuids of these."""
        found = self._store.get("summary", [summary_uuid(uuid) for uuid in of])
        return {one.of: one for one in found if isinstance(one, Summary)}

    def entities(self, *, name: str | None = None) -> Entities:
        """Return the entities that have this name or alias, or all of them; one merged into another is told there.

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add("Ada Lovelace met Charles Babbage.")
        ...     [entity.name for entity in memory.entities()]
        ['Ada Lovelace', 'Charles Babbage']
        """
        if name is None:
            return Entities(profiles(self._store, list(everybody(self._store).values())))
        found = roots(self._store, self._find("entity", Filter(name=name), "name", Entity))
        wholes = [(entity, parts(self._store, entity.uuid)) for entity in found]
        return Entities(sorted(profiles(self._store, wholes), key=lambda entity: (entity.name, entity.uuid)))

    def entity(self, name_or_uuid: str) -> Profile:
        """Return the entity with this uuid, name or alias; raises `NotFound`, or `InvalidInput` if several have it.

        One that was merged into another is that other, which tells of it in `merged`.

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add("Ravi Menon moved to Pune.", session="chat")
        ...     added = memory.add("Ravi likes the rain.", session="chat")
        ...     ravi = memory.entity("Ravi")
        ...     ravi.name, ravi.aliases, ravi.mentions, [part.because for part in ravi.merged]
        ('Ravi Menon', ('Ravi',), 2, ['short name'])
        """
        found = self._one(name_or_uuid)
        merged = parts(self._store, found.uuid)
        [profile] = profiles(self._store, [(found, merged)])
        about = believed_of(self._store, [found.uuid, *(part.uuid for part in merged)], now=self._clock())
        return profile.model_copy(update={"facts": about})

    def split(self, name_or_uuid: str) -> Profile:
        """Say that an entity is no other: it stands alone again, and from now on, whatever it was merged into.

        Give the name or the uuid that it has itself, as `Profile.merged` tells it; raises `NotFound`.

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add("Ravi Menon moved to Pune.", session="chat")
        ...     added = memory.add("Ravi likes the rain.", session="chat")
        ...     alone = memory.split("Ravi")
        ...     [entity.name for entity in memory.entities() if "Ravi" in entity.name]
        ['Ravi', 'Ravi Menon']
        """
        uuid = natural_key("entity", self.group_id, normal_name(name_or_uuid))
        own = [one for one in self._store.get("entity", [name_or_uuid, uuid]) if isinstance(one, Entity)]
        if not own:
            raise NotFound(f"no entity is named {name_or_uuid!r} itself: memory.entity(...).merged has the names")
        with self._adding:
            change = ChangeSet(group_id=self.group_id, put=[own[0].model_copy(update={"alone": True})])
            self._store.apply(change)
        return self.entity(own[0].uuid)

    def episode(self, uuid: str) -> Episode:
        """Return the episode with this uuid; raises `NotFound`.

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add("Ben plays the cello.")
        ...     memory.episode(added.uuids[0]).text
        'Ben plays the cello.'
        """
        for record in self._store.get("episode", [uuid]):
            if isinstance(record, Episode):
                return record
        raise NotFound(
            f"no episode has the uuid {uuid!r}: uuids come from Added.uuids, Hit.episodes and memory.episodes()"
        )

    def stats(self) -> Stats:
        """Return where the memory is and how many records of each kind it has.

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add("Ben plays the cello.")
        ...     memory.stats().counts["fact"]
        1
        """
        return Stats(
            store=self._store.address,
            group_id=self.group_id,
            revision=self._store.revision(),
            counts=dict(self._store.counts()),
            merged=self._store.merges(),
        )

    def doctor(
        self, *, repair: bool = False, progress: Callable[[str, int, int], object] = lambda step, done, total: None
    ) -> list[Finding]:
        """Look for what should not be in the store, and for conflicts to settle; an empty list is good news.

        With `repair`, what follows from records that are there is mended (`Finding.mended`); texts and what is stated
        are never touched. `progress` is called with "check", and how many records of how many were looked at.

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add("Ben plays the cello.")
        ...     memory.doctor()
        []
        """
        from graphmem.decisions import findings

        if not repair:
            return [*self._store.check(progress=progress), *findings(self._store)]
        with self._adding:
            found = self._store.check(repair=True, progress=progress)
            self._snapshot.check()
        return [*found, *findings(self._store)]

    # What was believed when

    def history(self, fact: Fact | Hit | str) -> History:
        """Return all versions of a fact, a hit or a uuid of one: as stated, and as believed one after the other.

        Each tells when it holds, when that was believed, who says so, and what ended it by which rule. All that is
        stated of the same two, in the same words or not, belongs to it. Raises `NotFound`.

        >>> with Memory(":memory:", clock=lambda: utc("1840-06-05")) as memory:
        ...     added = memory.add("Ada lives in London.", reference_time="1830-01-01")
        ...     added = memory.add("Ada left London in 1835.", reference_time="1836-01-01")
        ...     print(memory.history(memory.facts(subject="Ada", predicate="live in", as_of="1831-01-01")[0]))
        Ada lives in London
          at any time; stated 1840-06-05
              1830-01-01: Ada lives in London.
          until 1835; believed since 1840-06-05; ended by 'Ada leaves London' (ended)
              1830-01-01: Ada lives in London.
        """
        from graphmem.history import history

        return history(self._store, self._fact(fact))

    def sources(self, facts: Iterable[Fact]) -> dict[str, tuple[Source, ...]]:
        """Return who says each fact, by its uuid, in order of time.

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add("Ben plays the cello.", source="diary", reference_time="2023-05-08")
        ...     [fact] = memory.facts(subject="Ben")
        ...     print(*memory.sources([fact])[fact.uuid])
        2023-05-08 diary: Ben plays the cello.
        """
        from graphmem.history import sources

        return sources(self._store, facts)

    def timeline(self, entity: str, *, start: Moment | None = None, end: Moment | None = None) -> Timeline:
        """Return what is told of an entity, in order of time: the facts believed now, and the events that involve it.

        `entity` is a name, an alias or a uuid; what was merged into it belongs to it. From `start` up to `end`, what
        reaches into the span; what is undated comes last, and not at all if a span is given. Raises `NotFound`, and
        `InvalidInput` if several are called so, or for an end before the start.

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add("Ada Lovelace moved to London in 1835.", reference_time="1843-08-01")
        ...     print(memory.timeline("Ada Lovelace"))
        1835        Ada Lovelace moved to London in 1835
        since 1835  Ada Lovelace lives in London
        since 1835  Ada Lovelace moves to London
        """
        first, last = _span(start, end)
        return Timeline(self._store.timeline(self._together(entity), start=first, end=last))

    def diff(self, start: Moment, end: Moment, *, entity: str | None = None) -> Diff:
        """Return what changed from `start` up to `end`, of all facts or of those about an entity.

        `began` and `ended` are in the world, as is believed now; `learned` and `corrected` in what the memory believes.
        Raises `NotFound` for an unknown entity, `InvalidInput` for an end before the start.

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add("Ada lives in Oslo.", reference_time="2020-01-01")
        ...     added = memory.add("Ada moved to Rome in March 2021.", reference_time="2021-04-01")
        ...     changes = memory.diff("2021-01-01", "2022-01-01", entity="Ada")
        ...     [fact.fact for fact in changes.ended]
        ['Ada lives in Oslo']
        """
        from graphmem.history import diff

        first, last = _span(start, end)
        if first is None or last is None:
            raise InvalidInput(f"start={start!r}, end={end!r}: give both ends of the span")
        return diff(self._store, first, last, entities=None if entity is None else self._together(entity))

    def conflicts(self) -> list[Conflict]:
        """Return the facts that contradict each other where no rule decides, each conflict once, oldest first.

        >>> with Memory(":memory:") as memory:
        ...     for source, city in (("letter", "Paris"), ("diary", "Rome")):
        ...         added = memory.add(f"Tom Reed lives in {city}.", source=source, reference_time="2023-05-04")
        ...     [conflict] = memory.conflicts()
        ...     added = memory.settle(conflict.facts[1], reason="He wrote so himself.")
        ...     [fact.object for fact in memory.facts(subject="Tom Reed")], memory.conflicts()
        (['Rome'], [])
        """
        from graphmem.decisions import conflicts

        return conflicts(self._store)

    def settle(self, fact: Fact | Hit | str, *, reason: str | None = None) -> Added:
        """Decide a conflict for one of its facts (or its uuid): what contradicts it was never true.

        The decision is an episode of the source "decision", dated now, which `history` shows; deleting that takes it
        back. Raises `NotFound`, and `InvalidInput` for a fact that nothing contradicts.

        >>> with Memory(":memory:") as memory:
        ...     for source, city in (("letter", "Paris"), ("diary", "Rome")):
        ...         added = memory.add(f"Tom Reed lives in {city}.", source=source, reference_time="2023-05-04")
        ...     decision = memory.settle(memory.facts(object="Rome")[0], reason="He wrote so himself.")
        ...     memory.episode(decision.uuids[0]).source
        'decision'
        """
        from graphmem.decisions import decision
        from graphmem.ingest import embed

        with self._adding:
            put = decision(self._store, self._fact(fact), reason=reason, now=self._clock())
            self._store.bind(self._embedder.name, self._embedder.dimension)
            vectors = embed(put, self._embedder, previous_text={})
            revision = self._store.apply(ChangeSet(group_id=self.group_id, put=put, vectors=vectors))
        return Added(uuids=(put[0].uuid,), new={"episode": 1, "fact": 1}, revision=revision)

    # How present something is

    def strength(self, uuid: str) -> float:
        """Return how present an episode, an entity, a fact or an event is, from 0 to 1; what is pinned is at 1.

        It fades by half in a time that its kind tells: 30 days for an episode, 90 for an event, 180 for a fact, 365 for
        an entity; slower with each further episode that says so, and with each day on which it was recalled, if that is
        noted (`Memory(associations=True)`). Raises `NotFound`.

        >>> days = iter(["2023-05-01", "2023-05-31"])
        >>> with Memory(":memory:", clock=lambda: utc(next(days))) as memory:
        ...     added = memory.add("Ben plays the cello.", reference_time="2023-05-01")
        ...     memory.strength(added.uuids[0])
        0.5
        """
        return presence(self._store, uuid, waiting=self._waiting(), now=self._clock())

    def pin(self, uuid: str) -> int:
        """Keep an episode, an entity, a fact or an event from fading; return the new revision. Raises `NotFound`.

        >>> with Memory(":memory:") as memory:
        ...     [uuid] = memory.add("Ben plays the cello.", reference_time="2023-05-08").uuids
        ...     revision = memory.pin(uuid)
        ...     memory.strength(uuid)
        1.0
        """
        return self._decide(uuid, pinned=True)

    def unpin(self, uuid: str) -> int:
        """Let something fade again that was pinned, and return the new revision; raises `NotFound`.

        >>> with Memory(":memory:") as memory:
        ...     [uuid] = memory.add("Ben plays the cello.", reference_time="2023-05-08").uuids
        ...     memory.pin(uuid) < memory.unpin(uuid) == memory.unpin(uuid)
        True
        """
        return self._decide(uuid, pinned=False)

    def associated(self, uuid: str, *, top_k: int = 16) -> dict[str, float]:
        """Return the episodes recalled together with one, the nearest first, and how near they are, from 0 to below 1.

        Each day on which `recall` returned both adds a tenth of what is missing to 1, which fades by half in 60 days.
        It is noted with `Memory(associations=True)`, and does not change what is found. Raises `NotFound`.

        >>> with Memory(":memory:", associations=True) as memory:
        ...     [one, two] = memory.add_many(["Ben plays the cello.", "Ben sold his cello."]).uuids
        ...     context = memory.recall("What about the cello?")
        ...     round(memory.associated(one)[two], 2)
        0.1
        """
        top_k = _whole("top_k", top_k, least=1)
        self.episode(uuid)
        return associated(self._store, uuid, waiting=self._waiting(), now=self._clock(), most=top_k)

    def _decide(self, uuid: str, *, pinned: bool) -> int:
        with self._adding:
            return decide(self._store, uuid, pinned=pinned, now=self._clock())

    def _waiting(self) -> list[Trace]:
        return [] if self._notes is None else self._notes.waiting()

    def _write_notes(self) -> None:
        """Write down what was recalled since the last time."""
        if self._notes is None or not (taken := self._notes.take()):
            return
        try:
            with self._adding:
                write(self._store, taken)
        except GraphmemError:
            self._notes.note(taken)
            raise

    # The hierarchy

    def consolidate(self) -> Consolidated:
        """Bring communities, topics and summaries up to date with what was stored since the last time.

        The work follows what has changed. Nobody who adds or searches waits for it, and after an interruption the same
        call goes on; two processes that do it at once end with the same.

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add("Ben plays the cello.", session="chat", reference_time="2023-05-08")
        ...     memory.consolidate().written, memory.consolidate().written
        ({'community': 1, 'topic': 1, 'summary': 6}, {})
        """
        return self._consolidate(anew=False)

    def build_communities(self) -> Consolidated:
        """Build the hierarchy anew, all of it, and not from the communities that there are; these keep their ids.

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add("Ada Berg met Ben Lund.")
        ...     memory.build_communities().written["community"]
        1
        """
        return self._consolidate(anew=True)

    def _consolidate(self, *, anew: bool) -> Consolidated:
        from graphmem.lifecycle.consolidate import consolidate

        self._write_notes()
        outcome = Consolidated(revision=self._store.revision())
        with self._consolidating:
            for _ in range(PASSES if outcome.revision else 0):
                index = self._freeze()
                try:
                    outcome += consolidate(
                        index, self._store, self._embedder, clock=self._clock, anew=anew, rewriter=self._rewriter
                    )
                finally:
                    self._frozen = None
                anew = False
                if self._store.consolidated() >= self._store.revision():
                    break
        return outcome

    def _freeze(self) -> Index:
        """Return an index of all there is now, which stays as it is until it is let go."""
        with self._refreshing:
            self.refresh()
            if self._served is None:
                self._frozen = self._index
                return self._index
        index = Index(constants=self._index.constants)
        index.apply(self._store.changes(), look_up=lambda uuids: self._store.get("entity", uuids))
        return index

    def _consolidated(self, added: Added) -> Added:
        return replace(added, revision=max(added.revision, self.consolidate().revision))

    # As a graph for other libraries

    def to_networkx(self) -> networkx.MultiDiGraph:
        """Return entities, values and facts as a NetworkX graph; nodes and edges carry their record's fields.

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add_triplets([("Ada", "know", "Ben")])
        ...     memory.to_networkx().number_of_edges()
        1
        """
        import networkx

        graph = networkx.MultiDiGraph()
        for kind in ("entity", "value"):
            for record in self._store.find(kind):
                graph.add_node(record.uuid, kind=kind, **record.model_dump(exclude={"uuid"}))
        for fact in self._find("fact", EVERYTHING, "uuid", Fact):
            graph.add_edge(fact.subject_uuid, fact.object_uuid, key=fact.uuid, **fact.model_dump(exclude={"uuid"}))
        return graph

    def to_igraph(self) -> igraph.Graph:
        """Return entities, values and facts as an igraph graph; vertex attribute "_nx_name" is the uuid.

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add_triplets([("Ada", "know", "Ben")])
        ...     memory.to_igraph().vcount()
        2
        """
        import igraph

        return igraph.Graph.from_networkx(self.to_networkx())

    def to_graphml(self, path: str | Path) -> Path:
        """Write entities, values and facts to a GraphML file, which Gephi, yEd, Cytoscape and others open.

        Times are ISO 8601, lists are JSON. Raises `InvalidInput` if the file cannot be written.
        """
        from graphmem.frames import write_graphml

        return write_graphml(self.to_networkx(), Path(path))

    def to_cypher(self, path: str | Path) -> int:
        """Write all records to a Cypher script, one statement a line; return how many statements there are.

        A Neo4j that has no graphmem can run it, again and again: each statement merges one record, by its uuid.
        """
        from graphmem.frames import write_cypher

        return write_cypher(self._store, Path(path))

    # As a picture

    @overload
    def draw(
        self, what: Drawable, *, hops: int = 1, limit: int = 40, interactive: Literal[False] = False
    ) -> Picture: ...
    @overload
    def draw(self, what: Drawable, *, hops: int = 1, limit: int = 40, interactive: Literal[True]) -> Interactive: ...
    def draw(
        self, what: Drawable, *, hops: int = 1, limit: int = 40, interactive: bool = False
    ) -> Picture | Interactive:
        """Draw a part of the graph: what is known about an entity, how hits were found, facts, events, episodes.

        An entity is given by its name, alias or uuid, and drawn with what lies `hops` away; what is over is dashed. At
        most `limit` facts and events are drawn, those with the most support first. The picture is SVG, which an
        exported notebook keeps; `interactive` gives a graph to explore in a notebook that runs, by neo4j-viz. Raises
        `NotFound`, `InvalidInput` for what cannot be drawn, `NotInstalled` without neo4j-viz.

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add_triplets([("Ada", "know", "Ben")])
        ...     "Ben" in memory.draw("Ada")
        True
        """
        from graphmem.display.graphs import Sketcher, drawn, to_explore

        limit, hops = _whole("limit", limit, least=1), _whole("hops", hops, least=1)
        sketcher = Sketcher(self._store, now=self._clock(), limit=limit)
        if isinstance(what, str):
            sketcher.entity(self._one(what), hops=hops)
        else:
            sketcher.anything(what, hops=hops)
        return to_explore(sketcher.sketch) if interactive else drawn(sketcher.sketch)

    def plot_timeline(self, entity: str, *, start: Moment | None = None, end: Moment | None = None) -> Picture:
        """Draw the timeline of an entity as SVG, with its name as title; takes what `timeline` takes.

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add("Ada Lovelace moved to London in 1835.", reference_time="1843-08-01")
        ...     "since 1835" in memory.plot_timeline("Ada Lovelace")
        True
        """
        from graphmem.display.timelines import timeline

        return timeline(self.timeline(entity, start=start, end=end), title=self._one(entity).name)

    def plot_growth(self) -> Picture:
        """Draw how many episodes, entities, facts and events the memory knew over time, as SVG; looks at each of them.

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add("Ben plays the cello.")
        ...     "1 episode" in memory.plot_growth()
        True
        """
        from graphmem.display.growth import growth

        return growth(
            {
                kind: [
                    record.created_at
                    for record in self._store.find(kind)
                    if not (isinstance(record, Fact | Event) and record.version_of)
                ]
                for kind in SEARCHED
            }
        )

    def plot_communities(self) -> Picture:
        """Draw the communities that `consolidate` found, level by level, as SVG; the 40 largest of the lowest level.

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add("Ada Berg met Ben Lund.", consolidate=True)
        ...     "Ada Berg and Ben Lund (2)" in memory.plot_communities()
        True
        """
        from graphmem.display.hierarchy import hierarchy

        return hierarchy(self.communities())

    # Keeping house

    def refresh(self) -> int:
        """Follow what this and other processes have stored, and return the revision; searching does it by itself.

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add("Ben plays the cello.")
        ...     memory.refresh() == added.revision
        True
        """
        with self._refreshing:
            revision = self._store.revision()
            if self._served is None and self._is_for_server(revision):
                self._store.bind(self._embedder.name, self._embedder.dimension)
                self._served, self._index = Served(self._store), Index(constants=self._index.constants)
            if self._served is not None:
                return revision
            if revision < self._index.revision:  # the store was made anew, or brought back from a backup
                self._index = Index(constants=self._index.constants)
            if revision != self._index.revision:
                if self._index is self._frozen:
                    self._index = self._index.copy()
                if self._index.revision == 0:
                    self._store.bind(self._embedder.name, self._embedder.dimension)
                    if (kept := self._snapshot.open()) is not None:
                        kept.use(self._index.constants)
                        self._index = kept
                changes = self._store.changes(self._index.revision)
                self._index.apply(changes, look_up=lambda uuids: self._store.get("entity", uuids))
                self._snapshot.keep(self._index)
            return self._index.revision

    def copy_to(
        self,
        target: str | Path,
        *,
        model: object | None = None,
        progress: Callable[[str, int, int], object] = lambda step, done, total: None,
    ) -> Copied:
        """Copy this tenant's records into another store, and compare what both hold: `Copied.same`.

        Every time stamp stays as it was, and so do the vectors, unless there is a `model` to make them anew. What the
        target has already stays; after an interruption the same call finishes the job. `progress` is called with what
        is being done ("copy", "compare"), and how many records of how many are done. Raises `NotFound` where there is
        nothing to copy, `ModelMismatch` when the target holds vectors of another model.

        >>> with Memory(":memory:") as memory:
        ...     added = memory.add("Ben plays the cello.")
        ...     memory.copy_to(":memory:").same
        True
        """
        from graphmem.copying import copy

        if not self._store.revision():
            raise NotFound(f"{self._store.address} holds nothing of group_id {self.group_id!r}: name another one")
        encoder = None if model is None else open_embedder(model)
        other = open_store(target, group_id=self.group_id, settings=Settings.read())
        try:
            return copy(self._store, other, encoder=encoder, progress=progress)
        finally:
            other.close()

    def export(
        self, path: str | Path, *, progress: Callable[[str, int, int], object] = lambda step, done, total: None
    ) -> int:
        """Write every record to a file of JSON lines, compressed if its name ends in .gz; return how many there are.

        The file is there when it is whole; `import_` reads it into any store of the same tenant. `progress` is called
        with "export", and how many records of how many are done.
        """
        from graphmem.portable import export

        return export(self._store, Path(path), model=self._embedder.name, progress=progress)

    def import_(
        self,
        path: str | Path,
        *,
        batch_size: int = 256,
        progress: Callable[[str, int, int], object] = lambda step, done, total: None,
    ) -> Added:
        """Read a file that `export` wrote, embedded by this memory's model; what is known already changes nothing.

        Every time stamp stays as it was. Each batch is stored whole or not at all, and after an interruption the same
        call finishes the job. `progress` is called with "import", and how many records of how many are done. Raises
        `InvalidInput`, with the line, for a file that cannot be read, or is another tenant's.
        """
        from graphmem.portable import import_

        with self._adding:
            return import_(
                self._store,
                Path(path),
                self._embedder,
                batch_size=_whole("batch_size", batch_size, least=1),
                progress=progress,
            )

    def close(self) -> None:
        """Let go of the store; closing twice is fine."""
        try:
            self._write_notes()
        finally:
            if self._notes is not None:
                self._notes.take()
            if self._served is not None:
                self._served.close()
            self._snapshot.close()
            self._store.close()

    def __enter__(self) -> Memory:
        return self

    def __exit__(
        self, type: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Memory {self._store.address} group_id={self.group_id!r}>"

    def _repr_html_(self) -> str:
        from graphmem.display.overview import overview

        return overview(self._store, self.stats)

    def _searcher(self) -> Index | Served:
        """Return what searches run on, as the store stands."""
        self.refresh()
        return self._index if self._served is None else self._served

    def _is_for_server(self, revision: int) -> bool:
        """Tell whether searches are to run on the server: by choice, or where there is more than fits in here."""
        if self._where != "auto":
            return self._where == "server" and revision > 0
        if not self._store.serves or revision == 0:
            return False
        size = len(self._index) if self._index.revision else sum(self._store.counts().values())
        return size > LARGEST

    @cached_property
    def _lexicon(self) -> Lexicon:
        from graphmem.resolve.lexicon import read_lexicon

        return read_lexicon(self._own_lexicon)

    def _ingest(self, extractor: Extractor) -> Ingest:
        from graphmem.ingest import Ingest

        return Ingest(self._store, self._embedder, extractor, clock=self._clock, lexicon=self._lexicon)

    def _named(self, name: str | None) -> Iterator[str | None]:
        """Yield the uuids of the entities with a name or uuid; one None if no name is asked for."""
        if name is None:
            yield None
            return
        known = self._store.get("entity", [name]) or self._find("entity", Filter(name=name), "name", Entity)
        for whole in roots(self._store, (one for one in known if isinstance(one, Entity))):
            yield whole.uuid
            yield from (part.uuid for part in parts(self._store, whole.uuid))

    def _literal(self, text: str | None) -> Iterator[str]:
        """Yield the uuids of the values with a text or uuid."""
        if text is not None:
            normal = normal_name(text)
            values = (one for one in self._store.find("value") if isinstance(one, Value))
            yield from (one.uuid for one in values if one.uuid == text or normal_name(one.text) == normal)

    def _one(self, name_or_uuid: str) -> Entity:
        """Return the one entity with a uuid, name or alias; raises `NotFound`, or `InvalidInput` for several."""
        found = self._called(name_or_uuid)
        if not found:
            near = " or ".join(map(repr, self._near(name_or_uuid)))
            advice = f"did you mean {near}?" if near else "look for it with memory.search(..., kinds=['entity'])"
            raise NotFound(f"no entity is named {name_or_uuid!r}: {advice}")
        if len(found) > 1:
            raise InvalidInput(
                f"{name_or_uuid!r} is a name of {len(found)} entities: ask for one of "
                + ", ".join(repr(entity.name) for entity in found)
            )
        return found[0]

    def _near(self, name: str) -> list[str]:
        """Return the names of up to three entities that are called so with more words, or with fewer."""
        words = set(normal_name(name).split())

        def alike(entity: Entity) -> bool:
            forms = [set(normal_name(form).split()) for form in entity.names]
            return any(words <= form or form <= words for form in forms)

        found = self._store.get("entity", [uuid for uuid, _ in self._store.matching("entity", name, top_k=20)])
        near = roots(self._store, (one for one in found if isinstance(one, Entity) and alike(one)))
        return [entity.name for entity in near[:3]]

    def _together(self, name_or_uuid: str) -> list[str]:
        """Return the uuids of an entity and of all that was merged into it."""
        whole = self._one(name_or_uuid)
        return [whole.uuid, *(part.uuid for part in parts(self._store, whole.uuid))]

    def _fact(self, fact: Fact | Hit | str) -> Fact:
        """Return a fact by itself, by a hit, or by its uuid."""
        if isinstance(fact, Fact):
            return fact
        if isinstance(fact, Hit) and fact.kind != "fact":
            raise InvalidInput(f"the hit {fact.text!r:.60} is of kind {fact.kind!r}: search with kinds=['fact']")
        uuid = fact.uuid if isinstance(fact, Hit) else fact
        if not isinstance(uuid, str):
            raise InvalidInput(f"{fact!r:.80} is no fact: give a Fact, its uuid, or a Hit of kind 'fact'")
        for record in self._store.get("fact", [uuid]):
            if isinstance(record, Fact):
                return record
        raise NotFound(f"no fact has the uuid {uuid!r}: uuids come from memory.facts() and hits of kind 'fact'")

    def _called(self, name: str) -> list[Entity]:
        """Return the entities with a uuid, or of that very name, or else all that have it as an alias."""
        known = [one for one in self._store.get("entity", [name]) if isinstance(one, Entity)]
        known = known or self._find("entity", Filter(name=name), "name", Entity)
        exact = [one for one in known if one.uuid == name or normal_name(one.name) == normal_name(name)]
        return roots(self._store, exact or known)

    def _find(self, kind: Kind, where: Filter, order: Order, type: type[R]) -> list[R]:
        return [record for record in self._store.find(kind, where, order=order) if isinstance(record, type)]


def _utc(moment: Moment | None) -> datetime | None:
    return None if moment is None else utc(moment)


def _span(start: Moment | None, end: Moment | None) -> tuple[datetime | None, datetime | None]:
    first, last = _utc(start), _utc(end)
    if first is not None and last is not None and last < first:
        raise InvalidInput(f"the span ends before it starts: start={start!r}, end={end!r}")
    return first, last


def _chosen(name: str, value: str, known: Sequence[str]) -> str:
    if value not in known:
        raise InvalidInput(f"{name}={value!r}: it is one of {', '.join(map(repr, known))}")
    return value


def _kinds(kinds: Sequence[Kind]) -> tuple[Kind, ...]:
    asked = () if isinstance(kinds, str) or not isinstance(kinds, Iterable) else tuple(kinds)
    if not asked or any(kind not in SEARCHED for kind in asked):
        raise InvalidInput(f"kinds={kinds!r}: give a list of {', '.join(map(repr, SEARCHED))}, or 'auto'")
    return tuple(dict.fromkeys(asked))


def _filter(filters: Mapping[str, Any] | Filter | None) -> Filter:
    if isinstance(filters, Filter):
        filters = filters.model_dump(exclude_none=True)
    if filters is not None and not isinstance(filters, Mapping):
        raise InvalidInput(f"filters={filters!r}: give a mapping such as {{'session': 'chat'}}")
    if not filters:
        return EVERYTHING
    unknown = sorted(map(repr, set(filters) - set(_FILTERS)))
    if unknown:
        raise InvalidInput(f"there is no filter {', '.join(unknown)}: use {', '.join(_FILTERS)}")
    try:
        return Filter.model_validate(filters)
    except (ValidationError, GraphmemError) as error:
        raise InvalidInput(f"filters={filters!r} cannot be used: {error}") from error


def _asked(query: str) -> str:
    if not isinstance(query, str):
        raise InvalidInput(f"the question is {query!r:.80}: ask with a text")
    return query


def _whole(name: str, number: int, *, least: int) -> int:
    if isinstance(number, bool) or not isinstance(number, int) or number < least:
        raise InvalidInput(f"{name}={number!r}: give a whole number, {least} or more")
    return min(number, _ALL)
