"""Whoever follows the changes of a store sees every record once, in order, and what was removed."""

from __future__ import annotations

from small_graph import EAST, Maker, everything, rows, said

from graphmem.store.contract import Store


def test_changes_come_in_order_of_revision_each_record_once(store: Store) -> None:
    make = Maker(store.group_id)
    ada, ben = make.entity("Ada"), make.entity("Ben")
    episode = make.episode("Ada knows Ben.", ada, ben)
    store.apply(make.change(ada, ben, episode))
    store.apply(make.change(make.fact(ada, "know", ben, episode)))
    store.apply(make.change(make.entity("Ada", "Countess")))
    changes = said(store)
    assert [change.revision for change in changes] == [1, 1, 2, 3]
    assert len({change.uuid for change in changes}) == 4
    assert changes[-1].record == make.entity("Ada", "Countess")


def test_following_from_a_revision_gives_only_what_came_later(store: Store) -> None:
    make = Maker(store.group_id)
    seen, since = {}, 0
    for number in range(5):
        kept, dropped = make.episode(f"kept {number}"), make.episode(f"dropped {number}")
        store.apply(make.change(kept, dropped))
        if number % 2:
            store.apply(make.change(remove=[dropped.uuid]))
        for change in said(store, since):
            since = change.revision
            seen[change.uuid] = change.record
    assert {uuid: record for uuid, record in seen.items() if record} == everything(store)
    assert since == store.revision()
    assert list(store.changes(since)) == []


def test_thousands_of_changes_are_streamed_whole(store: Store) -> None:
    make = Maker(store.group_id)
    episodes = [make.episode(f"episode {number}") for number in range(2500)]
    ada = make.entity("Ada")
    ages = [make.value(str(number), ada) for number in range(1100)]
    vectors = {episode.uuid: rows(EAST) for episode in episodes}
    store.apply(make.change(*episodes, ada, *ages, *(make.fact(ada, "be", age) for age in ages), vectors=vectors))
    changes = said(store)
    assert len({change.uuid for change in changes}) == len(changes) == 2500 + 1 + 2 * 1100
    assert sum(change.vectors is not None for change in changes) == 2500


def test_a_reader_may_write_while_it_follows(store: Store) -> None:
    make = Maker(store.group_id)
    store.apply(make.change(make.episode("one"), make.episode("two")))
    for change in store.changes():
        store.apply(make.change(make.entity(f"Name {change.uuid}")))
        if store.revision() > 10:
            break
    assert store.counts()["entity"] >= 2


def test_a_second_reader_sees_what_the_first_wrote(shared_address: str, group: str, opened: object) -> None:
    one, two, make = opened(shared_address, group), opened(shared_address, group), Maker(group)
    ada = make.entity("Ada")
    one.apply(make.change(ada))
    assert everything(two) == {ada.uuid: ada}
    two.apply(make.change(make.entity("Ben")))
    assert [change.record.name for change in one.changes(1)] == ["Ben"]
    three = opened(shared_address, group)
    assert three.revision() == 2
    assert everything(three) == everything(one)
