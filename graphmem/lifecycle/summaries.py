"""Summaries without a language model: the few sentences that cover most of what is told, each with where it is from.

Pure functions of small records. Sentences are chosen greedily by what they add for their length: words that are often
said here and rarely elsewhere and that no chosen one has, less where it is like a chosen one (Lin and Bilmes 2011; MMR,
Carbonell and Goldstein 1998). A time that counts from when it was said ("yesterday") is told with its date, and what is
over with its end. The same input, in any order, gives the same summary.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from graphmem.errors import InvalidInput, ModelError
from graphmem.extract.timex import find
from graphmem.graph.lexical import capitalised_runs, terms
from graphmem.graph.lexical import words as words_of
from graphmem.graph.vectors import products, unit
from graphmem.model import Entity, EntityType, Episode, Event, Fact
from graphmem.periods import interval, touched
from graphmem.results import became, period

WORDS: Final = 80
"""A summary has so many words, if nothing else is asked for."""
MOST: Final = 300
"""Of so many sentences, those that promise most, a summary is chosen; so the work is bounded."""
NAMED: Final = 4
"""So many names make a title; twice as many people and places are told."""

_ALIKE: Final = 0.5
"""So much of its gain a sentence loses that says the same as a chosen one."""
_TIMES: Final = 0.5
"""By which power of how often it is said a word counts."""
_LEAST: Final = 40
"""A sentence of so many words is never cut."""
_CLAUSE: Final = 4
"""Words that a clause needs to stand for its sentence."""
_SHORTEST: Final = 3
"""Words other than stop words that a sentence needs to say something."""
_QUESTION: Final = 0.3
"""What a question is worth beside a statement."""
_DATED: Final = 1.25
"""What a sentence is worth that tells a time."""
_POLITE: Final = 0.5
"""What a turn is worth that only tells of the one who is spoken to."""
_ELSE: Final = 0.8
"""What a turn is worth that tells neither of who speaks nor of the other."""
_FIRST_PERSON = re.compile(r"\b(?:I|[Mm]y|[Mm]e|[Ww]e|[Oo]ur|us)\b")
_SECOND_PERSON = re.compile(r"\byour?\b", re.IGNORECASE)
_TIME = re.compile(r"\d|\b(?:yester|to|tomorrow|last|next|ago|since|until|week|month|year|day)", re.IGNORECASE)
_YEAR = re.compile(r"\b\d{4}\b")
_ENDING = re.compile(r"[.!?…]+[\"'”’)\]]*$")
_ON_A_DAY = re.compile(r"\d{1,2} [A-Z][a-z]+ \d{1,4}[:,] ")
_NUMBER = re.compile(r"\d+")
_SPOKEN = re.compile(r"[^:.!?]{1,60}: ")
_EMPTY: Final = frozenset({"be", "have", "do", "get", "own"})
"""Predicates that characterise nothing."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Told:
    """Something that may be told in a summary: a sentence, a fact or an event, and where it is from."""

    text: str
    episodes: tuple[str, ...]
    """The uuids of those who say so."""
    facts: tuple[str, ...] = ()
    """The uuids of the facts that it is."""
    said_at: datetime | None = None
    """When it was said: what "yesterday" counts from; None for what needs no date."""
    speaker: str | None = None
    vector: NDArray[Any] | None = None
    valid_at: datetime | None = None
    """From when what it tells was so."""
    invalid_at: datetime | None = None
    """Until when."""
    when: str = ""
    """When it holds, in words: until when, if it is over; "corrected" if it never was so."""
    worth: float = 1.0
    """What it counts beside others."""
    place: int = 0
    """Where it stands among what was said at the same time."""


@dataclass(frozen=True, kw_only=True)
class Name:
    """A name in what is summarised, how often it is there, and the episodes that name it."""

    name: str
    type: EntityType = "MISC"
    episodes: tuple[str, ...] = ()
    count: int = 1
    rarity: float = 1.0
    """How much less it is named elsewhere; what is rare elsewhere is characteristic here."""


