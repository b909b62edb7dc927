"""What is removed leaves a tombstone, takes along what only it supported, and leaves the rest whole."""

from __future__ import annotations

import pytest
from small_graph import EAST, Maker, everything, rows, said

from graphmem.errors import InvalidInput
from graphmem.store.contract import Filter, Store


def test_removing_an_episode_takes_along_what_only_it_supported(store: Store) -> None:
    make = Maker(store.group_id)
    ada, ben, eve = make.entity("Ada"), make.entity("Ben"), make.entity("Eve")
    one, two = make.episode("one", ada, ben, session="notes"), make.episode("two", ada, eve)
    age = make.value("36", ben)
    shared, alone, aged = (
        make.fact(ada, "know", eve, one, two),
        make.fact(ada, "know", ben, one),
        make.fact(ben, "be", age, one),
    )
    walk = make.event("walk", ada, ben, episodes=[one])
    before = [make.session(), ada, ben, eve, one, two, age, shared, alone, aged, walk]
    store.apply(make.change(*before, vectors={one.uuid: rows(EAST), alone.uuid: rows(EAST)}))
    assert store.apply(make.change(remove=[one.uuid])) == 2
    left = everything(store)
    assert left.keys() == {ada.uuid, eve.uuid, two.uuid, shared.uuid}
    assert left[shared.uuid].episodes == (two.uuid,)
    gone = {change.uuid: change.kind for change in said(store, 1) if change.record is None}
    assert gone == {record.uuid: record.kind for record in before if record.uuid not in left}
    assert all(change.vectors is None for change in store.changes(1) if change.record is None)
    assert store.check() == []


def test_removing_what_is_not_there_changes_nothing(store: Store) -> None:
    make = Maker(store.group_id)
    assert store.apply(make.change(remove=["nobody"])) == 0
    episode = make.episode("once")
    store.apply(make.change(episode))
    store.apply(make.change(remove=[episode.uuid]))
    assert store.apply(make.change(remove=[episode.uuid])) == 2


def test_what_was_removed_can_be_put_again(store: Store) -> None:
    make = Maker(store.group_id)
    ada, ben = make.entity("Ada"), make.entity("Ben")
    first = make.episode("first", ada, ben)
    second = make.episode("second", ada, position=1, previous=first.uuid)
    change = make.change(ada, ben, first, second, make.fact(ada, "know", ben, first), vectors={first.uuid: rows(EAST)})
    store.apply(change)
    before = everything(store)
    store.apply(make.change(remove=[first.uuid]))
    assert {uuid for uuid, _ in store.neighbourhood([second.uuid], EAST, each=9, common=9)} <= {second.uuid}
    assert store.apply(change) == 3
    assert everything(store) == before
    assert store.neighbourhood([second.uuid], EAST, each=9, common=0) == [(first.uuid, pytest.approx(1, abs=1e-3))]
    assert [change.uuid for change in store.told([first.uuid]) if change.kind == "fact"] != []
    assert store.nearest("episode", EAST, top_k=1)[0].uuid == first.uuid
    assert store.check() == []


def test_a_record_can_be_removed_and_put_anew_in_one_change_set(store: Store) -> None:
    make = Maker(store.group_id)
    ada, renamed = make.entity("Ada", "Countess"), make.entity("ADA")
    store.apply(make.change(ada))
    store.apply(make.change(renamed, remove=[ada.uuid]))
    assert everything(store) == {ada.uuid: renamed}
    assert list(store.find("entity", Filter(name="countess"))) == []


def test_a_record_that_others_refer_to_cannot_be_removed_alone(store: Store) -> None:
    make = Maker(store.group_id)
    ada, ben = make.entity("Ada"), make.entity("Ben")
    knows = make.fact(ada, "know", ben)
    store.apply(make.change(ada, ben, knows))
    with pytest.raises(InvalidInput, match="remove both"):
        store.apply(make.change(remove=[ada.uuid]))
    assert store.revision() == 1
    store.apply(make.change(remove=[knows.uuid]))
    assert store.counts()["entity"] == 0


def test_an_entity_without_facts_stays_until_it_is_removed_itself(store: Store) -> None:
    make = Maker(store.group_id)
    ada = make.entity("Ada")
    store.apply(make.change(ada))
    assert [finding.uuid for finding in store.check()] == [ada.uuid]
    store.apply(make.change(remove=[ada.uuid]))
    assert store.check() == []
