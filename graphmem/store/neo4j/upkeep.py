"""The records of a tenant as they are kept in Neo4j, page by page, for `graphmem migrate` and `doctor`.

What is kept of a record beside its own properties (words by which indexes find it, relationships, periods) follows from
it. A page is compared with what should follow, and mended within one transaction if that is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, TypeAlias

import neo4j
import numpy as np
from pydantic import ValidationError

from graphmem.errors import InvalidInput
from graphmem.model import Derived, Entity, Event, Fact, Period, Record, during, period_uuid
from graphmem.store.audit import REPAIR, dangling, merged_nowhere, of_another_name, undated, unfounded
from graphmem.store.contract import Finding
from graphmem.store.cypher import question
from graphmem.store.dating import dated
from graphmem.store.join import Settled, Write, needs
from graphmem.store.merging import merged
from graphmem.store.neo4j.connection import Connection, one, rows
from graphmem.store.neo4j.ground import Ground
from graphmem.store.neo4j.rows import Link, batches, link_row, links_of, record_of, row_of

PAGE: Final = 500
"""So many records are looked at, or mended, in one transaction."""
DERIVED: Final = ("keys", "normal_names", "search_key", "support", "title", "when")
"""The properties that are worked out from a record when it is written."""

What: TypeAlias = Literal["nodes", "facts"]


class Place(NamedTuple):
    """How far a walk through the records of a tenant is, in order of revision and uuid."""

    revision: int = 0
    uuid: str = ""


START: Final = Place()


class Kept(NamedTuple):
    """A record as it is kept."""

    record: Record
    derived: dict[str, object]
    links: Sequence[Link]
    """Its relationships; of a fact the one that it is."""
    embedded: bool
    indexed: bool
    """Whether the vector index has it."""


@dataclass
class Page:
    """Some records of a tenant as they are kept, and what is wrong with them."""

    group_id: str
    dimension: int | None
    kept: list[Kept] = field(default_factory=list)
    last: Place | None = None
    """The place of the last record; None if there was none."""
    findings: list[Finding] = field(default_factory=list)
    unlinked: set[str] = field(default_factory=set)
    """What a relationship should lead to that is missing."""


def derived(record: Record) -> dict[str, object]:
    """Return what is worked out from a record when it is written."""
    properties = row_of(record, 0, old=record)["properties"]
    assert isinstance(properties, dict)
    return {name: properties.get(name) for name in DERIVED}


def walk(
    connection: Connection,
    what: What,
    *,
    group_id: str,
    dimension: int | None,
    mend: bool,
    place: Place = START,
    then: Callable[[neo4j.ManagedTransaction, Place], None] | None = None,
) -> Iterator[Page]:
    """Yield all records of a tenant page by page, each compared, and mended if asked, in a transaction of its own.

    `then` is called within that transaction, with the place that is reached.
    """
    while True:
        work = _mended if mend else _compared
        with connection.session() as session:
            do = session.execute_write if mend else session.execute_read
            page = do(work, what, place, group_id, dimension, then)
        if page.last is None:
            return
        yield page
        place = page.last


def _compared(
    tx: neo4j.ManagedTransaction,
    what: What,
    place: Place,
    group_id: str,
    dimension: int | None,
    then: object,
) -> Page:
    page = read(tx, what, place, group_id=group_id, dimension=dimension)
    _Comparison(tx, page).find()
    return page


def _mended(
    tx: neo4j.ManagedTransaction,
    what: What,
    place: Place,
    group_id: str,
    dimension: int | None,
    then: Callable[[neo4j.ManagedTransaction, Place], None] | None,
) -> Page:
    tenant = one(tx, "upkeep/lock", group_id=group_id)
    page = read(tx, what, place, group_id=group_id, dimension=dimension)
    comparison = _Comparison(tx, page)
    comparison.find()
    if not comparison.mend(tenant["revision"]):
        unlock(tx, group_id, tenant["revision"])
    if then is not None and page.last is not None:
        then(tx, page.last)
    return page


def unlock(tx: neo4j.ManagedTransaction, group_id: str, revision: int) -> None:
    """Give a revision back that no record has."""
    tx.run(question("upkeep/unlock"), group_id=group_id, revision=revision).consume()


def read(tx: neo4j.ManagedTransaction, what: What, place: Place, *, group_id: str, dimension: int | None) -> Page:
    """Read the next records of a tenant; one that cannot be read is a finding."""
    text = "\n".join(question(name) for name in (f"upkeep/{what}", f"store/return/{what}", f"upkeep/also_{what}"))
    asked = {**place._asdict(), "group_id": group_id, "limit": PAGE, "vectors": False, "derived": list(DERIVED)}
    page = Page(group_id, dimension)
    for row in rows(tx, text, {**asked, "property": f"embedding_{dimension}"}):
        uuid = row["properties"]["uuid"]
        page.last = Place(row["revision"], uuid)
        try:
            read = record_of(row)
            record = type(read).model_validate(dict(read))
        except (ValidationError, InvalidInput, ValueError, StopIteration) as error:
            said = str(error).splitlines()
            page.findings.append(
                Finding(f"{uuid} is no record that can be read: {' '.join(said[:3])}", uuid, "restore a copy of it")
            )
            continue
        links = [Link("RELATES_TO", *ends) for ends in row["links"]] if what == "facts" else _links(row["links"])
        kept = dict(zip(DERIVED, row["derived"], strict=True))
        page.kept.append(Kept(record, kept, links, row["embedded"], row["indexed"]))
    return page


def _links(told: Iterable[tuple[str, str, str, dict[str, object]]]) -> list[Link]:
    return [Link(type, source, target, tuple(sorted(more.items()))) for type, source, target, more in told]


def wanted_links(record: Record) -> set[Link]:
    """Return the relationships that a record has to have."""
    if isinstance(record, Fact):
        return {Link("RELATES_TO", record.subject_uuid, record.object_uuid)}
    return {
        link._replace(properties=tuple((name, value) for name, value in link.properties if value is not None))
        for link in links_of(record)
    }


class _Comparison:
    """A page of records compared with what should follow from them."""

    def __init__(self, tx: neo4j.ManagedTransaction, page: Page) -> None:
        self._tx = tx
        self._page = page
        self._derived: list[dict[str, object]] = []
        self._lost: list[Link] = []
        self._won: list[Link] = []
        self._moved: list[dict[str, object]] = []
        self._undated: list[Record] = []
        self._unmerged: list[Entity] = []
        self._over: list[Record] = []
        self._vectors: list[dict[str, object]] = []

    def find(self) -> None:
        """Find what is wrong with the records of the page."""
        page = self._page
        ends = {uuid for kept in page.kept for link in wanted_links(kept.record) for uuid in link[1:3]}
        present = self._present(ends.union(*(needs(kept.record) for kept in page.kept)))
        vectors = self._unindexed()
        for kept in page.kept:
            record = kept.record
            page.findings += of_another_name(record)
            if isinstance(record, (Fact, Event)) and record.version_of and record.version_of not in present:
                self._over.append(record)
                self._tell(record, f"is a version of {record.version_of}, which is missing", "remove it")
                continue
            if isinstance(record, Derived) and (lost := sorted(needs(record) - present)):
                self._over.append(record)
                page.findings.append(unfounded(record.kind, record.uuid, lost[0]))
                continue
            page.findings += (dangling(record, uuid) for uuid in sorted(needs(record) - present))
            if isinstance(record, Entity) and record.merged_into and record.merged_into not in present:
                self._unmerged.append(record)
                page.findings.append(merged_nowhere(record)._replace(mend="decide again who it is"))
            if (right := derived(record)) != kept.derived:
                wrong = {name: value for name, value in right.items() if value != kept.derived[name]}
                self._derived.append({"uuid": record.uuid, "properties": wrong})
                self._tell(record, f"is not found by its {', '.join(sorted(wrong))}", "write that again")
            missing = [name for name in during(record) if period_uuid(record.group_id, name) not in present]
            if missing:
                self._undated.append(record)
                page.findings += (undated(record.kind, record.uuid, name) for name in missing)
            self._compare_links(kept, present)
            if record.uuid in vectors:
                self._compare_vectors(record, vectors[record.uuid])

    def _tell(self, record: Record, problem: str, mend: str) -> None:
        finding = Finding(f"{record.kind} {record.uuid} {problem}", record.uuid, REPAIR, mend=mend)
        self._page.findings.append(finding)

    def _compare_links(self, kept: Kept, present: Collection[str]) -> None:
        record, right = kept.record, wanted_links(kept.record)
        there = Counter(kept.links)
        extra = [link for link, times in there.items() if link not in right or times > 1]
        lacking = [link for link in right if there[link] != 1 and {link.source, link.target} <= {*present, record.uuid}]
        self._page.unlinked.update(end for link in lacking for end in link[1:3])
        if isinstance(record, Fact):
            if lacking:
                [link] = right
                self._moved.append({"uuid": record.uuid, "subject": link.source, "object": link.target})
                ends = " to ".join(kept.links[0][1:3])
                self._tell(record, f"leads from {ends}, not from {link.source} to {link.target}", "let it lead there")
            return
        for link in extra:
            self._lost.append(link)
            problem = f"has a relationship {link.type} from {link.source} to {link.target} " + (
                "twice" if link in right else "that does not follow from it"
            )
            self._tell(record, problem, "take it away")
        for link in lacking:
            self._won.append(link)
            if there[link] == 0:
                self._tell(record, f"lacks its relationship {link.type} from {link.source} to {link.target}", "make it")

    def _compare_vectors(self, record: Record, data: bytes) -> None:
        dimension = self._page.dimension
        if dimension is None or len(data) % (2 * dimension) or not data:
            whose = "no model is known" if dimension is None else f"the model's have dimension {dimension}"
            advice = "embed the memory again into another store with graphmem copy NEW_STORE"
            problem = f"{record.kind} {record.uuid} has vectors of {len(data)} bytes, but {whose}"
            self._page.findings.append(Finding(problem, record.uuid, advice))
            return
        matrix = np.frombuffer(data, "<f2").reshape(-1, dimension)
        if matrix[0].any():
            self._vectors.append({"uuid": record.uuid, "vector": matrix[0].astype(np.float32).tolist()})
            self._tell(record, "has vectors, but not in the vector index", "put the first of them there")

    def _unindexed(self) -> dict[str, bytes]:
        uuids = [kept.record.uuid for kept in self._page.kept if kept.embedded and not kept.indexed]
        return {row["uuid"]: row["vectors"] for row in self._ask("upkeep/vectors", uuids=uuids)} if uuids else {}

    def _present(self, uuids: Collection[str]) -> set[str]:
        return {row["uuid"] for some in batches(sorted(uuids)) for row in self._ask("upkeep/present", uuids=some)}

    def _ask(self, name: str, **parameters: object) -> list[neo4j.Record]:
        return rows(self._tx, question(name), {**parameters, "group_id": self._page.group_id})

    def mend(self, revision: int) -> bool:
        """Mend what can be; tell whether records have changed, so that the revision is taken."""
        page, group_id = self._page, self._page.group_id
        ground = Ground(self._tx, group_id)
        ground.lay(dated(Settled([], self._over), ground, group_id=group_id))
        known = [Write(record, record, None) for record in self._undated]
        needed = dated(Settled(known, []), ground, group_id=group_id)
        ground.lay(Settled([write for write in needed.writes if isinstance(write.record, Period)], []))
        self._won += [
            link for record in self._undated for link in wanted_links(record) if link.type in ("DURING", "PART_OF")
        ]
        alone = [entity.model_copy(update={"merged_into": None, "because": None}) for entity in self._unmerged]
        ground.lay(Settled([Write(new, old, None) for new, old in zip(alone, self._unmerged, strict=True)], []))
        for writes in merged(Settled([Write(entity, None, None) for entity in alone], []), ground):
            ground.lay(Settled(writes, []))
        changed = ground.write(revision, page.dimension)
        what = "facts" if any(isinstance(kept.record, Fact) for kept in page.kept) else "nodes"
        self._ask_each(f"upkeep/derive_{what}", self._derived)
        self._ask_each("upkeep/move_facts", self._moved)
        self._ask_each("store/unlink", [link_row(link) for link in {*self._lost, *self._won}])
        self._ask_each("store/link", [link_row(link) for link in dict.fromkeys(self._won)])
        self._ask_each(f"upkeep/embed_{what}", self._vectors, property=f"embedding_{page.dimension}")
        page.findings[:] = [finding._replace(mended=finding.mend is not None) for finding in page.findings]
        return changed

    def _ask_each(self, name: str, what: Sequence[dict[str, object]], **parameters: object) -> None:
        for batch in batches(what):
            self._ask(name, rows=batch, **parameters)
