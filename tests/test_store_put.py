"""What is put into a store is there, once, whole, and the same in every database."""

from __future__ import annotations

from datetime import datetime, timezone

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_graph import EAST, NORTH, Maker, day, everything, rows

from graphmem.errors import InvalidInput, ModelMismatch
from graphmem.model import Record, merge
from graphmem.store.contract import Store


def test_every_kind_of_record_comes_back_as_it_was(store: Store) -> None:
    make = Maker(store.group_id)
    ada, london = make.entity("Ada", "Countess"), make.entity("London", type="LOC")
    first = make.episode("Ada was here.", ada, session="notes", sentences=((0, 13),))
    second = make.episode("So was I.", session="notes", position=1, previous=first.uuid, speaker="Ben", source="x.txt")
    age = make.value("36", ada)
    fact = make.fact(ada, "live in", london, first, valid_at=day(3), granularity="day", confidence=0.25, negated=True)
    event = make.event("move to town", ada, episodes=[first], place="London", valid_at=day(3), invalid_at=day(4))
    put = [make.session(), ada, london, first, second, age, fact, make.fact(ada, "be", age, second), event]
    assert store.apply(make.change(*put)) == 1
    assert everything(store) == {record.uuid: record for record in put}
    for record in put:
        assert store.get(record.kind, [record.uuid]) == [record]
    stated = {"session": 1, "episode": 2, "entity": 2, "value": 1, "fact": 2, "event": 1, "period": 5}
    assert store.counts() == stated | dict.fromkeys(("community", "topic", "summary", "trace"), 0)
    assert store.check() == []


@pytest.mark.parametrize(
    "text",
    ["🎉 emoji 👩‍👩‍👧", "שלום עולם", "`back` ``ticks`` '\"$", "a\nb\tc\r\n", "\u0001 control", "x" * 1_000_000],
    ids=["emoji", "right-to-left", "backticks", "lines", "control", "a megabyte"],
)
def test_text_is_kept_letter_by_letter(store: Store, text: str) -> None:
    make = Maker(store.group_id)
    episode = make.episode(text, metadata={"title": text[:50], "nested": {"none": None, "list": [1, 2.5, text[:9]]}})
    store.apply(make.change(episode))
    assert store.get("episode", [episode.uuid]) == [episode]


@pytest.mark.parametrize(
    "moment",
    [
        datetime(1, 1, 1, 0, 0, 0, 1, tzinfo=timezone.utc),
        datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=timezone.utc),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=timezone.utc),
    ],
)
def test_times_are_exact_to_the_microsecond(store: Store, moment: datetime) -> None:
    make = Maker(store.group_id)
    episode = make.episode("Long ago.", reference_time=moment)
    store.apply(make.change(episode))
    assert store.get("episode", [episode.uuid])[0].reference_time == moment


def test_putting_the_same_again_makes_no_new_revision(store: Store) -> None:
    make = Maker(store.group_id)
    ada = make.entity("Ada")
    episode = make.episode("Ada.", ada)
    change = make.change(ada, episode, vectors={episode.uuid: rows(EAST)})
    assert [store.apply(change), store.apply(change), store.revision()] == [1, 1, 1]
    assert store.apply(make.change()) == 1


def test_an_unused_memory_is_at_revision_0(store: Store) -> None:
    assert store.revision() == 0
    assert list(store.changes()) == []
    assert store.apply(Maker(store.group_id).change()) == 0


def test_versions_of_one_record_are_joined(store: Store) -> None:
    make = Maker(store.group_id)
    store.apply(make.change(make.entity("Ada"), make.entity("Ben")))
    assert store.apply(make.change(make.entity("ADA", "Countess", created_at=day(1)))) == 2
    (ada,) = [record for record in store.find("entity") if record.name == "Ada"]
    assert (ada.names, ada.created_at) == (("ADA", "Ada", "Countess"), day(1))
    assert [change.uuid for change in store.changes(1)] == [ada.uuid]


def test_versions_in_one_change_set_are_joined_too(store: Store) -> None:
    make = Maker(store.group_id)
    store.apply(make.change(make.entity("Ada"), make.entity("Ada", "Countess"), make.entity("Ada", "Augusta")))
    assert next(store.find("entity")).names == ("Ada", "Augusta", "Countess")


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_order_of_change_sets_does_not_matter(data: st.DataObject, address: str, opened: object) -> None:
    store = opened(address, f"order {data.draw(st.uuids())}")
    make = Maker(store.group_id)
    ada, ben = make.entity("Ada"), make.entity("Ben")
    episodes = [make.episode(text, ada) for text in ("one", "two", "three")]
    versions: list[list[Record]] = [
        [ada, make.entity("ADA", "Countess"), ben, *episodes[:1], make.fact(ada, "know", ben, episodes[0])],
        [ada, ben, *episodes[1:], make.fact(ada, "know", ben, *episodes[1:], confidence=0.5)],
        [ben, ada, episodes[2], make.fact(ada, "know", ben, episodes[2])],
        [make.entity("Ben", "Benjamin", created_at=day(2))],
    ]
    for records in data.draw(st.permutations(versions)):
        store.apply(make.change(*data.draw(st.permutations(records))))
    expected: dict[str, Record] = {}
    for record in (record for records in versions for record in records):
        expected[record.uuid] = merge(expected.get(record.uuid, record), record)
    assert everything(store) == expected
    assert store.check() == []


def test_a_change_set_that_fails_leaves_nothing(store: Store) -> None:
    make = Maker(store.group_id)
    ada, ben = make.entity("Ada"), make.entity("Ben")
    with pytest.raises(InvalidInput, match="not in this memory"):
        store.apply(make.change(make.episode("Ada knows Ben.", ada), ada, make.fact(ada, "know", ben)))
    with pytest.raises(ModelMismatch, match="dimension 3"):
        store.apply(make.change(ada, vectors={ada.uuid: np.ones((1, 3), np.float16)}))
    with pytest.raises(InvalidInput, match="not put"):
        store.apply(make.change(ada, vectors={ben.uuid: rows(EAST)}))
    with pytest.raises(InvalidInput, match="finite"):
        store.apply(make.change(ada, vectors={ada.uuid: rows(EAST * np.nan)}))
    with pytest.raises(InvalidInput, match="JSON"):
        store.apply(make.change(ada, make.episode("Odd.", metadata={"odd": object()})))
    with pytest.raises(InvalidInput, match="another"):
        store.apply(make.change(ada, Maker("another").entity("Eve")))
    assert store.revision() == 0
    assert everything(store) == {}
    assert store.apply(make.change(ada)) == 1


def test_vectors_travel_with_their_record_and_are_never_replaced(store: Store) -> None:
    make = Maker(store.group_id)
    ada, ben = make.entity("Ada"), make.entity("Ben")
    knows = make.fact(ada, "know", ben)
    store.apply(make.change(ada, ben, knows, vectors={ada.uuid: rows(EAST, NORTH), knows.uuid: rows(NORTH)}))
    assert store.apply(make.change(ada, vectors={ada.uuid: rows(NORTH)})) == 1
    assert store.apply(make.change(ben, vectors={ben.uuid: rows(NORTH)})) == 2
    kept = {change.uuid: change.vectors for change in store.changes()}
    np.testing.assert_array_equal(kept[ada.uuid], rows(EAST, NORTH))
    np.testing.assert_array_equal(kept[knows.uuid], rows(NORTH))
    np.testing.assert_array_equal(kept[ben.uuid], rows(NORTH))
    assert kept[ada.uuid].dtype == np.float16


def test_the_embedding_model_is_remembered_and_another_is_refused(store: Store) -> None:
    store.bind("compass", 4)
    for model, dimension in (("other", 4), ("compass", 8)):
        with pytest.raises(ModelMismatch, match=r"compass.*graphmem copy"):
            store.bind(model, dimension)


def test_vectors_without_a_known_model_are_refused(address: str, group: str, opened: object) -> None:
    store, make = opened(address, group), Maker(group)
    ada = make.entity("Ada")
    with pytest.raises(InvalidInput, match="bind"):
        store.apply(make.change(ada, vectors={ada.uuid: rows(EAST)}))
