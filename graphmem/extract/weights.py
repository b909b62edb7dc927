"""Weights in 16 bits on disk, in 32 at work: half the size for the same answers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike
from spacy.language import Language
from thinc.api import Model


def cast_weights(pipeline: Language, kind: DTypeLike) -> None:
    """Turn all weights and word vectors of a pipeline into numbers of a kind, in place."""
    for _, pipe in pipeline.pipeline:
        model: Model[Any, Any] | None = getattr(pipe, "model", None)
        for node in model.walk() if model is not None else ():
            for name in node.param_names:
                if node.has_param(name):
                    node.set_param(name, np.asarray(node.get_param(name), kind))
    vectors = pipeline.vocab.vectors
    vectors.data = np.asarray(vectors.data, kind)
