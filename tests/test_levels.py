"""Broad questions are answered on the level that fits them, with summaries; only what may be found is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmem import InvalidInput, Memory
from graphmem.recall.levels import Level, entropy, fitting, gathered
from graphmem.recall.rank import beside

STORY = (
    (
        "2023-03-06",
        "crane",
        (
            ("Ada", "The Harbour Project needs a new crane."),
            ("Ben", "I asked Lena Holm for the price of the crane. She leads the Harbour Project."),
            ("Ada", "Lena Holm says that the crane for the Harbour Project costs two million."),
            ("Ben", "Then the Harbour Project has to borrow money from Nordea."),
        ),
    ),
    (
        "2023-04-12",
        "loan",
        (
            ("Ada", "Nordea lends two million to the Harbour Project."),
            ("Ben", "Lena Holm signed the loan for the Harbour Project yesterday."),
            ("Ada", "The crane of the Harbour Project comes from Gdansk."),
        ),
    ),
    (
        "2023-06-20",
        "garden",
        (
            ("Cy", "I planted roses in my garden in Visby."),
            ("Dee", "My garden in Visby has tulips, and Oskar Lind waters them."),
            ("Cy", "Oskar Lind also cut the hedge of the garden in Visby."),
            ("Dee", "Oskar Lind sold me bulbs for my garden in Visby last week."),
        ),
    ),
    (
        "2023-07-02",
        "sailing",
        (
            ("Ada", "I sail with Ben on the Albatross every Sunday."),
            ("Ben", "The Albatross won the race around Gotland yesterday."),
            ("Ada", "Ben and I love to sail the Albatross."),
        ),
    ),
)


def told(memory: Memory) -> None:
    """Tell a memory the story, and consolidate it."""
    for day, session, turns in STORY:
        memory.add_many(
            {"text": text, "speaker": speaker, "session": session, "reference_time": day} for speaker, text in turns
        )
    memory.consolidate()


@pytest.fixture(scope="module")
def memory() -> Iterator[Memory]:
    with Memory(":memory:") as memory:
        told(memory)
        yield memory


def test_a_session_is_found_by_the_best_of_its_turns_and_told_by_its_summary(memory: Memory) -> None:
    best = memory.search("Who signed the loan?", kinds=["session"])[0]
    assert (best.kind, best.session) == ("session", "loan")
    assert best.text == memory.summary("loan").text
    assert set(best.episodes) <= {episode.uuid for episode in memory.episodes(session="loan")}
    assert sum(best.scores.values()) == pytest.approx(best.score)


@pytest.mark.parametrize(
    ("kind", "question", "told"),
    [
        ("topic", "Who waters the tulips?", "Oskar Lind"),
        ("period", "What happened in June 2023?", "2023-06"),
        ("community", "What do I know about the Harbour Project?", "Harbour Project"),
        ("entity", "What do I know about Oskar Lind?", "Oskar Lind"),
    ],
)
def test_each_level_is_found(memory: Memory, kind: str, question: str, told: str) -> None:
    best = memory.search(question, kinds=[kind])[0]  # type: ignore[list-item]
    assert best.kind == kind
    assert best.text == memory.summary(told).text if kind in ("period", "entity") else told in best.text


def test_a_month_answers_what_happened_in_it_and_not_its_year_or_its_days(memory: Memory) -> None:
    hits = memory.search("What happened in April 2023?", kinds="auto")
    assert hits[0].kind == "period"
    assert hits[0].text == memory.summary("2023-04").text


def test_what_happened_in_spring_is_told_by_its_months(memory: Memory) -> None:
    hits = memory.search("What happened in spring 2023?", kinds="auto", top_k=2)
    assert {hit.text for hit in hits} == {memory.summary("2023-03").text, memory.summary("2023-04").text}


def test_what_is_known_of_somebody_is_told_by_his_summary(memory: Memory) -> None:
    best = memory.search("What do you know about Lena Holm?", kinds="auto")[0]
    assert best.kind in ("entity", "community")
    assert "Lena Holm" in best.text


def test_what_two_have_in_common_is_told_where_both_are(memory: Memory) -> None:
    best = memory.search("What are Ada and Ben's common interests?", kinds="auto")[0]
    assert best.kind != "episode"
    assert {"Ada", "Ben"} <= set(best.text.replace(":", " ").replace(",", " ").split())


def test_a_question_for_a_detail_is_for_the_episodes(memory: Memory) -> None:
    best = memory.search("What does the crane cost?", kinds="auto")[0]
    assert (best.kind, "two million" in best.text) == ("episode", True)


def test_the_path_leads_over_the_best_episode_to_the_level(memory: Memory) -> None:
    best = memory.search("Who signed the loan?", kinds=["session"], explain=True)[0]
    assert [step.kind for step in best.path][0 :: len(best.path) - 1] == ["question", "session"]
    assert best.path[-2].kind == "episode"
    assert best.path[-1].uuid == best.uuid
    assert best.uuid in best.cypher


def test_what_was_said_later_hides_the_summaries_that_tell_it(memory: Memory) -> None:
    hits = memory.search("Who signed the loan?", kinds=["session", "period", "topic"], as_of="2023-04-01")
    assert hits
    assert not any("loan" in hit.text or "Nordea lends" in hit.text for hit in hits)


def test_where_no_summary_may_be_shown_the_episodes_answer(memory: Memory) -> None:
    hits = memory.search("What happened in spring 2023?", kinds="auto", filters={"speaker": "Ada"})
    assert hits
    assert all(hit.kind != "episode" or hit.speaker == "Ada" for hit in hits)
    [first, *_] = memory.search("What happened in April 2023?", kinds="auto", as_of="2023-03-20")
    assert first.kind == "episode"


def test_a_filter_lets_a_summary_through_only_with_every_episode_that_it_tells_from(memory: Memory) -> None:
    assert {hit.session for hit in memory.search("garden", kinds=["session"], filters={"session": "garden"})} == {
        "garden"
    }
    said = {episode.uuid for episode in memory.episodes(speaker="Cy")}
    for hit in memory.search("garden", kinds=["session", "topic", "period", "community"], filters={"speaker": "Cy"}):
        assert set(hit.episodes) <= said


def test_levels_and_episodes_come_in_one_list(memory: Memory) -> None:
    hits = memory.search("crane of the Harbour Project", kinds=["episode", "session", "topic"], top_k=10)
    assert {hit.kind for hit in hits} == {"episode", "session", "topic"}
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_an_entity_that_has_no_summary_is_told_by_its_name(memory: Memory) -> None:
    texts = [hit.text for hit in memory.search("Gdansk", kinds=["entity"], top_k=20)]
    assert "Gdansk" in texts


def test_without_consolidation_there_are_no_levels() -> None:
    with Memory(":memory:") as memory:
        memory.add("Ada sails.", session="chat", reference_time="2023-05-08")
        assert not memory.search("What happened in May 2023?", kinds=["session", "period", "community", "topic"])
        assert memory.search("What happened in May 2023?", kinds="auto")[0].kind == "episode"


def test_what_was_deleted_is_found_on_no_level(memory: Memory) -> None:
    with Memory(":memory:") as own:
        own.add("Ada hid the key under the mat.", session="chat", reference_time="2023-05-08")
        secret = own.add("Zelda has the code 4711.", session="chat", reference_time="2023-05-08", consolidate=True)
        own.search("code", kinds=["session"])
        own.delete_episode(secret.uuids[0])
        hits = own.search(
            "Zelda code", kinds=["episode", "session", "topic", "period", "community", "entity"], top_k=50
        )
        assert not any("4711" in hit.text or "Zelda" in hit.text for hit in hits)
        own.consolidate()
        assert own.search("key", kinds=["session"])[0].text


def test_another_word_for_kinds_is_refused(memory: Memory) -> None:
    with pytest.raises(InvalidInput, match="or 'auto'"):
        memory.search("Ada", kinds="session")  # type: ignore[arg-type]


def test_a_search_on_the_server_finds_the_same_levels(tmp_path: Path) -> None:
    file = tmp_path / "memory.db"
    with Memory(file) as here:
        told(here)
        with Memory(file, index="server") as there:
            for question, kinds in (
                ("Who signed the loan?", ["session"]),
                ("What happened in April 2023?", "auto"),
                ("What do you know about Lena Holm?", ["community"]),
                ("Who signed the loan?", "auto"),
            ):
                one, two = (memory.search(question, kinds=kinds, top_k=1) for memory in (here, there))  # type: ignore[arg-type]
                assert [(hit.kind, hit.text) for hit in one] == [(hit.kind, hit.text) for hit in two]


# The parts


def level(node: list[int], row: list[int], nodes: int) -> Level:
    spans = np.tile([-np.inf, np.inf], (nodes, 1))
    return Level("session", "session", np.arange(nodes), np.array(node, np.intp), np.array(row, np.intp), spans, ())


def test_two_good_episodes_are_worth_more_than_one_and_many_poor_ones_less() -> None:
    score = np.array([0.5, 0.5, 0.5, 0.1, 0.1], np.float32)
    value, best = gathered(level([0, 0, 1, 2, 2], [0, 1, 2, 3, 4], 3), score, spread=0.04, few=0.0)
    assert value[0] > value[1] > value[2]
    assert best.tolist() == [0, 2, 3]


def test_what_may_not_be_found_makes_no_node_good() -> None:
    score = np.array([-np.inf, 0.5], np.float32)
    value, best = gathered(level([0, 1], [0, 1], 2), score, spread=0.04, few=0.5)
    assert (value[0], best[0], best[1]) == (-np.inf, 0, 1) or (value[0], best[1]) == (-np.inf, 1)
    nothing, none = gathered(level([0], [0], 1), np.full(1, -np.inf, np.float32), spread=0.04, few=0.5)
    assert (nothing.tolist(), none.tolist()) == ([-np.inf], [-1])


@given(
    scores=st.lists(st.floats(-5, 5, width=32), min_size=1, max_size=20),
    groups=st.lists(st.integers(-1, 3), min_size=20, max_size=20),
)
def test_a_session_only_adds_and_the_best_of_it_gains_least(scores: list[float], groups: list[int]) -> None:
    score = np.array(scores, np.float32)
    group = np.array(groups[: len(scores)], np.int32)
    better = beside(score, group, np.ones(len(scores), bool), 0.05)
    assert (better >= 0).all()
    assert not better[group < 0].any()
    for number in set(groups[: len(scores)]) - {-1}:
        own = np.flatnonzero(group == number)
        assert better[own[np.argmax(score[own])]] == pytest.approx(better[own].min(), abs=1e-5)


@given(scores=st.lists(st.floats(-50, 50), min_size=2, max_size=30))
def test_entropy_is_a_share(scores: list[float]) -> None:
    assert -1e-9 <= entropy(np.array(scores), 1.0) <= 1 + 1e-9


def test_a_window_that_meets_nothing_fits_nothing() -> None:
    spans = np.array([[0.0, 10.0], [10.0, 20.0]])
    one = level([0, 1], [0, 1], 2)._replace(spans=spans)
    assert fitting(one, [(10.0, 20.0)]).tolist() == [0.0, 1.0]
    assert fitting(one, [(30.0, np.inf)]).tolist() == [0.0, 0.0]
    assert fitting(one, []).tolist() == [0.0, 0.0]
