"""The pipeline that comes in the package: it loads in silence, is small, and says where it comes from."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from graphmem.extract.english import PACKAGED, load


def test_it_loads_without_a_warning_and_knows_its_labels() -> None:
    pipeline = load()
    assert pipeline.pipe_names == ["tok2vec", "tagger", "morphologizer", "trainable_lemmatizer", "parser", "ner"]
    assert set(pipeline.get_pipe("ner").labels) == {"PERSON", "ORG", "LOC", "DATE", "EVENT", "MISC", "NORP"}


def test_it_is_at_most_20_megabytes() -> None:
    assert sum(path.stat().st_size for path in PACKAGED.rglob("*") if path.is_file()) <= 20_000_000


@pytest.mark.parametrize("corpus", ["EWT", "GUM", "CrossNER", "Re-DocRED", "LitBank", "UNER", "WikiGold", "WNUT17"])
def test_its_licence_names_every_corpus(corpus: str) -> None:
    licence = (PACKAGED / "LICENSE").read_text(encoding="utf-8")
    assert corpus in licence
    assert "CC BY-SA 4.0" in licence
    assert json.loads((PACKAGED / "fast" / "meta.json").read_text(encoding="utf-8"))["license"] == "CC BY-SA 4.0"


def test_it_reads_a_sentence() -> None:
    doc = load()("Ann moved to Rome.")
    assert [token.lemma_ for token in doc] == ["Ann", "move", "to", "Rome", "."]
    assert [entity.text for entity in doc.ents] == ["Ann", "Rome"]


def test_the_extractor_loads_spacy_only_when_it_reads() -> None:
    code = "import sys; from graphmem.extract import open_extractor; open_extractor(); print('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
