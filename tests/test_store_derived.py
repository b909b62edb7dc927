"""Communities, topics and summaries in a store: whole, found again, and gone with whatever they are made of."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import Opener
from small_graph import EAST, LEARNED, NORTH, UP, Maker, day, rows

from graphmem.copying import copy
from graphmem.model import (
    Cited,
    Community,
    Entity,
    Episode,
    Period,
    Record,
    Session,
    Summary,
    Tally,
    Topic,
    period_uuid,
)
from graphmem.store import migrate
from graphmem.store.contract import ChangeSet, Filter, Store

LATER = LEARNED + timedelta(hours=1)


class World:
    """Two episodes of one session about three people, and everything that can be made of that."""

    def __init__(self, group_id: str) -> None:
        self.make = make = Maker(group_id)
        self.group_id = group_id
        self.ada, self.ben, self.eve = make.entity("Ada"), make.entity("Ben"), make.entity("Eve")
        self.one = make.episode("Ada met Ben at the weir.", self.ada, self.ben, session="chat", reference_time=day(40))
        self.two = make.episode("Eve waved.", self.eve, session="chat", position=1, reference_time=day(70))
        self.stated = [make.session("chat"), self.ada, self.ben, self.eve, self.one, self.two]
        self.low = self.community(0, self.ada, self.ada, self.ben)
        self.alone = self.community(0, self.eve, self.eve)
        self.high = self.community(1, self.ada, self.low, self.alone, size=3)
        self.first = Topic(**make.base, session="chat", episodes=(self.one.uuid,), name="weir")
        self.second = Topic(**make.base, session="chat", episodes=(self.two.uuid,), name="wave")
        self.made: list[Record] = [self.low, self.alone, self.high, self.first, self.second]

    def community(self, level: int, founder: Entity, *members: Entity | Community, **more: object) -> Community:
        held = tuple(sorted(member.uuid for member in members))
        return Community(**self.make.base, level=level, founder=founder.uuid, name=founder.name, members=held, **more)

    def summary(self, of: Record | str, *episodes: Episode, text: str = "They met.", **more: object) -> Summary:
        cited = tuple(sorted(episode.uuid for episode in episodes))
        about = "period" if isinstance(of, str) else of.kind
        uuid = period_uuid(self.group_id, of) if isinstance(of, str) else of.uuid
        sentence = Cited(text=text, episodes=cited)
        base = {**self.make.base, "sentences": (sentence,), "counts": Tally(episodes=len(cited)), **more}
        return Summary(**base, of=uuid, about=about, title="Met", text=text, episodes=cited)

    def change(self, *put: Record, remove: tuple[str, ...] = (), **more: object) -> ChangeSet:
        return ChangeSet(group_id=self.group_id, put=put, remove=remove, **more)


@pytest.fixture
def world(store: Store) -> World:
    world = World(store.group_id)
    store.apply(world.change(*world.stated))
    store.apply(world.change(*world.made))
    return world


def derived(store: Store) -> dict[str, Record]:
    kinds = ("community", "topic", "summary")
    return {record.uuid: record for kind in kinds for record in store.find(kind)}


def test_what_was_put_comes_back_as_it_was(store: Store, world: World) -> None:
    told = world.summary(world.low, world.one, people=("Ada",), places=("weir",), valid_at=day(40), invalid_at=day(41))
    store.apply(world.change(told, vectors={told.uuid: rows(EAST)}))
    assert list(store.find("summary")) == [told] == store.get("summary", [told.uuid])
    assert [change.record for change in store.changes() if change.kind == "summary"] == [told]
    assert store.nearest("summary", EAST, top_k=3)[0].uuid == told.uuid
    assert [found.uuid for found in store.matching("summary", "met", top_k=3)] == [told.uuid]
    assert list(store.find("community", order="level"))[-1] == world.high
    assert list(store.find("community", Filter(level=1))) == [world.high]
    assert list(store.find("community", Filter(member=world.ben.uuid))) == [world.low]
    assert list(store.find("topic", Filter(session="chat", episode=world.two.uuid))) == [world.second]
    assert list(store.find("summary", Filter(about="topic"))) == []
    assert list(store.find("summary", Filter(about="community", episode=world.one.uuid, end=day(41)))) == [told]
    assert list(store.find("summary", Filter(start=day(41)))) == []
    assert {kind: store.counts()[kind] for kind in ("community", "topic", "summary")} == {
        "community": 3,
        "topic": 2,
        "summary": 1,
    }
    assert store.check() == []


def test_the_newer_version_is_right_as_a_whole_and_brings_its_vector(store: Store, world: World) -> None:
    old = world.summary(world.low, world.one)
    new = world.summary(world.low, world.one, text="They parted.", created_at=LATER)
    store.apply(world.change(old, vectors={old.uuid: rows(EAST)}))
    store.apply(world.change(new, vectors={new.uuid: rows(NORTH)}))
    revision = store.apply(world.change(old, vectors={old.uuid: rows(UP)}))
    assert list(store.find("summary")) == [new]
    assert store.revision() == revision
    assert store.nearest("summary", NORTH, top_k=1)[0].score == pytest.approx(1, abs=0.01)
    assert store.matching("summary", "met", top_k=1)[0].score > 0  # the title
    assert store.check() == []


def test_a_community_that_changes_keeps_what_connects_it(store: Store, world: World) -> None:
    smaller = world.low.model_copy(update={"members": (world.ada.uuid,), "size": 1, "created_at": LATER})
    larger = world.alone.model_copy(
        update={"members": tuple(sorted((world.ben.uuid, world.eve.uuid))), "size": 2, "created_at": LATER}
    )
    store.apply(world.change(smaller, larger))
    assert list(store.find("community", Filter(member=world.ben.uuid))) == [larger]
    assert store.check() == []


def test_an_episode_takes_along_what_is_made_of_it_and_what_tells_of_where_it_belongs(
    store: Store, world: World
) -> None:
    kept = [
        world.summary(world.second, world.two),
        world.summary("2023-03", world.two),
        world.summary(world.eve, world.two),
    ]
    goes = [
        world.summary(world.first, world.one),
        world.summary(world.stated[0], world.two),  # of its session
        world.summary("2023-02", world.one),
        world.summary("2023", world.two),  # of its year
        world.summary(world.ada, world.one),
        world.summary(world.high, world.two),  # of a community above that of Ada
        world.summary(world.alone, world.one, world.two),  # cites it
    ]
    store.apply(world.change(*kept, *goes))
    assert len(list(store.find("summary"))) == 10
    store.apply(world.change(remove=(world.one.uuid,)))
    left = derived(store)
    assert {uuid for uuid, record in left.items() if record.kind == "summary"} == {one.uuid for one in kept}
    assert {record.uuid for record in left.values() if record.kind == "topic"} == {world.second.uuid}
    assert {record.uuid for record in left.values() if record.kind == "community"} == {world.alone.uuid}
    assert not store.get("entity", [world.ada.uuid])
    assert store.check() == []


def test_what_lacks_something_that_it_is_made_of_is_left_out(store: Store, world: World) -> None:
    store.apply(world.change(remove=(world.one.uuid,)))
    revision = store.apply(
        world.change(*world.made, world.summary(world.low, world.one), world.summary(world.high, world.two))
    )
    assert derived(store).keys() == {world.alone.uuid, world.second.uuid}
    assert store.revision() == revision
    assert store.check() == []


def test_what_goes_can_be_put_anew_in_the_same_change_set(store: Store, world: World) -> None:
    low = world.summary(world.high, world.one, text="Old words.", created_at=LATER)
    store.apply(world.change(low, vectors={low.uuid: rows(EAST)}))
    new = world.summary(world.high, world.two, text="New words.")
    smaller = world.high.model_copy(update={"members": (world.alone.uuid,), "size": 1})
    store.apply(world.change(new, smaller, world.second, remove=(world.one.uuid,), vectors={new.uuid: rows(NORTH)}))
    assert list(store.find("summary")) == [new]
    assert list(store.find("community", order="level")) == [world.alone, smaller]
    assert store.matching("summary", "old", top_k=1) == []
    assert store.check() == []


def test_merged_entities_and_events_that_go_take_summaries_along(store: Store) -> None:
    world = World(store.group_id)
    make = world.make
    long, short = make.entity("Ada Berg", type="PERSON"), make.entity("Ada", type="PERSON")
    said = make.episode("Ada Berg came.", long, session="chat", reference_time=day(40))
    again = make.episode("Ada left.", short, session="chat", position=1, reference_time=day(70))
    swim = make.event("swim", long, episodes=[again], valid_at=day(150), invalid_at=day(151), granularity="day")
    store.apply(make.change(make.session("chat"), long, short, said, again, swim))
    whole = store.get("entity", [short.uuid])[0]
    assert isinstance(whole, Entity)
    assert whole.merged_into == long.uuid
    summaries = [world.summary(long, said), world.summary("2023-05-30", again), world.summary("2023-02-09", said)]
    store.apply(make.change(*summaries))
    store.apply(make.change(remove=[again.uuid]))
    assert list(store.find("summary")) == [summaries[2]]
    assert "2023-05-30" not in {one.name for one in store.find("period") if isinstance(one, Period)}
    assert store.check() == []


def test_the_mark_of_consolidation_never_goes_back(store: Store, world: World) -> None:
    assert store.consolidated() == 0
    revision = store.revision()
    assert store.apply(world.change(consolidated=2)) == revision
    assert store.apply(world.change(world.summary(world.low, world.one), consolidated=1)) == revision + 1
    assert store.consolidated() == 2


def test_only_what_is_stated_breaks_the_seals_of_copies(store: Store, world: World) -> None:
    told = world.summary(world.low, world.one)
    seal = store.seal(store.apply(world.change(told)))
    assert seal
    store.apply(world.change(remove=(told.uuid, world.high.uuid)))
    assert store.sealed(seal)
    store.apply(world.change(remove=(world.one.uuid,)))
    assert not store.sealed(seal)


def test_it_is_copied_with_all_it_needs(store: Store, world: World, tmp_path: Path, opened: Opener) -> None:
    summaries = [world.summary(world.low, world.one), world.summary("2023-02", world.one)]
    store.apply(world.change(*summaries, vectors={one.uuid: rows(EAST) for one in summaries}))
    store.apply(world.change(world.eve.model_copy(update={"names": ("Eva", "Eve")})))
    target = opened(str(tmp_path / "copy.db"), store.group_id)
    assert copy(store, target, batch_size=2).same
    assert derived(target) == derived(store)


def test_a_session_that_goes_leaves_nothing(store: Store, world: World) -> None:
    session = world.stated[0]
    assert isinstance(session, Session)
    store.apply(world.change(world.summary(session, world.one)))
    store.apply(world.change(remove=(world.one.uuid, world.two.uuid)))
    assert derived(store) == {}
    assert sum(store.counts().values()) == 0
    assert store.check() == []


def test_a_file_of_the_version_before_is_brought_up_to_date(tmp_path: Path, opened: Opener) -> None:
    file = tmp_path / "old.db"
    store = opened(str(file), "g")
    store.bind("compass", 4)
    world = World("g")
    store.apply(world.change(*world.stated))
    store.close()
    with closing(sqlite3.connect(file)) as db:
        db.executescript("DROP TABLE consolidated; PRAGMA user_version = 3")
    assert migrate(file, dry_run=True).version == 3
    store = opened(str(file), "g")
    store.apply(world.change(*world.made, consolidated=1))
    assert (store.consolidated(), len(derived(store))) == (1, 5)
    assert store.check() == []


def test_what_is_made_of_something_that_is_missing_is_found_and_removed(tmp_path: Path, opened: Opener) -> None:
    file = tmp_path / "damaged.db"
    store = opened(str(file), "g")
    store.bind("compass", 4)
    world = World("g")
    store.apply(world.change(*world.stated))
    store.apply(world.change(*world.made, world.summary(world.low, world.one), world.summary(world.high, world.one)))
    with closing(sqlite3.connect(file)) as db:
        db.execute("UPDATE records SET body = NULL WHERE uuid = ?", (world.low.uuid,))
        db.commit()
    assert all("is made of" in found.problem and found.mend == "remove it" for found in store.check())
    assert all(found.mended for found in store.check(repair=True))
    assert store.check() == []
    assert derived(store).keys() == {world.alone.uuid, world.first.uuid, world.second.uuid}
