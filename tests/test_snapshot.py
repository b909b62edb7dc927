"""The index in a file: what one process leaves, the next one opens; and nobody trusts what is not what it should be."""

import shutil
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from sqlite3 import connect

import numpy as np
import pytest
from told import LEARNED, Told, day, encode

from graphmem import Memory
from graphmem.graph.columns import Column, Kept
from graphmem.model import Entity, Extraction, Participant
from graphmem.recall import Index
from graphmem.recall.constants import CONSTANTS
from graphmem.recall.snapshot import LEAST, Snapshot
from graphmem.store.contract import Change, Filter

MANY = [f"Lesson number {number} was about the cello." for number in range(LEAST)]


class Directions:
    """Stands in for the embedding model: alike texts share words."""

    name, dimension = "directions", 64

    def encode(self, texts):
        return encode(texts)


class Nothing:
    """Stands in for the extractor: it understands nothing."""

    def extract(self, episodes):
        return [Extraction() for _ in episodes]


@pytest.fixture
def remember(tmp_path, monkeypatch):
    """Open memories; the cache of the user is in the test's folder."""
    monkeypatch.setenv("GRAPHMEM_CACHE", str(tmp_path / "cache"))
    opened = []

    def remember(address, group="g", model=None):
        opened.append(Memory(address, group_id=group, model=model or Directions(), extractor=Nothing()))
        return opened[-1]

    yield remember
    for memory in opened:
        memory.close()


@pytest.fixture
def left(remember, tmp_path):
    """Give the path of a memory that left a snapshot, and the path of that."""
    path = tmp_path / "notes.db"
    with remember(path) as memory:
        memory.add_many([*MANY, "Ada keeps bees."])
        memory.search("bees")
        kept = memory._snapshot.path
    assert kept.parent == path.parent
    assert kept.stat().st_mode & 0o777 == 0o600
    return path, kept


def opened(memory):
    """Tell whether there is a good snapshot, and search."""
    good = memory._snapshot.open() is not None
    assert memory.search("Who keeps bees?")[0].text == "Ada keeps bees."
    return good


def everything_told():
    """Tell something of every kind, with every field that search looks at, versions that were replaced included."""
    told = Told()
    told.put(Entity(group_id="g", name="Ada Lovelace", names=("Ada Lovelace", "Countess", "Zoë"), created_at=LEARNED))
    source = told.tell("Ada Lovelace lived in London. She knew Charles Babbage.", when="1840-06-05", source="a.txt")
    told.tell("London is the capital of England. It lies on the Thames.", title="London", source="b.txt")
    told.tell("The captain of the Sea of Glass came from London in 1901.", title="Captain Ruud (sailor)")
    for number, text in enumerate(("I play the cello.", "Really? Since when?", "Since May 2019, in Ōsaka 🎻.")):
        told.tell(text, when="2023-05-08", session="chat", speaker=("Ben", "Cleo")[number % 2])
    fact = told.state("Ada Lovelace", "live in", "London", [source], valid_at=day("1830-01-01"))
    ended = {"valid_at": day("1835-01-01"), "version_of": fact.uuid, "closed_by": fact.uuid, "rule": "ended"}
    told.state("Ada Lovelace", "live in", "London", [source], invalid_at=day("1850-01-01"), **ended)
    told.state("Ada Lovelace", "live in", "Paris", [source], negated=True)
    told.state("Charles Babbage", "know", "Ada Lovelace", [source], expired_at=day("2024-02-01"))
    entity = told.entities[next(iter(told.entities))]
    told.happen(
        "lived in London",
        source,
        valid_at=day("1840-01-01"),
        invalid_at=day("1841-01-01"),
        place="London",
        participants=(Participant(role="agent", name=entity.name, uuid=entity.uuid),),
    )
    told.put(fact.model_copy(update={"expired_at": day("2024-02-01")}), source)
    return told, fact, entity


