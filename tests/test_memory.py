"""The front door, on every store."""

import multiprocessing
import re
import signal
import subprocess
import sys
from datetime import datetime, timedelta, timezone

import pytest

import graphmem
from graphmem import Episode, InvalidInput, Memory, ModelMismatch, NotFound
from graphmem.embed import open_embedder
from graphmem.extract import open_extractor

NOTES = [
    {"text": "Ada Lovelace moved to London in 1835.", "reference_time": "1840-01-01", "source": "note 1"},
    {"text": "Charles Babbage designed the Analytical Engine.", "reference_time": "1841-01-01", "source": "note 2"},
    {"text": "Ben plays the cello in Oslo.", "reference_time": "2023-05-08", "speaker": "Cy", "session": "chat"},
    {"text": "He practises every day.", "reference_time": "2023-05-08", "speaker": "Cy", "session": "chat"},
]


@pytest.fixture(scope="module")
def models():
    """The real models, loaded once."""
    return {"model": open_embedder(), "extractor": open_extractor()}


@pytest.fixture
def memory(address, group, models):
    with Memory(address, group_id=group, **models) as memory:
        yield memory


@pytest.fixture
def shared(shared_address, group, models):
    """A memory that others can open, and a way to do so."""

    def another(group_id=group):
        return Memory(shared_address, group_id=group_id, **models)

    with another() as memory:
        yield memory, another


def test_what_is_added_is_found_with_its_source_and_time(memory):
    added = memory.add_many(NOTES)
    assert added.new["episode"] == 4
    assert not added.failed
    best = memory.search("Who went to live in London?")[0]
    assert best.text == NOTES[0]["text"]
    assert (best.source, best.reference_time) == ("note 1", datetime(1840, 1, 1, tzinfo=timezone.utc))
    assert best.episodes == (added.uuids[0],)


def test_a_question_that_asks_when_gets_the_time_of_what_happened(memory):
    chat = {"session": "chat", "reference_time": "2023-05-08"}
    memory.add("Hi Ann! I broke my ankle last Friday, so no football today.", speaker="Ravi", **chat)
    memory.add("Oh no, Ravi! Get well soon.", speaker="Ann", **chat)
    hit = memory.search("When did Ravi break his ankle?")[0]
    friday = datetime(2023, 5, 5, tzinfo=timezone.utc)
    assert (hit.valid_at, hit.invalid_at) == (friday, friday + timedelta(days=1))


def test_odd_questions_have_an_answer(memory):
    memory.add_many(NOTES)
    for question in (
        "x",
        "the",
        "🎉",
        "Ada\ud800",
        "(.*)+\\1 [a-",
        "Wo wohnt Ada?",
        "阿达住在哪里？",
        "Nobody Known",
        "word " * 10_000,
    ):
        for now in (None, "0001-01-01", "9999-12-31T23:59"):
            assert len(memory.search(question, top_k=3, reference_time=now)) == 3


def test_adding_the_same_again_changes_nothing(memory):
    first = memory.add_many(NOTES)
    before = memory.stats()
    again = memory.add_many(NOTES)
    assert again.skipped == 4
    assert again.new == {}
    assert again.uuids == first.uuids
    assert memory.stats() == before
    undated = memory.add("Water is wet."), memory.add("Water is wet.")
    assert undated[0].uuids == undated[1].uuids
    assert undated[1].skipped == 1


def test_a_second_memory_sees_what_the_first_one_writes(shared):
    memory, another = shared
    with another() as other:
        memory.add_many(NOTES[:2])
        assert other.search("Babbage")[0].text == NOTES[1]["text"]
        other.add_many(NOTES)
        assert memory.search("cello")[0].text == NOTES[2]["text"]


def test_tenants_never_see_each_other(shared):
    memory, another = shared
    memory.add_many(NOTES)
    with another("another'; MATCH (n) DETACH DELETE n //") as other:
        assert len(other.search("London")) == 0
        assert other.stats().counts["episode"] == 0
        assert list(other.entities()) == []
    assert memory.stats().counts["episode"] == 4


