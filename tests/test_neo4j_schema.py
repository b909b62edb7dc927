"""What graphmem makes in a Neo4j database: once, quietly, beside others' data; how it is brought up to date."""

from __future__ import annotations

import logging
import multiprocessing
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import neo4j
import openers
import pytest
from small_graph import EAST, NORTH, Maker, day, everything, rows
from test_explore import asking

from graphmem.cli import main
from graphmem.errors import StoreRejected
from graphmem.model import Record
from graphmem.settings import Settings
from graphmem.store import migrate
from graphmem.store.contract import Store
from graphmem.store.cypher import FOLDER, question
from graphmem.store.neo4j import upkeep
from graphmem.store.neo4j.rows import row_of
from graphmem.store.neo4j.schema import VERSION, schema

MODEL = ("compass", 4)
Run = Callable[..., list[neo4j.Record]]


@pytest.fixture
def cypher(neo4j_address: str) -> Iterator[Run]:
    """Ask the server in plain Cypher."""
    with asking(neo4j_address) as session:
        yield lambda text, **given: list(session.run(text, given))


def made(cypher: Run) -> dict[str, str]:
    return {row["name"]: row["state"] for row in cypher("SHOW INDEXES") if row["name"].startswith("graphmem_")}


def drop_all(cypher: Run) -> None:
    for row in cypher("SHOW CONSTRAINTS YIELD name WHERE name STARTS WITH 'graphmem_'"):
        cypher(f"DROP CONSTRAINT {row['name']}")
    for row in cypher("SHOW INDEXES YIELD name WHERE name STARTS WITH 'graphmem_'"):
        cypher(f"DROP INDEX {row['name']}")


def story(make: Maker) -> list[Record]:
    """Records of every kind, of which merges, versions and periods follow."""
    ida, oslo, rome = make.entity("Ida"), make.entity("Oslo"), make.entity("Rome")
    works, limited = (make.entity(name, type="ORG") for name in ("Engine Works", "Engine Works Ltd."))
    one = make.episode("Ida lives in Rome.", ida, rome, session="notes", reference_time=day(1))
    two = make.episode(
        "Ida lives in Oslo. She swam.", ida, oslo, session="notes", position=1, previous=one.uuid, reference_time=day(9)
    )
    three = make.episode("Engine Works is Engine Works Ltd.", works, limited, reference_time=day(40))
    state = {"slot": "live in", "holder": "subject"}
    return [
        *(make.session(), ida, oslo, rome, works, limited, one, two, three),
        make.fact(ida, "live in", rome, one, **state),
        make.fact(ida, "live in", oslo, two, valid_at=day(9), **state),
        (forty := make.value("40", ida, "be")),
        make.fact(ida, "be", forty, one),
        make.event("swim", ida, episodes=[two], valid_at=day(8), invalid_at=day(9), granularity="day"),
        make.event("dive", ida, episodes=[two]),
    ]


def tell(store: Store) -> None:
    """Put the story into a store."""
    store.bind(*MODEL)
    make = Maker(store.group_id)
    for record in (records := story(make)):
        assert record.group_id == store.group_id
    vectors = {record.uuid: rows(EAST, NORTH) for record in records if record.kind in ("episode", "entity", "fact")}
    store.apply(make.change(*records, vectors=vectors))


def whole(store: Store) -> dict[str, Any]:
    """Give all that a store tells of its records, periods and versions too, but for the revision."""
    return {
        change.uuid: (change.record, None if change.vectors is None else change.vectors.tolist())
        for change in store.changes()
        if change.record is not None
    }


AS_OF_VERSION_1 = """
MATCH (record:Graphmem {group_id: $group}) WHERE record:Period OR record.version_of IS NOT NULL DETACH DELETE record;
MATCH ()-[fact:RELATES_TO {group_id: $group}]->() WHERE fact.version_of IS NOT NULL DELETE fact;
MATCH ()-[fact:RELATES_TO {group_id: $group}]->()
REMOVE fact.keys, fact.expired_at, fact.closed_by, fact.rule, fact.rivals;
MATCH (event:Graphmem:Event {group_id: $group}) REMOVE event.expired_at, event.closed_by, event.rule, event.moved_to;
MATCH (:Graphmem {group_id: $group})-[merge:MERGED_INTO]->() DELETE merge;
MATCH (entity:Graphmem:Entity {group_id: $group}) REMOVE entity.keys, entity.merged_into, entity.because;
MATCH (tombstone:Graphmem:Tombstone {group_id: $group}) DELETE tombstone;
MATCH (tenant:GraphmemTenant {group_id: $group}) REMOVE tenant.schema;
MATCH (meta:GraphmemMeta {key: 'schema'}) SET meta.version = 1
"""


