"""A progress bar while episodes are added: tqdm's, in a notebook as in a terminal."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sized
from contextlib import contextmanager

from graphmem.ingest import Progress


@contextmanager
def watched(items: Iterable[object]) -> Iterator[tuple[Iterable[object], Progress]]:
    """Show a bar on standard error; give the items to add, which are counted, and what to call after each batch."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a notebook without ipywidgets has a bar of text, and need not be told so
        from tqdm.auto import tqdm

        bar = tqdm(total=len(items) if isinstance(items, Sized) else None, unit="item", desc="add")
    taken = 0

    def counted() -> Iterator[object]:
        nonlocal taken
        for item in items:
            taken += 1
            yield item

    def progress(episodes: int, characters: int) -> None:
        bar.set_postfix_str(f"{episodes:,} episodes, {characters:,} characters stored", refresh=False)
        bar.update(taken - bar.n)

    with bar:
        yield counted(), progress