def test_facts_events_and_entities_come_out_of_plain_english(memory):
    memory.add_many(NOTES)
    assert memory.entity("ada lovelace").type == "PERSON"
    [moved] = memory.events(participant="Ada Lovelace")
    assert (moved.valid_at.year, moved.granularity) == (1835, "year")
    assert any(fact.object == "Analytical Engine" for fact in memory.facts(subject="Charles Babbage"))
    with pytest.raises(NotFound, match="Zenobia"):
        memory.entity("Zenobia")


def test_the_speaker_is_the_subject_of_the_first_person(memory):
    memory.add("I work for the Sandhaven Trust.", speaker="Ravi", reference_time="2023-05-08")
    [fact] = memory.facts(subject="Ravi")
    assert fact.object == "Sandhaven Trust"


def test_a_session_keeps_its_order_over_several_adds(memory):
    for number in range(4):
        memory.add(f"Turn number {number} of the talk.", session="talk", speaker="Ada", reference_time="2023-05-08")
    turns = memory.episodes(session="talk")
    assert [turn.position for turn in turns] == [0, 1, 2, 3]
    assert [turn.previous for turn in turns] == [None, *(turn.uuid for turn in turns[:-1])]


def test_you_is_the_person_who_spoke_before_whatever_the_batches(memory):
    turns = [("Ana", "Good morning."), ("Rui", "You live in Porto."), ("Rui", "And you work for Gannet Press.")]
    notes = [{"text": text, "speaker": who, "session": "talk", "reference_time": "2023-05-08"} for who, text in turns]
    memory.add_many(notes, batch_size=1)
    assert {fact.object for fact in memory.facts(subject="Ana")} == {"Porto", "Gannet Press"}


def test_a_long_text_becomes_a_session_of_episodes(memory):
    text = "\n\n".join(" ".join(f"Person{p} met Person{p + 1} in Town{s}." for s in range(40)) for p in range(5))
    added = memory.add(text, source="book", reference_time="2023-01-01")
    assert len(added.uuids) >= 5
    assert "".join("".join(episode.text.split()) for episode in memory.episodes(session="book")) == "".join(
        text.split()
    )


def test_an_episode_can_be_added_to_another_memory(memory):
    with Memory(":memory:", group_id="elsewhere") as other:
        other.add_many(NOTES)
        copied = memory.add_many(other.episodes())
    assert copied.new["episode"] == 4
    assert {episode.group_id for episode in memory.episodes()} == {memory.group_id}


def test_one_bad_item_is_reported_and_the_others_are_kept(memory):
    added = memory.add_many(
        [
            NOTES[0],
            "",
            {"text": "x", "colour": "red"},
            3,
            {"text": "y", "reference_time": "soon"},
            {"text": "z", "metadata": {"weight": float("inf")}},
            NOTES[1],
        ]
    )
    assert added.new["episode"] == 2
    assert [failure.item for failure in added.failed] == [
        "",
        {"text": "x", "colour": "red"},
        3,
        {"text": "y", "reference_time": "soon"},
        {"text": "z", "metadata": {"weight": float("inf")}},
    ]


@pytest.mark.parametrize("text", ["", "  ", "a\0b", "\udc80", None])
def test_a_bad_text_raises_and_stores_nothing(memory, text):
    before = memory.stats()
    with pytest.raises(InvalidInput):
        memory.add(text)
    assert memory.stats() == before


@pytest.mark.parametrize(
    "text", ["🎉🎉", "שלום עולם، كيف الحال؟", "`; DROP TABLE records; --", "word" * 20_000, "\u202eabc\u202c", "a"]
)
def test_odd_texts_are_kept_as_they_are(memory, text):
    [uuid] = memory.add(text).uuids[:1]
    assert memory.episode(uuid).text in text
    assert len(memory.search(text[:100])) >= 1


