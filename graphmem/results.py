"""What the front door answers with: hits, collections of records, a context block, the outcome of an add."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from textwrap import shorten
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeVar, overload

from pydantic import Field

from graphmem.model import (
    Community,
    Entity,
    Episode,
    Event,
    Fact,
    Granularity,
    Kind,
    Modality,
    Period,
    Status,
    Summary,
    Topic,
)
from graphmem.resolve import occasions
from graphmem.shown import Shown

if TYPE_CHECKING:
    import pandas

T = TypeVar("T")
C = TypeVar("C", bound="Collection[Any]")


class Collection(Shown, Sequence[T], Generic[T]):
    """An ordered, read-only run of results."""

    def __init__(self, items: Sequence[T] = ()) -> None:
        self._items = tuple(items)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self: C, index: slice) -> C: ...
    def __getitem__(self: C, index: int | slice) -> T | C:
        return type(self)(self._items[index]) if isinstance(index, slice) else self._items[index]

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[T]:
        return iter(self._items)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Collection) and self._items == other._items

    def __hash__(self) -> int:
        return hash(self._items)

    def __repr__(self) -> str:
        return f"<{len(self)} {type(self).__name__.lower()}>"

    def to_pandas(self) -> pandas.DataFrame:
        """Return a data frame, a row for each entry and a column for each field; raises `NotInstalled` without pandas.

        Times are UTC, and what is made of several parts is as its JSON is.

        >>> list(Hits([Hit(uuid="1", kind="fact", text="Ada sings", score=1.5)]).to_pandas()["text"])
        ['Ada sings']
        """
        from graphmem.frames import frame

        return frame(self)


class Profile(Entity):
    """An entity as a reader wants it: with the names of all that was merged into it, and how often it is named."""

    merged: tuple[Entity, ...] = ()
    """What was merged into it, with the reasons, as it is kept; `Memory.split` takes one of them out again."""
    mentions: int = 0
    """How often texts name it, pronouns for it included."""
    episodes: int = 0
    """In how many episodes."""
    facts: tuple[Fact, ...] = Field(default=(), exclude=True, repr=False)
    """Some of what is believed of it, the latest that was learned; filled by `Memory.entity`, for its display."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Profile) and self.model_dump() == other.model_dump()

    def __hash__(self) -> int:
        return hash(self.uuid)


class Chapter(Period):
    """A period as a reader wants it: with how much was said and happened in it, its parts included."""

    episodes: int = 0
    events: int = 0
    summary: Summary | None = None
    """What happened, as far as that was consolidated."""


class Circle(Community):
    """A community as a reader wants it: with what it is about."""

    summary: Summary | None = None


class Section(Topic):
    """A topic as a reader wants it: with what it is about."""

    summary: Summary | None = None


class Episodes(Collection[Episode]):
    """Episodes, in order of their reference time.

    >>> from graphmem import Memory
    >>> with Memory(":memory:") as memory:
    ...     for year in ("2023", "2021"):
    ...         added = memory.add(f"Ben sang in {year}.", reference_time=f"{year}-05-08")
    ...     [episode.text for episode in memory.episodes()]
    ['Ben sang in 2021.', 'Ben sang in 2023.']
    """


class Entities(Collection[Profile]):
    """Entities, by name; what was merged into another is told there.

    >>> from graphmem import Memory
    >>> with Memory(":memory:") as memory:
    ...     added = memory.add_triplets([("Ben", "know", "Ada")])
    ...     [(entity.name, entity.mentions) for entity in memory.entities()]
    [('Ada', 1), ('Ben', 1)]
    """


class Facts(Collection[Fact]):
    """Facts, oldest first.

    >>> from graphmem import Memory
    >>> with Memory(":memory:") as memory:
    ...     added = memory.add_triplets([("Ada", "know", "Ben"), ("Ada", "like", "Cy")])
    ...     facts = memory.facts(subject="Ada")
    ...     len(facts), facts[:1], sorted(fact.object for fact in facts)
    (2, <1 facts>, ['Ben', 'Cy'])
    """


class Events(Collection[Event]):
    """Events, in order of time.

    >>> from graphmem import Memory
    >>> with Memory(":memory:") as memory:
    ...     added = memory.add("Ada sold the boat in May 2021. She bought it in 2019.")
    ...     [(event.predicate, event.granularity) for event in memory.events()]
    [('buy', 'year'), ('sell', 'month')]
    """


