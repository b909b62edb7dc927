"""Token states of the embedding model as features of a spaCy pipeline: one pass over a text serves both.

The states are frozen: only what reads them is trained (Peters et al. 2018, "Deep contextualized word representations",
https://arxiv.org/abs/1802.05365, find that syntax sits in the middle layers). Importing this module makes the layer
known to spaCy under the name that the pipeline's config gives it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import spacy
from numpy.typing import NDArray
from spacy.language import Language
from spacy.ml.models import MultiHashEmbed
from spacy.tokens import Doc
from thinc.api import Maxout, Model, chain, concatenate, with_array
from thinc.types import Floats2d

from graphmem.embed import LazyEmbedder, open_embedder
from graphmem.embed.runtime import Reading

ARCHITECTURE = "graphmem.TokenStates.v1"
STATES = "graphmem_token_states"
"""Where a document carries the states of its words: an array of shape (words, numbers)."""


def give_states(doc: Doc, reading: Reading, places: Sequence[int]) -> None:
    """Give each word the state of the token that it begins in; `places` has the place in the text of each character."""
    starts = np.array([places[word.idx] for word in doc], np.int64)
    tokens = np.searchsorted(reading.starts, starts, side="right") - 1
    states = np.zeros((len(doc), reading.states.shape[1]), np.float32)
    states[tokens >= 0] = reading.states[tokens[tokens >= 0]]
    doc.user_data[STATES] = states


def reads_states(pipeline: Language) -> bool:
    """Whether a pipeline needs the states of the words."""
    return ARCHITECTURE in pipeline.config.to_str()


@spacy.registry.architectures(ARCHITECTURE)  # type: ignore[untyped-decorator]  # spaCy's registry has no types
def token_states(width: int, attrs: list[str | int], rows: list[int]) -> Model[list[Doc], list[Floats2d]]:
    """Mix what a word looks like, as hashed features, with its state: a row of `width` numbers for each word."""
    hashed = MultiHashEmbed(width=width, attrs=attrs, rows=rows, include_static_vectors=False)
    states: Model[list[Doc], list[Floats2d]] = Model("token_states", _forward)
    mixed: Model[Floats2d, Floats2d] = Maxout(nO=width, nP=3, normalize=True, dropout=0.0)
    return chain(concatenate(hashed, states), with_array(mixed))


def _forward(
    model: Model[list[Doc], list[Floats2d]], docs: list[Doc], is_train: bool
) -> tuple[list[Floats2d], Callable[[list[Floats2d]], list[Doc]]]:
    return [_states(doc) for doc in docs], lambda gradient: []


def _states(doc: Doc) -> NDArray[np.float32]:
    if STATES not in doc.user_data:
        [reading] = built_in_embedder().read([doc.text])
        give_states(doc, reading, range(len(doc.text)))
    return np.asarray(doc.user_data[STATES], np.float32)


@cache
def built_in_embedder() -> LazyEmbedder:
    """Return the built-in model, for documents that bring no states."""
    return open_embedder()
