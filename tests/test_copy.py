"""A memory is copied into another store as it is: streamed, finished by the same command, and compared."""

import json
import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from small_graph import EAST, NORTH, Maker, day, rows
from test_portable import Clock, live
from writers import MODEL, chain

from graphmem import InvalidInput, Memory, ModelMismatch, NotFound, StoreError, StoreRejected, StoreUnavailable
from graphmem.cli import main
from graphmem.copying import copy
from graphmem.store import open_store
from graphmem.store.contract import ChangeSet
from graphmem.store.sqlite import APPLICATION, VERSION

COPIER = Path(__file__).parent / "copier.py"
QUOTED = """O'Brien "x" `y` {group_id: $group_id}) DETACH DELETE n //"""


class Counting:
    """An embedding model that remembers how many texts it was asked for."""

    name = "counting"

    def __init__(self):
        self.texts = 0

    def encode(self, texts):
        self.texts += len(texts)
        return [[1.0 + text.count(vowel) for vowel in "aeiou"] for text in texts]


@pytest.fixture
def graphmem(tmp_path, monkeypatch):
    """The command line, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments, code=0):
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result

    return run


@pytest.fixture
def long(tmp_path, group, opened):
    """A memory of 1,600 records and their periods."""
    store = opened(str(tmp_path / "long.db"), group)
    store.bind(*MODEL)
    for first in range(0, 400, 80):
        changes = list(chain(group, first=first, last=first + 80))
        put = [record for change in changes for record in change.put]
        vectors = {uuid: found for change in changes for uuid, found in change.vectors.items()}
        store.apply(ChangeSet(group_id=group, put=put, vectors=vectors))
    return store


def held(store):
    """Tell what a store holds, vectors, versions and periods included, but for what is its own."""
    return {
        change.uuid: (
            change.record.model_dump(exclude={"created_at"} if change.kind == "period" else ()),
            None if change.vectors is None else change.vectors.tobytes(),
        )
        for change in store.changes()
        if change.record is not None
    }


def problems(copied):
    return {problem for _, _, problem in copied.differences}


def test_what_goes_into_neo4j_and_back_is_the_same_to_the_byte(tmp_path, group, neo4j_address):
    group += QUOTED
    with Memory(tmp_path / "one.db", group_id=group, clock=Clock()) as memory:
        live(memory)
        memory.split("Ravi")
        there = memory.copy_to(neo4j_address)
        before = held(memory._store)
        memory.export(tmp_path / "one.jsonl")
        conflicts, events, periods = memory.conflicts(), memory.events(), memory.periods()
    with Memory(neo4j_address, group_id=group) as memory:
        assert held(memory._store) == before
        assert (memory.conflicts(), memory.events(), memory.periods()) == (conflicts, events, periods)
        back = memory.copy_to(tmp_path / "two.db")
    with Memory(tmp_path / "two.db", group_id=group) as memory:
        assert held(memory._store) == before
        memory.export(tmp_path / "two.jsonl")
        assert memory._store.model() == ("all-MiniLM-L6-v2", 384)
        assert not [finding for finding in memory.doctor() if finding.damage]
    one, two = ((tmp_path / name).read_bytes().partition(b"\n")[2] for name in ("one.jsonl", "two.jsonl"))
    assert one == two
    assert there.same
    assert back.same
    assert there.source.checksum == there.target.checksum == back.target.checksum
    assert there.source.counts == back.target.counts
    assert there.new == {kind: number for kind, number in there.source.counts.items() if number}


@pytest.mark.parametrize(("step", "done"), [("copy", 512), ("copy", 1536), ("compare", 512)])
def test_a_copy_that_was_killed_is_finished_by_the_same_call(long, tmp_path, group, opened, step, done):
    check_a_killed_copy(long, str(tmp_path / "copy.db"), group, opened, step, done)


def test_a_copy_into_neo4j_that_was_killed_is_finished_by_the_same_call(long, neo4j_address, group, opened):
    check_a_killed_copy(long, neo4j_address, group, opened, "copy", 1024)


def check_a_killed_copy(long, address, group, opened, step, done):
    command = [sys.executable, COPIER, long.address, address, group, step, str(done)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    target = opened(address, group)
    kept = held(target)
    assert kept
    assert (step == "copy") == (len(kept) < len(held(long)))
    assert not [finding for finding in target.check() if "missing" in finding.problem]
    assert copy(long, target).same
    assert held(target) == held(long)


def test_copying_again_changes_nothing(long, tmp_path, group, opened):
    target = opened(str(tmp_path / "copy.db"), group)
    first, again = copy(long, target), copy(long, target)
    assert (again.new, again.revision, again.target) == ({}, first.revision, first.target)


def test_vectors_made_anew_are_made_once(long, tmp_path, group):
    model = Counting()
    with Memory(long.address, group_id=group) as memory:
        copied = memory.copy_to(tmp_path / "copy.db", model=model)
        asked = model.texts
        assert memory.copy_to(tmp_path / "copy.db", model=model).same
    assert copied.same
    assert asked >= 1600
    assert model.texts <= asked + 1  # the one that tells the dimension
    with Memory(tmp_path / "copy.db", group_id=group, model=Counting()) as memory:
        assert memory.search("person 7")


def test_what_is_only_in_the_target_is_told_and_stays(tmp_path, group, opened):
    make = Maker(group)
    ada, ben = make.entity("Ada"), make.entity("Ben")
    first, second = make.episode("Ada knows Ben.", ada, ben), make.episode("Really, she knows him.", ada, ben)
    source, target = (opened(str(tmp_path / name), group) for name in ("one.db", "two.db"))
    for store, episodes in ((source, [first]), (target, [first, second])):
        store.apply(make.change(ada, ben, *episodes, make.fact(ada, "know", ben, *episodes)))
    before = held(target)
    copied = copy(source, target)
    assert [(one.kind, one.problem) for one in copied.differences] == [
        ("episode", "is only in the target"),
        ("fact", "differs in episodes"),
    ]
    assert held(target) == before
    assert not copied.same


def test_other_vectors_of_the_same_text_are_told(tmp_path, group, opened):
    make = Maker(group)
    source, target = (opened(str(tmp_path / name), group) for name in ("one.db", "two.db"))
    for store, vector in ((source, EAST), (target, NORTH)):
        store.bind(*MODEL)
        ada = make.entity("Ada")
        store.apply(make.change(ada, vectors={ada.uuid: rows(vector)}))
    assert problems(copy(source, target)) == {"differs in its vectors"}


def test_what_is_added_meanwhile_is_copied_and_what_is_removed_is_told(long, tmp_path, group, opened):
    """Another writer adds Zoe and removes all episodes that mention a late person while the first records are read."""
    make = Maker(group)
    target = opened(str(tmp_path / "copy.db"), group)
    late = [episode.uuid for episode in long.find("episode") if "person 4" in episode.text]
    zoe = make.entity("Zoe")

    def meddle(step, done, total):
        if (step, done) == ("copy", 512):
            long.apply(make.change(zoe))
            long.apply(make.change(remove=late))

    copied = copy(long, target, batch_size=16, progress=meddle)
    assert problems(copied) <= {"is only in the target", "differs in episodes"}
    assert zoe.uuid in held(target)
    assert not [finding for finding in target.check() if "missing" in finding.problem]


def test_a_difference_that_a_writer_makes_during_the_comparison_is_told_as_that(long, tmp_path, group, opened):
    target = opened(str(tmp_path / "copy.db"), group)

    def meddle(step, done, total):
        if step == "compare":
            target.apply(Maker(group).change(Maker(group).entity(f"Zoe {done}")))

    with pytest.raises(StoreError, match="written to while they were compared: copy again"):
        copy(long, target, progress=meddle)


def test_large_records_are_cut_into_small_batches(tmp_path, group, opened):
    make = Maker(group)
    source, target = (opened(str(tmp_path / name), group) for name in ("one.db", "two.db"))
    for number in range(6):
        source.apply(make.change(make.episode(f"{number} " + "x" * 6_000_000)))
    copied = copy(source, target)
    assert copied.same
    assert copied.revision == 2


def test_what_an_episode_needs_comes_with_it_though_it_changed_later(tmp_path, group, opened):
    make = Maker(group)
    source, target = (opened(str(tmp_path / name), group) for name in ("one.db", "two.db"))
    source.bind(*MODEL)
    ada, ben = make.entity("Ada"), make.entity("Ben")
    episode = make.episode("Ada knows Ben.", ada, ben)
    told = (ada, ben, episode, make.fact(ada, "know", ben, episode))
    source.apply(make.change(*told, vectors={one.uuid: rows(EAST) for one in told}))
    source.apply(make.change(make.entity("Ada", "Countess"), make.entity("Ben", "Benny")))
    assert copy(source, target, batch_size=1).same
    assert held(target) == held(source)


NAMES = ["Ravi Menon", "Ravi", "R. Menon", "Pune", "Delhi"]
STATED = st.tuples(st.sampled_from(NAMES[:3]), st.sampled_from(NAMES[3:]), st.integers(1, 9), st.booleans())
HISTORIES = st.lists(st.one_of(STATED, st.integers(0, 5)), min_size=1, max_size=8)


@given(history=HISTORIES, batch_size=st.integers(1, 7))
@settings(max_examples=40, deadline=None)
def test_any_history_is_copied_whole(history, batch_size):
    """Somebody is said to live in one place or another, or not to; texts are removed again."""
    make = Maker("any")
    source, target = (open_store(":memory:", group_id="any") for _ in range(2))
    source.bind(*MODEL)
    said = []
    for number, told in enumerate(history):
        if isinstance(told, int):
            if told < len(said) and source.get("episode", [said[told]]):
                source.apply(make.change(remove=[said[told]]))
            continue
        who, where, when, negated = told
        person, place = make.entity(who, type="PERSON"), make.entity(where, type="LOC")
        episode = make.episode(f"{number}", person, place, reference_time=day(when), session="talk", speaker="Ann")
        episode = episode.model_copy(update={"created_at": day(100 + number)})
        fact = make.fact(person, "live in", place, episode, slot="live in", holder="subject", negated=negated)
        records = [one.model_copy(update={"created_at": episode.created_at}) for one in (person, place, fact)]
        event = make.event(f"meet {who}", person, episodes=[episode], valid_at=day(when), granularity="day")
        put = [make.session("talk"), episode, *records, event]
        source.apply(make.change(*put, vectors={one.uuid: rows(EAST) for one in put[1:]}))
        said.append(episode.uuid)
    copied = copy(source, target, batch_size=batch_size)
    assert copied.same, copied.differences
    assert held(target) == held(source)


def test_the_command_copies_compares_and_tells_both(graphmem):
    graphmem("add", "Ada Lovelace moved to London in 1835.", "--store", "notes.db")
    said = graphmem("copy", "notes.db", "copy.db").output.splitlines()
    assert said[0].startswith("Copied ")
    assert said[1].replace("notes.db", "copy.db") == said[2]
    assert "1 episode" in said[1]
    assert "; checksum " in said[1]
    assert said[3:] == ["They hold the same."]
    again = json.loads(graphmem("copy", "notes.db", "copy.db", "--json").stdout)
    assert again["new"] == {}
    assert again["source"] == {**again["target"], "store": "notes.db"}
    assert "London" in graphmem("search", "Where did Ada move?", "--store", "copy.db").output


def test_the_command_exits_with_1_when_the_target_has_more(graphmem):
    graphmem("add", "Ada Lovelace moved to London in 1835.", "--store", "notes.db")
    graphmem("add", "Ben plays the cello.", "--store", "copy.db")
    said = graphmem("copy", "notes.db", "copy.db", code=1).output
    assert "is only in the target" in said
    assert said.endswith("They differ: what is only in the target was not removed.\n")
    assert "cello" in graphmem("search", "cello", "--store", "copy.db").output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.db", "copy.db"], "no memory at nowhere.db"),
        (["notes.db", "notes.db"], "cannot be copied to itself"),
        (["notes.db", "sqlite:///link.db"], "cannot be copied to itself"),
        (["notes.db", "copy.db", "--group", "nobody"], "holds nothing of group_id 'nobody'"),
        (["notes.db", "copy.db", "--store", "other.db"], "leave it out"),
        (["notes.db", "bolt://127.0.0.1:9"], "127.0.0.1:9"),
        (["notes.db", "missing/copy.db"], "missing/copy.db"),
    ],
)
def test_what_cannot_be_copied_is_said_in_one_sentence_and_nothing_is_made(graphmem, arguments, said):
    graphmem("add", "Ben plays the cello.", "--store", "notes.db")
    os.symlink("notes.db", "link.db")
    files = set(os.listdir())
    assert said in graphmem("copy", *arguments, code=1).output
    assert set(os.listdir()) - {"notes.db-wal", "notes.db-shm"} == files - {"notes.db-wal", "notes.db-shm"}


def test_a_target_of_another_model_is_refused_and_says_what_to_do(tmp_path, group):
    for name, model in (("one.db", None), ("two.db", Counting())):
        with Memory(tmp_path / name, group_id=group, model=model) as memory:
            memory.add("Ben plays the cello.")
    with Memory(tmp_path / "one.db", group_id=group) as memory:
        with pytest.raises(ModelMismatch, match=r"'counting' .*'all-MiniLM-L6-v2'.* copy to another store"):
            memory.copy_to(tmp_path / "two.db")
        with pytest.raises(ModelMismatch, match="'all-MiniLM-L6-v2'"):
            memory.copy_to(tmp_path / "new.db", model=Counting()) and memory.copy_to(tmp_path / "new.db")


def test_a_target_of_a_newer_graphmem_and_a_closed_memory_are_refused(tmp_path, group):
    import sqlite3

    with closing(sqlite3.connect(tmp_path / "newer.db")) as db:
        db.execute(f"PRAGMA application_id = {APPLICATION}")
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    with Memory(tmp_path / "one.db", group_id=group) as memory:
        with pytest.raises(NotFound, match="holds nothing"):
            memory.copy_to(tmp_path / "copy.db")
        memory.add("Ben plays the cello.")
        with pytest.raises(StoreRejected, match="upgrade graphmem"):
            memory.copy_to(tmp_path / "newer.db")
    with pytest.raises(StoreUnavailable, match="closed"):
        memory.copy_to(tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def test_records_without_vectors_and_without_a_model_are_copied(tmp_path, group, opened):
    make = Maker(group)
    source, target = (opened(str(tmp_path / name), group) for name in ("one.db", "two.db"))
    source.apply(make.change(make.entity("Ada")))
    assert copy(source, target).same
    assert target.model() is None


def test_a_store_is_not_copied_into_itself(opened, group):
    store = opened(":memory:", group)
    with pytest.raises(InvalidInput, match="to itself"):
        copy(store, store)
