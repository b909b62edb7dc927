"""A memory goes into a file and comes out of it as it was, in any store."""

import gzip
import json
import os
from datetime import datetime, timedelta, timezone

import pytest
from small_graph import everything

from graphmem import InvalidInput, Memory, StoreUnavailable
from graphmem.embed import open_embedder
from graphmem.extract import open_extractor


@pytest.fixture(scope="module")
def models():
    return {"model": open_embedder(), "extractor": open_extractor()}


class Clock:
    """Goes on by a day and a bit each time."""

    def __init__(self):
        self.now = datetime(2023, 5, 8, 12, 30, 15, 123456, tzinfo=timezone.utc)

    def __call__(self):
        self.now += timedelta(days=1, microseconds=7)
        return self.now


def live(memory):
    """Fill a memory with a bit of everything: turns, merges, states that end, conflicts, a decision, values, events."""
    chat = {"session": "chat", "metadata": {"title": "Chat", "page": 3}}
    memory.add(
        "Ravi Menon moved to Pune in 2019.", speaker="Ann", reference_time="2020-01-01T08:15:00.25+02:00", **chat
    )
    memory.add("Ravi likes the rain. He bought three boats last week.", speaker="Ben", **chat)
    memory.add("Really?", speaker="Ann", **chat)
    memory.add("Ravi Menon moved to Delhi in March 2022.", reference_time="2022-04-01", source="letter")
    memory.add("Tom Reed lives in Paris.", source="letter", reference_time="2023-05-04")
    memory.add("Tom Reed lives in Rome.", source="diary", reference_time="2023-05-04")
    memory.settle(memory.conflicts()[0].facts[0])
    memory.add("Nora Lund lives in Rome.", source="letter", reference_time="2023-05-04")
    memory.add("Nora Lund lives in Oslo.", source="diary", reference_time="2023-05-04")
    memory.add("Ann will meet Ben on 12 June 2023.", reference_time="2023-06-01", session="plans")
    memory.add("The meeting was moved to 14 June 2023.", reference_time="2023-06-02", session="plans")
    memory.add("The dinner is on 20 June 2023.", reference_time="2023-06-02", session="plans")
    memory.add("The dinner was moved to 22 June 2023.", reference_time="2023-06-03", session="plans")
    memory.add_triplets([("Tom Reed", "be born in", 1980), ("Tom Reed", "like", "Ravi Menon")])


@pytest.fixture
def memory(address, group, models):
    with Memory(address, group_id=group, clock=Clock(), **models) as memory:
        live(memory)
        yield memory


@pytest.fixture
def another(tmp_path, group, models):
    """Another memory of the same tenant."""
    with Memory(tmp_path / "another.db", group_id=group, **models) as memory:
        yield memory


@pytest.fixture
def lines(tmp_path, group, models):
    """The lines of an exported file, and where to write others."""
    with Memory(":memory:", group_id=group, clock=Clock(), **models) as memory:
        live(memory)
        memory.export(tmp_path / "memory.jsonl")
    return (tmp_path / "memory.jsonl").read_text("utf-8").splitlines()


def rows(memory):
    """Tell how many vectors each record has."""
    return {change.uuid: change.vectors.shape for change in memory._store.changes() if change.vectors is not None}


@pytest.mark.parametrize("name", ["memory.jsonl", "memory.jsonl.gz"])
def test_what_is_imported_is_what_was_exported_versions_merges_and_times_included(memory, another, tmp_path, name):
    count = memory.export(tmp_path / name)
    before = everything(memory._store)
    stated = [one for one in before.values() if one.kind != "period" and not getattr(one, "version_of", None)]
    assert count == len(stated) < len(before)
    added = another.import_(tmp_path / name, batch_size=7)
    assert everything(another._store) == before
    assert rows(another) == rows(memory)
    assert sum(added.new.values()) == count
    assert [[fact.uuid for fact in one.facts] for one in another.conflicts()] == [
        [fact.uuid for fact in one.facts] for one in memory.conflicts()
    ]


def test_a_file_of_sqlite_is_read_into_neo4j(lines, tmp_path, group, models, neo4j_address):
    with Memory(":memory:", group_id=group, **models) as one, Memory(neo4j_address, group_id=group, **models) as other:
        for memory in (one, other):
            memory.import_(tmp_path / "memory.jsonl")
        assert everything(other._store) == everything(one._store)


def test_how_much_is_done_is_told(memory, another, tmp_path):
    told = []
    memory.doctor(progress=lambda *done: told.append(done))
    records = sum(memory.stats().counts.values())
    assert told[-1] == ("check", records, records)
    written = memory.export(tmp_path / "memory.jsonl", progress=lambda *done: told.append(done))
    assert told[-1] == ("export", written, written)
    another.import_(tmp_path / "memory.jsonl", batch_size=4, progress=lambda *done: told.append(done))
    batches = [done for step, done, total in told if step == "import" and total == written]
    assert batches == sorted({*range(4, written, 4), written})


