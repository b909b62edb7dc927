"""Events out of clauses: what happened, who took part in which role, where and when."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime, timedelta

from graphmem.extract.arguments import Arguments
from graphmem.extract.clauses import Clause, Clauses
from graphmem.extract.periods import shifted
from graphmem.extract.triples import STATIVE
from graphmem.extract.when import When
from graphmem.model import Anchor, Argument, Granularity, Happening, TimeExpression

_NO_EVENT = STATIVE | frozenset(
    """
    say tell seem appear feel look sound hear see consider regard call name base locate situate relate concern
    involve require depend differ apply exist allow enable let ought use thank guess suppose understand remember
    forget agree wish care matter tend describe know mean suggest show indicate become do can will give make
    take put set go come get try ask talk speak sing write happen
    """.split()  # noqa: SIM905
)
_EVENTFUL_WITH_TIME = frozenset(
    """
    become do give make take put set go come get try ask talk speak sing write happen show see hear suggest call
    name study teach play serve lead run stay hold manage
    """.split()  # noqa: SIM905
)
"""Verbs that tell of an event only with a date, a place or an object that is named."""
_LIFE = re.compile(r"\s*\((?:[^()\d]{0,60}?(?P<born>\bborn|\bb\.|\*)\s+)?(?:[^()\d]{0,40}[;,]\s*)?")
_SIDE = re.compile(r"before|prior|after", re.IGNORECASE)
"""How a time begins on one side of which something happened; during any other that is open, something lasted."""
_PLACE = frozenset({"in", "at", "on", "near", "inside", "outside"})
_ROLES = {
    "with": "companion",
    "to": "goal",
    "into": "goal",
    "from": "source",
    "for": "beneficiary",
    "by": "agent",
    "as": "role",
}


def find_events(
    arguments: Arguments, clauses: Clauses, when: When, *, reference_time: datetime, spoken: bool
) -> list[Happening]:
    """Read the events of a text in order; `spoken` says whether it is a turn of a conversation, about its own day."""
    found: list[Happening] = []
    dated: dict[int, TimeExpression] = {}
    for clause in clauses.found:
        time = when.of(clause)
        anchor: Anchor = "unknown"
        if time is not None:
            dated[clause.head] = time
            anchor = time.anchor
        elif arguments.tree.deps[clause.head] == "conj" and arguments.tree.heads[clause.head] in dated:
            time = dated[clause.head] = dated[arguments.tree.heads[clause.head]]
            anchor = "inherited"
        found += _event(arguments, clause, when, time, anchor, reference_time, spoken)
    told = {(event.predicate, event.participants[0][1].name, event.valid_at) for event in found}
    for event in _lives(arguments):
        if (event.predicate, event.participants[0][1].name, event.valid_at) not in told:
            found.append(event)
    return sorted(found, key=lambda event: (event.start, event.end))


def _lives(arguments: Arguments) -> Iterator[Happening]:
    """The years of a life in brackets behind a name: "(3 March 1888 – 12 June 1961)", "(born 1951)"."""
    tree, text = arguments.tree, arguments.text
    for mention in arguments.names.mentions:
        end = tree.ends[mention.last - 1]
        opening = _LIFE.match(text, end) if mention.type == "PERSON" else None
        if opening is None:
            continue
        time = arguments.time_at.get(bisect_left(tree.starts, opening.end()))
        if time is None or time.valid_at is None or time.invalid_at is None:
            continue
        born = opening["born"] is not None
        whole = re.search(r"[-–—]", time.text) is not None
        if not born and not whole:
            continue
        granularity = time.granularity or "day"
        person = ("patient", Argument(start=tree.starts[mention.first], end=end, text=mention.name, name=mention.name))
        first = time.invalid_at if not whole else shifted(time.valid_at, granularity, 1).start
        spans = [("be born", time.valid_at, first)]
        if whole:
            last = time.invalid_at - timedelta(days=1)
            spans.append(("die", shifted(last, granularity, 0).start, time.invalid_at))
        for predicate, valid_at, invalid_at in spans:
            yield Happening(
                predicate=predicate,
                start=person[1].start,
                end=time.end,
                participants=(person,),
                valid_at=valid_at,
                invalid_at=invalid_at,
                granularity=granularity,
                anchor=time.anchor,
            )


def _event(
    arguments: Arguments,
    clause: Clause,
    when: When,
    time: TimeExpression | None,
    anchor: Anchor,
    reference_time: datetime,
    spoken: bool,
) -> Iterator[Happening]:
    tree = arguments.tree
    verb = clause.verb.split(" ")[0]
    if (
        clause.copular
        or verb in STATIVE - _EVENTFUL_WITH_TIME
        or not clause.verb.replace(" ", "").replace("-", "").isalpha()
    ):
        return
    if clause.tense == "present" and clause.modality == "asserted" and not clause.progressive and time is None:
        return
    participants = list(_participants(arguments, clause, when))
    place = next(
        (
            place
            for preposition, o in clause.obliques
            if preposition in _PLACE and not when.is_time(o) and (place := arguments.entity(o)) is not None
        ),
        None,
    )
    named = [argument for _, argument in participants if argument.name is not None]
    actor = any(role == "agent" or (clause.passive and role == "patient") for role, _ in participants)
    inner = tree.deps[clause.head] == "xcomp" and clause.modality == "possible"
    if inner or (clause.complement is not None and tree.deps[clause.complement] == "xcomp"):
        return  # "loves playing chess" is no event, and of "started to learn" the learning is
    weak = verb in _NO_EVENT
    lasting = any(not _SIDE.match(limit.text) for limit in when.limits(clause)) or when.begun(clause, stative=False)
    if clause.habit or (time is None and lasting):
        return
    if not actor or not named or (weak and verb not in _EVENTFUL_WITH_TIME):
        return
    if (weak or tree.lower[clause.head] == "born") and time is None and place is None and len(named) < 2:
        return
    valid_at, invalid_at, granularity = _interval(time)
    if time is None and spoken and clause.tense == "present" and clause.progressive:
        start = reference_time.replace(hour=0, minute=0, second=0, microsecond=0)
        valid_at, invalid_at, granularity, anchor = start, start + timedelta(days=1), "day", "episode"
    words = [clause.head, *clause.objects, *(o for _, o in clause.obliques), *(s for s in clause.subjects)]
    spans = [(tree.starts[w], tree.ends[w]) for w in words] + [(a.start, a.end) for _, a in participants]
    if time is not None and anchor != "inherited":
        spans.append((time.start, time.end))
    near = [span for span in spans if abs(span[0] - tree.starts[clause.head]) < 300]
    yield Happening(
        predicate="be born" if clause.passive and tree.lower[clause.head] == "born" else clause.verb,
        start=min(start for start, _ in near),
        end=max(end for _, end in near),
        participants=tuple(dict.fromkeys(participants)),
        place=place,
        valid_at=valid_at,
        invalid_at=invalid_at,
        granularity=granularity,
        anchor=anchor,
        negated=clause.negated,
        modality=clause.modality,
        tense=clause.tense,
    )


def _participants(arguments: Arguments, clause: Clause, when: When) -> Iterator[tuple[str, Argument]]:
    for s in clause.subjects:
        if (subject := arguments.subject(s)) is not None:
            yield "patient" if clause.passive else "agent", subject
    for o in clause.objects:
        if (
            not when.is_time(o)
            and (found := arguments.object(o)) is not None
            and (found.name or found.literal != "text")
        ):
            yield "patient", found
    for r in clause.recipients:
        if (found := arguments.entity(r)) is not None:
            yield "recipient", found
    for preposition, o in clause.obliques:
        if when.is_time(o):
            continue
        role = _ROLES.get(preposition)
        if preposition == "by" and not clause.passive:
            continue
        found = arguments.entity(o) or (arguments.subject(o) if role in ("agent", "companion") else None)
        if role and found is not None:
            yield role, found


def _interval(time: TimeExpression | None) -> tuple[datetime | None, datetime | None, Granularity | None]:
    return (None, None, None) if time is None else (time.valid_at, time.invalid_at, time.granularity)
