"""One statement: its two ends, how it is told, how long it holds, and how sure it is."""

from __future__ import annotations

from datetime import datetime

from graphmem.extract.arguments import Arguments
from graphmem.extract.clauses import Clause
from graphmem.extract.when import When
from graphmem.model import Argument, Granularity, Statement

STATIVE = frozenset(
    """
    be have own live reside work belong know like love hate enjoy prefer want need believe think contain include
    consist remain stay seem mean cost weigh measure lie stand sit serve teach study play speak manage lead run
    head rule govern hold keep use support border feature star represent collect wear suffer hope plan
    """.split()  # noqa: SIM905
)
"""Verbs of states and habits: no event, and with a past tense and a date true only during that time."""
_FAR, _VERY_FAR = 14, 20
"""So many words between subject and object make a statement less sure."""
_LONG = 45
"""Words of a sentence in which parsers lose their way."""


def statement(
    arguments: Arguments,
    clause: Clause,
    s: int,
    subject: Argument,
    predicate: str,
    o: int,
    object: Argument,
    when: When | None,
    *,
    others: tuple[tuple[str, Argument], ...] = (),
    sure: float = 0.85,
) -> Statement:
    """Return what a clause says of subject and object, which stand at the words `s` and `o`."""
    tree = arguments.tree
    valid_at: datetime | None = None
    invalid_at: datetime | None = None
    granularity: Granularity | None = None
    tense = clause.tense
    if when is not None:
        stative = clause.copular or (not clause.passive and clause.verb in STATIVE)
        valid_at, invalid_at, granularity = when.validity(clause, stative=stative, near=o)
        if clause.began or when.still(clause):
            tense = "present"
        elif clause.perfect and tense == "present":
            tense = "past"  # "has never been the captain"
        if predicate.startswith("be former "):
            predicate, invalid_at = "be " + predicate.removeprefix("be former "), invalid_at or when.now
    words = [s, o, clause.head]
    confidence = sure * arguments.sure(s) * arguments.sure(o) * (0.9**clause.doubt) * _reach(arguments, clause, s, o)
    apart = o != clause.head
    instead = apart and clause.negated and tree.contrasted(o)  # "is not a doctor but a nurse"
    denied = (apart and tree.denied(o)) or tree.denied(s)
    return Statement(
        subject=subject,
        predicate=predicate,
        object=object,
        others=tuple(other for other in others if other[1] != object),
        start=min(subject.start, object.start, *(tree.starts[word] for word in words)),
        end=max(subject.end, object.end, *(tree.ends[word] for word in words)),
        negated=not instead and (denied or clause.negated),
        modality=clause.modality,
        tense=tense,
        corrects=instead or tree.instead(o) or tree.instead(s) or (when is not None and when.instead(clause)),
        confidence=round(confidence, 2),
        valid_at=valid_at,
        invalid_at=invalid_at,
        granularity=granularity,
    )


def _reach(arguments: Arguments, clause: Clause, s: int, o: int) -> float:
    """How sure it is that subject, verb and object belong together, from what lies between them.

    The factors are the shares of right statements in a sample that was judged by hand.
    """
    tree = arguments.tree
    ends = []
    for i in (s, o):
        while tree.deps[i] == "conj" and tree.pos[tree.heads[i]] in ("NOUN", "PROPN"):
            i = tree.heads[i]
        ends.append(i)
    between = range(min(ends) + 1, max(ends))
    level = min(tree.depth[s], tree.depth[o])
    words = sum(1 for i in between if tree.depth[i] <= level) if len(between) >= _FAR else 0
    sure = 0.7 if words >= _VERY_FAR else 0.9 if words >= _FAR else 1.0
    if abs(ends[1] - clause.head) > 4:
        sure *= 0.92
    if any(tree.words[i] == "," and tree.depth[i] <= level for i in range(clause.head, ends[1])):
        sure *= 0.9
    first, last = arguments.sentence(clause.head)
    if last - first >= _LONG:
        sure *= 0.9
    if _crossed(arguments, clause, s, o):
        sure *= 0.5
    if clause.loose:
        sure *= 0.8 if tree.deps[clause.head] == "advcl" and s not in tree.children[clause.head] else 0.9
    return sure


def _crossed(arguments: Arguments, clause: Clause, s: int, o: int) -> bool:
    """ "Ann and Ben met Eve and Max, respectively": Ann did not meet Max."""
    tree = arguments.tree
    first, last = arguments.sentence(clause.head)
    if "respectively" not in tree.lower[first:last]:
        return False
    rows = [tree.conjuncts(tree.heads[i] if tree.deps[i] == "conj" else i) for i in (s, o)]
    places = [sorted(row).index(i) if i in row else 0 for row, i in zip(rows, (s, o), strict=True)]
    return len(rows[0]) == len(rows[1]) > 1 and places[0] != places[1]
