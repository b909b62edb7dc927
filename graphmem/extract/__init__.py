"""Text to understanding: passages, times, entities, facts and events, by spaCy and rules; no store, no vectors."""

from __future__ import annotations

from pathlib import Path

from graphmem.errors import InvalidInput
from graphmem.model import Extractor


def open_extractor(pipeline: str | Path | Extractor | None = None) -> Extractor:
    """Give an extractor: the built-in English one, one on another spaCy pipeline, or the object with `extract` itself.

    Raises `InvalidInput` for anything else, and `ModelError`, on first use, for a pipeline that cannot be loaded.
    """
    if pipeline is None or isinstance(pipeline, (str, Path)):
        from graphmem.extract.english import EnglishExtractor

        return EnglishExtractor(pipeline)
    if callable(getattr(pipeline, "extract", None)):
        return pipeline
    raise InvalidInput(
        f"{type(pipeline).__name__} {pipeline!r:.60} is no extractor: "
        "give the name or path of a spaCy pipeline, or an object with extract(episodes)"
    )
