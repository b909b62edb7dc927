"""The records of the graph, and what an extractor returns; frozen, complete when built, and free of any database.

A record's `uuid` is derived from its natural key, so the same input has the same id on any machine. Two versions of
one record are joined by `merge`, which is commutative, associative and idempotent: writers in any order end with the
same graph.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timezone
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Final, Literal, Protocol, TypeAlias, TypeVar, cast, get_args
from uuid import NAMESPACE_URL, uuid5

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from graphmem.errors import InvalidInput
from graphmem.periods import Level, checked, interval, level, longer, touched
from graphmem.shown import Shown

Kind: TypeAlias = Literal[
    "session", "episode", "entity", "value", "fact", "event", "period", "community", "topic", "summary", "trace"
]
EntityType: TypeAlias = Literal["PERSON", "ORG", "LOC", "EVENT", "NORP", "MISC", "CONCEPT"]
Granularity: TypeAlias = Literal[
    "second", "minute", "hour", "day", "week", "month", "season", "year", "decade", "century"
]
Anchor: TypeAlias = Literal["explicit", "relative", "inherited", "episode", "unknown"]
Modality: TypeAlias = Literal["asserted", "possible", "conditional", "intended", "reported", "asked"]
Tense: TypeAlias = Literal["past", "present", "future"]
Holder: TypeAlias = Literal["subject", "object", "both"]
Status: TypeAlias = Literal["planned", "happened", "cancelled", "moved"]
About: TypeAlias = Literal["community", "session", "topic", "period", "entity"]
ABOUT: tuple[About, ...] = get_args(About)
TRACED: tuple[Kind, ...] = ("episode", "entity", "fact", "event")
STATUSES: tuple[Status, ...] = get_args(Status)
LONGEST_NAME: Final = 4000
"""Bytes in UTF-8 of the name of a tenant, session, speaker or source; databases index no two that are much longer."""
Span: TypeAlias = tuple[int, int]
"""Characters of an episode's text, from start up to but not including end."""

NAMESPACE = uuid5(NAMESPACE_URL, "graphmem")


def natural_key(kind: str, *parts: object) -> str:
    """Derive the uuid of a record from its kind and the parts of its natural key.

    >>> natural_key("entity", "default", "ada lovelace")
    '9d34406d-a540-5600-86f8-2a885287ab56'
    """
    key = json.dumps([kind, *parts], ensure_ascii=False, default=_plain)
    try:
        return str(uuid5(NAMESPACE, key))
    except UnicodeEncodeError as error:
        raise InvalidInput(
            f"the {kind} has a broken character ({key[error.start]!r} in {key[:60]!a}): decode its text as UTF-8 first"
        ) from None


def _plain(part: object) -> str:
    return part.isoformat() if isinstance(part, datetime) else str(part)


_FRACTION = re.compile(r"(?<=:\d\d)[.,](\d+)")  # Python 3.10 reads those of three or six digits alone


def utc(moment: datetime | date | str) -> datetime:
    """Read a moment as timezone-aware UTC; a naive one is taken as UTC, a date as its first instant.

    Raises `InvalidInput` for text that is not an ISO 8601 date or time.

    >>> utc("2023-05-08T13:56+02:00")
    datetime.datetime(2023, 5, 8, 11, 56, tzinfo=datetime.timezone.utc)
    >>> utc("2023-05-08T13:56:07.25Z").microsecond
    250000
    """
    if isinstance(moment, str):
        text = _FRACTION.sub(lambda fraction: f".{fraction[1]:0<6.6}", re.sub(r"[zZ]$", "+00:00", moment.strip()))
        try:
            parsed = datetime.fromisoformat(text)
        except ValueError:
            raise InvalidInput(f"{moment!r} is no time: write it as 2023-05-08 or 2023-05-08T13:56+02:00") from None
    elif isinstance(moment, datetime):
        parsed = moment
    elif isinstance(moment, date):
        parsed = datetime.combine(moment, time())
    else:
        raise InvalidInput(f"{moment!r} is no time: give a datetime or ISO 8601 text such as 2023-05-08T13:56")
    try:
        return parsed.replace(tzinfo=timezone.utc) if parsed.tzinfo is None else parsed.astimezone(timezone.utc)
    except OverflowError:
        raise InvalidInput(f"{moment!r} is outside the years 1 to 9999 once read as UTC") from None


