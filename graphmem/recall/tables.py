"""The records of each kind as parallel arrays: rows are appended and hidden, never rewritten."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timezone
from itertools import chain
from typing import Any, NamedTuple, TypeAlias, cast, get_args

import numpy as np
from numpy.typing import NDArray

from graphmem.errors import InvalidInput
from graphmem.graph.adjacency import Ids, Incidence, Joined, Links, gather
from graphmem.graph.columns import Column, Kept, Labels, State, Texts, fitting
from graphmem.graph.lexical import Lexicon, capitalised_runs, terms
from graphmem.graph.spelling import Spelling
from graphmem.graph.vectors import Matrix, Packed, products
from graphmem.model import (
    ABOUT,
    About,
    Community,
    Entity,
    EntityType,
    Episode,
    Event,
    Fact,
    Kind,
    Status,
    Summary,
    Topic,
    normal_name,
)
from graphmem.recall.answers import Answer, told
from graphmem.results import became
from graphmem.store.contract import Filter, Vectors
from graphmem.store.matching import has_metadata

Mask: TypeAlias = NDArray[np.bool_]

READ = 1000
"""So many texts are split into words at a time."""

MENTIONED, IN_FIRST_SENTENCE, IS_TITLE = 1, 2, 4
"""How an episode has a name, as bits."""

TYPES: tuple[EntityType, ...] = get_args(EntityType)
_PLACES = {type: place for place, type in enumerate(TYPES)}

LONGEST_TITLE = 6
"""So many words of a title are looked for in texts."""

_WORD = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")
_PARENTHESIS = re.compile(r"\s*\([^()]*\)")


def seconds(moment: datetime | None, default: float) -> float:
    """Return a moment as seconds since 1970, or the default where it is open."""
    return default if moment is None else moment.timestamp()


_LAST = float(np.nextafter(datetime.max.replace(tzinfo=timezone.utc).timestamp(), 0))
"""The last moment as seconds; the true one would be rounded into the year 10000."""


def moment(seconds: float) -> datetime:
    """Return the moment that is so many seconds after 1970.

    >>> moment(0.0).isoformat(), moment(datetime.max.replace(tzinfo=timezone.utc).timestamp()).year
    ('1970-01-01T00:00:00+00:00', 9999)
    """
    return datetime.fromtimestamp(min(seconds, _LAST), timezone.utc)


def title_names(title: str) -> list[str]:
    """Return the normal forms of a document's title: without "(...)", and also without what follows a comma.

    >>> title_names("Springfield, Illinois (city)")
    ['springfield illinois', 'springfield']
    """
    bare = _PARENTHESIS.sub("", title) or title
    return list(dict.fromkeys(normal_name(form) for form in (bare, bare.split(",")[0]) if form.strip()))


class Speakers(Labels):
    """Speakers, and what they are called: by their whole name or the first word of it."""

    derived = Labels.derived | {"_called", "_read"}

    def __init__(self) -> None:
        super().__init__()
        self._turns: Column[np.int32] = Column(np.int32)
        """How many episodes that are there each of them says."""
        self._called: dict[str, list[int]] = {}
        self._read = 0
        """So many of `texts` are in `_called`, which is derived from them when it is asked for."""

    def count(self, numbers: NDArray[np.int32], turns: int) -> None:
        """Note that each of these says so many episodes more; -1 is nobody."""
        self._turns.extend(np.zeros(len(self) - len(self._turns)))
        np.add.at(self._turns.values, numbers[numbers >= 0], turns)

    def called(self, form: str) -> list[int]:
        """Return the speakers that a normal form may mean, among those of whom something is there."""
        for number, speaker in enumerate(self.texts.since(self._read), self._read):
            whole = normal_name(speaker)
            for known in {whole, whole.split(" ")[0]}:
                self._called.setdefault(known, []).append(number)
        self._read = len(self)
        return [number for number in self._called.get(form, ()) if self._turns.values[number] > 0]


class Names(Kept):
    """Every normal form of a name that occurs, numbered; an entity is the number of its canonical name."""

    def __init__(self) -> None:
        self._labels = Labels()
        self.entity: dict[str, int] = {}
        """From the uuid of an entity to the number of its canonical name."""
        self.uuid: dict[int, str] = {}
        """And back."""
        self.canonical: dict[int, set[int]] = {}
        """From the number of an alias to the canonical names that it may stand for, also of entities that are gone."""
        self._aliases: dict[int, set[int]] = {}
        """And back."""
        self.merged: dict[str, str] = {}
        """From the uuid of an entity to that of the one which it was merged into."""
        self._whole: dict[int, int] = {}
        """From the numbers of those to the number of the one that they are in the end."""
        self._types: Column[np.int8] = Column(np.int8)
        """The place of each form in `TYPES`, -1 where it is no entity's canonical name."""
        self._spelling = Spelling()
        self._read = 0
        """So many of `forms` are in `_spelling`, which is derived from them when it is asked for."""

    @property
    def spelling(self) -> Spelling:
        """The words of all forms."""
        self._spelling.add(word for form in self.forms.since(self._read) for word in form.split(" "))
        self._read = len(self.forms)
        return self._spelling

    @property
    def numbers(self) -> dict[str, int]:
        """The number of each normal form."""
        return self._labels.numbers

    @property
    def forms(self) -> Texts:
        """The normal forms."""
        return self._labels.texts

    def number(self, form: str) -> int:
        """Return the number of a normal form, a new one if need be."""
        return self._labels.number(form)

    def state(self) -> State:
        uuids, merged = Texts(), Texts()
        uuids.extend(self.entity)
        merged.extend(uuid for pair in self.merged.items() for uuid in pair)
        aliases = [(alias, own) for alias, owners in self.canonical.items() for own in sorted(owners)]
        return {
            "labels": self._labels.state(),
            "uuids": uuids.state(),
            "entities": np.array(list(self.entity.values()), np.int64),
            "aliases": np.array(aliases, np.int64).reshape(-1, 2),
            "types": self._types.state(),
            "merged": merged.state(),
        }

    def restore(self, state: State) -> None:
        uuids, merged = Texts(), Texts()
        uuids.restore(state["uuids"])
        merged.restore(state["merged"])
        pairs = list(merged)
        self.merged = dict(zip(pairs[::2], pairs[1::2], strict=True))
        self._labels.restore(state["labels"])
        self.entity = dict(zip(uuids, fitting(state["entities"], np.int64).tolist(), strict=True))
        self.uuid = {own: uuid for uuid, own in self.entity.items()}
        for alias, own in fitting(state["aliases"], np.int64, dimensions=2).tolist():
            self.canonical.setdefault(alias, set()).add(own)
            self._aliases.setdefault(own, set()).add(alias)
        self._types.restore(state["types"])

    def put(self, entities: Collection[Entity]) -> None:
        """Learn the names and aliases of entities."""
        numbers = [self.number(normal_name(entity.name)) for entity in entities]
        self._types.extend(np.full(len(self._labels) - len(self._types), -1))
        self._types.values[numbers] = [_PLACES[entity.type] for entity in entities]
        for own, entity in zip(numbers, entities, strict=True):
            self.entity[entity.uuid] = own
            self.uuid[own] = entity.uuid
            aliases = {self.number(normal_name(alias)) for alias in entity.aliases} - {own}
            for number in self._aliases.pop(own, set()) - aliases:
                self.canonical[number].discard(own)
            for number in aliases:
                self.canonical.setdefault(number, set()).add(own)
            if aliases:
                self._aliases[own] = aliases
            if entity.merged_into is None:
                self.merged.pop(entity.uuid, None)
            else:
                self.merged[entity.uuid] = entity.merged_into

    def follow(self) -> dict[int, int]:
        """Return for the number of each entity that was merged the number of the one that it is in the end."""
        self._whole = {}
        for uuid in self.merged:
            last = self.whole(uuid)
            if uuid in self.entity and last != uuid:
                self._whole[self.entity[uuid]] = self.entity[last]
        return self._whole

    def whole(self, uuid: str) -> str:
        """Return the uuid of the entity that one is in the end; itself, if it is none that was merged."""
        for _ in range(len(self.merged)):
            into = self.merged.get(uuid)
            if into is None or into not in self.entity:
                break
            uuid = into
        return uuid

    def remove(self, uuid: str) -> None:
        """Forget that a name is an entity's."""
        self.merged.pop(uuid, None)
        own = self.entity.pop(uuid, None)
        if own is not None:
            self.uuid.pop(own, None)

    def of_type(self, numbers: NDArray[Any], types: Collection[EntityType]) -> Mask:
        """Which of some names are entities of these types."""
        known = self._types.values
        there = numbers < len(known)
        own = np.full(len(numbers), -1, np.int8)
        own[there] = known[numbers[there]]
        mask: Mask = np.isin(own, [_PLACES[type] for type in types])
        return mask

    def type(self, number: int) -> EntityType:
        """Return what kind of entity a name is."""
        return TYPES[int(self._types.values[number])]

    def meant(self, form: str) -> list[int]:
        """Return what a normal form may stand for: the name itself, and the canonical names that it is an alias of."""
        number = self.numbers.get(form)
        if number is None:
            return []
        meant = [number, *sorted(own for own in self.canonical.get(number, ()) if own in self.uuid)]
        return list(dict.fromkeys(self._whole.get(own, own) for own in meant))


