"""What cannot be opened or used is told in one clear sentence, and nothing is harmed."""

from __future__ import annotations

import os
import socket
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import neo4j
import pytest
from conftest import Opener
from pydantic import SecretStr
from small_graph import EAST, LEARNED, Maker, everything, rows

from graphmem import Memory
from graphmem.errors import GraphmemError, InvalidInput, StoreRejected, StoreUnavailable
from graphmem.model import Episode, Participant, Record
from graphmem.settings import Settings
from graphmem.store import open_store
from graphmem.store.contract import Filter, Store
from graphmem.store.neo4j.schema import VERSION


@pytest.mark.parametrize("address", ["http://localhost", "postgres://x", "redis://x/y", "bolt2://x"])
def test_an_unknown_scheme_is_named(address: str) -> None:
    with pytest.raises(InvalidInput, match=r"unknown scheme.*sqlite:///file"):
        open_store(address)


@pytest.mark.parametrize("address", ["", " ", "sqlite://", "sqlite:///"])
def test_an_address_that_names_nothing_is_refused(address: str) -> None:
    with pytest.raises(InvalidInput):
        open_store(address)


def test_a_sqlite_address_names_a_file(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path}/notes.db").close()
    assert (tmp_path / "notes.db").exists()


def test_opening_twice_is_silent_and_changes_nothing(shared_address: str, group: str, opened: object) -> None:
    first = opened(shared_address, group)
    first.apply(Maker(group).change(Maker(group).entity("Ada")))
    assert opened(shared_address, group).revision() == 1


def test_a_file_that_must_exist_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="graphmem init"):
        open_store(tmp_path / "none.db", create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "text.db"
    path.write_text("Dear diary, " * 500)
    with pytest.raises(StoreRejected, match="no SQLite database"):
        open_store(path)
    assert path.read_text() == "Dear diary, " * 500


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE records (id INTEGER)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreRejected, match="another program"):
        open_store(path)
    assert path.read_bytes() == before


def test_a_newer_schema_in_a_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "newer.db"
    open_store(path).close()
    newer = sqlite3.connect(path)
    newer.execute("PRAGMA user_version = 999")
    newer.close()
    with pytest.raises(StoreRejected, match=r"schema 999.*upgrade"):
        open_store(path)


def test_a_folder_is_no_memory(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="is a folder"):
        open_store(tmp_path)


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="nowhere"):
        open_store(tmp_path / "nowhere" / "notes.db")


