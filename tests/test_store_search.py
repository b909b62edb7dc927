"""The look-ups that a database does itself: nearest vectors, matching words, what is connected."""

from __future__ import annotations

import numpy as np
import pytest
from small_graph import EAST, NORTH, UP, Maker, everything, rows

from graphmem.errors import ModelMismatch
from graphmem.store.contract import Filter, Store


@pytest.fixture
def make(store: Store) -> Maker:
    return Maker(store.group_id)


both_ways = pytest.mark.usefixtures("way")


@pytest.fixture(params=[0, 5000], ids=["index", "scan"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for what is nearest by Neo4j's vector index, and by comparing each record."""
    monkeypatch.setattr("graphmem.store.neo4j.store.SCANNED", request.param)


@both_ways
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


@both_ways
def test_a_filter_comes_before_the_cut(store: Store, make: Maker) -> None:
    near = [make.episode(f"near the river {number}", speaker="Ada", metadata={"n": number}) for number in range(60)]
    far = make.episode("far from the river", speaker="Ben", metadata={"n": -1})
    vectors = {episode.uuid: rows(EAST) for episode in near} | {far.uuid: rows(NORTH)}
    store.apply(make.change(*near, far, vectors=vectors))
    for where in (Filter(speaker="Ben"), Filter(metadata={"n": -1})):
        assert [uuid for uuid, _ in store.nearest("episode", EAST, top_k=2, where=where)] == [far.uuid]
        assert [uuid for uuid, _ in store.matching("episode", "near river", top_k=2, where=where)] == [far.uuid]


@both_ways
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


def near(store: Store, *uuids: str, each: int = 9, common: int = 9) -> set[str]:
    return {uuid for uuid, _ in store.neighbourhood(uuids, EAST, each=each, common=common)}


def test_one_step_from_an_episode_is_what_stands_beside_it_and_what_names_the_same(store: Store, make: Maker) -> None:
    ada, ben = make.entity("Ada"), make.entity("Ben")
    talk = [make.episode("one", ben)]
    for place in range(1, 5):
        talk.append(make.episode(f"turn {place}", position=place, previous=talk[-1].uuid))
    alike, other = make.episode("alike", ben), make.episode("other", ada)
    vectors = {episode.uuid: rows(EAST) for episode in (*talk, alike, other)}
    store.apply(make.change(ada, ben, *talk, alike, other, vectors=vectors))
    assert near(store, talk[0].uuid) - {talk[0].uuid} == {talk[1].uuid, talk[2].uuid, alike.uuid}
    assert near(store, talk[0].uuid, common=1) == {talk[1].uuid, talk[2].uuid}
    assert near(store, talk[3].uuid) == {talk[1].uuid, talk[2].uuid, talk[4].uuid}
    assert near(store, other.uuid) <= {other.uuid}
    assert near(store, "nobody") == near(store) == set()


def test_from_a_name_the_nearest_episodes_that_name_it_or_what_is_merged_with_it_are_one_step_away(
    store: Store, make: Maker
) -> None:
    works = [make.entity(name, type="ORG") for name in ("Engine Works", "Engine Works Ltd.")]
    one, two = (make.episode(f"{name.name} is here.", name) for name in works)
    store.apply(make.change(*works, one, two, vectors={one.uuid: rows(NORTH), two.uuid: rows(EAST)}))
    assert store.merges() == 1
    for name in works:
        assert near(store, name.uuid) == {one.uuid, two.uuid}
        assert near(store, name.uuid, each=1) == {two.uuid}


def test_from_a_fact_or_an_event_those_that_say_so_are_one_step_away(store: Store, make: Maker) -> None:
    ada, ben = make.entity("Ada"), make.entity("Ben")
    one, two, three = (make.episode(text) for text in ("one", "two", "three"))
    knows, met = make.fact(ada, "know", ben, one, two), make.event("meet", ada, episodes=[three])
    store.apply(make.change(ada, ben, one, two, three, knows, met))
    assert near(store, knows.uuid) == {one.uuid, two.uuid}
    assert near(store, met.uuid) == {three.uuid}


def test_episodes_come_with_all_that_they_tell(store: Store, make: Maker) -> None:
    ada, ben, eve = (make.entity(name) for name in ("Ada", "Ben", "Eve"))
    works = [make.entity(name, type="ORG") for name in ("Engine Works", "Engine Works Ltd.")]
    one, two = make.episode("one", ada, works[0]), make.episode("two", eve)
    both = make.episode("Engine Works is Engine Works Ltd.", *works)
    knows, sees, met = (
        make.fact(ada, "know", ben, one),
        make.fact(ben, "see", eve, two),
        make.event("meet", episodes=[one]),
    )
    put = (ada, ben, eve, *works, one, two, both, knows, sees, met)
    store.apply(make.change(*put, vectors={one.uuid: rows(EAST), knows.uuid: rows(NORTH)}))
    told = {change.uuid: change for change in store.told([one.uuid])}
    assert told.keys() == {one.uuid, ada.uuid, knows.uuid, met.uuid, *(work.uuid for work in works)}
    assert all(change.record == everything(store)[uuid] for uuid, change in told.items())
    assert {uuid for uuid, change in told.items() if change.vectors is not None} == {one.uuid, knows.uuid}
    assert list(store.told([])) == list(store.told([ada.uuid])) == []
