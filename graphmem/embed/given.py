"""An object with `encode`, brought along by the user, as embedding model."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graphmem.embed.source import built_in
from graphmem.errors import ModelError


class GivenModel:
    """A model that is an object with `encode(list of str)` and, if it likes, name, dimension and count_tokens."""

    def __init__(self, model: object) -> None:
        if isinstance(model, type) or not callable(getattr(model, "encode", None)):
            raise ModelError(
                f"{model!r:.80} cannot embed texts: give the name or folder of a sentence-transformers model, or an "
                "object with encode(list of str) that returns one row of numbers for each text"
            )
        self._model: Any = model
        name = getattr(model, "name", None)
        self.name: str = name if isinstance(name, str) else type(model).__name__

    @cached_property
    def dimension(self) -> int:
        """The dimension it tells, else that of the vector of a short text."""
        told = getattr(self._model, "dimension", None)
        return told if isinstance(told, int) else self.vectors(["dimension"]).shape[1]

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return what the object's encode says, as float32."""
        answer = self._model.encode(list(texts))
        try:
            rows = np.asarray(answer, dtype=np.float32)
        except (TypeError, ValueError) as error:
            raise ModelError(
                f"the embedding model {self.name!r} returned {type(answer).__name__} {answer!r:.60}, which is no array "
                f"of numbers: its encode has to return one row of numbers for each text"
            ) from error
        if rows.ndim != 2 or rows.shape[1] == 0:
            raise ModelError(
                f"the embedding model {self.name!r} returned shape {rows.shape} for {len(texts)} texts: "
                "its encode has to return one row of numbers for each text"
            )
        return rows

    def count_tokens(self, text: str) -> int:
        """Count with the object's own count_tokens, or with the tokenizer of the built-in model."""
        count = getattr(self._model, "count_tokens", None)
        return int(count(text)) if callable(count) else len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(built_in() / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer
