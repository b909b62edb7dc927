"""What the parser is given: one paragraph, chat line or list item at a time, its spaces evened out, its offsets kept.

Parsers trained on running prose segment chat and lists badly, so line ends that end a thought are cut here already.
Code, tables and headlines in capitals are marked, so that no facts are read out of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from graphmem.extract.segment import sentences
from graphmem.graph.lexical import STOP_WORDS

WORDS = 200
"""Words that the parser is given at once; longer paragraphs are cut at sentence ends."""
_WRAPPED = 55
"""A line of at least so many characters without an end mark goes on in the next one."""

_BULLET = re.compile(r"\s*(?:[-*•–>#|]+\s+|\(?\d{1,3}[.)]\s+|\[[ xX]\]\s+)+")
_SPEAKER = re.compile(r"([A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3}): (?=\S)")
_NO_SPEAKER = frozenset(
    """
    note notes summary subject re from to cc date time update warning question answer example ps todo action
    actions agenda topic result results conclusion source title author tip hint important attendees present
    decision decisions location where when who what why how step day part chapter section abstract keywords
    address phone email url see
    """.split()  # noqa: SIM905
)
_SPACE = re.compile(r"\s+")
_UNEVEN = re.compile(r"\s{2,}|[^\S ]")
_INVISIBLE = dict.fromkeys([*range(32), 0x7F, 0xAD, 0x200B, 0x200C, 0x200E, 0x200F, 0x2060, 0xFEFF], " ")
_SYMBOLS = frozenset("{}[]<>|=_\\/+*#@~^$%&`")
_WORD = re.compile(r"\S{1,400}")


class Block(NamedTuple):
    """A piece of a text as the parser reads it."""

    text: str
    places: range | list[int]
    """For each character of `text`, and one more, where it stands in the whole text."""
    speaker: str | None
    """Who says it, if the line itself names the speaker ("Ann: I am late")."""
    prose: bool
    """Whether facts may be read out of it."""


def blocks(text: str) -> list[Block]:
    """Cut a text into blocks, in order.

    >>> [(block.text, block.speaker) for block in blocks("# Notes\\nAnn: I am late.\\nBen: so am I")]
    [('Notes', None), ('I am late.', 'Ann'), ('so am I', 'Ben')]
    """
    found: list[Block] = []
    for first, last in _lines(text):
        bullet = _BULLET.match(text, first, last)
        first = bullet.end() if bullet else first
        speaker = _SPEAKER.match(text, first, last)
        if speaker and speaker[1].lower() not in _NO_SPEAKER:
            found.extend(_block(text, start, end, speaker[1]) for start, end in _cut(text, speaker.end(), last))
        else:
            found.extend(_block(text, start, end, None) for start, end in _cut(text, first, last))
    return [block for block in found if block.text]


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Lines, those that only a hard wrap separates put together again."""
    start = position = 0
    size = len(text)
    while position <= size:
        end = text.find("\n", position)
        end = size if end < 0 else end
        line = text[position:end].rstrip()
        following = text[end + 1 : end + 2]
        wrapped = len(line) >= _WRAPPED and line[-1] not in '.!?:;"”’)' and (following.islower() or following.isdigit())
        if not wrapped or end - start > 20_000:
            if line or start < position:
                yield start, end
            start = end + 1
        position = end + 1


def _cut(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """A line whole, or in runs of sentences of at most `WORDS` words."""
    if last - first <= WORDS * 4:  # so few characters cannot be too many words of usual length
        yield first, last
        return
    start, end, count = first, first, 0
    for begin, stop in sentences(text[first:last]):
        for word in _WORD.finditer(text, first + begin, first + stop):
            if count >= WORDS and (word.start() == first + begin or count >= 2 * WORDS):
                yield start, end
                start, count = word.start(), 0
            count, end = count + 1, word.end()
    if count:
        yield start, end


def _block(text: str, first: int, last: int, speaker: str | None) -> Block:
    piece = text[first:last].translate(_INVISIBLE)
    while piece[:1].isspace():
        first, piece = first + 1, piece[1:]
    piece = piece.rstrip()
    if not _UNEVEN.search(piece):
        return Block(piece, range(first, first + len(piece) + 1), speaker, _prose(piece))
    places: list[int] = []
    even: list[str] = []
    position = 0
    for gap in _SPACE.finditer(piece):
        even += [piece[position : gap.start()], " "]
        places += range(first + position, first + gap.start() + 1)
        position = gap.end()
    even.append(piece[position:])
    places += range(first + position, first + len(piece) + 1)
    return Block("".join(even), places, speaker, _prose(piece))


def _prose(piece: str) -> bool:
    """Is it mostly words, with the small words of English among them, and not all in capitals?"""
    sample = piece[:400]
    letters = sum(character.isalpha() or character.isspace() for character in sample)
    symbols = sum(character in _SYMBOLS for character in sample)
    if letters < 0.6 * len(sample) or symbols > 0.06 * len(sample) or (sample.isupper() and len(sample) > 12):
        return False
    words = sample.lower().split()
    return len(words) < 8 or any(word.strip(".,!?;:\"'") in STOP_WORDS for word in words)
