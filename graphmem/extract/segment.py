"""Cut long text into episodes at paragraphs, and text into sentences without a parser; linear in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from graphmem.model import Span

SHORT = 200
"""Paragraphs are joined up to about so many words."""
LONG = 400
"""A paragraph of more words is cut at sentence ends, so that pieces have about `SHORT` words."""
_LARGEST = 10_000
"""A piece of a long paragraph ends after about so many characters, whatever its words."""
_LONGEST_WORD = 2_000
"""What has no space for so many characters is no word and may be cut anywhere."""

_PARAGRAPH_END = re.compile(r"\n[^\S\n]*\n\s*")
_WORD = re.compile(rf"\S{{1,{_LONGEST_WORD}}}")
_STOP = re.compile(r"[.!?…。！？]+[\"'”’)\]]*(?=\s)|\n+")
_CLOSING = frozenset("\"'”’)]")
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Za-z]|Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|Gen|Col|Capt|Lt|Sgt|Sen|Rep|Gov|Rev|Hon|Pres|No|vs|etc|Inc|Ltd|Co|Corp|Mt|Ft|Fig|approx"
    r"|ca|cf|al|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)|e\.g|i\.e|[A-Z]\.[A-Z]|p\.m|a\.m)\.$"
)


def segment(text: str) -> list[str]:
    """Cut a text into passages, later episodes: whole paragraphs, short ones joined, long ones cut at sentence ends.

    >>> segment("One paragraph.\\n\\nAnd another.")
    ['One paragraph.\\n\\nAnd another.']
    """
    passages: list[str] = []
    start = end = size = 0
    for first, last, count in _pieces(text):
        if size and (size + count > SHORT or last - start > _LARGEST):
            passages.append(text[start:end])
            size = 0
        if not size:
            start = first
        end, size = last, size + count
    if size:
        passages.append(text[start:end])
    return passages


def sentences(text: str) -> list[Span]:
    """Find sentences by punctuation and line ends, for text that no parser has read.

    >>> sentences("Dr. Lee left. Why?")
    [(0, 13), (14, 18)]
    """
    return list(_sentences(text, 0, len(text)))


def _pieces(text: str) -> Iterator[tuple[int, int, int]]:
    """Start, end and number of words of what is never cut again: a paragraph, or a run of sentences of a long one."""
    position = 0
    while position < len(text):
        gap = _PARAGRAPH_END.search(text, position)
        first, last = _trimmed(text, position, gap.start() if gap else len(text))
        position = gap.end() if gap else len(text)
        count = _words(text, first, last)
        if 0 < count <= LONG:
            yield first, last, count
        elif count:
            yield from _cut(text, first, last)


def _cut(text: str, first: int, last: int) -> Iterator[tuple[int, int, int]]:
    """Runs of whole sentences with about `SHORT` words each."""
    start = end = size = 0
    for begin, stop in _sentences(text, first, last):
        for part_begin, part_stop, count in _bounded(text, begin, stop):
            if size and (size + count > SHORT * 5 // 4 or part_stop - start > _LARGEST):
                yield start, end, size
                size = 0
            if not size:
                start = part_begin
            end, size = part_stop, size + count
    if size:
        yield start, end, size


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