class Table(Kept):
    """What search needs of the records of one kind; every column is part of its state, see `Kept`."""

    kind: Kind
    precision: type[np.generic] = np.float16
    """Of the vectors: half for what is rarely compared as a whole."""
    derived = frozenset({"_row", "_unread"})

    def __init__(self) -> None:
        self.uuids, self.texts = Texts(), Texts()
        self._row: dict[str, int] | None = None
        self.alive: Column[np.bool_] = Column(np.bool_)
        self.valid: Column[np.float64] = Column(np.float64)
        self.invalid: Column[np.float64] = Column(np.float64)
        self.created: Column[np.float64] = Column(np.float64)
        self.expired: Column[np.float64] = Column(np.float64)
        self._lexicon = Lexicon()
        self._unread: list[str] = []
        self.vectors = Matrix(self.precision)

    def __len__(self) -> int:
        return len(self.uuids)

    def put(self, changes: Sequence[tuple[Any, Vectors | None]]) -> None:
        """Add records of the kind, or put new versions in place of old ones."""
        raise NotImplementedError

    @property
    def row(self) -> dict[str, int]:
        """From the uuids of the records that are there to their rows."""
        if self._row is None:
            alive = self.alive.values.tolist()
            self._row = {uuid: row for row, (uuid, here) in enumerate(zip(self.uuids, alive, strict=True)) if here}
        return self._row

    def said_in(self, row: int) -> tuple[str, ...]:
        """Return the uuids of the episodes that say so."""
        return ()

    def state(self) -> State:
        while self.catch_up():
            pass
        return super().state()

    def hide(self, uuids: Collection[str]) -> int:
        """Take records out, and return how many; unknown ones are passed over."""
        if not uuids:
            return 0
        known = self.row
        rows = [row for row in (known.pop(uuid, None) for uuid in uuids) if row is not None]
        self.alive.values[rows] = False
        self._lexicon.hide([row for row in rows if row < len(self._lexicon)])
        self.forget(rows)
        return len(rows)

    def forget(self, rows: Sequence[int]) -> None:
        """Take rows out of what else the kind keeps."""

    def _append(self, records: Sequence[Any], texts: Sequence[str], own: Sequence[NDArray[Any] | None]) -> range:
        """Append what every kind has; `texts` is what a record is searched by, `own` its vector."""
        first, uuids = len(self), [record.uuid for record in records]
        self.hide(uuids)
        self.row.update(zip(uuids, range(first, first + len(uuids)), strict=True))
        self.uuids.extend(uuids)
        self.alive.extend(np.ones(len(records), bool))
        self.created.extend([seconds(record.created_at, -np.inf) for record in records])
        self.expired.extend([seconds(record.expired_at, np.inf) for record in records])
        self._unread += texts
        width = next((len(vector) for vector in own if vector is not None), 0)
        if width and self.vectors.width == 0:
            missing = len(self.vectors)
            self.vectors = Matrix(self.precision, width)
            self.vectors.extend(np.zeros((missing, width), np.float16))
        blank = np.zeros(self.vectors.width, np.float32)
        self.vectors.extend([blank if vector is None else vector for vector in own])
        return range(first, len(self))

    @property
    def lexicon(self) -> Lexicon:
        """The words of the records; what has come since the last time is read now, since many searches never ask."""
        self._read()
        return self._lexicon

    def catch_up(self) -> bool:
        """Work out some of what a state has and no search has asked for yet; tell whether there is more."""
        self._read(READ)
        return bool(self._unread)

    def _read(self, most: int | None = None) -> None:
        unread, self._unread = self._unread[:most], [] if most is None else self._unread[most:]
        for start in range(0, len(unread), READ):
            first = len(self._lexicon)
            self._lexicon.append([terms(text) for text in unread[start : start + READ]])
            there = self.alive.values[first : len(self._lexicon)]
            self._lexicon.hide((first + np.flatnonzero(~there)).tolist())

    def known(self, where: Filter, rows: Any = slice(None)) -> Mask:
        """Which rows, of all or of some, are there, and are believed: at `known_at`, or now if that is not given."""
        expired, at = self.expired.values[rows], where.known_at
        mask: Mask = self.learned(where, rows) & (expired == np.inf if at is None else expired > at.timestamp())
        return mask

    def learned(self, where: Filter, rows: Any = slice(None)) -> Mask:
        """Which rows are there, and had been learned by `known_at`, whether or not they were still believed."""
        mask: Mask = self.alive.values[rows].copy()
        if where.known_at is not None:
            mask &= self.created.values[rows] <= where.known_at.timestamp()
        return mask

    def similar(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the cosine of each row with a unit vector, shape (rows,)."""
        if self.vectors.width not in (0, len(vector)):
            raise InvalidInput(
                f"the question's vector has {len(vector)} numbers, those of the memory {self.vectors.width}: "
                "use one model"
            )
        return self.vectors.dot(vector)


class EpisodeTable(Table):
    """Episodes: vectors of the whole, of the sentences, of the turn and the one before; names; place in a session."""

    kind: Kind = "episode"
    precision = np.float32
    derived = Table.derived | {"_names", "_before", "_after", "_moved"}

    def __init__(self, names: Names) -> None:
        super().__init__()
        self.keys = Labels()
        """Numbers of uuids, also of episodes that are not there (yet, or any more)."""
        self.key: Column[np.int32] = Column(np.int32)
        self.place: Column[np.int32] = Column(np.int32)
        """The row of each key, -1 where there is none."""
        self._names = names
        self.names = Joined()
        """The names in each episode; what was merged is read as the one that it is."""
        self.sessions, self.speakers, self.sources, self.titles = Labels(), Speakers(), Labels(), Labels()
        self.session: Column[np.int32] = Column(np.int32)
        self.speaker: Column[np.int32] = Column(np.int32)
        self.source: Column[np.int32] = Column(np.int32)
        self.position: Column[np.int32] = Column(np.int32)
        self.words: Column[np.int32] = Column(np.int32)
        self.asks: Column[np.bool_] = Column(np.bool_)
        self._told: Column[np.uint8] = Column(np.uint8)
        self.title: Column[np.int32] = Column(np.int32)
        self.titled: set[int] = set()
        """The names that are titles, also of documents that are gone."""
        self._metadata = Texts()
        self.own, self.sentences = Packed(), Packed()
        self.sentence_starts: Column[np.int64] = Column(np.int64)
        self.sentence_starts.extend([0])
        self._spans: Column[np.int32] = Column(np.int32)
        """Where each of those sentences begins and ends in its text, one after the other."""
        self._before: Column[np.int32] = Column(np.int32)
        self._after: Column[np.int32] = Column(np.int32)
        self._moved: set[int] = set()
        """The sessions that lost an episode since `_before` and `_after` were brought up to date."""

    def put(self, changes: Sequence[tuple[Episode, Vectors | None]]) -> None:
        """Add episodes, or put new versions in place of old ones."""
        records = [record for record, _ in changes]
        own, whole, sentences, sizes = _vectors(changes)
        texts = [record.text if record.title is None else f"{record.title}\n{record.text}" for record in records]
        self._append(records, texts, whole)
        width = self.vectors.width
        if width and self.own.width == 0:
            missing = len(self.own)
            self.own, self.sentences = Packed(width), Packed(width)
            self.own.extend(np.zeros((missing, width)))
        self.own.extend([np.zeros(width, np.float16) if vector is None else vector for vector in own])
        self.sentence_starts.extend(len(self.sentences) + np.cumsum(sizes))
        if len(sentences):
            self.sentences.extend(sentences)
            spans = [(*record.sentences, *[(0, 0)] * size)[:size] for record, size in zip(records, sizes, strict=True)]
            self._spans.extend(list(chain(*chain(*spans))))
        when = [record.reference_time.timestamp() for record in records]
        self.valid.extend(when)
        self.invalid.extend(when)
        self.texts.extend([record.text for record in records])
        self._metadata.extend([json.dumps(record.metadata) if record.metadata else "" for record in records])
        self.session.extend([self.sessions.number(record.session) for record in records])
        speaking = np.array([self.speakers.number(record.speaker) for record in records], np.int32)
        self.speaker.extend(speaking)
        self.speakers.count(speaking, 1)
        for speaker in dict.fromkeys(record.speaker for record in records):
            if speaker is not None:
                self._names.number(normal_name(speaker))
        self.source.extend([self.sources.number(record.source) for record in records])
        self.position.extend([record.position for record in records])
        self.words.extend([record.text.count(" ") + 1 for record in records])
        self.asks.extend([record.text.rstrip().endswith("?") for record in records])
        self.title.extend([self._names.number(title_names(r.title)[0]) if r.title else -1 for r in records])
        named = [self._names_of(record) for record in records]
        self.names.append([list(names) for names in named], [list(names.values()) for names in named])
        keys = self.keys.numbered(record.uuid for record in records)
        self.key.extend(keys)
        self._reach(len(self.keys))
        self.place.values[keys] = np.arange(len(self) - len(records), len(self))
        self._read()  # every search asks for the words of episodes

    def metadata(self, row: int) -> dict[str, Any]:
        """Return the metadata of an episode."""
        stored: dict[str, Any] = json.loads(self._metadata[row] or "{}")
        return stored

    def said_in(self, row: int) -> tuple[str, ...]:
        return (self.uuids[row],)

    def forget(self, rows: Sequence[int]) -> None:
        self.speakers.count(self.speaker.values[rows], -1)
        self.names.hide(rows)
        self.place.values[self.key.values[rows]] = -1
        self._moved.update(self.session.values[rows].tolist())

    def rows_of(self, keys: NDArray[Any]) -> NDArray[np.int32]:
        """Return the rows of some keys, -1 where there is none."""
        self._reach(len(self.keys))
        rows: NDArray[np.int32] = self.place.values[keys]
        return rows

    def _reach(self, size: int) -> None:
        self.place.extend(np.full(max(0, size - len(self.place)), -1))

    def _names_of(self, record: Episode) -> dict[int, int]:
        """The names in an episode, from what the extractor found, capitalised runs and the title, with their bits."""
        found: dict[int, int] = {}
        first = record.sentences[0][1] if record.sentences else len(record.text)
        covered: list[tuple[int, int]] = []
        for mention in record.mentions:
            number = self._names.entity.get(mention.entity)
            if number is not None:
                covered.append((mention.start, mention.end))
                found[number] = found.get(number, 0) | MENTIONED | IN_FIRST_SENTENCE * (mention.start < first)
        for run in capitalised_runs(record.text):
            if not any(start <= run.start and run.end <= end for start, end in covered):
                number = self._names.number(normal_name(run.text))
                found[number] = found.get(number, 0) | MENTIONED | IN_FIRST_SENTENCE * (run.start < first)
        if record.title:
            for form in title_names(record.title):
                number = self._names.number(form)
                self.titled.add(number)
                found[number] = found.get(number, 0) | IS_TITLE
        return found

    def tells(self, asked: Answer) -> Mask:
        """Which texts have words that tell an answer of some kind; names are left aside."""
        if not asked:
            return np.zeros(len(self), bool)
        self._tell()
        mask: Mask = (self._told.values & int(asked)) > 0
        return mask

    def _tell(self, most: int | None = None) -> None:
        """Look for such words in what has come since the last time, since many questions never ask."""
        known = len(self._told)
        end = len(self) if most is None else min(known + most, len(self))
        self._told.extend(told(self.texts[row] for row in range(known, end)))

    def catch_up(self) -> bool:
        self._tell(READ)
        return super().catch_up() or len(self._told) < len(self)

    @property
    def title_read(self) -> Ids:
        """The name that is the title of each episode's document, -1 where there is none."""
        return self.names.read_as(self.title.values)

    def titles_in(self, row: int) -> set[int]:
        """Find the titles of documents in a text, longest first, though the extractor saw no name there."""
        text, found = self.texts[row], set()
        matches = [match.span() for match in _WORD.finditer(text)]
        at = 0
        while at < len(matches):
            step = 1
            start = matches[at][0]
            if text[start].isupper() or text[start].isdigit():
                for length in range(min(LONGEST_TITLE, len(matches) - at), 0, -1):
                    end = matches[at + length - 1][1]
                    number = self._names.numbers.get(normal_name(text[start:end]))
                    if number in self.titled and (self.names.rows([number]).times & IS_TITLE).any():
                        found.add(number)
                        step = length
                        break
            at += step
        return found

    def neighbours(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return the row before and the row after each row in its session, -1 where there is none."""
        known = len(self._before)
        if known < len(self) or self._moved:
            for column in (self._before, self._after):
                column.extend(np.full(len(self) - known, -1))
            before, after, session = self._before.values, self._after.values, self.session.values
            changed = {*session[known:].tolist(), *self._moved} - {-1}
            rows = np.flatnonzero(np.isin(session, list(changed)))
            before[rows] = after[rows] = -1
            rows = rows[self.alive.values[rows]]
            rows = rows[np.lexsort((rows, self.position.values[rows], session[rows]))]
            same = session[rows[1:]] == session[rows[:-1]]
            before[rows[1:][same]] = rows[:-1][same]
            after[rows[:-1][same]] = rows[1:][same]
            self._moved = set()
        return self._before.values, self._after.values

    def passing(self, where: Filter, *, as_of: datetime | None = None) -> Mask:
        """Which rows a filter lets through; what was said after `as_of` is not there yet."""
        mask = self.known(where)
        for label, labels, column in (
            (where.session, self.sessions, self.session),
            (where.speaker, self.speakers, self.speaker),
            (where.source, self.sources, self.source),
        ):
            if label is not None:
                mask &= column.values == labels.find(label)
        if where.start is not None:
            mask &= self.valid.values >= where.start.timestamp()
        if where.end is not None:
            mask &= self.valid.values < where.end.timestamp()
        if as_of is not None:
            mask &= self.valid.values <= as_of.timestamp()
        if where.mentions is not None:
            number = self._names.entity.get(where.mentions)
            there = np.zeros(len(self), bool)
            if number is not None:
                there[self.names.rows([number]).other] = True
            mask &= there
        if where.episode is not None:
            mask &= np.arange(len(self)) == self.row.get(where.episode, -1)
        if where.metadata:
            for row in np.flatnonzero(mask).tolist():
                mask[row] = has_metadata(self.metadata(row), where.metadata)
        return mask

    def unsaid(self, where: Filter, *, as_of: datetime | None = None) -> Mask | None:
        """Which rows are not there yet, at `as_of` and as known at `known_at`; None where no time is given."""
        if as_of is None and where.known_at is None:
            return None
        mask = ~self.known(where)
        if as_of is not None:
            mask |= self.valid.values > as_of.timestamp()
        return mask

    def best_sentences(self, rows: NDArray[Any], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return, for some rows, the largest cosine of a sentence (of the whole, if it has one sentence) with a vector.

        `vectors` is one unit vector, or one for each row; shape (rows,).
        """
        if not len(rows) or self.own.width == 0:
            return np.zeros(len(rows), np.float32)
        starts = self.sentence_starts.values[rows]
        owner, at = gather(starts, self.sentence_starts.values[rows + 1])
        best = np.full(len(rows), -np.inf, np.float32)
        np.maximum.at(best, owner, self.sentences.dot(at, vectors if vectors.ndim == 1 else vectors[owner]))
        alone = np.flatnonzero(self.sentence_starts.values[rows + 1] == starts)
        best[alone] = self.own.dot(rows[alone], vectors if vectors.ndim == 1 else vectors[alone])
        return best

    def sentence_vectors(self, row: int) -> NDArray[np.float32]:
        """Return the vectors of the sentences of an episode; its own if it has one sentence."""
        start, end = self.sentence_starts.values[row : row + 2]
        return self.sentences.take(np.arange(start, end)) if end > start else self.own.take([row])

    def sentences_of(self, row: int, vector: NDArray[np.float32]) -> list[tuple[int, int]]:
        """Return where the sentences of an episode stand in its text, the likest to a vector first."""
        start, end = self.sentence_starts.values[row : row + 2]
        likeness = self.sentences.dot(np.arange(start, end), vector)
        spans = self._spans.values.reshape(-1, 2)[start:end]
        return [tuple(span) for span in spans[np.argsort(-likeness, kind="stable")].tolist() if any(span)]


def _vectors(
    changes: Sequence[tuple[Episode, Vectors | None]],
) -> tuple[list[NDArray[Any] | None], list[NDArray[Any] | None], NDArray[Any], list[int]]:
    """Return the vectors of episodes alone, as a whole, and of all their sentences, and how many of these each has."""
    own: list[NDArray[Any] | None] = [None] * len(changes)
    whole, sizes = own.copy(), [0] * len(changes)
    places = [place for place, (_, vectors) in enumerate(changes) if vectors is not None and len(vectors)]
    if not places:
        return own, whole, np.empty((0, 0), np.float16), sizes
    blocks = [cast(Vectors, changes[place][1]) for place in places]
    rows, lengths = np.concatenate(blocks), np.array([len(block) for block in blocks])
    first = np.cumsum(lengths) - lengths
    further = np.array([changes[place][0].contextual for place in places]) & (lengths > 1)
    # The mean of the turn alone and of the turn read after the one before it.
    mean = rows[first].astype(np.float32)
    mean[further] = (mean[further] + rows[first[further] + 1]) / 2
    for at, place in enumerate(places):
        own[place], whole[place] = rows[first[at]], mean[at]
        sizes[place] = int(lengths[at] - 1 - further[at])
    of_sentences = np.ones(len(rows), bool)
    of_sentences[first] = of_sentences[first[further] + 1] = False
    return own, whole, rows[of_sentences], sizes


class EntityTable(Table):
    """Entities: searched by all their names."""

    kind: Kind = "entity"
    derived = Table.derived | {"_names"}

    def __init__(self, names: Names) -> None:
        super().__init__()
        self._names = names

    def put(self, changes: Sequence[tuple[Entity, Vectors | None]]) -> None:
        """Add entities, or put new versions in place of old ones."""
        records = [record for record, _ in changes]
        self._append(records, [" ".join((r.name, *r.aliases)) for r in records], [_first(v) for _, v in changes])
        self.texts.extend([record.name for record in records])
        self.valid.extend(np.full(len(records), -np.inf))
        self.invalid.extend(np.full(len(records), np.inf))

    def passing(self, where: Filter, *, as_of: datetime | None = None) -> Mask:
        """Which rows a filter lets through."""
        mask = self.known(where)
        if where.name is not None:
            uuids = self._names.uuid
            meant = [uuids[number] for number in self._names.meant(normal_name(where.name)) if number in uuids]
            mask &= np.isin(np.arange(len(self)), [self.row.get(uuid, -1) for uuid in meant])
        return mask


class StatementTable(Table):
    """What episodes state, and what is made of that, with the keys of the episodes that say so."""

    derived = Table.derived | {"episodes"}

    def __init__(self, episodes: EpisodeTable) -> None:
        super().__init__()
        self.episodes = episodes
        self.support = Incidence()

    def forget(self, rows: Sequence[int]) -> None:
        self.support.hide(rows)

    def supported(self, records: Sequence[Fact | Event | Summary | Topic]) -> None:
        """Note which episodes say so."""
        keys = self.episodes.keys.numbered(uuid for record in records for uuid in record.episodes)
        self.support.extend([len(record.episodes) for record in records], keys)

    def said_in(self, row: int) -> tuple[str, ...]:
        uuids = self.episodes.keys.texts
        return tuple(uuids[key] for key in self.support.items([row]).other.tolist())

    def counting(self, where: Filter, *, as_of: datetime | None = None) -> Mask:
        """Which rows count for the episodes that state them: what is believed and, if `as_of` is given, has begun."""
        mask = self.known(where)
        if as_of is not None:
            mask &= self.valid.values <= as_of.timestamp()
        return mask


class SummaryTable(StatementTable):
    """Summaries: searched by their title and text; of a record, by its uuid."""

    kind: Kind = "summary"
    derived = StatementTable.derived | {"_of_row"}

    def __init__(self, episodes: EpisodeTable) -> None:
        super().__init__(episodes)
        self.of = Texts()
        """The uuid of what each sums up."""
        self.about: Column[np.int8] = Column(np.int8)
        """The place of the kind of that in `ABOUT`."""
        self._of_row: dict[str, int] | None = None
        self._groups = Labels()

    @property
    def group(self) -> str:
        """The tenant whose summaries these are; "" where there is none."""
        return self._groups.texts[0] if len(self._groups) else ""

    def put(self, changes: Sequence[tuple[Summary, Vectors | None]]) -> None:
        """Add summaries, or put new versions in place of old ones."""
        records = [record for record, _ in changes]
        rows = self._append(records, [f"{r.title} {r.text}" for r in records], [_first(v) for _, v in changes])
        self.texts.extend([record.text for record in records])
        self.valid.extend([seconds(record.valid_at, -np.inf) for record in records])
        self.invalid.extend([seconds(record.invalid_at, np.inf) for record in records])
        self.supported(records)
        self.of.extend([record.of for record in records])
        self._groups.numbered(record.group_id for record in records[:1])
        self.about.extend([ABOUT.index(record.about) for record in records])
        if self._of_row is not None:
            self._of_row.update((record.of, row) for record, row in zip(records, rows, strict=True))

    def forget(self, rows: Sequence[int]) -> None:
        super().forget(rows)
        if self._of_row is not None:
            for row in rows:
                self._of_row.pop(self.of[row], None)

    @property
    def of_row(self) -> dict[str, int]:
        """From the uuid of what is summed up to the row of its summary."""
        if self._of_row is None:
            self._of_row = {self.of[row]: row for row in np.flatnonzero(self.alive.values).tolist()}
        return self._of_row

    def about_of(self, row: int) -> About:
        """Return the kind of what one sums up."""
        return ABOUT[int(self.about.values[row])]

    def passing(self, where: Filter, *, as_of: datetime | None = None) -> Mask:
        """Which rows a filter lets through: what tells of a span that reaches into the one asked for."""
        mask = _within(self, where)
        if where.about is not None:
            mask &= self.about.values == ABOUT.index(where.about)
        return mask


class TopicTable(StatementTable):
    """Topics: runs of the episodes of a session."""

    kind: Kind = "topic"

    def __init__(self, episodes: EpisodeTable) -> None:
        super().__init__(episodes)
        self.session: Column[np.int32] = Column(np.int32)
        """The number of its session in `EpisodeTable.sessions`."""

    def put(self, changes: Sequence[tuple[Topic, Vectors | None]]) -> None:
        """Add topics, or put new versions in place of old ones."""
        records = [record for record, _ in changes]
        self._append(records, [record.name for record in records], [None] * len(records))
        self.texts.extend([record.name for record in records])
        self.valid.extend([seconds(record.valid_at, -np.inf) for record in records])
        self.invalid.extend([seconds(record.invalid_at, np.inf) for record in records])
        self.supported(records)
        self.session.extend(self.episodes.sessions.numbered(record.session for record in records))

    def passing(self, where: Filter, *, as_of: datetime | None = None) -> Mask:
        """Which rows a filter lets through: of a session, in a span of time."""
        mask = _within(self, where)
        if where.session is not None:
            mask &= self.session.values == self.episodes.sessions.find(where.session)
        return mask


class CommunityTable(Table):
    """Communities: by level, with the entities or the communities that they hold."""

    kind: Kind = "community"

    def __init__(self) -> None:
        super().__init__()
        self.level: Column[np.int16] = Column(np.int16)
        self.size: Column[np.int32] = Column(np.int32)
        self.founder: Column[np.int32] = Column(np.int32)
        """The number of its founder in `keys`."""
        self.keys = Labels()
        """Numbers of the uuids of entities and communities."""
        self.members = Incidence()
        """Those that each holds, as those numbers."""

    def put(self, changes: Sequence[tuple[Community, Vectors | None]]) -> None:
        """Add communities, or put new versions in place of old ones."""
        records = [record for record, _ in changes]
        self._append(records, [record.name for record in records], [None] * len(records))
        self.texts.extend([record.name for record in records])
        self.valid.extend([seconds(record.valid_at, -np.inf) for record in records])
        self.invalid.extend([seconds(record.invalid_at, np.inf) for record in records])
        self.level.extend([record.level for record in records])
        self.size.extend([record.size for record in records])
        self.founder.extend(self.keys.numbered(record.founder for record in records))
        members = self.keys.numbered(member for record in records for member in record.members)
        self.members.extend([len(record.members) for record in records], members)

    def forget(self, rows: Sequence[int]) -> None:
        self.members.hide(rows)

    def holding(self, uuid: str) -> list[str]:
        """Return the community that an entity is in, and those that this is part of, the lowest first."""
        found: list[str] = []
        while len(rows := self.members.rows([self.keys.find(uuid)]).other):
            uuid = self.uuids[rows[-1]]
            if uuid in found:
                break
            found.append(uuid)
        return found

    def passing(self, where: Filter, *, as_of: datetime | None = None) -> Mask:
        """Which rows a filter lets through: of a level, holding a member, in a span of time."""
        mask = _within(self, where)
        if where.level is not None:
            mask &= self.level.values == where.level
        if where.member is not None:
            there = np.zeros(len(self), bool)
            there[self.members.rows([self.keys.find(where.member)]).other] = True
            mask &= there
        return mask


def _within(table: Table, where: Filter) -> Mask:
    """Which rows are there, and reach into a span of time if one is given."""
    mask = table.known(where)
    if where.start is not None:
        mask &= table.invalid.values > where.start.timestamp()
    if where.end is not None:
        mask &= table.valid.values < where.end.timestamp()
    return mask


class Counted(NamedTuple):
    """What episodes state: the facts or the events, and which of them count in one search."""

    table: StatementTable
    counting: Mask

    def by(self, rows: NDArray[Any]) -> Links:
        """Return what some rows of episodes state: the place of the episode in `rows`, and the row of the statement."""
        found = self.table.support.rows(self.table.episodes.key.values[rows])
        there = self.counting[found.other]
        return found if there.all() else Links(found.owner[there], found.other[there], found.times[there])

    def best(self, rows: NDArray[Any], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return, for some rows of episodes, the largest cosine of what they state with a vector; 0 for nothing.

        `vectors` is one unit vector, or one for each row; shape (rows,).
        """
        scores = np.zeros(len(rows), np.float32)
        if self.table.vectors.width:
            found = self.by(rows)
            own = self.table.vectors.take(found.other).astype(np.float32)
            np.maximum.at(scores, found.owner, products(own, vectors if vectors.ndim == 1 else vectors[found.owner]))
        return scores


class Ended(NamedTuple):
    """What an episode states that is true no more, though it was told as if it were."""

    fact: str
    until: float | None
    """Until when it was true, in seconds since 1970; None if it was corrected: it never was."""
    alone: bool
    """Whether the episode states nothing else."""


class FactTable(StatementTable):
    """Facts: searched by their sentence, valid for a time, between two ends."""

    kind: Kind = "fact"

    def __init__(self, episodes: EpisodeTable) -> None:
        super().__init__(episodes)
        self._uuids, self._predicates = Labels(), Labels()
        self._subject: Column[np.int32] = Column(np.int32)
        self._predicate: Column[np.int32] = Column(np.int32)
        self._object: Column[np.int32] = Column(np.int32)
        self.stated: Column[np.bool_] = Column(np.bool_)
        self._lasts: Column[np.bool_] = Column(np.bool_)
        """Whether it is told as something that goes on; no version is told."""
        self._closed: Column[np.bool_] = Column(np.bool_)
        """Whether another fact ended it."""

    def put(self, changes: Sequence[tuple[Fact, Vectors | None]]) -> None:
        """Add facts, or put new versions in place of old ones."""
        records = [record for record, _ in changes]
        self._append(records, [record.fact for record in records], [_first(v) for _, v in changes])
        self.texts.extend([record.fact for record in records])
        self.valid.extend([seconds(record.valid_at, -np.inf) for record in records])
        self.invalid.extend([seconds(record.invalid_at, np.inf) for record in records])
        self.supported(records)
        self._subject.extend(self._uuids.numbered(record.subject_uuid for record in records))
        self._predicate.extend(self._predicates.numbered(record.predicate for record in records))
        self._object.extend(self._uuids.numbered(record.object_uuid for record in records))
        self.stated.extend([not record.negated and record.modality == "asserted" for record in records])
        self._lasts.extend([_lasts(record) for record in records])
        self._closed.extend([record.closed_by is not None for record in records])

    def ends(self) -> tuple[NDArray[np.int32], NDArray[np.int32], Texts]:
        """Return the subject and the object of each row as numbers, and the uuids of these."""
        return self._subject.values, self._object.values, self._uuids.texts

    def predicates(self, rows: NDArray[Any]) -> Counter[str]:
        """Return how many of some facts have each predicate, those that are denied or only possible left out."""
        numbers, counts = np.unique(self._predicate.values[rows[self.stated.values[rows]]], return_counts=True)
        texts = (self._predicates.texts[number] for number in numbers.tolist())
        return Counter(dict(zip(texts, counts.tolist(), strict=True)))

    def counting(self, where: Filter, *, as_of: datetime | None = None) -> Mask:
        """Which rows count for the episodes that state them: what is believed and, if `as_of` is given, holds then."""
        mask = super().counting(where, as_of=as_of)
        if as_of is not None:
            mask &= self.invalid.values > as_of.timestamp()
        return mask

    def ended(self, rows: NDArray[Any], where: Filter, at: float, names: Names) -> dict[int, list[Ended]]:
        """Return what some rows of episodes tell as going on that another fact ended by a moment, or corrected."""
        until = self.invalid.values
        found = self.support.rows(self.episodes.key.values[rows])
        learned = self.learned(where, found.other)
        owner, fact = found.owner[learned], found.other[learned]
        known = self.known(where, fact)
        over = ~known | (self._closed.values[fact] & (until[fact] <= at))
        still = set(fact[known].tolist())
        there = np.flatnonzero(np.isin(owner, owner[over]))
        versions: dict[int, dict[tuple[object, ...], list[int]]] = {}
        for place, row in zip(owner[there].tolist(), fact[there].tolist(), strict=True):
            versions.setdefault(int(rows[place]), {}).setdefault(self._said(row, names), []).append(row)
        ended: dict[int, list[Ended]] = {}
        for episode, facts in versions.items():
            for group in facts.values():
                believed = [row for row in group if row in still]
                lasted = any(self._closed.values[believed]) and any(self._lasts.values[group])
                if self.stated.values[group[0]] and (lasted or not believed) and all(until[believed] <= at):
                    last = float(until[believed].max()) if believed else None
                    text = min(self.texts[row] for row in group)
                    ended.setdefault(episode, []).append(Ended(text, last, alone=len(facts) == 1))
        return ended

    def _said(self, row: int, names: Names) -> tuple[object, ...]:
        """What a fact says, whenever it was true: the same for all its versions, either way round."""
        ends = (names.whole(self._uuids.texts[column.values[row]]) for column in (self._subject, self._object))
        return (*sorted(ends), self._predicate.values[row], self.stated.values[row])

    def passing(self, where: Filter, *, as_of: datetime | None = None, now: datetime | None = None) -> Mask:
        """Which rows a filter lets through: asserted facts that hold at `as_of`, or `now` if that is not given."""
        mask = self.known(where)
        at = as_of or where.as_of or now
        if at is not None:
            moment = at.timestamp()
            mask &= (self.valid.values <= moment) & (self.invalid.values > moment)
        mask &= self.stated.values
        subject, object = self._subject.values, self._object.values
        if where.subject is not None:
            mask &= subject == self._uuids.find(where.subject)
        if where.predicate is not None:
            mask &= self._predicate.values == self._predicates.find(where.predicate)
        if where.object is not None:
            mask &= object == self._uuids.find(where.object)
        if where.touching is not None:
            end = self._uuids.find(where.touching)
            mask &= (subject == end) | (object == end)
        return mask


class EventTable(StatementTable):
    """Events: searched by their clause, with participants and an interval of time."""

    kind: Kind = "event"

    def __init__(self, episodes: EpisodeTable) -> None:
        super().__init__(episodes)
        self._people, self._places = Labels(), Labels()
        self._participants = Incidence()
        self._place: Column[np.int32] = Column(np.int32)
        self._statuses, self._dates = Labels(), Labels()
        self._status: Column[np.int32] = Column(np.int32)
        self._moved_to: Column[np.int32] = Column(np.int32)

    def forget(self, rows: Sequence[int]) -> None:
        super().forget(rows)
        self._participants.hide(rows)

    def put(self, changes: Sequence[tuple[Event, Vectors | None]]) -> None:
        """Add events, or put new versions in place of old ones."""
        records = [record for record, _ in changes]
        self._append(records, [record.text for record in records], [_first(v) for _, v in changes])
        self.texts.extend([record.text for record in records])
        self.valid.extend([seconds(record.valid_at, -np.inf) for record in records])
        self.invalid.extend([seconds(record.invalid_at, np.inf) for record in records])
        self.supported(records)
        people = [sorted({one.uuid for one in record.participants if one.uuid}) for record in records]
        self._participants.extend(list(map(len, people)), self._people.numbered(chain(*people)))
        places = [None if record.place is None else normal_name(record.place) for record in records]
        self._place.extend([self._places.number(place) for place in places])
        self._status.extend([self._statuses.number(record.status) for record in records])
        self._moved_to.extend([self._dates.number(record.moved_to) for record in records])

    def status(self, row: int) -> Status | None:
        """Return what has become of an event."""
        number = self._status.values[row]
        return None if number < 0 else cast(Status, self._statuses.texts[number])

    def off(self) -> Mask:
        """Which rows are versions of events that were cancelled or moved to another date."""
        mask: Mask = np.isin(self._status.values, [self._statuses.find(word) for word in ("cancelled", "moved")])
        return mask

    def changed(self, rows: NDArray[Any], where: Filter) -> dict[int, dict[str, str]]:
        """Return for some rows of episodes what became of the events they tell of that were called off, by text."""
        found = self.support.rows(self.episodes.key.values[rows])
        there = (self.known(where) & self.off())[found.other]
        changed: dict[int, dict[str, str]] = {}
        for place, row in zip(found.owner[there].tolist(), found.other[there].tolist(), strict=True):
            date = self._moved_to.values[row]
            told = became(self.status(row), self._dates.texts[date] if date >= 0 else None)
            changed.setdefault(int(rows[place]), {})[self.texts[row]] = told
        return changed

    def passing(self, where: Filter, *, as_of: datetime | None = None) -> Mask:
        """Which rows a filter lets through, without what was called off or happened after `as_of`."""
        mask = self.known(where) & ~self.off()
        if where.start is not None:
            mask &= self.invalid.values > where.start.timestamp()
        if where.end is not None:
            mask &= self.valid.values < where.end.timestamp()
        if as_of is not None:
            mask &= self.valid.values <= as_of.timestamp()
        if where.participant is not None:
            there = np.zeros(len(self), bool)
            there[self._participants.rows([self._people.find(where.participant)]).other] = True
            mask &= there
        if where.place is not None:
            mask &= self._place.values == self._places.find(normal_name(where.place))
        return mask


def _lasts(fact: Fact) -> bool:
    """Does somebody say that it goes on: in the present, or since a time?"""
    return fact.version_of is None and (fact.tense == "present" or (fact.valid_at is not None and not fact.invalid_at))


def _first(vectors: Vectors | None) -> NDArray[np.float16] | None:
    return None if vectors is None or not len(vectors) else vectors[0]