def make_old(cypher: Run, group: str) -> None:
    """Take away what version 1 did not write."""
    for statement in AS_OF_VERSION_1.split(";\n"):
        cypher(statement, group=group)


@pytest.fixture
def old(neo4j_address: str, opened: object, cypher: Run, group: str) -> Iterator[tuple[str, str]]:
    """Give two tenants of a database that version 1 wrote."""
    groups = (f"{group} one", f"{group} two")
    for one in groups:
        tell(opened(neo4j_address, one))
    for one in groups:
        make_old(cypher, one)
    yield groups
    migrate(neo4j_address)  # else no other test could open the database


def test_a_database_of_the_version_before_gets_its_indexes_and_no_record_is_written_again(
    neo4j_address: str, opened: object, cypher: Run, group: str
) -> None:
    store = opened(neo4j_address, group)
    tell(store)
    before, revision = whole(store), store.revision()
    new = ("graphmem_vector_summary_4", "graphmem_community_level", "graphmem_topic_session")
    for name in new:
        cypher(f"DROP INDEX {name}")
    cypher("MATCH (meta:GraphmemMeta {key: 'schema'}) SET meta.version = 4")
    cypher("MATCH (tenant:GraphmemTenant {group_id: $group}) SET tenant.schema = 4", group=group)
    with pytest.raises(StoreRejected, match="graphmem migrate"):
        opened(neo4j_address, group)
    done = migrate(neo4j_address)
    assert (done.version, done.target, done.groups) == (4, VERSION, (group,))
    assert [step.records for step in done.steps] == [len(new), 1]
    assert set(new) <= made(cypher).keys()
    again = opened(neo4j_address, group)
    assert (whole(again), again.revision()) == (before, revision)


def test_six_processes_that_open_a_fresh_database_at_once_make_one_schema(
    neo4j_address: str, cypher: Run, group: str
) -> None:
    drop_all(cypher)
    cypher("MATCH (meta:GraphmemMeta) DELETE meta")
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Barrier(6)
    groups = [f"{group} {number % 3}" for number in range(6)]
    processes = [spawn.Process(target=openers.open_at_once, args=(neo4j_address, one, ready)) for one in groups]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 6
    wanted = {one.name for one in schema(4)}
    assert {name: state for name, state in made(cypher).items() if name in wanted} == dict.fromkeys(wanted, "ONLINE")
    assert [row["version"] for row in cypher("MATCH (m:GraphmemMeta) RETURN m.version AS version")] == [VERSION]
    found = cypher(
        "MATCH (t:GraphmemTenant) WHERE t.group_id STARTS WITH $group RETURN t.schema AS schema", group=group
    )
    assert [row["schema"] for row in found] == [VERSION] * 3


def test_every_file_of_the_schema_is_read_as_what_it_makes(neo4j_address: str, opened: object, cypher: Run) -> None:
    opened(neo4j_address, "any").bind(*MODEL)
    there = {row["name"]: row for row in cypher("SHOW INDEXES") if row["name"].startswith("graphmem_")}
    for wanted in schema(4):
        kind, unique, entity, labels, properties = wanted.shape
        row = there[wanted.name]
        assert (row["type"], row["entityType"], row["labelsOrTypes"]) == (kind, entity, list(labels))
        assert (row["owningConstraint"] is not None, row["properties"]) == (unique, list(properties))
    assert len(schema(4)) == len(list((FOLDER / "schema").glob("*.cypher")))


def test_the_texts_of_people_are_indexed_as_english(cypher: Run, neo4j_address: str, opened: object) -> None:
    opened(neo4j_address, "any")
    options = {
        row["name"]: row["options"]["indexConfig"] for row in cypher("SHOW FULLTEXT INDEXES YIELD name, options")
    }
    assert {options[name]["fulltext.analyzer"] for name in ("graphmem_text_node", "graphmem_text_fact")} == {"english"}


def test_the_version_that_new_tenants_get_is_that_of_the_schema() -> None:
    for name in ("lock_tenant", "bind_tenant"):
        assert f"tenant.schema = {VERSION}" in question(f"store/{name}")


def test_what_is_worked_out_from_a_record_is_known_to_upkeep(group: str) -> None:
    for record in story(Maker(group)):
        properties = row_of(record, 1, old=record)["properties"]
        assert isinstance(properties, dict)
        assert properties.keys() - type(record).model_fields.keys() - {"revision"} <= set(upkeep.DERIVED)


