"""What a search hands out: filters before the cut, kinds on one scale, confidence, true reasons, a reranker."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from told import Told, day, encode

from graphmem.errors import InvalidInput, ModelError
from graphmem.graph.lexical import terms
from graphmem.recall import Index, open_reranker
from graphmem.recall.constants import CONSTANTS
from graphmem.store.contract import Filter

KINDS = ("episode", "fact", "event", "entity")
NOW = day("2024-06-01")
WORDS = st.lists(st.sampled_from("Ada Ben Oslo violin red broke garden sang why? two".split()), min_size=1, max_size=6)  # noqa: SIM905
DAYS = [f"2023-0{month}-01" for month in range(1, 8)]
TURNS = st.lists(
    st.tuples(
        WORDS.map(" ".join),
        st.sampled_from([None, "s", "t"]),
        st.sampled_from([None, "Ada", "Ben"]),
        st.sampled_from([None, "x", "y"]),
        st.sampled_from(DAYS),
        st.sampled_from([None, "fact", "event"]),
        st.sampled_from(DAYS),
    ),
    max_size=10,
)
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "session": st.sampled_from(["s", "t", "nowhere"]),
        "speaker": st.sampled_from(["Ada", "Ben"]),
        "source": st.sampled_from(["x", "y"]),
        "metadata": st.sampled_from([{"title": "Garden notes"}, {"title": "nothing"}, {}]),
        "start": st.sampled_from(DAYS).map(day),
        "end": st.sampled_from(DAYS).map(day),
    },
)


def told_of(turns):
    """Tell turns, each with a fact or an event that it states."""
    told, episodes, stated = Told(), {}, []
    for text, session, speaker, source, when, kind, since in turns:
        fields = {"session": session, "speaker": speaker, "source": source}
        title = "Garden notes" if "garden" in text else None
        episode = told.tell(text, when=when, title=title, **{k: v for k, v in fields.items() if v})
        episodes[episode.uuid] = episode
        dated = {"valid_at": day(since), "invalid_at": day("2023-12-01")}
        if kind == "fact":
            stated.append(told.state("Ada", "see", text.split()[0].strip("?"), [episode], **dated))
        if kind == "event":
            stated.append(told.happen(text, episode, **dated))
    return told, list(episodes.values()), list({record.uuid: record for record in stated}.values())


def passes(episode, filters, as_of):
    """Say by the book whether an episode passes."""
    return (
        all(getattr(episode, name) == filters[name] for name in ("session", "speaker", "source") if name in filters)
        and all(episode.metadata.get(key) == value for key, value in filters.get("metadata", {}).items())
        and ("start" not in filters or episode.reference_time >= filters["start"])
        and ("end" not in filters or episode.reference_time < filters["end"])
        and (as_of is None or episode.reference_time <= as_of)
    )


def expected(episodes, stated, filters, as_of, kinds):
    """Say by the book what may be found."""
    passing = {episode.uuid: episode for episode in episodes if passes(episode, filters, as_of)}
    found = set(passing) if "episode" in kinds else set()
    for record in stated:
        if record.kind not in kinds or not passing.keys() & set(record.episodes):
            continue
        if record.kind == "fact":
            if record.valid_at <= (as_of or NOW) < record.invalid_at:
                found.add(record.uuid)
        elif (
            ("start" not in filters or record.invalid_at > filters["start"])
            and ("end" not in filters or record.valid_at < filters["end"])
            and (as_of is None or record.valid_at <= as_of)
        ):
            found.add(record.uuid)
    if "entity" in kinds:
        found |= {mention.entity for episode in passing.values() for mention in episode.mentions}
    return found


@settings(max_examples=80, deadline=None)
@given(
    turns=TURNS,
    filters=FILTERS,
    as_of=st.sampled_from([None, *DAYS[::2]]),
    kinds=st.lists(st.sampled_from(KINDS), min_size=1, unique=True),
    top_k=st.integers(0, 12),
    question=WORDS.map(" ".join),
)
def test_as_many_come_back_as_pass_the_filters_and_each_adds_up(turns, filters, as_of, kinds, top_k, question):
    told, episodes, stated = told_of(turns)
    moment = as_of and day(as_of)
    ask = {"kinds": kinds, "filters": Filter(**filters), "as_of": moment, "reference_time": NOW}
    allowed = expected(episodes, stated, filters, moment, kinds)
    hits = told.ask(question, top_k=top_k, explain=True, **ask)
    assert len(hits) == min(top_k, len(allowed))
    assert {hit.uuid for hit in hits} <= allowed
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    passing = {episode.uuid for episode in episodes if passes(episode, filters, moment)}
    for hit in hits:
        assert sum(hit.scores.values()) == pytest.approx(hit.score, abs=1e-6)
        assert 0 <= hit.confidence <= 1
        assert all(step.uuid in passing for step in hit.path if step.kind == "episode")
    everything = told.ask(question, top_k=100, **ask)
    for least in (0.02, 0.1):
        sure = told.ask(question, top_k=100, min_score=least, **ask)
        assert {hit.uuid for hit in sure} == {hit.uuid for hit in everything if hit.confidence >= least}


@pytest.fixture
def chat():
    told = Told()
    for n in range(20):
        told.tell(f"Small talk about weather number {n}.", session="s1", speaker="Ann", when="2023-05-01")
    told.tell("I adopted a puppy called Biscuit.", session="s2", speaker="Ann", when="2023-06-10")
    told.tell("How lovely, what a name!", session="s2", speaker="Bob", when="2023-06-10")
    told.tell("Your puppy sleeps all day.", session="s2", speaker="Bob", when="2023-06-10")
    return told


def test_filters_that_contradict_each_other_find_nothing(chat):
    for filters in (
        {"start": day("2023-06-01"), "end": day("2023-05-01")},
        {"session": "s1", "speaker": "Bob"},
        {"speaker": "Ann", "metadata": {"title": "none"}},
    ):
        assert chat.ask("puppy", kinds=KINDS, filters=Filter(**filters)) == []
        context = chat.index.recall("puppy", encode=encode, count_tokens=len, filters=Filter(**filters))
        assert (context.text, context.tokens, len(context.hits), context.citations) == ("", 0, 0, {})


def test_confidence_falls_with_the_score_and_min_score_cuts_there(chat):
    hits = chat.ask("Did Ann adopt a puppy?", top_k=30)
    confidences = [hit.confidence for hit in hits]
    assert confidences == sorted(confidences, reverse=True)
    assert [hit.uuid for hit in chat.ask("Did Ann adopt a puppy?", top_k=30, min_score=confidences[1])] == [
        hit.uuid for hit in hits if hit.confidence >= confidences[1]
    ]


def test_what_was_never_said_is_less_sure_than_what_was(chat):
    said = chat.ask("Did Ann adopt a puppy?")[0].confidence
    assert chat.ask("Did Ann repair the accordion in Vienna?")[0].confidence < said / 3
    assert chat.ask("the of")[0].confidence < said / 3


def test_what_somebody_else_said_is_less_sure(chat):
    assert chat.ask("Did Bob adopt a puppy?")[0].confidence < chat.ask("Did Ann adopt a puppy?")[0].confidence


def test_kinds_are_mixed_and_do_not_repeat_one_episode(chat):
    source = chat.tell("Ann sold the house in Oslo, bought a boat and sailed to Riga.", session="s3", speaker="Ann")
    for n, other in enumerate(("house", "boat", "Riga", "Oslo", "sail")):
        chat.state("Ann", f"know {n}", other, [source])
    second = chat.tell("Ann has a boat.", session="s4", speaker="Bob")
    chat.happen("Ann has a boat", second)
    hits = chat.ask("Which boat has Ann?", kinds=KINDS, top_k=6)
    assert {hit.kind for hit in hits} == set(KINDS)
    assert second.uuid in {hit.uuid for hit in hits}
    again = [hit.scores["again"] for hit in hits if source.uuid in hit.episodes]
    assert again == pytest.approx([-CONSTANTS.again * n for n in range(len(again))])


def test_simple_signals_can_be_computed_again_from_the_constants(chat):
    c = CONSTANTS
    for hit in chat.ask("Where in June 2023 did Ann adopt a puppy?", top_k=30):
        own = encode([hit.text])[0] @ encode(["Where in June 2023 did adopt a puppy?"])[0]
        assert hit.scores["dense"] == pytest.approx(c.likeness * c.whole * own, abs=2e-3)
        speaks = c.speaker * (hit.speaker == "Ann") + c.present
        assert hit.scores["speaker"] == pytest.approx(speaks, abs=1e-6)
        asks = c.asks * hit.text.endswith("?")
        assert hit.scores["shape"] == pytest.approx(c.length * np.log1p(len(hit.text.split())) + asks, abs=1e-6)
        assert hit.scores["time"] == pytest.approx(c.time * (hit.session == "s2"), abs=1e-6)


def test_every_step_of_a_path_is_true():
    told = Told()
    told.tell("The Silent Harbour is a film directed by Mira Okafor.", title="The Silent Harbour")
    told.tell("Mira Okafor was born in Trondheim. She paints.", title="Mira Okafor")
    told.tell("I saw The Silent Harbour.", session="s", speaker="Ann")
    told.tell("Was it good?", session="s", speaker="Bob")
    source = told.tell("Ann lives near Trondheim.", session="s", speaker="Ann")
    told.state("Ann", "live near", "Trondheim", [source])
    for n in range(30):
        told.tell(f"Film number {n} was directed by Somebody Else in the town of Place{n}.", title=f"Film {n}")
    texts = {change.uuid: change.record for change in told.changes}
    edges = set()
    for question in (
        "Where was the director of The Silent Harbour born?",
        "What did Ann see?",
        "Mira Okafor",
        "Was it good, Bob?",
    ):
        for hit in told.ask(question, kinds=KINDS, top_k=60, explain=True):
            assert hit.path[0].text == question
            assert hit.path[-1].uuid == hit.uuid
            for before, step in zip(hit.path, hit.path[1:], strict=False):
                edges.add(step.edge)
                here = texts[step.uuid]
                there = texts.get(before.uuid)
                said = f"{here.title or ''} {here.text}" if step.kind == "episode" else ""
                match step.edge:
                    case "mentioned in":
                        assert before.uuid in {mention.entity for mention in here.mentions}
                    case "named in" | "title of":
                        assert before.text in said
                    case "mentions":
                        assert step.text in f"{there.title or ''} {there.text}"
                    case "next":
                        assert here.previous == before.uuid
                    case "previous":
                        assert there.previous == step.uuid
                    case "says" if step.kind == "episode":
                        assert here.speaker in before.text
                    case "states":
                        assert before.uuid in here.episodes
                    case "names" if step.kind == "entity":
                        assert step.text.casefold() in question.casefold()
                    case "resembles":
                        assert before.kind == "question"
                    case other:
                        word = other.rpartition(" ")[2]
                        assert other.startswith(("names ", "mentions ", "also says "))
                        assert set(terms(word)) <= set(terms(said)) or word in [
                            stem for t in [said] for stem in terms(t)
                        ]
    assert {"mentioned in", "states", "resembles", "names", "mentions"} <= edges


def test_a_reranker_is_one_more_signal(chat):
    plain = chat.ask("Did Ann adopt a puppy?", top_k=30)
    wanted = next(hit for hit in plain if hit.text.endswith("number 7."))
    asked = []

    class Likes:
        def score(self, question, texts):
            asked.append((question, len(texts)))
            return [float(text == wanted.text) for text in texts]

    source = next(hit for hit in plain if hit.uuid == wanted.uuid)
    hits = chat.ask("Did Ann adopt a puppy?", top_k=30, rerank=open_reranker(Likes()))
    assert asked == [("Did Ann adopt a puppy?", len(plain))]
    moved = next(hit for hit in hits if hit.uuid == source.uuid)
    assert moved.scores["rerank"] == pytest.approx(CONSTANTS.rerank)
    assert hits.index(moved) < plain.index(source)
    for hit in hits:
        assert sum(hit.scores.values()) == pytest.approx(hit.score, abs=1e-6)


def test_a_reranker_may_use_any_scale(chat):
    rerank = open_reranker(SimpleNamespace(score=lambda question, texts: [1e200 * len(text) for text in texts]))
    assert max(hit.scores["rerank"] for hit in chat.ask("puppy", rerank=rerank)) == pytest.approx(CONSTANTS.rerank)


def test_a_cross_encoder_is_asked_with_pairs(chat):
    pairs = []
    encoder = SimpleNamespace(predict=lambda given: (pairs.extend(given), np.zeros(len(given), np.float32))[1])
    hits = chat.ask("puppy", rerank=open_reranker(encoder))
    assert pairs[0][0] == "puppy"
    assert {hit.scores["rerank"] for hit in hits} == {0}


def test_a_reranker_that_cannot_judge_is_refused(chat):
    with pytest.raises(InvalidInput, match="predict"):
        open_reranker("cross-encoder")
    with pytest.raises(ModelError, match="one finite number for each text"):
        chat.ask("puppy", rerank=open_reranker(SimpleNamespace(score=lambda question, texts: [1.0])))
    with pytest.raises(ModelError, match="finite"):
        chat.ask("puppy", rerank=open_reranker(SimpleNamespace(score=lambda q, texts: [float("nan")] * len(texts))))
    with pytest.raises(ModelError, match="it has to return numbers"):
        chat.ask("puppy", rerank=open_reranker(SimpleNamespace(score=lambda question, texts: ["good"] * len(texts))))


def test_an_empty_memory_is_asked_nothing_of_a_reranker():
    index = Index()
    rerank = open_reranker(SimpleNamespace(score=lambda question, texts: 1 / 0))
    assert index.search("Who?", encode=encode, kinds=KINDS, rerank=rerank, min_score=0.5) == []


def test_without_a_confidence_constant_nothing_changes_in_the_order(chat):
    before = [hit.uuid for hit in chat.ask("Did Ann adopt a puppy?", top_k=30)]
    chat.index.use(replace(CONSTANTS, sure=0.0, sure_backing=0.0, sure_lag=0.0))
    hits = chat.ask("Did Ann adopt a puppy?", top_k=30)
    assert [hit.uuid for hit in hits] == before
    assert {hit.confidence for hit in hits} == {0.5}