def answers(index, fact, entity):
    """Ask everything that can be asked."""
    options = [
        {},
        {"as_of": day("1900-01-01")},
        *(
            {"filters": Filter(**asked)}
            for asked in (
                {"session": "chat"},
                {"speaker": "Ben"},
                {"source": "a.txt"},
                {"start": "1841-01-01", "end": "2024-01-01"},
                {"metadata": {"title": "London"}},
                {"mentions": entity.uuid},
                {"name": "the countess"},
                {"subject": fact.subject_uuid, "predicate": "live in", "object": fact.object_uuid},
                {"touching": fact.object_uuid},
                {"participant": entity.uuid},
                {"place": "london"},
                {"episode": fact.episodes[0]},
                {"known_at": "2024-01-01"},
            )
        ),
    ]
    return [
        index.search(
            question, encode=encode, top_k=20, kinds=kinds, explain=True, reference_time=day("2024-06-01"), **option
        )
        for question in ("When did the Countess live in London?", "who plays the cello", "Where is Captain Ruud from?")
        for kinds in (("episode",), ("fact",), ("event",), ("entity",), ("episode", "fact", "event", "entity"))
        for option in options
    ]


def test_an_index_that_was_kept_answers_as_before(remember, tmp_path):
    told, fact, entity = everything_told()
    memory = remember(tmp_path / "notes.db")
    memory.add("something")
    told.index.revision = memory._store.revision()
    assert memory._snapshot._write(told.index)
    kept = memory._snapshot.open()
    assert kept is not None
    expected = answers(told.index, fact, entity)
    assert {hit.kind for hits in expected for hit in hits} == {"episode", "fact", "event", "entity"}
    assert answers(kept, fact, entity) == expected
    recalled = [
        index.recall("Where did Ada Lovelace live?", encode=encode, count_tokens=len, max_tokens=900)
        for index in (kept, told.index)
    ]
    assert recalled[0] == recalled[1]
    assert "(Ada Lovelace live in London: until 1850; Charles Babbage know Ada Lovelace: corrected)" in recalled[0].text

    before = len(told.changes)
    told.tell("Ben sold the cello to Dora in London.", when="2023-06-01", session="chat", speaker="Cleo")
    told.state("Dora", "own", "cello", [told.last["chat"]])
    told.put(fact)
    kept.apply(told.changes[before:])
    assert answers(kept, fact, entity) == answers(told.index, fact, entity)
    gone = [Change(told.revision + 1, "episode", told.last["chat"].uuid, None)]
    for index in (kept, told.index):
        index.apply(gone)
    assert answers(kept, fact, entity) == answers(told.index, fact, entity)
    assert kept.buried


def test_what_no_state_can_hold_is_told():
    class Careless(Kept):
        def __init__(self):
            self.numbers = Column(np.int32)
            self.seen = {}

    with pytest.raises(TypeError, match="seen is a dict"):
        Careless().state()


def test_the_state_of_something_else_is_refused():
    class Pair(Kept):
        def __init__(self, first, second):
            self.first, self.second = first, second

    state = Pair(Column(np.int32), 1).state()
    with pytest.raises(ValueError, match="array of float64"):
        Pair(Column(np.float64), 1).restore(state)
    with pytest.raises(ValueError, match="no state of a Index"):
        Index().restore(state)


def test_the_next_process_opens_what_was_left_and_follows_from_there(remember, shared_address, group):
    with remember(shared_address, group) as memory:
        memory.add_many([*MANY, "Ada keeps bees."])
        memory.search("bees")
    with remember(shared_address, group) as memory:
        assert opened(memory)
        memory.add("Ben keeps bees in Oslo.")
        assert memory.search("Who keeps bees in Oslo?")[0].text == "Ben keeps bees in Oslo."
        assert memory._index.taken == 1


def test_a_small_memory_and_one_without_a_file_leave_nothing(remember, tmp_path):
    remember(":memory:").add_many(MANY)
    assert remember(":memory:")._snapshot.path is None
    with remember(tmp_path / "notes.db") as memory:
        memory.add("Ada keeps bees.")
        assert memory.search("bees")
    assert not [path for path in tmp_path.iterdir() if "index" in path.name]


def test_a_snapshot_is_written_again_when_much_has_come(left, remember):
    path, kept = left
    before = kept.read_bytes()
    with remember(path) as memory:
        memory.search("bees")
        memory.add("One more.")
        memory.search("bees")
        assert kept.read_bytes() == before
        memory.add_many([f"{text} And more." for text in MANY])
        memory.search("bees")
    assert kept.read_bytes() != before
    with remember(path) as memory:
        assert opened(memory)


