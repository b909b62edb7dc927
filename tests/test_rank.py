from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from told import LEARNED, Told, day, encode

import graphmem.recall
from graphmem.model import Entity, Episode
from graphmem.recall.answers import Answer, asked
from graphmem.recall.constants import CONSTANTS
from graphmem.recall.question import read
from graphmem.recall.walk import Walk
from graphmem.store.contract import Filter

KINDS = ("episode", "entity", "fact", "event")


@pytest.fixture
def films():
    told = Told()
    told.tell("The Silent Harbour is a film directed by Mira Okafor.", title="The Silent Harbour")
    told.tell("Mira Okafor was born in Trondheim. She paints.", title="Mira Okafor")
    told.tell("Mira Okafor met the mayor once.", title="A list of meetings")
    told.tell("Trondheim is a city in Norway.", title="Trondheim")
    for n in range(30):
        told.tell(f"Film number {n} was directed by Somebody Else in the town of Place{n}.", title=f"Film {n}")
    return told


@pytest.fixture
def chat():
    told = Told()
    for n in range(20):
        told.tell(f"Small talk about weather number {n}.", session="s1", speaker="Ann", when="2023-05-01")
    told.tell("I adopted a puppy yesterday.", session="s2", speaker="Ann", when="2023-06-10")
    told.tell("What is its name?", session="s2", speaker="Bob", when="2023-06-10")
    told.tell("Biscuit, after grandma's dog.", session="s2", speaker="Ann", when="2023-06-10")
    told.tell("I adopted a puppy too, years ago.", session="s3", speaker="Bob", when="2023-07-01")
    return told


def test_a_bridge_leads_over_a_shared_name_to_what_is_left_of_the_question(films):
    hits = films.ask("Where was the director of The Silent Harbour born?", top_k=3, explain=True)
    assert hits[0].text.startswith("The Silent Harbour")
    born = next(hit for hit in hits if "born" in hit.text)
    assert born.scores["bridge"] > 0
    assert [step.text for step in born.path if step.kind == "entity"][-1] == "Mira Okafor"
    assert born.path[0].kind == "question"
    assert born.path[-1].uuid == born.uuid


def test_the_title_of_a_deleted_document_is_no_bridge(films):
    page = films.tell("It is a small port.", title="Trondheim Harbour")
    films.tell("It is cold in Trondheim Harbour Street.")
    row = films.index.episodes.row[films.tell("She went to Trondheim Harbour Street.").uuid]
    forms = films.index.names.forms
    assert [forms[number] for number in films.index.episodes.titles_in(row)] == ["trondheim harbour"]
    films.remove(page)
    assert [forms[number] for number in films.index.episodes.titles_in(row)] == ["trondheim"]


def test_the_neighbours_of_a_good_turn_come_up(chat):
    hits = chat.ask("What did Ann call the puppy that she adopted?", top_k=3)
    assert "Biscuit, after grandma's dog." in [hit.text for hit in hits]


def test_the_speaker_who_is_named_comes_first(chat):
    assert chat.ask("When did Bob adopt a puppy?")[0].speaker == "Bob"
    assert chat.ask("when did bob adopt a puppy")[0].speaker == "Bob"
    assert chat.ask("When did Ann adopt a puppy?")[0].speaker == "Ann"


def test_a_window_of_time_lifts_what_was_said_in_it(chat):
    hits = chat.ask("What happened in June 2023?", top_k=3)
    assert hits[0].reference_time == day("2023-06-10")
    assert hits[0].scores["time"] > 0
    last_month = chat.ask("Which weather did we have last month?", top_k=3, reference_time=day("2023-06-15"))
    assert all(hit.scores["time"] > 0 for hit in last_month)


def test_a_window_of_time_lifts_what_tells_of_something_in_it(chat):
    early = chat.tell("I ran a race for charity.", session="s4", speaker="Ann", when="2023-07-10")
    late = chat.tell("I ran a race for charity!", session="s5", speaker="Ann", when="2023-07-20")
    chat.happen("ran a race", early, valid_at=day("2023-06-28"), invalid_at=day("2023-06-29"))
    chat.happen("ran a race", late, valid_at=day("2023-07-15"), invalid_at=day("2023-07-16"))
    assert chat.ask("Which race did Ann run in June 2023?")[0].uuid == early.uuid
    assert chat.ask("Which race did Ann run between July 12 and July 17 2023?")[0].uuid == late.uuid


def test_the_latest_and_the_earliest_of_several_come_first_if_asked_for():
    told = Told()
    first = told.tell("I painted a harbour.", session="s1", speaker="Ann", when="2023-05-01")
    told.tell("I painted a harbour.", session="s2", speaker="Ann", when="2023-06-01")
    last = told.tell("I painted a harbour.", session="s3", speaker="Ann", when="2023-07-01")
    for n in range(10):
        told.tell(f"Small talk number {n}.", session="s3", speaker="Ann", when="2023-07-01")
    assert told.ask("What is the latest harbour that Ann painted?")[0].uuid == last.uuid
    assert told.ask("What is the first harbour that Ann painted?")[0].uuid == first.uuid
    assert "order" not in told.ask("What did Ann paint?")[0].scores


