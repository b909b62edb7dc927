"""How present something is: it fades by half in a time that its kind tells, and slower each time it is recalled.

After MemoryBank (Zhong et al. 2024), whose forgetting curve starts anew and flattens with each recall. What is kept of
recalls are the days on which they were, see `graphmem.model.Trace`: recalling ten times in an hour counts as once. Time
is always given.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta, timezone
from types import MappingProxyType
from typing import Final

from graphmem.model import Kind, Trace

HALF_LIFE: Final[Mapping[Kind, timedelta]] = MappingProxyType(
    {"episode": timedelta(days=30), "event": timedelta(days=90), "fact": timedelta(days=180)}
)
"""In which time it fades by half what nobody recalls;"""
OTHERS: Final = timedelta(days=365)
"""anything else, entities above all, in this time."""
_TICK: Final = timedelta(microseconds=1)


def strength(trace: Trace | None, kind: Kind, *, learned: datetime, now: datetime, support: int = 1) -> float:
    """Return how present a record is, from 0 to 1; what is pinned is wholly present.

    It halves in the time of its kind since it was learned or last recalled. Each day on which it was recalled, and
    each episode beyond the first that says the same (`support`), makes that time longer by as much again.

    >>> learned, later = (datetime(2023, 1, day, tzinfo=timezone.utc) for day in (1, 31))
    >>> strength(None, "episode", learned=learned, now=later)
    0.5
    >>> strength(None, "episode", learned=learned, now=later, support=2) == 0.5**0.5
    True
    """
    if support < 1:
        raise ValueError(f"support must be at least 1, got {support}: what nothing supports is not remembered")
    if trace is not None and trace.pinned:
        return 1.0
    recalled = () if trace is None else trace.recalled
    last = max([learned, *(datetime.combine(day, time(), timezone.utc) for day in recalled[-1:])])
    half_life = HALF_LIFE.get(kind, OTHERS) * (len(recalled) + support)
    return float(0.5 ** (max(now - last, timedelta()) / half_life))


def decided(trace: Trace, *, pinned: bool, at: datetime) -> Trace:
    """Return a trace pinned, or no longer; whatever was decided before is over, also by a clock that is ahead.

    >>> trace = Trace(group_id="g", created_at="2023-05-01", of=("u",), about="fact", pinned_at="2023-05-09")
    >>> decided(trace, pinned=False, at=datetime(2023, 5, 8, tzinfo=timezone.utc)).pinned
    False
    """
    before = [moment + _TICK for moment in (trace.pinned_at, trace.unpinned_at) if moment is not None]
    return trace.model_copy(update={"pinned_at" if pinned else "unpinned_at": max([at, *before])})
