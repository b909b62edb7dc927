"""Facts that the user knows already, as an extractor: each triplet is an episode that states it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from graphmem.errors import InvalidInput
from graphmem.model import Argument, Episode, Extraction, Named, Statement, check_text, utc
from graphmem.resolve.wording import sentence

_FIELDS = frozenset({"subject", "predicate", "object", "valid_at", "invalid_at"})


class Triplets:
    """Extracts what it was given; `texts` states each triplet as a sentence.

    Raises `InvalidInput` for what is no triplet.

    >>> Triplets([("Ada Lovelace", "be born in", 1815)]).texts
    ['Ada Lovelace is born in 1815.']
    """

    def __init__(self, triplets: Iterable[Sequence[Any] | Mapping[str, Any]]) -> None:
        self._extractions = dict(_extraction(triplet) for triplet in triplets)

    @property
    def texts(self) -> list[str]:
        """The sentences, in order."""
        return list(self._extractions)

    def extract(self, episodes: Sequence[Episode]) -> list[Extraction]:
        """Return what each episode's triplet says."""
        return [self._extractions[episode.text] for episode in episodes]


def _extraction(triplet: Sequence[Any] | Mapping[str, Any]) -> tuple[str, Extraction]:
    if isinstance(triplet, Mapping):
        if unknown := triplet.keys() - _FIELDS:
            raise InvalidInput(f"unknown {', '.join(map(repr, sorted(unknown)))}: a triplet has {sorted(_FIELDS)}")
        given = dict(triplet)
    elif isinstance(triplet, str) or not isinstance(triplet, Sequence) or len(triplet) != 3:
        raise InvalidInput(f"{triplet!r:.80} is no triplet: give (subject, predicate, object)")
    else:
        given = dict(zip(("subject", "predicate", "object"), triplet, strict=True))
    subject, predicate = (check_text(given.get(name), what=name).strip() for name in ("subject", "predicate"))
    object = given.get("object")
    text_of_object = check_text(_plain(object), what="object").strip()
    stated = sentence(subject, predicate, text_of_object)
    valid_at, invalid_at = _moment(given, "valid_at"), _moment(given, "invalid_at")
    text = stated + _interval(valid_at, invalid_at) + "."
    end = len(stated)
    statement = Statement(
        subject=Argument(start=0, end=len(subject), text=subject, name=subject),
        predicate=predicate,
        object=Argument(
            start=end - len(text_of_object),
            end=end,
            text=text_of_object,
            name=text_of_object if isinstance(object, str) else None,
            literal="date" if isinstance(object, date) else "number",
        ),
        start=0,
        end=end,
        valid_at=valid_at,
        invalid_at=invalid_at,
    )
    ends = [statement.subject, *([statement.object] if statement.object.name else [])]
    mentions = tuple(Named(start=at.start, end=at.end, name=at.text, type="MISC") for at in ends)
    return text, Extraction(sentences=((0, len(text)),), mentions=mentions, facts=(statement,))


def _moment(given: Mapping[str, Any], name: str) -> datetime | None:
    return None if given.get(name) is None else utc(given[name])


def _interval(start: datetime | None, end: datetime | None) -> str:
    """State the interval, so that the same relation at two times is two texts."""
    parts = [f"{word} {moment.isoformat()}" for word, moment in (("from", start), ("until", end)) if moment]
    return f" ({' '.join(parts)})" if parts else ""


def _plain(object: Any) -> Any:
    if isinstance(object, date):
        return object.isoformat()
    return str(object) if isinstance(object, (int, float)) and not isinstance(object, bool) else object
