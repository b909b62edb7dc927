"""Bringing a Neo4j database of an older schema up to date: `graphmem migrate`.

The schema is noted as the new one first, so that no process with an older graphmem opens the database any more. Then
each tenant goes through the steps, page by page, each page in one transaction that also notes how far it is; what was
interrupted goes on from there. Every step leaves a record alone that is as it has to be: doing it twice is fine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, Literal, NamedTuple

import neo4j

from graphmem.model import Entity, Fact
from graphmem.results import Migration, Work
from graphmem.store.believing import believed
from graphmem.store.cypher import question
from graphmem.store.dating import dated
from graphmem.store.join import Settled, Write
from graphmem.store.merging import merged
from graphmem.store.neo4j import schema as made
from graphmem.store.neo4j.connection import Connection, one, rows
from graphmem.store.neo4j.ground import Ground
from graphmem.store.neo4j.upkeep import Place, What, read, unlock, walk

Progress = Callable[[str, int], None]
"""Called with the step that is under way and how many more records of it are done."""


class _Task(NamedTuple):
    """A step of the migration of each tenant."""

    name: str
    what: What
    counted: Literal["nodes", "entities", "facts"]
    says: str


TASKS: Final = (
    _Task("keep nodes", "nodes", "nodes", "make the periods, words and relationships that follow from nodes"),
    _Task("merge", "nodes", "entities", "decide which entities are one"),
    _Task("keep facts", "facts", "facts", "make the words by which facts find each other"),
    _Task("believe", "facts", "facts", "work out what is believed of facts and events"),
)
SINCE: Final = 4
"""A tenant of this schema has all that the steps make; what came later is made when it is first needed."""


def bring_up(connection: Connection, *, dry_run: bool = False, progress: Progress | None = None) -> Migration:
    """Bring all tenants of a database up to date, or with `dry_run` tell what that would do.

    Raises `StoreRejected` for a database of a newer schema.
    """
    found = made.look(connection, group_id="")
    made.refuse_newer(connection, found)
    tenants = connection.read(question("upkeep/behind"), version=made.VERSION)
    dimensions = {tenant["dimension"] for tenant in tenants} - {None}
    wanted = {one.name: one for dimension in (None, *sorted(dimensions)) for one in made.schema(dimension)}.values()
    lacking = list(made.troubles(wanted, found.indexes))
    steps = [Work("make or mend constraints and indexes", len(lacking))]
    older = [tenant for tenant in tenants if tenant["schema"] < SINCE]
    steps += [Work(task.says, sum(tenant[task.counted] for tenant in older)) for task in TASKS]
    steps += [Work("note the new schema", 0 if older else len(tenants))]
    migration = Migration(
        store=connection.address,
        version=found.version,
        target=made.VERSION,
        groups=tuple(tenant["group_id"] for tenant in tenants),
        steps=tuple(step for step in steps if step.records),
        done=not dry_run,
    )
    if dry_run:
        return migration
    made.note(connection, made.VERSION)
    made.mend(connection, wanted)
    for tenant in tenants:
        _tenant(connection, tenant, progress or (lambda step, records: None))
    return migration


def _tenant(connection: Connection, tenant: neo4j.Record, progress: Progress) -> None:
    """Bring one tenant up to date, from the step and place on that are noted."""
    group_id, dimension = tenant["group_id"], tenant["dimension"]
    name, revision, uuid = tenant["migrating"] or (TASKS[0].name, "0", "")
    first = next(number for number, task in enumerate(TASKS) if task.name == name)
    place = Place(int(revision), uuid)
    for task in TASKS[first:] if tenant["schema"] < SINCE else ():
        for records in _pages(connection, task, place, group_id=group_id, dimension=dimension):
            progress(task.says, records)
        place = Place()
    connection.write(rows, question("upkeep/note_done"), {"group_id": group_id, "version": made.VERSION})


def _pages(connection: Connection, task: _Task, place: Place, *, group_id: str, dimension: int | None) -> Iterator[int]:
    """Go through the records of a step, and yield how many each page had."""

    def then(tx: neo4j.ManagedTransaction, reached: Place) -> None:
        noted = [task.name, str(reached.revision), reached.uuid]
        rows(tx, question("upkeep/note_progress"), {"group_id": group_id, "migrating": noted, "version": made.VERSION})

    if task.name.startswith("keep"):
        for page in walk(
            connection, task.what, group_id=group_id, dimension=dimension, mend=True, place=place, then=then
        ):
            yield len(page.kept)
        return
    work = _merge if task.name == "merge" else _believe
    while True:
        done, last = connection.write(work, place, group_id, then)
        if last is None:
            return
        place = last
        yield done


Then = Callable[[neo4j.ManagedTransaction, Place], None]


def _merge(tx: neo4j.ManagedTransaction, place: Place, group_id: str, then: Then) -> tuple[int, Place | None]:
    """Decide of the entities of a page which others they are; who looks for them is decided anew with them."""
    tenant = one(tx, "upkeep/lock", group_id=group_id)
    page = read(tx, "nodes", place, group_id=group_id, dimension=tenant["dimension"])
    ground = Ground(tx, group_id)
    entities = [Write(kept.record, None, None) for kept in page.kept if isinstance(kept.record, Entity)]
    for writes in merged(Settled(entities, []), ground) if entities else ():
        ground.lay(Settled(writes, []))
    if not ground.write(tenant["revision"], tenant["dimension"]):
        unlock(tx, group_id, tenant["revision"])
    if page.last is not None:
        then(tx, page.last)
    return len(entities), page.last


def _believe(tx: neo4j.ManagedTransaction, place: Place, group_id: str, then: Then) -> tuple[int, Place | None]:
    """Work out anew what is believed of the facts of a page, and of all that bears on them."""
    tenant = one(tx, "upkeep/lock", group_id=group_id)
    page = read(tx, "facts", place, group_id=group_id, dimension=tenant["dimension"])
    ground = Ground(tx, group_id)
    facts = [Write(kept.record, kept.record, None) for kept in page.kept if isinstance(kept.record, Fact)]
    ground.lay(dated(believed(facts, [], ground), ground, group_id=group_id))
    if not ground.write(tenant["revision"], tenant["dimension"]):
        unlock(tx, group_id, tenant["revision"])
    if page.last is not None:
        then(tx, page.last)
    return len(page.kept), page.last
