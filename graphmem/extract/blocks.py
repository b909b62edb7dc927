"""What the parser is given: one paragraph, chat line or list item at a time, without markup, its offsets kept.

Parsers trained on running prose segment chat and lists badly, so line ends that end a thought are cut here already.
What is no English prose (code, tables, headlines in capitals, other languages) is marked with the reason, so that no
facts are read out of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from graphmem.extract.markup import CELL, LINE_END, VERBATIM, plain
from graphmem.extract.prose import columns, is_code, why_no_prose
from graphmem.extract.reasons import CODE, TABLE
from graphmem.extract.segment import sentences

WORDS = 200
"""Words that the parser is given at once; longer paragraphs are cut at sentence ends."""
_WRAPPED = 55
"""A line of at least so many characters without an end mark goes on in the next one."""
_BULLET = re.compile(r"\s*(?:[-*•–>#|]+\s+|\(?\d{1,3}[.)]\s+|\[[ xX]\]\s+)+")
_STAMP = (
    r"\[[\d/.:, T-]{4,24}(?: ?[AaPp][Mm])?\] ?"
    r"|\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4},? \d{1,2}:\d{2}(?::\d{2})?(?: ?[AaPp][Mm])? - "
)
"""When a line of a chat was written: "[2024-03-05 10:01] ", "05/03/2024, 10:01 - "."""
_SPEAKER = re.compile(rf"(?:{_STAMP})?([A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){{0,3}}): (?=\S)")
_NO_SPEAKER = frozenset(
    """
    note notes summary subject re q a from to cc date time update warning question answer example ps todo action
    actions agenda topic result results conclusion source title author tip hint important attendees present
    decision decisions location where when who what why how step day part chapter section abstract keywords
    address phone email url see correction corrections erratum clarification reminder minutes status news breaking
    announcement announcements info fyi attention alert edit addendum disclaimer background context deadline headline
    reply rumour rumor rumors rumours fact facts
    """.split()  # noqa: SIM905
)
_SPACE = re.compile(r"\s+")
_UNEVEN = re.compile(r"\s{2,}|[^\S ]|^ ")
_INVISIBLE = dict.fromkeys([*range(32), 0x7F, 0xAD, 0x200B, 0x200C, 0x200E, 0x200F, 0x2060, 0xFEFF], " ")
_WORD = re.compile(r"\S{1,400}")
_FENCE = re.compile(r"\s*(?:```|~~~)")


class Block(NamedTuple):
    """A piece of a text as the parser reads it."""

    text: str
    places: range | list[int]
    """For each character of `text`, and one more, where it stands in the whole text."""
    speaker: str | None
    """Who says it, if the line itself names the speaker ("Ann: I am late")."""
    reason: str | None
    """Why no facts may be read out of it; None if they may."""

    @property
    def prose(self) -> bool:
        """Whether facts may be read out of it."""
        return self.reason is None


def blocks(text: str) -> list[Block]:
    """Cut a text into blocks, in order.

    >>> [(block.text, block.speaker) for block in blocks("# Notes\\nAnn: I am **late**.\\nBen: so am I")]
    [('Notes', None), ('I am late.', 'Ann'), ('so am I', 'Ben')]
    >>> [block.reason for block in blocks("See how:\\n```\\nx = f(y)\\n```")]
    [None, 'code']
    """
    found: list[Block] = []
    for first, last, reason in _joined(text, _lines(text)):
        bullet = _BULLET.match(text, first, last) if reason is None else None
        first = bullet.end() if bullet else first
        speaker = _SPEAKER.match(text, first, last) if reason is None else None
        if speaker and speaker[1].lower() not in _NO_SPEAKER and not speaker[1].startswith("The "):
            found.extend(_block(text, start, end, speaker[1], None) for start, end in _cut(text, speaker.end(), last))
        else:
            found.extend(_block(text, start, end, None, reason) for start, end in _cut(text, first, last))
    return [block for block in found if block.text]


class _Line(NamedTuple):
    first: int
    last: int
    reason: str | None


def _lines(text: str) -> list[_Line]:
    """Lines as they are written, code and tables marked; tags that stand between paragraphs end a line too."""
    lines: list[_Line] = []
    start = 0
    fenced = _opens_inside_a_fence(text)
    tagged = False
    for end in LINE_END.finditer(text):
        lines.append(_line(text, start, end.start(), code=tagged, cell=CELL.match(end.group()) is not None))
        if (tag := VERBATIM.match(end.group())) is not None:
            tagged = not tag[1]
        start = end.end()
    lines.append(_line(text, start, len(text), code=tagged, cell=False))
    for number, line in enumerate(lines):
        if _FENCE.match(text, line.first, line.last):
            fenced = not fenced
            lines[number] = line._replace(first=line.last)  # the fence itself is nothing to read
        elif fenced and line.reason is None:
            lines[number] = line._replace(reason=CODE)
    return _spread(text, lines)


def _line(text: str, first: int, last: int, *, code: bool, cell: bool) -> _Line:
    if first == last:
        return _Line(first, last, None)
    if code or (not cell and is_code(text[first:last])):
        return _Line(first, last, CODE)
    return _Line(first, last, TABLE if cell else None)


def _opens_inside_a_fence(text: str) -> bool:
    """Does a passage begin within code, whose opening fence is in the passage before?"""
    fences = [line for line in text.split("\n") if _FENCE.match(line)] if "```" in text or "~~~" in text else []
    return len(fences) % 2 == 1 and fences[0].strip() in ("```", "~~~") and not text.lstrip().startswith(fences[0])


def _spread(text: str, lines: list[_Line]) -> list[_Line]:
    """Mark lines as code between and below lines of code, and as a table where rows with as many columns follow."""
    rows = [0 if line.reason else columns(text[line.first : line.last]) for line in lines]
    spread: list[_Line] = []
    for number, line in enumerate(lines):
        reason = line.reason
        if reason is None and line.first < line.last:
            before = spread[number - 1].reason if number else None
            after = lines[number + 1].reason if number + 1 < len(lines) else None
            indented = text[line.first : line.first + 2] in ("  ", "\t") or text[line.first] == "\t"
            ended = text[line.first : line.last].rstrip()[-1:] in (".", "!", "?")
            if before == CODE and not ended and (indented or after == CODE):
                reason = CODE
            elif rows[number] > 1:
                near = rows[max(0, number - 2) : number] + rows[number + 1 : number + 3]
                if rows[number] in near or text[line.first : line.last].count("|") > 1:
                    reason = TABLE
        spread.append(line._replace(reason=reason))
    return spread


def _joined(text: str, lines: list[_Line]) -> Iterator[_Line]:
    """Lines of prose that only a hard wrap separates put together again."""
    start: int | None = None
    for number, line in enumerate(lines):
        start = line.first if start is None else start
        following = lines[number + 1] if number + 1 < len(lines) else None
        if following is not None and line.last - start < 20_000 and _wrapped(text, line, following):
            continue
        if line.last > start:
            yield _Line(start, line.last, line.reason)
        start = None


def _wrapped(text: str, line: _Line, following: _Line) -> bool:
    if line.reason or following.reason or following.first != line.last + 1:
        return False
    written = text[line.first : line.last].rstrip()
    begins = text[following.first : following.first + 1]
    return len(written) >= _WRAPPED and written[-1] not in '.!?:;"”’)' and (begins.islower() or begins.isdigit())


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


def _block(text: str, first: int, last: int, speaker: str | None, reason: str | None) -> Block:
    piece = text[first:last].translate(_INVISIBLE)
    while piece[:1].isspace():
        first, piece = first + 1, piece[1:]
    read = plain(piece.rstrip())
    if not _UNEVEN.search(read.text):
        places = range(first, first + len(read.text) + 1) if read.unchanged else [first + p for p in read.places]
        return Block(read.text, places, speaker, reason or why_no_prose(read.text))
    places = []
    even: list[str] = []
    position = 0
    for gap in _SPACE.finditer(read.text):
        even += [read.text[position : gap.start()], " "] if gap.start() else []
        places += [first + place for place in read.places[position : gap.start() + 1]] if gap.start() else []
        position = gap.end()
    even.append(read.text[position:])
    places += [first + place for place in read.places[position:]]
    clean = "".join(even).rstrip()
    return Block(clean, places, speaker, reason or why_no_prose(clean))
