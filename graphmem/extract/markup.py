"""HTML and Markdown: what a text reads like without its markup, and where each character of that stands."""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

from graphmem.model import Span

_PARAGRAPH_TAG = re.compile(
    r"</?(?:p|div|br|hr|h[1-6]|[uod]l|li|dt|dd|table|thead|tbody|tr|td|th|section|article|header|footer|nav|main|aside"
    r"|blockquote|figure|figcaption|html|head|body|title|meta|link|form|script|style|pre)\b[^<>\n]{0,500}>",
    re.IGNORECASE,
)
LINE_END = re.compile(rf"\n|{_PARAGRAPH_TAG.pattern}", re.IGNORECASE)
"""Where a line ends: at the line's end, and at tags that stand between paragraphs."""
VERBATIM = re.compile(r"<(/?)(?:script|style|pre)\b", re.IGNORECASE)
"""A tag around text that is no prose, and the slash of the one that ends it."""
CELL = re.compile(r"</?t[rdh]\b", re.IGNORECASE)
"""A tag around a row or cell of a table."""
_MARKUP = re.compile(
    r"</?(?:a|abbr|b|big|cite|code|del|em|font|i|img|ins|kbd|label|mark|q|s|small|span|strike|strong|sub|sup|tt|u)"
    r"(?:\s[^<>]{0,500})?/?>"
    r"|<!--[^<>]{0,500}-->"
    r"|!?\[(?=[^\[\]]{1,300}\]\([^()\s]{1,500}(?:\([^()\s]{0,100}\)[^()\s]{0,100})?\))"
    r"|\]\([^()\s]{1,500}(?:\([^()\s]{0,100}\)[^()\s]{0,100})?\)"
    r"|\[\^?\d{1,3}\]"
    r"|\*\*|__|~~|`"
    r"|(?<![\w*])\*(?=\w)|(?<=[\w.,!?])\*(?![\w*])|(?<!\w)_(?=\w)|(?<=[\w.,!?])_(?!\w)"
    r"|&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|[A-Za-z]{2,8});"
    rf"|{_PARAGRAPH_TAG.pattern}",
    re.IGNORECASE,
)
_MARKED = re.compile(r"[<&*_`\[~]")
"""Where none of this is, there is no markup."""


class Plain(NamedTuple):
    """A text without its markup, and where each character of it, and one more, stands in the whole text."""

    text: str
    places: range | list[int]

    @property
    def unchanged(self) -> bool:
        """Whether there was no markup."""
        return isinstance(self.places, range)

    def span(self, start: int, end: int) -> Span:
        """Return where in the whole text a span of the plain one stands."""
        return self.places[start], self.places[end - 1] + 1

    def spaced(self, size: int) -> str:
        """Return a text of the size of the whole one, every character at its place, white space instead of markup."""
        if self.unchanged:
            return self.text
        characters = [" "] * size
        for character, place in zip(self.text, self.places, strict=False):
            characters[place] = character
        return "".join(characters)


def plain(text: str) -> Plain:
    """Take the markup out of a text; white space stays as it is.

    >>> plain("In *May* <b>Ann</b> left AT&amp;T.").text
    'In May Ann left AT&T.'
    """
    if not _MARKED.search(text):
        return Plain(text, range(len(text) + 1))
    parts: list[str] = []
    places: list[int] = []
    position = 0
    for mark in _MARKUP.finditer(text):
        parts += [text[position : mark.start()], _written(mark.group())]
        places += range(position, mark.start())
        places += [mark.start()] * len(parts[-1])
        position = mark.end()
    places += range(position, len(text) + 1)
    return Plain("".join([*parts, text[position:]]), places)


def _written(mark: str) -> str:
    """What is read instead of markup: a character that is written out, the end of a line, or nothing."""
    if mark[0] == "&":
        character = unescape(mark)
        return " " if character.isspace() or len(character) > 1 else character
    return "\n" if _PARAGRAPH_TAG.fullmatch(mark) else ""