def test_what_is_asked_for_after_something_else_lies_after_it():
    told = Told()
    before = told.tell("I rented a flat with a garden.", session="s1", speaker="Ann", when="2022-05-01")
    told.tell("I moved to Oslo.", session="s2", speaker="Ann", when="2023-01-01")
    after = told.tell("I rented a flat with a garden.", session="s3", speaker="Ann", when="2023-05-01")
    for n in range(10):
        told.tell(f"Small talk number {n}.", session="s4", speaker="Bob", when="2023-07-01")
    flats = {before.uuid, after.uuid}

    def best(question):
        return next(hit.uuid for hit in told.ask(question) if hit.uuid in flats)

    assert best("What did Ann rent after she moved to Oslo?") == after.uuid
    assert best("What did Ann rent before she moved to Oslo?") == before.uuid


@pytest.mark.parametrize(
    "question",
    [
        "Where was the director of The Silent Harbour born?",
        "Mira Okafor",
        "the",
        "What did she paint in 2023, and when?",
    ],
)
def test_an_explanation_adds_up_to_the_score(films, question):
    source = films.tell("Mira Okafor left Oslo in 2019.", when="2020-01-01")
    films.state("Mira Okafor", "leave", "Oslo", [source])
    films.happen("left Oslo", source, valid_at=day("2019-01-01"), invalid_at=day("2020-01-01"))
    hits = films.ask(question, kinds=KINDS, top_k=200, explain=True)
    assert {hit.kind for hit in hits} == set(KINDS)
    for hit in hits:
        assert sum(hit.scores.values()) == pytest.approx(hit.score, abs=1e-6)
        assert np.isfinite(hit.score)


def test_scores_never_rise_down_the_list(films, chat):
    for told, question in ((films, "Where was the director of The Silent Harbour born?"), (chat, "puppy weather")):
        scores = [hit.score for hit in told.ask(question, top_k=1000)]
        assert scores == sorted(scores, reverse=True)


def test_a_path_begins_with_the_question_and_ends_with_the_hit(films):
    for hit in films.ask("Who directed The Silent Harbour?", kinds=("episode", "entity"), top_k=100, explain=True):
        assert hit.path[0].text == "Who directed The Silent Harbour?"
        assert hit.path[-1].uuid == hit.uuid
        assert all(step.edge for step in hit.path[1:])
        assert hit.why().endswith(hit.text)


def test_without_explain_there_is_no_path(films):
    assert all(hit.path == () for hit in films.ask("Who directed The Silent Harbour?"))


def test_every_name_of_a_question_is_covered_by_the_first_results(films):
    hits = films.ask("Which is older, Trondheim or The Silent Harbour?", top_k=3)
    assert {"Trondheim", "The Silent Harbour"} <= {hit.metadata["title"] for hit in hits}


def test_a_signal_without_data_is_silent(films, chat):
    for hit in films.ask("Where was Mira Okafor born?"):
        assert hit.scores["speaker"] == 0
        assert hit.scores["time"] == 0
    for hit in chat.ask("What did Ann adopt?"):
        assert "bridge" not in hit.scores


def test_filtered_episodes_are_no_sources_of_bridges(films):
    hits = films.ask(
        "Where was the director of The Silent Harbour born?", filters=Filter(metadata={"title": "Trondheim"})
    )
    assert [hit.metadata["title"] for hit in hits] == ["Trondheim"]


def test_names_of_a_question_are_those_of_the_graph(films):
    index = films.index
    question = read("who directed the silent harbour", names=index.names, episodes=index.episodes)
    assert [question.text[name.start : name.end] for name in question.names] == ["silent harbour"]
    assert question.without(question.names) == "who directed the"


def test_people_leave_the_question_that_is_embedded(chat):
    question = read("What is Bob's dog called?", names=chat.index.names, episodes=chat.index.episodes)
    assert question.dense == "What is your dog called?"
    assert not question.foreign
    alone = read("Bob?", names=chat.index.names, episodes=chat.index.episodes)
    assert alone.dense == "Bob?"


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("in June 2023", [("2023-06-01", "2023-07-01")]),
        ("on 10 June 2023", [("2023-06-10", "2023-06-11")]),
        ("on June 10, 2023", [("2023-06-10", "2023-06-11")]),
        ("in 2023", [("2023-01-01", "2024-01-01")]),
        ("in December 2023", [("2023-12-01", "2024-01-01")]),
        ("on 31 June 2023", [("2023-06-01", "2023-07-01")]),
        ("in June", [("2023-06-01", "2023-07-01")]),
        ("may she go", []),
    ],
)
def test_times_in_a_question(chat, text, windows):
    question = read(f"What happened {text}?", names=chat.index.names, episodes=chat.index.episodes)
    assert question.windows == tuple((day(start).timestamp(), day(end).timestamp()) for start, end in windows)


