"""The look-ups that a database does itself: nearest vectors, matching words, what is connected."""

from __future__ import annotations

import numpy as np
import pytest
from small_graph import EAST, NORTH, UP, Maker, day, rows

from graphmem.errors import ModelMismatch
from graphmem.store.contract import Edge, Filter, Store


@pytest.fixture
def make(store: Store) -> Maker:
    return Maker(store.group_id)


def test_nearest_gives_the_largest_cosines_best_first(store: Store, make: Maker) -> None:
    one, two, three = (make.episode(text) for text in ("one", "two", "three"))
    between = (EAST + NORTH) / np.sqrt(2)
    vectors = {one.uuid: rows(EAST, UP), two.uuid: rows(between, EAST), three.uuid: rows(UP)}
    store.apply(make.change(one, two, three, make.episode("no vector"), vectors=vectors))
    found = store.nearest("episode", 3 * EAST, top_k=2)
    assert [uuid for uuid, _ in found] == [one.uuid, two.uuid]
    assert [score for _, score in found] == pytest.approx([1, 0.7071], abs=1e-3)
    assert len(store.nearest("episode", EAST, top_k=99)) == 3
    assert store.nearest("value", EAST, top_k=3) == []


def test_nearest_finds_facts_entities_and_events_too(store: Store, make: Maker) -> None:
    ada, ben = make.entity("Ada"), make.entity("Ben")
    knows, likes, walk = make.fact(ada, "know", ben), make.fact(ada, "like", ben), make.event("walk", ada)
    store.apply(make.change(ada, ben, knows, likes, walk, vectors={r.uuid: rows(EAST) for r in (ada, likes, walk)}))
    for record in (ada, likes, walk):
        assert [uuid for uuid, _ in store.nearest(record.kind, EAST, top_k=1)] == [record.uuid]


def test_a_filter_comes_before_the_cut(store: Store, make: Maker) -> None:
    near = [make.episode(f"near the river {number}", speaker="Ada", metadata={"n": number}) for number in range(60)]
    far = make.episode("far from the river", speaker="Ben", metadata={"n": -1})
    vectors = {episode.uuid: rows(EAST) for episode in near} | {far.uuid: rows(NORTH)}
    store.apply(make.change(*near, far, vectors=vectors))
    for where in (Filter(speaker="Ben"), Filter(metadata={"n": -1})):
        assert [uuid for uuid, _ in store.nearest("episode", EAST, top_k=2, where=where)] == [far.uuid]
        assert [uuid for uuid, _ in store.matching("episode", "near river", top_k=2, where=where)] == [far.uuid]


def test_a_small_tenant_is_not_starved_by_a_large_one(store: Store, make: Maker, address: str, opened: object) -> None:
    if address == ":memory:":
        pytest.skip("a memory has one tenant")
    large = opened(address, f"{store.group_id} large")
    large.bind("compass", 4)
    other = Maker(large.group_id)
    crowd = [other.episode(f"river {number}") for number in range(300)]
    large.apply(other.change(*crowd, vectors={episode.uuid: rows(EAST) for episode in crowd}))
    mine = [make.episode(f"my river {number} is far and wide") for number in range(3)]
    store.apply(make.change(*mine, vectors={episode.uuid: rows(NORTH) for episode in mine}))
    wanted = {episode.uuid for episode in mine}
    assert {uuid for uuid, _ in store.nearest("episode", EAST, top_k=3)} == wanted
    assert {uuid for uuid, _ in store.matching("episode", "river", top_k=3)} == wanted


def test_a_vector_of_another_dimension_is_refused(store: Store, make: Maker) -> None:
    ada = make.entity("Ada")
    store.apply(make.change(ada, vectors={ada.uuid: rows(EAST)}))
    with pytest.raises(ModelMismatch, match="dimension 3"):
        store.nearest("entity", EAST[:3], top_k=1)