class Line(NamedTuple):
    """A sentence of a summary with its citations: the uuids of episodes and facts."""

    text: str
    episodes: tuple[str, ...]
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a summary says."""

    title: str = ""
    lines: tuple[Line, ...] = ()
    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    """How many episodes, entities, facts and events are behind it."""
    valid_at: datetime | None = None
    """When the first of it was said; of facts and events, if nothing was, when it began."""
    invalid_at: datetime | None = None
    """And the last, this moment included."""
    episodes: tuple[str, ...] = ()
    """The uuids of all episodes from which a word of it comes, sorted."""
    warnings: tuple[str, ...] = ()
    """What went wrong when it was rewritten."""

    @property
    def span(self) -> str:
        """The span of time in words."""
        return spanned(self.valid_at, self.invalid_at)

    @property
    def text(self) -> str:
        """The title with the span of time, and the sentences, one a line."""
        head = f"{self.title} ({self.span})" if self.title and self.span else self.title or self.span
        return "\n".join([*([head] if head else []), *(line.text for line in self.lines)])


def summarize(
    told: Iterable[Told],
    *,
    names: Iterable[Name] = (),
    predicates: Mapping[str, int] | None = None,
    counts: Mapping[str, int] | None = None,
    words: int = WORDS,
    rarity: Callable[[str], float] | None = None,
) -> Content:
    """Summarise what is told in at most so many words, the title not counted; one sentence comes in any case.

    `predicates` tells how often each is stated, `rarity` how rare a term is (see `graphmem.graph.lexical.terms`).
    Raises `InvalidInput` for less than one word.

    >>> from graphmem.model import utc
    >>> said = [("Ben bought a red boat in Oslo yesterday.", "1"), ("How nice!", "2"), ("The boat is red.", "3")]
    >>> told = [Told(text=text, episodes=(uuid,), said_at=utc("2023-05-08")) for text, uuid in said]
    >>> summary = summarize(told, names=[Name(name="Ben", type="PERSON", episodes=("1",))], words=12)
    >>> print(summary.text)
    Ben (8 May 2023)
    Ben bought a red boat in Oslo yesterday [7 May 2023].
    >>> summary.episodes
    ('1',)
    """
    if words < 1:
        raise InvalidInput(f"words={words}: give a summary at least one word")
    candidates = sorted(told, key=_order)
    named = sorted(names, key=lambda one: (-one.count * one.rarity, one.name))
    title, titled = titled_by(named, predicates or {})
    people = [one for one in named if one.type == "PERSON"][: 2 * NAMED]
    places = [one for one in named if one.type == "LOC"][: 2 * NAMED]
    start, end = _span(candidates)
    head = Content(title=title, valid_at=start, invalid_at=end)
    left = max(1, words - len(head.text.split()))
    chosen = [candidates[place] for place in choose(candidates, left, rarity=rarity)]
    lines = tuple(Line(_shortened(written(one), left), one.episodes, one.facts) for one in chosen)
    return replace(
        head,
        lines=lines,
        people=tuple(one.name for one in people),
        places=tuple(one.name for one in places),
        counts=dict(counts or {}),
        episodes=_behind(lines, (*titled, *people, *places)),
    )


def _behind(lines: Iterable[Line], names: Iterable[Name]) -> tuple[str, ...]:
    """The episodes that lines cite, and the first one of each name."""
    return tuple(sorted({one.episodes[0] for one in names if one.episodes}.union(*(line.episodes for line in lines))))


def _order(one: Told) -> tuple[object, ...]:
    moment = one.said_at or one.valid_at
    return moment is None, moment.timestamp() if moment else 0.0, one.place, one.text, one.episodes, one.facts


# The choice


def choose(told: Sequence[Told], words: int, *, rarity: Callable[[str], float] | None = None) -> list[int]:
    """Return the places of the sentences that cover most in so many words, in order; the best one in any case.

    >>> told = ("Ben sails home.", "Ben sails home in his boat.", "Heavy rain fell.")
    >>> choose([Told(text=text, episodes=()) for text in told], 6)
    [0, 2]
    """
    people = {term for speaker in {one.speaker for one in told} if speaker for term in terms(speaker)}
    read = [Counter(term for term in _terms(one.text) if term not in people) for one in told]
    frequency = Counter(term for document in read for term in document)
    weight = {term: times**_TIMES * (rarity(term) if rarity else 1.0) for term, times in sorted(frequency.items())}
    length = np.array([max(1, _length(one)) for one in told], np.float64)
    worth = np.array([_worth(one, document) for one, document in zip(told, read, strict=True)])
    promise = np.array([sum(weight[term] for term in document) for document in read]) * worth / length
    if not np.any(promise > 0):
        return []
    pool = np.sort(np.argsort(-promise, kind="stable")[:MOST])
    pool = pool[promise[pool] > 0]
    there = sorted({term for place in pool for term in read[place]})
    column = {term: place for place, term in enumerate(there)}
    choice = _Choice(
        starts=np.cumsum([0, *(len(read[place]) for place in pool)]),
        terms=np.array([column[term] for place in pool for term in read[place]], np.intp),
        value=np.array([weight[term] for term in there]),
        promise=worth[pool] / length[pool],
        length=length[pool],
    )
    rows = choice.greedy(
        lambda row: len(written(told[pool[row]]).split()),
        words,
        alike=_alike([told[place] for place in pool], choice),
    )
    return sorted(int(pool[row]) for row in rows)


@lru_cache(maxsize=8192)
def _terms(text: str) -> tuple[str, ...]:
    """Return the terms of a sentence: a session, its topics and its day read the same ones."""
    return tuple(terms(text))


def _worth(one: Told, document: Mapping[str, int]) -> float:
    if len(document) < _SHORTEST and not (one.facts or one.when):
        return 0.0
    asked = _QUESTION if one.text.rstrip().endswith("?") else 1.0
    return one.worth * asked * _own(one) * (_DATED if _TIME.search(one.text) else 1.0)


def _own(one: Told) -> float:
    """What a turn is worth by whom it is about: who speaks tells news of himself, and is polite about the other."""
    if one.speaker is None or _FIRST_PERSON.search(one.text):
        return 1.0
    return _POLITE if _SECOND_PERSON.search(one.text) else _ELSE


def _alike(told: Sequence[Told], choice: _Choice) -> Callable[[int], NDArray[Any]]:
    """Return what compares sentences with one of them: by their vectors, or by their words where some have none."""
    vectors = [one.vector for one in told if one.vector is not None]
    if len(vectors) < len(told):
        return choice.shared()
    rows: NDArray[np.float32] = unit(np.stack(vectors))
    return lambda row: products(rows, rows[row])


class _Choice(NamedTuple):
    """What sentences are chosen by: the words that each has and their value, and how much its gain counts."""

    starts: NDArray[np.intp]
    """Where the words of each sentence begin in `terms`, and where all end."""
    terms: NDArray[np.intp]
    value: NDArray[np.float64]
    """By number of a term."""
    promise: NDArray[np.float64]
    """What the gain of each counts, over its length."""
    length: NDArray[np.float64]
    """How many words each has at least."""

    def of(self, row: int) -> NDArray[np.intp]:
        """Return the terms of a sentence."""
        return self.terms[self.starts[row] : self.starts[row + 1]]

    def summed(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the sum over the terms of each sentence."""
        owner = np.repeat(np.arange(len(self.promise)), np.diff(self.starts))
        sums = np.bincount(owner, weights=weights[self.terms], minlength=len(self.promise))
        return sums.astype(np.float64, copy=False)

    def shared(self) -> Callable[[int], NDArray[np.float64]]:
        """Return what compares sentences with one of them by their words: the cosine of their values."""
        size = np.sqrt(self.summed(self.value**2))

        def alike(row: int) -> NDArray[np.float64]:
            own = np.zeros(len(self.value))
            own[self.of(row)] = self.value[self.of(row)] ** 2
            cosine: NDArray[np.float64] = self.summed(own) / (size * size[row])
            return cosine

        return alike

    def greedy(self, cost: Callable[[int], int], words: int, *, alike: Callable[[int], NDArray[Any]]) -> list[int]:
        """Choose rows one after the other by what they add to what is covered, as long as they fit.

        `cost` tells how many words a row has in the end; the one with the largest gain comes if none fits.
        """
        left = np.ones(len(self.promise), bool)
        near = np.zeros(len(self.promise))
        value, chosen = self.value.copy(), list[int]()
        first = int(np.argmax(self.promise * self.summed(value)))
        while True:
            left &= self.length <= words
            gain = np.where(left, self.promise * self.summed(value) * (1 - _ALIKE * near), 0.0)
            for row in np.argsort(-gain, kind="stable")[: np.count_nonzero(gain > 0)].tolist():
                left[row] = False
                if (size := cost(row)) <= words:
                    break
            else:
                return chosen or [first]
            chosen.append(row)
            words -= size
            value[self.of(row)] = 0
            near = np.maximum(near, alike(row))