Utc: TypeAlias = Annotated[datetime, AfterValidator(utc)]

_POSSESSIVE = re.compile(r"['’]s?$|['’]s(?=\s)")
_SEPARATORS = re.compile(r"[\W_]+")
_AMPERSAND = re.compile(r"(?<=\w)\s*&\s*(?=\w)")
_INITIALS = re.compile(r"(?<!\w)[^\W\d_](?: [^\W\d_](?!\w))+")
_ARTICLE = re.compile(r"^(?:the|an?) (?=.)")


@lru_cache(maxsize=65536)
def normal_name(name: str) -> str:
    """Return the normal form under which two spellings are one name: no case, accents, punctuation, article or 's.

    Initials in a row are one word, and "&" is "and".

    >>> normal_name("The  Café-Müller's"), normal_name("A"), normal_name("🎉")
    ('cafe muller', 'a', '🎉')
    >>> normal_name("the U.S. Navy"), normal_name("J. R. R. Tolkien"), normal_name("Ede & Sons")
    ('us navy', 'jrr tolkien', 'ede and sons')
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.strip()) if not unicodedata.combining(c)).casefold()
    normal = _SEPARATORS.sub(" ", _AMPERSAND.sub(" and ", _POSSESSIVE.sub("", plain))).strip()
    return _ARTICLE.sub("", _INITIALS.sub(lambda run: run[0].replace(" ", ""), normal)) or plain


# How two versions of one field become one. Each rule is commutative, associative and idempotent.


def _lesser(old: Any, new: Any) -> Any:
    return min(old, new, key=lambda value: json.dumps(value, sort_keys=True, default=str))


def _union(old: Sequence[str], new: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({*old, *new}))


def _earliest(old: datetime | None, new: datetime | None) -> datetime | None:
    return min((moment for moment in (old, new) if moment is not None), default=None)


def _latest(old: datetime | None, new: datetime | None) -> datetime | None:
    return max((moment for moment in (old, new) if moment is not None), default=None)


KEPT_DAYS: Final = 64
"""So many days of recall are kept, the last ones."""


def days(*recalled: Iterable[date], most: int = KEPT_DAYS) -> tuple[date, ...]:
    """Join days, in order, the last ones if there are too many.

    >>> days([date(2023, 5, 2)], [date(2023, 5, 1), date(2023, 5, 2)])
    (datetime.date(2023, 5, 1), datetime.date(2023, 5, 2))
    """
    return tuple(sorted(set().union(*recalled)))[-most:]


def _readable(old: str, new: str) -> str:
    return min(old, new, key=lambda name: (name.isupper() or name.islower(), name))


def _present(old: Tense, new: Tense) -> Tense:
    order: tuple[Tense, ...] = ("present", "past", "future")
    return min(old, new, key=order.index)


def _furthest(old: Status | None, new: Status | None) -> Status | None:
    order: tuple[Status | None, ...] = ("moved", "cancelled", "happened", "planned", None)
    return min(old, new, key=order.index)


def _most_specific(old: EntityType, new: EntityType) -> EntityType:
    order: tuple[EntityType, ...] = ("PERSON", "ORG", "LOC", "EVENT", "NORP", "MISC", "CONCEPT")
    return min(old, new, key=order.index)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class _Record(Shown, _Frozen):
    kind: ClassVar[Kind]
    joins: ClassVar[Mapping[str, Callable[[Any, Any], Any]]] = {}

    group_id: str
    created_at: Utc
    """When the memory learned it."""
    expired_at: Utc | None = None
    """When the memory stopped believing it."""


class Session(_Record):
    """An ordered run of episodes: one conversation, or one document.

    >>> Session(group_id="default", name="chat", created_at="2023-05-08").name
    'chat'
    """

    kind: ClassVar[Kind] = "session"
    name: str
    uuid: str = Field(default_factory=lambda data: natural_key("session", data["group_id"], data["name"]))


class Mention(_Frozen):
    """An entity named in an episode's text, from character `start` up to `end`."""

    entity: str
    """The uuid of the entity."""
    start: int
    end: int


