from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from told import LEARNED, Told, day, encode

from graphmem.errors import InvalidInput
from graphmem.model import Entity, Episode, Mention
from graphmem.recall import Index
from graphmem.store.contract import Change, Filter


@pytest.fixture
def notes():
    told = Told()
    told.tell("Ada Lovelace lived in London.", when="1840-06-05", source="a.txt")
    told.tell("London is the capital of England.", when="1841-01-01", source="b.txt")
    told.tell("I play the cello.", when="2023-05-08", session="chat", speaker="Ben")
    told.tell("Really? Since when?", when="2023-05-08", session="chat", speaker="Cleo")
    told.tell("Since May 2019, in Oslo.", when="2023-05-08", session="chat", speaker="Ben")
    return told


def test_what_was_told_is_found(notes):
    assert notes.texts("Who plays the cello?")[0] == "I play the cello."
    assert notes.texts("Where did Ada Lovelace live?")[0] == "Ada Lovelace lived in London."


def test_all_come_back_when_more_are_asked_for_than_there_are(notes):
    assert len(notes.ask("cello", top_k=1000)) == 5
    assert len({hit.uuid for hit in notes.ask("cello", top_k=1000)}) == 5
    assert notes.ask("cello", top_k=0) == []


def test_a_tombstone_vanishes_and_can_come_back(notes):
    gone = notes.tell("Dora keeps bees.")
    assert notes.texts("Who keeps bees?")[0] == gone.text
    notes.remove(gone)
    assert gone.text not in notes.texts("Who keeps bees?", top_k=100)
    notes.put(gone)
    assert notes.texts("Who keeps bees?")[0] == gone.text
    assert len(notes.ask("bees", top_k=100)) == 6


def test_a_tombstone_for_something_unknown_is_passed_over(notes):
    before = notes.index.revision
    stranger = Episode(group_id="g", text="never told", reference_time=LEARNED, created_at=LEARNED)
    notes.index.apply([Change(before + 1, "episode", stranger.uuid, None)])
    assert notes.index.revision == before + 1
    assert len(notes.ask("never told", top_k=100)) == 5


def test_neighbours_close_ranks_when_a_turn_is_deleted(notes):
    asked = next(hit for hit in notes.ask("since when", top_k=5) if hit.speaker == "Cleo")
    notes.index.apply([Change(99, "episode", asked.uuid, None)])
    episodes = notes.index.episodes
    before, _ = episodes.neighbours()
    last = next(row for row, text in enumerate(episodes.texts) if text.startswith("Since May"))
    assert episodes.texts[before[last]] == "I play the cello."


def test_neighbours_follow_what_comes_and_goes(notes):
    episodes = notes.index.episodes

    def chain(text):
        next_row = episodes.neighbours()[1][list(episodes.texts).index(text)]
        return [text] if next_row < 0 else [text, *chain(episodes.texts[next_row])]

    turns = ["I play the cello.", "Really? Since when?", "Since May 2019, in Oslo."]
    assert chain(turns[0]) == turns
    notes.tell("Hello!", when="2023-05-09", session="talk", speaker="Ben")
    gone = notes.tell("I see.", when="2023-05-08", session="chat", speaker="Cleo")
    notes.tell("Good day.", when="2023-05-09", session="talk", speaker="Cleo")
    assert chain(turns[0]) == [*turns, gone.text]
    assert chain("Hello!") == ["Hello!", "Good day."]
    notes.remove(gone)
    assert chain(turns[0]) == turns
    assert chain(gone.text) == [gone.text]


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"session": "chat"}, 3),
        ({"speaker": "Ben"}, 2),
        ({"source": "a.txt"}, 1),
        ({"start": "1841-01-01", "end": "2000-01-01"}, 1),
        ({"end": "1841-01-01"}, 1),
        ({"session": "chat", "speaker": "Nobody"}, 0),
        ({"session": "chat", "source": "a.txt"}, 0),
    ],
)
def test_filters_are_applied_before_the_cut(notes, filters, count):
    for n in range(100):
        notes.tell(f"Cello lesson number {n} by Ada Lovelace in London.")
    assert len(notes.ask("Who plays the cello in London?", top_k=count + 2, filters=Filter(**filters))) == count


def test_an_entity_that_was_changed_later_is_in_older_texts_too(monkeypatch):
    monkeypatch.setattr("graphmem.recall.index.BATCH", 1)
    bees = Entity(group_id="g", name="bees", names=("bees", "swarm"), created_at=LEARNED)
    text, mention = "Ada keeps bees.", Mention(entity=bees.uuid, start=10, end=14)
    old = Episode(group_id="g", text=text, reference_time=LEARNED, created_at=LEARNED, mentions=(mention,))
    index = Index()
    index.apply([Change(1, "episode", old.uuid, old), Change(2, "entity", bees.uuid, bees)], look_up=lambda _: [bees])
    assert [hit.text for hit in index.search("Who keeps a swarm?", encode=encode, kinds=("entity",))] == ["bees"]


