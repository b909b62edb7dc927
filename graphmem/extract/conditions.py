"""States of things, and dates of appointments: "the server is down", "the meeting was moved to Monday"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from graphmem.extract.arguments import Arguments
from graphmem.extract.clauses import Clause
from graphmem.extract.statements import statement
from graphmem.extract.timex import find
from graphmem.extract.when import RESCHEDULING, When
from graphmem.model import Argument, Statement, TimeExpression

_STATES = frozenset(
    """
    open closed shut reopened up down online offline available unavailable broken running working operational fixed
    repaired on off planned scheduled active ongoing underway resumed live paused suspended frozen halted cancelled
    canceled scrapped abandoned finished done complete completed over valid expired invalid locked unlocked full empty
    red green amber delayed late busy vacant occupied approved accepted rejected declined pending sold retired
    single married engaged divorced widowed separated employed unemployed dead alive ill sick well healthy pregnant
    vegetarian vegan resolved unresolved paid unpaid overdue archived blocked unblocked enabled disabled inactive
    assigned unassigned
    """.split()  # noqa: SIM905
)
"""Words for what something or somebody is for a while, also by what was done to it."""
_PHRASES = frozenset(
    {
        *("on hold", "in progress", "under way", "on ice", "on track", "on time", "on schedule", "behind schedule"),
        *("out of service", "in service", "out of stock", "in stock", "out of date", "out of work", "out of order"),
        *("under review", "in review", "in operation"),
    }
)
_TURNING = frozenset({"go", "come", "get", "become", "turn", "fall"})
_TURNED = frozenset({"up", "down", "online", "offline", "live"})
"""What a thing goes or comes."""
_QUANTITIES = frozenset(
    """
    price prices rent sales cost costs temperature revenue revenues profit profits rate rates number numbers share
    shares stock stocks turnover demand traffic inflation unemployment interest time weather sun moon water
    """.split()  # noqa: SIM905
)
"""They go up and down without being so."""
_STAYING = frozenset({"remain", "stay"})
_PLACED = frozenset({"put", "place"})
_UNITED = frozenset({"married", "engaged", "divorced", "separated"})
_WHEN = frozenset({"when", "whenever"})
_WHERE = frozenset({"in", "at", "on", "near"})
_OF_THINGS = frozenset(
    {
        "move",
        "relocate",
        "belong",
        "locate",
        "base",
        "situate",
        "house",
        "sell",
        "give",
        "donate",
        "lie",
        "stand",
        "own",
    }
)
"""Verbs that tell where a thing is, or whose."""
_SCHEDULED = frozenset({"schedule", "set", "plan", "book", "arrange", "fix", "slate", "confirm", "hold"})
_DUE = frozenset({"due", "set", "scheduled", "planned", "slated", "booked"})
_SLIPPING = frozenset({"slip", "slide", "shift"})
"""What a date does by itself that is moved."""
_HAPPENING = frozenset({"take place", "happen", "occur", "start", "begin", "kick off"})
_LEAVING = frozenset({"leave", "depart", "go"})
_DATES = frozenset({"on", "for", "at", "", "to", "until", "till", "by"})
_BEFORE = frozenset({"originally", "initially", "first", "previously", "formerly", "once"})
APPOINTMENTS = frozenset(
    """
    appointment meeting interview exam test lesson class call lunch dinner breakfast date party wedding funeral concert
    conference workshop hearing trial session flight train checkup check-up surgery operation deadline game match
    rehearsal recital ceremony presentation demo visit tour booking reservation viewing inspection webinar talk lecture
    seminar gig show performance race marathon audition consultation briefing review launch kickoff retreat picnic
    barbecue reunion festival fair parade ceremony examination course training trip
    """.split()  # noqa: SIM905
)
"""What somebody has on a date."""
_WITH = frozenset({"with", "to", "at", "for"})
"""How a name tells which appointment is meant."""
_FINE = ("day", "hour", "minute", "second")


def conditions(arguments: Arguments, clause: Clause, when: When, before: Sequence[int] = ()) -> Iterator[Statement]:
    """Read what a clause says of the state, the place and the date of something.

    `before` are the subjects of the clause before it: what "it" without a name stands for.
    """
    if clause.relative is not None and clause.tense == "present" and not clause.copular:
        return
    if clause.relative is None:
        yield from _dates(arguments, clause, when, before)
    word = _state(arguments, clause, when)
    for s in _meant(arguments, clause, before):
        subject = arguments.thing(s)
        if subject is None or subject.name is None:
            continue
        if word is not None:
            yield from _in_state(arguments, clause, s, subject, word, when)
        owned = clause.verb == "belong" and any(arguments.type(o) in ("PERSON", "MISC") for _, o in clause.obliques)
        if arguments.subject(s) is None and (owned or not arguments.for_people(s)):
            yield from _whereabouts(arguments, clause, s, subject, when)


def _meant(arguments: Arguments, clause: Clause, before: Sequence[int]) -> Sequence[int]:
    """The subjects of a clause; for an "it" that stands for no name, the thing that the clause before it is about."""
    tree = arguments.tree
    it = [s for s in clause.subjects if tree.lower[s] == "it" and arguments.entity(s) is None]
    main = tree.deps[clause.head] in ("root", "conj", "parataxis")
    return before if it and main and len(before) == 1 and tree.pos[before[0]] == "NOUN" else clause.subjects


def _in_state(
    arguments: Arguments, clause: Clause, s: int, subject: Argument, word: tuple[str, int, int], when: When
) -> Iterator[Statement]:
    predicate, first, last = word
    person = arguments.type(s) == "PERSON"
    if clause.progressive and person:
        return
    if arguments.tree.lower[last] in _TURNED | {"on", "off", "over", "open", "closed", "shut"} and person:
        return
    if arguments.tree.lower[last] in ("up", "down") and arguments.tree.lower[s] in _QUANTITIES:
        return
    told = arguments.literal(first, last + 1)
    if told.text != told.text.lower():
        told = told.model_copy(update={"text": told.text.lower()})
    yield statement(arguments, clause, s, subject, predicate, last, told, when, sure=0.85)


def _state(arguments: Arguments, clause: Clause, when: When) -> tuple[str, int, int] | None:
    """The word or phrase for a state that a clause tells, as its first and last word, and "be" or "become"."""
    tree, head = arguments.tree, clause.head
    united = tree.lower[head] in _UNITED and (
        len(clause.subjects) > 1 or any(p in ("to", "from") for p, _ in clause.obliques)
    )
    got = any(tree.lemmas[c] == "get" for c in tree.all(head, "aux:pass"))
    doing = any(
        tree.tags[c] in ("VBG", "VB")
        for c in tree.all(head, "xcomp", "ccomp", "advcl")
        if tree.child(c, "mark") is None
    )
    if united or got or doing:
        return None
    conditional = any(tree.lower[m] in _WHEN for c in tree.all(head, "advcl") for m in tree.all(c, "advmod", "mark"))
    if conditional or arguments.names.at(head) is not None:
        return None
    turning = clause.verb.split(" ")[0]
    if turning in _TURNING and not clause.passive:
        for c in tree.all(head, "advmod", "xcomp", "compound:prt", "obj"):
            fits = _TURNED if turning in ("go", "come") else _STATES - _TURNED
            if (
                c > head
                and tree.lower[c] in fits
                and tree.pos[c] in ("ADJ", "ADV", "ADP", "VERB")
                and tree.child(c, "det") is None
            ):
                return ("become", c, c)
        return None
    if clause.verb in ("shut", "close") and any(tree.lower[o] == "doors" for o in clause.objects):
        return "become", head, head
    if clause.verb in _STAYING:
        found = next((c for c in tree.all(head, "xcomp", "advmod") if tree.lower[c] in _STATES), None)
        return None if found is None else ("be", found, found)
    if clause.verb in _PLACED and clause.passive:
        return next(
            (("become", *span) for preposition, o in clause.obliques if (span := _phrase(arguments, preposition, o))),
            None,
        )
    if clause.passive or clause.progressive:
        if clause.verb in _SCHEDULED and any(when.is_time(o) for _, o in clause.obliques):
            return None
        if tree.lower[head] not in _STATES or any(preposition == "by" for preposition, _ in clause.obliques):
            return None
        done = clause.tense == "past" and not when.ranges(clause) and not when.still(clause)
        return None if done or clause.objects or clause.modality == "intended" else ("be", head, head)
    if not clause.copular or when.is_time(head):
        return None
    if case := tree.case(head):
        phrase = _phrase(arguments, case, head)
        return None if phrase is None else ("be", *phrase)
    if tree.lower[head] not in _STATES or tree.pos[head] not in ("ADJ", "ADV", "ADP", "VERB"):
        return None
    return "be", head, head


def _phrase(arguments: Arguments, case: str, noun: int) -> tuple[int, int] | None:
    """ "On hold", "out of service", as its first and last word."""
    tree = arguments.tree
    if f"{case} {tree.lower[noun]}" not in _PHRASES or tree.child(noun, "amod", "det", "nmod", "nmod:poss") is not None:
        return None
    return noun - len(case.split()), noun


def _whereabouts(arguments: Arguments, clause: Clause, s: int, subject: Argument, when: When) -> Iterator[Statement]:
    """Where a thing without a name is, or whose: "the office moved to Hamburg", "the house was sold to Ann"."""
    tree, head = arguments.tree, clause.head
    if clause.copular:
        place = arguments.entity(head)
        if tree.case(head) in _WHERE and place is not None and arguments.type(head) == "LOC":
            yield statement(arguments, clause, s, subject, f"be {tree.case(head)}", head, place, when, sure=0.85)
        return
    if clause.verb not in _OF_THINGS or clause.objects:
        return
    for preposition, o in clause.obliques:
        entity = None if when.is_time(o) else arguments.entity(o)
        if entity is None or not preposition:
            continue
        if preposition == "by" and clause.passive:
            yield statement(arguments, clause, o, entity, clause.verb, s, subject, when, sure=0.85)
            continue
        verb = f"be {tree.lower[head]}" if clause.passive else clause.verb
        yield statement(arguments, clause, s, subject, f"{verb} {preposition}", o, entity, when, sure=0.8)


def _dates(arguments: Arguments, clause: Clause, when: When, before: Sequence[int]) -> Iterator[Statement]:
    """When an appointment is, and to when it is moved; told as a fact also where it lies ahead."""
    tree, head, verb = arguments.tree, clause.head, clause.verb
    told = _settled(arguments, replace(clause, subjects=tuple(_meant(arguments, clause, before))))
    clause = told
    past = told.tense == "past"
    times = [(tree.case(o), o) for _, o in clause.obliques if when.is_time(o)]
    times += [
        (tree.case(n), n)
        for _, o in clause.obliques
        for n in tree.all(o, "nmod")
        if when.is_time(n) and o not in clause.subjects
    ]
    if clause.copular:
        if tree.lower[head] in _DUE:
            for preposition, o in times:
                if preposition in _DATES:
                    yield from _date(arguments, told, clause.subjects, "be on", o, when, ahead=not past)
        elif when.is_time(head) and tree.case(head) in ("on", "", "at", "for"):
            yield from _date(arguments, told, clause.subjects, "be on", head, when, ahead=not past)
        return
    if tree.child(head, "expl") is not None:
        if verb == "be":
            events = [s for s in clause.subjects if tree.lower[s] in APPOINTMENTS]
            yield from _had(arguments, told, events, when)
        return
    if verb == "have" and clause.objects and not clause.negated:
        yield from _had(arguments, told, [o for o in clause.objects if tree.lower[o] in APPOINTMENTS], when)
    elif verb.split(" ")[0] in RESCHEDULING:
        moved = clause.subjects if clause.passive or not clause.objects else clause.objects
        aside = [
            tree.lower[c] for c in tree.all(head, "advmod") if tree.lower[c] in ("back", "forward", "up", "off", "out")
        ]
        done = " ".join(dict.fromkeys([_participle(arguments, clause), *verb.split(" ")[1:], *aside]))
        for preposition, o in times:
            if preposition in ("to", "until", "till", "for") and (
                clause.passive or clause.objects or verb == "move" or verb in _SLIPPING
            ):
                predicate = f"be {done} {preposition}" if clause.passive or clause.objects else f"{verb} {preposition}"
                if verb in _SLIPPING:
                    predicate = f"be moved {preposition}"
                predicate = predicate.replace(" till", " until")
                yield from _date(arguments, told, moved, predicate, o, when, ahead=True)
    elif clause.passive and verb in _SCHEDULED:
        if past and not any(tree.lower[c] in _BEFORE for c in tree.all(head, "advmod")) and verb != "hold":
            told = _plain(told)
        for preposition, o in times:
            if preposition in _DATES - {"by"}:
                yield from _date(arguments, told, clause.subjects, "be on", o, when, ahead=told.tense != "past")
    elif verb in _HAPPENING or (verb in _LEAVING and not past):
        for preposition, o in times:
            if preposition in ("on", "", "at"):
                yield from _date(arguments, told, clause.subjects, "be on", o, when, ahead=not past)


def _had(arguments: Arguments, told: Clause, events: Sequence[int], when: When) -> Iterator[Statement]:
    """ "I have an appointment on Monday", "there is a meeting on Friday"."""
    tree = arguments.tree
    below = [n for event in events for n in tree.all(event, "nmod", "nmod:unmarked")]
    words = [*(o for _, o in told.obliques), *below]
    for o in words:
        if when.is_time(o) and tree.case(o) in ("on", "", "at"):
            yield from _date(arguments, told, events, "be on", o, when, ahead=told.tense != "past")
            return


def _date(
    arguments: Arguments, told: Clause, events: Sequence[int], predicate: str, o: int, when: When, *, ahead: bool
) -> Iterator[Statement]:
    tree = arguments.tree
    words = [c for c in tree.conjuncts(o) if when.is_time(c)]
    for word in words:
        time = arguments.time_at[word]
        if word != o and time == arguments.time_at[o]:
            continue
        date = _moment(time, arguments, when, ahead)
        for event in events if date is not None else ():
            subject = appointment(arguments, event)
            if subject is None or date is None:
                continue
            found = statement(arguments, told, event, subject, predicate, word, date, when, sure=0.9)
            if predicate == "be on":
                untimed = {"valid_at": None, "invalid_at": None, "granularity": None}
                found = found.model_copy(update={**untimed, "negated": found.negated or told.habit})
            yield found


def appointment(arguments: Arguments, event: int) -> Argument | None:
    """What has a date: no person or place; an appointment of the speaker's own is called by its noun alone."""
    tree = arguments.tree
    if arguments.type(event) in ("PERSON", "LOC", "NORP", "ORG") or event in arguments.time_at:
        return None
    known = tree.lower[event] in APPOINTMENTS
    subject = arguments.thing(event) or (arguments.concept(event) if known else None)
    if subject is None or subject.name is None or tree.pos[event] not in ("NOUN", "PROPN"):
        return None
    if known and any(tree.lower[c] in ("my", "our", "your") for c in tree.all(event, "nmod:poss")):
        subject = subject.model_copy(update={"name": subject.text})
    whole = subject.name != subject.text or arguments.names.at(event) is not None
    return subject if whole else arguments.told_apart(event, subject, _WITH)


