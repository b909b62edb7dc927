"""Is a piece of text English prose, and if not, what is it? Told by its first characters."""

from __future__ import annotations

import re

from graphmem.extract.language import is_english
from graphmem.extract.reasons import ADDRESS, CAPITALS, LANGUAGE, LIST, SIGNS
from graphmem.graph.lexical import STOP_WORDS

_SEEN = 400
"""So many characters of a line or block tell what it is."""
_SYMBOLS = frozenset("{}[]<>|=_\\/+*#@~^$%&`")
_WORD = re.compile(r"\w+")
_URL = re.compile(r"(?:\w+://|www\.|mailto:)\S+")

_SURELY_CODE = re.compile(
    r"""\s*(?:
    (?:def|func|fn|function)\s+\w+\s?\(
    | class\s+[A-Z]\w*(?:\(.*\))?\s*[:{]\s*$ | (?:class|struct|interface|enum)\s+\w+\s*\{
    | \#(?:include|define|ifdef|ifndef|endif|pragma)\b
    | import\s+[\w.]+(?:,\s*[\w.]+)*(?:\s+as\s+\w+)?;?\s*$ | import\s.*\sfrom\s+['"] | from\s+[\w.]+\s+import\b
    | (?:extern|typedef)\s+\w | (?:using|package|namespace)\s+[\w.:]+\s*[;{]\s*$
    | (?:const|let|var|final|static)\s+[*&]?\w+\s*= | (?:int|float|double|char|void|bool|string)\s+[*&]?\w+\s?[=;(\[]
    | (?:if|for|while|switch|catch)\s*\(.*\)\s*\{?\s*$
    | [\w.\[\]]+\s*(?:[-+*/|&]|:)?=\s*(?:["'\[{(]|[\w.]+\(|[^\s=]+\s*$)
    | \$\s+\w | >>>\s | [\])}]+[;,)\]}]*\s*$
    | SELECT\b.*\bFROM\b | (?:INSERT\ INTO|DELETE\ FROM|(?:CREATE|DROP|ALTER)\ (?:TABLE|INDEX))\b | UPDATE\ \w+\ SET\b
    | "[\w$-]+"\s*:\s*[\[{"\d]
    | //\s | /\* | \*/ | Traceback\ \( | File\ "[^"]+",\ line\ \d | at\ \w[\w.$]*\(
    )""",
    re.VERBOSE,
)
_LIKE_CODE = re.compile(
    r"""[\w\])]\s*(?:==|!=|<=|>=|=>|->|\+=|-=|:=|&&|\|\||::)\s*[\w(\[]
    | ^\s*[\w.\[\]]+\s*=\s*\w | \w\.\w+\( | \w\(\) | [;{]\s*$ | \w\[\w+\] | \\\w+\{""",
    re.VERBOSE,
)
"""What may stand in a sentence about code too, which then has more of the small words of English."""
_GAP = re.compile(
    r"""\t | \|                                    # between cells, whatever is in them
    | (?<=[^\s.!?:;])\ {2,}(?=\S)                 # a column of spaces, and not the end of a sentence
    | (?<=\S),(?=[^\s,\d]) | (?<=[^\s\d]),(?=\d)  # a comma without a space, and not within a number
    | (?<=\S);(?=\S)""",
    re.VERBOSE,
)


def is_code(line: str) -> bool:
    """Tell whether a line is code of some language.

    >>> is_code("for (int i = 0; i < n; i++) {"), is_code("I called foo.bar() and then Ann left for Rome.")
    (True, False)
    """
    seen = line[:_SEEN]
    if _SURELY_CODE.match(seen):
        return True
    hints = len(_LIKE_CODE.findall(seen))
    return hints > 0 and sum(word.lower() in STOP_WORDS for word in _WORD.findall(seen)) < 2 * hints


def columns(line: str) -> int:
    """Tell how many columns a line has, if it is a row of a table; 0 where the cells are as long as sentences.

    >>> columns("Ann\\t31\\tRome"), columns("Ann,31,Rome"), columns("Ann, Ben, and 1,234 others left.")
    (3, 3, 0)
    """
    seen = line[:_SEEN].strip()
    cells = len(_GAP.findall(seen)) + 1
    return cells if cells > 1 and len(seen.split()) <= 4 * cells else 0


def why_no_prose(piece: str) -> str | None:
    """Return why a piece of text is no English prose, by its first characters; None if it may be.

    >>> why_no_prose("MAYOR QUITS CITY HALL"), why_no_prose("Ann quit."), why_no_prose("https://example.org/a?b=c")
    ('text in capitals', None, 'web address')
    """
    sample = piece[:_SEEN]
    written = sample.split()
    if all(_URL.match(word) for word in written):
        return ADDRESS
    letters = sum(character.isalpha() or character.isspace() for character in sample)
    symbols = sum(character in _SYMBOLS for character in _URL.sub("", sample))
    if letters < 0.6 * len(sample) or symbols > 0.06 * len(sample):
        return SIGNS
    if sample.isupper() and len(sample) > 12:
        return CAPITALS
    if not is_english(sample):
        return LANGUAGE
    ended = piece.rstrip().endswith((".", "!", "?"))
    if len(written) >= 8 and not ended and not any(word.strip(".,!?;:\"'").lower() in STOP_WORDS for word in written):
        return LIST
    return None