class Entry(NamedTuple):
    """A fact or an event on a timeline, as light as it can be; `Memory.history(uuid)` tells more of a fact."""

    kind: Literal["fact", "event"]
    uuid: str
    text: str
    valid_at: datetime | None
    invalid_at: datetime | None
    """Until when, this moment not included."""
    granularity: Granularity | None
    modality: Modality
    """Whether it is asserted, or for an event, intended."""
    status: Status | None
    """Of an event: whether it is planned, happened, was cancelled or moved, as far as is known."""
    created_at: datetime
    """When the memory learned it."""
    moved_to: str | None = None
    """The date that it was moved to, as ISO 8601 writes it."""


class Timeline(Collection[Entry]):
    """What is told of an entity, in order of time, undated last; printed as one line each.

    >>> start, end = datetime(1815, 1, 1), datetime(1816, 1, 1)
    >>> born = Entry("event", "1", "Ada was born", start, end, "year", "asserted", "happened", end)
    >>> print(Timeline([born, born._replace(kind="fact", text="Ada lives in London", invalid_at=None)]))
    1815        Ada was born
    since 1815  Ada lives in London
    """

    def __str__(self) -> str:
        spans = [period(entry.valid_at, entry.invalid_at) or "undated" for entry in self]
        width = max(map(len, spans), default=0)
        return "\n".join(
            f"{span:{width}}  {entry.text}" + (f" ({told})" if (told := became(entry.status, entry.moved_to)) else "")
            for span, entry in zip(spans, self, strict=True)
        )


class Source(NamedTuple):
    """Who says something: an episode in short."""

    uuid: str
    reference_time: datetime
    speaker: str | None
    source: str | None
    text: str

    def __str__(self) -> str:
        who = " ".join(part for part in (day(self.reference_time), self.speaker, self.source) if part)
        return f"{who}: {shorten(self.text, 100, placeholder=' ...')}"


@dataclass(frozen=True, kw_only=True)
class Version(Shown):
    """A fact as it was stated, or as it was believed from one moment to another, and why that is over."""

    fact: Fact
    """`valid_at` and `invalid_at` tell when it holds, `created_at` and `expired_at` when that was believed."""
    sources: tuple[Source, ...] = ()
    """Who says so, in order of time."""
    closed_by: Fact | None = None
    """What ended it, or took it back."""
    instead: Facts = field(default_factory=Facts)
    """What was believed of the same in its place, when it was given up."""
    why: str = ""
    """What ended it and by which rule, in words."""

    def __repr__(self) -> str:
        return f"<Version {_brief(str(self))}>"

    @property
    def stated(self) -> bool:
        """Whether it is what somebody said, and no version of that."""
        return self.fact.version_of is None

    def __str__(self) -> str:
        fact = self.fact
        never = fact.expired_at is not None and fact.expired_at <= fact.created_at
        if never:
            known = f"stated {day(fact.created_at)}"
        elif fact.expired_at is None:
            known = f"believed since {day(fact.created_at)}"
        else:
            known = f"believed {day(fact.created_at)} until {day(fact.expired_at)}"
        negated = f'"{fact.fact}", ' if fact.negated or fact.modality != "asserted" else ""
        held = period(fact.valid_at, fact.invalid_at) or "at any time"
        return f"{negated}{held}; {known}" + (f"; {self.why}" if self.why else "")


class History(Collection[Version]):
    """All versions of a fact: first as it was stated, then as it was believed, one after the other."""

    def __str__(self) -> str:
        lines = [self[0].fact.fact] if self else []
        for version in self:
            lines += [f"  {version}", *(f"      {source}" for source in version.sources)]
        return "\n".join(lines)


@dataclass(frozen=True, kw_only=True)
class Diff(Shown):
    """What changed within a span of time: in the world, as is believed now, and in what the memory believes."""

    start: datetime
    end: datetime
    """Not included."""
    began: Facts
    """What holds since a moment in the span."""
    ended: Facts
    """What held until a moment in the span."""
    learned: Facts
    """What was first stated then, as it was stated."""
    corrected: tuple[Version, ...]
    """What was given up then, with what is believed instead."""

    def __repr__(self) -> str:
        parts = {name: len(getattr(self, name)) for name in ("began", "ended", "learned", "corrected")}
        changes = " ".join(f"{name}={count}" for name, count in parts.items())
        return f"<Diff {day(self.start)} to {day(self.end)} {changes}>"

    def __str__(self) -> str:
        lines = []
        for title, facts in (("began", self.began), ("ended", self.ended), ("learned", self.learned)):
            lines += [f"{title}:"] * bool(facts) + [f"  {dated(fact)}" for fact in facts]
        lines += ["corrected:"] * bool(self.corrected)
        for version in self.corrected:
            better = ", ".join(period(fact.valid_at, fact.invalid_at) or "at any time" for fact in version.instead)
            reason = f" ({version.why})" if version.why else ""
            lines.append(f"  {dated(version.fact)}{f' -> {better}' if better else ' -> not so'}{reason}")
        return "\n".join(lines) or "nothing changed"


