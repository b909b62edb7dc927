"""How present something is: it fades by half in a time that its kind tells, and slower each time it is recalled.

After MemoryBank (Zhong et al. 2024), whose forgetting curve starts anew and flattens with each recall. What is kept of
recalls are the days on which they were, so that joining what several processes noted is a union, in any order and as
often as one likes; recalling ten times in an hour counts as once. Time is always given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from types import MappingProxyType
from typing import Final

from graphmem.model import Kind

HALF_LIFE: Final[Mapping[Kind, timedelta]] = MappingProxyType(
    {"episode": timedelta(days=30), "event": timedelta(days=90), "fact": timedelta(days=180)}
)
"""In which time it fades by half what nobody recalls;"""
OTHERS: Final = timedelta(days=365)
"""anything else, entities above all, in this time."""
KEPT: Final = 64
"""So many days of recall are kept, the last ones."""


@dataclass(frozen=True)
class Trace:
    """What is noted of one record: the days on which it was recalled, and whether it is pinned.

    >>> here = Trace("u", (date(2023, 5, 1),))
    >>> there = Trace("u", (date(2023, 5, 1), date(2023, 5, 9))).pin(datetime(2023, 5, 9, tzinfo=timezone.utc))
    >>> here.joined(there) == there.joined(here) == there
    True
    """

    of: str
    recalled: tuple[date, ...] = ()
    """In order."""
    pinned: bool = False
    decided_at: datetime | None = None
    """When it was pinned or unpinned last."""

    def recall(self, at: datetime) -> Trace:
        """Note that it was recalled."""
        return Trace(self.of, days(self.recalled, (at.astimezone(timezone.utc).date(),)), self.pinned, self.decided_at)

    def pin(self, at: datetime, pinned: bool = True) -> Trace:
        """Protect it from fading, or no longer; of two decisions the later one holds."""
        return self.joined(Trace(self.of, (), pinned, at))

    def joined(self, other: Trace) -> Trace:
        """Join two traces of one record: commutative, associative, idempotent; pinned wins at the same moment."""
        if other.of != self.of:
            raise ValueError(f"only traces of one record can be joined, not of {self.of} and {other.of}")
        last = max(self, other, key=lambda one: (one.decided_at is not None, one.decided_at or _NEVER, one.pinned))
        return Trace(self.of, days(self.recalled, other.recalled), last.pinned, last.decided_at)


_NEVER: Final = datetime.min.replace(tzinfo=timezone.utc)


def days(*recalled: Iterable[date], most: int = KEPT) -> tuple[date, ...]:
    """Join days, in order, the last ones if there are too many.

    >>> days([date(2023, 5, 2)], [date(2023, 5, 1), date(2023, 5, 2)])
    (datetime.date(2023, 5, 1), datetime.date(2023, 5, 2))
    """
    return tuple(sorted(set().union(*recalled)))[-most:]


def strength(trace: Trace, kind: Kind, *, learned: datetime, now: datetime, support: int = 1) -> float:
    """Return how present a record is, from 0 to 1; what is pinned is wholly present.

    It halves in the time of its kind since it was learned or last recalled. Each day on which it was recalled, and
    each episode beyond the first that says the same (`support`), makes that time longer by as much again.

    >>> learned, later = (datetime(2023, 1, day, tzinfo=timezone.utc) for day in (1, 31))
    >>> strength(Trace("u"), "episode", learned=learned, now=later)
    0.5
    >>> strength(Trace("u"), "episode", learned=learned, now=later, support=2) == 0.5**0.5
    True
    """
    if support < 1:
        raise ValueError(f"support must be at least 1, got {support}: what nothing supports is not remembered")
    if trace.pinned:
        return 1.0
    last = max([learned, *(datetime.combine(day, time(), timezone.utc) for day in trace.recalled[-1:])])
    half_life = HALF_LIFE.get(kind, OTHERS) * (len(trace.recalled) + support)
    return float(0.5 ** (max(now - last, timedelta()) / half_life))
