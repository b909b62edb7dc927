"""What `check` looks for in any store: references that lead nowhere, and records that nothing leads to."""

from __future__ import annotations

from collections.abc import Iterable

from graphmem.model import Kind
from graphmem.store.contract import Change, Finding
from graphmem.store.join import needs


def audit(changes: Iterable[Change]) -> list[Finding]:
    """Return what is wrong among all records of a tenant, as `changes()` streams them."""
    known: dict[str, Kind] = {}
    needed: dict[str, str] = {}
    for change in changes:
        if change.record is not None:
            known[change.uuid] = change.kind
            needed.update(dict.fromkeys(needs(change.record), change.uuid))
    dangling = [
        Finding(f"{known[by]} {by} refers to {uuid}, which is missing", by, "add the text it comes from again")
        for uuid, by in sorted(needed.items())
        if uuid not in known
    ]
    orphans = [
        Finding(f"nothing refers to the {kind} {uuid}", uuid, "harmless: remove it, or leave it")
        for uuid, kind in sorted(known.items())
        if kind in ("entity", "value", "session") and uuid not in needed
    ]
    return dangling + orphans
