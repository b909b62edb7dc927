"""What `check` looks for in any store: references and merges that lead nowhere, and records that nothing leads to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from graphmem.model import Derived, Entity, Episode, Kind, Period, Record, Session, Value, during, period_uuid
from graphmem.store.contract import Change, Finding, Progress
from graphmem.store.join import needs

TOLD: Final = 512  # records go by, until it is told again how many there were


def counted(changes: Iterable[Change], step: str, total: int, progress: Progress) -> Iterator[Change]:
    """Pass on changes, tombstones left out, and tell how many there were."""
    done = 0
    for change in changes:
        if change.record is not None:
            done += 1
            yield change
            if done % TOLD == 0:
                progress(step, done, max(done, total))
    progress(step, done, done)


def audit(changes: Iterable[Change]) -> list[Finding]:
    """Return what is wrong among all records of a tenant, as `changes()` streams them."""
    known: dict[str, Kind] = {}
    needed: dict[str, str] = {}
    founding: dict[str, str] = {}
    dated: dict[str, str] = {}
    names: dict[str, str] = {}
    merged: dict[str, str] = {}
    found: list[Finding] = []
    for change in changes:
        if change.record is not None:
            known[change.uuid] = change.kind
            if isinstance(change.record, Entity) and change.record.merged_into:
                merged[change.uuid] = change.record.merged_into
            made = isinstance(change.record, Derived)
            (founding if made else needed).update(dict.fromkeys(needs(change.record), change.uuid))
            periods = {period_uuid(change.record.group_id, name): name for name in during(change.record)}
            dated.update(dict.fromkeys(periods, change.uuid))
            names.update(periods)
            found += of_another_name(change.record)
    lost = [_dangling(known[by], by, uuid) for uuid, by in sorted(needed.items()) if uuid not in known]
    lost += [unfounded(known[by], by, uuid) for uuid, by in sorted(founding.items()) if uuid not in known]
    lost += [undated(known[by], by, names[uuid]) for uuid, by in sorted(dated.items()) if uuid not in known]
    orphans = [
        orphan(kind, uuid)
        for uuid, kind in sorted(known.items())
        if kind in ("entity", "value", "session", "period") and uuid not in needed and uuid not in dated
    ]
    return [*found, *lost, *orphans, *_lost(merged, known)]


def dangling(record: Record, uuid: str) -> Finding:
    """Tell that a record needs another that is missing."""
    return _dangling(record.kind, record.uuid, uuid)


def _dangling(kind: Kind, by: str, uuid: str) -> Finding:
    return Finding(f"{kind} {by} refers to {uuid}, which is missing", by, "add the text it comes from again")


def unfounded(kind: Kind, by: str, uuid: str) -> Finding:
    """Tell that what a record is made of is missing."""
    return Finding(f"{kind} {by} is made of {uuid}, which is missing", by, REPAIR, mend="remove it")


def undated(kind: Kind, uuid: str, period: str) -> Finding:
    """Tell that a record belongs to a period that is missing."""
    problem = f"{kind} {uuid} belongs to {period}, a period that is missing"
    return Finding(problem, uuid, REPAIR, mend="make it")


def orphan(kind: Kind, uuid: str) -> Finding:
    """Tell that nothing refers to a record; a period is made for what belongs to it, and goes with it."""
    if kind == "period":
        return Finding(f"nothing belongs to the period {uuid}", uuid, REPAIR, mend="remove it")
    return Finding(f"nothing refers to the {kind} {uuid}", uuid, "harmless: remove it, or leave it", damage=False)


def merged_nowhere(entity: Entity) -> Finding:
    """Tell that an entity is merged into one that is missing."""
    return Finding(f"entity {entity.uuid} is merged into {entity.merged_into}, which is missing", entity.uuid, _AGAIN)


def merged_into_itself(uuid: str) -> Finding:
    """Tell that an entity is merged into itself."""
    return Finding(f"entity {uuid} is merged into itself, by way of others", uuid, _AGAIN)


REPAIR: Final = "graphmem doctor --repair mends it"
_AGAIN: Final = "add a text that names it again: then it is worked out anew"


def of_another_name(record: Record) -> Iterator[Finding]:
    """Find a record whose uuid is not the one of its natural key, so that there may be two of it."""
    if isinstance(record, (Session, Entity, Value, Period, Episode, Derived)):
        fields = {name: getattr(record, name) for name in type(record).model_fields if name != "uuid"}
        right = type(record).model_fields["uuid"].get_default(call_default_factory=True, validated_data=fields)
        if right != record.uuid:
            advice = "export the memory, mend the line of the record, and import it into a new store"
            yield Finding(f"{record.kind} {record.uuid} should have the uuid {right}, by its key", record.uuid, advice)


def _lost(merged: Mapping[str, str], known: Mapping[str, Kind]) -> Iterator[Finding]:
    """Find merges into what is no entity, and those that lead back to where they began."""
    for uuid, into in sorted(merged.items()):
        if known.get(into) != "entity":
            yield Finding(f"entity {uuid} is merged into {into}, which is missing", uuid, _AGAIN)
            continue
        steps = 1
        while into != uuid and into in merged and steps < len(merged):
            into, steps = merged[into], steps + 1
        if into == uuid:
            yield merged_into_itself(uuid)
