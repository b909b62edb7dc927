"""Which periods there are: worked out for every database, for a period follows from what belongs to it.

The days, months and years that what is written belongs to are written with it, in the same transaction; those to which
nothing belongs any more are removed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from graphmem.model import Period, Record, Summary, during, merge, period_uuid, summary_uuid
from graphmem.periods import longer
from graphmem.store.join import Ground, Settled, Write


def dated(settled: Settled, ground: Ground, *, group_id: str) -> Settled:
    """Return a settled change set with the periods that it needs, and without those that nothing needs after it."""
    learned: dict[str, datetime] = {}
    for write in settled.writes:
        for name in _periods(write.record):
            learned[name] = min(learned.get(name, write.record.created_at), write.record.created_at)
    left = [*settled.removed, *(write.old for write in settled.writes if write.old)]
    lost = {name for record in left for name in _periods(record)} - learned.keys()
    if not learned and not lost:
        return settled
    uuids = {name: period_uuid(group_id, name) for name in (*learned, *lost)}
    known = {uuid: found.record for uuid, found in ground.stored(uuids.values()).items()}
    needed = {uuids[name]: Period(group_id=group_id, created_at=at, name=name) for name, at in learned.items()}
    whole = {uuid: merge(known.get(uuid, period), period) for uuid, period in needed.items()}
    writes = [Write(period, known.get(uuid), None) for uuid, period in whole.items() if period is not known.get(uuid)]
    gone = {record.uuid: record for record in settled.removed if record.uuid not in needed}
    empty = _left(lost, uuids, known, {record.uuid for record in left}, ground) if lost else {}
    summaries = ground.stored({summary_uuid(uuid) for uuid in empty}) if empty else {}
    gone |= empty | {uuid: found.record for uuid, found in summaries.items()}
    stay = [write for write in settled.writes if not (isinstance(write.record, Summary) and write.record.of in empty)]
    return Settled(writes=[*writes, *stay], removed=list(gone.values()))


def _periods(record: Record) -> Iterator[str]:
    """Yield the name of each period that a record belongs to, the longer ones too."""
    for name in during(record):
        whole: str | None = name
        while whole:
            yield whole
            whole = longer(whole)


def _left(
    lost: set[str], uuids: dict[str, str], known: dict[str, Record], leaving: set[str], ground: Ground
) -> dict[str, Record]:
    """Return those of the lost periods that only what is leaving belongs to, parts before wholes."""
    leaning = ground.leaning({uuids[name] for name in lost})
    empty: dict[str, Record] = {}
    for uuid in (uuids[name] for name in sorted(lost, key=lambda name: (-len(name), name))):
        if uuid in known and not set(leaning.get(uuid, ())) - leaving - empty.keys():
            empty[uuid] = known[uuid]
    return empty