# What there is to tell


def sayings(
    episode: Episode,
    *,
    vectors: NDArray[Any] | None = None,
    events: Iterable[Event] = (),
    over: Mapping[str, str] | None = None,
) -> list[Told]:
    """Return the sentences of an episode, and the clauses of them that tell its events: the same in fewer words.

    `vectors` are those that a store keeps of it. `over` has the facts that the episode states and that are over, each
    with until when ("until May 2022"): sentences that tell one of them say so, or all where none can be made out.

    >>> from graphmem.model import utc
    >>> episode = Episode(
    ...     group_id="g", text="I live in Rome. It rains.", speaker="Ben", sentences=((0, 15), (16, 25)),
    ...     reference_time=utc("2021-03-04"), created_at=utc("2021-03-04"),
    ... )
    >>> [written(one) for one in sayings(episode, over={"Ben lives in Rome": "until May 2022"})]
    ['Ben: I live in Rome (until May 2022).', 'Ben: It rains.']
    """
    spans = [span for span in episode.sentences if episode.text[slice(*span)].strip()] or [(0, len(episode.text))]
    rows: NDArray[Any] | None = None
    if vectors is not None and len(vectors):
        rows = vectors[1 + episode.contextual :] if len(spans) > 1 else vectors[:1]
    texts = [" ".join(episode.text[start:end].split()) for start, end in spans]
    marks = _marks(texts, over or {})
    told = [
        Told(
            text=text,
            episodes=(episode.uuid,),
            said_at=episode.reference_time,
            speaker=episode.speaker,
            vector=None if rows is None or len(rows) != len(spans) else rows[place],
            when=mark,
            place=1000 * episode.position + min(place, 999),
        )
        for place, (text, mark) in enumerate(zip(texts, marks, strict=True))
    ]
    return told + [clause for event in events if (clause := _clause(event, told)) is not None]