def spoiled(change):
    """Make a way to spoil a file out of a change to its bytes."""
    return lambda path: path.write_bytes(change(path.read_bytes()))


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(spoiled(lambda content: b""), id="empty"),
        pytest.param(spoiled(lambda content: content[:-1]), id="one byte short"),
        pytest.param(spoiled(lambda content: content[: len(content) // 2]), id="half"),
        pytest.param(
            spoiled(lambda content: content[:-5000] + bytes([content[-5000] ^ 1]) + content[-4999:]), id="bit"
        ),
        pytest.param(spoiled(lambda content: content[:30] + b"x" + content[31:]), id="head"),
        pytest.param(spoiled(lambda content: b"SQLite format 3\0" * 100), id="another file"),
        pytest.param(spoiled(lambda content: content + b"more"), id="longer"),
    ],
)
def test_a_spoiled_snapshot_is_replaced(left, remember, spoil):
    path, kept = left
    good = kept.read_bytes()
    spoil(kept)
    with remember(path) as memory:
        assert not opened(memory)
    assert len(kept.read_bytes()) == len(good)
    with remember(path) as memory:
        assert opened(memory)


def test_a_snapshot_of_another_tenant_or_store_is_not_trusted(left, remember, tmp_path):
    path, kept = left
    for other in (remember(path, "other"), remember(tmp_path / "other.db"), remember(tmp_path / "last.db", "third")):
        other.add("Dora plays chess.")
        shutil.copy(kept, other._snapshot.path)
        assert [hit.text for hit in other.search("bees")] == ["Dora plays chess."]
        assert not other._snapshot.path.exists()


def test_a_file_made_anew_knows_nothing_of_the_snapshot_beside_it(left, remember):
    path, kept = left
    for file in path.parent.glob("notes.db*"):
        if file != kept:
            file.unlink()
    with remember(path) as memory:
        memory.add_many([f"Text {number}." for number in range(3)])
        assert len(memory.search("bees", top_k=1000)) == 3
    assert not kept.exists()


def test_a_backup_that_comes_back_has_another_past(left, remember, tmp_path):
    path, _ = left
    backup = tmp_path / "backup.db"
    shutil.copy(path, backup)
    with remember(path) as memory:
        memory.add_many([f"Forgotten {number}." for number in range(2 * LEAST)], batch_size=500)
        memory.search("bees")
        forgotten = memory._store.revision()
    for file in path.parent.glob("notes.db-[sw]*"):
        file.unlink()
    shutil.copy(backup, path)
    with remember(path) as memory:
        while memory._store.revision() <= forgotten:
            memory.add(f"Number {memory._store.revision()}.")
        assert not opened(memory)
        texts = [hit.text for hit in memory.search("Forgotten", top_k=10_000)]
        assert not [text for text in texts if text.startswith("Forgotten")]
        assert len(texts) == memory.stats().counts["episode"]


def test_a_backup_that_comes_back_under_an_open_memory_is_followed(remember, tmp_path):
    memory = remember(tmp_path / "notes.db")
    memory.add("Ada keeps bees.")
    with closing(connect(tmp_path / "notes.db")) as now, closing(connect(tmp_path / "backup.db")) as backup:
        now.backup(backup)
        memory.add("Ben keeps bees.")
        assert len(memory.search("bees")) == 2
        backup.backup(now)
    assert [hit.text for hit in memory.search("bees")] == ["Ada keeps bees."]


def test_a_deleted_text_does_not_live_on_in_the_snapshot(remember, shared_address, group):
    with remember(shared_address, group) as memory, remember(shared_address, group) as other:
        uuids = memory.add_many([*MANY, "Ada keeps bees."]).uuids
        assert opened(other) is False
        kept = memory._snapshot.path
        assert b"Ada keeps bees." in kept.read_bytes()
        memory.delete_episode(uuids[-1])
        assert not kept.exists()
        assert not other._snapshot.open()
        other.add_many([f"{text} And more." for text in MANY])
        assert "Ada keeps bees." not in [hit.text for hit in other.search("bees", top_k=1000)]
        assert not kept.exists()  # what is hidden in that process is not written down
    with remember(shared_address, group) as memory:
        memory.search("bees")
    assert b"Ada keeps bees." not in kept.read_bytes()
    with remember(shared_address, group) as memory:
        memory.search("bees")
        assert memory._index.taken == 0


@pytest.fixture
def slow(monkeypatch):
    """Let each snapshot be written beside the searches, and not before the event is set."""
    go = threading.Event()
    catch_up = Index.catch_up

    def held_up(index):
        assert go.wait(60)
        catch_up(index)

    monkeypatch.setattr(Index, "catch_up", held_up)
    monkeypatch.setattr("graphmem.recall.snapshot.LARGE", 0)
    yield go
    go.set()


def test_nobody_waits_for_a_large_snapshot(remember, tmp_path, slow):
    with remember(tmp_path / "notes.db") as memory:
        memory.add_many([*MANY, "Ada keeps bees.", "I was there last year because of Ben."])
        assert opened(memory) is False
        memory.add("Cy plays the cello.")
        assert "Cy plays the cello." in [hit.text for hit in memory.search("cello")]
        kept = memory._snapshot.path
        assert not kept.exists()
        slow.set()
    assert kept.exists()
    with remember(tmp_path / "notes.db") as memory:
        assert opened(memory) is True
        assert memory._index.taken == 0


def test_what_is_deleted_while_a_snapshot_is_under_way_is_not_in_it(remember, tmp_path, slow):
    with remember(tmp_path / "notes.db") as memory:
        uuids = memory.add_many([*MANY, "Ada keeps bees."]).uuids
        assert opened(memory) is False
        memory.delete_episode(uuids[-1])
        slow.set()
    assert not memory._snapshot.path.exists()
    assert not list(tmp_path.glob("*.new"))


def test_a_file_reached_by_a_link_has_the_same_snapshot(left, remember, tmp_path):
    path, kept = left
    link = tmp_path / "elsewhere" / "link.db"
    link.parent.mkdir()
    link.symlink_to(path)
    with remember(link) as memory:
        assert memory._snapshot.path == kept
        memory.delete_episode(memory.search("Who keeps bees?")[0].uuid)
    assert not kept.exists()


def test_a_snapshot_that_comes_back_after_a_deletion_is_dropped(left, remember):
    path, kept = left
    content = kept.read_bytes()
    with remember(path) as memory:
        [bees] = (hit.uuid for hit in memory.search("Who keeps bees?", top_k=1))
        memory.delete_episode(bees)
        kept.write_bytes(content)
        memory.search("bees")
        assert not kept.exists()
        kept.write_bytes(content)
    with remember(path) as memory:
        assert "Ada keeps bees." not in [hit.text for hit in memory.search("bees", top_k=1000)]
    assert b"Ada keeps bees." not in kept.read_bytes()


def test_what_a_killed_writer_left_goes_with_a_deleted_text(left, remember):
    path, kept = left
    half = kept.with_name(f"{kept.name}abc.new")
    half.write_bytes(kept.read_bytes()[:-100])
    with remember(path) as memory:
        memory.delete_episode(memory.search("Who keeps bees?")[0].uuid)
    assert not half.exists()


def test_other_constants_stay_when_a_snapshot_is_opened(left, remember):
    constants = replace(CONSTANTS, graph=0.0)
    with remember(left[0]) as memory:
        memory._index.use(constants)
        memory.search("bees")
        assert memory._index.constants == constants
        assert memory._index.taken == 0


def test_where_no_snapshot_can_be_written_there_is_none(remember, tmp_path, caplog):
    memory = remember(tmp_path / "notes.db")
    Path(memory._snapshot.path).mkdir()
    memory.add_many([*MANY, "Ada keeps bees."])
    assert not opened(memory)
    assert [path.name for path in tmp_path.glob("*.new")] == []
    assert not [record for record in caplog.records if record.levelname != "DEBUG"]
    with remember(tmp_path / "notes.db") as again:
        assert not opened(again)


def test_a_snapshot_that_cannot_be_removed_after_a_deletion_is_told(remember, tmp_path, caplog):
    memory = remember(tmp_path / "notes.db")
    Path(memory._snapshot.path).mkdir()
    memory.delete_episode(memory.add("Ada keeps bees.").uuids[0])
    assert f"{memory._snapshot.path} cannot be removed" in caplog.text


def test_a_snapshot_of_another_model_or_code_is_not_opened(left, remember, monkeypatch):
    path, kept = left
    memory = remember(path)

    class Another(Directions):
        name = "another"

    assert Snapshot(memory._store, remember(":memory:", model=Another())._embedder).open() is None
    assert not kept.exists()
