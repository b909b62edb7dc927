"""The memory works on the current line of Neo4j, which the launcher runs where there is a Java for it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from conftest import Opener
from launcher import launch
from launcher import module as launcher
from small_graph import EAST, NORTH, Maker, everything, rows

from graphmem import Memory


@pytest.fixture(scope="module")
def current_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Give the address and the password of a Neo4j of the current line."""
    try:
        launcher.java(launcher.LINES["current"])
    except launcher.LauncherError as missing:
        pytest.skip(str(missing))
    which, password = ("--line", "current", "--home", tmp_path_factory.mktemp("current")), uuid4().hex
    started = launch("start", *which, "--port", "0", "--http-port", "0", NEO4J_PASSWORD=password)
    assert started.returncode == 0, started.stderr
    yield started.stdout.strip(), password
    launch("stop", *which)


@pytest.fixture
def current_address(current_server: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the address; the password is in the environment."""
    address, password = current_server
    monkeypatch.setenv("NEO4J_PASSWORD", password)
    return address


def test_a_memory_keeps_finds_and_forgets(current_address: str, group: str) -> None:
    with Memory(current_address, group_id=group) as memory:
        memory.add("Ada Berg lives in London. She works for Acme Corp.", reference_time="2020-01-10")
        moved = memory.add("Ada Berg moved to Paris in May 2021.", reference_time="2021-06-03")
        assert [fact.object for fact in memory.facts(subject="Ada Berg", predicate="live in")] == ["Paris"]
        assert memory.search("Who moved to Paris?", top_k=1)[0].text == "Ada Berg moved to Paris in May 2021."
        memory.delete_episode(moved.uuids[0])
        assert [fact.object for fact in memory.facts(subject="Ada Berg", predicate="live in")] == ["London"]
        assert memory.doctor() == []


def test_its_indexes_find_what_a_small_tenant_has(current_address: str, group: str, opened: Opener) -> None:
    small, large = opened(current_address, group), opened(current_address, f"{group} large")
    for store in (small, large):
        store.bind("compass", 4)
    make, other = Maker(small.group_id), Maker(large.group_id)
    crowd = [other.episode(f"river {number}") for number in range(300)]
    large.apply(other.change(*crowd, vectors={episode.uuid: rows(EAST) for episode in crowd}))
    ada, ben = make.entity("Ada"), make.entity("Ben")
    mine = [make.episode(f"my river {number}") for number in range(3)]
    knows = make.fact(ada, "know", ben, mine[0])
    vectors = {record.uuid: rows(NORTH) for record in (*mine, knows)}
    small.apply(make.change(ada, ben, *mine, knows, vectors=vectors))
    wanted = {episode.uuid for episode in mine}
    assert {uuid for uuid, _ in small.nearest("episode", EAST, top_k=3)} == wanted
    assert {uuid for uuid, _ in small.matching("episode", "river", top_k=3)} == wanted
    assert [uuid for uuid, _ in small.nearest("fact", NORTH, top_k=1)] == [knows.uuid]
    small.apply(make.change(remove=[mine[0].uuid]))
    assert mine[0].uuid not in everything(small)
    assert (small.check(), large.check()) == ([], [])
