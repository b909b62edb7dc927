"""Statements out of clauses and noun phrases: subject, canonical predicate, object, and when they hold.

The predicate is a lemma with particle and preposition ("live in", "give up"); a passive with an agent is turned active,
one without stays ("be found in"); nominal predicates keep noun and preposition ("be daughter of").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from graphmem.extract.arguments import Arguments
from graphmem.extract.clauses import Clause, Clauses
from graphmem.extract.conditions import conditions
from graphmem.extract.coreference import RELATIVES
from graphmem.extract.corrections import corrected
from graphmem.extract.handovers import handovers
from graphmem.extract.mentions import Mention
from graphmem.extract.offices import POSTS, SUCCEEDING, body, office, offices
from graphmem.extract.statements import statement
from graphmem.extract.when import When
from graphmem.model import Argument, Modality, Statement, normal_name

_LIGHT = frozenset(
    """
    say tell think know believe guess hope suppose seem feel wish mean let happen go come get do try make ask
    """.split()  # noqa: SIM905
)
_SAYING = frozenset(
    """
    say tell report claim announce state declare argue write explain note add insist warn deny confirm
    """.split()  # noqa: SIM905
)
_LIKING = frozenset(
    """
    like love enjoy hate prefer
    """.split()  # noqa: SIM905
)
_NO_PREDICATE_NOUN = frozenset(
    """
    thanks thank congrats congratulations hey wow yeah yep cheers
    one thing something part way kind sort type example reason problem case time fact point result lot bit place
    person people someone example question matter idea
    """.split()  # noqa: SIM905
)
_OWNED = RELATIVES | frozenset(
    """
    dog cat pet puppy kitten horse house home apartment flat car bike boat company business shop store
    restaurant farm job birthday band club team book album novel film garden office collection degree nickname
    hometown
    """.split()  # noqa: SIM905
)
_GIVING = frozenset("give send sell show offer lend hand award donate bring write teach".split())  # noqa: SIM905
_WITH_TWO_OBJECTS = _GIVING | frozenset(
    """
    call name rename nickname title entitle dub elect reelect re-elect appoint consider deem declare crown vote label
    term style designate proclaim christen baptise baptize brand rate rank make pronounce judge grant pay owe deny
    allow allot assign charge fine ask tell promise leave lend loan
    """.split()  # noqa: SIM905
)
"""Verbs that keep an object in the passive: "was named director", "was granted a loan"."""
_CLASSING = _WITH_TWO_OBJECTS - _GIVING | frozenset(
    "classify know regard describe see view define identify recognise recognize list install".split()  # noqa: SIM905
)
"""Verbs that say in the passive what something counts as, and little without that."""
_PLACES = frozenset("town city village county state district province municipality borough island parish".split())  # noqa: SIM905
"""Nouns that "of" joins with the name of the very place: "the town of Ely"."""
_TAKING = frozenset(
    """
    become remain stay get have take start join receive earn win lead hold accept leave run teach write visit
    attend finish quit lose land begin complete resign cancel
    """.split()  # noqa: SIM905
)
_LEAVING = frozenset({"resign", "retire", "withdraw"})
_ALONE = frozenset("teach study write sing paint practise practice read perform serve".split())  # noqa: SIM905
"""Verbs that say with a preposition what they say with an object too: "teach physics at Yale", "teach at Yale"."""
_MOVING = frozenset("fall get come go keep stay".split())  # noqa: SIM905
"""Verbs that a bare noun behind a preposition completes: "fall in love with", "get in touch with"."""
_GETTING = frozenset({"married", "engaged", "divorced", "promoted"})
"""What one gets rather than is: then it begins."""
_HANDED = ("become ", "step down as ")
_PROPERTY = frozenset(
    """
    own possess buy purchase acquire sell inherit rent lose give donate scrap keep build
    """.split()  # noqa: SIM905
)
"""Verbs of what somebody has: a house is told from others by its place, and is not called by its owner."""
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)|(?:four|fif|six|seven|eigh|nin|ten|eleven|twelf|\w+teen|\w+tie)th")
_NARROWING = frozenset("only sole same first last second third next main chief principal other".split())  # noqa: SIM905
"""Modifiers of a noun that is nothing without what follows it: "the first woman" to do what?"""
_CLOSE = 6
_UNSURE = 0.55
"""A statement of less confidence is not made."""
_FOLLOWING = frozenset({"acl", "acl:relcl", "advcl:relcl", "nmod", "advcl", "ccomp", "obl"})
_COMPLEMENTS = ("ccomp", "xcomp", "csubj", "advcl", "nmod", "obl")
_MANNER = frozenset(
    """
    including excluding regarding concerning following like as than despite without except besides per versus amid
    until till since before after during upon
    """.split()  # noqa: SIM905
) | {"according to", "instead of", "because of", "due to", "as well as", "such as", "rather than", "along with"}
"""Prepositions that join no two things."""


def find_statements(arguments: Arguments, clauses: Clauses, when: When) -> list[Statement]:
    """Read all statements of a text, each once, in order."""
    found: list[Statement] = []
    before: tuple[int, ...] = ()
    for clause in clauses.found:
        if _aside(arguments, clause):
            continue
        general = clause.tense == "present" and clause.modality == "asserted" and not clause.copular
        handed = list(handovers(arguments, clause, clauses, when))
        office = clause.verb not in SUCCEEDING and any(each.predicate.startswith(_HANDED) for each in handed)
        found += [
            each
            for each in _of_clause(arguments, clause, when)
            if not (office and each.predicate.startswith(clause.verb))  # not also "hand over the chair to"
            if arguments.named(each.subject) or (clause.relative is None and (general or arguments.named(each.object)))
        ]
        found += conditions(arguments, clause, when, before)
        if clause.subjects and arguments.tree.lower[clause.subjects[0]] != "it":
            before = clause.subjects
        found += offices(arguments, clause, when)
        found += handed
    found += _of_nouns(arguments, clauses, when)
    seen: set[tuple[object, ...]] = set()
    distinct = []
    for each in sorted(found, key=lambda s: (s.start, s.object.start, -s.confidence)):
        key = (
            normal_name(each.subject.name or ""),
            each.predicate,
            normal_name(each.object.name or each.object.text),
            each.negated,
            each.modality,
        )
        if key in seen or key[0] == key[2]:
            continue
        if arguments.torn(each.subject) or arguments.torn(each.object):
            continue
        if each.confidence >= _UNSURE and not _cut(arguments, each.subject):
            seen.add(key)
            distinct.append(each)
    return corrected(arguments, distinct)


def _cut(arguments: Arguments, subject: Argument) -> bool:
    """Does a sentence begin with the rest of a name, what comes before being no sentence ("Acme Ltd. | Records")?"""
    return subject.start in arguments.remainders


def _aside(arguments: Arguments, clause: Clause) -> bool:
    """Is a clause part of a title, or in brackets behind its subject ("(tied with Denmark)")? A birth may."""
    tree = arguments.tree
    if clause.head in arguments.works:
        return True  # "Walking with Monsters" is a title
    outside = all(tree.depth[s] < tree.depth[clause.head] for s in clause.subjects)
    return tree.depth[clause.head] > 0 and outside and tree.lower[clause.head] != "born"


def _of_clause(arguments: Arguments, clause: Clause, when: When) -> Iterator[Statement]:
    subjects = [(s, argument) for s in clause.subjects if (argument := arguments.subject(s)) is not None]
    if arguments.tree.child(clause.head, "expl") is not None:
        if clause.verb == "be":
            yield from _there(arguments, clause, when)
    elif clause.copular:
        for s, subject in subjects:
            yield from _copula(arguments, clause, s, subject, when)
    elif clause.passive:
        yield from _passive(arguments, clause, subjects, when)
    else:
        for s, subject in subjects:
            yield from _active(arguments, clause, s, subject, when)


def _active(arguments: Arguments, clause: Clause, s: int, subject: Argument, when: When) -> Iterator[Statement]:
    tree, verb = arguments.tree, clause.verb
    split = {m for preposition, o in clause.obliques if preposition and (m := arguments.names.at(o)) is not None}
    objects = [
        o for o in clause.objects if arguments.names.at(o) not in split
    ]  # "switched to Ain" | "Shams University"
    named = [arguments.names.at(o) for o in objects]
    others = [
        (preposition, o, argument)
        for preposition, o in clause.obliques
        if preposition not in _MANNER
        and not when.is_time(o)
        and not (tree.deps[o] == "conj" and when.is_time(tree.heads[o]))
        and (arguments.names.at(o) is None or arguments.names.at(o) not in named)
        and (argument := arguments.object(o)) is not None
        and (argument.name or argument.literal != "text")
    ]
    others = [other for other in others if other[1] != _completing(arguments, clause)]
    more = tuple((preposition or "at", argument) for preposition, _, argument in others)
    recipients = [(r, argument) for r in clause.recipients if (argument := arguments.object(r)) is not None]
    more += tuple(("to", argument) for _, argument in recipients)
    placed: set[int] = set()
    for o in objects:
        argument = arguments.object(o)
        if argument is None or when.is_time(o) or _introduced_elsewhere(arguments, clause, o) or verb == "put":
            continue
        if verb in _PROPERTY and arguments.entity(o) is None:
            argument = _property(arguments, clause, o, argument, subject)
            placed.update(each for _, each, place in others if argument.start < place.start < argument.end)
        predicate = verb
        if verb == "have" and argument.name is None and argument.literal == "text":
            continue
        yield statement(arguments, clause, s, subject, predicate, o, argument, when, others=more)
        yield from _beyond(arguments, clause, s, subject, predicate, o, when)
    for preposition, o, argument in others:
        if o in placed or not preposition or argument.name is None or (objects and arguments.entity(o) is None):
            continue
        if (_of_the_moment(arguments, o) and clause.verb not in _LEAVING) or _who_is_to(arguments, o):
            continue
        if arguments.entity(o) is None and not clause.head < o <= clause.head + _CLOSE:
            continue  # what is no name and stands far from its verb often belongs elsewhere
        job = verb == "get" and any(arguments.tree.lower[each] in POSTS for each in objects)
        if verb.split(" ")[0] in (_LIGHT if objects else _LIGHT - {"go", "come", "get"}) and not job:
            continue
        if verb in ("become", "remain"):
            continue  # "became in 1990": what it became is the thing
        sure = 0.78 if not objects else 0.65
        predicate = f"{_with_object(arguments, clause)} {preposition}"
        if preposition == "to" and verb in _GIVING and clause.objects:
            predicate, sure = f"{verb} to", 0.7
        yield statement(arguments, clause, s, subject, predicate, o, argument, when, sure=sure)
    for r, argument in recipients:
        if arguments.entity(r) is not None and clause.objects:
            yield statement(arguments, clause, s, subject, f"{verb} to", r, argument, when, sure=0.7)
    yield from _clausal(arguments, clause, s, subject, when)


def _property(arguments: Arguments, clause: Clause, o: int, thing: Argument, owner: Argument) -> Argument:
    """ "A cottage in Devon" with its place, "her piano" without her."""
    tree = arguments.tree
    if thing.name is not None and arguments.owner(o) == owner.name:
        thing = thing.model_copy(update={"name": thing.text})
    n = next((n for n in [*tree.all(o, "nmod"), *(n for _, n in clause.obliques)] if n > o), None)
    mention = arguments.names.at(n) if n is not None else None
    if mention is None or tree.case(mention.head) not in ("in", "at", "on", "near") or thing.name is None:
        return thing
    behind = all(tree.pos[i] in ("ADP", "DET") for i in range(o + 1, mention.first))
    if not behind or mention.type in ("PERSON", "NORP") or mention.first - o > 3:
        return thing
    end = tree.ends[mention.last - 1]
    surface = " ".join(arguments.text[thing.start : end].split())
    return thing.model_copy(update={"end": end, "text": surface, "name": surface})


def _with_object(arguments: Arguments, clause: Clause) -> str:
    """A verb with the noun that it takes, where it says little without: "play role", "fall in love"; but "teach"."""
    if (noun := _completing(arguments, clause)) is not None:
        return f"{clause.verb} {arguments.tree.case(noun)} {arguments.tree.lower[noun]}"
    if not clause.objects or clause.verb in _ALONE or arguments.entity(clause.objects[0]) is not None:
        return clause.verb
    return f"{clause.verb} {office(arguments, clause.objects[0])}".rstrip()


def _completing(arguments: Arguments, clause: Clause) -> int | None:
    """The bare noun that makes one predicate with a verb: "fall in love with", "get in touch with"."""
    tree = arguments.tree
    if clause.verb not in _MOVING or clause.objects or len(clause.obliques) < 2:
        return None
    noun = clause.obliques[0][1]
    bare = noun == clause.head + 2 and tree.tags[noun] == "NN" and arguments.names.at(noun) is None
    return noun if bare else None


def _of_the_moment(arguments: Arguments, o: int) -> bool:
    """ "In the episode", "in this period": a place or time that only its text knows."""
    tree = arguments.tree
    determiner = tree.child(o, "det")
    if determiner is None or tree.lower[determiner] not in ("the", "this", "that", "these", "those"):
        return False
    return arguments.entity(o) is None and tree.child(o, "amod", "compound", "nmod", "nmod:poss", "nummod") is None


def _who_is_to(arguments: Arguments, o: int) -> bool:
    """ "Waited for her brother to come": it is his coming that is waited for."""
    tree = arguments.tree
    return o + 1 < len(tree) and tree.tags[o + 1] == "TO" and tree.case(o) == "for"


def _there(arguments: Arguments, clause: Clause, when: When) -> Iterator[Statement]:
    """ "There is a castle in Bratislava"."""
    tree = arguments.tree
    for s in clause.subjects:
        subject = arguments.entity(s) or arguments.concept(s)
        places = [*clause.obliques, *((tree.case(n), n) for n in tree.all(s, "nmod"))]
        for preposition, o in places:
            place = arguments.entity(o)
            if subject is not None and place is not None and preposition in ("in", "at", "on", "near"):
                yield statement(arguments, clause, s, subject, f"be {preposition}", o, place, when, sure=0.8)


def _introduced_elsewhere(arguments: Arguments, clause: Clause, o: int) -> bool:
    """ "With my brother Marco", where the parser made an object of the name."""
    mention = arguments.names.at(o)
    if mention is None or not mention.first or arguments.introduced(mention.first - 1) != mention:
        return False
    return any(o == mention.first - 1 for _, o in clause.obliques)


def _beyond(
    arguments: Arguments, clause: Clause, s: int, subject: Argument, verb: str, o: int, when: When
) -> Iterator[Statement]:
    """ "Got a job at Siemens", "became professor at Yale": the entity below the noun that the verb takes."""
    tree = arguments.tree
    if verb in _GIVING:
        for n in tree.all(o, "nmod"):
            if tree.case(n) == "to" and (entity := arguments.entity(n)) is not None:
                yield statement(arguments, clause, s, subject, f"{verb} to", n, entity, when, sure=0.7)
    if arguments.entity(o) is not None or verb not in _TAKING:
        return
    noun = office(arguments, o)
    for n in tree.all(o, "nmod"):
        entity = body(arguments, o, n)
        if entity is not None and noun and tree.case(n) not in ("", *_MANNER) and not when.is_time(n):
            yield statement(arguments, clause, s, subject, f"{verb} {noun} {tree.case(n)}", n, entity, when, sure=0.75)


def _clausal(arguments: Arguments, clause: Clause, s: int, subject: Argument, when: When) -> Iterator[Statement]:
    """What somebody says, and what somebody likes to do."""
    tree, inner = arguments.tree, clause.complement
    verb = clause.verb
    if inner is not None and verb in ("become", "remain") and tree.pos[inner] in ("NOUN", "PROPN"):
        argument = arguments.entity(inner) or _kind(arguments, inner)
        if argument is not None:
            yield statement(arguments, clause, s, subject, verb, inner, argument, when, sure=0.85)
            yield from _beyond(arguments, clause, s, subject, verb, inner, when)
        return
    if inner is None or arguments.entity(s) is None:
        return
    if tree.deps[inner] == "ccomp" and verb in _SAYING and tree.child(inner, "nsubj", "nsubj:pass", "expl") is not None:
        yield statement(arguments, clause, s, subject, verb, inner, arguments.clause(inner), when, sure=0.8)
    elif tree.deps[inner] == "xcomp" and verb in _LIKING and tree.tags[inner] in ("VB", "VBG"):
        first, last = tree.subtree(inner)
        first = max(first, inner)
        words = last - first
        if words <= 5:
            text = " ".join(arguments.text[tree.starts[first] : tree.ends[last - 1]].split()).rstrip(" .,!?;")
            argument = Argument(start=tree.starts[first], end=tree.starts[first] + len(text), text=text, name=text)
            to = " to" if tree.tags[inner] == "VB" else ""
            yield statement(arguments, clause, s, subject, verb + to, inner, argument, when, sure=0.8)


def _passive(
    arguments: Arguments, clause: Clause, subjects: list[tuple[int, Argument]], when: When
) -> Iterator[Statement]:
    """With an agent turned active, else "be found in"."""
    tree = arguments.tree
    participle = _participle(arguments, clause)
    agents = [o for preposition, o in clause.obliques if preposition == "by" and not when.is_time(o)]
    actors = [(a, actor) for a in agents if (actor := arguments.subject(a)) is not None]
    for s in clause.subjects:
        patient = arguments.object(s)
        for a, actor in actors:
            if patient is not None:
                yield statement(arguments, clause, a, actor, clause.verb, s, patient, when, sure=0.9)
    classed = clause.verb in _CLASSING and (
        bool(clause.objects or any(preposition == "as" for preposition, _ in clause.obliques))
        or tree.child(clause.head, "xcomp") is not None
    )
    for s, subject in subjects:
        for preposition, o in clause.obliques:
            if preposition in ("", *_MANNER - {"as"}) or (o in agents) or when.is_time(o):
                continue
            if classed and preposition != "as":
                continue  # "was regarded in Rome as a traitor" does not say that she was regarded in Rome
            if tree.deps[o] == "conj" and when.is_time(tree.heads[o]):
                continue
            argument = arguments.object(o)
            if argument is None or (argument.name is None and argument.literal != "number"):
                continue
            if _of_the_moment(arguments, o):
                continue
            yield statement(arguments, clause, s, subject, f"{participle} {preposition}", o, argument, when, sure=0.85)
        for o in clause.objects if clause.verb in _WITH_TWO_OBJECTS else ():
            argument = arguments.object(o)
            if argument is not None and not when.is_time(o):
                yield statement(arguments, clause, s, subject, f"{participle}", o, argument, when, sure=0.8)
        inner = tree.child(clause.head, "xcomp") if clause.verb in _WITH_TWO_OBJECTS else None
        if inner is not None and tree.pos[inner] in ("NOUN", "PROPN") and tree.child(inner, "cop", "case") is None:
            argument = arguments.object(inner)
            if argument is not None:
                yield statement(arguments, clause, s, subject, f"{participle}", inner, argument, when, sure=0.8)


def _participle(arguments: Arguments, clause: Clause) -> str:
    tree = arguments.tree
    got = any(tree.lemmas[c] == "get" for c in tree.all(clause.head, "aux:pass"))
    be = "get" if got and tree.lower[clause.head] in _GETTING else "be"
    return " ".join([be, tree.lower[clause.head], *clause.verb.split(" ")[1:]])


def _copula(arguments: Arguments, clause: Clause, s: int, subject: Argument, when: When) -> Iterator[Statement]:
    """ "Is a teacher", "is the capital of France", "is in Rome", "is allergic to nuts"."""
    tree, head = arguments.tree, clause.head
    case = tree.case(head)
    entity = arguments.entity(head)
    if when.is_time(head) or head == s:
        return
    if case:
        argument = arguments.object(head)
        bare = tree.tags[head] == "NN" and arguments.noun_phrase(head) == (head, head + 1)
        if bare and entity is None and tree.child(head, "det", "nmod", "nmod:poss") is None:
            return  # "is in love", "is in length"
        if argument is not None and argument.name and case not in ("for", *_MANNER):
            yield statement(arguments, clause, s, subject, f"be {case}", head, argument, when, sure=0.85)
        return
    if entity is not None:
        if (entity.name or "") != subject.name and arguments.alike(s, head):
            yield statement(arguments, clause, s, subject, "be", head, entity, when, sure=0.8)
        return
    if tree.pos[head] in ("ADJ", "VERB"):
        for preposition, o in clause.obliques:
            argument = arguments.object(o)
            if (
                preposition
                and preposition not in _MANNER
                and argument is not None
                and argument.name
                and not when.is_time(o)
            ):
                predicate = f"be {tree.lower[head]} {preposition}"
                yield statement(arguments, clause, s, subject, predicate, o, argument, when, sure=0.8)
        if tree.lower[head] in _NARROWING:
            return
        if arguments.entity(s) is not None and tree.child(head, *_COMPLEMENTS) is None:
            quality = arguments.literal(head, head + 1)
            yield statement(arguments, clause, s, subject, "be", head, quality, when, sure=0.6)
        return
    if tree.pos[head] == "NUM":
        argument = arguments.object(head)
        if argument is not None and " " in argument.text and arguments.entity(s) is not None:
            yield statement(arguments, clause, s, subject, "be", head, argument, when, sure=0.6)
        return
    for noun in tree.conjuncts(head):
        if _of_the_next(arguments, s, noun) or (noun + 1 < len(tree) and tree.words[noun + 1] == "/"):
            continue
        if tree.pos[noun] in ("NOUN", "PROPN") and not tree.tags[noun].startswith("JJ"):
            yield from _nominal(arguments, clause, s, subject, noun, when)


def _nominal(
    arguments: Arguments, clause: Clause, s: int, subject: Argument, noun: int, when: When | None, sure: float = 0.95
) -> Iterator[Statement]:
    """What a predicate noun says: the noun itself, and whatever hangs on it by a preposition or a possessive."""
    tree = arguments.tree
    word = office(arguments, noun)
    if not word or tree.lower[noun] in _NO_PREDICATE_NOUN or not arguments.may_be(s, noun):
        return
    owner = arguments.owner(noun)
    if owner is not None:
        if owner != subject.name:
            argument = Argument(start=tree.starts[noun], end=tree.ends[noun], text=owner, name=owner)
            yield statement(arguments, clause, s, subject, f"be {word} of", noun, argument, when, sure=sure)
        return
    if tree.child(noun, "nmod:poss") is not None:
        return
    if len(clause.subjects) > 1 and tree.child(noun, "nummod") is not None:
        return  # "Ann and Ben are two nurses"
    linked = False
    made = next((c for c in tree.all(noun, "acl") if tree.tags[c] == "VBN"), len(tree))
    for n in tree.all(noun, "nmod", "obl"):
        preposition = tree.case(n)
        if preposition == "by" and made < n:
            continue  # "a band formed in 1994 by Ann"
        if not preposition or preposition in _MANNER or (when is not None and when.is_time(n)):
            continue
        for each in tree.row(n):
            entity = body(arguments, noun, each) if preposition == "of" else arguments.entity(each)
            if entity is not None and entity.name != subject.name:
                linked = linked or preposition == "of"
                before = tree.subtree(n)[0] - 1
                if preposition == "of" and _of_the_name(arguments, noun, each):
                    yield statement(arguments, clause, s, subject, "be", each, entity, when, sure=0.8)
                    continue
                native = before > noun and tree.tags[before] == "JJ"  # "a bird native to Chile"
                predicate = f"be {tree.lower[before] if native else word} {preposition}"
                yield statement(arguments, clause, s, subject, predicate, each, entity, when, sure=sure)
    if not linked:
        concept = _kind(arguments, noun)
        if concept is not None and not f" {concept.name}".endswith(f" {subject.name}"):
            yield statement(arguments, clause, s, subject, "be", noun, concept, when, sure=sure)


def _of_the_name(arguments: Arguments, noun: int, name: int) -> bool:
    """ "The town of Ely": the town is Ely, it does not belong to Ely."""
    tree = arguments.tree
    the = tree.child(noun, "det")
    bare = tree.child(noun, "amod", "compound", "nummod", "acl", "acl:relcl") is None
    return tree.lower[noun] in _PLACES and bare and the is not None and tree.lower[the] == "the" and name <= noun + 3


def _of_the_next(arguments: Arguments, s: int, noun: int) -> bool:
    """ "A stage and film actor": the first noun belongs before "actor" too, and is nothing that a person can be."""
    tree = arguments.tree
    if arguments.type(s) != "PERSON" or arguments.for_people(noun):
        return False
    joined = tree.tags[noun + 1] == "CC" if noun + 1 < len(tree) else False
    return joined and any(c == noun + 3 and arguments.for_people(c) for c in tree.all(noun, "conj"))


def _kind(arguments: Arguments, noun: int) -> Argument | None:
    """What somebody is, told by a noun: without what makes it one of its kind if the rest of that is not told.

    "The only player to have scored twice" is a player; "home to", "heir to" alone are nothing.
    """
    tree = arguments.tree
    concept = arguments.concept(noun)
    first, last = arguments.noun_phrase(noun)
    behind = [c for c in tree.children[noun] if c >= last and tree.deps[c] in _FOLLOWING]
    if concept is None or any(tree.case(c) == "to" for c in behind):
        return None
    if last < len(tree) and tree.pos[last] not in ("PUNCT", "CCONJ", "ADP"):
        behind.append(last)
    narrowing = [
        j
        for j in range(first, noun)
        if tree.lower[j] in _NARROWING or tree.tags[j] in ("JJS", "RBS") or _ORDINAL.fullmatch(tree.lower[j])
        if tree.hyphenated(j + 1) > j  # not of "best-selling"
    ]
    if not narrowing or not behind:
        return concept
    start = narrowing[-1] + 1 + (tree.tags[narrowing[-1]] == "RBS")
    return arguments.part(concept, start) if start <= noun else None


def _of_nouns(arguments: Arguments, clauses: Clauses, when: When) -> Iterator[Statement]:
    """Appositions and possessives: "Ann, a nurse", "the poet John Keats", "Ann's sister Lucy", "her dog Rex"."""
    tree = arguments.tree
    for mention in arguments.names.mentions:
        if mention.type == "NORP":
            continue
        subject = arguments.entity(mention.first)
        if subject is None:
            continue
        clause = Clause(head=mention.head, copular=True, verb="be", modality=_modality_at(clauses, mention.head))
        for noun in _described_by(arguments, mention):
            yield from _nominal(arguments, clause, mention.head, subject, noun, when, sure=0.75)
    for i in range(len(tree)):
        if tree.pos[i] == "NOUN" and tree.lower[i] in _OWNED and tree.child(i, "nmod:poss") is not None:
            yield from _owned(arguments, clauses, i)


def _described_by(arguments: Arguments, mention: Mention) -> Iterator[int]:
    """Nouns that say what a name is: in apposition on either side, or right before it."""
    tree, head = arguments.tree, mention.head
    told = [c for c in tree.all(head, "appos", "nmod:desc") if c > head or arguments.describes(c)]
    told = [c for c in told if arguments.renames(c) and tree.child(c, "nummod") is None]
    if tree.tags[head] == "NNP" and tree.child(head, "conj") is None:
        told = [c for c in told if tree.tags[c] != "NNS"]
    yield from (
        c for c in told if tree.pos[c] == "NOUN" and arguments.names.at(c) is None and c not in arguments.time_at
    )
    above = tree.heads[head]
    appositive = tree.deps[head] == "appos" and arguments.renames(head)
    if appositive and tree.pos[above] == "NOUN" and arguments.names.at(above) is None:
        kin = tree.lower[above] in RELATIVES and above == mention.first - 1
        near = mention.first - above <= 3 and (arguments.describes(above) or kin)
        near = near and not any(tree.pos[i] == "ADP" for i in range(above, mention.first))
        near = near or (mention.first - above > 1 and arguments.beside(above, mention) and arguments.describes(above))
        if near and tree.child(above, "nummod") is None and tree.tags[above] != "NNS":
            yield above
        return
    words = (i for i in (mention.first - 1, mention.first - 2) if i >= 0 and arguments.introduced(i) == mention)
    before = next(words, None)
    if before is None or before in told:
        return
    if tree.lower[before] in _OWNED or (mention.type == "PERSON" and arguments.describes(before)):
        yield before


def _owned(arguments: Arguments, clauses: Clauses, noun: int) -> Iterator[Statement]:
    """ "Ann's dog": she has one."""
    owner = arguments.owner(noun)
    concept = arguments.concept(noun)
    if owner is None or concept is None or concept.name is None or arguments.introduces(noun):
        return
    if noun in arguments.referents or arguments.names.at(noun) is not None:  # "his wife", who has a name
        return
    if any(arguments.names.at(c) is not None for c in arguments.tree.all(noun, "appos", "nmod:desc", "flat")):
        return
    possessor = next(iter(arguments.tree.all(noun, "nmod:poss")))
    tree = arguments.tree
    subject = Argument(start=tree.starts[possessor], end=tree.ends[possessor], text=tree.words[possessor], name=owner)
    clause = Clause(head=noun, copular=False, verb="have", modality=_modality_at(clauses, noun))
    yield statement(arguments, clause, possessor, subject, "have", noun, concept, None, sure=0.7)


def _modality_at(clauses: Clauses, word: int) -> Modality:
    """What a noun phrase presupposes is asserted, except inside a question."""
    clause = clauses.at.get(clauses.owner.get(word, -1))
    return "asked" if clause is not None and clause.modality == "asked" else "asserted"
