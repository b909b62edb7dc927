"""Several writers at once make one graph, and one that is killed leaves only whole change sets."""

from __future__ import annotations

import json
import multiprocessing
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import writers
from small_graph import everything

from graphmem import Memory
from graphmem.store.contract import Store


def single_writer(group: str, opened: object, *, last: int) -> dict[str, object]:
    alone = opened(":memory:", group)
    alone.bind(*writers.MODEL)
    for change in writers.chain(group, first=0, last=last):
        alone.apply(change)
    return everything(alone)


def test_processes_writing_overlapping_change_sets_make_one_graph(
    shared_address: str, group: str, opened: object
) -> None:
    spawn = multiprocessing.get_context("spawn")
    stretches = [(0, 14), (6, 20), (0, 20), (0, 7), (13, 20), (3, 17), (10, 20), (0, 20)]
    processes = [spawn.Process(target=writers.write, args=(shared_address, group, *stretch)) for stretch in stretches]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 8
    store = opened(shared_address, group)
    changes = list(store.changes())
    assert len({change.uuid for change in changes}) == len(changes)
    assert everything(store) == single_writer(group, opened, last=20)
    assert all(change.vectors is not None for change in changes if change.kind != "period")
    assert store.revision() <= 20 + 1
    assert store.check() == []


def test_memories_that_remember_the_same_at_once_make_one_graph(shared_address: str, group: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    own = ["Edda plays the cello.", "Fay lives in Oslo.", "Gil knows Edda."]
    processes = [spawn.Process(target=writers.remember, args=(shared_address, group, text)) for text in own]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    with Memory(shared_address, group_id=group) as together, Memory(":memory:", group_id=group) as alone:
        alone.add_many([*writers.TOLD, *({"text": text, "reference_time": "2023-06-01"} for text in own)], batch_size=2)
        assert timeless(together) == timeless(alone)
        assert [turn.position for turn in together.episodes(session="talk")] == list(range(len(writers.TOLD)))
        assert together.doctor() == []


def timeless(memory: Memory) -> list[dict[str, object]]:
    """Give all that a memory exports but when it was learned."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "memory.jsonl"
        memory.export(path)
        records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    return [{name: value for name, value in record.items() if name != "created_at"} for record in records]


def test_a_reader_that_follows_writers_misses_nothing(shared_address: str, group: str, opened: object) -> None:
    store = opened(shared_address, group)
    spawn = multiprocessing.get_context("spawn")
    stretches = [(0, 15), (10, 25)]
    processes = [spawn.Process(target=writers.write, args=(shared_address, group, *stretch)) for stretch in stretches]
    for process in processes:
        process.start()
    seen: dict[str, object] = {}
    since, ended = 0, False
    while not ended:
        ended = not any(process.is_alive() for process in processes)
        for change in store.changes(since):
            assert change.revision >= since
            since = change.revision
            if change.kind != "period":
                seen[change.uuid] = change.record
    for process in processes:
        process.join()
        assert process.exitcode == 0
    assert seen == everything(store)
    assert since == store.revision()


def test_threads_writing_to_one_store_make_one_graph(store: Store, group: str, opened: object) -> None:
    store.bind(*writers.MODEL)
    with ThreadPoolExecutor(4) as pool:
        stretches = [(0, 8), (4, 12), (0, 12), (2, 10)]
        changes = [writers.chain(group, first=first, last=last) for first, last in stretches]
        for revisions in pool.map(lambda stretch: [store.apply(change) for change in stretch], changes):
            assert revisions == sorted(revisions)
    assert everything(store) == single_writer(group, opened, last=12)


def test_a_killed_writer_leaves_only_whole_change_sets(shared_address: str, group: str, opened: object) -> None:
    store = opened(shared_address, group)
    store.bind(*writers.MODEL)
    script, here = Path(writers.__file__), Path(writers.__file__).parent.parent
    whole = list(writers.chain(group, first=0, last=400))
    stored = -1
    for stop_after in (3, 10):
        command = [sys.executable, script, shared_address, group, "0", "400"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=here) as process:
            for line in process.stdout:
                stored = int(line)
                if stored >= stop_after:
                    break
            process.kill()
            stored = max([stored, *(int(line) for line in process.stdout.read().split())])
        found = everything(store)
        present = [change for change in whole if all(record.uuid in found for record in change.put)]
        assert [*present[: stored + 1]] == whole[: stored + 1]
        assert found.keys() == {record.uuid for change in present for record in change.put}
        assert store.check() == []
    for change in whole[: stored + 5]:
        store.apply(change)
    assert store.counts()["episode"] >= stored + 5
