"""The levels above episodes: topics, sessions, periods, entities and communities, those that have a summary.

A node of a level is as good as the episodes in it together, the more the fewer they are, and as its summary is like the
question, names what it names and tells of its times. Which level answers a question is decided by the entropy of the
scores on each (MemGAS): one where few nodes stand out knows where to look.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from graphmem.graph.lexical import stem, terms
from graphmem.model import Kind, natural_key, period_uuid
from graphmem.periods import interval
from graphmem.recall.answers import Answer
from graphmem.recall.question import Question
from graphmem.recall.tables import Mask
from graphmem.recall.times import Window

if TYPE_CHECKING:
    from graphmem.recall.index import Index

Rows = NDArray[np.intp]

LEVELS: Final[tuple[Kind, ...]] = ("topic", "session", "period", "entity", "community")

_GENERIC: Final = frozenset(
    stem(word)
    for word in """
    know tell happen go going went thing things everything anything all lot general news new latest summary summarise
    summarize overview story main point points topic topics talk talked discuss discussed discussion conversation
    common interest interests hobby hobbies share together relationship life profile someone people person overall
    describe say said learn learned remember recall memory memories project event events activity activities
    """.split()  # noqa: SIM905
)
"""What is left of a question that asks for no detail."""


_UNITS: Final = {10: "datetime64[D]", 7: "datetime64[M]", 4: "datetime64[Y]"}
"""By the length of their names: days, months, years."""


class Level(NamedTuple):
    """The nodes of one level that have a summary, with the episodes, and the names, that lie in each."""

    name: str
    """Such as "session", "month" or "community 1"."""
    kind: Kind
    summary: Rows
    """The row of the summary of each node."""
    node: Rows
    """With `row`: which node has which episode."""
    row: Rows
    spans: NDArray[np.float64]
    """From when until when each node lasts, in seconds since 1970, shape (nodes, 2)."""
    names: tuple[frozenset[int], ...]
    """Of entities and communities: the numbers of the names in each node."""


def levels(index: Index, kind: Kind) -> list[Level]:
    """Return the levels of a kind that a memory has, as far as they were consolidated."""
    readers = {
        "topic": _topics,
        "session": _sessions,
        "period": _periods,
        "entity": _entities,
        "community": _communities,
    }
    return list(readers[kind](index))


def coarseness(level: Level) -> float:
    """Return how many episodes a node of a level has, in the mean."""
    return len(level.row) / len(level.summary)


def _level(
    index: Index,
    name: str,
    kind: Kind,
    nodes: Sequence[tuple[str, Rows]],
    *,
    spans: Sequence[Window] | None = None,
    names: Sequence[frozenset[int]] = (),
) -> Iterator[Level]:
    """Keep those nodes, given by their uuids and rows of episodes, that have a summary; nothing if none has."""
    of_row = index.summaries.of_row
    kept = [place for place, (uuid, rows) in enumerate(nodes) if uuid in of_row and len(rows)]
    if not kept:
        return
    summary = np.array([of_row[nodes[place][0]] for place in kept], np.intp)
    table = index.summaries
    told = np.stack((table.valid.values[summary], table.invalid.values[summary]), axis=1)
    yield Level(
        name,
        kind,
        summary,
        np.repeat(np.arange(len(kept)), [len(nodes[place][1]) for place in kept]),
        np.concatenate([nodes[place][1] for place in kept]),
        told if spans is None else np.array([spans[place] for place in kept], np.float64),
        tuple(names[place] for place in kept) if names else (),
    )


def _grouped(keys: NDArray[Any], rows: Rows) -> list[tuple[int, Rows]]:
    """Return rows by key, in order."""
    order = np.argsort(keys, kind="stable")
    known, first = np.unique(keys[order], return_index=True)
    return list(zip(known.tolist(), np.split(rows[order], first[1:]), strict=True)) if len(keys) else []


def _alive(index: Index) -> Rows:
    return np.flatnonzero(index.episodes.alive.values)


def _topics(index: Index) -> Iterator[Level]:
    table = index.topics
    there = np.flatnonzero(table.alive.values)
    found = table.support.items(there)
    rows = index.episodes.rows_of(found.other)
    kept = rows >= 0
    nodes = [(table.uuids[there[node]], own) for node, own in _grouped(found.owner[kept], rows[kept].astype(np.intp))]
    yield from _level(index, "topic", "topic", nodes)


def _sessions(index: Index) -> Iterator[Level]:
    episodes, group = index.episodes, index.summaries.group
    rows = _alive(index)
    rows = rows[episodes.session.values[rows] >= 0]
    nodes = [
        (natural_key("session", group, episodes.sessions.texts[number]), own)
        for number, own in _grouped(episodes.session.values[rows], rows)
    ]
    yield from _level(index, "session", "session", nodes)


def _periods(index: Index) -> Iterator[Level]:
    """Days, months and years: with what was said in them, and what tells of events in them."""
    group, rows = index.summaries.group, _alive(index)
    said = index.episodes.valid.values[rows]
    start, length, teller = _told(index)
    for name, width, days in (("day", 10, 2), ("month", 7, 32), ("year", 4, 367)):
        fits = length <= days * 86400
        moments, where = np.concatenate((said, start[fits])), np.concatenate((rows, teller[fits]))
        pairs = np.unique(np.stack((_names(moments, width), where), axis=1), axis=0) if len(where) else np.empty((0, 2))
        found = _grouped(pairs[:, 0], pairs[:, 1].astype(np.intp))
        called = [_called(number, width) for number, _ in found]
        nodes = [(period_uuid(group, one), own) for one, (_, own) in zip(called, found, strict=True)]
        spans = [tuple(_seconds(end) for end in interval(one)) for one in called]
        yield from _level(index, name, "period", nodes, spans=[(first, last) for first, last in spans])


def _told(index: Index) -> tuple[NDArray[np.float64], NDArray[np.float64], Rows]:
    """When the events begin that are dated, how long they last, and an episode that tells of each."""
    table = index.events
    there = np.flatnonzero(
        table.alive.values
        & (table.expired.values == np.inf)
        & np.isfinite(table.valid.values)
        & np.isfinite(table.invalid.values)
        & ~table.off()
    )
    found = table.support.items(there)
    rows = index.episodes.rows_of(found.other).astype(np.intp)
    owner, rows = there[found.owner[rows >= 0]], rows[rows >= 0]
    start = table.valid.values[owner]
    return start, table.invalid.values[owner] - start, rows


def _names(moments: NDArray[np.float64], width: int) -> NDArray[np.int64]:
    """Number the days, months or years of moments."""
    days = np.floor(moments / 86400).astype("datetime64[D]")
    numbers: NDArray[np.int64] = days.astype(_UNITS[width]).astype(np.int64)
    return numbers


def _called(number: int, width: int) -> str:
    return str(np.array([number]).astype(_UNITS[width])[0])


def _seconds(end: datetime | None) -> float:
    return np.inf if end is None else end.timestamp()


def _entities(index: Index) -> Iterator[Level]:
    known = [(uuid, number) for uuid, number in index.names.entity.items() if uuid in index.summaries.of_row]
    found = index.episodes.names.rows([number for _, number in known])
    own = _grouped(found.owner, found.other.astype(np.intp))
    nodes = [(known[place][0], rows) for place, rows in own]
    yield from _level(index, "entity", "entity", nodes, names=[frozenset((known[place][1],)) for place, _ in own])


def _communities(index: Index) -> Iterator[Level]:
    table = index.communities
    holds: dict[str, list[int]] = {}
    there = np.flatnonzero(table.alive.values)
    for level in np.unique(table.level.values[there]).tolist():
        nodes, numbers = [], []
        for row in there[table.level.values[there] == level].tolist():
            members = [table.keys.texts[key] for key in table.members.items([row]).other.tolist()]
            own = [index.names.entity[uuid] for uuid in members if uuid in index.names.entity] if level == 0 else []
            own += [number for uuid in members for number in holds.get(uuid, ())]
            holds[table.uuids[row]] = own
            nodes.append((table.uuids[row], np.unique(index.episodes.names.rows(own).other).astype(np.intp)))
            numbers.append(frozenset(own))
        yield from _level(index, f"community {level}", "community", nodes, names=numbers)


# How good the nodes of a level are


@dataclass(frozen=True)
class Judged:
    """The nodes of a level as they answer one question: what each signal adds, and the best episode in each."""

    level: Level
    scores: dict[str, NDArray[np.float64]]
    best: Rows
    shown: Mask
    """Which nodes may be found: those of whose summary every word comes from an episode that may be found."""

    @property
    def total(self) -> NDArray[np.float64]:
        """The score of each node, -inf where it may not be found."""
        total: NDArray[np.float64] = np.sum(list(self.scores.values()), axis=0)
        return np.where(self.shown, total, -np.inf)


def gathered(
    level: Level, score: NDArray[np.float32], *, spread: float, few: float
) -> tuple[NDArray[np.float64], Rows]:
    """Return how good the episodes in each node are together, and the best of them; `score` is -inf for the others.

    Scores add up as odds do, with `spread` as the unit; `few` is the power of their number by which that is divided.
    """
    own = score[level.row].astype(np.float64)
    nodes = len(level.summary)
    best = float(own.max(initial=-np.inf))
    if best == -np.inf:
        return np.full(nodes, -np.inf), np.full(nodes, -1, np.intp)
    mass = np.bincount(level.node, np.exp((own - best) / spread), minlength=nodes)
    count = np.bincount(level.node, own > -np.inf, minlength=nodes)
    order = np.lexsort((level.row, -own, level.node))
    known, first = np.unique(level.node[order], return_index=True)
    leading = np.full(nodes, -1, np.intp)
    leading[known] = level.row[order[first]]
    with np.errstate(divide="ignore"):
        value = best + spread * (np.log(mass) - few * np.log(np.maximum(count, 1)))
    return value, leading


def named(level: Level, question: Question) -> NDArray[np.float64]:
    """Return which share of the names in a question each node has."""
    wanted = [set(name.numbers) for name in question.names if name.numbers]
    share = [sum(bool(one & own) for one in wanted) / max(len(wanted), 1) for own in level.names]
    return np.array(share, np.float64) if level.names else np.zeros(len(level.summary))


def fitting(level: Level, windows: Sequence[Window]) -> NDArray[np.float64]:
    """Return how well the span of each node fits the windows of a question: what both share, over what either has.

    >>> spans = np.array([[0, 10], [0, 100], [50, 60]], float)
    >>> nothing = np.zeros(0, np.intp)
    >>> level = Level("day", "period", np.arange(3), nothing, nothing, spans, ())
    >>> fitting(level, [(0.0, 20.0)]).tolist()
    [0.5, 0.2, 0.0]
    """
    fit = np.zeros(len(level.summary))
    first, last = level.spans.T
    for start, end in windows:
        common = np.minimum(last, end) - np.maximum(first, start)
        either = np.maximum(last, end) - np.minimum(first, start)
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(common > 0, common / either, 0.0)
        fit = np.maximum(fit, np.nan_to_num(share))
    return fit


# Which level answers


def covering(level: Level, windows: Sequence[Window]) -> float:
    """Return how well the nodes that meet some windows cover them together: what is shared, over what either has.

    >>> spans, nothing = np.array([[0, 10], [10, 20], [20, 30]], float), np.zeros(0, np.intp)
    >>> level = Level("day", "period", np.arange(3), nothing, nothing, spans, ())
    >>> covering(level, [(0.0, 20.0)]), covering(level, [(0.0, 5.0)])
    (1.0, 0.5)
    """
    first, last = level.spans.T
    best = 0.0
    for start, end in windows:
        common = np.maximum(np.minimum(last, end) - np.maximum(first, start), 0)
        either = (end - start) + float((last - first - common)[common > 0].sum())
        if np.isfinite(either):
            best = max(best, float(common.sum()) / either)
    return best


def broad(question: Question) -> bool:
    """Does a question ask for no detail, once its names and times are left aside: "What happened in May"?"""
    if question.asked & ~Answer.PERSON:
        return False
    left = list(question.text)
    for start, end in (*((name.start, name.end) for name in question.names), *question.timed):
        left[start:end] = " " * (end - start)
    return all(term in _GENERIC or len(term) == 1 for term in terms("".join(left)))  # "s" is left of "Ben's"


def entropy(scores: NDArray[np.float64], spread: float) -> float:
    """Return the entropy of scores as a share of the largest there could be, 0 to 1; of a single one it is 1.

    >>> entropy(np.array([9.0, 0.0, 0.0]), 1.0) < 0.01, round(entropy(np.array([1.0, 1.0, 1.0]), 1.0), 6)
    (True, 1.0)
    """
    there = scores[scores > -np.inf]
    if len(there) < 2:
        return 1.0
    odds = np.exp((there - there.max()) / spread)
    share = odds / odds.sum()
    share = share[share > 0]
    return float(-(share * np.log(share)).sum() / np.log(len(there)))
