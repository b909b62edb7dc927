"""The saved questions for Neo4j Browser answer on a real server, and every Cypher file says what it is for."""

from __future__ import annotations

import os
import re
from pathlib import Path

import neo4j
import pytest
from small_graph import Maker, day

from graphmem.store.cypher import FOLDER

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
    store.apply(make.change(make.session(), ada, charles, first, second, met, event))
    lines = path.read_text(encoding="utf-8").splitlines()
    query = "\n".join(line for line in lines if not line.startswith((":param", "//")))
    given = dict(re.findall(r"^:param (\w+) => (.+)$", "\n".join(lines), flags=re.M))
    assert set(re.findall(r"\$(\w+)", query)) == given.keys()
    with (
        neo4j.GraphDatabase.driver(
            neo4j_address, auth=("neo4j", os.environ["NEO4J_PASSWORD"]), telemetry_disabled=True
        ) as driver,
        driver.session() as session,
    ):
        defaults = session.run("RETURN " + ", ".join(f"{value} AS {name}" for name, value in given.items())).single()
        rows = session.run(query, {**defaults.data(), "group_id": group}).data()
    assert rows
    assert all(any(value is not None for value in row.values()) for row in rows)