def test_triplets_are_facts_with_values_and_times(memory):
    added = memory.add_triplets(
        [
            {
                "subject": "Ada",
                "predicate": "live in",
                "object": "London",
                "valid_at": "1835-01-01",
                "invalid_at": "1840-01-01",
            },
            ("Ada", "be born in", 1815),
        ]
    )
    assert added.new["fact"] == 2
    assert [fact.fact for fact in memory.facts(subject="Ada")] == ["Ada is born in 1815"]
    assert [fact.fact for fact in memory.facts(subject="Ada", as_of="1836-01-01", predicate="live in")] == [
        "Ada lives in London"
    ]
    assert len(memory.facts(subject="Ada", include_invalid=True)) == 2
    assert memory.stats().counts["value"] == 1


def test_a_deleted_episode_leaves_no_trace(memory):
    kept = memory.add("Ben plays the cello.").uuids
    empty = memory.stats().counts
    [gone] = memory.add("Ada Lovelace moved to London in 1835.").uuids
    memory.delete_episode(gone)
    assert memory.stats().counts == empty
    assert [hit.uuid for hit in memory.search("Where did Ada Lovelace move?")] == list(kept)
    with pytest.raises(NotFound, match=gone):
        memory.delete_episode(gone)


def test_filters_are_applied_before_the_cut(memory):
    memory.add_many([f"The cello stands in room {number}." for number in range(30)])
    memory.add("A spoon.", speaker="Cy")
    assert [hit.text for hit in memory.search("Where is the cello?", top_k=1, filters={"speaker": "Cy"})] == [
        "A spoon."
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"filters": {"colour": "red"}}, "no filter 'colour': use session, speaker, source, metadata, start, end"),
        ({"filters": {"start": "soon"}}, "'soon'"),
        ({"filters": {"session": 7}}, "session"),
        ({"filters": ["session"]}, "give a mapping"),
        ({"filters": {"metadata": {"tags": {"x"}}}}, "the metadata {'tags': {'x'}} cannot be written as JSON"),
        ({"kinds": ["colour"]}, "'episode'"),
        ({"kinds": "episode"}, "'episode'"),
        ({"kinds": 7}, "'episode'"),
        ({"kinds": []}, "'episode'"),
        ({"kinds": ["value"]}, "kinds=['value']: give a list of 'episode', 'entity', 'fact', 'event'"),
        ({"filters": ""}, "filters='': give a mapping"),
        ({"top_k": 0}, "top_k=0: give a whole number, 1 or more"),
        ({"top_k": "3"}, "top_k='3'"),
        ({"top_k": 2.5}, "top_k=2.5"),
        ({"top_k": True}, "top_k=True"),
        ({"min_score": 2}, "min_score=2: give a number from 0 to 1"),
        ({"min_score": "much"}, "min_score='much'"),
        ({"min_score": float("nan")}, "min_score=nan"),
        ({"as_of": "soon"}, "'soon'"),
        ({"query": " "}, "question is empty"),
        ({"query": None}, "the question is None: ask with a text"),
    ],
)
def test_a_search_that_cannot_be_done_says_so(memory, options, said):
    with pytest.raises(InvalidInput, match=re.escape(said)):
        memory.search(**{"query": "Ada", **options})


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"max_tokens": -1}, "max_tokens=-1: give a whole number, 0 or more"),
        ({"max_tokens": "100"}, "max_tokens='100'"),
        ({"count_tokens": 3}, "count_tokens=3: give a function"),
        ({"filters": {"colour": "red"}}, "no filter 'colour'"),
        ({"query": ""}, "question is empty"),
        ({"query": 3}, "the question is 3"),
    ],
)
def test_a_recall_that_cannot_be_done_says_so(memory, options, said):
    with pytest.raises(InvalidInput, match=re.escape(said)):
        memory.recall(**{"query": "Ada", **options})


