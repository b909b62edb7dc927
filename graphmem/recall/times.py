"""Times in questions: the windows that a question names, and what lies in them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timezone
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from graphmem.graph.lexical import terms
from graphmem.graph.vectors import top
from graphmem.model import TimeExpression
from graphmem.recall.tables import Counted, EpisodeTable, Mask, moment

Window: TypeAlias = tuple[float, float]
"""From when until when, in seconds since 1970, this moment not included; infinite where it is open."""

DAY = 86400
"""Seconds; what comes on one day, such as all documents of an import, is not ordered in time."""

_NAMED = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|spring|summer|autumn|fall|winter|christmas|easter|halloween|thanksgiving"
    r"|new year|valentine|boxing|fourth of july"
)
_SHIFTED = (
    r"last|past|previous|this|next|coming|upcoming|ago|back|earlier|later|hence|from now|yesterday|today|tonight"
    r"|tomorrow"
)
_CALENDAR = re.compile(rf"\b(?:{_NAMED})\b", re.IGNORECASE)
_RELATIVE = re.compile(rf"\b(?:{_SHIFTED})\b", re.IGNORECASE)
_MAY_NAME_A_TIME = re.compile(
    rf"(?<!\w)\d|\b(?:{_NAMED}|{_SHIFTED}|weekend|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|\w+ties|century|centuries)\b",
    re.IGNORECASE,
)
_UNITS = (
    r"(?:seconds?|minutes?|hours?|days?|nights?|weeks?|weekends?|months?|quarters?|seasons?|years?|decades?|century"
    r"|centuries)"
)
_EARLIEST = re.compile(
    r"\b(?:earliest|originally|initially"
    rf"|(?-i:first)(?!-| (?:place|prize|names?|half|aid|hand|class|person|language|lady|of all|{_UNITS})\b))\b",
    re.IGNORECASE,
)
_LATEST = re.compile(
    r"\b(?:latest|most recent(?:ly)?|newest|current(?:ly)?|nowadays|these days|at the moment|now(?! that\b)|last time"
    r"|(?:the|his|her|its|my|our|your|their|'s|’s|(?<!long )did \w+) (?-i:last)(?= \w)"
    rf"(?! (?:names?|{_NAMED}|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:\w+ )?{_UNITS})\b))\b",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"(?<!named )(?<!called )(?<!look )(?<!looks )(?<!looked )(?<!looking )\b(before|after|since)"
    r" (?!(?:how|when|what|which|who|or)\b)([^?.!,;:]+)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_ASIDE = re.compile(r"\b(?:for|about|than|like)\s+$", re.IGNORECASE)
"""Before a time that is thought of, at another time: "plans for May"."""


_ANY = datetime(2000, 1, 1, tzinfo=timezone.utc)
"""A reference time where none counts."""


class Times(NamedTuple):
    """The times that a question names: where each stands in it, and all the windows that they mean."""

    spans: tuple[tuple[int, int], ...] = ()
    windows: tuple[Window, ...] = ()


def times_in(text: str, years: range, reference_time: datetime | None) -> Times:
    """Find the times that a question names.

    "Last week" counts from the reference time, or from a day that the question names as well; without both it is no
    window. What recurs every year ("in May") is meant in each of `years`.
    """
    times = _find(text, reference_time or _ANY)
    day = next((t.valid_at or t.invalid_at for t in times if t.anchor == "explicit" and t.granularity == "day"), None)
    if day is not None:
        times = _find(text, day)
    found: dict[Window, None] = {}
    for time in times:
        if time.relation == "at" and _ASIDE.search(text, 0, time.start):
            continue
        if time.anchor == "explicit":
            found.update(dict.fromkeys(_window(time)))
        elif time.relation == "at" and _CALENDAR.search(time.text) and not _RELATIVE.search(time.text):
            found.update(dict.fromkeys(_each_year(time, years)))
        elif reference_time is not None or day is not None:
            found.update(dict.fromkeys(_window(time)))
    return Times(tuple((time.start, time.end) for time in times), tuple(found))


def _find(text: str, reference_time: datetime) -> list[TimeExpression]:
    if not _MAY_NAME_A_TIME.search(text):
        return []
    from graphmem.extract.timex import find  # its many patterns take a while to load

    return find(text, reference_time)


def order(text: str) -> int:
    """Say whether a question asks for the latest (1) or the earliest (-1) of several; 0 for neither.

    >>> order("Where does she work now?"), order("Who was her first teacher?"), order("How long did the trip last?")
    (1, -1, 0)
    """
    return bool(_LATEST.search(text)) - bool(_EARLIEST.search(text))


class Beside(NamedTuple):
    """What a question asks about lies before (-1) or after (1) something that it tells in these words."""

    side: int
    terms: tuple[str, ...]


def beside(text: str) -> Beside | None:
    """Find "before she moved to Oslo" in a question; "before June" is a window and nothing to find.

    >>> beside("Where did Ann live before she moved to Oslo?")
    Beside(side=-1, terms=('move', 'oslo'))
    """
    match = _BESIDE.search(text)
    if match is None or times_in(match[0], range(0), _ANY).windows:
        return None
    told = tuple(terms(match[2]))
    return Beside(-1 if match[1].lower() == "before" else 1, told) if told else None


def _window(time: TimeExpression) -> Iterator[Window]:
    start = -np.inf if time.valid_at is None or time.relation == "until" else time.valid_at.timestamp()
    end = np.inf if time.invalid_at is None or time.relation == "since" else time.invalid_at.timestamp()
    if time.valid_at is not None or time.invalid_at is not None:
        yield float(start), float(end)


def _each_year(time: TimeExpression, years: range) -> Iterator[Window]:
    if time.valid_at is None or time.invalid_at is None:
        return
    for year in years:
        try:
            start = time.valid_at.replace(year=year)
            end = time.invalid_at.replace(year=time.invalid_at.year + year - time.valid_at.year)
        except ValueError:  # a 29 February, or beyond the years that a datetime can hold
            continue
        yield start.timestamp(), end.timestamp()


def inside(windows: Sequence[Window], start: NDArray[Any], end: NDArray[Any] | None = None) -> Mask:
    """Which moments lie in some window, or which intervals meet one; no window is empty.

    >>> inside([(0, 2), (1, 5)], np.array([-1, 0, 4, 5])).tolist()
    [False, True, True, False]
    """
    mask = np.zeros(len(start), bool)
    if windows:
        firsts, lasts = np.sort(np.array(windows, np.float64), axis=0).T
        near = np.flatnonzero((start < lasts[-1]) & ((start if end is None else end) >= firsts[0]))
        begun = np.searchsorted(firsts, start[near], "right") if end is None else np.searchsorted(firsts, end[near])
        mask[near] = begun > np.searchsorted(lasts, start[near], "right")
    return mask


def told_of(windows: Sequence[Window], episodes: EpisodeTable, statements: Sequence[Counted]) -> Mask:
    """Which episodes were said in some window, or state something that happened in one."""
    mask = inside(windows, episodes.valid.values)
    for table, counting in statements if windows else ():
        dated = np.flatnonzero(counting & np.isfinite(table.valid.values) & np.isfinite(table.invalid.values))
        there = dated[inside(windows, table.valid.values[dated], table.invalid.values[dated])]
        rows = episodes.rows_of(table.support.items(there).other)
        mask[rows[rows >= 0]] = True
    return mask


def window_beside(told: Beside, episodes: EpisodeTable, allowed: Mask) -> tuple[Window, ...]:
    """The time until or from the day of the episode that tells best of something; none where no episode does."""
    likeness = np.where(allowed, episodes.lexicon.scores(told.terms), 0)
    if not likeness.any():
        return ()
    day = float(episodes.valid.values[int(likeness.argmax())]) // DAY * DAY
    return ((day, np.inf),) if told.side > 0 else ((-np.inf, day + DAY),)


def ordered(side: int, score: NDArray[np.float32], times: NDArray[np.float64], many: int) -> NDArray[np.float32]:
    """Order so many of the best episodes by their days: 1 for the latest (the earliest, if `side` is -1) to 0."""
    places = np.zeros(len(score), np.float32)
    best = top(score, many)
    days, place = np.unique(side * (times[best] // DAY), return_inverse=True)
    if len(days) > 1:
        places[best] = place / (len(days) - 1)
    return places


def date_of(
    episode: int,
    asked: Collection[str],
    episodes: EpisodeTable,
    statements: Sequence[Counted],
    vector: NDArray[np.float32],
) -> Window | None:
    """Say when that happened which an episode tells and a question asks for, by its terms and its vector.

    It is the time stated in the sentence with most of the terms; where the text states none, that of the dated fact or
    event most like the question.
    """
    said = moment(episodes.valid.values[episode])
    sentences = [text for text in _SENTENCE.split(episodes.texts[episode]) if _MAY_NAME_A_TIME.search(text)]
    for sentence in sorted(sentences, key=lambda text: -len(set(terms(text)).intersection(asked))):
        for time in _find(sentence, said):
            if time.valid_at is not None and time.relation in ("at", "since"):
                return next(_window(time))
    return _date_stated(episode, statements, vector)


def _date_stated(episode: int, statements: Sequence[Counted], vector: NDArray[np.float32]) -> Window | None:
    """The time of the dated fact or event of an episode that is most like a question."""
    best, date = -np.inf, None
    for counted in statements:
        table, rows = counted.table, counted.by(np.array([episode])).other
        rows = rows[np.isfinite(table.valid.values[rows])]
        if len(rows) and table.vectors.width:
            likeness = table.vectors.take(rows).astype(np.float32) @ vector
            if (most := float(likeness.max())) > best:
                row = rows[int(likeness.argmax())]
                best, date = most, (float(table.valid.values[row]), float(table.invalid.values[row]))
    return date
