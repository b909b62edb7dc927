"""The pipeline that comes in the package: it loads in silence, is small, and says where it comes from."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

from graphmem import Memory
from graphmem.embed import open_embedder
from graphmem.extract.english import PACKAGED, load

PROFILES = ("fast", "accurate")


@pytest.mark.parametrize("profile", PROFILES)
def test_it_loads_without_a_warning_and_knows_its_labels(profile: str) -> None:
    pipeline = load(profile)
    assert pipeline.pipe_names == ["tok2vec", "tagger", "morphologizer", "trainable_lemmatizer", "parser", "ner"]
    assert set(pipeline.get_pipe("ner").labels) == {"PERSON", "ORG", "LOC", "DATE", "EVENT", "MISC", "NORP"}


def test_both_profiles_take_at_most_20_megabytes() -> None:
    assert sum(path.stat().st_size for path in PACKAGED.rglob("*") if path.is_file()) <= 20_000_000


@pytest.mark.parametrize("corpus", ["EWT", "GUM", "CrossNER", "Re-DocRED", "LitBank", "UNER", "WikiGold", "WNUT17"])
def test_its_licence_names_every_corpus(corpus: str) -> None:
    licence = (PACKAGED / "LICENSE").read_text(encoding="utf-8")
    assert corpus in licence
    assert "CC BY-SA 4.0" in licence
    for profile in PROFILES:
        card = json.loads((PACKAGED / profile / "meta.json").read_text(encoding="utf-8"))
        assert card["license"] == "CC BY-SA 4.0"


@pytest.mark.parametrize("profile", PROFILES)
def test_it_reads_a_sentence(profile: str) -> None:
    doc = load(profile)("Ann moved to Rome.")
    assert [token.lemma_ for token in doc] == ["Ann", "move", "to", "Rome", "."]
    assert [entity.text for entity in doc.ents] == ["Ann", "Rome"]


def test_one_pass_over_a_text_gives_its_vector_and_its_parser_what_it_reads() -> None:
    embedder = open_embedder()
    texts = ["Ann moved to Rome.", "Ann moved to Rome. " * 100, "?", " "]
    readings = embedder.read(texts)
    alone = open_embedder().encode(texts)
    np.testing.assert_array_equal(embedder.encode([*texts, "Another text."])[:4], alone)
    for text, reading in zip(texts, readings, strict=True):
        assert len(reading.starts) == len(reading.states)
        assert (np.diff(reading.starts) > 0).all()
        assert not text.strip() or text[reading.starts[-1]] in ".?"


def test_the_accurate_profile_reads_the_same_with_any_embedding_model() -> None:
    class Lengths:
        def encode(self, texts: list[str]) -> list[list[float]]:
            return [[len(text), 1.0] for text in texts]

    text = "Ann moved to Rome in May. She met Ben there."
    told = []
    for model in (None, Lengths()):
        with Memory(":memory:", model=model, extractor="accurate") as memory:
            memory.add(text, reference_time="2023-06-01")
            told.append([(fact.fact, fact.valid_at) for fact in memory.facts()])
    assert told[0] == told[1] != []


def test_the_extractor_loads_spacy_only_when_it_reads() -> None:
    code = "import sys; from graphmem.extract import open_extractor; open_extractor(); print('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
