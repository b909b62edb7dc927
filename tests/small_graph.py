"""Small records for tests: one line each, with whatever they need around them left to the caller."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np

from graphmem.model import Entity, Episode, Event, Fact, Mention, Participant, Record, Session, Value
from graphmem.store.contract import Change, ChangeSet, Vectors

LEARNED = datetime(2023, 5, 8, 12, 30, 15, 123456, tzinfo=timezone.utc)
EAST, NORTH, UP = np.eye(4, dtype=np.float32)[:3]


def day(number: int) -> datetime:
    """Give a day of 2023, counted from 1."""
    return datetime(2023, 1, 1, tzinfo=timezone.utc) + timedelta(days=number - 1)


class Maker:
    """Makes the records of one tenant."""

    def __init__(self, group_id: str) -> None:
        self.group_id = group_id
        self.base = {"group_id": group_id, "created_at": LEARNED}

    def session(self, name: str = "notes") -> Session:
        return Session(**self.base, name=name)

    def episode(self, text: str, *mentions: Entity, reference_time: datetime = LEARNED, **more: Any) -> Episode:
        named = tuple(Mention(entity=entity.uuid, start=0, end=len(text)) for entity in mentions)
        return Episode(**self.base, text=text, reference_time=reference_time, mentions=named, **more)

    def entity(self, name: str, *names: str, **more: Any) -> Entity:
        return Entity(**{**self.base, **more}, name=name, names=tuple(sorted({name, *names})))

    def value(self, text: str, subject: Entity, predicate: str = "be") -> Value:
        return Value(**self.base, text=text, subject_uuid=subject.uuid, predicate=predicate)

    def fact(self, subject: Entity, predicate: str, object: Entity | Value, *episodes: Episode, **more: Any) -> Fact:
        name = object.name if isinstance(object, Entity) else object.text
        return Fact(
            **{**self.base, **more},
            subject=subject.name,
            subject_uuid=subject.uuid,
            predicate=predicate,
            object=name,
            object_uuid=object.uuid,
            fact=f"{subject.name} {predicate} {name}",
            episodes=tuple(sorted(episode.uuid for episode in episodes)),
        )

    def event(self, text: str, *participants: Entity, episodes: Iterable[Episode] = (), **more: Any) -> Event:
        return Event(
            **self.base,
            predicate=text.split()[0],
            text=text,
            participants=tuple(Participant(role="agent", name=who.name, uuid=who.uuid) for who in participants),
            episodes=tuple(sorted(episode.uuid for episode in episodes)),
            **more,
        )

    def change(self, *put: Record, remove: Sequence[str] = (), vectors: dict[str, Vectors] | None = None) -> ChangeSet:
        return ChangeSet(group_id=self.group_id, put=put, remove=remove, vectors=vectors or {})


def rows(*vectors: np.ndarray) -> Vectors:
    """Give vectors as a store keeps them."""
    return np.stack(vectors).astype(np.float16)


def everything(store: Any) -> dict[str, Record]:
    """Give every record that a store has, by uuid; periods left out, which nobody puts."""
    return {change.uuid: change.record for change in said(store) if change.record is not None}


def said(store: Any, since: int = 0) -> list[Change]:
    """Give the changes after a revision; those of periods left out."""
    return [change for change in store.changes(since) if change.kind != "period"]
