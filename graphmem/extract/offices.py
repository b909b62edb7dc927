"""Offices, jobs and unions: "took over as CEO of Acme", "replaced Ann as mayor", "Ann and Ben divorced"."""

from __future__ import annotations

from collections.abc import Iterator

from graphmem.extract.arguments import Arguments
from graphmem.extract.clauses import Clause
from graphmem.extract.statements import statement
from graphmem.extract.when import When
from graphmem.model import Argument, Statement

OFFICES = frozenset(
    """
    ceo cto cfo coo chair chairman chairwoman chairperson president director manager head leader boss captain mayor
    governor minister chancellor secretary secretary-general editor editor-in-chief coach principal headteacher
    headmaster headmistress conductor dean rector treasurer chief commander curator bishop speaker provost
    superintendent executive officer lead member spokesperson
    """.split()  # noqa: SIM905
)
"""What somebody is of an organisation, also of one without a name: "head of the sales team"."""
_ATTRIBUTES = frozenset(
    """
    former future first last vice deputy acting interim honorary founding current prime chief managing general executive
    artistic
    """.split()  # noqa: SIM905
)
"""Adjectives that are part of an office."""
SUCCEEDING = frozenset({"replace", "succeed", "follow"})
_NAMING = frozenset({"name", "appoint", "elect", "make", "choose", "reelect", "re-elect", "crown", "select"})
_AT = frozenset({"of", "at", "for", "in"})
_PRACTISING = frozenset({"work", "start", "begin", "train"})
"""With these, who is a nurse at a hospital also works, starts, trains there."""
POSTS = frozenset({"role", "post", "position", "job", "office"})
"""What somebody leaves "as CEO"."""
_AS = frozenset(
    """
    work serve act start begin quit retire resign step stand qualify train take leave return continue hire fire appoint
    elect dismiss remove oust recruit employ install confirm reelect re-elect choose select name sack join
    """.split()  # noqa: SIM905
)
"""Verbs that tell with "as" what somebody is or was."""
_UNIONS = {
    "marry": "marry",
    "wed": "marry",
    "divorce": "divorce",
    "separate": "separate from",
    "split": "split from",
    "split up": "split up with",
    "break up": "break up with",
    "date": "date",
    "tie knot": "tie knot with",
}
"""What two do together -> what one does with the other."""
_UNITED = {
    "married": "be married to",
    "engaged": "be engaged to",
    "divorced": "be divorced from",
    "separated": "be separated from",
}
_GOT = {"married": "get married to", "engaged": "get engaged to", "divorced": "divorce", "separated": "separate from"}