def _clause(event: Event, sentences: Sequence[Told]) -> Told | None:
    """The clause that tells an event, in place of its sentence; None if it is not told as so, or is no shorter."""
    text = " ".join(event.text.split())
    whole = next((one for one in sentences if text in one.text), None)
    stands = happened(event) is not None and event.status not in ("cancelled", "moved")
    if whole is None or not stands or len(text.split()) < _CLAUSE or text == whole.text.rstrip(" .!"):
        return None
    return replace(whole, text=text[0].upper() + text[1:])


def named(
    episodes: Iterable[Episode], entities: Mapping[str, Entity], *, rarity: Callable[[str], float] | None = None
) -> list[Name]:
    """Return what episodes name, those who speak among it; `entities` by uuid, `rarity` tells that of a uuid.

    >>> from graphmem.model import Mention, utc
    >>> then = utc("2023-05-08")
    >>> ada = Entity(group_id="g", name="Ada", type="PERSON", created_at=then)
    >>> said = Episode(group_id="g", text="I know Ada.", mentions=(Mention(entity=ada.uuid, start=7, end=10),),
    ...     reference_time=then, created_at=then)
    >>> [(one.name, one.type, one.count) for one in named([said], {ada.uuid: ada})]
    [('Ada', 'PERSON', 1)]
    """
    found: dict[str, Counter[str]] = {}
    for episode in episodes:
        for mention in episode.mentions:
            uuid = mention.entity
            for _ in range(len(entities)):
                into = entities[uuid].merged_into if uuid in entities else None
                if into is None or into not in entities:
                    break
                uuid = into
            if uuid in entities:
                found.setdefault(uuid, Counter())[episode.uuid] += 1
    return [
        Name(
            name=entities[uuid].name,
            type=entities[uuid].type,
            episodes=tuple(count),
            count=count.total(),
            rarity=rarity(uuid) if rarity else 1.0,
        )
        for uuid, count in found.items()
    ]


