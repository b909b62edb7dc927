"""What of a record can be searched for and compared, the same for every database."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from graphmem.model import (
    Community,
    Entity,
    Episode,
    Event,
    Fact,
    Period,
    Record,
    Session,
    Summary,
    Topic,
    Trace,
    Value,
)

_WORD = re.compile(r"\w+")
MOST_WORDS = 100  # of a question; databases bound the number of clauses


def searchable(record: Record) -> str:
    """Return the text of a record that full-text search looks at."""
    match record:
        case Episode():
            return f"{record.title}\n{record.text}" if record.title else record.text
        case Entity():
            return "\n".join(dict.fromkeys([record.name, *record.names]))
        case Fact():
            return record.fact
        case Value() | Event():
            return record.text
        case Session() | Period() | Community() | Topic():
            return record.name
        case Summary():
            return f"{record.title}\n{record.text}"
        case Trace():
            return ""


def words_of(question: str) -> list[str]:
    """Return the words to look for, each once, in lower case, free of any query language's signs.

    >>> words_of('Who knows "Ada" AND Ben?')
    ['who', 'knows', 'ada', 'and', 'ben']
    """
    return list(dict.fromkeys(_WORD.findall(question.casefold())))[:MOST_WORDS]


def has_metadata(metadata: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
    """Tell whether metadata has each entry that is asked for.

    >>> has_metadata({"title": "Ada", "page": 3}, {"page": 3})
    True
    """
    return all(key in metadata and metadata[key] == value for key, value in asked.items())
