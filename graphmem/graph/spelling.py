"""Words that are nearly alike: which known words a misspelt one may stand for."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from graphmem.graph.columns import Column


class Spelling:
    """Known words, by length, each with the set of its letters as bits.

    Each of two words within n edits has at most n letters that the other lacks: a scan over the bits leaves few words
    to compare.

    >>> spelling = Spelling()
    >>> spelling.add(["lovelace", "london", "lovelock"])
    >>> spelling.near("lovelcae", edits=1), "london" in spelling
    (['lovelace'], True)
    """

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._words: dict[int, list[str]] = {}
        self._letters: dict[int, Column[np.uint64]] = {}

    def __contains__(self, word: str) -> bool:
        return word in self._known

    def add(self, words: Iterable[str]) -> None:
        """Learn words; known ones are passed over."""
        fresh: dict[int, list[str]] = {}
        for word in dict.fromkeys(words):
            if word not in self._known:
                fresh.setdefault(len(word), []).append(word)
        for length, group in fresh.items():
            self._known.update(group)
            self._words.setdefault(length, []).extend(group)
            letters = self._letters.setdefault(length, Column(np.uint64))
            letters.extend(np.array([_letters(word) for word in group], np.uint64))

    def near(self, word: str, *, edits: int) -> list[str]:
        """Return the known words at most so many edits away; more than one edit only if the first letter is right."""
        own, found = np.uint64(_letters(word)), []
        for length in range(len(word) - edits, len(word) + edits + 1):
            if length in self._letters:
                letters = self._letters[length].values
                close = _few(own & ~letters, edits) & _few(letters & ~own, edits)
                group = self._words[length]
                found += [
                    known
                    for known in (group[at] for at in np.flatnonzero(close).tolist())
                    if (edits < 2 or known[:1] == word[:1]) and within(word, known, edits)
                ]
        return found


def within(one: str, other: str, edits: int) -> bool:
    """Are two words at most so many edits apart: letters inserted, left out, replaced, or two neighbours swapped?

    >>> within("trondhiem", "trondheim", 1), within("ada", "adam", 0), within("jon", "john", 1)
    (True, False, True)
    """
    same = 0
    while same < len(one) and same < len(other) and one[same] == other[same]:
        same += 1
    one, other = one[same:], other[same:]
    if not one or not other or not edits:
        return len(one) + len(other) <= edits
    return (
        within(one[1:], other[1:], edits - 1)
        or within(one[1:], other, edits - 1)
        or within(one, other[1:], edits - 1)
        or (one[:2] == other[1::-1] and within(one[2:], other[2:], edits - 1))
    )


def _letters(word: str) -> int:
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 63)
    return bits


def _few(bits: NDArray[np.uint64], most: int) -> NDArray[np.bool_]:
    """Where are at most so many bits set? Each step clears the lowest."""
    for _ in range(most):
        bits = bits & (bits - np.uint64(1))
    none: NDArray[np.bool_] = bits == 0
    return none
