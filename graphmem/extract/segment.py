"""Cut long text into episodes where its subject changes, and text into sentences without a parser; linear in the text.

Where events end, what comes next is a surprise to what came before (Fountas et al. 2024, "Human-like episodic memory
for infinite context LLMs", EM-LLM). Without a language model the surprise is the lack of lexical cohesion: how little
the words after a place have in common with those before it (Hearst 1997, "TextTiling"). Between a least and a largest
size, a passage ends where the surprise is greatest; the end of a paragraph counts for more, a mark between scenes for
most.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from math import sqrt
from typing import NamedTuple

from graphmem.graph.lexical import terms
from graphmem.model import Span

SHORT = 200
"""A text of so many words is one passage, and passages of a longer one have about so many."""
LONG = 400
"""A paragraph of up to so many words is never cut."""
_LEAST, _MOST = SHORT // 2, SHORT * 5 // 4
"""Between so many words a passage ends, unless a paragraph is longer."""
_SCENE = SHORT // 4
"""A passage between marks may be as short as this."""
_NEAR = 80
"""So many words before a place are compared with as many after it."""
_PARAGRAPH, _MARK = 0.2, 1.5
"""What the end of a paragraph and a mark between scenes add to the surprise, which is 1 where no word recurs."""
_LARGEST = 10_000
"""A passage ends after about so many characters, whatever its words."""
_LONGEST_WORD = 2_000
"""What has no space for so many characters is no word and may be cut anywhere."""

_PARAGRAPH_END = re.compile(r"\n[^\S\n]*\n\s*")
_BETWEEN = re.compile(r"(?:[*~•⁂=_#§—–-]\s*)+$")
"""A mark between scenes."""
_HEADING = re.compile(
    r"#{1,6} |(?:chapter|part|act|scene|book|section)\s+(?:\d+|[ivxlc]+|one|two|three|four|five|six|seven|eight)\b",
    re.IGNORECASE,
)
_WORD = re.compile(rf"\S{{1,{_LONGEST_WORD}}}")
_STOP = re.compile(r"[.!?…。！？]+[\"'”’)\]]*(?=\s)|\n+")
_CLOSING = frozenset("\"'”’)]")
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Za-z]|Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|Gen|Col|Capt|Lt|Sgt|Sen|Rep|Gov|Rev|Hon|Pres|No|vs|etc|Inc|Ltd|Co|Corp|Mt|Ft|Fig|approx"
    r"|ca|cf|al|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)|e\.g|i\.e|[A-Z]\.[A-Z]|p\.m|a\.m)\.$"
)


class _Unit(NamedTuple):
    """What is never cut again: a paragraph, or a sentence of a long one."""

    start: int
    end: int
    words: int
    opening: float
    """What its place adds to the surprise before it."""


def segment(text: str) -> list[str]:
    """Cut a text into passages, later episodes; one of up to `SHORT` words, and a paragraph of up to `LONG`, is whole.

    >>> segment("One paragraph.\\n\\nAnd another.")
    ['One paragraph.\\n\\nAnd another.']
    """
    units = list(_units(text))
    surprise: Sequence[float] = ()
    passages: list[str] = []
    first = 0
    while first < len(units):
        last = _fitting(units, first)
        if last > first + 1 and (last < len(units) or sum(unit.words for unit in units[first:last]) > SHORT):
            surprise = surprise or _surprise(text, units)
            last = _best_end(units, surprise, first, last)
        passages.append(text[units[first].start : units[last - 1].end])
        first = last
    return passages


def _fitting(units: Sequence[_Unit], first: int) -> int:
    """The end of the units, from a first one on, that fit into one passage; a heading takes what follows with it."""
    size, last = units[first].words, first + 1
    while last < len(units) and units[last].end - units[first].start <= _LARGEST:
        if size + units[last].words > _MOST and size >= _SCENE:
            break
        size += units[last].words
        last += 1
    return last


def _best_end(units: Sequence[_Unit], surprise: Sequence[float], first: int, last: int) -> int:
    """Where a passage that may go on up to `last` ends best; of equal places the one nearest to the usual size."""
    size, rest = 0, sum(unit.words for unit in units[first:last])
    ends: list[tuple[float, int, int]] = []
    for place in range(first + 1, min(last + 1, len(units))):
        size += units[place - 1].words
        if last == len(units) and rest - size < _SCENE:  # too little would be left
            break
        if size >= _LEAST or (size >= _SCENE and units[place].opening >= _MARK):
            ends.append((surprise[place], -abs(size - SHORT), place))
    return max(ends, default=(0.0, 0, last))[2]


def _surprise(text: str, units: Sequence[_Unit]) -> list[float]:
    """The surprise where each unit starts: how unlike the words before are to those after, and what the place adds."""
    words = [terms(text[unit.start : unit.end]) for unit in units]
    sides = _Sides()
    left = right = behind = ahead = 0
    found = []
    for place, unit in enumerate(units):
        while right < len(units) and (ahead < _NEAR or right == place):
            sides.put(words[right], after=True)
            ahead += units[right].words
            right += 1
        while left < place and behind - units[left].words >= _NEAR:
            sides.take(words[left], after=False)
            behind -= units[left].words
            left += 1
        found.append(1 - sides.alike() + unit.opening)
        sides.take(words[place], after=True)
        sides.put(words[place], after=False)
        ahead -= unit.words
        behind += unit.words
    return found


class _Sides:
    """The words before and after a place; their cosine is kept up word by word, so that moving on costs what moves."""

    def __init__(self) -> None:
        self._counts: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        self._squares = [0, 0]
        self._common = 0

    def put(self, words: Sequence[str], *, after: bool) -> None:
        own, other = self._counts[after], self._counts[not after]
        for word in words:
            self._common += other[word]
            self._squares[after] += 2 * own[word] + 1
            own[word] += 1

    def take(self, words: Sequence[str], *, after: bool) -> None:
        own, other = self._counts[after], self._counts[not after]
        for word in words:
            self._common -= other[word]
            self._squares[after] -= 2 * own[word] - 1
            own[word] -= 1

    def alike(self) -> float:
        both = self._squares[0] * self._squares[1]
        return self._common / sqrt(both) if both else 0.0


def sentences(text: str) -> list[Span]:
    """Find sentences by punctuation and line ends, for text that no parser has read.

    >>> sentences("Dr. Lee left. Why?")
    [(0, 13), (14, 18)]
    """
    return list(_sentences(text, 0, len(text)))


def _units(text: str) -> Iterator[_Unit]:
    position, opening = 0, 0.0
    while position < len(text):
        gap = _PARAGRAPH_END.search(text, position)
        first, last = _trimmed(text, position, gap.start() if gap else len(text))
        position = gap.end() if gap else len(text)
        count = _words(text, first, last)
        if _HEADING.match(text, first, last):
            opening = _MARK
        if 0 < count <= LONG:
            yield _Unit(first, last, count, opening)
        elif count:
            for begin, stop in _sentences(text, first, last):
                for part_begin, part_stop, part_count in _bounded(text, begin, stop):
                    yield _Unit(part_begin, part_stop, part_count, opening)
                    opening = 0.0
        if count:
            opening = _MARK if last - first < 40 and _BETWEEN.match(text, first, last) else _PARAGRAPH


def _bounded(text: str, first: int, last: int) -> Iterator[tuple[int, int, int]]:
    """A sentence, or pieces of `LONG` words of one that is huge."""
    start, count, end = first, 0, first
    for word in _WORD.finditer(text, first, last):
        if count == LONG:
            yield start, end, count
            start, count = word.start(), 0
        count, end = count + 1, word.end()
        if end - start > _LARGEST:
            yield start, end, count
            start, count = end, 0
    if count:
        yield start, end, count


def _sentences(text: str, first: int, last: int) -> Iterator[Span]:
    start = first
    for stop in _STOP.finditer(text, first, last):
        end = stop.end()
        mark = stop.group()
        if mark[0] == "." and not _ends_sentence(text, start, stop.start(), end, last):
            continue
        if mark[-1] in _CLOSING and text[end : end + 2].strip()[:1].islower():  # "Why?" she asked
            continue
        begin, close = _trimmed(text, start, end)
        if begin < close:
            yield begin, close
        start = end
    begin, close = _trimmed(text, start, last)
    if begin < close:
        yield begin, close


def _ends_sentence(text: str, start: int, stop: int, end: int, last: int) -> bool:
    """A full stop ends a sentence unless it follows an abbreviation or lower case goes on."""
    if _ABBREVIATION.search(text, max(start, stop - 8), stop + 1):
        return False
    following = text[end : min(end + 12, last)].lstrip()
    return not following[:1].islower()


def _words(text: str, first: int, last: int) -> int:
    return sum(1 for _ in _WORD.finditer(text, first, last))


def _trimmed(text: str, first: int, last: int) -> Span:
    while first < last and text[first].isspace():
        first += 1
    while last > first and text[last - 1].isspace():
        last -= 1
    return first, last