def test_whoever_asks_for_more_than_there_is_gets_all(memory):
    memory.add_many(NOTES)
    assert len(memory.search("London", top_k=10**400)) == 4
    assert memory.recall("London", max_tokens=10**400) == memory.recall("London", max_tokens=10_000)


def test_a_name_that_nobody_has_brings_up_those_that_are_near(memory):
    memory.add("Elon Musk met Ada Lovelace. Ada Berg sold the boat.")
    for name, near in (
        ("Musk", "did you mean 'Elon Musk'"),
        ("Dr. Elon Musk", "did you mean 'Elon Musk'"),
        ("the ADA", "did you mean 'Ada (Berg|Lovelace)' or 'Ada (Berg|Lovelace)'"),
        ("Elon Berg", "look for it with memory.search"),
    ):
        with pytest.raises(NotFound, match=f"no entity is named '{name}': {near}"):
            memory.entity(name)


def test_an_empty_memory_answers_nothing(memory):
    assert list(memory.search("Who?", top_k=1000, kinds=("episode", "fact", "event", "entity"), min_score=0.5)) == []
    context = memory.recall("Who?")
    assert (context.text, context.tokens, list(context.hits), context.citations) == ("", 0, [], {})


@pytest.mark.parametrize("last", ["9999-12-31T23:59:59.999999", "0001-01-01"])
def test_what_was_said_at_an_end_of_time_is_found(memory, last):
    memory.add("Ada plays the cello.", reference_time=last)
    [hit] = memory.search("When did Ada play the cello in May?", as_of=last)
    assert hit.reference_time.year == int(last[:4])


def test_what_was_never_said_is_left_out_by_min_score(memory):
    memory.add_many(NOTES)
    assert memory.search("Who plays the cello in Oslo?", min_score=0.1)[0].text == NOTES[2]["text"]
    assert list(memory.search("Which football club won the cup?", min_score=0.1)) == []
    assert len(memory.search("Which football club won the cup?", top_k=1000)) == 4


def test_a_reranker_judges_the_best_once_more(group, models):
    class Shortest:
        def score(self, question, texts):
            return [-len(text) for text in texts]

    with Memory(":memory:", group_id=group, reranker=Shortest(), **models) as memory:
        memory.add_many(NOTES)
        hits = memory.search("Who plays the cello?")
        assert max(hits, key=lambda hit: hit.scores["rerank"]).text == "He practises every day."
        assert memory.recall("Who plays the cello?").text
    with pytest.raises(InvalidInput, match="give an object with score"):
        Memory(":memory:", reranker=7, **models)


def test_every_kind_can_be_found(memory):
    memory.add_many(NOTES)
    for kind in ("episode", "entity", "fact", "event"):
        hits = memory.search("Where did Ada Lovelace move?", kinds=[kind])
        assert {hit.kind for hit in hits} == {kind}


def test_the_explanation_adds_up_to_the_score(memory):
    memory.add_many(NOTES)
    for hit in memory.search("When did Ada move to London?", explain=True):
        assert sum(hit.scores.values()) == pytest.approx(hit.score, abs=1e-5)
        assert hit.path[-1].uuid == hit.uuid
        assert hit.why()


def test_recall_stays_within_its_budget_and_cites(memory):
    memory.add_many(NOTES)
    context = memory.recall("Who plays the cello?", max_tokens=40)
    assert 0 < context.tokens <= 40
    assert "cello" in context.text
    assert set(context.citations.values()) <= {episode.uuid for episode in memory.episodes()}
    words = memory.recall("Who plays the cello?", max_tokens=12, count_tokens=lambda text: len(text.split()))
    assert words.text == "8 May 2023:\n[1] Cy: Ben plays the cello in Oslo."
    assert words.tokens == 11
    assert memory.recall("Who plays the cello?", max_tokens=0).text == ""
    assert memory.recall("Who plays the cello?", max_tokens=3).text == ""