class Episode(_Record):
    """The verbatim unit of memory: a passage of a document or one turn of a conversation.

    `text`, `speaker`, `source` and times never change; `sentences` and `mentions` are what the extractor read in it.

    >>> said = Episode(group_id="default", text="Ben sings.", reference_time="2023-05-08", created_at="2023-05-09")
    >>> said.uuid == said.model_copy(update={"created_at": utc("2024-01-01")}).uuid
    True
    """

    kind: ClassVar[Kind] = "episode"
    text: str
    session: str | None = None
    speaker: str | None = None
    addressee: str | None = None
    """Who is spoken to: the other person who spoke just before in the session, if there is one."""
    source: str | None = None
    reference_time: Utc
    """When it was said or written."""
    dated: bool = True
    """Whether `reference_time` was given; if not it is the time of adding, and no part of the key."""
    metadata: dict[str, Any] = Field(default_factory=dict)
    position: int = 0
    """Its place in the session, from 0."""
    previous: str | None = None
    """The uuid of the episode before it in the session."""
    sentences: tuple[Span, ...] = ()
    mentions: tuple[Mention, ...] = ()
    uuid: str = Field(
        default_factory=lambda data: natural_key(
            "episode",
            *(data[part] for part in ("group_id", "session", "speaker", "source", "text")),
            data["reference_time"] if data["dated"] else None,
        )
    )

    @property
    def title(self) -> str | None:
        """The title of its document: the metadata entry "title", if there is one."""
        title = self.metadata.get("title")
        return title if isinstance(title, str) and title.strip() else None

    @property
    def titled(self) -> str:
        """Its text under the title of its document, as it is embedded."""
        return self.text if self.title is None else f"{self.title}\n{self.text}"

    @property
    def contextual(self) -> bool:
        """Whether it is a turn after another, which is also read together with that one."""
        return self.speaker is not None and self.previous is not None

    @property
    def session_uuid(self) -> str | None:
        """The uuid of its session."""
        return None if self.session is None else natural_key("session", self.group_id, self.session)


class Entity(_Record):
    """A person, place, organisation, work or concept with a canonical name and every form in which it was named.

    Facts and mentions keep the entity that they name; `merged_into` tells which other one it turned out to be.

    >>> ada = Entity(group_id="default", name="Ada Lovelace", type="PERSON", created_at="2023-05-08")
    >>> ada.uuid == Entity(group_id="default", name="ada lovelace", created_at="2024-01-01").uuid
    True
    """

    kind: ClassVar[Kind] = "entity"
    joins = {"name": _readable, "names": _union, "type": _most_specific, "created_at": _earliest, "alone": max}
    name: str
    type: EntityType = "MISC"
    names: tuple[str, ...] = ()
    """Every form seen, sorted, the canonical name among them."""
    merged_into: str | None = None
    """The uuid of the entity that this one is, by a fuller name; the store finds it, see `graphmem.resolve.same`."""
    because: str | None = None
    """Why it was merged."""
    alone: bool = False
    """Whether somebody said that it is no other: then it is never merged."""
    uuid: str = Field(default_factory=lambda data: natural_key("entity", data["group_id"], normal_name(data["name"])))

    @property
    def aliases(self) -> tuple[str, ...]:
        """The forms other than the canonical name."""
        return tuple(name for name in self.names if name != self.name)


class Value(_Record):
    """An object that is no entity: a number, date, quoted string or clause, of one subject and predicate.

    >>> from graphmem import Memory
    >>> with Memory(":memory:") as memory:
    ...     added = memory.add_triplets([("Ada", "weigh", 52)])
    ...     memory.facts(object="52")[0].fact
    'Ada weighs 52'
    """

    kind: ClassVar[Kind] = "value"
    joins = {"created_at": _earliest}
    text: str
    subject_uuid: str
    predicate: str
    type: Literal["number", "date", "quote", "clause", "text"] = "text"
    uuid: str = Field(
        default_factory=lambda data: natural_key(
            "value", *(data[part] for part in ("group_id", "subject_uuid", "predicate", "text"))
        )
    )