@pytest.mark.parametrize(
    "question",
    ["What does Paris Hilton sing?", "what does paris hilton sing", "Who is Ada?", "When did Ben meet Ada in Oslo?"],
)
def test_what_was_deleted_leaves_no_trace(question):
    def tell(told, which):
        kept = ("I sing in Paris with Ada.", "Ben"), ("Ben met Ada in May.", "Cy"), ("Oslo is cold.", "Ben")
        gone = ("I am Paris Hilton.", "Paris Hilton"), ("Ben, I am here.", "Ada"), ("I met Oslo.", "Ben")
        for n, (text, speaker) in enumerate(kept):
            told.tell(text, speaker=speaker, session=f"s{n}")
        return [told.tell(text, speaker=speaker, session=f"s{n}") for n, (text, speaker) in enumerate(gone) if which]

    told, never = Told(), Told()
    tell(never, which=False)
    told.remove(*tell(told, which=True), *(told.entities[uuid] for uuid in told.entities.keys() - never.entities))
    before, after = ([(hit.text, pytest.approx(hit.score)) for hit in one.ask(question)] for one in (told, never))
    assert before == after


def test_what_somebody_says_later_does_not_count_as_of_now(notes):
    notes.tell("I am here.", session="chat", speaker="Wilhelmina", when="2024-01-01")
    hits = notes.ask("What did Wilhelmina hear?", as_of=day("2023-12-31"))
    assert {hit.scores["speaker"] for hit in hits} == {0}


def test_metadata_filters(notes):
    notes.put(
        Episode(
            group_id="g", text="A tagged note.", reference_time=LEARNED, created_at=LEARNED, metadata={"tag": ["x"]}
        )
    )
    assert notes.texts("cello", filters=Filter(metadata={"tag": ["x"]})) == ["A tagged note."]
    assert notes.texts("cello", filters=Filter(metadata={"tag": ("x",)})) == ["A tagged note."]
    assert notes.texts("cello", filters=Filter(metadata={"tag": "x"})) == []


def test_as_of_hides_what_was_said_later(notes):
    assert set(notes.texts("cello", as_of=day("1840-12-31"))) == {"Ada Lovelace lived in London."}
    assert len(notes.ask("cello", as_of=day("1841-01-01"))) == 2
    assert notes.ask("cello", as_of=day("1700-01-01")) == []


def test_known_at_hides_what_was_learned_later(notes):
    assert notes.ask("cello", filters=Filter(known_at="2023-12-31")) == []
    assert len(notes.ask("cello", filters=Filter(known_at="2024-01-01"))) == 5


def test_dead_facts_stay_hidden_unless_asked_for_their_time(notes):
    source = notes.tell("Dora lived in Paris and moved to Rome.")
    notes.state("Dora", "live in", "Paris", [source], valid_at=day("2010-01-01"), invalid_at=day("2015-01-01"))
    notes.state("Dora", "live in", "Rome", [source], valid_at=day("2015-01-01"))
    notes.state("Dora", "live in", "Oslo", [source], negated=True)
    ask = {"kinds": ("fact",), "top_k": 10}
    assert notes.texts("Where does Dora live?", **ask) == ["Dora live in Rome"]
    assert notes.texts("Where does Dora live?", as_of=day("2012-01-01"), **ask) == []
    assert notes.texts("Where does Dora live?", filters=Filter(as_of="2024-01-01"), **ask) == ["Dora live in Rome"]


def test_kinds_come_alone_or_mixed_on_one_scale(notes):
    source = notes.tell("Dora won the race in 2020.")
    notes.state("Dora", "win", "race", [source])
    notes.happen("won the race", source, valid_at=day("2020-01-01"), invalid_at=day("2021-01-01"))
    assert {hit.kind for hit in notes.ask("Who won the race?", kinds=("event",))} == {"event"}
    assert notes.texts("Dora", kinds=("entity",))[0] == "Dora"
    mixed = notes.ask("Who won the race?", kinds=("episode", "fact", "event", "entity"), top_k=50)
    assert {hit.kind for hit in mixed} == {"episode", "fact", "event", "entity"}
    assert [hit.score for hit in mixed] == sorted((hit.score for hit in mixed), reverse=True)
    assert mixed[0].uuid in {source.uuid} | {hit.uuid for hit in mixed if source.uuid in hit.episodes}
    event = next(hit for hit in mixed if hit.kind == "event")
    assert event.valid_at == day("2020-01-01")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("I broke my ankle last Friday.", "2023-05-05", "2023-05-06"),
        ("Yesterday was fun! I broke my ankle in March 2021. In April I rested.", "2021-03-01", "2021-04-01"),
        ("I broke my ankle.", "2023-05-02", "2023-05-03"),  # from the event
        ("My ankle hurts, for three weeks now.", "2023-05-02", "2023-05-03"),
    ],
)
def test_a_question_that_asks_when_is_answered_by_the_time_of_a_hit(text, start, end):
    told = Told()
    source = told.tell(text, speaker="Ravi", when="2023-05-08")
    told.happen("sang", source, valid_at=day("2023-05-07"), invalid_at=day("2023-05-08"))
    told.happen("broke ankle", source, valid_at=day("2023-05-02"), invalid_at=day("2023-05-03"))
    [hit] = told.ask("When did Ravi break his ankle?")
    assert (hit.valid_at, hit.invalid_at) == (day(start), day(end))
    [hit] = told.ask("How did Ravi break his ankle?")
    assert (hit.valid_at, hit.invalid_at) == (None, None)