def _marks(texts: Sequence[str], over: Mapping[str, str]) -> list[str]:
    """Return for each sentence until when what it tells was true."""
    if not over:
        return [""] * len(texts)
    marks: list[dict[str, None]] = [{} for _ in texts]
    read = [set(terms(text)) for text in texts]
    for fact, until in sorted(over.items()):
        told = set(terms(fact))
        shared = [len(told & own) for own in read]
        most = max(shared, default=0)
        for place, count in enumerate(shared):
            if count == most:
                marks[place][until] = None
    return ["; ".join(mark) for mark in marks]


def stated(fact: Fact, *, vector: NDArray[Any] | None = None) -> Told | None:
    """Return a fact as it may be told, with when it holds; None for what is denied, only possible or believed no more.

    >>> from graphmem.model import utc
    >>> fact = Fact(
    ...     group_id="g", subject="Ada", subject_uuid="1", predicate="live in", object="Rome", object_uuid="2",
    ...     fact="Ada lives in Rome", invalid_at=utc("2021-05-01"), episodes=("e",), created_at=utc("2020-01-01"),
    ... )
    >>> written(stated(fact))
    'Ada lives in Rome (until May 2021).'
    """
    if fact.negated or fact.modality != "asserted" or fact.expired_at is not None:
        return None
    return Told(
        text=fact.fact,
        episodes=fact.episodes,
        facts=(fact.uuid,),
        vector=vector,
        valid_at=fact.valid_at,
        invalid_at=fact.invalid_at,
        when=_held(fact),
        worth=fact.confidence,
    )


def _held(fact: Fact) -> str:
    """When a fact held, in words; what is told in the past is no more so, or is no state that lasts."""
    if fact.tense != "past" or fact.invalid_at is not None:
        return lasting(fact.valid_at, fact.invalid_at)
    if fact.valid_at is None:
        return "in the past" if fact.slot else ""
    if fact.slot:
        return period(fact.valid_at, None)
    days = touched(fact.valid_at, fact.valid_at, fact.granularity)
    return period(*interval(days[0])) if days else ""


def happened(event: Event, *, vector: NDArray[Any] | None = None) -> Told | None:
    """Return an event as it may be told, with its time and what became of it; None for what is denied or undecided."""
    if event.negated or event.modality not in ("asserted", "intended") or event.expired_at is not None:
        return None
    told = (lasting(event.valid_at, event.invalid_at), became(event.status, event.moved_to))
    return Told(
        text=event.text,
        episodes=event.episodes,
        vector=vector,
        valid_at=event.valid_at,
        invalid_at=event.invalid_at,
        when="; ".join(part for part in told if part),
    )