class Fact(_Record):
    """Subject, predicate, object: a relation of an entity to another or to a value, as some episodes state it.

    What the memory believes is worked out by the store from all that is stated, see `graphmem.resolve.truth`: where
    that differs, this record has an `expired_at`, and what is believed instead are versions of it (`version_of`).

    >>> from graphmem import Memory
    >>> with Memory(":memory:") as memory:
    ...     added = memory.add("Ada lived in Rome from 2010 to 2015.")
    ...     [fact] = memory.facts(subject="Ada", as_of="2012-01-01")
    ...     fact.predicate, fact.valid_at.year, fact.invalid_at.year, fact.support
    ('live in', 2010, 2016, 1)
    """

    kind: ClassVar[Kind] = "fact"
    joins = {
        "subject": _readable,
        "object": _readable,
        "tense": _present,
        "confidence": max,
        "episodes": _union,
        "created_at": _earliest,
        "invalid_at": _earliest,
        "expired_at": _earliest,
        "rivals": _union,
    }
    subject: str
    subject_uuid: str
    predicate: str
    object: str
    object_uuid: str
    fact: str
    """The fact as a sentence."""
    valid_at: Utc | None = None
    """From when it is true in the world; None is open, not "now"."""
    invalid_at: Utc | None = None
    """Until when it is true, this instant not included; None is open."""
    granularity: Granularity | None = None
    negated: bool = False
    modality: Modality = "asserted"
    tense: Tense = "present"
    """How it is told: what is told in the present holds when it is said."""
    confidence: float = 1.0
    episodes: tuple[str, ...] = ()
    """The uuids of the episodes that say so, sorted."""
    slot: str | None = None
    """Which state it is, as the lexicon calls it; what fills one slot of one holder excludes each other."""
    holder: Holder | None = None
    """Who has one such state at a time: its subject ("live in"), its object ("lead"), or both ("be married to")."""
    ends: tuple[str, ...] = ()
    """The slots that it ends between its subject and its object; for the subject and anything with " *"."""
    corrects: bool = False
    """Whether it is said as a correction: then what it replaces was never true."""
    overrules: tuple[str, ...] = ()
    """The uuids of facts that a decision found wrong."""
    version_of: str | None = None
    """The uuid of the fact as it was stated, where this is another version of it."""
    closed_by: str | None = None
    """The uuid of the fact that ended it: in the world if it has an `invalid_at`, else for the memory."""
    rule: str | None = None
    """By which rule, see `graphmem.resolve.truth.RULES`."""
    rivals: tuple[str, ...] = ()
    """The uuids of facts that contradict it, where no rule decides between them."""
    uuid: str = Field(
        default_factory=lambda data: natural_key(
            "fact",
            *(data[part] for part in ("group_id", "subject_uuid", "predicate", "object_uuid", "negated", "modality")),
            *(data[part] for part in ("valid_at", "invalid_at")),
            *_manner(data),
        )
    )

    @property
    def support(self) -> int:
        """How many episodes say so."""
        return len(self.episodes)


def _manner(data: Mapping[str, Any]) -> list[object]:
    """Return what else tells two statements of a state apart: nothing for one told plainly."""
    past = data["slot"] and data["tense"] == "past" and not (data["valid_at"] or data["invalid_at"])
    other = data["slot"] if data["slot"] != data["predicate"] else None
    parts = {"slot": other, "tense": past or None, "corrects": data["corrects"] or None, "overrules": data["overrules"]}
    return [[name, part] for name, part in parts.items() if part]


class Participant(_Frozen):
    """Who or what takes part in an event, and in which role (agent, patient, recipient, place, ...)."""

    role: str
    name: str
    uuid: str | None = None
    """The entity, where it is one."""