def _moment(time: TimeExpression, arguments: Arguments, when: When, ahead: bool) -> Argument | None:
    """The day, or the time of day, as a literal in ISO 8601."""
    span = (time.start, time.end)
    if ahead and time.anchor == "relative":
        text = time.text.rpartition(" to ")[2] if time.text.lower().startswith("from ") else time.text
        time = next(iter(find(text, when.now, ahead=True)), time)
    at = time.valid_at
    if at is None or time.granularity not in _FINE:
        return None
    if time.text.lower().startswith("from ") and time.invalid_at is not None:
        at = time.invalid_at - timedelta(days=1)
    text = at.date().isoformat() if time.granularity == "day" else at.strftime("%Y-%m-%dT%H:%M")
    return Argument(start=span[0], end=span[1], text=text, literal="date")


def _settled(arguments: Arguments, clause: Clause) -> Clause:
    """A clause whose date is settled though it lies ahead: "will be on", "is going to be on", "is to take place on"."""
    tree, head = arguments.tree, clause.head
    auxiliaries = {tree.lower[c] for c in tree.all(head, "aux", "aux:pass", "cop")}
    above = tree.heads[head]
    going = tree.deps[head] == "xcomp" and tree.lower[above] in (
        "going",
        "is",
        "are",
        "due",
        "scheduled",
        "set",
        "planned",
    )
    ahead = auxiliaries & {"will", "'ll", "’ll", "shall"} or going
    return _plain(clause) if ahead and clause.modality == "intended" else clause


def _plain(clause: Clause) -> Clause:
    return replace(clause, modality="asserted", tense="present")


def _participle(arguments: Arguments, clause: Clause) -> str:
    word = arguments.tree.lower[clause.head]
    return word if clause.passive else _PARTICIPLES.get(clause.verb.split(" ")[0], word)


_PARTICIPLES = {
    "move": "moved",
    "postpone": "postponed",
    "reschedule": "rescheduled",
    "push": "pushed",
    "bring": "brought",
    "shift": "shifted",
    "delay": "delayed",
    "defer": "deferred",
    "advance": "advanced",
    "put": "put",
    "change": "changed",
    "pull": "pulled",
    "extend": "extended",
}
