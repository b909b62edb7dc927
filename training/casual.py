"""Augmentation for casual English: some training texts lose their capitals, some their punctuation."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Token
from spacy.training import Example
from spacy.training.augment import make_lowercase_variant

Augmenter = Callable[[Language, Example], Iterator[Example]]


@spacy.registry.augmenters("graphmem.casual.v1")
def casual(lower: float, bare: float) -> Augmenter:
    """Give an augmenter that lower-cases a share `lower` of the texts and strips a share `bare` of punctuation."""

    def augment(nlp: Language, example: Example) -> Iterator[Example]:
        draw = random.random()
        if draw < lower:
            yield make_lowercase_variant(nlp, example)
        elif draw < lower + bare:
            reference = without_punctuation(example.reference)
            yield Example(nlp.make_doc(reference.text), reference)
        else:
            yield example

    return augment


def without_punctuation(doc: Doc) -> Doc:
    """Copy a gold document without commas and sentence ends, as people write in chat."""
    heads = {token.head.i for token in doc} if doc.has_annotation("DEP") else set()
    drop = {t.i for t in doc if t.text in ".,!;" and t.i not in heads and not t.ent_type_ and t.dep_ != "ROOT"}
    kept = [token for token in doc if token.i not in drop]
    if not kept:
        return doc
    place = {token.i: i for i, token in enumerate(kept)}
    annotated = doc.has_annotation("DEP")
    return Doc(
        doc.vocab,
        words=[t.text for t in kept],
        spaces=[bool(t.whitespace_) or t.i + 1 in drop for t in kept],
        tags=[t.tag_ for t in kept] if annotated else None,
        pos=[t.pos_ for t in kept] if annotated else None,
        morphs=[str(t.morph) for t in kept] if annotated else None,
        lemmas=[t.lemma_ for t in kept] if annotated else None,
        heads=[place[t.head.i] for t in kept] if annotated else None,
        deps=[t.dep_ for t in kept] if annotated else None,
        ents=[_iob(t) for t in kept],
    )


def _iob(token: Token) -> str:
    """The token's entity label in the form that `Doc` reads: "" is missing, "O" is outside."""
    return f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else token.ent_iob_
