"""The rules read trees with Universal Dependencies and with ClearNLP labels alike."""

from __future__ import annotations

from datetime import datetime, timezone
from importlib.util import find_spec

import pytest
import spacy
from both_labels import SENTENCES, Sentence
from spacy.language import Language
from spacy.tokens import Doc

from graphmem.errors import ModelError
from graphmem.extract.english import EnglishExtractor
from graphmem.extract.tree import Tree
from graphmem.model import Episode, Extraction

NOW = datetime(2023, 6, 14, tzinfo=timezone.utc)
VOCAB = spacy.blank("en").vocab
OFFICIAL = ("en_core_web_sm", "en_core_web_md", "en_core_web_lg", "en_core_web_trf")


class Fixed:
    """A pipe that answers with a tree made by hand."""

    def __init__(self, doc: Doc) -> None:
        self._doc = doc

    def __call__(self, doc: Doc) -> Doc:
        return self._doc


def pipeline(doc: Doc) -> Language:
    nlp = Language(VOCAB)
    Language.component("fixed_tree", func=Fixed(doc))
    nlp.add_pipe("fixed_tree")
    return nlp


def read(doc: Doc) -> Extraction:
    episode = Episode(group_id="g", text=doc.text.strip(), reference_time=NOW, created_at=NOW)
    (extraction,) = EnglishExtractor(pipeline(doc)).extract([episode])
    return extraction


@pytest.mark.parametrize("sentence", SENTENCES.values(), ids=SENTENCES.keys())
def test_both_kinds_of_trees_say_the_same(sentence: Sentence) -> None:
    clear, universal = (read(sentence.doc(VOCAB, clear=clear)) for clear in (True, False))
    told = [(fact.subject.name, fact.predicate, fact.object.name or fact.object.text) for fact in clear.facts]
    assert sentence.fact in told
    assert clear.facts == universal.facts
    assert clear.events == universal.events
    assert clear.mentions == universal.mentions


@pytest.mark.parametrize("clear", [True, False], ids=["ClearNLP", "UD"])
def test_stance_is_read_from_either_tree(clear: bool) -> None:
    def stance(name: str, verb: str) -> tuple[bool, str]:
        [fact] = [f for f in read(SENTENCES[name].doc(VOCAB, clear=clear)).facts if f.predicate == verb]
        return fact.negated, fact.modality

    assert stance("negation", "sign") == (True, "asserted")
    assert stance("what is wanted", "buy") == (False, "intended")
    assert stance("a purpose", "buy") == (False, "intended")
    assert stance("condition", "join") == (False, "conditional")
    assert stance("what is said", "buy") == (False, "reported")


def test_a_copula_hangs_on_its_predicate() -> None:
    doc = SENTENCES["copula with a noun"].doc(VOCAB, clear=True)
    view = Tree([(doc, range(len(doc.text) + 1))])
    assert view.deps[3] == "root"
    assert (view.heads[1], view.deps[1]) == (3, "cop")
    assert (view.heads[5], view.deps[5], view.case(5)) == (3, "nmod", "of")


@pytest.mark.skipif(
    not any(map(find_spec, OFFICIAL)), reason="none of spaCy's own en_core_web_* pipelines is installed"
)
def test_a_pipeline_of_spacy_itself_is_understood() -> None:
    name = next(name for name in OFFICIAL if find_spec(name))
    text = (
        "Acme was bought by Globex. Lisbon is the capital of Portugal. Ann Carter gave Ben Doyle a violin. "
        "Ann Carter lives in Rome and works for Acme. She wants to move to Oslo."
    )
    episode = Episode(group_id="g", text=text, reference_time=NOW, created_at=NOW)
    (extraction,) = EnglishExtractor(name).extract([episode])
    told = {(fact.subject.name, fact.predicate, fact.object.name): fact.modality for fact in extraction.facts}
    for fact in (
        ("Globex", "buy", "Acme"),
        ("Lisbon", "be capital of", "Portugal"),
        ("Ann Carter", "give to", "Ben Doyle"),
        ("Ann Carter", "live in", "Rome"),
        ("Ann Carter", "work for", "Acme"),
    ):
        assert told.get(fact) == "asserted"
    assert told.get(("Ann Carter", "move to", "Oslo")) == "intended"


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
