"""What an extractor reads in a sentence, written as one line, so that tables of sentences can say what they expect."""

from __future__ import annotations

from functools import cache

from graphmem.extract.english import EnglishExtractor
from graphmem.extract.timex import find
from graphmem.model import Episode, Extraction, Happening, Statement, utc

NOW = "2023-06-14T15:00"
"""A Wednesday."""


def read_times(text: str) -> str:
    """Each time found, as "text: start..end granularity relation", with what is usual left out."""
    lines = []
    for time in find(text, NOW):
        assert text[time.start : time.end] == time.text
        limits = [
            "" if moment is None else moment.isoformat()[:19].removesuffix(":00").removesuffix("T00:00")
            for moment in (time.valid_at, time.invalid_at)
        ]
        interval = f" {limits[0]}..{limits[1]} {time.granularity}" if any(limits) else ""
        lines.append(f"{time.text}:{interval}" + (f" {time.relation}" if time.relation != "at" else ""))
    return " | ".join(lines)


def read_facts(text: str, speaker: str | None = None) -> list[str]:
    """Each fact, as "subject | predicate | object from..until", with what is not plainly asserted."""
    return [_fact(fact) for fact in _read(text, speaker).facts]


def read_events(text: str, speaker: str | None = None) -> list[str]:
    """Each event, as "predicate: role name, role name @ place from..until granularity anchor"."""
    return [_event(event) for event in _read(text, speaker).events]


@cache
def _extractor() -> EnglishExtractor:
    return EnglishExtractor()


def _read(text: str, speaker: str | None) -> Extraction:
    episode = Episode(group_id="g", text=text, speaker=speaker, reference_time=utc(NOW), created_at=utc(NOW))
    return _extractor().extract([episode])[0]


def _fact(fact: Statement) -> str:
    line = f"{fact.subject.name} | {fact.predicate} | {fact.object.name or fact.object.text}"
    if fact.valid_at or fact.invalid_at:
        line += f" {fact.valid_at.date() if fact.valid_at else ''}..{fact.invalid_at.date() if fact.invalid_at else ''}"
    return line + (" (not)" if fact.negated else "") + (f" ({fact.modality})" if fact.modality != "asserted" else "")


def _event(event: Happening) -> str:
    line = f"{event.predicate}: " + ", ".join(f"{role} {a.name or a.text}" for role, a in event.participants)
    line += f" @ {event.place.name}" if event.place else ""
    if event.valid_at and event.invalid_at:
        line += f" {event.valid_at.date()}..{event.invalid_at.date()} {event.granularity} {event.anchor}"
    return line + (" (not)" if event.negated else "") + (f" ({event.modality})" if event.modality != "asserted" else "")