def test_importing_again_changes_nothing(lines, another, tmp_path):
    first = another.import_(tmp_path / "memory.jsonl")
    again = another.import_(tmp_path / "memory.jsonl")
    assert (again.new, again.updated, again.revision) == ({}, 0, first.revision)
    assert again.skipped == first.new["episode"]


def test_a_second_export_is_the_same_text(lines, another, tmp_path):
    another.import_(tmp_path / "memory.jsonl")
    another.export(tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_text("utf-8").splitlines()[1:] == lines[1:]


def test_the_first_line_tells_what_the_file_is_and_nothing_refers_to_what_comes_later(lines, group):
    header, *records = map(json.loads, lines)
    assert (header["format"], header["group_id"], header["records"]) == (1, group, len(records))
    assert {"graphmem", "model", "revision"} < header.keys()
    seen = set()
    for record in records:
        needed = {record.get(name) for name in ("subject_uuid", "object_uuid", "previous")} - {None}
        assert needed | set(record.get("episodes", ())) <= seen
        assert not {"version_of", "closed_by", "rivals", "merged_into"} & record.keys()
        seen.add(record["uuid"])


def test_an_interrupted_import_is_finished_by_the_same_call(lines, another, tmp_path, group, models):
    path = tmp_path / "memory.jsonl"
    whole = path.read_text("utf-8")
    path.write_text("\n".join([*lines[:20], "{broken", *lines[20:]]))
    with pytest.raises(InvalidInput, match="line 21 is no JSON"):
        another.import_(path, batch_size=8)
    stored = sum(another.stats().counts.values())
    assert 0 < stored < len(lines)
    path.write_text(whole)
    another.import_(path, batch_size=8)
    with Memory(":memory:", group_id=group, **models) as fresh:
        fresh.import_(path)
        assert everything(another._store) == everything(fresh._store)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: [], "line 1 is no JSON"),
        (lambda lines: lines[1:], "is no file of graphmem export"),
        (lambda lines: ["[1]", *lines[1:]], "line 1 is no JSON object"),
        (lambda lines: [lines[0].replace('"format": 1', '"format": 2'), *lines[1:]], "has format 2, .* upgrade"),
        (
            lambda lines: [lines[0].replace('"group_id": "', '"group_id": "not '), *lines[1:]],
            "import it with Memory",
        ),
        (
            lambda lines: [*lines[:3], lines[3].replace('"kind":"', '"kind":"un'), *lines[4:]],
            "line 4: 'un.*' is no kind",
        ),
        (lambda lines: [*lines[:3], lines[3].replace('"uuid"', '"id"'), *lines[4:]], "line 4: id: Extra inputs"),
        (lambda lines: [*lines[:3], lines[3].replace("2023-", "2023/"), *lines[4:]], "line 4: "),
        (lambda lines: lines[:-1], "ends after .* of .* records: is it cut off"),
        (lambda lines: [lines[0], *lines[-8:]], "lines 2 to 9: .* which is not in this memory"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_why(lines, another, tmp_path, change, said):
    changed = change(lines)
    (tmp_path / "bad.jsonl").write_text("\n".join(changed))
    with pytest.raises(InvalidInput, match=said):
        another.import_(tmp_path / "bad.jsonl", batch_size=10_000)
    assert "cut off" in said or not sum(another.stats().counts.values())


def test_a_damaged_archive_a_missing_file_and_a_folder_are_refused(lines, another, tmp_path):
    packed = gzip.compress("\n".join(lines).encode())
    (tmp_path / "cut.gz").write_bytes(packed[: len(packed) // 2])
    with pytest.raises(InvalidInput, match="is damaged after line"):
        another.import_(tmp_path / "cut.gz")
    for name in ("nowhere.jsonl", "."):
        with pytest.raises(InvalidInput, match="cannot be read"):
            another.import_(tmp_path / name)
    with pytest.raises(InvalidInput, match="cannot be written"):
        another.export(tmp_path / "no" / "folder.jsonl")


def test_a_failed_export_leaves_the_old_file_and_nothing_else(another, tmp_path):
    path = tmp_path / "folder" / "memory.jsonl"
    path.parent.mkdir()
    path.write_text("the old one")
    another.close()
    with pytest.raises(StoreUnavailable):
        another.export(path)
    assert os.listdir(path.parent) == ["memory.jsonl"]
    assert path.read_text() == "the old one"


def test_what_is_added_while_it_is_exported_is_in_the_file_with_all_it_needs_or_not_at_all(
    another, tmp_path, group, models
):
    """A writer adds an episode with new names whenever the export has read another kind."""
    live(another)
    store, find = another._store, another._store.find

    def busy(kind, *arguments, **options):
        yield from find(kind, *arguments, **options)
        with Memory(store.address, group_id=group, **models) as writer:
            writer.add_triplets([(f"New {kind}", "know", f"Fresh {kind}")])

    store.find = busy
    another.export(tmp_path / "memory.jsonl")
    with Memory(":memory:", group_id=group, **models) as fresh:
        fresh.import_(tmp_path / "memory.jsonl", batch_size=5)
        assert not [finding for finding in fresh.doctor() if "missing" in finding.problem]
        assert {record.name for record in another.entities()} >= {record.name for record in fresh.entities()}