def above(summaries: Iterable[Content]) -> list[Told]:
    """Return what summaries say, to be summarised on the level above: a month from its days.

    >>> from graphmem.model import utc
    >>> line = Line("Ada: I went home yesterday [7 May 2023].", ("e",))
    >>> day = Content(lines=(line,), valid_at=utc("2023-05-08"), invalid_at=utc("2023-05-08"), episodes=("e",))
    >>> [written(one) for one in above([day])]
    ['8 May 2023, Ada: I went home yesterday [7 May 2023].']
    """
    return [
        Told(
            text=_on_its_day(line.text, summary),
            episodes=line.episodes,
            facts=line.facts,
            valid_at=summary.valid_at,
            invalid_at=summary.invalid_at,
            place=place,
        )
        for summary in summaries
        for place, line in enumerate(summary.lines)
    ]


def _on_its_day(text: str, summary: Content) -> str:
    day = spanned(summary.valid_at, summary.invalid_at)
    if _ON_A_DAY.match(text) or summary.valid_at is None or " to " in day:
        return text
    return f"{day}{', ' if _SPOKEN.match(text) else ': '}{text}"


# How it is written


def written(told: Told) -> str:
    """Write a sentence as a summary has it: who says it, with the dates that it means, and what of it is over."""
    text = told.text if told.said_at is None else with_dates(told.text, told.said_at)
    if told.when:
        ending = _ENDING.search(text)
        at = ending.start() if ending else len(text)
        text = f"{text[:at]} ({told.when}){text[at:]}"
    text = text if _ENDING.search(text) else f"{text}."
    return f"{told.speaker}: {text}" if told.speaker else text


def _shortened(text: str, words: int) -> str:
    """Cut a sentence that alone is longer than a summary may be."""
    parts = text.split()
    return text if len(parts) <= max(words, _LEAST) else " ".join(parts[: max(words, _LEAST)]) + " ..."


def with_dates(text: str, said_at: datetime) -> str:
    """Put the date behind each time that only counts from when it was said.

    >>> with_dates("We met last Friday, and in 2019.", datetime(2023, 5, 9))
    'We met last Friday [5 May 2023], and in 2019.'
    """
    parts, at = [], 0
    for expression in find(text, said_at):
        meant = lasting(expression.valid_at, expression.invalid_at)
        if meant and not (expression.anchor == "explicit" and _YEAR.search(expression.text)):
            parts += [text[at : expression.end], f" [{meant}]"]
            at = expression.end
    return "".join([*parts, text[at:]])


def lasting(start: datetime | None, end: datetime | None) -> str:
    """Return when something was or is so, whole days by the first and the last of them.

    >>> lasting(datetime(2023, 5, 1), datetime(2023, 5, 8)), lasting(datetime(2023, 5, 1), datetime(2023, 6, 1))
    ('1 to 7 May 2023', 'May 2023')
    """
    held = period(start, end)
    if start is None or end is None or " until " not in held or any(moment.time() != time() for moment in (start, end)):
        return held
    return spanned(start, end - timedelta(microseconds=1))


def spanned(start: datetime | None, end: datetime | None) -> str:
    """Return a span of time by its days: "8 May 2023", "8 May to 25 June 2023"; "" where nothing is known.

    >>> spanned(datetime(2023, 5, 8, 13, 56), datetime(2023, 6, 25)), spanned(datetime(2022, 12, 31), None)
    ('8 May to 25 June 2023', 'since 31 December 2022')
    """
    if start is None or end is None:
        return f"since {_day(start)}" if start else f"until {_day(end)}" if end else ""
    if start.date() == end.date():
        return _day(end)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day} to {_day(end)}"
    return f"{start.day} {start:%B}" + (f" {start.year}" if start.year != end.year else "") + f" to {_day(end)}"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B} {moment.year}"