def test_the_clock_decides_when_something_is_learned():
    learned = datetime(2023, 5, 8, tzinfo=timezone.utc)
    with Memory(":memory:", clock=lambda: learned) as memory:
        memory.add_triplets([("Ada", "know", "Ben")])
        assert len(memory.facts(known_at=learned)) == 1
        assert len(memory.facts(known_at=learned - timedelta(seconds=1))) == 0


def test_other_libraries_get_the_graph(memory):
    memory.add_triplets([("Ada", "know", "Ben"), ("Ben", "know", "Cy")])
    graph = memory.to_networkx()
    assert sorted(name for _, name in graph.nodes(data="name")) == ["Ada", "Ben", "Cy"]
    assert memory.to_igraph().ecount() == graph.number_of_edges() == 2


def _add(address, group, notes):
    with Memory(address, group_id=group) as memory:
        memory.add_many(notes, batch_size=1)


def test_two_processes_adding_the_same_make_nothing_twice(shared, shared_address, group, models):
    memory, _ = shared
    notes = [{**note, "session": None, "source": str(turn)} for turn in range(3) for note in NOTES]
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=_add, args=(shared_address, group, notes[::step])) for step in (1, -1)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert memory.stats().counts["episode"] == len(notes)
    with Memory(":memory:", group_id=group, **models) as alone:
        alone.add_many(notes)
        assert alone.stats().counts == memory.stats().counts
        assert {entity.uuid for entity in alone.entities()} == {entity.uuid for entity in memory.entities()}
    assert memory.doctor() == []


KILLED = """
import sys
from graphmem import Memory
with Memory(sys.argv[1], group_id=sys.argv[2]) as memory:
    texts = [f"Person{number} moved to Town{number} in 1835." for number in range(400)]
    memory.add_many(texts, batch_size=4, progress=lambda episodes, characters: print(episodes, flush=True))
"""


def test_a_killed_add_keeps_what_it_reported_and_running_it_again_finishes(shared, shared_address, group):
    memory, _ = shared
    command = [sys.executable, "-c", KILLED, shared_address, group]
    adding = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    for line in adding.stdout:
        if int(line) >= 40:
            break
    adding.send_signal(signal.SIGKILL)
    reported = max(map(int, [line, *adding.stdout.read().split()]))
    adding.wait()
    adding.stdout.close()
    kept = memory.episodes()
    assert reported <= len(kept) < 400
    assert len(kept) % 4 == 0
    assert memory.doctor() == []
    texts = [f"Person{number} moved to Town{number} in 1835." for number in range(60)]
    assert memory.add_many(texts).new.get("episode", 0) == max(0, 60 - len(kept))


class Vowels:
    """Another embedding model: alike texts share vowels."""

    name = "vowels"

    def encode(self, texts):
        return [[1.0 + text.count(vowel) for vowel in "aeiou"] for text in texts]


def test_another_model_is_refused_and_a_copy_takes_it(shared_address, group, tmp_path):
    with Memory(shared_address, group_id=group) as memory:
        memory.add_many(NOTES)
        before = memory.stats().counts
    with Memory(shared_address, group_id=group, model=Vowels()) as memory:
        with pytest.raises(ModelMismatch, match=r"all-MiniLM-L6-v2.*graphmem copy"):
            memory.add("Something else.")
        with pytest.raises(ModelMismatch, match=r"all-MiniLM-L6-v2.*graphmem copy"):
            memory.search("cello")
        memory.copy_to(tmp_path / "copy.db", model=Vowels())
    with Memory(tmp_path / "copy.db", group_id=group, model=Vowels()) as copied:
        assert copied.stats().counts == before
        assert copied.search("cello")[0].text == NOTES[2]["text"]
        assert copied.doctor() == []


def test_an_open_memory_closes_once_or_twice():
    memory = Memory(":memory:")
    memory.close()
    memory.close()


def test_the_front_door_exposes_what_it_lists():
    assert sorted(graphmem.__all__) == graphmem.__all__
    assert {name for name in vars(graphmem) if name[0].isupper()} == set(graphmem.__all__)
    assert graphmem.Episode is Episode
