"""Why nothing was made of a piece of text; an extraction says so, and `Added` counts."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from graphmem.model import LeftOut, Span

if TYPE_CHECKING:
    from graphmem.extract.blocks import Block
    from graphmem.extract.tree import Tree

CODE = "code"
TABLE = "table"
ADDRESS = "web address"
SIGNS = "numbers and signs"
CAPITALS = "text in capitals"
LANGUAGE = "not English"
LIST = "list of words"
"""What is no English prose: neither names nor facts are read out of it."""

NO_VERB = "no verb"
TOO_LONG = "too long a sentence"
"""Sentences that are read for names and times only."""

NO_SPEAKER = "no speaker for I or we"
PRONOUN = "unresolved pronoun"
"""Who might be anybody: no fact is made about them."""

NOT_THERE = "not in the text"
"""What a language model names though the text does not."""

NOBODY = "about nothing named"
"""A fact of a language model without an entity as its subject."""

LONGEST = 150
"""Words of the longest sentence that facts and events are read out of."""
_FEWEST = 4
"""Fewer words, such as "Happy birthday!", need no verb."""
_SPEAKING = frozenset("i me my mine myself we us our ours ourselves".split())  # noqa: SIM905
_THIRD = frozenset("he him his himself she her hers herself they them their theirs themselves its".split())  # noqa: SIM905


def left_out(
    tree: Tree,
    pieces: Sequence[Block],
    *,
    predicates: Collection[int],
    resolved: Collection[int],
    speakers: Sequence[str | None],
    quoted: Collection[int],
) -> tuple[LeftOut, ...]:
    """Say what nothing was made of and why, in the order of the text.

    `predicates` are the words that head a clause, in order; `resolved` are the pronouns that stand for somebody known;
    `speakers` has who speaks, for each word; `quoted` are words inside quotation marks.
    """
    found = [
        *_no_prose(pieces),
        *_sentences(tree, sorted(predicates)),
        *_pronouns(tree, resolved, speakers, quoted),
    ]
    return tuple(sorted(found, key=lambda piece: (piece.start, piece.end)))


def too_long(tree: Tree) -> list[Span]:
    """The sentences, as spans of characters, that are too long to be one."""
    return [(tree.starts[first], tree.ends[last - 1]) for first, last in tree.sentences if last - first > LONGEST]


def outside(places: Iterable[int], spans: Sequence[Span]) -> Iterator[bool]:
    """Tell for each place in a text whether it lies outside all spans, which are in order and do not overlap."""
    starts = [start for start, _ in spans]
    for place in places:
        number = bisect_left(starts, place + 1) - 1
        yield number < 0 or place >= spans[number][1]


def _no_prose(pieces: Sequence[Block]) -> Iterator[LeftOut]:
    """Each run of pieces that are no prose for one reason."""
    run: LeftOut | None = None
    for piece in pieces:
        if piece.reason is not None and not any(letter.isalnum() for letter in piece.text):
            continue  # a line of dashes is nothing that anybody would miss
        if run is not None and piece.reason != run.reason:
            yield run
            run = None
        if piece.reason is not None:
            start, end = piece.places[0], piece.places[len(piece.text) - 1] + 1
            run = LeftOut(start=run.start if run else start, end=end, reason=piece.reason)
    if run is not None:
        yield run


def _sentences(tree: Tree, predicates: Sequence[int]) -> Iterator[LeftOut]:
    for first, last in tree.sentences:
        reason = None
        if last - first > LONGEST:
            reason = TOO_LONG
        elif last - first >= _FEWEST and bisect_left(predicates, first) == bisect_left(predicates, last):
            words = sum(tree.words[i][0].isalpha() for i in range(first, last))
            reason = NO_VERB if words >= _FEWEST else None
        if reason is not None:
            yield LeftOut(start=tree.starts[first], end=tree.ends[last - 1], reason=reason)


def _pronouns(
    tree: Tree, resolved: Collection[int], speakers: Sequence[str | None], quoted: Collection[int]
) -> Iterator[LeftOut]:
    for i, word in enumerate(tree.lower):
        if word in _THIRD:
            reason = PRONOUN
        elif word in _SPEAKING and speakers[i] is None and i not in quoted and tree.pos[i] != "NOUN":
            reason = NO_SPEAKER
        else:
            continue
        if i not in resolved:
            yield LeftOut(start=tree.starts[i], end=tree.ends[i], reason=reason)