class Event(_Record):
    """Something that happens: a predicate with its participants, place and time interval `[valid_at, invalid_at)`.

    What becomes of an appointment follows from the facts that tell when it is, see `graphmem.resolve.occasions`: where
    it does not stand as it was stated, this record has an `expired_at`, and a version of it (`version_of`) tells.

    >>> from graphmem import Memory
    >>> with Memory(":memory:") as memory:
    ...     added = memory.add("Ada sold the boat in May 2021.")
    ...     [event] = memory.events()
    ...     event.predicate, [(one.role, one.name) for one in event.participants]
    ('sell', [('agent', 'Ada'), ('patient', 'boat')])
    """

    kind: ClassVar[Kind] = "event"
    joins = {"episodes": _union, "created_at": _earliest, "expired_at": _earliest, "status": _furthest}
    predicate: str
    text: str
    """The event in a few words, as its clause states it."""
    participants: tuple[Participant, ...] = ()
    place: str | None = None
    valid_at: Utc | None = None
    invalid_at: Utc | None = None
    granularity: Granularity | None = None
    anchor: Anchor = "unknown"
    negated: bool = False
    modality: Modality = "asserted"
    tense: Tense = "past"
    episodes: tuple[str, ...] = ()
    status: Status | None = None
    """Whether it is still to come or has happened, by those who tell of it; None if it is denied or only possible."""
    version_of: str | None = None
    """The uuid of the event as it was stated, where this is another version of it."""
    closed_by: str | None = None
    """The uuid of the event that it was moved to, or of the fact that cancelled or corrected it."""
    rule: str | None = None
    """By which rule, see `graphmem.resolve.truth.RULES`."""
    moved_to: str | None = None
    """The date it was moved to, as ISO 8601 writes it."""
    uuid: str = Field(
        default_factory=lambda data: natural_key(
            "event",
            data["group_id"],
            data["predicate"],
            sorted([p.role, p.uuid or normal_name(p.name)] for p in data["participants"]),
            *(data[part] for part in ("place", "valid_at", "invalid_at", "negated", "modality")),
            data["episodes"] if data["anchor"] == "unknown" else None,
        )
    )


@lru_cache(maxsize=65536)
def period_uuid(group_id: str, name: str) -> str:
    """Return the uuid of a tenant's period by its name, such as "2023-05"."""
    return natural_key("period", group_id, name)


class Period(_Record):
    """A day, month or year on the time line, in UTC, to which episodes and events belong by their times.

    >>> may = Period(group_id="default", name="2023-05", created_at="2023-05-08")
    >>> may.level, may.invalid_at.date().isoformat()
    ('month', '2023-06-01')
    """

    kind: ClassVar[Kind] = "period"
    joins = {"created_at": _earliest}
    name: Annotated[str, AfterValidator(checked)]
    """As ISO 8601 writes it: "2023-05-08", "2023-05" or "2023"."""
    level: Level = Field(default_factory=lambda data: level(data["name"]))
    valid_at: Utc = Field(default_factory=lambda data: interval(data["name"])[0])
    """When it begins."""
    invalid_at: Utc | None = Field(default_factory=lambda data: interval(data["name"])[1])
    """When it is over; None for what ends with the year 9999."""
    uuid: str = Field(default_factory=lambda data: period_uuid(data["group_id"], data["name"]))


class Community(_Record):
    """A cluster of entities that belong together, at one level of the hierarchy; what others it is part of holds it.

    Its uuid is that of its founder, the most central entity when it was made, and stays while it is mostly the same.

    >>> from graphmem import Memory
    >>> with Memory(":memory:") as memory:
    ...     added = memory.add("Ada Berg met Ben Lund.", consolidate=True)
    ...     memory.communities(level=0)[0].size
    2
    """

    kind: ClassVar[Kind] = "community"
    level: int
    """0 for those whose members are entities, above that the members are communities of the level below."""
    founder: str
    """The uuid of the entity by which it is known."""
    name: str
    """The names of its most characteristic entities."""
    members: tuple[str, ...]
    """The uuids of its entities or communities, sorted."""
    size: int = Field(default_factory=lambda data: len(data["members"]))
    """How many entities it has, on all levels below."""
    valid_at: Utc | None = None
    """When the first of what it tells was said or happened."""
    invalid_at: Utc | None = None
    """And the last, this moment not included."""
    uuid: str = Field(
        default_factory=lambda data: natural_key("community", data["group_id"], data["level"], data["founder"])
    )


class Topic(_Record):
    """A run of episodes of one session that are about the same.

    >>> from graphmem import Memory
    >>> with Memory(":memory:") as memory:
    ...     added = memory.add("Ada Berg sold the boat.", session="chat", consolidate=True)
    ...     memory.topics()[0].episodes == added.uuids
    True
    """

    kind: ClassVar[Kind] = "topic"
    session: str
    """The name of its session."""
    episodes: tuple[str, ...] = Field(min_length=1)
    """The uuids of its episodes, in order."""
    name: str
    """A few words for it."""
    valid_at: Utc | None = None
    """When the first of it was said."""
    invalid_at: Utc | None = None
    """And the last, this moment not included."""
    uuid: str = Field(
        default_factory=lambda data: natural_key("topic", data["group_id"], data["session"], data["episodes"][0])
    )

    @property
    def session_uuid(self) -> str:
        """The uuid of its session."""
        return natural_key("session", self.group_id, self.session)