def test_opening_what_is_there_asks_three_questions_and_tells_nothing(
    neo4j_address: str, opened: object, group: str, caplog: pytest.LogCaptureFixture
) -> None:
    tell(opened(neo4j_address, group))
    with caplog.at_level(logging.DEBUG, "neo4j.io"):
        opened(neo4j_address, group).bind(*MODEL)
    asked = [record.getMessage() for record in caplog.records if "C: RUN" in record.getMessage()]
    assert len(asked) == 3
    assert [record for record in caplog.records if not record.name.startswith("neo4j")] == []


BROKEN = [
    (
        "DROP INDEX graphmem_fact_time",
        "CREATE INDEX graphmem_fact_time FOR ()-[fact:RELATES_TO]-() ON (fact.valid_at)",
        "the index graphmem_fact_time is on relationships RELATES_TO(valid_at) as range, "
        "not on relationships RELATES_TO(group_id, valid_at) as range",
    ),
    (
        "DROP INDEX graphmem_vector_entity_4",
        "CREATE VECTOR INDEX graphmem_vector_entity_4 FOR (entity:Entity) ON entity.embedding_4 "
        "OPTIONS {indexConfig: {`vector.dimensions`: 8, `vector.similarity_function`: 'euclidean'}}",
        "the index graphmem_vector_entity_4 has vector.dimensions 8, not 4, "
        "vector.similarity_function euclidean, not cosine",
    ),
    (
        "DROP INDEX graphmem_text_fact",
        "CREATE FULLTEXT INDEX graphmem_text_fact FOR ()-[fact:RELATES_TO]-() ON EACH [fact.search_key, fact.fact]",
        "the index graphmem_text_fact has fulltext.analyzer standard-no-stop-words, not english",
    ),
    (
        "DROP CONSTRAINT graphmem_uuid",
        "CREATE INDEX graphmem_uuid FOR (record:Graphmem) ON (record.uuid)",
        "the constraint graphmem_uuid is on nodes Graphmem(uuid) as range, not on nodes Graphmem(uuid) as unique",
    ),
]


@pytest.mark.parametrize(("drop", "make", "problem"), BROKEN, ids=[drop.split("_", 1)[1] for drop, *_ in BROKEN])
def test_an_index_that_is_not_what_its_name_says_is_found_and_made_anew(
    neo4j_address: str, opened: object, cypher: Run, group: str, drop: str, make: str, problem: str
) -> None:
    store = opened(neo4j_address, group)
    tell(store)
    before = whole(store)
    cypher(drop)
    cypher(make)
    [finding] = store.check()
    assert (finding.problem, finding.damage, finding.mended) == (problem, True, False)
    again = opened(neo4j_address, group)
    assert [finding.problem for finding in again.check(repair=True)] == [problem]
    assert store.check() == []
    assert whole(store) == before


def test_an_index_of_another_name_on_the_same_is_as_good_or_told(
    neo4j_address: str, opened: object, cypher: Run, group: str
) -> None:
    store = opened(neo4j_address, group)
    tell(store)
    cypher("DROP INDEX graphmem_event_time")
    cypher("CREATE INDEX theirs FOR (event:Event) ON (event.group_id, event.valid_at)")
    assert store.check() == []
    cypher("DROP INDEX graphmem_text_fact_key")
    cypher("CREATE FULLTEXT INDEX too FOR ()-[fact:RELATES_TO]-() ON EACH [fact.keys]")
    try:
        [finding] = store.check(repair=True)
        with pytest.raises(StoreRejected, match=r"too stands in its place.*DROP INDEX `too`"):
            opened(neo4j_address, group)
    finally:
        cypher("DROP INDEX theirs")
        cypher("DROP INDEX too")
    assert finding.problem == "the index graphmem_text_fact_key is missing, too stands in its place"
    assert "DROP INDEX `too`" in finding.advice
    assert not finding.mended
    assert [finding.mended for finding in store.check(repair=True)] == [True, True]
    assert store.check() == []


