"""What kind of answer a question asks for, and which texts hold one: a time, a place, a person, a number, a reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import IntFlag
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from graphmem.model import EntityType


class Answer(IntFlag):
    """Kinds of answers, as bits."""

    TIME = 1
    NUMBER = 2
    REASON = 4
    PLACE = 8
    PERSON = 16


NAMED: Final[Mapping[Answer, tuple[EntityType, ...]]] = MappingProxyType(
    {Answer.PLACE: ("LOC", "ORG"), Answer.PERSON: ("PERSON",)}
)
"""Answers that are names, and the types of entities that have them."""

_COUNTED = r"\d+|two|three|four|five|six|seven|eight|nine|ten|dozen|couple|few|second|third|once|twice|another"
_SPANS = r"(?:day|week|month|year)s?"
_TOLD: Final[Mapping[Answer, str]] = MappingProxyType(
    {
        Answer.TIME: r"yesterday|today|tonight|tomorrow|ago|(?:last|next|this|past|previous|every|each) (?:\w+ )?"
        r"(?:week(?:end)?|month|year|night|summer|winter|spring|fall|autumn|morning|afternoon|evening|"
        r"mon|tues?|wed(?:nes)?|thurs?|fri|sat(?:ur)?|sun)(?:day)?s?|(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
        r"january|february|march \d|april|may \d|june|july|august|september|october|november|december|since|"
        rf"(?:1[0-9]|20)\d\d|\d+ {_SPANS}|(?:a few|few|couple of|two|three|four|five|six|several) {_SPANS}|"
        r"birthday|anniversary|recently",
        Answer.NUMBER: _COUNTED,
        Answer.REASON: r"because|cause|since|so (?:that|i|we|he|she|they)|that s why|reasons?|due to|thanks to|"
        r"in order to|wanted to|inspired|motivated",
    }
)
"""Words that tell an answer, in lower case and between single spaces: what they begin with is found fastest so."""
_GAP = re.compile(r"\W")
_SPACES: Final[Mapping[int, str]] = {code: " " for code in range(128) if _GAP.match(chr(code))}

_PLACES = r"(?:cit(?:y|ies)|countr(?:y|ies)|places?|states?|towns?|villages?|regions?|locations?|continents?|islands?)"
_ASKED: Final = tuple(
    (answer, re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE))
    for answer, pattern in (
        (Answer.TIME, r"when|(?:what|which) (?:date|day|month|year|time)|how long ago"),
        (Answer.NUMBER, r"how (?:many|much|long|often|old|far|tall|big)|(?:what|which) (?:number|age|percentage)"),
        (Answer.REASON, r"why|how come|(?:what|which) (?:\w+ )?(?:reasons?|motivat\w+|inspired)"),
        (Answer.PLACE, rf"where|(?:what|which) (?:\w+ )?{_PLACES}"),
        (Answer.PERSON, r"who|whom|whose"),
    )
)


def asked(question: str) -> Answer:
    """Return the kinds of answers that a question asks for.

    >>> asked("Where did Ada meet him, and how many times?") == Answer.PLACE | Answer.NUMBER
    True
    """
    found = Answer(0)
    for answer, pattern in _ASKED:
        if pattern.search(question):
            found |= answer
    return found


def told(texts: Iterable[str]) -> NDArray[np.uint8]:
    """Return, for each text, which kinds of answers its words tell, as bits; names are not looked for.

    >>> told(["We met twice last year.", "I left because it rained."]).tolist()
    [3, 4]
    """
    patterns = [(int(answer), re.compile(rf" (?:{words})\b").search) for answer, words in _TOLD.items()]
    spaced = (text.translate(_SPACES) if text.isascii() else _GAP.sub(" ", text) for text in map(str.lower, texts))
    found = (sum(bit for bit, search in patterns if search(f" {text}")) for text in spaced)
    return np.fromiter(found, np.uint8)