class Cited(_Frozen):
    """A sentence of a summary, and where it comes from."""

    text: str
    episodes: tuple[str, ...]
    """The uuids of the episodes that say so; there is at least one."""
    facts: tuple[str, ...] = ()
    """The uuids of the facts that it tells."""


class Tally(_Frozen):
    """How much something holds."""

    episodes: int = 0
    entities: int = 0
    facts: int = 0
    events: int = 0


def summary_uuid(of: str) -> str:
    """Return the uuid of the summary of a record."""
    return natural_key("summary", of)


class Summary(_Record):
    """What a community, a session, a topic, a period or an entity tells, in a few sentences with their sources.

    >>> from graphmem import Memory
    >>> with Memory(":memory:") as memory:
    ...     added = memory.add("Ada Berg sold the boat.", session="chat", consolidate=True)
    ...     told = memory.summary("chat")
    ...     told.about, told.sentences[0].text, told.episodes == added.uuids
    ('session', 'Ada Berg sold the boat.', True)
    """

    kind: ClassVar[Kind] = "summary"
    of: str
    """The uuid of what it sums up."""
    about: About
    """Which kind of record that is."""
    title: str
    text: str
    """All of it, as it is shown and embedded."""
    sentences: tuple[Cited, ...] = ()
    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    counts: Tally = Tally()
    """How much there is of which it tells."""
    valid_at: Utc | None = None
    """When the first of it was said or happened."""
    invalid_at: Utc | None = None
    """And the last, this moment not included."""
    episodes: tuple[str, ...] = ()
    """The uuids of all episodes from which a word of it comes, sorted."""
    uuid: str = Field(default_factory=lambda data: summary_uuid(data["of"]))


def trace_uuid(*of: str) -> str:
    """Return the uuid of the trace of a record, or of two together in any order."""
    return natural_key("trace", *sorted(of))


class Trace(_Record):
    """What is noted of an episode, entity, fact or event: when it was recalled, and whether it is pinned.

    Of two episodes it is when they were recalled together. Notes of several processes are joined by union; of pinning
    and unpinning the later holds, and pinning at the same moment.

    >>> base = {"group_id": "g", "created_at": "2023-05-01", "of": ("u",), "about": "episode"}
    >>> here = Trace(**base, recalled=("2023-05-01", "2023-05-09"))
    >>> whole = merge(here, Trace(**base, recalled=("2023-05-02",), pinned_at="2023-05-02"))
    >>> len(whole.recalled), whole.pinned
    (3, True)
    """

    kind: ClassVar[Kind] = "trace"
    joins = {"created_at": _earliest, "recalled": days, "pinned_at": _latest, "unpinned_at": _latest}
    of: Annotated[tuple[str, ...], AfterValidator(lambda of: tuple(sorted(of)))] = Field(min_length=1, max_length=2)
    """The uuid of the record, or of two episodes."""
    about: Kind
    """Which kind of record that is."""
    recalled: Annotated[tuple[date, ...], AfterValidator(lambda recalled: days(recalled))] = ()
    """The days on which it was recalled, in order, the last ones."""
    pinned_at: Utc | None = None
    unpinned_at: Utc | None = None
    uuid: str = Field(default_factory=lambda data: trace_uuid(*data["of"]))

    @property
    def pinned(self) -> bool:
        """Whether it is protected from fading."""
        return self.pinned_at is not None and (self.unpinned_at is None or self.pinned_at >= self.unpinned_at)


Derived: TypeAlias = Community | Topic | Summary | Trace
"""What hangs on other records and goes with them. All but traces are made of them, see `graphmem.lifecycle`: they can
be thrown away and made again."""
Record: TypeAlias = Session | Episode | Entity | Value | Fact | Event | Period | Derived
RECORDS: Mapping[Kind, type[Record]] = {
    "session": Session,
    "episode": Episode,
    "entity": Entity,
    "value": Value,
    "fact": Fact,
    "event": Event,
    "period": Period,
    "community": Community,
    "topic": Topic,
    "summary": Summary,
    "trace": Trace,
}
DERIVED: tuple[Kind, ...] = ("community", "topic", "summary", "trace")
R = TypeVar("R", bound=Record)