def test_a_walk_that_is_local_agrees_with_one_over_the_whole_graph(films, monkeypatch):
    walk = Walk(films.index.episodes, films.index.names, CONSTANTS)
    whole = walk.rank(np.array([0, 3]), np.array([0.5, 0.5]))
    monkeypatch.setattr("graphmem.recall.walk.WHOLE", 0)
    local = walk.rank(np.array([0, 3]), np.array([0.5, 0.5]))
    assert np.abs(whole - local).max() < 1e-3
    assert set(np.argsort(whole[: walk.units])[-3:]) == set(np.argsort(local[: walk.units])[-3:])


@pytest.mark.parametrize("whole", [0, 50_000])
def test_no_walk_passes_what_was_not_said_yet(films, monkeypatch, whole):
    monkeypatch.setattr("graphmem.recall.walk.WHOLE", whole)
    walk = Walk(films.index.episodes, films.index.names, CONSTANTS)
    hidden = np.zeros(walk.units, bool)
    hidden[1] = True  # the film's director, between the film and her city
    open_rank, ranks = (walk.rank(np.array([0]), np.array([1.0]), hidden=mask) for mask in (None, hidden))
    assert open_rank[1] > 0
    assert open_rank[3] > 0
    assert ranks[1] == ranks[3] == 0
    assert ranks.sum() == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ("When did she move?", Answer.TIME),
        ("Where did she move?", Answer.PLACE),
        ("In which small town does she live?", Answer.PLACE),
        ("Who moved, and why?", Answer.PERSON | Answer.REASON),
        ("How many cats does she have?", Answer.NUMBER),
        ("How did she like it?", Answer(0)),
        ("What motivated her to move?", Answer.REASON),
        ("Everywhere and whenever", Answer(0)),
    ],
)
def test_the_kind_of_answer_that_is_asked_for(question, answers):
    assert asked(question) == answers


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many kittens did Ann find?", "Ann found three kittens."),
        ("Where did Ann find kittens?", "Ann found kittens in Lisbon."),
        ("Who found kittens with Ann?", "Ann found kittens with Teresa."),
        ("Why did Ann find kittens?", "Ann found kittens because they cried."),
        ("When did Ann find kittens?", "Ann found kittens last week."),
    ],
)
def test_what_holds_the_kind_of_answer_that_is_asked_for_comes_first(question, answer):
    told = Told()
    types = {"Lisbon": "LOC", "Teresa": "PERSON", "Ann": "PERSON"}
    for name, type in types.items():
        entity = Entity(group_id="g", name=name, names=(name,), type=type, created_at=LEARNED)
        told.put(entity)
        told.entities[entity.uuid] = entity
    for n in range(10):
        told.tell(f"Ben bought lamp number {n}.")
    told.tell("Ann found kittens suddenly.")
    told.tell(answer)
    told.tell("Ann found kittens quietly.")
    best = told.ask(question)[0]
    assert best.text == answer
    assert best.scores["answer"] > 0


def test_a_name_that_is_no_entity_is_no_place_and_no_person():
    told = Told()
    text = "Ben and Cy and Dora and Eve and Fay and Gus found kittens in Lisbon."
    told.put(Episode(group_id="g", text=text, reference_time=LEARNED, created_at=LEARNED))
    assert told.ask("Where and with whom, who, did Ann find kittens?")[0].scores["answer"] == 0


def test_a_filter_hides_the_best_match_from_the_scale_of_words(chat):
    chat.tell("Puppy puppy puppy puppy, said the parrot.", session="s9", speaker="Zed", when="2023-09-01")
    [hit] = chat.ask("puppy", filters=Filter(session="s3"), top_k=1)
    assert hit.scores["lexical"] == pytest.approx(CONSTANTS.likeness * CONSTANTS.lexical, abs=1e-6)


def test_no_benchmark_is_special():
    source = "".join(path.read_text() for path in Path(graphmem.recall.__file__).parent.glob("*.py")).lower()
    for word in ("locomo", "musique", "hotpot", "2wiki", "caroline", "melanie"):
        assert word not in source


def test_every_constant_is_used():
    source = "".join(path.read_text() for path in Path(graphmem.recall.__file__).parent.glob("*.py"))
    for field in fields(CONSTANTS):
        assert f"c.{field.name}" in source or f"constants.{field.name}" in source, field.name


def test_encoding_is_asked_for_twice_at_most(films):
    calls = []

    def counting(texts):
        calls.append(list(texts))
        return encode(texts)

    films.index.search("Where was the director of The Silent Harbour born?", encode=counting)
    assert len(calls) <= 2
