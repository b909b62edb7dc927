"""A plug for models that read a question and a text together: they judge the best episodes again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from graphmem.errors import InvalidInput, ModelError

Rerank: TypeAlias = Callable[[str, list[str]], NDArray[np.float64]]
"""A question and texts to one number for each text; higher is better, on any scale."""


class Reranker(Protocol):
    """What judges texts for a question."""

    def score(self, question: str, texts: Sequence[str], /) -> Sequence[float]:
        """Return one number for each text; higher is better, on any scale."""


def open_reranker(reranker: object | None) -> Rerank | None:
    """Return how to ask a reranker: one with `score`, or a sentence-transformers CrossEncoder, which has `predict`.

    >>> class Longest:
    ...     def score(self, question, texts):
    ...         return [len(text) for text in texts]
    >>> open_reranker(Longest())("Who?", ["Ada", "Bo"]).tolist()
    [3.0, 2.0]
    """
    if reranker is None:
        return None
    score: Any = getattr(reranker, "score", None)
    predict: Any = getattr(reranker, "predict", None)
    if not callable(score) and not callable(predict):
        raise InvalidInput(f"reranker={reranker!r}: give an object with score(question, texts) or predict(pairs)")

    def rerank(question: str, texts: list[str]) -> NDArray[np.float64]:
        found = score(question, texts) if callable(score) else predict([(question, text) for text in texts])
        try:
            scores = np.asarray(found, np.float64)
        except (TypeError, ValueError) as error:
            raise ModelError(f"the reranker {reranker!r} returned {found!r:.80}: it has to return numbers") from error
        if scores.shape != (len(texts),) or not np.isfinite(scores).all():
            raise ModelError(
                f"the reranker {reranker!r} returned shape {scores.shape} for {len(texts)} texts: it has to return one "
                "finite number for each text"
            )
        return scores

    return rerank
