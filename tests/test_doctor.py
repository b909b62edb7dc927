"""What `doctor` finds in a store whose parts do not fit together, and what it mends; texts are never touched."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import neo4j
import pytest
from click.testing import CliRunner
from small_graph import Maker, day, everything
from test_explore import asking
from test_neo4j_schema import story, tell, whole

from graphmem import Memory
from graphmem.cli import main
from graphmem.model import Period, natural_key, period_uuid
from graphmem.store.contract import Finding, Store
from graphmem.store.neo4j import health

Run = Callable[..., list[neo4j.Record]]


@pytest.fixture
def cypher(neo4j_address: str, group: str) -> Iterator[Run]:
    """Ask the server in plain Cypher; $group is the tenant."""
    with asking(neo4j_address) as session:
        yield lambda text, **given: list(session.run(text, {"group": group, **given}))


@pytest.fixture
def told(neo4j_address: str, group: str, opened: Callable[[str, str], Store]) -> Store:
    """Give a store in Neo4j that has records of every kind."""
    store = opened(neo4j_address, group)
    tell(store)
    return store


OURS = "(one:Graphmem {group_id: $group})"
BREAKS = {
    "mentions": f"MATCH {OURS}-[link:MENTIONS]->() DELETE link",
    "sessions": f"MATCH {OURS}-[link:HAS_EPISODE]->() DELETE link",
    "followers": f"MATCH {OURS}-[link:NEXT_EPISODE]->() DELETE link",
    "participants": f"MATCH {OURS}-[link:INVOLVES]->() DELETE link",
    "descriptions": f"MATCH {OURS}-[link:DESCRIBES]->() DELETE link",
    "days": f"MATCH {OURS}-[link:DURING]->() DELETE link",
    "months": f"MATCH {OURS}-[link:PART_OF]->() DELETE link",
    "merges": f"MATCH {OURS}-[link:MERGED_INTO]->() DELETE link",
    "a wrong count": f"MATCH {OURS}-[link:MENTIONS]->() SET link.count = 99",
    "a mention too many": f"MATCH {OURS}-[:MENTIONS]->(two) CREATE (one)-[:MENTIONS {{count: 1}}]->(two)",
    "a stranger": """MATCH (one:Graphmem:Event {group_id: $group}) MATCH (two:Graphmem:Value {group_id: $group})
        CREATE (one)-[:INVOLVES]->(two)""",
    "periods": "MATCH (one:Graphmem:Period {group_id: $group}) DETACH DELETE one",
    "keys of entities": "MATCH (one:Graphmem:Entity {group_id: $group}) REMOVE one.keys",
    "names of entities": "MATCH (one:Graphmem:Entity {group_id: $group}) SET one.normal_names = ['x']",
    "keys of facts": "MATCH ()-[one:RELATES_TO {group_id: $group}]->() REMOVE one.keys, one.search_key",
    "ends of facts": """MATCH (a)-[one:RELATES_TO {group_id: $group}]->(b) WITH a, b, one, properties(one) AS all
        DELETE one CREATE (b)-[two:RELATES_TO]->(a) SET two = all""",
    "tombstones": """MATCH ()-[one:RELATES_TO {group_id: $group}]->() CREATE (:Graphmem:Tombstone
        {uuid: one.uuid, group_id: $group, kind: 'fact', revision: 1})""",
    "a version of nothing": """MATCH (a)-[one:RELATES_TO {group_id: $group}]->(b) WITH a, b, one LIMIT 1
        CREATE (a)-[two:RELATES_TO]->(b) SET two = one {.*, uuid: 'version' + $group, version_of: 'x'}""",
    "the revision": "MATCH (tenant:GraphmemTenant {group_id: $group}) SET tenant.revision = 0",
    "vectors": f"MATCH {OURS} REMOVE one.embedding_4",
    "vectors of facts": "MATCH ()-[one:RELATES_TO {group_id: $group}]->() REMOVE one.embedding_4",
    "a merge into nothing": """MATCH (one:Graphmem:Entity {group_id: $group})-[link:MERGED_INTO]->()
        SET one.merged_into = 'x' DELETE link""",
}


def of_damage(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.damage]


@pytest.mark.parametrize("what", BREAKS)
def test_what_follows_from_records_is_found_broken_and_mended(told: Store, cypher: Run, what: str) -> None:
    before = whole(told)
    assert told.check() == []
    cypher(BREAKS[what])
    found = of_damage(told.check())
    assert found
    assert all(finding.mend and not finding.mended for finding in found)
    mended = of_damage(told.check(repair=True))
    assert {finding.problem for finding in found} <= {finding.problem for finding in mended}
    assert all(finding.mended for finding in mended)
    assert told.check() == []
    assert whole(told) == before


def test_a_period_to_which_nothing_belongs_is_removed(told: Store, cypher: Run, group: str) -> None:
    before = whole(told)
    uuid = period_uuid(group, "1999")
    period = Period(group_id=group, created_at=day(1), name="1999")
    cypher(
        "CREATE (one:Graphmem:Period {uuid: $uuid, name: '1999', level: 'year', group_id: $group, revision: 1, "
        "valid_at: $start, invalid_at: $end, created_at: $start})",
        uuid=uuid,
        start=period.valid_at,
        end=period.invalid_at,
    )
    problems = {finding.problem for finding in told.check()}
    assert f"nothing belongs to the period {uuid}" in problems
    assert all(finding.mended for finding in told.check(repair=True))
    assert told.check() == []
    assert whole(told) == before


def test_records_that_are_there_twice_become_one(
    neo4j_address: str,
    opened: Callable[[str, str], Store],
    told: Store,
    cypher: Run,
    group: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = whole(told)
    for name in ("graphmem_uuid", "graphmem_fact_uuid"):
        cypher(f"DROP CONSTRAINT {name}")
    cypher(
        "MATCH (one:Graphmem:Entity {group_id: $group, name: 'Ida'}) WITH one, properties(one) AS all "
        "CREATE (two:Graphmem:Entity) SET two = all WITH two MATCH (other:Graphmem:Entity {group_id: $group, name: "
        "'Oslo'}) CREATE (two)-[fact:RELATES_TO]->(other) SET fact = {uuid: 'twin' + $group}"
    )
    cypher("MATCH (a)-[fact:RELATES_TO {group_id: $group}]->(b) CREATE (a)-[two:RELATES_TO]->(b) SET two = fact")
    cypher("MATCH ()-[fact:RELATES_TO {uuid: 'twin' + $group}]->() DELETE fact")
    opened(neo4j_address, group)
    assert "the constraint graphmem_uuid is missing: run graphmem doctor" in caplog.text
    problems = [finding.problem for finding in told.check()]
    assert any("2 nodes of the uuid" in problem for problem in problems)
    assert any("2 facts of the uuid" in problem for problem in problems)
    assert all(finding.mended for finding in told.check(repair=True))
    assert told.check() == []
    assert whole(told) == before


def test_a_tenant_that_is_not_noted_is_noted_again(told: Store, cypher: Run) -> None:
    records = everything(told)
    cypher("MATCH (tenant:GraphmemTenant {group_id: $group}) DELETE tenant")
    assert "not noted" in told.check()[0].problem
    told.check(repair=True)
    assert everything(told) == records
    assert "no model is known" in told.check()[0].problem


def test_what_cannot_be_mended_is_told_with_what_to_do(told: Store, cypher: Run, group: str) -> None:
    [episode] = [record for record in story(Maker(group)) if getattr(record, "text", "") == "Ida lives in Rome."]
    cypher("MATCH (one:Graphmem {uuid: $uuid}) DETACH DELETE one", uuid=episode.uuid)
    findings = told.check(repair=True)
    lost = [finding for finding in findings if finding.problem.endswith(f"refers to {episode.uuid}, which is missing")]
    assert {finding.mended for finding in lost} == {False}
    assert {finding.advice for finding in lost} == {"add the text it comes from again"}
    tell(told)
    assert told.check() == []


def test_vectors_of_another_dimension_are_told(told: Store, cypher: Run) -> None:
    cypher("MATCH (one:Graphmem:Entity {group_id: $group}) SET one.vectors = $data REMOVE one.embedding_4", data=b"123")
    findings = told.check(repair=True)
    assert {finding.problem.partition(" has ")[2] for finding in findings} == {
        "vectors of 3 bytes, but the model's have dimension 4"
    }
    assert not any(finding.mended for finding in findings)


def test_what_cannot_be_read_is_told_and_the_rest_is_looked_through(told: Store, cypher: Run, group: str) -> None:
    cypher("MATCH (one:Graphmem:Entity {group_id: $group, name: 'Ida'}) SET one.type = 'ALIEN'")
    uuid = natural_key("entity", group, "ida")
    [finding] = told.check(repair=True)
    assert finding.problem.startswith(f"{uuid} is no record that can be read")


def test_what_was_learned_in_the_future_is_told_and_is_no_damage(told: Store, group: str) -> None:
    make = Maker(group)
    make.base["created_at"] = "2999-01-01T00:00:00Z"
    eve = make.entity("Eve")
    told.apply(make.change(eve, make.episode("Eve came.", eve)))
    [finding] = told.check()
    assert finding.problem.startswith("4 records were learned later than it is now, the last at 2999-01-01")
    assert not finding.damage


def test_a_clock_that_differs_is_told_and_is_no_damage(told: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "SKEW", timedelta())
    [finding] = told.check()
    assert finding.problem.startswith(f"the clock of {told.address} is ")
    assert not finding.damage


def test_an_entity_of_another_name_is_told(store: Store) -> None:
    make = Maker(store.group_id)
    eve = make.entity("Eve").model_copy(update={"uuid": f"eve {store.group_id}"})
    store.apply(make.change(eve, make.episode("Eve came.", eve)))
    [finding] = store.check()
    assert finding.problem == f"entity {eve.uuid} should have the uuid {make.entity('Eve').uuid}, by its key"


def test_a_repair_reaches_who_follows_the_changes(told: Store, cypher: Run) -> None:
    seen: dict[str, Any] = {change.uuid: change.record for change in told.changes()}
    since = told.revision()
    cypher("MATCH (one:Graphmem:Period {group_id: $group}) DETACH DELETE one")
    told.check(repair=True)
    seen |= {change.uuid: change.record for change in told.changes(since)}
    assert seen == {change.uuid: change.record for change in told.changes()}
    assert told.revision() > since


def test_periods_of_a_file_are_mended_too(tmp_path: Path, opened: Callable[[str, str], Store]) -> None:
    file = tmp_path / "notes.db"
    store = opened(str(file), "one")
    tell(store)
    before = whole(store)
    with closing(sqlite3.connect(file)) as db:
        db.executescript(
            "DELETE FROM links WHERE role IN ('during', 'part_of'); DELETE FROM records WHERE kind = 'period'"
        )
    found = store.check()
    assert {finding.mend for finding in found} == {"make it"}
    assert {finding.mended for finding in store.check(repair=True)} == {True}
    assert store.check() == []
    assert whole(store) == before


def test_the_command_repairs_only_when_asked(neo4j_address: str, told: Store, cypher: Run, group: str) -> None:
    def run(*arguments: str, code: int = 0) -> str:
        given = ["doctor", *arguments, "--store", neo4j_address, "--group", group]
        result = CliRunner().invoke(main, given)
        assert result.exit_code == code, result.output
        return result.output

    cypher(BREAKS["sessions"])
    for asked in ((), ("--repair", "--dry-run")):
        said = run(*asked, code=1)
        assert "lacks its relationship HAS_EPISODE" in said
        assert said.splitlines()[0].endswith("graphmem doctor --repair mends it (make it)")
    assert [one["mend"] for one in json.loads(run("--json", code=1))] == ["make it"] * 2
    assert run("--repair").splitlines()[0].endswith("mended (make it)")
    assert "mended" not in run()


def test_the_front_door_repairs_when_asked(neo4j_address: str, told: Store, cypher: Run, group: str) -> None:
    cypher(BREAKS["mentions"])
    with Memory(neo4j_address, group_id=group) as memory:
        assert any(finding.damage for finding in memory.doctor())
        assert all(finding.mended for finding in memory.doctor(repair=True) if finding.damage)
        assert not any(finding.damage for finding in memory.doctor())
