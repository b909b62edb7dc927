"""Consolidation: the hierarchy follows what is stated, keeps nothing of what was deleted, and ends the same."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_graph import LEARNED, Maker, day

from graphmem.ingest import embed
from graphmem.lifecycle.consolidate import consolidate
from graphmem.model import DERIVED, Community, Entity, Episode, Record, Session, Summary, Topic, period_uuid
from graphmem.recall.index import Index
from graphmem.results import Consolidated
from graphmem.store import open_store
from graphmem.store.contract import ChangeSet, Store

LATER = LEARNED + timedelta(hours=1)


class Letters:
    """Stands in for the embedding model: alike texts share letters."""

    name, dimension = "compass", 4

    def __init__(self, interrupt: int = 0) -> None:
        self.left = interrupt

    def encode(self, texts: Sequence[str], /) -> np.ndarray[Any, np.dtype[np.float32]]:
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt
        counts = np.array([[text.count(letter) + 0.1 for letter in "aeio"] for text in texts], np.float32)
        return counts / np.linalg.norm(counts, axis=1, keepdims=True)


def brought(store: Store, *, anew: bool = False, encoder: Letters | None = None) -> Consolidated:
    """Consolidate what a store holds, until nothing is left to do."""
    index = Index()
    index.apply(store.changes(), look_up=lambda uuids: store.get("entity", uuids))
    done = consolidate(index, store, encoder or Letters(), clock=lambda: LATER, anew=anew)
    if store.consolidated() == store.revision():
        return done
    index.apply(store.changes(index.revision), look_up=lambda uuids: store.get("entity", uuids))
    return done + consolidate(index, store, encoder or Letters(), clock=lambda: LATER)


def put(store: Store, *records: Record) -> None:
    fresh = [record for record in records if not isinstance(record, Community)]
    store.apply(ChangeSet(group_id=store.group_id, put=records, vectors=embed(fresh, Letters(), previous_text={})))


def derived(store: Store) -> dict[str, Record]:
    """Give all that is made of others, by uuid, but for when it was made."""
    found = (record for kind in DERIVED for record in store.find(kind))
    return {record.uuid: record.model_copy(update={"created_at": LEARNED}) for record in found}


def told(store: Store) -> str:
    """Give every word of what is made of others."""
    return "\n".join(record.model_dump_json() for record in derived(store).values())


def chat(make: Maker, name: str, *turns: tuple[str, Sequence[Entity], datetime]) -> list[Record]:
    """Give the records of a session: turns with whom they name and when they were said."""
    said: list[Episode] = []
    for position, (text, who, when) in enumerate(turns):
        episode = make.episode(
            text,
            *who,
            session=name,
            position=position,
            previous=said[-1].uuid if said else None,
            reference_time=when,
            sentences=((0, len(text)),),
        )
        said.append(episode)
    return [make.session(name), *{one.uuid: one for _, who, _ in turns for one in who}.values(), *said]


def village(make: Maker) -> list[Record]:
    """Two circles of people, in two sessions of May and one of June, with facts and events."""
    ada, ben, cy = (make.entity(name, type="PERSON") for name in ("Ada Berg", "Ben Lund", "Cy Moss"))
    dee, eli, fay = (make.entity(name, type="PERSON") for name in ("Dee Park", "Eli Rand", "Fay Wood"))
    may = chat(
        make,
        "harbour",
        ("Ada Berg and Ben Lund repair the crane.", (ada, ben), day(121)),
        ("Cy Moss paid Ada Berg for the crane.", (cy, ada), day(121)),
        ("Ben Lund and Cy Moss tested the crane.", (ben, cy), day(122)),
        ("Ada Berg sold the crane.", (ada,), day(122)),
    )
    june = chat(
        make,
        "orchard",
        ("Dee Park and Eli Rand planted plum trees.", (dee, eli), day(155)),
        ("Fay Wood watered the plum trees of Dee Park.", (fay, dee), day(155)),
        ("Eli Rand and Fay Wood picked plums.", (eli, fay), day(156)),
        ("Dee Park cooked the plums.", (dee,), day(157)),
    )
    first = next(one for one in may if isinstance(one, Episode))
    return [
        *may,
        *june,
        make.fact(ada, "know", ben, first),
        make.event("sell the crane", ada, episodes=[first], valid_at=day(123), invalid_at=day(124), granularity="day"),
    ]


@pytest.fixture
def memory() -> Store:
    store = open_store(":memory:", group_id="g")
    store.bind("compass", 4)
    return store


def test_every_level_is_there_and_once_it_is_nothing_more_is_done(store: Store) -> None:
    put(store, *village(Maker(store.group_id)))
    done = brought(store)
    assert set(done.written) == set(DERIVED) - {"trace"}
    found = derived(store)
    communities = [one for one in found.values() if isinstance(one, Community)]
    assert sorted((one.name, one.size) for one in communities) == [
        ("Ada Berg, Ben Lund and Cy Moss", 3),
        ("Dee Park, Eli Rand and Fay Wood", 3),
    ]
    assert {one.session for one in found.values() if isinstance(one, Topic)} == {"harbour", "orchard"}
    summaries = {one.of: one for one in found.values() if isinstance(one, Summary)}
    for of in (period_uuid(store.group_id, name) for name in ("2023", "2023-05", "2023-05-01", "2023-05-03")):
        assert summaries[of].about == "period"
    assert {one.about for one in summaries.values()} == {"community", "session", "topic", "period", "entity"}
    assert "crane" in summaries[period_uuid(store.group_id, "2023-05")].text
    assert "plum" in summaries[period_uuid(store.group_id, "2023-06")].text
    for one in summaries.values():
        assert one.title or one.sentences
        assert all(sentence.episodes for sentence in one.sentences)
        assert {uuid for sentence in one.sentences for uuid in sentence.episodes} <= set(one.episodes)
    assert store.check() == []
    revision = store.revision()
    for anew in (False, True):
        assert brought(store, anew=anew).written == {}
    assert store.revision() == revision == store.consolidated()


def test_one_episode_more_is_written_only_where_it_belongs(memory: Store) -> None:
    make = Maker(memory.group_id)
    put(memory, *village(make))
    brought(memory)
    before = derived(memory)
    dee = make.entity("Dee Park", type="PERSON")
    put(memory, *chat(make, "letters", ("Dee Park wrote a letter.", (dee,), day(200))))
    brought(memory)
    after = derived(memory)
    changed = {uuid for uuid, record in after.items() if before.get(uuid) != record}
    assert before.keys() <= after.keys()
    kinds = {record.about for record in map(after.__getitem__, changed) if isinstance(record, Summary)}
    assert kinds == {"session", "topic", "period", "entity", "community"}
    stays = {period_uuid(memory.group_id, "2023-05"), make.session("harbour").uuid, make.entity("Ada Berg").uuid}
    assert stays.isdisjoint(record.of for record in map(after.__getitem__, changed) if isinstance(record, Summary))
    assert not any("crane" in after[uuid].model_dump_json() for uuid in changed)


WHO = st.lists(st.integers(0, 4), max_size=3, unique=True)
TURNS = st.lists(st.tuples(st.integers(0, 2), WHO, st.integers(1, 4)), min_size=2, max_size=7)


@settings(max_examples=25, deadline=None)
@given(turns=TURNS, gone=st.integers(0, 6), data=st.data())
def test_of_a_deleted_episode_no_word_is_left_at_once_and_later(turns: Any, gone: int, data: st.DataObject) -> None:
    """Each turn has words that no other has, and there are people whom only one turn names."""

    def world(left: Callable[[int], bool]) -> Store:
        store = open_store(":memory:", group_id="g")
        store.bind("compass", 4)
        make = Maker("g")
        people = [make.entity(f"Person{n} Name{n}", type="PERSON") for n in range(5)]
        for number, (session, who, month) in enumerate(turns):
            if left(number):
                put(store, *said(make, people, number, session, who, month))
        return store

    def said(make: Maker, people: Sequence[Entity], number: int, session: int, who: Any, month: int) -> list[Record]:
        text = f"Unique{number} told secret{number} to hidden{number}."
        named = [people[n] for n in who]
        episode = make.episode(
            text, *named, session=f"session{session}", position=number, reference_time=day(30 * month + number)
        )
        records: list[Record] = [make.session(f"session{session}"), *named, episode]
        if len(named) > 1:
            records.append(make.fact(named[0], f"secret{number}", named[1], episode))
            begin = day(30 * month + 100 + number)
            records.append(
                make.event(
                    f"hidden{number} happened",
                    named[0],
                    episodes=[episode],
                    valid_at=begin,
                    invalid_at=begin + timedelta(days=1),
                    granularity="day",
                )
            )
        return records

    gone %= len(turns)
    store = world(lambda number: True)
    brought(store)
    text = f"Unique{gone} told secret{gone} to hidden{gone}."
    [uuid] = [one.uuid for one in store.find("episode") if isinstance(one, Episode) and one.text == text]
    assert f"secret{gone}" in told(store)
    unknown = set(turns[gone][1]) - {n for number, turn in enumerate(turns) if number != gone for n in turn[1]}
    words = [uuid, *(f"{word}{gone}" for word in ("nique", "secret", "hidden")), *(f"Person{n}" for n in unknown)]
    store.apply(ChangeSet(group_id="g", remove=[uuid]))
    for step in (lambda: None, lambda: brought(store), lambda: brought(store, anew=True)):
        step()
        assert not [word for word in words if word in told(store)]
        assert store.check() == []
    fresh = world(lambda number: number != gone)
    brought(fresh)
    apart = [{uuid: one for uuid, one in derived(each).items() if not is_of_community(one)} for each in (store, fresh)]
    assert apart[0] == apart[1]


def is_of_community(record: Record) -> bool:
    return isinstance(record, Community) or (isinstance(record, Summary) and record.about == "community")


def test_what_was_interrupted_is_finished_by_the_same_call() -> None:
    whole, cut = (open_store(":memory:", group_id="g") for _ in range(2))
    for store in (whole, cut):
        store.bind("compass", 4)
        make = Maker("g")
        for number in range(60):
            ada, ben = make.entity(f"Ada{number}"), make.entity(f"Ben{number}")
            when = day(number + 1)
            put(store, *chat(make, f"s{number}", (f"Ada{number} met Ben{number} at gate {number}.", (ada, ben), when)))
    brought(whole)
    with pytest.raises(KeyboardInterrupt):
        brought(cut, encoder=Letters(interrupt=2))
    assert cut.consolidated() == 0
    assert 0 < len(derived(cut)) < len(derived(whole))
    assert cut.check() == []
    brought(cut)
    assert derived(cut) == derived(whole)


def test_two_at_once_end_the_same(shared_address: str, group: str, opened: Callable[..., Store]) -> None:
    stores = [opened(shared_address, group) for _ in range(2)]
    stores[0].bind("compass", 4)
    put(stores[0], *village(Maker(group)))
    threads = [threading.Thread(target=brought, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    brought(stores[0])
    alone = open_store(":memory:", group_id=group)
    alone.bind("compass", 4)
    put(alone, *village(Maker(group)))
    brought(alone)
    assert derived(stores[1]) == derived(alone)
    assert stores[0].consolidated() == stores[0].revision()
    assert stores[0].check() == []


def test_whoever_took_other_communities_for_right_is_put_right(memory: Store) -> None:
    """As two processes leave them that saw different episodes: an entity in two communities of one level."""
    make = Maker(memory.group_id)
    put(memory, *village(make))
    brought(memory)
    before = derived(memory)
    ada, dee = make.entity("Ada Berg"), make.entity("Dee Park")
    members = tuple(sorted((ada.uuid, dee.uuid)))
    put(memory, Community(**make.base, level=0, founder=dee.uuid, name="Strangers", members=members))
    assert derived(memory) != before
    brought(memory)
    assert derived(memory) == before


def test_topics_of_a_session_that_grew_are_cut_again(memory: Store) -> None:
    make = Maker(memory.group_id)
    people = [make.entity(name) for name in ("Ada", "Ben")]
    turns = [(f"Ada and Ben said aaa {n}.", people, day(1)) for n in range(4)]
    turns += [(f"Then it was iii oooo {n}.", (), day(1)) for n in range(5)]
    put(memory, *chat(make, "chat", *turns[:6]))
    brought(memory)
    put(memory, *chat(make, "chat", *turns))
    brought(memory)
    topics = [one for one in memory.find("topic", order="valid_at") if isinstance(one, Topic)]
    covered = [uuid for one in topics for uuid in one.episodes]
    assert sorted(covered) == sorted(one.uuid for one in memory.find("episode"))
    assert {summary.of for summary in memory.find("summary") if isinstance(summary, Summary)} >= {
        topic.uuid for topic in topics
    }


def test_a_hub_and_many_with_one_fact_each(memory: Store) -> None:
    make = Maker("g")
    hub = make.entity("Hub")
    others = [make.entity(f"Leaf{n}") for n in range(700)]
    said = [
        make.episode(f"Hub and Leaf{n}.", hub, other, reference_time=day(1 + n % 9)) for n, other in enumerate(others)
    ]
    facts = [make.fact(hub, "know", other, one) for other, one in zip(others, said, strict=True)]
    put(memory, hub, *others, *said, *facts)
    brought(memory)
    communities = [one for one in memory.find("community") if isinstance(one, Community)]
    lowest = [one for one in communities if one.level == 0]
    assert sum(one.size for one in lowest) == 701
    assert max(one.size for one in lowest) <= 300
    assert brought(memory, anew=True).written == {}


@pytest.mark.parametrize("years", [0, 600])
def test_without_entities_at_one_second_or_over_three_thousand_years(memory: Store, years: int) -> None:
    make = Maker("g")
    begin = datetime(500, 1, 1, tzinfo=timezone.utc)
    turns = [(f"It rained on roof {n}.", (), begin.replace(year=500 + n * years)) for n in range(6)]
    put(memory, *chat(make, "chat", *turns))
    brought(memory)
    assert memory.counts()["community"] == 0
    names = {one.of for one in memory.find("summary") if isinstance(one, Summary) and one.about == "period"}
    assert names == {one.uuid for one in memory.find("period")}
    assert memory.check() == []


def test_an_empty_memory_has_no_hierarchy(memory: Store) -> None:
    assert brought(memory).written == {}
    put(memory, Maker("g").session("chat"))
    assert brought(memory).written == {}
    assert isinstance(next(memory.find("session")), Session)