def titled_by(names: Sequence[Name], predicates: Mapping[str, int]) -> tuple[str, list[Name]]:
    """Return a title from the most characteristic names, people first, and predicates; and the names that it has.

    >>> names = [Name(name="Ada", type="PERSON"), Name(name="harbour"), Name(name="Ben", type="PERSON")]
    >>> titled_by(names, {"sail": 3, "be": 5})[0]
    'Ada, Ben and harbour: sail'
    """
    few = sorted(names[:NAMED], key=lambda one: one.type != "PERSON")
    told = [one.name for one in few]
    title = " and ".join(part for part in (", ".join(told[:-1]), told[-1] if told else "") if part)
    often = sorted((p for p in predicates if p not in _EMPTY), key=lambda p: (-predicates[p], p))[:2]
    return f"{title}: {', '.join(often)}" if title and often else title or ", ".join(often), few


def _span(told: Sequence[Told]) -> tuple[datetime | None, datetime | None]:
    """From when until when it was said, or else was so."""
    said = [one.said_at for one in told if one.said_at] or [
        m for one in told for m in (one.valid_at, one.invalid_at) if m
    ]
    return min(said, default=None), max(said, default=None)


# An entity


def profile(
    entity: Entity,
    facts: Iterable[Fact],
    *,
    now: datetime,
    told: Iterable[Told] = (),
    counts: Mapping[str, int] | None = None,
    words: int = WORDS,
    rarity: Callable[[str], float] | None = None,
) -> Content:
    """Tell who or what an entity is, what holds of it at `now`, how that changed, and what else is told of it.

    `facts` are those that have it at an end, `told` sentences that name it.

    >>> from graphmem.model import utc
    >>> then = utc("2020-01-01")
    >>> ada = Entity(group_id="g", name="Ada", type="PERSON", created_at=then)
    >>> def fact(predicate, object, **times):
    ...     return Fact(group_id="g", subject="Ada", subject_uuid=ada.uuid, predicate=predicate, object=object,
    ...         object_uuid=object, fact=f"Ada {predicate} {object}", episodes=("e",), created_at=then, **times)
    >>> facts = [fact("live in", "Rome", invalid_at=utc("2021-05-01")), fact("live in", "Oslo"), fact("be", "a pilot")]
    >>> print(profile(ada, facts, now=utc("2023-01-01")).text)
    Ada: a pilot
    Ada be a pilot.
    Ada live in Oslo.
    Ada live in Rome (until May 2021).
    """
    if words < 1:
        raise InvalidInput(f"words={words}: give a summary at least one word")
    known = [(fact, one) for fact in sorted(facts, key=lambda f: f.uuid) if (one := stated(fact)) is not None]
    current = [(fact, one) for fact, one in known if not _ended(fact, now)]
    ended = sorted((one for fact, one in known if _ended(fact, now)), key=_order)
    current.sort(key=lambda pair: (not pair[0].predicate.startswith("be"), -pair[0].support, pair[0].fact))
    is_a = next(
        (f for f, _ in current if f.subject_uuid == entity.uuid and f.predicate in ("be", "be a", "be an")), None
    )
    title = f"{entity.name}: {is_a.object}" if is_a else entity.name
    left = max(1, words - len(title.split()))
    chosen: list[Told] = []
    for part, share in (([one for _, one in current], 0.5), (ended, 0.75), (sorted(told, key=_order), 1.0)):
        room = int(share * left) - sum(_length(one) for one in chosen)
        fresh = [one for one in part if not _said(one, chosen)]
        if room > 0 and fresh:
            chosen += [fresh[place] for place in choose(fresh, room, rarity=rarity) if _length(fresh[place]) <= room]
    lines = tuple(Line(_shortened(written(one), left), one.episodes, one.facts) for one in chosen)
    start, end = _span(sorted(told, key=_order))
    return Content(
        title=title,
        lines=lines,
        counts=dict(counts or {}),
        people=(entity.name,) if entity.type == "PERSON" else (),
        places=(entity.name,) if entity.type == "LOC" else (),
        valid_at=start,
        invalid_at=end,
        episodes=_behind(lines, [Name(name=is_a.object, episodes=is_a.episodes)] if is_a else []),
    )


