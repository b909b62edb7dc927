"""Small streams of changes for the index, and an encoder whose texts are alike when they share words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from functools import cache
from zlib import crc32

import numpy as np

from graphmem.graph.lexical import capitalised_runs, terms
from graphmem.graph.vectors import unit
from graphmem.model import Entity, Episode, Event, Fact, Mention, Record, merge
from graphmem.recall import Index
from graphmem.store.contract import Change

LEARNED = datetime(2024, 1, 1, tzinfo=timezone.utc)


def encode(texts: Sequence[str]) -> np.ndarray:
    """Embed texts as the sum of a fixed direction for each stem, shape (texts, 64)."""
    rows = [np.sum([direction(term) for term in terms(text)] or [np.ones(64)], axis=0) for text in texts]
    return unit(np.array(rows).reshape(len(texts), 64))


@cache
def direction(term: str) -> np.ndarray:
    return np.random.default_rng(crc32(term.encode())).normal(size=64)


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


class Told:
    """Turns what a test tells into changes, one revision for each record."""

    def __init__(self) -> None:
        self.revision = 0
        self.index = Index()
        self.entities: dict[str, Entity] = {}
        self.last: dict[str, Episode] = {}
        self.changes: list[Change] = []

    def put(self, *records: Record, vectors: np.ndarray | None = None) -> None:
        changes = []
        for record in records:
            if isinstance(record, Entity):
                record = merge(self.entities.get(record.uuid, record), record)
                self.entities[record.uuid] = record
            self.revision += 1
            rows = self._rows(record) if vectors is None else vectors
            changes.append(Change(self.revision, record.kind, record.uuid, record, rows))
        self.changes += changes
        self.index.apply(changes)

    def remove(self, *records: Record) -> None:
        changes = []
        for record in records:
            self.revision += 1
            changes.append(Change(self.revision, record.kind, record.uuid, None))
        self.index.apply(changes)

    def tell(self, text: str, *, when: str = "2023-01-01", title: str | None = None, **fields: str) -> Episode:
        """Add an episode whose capitalised runs are entities."""
        mentions = []
        for run in capitalised_runs(text):
            entity = Entity(group_id="g", name=run.text, names=(run.text,), created_at=LEARNED)
            if entity.uuid not in self.entities:
                self.put(entity)
            mentions.append(Mention(entity=entity.uuid, start=run.start, end=run.end))
        before = self.last.get(fields.get("session", ""))
        episode = Episode(
            group_id="g",
            text=text,
            reference_time=day(when),
            created_at=LEARNED,
            mentions=tuple(mentions),
            sentences=tuple(match.span() for match in re.finditer(r"[^.!?\s][^.!?]*[.!?]?", text)),
            previous=before.uuid if before else None,
            position=before.position + 1 if before else 0,
            metadata={"title": title} if title else {},
            **fields,
        )
        if episode.session:
            self.last[episode.session] = episode
        self.put(episode)
        return episode

    def state(self, subject: str, predicate: str, object: str, episodes: Iterable[Episode], **fields: object) -> Fact:
        """Add a fact between two entities that episodes support."""
        ends = [Entity(group_id="g", name=name, names=(name,), created_at=LEARNED) for name in (subject, object)]
        fact = Fact(
            group_id="g",
            created_at=LEARNED,
            subject=subject,
            subject_uuid=ends[0].uuid,
            predicate=predicate,
            object=object,
            object_uuid=ends[1].uuid,
            fact=f"{subject} {predicate} {object}",
            episodes=tuple(sorted(episode.uuid for episode in episodes)),
            **fields,
        )
        self.put(*ends, fact)
        return fact

    def happen(self, text: str, episode: Episode, **fields: object) -> Event:
        """Add an event that an episode tells of."""
        event = Event(
            group_id="g", created_at=LEARNED, predicate=text.split()[0], text=text, episodes=(episode.uuid,), **fields
        )
        self.put(event)
        return event

    def ask(self, question: str, **options: object) -> list:
        return self.index.search(question, encode=encode, **{"reference_time": day("2024-06-01"), **options})

    def texts(self, question: str, **options: object) -> list[str]:
        return [hit.text for hit in self.ask(question, **options)]

    def _rows(self, record: Record) -> np.ndarray | None:
        match record:
            case Entity():
                texts = [record.name]
            case Fact():
                texts = [record.fact]
            case Event():
                texts = [record.text]
            case Episode():
                texts = [record.text if record.title is None else f"{record.title}\n{record.text}"]
                if record.contextual:
                    texts.append(record.text)
                if len(record.sentences) > 1:
                    texts += [record.text[start:end] for start, end in record.sentences]
            case _:
                return None
        return encode(texts).astype(np.float16)