def test_an_index_that_has_failed_is_told_and_made_anew_once_the_reason_is_gone(
    neo4j_address: str, opened: object, cypher: Run, group: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = opened(neo4j_address, group)
    tell(store)
    cypher("DROP INDEX graphmem_episode_previous")
    cypher("CREATE (:Episode {theirs: $group, previous: $long})", group=group, long="x" * 50_000)
    opened(neo4j_address, group)
    [finding] = store.check(repair=True)
    assert finding.problem.startswith("the index graphmem_episode_previous has failed")
    assert not finding.mended
    opened(neo4j_address, group)
    assert "graphmem_episode_previous has failed" in caplog.text
    cypher("MATCH (theirs:Episode {theirs: $group}) DELETE theirs", group=group)
    assert [finding.mended for finding in store.check(repair=True)] == [True]
    assert store.check() == []


# Bringing up to date


def test_an_older_database_is_refused_until_it_is_brought_up_to_date(
    neo4j_address: str, opened: object, old: tuple[str, str]
) -> None:
    with pytest.raises(StoreRejected, match=r"schema 1.*graphmem migrate"):
        opened(neo4j_address, old[0])
    with pytest.raises(StoreRejected, match="graphmem migrate"):
        opened(neo4j_address, f"{old[0]} nobody")
    migrate(neo4j_address)
    opened(neo4j_address, f"{old[0]} nobody")


def test_a_dry_run_tells_what_there_is_to_do_and_does_nothing(
    neo4j_address: str, cypher: Run, old: tuple[str, str]
) -> None:
    count = "MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN count(DISTINCT n), count(r), sum(n.revision), sum(r.revision)"
    before = cypher(count)
    told = migrate(neo4j_address, dry_run=True)
    assert (told.version, told.target, told.groups, told.done) == (1, VERSION, old, False)
    assert [step.records for step in told.steps] == [24, 10, 6, 6]
    assert cypher(count) == before


def test_what_is_brought_up_to_date_is_what_would_have_been_written(
    neo4j_address: str, opened: object, old: tuple[str, str]
) -> None:
    followed = 0
    done = migrate(neo4j_address)
    assert (done.version, done.target, done.groups, done.done) == (1, VERSION, old, True)
    assert migrate(neo4j_address).steps == ()
    for group in old:
        fresh, brought = opened(":memory:", group), opened(neo4j_address, group)
        tell(fresh)
        assert whole(brought) == whole(fresh)
        assert brought.check() == []
        followed = len(list(brought.changes(1)))
        assert followed == sum(change.revision > 1 for change in brought.changes())
        make = Maker(group)
        gone = make.change(remove=[record.uuid for record in story(make) if record.kind == "episode"][:1])
        for store in (fresh, brought):
            store.apply(gone)
        assert whole(brought) == whole(fresh)
    assert followed


class Stopped(Exception):
    """Stands for whatever ends the process."""


@pytest.mark.parametrize("after", [1, 4, 7, 10, 13])
def test_what_was_interrupted_goes_on_and_ends_in_the_same(
    neo4j_address: str,
    opened: object,
    cypher: Run,
    old: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
    after: int,
) -> None:
    monkeypatch.setattr(upkeep, "PAGE", 4)
    left = after

    def stop(step: str, records: int) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Stopped

    with pytest.raises(Stopped):
        migrate(neo4j_address, progress=stop)
    with pytest.raises(StoreRejected, match="graphmem migrate"):
        opened(neo4j_address, old[1])
    assert cypher("MATCH (m:GraphmemMeta) RETURN m.version AS version")[0]["version"] == VERSION
    migrate(neo4j_address)
    for group in old:
        fresh = opened(":memory:", group)
        tell(fresh)
        assert whole(opened(neo4j_address, group)) == whole(fresh)


def test_a_process_that_is_killed_leaves_what_the_next_one_ends(
    neo4j_address: str, opened: object, cypher: Run, old: tuple[str, str]
) -> None:
    process = multiprocessing.get_context("spawn").Process(target=openers.migrate_and_die, args=(neo4j_address,))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    [noted] = cypher(
        "MATCH (t:GraphmemTenant) WHERE t.migrating IS NOT NULL RETURN t.group_id AS group, t.migrating[0]"
    )
    assert list(noted) == [old[0], "keep nodes"]
    migrate(neo4j_address)
    for group in old:
        fresh = opened(":memory:", group)
        tell(fresh)
        assert whole(opened(neo4j_address, group)) == whole(fresh)


def test_a_tenant_that_is_up_to_date_is_used_while_another_is_not(
    neo4j_address: str, opened: object, cypher: Run, group: str
) -> None:
    store = opened(neo4j_address, group)
    tell(store)
    cypher("MERGE (t:GraphmemTenant {group_id: $group}) SET t.revision = 0", group=f"{group} old")
    with pytest.raises(StoreRejected, match=rf"before {VERSION}.*graphmem migrate"):
        opened(neo4j_address, f"{group} old")
    assert whole(opened(neo4j_address, group)) == whole(store)
    migrate(neo4j_address)
    opened(neo4j_address, f"{group} old")


def test_the_command_says_what_it_did(neo4j_address: str, old: tuple[str, str], tmp_path: Path) -> None:
    from click.testing import CliRunner

    def run(*arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == code, result.output
        return result.output

    where = ("--store", neo4j_address)
    assert "run graphmem migrate" in run("stats", *where, "--group", old[0], code=1)
    said = run("migrate", "--dry-run", *where)
    assert said.startswith(f"Would bring {neo4j_address} from schema 1 to {VERSION}, 2 groups:\n")
    assert "\n  decide which entities are one: 10\n" in said
    assert run("migrate", *where) == said.replace("Would bring", "Brought")
    assert run("migrate", *where) == f"{neo4j_address} has schema {VERSION}: nothing to do.\n"
    assert '"steps": []' in run("migrate", "--json", *where)


# Other people's data


def test_nothing_that_does_touches_other_peoples_data(
    neo4j_address: str, opened: object, cypher: Run, group: str, tmp_path: Path
) -> None:
    store = opened(neo4j_address, group)
    make = Maker(group)
    records = story(make)
    cypher(
        "UNWIND $rows AS row CREATE (n {theirs: $group, uuid: row.uuid, group_id: $group, name: 'Ida', revision: 1, "
        "keys: 'Ida', search_key: 'x', created_at: datetime(), previous: row.uuid}) SET n:$(row.label)",
        rows=[{"uuid": record.uuid, "label": type(record).__name__} for record in records],
        group=group,
    )
    cypher(
        "MATCH (a:Entity {theirs: $group}) MATCH (b:Episode|Entity {theirs: $group}) "
        "CREATE (a)-[:RELATES_TO {uuid: randomUUID(), group_id: $group, revision: 1, fact: 'Ida lives in Rome', "
        "subject_uuid: a.uuid, object_uuid: b.uuid, modality: 'asserted', episodes: [b.uuid]}]->(b) "
        "CREATE (b)-[:MENTIONS {count: 1}]->(a) CREATE (b)-[:NEXT_EPISODE]->(b)",
        group=group,
    )
    told = (
        "MATCH (n {theirs: $group}) OPTIONAL MATCH (n)-[r]-(m) "
        "RETURN elementId(n), labels(n), properties(n), collect([elementId(r), properties(r), elementId(m)]) ORDER BY 1"
    )
    theirs = cypher(told, group=group)
    try:
        tell(store)
        assert store.check() == []
        alone = opened(":memory:", group)
        tell(alone)
        assert {uuid: record for uuid, (record, _) in whole(store).items()} == {
            uuid: record for uuid, (record, _) in whole(alone).items()
        }
        assert store.counts() == alone.counts()
        make_old(cypher, group)
        cypher("MATCH (n:Graphmem {group_id: $group})-[l:MENTIONS|DURING]->() DELETE l", group=group)
        migrate(neo4j_address)
        store.check(repair=True)
        assert whole(store) == whole(alone)
        assert cypher(told, group=group) == theirs
        store.apply(make.change(remove=list(everything(store))))
        assert store.counts() == dict.fromkeys(store.counts(), 0)
        assert cypher(told, group=group) == theirs
    finally:
        cypher("MATCH (n {theirs: $group}) DETACH DELETE n", group=group)


# A file


def test_a_file_is_brought_up_to_date_by_opening_and_a_dry_run_only_tells(tmp_path: Path, opened: object) -> None:
    import sqlite3
    from contextlib import closing

    file = tmp_path / "old.db"
    tell(opened(str(file), "one"))
    assert migrate(file, dry_run=True).steps == ()
    with closing(sqlite3.connect(file)) as db:
        db.executescript(
            """DELETE FROM links WHERE role IN ('during', 'part_of'); DELETE FROM records WHERE kind = 'period';
            DELETE FROM keys WHERE key LIKE '!%'; ALTER TABLE records DROP COLUMN line; PRAGMA user_version = 2"""
        )
    told = migrate(file, dry_run=True, settings=Settings())
    assert (told.version, told.done, told.records > 0) == (2, False, True)
    assert migrate(file, dry_run=True) == told
    assert migrate(file).done
    assert migrate(file).steps == ()
    fresh = opened(":memory:", "one")
    tell(fresh)
    assert whole(opened(str(file), "one")) == whole(fresh)