@dataclass(frozen=True, kw_only=True)
class Conflict(Shown):
    """Facts that contradict each other, where no rule decides; `Memory.settle` decides for one of them."""

    facts: Facts
    """One for each side; `Fact.support` tells how many episodes say so."""
    sources: dict[str, tuple[Source, ...]]
    """Who says so, by uuid of the fact."""

    def __repr__(self) -> str:
        return f"<Conflict {' / '.join(_brief(fact.fact) for fact in self.facts[:3])}>"

    def __str__(self) -> str:
        lines = []
        for fact in self.facts:
            lines += [f"{dated(fact)}  ({fact.uuid})", *(f"    {source}" for source in self.sources[fact.uuid])]
        return "\n".join(lines)


class Periods(Collection[Chapter]):
    """Periods, in order of time, longer ones before their parts.

    >>> from graphmem import Memory
    >>> with Memory(":memory:") as memory:
    ...     added = memory.add("Ben sings.", reference_time="2023-05-08")
    ...     [period.name for period in memory.periods()]
    ['2023', '2023-05', '2023-05-08']
    """


class Communities(Collection[Circle]):
    """Communities, those of the highest level first, then the largest.

    >>> from graphmem import Memory
    >>> with Memory(":memory:") as memory:
    ...     added = memory.add("Ada Berg met Ben Lund.", consolidate=True)
    ...     [community] = memory.communities()
    ...     community.name, community.summary.sentences[0].text
    ('Ada Berg and Ben Lund', 'Ada Berg met Ben Lund.')
    """


class Topics(Collection[Section]):
    """Topics, in order of time, those of one session in their order.

    >>> from graphmem import Memory
    >>> with Memory(":memory:") as memory:
    ...     added = memory.add("Ada Berg sold the boat.", session="chat", consolidate=True)
    ...     [(topic.session, len(topic.episodes)) for topic in memory.topics()]
    [('chat', 1)]
    """


class Step(NamedTuple):
    """One node of the path that explains a hit, and the edge that leads to it from the node before."""

    kind: Kind | Literal["question"]
    uuid: str
    text: str
    edge: str | None = None
    """How one gets here from the step before ("names", "mentions", "next", a predicate ...); None for the first."""


@dataclass(frozen=True, kw_only=True)
class Hit(Shown):
    """One search result; `scores` has the contribution of each signal, and they add up to `score`.

    >>> from graphmem import Memory
    >>> with Memory(":memory:") as memory:
    ...     added = memory.add("Ben plays the cello.", speaker="Ada")
    ...     hit = memory.search("Who plays the cello?", explain=True)[0]
    ...     hit.kind, hit.speaker, abs(sum(hit.scores.values()) - hit.score) < 1e-5
    ('episode', 'Ada', True)
    >>> print(hit.why())
    Who plays the cello? -[resembles]-> Ben plays the cello.
    """

    uuid: str
    kind: Kind
    text: str
    score: float
    scores: dict[str, float] = field(default_factory=dict)
    """By signal: dense, sentence, lexical, graph, bridge, title, speaker, answer, time, order, shape, coverage, ..."""
    confidence: float = 0.0
    """From 0 to 1: the estimated probability that this is evidence for the question; `min_score` looks at it."""
    source: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    session: str | None = None
    speaker: str | None = None
    reference_time: datetime | None = None
    valid_at: datetime | None = None
    """From when it is true or when it began; for an episode, if the question asks when: the time that it tells."""
    invalid_at: datetime | None = None
    """Until when, this moment not included."""
    status: Status | None = None
    """Of an event: whether it is planned or has happened."""
    episodes: tuple[str, ...] = ()
    """The uuids of the episodes that say so."""
    path: tuple[Step, ...] = ()
    """From the question to the hit; filled when `explain=True`."""

    def why(self) -> str:
        """Return the path as one line of text, long texts shortened."""
        return "".join(
            (f" -[{step.edge}]-> " if step.edge else "") + shorten(step.text, 80, placeholder=" ...")
            for step in self.path
        )

    def __repr__(self) -> str:
        return f"<Hit {self.kind} {self.score:.2f} {_brief(self.text)!r}>"

    @property
    def cypher(self) -> str:
        """The path as a query for Neo4j Browser, which draws its nodes and what connects them.

        It stands alone; without a path it shows the hit and the episodes that say so.
        """
        from graphmem.store.cypher import filled

        uuids = [step.uuid for step in self.path if step.uuid] or [self.uuid, *self.episodes]
        return filled("explore/path", uuids=list(dict.fromkeys(uuids)))


