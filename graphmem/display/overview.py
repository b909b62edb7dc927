"""What a notebook shows of a memory: where it is, how much it holds, and what changed last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import groupby, islice
from typing import Final

from graphmem.display.answers import stats_parts
from graphmem.display.markup import RED, brief, card, chip, muted, table, text
from graphmem.errors import GraphmemError
from graphmem.model import Episode, Event, Fact, Record
from graphmem.results import Stats, day, plural
from graphmem.store.contract import Change, Store

LAST: Final = 5
"""So many changes are shown, the latest."""
_MOST: Final = 2000
"""So many records are looked at."""


def overview(store: Store, stats: Callable[[], Stats]) -> str:
    """Return the display of a memory; where the store does not answer, it tells why."""
    try:
        found = stats()
        changes = list(islice(store.changes(max(0, found.revision - LAST)), _MOST))
    except GraphmemError as error:
        return card(f"{chip(type(error).__name__, RED)} {text(error)}")
    rows = [_row(revision, list(group)) for revision, group in groupby(changes, key=lambda change: change.revision)]
    return card(*stats_parts(found), table(reversed(rows), head=("last changes", "", "")) if rows else "")


def _row(revision: int, changes: Sequence[Change]) -> tuple[str, str, str]:
    there = [change.record for change in changes if change.record is not None]
    gone = len(changes) - len(there)
    counts = Counter(record.kind for record in there if record.kind not in ("session", "value", "period"))
    said = [f"{count:,} {plural(kind, count)}" for kind, count in counts.items()]
    said += [f"{gone:,} removed"] if gone else []
    known = day(max(record.created_at for record in there).replace(microsecond=0)) if there else ""
    first = next((record for record in there if isinstance(record, Episode)), None) or next(iter(there), None)
    return brief(known), text(", ".join(said) or "upkeep"), muted(_words(first), most=80)


def _words(record: Record | None) -> str:
    match record:
        case Episode() | Event():
            return record.text
        case Fact():
            return record.fact
        case _:
            return ""
