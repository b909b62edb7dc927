"""What `check` looks for in any store: references and merges that lead nowhere, and records that nothing leads to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from graphmem.model import Entity, Kind, during, period_uuid
from graphmem.store.contract import Change, Finding
from graphmem.store.join import needs


def audit(changes: Iterable[Change]) -> list[Finding]:
    """Return what is wrong among all records of a tenant, as `changes()` streams them."""
    known: dict[str, Kind] = {}
    needed: dict[str, str] = {}
    merged: dict[str, str] = {}
    for change in changes:
        if change.record is not None:
            known[change.uuid] = change.kind
            if isinstance(change.record, Entity) and change.record.merged_into:
                merged[change.uuid] = change.record.merged_into
            needed.update(dict.fromkeys(needs(change.record), change.uuid))
            periods = (period_uuid(change.record.group_id, name) for name in during(change.record))
            needed.update(dict.fromkeys(periods, change.uuid))
    dangling = [
        Finding(f"{known[by]} {by} refers to {uuid}, which is missing", by, "add the text it comes from again")
        for uuid, by in sorted(needed.items())
        if uuid not in known
    ]
    orphans = [
        Finding(f"nothing refers to the {kind} {uuid}", uuid, "harmless: remove it, or leave it")
        for uuid, kind in sorted(known.items())
        if kind in ("entity", "value", "session", "period") and uuid not in needed
    ]
    return [*dangling, *orphans, *_lost(merged, known)]


def _lost(merged: Mapping[str, str], known: Mapping[str, Kind]) -> Iterator[Finding]:
    """Find merges into what is no entity, and those that lead back to where they began."""
    advice = "add a text that names it again: then it is worked out anew"
    for uuid, into in sorted(merged.items()):
        if known.get(into) != "entity":
            yield Finding(f"entity {uuid} is merged into {into}, which is missing", uuid, advice)
            continue
        steps = 1
        while into != uuid and into in merged and steps < len(merged):
            into, steps = merged[into], steps + 1
        if into == uuid:
            yield Finding(f"entity {uuid} is merged into itself, by way of others", uuid, advice)
