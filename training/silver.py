"""Texts that the accurate profile has parsed, for the fast one to learn from (distillation, Hinton et al. 2015).

Treebanks have little encyclopedic prose and few texts of one sentence; the texts of the entity corpora bring both.
Every second text is cut into its sentences.
"""

from __future__ import annotations

from pathlib import Path

import spacy
from spacy.tokens import DocBin

from graphmem.extract.weights import cast_weights
from training.corpora import SILVER, verified


def write_silver(accurate: Path, data: Path, output: Path) -> None:
    """Parse the texts with the accurate pipeline in a folder and write them to a file."""
    nlp = spacy.load(accurate, exclude=["ner"])
    cast_weights(nlp, "float32")
    written = DocBin()
    for name in SILVER:
        texts = [doc.text for doc in DocBin().from_disk(verified(data, name)).get_docs(nlp.vocab)]
        for number, doc in enumerate(nlp.pipe(texts)):
            for part in (sentence.as_doc() for sentence in doc.sents) if number % 2 else [doc]:
                part.user_data.clear()
                written.add(part)
    written.to_disk(output)