@pytest.fixture
def without_rights() -> Iterator[Path]:
    """Give a folder that cannot be written, also where the tests run as root."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        open_store(folder / "notes.db").close()
        (folder / "notes.db").chmod(0o444)
        folder.chmod(0o555)
        root = os.geteuid() == 0
        if root:
            os.seteuid(65534)
        try:
            yield folder
        finally:
            if root:
                os.seteuid(0)
            folder.chmod(0o755)


def test_a_read_only_file_is_told(without_rights: Path) -> None:
    for name in ("notes.db", "new.db"):
        with pytest.raises(StoreUnavailable, match=r"read-only|cannot be opened"):
            open_store(without_rights / name).bind("compass", 4)


def test_a_full_disk_is_told_and_nothing_is_half_written(tmp_path: Path, group: str, opened: object) -> None:
    store, make = opened(str(tmp_path / "notes.db"), group), Maker(group)
    ada = make.entity("Ada")
    store.apply(make.change(ada))
    with store._connection() as db:
        db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0] + 20}")
    with pytest.raises(StoreUnavailable, match="no room left"):
        store.apply(make.change(make.entity("Ben"), make.episode("x" * 5_000_000)))
    assert [change.record for change in store.changes()] == [ada]


@pytest.mark.parametrize("address", [":memory:", "file"])
def test_a_closed_memory_says_so(address: str, tmp_path: Path) -> None:
    store = open_store(address if address == ":memory:" else tmp_path / "notes.db")
    store.close()
    store.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        store.revision()


LONG = "é" * 2001


@pytest.mark.parametrize("what", ["session", "speaker", "source"])
def test_a_name_that_is_too_long_to_be_looked_up_is_refused_and_nothing_is_stored(
    store: Store, group: str, what: str
) -> None:
    make = Maker(group)
    sessions = [make.session(LONG)] if what == "session" else []
    for put in ([*sessions, make.episode("Hello.", **{what: LONG})], sessions):
        if put:
            with pytest.raises(InvalidInput, match=f"the {what} é+... has 4,002 bytes in UTF-8: one of at most 4,000"):
                store.apply(make.change(make.entity("Ada"), *put))
    assert everything(store) == {}
    assert store.revision() == 0


def test_a_group_id_that_is_too_long_is_refused(address: str) -> None:
    with pytest.raises(InvalidInput, match=r"the group_id .* has 4,002 bytes"):
        open_store(address, group_id=LONG)


def test_names_that_are_just_short_enough_are_kept_and_found(address: str, opened: Opener) -> None:
    group = uuid4().hex + "🎉" * 992
    store, make = opened(address, group), Maker(group)
    names = dict.fromkeys(("session", "speaker", "source"), LONG[1:])
    episode = make.episode("Hello.", **names)
    store.apply(make.change(make.session(LONG[1:]), episode))
    assert list(store.find("episode", Filter(**names))) == [episode]


def test_one_long_name_among_many_items_is_reported_and_the_rest_is_stored() -> None:
    with Memory(":memory:") as memory:
        items = ["Ada lives in London.", {"text": "Ben lives in Paris.", "session": LONG}]
        other = Episode(group_id="g", created_at=LEARNED, reference_time=LEARNED, text="Hello.", source=LONG)
        added = memory.add_many([*items, other])
        assert [failure.error.args[0].partition(" é")[0] for failure in added.failed] == ["the session", "the source"]
        assert added.new["episode"] == 1
        with pytest.raises(InvalidInput, match="the speaker"):
            memory.add("Hello.", speaker=LONG)


def test_what_is_not_looked_up_may_be_as_long_as_a_book(store: Store, group: str) -> None:
    make = Maker(group)
    book = "needle " + "word " * 200_000 + "x" * 100_000
    ada = make.entity("A" * 10_000, "needle " * 1500)
    episode = make.episode(book, ada, metadata={"title": book, "number": 2**70, "odd": "a\0b"})
    value = make.value(book, ada)
    put = [ada, episode, value, make.fact(ada, "be " * 5000, value, episode), make.event(book, ada, episodes=[episode])]
    store.apply(make.change(*put, vectors={episode.uuid: rows(EAST)}))
    assert everything(store) == {record.uuid: record for record in put}
    for kind in ("episode", "entity", "value", "fact", "event"):
        assert len(store.matching(kind, "needle", top_k=9)) == 1
    assert store.check() == []


@pytest.mark.parametrize("where", ["text", "name", "predicate", "metadata", "role"])
def test_a_character_that_is_none_is_refused_and_nothing_is_stored(store: Store, group: str, where: str) -> None:
    make, broken = Maker(group), "a\ud800b"
    ada = make.entity("Ada")

    def put() -> list[Record]:
        match where:
            case "text":
                return [make.episode(broken)]
            case "name":
                return [make.entity("Ada", broken)]
            case "predicate":
                return [ada, make.fact(ada, broken, ada)]
            case "metadata":
                return [make.episode("Hello.", metadata={"deep": [{"down": broken}]})]
        return [make.event("meet").model_copy(update={"participants": (Participant(role=broken, name="Ada"),)})]

    with pytest.raises(InvalidInput, match=r"broken character|surrogates not allowed"):
        store.apply(make.change(*put()))
    assert everything(store) == {}


ODD = [
    "`back``tick`",
    "'}) DETACH DELETE n //",
    "$group_id {uuids}",
    'a "quoted" \\',
    "line\nbreak",
    "\u202e🎉",
]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_odd_text_is_kept_as_it_is_wherever_it_stands(store: Store, group: str, odd: str) -> None:
    make = Maker(group)
    ada, ben = make.entity(f"Ada {odd}"), make.entity("Ben", odd)
    names = dict.fromkeys(("session", "speaker", "source"), odd)
    episode = make.episode(odd, ada, metadata={odd: odd, "title": odd}, **names)
    value = make.value(odd, ada, predicate=odd)
    put = [
        make.session(odd),
        ada,
        ben,
        episode,
        value,
        make.fact(ada, odd, value, episode),
        make.event(f"meet {odd}", ben),
    ]
    store.apply(make.change(*put))
    assert everything(store) == {record.uuid: record for record in put}
    assert list(store.find("episode", Filter(**names, metadata={odd: odd}))) == [episode]
    assert list(store.find("fact", Filter(predicate=odd))) == [put[-2]]
    store.matching("episode", odd, top_k=9)
    store.apply(make.change(remove=list(everything(store))))
    assert everything(store) == {}


def test_a_neo4j_that_is_down_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"bolt://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(StoreUnavailable, match=r"does not answer.*docker"):
        open_store(address, settings=Settings(neo4j_password=SecretStr("password")))


@pytest.mark.parametrize(
    "address", ["bolt://", "bolt://no.such.host.invalid", "neo4j://localhost:99999", "bolt://a:b:c"]
)
def test_a_neo4j_address_that_leads_nowhere_is_told(address: str) -> None:
    with pytest.raises(GraphmemError):
        open_store(address, settings=Settings(neo4j_password=SecretStr("password")))


@pytest.mark.parametrize("password", [SecretStr("wrong"), None])
def test_a_wrong_or_missing_password_is_told(neo4j_address: str, password: SecretStr | None) -> None:
    with pytest.raises(StoreUnavailable, match="NEO4J_PASSWORD"):
        open_store(neo4j_address, settings=Settings(neo4j_password=password))


def test_a_wrong_database_is_named(neo4j_address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_DATABASE", "nosuch")
    with pytest.raises(StoreUnavailable, match=r"no database 'nosuch'.*NEO4J_DATABASE"):
        open_store(neo4j_address)


def test_a_closed_neo4j_memory_says_so(neo4j_address: str, group: str) -> None:
    store = open_store(neo4j_address, group_id=group)
    store.close()
    store.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        store.revision()


@pytest.fixture
def driver(neo4j_address: str) -> Iterator[neo4j.Driver]:
    auth = ("neo4j", os.environ["NEO4J_PASSWORD"])
    with neo4j.GraphDatabase.driver(neo4j_address, auth=auth, telemetry_disabled=True) as driver:
        yield driver


def test_a_newer_schema_in_neo4j_is_refused(neo4j_address: str, driver: neo4j.Driver, group: str) -> None:
    open_store(neo4j_address, group_id=group).close()
    set_version = "MATCH (meta:GraphmemMeta {key: 'schema'}) SET meta.version = meta.version + $by"
    driver.execute_query(set_version, by=99)
    try:
        with pytest.raises(StoreRejected, match=rf"schema {VERSION + 99}.*upgrade"):
            open_store(neo4j_address, group_id=group)
    finally:
        driver.execute_query(set_version, by=-99)


def test_other_peoples_data_in_the_same_neo4j_is_not_touched(
    neo4j_address: str, driver: neo4j.Driver, group: str, opened: object
) -> None:
    make = Maker(group)
    ada = make.entity("Ada")
    theirs = "MERGE (a:Entity {uuid: $uuid, group_id: $group, name: 'Ada', theirs: $group}) "
    theirs += "MERGE (b:Entity {theirs: $group, name: 'Ben', group_id: $group}) "
    theirs += "MERGE (a)-[:RELATES_TO {uuid: 'theirs' + $group, group_id: $group, fact: 'Ada knows Ben'}]->(b)"
    driver.execute_query(theirs, uuid=ada.uuid, group=group)
    count = (
        "MATCH (n {theirs: $group}) OPTIONAL MATCH (n)-[r]->() RETURN collect(properties(n)), collect(properties(r))"
    )
    before = driver.execute_query(count, group=group).records
    try:
        store = opened(neo4j_address, group)
        store.apply(make.change(ada, make.entity("Ben")))
        assert store.counts()["entity"] == 2
        assert store.counts()["fact"] == 0
        assert list(store.find("fact")) == []
        assert store.matching("fact", "knows", top_k=9) == []
        store.apply(make.change(remove=[ada.uuid, make.entity("Ben").uuid]))
        assert store.counts()["entity"] == 0
        assert driver.execute_query(count, group=group).records == before
    finally:
        driver.execute_query("MATCH (n {theirs: $group}) DETACH DELETE n", group=group)


def test_an_index_that_is_missing_is_found_and_made_when_the_memory_opens(
    neo4j_address: str, driver: neo4j.Driver, group: str, opened: object
) -> None:
    store = opened(neo4j_address, group)
    store.bind("compass", 4)
    driver.execute_query("DROP INDEX graphmem_fact_time")
    driver.execute_query("DROP INDEX graphmem_vector_fact_4")
    missing = [finding.problem for finding in store.check()]
    again = opened(neo4j_address, group)
    assert sorted(missing) == [
        f"the index {name} is missing" for name in ("graphmem_fact_time", "graphmem_vector_fact_4")
    ]
    assert again.check() == []
