"""What `check` looks for in Neo4j, and how it is mended: the schema, the tenant's note, and all records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from itertools import islice
from typing import Final

import neo4j

from graphmem.model import Record, joined, utc
from graphmem.store.audit import REPAIR, merged_into_itself, orphan
from graphmem.store.contract import Finding
from graphmem.store.cypher import question
from graphmem.store.join import Settled
from graphmem.store.neo4j import schema as made
from graphmem.store.neo4j.connection import Connection, one, rows
from graphmem.store.neo4j.ground import Ground
from graphmem.store.neo4j.rows import LABELS, record_of, row_of
from graphmem.store.neo4j.schema import Trouble
from graphmem.store.neo4j.upkeep import PAGE, What, unlock, walk

SKEW: Final = timedelta(minutes=1)
"""So far may the clock of the server be from ours."""


def check(connection: Connection, *, group_id: str, repair: bool, looked: Callable[[int], None]) -> Iterator[Finding]:
    """Yield what should not be, for a tenant and in the schema that all share; with `repair`, mend what can be.

    `looked` is called with how many more records were looked at.
    """
    [tenant] = connection.read(question("upkeep/tenant"), group_id=group_id)
    yield from _clock(connection, utc(tenant["now"]))
    yield from _schema(connection, tenant["dimension"], repair=repair)
    if tenant["last"] is None:
        return
    if not tenant["noted"] or tenant["revision"] < tenant["last"]:
        yield _revision(connection, group_id, tenant["revision"], tenant["last"], repair=repair)
        if not tenant["noted"] and not repair:
            return
    unlinked: set[str] = set()
    for what in _BOTH:
        for page in walk(connection, what, group_id=group_id, dimension=tenant["dimension"], mend=repair):
            yield from page.findings
            unlinked |= page.unlinked
            looked(len(page.kept))
    yield from _buried(connection, group_id, repair=repair)
    yield from _orphans(connection, group_id, unlinked, repair=repair)
    for row in connection.read(question("upkeep/circles"), group_id=group_id):
        yield merged_into_itself(row["uuid"])
    for row in connection.read(question("upkeep/future"), group_id=group_id):
        problem = f"{row['many']:,} records were learned later than it is now, the last at {row['at']}"
        advice = "harmless once that time has come: was a clock ahead? Until then known_at does not find them"
        yield Finding(problem, row["uuid"], advice, damage=False)


_BOTH: Final[tuple[What, What]] = ("nodes", "facts")


def _clock(connection: Connection, server: datetime) -> Iterator[Finding]:
    ahead = server - datetime.now(timezone.utc)
    if abs(ahead) > SKEW:
        way = "ahead of" if ahead > timedelta() else "behind"
        problem = f"the clock of {connection.address} is {abs(ahead)} {way} the one here"
        yield Finding(problem, None, "set both by NTP: created_at is the time here, and known_at compares it", False)


def _schema(connection: Connection, dimension: int | None, *, repair: bool) -> Iterator[Finding]:
    """Find what is wrong with constraints and indexes, and what is there twice where a constraint is missing."""
    troubles = list(made.troubles(made.schema(dimension), made.indexes(connection)))
    found = [_trouble(trouble) for trouble in troubles]
    twins: list[Finding] = []
    for what, name in zip(_BOTH, ("graphmem_uuid", "graphmem_fact_uuid"), strict=True):
        if any(trouble.wanted.name == name for trouble in troubles):
            twins += _twins(connection, what, repair=repair)
    yield from twins
    if not repair:
        yield from found
        return
    left = {trouble.wanted.name for trouble in made.mend(connection, made.schema(dimension))}
    for trouble, finding in zip(troubles, found, strict=True):
        yield finding._replace(mended=trouble.wanted.name not in left)


def _trouble(trouble: Trouble) -> Finding:
    if not trouble.ours:
        advice = f"it is not graphmem's: if nobody needs it, run {trouble.drop}, then --repair"
        return Finding(trouble.problem, None, advice)
    mend = {"missing": "make it", "populating": "wait for it"}.get(trouble.state, "drop it and make it again")
    return Finding(trouble.problem, None, REPAIR, mend=mend)


def _twins(connection: Connection, what: What, *, repair: bool) -> Iterator[Finding]:
    """Find records that are there twice, of any tenant, since the constraint is one for all."""
    known = set()
    for row in connection.read(question(f"upkeep/twin_{what}")):
        known.add(row["uuid"])
        if repair:
            connection.write(_join_twins, what, row["uuid"], row["group_id"])
        problem = f"there are {row['many']} {what} of the uuid {row['uuid']}"
        yield Finding(problem, row["uuid"], REPAIR, mend="join them into one", mended=repair)
    others = connection.read(question("upkeep/twin_others")) if what == "facts" else []
    for row in others:
        if row["uuid"] not in known:
            problem = f"relationships RELATES_TO of another program have one uuid, {row['uuid']}, twice"
            advice = "graphmem cannot keep its facts unique beside them: use a database apart"
            yield Finding(problem, row["uuid"], advice)


def _join_twins(tx: neo4j.ManagedTransaction, what: What, uuid: str, group_id: str) -> None:
    """Make one record of those that have one uuid, as two writers who put both would have."""
    tenant = one(tx, "upkeep/lock", group_id=group_id)
    text = "\n".join(
        [
            question(f"upkeep/twins_as_kept_{what}"),
            question(f"store/return/{what}").replace("RETURN ", "RETURN elementId(record) AS id, ", 1),
        ]
    )
    found = rows(tx, text, {"uuid": uuid, "group_id": group_id, "vectors": False})
    stays, *others = (row["id"] for row in found)
    records = [record_of(row) for row in found if "Tombstone" not in row["labels"]]
    asked = {"uuid": uuid, "stays": stays, "others": others, "group_id": group_id}
    rows(tx, question(f"upkeep/part_twin_{what}"), asked)
    if records:
        whole: Record = joined(records)[uuid]
        row = row_of(whole, tenant["revision"], old=whole)
        asked = {"rows": [row], "group_id": group_id, "property": f"embedding_{tenant['dimension']}"}
        rows(tx, question(f"store/update_{what}"), asked)
    rows(tx, question("store/break_seals"), {"group_id": group_id})


def _revision(connection: Connection, group_id: str, noted: int | None, last: int, *, repair: bool) -> Finding:
    if repair:
        asked = {"group_id": group_id, "revision": last, "version": made.VERSION}
        connection.write(rows, question("upkeep/note_revision"), asked)
    is_noted = "not noted" if noted is None else f"noted as {noted}"
    problem = f"the revision of {group_id!r} is {is_noted}, but there are records of {last}"
    return Finding(problem, None, REPAIR, mend="note that one", mended=repair)


def _buried(connection: Connection, group_id: str, *, repair: bool) -> Iterator[Finding]:
    """Find tombstones of facts that are there; of nodes there can be none, for want of a second node of a uuid."""
    found = iter(connection.read(question("upkeep/buried"), group_id=group_id))
    while uuids := [row["uuid"] for row in islice(found, PAGE)]:
        if repair:
            connection.write(_exhume, uuids, group_id)
        for uuid in uuids:
            problem = f"fact {uuid} is there, and so is a tombstone that says it was removed"
            advice = REPAIR
            yield Finding(problem, uuid, advice, mend="take the tombstone away", mended=repair)


def _exhume(tx: neo4j.ManagedTransaction, uuids: list[str], group_id: str) -> None:
    revision = one(tx, "upkeep/lock", group_id=group_id)["revision"]
    rows(tx, question("upkeep/exhume"), {"uuids": uuids, "group_id": group_id, "revision": revision})


def _orphans(connection: Connection, group_id: str, unlinked: set[str], *, repair: bool) -> Iterator[Finding]:
    """Find what nothing leads to; periods are taken away, since the store makes them for what belongs to them."""
    rows = connection.read(question("upkeep/orphans"), group_id=group_id)
    found = [(LABELS[row["label"]], row["uuid"]) for row in rows if row["uuid"] not in unlinked]
    empty = [uuid for kind, uuid in found if kind == "period"]
    for kind, uuid in found:
        finding = orphan(kind, uuid)
        yield finding._replace(mended=repair and finding.mend is not None)
    for start in range(0, len(empty), PAGE) if repair else ():
        connection.write(_remove, empty[start : start + PAGE], group_id)


def _remove(tx: neo4j.ManagedTransaction, uuids: list[str], group_id: str) -> None:
    tenant = one(tx, "upkeep/lock", group_id=group_id)
    ground = Ground(tx, group_id)
    records = [known.record for known in ground.stored(uuids).values()]
    if not records:
        unlock(tx, group_id, tenant["revision"])
        return
    ground.lay(Settled([], records))
    ground.write(tenant["revision"], tenant["dimension"])
