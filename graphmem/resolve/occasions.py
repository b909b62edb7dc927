"""Appointments: the event that takes place on the date which a fact tells, and what becomes of it.

A fact that something "is on" a date states an event, which "takes place" then. What is believed of the fact, see
`graphmem.resolve.truth`, is what becomes of the event:

| the fact | the event |
| --- | --- |
| holds until the date is over, or openly; is told as past | stands as it was stated |
| is ended before by another date, not just told more or less exactly | was moved to it |
| is ended before by anything else | was cancelled |
| is given up | is given up |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from graphmem.errors import InvalidInput
from graphmem.model import Event, Fact, Granularity, Participant, Status, utc
from graphmem.periods import interval, level
from graphmem.resolve.truth import Belief

APPOINTED = "be on"
"""The slot of facts that tell on which date something is."""

PREDICATE = "take place"


class Dated(NamedTuple):
    """A date: from when until when it lasts, and how finely it is told."""

    start: datetime
    end: datetime | None
    granularity: Granularity


def dated(text: str) -> Dated | None:
    """Read a date as a fact has it: a day, month or year, or a day with a time; None for anything else.

    >>> dated("2023-05-15T10:00").granularity, dated("2023-05").end.isoformat(), dated("soon")
    ('hour', '2023-06-01T00:00:00+00:00', None)
    """
    try:
        if "T" not in text:
            return Dated(*interval(text), level(text))
        start = utc(text)
        return (
            Dated(start, start + timedelta(minutes=1), "minute")
            if start.minute
            else Dated(start, start + timedelta(hours=1), "hour")
        )
    except (InvalidInput, OverflowError):
        return None


def occasion(fact: Fact) -> Event | None:
    """Return the event that a fact tells the date of, without a status; None for any other fact.

    >>> from graphmem.model import Fact
    >>> told = Fact(group_id="g", subject="talk", subject_uuid="1", predicate="be on", object="2023-05-12",
    ...             object_uuid="2", fact="talk is on 2023-05-12", slot="be on", created_at="2023-05-08")
    >>> event = occasion(told)
    >>> event.predicate, event.participants[0].name, event.valid_at.isoformat(), event.granularity
    ('take place', 'talk', '2023-05-12T00:00:00+00:00', 'day')
    """
    when = dated(fact.object) if fact.slot == APPOINTED else None
    if when is None or fact.negated or fact.modality not in ("asserted", "intended"):
        return None
    return Event(
        group_id=fact.group_id,
        created_at=fact.created_at,
        predicate=PREDICATE,
        text=fact.fact,
        participants=(Participant(role="agent", name=fact.subject, uuid=fact.subject_uuid),),
        valid_at=when.start,
        invalid_at=when.end,
        granularity=when.granularity,
        anchor="explicit",
        modality=fact.modality,
        tense=fact.tense,
        episodes=fact.episodes,
    )


def status(event: Event, said: datetime) -> Status | None:
    """Return whether an event is still to come or has happened, by who tells of it at a time.

    >>> from graphmem.model import Event
    >>> trip = Event(group_id="g", predicate="fly", text="fly", valid_at="2023-06-01", created_at="2023-05-08")
    >>> status(trip, utc("2023-05-08")), status(trip, utc("2023-06-08"))
    ('planned', 'happened')
    """
    if event.negated or event.modality not in ("asserted", "intended"):
        return None
    lasts = event.predicate == PREDICATE and event.tense == "present"
    time = event.invalid_at if lasts else event.valid_at
    later = time is not None and time > said
    return "planned" if event.modality == "intended" or event.tense == "future" or later else "happened"


class Standing(NamedTuple):
    """What is believed of an event from one moment of learning until another."""

    status: Status | None
    created_at: datetime
    expired_at: datetime | None
    closed_by: str | None = None
    rule: str | None = None
    moved_to: str | None = None
    believed: bool = True
    """Not, where it is given up."""


def standings(event: Event, beliefs: Sequence[Belief], facts: Mapping[str, Fact]) -> list[Standing]:
    """Return what is believed of an event, one after the other, by what is believed of the facts that tell of it.

    `facts` has those that may have ended them, by uuid.
    """
    times = sorted({time for one in beliefs for time in (one.created_at, one.expired_at) if time is not None})
    found: list[Standing] = []
    for time, until in zip(times, [*times[1:], None], strict=False):
        held = [one for one in beliefs if one.created_at <= time and (one.expired_at is None or time < one.expired_at)]
        if held:
            now = _standing(event, held, facts, time)
        else:
            lost = next(one for one in beliefs if one.expired_at is not None and one.expired_at <= time)
            lost = max((one for one in beliefs if one.expired_at == time), key=lambda one: one.rule or "", default=lost)
            now = Standing(event.status, time, None, lost.closed_by, lost.rule, believed=False)
        if found and now == found[-1]._replace(created_at=time, expired_at=None):
            now = now._replace(created_at=found.pop().created_at)
        found.append(now._replace(expired_at=until))
    return found


def _standing(event: Event, held: Sequence[Belief], facts: Mapping[str, Fact], time: datetime) -> Standing:
    """Return what becomes of an event by all that is believed of its facts at one time."""
    stands = Standing(event.status, time, None)
    last = max(held, key=lambda one: (one.invalid_at is None, one.invalid_at or time, one.closed_by or ""))
    until, date = last.invalid_at, event.invalid_at
    if event.status == "happened" or last.closed_by is None or until is None or (date is not None and date <= until):
        return stands
    by = facts.get(last.closed_by)
    other = None if by is None else occasion(by)
    if by is None or other is None or other.uuid == event.uuid:
        return Standing("cancelled", time, None, last.closed_by, last.rule)
    return stands if _overlap(event, other) else Standing("moved", time, None, other.uuid, last.rule, by.object)


def _overlap(one: Event, other: Event) -> bool:
    """Do two dates overlap: a day and an hour of it?"""
    return all(
        first.valid_at is None or second.invalid_at is None or first.valid_at < second.invalid_at
        for first, second in ((one, other), (other, one))
    )