def test_a_hit_that_tells_no_time_has_none():
    told = Told()
    told.tell("I broke my ankle.", speaker="Ravi", when="2023-05-08")
    [hit] = told.ask("When did Ravi break his ankle?")
    assert (hit.valid_at, hit.reference_time) == (None, day("2023-05-08"))


def test_a_fact_goes_where_its_episodes_go(notes):
    source = notes.tell("Dora keeps bees.", session="farm")
    notes.state("Dora", "keep", "bees", [source])
    assert len(notes.ask("bees", kinds=("fact",), filters=Filter(session="farm"))) == 1
    assert notes.ask("bees", kinds=("fact",), filters=Filter(session="chat")) == []


def test_an_alias_finds_the_entity():
    told = Told()
    told.put(Entity(group_id="g", name="Ada Lovelace", names=("Ada Lovelace", "Countess"), created_at=LEARNED))
    told.tell("Ada Lovelace wrote notes on the engine.")
    told.tell("Somebody wrote notes on music.")
    assert told.texts("Which notes did the Countess write?")[0] == "Ada Lovelace wrote notes on the engine."


@pytest.mark.parametrize(
    ("name", "found"), [("countess", ["Ada Lovelace"]), ("ada  lovelace", ["Ada Lovelace"]), ("somebody else", [])]
)
def test_the_filter_by_name_knows_aliases(name, found):
    told = Told()
    told.put(Entity(group_id="g", name="Ada Lovelace", names=("Ada Lovelace", "Countess"), created_at=LEARNED))
    told.tell("Ada Lovelace met Ben.")
    assert told.texts("Who?", kinds=("entity",), filters=Filter(name=name)) == found


def test_an_empty_index_answers_nothing():
    index = Index()
    assert index.search("Who?", encode=encode, kinds=("episode", "entity", "fact", "event")) == []
    assert index.recall("Who?", encode=encode, count_tokens=len).text == ""


@pytest.mark.parametrize(
    "question", ["the", "of the and", "?", "x", "🎉", "Wo wohnt Ada?", "word " * 10_000, "Ada " * 10_000]
)
def test_odd_questions_get_an_answer(notes, question):
    assert len(notes.ask(question, top_k=3)) == 3


@pytest.mark.parametrize("question", ["", "  \n"])
def test_an_empty_question_is_refused(notes, question):
    with pytest.raises(InvalidInput, match="question is empty"):
        notes.ask(question)


def test_a_negative_number_of_results_is_refused(notes):
    with pytest.raises(InvalidInput, match="top_k=-1"):
        notes.ask("cello", top_k=-1)


def test_vectors_of_another_model_are_refused(notes):
    with pytest.raises(InvalidInput, match="3 numbers"):
        notes.index.search("cello", encode=lambda texts: np.ones((len(texts), 3)))


def test_records_without_vectors_are_found_by_their_words():
    told = Told()
    for text in ("Ada keeps bees.", "Ben plays the cello."):
        told.put(
            Episode(group_id="g", text=text, reference_time=LEARNED, created_at=LEARNED), vectors=np.zeros((0, 64))
        )
    assert told.texts("Who keeps bees?")[0] == "Ada keeps bees."
    assert told.texts("Does Ada keep bees in the Alps?")[0] == "Ada keeps bees."


def test_one_change_at_a_time_or_all_at_once_answer_alike(notes):
    other = Index()
    other.apply(notes.changes)
    question = "Where did Ada Lovelace live?"
    hits = other.search(question, encode=encode, reference_time=day("2024-06-01"), explain=True)
    assert hits == notes.ask(question, explain=True)


def test_the_same_question_has_the_same_answer(notes):
    assert notes.ask("Where did Ada Lovelace live?", explain=True) == notes.ask(
        "Where did Ada Lovelace live?", explain=True
    )


def test_threads_may_search_while_another_adds(notes):
    with ThreadPoolExecutor(4) as pool:
        questions = [pool.submit(notes.ask, "Who plays the cello in London?", top_k=3) for _ in range(60)]
        for n in range(40):
            notes.tell(f"Cello lesson number {n} in London.")
    assert all(len(question.result()) == 3 for question in questions)
    assert len(notes.ask("cello", top_k=100)) == 45


def test_a_new_title_for_a_name_is_found_in_older_texts():
    told = Told()
    told.tell("The captain sailed on the ship Sea of Glass to Malta.", title="Captain Ruud")
    told.tell("It was built in Hamburg in 1901.", title="Sea of Glass")
    for n in range(20):
        told.tell(f"Unrelated text number {n}.", title=f"Other {n}")
    hits = told.ask("Where was the ship of Captain Ruud built?", top_k=2)
    assert {hit.metadata["title"] for hit in hits} == {"Captain Ruud", "Sea of Glass"}
