"""Adding: items become episodes; episodes are read, resolved and embedded; a batch is stored as one change set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol, TypeAlias, TypeVar

import numpy as np

from graphmem.errors import InvalidInput
from graphmem.extract.segment import segment
from graphmem.model import (
    RECORDS,
    Entity,
    Episode,
    Event,
    Extractor,
    Fact,
    Kind,
    Record,
    Summary,
    as_json,
    check_name,
    check_names,
    check_text,
    joined,
    merge,
    natural_key,
    utc,
)
from graphmem.resolve import understood
from graphmem.resolve.lexicon import Lexicon
from graphmem.results import Added, Failure
from graphmem.store.contract import ChangeSet, Filter, Store, Vectors

Progress: TypeAlias = Callable[[int, int], object]
"""Called after each stored batch with the number of episodes and of characters done so far."""

BYTES: Final = 16_000_000
"""About as much is read before it is stored, whatever the size of a batch."""
_ARGUMENTS = frozenset({"text", "reference_time", "session", "speaker", "source", "metadata"})


T = TypeVar("T")


class Encoder(Protocol):
    """What ingest needs of an embedding model."""

    @property
    def name(self) -> str: ...
    @property
    def dimension(self) -> int: ...
    def encode(self, texts: Sequence[str], /) -> np.ndarray[Any, np.dtype[np.float32]]: ...


def episodes_of(item: object, *, group_id: str, now: datetime) -> list[Episode]:
    """Turn one item (a text, a mapping with the arguments of `add`, or an Episode) into episodes, long text cut.

    Raises `InvalidInput` when the item cannot be remembered.

    >>> [episode] = episodes_of({"text": "Hello.", "speaker": "Ada"}, group_id="g", now=utc("2023-05-08"))
    >>> episode.speaker, episode.dated
    ('Ada', False)
    """
    if isinstance(item, Episode):
        check_text(item.text)
        check_names(item)
        _check_metadata(item.metadata)
        return [
            Episode(
                **item.model_dump(
                    include={"text", "session", "speaker", "source", "metadata", "reference_time", "dated"}
                ),
                group_id=group_id,
                created_at=now,
            )
        ]
    if isinstance(item, str):
        item = {"text": item}
    if not isinstance(item, Mapping):
        raise InvalidInput(f"cannot add {type(item).__name__} {item!r:.60}: give a text, a mapping or an Episode")
    if unknown := item.keys() - _ARGUMENTS:
        raise InvalidInput(
            f"unknown {', '.join(map(repr, sorted(map(str, unknown))))}: an episode has {sorted(_ARGUMENTS)}"
        )
    text = check_text(item.get("text"))
    for name in ("session", "speaker", "source"):
        if item.get(name) is not None:
            check_name(item[name], what=name)
    metadata = item.get("metadata") or {}
    _check_metadata(metadata)
    given = item.get("reference_time")
    passages = segment(text)
    session = item.get("session")
    if session is None and len(passages) > 1:
        session = item.get("source") or natural_key("document", text)
    return [
        Episode(
            group_id=group_id,
            created_at=now,
            text=passage,
            session=session,
            speaker=item.get("speaker"),
            source=item.get("source"),
            reference_time=now if given is None else utc(given),
            dated=given is not None,
            metadata=dict(metadata),
        )
        for passage in passages
    ]


def _check_metadata(metadata: object) -> None:
    if not isinstance(metadata, Mapping):
        raise InvalidInput(f"the metadata is {type(metadata).__name__} {metadata!r:.60}: give a mapping")
    as_json(metadata)


class Ingest:
    """Reads, embeds, resolves and stores episodes for one memory."""

    def __init__(
        self,
        store: Store,
        encoder: Encoder,
        extractor: Extractor,
        *,
        clock: Callable[[], datetime],
        lexicon: Lexicon | None = None,
    ) -> None:
        self._store = store
        self._encoder = encoder
        self._extractor = extractor
        self._clock = clock
        self._lexicon = lexicon

    def add(
        self, items: Iterable[object], *, batch_size: int = 64, strict: bool = False, progress: Progress | None = None
    ) -> Added:
        """Add items in batches, each stored whole or not at all; what is known already is skipped.

        An item that cannot be remembered is reported in `Added.failed`; with `strict` its error is raised instead.
        """
        if batch_size < 1:
            raise InvalidInput(f"batch_size must be at least 1, got {batch_size}")
        self._store.bind(self._encoder.name, self._encoder.dimension)
        outcome = _Outcome(self._store.revision())
        last: dict[str, Episode | None] = {}
        batch: list[Episode] = []
        for item in items:
            try:
                batch += episodes_of(item, group_id=self._store.group_id, now=self._clock())
            except InvalidInput as error:
                if strict:
                    raise
                outcome.failed.append(Failure(item=item, error=error))
            if len(batch) >= batch_size:
                for part in _parts(batch, batch_size):
                    self._commit(part, last, outcome, progress)
                batch = []
        self._commit(batch, last, outcome, progress)
        return outcome.added()

    def _commit(
        self,
        episodes: Sequence[Episode],
        last: dict[str, Episode | None],
        outcome: _Outcome,
        progress: Progress | None,
    ) -> None:
        new = self._in_order(episodes, last, outcome)
        if new:
            self._understand_and_store(new, outcome)
        outcome.characters += sum(len(episode.text) for episode in episodes)
        if progress and episodes:
            progress(len(outcome.uuids), outcome.characters)

    def _understand_and_store(self, new: list[tuple[Episode, Episode | None]], outcome: _Outcome) -> None:
        extractions = self._extractor.extract([episode for episode, _ in new])
        records = joined(
            record
            for (episode, _), extraction in zip(new, extractions, strict=True)
            for record in understood(episode, extraction, created_at=episode.created_at, lexicon=self._lexicon)
        )
        stored = {record.uuid: record for kind in RECORDS for record in self._stored(kind, records.values())}
        fresh = [record for uuid, record in records.items() if uuid not in stored]
        grown = [
            record
            for uuid, record in records.items()
            if uuid in stored and merge(stored[uuid], record) is not stored[uuid]
        ]
        before = {episode.uuid: previous.text for episode, previous in new if previous is not None}
        outcome.revision = self._store.apply(
            ChangeSet(
                group_id=self._store.group_id,
                put=[*fresh, *grown],
                vectors=embed(fresh, self._encoder, previous_text=before),
            )
        )
        outcome.new.update(record.kind for record in fresh)
        outcome.updated += len(grown)
        outcome.left_out.update(piece.reason for extraction in extractions for piece in extraction.left_out)

    def _in_order(
        self, episodes: Sequence[Episode], last: dict[str, Episode | None], outcome: _Outcome
    ) -> list[tuple[Episode, Episode | None]]:
        """Pair each episode that is not known yet, placed in its session, with the one before it."""
        for name in dict.fromkeys(episode.session for episode in episodes):
            if name is not None and name not in last:
                ends = self._store.find("episode", Filter(session=name), order="position", limit=1, last=True)
                last[name] = next((end for end in ends if isinstance(end, Episode)), None)
        # what another writer adds meanwhile is known then, and what comes after it follows on it
        known = {record.uuid: record for record in self._stored("episode", episodes)}
        new: list[tuple[Episode, Episode | None]] = []
        for episode in episodes:
            outcome.uuids.append(episode.uuid)
            session = episode.session
            there = known.get(episode.uuid)
            if isinstance(there, Episode):
                outcome.skipped += 1
                if session is not None:
                    last[session] = max(last[session] or there, there, key=lambda one: one.position)
                continue
            previous = None if session is None else last[session]
            if previous is not None:
                other = previous.speaker if previous.speaker != episode.speaker else previous.addressee
                episode = episode.model_copy(
                    update={
                        "position": previous.position + 1,
                        "previous": previous.uuid,
                        "addressee": other if episode.speaker else None,
                    }
                )
            new.append((episode, previous))
            known[episode.uuid] = episode
            if session is not None:
                last[session] = episode
        return new

    def _stored(self, kind: Kind, records: Iterable[Record]) -> Sequence[Record]:
        wanted = [record.uuid for record in records if record.kind == kind]
        return self._store.get(kind, wanted) if wanted else ()


class _Outcome:
    """The outcome of an add as it grows."""

    def __init__(self, revision: int) -> None:
        self.uuids: list[str] = []
        self.new: Counter[str] = Counter()
        self.updated = 0
        self.skipped = 0
        self.left_out: Counter[str] = Counter()
        self.failed: list[Failure] = []
        self.revision = revision
        self.characters = 0

    def added(self) -> Added:
        return Added(
            uuids=tuple(self.uuids),
            new=dict(self.new),
            updated=self.updated,
            skipped=self.skipped,
            left_out=dict(self.left_out.most_common()),
            failed=tuple(self.failed),
            revision=self.revision,
        )


def _parts(episodes: list[Episode], size: int) -> Iterator[list[Episode]]:
    """Keep the episodes of whole items together; only a run that is much larger than a batch is cut."""
    step = size if len(episodes) > 2 * size else len(episodes)
    return (episodes[start : start + step] for start in range(0, len(episodes), step))


def batches(items: Iterable[T], *, most: int, size: Callable[[T], int]) -> Iterator[list[T]]:
    """Cut items into batches of at most `most`, which end sooner where they are large.

    >>> list(batches(["Ada", "Ben", "Cy"], most=2, size=len))
    [['Ada', 'Ben'], ['Cy']]
    """
    batch: list[T] = []
    room = BYTES
    for item in items:
        batch.append(item)
        room -= size(item)
        if len(batch) == most or room <= 0:
            yield batch
            batch, room = [], BYTES
    if batch:
        yield batch


def texts_before(store: Store, records: Iterable[Record]) -> dict[str, str]:
    """Return the text of the turn before each episode that has one, by its uuid; from the records or the store."""
    given = {one.uuid: one for one in records if isinstance(one, Episode)}
    before = {one.uuid: one.previous for one in given.values() if one.previous}
    known = [*store.get("episode", sorted({*before.values()} - given.keys())), *given.values()]
    texts = {one.uuid: one.text for one in known if isinstance(one, Episode)}
    return {uuid: texts[previous] for uuid, previous in before.items() if previous in texts}


def embed(records: Sequence[Record], encoder: Encoder, *, previous_text: Mapping[str, str]) -> dict[str, Vectors]:
    """Embed records in one go; shape (rows, dimension) each, as `graphmem.store.contract.Vectors` tells.

    `previous_text` has the text of the turn before each contextual episode, by uuid of the episode.
    """
    texts = {record.uuid: group for record in records if (group := _texts(record, previous_text))}
    if not texts:
        return {}
    rows = encoder.encode([text for group in texts.values() for text in group]).astype(np.float16)
    ends = np.cumsum([len(group) for group in texts.values()])
    return dict(zip(texts, np.split(rows, ends[:-1]), strict=True))


def _texts(record: Record, previous_text: Mapping[str, str]) -> list[str]:
    match record:
        case Entity():
            return [record.name]
        case Fact():
            return [record.fact]
        case Event() | Summary():
            return [record.text]
        case Episode():
            context = [f"{previous_text[record.uuid]}\n{record.text}"] if record.contextual else []
            pieces = [record.text[start:end] for start, end in record.sentences] if len(record.sentences) > 1 else []
            return [
                record.titled,
                *context,
                *(piece if record.title is None else f"{record.title}: {piece}" for piece in pieces),
            ]
        case _:
            return []