def offices(arguments: Arguments, clause: Clause, when: When) -> Iterator[Statement]:
    """Read who takes, holds and leaves which office, and who joins or parts with whom."""
    yield from _together(arguments, clause, when)
    tree = arguments.tree
    if clause.copular:
        yield from _holder(arguments, clause, when)
        return
    subjects = [(s, argument) for s in clause.subjects if (argument := arguments.entity(s)) is not None]
    agents = [(o, a) for preposition, o in clause.obliques if preposition == "by" and (a := arguments.entity(o))]
    done = f"be {' '.join([tree.lower[clause.head], *clause.verb.split(' ')[1:]])}" if clause.passive else clause.verb
    told = [o for preposition, o in clause.obliques if preposition == "as"]
    posts = [o for o in (*clause.objects, *(o for _, o in clause.obliques)) if tree.lower[o] in POSTS]
    told += [n for post in posts for n in tree.all(post, "nmod") if tree.case(n) == "as"]
    for noun in [o for o in told if tree.pos[o] in ("NOUN", "PROPN")]:
        role = office(arguments, noun)
        if not role or when.is_time(noun):
            continue
        if clause.verb in SUCCEEDING:
            old = [(o, a) for o in clause.objects if (a := arguments.entity(o)) is not None]
            new, gone = (agents, subjects) if clause.passive else (subjects, old)
            for preposition, n, place in places(arguments, clause, noun, when):
                for s, subject in new:
                    predicate = f"become {role} {preposition}"
                    yield statement(arguments, clause, s, subject, predicate, n, place, when, sure=0.85)
                for s, subject in gone:
                    predicate = f"step down as {role} {preposition}"
                    yield statement(arguments, clause, s, subject, predicate, n, place, when, sure=0.85)
            continue
        if clause.verb in _NAMING and not clause.passive:
            yield from _named(arguments, clause, noun, role, when)
            continue
        if clause.verb.split(" ")[0] not in _AS:
            continue
        found = list(places(arguments, clause, noun, when))
        plain = tree.lower[noun] not in OFFICES and clause.verb in _PRACTISING
        for s, subject in subjects:
            for preposition, n, place in found:
                if plain:
                    predicate = f"{clause.verb} {preposition}"
                    yield statement(arguments, clause, s, subject, predicate, n, place, when, sure=0.8)
                    continue
                named = f"{done} {role}" if clause.verb in _NAMING else f"{done} as {role}"
                yield statement(arguments, clause, s, subject, f"{named} {preposition}", n, place, when, sure=0.85)
            if (plain or not found) and (concept := arguments.concept(noun)) is not None:
                yield statement(arguments, clause, s, subject, f"{done} as", noun, concept, when, sure=0.8)
        if clause.verb == "take over":
            for preposition, o in clause.obliques:
                giver = arguments.entity(o) if preposition == "from" else None
                for preposition_of, n, place in found:
                    if giver is None:
                        break
                    predicate = f"step down as {role} {preposition_of}"
                    yield statement(arguments, clause, o, giver, predicate, n, place, when, sure=0.8)
    if clause.verb == "have":
        yield from _has(arguments, clause, subjects, when)
    complement = clause.complement
    nouns = [*clause.objects, *([complement] if complement is not None else [])]
    if clause.passive and clause.verb in _NAMING | {"promote"}:
        for noun in nouns:
            role = office(arguments, noun) if arguments.entity(noun) is None else ""
            for preposition, n, place in places(arguments, clause, noun, when) if role else ():
                for s, subject in subjects:
                    predicate = f"{done} {role} {preposition}"
                    yield statement(arguments, clause, s, subject, predicate, n, place, when, sure=0.85)
    elif clause.verb in _NAMING and complement is not None:
        role = office(arguments, complement)
        if role and tree.lower[complement] in OFFICES:
            yield from _named(arguments, clause, complement, role, when)


def office(arguments: Arguments, noun: int) -> str:
    """A noun as part of a predicate: "vice president", "former capital"; "" if it names something itself."""
    tree = arguments.tree
    if arguments.names.at(noun) is not None:
        return ""
    words = [
        "".join(tree.lower[tree.hyphenated(c) : c]) + (tree.lower[c] if tree.pos[c] != "PROPN" else tree.words[c])
        for c in tree.children[noun]
        if c < noun
        and (tree.deps[c] == "compound" or (tree.deps[c] == "amod" and tree.lower[c] in _ATTRIBUTES))
        and arguments.names.at(c) is None
        and c not in arguments.time_at
    ]
    lemma = tree.lower[noun] if tree.tags[noun] != "NNS" else tree.lemmas[noun].lower()
    return " ".join([*words, lemma]) if tree.words[noun].replace("-", "").isalpha() else ""


def body(arguments: Arguments, noun: int, of: int) -> Argument | None:
    """Of what somebody has an office: something with a name, or a definite thing ("the sales department")."""
    found = arguments.entity(of)
    tree = arguments.tree
    if found is not None or tree.lower[noun] not in OFFICES or tree.pos[of] != "NOUN":
        return found
    determiner = tree.child(of, "det")
    definite = (determiner is not None and tree.lower[determiner] == "the") or arguments.owner(of) is not None
    return (arguments.concept(of) if definite else None) or arguments.of_kind(of)


