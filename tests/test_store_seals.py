"""A store vouches for a copy of what it held, until something of that is removed or it becomes another store."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from small_graph import Maker

from graphmem.store.contract import MOST_SEALS, Store


def test_a_copy_stays_good_while_things_are_added(store: Store) -> None:
    make = Maker(store.group_id)
    revision = store.apply(make.change(make.episode("one")))
    seal = store.seal(revision)
    assert seal is not None
    store.apply(make.change(make.episode("two")))
    assert store.sealed(seal)
    assert not store.sealed("another")


def test_a_copy_of_what_is_over_is_not_sealed(store: Store) -> None:
    make = Maker(store.group_id)
    revision = store.apply(make.change(make.episode("one")))
    store.apply(make.change(make.episode("two")))
    assert store.seal(revision) is None
    assert store.seal(revision + 5) is None


def test_no_copy_is_good_once_something_was_removed(store: Store) -> None:
    make = Maker(store.group_id)
    episode = make.episode("one")
    seal = store.seal(store.apply(make.change(episode, make.episode("two"))))
    store.apply(make.change(remove=["unknown"]))
    assert store.sealed(seal)
    revision = store.apply(make.change(remove=[episode.uuid]))
    assert not store.sealed(seal)
    assert store.sealed(store.seal(revision))


def test_so_many_copies_are_remembered(store: Store) -> None:
    make = Maker(store.group_id)
    revision = store.apply(make.change(make.episode("one")))
    seals = [store.seal(revision) for _ in range(MOST_SEALS + 2)]
    assert [store.sealed(seal) for seal in seals] == [False, False] + [True] * MOST_SEALS


def test_seals_are_of_one_tenant(shared_address: str, group: str, opened: object) -> None:
    one, other = opened(shared_address, group), opened(shared_address, f"{group} other")
    episodes = {store: Maker(store.group_id).episode("one") for store in (one, other)}
    seals = {store: store.seal(store.apply(Maker(store.group_id).change(episodes[store]))) for store in (one, other)}
    assert not one.sealed(seals[other])
    other.apply(Maker(other.group_id).change(remove=[episodes[other].uuid]))
    assert one.sealed(seals[one])


def test_a_file_without_seals_can_be_sealed(tmp_path: Path, opened: object) -> None:
    store, make = opened(str(tmp_path / "notes.db"), "g"), Maker("g")
    episode = make.episode("one")
    revision = store.apply(make.change(episode))
    db = sqlite3.connect(tmp_path / "notes.db")
    db.execute("DROP TABLE IF EXISTS seals")
    db.close()
    assert not store.sealed("unknown")
    assert store.sealed(store.seal(revision))
    store.apply(make.change(remove=[episode.uuid]))
    assert store.revision() == 2