def test_matching_finds_word_forms_and_ranks_by_how_much_matches(store: Store, make: Maker) -> None:
    one, both = make.episode("She yodelled home."), make.episode("A long yodel along the fjord.")
    value = make.value("yodelling", make.entity("A"))
    store.apply(make.change(one, both, make.episode("Nothing of the kind."), value))
    assert [uuid for uuid, _ in store.matching("episode", "yodels fjords", top_k=5)] == [both.uuid, one.uuid]
    assert [uuid for uuid, _ in store.matching("episode", "yodels fjords", top_k=1)] == [both.uuid]
    assert store.matching("value", "yodel", top_k=5)[0].score > 0


def test_matching_looks_at_titles_names_and_facts(store: Store, make: Maker) -> None:
    ada, ben = make.entity("Ada", "Countess of Lovelace"), make.entity("Ben")
    titled, knows = make.episode("Text.", metadata={"title": "Engines"}), make.fact(ada, "admire", ben)
    walk = make.event("walk to town", ada)
    store.apply(make.change(ada, ben, titled, knows, walk, make.session("diary")))
    assert [s.uuid for s in store.matching("episode", "engine", top_k=5)] == [titled.uuid]
    assert [s.uuid for s in store.matching("entity", "lovelace", top_k=5)] == [ada.uuid]
    assert [s.uuid for s in store.matching("fact", "admires", top_k=5)] == [knows.uuid]
    assert [s.uuid for s in store.matching("event", "town", top_k=5)] == [walk.uuid]
    assert [s.uuid for s in store.matching("session", "diary", top_k=5)] == [make.session("diary").uuid]


def test_matching_forgets_words_that_are_gone(store: Store, make: Maker) -> None:
    river = make.episode("river")
    store.apply(make.change(river, make.entity("Zed")))
    store.apply(make.change(make.entity("Zed", "Zebedee"), remove=[river.uuid]))
    assert store.matching("episode", "river", top_k=5) == []
    assert len(store.matching("entity", "zebedee", top_k=5)) == 1


@pytest.mark.parametrize(
    "words", ['"', "a AND (b OR", "*:*", "text:x^9", "\\", "NOT", "AND", "`;--", "/x/", "🎉", "", "{a TO b}"]
)
def test_no_sign_in_a_question_is_read_as_query_language(store: Store, make: Maker, words: str) -> None:
    store.apply(make.change(make.episode("river")))
    assert store.matching("episode", words, top_k=5) == []
    assert len(store.matching("episode", f"{words} river", top_k=5)) == 1


def test_the_neighbourhood_is_nearest_first_and_bounded(store: Store, make: Maker) -> None:
    ada, ben, eve, zoe = (make.entity(name) for name in ("Ada", "Ben", "Eve", "Zoe"))
    one = make.episode("one", ada)
    two = make.episode("two", zoe, position=1, previous=one.uuid)
    knows, likes = make.fact(ada, "know", ben, one), make.fact(ben, "like", eve, one, valid_at=day(9))
    walk = make.event("walk", ben, episodes=[two])
    store.apply(make.change(ada, ben, eve, zoe, one, two, knows, likes, walk))
    first = {Edge(ada.uuid, ben.uuid, "fact", knows.uuid), Edge(one.uuid, ada.uuid, "mention")}
    second = {
        Edge(ben.uuid, eve.uuid, "fact", likes.uuid),
        Edge(walk.uuid, ben.uuid, "participant"),
        Edge(one.uuid, two.uuid, "next"),
    }
    assert set(store.neighbourhood([ada.uuid], hops=1, limit=99)) == first
    found = store.neighbourhood([ada.uuid], hops=2, limit=99)
    assert (set(found[:2]), set(found[2:])) == (first, second)
    assert store.neighbourhood([ada.uuid], hops=2, limit=3) == found[:3]
    assert store.neighbourhood([ada.uuid], hops=2, limit=99, as_of=day(8)) == [
        edge for edge in found if edge.uuid != likes.uuid
    ]
    assert store.neighbourhood(["nobody"], hops=2, limit=9) == []
    assert store.neighbourhood([], hops=2, limit=9) == []
