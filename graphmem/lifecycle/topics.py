"""Topics of a session: where the turns that come are unlike those before, a new one begins.

A turn begins a topic if it surprises after the turns before it (EM-LLM) and what follows is unlike what came before
(TextTiling, Hearst 1997; LightMem). Of all ways to cut that keep the bounds the one with most in favour is taken, which
is found in time linear in the turns.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from graphmem.errors import InvalidInput
from graphmem.graph.vectors import unit

LEAST: Final = 3
"""Turns of a topic at least, unless the session has fewer."""
MOST: Final = 24
"""Turns of a topic at most."""
_WINDOW: Final = 3
"""So many turns before and behind a cut are compared."""
_CLEAR: Final = 0.8
"""A cut has to be so many standard deviations clearer than the mean."""
_NEW_DAY: Final = 1.0
"""So many more it gains where the next turn was said on another day."""


def topics(
    vectors: NDArray[Any], *, times: Sequence[datetime] = (), least: int = LEAST, most: int = MOST
) -> list[tuple[int, int]]:
    """Cut a session of turns, given by their vectors, into topics: from which turn up to, not including, which.

    Each has `least` to `most` turns; where that cannot be, as in a short session, some have fewer. `times` are when the
    turns were said. Raises `InvalidInput` for bounds that exclude each other.

    >>> boats, birds = [[1.0, 0.0]] * 4, [[0.0, 1.0]] * 5
    >>> topics(np.array(boats + birds))
    [(0, 4), (4, 9)]
    """
    if not 1 <= least <= most:
        raise InvalidInput(f"least={least}, most={most}: give 1 <= least <= most turns")
    turns = len(vectors)
    if turns == 0:
        return []
    for shortest in (min(least, turns), 1):
        starts = _cut(_clearness(unit(vectors), times), shortest, most)
        if starts is not None:
            return list(zip(starts, [*starts[1:], turns], strict=True))
    raise AssertionError("topics of one turn are always possible")


def _clearness(vectors: NDArray[np.float32], times: Sequence[datetime]) -> NDArray[np.float64]:
    """Return how much speaks for a cut before each turn, in standard deviations above what makes it clear."""
    turns = len(vectors)
    sums = np.concatenate((np.zeros((1, vectors.shape[1])), np.cumsum(vectors, axis=0, dtype=np.float64)))
    at = np.arange(1, turns)
    before = unit(sums[at] - sums[np.maximum(at - _WINDOW, 0)])
    after = unit(sums[np.minimum(at + _WINDOW, turns)] - sums[at])
    surprise = 1 - np.einsum("ij,ij->i", before, vectors[1:])
    drop = 1 - np.einsum("ij,ij->i", before, after)
    strength = (surprise + drop).astype(np.float64)
    spread = float(strength.std()) if len(strength) else 0.0
    clear = (strength - strength.mean()) / spread if spread > 1e-6 else np.zeros(len(strength))
    if times:
        clear += _NEW_DAY * np.array([b.date() != a.date() for a, b in pairwise(times)], np.float64)
    return np.concatenate(([0.0], clear - _CLEAR))


def _cut(clear: NDArray[np.float64], least: int, most: int) -> list[int] | None:
    """Return the starts of the pieces with the largest sum, the longer piece first of equals; None if none fit."""
    turns = len(clear)
    best = np.full(turns + 1, -np.inf)
    best[0] = 0.0
    start = np.zeros(turns + 1, np.intp)
    for end in range(1, turns + 1):
        first, last = max(0, end - most), end - least
        if last < first:
            continue
        values = best[first : last + 1] + np.where(np.arange(first, last + 1) > 0, clear[first : last + 1], 0.0)
        place = int(np.argmax(values))
        best[end], start[end] = values[place], first + place
    if best[turns] == -np.inf:
        return None
    starts, at = [], turns
    while at > 0:
        at = int(start[at])
        starts.append(at)
    return starts[::-1]
