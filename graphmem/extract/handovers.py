"""What goes over from one to another, told by nouns: an office handed on, a term that ended, a home, a divorce."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from graphmem.extract.arguments import Arguments
from graphmem.extract.clauses import Clause, Clauses
from graphmem.extract.offices import OFFICES, POSTS, SUCCEEDING, office, places
from graphmem.extract.statements import statement
from graphmem.extract.when import When
from graphmem.model import Argument, Statement

_DIGNITIES = {
    "captaincy": "captain",
    "presidency": "president",
    "chairmanship": "chairman",
    "directorship": "director",
    "leadership": "leader",
    "mayoralty": "mayor",
    "editorship": "editor",
    "governorship": "governor",
    "premiership": "premier",
    "chancellorship": "chancellor",
    "deanship": "dean",
}
"""What one has who is captain, president, ... of something."""
_HANDING = frozenset({"pass", "hand", "give", "cede", "transfer", "turn", "yield"})
_TAKING = frozenset({"take", "take over", "take on", "take up", "assume", "inherit"})
_DROPPING = frozenset({"give up", "relinquish", "lose", "leave", "quit", "resign", "vacate", "lay down", "hand back"})
_FOLLOWING = SUCCEEDING | {"take over", "step in", "step into"}
_TERMS = frozenset({"term", "tenure", "stint", "time", "reign", "spell", "mandate", "tenancy"})
_ENDING = frozenset({"end", "expire", "finish", "conclude", "run out", "come"})
_OWNERSHIP = frozenset({"ownership", "possession", "title"})
_DIVORCING = frozenset({"finalise", "finalize", "complete", "grant", "settle", "come through", "go through"})
_PARTING = frozenset({"end", "annul", "dissolve", "break down", "break up"})
_DAYS = {"first": "start at", "last": "leave"}
"""Whose first or last day it is at a firm."""


def handovers(arguments: Arguments, clause: Clause, clauses: Clauses, when: When) -> Iterator[Statement]:
    """Read what a clause says by a noun of an office, a home, a property, a marriage or a job."""
    yield from _homes(arguments, clause, when)
    yield from _days(arguments, clause, when)
    yield from _ended(arguments, clause, when)
    verb = clause.verb.split(" ")[0]
    if not clause.passive and (verb in _HANDING or clause.verb in _TAKING | _DROPPING):
        yield from _handed(arguments, clause, when)
    if clause.verb in _FOLLOWING:
        yield from _followed(arguments, clause, clauses, when)
    if verb in ("pass", "go", "transfer") and not clause.objects:
        for s in (s for s in clause.subjects if arguments.tree.lower[s] in _OWNERSHIP):
            for n in arguments.tree.all(s, "nmod"):
                thing = (arguments.thing(n) or arguments.concept(n)) if arguments.tree.case(n) == "of" else None
                for o, receiver in _obliques(arguments, clause, "to") if thing is not None else ():
                    if thing is not None:
                        yield statement(arguments, clause, n, thing, "pass to", o, receiver, when, sure=0.85)


def _obliques(arguments: Arguments, clause: Clause, *prepositions: str) -> list[tuple[int, Argument]]:
    """The entities behind a verb with one of these prepositions."""
    found = [(o, arguments.entity(o)) for preposition, o in clause.obliques if preposition in prepositions]
    return [(o, entity) for o, entity in found if entity is not None]


def _post(arguments: Arguments, noun: int) -> tuple[int, str] | None:
    """The office that a noun means, and the word that says of what: "the role of chair", "the presidency"."""
    tree = arguments.tree
    if tree.lower[noun] in _DIGNITIES:
        return noun, _DIGNITIES[tree.lower[noun]]
    if tree.lower[noun] in OFFICES and (role := office(arguments, noun)):
        return noun, role
    for n in tree.all(noun, "nmod") if tree.lower[noun] in POSTS | _TERMS else ():
        if tree.case(n) in ("of", "as") and tree.lower[n] in OFFICES and (role := office(arguments, n)):
            return n, role
    return None


def _handed(arguments: Arguments, clause: Clause, when: When) -> Iterator[Statement]:
    """ "Ann passed the role of chair of the club to Ben", "Ben took over the presidency of the club from Ann"."""
    tree = arguments.tree
    subjects = [(s, entity) for s in clause.subjects if (entity := arguments.entity(s)) is not None]
    for o in clause.objects:
        post = _post(arguments, o) if arguments.names.at(o) is None else None
        if post is None:
            continue
        taking = clause.verb in _TAKING
        receivers = _obliques(arguments, clause, "to")
        receivers += [(r, entity) for r in clause.recipients if (entity := arguments.entity(r)) is not None]
        old, new = (_obliques(arguments, clause, "from"), subjects) if taking else (subjects, receivers)
        if not taking and not new and clause.verb not in _DROPPING:
            continue
        noun, role = post
        for preposition, n, place in places(arguments, clause, noun, when):
            if taking and tree.lower[o] in OFFICES:
                continue  # "took over chairs of the club"
            for each, person in new:
                yield statement(
                    arguments, clause, each, person, f"become {role} {preposition}", n, place, when, sure=0.85
                )
            for each, person in old:
                yield statement(
                    arguments, clause, each, person, f"step down as {role} {preposition}", n, place, when, sure=0.85
                )


def _followed(arguments: Arguments, clause: Clause, clauses: Clauses, when: When) -> Iterator[Statement]:
    """ "Ann stepped down as CEO of Acme and was replaced by Ben", "Ann was its head before Ben took over"."""
    tree = arguments.tree
    above = clauses.at.get(clauses.owner.get(tree.heads[clause.head], -1))
    if above is None or above is clause:  # "was head of it before Ben took over", with "took" read as the root
        below = (clauses.at.get(c) for c in tree.children[clause.head])
        above = next((each for each in below if each is not None and each.copular), None)
    own = any(preposition == "as" for preposition, _ in clause.obliques)
    own = own or (clause.verb not in SUCCEEDING and bool(clause.objects))
    if above is None or own or clause.modality != above.modality:
        return
    subjects = [(s, entity) for s in clause.subjects if (entity := arguments.entity(s)) is not None]
    objects = [(o, entity) for o in clause.objects if (entity := arguments.entity(o)) is not None]
    new, gone = (_obliques(arguments, clause, "by"), subjects) if clause.passive else (subjects, objects)
    dated = clause if when.of(clause) is not None or tree.deps[clause.head] == "advcl" else above
    for s, holder, noun, role in _held(arguments, above):
        replaced = clause.verb not in SUCCEEDING or any(each.name == holder.name for _, each in gone)
        successor = any(each.name == holder.name for _, each in new)
        for preposition, n, place in places(arguments, above, noun, when):
            become, leave = f"become {role} {preposition}", f"step down as {role} {preposition}"
            if successor:
                for each, person in gone:
                    yield statement(arguments, above, each, person, leave, n, place, when, sure=0.8)
            elif replaced and new:
                for each, person in new:
                    yield statement(arguments, dated, each, person, become, n, place, when, sure=0.8)
                yield statement(arguments, dated, s, holder, leave, n, place, when, sure=0.8)


def _held(arguments: Arguments, clause: Clause) -> Iterator[tuple[int, Argument, int, str]]:
    """Who holds, got or left which office in a clause."""
    tree = arguments.tree
    nouns = [clause.head] if clause.copular else [o for preposition, o in clause.obliques if preposition == "as"]
    if clause.passive and not clause.copular:
        nouns += [*clause.objects, *([clause.complement] if clause.complement is not None else [])]
    for noun in nouns:
        if tree.lower[noun] in OFFICES and arguments.names.at(noun) is None and (role := office(arguments, noun)):
            for s in clause.subjects:
                if (holder := arguments.entity(s)) is not None:
                    yield s, holder, noun, role


def _ended(arguments: Arguments, clause: Clause, when: When) -> Iterator[Statement]:
    """ "Ann's term as president of the board ended", "her divorce from Ben was finalised"."""
    tree, head = arguments.tree, clause.head
    over = clause.copular and tree.lower[head] == "over"
    for s in clause.subjects:
        noun = tree.lower[s]
        came = clause.verb != "come" or any(tree.lower[o] in ("end", "close") for _, o in clause.obliques)
        if noun in _TERMS and (over or (clause.verb in _ENDING and came)):
            person, post = _owned_by(arguments, s), _post(arguments, s)
            for preposition, n, place in places(arguments, clause, post[0], when) if post is not None else ():
                if person is not None and post is not None:
                    predicate = f"step down as {post[1]} {preposition}"
                    yield statement(arguments, clause, s, person, predicate, n, place, when, sure=0.85)
        divorced = noun == "divorce" and clause.verb in _DIVORCING
        if divorced or (noun == "marriage" and (over or clause.verb in _PARTING)):
            yield from _parted(arguments, clause, s, when)


def _parted(arguments: Arguments, clause: Clause, noun: int, when: When) -> Iterator[Statement]:
    tree = arguments.tree
    person = _owned_by(arguments, noun)
    others = [(n, entity) for n in tree.all(noun, "nmod") if (entity := arguments.entity(n)) is not None]
    others = [(n, entity) for n, entity in others if tree.case(n) in ("from", "to", "with")]
    possessor = tree.child(noun, "nmod:poss")
    if not others and possessor is not None:  # "Ann and Ben's divorce", also where "and" was read to join the divorce
        beside = [*tree.conjuncts(possessor)[1:], *([tree.heads[noun]] if tree.deps[noun] == "conj" else [])]
        beside += [tree.heads[possessor]] if tree.deps[possessor] == "conj" else []
        others = [(n, entity) for n in beside if (entity := arguments.entity(n)) is not None]
    for n, other in others:
        if person is not None and other.name != person.name:
            yield statement(arguments, clause, noun, person, "divorce", n, other, when, sure=0.85)


def _owned_by(arguments: Arguments, noun: int) -> Argument | None:
    """Whose something is, as an argument that stands where the possessive does."""
    tree = arguments.tree
    owner, possessor = arguments.owner(noun), tree.child(noun, "nmod:poss")
    if owner is None or possessor is None:
        return None
    return Argument(start=tree.starts[possessor], end=tree.ends[possessor], text=tree.words[possessor], name=owner)


def _homes(arguments: Arguments, clause: Clause, when: When) -> Iterator[Statement]:
    """ "Ann's home is in Rome", "Ann calls Rome home"."""
    tree, head = arguments.tree, clause.head
    place = arguments.entity(head) if clause.copular and tree.case(head) == "in" else None
    for s in clause.subjects:
        if place is not None and tree.lower[s] == "home" and (person := _owned_by(arguments, s)) is not None:
            yield statement(arguments, clause, s, person, "have home in", head, place, when, sure=0.85)
        called = clause.verb == "call" and any(tree.lower[c] == "home" for c in tree.children[head])
        person = arguments.entity(s) if called else None
        for o in clause.objects if person is not None else ():
            if person is not None and (place := arguments.entity(o)) is not None:
                yield statement(arguments, clause, s, person, "have home in", o, place, when, sure=0.85)


def _days(arguments: Arguments, clause: Clause, when: When) -> Iterator[Statement]:
    """ "Today was my first day at Acme"."""
    tree = arguments.tree
    for day in (clause.head, *clause.subjects) if clause.copular else ():
        kind = next((tree.lower[c] for c in tree.all(day, "amod") if tree.lower[c] in _DAYS), None)
        person = _owned_by(arguments, day) if tree.lower[day] == "day" and kind is not None else None
        for n in tree.all(day, "nmod"):
            firm = arguments.entity(n) if tree.case(n) in ("at", "with") else None
            if person is not None and firm is not None and kind is not None:
                told = replace(clause, copular=False, verb="start")
                yield statement(arguments, told, day, person, _DAYS[kind], n, firm, when, sure=0.85)
