"""Each condition of a filter, each order, and limits, on every database."""

from __future__ import annotations

import pytest
from small_graph import LEARNED, Maker, day

from graphmem.errors import InvalidInput
from graphmem.model import natural_key
from graphmem.store.contract import Filter, Store


def uuids(records):
    return [record.uuid for record in records]


@pytest.fixture
def make(store: Store) -> Maker:
    return Maker(store.group_id)


def texts(store: Store, where: Filter, **options: object) -> list[str]:
    return [episode.text for episode in store.find("episode", where, **options)]


def test_episodes_are_found_by_session_speaker_source_time_and_mention(store: Store, make: Maker) -> None:
    ada, ben = make.entity("Ada"), make.entity("Ben")
    store.apply(
        make.change(
            *(make.session(name) for name in ("chat", "diary")),
            *(ada, ben),
            make.episode("a", ada, session="chat", speaker="Ada", position=0, reference_time=day(1)),
            make.episode("b", ada, ben, session="chat", speaker="Ben", position=1, reference_time=day(2)),
            make.episode("c", ben, session="diary", source="diary.txt", reference_time=day(3)),
            make.episode("d", metadata={"page": 3, "title": 'It\'s "odd"'}, reference_time=day(4)),
        )
    )
    expected = {
        Filter(): "abcd",
        Filter(session="chat"): "ab",
        Filter(session="nowhere"): "",
        Filter(speaker="Ben"): "b",
        Filter(source="diary.txt"): "c",
        Filter(start=day(2)): "bcd",
        Filter(end=day(2)): "a",
        Filter(start=day(2), end=day(4)): "bc",
        Filter(mentions=ben.uuid): "bc",
        Filter(mentions=ben.uuid, session="chat"): "b",
        Filter(mentions=natural_key("entity", store.group_id, "nobody")): "",
    }
    for where, found in expected.items():
        assert "".join(texts(store, where, order="reference_time")) == found, where
    for metadata, found in (
        ({"page": 3}, "d"),
        ({"title": 'It\'s "odd"'}, "d"),
        ({"page": "3"}, ""),
        ({"x": None}, ""),
    ):
        assert "".join(texts(store, Filter(metadata=metadata))) == found, metadata
    assert texts(store, Filter(metadata={"page": 3}), limit=1) == ["d"]
    assert texts(store, Filter(session="chat"), order="position", limit=1, last=True) == ["b"]


def test_orders_put_open_values_last_and_can_be_reversed(store: Store, make: Maker) -> None:
    ada, ben = make.entity("Ada"), make.entity("Ben", created_at=day(1))
    facts = [make.fact(ada, verb, ben, valid_at=at) for verb, at in (("a", day(2)), ("b", None), ("c", day(1)))]
    store.apply(make.change(ada, ben, *facts))
    ordered = [fact.predicate for fact in store.find("fact", order="valid_at")]
    assert ordered == ["c", "a", "b"]
    assert [fact.predicate for fact in store.find("fact", order="valid_at", last=True)] == ["b", "a", "c"]
    assert [entity.name for entity in store.find("entity", order="created_at")] == ["Ben", "Ada"]
    assert [entity.name for entity in store.find("entity", order="name")] == ["Ada", "Ben"]
    assert uuids(store.find("fact")) == sorted(uuids(facts))
    assert uuids(store.find("fact", order="name", limit=2)) == sorted(uuids(facts))[:2]
    assert list(store.find("fact", limit=0)) == []


def test_entities_are_found_by_any_of_their_names(store: Store, make: Maker) -> None:
    ada, ben = make.entity("Ada Lovelace", "The Countess"), make.entity("Ben")
    episode = make.episode("Ada.", ada)
    store.apply(make.change(ada, ben, episode))
    assert list(store.find("entity", Filter(name="countess"))) == [ada]
    assert list(store.find("entity", Filter(name="ADA  LOVELACE"))) == [ada]
    assert list(store.find("entity", Filter(name="Ada"))) == []
    assert list(store.find("entity", Filter(episode=episode.uuid))) == [ada]


