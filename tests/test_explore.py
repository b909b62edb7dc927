"""The saved questions for Neo4j Browser answer on a real server, and every Cypher file says what it is for."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import neo4j
import pytest
from small_graph import Maker, day

from graphmem import Memory
from graphmem.store.cypher import FOLDER


@contextmanager
def asking(address: str) -> Iterator[neo4j.Session]:
    password = os.environ["NEO4J_PASSWORD"]
    with (
        neo4j.GraphDatabase.driver(address, auth=("neo4j", password), telemetry_disabled=True) as driver,
        driver.session() as session,
    ):
        yield session


EXPLORE = sorted((FOLDER / "explore").glob("*.cypher"))


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.cypher")), ids=lambda path: str(path.relative_to(FOLDER)))
def test_the_first_line_of_each_file_says_what_it_is_for(path: Path) -> None:
    assert re.match(rf"// {path.name}: \w.{{9,}}\n", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", EXPLORE, ids=lambda path: path.stem)
def test_each_question_finds_something(path: Path, neo4j_address: str, group: str, opened: object) -> None:
    store, make = opened(neo4j_address, group), Maker(group)
    ada, charles = make.entity("Ada Lovelace"), make.entity("Charles Babbage")
    first = make.episode("Ada met Charles.", ada, charles, session="notes", reference_time=day(130))
    second = make.episode(
        "They talked.", ada, session="notes", position=1, previous=first.uuid, reference_time=day(131)
    )
    met = make.fact(ada, "know", charles, first, valid_at=day(100))
    event = make.event("meet", ada, charles, episodes=[first], valid_at=day(130), invalid_at=day(131))
    works = [make.entity(name, type="ORG") for name in ("Engine Works", "Engine Works Ltd.")]
    third = make.episode("Engine Works is Engine Works Ltd.", *works, reference_time=day(132))
    paris, rome = make.entity("Paris"), make.entity("Rome")
    letter, diary = (make.episode("He lives there.", charles, place, source=place.name) for place in (paris, rome))
    state = {"slot": "live in", "holder": "subject"}
    lives = [make.fact(charles, "live in", place, said, **state) for place, said in ((paris, letter), (rome, diary))]
    store.apply(make.change(make.session(), ada, charles, first, second, met, event, *works, third))
    store.apply(make.change(charles, paris, rome, letter, diary, *lives))
    lines = path.read_text(encoding="utf-8").splitlines()
    query = "\n".join(line for line in lines if not line.startswith((":param", "//")))
    given = dict(re.findall(r"^:param (\w+) => (.+)$", "\n".join(lines), flags=re.M))
    assert set(re.findall(r"\$(\w+)", query)) == given.keys()
    with asking(neo4j_address) as session:
        defaults = session.run("RETURN " + ", ".join(f"{value} AS {name}" for name, value in given.items())).single()
        mine = {"group_id": group, "uuids": [ada.uuid, first.uuid, met.uuid]}
        rows = session.run(query, {**defaults.data(), **mine}).data()
    assert rows
    assert all(any(value is not None for value in row.values()) for row in rows)


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
