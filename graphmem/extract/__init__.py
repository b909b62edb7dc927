"""Text to understanding: passages, times, entities, facts and events, by spaCy and rules; no store, no vectors."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from graphmem.errors import InvalidInput
from graphmem.model import Episode, Extraction, Extractor


class LazyExtractor:
    """The English extractor, imported when there is something to read: a process that only asks does without."""

    def __init__(self, pipeline: str | Path | None) -> None:
        self._pipeline = pipeline
        self._opened: Extractor | None = None
        self._opening = threading.Lock()

    def extract(self, episodes: Sequence[Episode]) -> list[Extraction]:
        with self._opening:
            if self._opened is None:
                from graphmem.extract.english import EnglishExtractor

                self._opened = EnglishExtractor(self._pipeline)
        return self._opened.extract(episodes)


def open_extractor(pipeline: str | Path | Extractor | None = None) -> Extractor:
    """Give an extractor: the built-in English one, one on another spaCy pipeline, or the object with `extract` itself.

    Raises `InvalidInput` for anything else, and `ModelError`, on first use, for a pipeline that cannot be loaded.
    """
    if pipeline is None or isinstance(pipeline, (str, Path)):
        return LazyExtractor(pipeline)
    if callable(getattr(pipeline, "extract", None)):
        return pipeline
    raise InvalidInput(
        f"{type(pipeline).__name__} {pipeline!r:.60} is no extractor: "
        "give the name or path of a spaCy pipeline, or an object with extract(episodes)"
    )