def test_facts_are_found_by_their_parts_and_times(store: Store, make: Maker) -> None:
    ada, ben, eve = make.entity("Ada"), make.entity("Ben"), make.entity("Eve")
    one, two, three = (
        make.episode(text, reference_time=day(number)).model_copy(update={"created_at": day(number)})
        for text, number in (("one", 1), ("two", 5), ("three", 8))
    )
    put = [
        make.fact(ada, "know", ben, one, valid_at=day(1), invalid_at=day(3), created_at=day(1)),
        make.fact(ben, "like", ada, two, valid_at=day(2), created_at=day(5)),
        make.fact(eve, "know", ada, two, created_at=day(5)),
        make.fact(ben, "know", eve, created_at=day(5)),
        make.fact(ada, "know", ben, three, valid_at=day(2), corrects=True, created_at=day(8)),
    ]
    store.apply(make.change(ada, ben, eve, one, two, three, *put))
    expected = {
        Filter(): [0, 1, 2, 3, 4],
        Filter(subject=ben.uuid): [1, 3],
        Filter(object=ada.uuid): [1, 2],
        Filter(touching=ada.uuid): [0, 1, 2, 4],
        Filter(predicate="know"): [0, 2, 3, 4],
        Filter(predicate="know", subject=ada.uuid, object=ben.uuid): [0, 4],
        Filter(episode=two.uuid): [1, 2],
        Filter(as_of=day(1)): [0, 2, 3],
        Filter(as_of=day(2)): [0, 1, 2, 3, 4],
        Filter(as_of=day(3)): [1, 2, 3, 4],
        Filter(known_at=day(1)): [0],
        Filter(known_at=day(5)): [0, 1, 2, 3],
        Filter(known_at=day(8)): [1, 2, 3, 4],
        Filter(speaker="nobody"): [0, 1, 2, 3, 4],
    }
    for where, places in expected.items():
        assert {fact.uuid for fact in store.find("fact", where)} == {put[place].uuid for place in places}, where


def test_events_are_found_by_participant_place_and_overlap_of_time(store: Store, make: Maker) -> None:
    ada, ben = make.entity("Ada"), make.entity("Ben")
    one = make.episode("one")
    put = [
        make.event("swim", ada, place="Rome", valid_at=day(1), invalid_at=day(2)),
        make.event("walk", ada, ben, valid_at=day(3), invalid_at=day(5), episodes=[one]),
        make.event("sing", ben, valid_at=day(4)),
        make.event("blink", valid_at=day(2), invalid_at=day(2)),
        make.event("end", invalid_at=day(2)),
        make.event("dream", ben),
    ]
    store.apply(make.change(ada, ben, one, *put))
    expected = {
        Filter(): [0, 1, 2, 3, 4, 5],
        Filter(participant=ada.uuid): [0, 1],
        Filter(place="Rome"): [0],
        Filter(episode=one.uuid): [1],
        Filter(start=day(1), end=day(2)): [0, 4],
        Filter(start=day(2), end=day(3)): [3],
        Filter(start=day(4)): [1, 2],
        Filter(end=day(4)): [0, 1, 3, 4],
        Filter(participant=ben.uuid, start=day(5)): [2],
    }
    for where, places in expected.items():
        assert {event.uuid for event in store.find("event", where)} == {put[place].uuid for place in places}, where


def test_get_keeps_the_order_asked_and_leaves_out_what_is_missing(store: Store, make: Maker) -> None:
    ada, ben = make.entity("Ada"), make.entity("Ben")
    store.apply(make.change(ada, ben))
    assert store.get("entity", [ben.uuid, "nobody", ada.uuid]) == [ben, ada]
    assert store.get("episode", [ben.uuid]) == []
    assert store.get("entity", []) == []


def test_an_unknown_kind_is_refused(store: Store) -> None:
    with pytest.raises(InvalidInput, match="no kind of record"):
        list(store.find("planet"))


def test_an_endless_limit_streams_all(store: Store, make: Maker) -> None:
    store.apply(make.change(*(make.episode(str(number), reference_time=LEARNED) for number in range(30))))
    assert len(list(store.find("episode", limit=1000))) == 30