def places(arguments: Arguments, clause: Clause, noun: int, when: When) -> Iterator[tuple[str, int, Argument]]:
    """Of or at what an office is: below its noun, before it ("its new CEO"), or else behind the verb."""
    tree = arguments.tree
    found = False
    for n in tree.all(noun, "nmod", "obl"):
        preposition = tree.case(n)
        if preposition in _AT and not when.is_time(n) and (place := body(arguments, noun, n)) is not None:
            found = True
            yield preposition, n, place
    owner = arguments.owner(noun)
    if not found and owner is not None:
        found = True
        yield "of", noun, Argument(start=tree.starts[noun], end=tree.ends[noun], text=owner, name=owner)
    for preposition, o in clause.obliques if not found and tree.lower[noun] in OFFICES else ():
        if (
            preposition in _AT - {"in"}
            and o > noun
            and not when.is_time(o)
            and (place := body(arguments, noun, o)) is not None
        ):
            yield preposition, o, place


def _named(arguments: Arguments, clause: Clause, noun: int, role: str, when: When) -> Iterator[Statement]:
    """ "Acme has named Ann as its CEO", "the board appointed Ann director of the bank"."""
    tree = arguments.tree
    found = list(places(arguments, clause, noun, when))
    own = any(tree.lower[c] in ("its", "their") for c in tree.all(noun, "nmod:poss"))
    for s in clause.subjects if not found or own else ():
        firm = arguments.entity(s)
        if firm is not None and (own or arguments.type(s) == "ORG"):
            found = [("of", s, firm)]
    named = tree.lower[clause.head] if tree.tags[clause.head] in ("VBN", "VBD") else "named"
    for o in clause.objects:
        person = arguments.entity(o)
        for preposition, n, place in found:
            if person is None:
                break
            predicate = f"be {named} {role} {preposition}"
            yield statement(arguments, clause, o, person, predicate, n, place, when, sure=0.8)


def _has(arguments: Arguments, clause: Clause, subjects: list[tuple[int, Argument]], when: When) -> Iterator[Statement]:
    """ "Acme has a new CEO, Ann Berg"."""
    tree = arguments.tree
    for o in clause.objects:
        person = arguments.entity(o)
        if tree.lower[o] in OFFICES and person is not None and (role := office(arguments, o)):
            for s, firm in subjects:
                yield statement(arguments, clause, o, person, f"be {role} of", s, firm, when, sure=0.8)


def _holder(arguments: Arguments, clause: Clause, when: When) -> Iterator[Statement]:
    """ "The new mayor of Oslo is Ann Berg", "Acme's CEO is Ann Berg"."""
    tree, head = arguments.tree, clause.head
    person = arguments.entity(head)
    if person is None or arguments.type(head) in ("LOC", "NORP", "EVENT") or tree.case(head):
        return
    for s in clause.subjects:
        if tree.lower[s] in OFFICES and arguments.entity(s) is None and (role := office(arguments, s)):
            for preposition, n, place in places(arguments, clause, s, when):
                yield statement(arguments, clause, head, person, f"be {role} {preposition}", n, place, when, sure=0.85)


def _together(arguments: Arguments, clause: Clause, when: When) -> Iterator[Statement]:
    """What two do with each other: "Ann and Ben got divorced", "Ann and Ben are engaged"."""
    tree = arguments.tree
    pair = [(s, argument) for s in clause.subjects if (argument := arguments.entity(s)) is not None]
    if len(pair) != 2 or len(clause.subjects) != 2:
        return
    word = tree.lower[clause.head]
    if clause.copular or clause.passive:
        got = any(tree.lemmas[c] == "get" for c in tree.all(clause.head, "aux:pass", "aux"))
        predicate = (
            _GOT
            if got or (clause.passive and clause.tense == "past" and not clause.copular and word == "divorced")
            else _UNITED
        ).get(word)
        apart = any(preposition in ("to", "from", "by") and not when.is_time(o) for preposition, o in clause.obliques)
    else:
        knot = any(tree.lower[o] == "knot" for o in clause.objects)
        predicate = _UNIONS.get(f"{clause.verb} knot" if knot else clause.verb)
        apart = bool(clause.objects) and not knot
        apart = apart or any(
            preposition in ("with", "from", "to") and not when.is_time(o) for preposition, o in clause.obliques
        )
    if predicate is None or apart:
        return
    (s, subject), (o, other) = pair
    yield statement(arguments, clause, s, subject, predicate, o, other, when, sure=0.9)
