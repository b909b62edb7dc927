from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmem.graph.adjacency import Incidence
from graphmem.graph.lexical import STOP_WORDS, Lexicon, capitalised_runs, plain, terms, words


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("When Harry Met Sally is a film by Rob Reiner.", ["Harry Met Sally", "Rob Reiner"]),
        ("J. R. R. Tolkien wrote The Lord of the Rings.", ["J. R. R. Tolkien", "Lord of the Rings"]),
        ("I'm Caroline's friend, I think", ["Caroline"]),
        (
            "Did France's President Macron go to the University of Oxford?",
            ["France", "President Macron", "University of Oxford"],
        ),
        ("It works at AT&T. Then Apollo 11 flew.", ["AT&T", "Apollo 11"]),
        ("He moved to Paris. London was next", ["Paris", "London"]),
        ("nothing here", []),
        ("", []),
        ("École normale", ["École"]),
    ],
)
def test_capitalised_runs_are_the_names_a_reader_would_see(text, runs):
    assert [run.text for run in capitalised_runs(text)] == runs


@given(st.text())
def test_capitalised_runs_stand_where_they_say_and_in_order(text):
    runs = capitalised_runs(text)
    assert all(text[run.start : run.end] == run.text for run in runs)
    assert all(before.end <= after.start for before, after in pairwise(runs))


@given(st.text())
def test_terms_are_words_without_stop_words(text):
    assert len(terms(text)) == sum(word not in STOP_WORDS for word in words(text))


@given(st.text(st.sampled_from("aB1 '_-.\t\n’é")))
def test_words_are_the_same_with_and_without_other_letters(text):
    assert words(text) == words(f"{text} ж")[:-1]


@given(st.text(st.sampled_from("aBS1 '_-.&/")))
def test_names_are_the_same_with_and_without_other_letters(text):
    assert capitalised_runs(text) == capitalised_runs(f"{text}\nж")


def test_words_are_plain():
    assert words("Zoë’s CAFÉ don't") == ["zoe", "cafe", "don't"]
    assert plain("ÀB") == "ab"


def bm25(documents, query, *, k1=1.2, b=0.75):
    """The formula, word by word."""
    mean = sum(map(len, documents)) / len(documents)
    scores = []
    for document in documents:
        score = 0.0
        for term in set(query):
            frequency = sum(term in other for other in documents)
            count = document.count(term)
            rarity = np.log(1 + (len(documents) - frequency + 0.5) / (frequency + 0.5))
            score += rarity * count * (k1 + 1) / (count + k1 * (1 - b + b * len(document) / mean)) if count else 0
        scores.append(score)
    return scores


def random_documents(count, *, seed=0):
    rng = np.random.default_rng(seed)
    return [[f"w{n}" for n in rng.zipf(1.5, rng.integers(1, 30)) if n < 500] for _ in range(count)]


def test_bm25_is_the_formula_however_the_documents_arrived():
    documents = random_documents(300)
    query = ["w1", "w3", "w7", "w40", "never"]
    lexicon = Lexicon()
    for start in range(0, 300, 7):
        lexicon.append(documents[start : start + 7])
        if start % 3 == 0:
            lexicon.scores(query)
    assert np.allclose(lexicon.scores(query), bm25(documents, query), atol=1e-4)


def test_hidden_documents_count_for_nothing():
    documents = random_documents(60)
    lexicon = Lexicon()
    lexicon.append(documents)
    lexicon.hide(range(0, 60, 2))
    scores = lexicon.scores(["w1", "w2"])
    assert not scores[::2].any()
    assert np.allclose(scores[1::2], bm25(documents[1::2], ["w1", "w2"]), atol=1e-4)


def test_a_lexicon_without_documents_or_terms_scores_nothing():
    lexicon = Lexicon()
    assert lexicon.scores(["a"]).tolist() == []
    lexicon.append([["a"], []])
    assert lexicon.scores([]).tolist() == [0, 0]
    lexicon.hide([0, 1])
    assert lexicon.scores(["a"]).tolist() == [0, 0]


@given(st.lists(st.lists(st.integers(0, 20), unique=True, max_size=6), max_size=30), st.sets(st.integers(0, 29)))
def test_an_incidence_reads_the_same_both_ways(rows, hidden):
    incidence = Incidence()
    for at, row in enumerate(rows):
        incidence.append([row])
        if at % 4 == 0:
            incidence.rows([0])
    incidence.hide([row for row in sorted(hidden) if row < len(rows)])
    found = incidence.rows(range(21))
    back = {(int(other), int(owner)) for owner, other in zip(found.owner, found.other, strict=True)}
    assert back == {(at, item) for at, row in enumerate(rows) for item in row if at not in hidden}
    assert incidence.frequency(range(21)).tolist() == [sum(item == i for _, item in back) for i in range(21)]
