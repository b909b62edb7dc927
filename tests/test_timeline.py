"""What is told of an entity, in order of time, on every store."""

import pytest
from small_graph import Maker, day

from graphmem import InvalidInput, Memory, NotFound
from graphmem.embed import open_embedder
from graphmem.extract import open_extractor


@pytest.fixture(scope="module")
def models():
    return {"model": open_embedder(), "extractor": open_extractor()}


@pytest.fixture
def memory(address, group, models):
    """A memory that is told of Ada Lovelace's year."""
    with Memory(address, group_id=group, **models) as memory:
        make = Maker(group)
        ada, ben, oslo = make.entity("Ada Lovelace"), make.entity("Ben Holt"), make.entity("Oslo")
        note = make.episode("A year.", ada, ben, oslo)
        spoken = {"episodes": [note]}
        memory._store.apply(
            make.change(
                *(ada, ben, oslo, note),
                make.fact(ada, "live in", oslo, note, valid_at=day(61), granularity="day"),
                make.fact(ada, "rent", oslo, note, valid_at=day(20), invalid_at=day(40)),
                make.fact(ben, "know", ada, note, invalid_at=day(50)),
                make.fact(ada, "like", oslo, note, tense="past"),
                make.fact(ada, "hate", oslo, note, negated=True),
                make.fact(ada, "buy", oslo, note, modality="possible"),
                make.event("meet Ben", ada, ben, **spoken, valid_at=day(30), invalid_at=day(31), granularity="day"),
                make.event("sail off", ada, **spoken, valid_at=day(90), modality="intended", status="planned"),
                make.event("sing", ada, **spoken),
                make.event("dance", ada, **spoken, negated=True, valid_at=day(30)),
                make.event("sleep", ben, **spoken, valid_at=day(30)),
            )
        )
        yield memory


def texts(timeline):
    return [entry.text for entry in timeline]


def test_facts_and_events_stand_in_order_of_time_undated_last(memory):
    timeline = memory.timeline("ada lovelace")
    assert texts(timeline)[:5] == [
        "Ada Lovelace rent Oslo",
        "meet Ben",
        "Ben Holt know Ada Lovelace",
        "Ada Lovelace live in Oslo",
        "sail off",
    ]
    assert sorted(texts(timeline)[5:]) == ["Ada Lovelace like Oslo", "sing"]
    lives = timeline[3]
    assert (lives.kind, lives.valid_at, lives.invalid_at, lives.granularity) == ("fact", day(61), None, "day")
    assert lives.created_at == memory.history(lives.uuid)[0].fact.created_at
    assert str(timeline).splitlines()[1:5] == [
        "30 January 2023                        meet Ben",
        "until 19 February 2023                 Ben Holt know Ada Lovelace",
        "since 2 March 2023                     Ada Lovelace live in Oslo",
        "since 31 March 2023                    sail off (planned)",
    ]


def test_a_span_keeps_what_reaches_into_it(memory):
    assert texts(memory.timeline("Ada Lovelace", start=day(35), end=day(60))) == [
        "Ada Lovelace rent Oslo",
        "Ben Holt know Ada Lovelace",
    ]
    assert texts(memory.timeline("Ada Lovelace", start=day(200))) == ["Ada Lovelace live in Oslo", "sail off"]
    assert texts(memory.timeline("Ada Lovelace", end=day(20))) == ["Ben Holt know Ada Lovelace"]
    assert not memory.timeline("Oslo", end=day(1))


def test_what_was_merged_into_an_entity_is_on_its_timeline(address, group, models):
    with Memory(address, group_id=group, **models) as memory:
        memory.add("Ravi Menon moved to Pune in 2019.", session="chat", reference_time="2020-01-01")
        memory.add("Ravi bought a boat in 2020.", session="chat", reference_time="2021-01-01")
        found = texts(memory.timeline("Ravi"))
        assert any("moved to Pune" in text for text in found)
        assert any("bought a boat" in text for text in found)
        assert found == texts(memory.timeline(memory.entity("Ravi Menon").uuid))


def test_only_what_is_believed_now_is_on_a_timeline(address, group, models):
    with Memory(address, group_id=group, **models) as memory:
        memory.add_triplets([("Tom Reed", "work for", "Acme Corp")], reference_time="2020-01-01")
        memory.add_triplets(
            [{"subject": "Tom Reed", "predicate": "leave", "object": "Acme Corp", "valid_at": "2022-05-03"}],
            reference_time="2022-05-04",
        )
        works = [entry for entry in memory.timeline("Tom Reed") if "works for" in entry.text]
        assert [str(entry.invalid_at.date()) for entry in works] == ["2022-05-03"]
        assert [entry.uuid for entry in works] == [
            fact.uuid for fact in memory.facts(predicate="work for", as_of="2021-01-01")
        ]


def test_what_cannot_be_drawn_is_said(memory):
    with pytest.raises(NotFound, match="no entity is named 'Nobody'"):
        memory.timeline("Nobody")
    with pytest.raises(InvalidInput, match="ends before it starts"):
        memory.timeline("Ada Lovelace", start="2023-02-01", end="2023-01-01")
    with pytest.raises(InvalidInput, match="'soon' is no time"):
        memory.timeline("Ada Lovelace", start="soon")
