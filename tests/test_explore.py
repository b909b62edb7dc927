"""The saved questions for Neo4j Browser answer on a real server, and every Cypher file says what it is for."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import neo4j
import pytest

from graphmem import Memory
from graphmem.browser import Question, questions
from graphmem.store.cypher import FOLDER


@contextmanager
def asking(address: str) -> Iterator[neo4j.Session]:
    password = os.environ["NEO4J_PASSWORD"]
    with (
        neo4j.GraphDatabase.driver(address, auth=("neo4j", password), telemetry_disabled=True) as driver,
        driver.session() as session,
    ):
        yield session


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.cypher")), ids=lambda path: str(path.relative_to(FOLDER)))
def test_the_first_line_of_each_file_says_what_it_is_for(path: Path) -> None:
    assert re.match(rf"// {path.name}: \w.{{9,}}\n", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("saved", questions(), ids=lambda saved: saved.name)
class TestEachQuestion:
    def test_finds_something_of_this_memory_alone(
        self, saved: Question, neo4j_address: str, town: str, strangers: None
    ) -> None:
        with asking(neo4j_address) as session:
            rows = list(session.run(saved.query, given(saved, session, town)))
            assert rows
            assert all(any(value is not None for value in row.values()) for row in rows)
            for item in drawn(row.values() for row in rows):
                assert item.get("group_id", town) == town
                assert isinstance(item, neo4j.graph.Relationship) or "Graphmem" in item.labels

    def test_answers_the_same_as_a_favourite(self, saved: Question, neo4j_address: str, town: str) -> None:
        with asking(neo4j_address) as session:
            parameters = given(saved, session, town)
            favourite = saved.favourite(group_id=town).replace(
                "['a uuid from hit.path', 'another']", repr(parameters.get("uuids"))
            )
            assert len(list(session.run(favourite))) == len(list(session.run(saved.query, parameters)))

    def test_names_its_parameters_once_in_its_first_line_and_is_bounded(self, saved: Question) -> None:
        first, _, rest = saved.query.partition("\n")
        assert first == "WITH " + ", ".join(f"${name} AS {name}" for name in saved.parameters)
        assert "$" not in rest
        assert re.search(r"\nLIMIT \d+$", rest)

    def test_reads_no_more_than_graphmem_s_own(self, saved: Question, neo4j_address: str, town: str) -> None:
        with asking(neo4j_address) as session:
            plan = session.run("EXPLAIN " + saved.query, given(saved, session, town)).consume().plan
        assert not {"AllNodesScan", "DirectedAllRelationshipsScan", "CartesianProduct"} & set(operators(plan))
        assert not {name for name in operators(plan) if name.endswith("RelationshipTypeScan")}


def given(saved: Question, session: neo4j.Session, group_id: str) -> dict[str, object]:
    """Give the defaults of a question's parameters, as `:param` would set them, for one memory."""
    texts = ", ".join(f"{value} AS {name}" for name, value in saved.parameters.items())
    values = session.run("RETURN " + texts).single(strict=True).data()
    path = "MATCH (one {group_id: $group_id})-[:MENTIONS]->(other) RETURN one.uuid, other.uuid LIMIT 1"
    asked = {"group_id": group_id, "uuids": session.run(path, group_id=group_id).single(strict=True).values()}
    return values | {name: value for name, value in asked.items() if name in values}


def drawn(values: Iterable[object]) -> Iterator[neo4j.graph.Entity]:
    """Give the nodes and relationships in an answer."""
    for value in values:
        match value:
            case neo4j.graph.Path():
                yield from (*value.nodes, *value.relationships)
            case neo4j.graph.Entity():
                yield value
            case list() | tuple():
                yield from drawn(value)


def operators(plan: dict[str, Any]) -> Iterator[str]:
    yield plan["operatorType"].partition("@")[0]
    for child in plan.get("children", ()):
        yield from operators(child)


@pytest.fixture
def strangers(neo4j_address: str, town: str) -> Iterator[None]:
    """Somebody else's data with the same names in the same database."""
    make = """
        CREATE (:Entity:Session:Tombstone {stranger: true, group_id: $group, name: 'Ravi Menon', revision: 1})
          -[:RELATES_TO {group_id: $group, fact: 'x', predicate: 'know', valid_at: datetime('2023-05-02')}]->
          (:Entity:Event:Episode:Period {stranger: true, group_id: $group, name: 'Tomas Lindqvist', revision: 1})
    """
    with asking(neo4j_address) as session:
        session.run(make, group=town).consume()
        yield
        session.run("MATCH (stranger {stranger: true}) DETACH DELETE stranger").consume()


def test_every_question_has_its_place_in_the_guide() -> None:
    assert sorted(saved.name for saved in questions()) == sorted(
        path.stem for path in (FOLDER / "explore").glob("*.cypher")
    )


def test_the_path_of_a_hit_can_be_drawn(neo4j_address: str, group: str) -> None:
    """Every node of the path is there, facts as relationships, and what connects them comes along."""
    with Memory(neo4j_address, group_id=group) as memory:
        memory.add("Ada Lovelace moved to London in 1835. It's far from \\ Oslo.", reference_time="1843-08-01")
        memory.add("Where does she live?", session="chat", speaker="Ben", reference_time="1843-08-02")
        memory.add("London, of course.", session="chat", speaker="Cy", reference_time="1843-08-02")
        hits = memory.search(
            "Where did Ada Lovelace move?", kinds=("episode", "fact", "event", "entity"), top_k=20, explain=True
        )
        plain = memory.search("Where did Ada Lovelace move?", top_k=1)[0]
        assert {hit.kind for hit in hits} == {"episode", "fact", "event", "entity"}
        kinds: set[str] = set()
        with asking(neo4j_address) as session:
            for hit in (*hits, plain):
                drawn = session.run(hit.cypher).graph()
                found = {item["uuid"] for item in (*drawn.nodes, *drawn.relationships) if "uuid" in item}
                wanted = {step.uuid for step in hit.path if step.uuid} or {hit.uuid}
                assert wanted <= found
                assert all(node["group_id"] == group for node in drawn.nodes)
                ends = {
                    uuid
                    for r in drawn.relationships
                    if r.type == "RELATES_TO"
                    for uuid in (r.nodes[0]["uuid"], r.nodes[1]["uuid"])
                }
                assert {node["uuid"] for node in drawn.nodes} <= wanted | ends
                kinds |= {relationship.type for relationship in drawn.relationships}
        assert {"MENTIONS", "RELATES_TO", "DESCRIBES"} <= kinds