def _ended(fact: Fact, now: datetime) -> bool:
    return (fact.invalid_at is not None and fact.invalid_at <= now) or (
        fact.tense == "past" and fact.slot is not None and fact.invalid_at is None and fact.valid_at is None
    )


def _length(told: Told) -> int:
    return len(told.text.split()) + (told.speaker is not None)


def _said(told: Told, chosen: Sequence[Told]) -> bool:
    """Do the chosen ones have all its words, in one sentence of the same time?"""
    own = set(_terms(told.text))
    return any(one.when == told.when and own.issubset(_terms(one.text)) for one in chosen)


# A model that rewrites


class Rewriter(Protocol):
    """Whatever writes a summary anew; each of its lines cites episodes and facts that the lines it was given cite."""

    def rewrite(self, summary: Content) -> Sequence[Line]: ...


def rewritten(summary: Content, rewriter: Rewriter) -> Content:
    """Return a summary with the lines of a rewriter, or as it was, with a warning, where they break the contract.

    Each line must cite, and only what the summary cites; it may name and count only what the lines that cite the same
    do, and all of them together may be no longer than the summary.

    >>> class Shouting:
    ...     def rewrite(self, summary):
    ...         return [line._replace(text=line.text.upper(), episodes=()) for line in summary.lines]
    >>> rewritten(Content(lines=(Line("It rains.", ("e",)),)), Shouting()).warnings
    ("the rewritten line 'IT RAINS.' cites no episode: the summary stays as it was",)
    """
    if not summary.lines:
        return summary
    try:
        lines = tuple(rewriter.rewrite(summary))
    except ModelError as error:
        return replace(summary, warnings=(*summary.warnings, f"{error}; the summary stays as it was"))
    problem = _breach(summary, lines)
    if problem:
        return replace(summary, warnings=(*summary.warnings, f"{problem}: the summary stays as it was"))
    cited = {uuid for line in summary.lines for uuid in line.episodes}
    names = set(summary.episodes) - cited
    return replace(summary, lines=lines, episodes=tuple(sorted(names.union(*(line.episodes for line in lines)))))


def _breach(summary: Content, lines: Sequence[Line]) -> str | None:
    """Say what is wrong with rewritten lines."""
    if not lines or not any(line.text.strip() for line in lines):
        return "the rewritten summary is empty"
    given = sum(len(line.text.split()) for line in summary.lines)
    if (size := sum(len(line.text.split()) for line in lines)) > given:
        return f"the rewritten summary has {size} words where the given one has {given}"
    for line in lines:
        shown = f"the rewritten line {line.text!r:.80}"
        if not line.episodes:
            return f"{shown} cites no episode"
        sources = [one for one in summary.lines if set(one.episodes) & set(line.episodes)]
        episodes = {uuid for one in sources for uuid in one.episodes}
        facts = {uuid for one in sources for uuid in one.facts}
        if unknown := sorted((set(line.episodes) - episodes) | (set(line.facts) - facts)):
            return f"{shown} cites {unknown[0]!r}, which the summary does not cite there"
        known = _named(" ".join([summary.title, *(one.text for one in sources)]))
        if strange := sorted(_named(line.text) - known):
            return f"{shown} names {strange[0]!r}, which what it cites does not"
    return None


def _named(text: str) -> set[str]:
    """The words of names, and the numbers, in a text."""
    names = {word for run in capitalised_runs(text) for word in words_of(run.text)}
    return names | set(_NUMBER.findall(text))
