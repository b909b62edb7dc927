"""Other names that a text gives along with a name: nicknames, acronyms in brackets, "also known as", "formerly".

Acronyms are matched with the words before the bracket as by Schwartz and Hearst (2003, "A Simple Algorithm for
Identifying Abbreviation Definitions in Biomedical Text"), here by initials alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from graphmem.extract.blocks import Block

_NICKNAME = re.compile(
    r"(?P<before>\b[A-Z][\w.’'-]*) (?P<whole>[\"“'‘](?P<name>[A-Z][^\"“”‘\n]{2,24}?)[\"”'’] )(?=[A-Z])"
)
_SMALL = frozenset({"of", "the", "and", "for", "in", "on", "de", "to", "&", "at", "a", "an", "la", "du", "des"})
_NAMING = (
    r"(?:who |which )?(?:is |was |are |were )?(?:also |formerly |previously |originally |better |best |commonly |"
    r"sometimes |often |later |now |popularly |professionally |simply |widely )*"
    r"(?:known|called|named|titled|nicknamed|dubbed|abbreviated|credited|billed|aka|a\.k\.a\.)"
)
_ALSO = re.compile(
    rf"(?:\s*\([^()]{{0,60}}\))?[,;]?\s*\(?{_NAMING}"
    r"(?: professionally| mononymously| simply| formally)?(?: as| to)?(?: by (?:his|her|its|their) [\w ]{0,20}name)?"
    r"(?: simply as)?,?(?: the)?\s*[\"“'‘(]*\s*"
)
_FORMERLY = re.compile(
    r"[\"”’']?(?:,\s*| \()(?:formerly|originally|previously|now|alias|aka|né|née|born)(?: the)? [\"“'‘]?"
)
_BRACKET = re.compile(r"[\"”’']? \((?:or )?(?P<quote>[\"“'‘]?)")
_QUOTE_END = re.compile(r"[\"”'’]\s*\)")


class Aside(NamedTuple):
    """A name in brackets or quotation marks beside the name that it stands for."""

    start: int
    end: int
    """What may be left out of the text without changing the sentence: `Bill` with its quotation marks, `(WHO)`."""
    name: tuple[int, int]
    """The other name."""
    of: tuple[int, int] | None
    """The long form of an acronym; None for a nickname, which stands inside the name."""


def asides(text: str) -> list[Aside]:
    """Find nicknames and acronyms in the order of the text.

    >>> text = 'William "Bill" Gates gave to the World Health Organization (WHO).'
    >>> [text[slice(*aside.name)] for aside in asides(text)]
    ['Bill', 'WHO']
    """
    found: list[Aside] = []
    if '" ' in text or "” " in text or "' " in text or "’ " in text:
        found += [
            Aside(*match.span("whole"), match.span("name"), None)
            for match in _NICKNAME.finditer(text)
            if not match["before"].endswith(("'s", "’s", "s'", "s’")) and match["before"].lower() not in _SMALL
        ]
    position = text.find("(")
    while position >= 0:
        found += _acronym(text, position)
        position = text.find("(", position + 1)
    return sorted(found)


def _acronym(text: str, bracket: int) -> Iterator[Aside]:
    """The acronym that a bracket opens with, if the words before it have its initials."""
    match = re.match(r"\((?P<name>[A-Z][A-Za-z.&-]{1,9})\)", text[bracket : bracket + 13])
    if match is None or bracket == 0 or text[bracket - 1] != " ":
        return
    letters = [letter for letter in match["name"] if letter.isupper()]
    low = max(0, bracket - 120)
    start = initials(text[low:bracket], letters)
    if start is not None:
        yield Aside(
            bracket - 1,
            bracket + match.end(),
            (bracket + 1, bracket + match.end() - 1),
            (low + start, bracket - 1),
        )


def initials(text: str, letters: Sequence[str]) -> int | None:
    """Where the words at the end of `text` begin whose initials are `letters`; small words count or not.

    >>> initials("by the Bank of New England ", "BNE")
    7
    """
    todo = list(letters)
    start = None
    for word in reversed(list(re.finditer(r"[^\W_]+|&", text))):
        if not todo:
            break
        if word.group()[0].upper() == todo[-1] and (word.group()[0].isupper() or word.group() in _SMALL):
            todo.pop()
            start = word.start()
        elif word.group().lower() not in _SMALL:
            return None
    return start if not todo and len(letters) > 1 and start is not None and text[start].isupper() else None


def without(block: Block, spans: Sequence[Aside]) -> Block:
    """The block as it reads without asides: parsers stumble over them."""
    if not spans or not block.text:
        return block
    first, last = block.places[0], block.places[-1]
    low, high = (bisect_left(spans, place, key=lambda aside: aside.start) for place in (first, last))
    for aside in reversed(spans[low:high]):
        start, end = bisect_left(block.places, aside.start), bisect_left(block.places, aside.end)
        places = [*block.places[:start], *block.places[end:]]
        block = Block(block.text[:start] + block.text[end:], places, block.speaker, block.reason)
    return block


def renames(text: str, name: tuple[int, int], other: tuple[int, int]) -> bool:
    """Does the text between two names, and right after, say that the second is another name for the first?"""
    between = text[name[1] : other[0]]
    if len(between) > 110:
        return False
    if _ALSO.fullmatch(between) or _FORMERLY.fullmatch(between):
        return True
    bracket = _BRACKET.fullmatch(between)
    if bracket is None:
        return False
    if bracket["quote"]:
        return _QUOTE_END.match(text, other[1]) is not None
    short, long = text[slice(*name)], text[slice(*other)]
    return short.isupper() and text.startswith(")", other[1]) and initials(long, short) == 0
