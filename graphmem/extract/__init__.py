"""Text to understanding: passages, times, entities, facts and events, by spaCy and rules; no store, no vectors."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from graphmem.errors import InvalidInput
from graphmem.model import Episode, Extraction, Extractor

if TYPE_CHECKING:
    from graphmem.embed.runtime import Reading
    from graphmem.extract.explanation import Explanation


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

    The built-in one has two profiles, "fast" and "accurate" (the default), which reads the token states of the
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


def explain(
    text: str,
    *,
    reference_time: datetime | str | None = None,
    speaker: str | None = None,
    addressee: str | None = None,
    title: str | None = None,
    extractor: str | Path | Extractor | None = None,
) -> Explanation:
    """Read a text as one episode and explain what was understood of it; needs no memory.

    The explanation prints as tables and shows itself in a notebook; it has `.extraction`, `.tree()` as text and
    `.draw()` as a picture. `extractor` is what `Memory` takes; the times are counted from `reference_time`, now if it
    is not given. Raises `InvalidInput` for a text or time that cannot be used.

    >>> print(explain("Ada met Ben in May.", reference_time="1833-06-05"))
    Sentences
      0-19  Ada met Ben in May.
    <BLANKLINE>
    Names
       0-3  Ada  PERSON
      8-11  Ben  PERSON
    <BLANKLINE>
    Facts
      0-11  Ada → meet → Ben  1833-05-01 ..  0.85
    <BLANKLINE>
    Events
      0-18  meet: Ada met Ben in May  1833-05-01 .. 1833-06-01  relative, past
              agent: Ada
              patient: Ben
    <BLANKLINE>
    Times, counted from 1833-06-05
      15-18  May  1833-05-01 .. 1833-06-01  month, relative
    """
    from graphmem.extract import explanation

    return explanation.explain(
        text, reference_time=reference_time, speaker=speaker, addressee=addressee, title=title, extractor=extractor
    )
