"""What was recalled together is a little connected: Hebbian weights that are bounded and fade.

After Hebb (1949), as A-MEM and Memoria use him. Of two records are kept the days on which they were recalled together,
see `graphmem.model.Trace`, so that notes of several processes are joined by union; the weight follows.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta, timezone
from itertools import combinations
from typing import Final, TypeAlias

from graphmem.model import TRACED, Trace, days, merge
from graphmem.results import Hit

Pair: TypeAlias = tuple[str, str]
RATE: Final = 0.1
"""What one day of being recalled together adds, of what is missing to 1."""
HALF_LIFE: Final = timedelta(days=60)
TOGETHER: Final = 8
"""Of one recall, so many of the best are together with each other."""
DAYS: Final = 16
"""So many days are kept of each two, the last ones."""
PAIRS: Final = 100_000
"""So many pairs are noted at most; beyond that those go that were noted longest ago."""
UNWRITTEN: Final = 10_000
"""So many traces wait to be written at most; beyond that those go that were noted longest ago."""


def weight(together: Iterable[date], *, now: datetime) -> float:
    """Return how much two records are connected by the days on which they were recalled together, from 0 to below 1.

    >>> now = datetime(2023, 5, 1, tzinfo=timezone.utc)
    >>> weight([], now=now), weight([date(2023, 5, 1)], now=now), weight([date(2023, 3, 2)], now=now)
    (0.0, 0.1, 0.05)
    """
    missing = 1.0
    for day in sorted(together):
        age = max(now - datetime.combine(day, time(), timezone.utc), timedelta())
        missing *= 1 - RATE * 0.5 ** (age / HALF_LIFE)
    return round(1 - missing, 12)


class Associations:
    """Which records were recalled together on which days.

    >>> notes = Associations()
    >>> notes.note(["a", "b", "c"], datetime(2023, 5, 1, tzinfo=timezone.utc))
    >>> notes.near({"a": 1.0}, now=datetime(2023, 5, 1, tzinfo=timezone.utc))
    {'b': 0.1, 'c': 0.1}
    """

    def __init__(self, pairs: Mapping[Pair, Iterable[date]] | None = None, *, most: int = PAIRS) -> None:
        self._days: dict[Pair, tuple[date, ...]] = {}
        self._others: dict[str, set[str]] = {}
        self._most = most
        self.join(pairs or {})

    def __len__(self) -> int:
        return len(self._days)

    def __iter__(self) -> Iterator[tuple[Pair, tuple[date, ...]]]:
        return iter(self._days.items())

    def note(self, recalled: Sequence[str], at: datetime) -> None:
        """Note what was recalled together, the best first."""
        day = at.astimezone(timezone.utc).date()
        best = sorted(dict.fromkeys(recalled[:TOGETHER]))
        self.join(dict.fromkeys(combinations(best, 2), (day,)))

    def join(self, pairs: Mapping[Pair, Iterable[date]]) -> None:
        """Take in what others noted."""
        for (one, two), noted in pairs.items():
            if one == two:
                raise ValueError(f"{one!r} cannot be associated with itself: give two records")
            pair = (min(one, two), max(one, two))
            self._days[pair] = days(self._days.pop(pair, ()), noted, most=DAYS)
            self._others.setdefault(one, set()).add(two)
            self._others.setdefault(two, set()).add(one)
        if len(self._days) > self._most:
            order = sorted(self._days, key=lambda pair: (self._days[pair][-1:], pair))
            for pair in order[: len(self._days) - self._most]:
                self._drop(pair)

    def forget(self, uuid: str) -> None:
        """Leave no trace of a record."""
        for other in sorted(self._others.get(uuid, ())):
            self._drop((min(uuid, other), max(uuid, other)))

    def near(self, scores: Mapping[str, float], *, now: datetime, most: int = 16) -> dict[str, float]:
        """Return what is associated with some records, the nearest first: what it gets of their scores."""
        found: dict[str, float] = {}
        for uuid, score in scores.items():
            for other in self._others.get(uuid, ()):
                if other not in scores:
                    share = score * weight(self._days[min(uuid, other), max(uuid, other)], now=now)
                    found[other] = max(found.get(other, 0.0), share)
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0]))[:most])

    def _drop(self, pair: Pair) -> None:
        del self._days[pair]
        for one, two in (pair, pair[::-1]):
            self._others[one].discard(two)
            if not self._others[one]:
                del self._others[one]


def recalled(hits: Iterable[Hit], *, group_id: str, at: datetime) -> Iterator[Trace]:
    """Yield traces of what was recalled, the best first, and of the best episodes together."""
    told = [hit for hit in hits if hit.kind in TRACED]
    day = at.astimezone(timezone.utc).date()
    for hit in told:
        yield Trace(group_id=group_id, created_at=at, of=(hit.uuid,), about=hit.kind, recalled=(day,))
    together = Associations()
    together.note([hit.uuid for hit in told if hit.kind == "episode"], at)
    for pair, noted in together:
        yield Trace(group_id=group_id, created_at=at, of=pair, about="episode", recalled=noted)


class Notes:
    """Traces that wait to be written. Safe to share.

    >>> notes, told = Notes(most=1), {"group_id": "g", "created_at": "2023-05-01", "about": "episode"}
    >>> notes.note(Trace(**told, of=(uuid,)) for uuid in ("a", "b"))
    >>> [trace.of for trace in notes.take()], notes.take()
    ([('b',)], [])
    """

    def __init__(self, *, most: int = UNWRITTEN) -> None:
        self._traces: dict[str, Trace] = {}
        self._most = most
        self._lock = threading.Lock()

    def note(self, traces: Iterable[Trace]) -> None:
        """Join traces in."""
        with self._lock:
            for trace in traces:
                known = self._traces.pop(trace.uuid, trace)
                self._traces[trace.uuid] = merge(known, trace)
            while len(self._traces) > self._most:
                del self._traces[next(iter(self._traces))]

    def waiting(self) -> list[Trace]:
        """Return the traces that wait."""
        with self._lock:
            return list(self._traces.values())

    def take(self) -> list[Trace]:
        """Return the traces that wait, and have none."""
        with self._lock:
            taken, self._traces = list(self._traces.values()), {}
            return taken
