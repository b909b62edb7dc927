"""The records that one episode gives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from graphmem.model import (
    Argument,
    Entity,
    EntityType,
    Episode,
    Event,
    Extraction,
    Fact,
    Happening,
    Mention,
    Participant,
    Record,
    Session,
    Statement,
    Value,
    joined,
    merge,
    natural_key,
    normal_name,
)
from graphmem.resolve.lexicon import Lexicon, Reading, read_lexicon, told_of
from graphmem.resolve.occasions import occasion, status
from graphmem.resolve.wording import sentence

_OF_EVENTS = 0.8
"""How sure a fact is that an event states."""


def understood(
    episode: Episode, extraction: Extraction, *, created_at: datetime, lexicon: Lexicon | None = None
) -> list[Record]:
    """Return the records that an episode and its extraction give, each uuid once, the completed episode first.

    The lexicon, the packaged one if none is given, tells which facts are states and what else is said by them.

    >>> from datetime import datetime
    >>> from graphmem.model import Named
    >>> note = Episode(group_id="g", text="Ada met Ben.", reference_time="1840-06-05", created_at=datetime(2023, 1, 1))
    >>> named = Extraction(mentions=(Named(start=0, end=3, name="Ada Lovelace", type="PERSON"),))
    >>> episode, ada = understood(note, named, created_at=note.created_at)
    >>> ada.name, ada.aliases, episode.mentions[0].entity == ada.uuid
    ('Ada Lovelace', ('Ada',), True)
    """
    entities = _Entities(episode, created_at)
    mentions = []
    for named in extraction.mentions:
        surface = None if named.pronoun else episode.text[named.start : named.end]
        mentions.append(Mention(entity=entities.add(named.name, named.type, surface), start=named.start, end=named.end))
    lexicon = read_lexicon() if lexicon is None else lexicon
    statements = [
        (statement, reading)
        for statement in extraction.facts
        if statement.subject.name is not None
        for reading in lexicon.read(statement, entities.type)
    ]
    stated = {(statement.subject.name, statement.predicate.split(" ")[0]) for statement, _ in statements}
    statements += [
        (_statement(happening, reading), reading)
        for happening in extraction.events
        for reading in lexicon.happened(happening, entities.type)
        if reading.predicate == "be" or (reading.subject.name, reading.predicate.split(" ")[0]) not in stated
    ]
    facts = [record for statement, reading in statements for record in _fact(statement, reading, episode, entities)]
    events = [_event(happening, episode, entities) for happening in extraction.events]
    events += [event for fact in facts if isinstance(fact, Fact) and (event := occasion(fact)) is not None]
    events = [event.model_copy(update={"status": status(event, episode.reference_time)}) for event in events]
    complete = episode.model_copy(update={"sentences": extraction.sentences, "mentions": tuple(mentions)})
    session = (
        ()
        if episode.session is None
        else (Session(group_id=episode.group_id, name=episode.session, created_at=created_at),)
    )
    return list(joined([complete, *session, *entities, *facts, *events]).values())


class _Entities:
    """The entities that one episode names, by normal form."""

    def __init__(self, episode: Episode, created_at: datetime) -> None:
        self._episode = episode
        self._created_at = created_at
        self._known: dict[str, Entity] = {}

    def add(self, name: str, type: EntityType = "CONCEPT", surface: str | None = None) -> str:
        """Note that the episode names an entity, in the form `surface`, and return its uuid."""
        names = {name} if surface is None or normal_name(surface) == normal_name(name) else {name, surface}
        entity = Entity(
            group_id=self._episode.group_id,
            created_at=self._created_at,
            name=name,
            type=type,
            names=tuple(sorted(names)),
        )
        known = self._known.get(entity.uuid)
        self._known[entity.uuid] = entity if known is None else merge(known, entity)
        return entity.uuid

    def type(self, argument: Argument) -> str:
        """Return the type of the entity that an argument is, or which literal."""
        if argument.name is None:
            return argument.literal
        known = self._known.get(natural_key("entity", self._episode.group_id, normal_name(argument.name)))
        return "CONCEPT" if known is None else known.type

    def __iter__(self) -> Iterator[Entity]:
        return iter(self._known.values())


def _statement(happening: Happening, reading: Reading) -> Statement:
    """Return what a happening states of the world."""
    return Statement(
        subject=reading.subject,
        predicate=reading.predicate,
        object=reading.object,
        start=happening.start,
        end=happening.end,
        confidence=_OF_EVENTS,
        valid_at=happening.valid_at,
        invalid_at=happening.invalid_at,
        granularity=happening.granularity,
        tense="past" if happening.valid_at is not None else "present",
    )


def _fact(statement: Statement, reading: Reading, episode: Episode, entities: _Entities) -> list[Record]:
    """Return the fact that a statement says, and its value if the object is one; nothing about what is no entity."""
    subject, object, predicate = reading.subject, reading.object, reading.predicate
    if subject.name is None:
        return []
    subject_uuid = entities.add(subject.name)
    records: list[Record] = []
    if object.name is None:
        value = Value(
            group_id=episode.group_id,
            created_at=episode.created_at,
            text=object.text,
            subject_uuid=subject_uuid,
            predicate=predicate,
            type=object.literal,
        )
        records.append(value)
        object_uuid, object_name = value.uuid, value.text
    else:
        object_uuid, object_name = entities.add(object.name), object.name
    if object_uuid == subject_uuid:
        return []
    records.append(
        Fact(
            group_id=episode.group_id,
            created_at=episode.created_at,
            subject=subject.name,
            subject_uuid=subject_uuid,
            predicate=predicate,
            object=object_name,
            object_uuid=object_uuid,
            fact=sentence(subject.name, predicate, object_name, negated=statement.negated, modality=statement.modality),
            **told_of(statement, reading),
            negated=statement.negated,
            modality=statement.modality,
            confidence=statement.confidence,
            episodes=(episode.uuid,),
            slot=reading.slot,
            holder=reading.holder,
            ends=reading.ends,
            corrects=statement.corrects,
        )
    )
    return records


def _event(happening: Happening, episode: Episode, entities: _Entities) -> Event:
    def participant(role: str, argument: Argument) -> Participant:
        uuid = None if argument.name is None else entities.add(argument.name)
        return Participant(role=role, name=argument.name or argument.text, uuid=uuid)

    return Event(
        group_id=episode.group_id,
        created_at=episode.created_at,
        predicate=happening.predicate,
        text=" ".join(episode.text[happening.start : happening.end].split()),
        participants=tuple(participant(role, argument) for role, argument in happening.participants),
        place=None if happening.place is None else happening.place.name or happening.place.text,
        valid_at=happening.valid_at,
        invalid_at=happening.invalid_at,
        granularity=happening.granularity,
        anchor=happening.anchor,
        negated=happening.negated,
        modality=happening.modality,
        tense=happening.tense,
        episodes=(episode.uuid,),
    )
