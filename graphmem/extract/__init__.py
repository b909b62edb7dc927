"""Text to understanding: passages, times, entities, facts and events, by spaCy and rules; no store, no vectors."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from graphmem.errors import InvalidInput
from graphmem.model import Episode, Extraction, Extractor

if TYPE_CHECKING:
    from graphmem.embed.runtime import Reading


class TokenReader(Protocol):
    """An embedding model that also gives the states of a text's tokens."""

    @property
    def built_in(self) -> bool:
        """Whether it is the model whose states the accurate profile knows."""

    def read(self, texts: Sequence[str], /) -> list[Reading]: ...


class LazyExtractor:
    """The English extractor, imported when there is something to read: a process that only asks does without."""

    def __init__(self, pipeline: str | Path | None, embedder: TokenReader | None) -> None:
        self._pipeline = pipeline
        self._embedder = embedder
        self._opened: Extractor | None = None
        self._opening = threading.Lock()

    def extract(self, episodes: Sequence[Episode]) -> list[Extraction]:
        with self._opening:
            if self._opened is None:
                from graphmem.extract.english import EnglishExtractor

                self._opened = EnglishExtractor(self._pipeline, embedder=self._embedder)
        return self._opened.extract(episodes)


def open_extractor(pipeline: str | Path | Extractor | None = None, *, embedder: TokenReader | None = None) -> Extractor:
    """Give an extractor: the built-in English one, one on another spaCy pipeline, or the object with `extract` itself.

    The built-in one has two profiles, "fast" (the default) and "accurate", which reads the token states of the
    embedding model; `embedder` is the one whose passes it shares.

    Raises `InvalidInput` for anything else, and `ModelError`, on first use, for a pipeline that cannot be loaded.
    """
    if pipeline is None or isinstance(pipeline, (str, Path)):
        return LazyExtractor(pipeline, embedder)
    if callable(getattr(pipeline, "extract", None)):
        return pipeline
    raise InvalidInput(
        f"{type(pipeline).__name__} {pipeline!r:.60} is no extractor: "
        "give a profile, the name or path of a spaCy pipeline, or an object with extract(episodes)"
    )