def merge(old: R, new: R) -> R:
    """Join two versions of one record: commutative, associative, idempotent; `old` itself when `new` adds nothing.

    >>> from datetime import datetime
    >>> ada = Entity(group_id="g", name="Ada", names=("Ada",), created_at=datetime(2023, 1, 2))
    >>> merge(ada, ada.model_copy(update={"names": ("Ada", "Countess")})).names
    ('Ada', 'Countess')
    """
    if old.uuid != new.uuid:
        raise ValueError(f"only versions of one record can be joined, not {old.uuid} and {new.uuid}")
    if isinstance(old, Derived) and not isinstance(old, Trace):
        return max(old, new, key=_newness)
    changed: dict[str, Any] = {}
    for name in type(old).model_fields:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            value = old.joins.get(name, _lesser)(before, after)
            if value != before:
                changed[name] = value
    return cast(R, old.model_copy(update=changed)) if changed else old


def _newness(record: Record) -> tuple[datetime, str]:
    """What decides between two versions of what was made of other records: one of them is right as a whole."""
    return record.created_at, record.model_dump_json()


def joined(records: Iterable[Record]) -> dict[str, Record]:
    """Return records by uuid, in order, versions of one record joined."""
    found: dict[str, Record] = {}
    for record in records:
        known = found.get(record.uuid)
        found[record.uuid] = record if known is None else merge(known, record)
    return found


def withdraw(record: Record, gone: Collection[str]) -> Record | None:
    """Take the episodes in `gone` away from those that support a fact or an event; None when none is left.

    Nothing is left of a version of one: it is made anew from what is stated.
    """
    if not isinstance(record, (Fact, Event)):
        return record
    if record.version_of:
        return None
    left = tuple(uuid for uuid in record.episodes if uuid not in gone)
    return record.model_copy(update={"episodes": left}) if left else None


def referred(record: Record) -> set[str]:
    """Return the uuids of the sessions, entities and values that a record needs to stand.

    What is made of others needs all of these: a topic its episodes, a summary those from which its words come.
    """
    match record:
        case Episode():
            return {mention.entity for mention in record.mentions} | ({record.session_uuid or ""} - {""})
        case Fact():
            return {record.subject_uuid, record.object_uuid}
        case Event():
            return {participant.uuid for participant in record.participants if participant.uuid}
        case Community():
            return set(record.members)
        case Topic():
            return {record.session_uuid, *record.episodes}
        case Summary():
            return {record.of, *record.episodes}
        case Trace():
            return set(record.of)
        case _:
            return set()


def during(record: Record) -> tuple[str, ...]:
    """Return the names of the periods that a record belongs to: the day of an episode, those that an event touches.

    An event belongs to days, months or years, as finely as it is dated, but to none if it is no longer believed to
    take place then; a day to its month, a month to its year. An episode whose `reference_time` was not given belongs
    to the day on which it was added.

    >>> during(Event(group_id="g", created_at="2023-06-01", predicate="move", text="moved", valid_at="2023-05-08"))
    ('2023-05-08',)
    """
    match record:
        case Episode():
            return touched(record.reference_time, record.reference_time)
        case Event() if record.expired_at is None and record.status not in ("cancelled", "moved"):
            return touched(record.valid_at, record.invalid_at, record.granularity)
        case Period():
            whole = longer(record.name)
            return () if whole is None else (whole,)
        case _:
            return ()


def periods_of(record: Record) -> set[str]:
    """Return the uuids of the periods that a record belongs to, the longer ones too; none of a period itself."""
    names = set[str]() if isinstance(record, Period) else set(during(record))
    names |= {whole for name in names if (whole := longer(name))}
    names |= {whole for name in names if (whole := longer(name))}
    return {period_uuid(record.group_id, name) for name in names}


# What an extractor returns for one episode: character spans into its text, names instead of uuids.


class TimeExpression(_Frozen):
    """A time named in a text: the interval `[valid_at, invalid_at)` in UTC, how fine it is and how it was anchored."""

    start: int
    end: int
    text: str
    valid_at: Utc | None = None
    invalid_at: Utc | None = None
    granularity: Granularity | None = None
    anchor: Anchor = "explicit"
    relation: Literal["at", "since", "until", "duration", "frequency"] = "at"
    """How it dates: during the interval, from it on, up to it; durations and frequencies are no point in time."""


class Named(_Frozen):
    """A place in the text that names an entity; `name` is the canonical one in this text ("Ada Lovelace" for "she")."""

    start: int
    end: int
    name: str
    type: EntityType = "MISC"
    pronoun: bool = False
    """Whether the text has a pronoun or a description there, so that it is no alias."""


class Argument(_Frozen):
    """One end of a statement: an entity by its canonical name, or a literal."""

    start: int
    end: int
    text: str
    name: str | None = None
    """The canonical name of the entity it is; None for a literal."""
    literal: Literal["number", "date", "quote", "clause", "text"] = "text"


class Statement(_Frozen):
    """A fact as one sentence states it."""

    subject: Argument
    predicate: str
    object: Argument
    others: tuple[tuple[str, Argument], ...] = ()
    """Further arguments by role."""
    start: int
    end: int
    negated: bool = False
    modality: Modality = "asserted"
    tense: Tense = "present"
    corrects: bool = False
    """Whether it is said as a correction ("Actually, ...")."""
    confidence: float = 1.0
    valid_at: Utc | None = None
    invalid_at: Utc | None = None
    granularity: Granularity | None = None


class Happening(_Frozen):
    """An event as one clause tells it."""

    predicate: str
    start: int
    end: int
    participants: tuple[tuple[str, Argument], ...] = ()
    place: Argument | None = None
    valid_at: Utc | None = None
    invalid_at: Utc | None = None
    granularity: Granularity | None = None
    anchor: Anchor = "unknown"
    negated: bool = False
    modality: Modality = "asserted"
    tense: Tense = "past"


class LeftOut(_Frozen):
    """A piece of the text of which nothing was made, and the reason in a few words."""

    start: int
    end: int
    reason: str


class Extraction(_Frozen):
    """What an extractor understood of one episode, with character spans into its text."""

    sentences: tuple[Span, ...] = ()
    mentions: tuple[Named, ...] = ()
    facts: tuple[Statement, ...] = ()
    events: tuple[Happening, ...] = ()
    times: tuple[TimeExpression, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    """What it made nothing of, in order: fewer facts are better than wrong ones."""


class Extractor(Protocol):
    """Whatever turns episodes into extractions, one for one and in order."""

    def extract(self, episodes: Sequence[Episode]) -> list[Extraction]: ...


def check_text(text: object, *, what: str = "text") -> str:
    """Return `text` if it can be remembered; raises `InvalidInput` for what is empty, binary or no text."""
    if not isinstance(text, str):
        raise InvalidInput(f"the {what} is {type(text).__name__} {text!r:.60}: give a str")
    if not text.strip():
        raise InvalidInput(f"the {what} is empty: there is nothing to remember")
    if "\0" in text:
        raise InvalidInput(f"the {what} has a NUL byte at character {text.index(chr(0))}: is it a binary file?")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvalidInput(
            f"the {what} has a broken character at {error.start} ({text[error.start]!r}): decode it as UTF-8 first"
        ) from None
    return text


def check_name(name: object, *, what: str) -> str:
    """Return the name of a tenant, session, speaker or source if it can be remembered; raises `InvalidInput` if not.

    >>> check_name("notes", what="session")
    'notes'
    """
    text = check_text(name, what=what)
    if len(text) > LONGEST_NAME // 4 and (size := len(text.encode())) > LONGEST_NAME:
        raise InvalidInput(
            f"the {what} {text:.40}... has {size:,} bytes in UTF-8: one of at most {LONGEST_NAME:,} can be looked up"
        )
    return text


def check_names(record: Record) -> None:
    """Raise `InvalidInput` for a record of which a name by which it is looked up cannot be remembered."""
    match record:
        case Episode():
            for what in ("session", "speaker", "source"):
                if (name := getattr(record, what)) is not None:
                    check_name(name, what=what)
        case Session():
            check_name(record.name, what="session")


def as_json(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return metadata as a store gives it back, a tuple as a list; raises `InvalidInput` for what is no JSON.

    >>> as_json({"pages": (1, 2)})
    {'pages': [1, 2]}
    """
    try:
        kept: dict[str, Any] = json.loads(json.dumps(dict(metadata), allow_nan=False, ensure_ascii=False).encode())
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidInput(f"the metadata {metadata!r:.60} cannot be written as JSON: {error}") from error
    return kept
