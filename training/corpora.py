"""Which corpora go into which component, what their files must be, and how they are read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import spacy
from spacy.language import Language
from spacy.training import Corpus, Example

from graphmem.embed.runtime import Reading
from graphmem.extract.states import built_in_embedder, give_states
from training.casual import Augmenter

HERE = Path(__file__).parent
PARSE = {"train": ["parse_ewt_train", "parse_gum_train"], "dev": ["parse_ewt_dev", "parse_gum_dev"]}
NER = {
    "train": [
        "ner_crossner_train",
        "ner_docred_train",
        "ner_gum_train",
        "ner_litbank_train",
        "ner_pud_train",
        "ner_uner_train",
        "ner_wikigold_train",
        "ner_wnut_train",
    ],
    "dev": ["ner_docred_dev", "ner_gum_dev"],
}
JOBS = {"parse": PARSE, "ner": NER}


def verified(data: Path, name: str) -> Path:
    """Path of one corpus file; SystemExit if it is absent or not the file that the figures were measured on."""
    path = data / f"{name}.spacy"
    if not path.is_file():
        raise SystemExit(
            f"{path} is missing. --data must name the folder with the corpora listed in training/README.md"
        )
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    expected = json.loads((HERE / "checksums.json").read_text())[path.name]
    if found != expected:
        raise SystemExit(f"{path} has sha256 {found}, expected {expected}: it is another version of the corpus")
    return path


def lay_out(data: Path, work: Path, job: str) -> dict[str, Path]:
    """Make one folder per part of a job ("train", "dev") that links to its files, as spaCy's corpus reader wants it."""
    folders: dict[str, Path] = {}
    for part, names in JOBS[job].items():
        folders[part] = work / job / part
        folders[part].mkdir(parents=True, exist_ok=True)
        for name in names:
            link = folders[part] / f"{name}.spacy"
            link.unlink(missing_ok=True)
            link.symlink_to(verified(data, name).resolve())
    return folders


@spacy.registry.readers("graphmem.corpus.v1")
def corpus(
    path: Path, max_length: int, augmenter: Augmenter | None, states: bool
) -> Callable[[Language], Iterator[Example]]:
    """spaCy's corpus reader; with `states`, each text comes with the token states of the embedding model."""
    examples = Corpus(path, max_length=max_length, augmenter=augmenter)
    read: dict[str, Reading] = {}

    def with_states(nlp: Language) -> Iterator[Example]:
        for example in examples(nlp):
            text = example.predicted.text
            if text not in read:
                [reading] = built_in_embedder().read([text])
                read[text] = Reading(starts=reading.starts, states=reading.states.astype(np.float16))
            give_states(example.predicted, read[text], range(len(text)))
            yield example

    return with_states if states else examples
