"""Reading from Neo4j: in pages, from several databases on one server, and on after the server was restarted."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from conftest import LAUNCHER
from small_graph import Maker, everything
from test_snapshot import Directions, Nothing

from graphmem import Memory
from graphmem.recall.snapshot import Snapshot
from graphmem.settings import Settings
from graphmem.store.contract import Store
from graphmem.store.neo4j import store as neo4j_store


@pytest.mark.parametrize("address", ["neo4j"], indirect=True)
def test_changes_are_whole_and_in_order_however_they_are_cut(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    make = Maker(store.group_id)
    ben = make.entity("Ben")
    for number in range(1, 4):
        ada, episodes = make.entity(f"Ada {number}"), [make.episode(f"{number} {at}") for at in range(3 * number)]
        store.apply(make.change(ada, ben, *episodes, make.fact(ada, "know", ben, *episodes)))
    store.apply(make.change(remove=[episodes[0].uuid]))
    whole = list(store.changes())
    monkeypatch.setattr(neo4j_store, "PAGE", 2)
    monkeypatch.setattr(neo4j_store, "AHEAD", 3)
    cut = list(store.changes())
    assert [change.revision for change in cut] == sorted(change.revision for change in whole)
    assert {change.uuid: change.record for change in cut} == {change.uuid: change.record for change in whole}
    assert len(cut) == len(whole)
    assert sum(change.record is None for change in cut) == 1


@pytest.mark.parametrize("address", ["neo4j"], indirect=True)
def test_what_is_removed_or_changed_while_it_is_read_comes_as_it_is_then(store: Store) -> None:
    make = Maker(store.group_id)
    episodes = [make.episode(f"episode {number}") for number in range(1200)]
    store.apply(make.change(*episodes))
    ada = make.entity("Ada")
    store.apply(make.change(ada))
    changes = store.changes()
    seen = {change.uuid: change.record for change in (next(changes),)}
    store.apply(make.change(make.entity("Ada", "Countess"), remove=[episode.uuid for episode in episodes[1000:]]))
    last = 0
    for change in changes:
        seen[change.uuid] = change.record
        last = change.revision
    assert {uuid: record for uuid, record in seen.items() if record and record.kind != "period"} == everything(store)
    assert last == store.revision()


def test_each_database_of_a_server_has_a_snapshot_of_its_own() -> None:
    def path(address: str, database: str | None) -> Path | None:
        place = SimpleNamespace(address=address, database=database, group_id="g", file=None)
        return Snapshot(place, Directions()).path

    assert path("bolt://one:7687", "notes") == path("bolt://one:7687", "Notes")
    paths = {path("bolt://one:7687", "notes"), path("bolt://one:7687", "work"), path("bolt://other:7687", "work")}
    assert len(paths) == 3


def test_a_store_tells_its_database(neo4j_address: str, group: str, opened: Callable[..., Store]) -> None:
    assert opened(neo4j_address, group).database == Settings.read().neo4j_database
    assert opened(":memory:", group).database is None


@pytest.fixture
def restarted(
    neo4j_server: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, Callable[[], None]]]:
    """Give the address of a server of its own, and a way to stop it and start it again."""
    password = uuid4().hex
    monkeypatch.setenv("NEO4J_PASSWORD", password)

    def launch(verb: str, *options: str) -> str:
        command = [sys.executable, LAUNCHER, verb, "--home", tmp_path / "own", *options]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()

    address = launch("start", "--port", "0", "--http-port", "0")

    def restart() -> None:
        launch("stop")
        assert launch("start", "--port", address.rpartition(":")[2], "--http-port", "0") == address

    try:
        yield address, restart
    finally:
        launch("stop")


def test_memories_that_are_open_go_on_after_the_server_was_restarted(
    restarted: tuple[str, Callable[[], None]], group: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAPHMEM_CACHE", str(tmp_path / "cache"))
    address, restart = restarted
    given = {"group_id": group, "model": Directions(), "extractor": Nothing()}
    with Memory(address, **given) as writer, Memory(address, **given) as reader:
        writer.add("Ada keeps bees.")
        assert [hit.text for hit in reader.search("bees")] == ["Ada keeps bees."]
        restart()
        assert [hit.text for hit in reader.search("bees")] == ["Ada keeps bees."]
        writer.add("Ben keeps bees.")
        assert {hit.text for hit in reader.search("bees")} == {"Ada keeps bees.", "Ben keeps bees."}
