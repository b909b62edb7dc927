"""Join the two trained halves into the pipeline that ships: one vocabulary with few strings, licence, model card."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.scorer import Scorer
from spacy.tokens import DocBin
from spacy.training import Example

from graphmem.extract.weights import cast_weights
from training.corpora import HERE, NER, PARSE, verified

CARD = {
    "lang": "en",
    "version": "0.1.0",
    "description": "Tagger, morphologizer, lemmatizer, parser and named entities for graphmem",
    "author": "the graphmem developers",
    "license": "CC BY-SA 4.0",
    "spacy_version": ">=3.8.0,<4.0.0",
    "sources": [
        {"name": "UD English EWT", "license": "CC BY-SA 4.0"},
        {"name": "GUM (open genres)", "license": "CC BY 4.0"},
        {"name": "CrossNER", "license": "MIT"},
        {"name": "Re-DocRED", "license": "MIT"},
        {"name": "LitBank", "license": "CC BY 4.0"},
        {"name": "Universal NER (PUD, EWT)", "license": "CC BY-SA 4.0"},
        {"name": "WikiGold", "license": "CC BY 4.0"},
        {"name": "WNUT17", "license": "CC BY 4.0"},
    ],
}


def assemble(profile: str, parse: Path, ner: Path, output: Path, *, data: Path) -> dict[str, float]:
    """Write the joined pipeline to `output`, replacing it, and return its scores on the development parts."""
    nlp = spacy.load(parse)
    nlp.add_pipe("ner", source=spacy.load(ner))
    forget_training(nlp)
    cast_weights(nlp, "float16")
    cast_weights(nlp, "float32")
    scores = evaluate(nlp, data)
    nlp.meta.update(CARD | {"name": f"graphmem_english_{profile}"})
    nlp.meta["performance"] = scores
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    cast_weights(nlp, "float16")
    nlp.to_disk(output)
    cast_weights(nlp, "float32")
    (output / "vocab" / "strings.json").write_text(json.dumps(sorted(needed_strings(nlp)), ensure_ascii=False))
    shutil.copy(HERE / "LICENSE", output.parent / "LICENSE")
    written = spacy.load(output)
    cast_weights(written, "float32")
    same_answers(nlp, written, data)
    return scores


def forget_training(nlp: Language) -> None:
    """Take out of the config what only training needs, so that the package names nothing of ours."""
    blank = spacy.blank("en").config
    for section in ("training", "corpora", "initialize", "pretraining", "paths", "system"):
        nlp.config[section] = blank[section]


def needed_strings(nlp: Language) -> set[str]:
    """Strings that the pipeline cannot do without: labels, features, edit trees, tokenizer exceptions."""
    needed: set[str] = set()
    for name in nlp.pipe_names:
        pipe: Any = nlp.get_pipe(name)
        needed.update(str(label) for label in getattr(pipe, "labels", ()))
        if name == "parser":
            needed.update(action.partition("-")[2] for action in pipe.move_names)
        elif name == "morphologizer":
            for label in pipe.labels:
                features = [feature for feature in label.split("|") if not feature.startswith("POS=")]
                needed.update(["|".join(features), label.partition("POS=")[2]])
                needed.update(piece for feature in features for piece in [feature, *feature.split("=")])
        elif name == "trainable_lemmatizer":
            for number in range(len(pipe.trees)):
                tree = pipe.trees[number]
                needed.update(nlp.vocab.strings[tree[side]] for side in ("orig", "subst") if side in tree)
    for spelling, pieces in nlp.tokenizer.rules.items():
        needed.update([spelling, *(text for piece in pieces for text in _texts(nlp, piece))])
    return {text for text in needed if text}


def _texts(nlp: Language, piece: dict[Any, Any]) -> list[str]:
    return [value if isinstance(value, str) else nlp.vocab.strings[value] for value in piece.values()]


def evaluate(nlp: Language, data: Path) -> dict[str, float]:
    """Score on the development parts, from raw text: tags, lemmas, attachment, sentences, entities."""
    scores: dict[str, float] = {}
    for names, wanted in (
        (PARSE["dev"], ("token_acc", "tag_acc", "pos_acc", "lemma_acc", "dep_uas", "dep_las", "sents_f")),
        (NER["dev"], ("ents_p", "ents_r", "ents_f")),
    ):
        gold = [doc for name in names for doc in DocBin().from_disk(verified(data, name)).get_docs(nlp.vocab)]
        guessed = nlp.pipe(doc.text for doc in gold)
        found = Scorer(nlp).score([Example(doc, truth) for doc, truth in zip(guessed, gold, strict=True)])
        scores.update({name: round(found[name], 4) for name in wanted})
    return scores


def same_answers(before: Language, after: Language, data: Path) -> None:
    """Make sure that pruning and saving changed nothing; SystemExit with the first difference."""
    texts = [
        doc.text
        for name in ("parse_gum_dev", "ner_docred_dev")
        for doc in DocBin().from_disk(verified(data, name)).get_docs(spacy.blank("en").vocab)
    ]
    for one, other in zip(before.pipe(texts), after.pipe(texts), strict=True):
        for attribute in ("text", "tag_", "pos_", "morph", "lemma_", "dep_", "ent_type_", "is_sent_start"):
            left, right = ([str(getattr(token, attribute)) for token in doc] for doc in (one, other))
            if left != right:
                raise SystemExit(f"{attribute} differs after saving in {one.text[:80]!r}: a needed string was pruned")
