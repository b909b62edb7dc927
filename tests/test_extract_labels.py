"""The rules read trees with Universal Dependencies and with ClearNLP labels alike."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from graphmem.errors import ModelError
from graphmem.extract.english import EnglishExtractor
from graphmem.extract.tree import Tree
from graphmem.model import Episode

NOW = datetime(2023, 6, 14, tzinfo=timezone.utc)
VOCAB = spacy.blank("en").vocab


def tree(words: str, heads: list[int], deps: str, pos: str, tags: str, lemmas: str) -> Doc:
    return Doc(
        VOCAB,
        words=words.split(),
        heads=heads,
        deps=deps.split(),
        pos=pos.split(),
        tags=tags.split(),
        lemmas=lemmas.split(),
    )


ACTIVE = tree(
    "Ann lives in Rome .",
    [1, 1, 1, 2, 1],
    "nsubj ROOT prep pobj punct",
    "PROPN VERB ADP PROPN PUNCT",
    "NNP VBZ IN NNP .",
    "Ann live in Rome .",
)
PASSIVE = tree(
    "Acme was bought by Globex .",
    [2, 2, 2, 2, 3, 2],
    "nsubjpass auxpass ROOT agent pobj punct",
    "PROPN AUX VERB ADP PROPN PUNCT",
    "NNP VBD VBN IN NNP .",
    "Acme be buy by Globex .",
)
COPULA = tree(
    "Lisbon is the capital of Portugal .",
    [1, 1, 3, 1, 3, 4, 1],
    "nsubj ROOT det attr prep pobj punct",
    "PROPN AUX DET NOUN ADP PROPN PUNCT",
    "NNP VBZ DT NN IN NNP .",
    "Lisbon be the capital of Portugal .",
)
NEGATED = tree(
    "Kim did not sign the contract .",
    [3, 3, 3, 3, 5, 3, 3],
    "nsubj aux neg ROOT det dobj punct",
    "PROPN AUX PART VERB DET NOUN PUNCT",
    "NNP VBD RB VB DT NN .",
    "Kim do not sign the contract .",
)


class Fixed:
    """A pipe that answers with trees made by hand."""

    def __init__(self, docs: list[Doc]) -> None:
        self._docs = {doc.text.strip(): doc for doc in docs}

    def __call__(self, doc: Doc) -> Doc:
        return self._docs[doc.text.strip()]


def pipeline(docs: list[Doc]) -> Language:
    nlp = Language(VOCAB)
    Language.component("fixed_trees", func=Fixed(docs))
    nlp.add_pipe("fixed_trees")
    return nlp


@pytest.mark.parametrize(
    ("doc", "expected"),
    [
        (ACTIVE, ("Ann", "live in", "Rome", False)),
        (PASSIVE, ("Globex", "buy", "Acme", False)),
        (COPULA, ("Lisbon", "be capital of", "Portugal", False)),
        (NEGATED, ("Kim", "sign", "contract", True)),
    ],
)
def test_clear_labels_give_the_same_facts(doc: Doc, expected: tuple[str, str, str, bool]) -> None:
    episode = Episode(group_id="g", text=doc.text.strip(), reference_time=NOW, created_at=NOW)
    (extraction,) = EnglishExtractor(pipeline([doc])).extract([episode])
    (fact,) = extraction.facts
    assert (fact.subject.name, fact.predicate, fact.object.name, fact.negated) == expected


def test_a_copula_hangs_on_its_predicate() -> None:
    view = Tree([(COPULA, range(len(COPULA.text) + 1))])
    assert view.deps[3] == "root"
    assert (view.heads[1], view.deps[1]) == (3, "cop")
    assert (view.heads[5], view.deps[5], view.case(5)) == (3, "nmod", "of")


def test_a_pipeline_without_a_parser_still_gives_names_and_sentences() -> None:
    episode = Episode(group_id="g", text="We met Ada Lovelace. It rained.", reference_time=NOW, created_at=NOW)
    (extraction,) = EnglishExtractor(spacy.blank("en")).extract([episode])
    assert extraction.facts == ()
    assert extraction.sentences


@pytest.mark.parametrize("name", ["no_such_pipeline_at_all", "/no/such/folder"])
def test_a_pipeline_that_cannot_be_loaded_says_what_to_do(name: str) -> None:
    episode = Episode(group_id="g", text="Hello there.", reference_time=NOW, created_at=NOW)
    with pytest.raises(ModelError, match=f"{name}.*spacy download"):
        EnglishExtractor(name).extract([episode])