class Hits(Collection[Hit]):
    """Search results, best first.

    >>> hits = Hits([Hit(uuid="1", kind="fact", text="Ada sings", score=1.5)])
    >>> hits, hits[0]
    (<1 hits>, <Hit fact 1.50 'Ada sings'>)
    """


def day(moment: datetime) -> str:
    """Return a moment as short as it can be told: the day, and the time of day unless it is midnight.

    >>> day(datetime(2023, 5, 8)), day(datetime(2023, 5, 8, 13, 56))
    ('2023-05-08', '2023-05-08 13:56')
    """
    return f"{moment:%Y-%m-%d}" if moment.time() == time() else f"{moment:%Y-%m-%d %H:%M}"


def period(start: datetime | None, end: datetime | None) -> str:
    """Return when something holds, as exactly as its ends are round; "" if both are open.

    >>> period(datetime(2023, 5, 1), datetime(2023, 6, 1)), period(datetime(2021, 1, 1), None)
    ('May 2023', 'since 2021')
    >>> period(datetime(2023, 5, 8), datetime(2023, 5, 9)), period(None, datetime(2023, 5, 8, 13, 56))
    ('8 May 2023', 'until 8 May 2023 13:56')
    """
    if start is None or end is None:
        return f"since {_told(start)}" if start else f"until {_told(end)}" if end else ""
    detail = max(_detail(start), _detail(end))
    months = 12 * (end.year - start.year) + end.month - start.month
    if detail <= 2 and end - start == timedelta(days=1):
        return _told(start, 2)
    if (detail, months) in ((0, 12), (0, 1), (1, 1)):
        return _told(start, 0 if months == 12 else 1)
    return _told(start, detail) if start == end else f"{_told(start, detail)} until {_told(end, detail)}"


def dated(fact: Fact) -> str:
    """Return a fact with when it holds."""
    held = period(fact.valid_at, fact.invalid_at)
    return f"{fact.fact}, {held}" if held else fact.fact


def plural(kind: str, count: int) -> str:
    """Return the word for `count` records of a kind.

    >>> plural("entity", 1), plural("entity", 2), plural("fact", 0)
    ('entity', 'entities', 'facts')
    """
    return kind if count == 1 else f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"


def _brief(text: str) -> str:
    return shorten(text[:800], 100, placeholder=" ...")


def became(status: Status | None, moved_to: str | None = None) -> str:
    """Return what became of an event in a few words; "" for one that happened, or is only possible.

    >>> became("moved", "2023-05-15"), became("cancelled"), became("happened")
    ('moved to 15 May 2023', 'cancelled', '')
    """
    when = occasions.dated(moved_to) if moved_to else None
    if status == "moved" and when is not None:
        detail = {"year": 0, "month": 1, "day": 2}.get(when.granularity, 3)
        return f"moved to {_told(when.start, detail)}"
    return status if status and status != "happened" else ""


def _detail(moment: datetime) -> int:
    """Return what is the last that a moment tells: 0 the year, 1 the month, 2 the day, 3 the time of day."""
    return 3 if moment.time() != time() else 2 if moment.day > 1 else int(moment.month > 1)


def _told(moment: datetime, detail: int | None = None) -> str:
    detail = _detail(moment) if detail is None else detail
    parts = (f"{moment.year}", f"{moment:%B} ", f"{moment.day} ")
    return "".join(reversed(parts[: min(detail, 2) + 1])) + (f" {moment:%H:%M}" if detail == 3 else "")


@dataclass(frozen=True, kw_only=True)
class Context(Shown):
    """A block of context for a prompt, and where each line comes from.

    >>> from graphmem import Memory
    >>> with Memory(":memory:") as memory:
    ...     added = memory.add("Ben plays the cello.", reference_time="2023-05-08")
    ...     context = memory.recall("Who plays the cello?", max_tokens=40)
    ...     context.tokens <= 40, context.citations["1"] == added.uuids[0]
    (True, True)
    >>> print(context)
    8 May 2023:
    [1] Ben plays the cello.
    """

    text: str
    hits: Hits
    citations: dict[str, str]
    """From the mark in the text ("1", "2", ...) to the uuid of the episode."""
    tokens: int

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<Context of {self.tokens} tokens with {len(self.citations)} citations>"


@dataclass(frozen=True, kw_only=True)
class Failure:
    """An item that could not be added, and why."""

    item: object
    error: Exception


@dataclass(frozen=True, kw_only=True)
class Added(Shown):
    """The outcome of adding: `uuids` of the episodes in order of input, and how many records were new.

    >>> from graphmem import Memory
    >>> with Memory(":memory:") as memory:
    ...     added = memory.add_many(["Ben sings.", "", "Ben sings."])
    ...     added.new["episode"], added.skipped, len(added.uuids)
    ...     print(added.failed[0].error)
    (1, 1, 2)
    the text is empty: there is nothing to remember
    """

    uuids: tuple[str, ...] = ()
    new: dict[str, int] = field(default_factory=dict)
    """By kind: how many records were not there before."""
    updated: int = 0
    """How many records that were there gained something, such as another supporting episode."""
    skipped: int = 0
    """How many episodes were known already."""
    left_out: dict[str, int] = field(default_factory=dict)
    """By reason: how many pieces of text nothing was made of ("code", "not English", "unresolved pronoun", ...)."""
    failed: tuple[Failure, ...] = ()
    revision: int = 0

    def __repr__(self) -> str:
        new = ", ".join(f"{count} {kind}" for kind, count in sorted(self.new.items())) or "nothing"
        outcome = (
            f"updated={self.updated} skipped={self.skipped} left_out={sum(self.left_out.values())} "
            f"failed={len(self.failed)} revision={self.revision}"
        )
        return f"<Added {new}; {outcome}>"


@dataclass(frozen=True, kw_only=True)
class Consolidated(Shown):
    """The outcome of a consolidation: what of the hierarchy is new or says something else now."""

    written: dict[Kind, int] = field(default_factory=dict)
    """By kind: how many communities, topics and summaries."""
    removed: int = 0
    """How many of these there are no more."""
    warnings: tuple[str, ...] = ()
    """What went wrong when a model was to rewrite summaries."""
    revision: int = 0

    def __add__(self, later: Consolidated) -> Consolidated:
        kinds = dict.fromkeys((*self.written, *later.written))
        return Consolidated(
            written={kind: self.written.get(kind, 0) + later.written.get(kind, 0) for kind in kinds},
            removed=self.removed + later.removed,
            warnings=(*self.warnings, *later.warnings),
            revision=later.revision,
        )

    def __repr__(self) -> str:
        written = ", ".join(f"{count} {kind}" for kind, count in self.written.items()) or "nothing new"
        return f"<Consolidated {written}; removed={self.removed} revision={self.revision}>"


@dataclass(frozen=True, kw_only=True)
class Stats(Shown):
    """Where a memory is, and how many records of each kind it has.

    >>> from graphmem import Memory
    >>> with Memory(":memory:") as memory:
    ...     added = memory.add("Ben sings.")
    ...     memory.stats().counts["episode"]
    1
    """

    store: str
    group_id: str
    revision: int
    counts: dict[Kind, int]
    merged: int = 0
    """How many of the entities are merged into another."""


class Work(NamedTuple):
    """One step of a migration, and how many records it goes through."""

    what: str
    records: int


@dataclass(frozen=True, kw_only=True)
class Migration(Shown):
    """What brought a database up to date, or would: `version` is that of its schema before, `target` the one after."""

    store: str
    version: int | None
    """None where there is no memory yet."""
    target: int
    groups: tuple[str, ...]
    """The tenants whose records are of an older schema."""
    steps: tuple[Work, ...]
    done: bool
    """False for what was only asked."""

    @property
    def records(self) -> int:
        """How many records all steps go through together."""
        return sum(step.records for step in self.steps)


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What a store holds of one tenant: how many records of each kind, and one checksum of all of them."""

    store: str
    counts: dict[Kind, int]
    checksum: str
    """Of everything but what is a store's own, such as its revisions; equal for stores that hold the same."""


class Difference(NamedTuple):
    """A record that two stores do not hold alike."""

    kind: Kind
    uuid: str
    problem: str
    """Such as "is missing in the target"."""


@dataclass(frozen=True, kw_only=True)
class Copied(Shown):
    """The outcome of copying a memory into another store: what both of them hold."""

    source: Contents
    target: Contents
    new: dict[Kind, int]
    """By kind: how many records the target did not have before."""
    differences: tuple[Difference, ...]
    """The first of the records that they do not hold alike."""
    revision: int
    """Of the target."""

    @property
    def same(self) -> bool:
        """Whether both hold the same."""
        return (self.source.counts, self.source.checksum) == (self.target.counts, self.target.checksum)

    def __repr__(self) -> str:
        new = ", ".join(f"{count} {kind}" for kind, count in sorted(self.new.items())) or "nothing"
        return f"<Copied {new} new; same={self.same} revision={self.revision}>"
