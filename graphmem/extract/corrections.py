"""Which statements are said as corrections: "Actually, ...", "Correction: ...", "I was wrong: ..."."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graphmem.extract.arguments import Arguments
from graphmem.model import Statement, normal_name

_OPENING = re.compile(
    r"""(?:(?:well|oh|ah|no|hmm*|so|and|but|wait|ok|okay)[\s,.!:–—-]+)*
    (?:(?P<weak>actually|sorry|apologies)\b|corrections?\s*:|correcting\b|erratum|oops\b|i\ (?:meant|mean)\b
    |to\ (?:correct|be\ correct)\b|my\ (?:mistake|bad|error)\b|(?:scratch|strike)\ that|not\ true|false\ alarm
    |wrong\ \w+[.!:,;]|i['’]m\ (?:wrong|mistaken)\b
    |i\ (?:was|am|stand|have\ to\ stand|must\ have\ been)\ (?:wrong|mistaken|corrected|incorrect)\b
    |i\ (?:misspoke|mis-spoke|misremembered|mixed|confused|mistyped|got\ (?:it|that|this)\ wrong)\b
    |i\ made\ (?:a\ mistake|(?:that|it|this)\ up)\b
    |(?:that|this|it)(?:['’]s|\ is|\ was)?(?:\ not|n['’]t|\ n['’]t)?
    \ (?:wrong|a\ mistake|an\ error|incorrect|false|untrue|true|right|correct)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
"""How a sentence begins that corrects something."""
_RIGHT = re.compile(r"(?:(?:that|this|it)(?:['’]s|\ is|\ was)\ (?:true|right|correct)\b)", re.IGNORECASE | re.VERBOSE)
_ADMITTED = re.compile(r"\bi meant\b|\bi should have said\b|\bcontrary to what i\b|\bas i wrongly\b", re.IGNORECASE)
_REFUTED = re.compile(
    r"(?:not|n['’]t) (?:true|correct|right) that\b|\b(?:false|untrue|wrong|incorrect)[.!]?$", re.IGNORECASE
)
_ACTUALLY = re.compile(r"\bactually\b", re.IGNORECASE)
_IN_FACT = re.compile(r"(?:but )?in (?:actual )?fact\b|in reality\b", re.IGNORECASE)
_DENIAL = re.compile(r"\b(?:not|never)\b|n['’]t\b", re.IGNORECASE)
_NEWS = re.compile(r"\b(?:now|just|recently|these days|nowadays)\b", re.IGNORECASE)
"""What tells of a change rather than of a mistake."""
_SHORT = 7
"""A correcting sentence of so few words says nothing itself; what follows it is the correction."""


def corrected(arguments: Arguments, statements: Sequence[Statement]) -> list[Statement]:
    """Mark the statements of a text that are said as corrections.

    They stand in a sentence that says so, right behind a short one that does ("I was wrong."), or say the same of the
    same as one that does ("Actually, Ann doesn't live in Rome. She lives in Oslo.").
    """
    tree, text = arguments.tree, arguments.text
    correcting: set[int] = set()
    before, said = False, ""
    for first, last in tree.sentences:
        if first == last:
            continue
        sentence = text[tree.starts[first] : tree.ends[last - 1]]
        here = _corrects(sentence) or (
            _IN_FACT.match(sentence) is not None and (before or bool(_DENIAL.search(said + sentence)))
        )
        if here or (before and len(said.split()) <= _SHORT):
            correcting.add(first)
        before, said = here, sentence
    marked: list[Statement] = []
    told: set[tuple[str, str]] = set()
    for each in statements:
        key = (normal_name(each.subject.name or ""), each.predicate)
        inside = arguments.sentence_at(each.start) in correcting
        if each.modality == "asserted" and (each.corrects or inside or key in told):
            told.add(key)
            each = each if each.corrects else each.model_copy(update={"corrects": True})
        marked.append(each)
    return marked


def _corrects(sentence: str) -> bool:
    """Does a sentence say that it corrects something?

    >>> [_corrects(text) for text in ("Sorry, I meant Oslo.", "Actually, it is Monday.", "I actually just moved.")]
    [True, True, False]
    """
    opening = _OPENING.match(sentence)
    if opening is not None and not _RIGHT.match(sentence):
        return opening["weak"] is None or not _NEWS.search(sentence)
    if _ADMITTED.search(sentence) or _REFUTED.search(sentence):
        return True
    return _ACTUALLY.search(sentence) is not None and not _NEWS.search(sentence)
