"""What is noted of the use of records: kept by every store, gone with what it is of, and what users see of it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from conftest import Opener
from small_graph import LEARNED, Maker, day

from graphmem import AsyncMemory, Memory
from graphmem.copying import copy
from graphmem.errors import InvalidInput, NotFound, StoreError
from graphmem.lifecycle.associations import Notes, recalled
from graphmem.model import Record, Trace, trace_uuid
from graphmem.results import Hit
from graphmem.store.contract import ChangeSet, Filter, Store

MAY = [date(2023, 5, number) for number in range(1, 20)]


class World:
    """Two episodes about two people, a fact and an event; and traces of each."""

    def __init__(self, group_id: str) -> None:
        make = Maker(group_id)
        self.group_id = group_id
        self.ada, self.ben = make.entity("Ada"), make.entity("Ben")
        self.one = make.episode("Ada knows Ben.", self.ada, self.ben, reference_time=day(40))
        self.two = make.episode("Ben swam.", self.ben, reference_time=day(70))
        self.fact = make.fact(self.ada, "know", self.ben, self.one)
        self.event = make.event("swam", self.ben, episodes=[self.two])
        self.stated = [self.ada, self.ben, self.one, self.two, self.fact, self.event]
        self.traces = [self.trace(one, recalled=MAY[:2]) for one in self.stated]
        self.both = self.trace(self.two, self.one, recalled=MAY[:3])

    def trace(self, *of: Record, at: datetime = LEARNED, **more: object) -> Trace:
        uuids = tuple(one.uuid for one in of)
        return Trace(group_id=self.group_id, created_at=at, of=uuids, about=of[0].kind, **more)

    def change(self, *put: Record, remove: tuple[str, ...] = ()) -> ChangeSet:
        return ChangeSet(group_id=self.group_id, put=put, remove=remove)


@pytest.fixture
def world(store: Store) -> World:
    world = World(store.group_id)
    store.apply(world.change(*world.stated))
    return world


def kept(store: Store) -> dict[str, Record]:
    return {trace.uuid: trace for trace in store.find("trace")}


def test_what_was_put_comes_back_as_it_was(store: Store, world: World) -> None:
    pinned = world.trace(world.ada, pinned_at=day(130), unpinned_at=day(131))
    traces = {one.uuid: one for one in (*world.traces[1:], world.both, pinned)}
    revision = store.apply(world.change(*traces.values()))
    assert kept(store) == traces
    assert store.apply(world.change(*traces.values())) == revision
    assert store.get("trace", list(traces)) == list(traces.values())
    assert {one.uuid: one.record for one in store.changes(revision - 1)} == traces
    assert store.counts()["trace"] == 7
    assert store.check() == []


def test_it_is_found_by_what_it_is_of(store: Store, world: World) -> None:
    store.apply(world.change(*world.traces, world.both))
    found = list(store.find("trace", Filter(of=world.one.uuid)))
    assert {trace.uuid for trace in found} == {trace_uuid(world.one.uuid), world.both.uuid}
    assert world.both.uuid == trace_uuid(world.one.uuid, world.two.uuid)
    assert list(store.find("trace", Filter(of=world.fact.uuid))) == [world.traces[4]]


def test_notes_of_several_writers_are_joined(store: Store, world: World) -> None:
    for trace in (
        world.trace(world.one, recalled=MAY[2:5], pinned_at=day(150), at=day(140)),
        world.trace(world.one, recalled=MAY[:3], unpinned_at=day(149)),
        world.trace(world.one, recalled=MAY[10:11], pinned_at=day(148)),
    ):
        store.apply(world.change(trace))
    whole = {"recalled": (*MAY[:5], MAY[10]), "pinned_at": day(150), "unpinned_at": day(149)}
    assert list(kept(store).values()) == [world.trace(world.one, at=LEARNED, **whole)]
    assert store.check() == []


def test_it_goes_with_what_it_is_of(store: Store, world: World) -> None:
    store.apply(world.change(*world.traces, world.both))
    store.apply(world.change(remove=(world.one.uuid,)))
    assert {trace.of for trace in kept(store).values()} == {
        (world.two.uuid,),
        (world.ben.uuid,),
        (world.event.uuid,),
    }
    assert store.check() == []
    store.apply(world.change(remove=(world.two.uuid,)))
    assert sum(store.counts().values()) == 0
    assert store.check() == []


def test_a_fact_that_goes_alone_takes_its_trace_along(store: Store, world: World) -> None:
    store.apply(world.change(*world.traces))
    store.apply(world.change(remove=(world.fact.uuid,)))
    assert trace_uuid(world.fact.uuid) not in kept(store)
    assert trace_uuid(world.one.uuid) in kept(store)
    assert store.check() == []


def test_of_what_is_gone_nothing_is_noted(store: Store, world: World) -> None:
    store.apply(world.change(remove=(world.one.uuid,)))
    revision = store.apply(world.change(*world.traces, world.both))
    assert {trace.about for trace in kept(store).values()} == {"episode", "entity", "event"}
    assert len(kept(store)) == 3
    assert store.apply(world.change(*world.traces, world.both)) == revision


def test_only_what_is_stated_breaks_the_seals_of_copies(store: Store, world: World) -> None:
    seal = store.seal(store.apply(world.change(*world.traces)))
    assert seal
    store.apply(world.change(remove=(trace_uuid(world.one.uuid),)))
    assert store.sealed(seal)


def test_it_is_copied(store: Store, world: World, tmp_path: Path, opened: Opener) -> None:
    store.apply(world.change(*world.traces, world.both))
    target = opened(str(tmp_path / "copy.db"), store.group_id)
    assert copy(store, target, batch_size=2).same
    assert kept(target) == kept(store)


def test_what_is_of_something_that_is_missing_is_found_and_removed(tmp_path: Path, opened: Opener) -> None:
    file = tmp_path / "damaged.db"
    store = opened(str(file), "g")
    world = World("g")
    store.apply(world.change(*world.stated, world.traces[3], world.both))
    with closing(sqlite3.connect(file)) as db:
        db.execute("UPDATE records SET body = NULL WHERE uuid IN (?, ?)", (world.two.uuid, world.event.uuid))
        db.commit()
    assert any("is made of" in found.problem for found in store.check())
    store.check(repair=True)
    assert kept(store) == {}


# What users see


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = day(100)

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def remembering(group: str, clock: Clock) -> Iterator[Callable[..., Memory]]:
    """Open memories of one tenant by one clock, and close them after the test."""
    memories: list[Memory] = []

    def opener(address: str, **options: object) -> Memory:
        memories.append(Memory(address, group_id=group, clock=clock, **options))
        return memories[-1]

    yield opener
    for memory in memories:
        memory.close()


TOLD = ["Ben Lund plays the cello.", "Ada Berg sold a cello to Ben Lund.", "The weir is closed on Mondays."]


def told(memory: Memory) -> tuple[str, ...]:
    return memory.add_many([{"text": text, "reference_time": "2023-04-01"} for text in TOLD]).uuids


def test_what_is_pinned_does_not_fade(address: str, remembering: Callable[..., Memory], clock: Clock) -> None:
    memory = remembering(address)
    one, two, _ = told(memory)
    clock.wait(days=30)
    assert memory.strength(one) == memory.strength(two) == 0.5
    revision = memory.pin(one)
    assert memory.pin(one) == revision
    clock.wait(days=30)
    assert (memory.strength(one), memory.strength(two)) == (1, 0.25)
    assert memory.unpin(one) == revision + 1
    assert memory.strength(one) == 0.25
    assert memory.doctor() == []


def test_each_kind_is_present_in_its_way(address: str, remembering: Callable[..., Memory], clock: Clock) -> None:
    memory = remembering(address)
    told(memory)
    [ben] = memory.entities(name="Ben Lund")
    fact = memory.facts(subject="Ben Lund")[0]
    clock.wait(days=365)
    assert memory.strength(fact.uuid) < 0.5
    assert memory.strength(ben.uuid) == pytest.approx(0.5**0.5)  # two episodes name him
    for uuid in (fact.uuid, ben.uuid, *(event.uuid for event in memory.events())):
        memory.pin(uuid)
        assert memory.strength(uuid) == 1
    assert memory.doctor() == []


def test_a_merged_entity_and_a_version_are_what_they_are_of(
    address: str, remembering: Callable[..., Memory], clock: Clock
) -> None:
    memory = remembering(address)
    memory.add("Ada Berg lives in London.", reference_time="2020-01-01")
    memory.add("Ada Berg moved to Paris in 2021. Ada likes it.", reference_time="2022-01-01")
    version = next(fact for fact in memory.facts(include_invalid=True) if fact.version_of)
    memory.pin(version.uuid)
    assert memory.strength(str(version.version_of)) == 1
    memory.add("Ada Berg left Paris in 2022.", reference_time="2023-01-01")
    clock.wait(days=400)
    assert memory.strength(str(version.version_of)) == 1
    assert memory.doctor() == []


def test_a_recall_is_noted_where_it_is_asked_for(
    shared_address: str, remembering: Callable[..., Memory], clock: Clock
) -> None:
    memory = remembering(shared_address, associations=True)
    one, two, three = told(memory)
    clock.wait(days=10)
    revision = memory.stats().revision
    for _ in range(3):
        memory.recall("Who has a cello?", filters={"end": "2023-04-02"}, max_tokens=30)
    before = (memory.strength(one), memory.associated(one))
    assert before[0] > 0.9
    assert before[1][two] == 0.1
    assert memory.stats().revision == revision
    memory.close()
    memory = remembering(shared_address)
    assert memory.stats().revision == revision + 1
    assert (memory.strength(one), memory.associated(one)) == before
    clock.wait(days=60)
    assert memory.associated(one)[two] == 0.05
    assert memory.doctor() == []
    memory.delete_episode(two)
    assert two not in memory.associated(one)
    with pytest.raises(NotFound):
        memory.associated(two)
    assert memory.strength(three) > 0
    assert memory.doctor() == []


def test_nothing_is_noted_where_it_is_not(address: str, remembering: Callable[..., Memory]) -> None:
    memory = remembering(address)
    one, *_ = told(memory)
    memory.consolidate()
    before = memory.stats()
    memory.recall("Who has a cello?")
    memory.consolidate()
    assert memory.stats() == before
    assert memory.associated(one) == {}


def test_consolidation_writes_notes_and_leaves_traces_alone(address: str, remembering: Callable[..., Memory]) -> None:
    memory = remembering(address, associations=True)
    one, *_ = told(memory)
    memory.consolidate()
    memory.recall("Who has a cello?")
    memory.pin(one)
    before = memory.associated(one)
    assert not memory.consolidate().written
    assert memory.stats().counts["trace"] > 2
    memory.build_communities()
    assert not memory.consolidate().written
    assert memory.associated(one) == before
    assert memory.strength(one) == 1
    assert memory.doctor() == []


def test_what_two_processes_note_is_joined(
    shared_address: str, remembering: Callable[..., Memory], clock: Clock
) -> None:
    first, second = (remembering(shared_address, associations=True) for _ in range(2))
    one, two, _ = told(first)
    first.recall("Who has a cello?")
    clock.wait(days=1)
    second.recall("Who has a cello?")
    for memory in (second, first, second):
        memory.consolidate()
    assert first.associated(one) == second.associated(one)
    assert first.associated(one)[two] > 0.18


def test_it_is_exported_and_imported(
    address: str, remembering: Callable[..., Memory], tmp_path: Path, clock: Clock
) -> None:
    memory = remembering(address, associations=True)
    one, *_ = told(memory)
    memory.recall("Who has a cello?")
    memory.pin(one)
    memory.consolidate()
    memory.export(tmp_path / "all.jsonl")
    other = remembering(str(tmp_path / "other.db"))
    other.import_(tmp_path / "all.jsonl")
    assert other.stats().counts == memory.stats().counts
    assert other.strength(one) == 1
    assert other.associated(one) == memory.associated(one)
    memory.to_cypher(tmp_path / "all.cypher")
    assert "[r:TRACES]" in (tmp_path / "all.cypher").read_text("utf-8")


def test_what_is_not_there_is_told(address: str, remembering: Callable[..., Memory]) -> None:
    memory = remembering(address)
    told(memory)
    for verb in (memory.pin, memory.unpin, memory.strength):
        with pytest.raises(NotFound, match="no episode, entity, fact or event has the uuid 'nowhere'"):
            verb("nowhere")
    with pytest.raises(InvalidInput, match="top_k=0"):
        memory.associated("nowhere", top_k=0)


def test_what_cannot_be_written_waits(tmp_path: Path, remembering: Callable[..., Memory]) -> None:
    memory = remembering(str(tmp_path / "memory.db"), associations=True)
    one, *_ = told(memory)
    memory.recall("Who has a cello?")
    with closing(sqlite3.connect(tmp_path / "memory.db")) as db:
        db.execute("ALTER TABLE links RENAME TO hidden")
        with pytest.raises(StoreError):
            memory.consolidate()
        db.execute("ALTER TABLE hidden RENAME TO links")
    memory.consolidate()
    assert len(memory.associated(one)) > 0


def test_few_notes_wait() -> None:
    notes, hit = Notes(most=5), {"kind": "episode", "text": "t", "score": 1.0}
    for number in range(4):
        hits = [Hit(uuid=f"{number}{letter}", **hit) for letter in "abc"]
        notes.note(recalled(hits, group_id="g", at=LEARNED))
    assert len(notes.waiting()) == 5
    assert all(uuid.startswith("3") for trace in notes.waiting() for uuid in trace.of)


def test_the_verbs_are_there_for_event_loops() -> None:
    async def main() -> tuple[float, dict[str, float]]:
        async with AsyncMemory(":memory:", associations=True) as memory:
            [one, *_] = (await memory.add_many(TOLD)).uuids
            await memory.recall("Who has a cello?")
            await memory.pin(one)
            strength = await memory.strength(one)
            await memory.unpin(one)
            return strength, await memory.associated(one)

    strength, near = asyncio.run(main())
    assert strength == 1
    assert near
