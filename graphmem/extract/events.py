"""Events out of clauses: what happened, who took part in which role, where and when."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime, timedelta

from graphmem.extract.arguments import Arguments
from graphmem.extract.clauses import Clause, Clauses
from graphmem.extract.conditions import APPOINTMENTS, appointment
from graphmem.extract.folding import fold
from graphmem.extract.periods import day, shifted
from graphmem.extract.statements import STATIVE
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
_GIVING = frozenset("give award offer grant hand send show teach pay lend".split())  # noqa: SIM905
"""Verbs whose passive tells who got something: "was awarded a prize"."""
_CHANGING = frozenset(
    {
        *(
            "cancel",
            "call off",
            "postpone",
            "move",
            "reschedule",
            "delay",
            "bring",
            "push",
            "scrap",
            "abandon",
            "fall through",
        ),
        *(
            "close",
            "close down",
            "open",
            "reopen",
            "shut",
            "shut down",
            "lock",
            "unlock",
            "sell out",
            "expire",
            "renew",
            "lapse",
        ),
        *("crash", "fail", "break", "break down", "recover", "fix", "repair", "restore", "go live", "come back"),
        *(
            "suspend",
            "pause",
            "halt",
            "stall",
            "resume",
            "restart",
            "relaunch",
            "complete",
            "finish",
            "end",
            "start",
            "begin",
        ),
        *("approve", "reject", "accept", "decline", "turn down"),
    }
)
"""What happens to a thing that a text names by a noun alone: "the shop closed", "the meeting was cancelled"."""
_LEAD = re.compile(r"\b(?:in|on|at|during)\s+$", re.IGNORECASE)
_LIFE = re.compile(r"\s*\((?:[^()\d]{0,60}?(?P<born>\bborn|\bb\.|\*)\s+)?(?:[^()\d]{0,40}[;,]\s*)?")
_SIDE = re.compile(r"before|prior|after", re.IGNORECASE)
"""How a time begins on one side of which something happened; during any other that is open, something lasted."""
_DEEDS = {
    noun: verb
    for verb, nouns in {
        "buy": "acquisition purchase takeover",
        "sell": "sale",
        "found": "founding",
        "create": "creation",
        "construct": "construction",
        "invent": "invention",
        "discover": "discovery",
        "publish": "publication",
        "assassinate": "assassination",
        "murder": "murder",
        "execute": "execution",
        "invade": "invasion",
        "conquer": "conquest",
        "capture": "capture",
        "destroy": "destruction",
        "elect": "election",
        "appoint": "appointment",
        "crown": "coronation",
        "arrest": "arrest",
        "release": "release",
        "launch": "launch",
        "abolish": "abolition",
        "adopt": "adoption",
        "bomb": "bombing",
        "sign": "signing",
    }.items()
    for noun in nouns.split()
}
"""Nouns that tell of a deed, which is done to what follows "of"."""
_HAPPENINGS = {
    "death": "die",
    "birth": "be born",
    "arrival": "arrive",
    "departure": "depart",
    "resignation": "resign",
    "retirement": "retire",
    "graduation": "graduate",
    "marriage": "marry",
    "wedding": "marry",
    "divorce": "divorce",
    "collapse": "collapse",
    "merger": "merge",
    "premiere": "premiere",
}
"""Nouns that tell of what somebody or something does or undergoes alone."""
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
        elif _goes_on(arguments, clause) and arguments.tree.heads[clause.head] in dated:
            time = dated[clause.head] = dated[arguments.tree.heads[clause.head]]
            anchor = "inherited"
        found += _event(arguments, clause, when, time, anchor, reference_time, spoken)
    return fold([*found, *_nominal(arguments, clauses, when), *_lives(arguments)], arguments.text)


def _goes_on(arguments: Arguments, clause: Clause) -> bool:
    """Does a verb go on with what the one before it tells, at the same time: "retired and moved"?"""
    tree = arguments.tree
    return tree.deps[clause.head] == "conj" and tree.tags[clause.head] not in ("VBZ", "VBP")


def _nominal(arguments: Arguments, clauses: Clauses, when: When) -> Iterator[Happening]:
    """Events that a noun tells of with a date: "the acquisition of Globex by Acme in 2012", "Ann's death in 1990"."""
    tree = arguments.tree
    for i, noun in enumerate(tree.lower):
        predicate = _DEEDS.get(noun) or _HAPPENINGS.get(noun)
        time = when.below(i) if predicate and tree.tags[i] == "NN" else None
        participants = list(_of_noun(arguments, i, when)) if time is not None else []
        if predicate is None or time is None or not participants:
            continue
        places = (n for n in tree.all(i, "nmod") if tree.case(n) in _PLACE and not when.is_time(n))
        clause = clauses.at.get(clauses.owner.get(i, -1))
        spans = [(tree.starts[i], tree.ends[i]), (time.start, time.end), *((a.start, a.end) for _, a in participants)]
        yield Happening(
            predicate=predicate,
            start=min(start for start, _ in spans),
            end=max(end for _, end in spans),
            participants=tuple(participants),
            place=next((place for n in places if (place := arguments.entity(n)) is not None), None),
            valid_at=time.valid_at,
            invalid_at=time.invalid_at,
            granularity=time.granularity,
            anchor=time.anchor,
            modality="asked" if clause is not None and clause.modality == "asked" else "asserted",
            tense="future" if clause is not None and clause.tense == "future" else "past",
        )


def _of_noun(arguments: Arguments, i: int, when: When) -> Iterator[tuple[str, Argument]]:
    """Who takes part in what a noun tells: to whom a deed is done after "of", who does it before or after "by"."""
    tree = arguments.tree
    undergone = "patient" if tree.lower[i] in _DEEDS or tree.lower[i] == "birth" else "agent"
    roles = {"by": "agent", "of": undergone, "to": "patient", "": undergone}
    of = [n for n in tree.all(i, "nmod") if tree.case(n) == "of"]
    by = [n for o in of for n in tree.all(o, "nmod") if tree.case(n) == "by"]  # hung on who underwent it
    for n in [*tree.all(i, "nmod", "nmod:poss"), *by]:
        owner = tree.deps[n] == "nmod:poss"
        role = "agent" if owner and of else roles.get(tree.case(n), "")  # "Ann's invention of the lamp"
        for each in tree.conjuncts(n) if role and not when.is_time(n) else ():
            if (found := arguments.entity(each)) is not None:
                yield role, found


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
    if not _may_happen(arguments, clause, when, time):
        return
    tree = arguments.tree
    participants = list(_participants(arguments, clause, when, dated=time is not None and anchor != "inherited"))
    place = next(
        (
            place
            for preposition, o in clause.obliques
            if preposition in _PLACE and not when.is_time(o) and (place := arguments.entity(o)) is not None
        ),
        None,
    ) or _place_beside(arguments, clause)
    named = [argument for _, argument in participants if argument.name is not None]
    if len(named) > 1 and len({argument.name for argument in named}) == 1:
        return  # "a band called Blizaro"
    changed = clause.verb in _CHANGING and any(role == "patient" for role, _ in participants)
    actor = changed or any(
        role == "agent" or (clause.passive and role in ("patient", "recipient")) for role, _ in participants
    )
    if not actor or not (named or time is not None):
        return
    weak = (clause.verb.split(" ")[0] in _NO_EVENT and clause.verb not in _CHANGING) or tree.lower[
        clause.head
    ] == "born"
    if weak and time is None and place is None and len(named) < 2:
        return
    valid_at, invalid_at, granularity = _interval(time)
    just = clause.tense == "past" and any(tree.lower[c] == "just" for c in tree.all(clause.head, "advmod"))
    if time is None and spoken and (just or (clause.tense == "present" and clause.progressive)):
        (valid_at, invalid_at, granularity), anchor = day(reference_time), "episode"
    words = [clause.head, *clause.objects, *(o for _, o in clause.obliques), *(s for s in clause.subjects)]
    spans = [(tree.starts[w], tree.ends[w]) for w in words] + [(a.start, a.end) for _, a in participants]
    if time is not None and anchor != "inherited":
        lead = _LEAD.search(arguments.text, max(0, time.start - 8), time.start)
        spans.append((lead.start() if lead else time.start, time.end))
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
        tense="past" if tree.tags[clause.head] == "VBN" and clause.tense == "present" else clause.tense,
    )


def _may_happen(arguments: Arguments, clause: Clause, when: When, time: TimeExpression | None) -> bool:
    """May a verb tell of an event, and not of a state, a habit, or how another is done?"""
    tree, verb = arguments.tree, clause.verb.split(" ")[0]
    if clause.copular or clause.habit or not clause.verb.replace(" ", "").replace("-", "").isalpha():
        return False
    brief = time is not None and time.granularity in ("minute", "hour", "day", "week")
    had = verb == "have" and brief and clause.objects  # "had an interview this morning"
    if verb in (STATIVE | _NO_EVENT) - _EVENTFUL_WITH_TIME and not had and clause.verb not in _CHANGING:
        return False
    if tree.deps[clause.head] == "xcomp" and clause.modality == "possible":  # "loves playing chess"
        return False
    if clause.complement is not None and _starts(arguments, clause.complement):  # of "started to learn" the learning is
        return False
    if time is not None:
        return True
    if clause.tense == "present" and clause.modality == "asserted" and not clause.progressive:
        return False
    lasting = any(not _SIDE.match(limit.text) for limit in when.limits(clause))
    return not lasting and when.begun(clause, stative=False) is None


def _starts(arguments: Arguments, complement: int) -> bool:
    """Is it a verb of which another only tells the start or the manner: "started to learn"? No: "was elected mayor"."""
    return arguments.tree.deps[complement] == "xcomp" and arguments.tree.pos[complement] not in ("NOUN", "PROPN")


def _place_beside(arguments: Arguments, clause: Clause) -> Argument | None:
    """ "Married Ann in Rome", "founded a shop in Rome": the place hangs on the object; "had an interview at Nokia"."""
    tree = arguments.tree
    for o in clause.objects:
        person = arguments.names.at(o)
        for n in tree.all(o, "nmod"):
            there = arguments.names.at(n)
            if tree.case(n) not in _PLACE or there is None:
                continue
            there_it_was = there.type == "LOC" and (person is None or person.type == "PERSON")
            if there_it_was or (clause.verb == "have" and not person):
                return arguments.entity(n)
    return None


def _changed(arguments: Arguments, i: int) -> Argument | None:
    """What is cancelled, closed, moved: an appointment as its dates name it, or a thing without a name."""
    if arguments.tree.lower[i] in APPOINTMENTS and (found := appointment(arguments, i)) is not None:
        return found
    return arguments.object(i) if arguments.tree.deps[i] in ("obj", "conj") else arguments.thing(i)


def _participants(arguments: Arguments, clause: Clause, when: When, *, dated: bool) -> Iterator[tuple[str, Argument]]:
    """Who takes part; of what has a date of its own also a thing without a name, as text: "the bridge collapsed"."""
    given = clause.passive and bool(clause.objects) and clause.verb in _GIVING
    for s in clause.subjects:
        subject = arguments.subject(s)
        if clause.verb in _CHANGING and arguments.names.at(s) is None:
            subject = _changed(arguments, s) or subject
        if subject is None and dated and arguments.tree.pos[s] == "NOUN" and (concept := arguments.concept(s)):
            subject = concept.model_copy(update={"name": None})
        if subject is not None:
            yield "recipient" if given else "patient" if clause.passive else "agent", subject
    for o in clause.objects:
        if (
            not when.is_time(o)
            and (found := _changed(arguments, o) if clause.verb in _CHANGING else arguments.object(o)) is not None
            and (found.name or found.literal != "text")
        ):
            yield "role" if clause.passive and not given else "patient", found
    become = clause.complement
    if become is not None and arguments.tree.deps[become] == "xcomp" and not _starts(arguments, become):
        found = None if when.is_time(become) else arguments.object(become)
        if found is not None:
            yield "role", found
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
        if role == "beneficiary" and (named := arguments.names.at(o)) is not None and named.type == "LOC":
            role = "goal"  # "left for Oslo"
        if role and found is not None:
            yield role, found


def _interval(time: TimeExpression | None) -> tuple[datetime | None, datetime | None, Granularity | None]:
    return (None, None, None) if time is None else (time.valid_at, time.invalid_at, time.granularity)
