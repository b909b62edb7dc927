"""Clauses: every predicate of a sentence with its arguments, voice, polarity, modality and tense, from the tree alone.

The rules follow clause-based open information extraction (Del Corro and Gemulla 2013, "ClausIE"): find the clauses
first, then read statements out of each.
"""

from __future__ import annotations

from collections.abc import Collection, Set
from dataclasses import dataclass, field, replace

from graphmem.extract.tree import GIVING, Tree
from graphmem.extract.verbs import verb_lemma
from graphmem.model import Modality, Tense

_SAYING = frozenset(
    """
    say tell report claim announce state declare argue write explain note add mention suggest insist warn deny
    admit confirm reply answer shout whisper promise allege assert according hear rumour rumor
    """.split()  # noqa: SIM905
)
_THINKING = frozenset(
    """
    think believe guess hope suppose suspect expect wish imagine assume feel doubt wonder fear worry dream
    predict consider
    """.split()  # noqa: SIM905
)
_INTENDING = frozenset(
    """
    want plan hope intend wish aim expect decide agree promise threaten prepare need long arrange aspire look
    mean offer propose consider choose vow desire strive endeavour endeavor
    """.split()  # noqa: SIM905
)
_TRYING = frozenset(
    """
    try attempt seem appear tend struggle seek ask
    """.split()  # noqa: SIM905
)
_FAILING = frozenset(
    """
    fail refuse decline forget avoid neglect
    """.split()  # noqa: SIM905
)
_ENDING = frozenset({"stop", "quit", "cease", "give up", "leave off"})
_BEGINNING = frozenset({"start", "begin"})
"""With a verb behind them they tell when what it says ended or began."""
_LIKING = frozenset(
    """
    like love enjoy hate prefer dislike adore
    """.split()  # noqa: SIM905
)
_OBJECT_CONTROL = frozenset(
    """
    ask tell want persuade convince make let help force allow invite teach order expect advise encourage get see
    hear watch find keep leave have enable cause require urge warn permit
    """.split()  # noqa: SIM905
)
_HIRING = frozenset("license licence hire commission authorise authorize select choose appoint train pay".split())  # noqa: SIM905
"""Verbs whose object does what follows with "to", in the passive too: "was hired by Ann to sing"."""
_SUBJECT_CONTROL = frozenset("promise threaten vow use take have need spend".split())  # noqa: SIM905
"""Verbs with an object whose subject does what follows with "to"."""
_OF_NO_PLACE = frozenset("based headquartered formed released written directed published produced founded".split())  # noqa: SIM905
"""Participles that are not said of a place: "a district in Ohio based in Akron"."""
_CAUSING = frozenset(
    """
    make let help force get see hear watch find cause enable have leave keep
    """.split()  # noqa: SIM905
)
_IDIOMS = frozenset("care place part effect advantage action fun luck look sense use".split())  # noqa: SIM905
"""Objects that make one verb with "take", "have" and "make"."""
_NAMED_AS = frozenset(
    """
    called named titled entitled dubbed renamed nicknamed known given awarded considered elected appointed
    """.split()  # noqa: SIM905
)
"""Participles with a second object."""
_UNSURE = {"may", "might", "could", "can", "would", "should", "must", "ought", "ca", "'d", "’d", "cannot", "shall"}
_UNREAL = frozenset({"about", "of", "on", "to", "towards", "toward", "at", "against", "from", "without", "instead"})
"""Before a gerund: "passionate about improving schools" does not say that they were improved."""
_CANNOT = frozenset({"ca", "can", "cannot", "could"})
_FUTURE = {"will", "wo", "'ll", "’ll"}
_HEDGES: dict[str, Modality] = {
    **dict.fromkeys(("maybe", "perhaps", "possibly", "probably", "presumably"), "possible"),
    **dict.fromkeys(("allegedly", "reportedly", "supposedly", "apparently"), "reported"),
}
_GOSSIP = frozenset("rumour rumor rumours rumors word gossip legend".split())  # noqa: SIM905
"""What "has it that" something is so."""
_TIPPED = frozenset("tipped slated poised set due likely unlikely bound favourite favorite earmarked touted".split())  # noqa: SIM905
"""What is "to become" something without being it."""
_RUMOURED = frozenset("rumoured rumored believed thought understood".split())  # noqa: SIM905
_TRUE, _FALSE = frozenset("true correct right".split()), frozenset("false untrue wrong incorrect".split())  # noqa: SIM905
_NEGATIONS = {"not", "n't", "n’t", "never", "nt", "no longer", "hardly", "neither", "nor"}
_CONDITIONS = {"if", "unless", "whether", "provided", "suppose", "supposing"}
_RELATIVE = {"who", "which", "that", "whom", "whose", "where", "when"}
_SUBJECTS = ("nsubj", "nsubj:pass", "csubj", "csubj:pass", "nsubj:outer", "csubj:outer")
_CLAUSAL = frozenset({"ccomp", "xcomp", "advcl", "acl", "acl:relcl", "advcl:relcl", "parataxis", "csubj", "csubj:pass"})
_LOOSE = frozenset({"advcl", "xcomp", "ccomp", "acl:relcl"})
_STRENGTH: dict[Modality, int] = {
    "asserted": 0,
    "reported": 1,
    "possible": 2,
    "intended": 3,
    "conditional": 4,
    "asked": 5,
}


@dataclass(frozen=True)
class Clause:
    """One predicate and what depends on it, as words of the tree."""

    head: int
    copular: bool
    verb: str
    """Lemma with particle: "live", "give up", "be"."""
    subjects: tuple[int, ...] = ()
    passive: bool = False
    objects: tuple[int, ...] = ()
    recipients: tuple[int, ...] = ()
    obliques: tuple[tuple[str, int], ...] = ()
    """Preposition ("" for a bare noun of place or manner) and noun."""
    complement: int | None = None
    """Head of the clause that is said, thought, liked."""
    negated: bool = False
    modality: Modality = "asserted"
    tense: Tense = "present"
    perfect: bool = False
    progressive: bool = False
    habit: bool = False
    """Whether it used to be so, and is over."""
    began: bool = False
    """Whether it is told that it began: "started to work at Acme"."""
    phase: int | None = None
    """The verb that tells that it began or ended."""
    doubt: int = 0
    """How many steps of inheritance the subject took."""
    relative: int | None = None
    """The noun that a relative clause or participle describes."""
    loose: bool = False
    """Whether it hangs loosely on what stands above it, so that the parser often takes the wrong place."""


@dataclass(frozen=True)
class _Governor:
    """What a clause hands down to those below it."""

    subjects: tuple[int, ...] = ()
    objects: tuple[int, ...] = ()
    modality: Modality = "asserted"
    negated: bool = False
    tense: Tense = "present"
    verb: str = ""
    doubt: int = 0
    passive: bool = False
    agents: tuple[int, ...] = ()
    """By whom, of a passive."""


@dataclass
class Clauses:
    """The clauses of a text in order, and for each word the clause that it belongs to."""

    found: list[Clause] = field(default_factory=list)
    at: dict[int, Clause] = field(default_factory=dict)
    """Head -> clause."""
    owner: dict[int, int] = field(default_factory=dict)
    """Word -> head of its clause."""


def find_clauses(
    tree: Tree, *, people: Set[int] = frozenset(), places: Set[int] = frozenset(), things: Set[int] = frozenset()
) -> Clauses:
    """Read the clauses of every sentence, from the root down; `people`, `places`, `things` are words of their names."""
    clauses = Clauses()
    for first, last in tree.sentences:
        asked = any(tree.words[i].startswith("?") for i in range(max(first, last - 3), last))
        start = _Governor(modality="asked" if asked else "asserted")
        todo: list[tuple[int, _Governor, int]] = [
            (i, start, -1) for i in reversed(range(first, last)) if tree.heads[i] == i
        ]
        while todo:
            i, above, owner = todo.pop()
            governor, head = above, owner
            if is_predicate(tree, i):
                clause = _clause(tree, i, above, people, places, things | places)
                clauses.found.append(clause)
                clauses.at[i] = clause
                head = i
                governor = _handed_down(clause)
            clauses.owner[i] = head
            todo += [(c, _for_child(tree, c, governor, above), head) for c in reversed(tree.children[i])]
    clauses.found.sort(key=lambda clause: clause.head)
    return clauses


def is_predicate(tree: Tree, i: int) -> bool:
    """Does a clause hang on this word: a verb that is no auxiliary or modifier, or whatever has "be" below it?"""
    if tree.child(i, "cop", "aux:pass") is not None:
        return True
    if tree.deps[i] in (
        "aux",
        "aux:pass",
        "cop",
        "amod",
        "compound",
        "case",
        "mark",
        "fixed",
        "compound:prt",
        "det",
        "flat",
    ):
        return False
    if tree.pos[i] == "VERB":
        return tree.deps[i] not in ("nsubj", "obj", "obl", "nmod") or tree.child(i, "nsubj", "obj") is not None
    return tree.pos[i] == "AUX" and tree.child(i, *_SUBJECTS, "expl") is not None


def _clause(tree: Tree, i: int, above: _Governor, people: Set[int], places: Set[int], things: Set[int]) -> Clause:
    copular = tree.child(i, "cop") is not None
    dep = tree.deps[i]
    auxiliaries = tree.all(i, "aux", "aux:pass", "cop")
    over = [c for c in tree.all(i, "advmod") if tree.lower[c] == "over" and tree.lemmas[i] in ("hand", "take")]
    particles = [tree.lower[c] for c in [*tree.all(i, "compound:prt"), *over]]
    verb = "be" if copular else " ".join([_lemma(tree, i), *particles])
    passive = tree.child(i, "aux:pass") is not None or tree.lower[i] == "born"
    if passive and tree.tags[i] == "VBD" and tree.child(i, "nsubj") is not None and tree.child(i, "obj") is not None:
        passive = False
    if not passive and tree.child(i, "nsubj:pass", "csubj:pass") is not None:  # "premiered" without "was" is active
        passive = bool(auxiliaries) or dep in ("acl", "advcl", "conj") or tree.child(i, "obl:agent") is not None
    if not passive and not auxiliaries and tree.tags[i] == "VBN":
        row = dep == "conj" and (above.passive or above.verb == "be") and tree.child(i, *_SUBJECTS) is None
        lone = dep in ("acl", "acl:relcl", "advcl") and tree.child(i, "obj", "nsubj") is None
        by = tree.child(i, "obl:agent") is not None
        passive = row or lone or by  # "was written and published", "the largest storm ever recorded", "written by Ann"
    subjects = [s for c in tree.all(i, *_SUBJECTS) for s in tree.conjuncts(c)]
    bare = [c for c in tree.all(i, "obj") if not tree.case(c)]
    given = bare[:1] if len(bare) > 1 and verb in GIVING and tree.child(i, "iobj") is None else []
    if given and any(tree.pos[j] in ("CCONJ", "PUNCT", "VERB") for j in range(bare[0], bare[1])):
        given = []
    objects = [o for c in bare[len(given) : len(given) + 1] for o in tree.conjuncts(c)]
    objects = [listed for o in objects for listed in _listed(tree, o)]
    if len(objects) == 1 and tree.lower[objects[0]] in _IDIOMS and verb in ("take", "have", "make"):
        verb, objects = f"{verb} {tree.lower[objects[0]]}", []
    recipients = [o for c in [*tree.all(i, "iobj"), *given] for o in tree.conjuncts(c)]
    obliques = [
        (tree.case(o) or tree.case(c), o)
        for c in tree.all(
            i, "obl", "obl:agent", "obl:tmod", "obl:npmod", "obl:unmarked", "nmod" if not copular else "obl:arg"
        )
        for o in tree.row(c)
    ]
    obliques += [(preposition, o) for o in tree.all(i, "obj") if (preposition := tree.case(o))]
    obliques += [("by", o) for c in _shared_agents(tree, i) for o in tree.conjuncts(c)]
    if passive:  # "was hired as a designer by Acme"
        beside = [n for preposition, o in obliques if preposition == "as" for n in tree.all(o, "nmod")]
        obliques += [("by", n) for n in beside if tree.case(n) == "by"]
    doubt, relative = 0, None
    if dep in ("acl:relcl", "acl", "advcl:relcl") and tree.pos[tree.heads[i]] in ("NOUN", "PROPN", "PRON", "NUM"):
        relative = tree.heads[i]
        pronoun = next((c for c in tree.children[i] if tree.lower[c] in ("who", "which") and c > relative), None)
        if pronoun is None:
            relative = _described(tree, relative, places if tree.lower[i] in _OF_NO_PLACE else ())
        elif tree.lower[pronoun] == "which":
            relative = _described(tree, relative, people)
        else:
            before = pronoun - 1 - (tree.words[pronoun - 1] == ",")
            relative = before if relative not in people and before in people else _described(tree, relative, things)
        named = _who_it_is(tree, relative, above, people, things)
        if dep == "acl" and not subjects:
            if tree.tags[i] in ("VBN", "VBD"):
                subjects, passive = named, not _active_in_form(tree, i, objects)
            elif tree.tags[i] == "VBG" and tree.child(relative, "nmod:poss") is not None:
                subjects = []  # "made her debut playing Ophelia"
            elif tree.tags[i] == "VBG" and tree.child(i, "mark") is None:  # not "the idea of moving"
                subjects = list(above.subjects) if tree.words[i - 1] == "," else named
            doubt = 1
        elif dep != "acl":
            subjects, objects, obliques = _relativised(
                tree, i, relative, named, subjects, objects, obliques, copular or passive
            )
    if not subjects and relative is None and dep in ("conj", "xcomp", "advcl", "parataxis"):
        subjects, doubt = list(_controllers(tree, i, above)), above.doubt + 1
        to = any(tree.lower[c] == "to" for c in tree.all(i, "mark"))
        governing = above.verb.split(" ")[0]
        told = to and dep == "xcomp" and governing not in _SUBJECT_CONTROL  # "described him to be kind"
        asked = above.objects and (governing in _OBJECT_CONTROL or told)
        if asked and (dep == "xcomp" or (dep == "advcl" and to and above.verb not in _CAUSING)):
            subjects = [o for o in above.objects if tree.tags[i] != "VBG" or tree.child(o, "nmod:poss") is None]
        if dep == "advcl" and tree.tags[i] == "VBN" and not auxiliaries:
            passive = True
        if dep in ("conj", "parataxis") and tree.tags[i] == "VB" and not auxiliaries and above.modality == "asserted":
            subjects = subjects if tree.tags[tree.heads[i]] == "VB" else []
    if not subjects and dep == "root" and tree.tags[i] == "VBN" and not auxiliaries:  # "Born in Rome, she was ..."
        subjects = [s for c in tree.all(i, "parataxis", "conj", "ccomp") for s in tree.all(c, "nsubj", "nsubj:pass")]
        passive, doubt = True, 1
    modality, tense = _mood(tree, i, above, auxiliaries)
    if verb == "speak" and modality == "possible" and any(tree.lower[c] in ("can", "ca") for c in auxiliaries):
        modality = above.modality  # "can speak Korean"
    hated = verb in ("stand", "bear") and bool(objects) and any(tree.lower[c] in _CANNOT for c in auxiliaries)
    hated = hated and (tree.child(i, "advmod") is not None or any(tree.lower[c] == "cannot" for c in auxiliaries))
    if hated:  # "can't stand karaoke"
        verb, modality = f"can't {verb}", above.modality
    gerund = dep in ("xcomp", "advcl", "ccomp") and tree.child(i, "mark") is None and 0 < i - tree.heads[i] <= 3
    phased = tree.tags[i] != "VB" and above.verb in _ENDING | _BEGINNING and (gerund or dep == "xcomp")
    phased = phased or (dep == "xcomp" and above.verb in _BEGINNING)
    ended = phased and above.verb in _ENDING
    real = modality == "asserted" and not above.negated
    past = _over(tree, i) or (ended and real)
    failed = above.verb in _FAILING or (ended and not real and not above.negated)
    negated = _negated(tree, i) or (dep == "xcomp" and ((above.negated and not ended) or failed))
    if hated:
        negated = past = False
    if _refuted(tree, i):
        negated, modality = not negated, "asserted"
    lowered = [tree.lower[c] for c in auxiliaries]
    return Clause(
        head=i,
        copular=copular,
        verb=verb,
        subjects=tuple(dict.fromkeys(subjects)),
        passive=passive,
        objects=tuple(dict.fromkeys(objects)),
        recipients=tuple(recipients),
        obliques=tuple(obliques),
        complement=tree.child(i, "ccomp", "xcomp") if not copular else None,
        negated=negated and not past,
        modality=modality,
        tense=tense,
        perfect=any(tree.lemmas[c] == "have" for c in auxiliaries),
        progressive=tree.tags[i] == "VBG" and "be" in {tree.lemmas[c] for c in auxiliaries},
        habit=past or (above.verb == "use" and dep == "xcomp" and above.tense == "past"),
        began=phased and not ended and real,
        phase=tree.heads[i] if phased and real else None,
        doubt=doubt - 1
        if phased and real and doubt
        else doubt + (1 if not lowered and tree.tags[i] in ("VBG", "VBN") else 0),
        relative=relative,
        loose=dep in _LOOSE and not (phased and real),
    )


def _listed(tree: Tree, noun: int) -> list[int]:
    """What a noun announces: "three things: a caravan, a bike and a kayak"; else the noun itself."""
    for c in tree.all(noun, "appos"):
        if c > noun + 1 and tree.words[noun + 1] == ":" and tree.tags[noun] == "NNS":
            return tree.conjuncts(c)
    return [noun]


def _controllers(tree: Tree, i: int, above: _Governor) -> tuple[int, ...]:
    """Who does what a clause without a subject says: whoever does what stands above it, as far as that is sure.

    "They were moved by the council to save money": the council saves. In "brought attention to saving money" nobody is
    named who does.
    """
    marks = {tree.lower[c] for c in tree.all(i, "mark", "case")}
    if tree.deps[i] == "advcl" and tree.tags[i] == "VB" and above.passive and "to" in marks:
        if above.agents:
            return above.subjects if above.verb in _OBJECT_CONTROL | _HIRING else above.agents
        if i < tree.heads[i]:
            return ()  # "to make things worse, Max was fined"
    if tree.tags[i] == "VBG" and above.objects and not marks.isdisjoint(_UNREAL - {"without", "instead", "from"}):
        return ()
    return above.subjects


def _shared_agents(tree: Tree, i: int) -> list[int]:
    """By whom, where participles in a row share it: "written and directed by Ann"."""
    if tree.tags[i] != "VBN" or tree.child(i, "obl", "obl:agent", "obj", "xcomp") is not None:
        return []
    row = tree.conjuncts(tree.heads[i] if tree.deps[i] == "conj" else i)
    for j in sorted(c for c in row if c > i):
        if tree.tags[j] != "VBN" or any(k not in row and tree.deps[k] not in ("cc", "punct") for k in range(i + 1, j)):
            return []
        if agents := tree.all(j, "obl:agent"):
            return agents
    return []


def _lemma(tree: Tree, i: int) -> str:
    word = tree.lower[i]
    return verb_lemma(word, tree.lemmas[i], tree.tags[i]) if word.replace("-", "").isalpha() else word


def _who_it_is(tree: Tree, noun: int, above: _Governor, people: Set[int], things: Set[int]) -> list[int]:
    """Whom a noun describes that a clause hangs on: "Rex is a dog that barks", "Ann, a nurse who sings"."""
    if above.subjects and above.verb == "be" and not above.negated and tree.child(noun, "cop") is not None:
        return list(above.subjects)
    if tree.deps[noun] == "appos" and noun not in people and noun not in things:
        head = tree.heads[noun]
        if head in people or head in things:
            return [head]
    return [noun]


def _active_in_form(tree: Tree, i: int, objects: list[int]) -> bool:
    """ "The graduates entered Harvard", read as a participle: it has an object of its own, and nobody by whom."""
    return bool(objects) and tree.pos[objects[0]] == "PROPN" and tree.lower[i] not in _NAMED_AS


def _described(tree: Tree, i: int, wrong: Collection[int]) -> int:
    """The noun that a relative clause describes: one further up if "which" hangs on a person or "who" on a thing."""
    j = i
    while j in wrong and tree.deps[j] in ("nmod", "flat", "compound", "appos", "conj", "nmod:poss"):
        j = tree.heads[j]
    return j if tree.pos[j] in ("NOUN", "PROPN") else i


def _relativised(
    tree: Tree,
    i: int,
    noun: int,
    named: list[int],
    subjects: list[int],
    objects: list[int],
    obliques: list[tuple[str, int]],
    intransitive: bool,
) -> tuple[list[int], list[int], list[tuple[str, int]]]:
    """Put the described noun where the relative pronoun stands, or into the gap that it leaves."""
    placed = False

    def swap(words: list[int]) -> list[int]:
        nonlocal placed
        out: list[int] = []
        for word in words:
            if tree.lower[word] in _RELATIVE and tree.tags[word] in ("WP", "WDT", "WRB", "IN", "DT"):
                placed = True
                out += named
            else:
                out.append(word)
        return out

    subjects, objects = swap(subjects), swap(objects)
    turned: list[tuple[str, int]] = []
    for preposition, word in obliques:
        turned += [(preposition, w) for w in swap([word])]
    where = next((c for c in tree.children[i] if tree.lower[c] == "where"), None)
    if where is not None:
        return subjects, objects, [*turned, ("in", named[0])]
    if not placed and not any(tree.lower[c] in _RELATIVE | {"whose"} for c in range(noun + 1, i)):
        if not subjects:
            return named, objects, turned
        if not objects and not intransitive and tree.child(i, "xcomp", "ccomp") is None:
            stranded = next(
                (tree.lower[c] for c in tree.children[i] if tree.deps[c] in ("case", "obl") and tree.tags[c] == "IN"),
                "",
            )
            return subjects, objects if stranded else named, [*turned, (stranded, named[0])] if stranded else turned
    return subjects, objects, turned


def _negated(tree: Tree, i: int) -> bool:
    words = {tree.lower[c] for c in tree.children[i] if tree.deps[c] in ("advmod", "neg", "det", "cc", "aux")}
    if not words.isdisjoint(_NEGATIONS):
        return True
    if any(tree.lower[c] == "longer" and tree.lower[c - 1] == "no" for c in tree.children[i]):
        return True
    return any(
        tree.lower[c] in ("nobody", "nothing", "none")
        or any(tree.lower[d] in ("no", "neither") for d in tree.all(c, "det", "cc:preconj"))
        for c in tree.all(i, "nsubj", "obj", "nsubj:pass")
    )


def _refuted(tree: Tree, i: int) -> bool:
    """Is it told as not true: "it is not true that", "the claim that ... was false"?"""
    judged = tree.heads[i] if tree.deps[i] in ("ccomp", "csubj") else -1
    if tree.deps[i] in ("acl", "acl:relcl", "ccomp") and tree.deps[tree.heads[i]] in _SUBJECTS:
        judged = tree.heads[tree.heads[i]]
    if judged < 0 or tree.lower[judged] not in _TRUE | _FALSE or tree.child(i, "mark") is None:
        return False
    return (tree.lower[judged] in _TRUE) == _negated(tree, judged)


def _over(tree: Tree, i: int) -> bool:
    """Was it so, and is over: "no longer works", "does not work any more"?"""
    children = tree.children[i]
    if any(tree.lower[c] == "longer" and tree.lower[c - 1] in ("no", "any") for c in children) and _negated(tree, i):
        return True
    more = any(tree.lower[c] == "anymore" or (tree.lower[c] == "more" and tree.lower[c - 1] == "any") for c in children)
    return more and any(tree.lower[c] in _NEGATIONS for c in children)


def _mood(tree: Tree, i: int, above: _Governor, auxiliaries: list[int]) -> tuple[Modality, Tense]:
    """Modality and tense of a clause, from its auxiliaries and from what stands above it."""
    own: Modality = "asserted"
    words = {tree.lower[c] for c in auxiliaries}
    tense: Tense = "present"
    tags = {tree.tags[c] for c in auxiliaries} | ({tree.tags[i]} if tree.pos[i] in ("VERB", "AUX") else set())
    perfect = words & {"has", "have", "'ve", "’ve"} and tree.tags[i] in ("VBN", "VBD")
    if perfect or "VBD" in tags or tree.lower[i] == "had" or words & {"was", "were", "had", "did"}:
        tense = "past"
    elif not auxiliaries and tree.deps[i] in ("xcomp", "advcl", "conj", "acl") and tree.tags[i] in ("VB", "VBG", "VBN"):
        tense = "past" if tree.tags[i] == "VBN" and tree.deps[i] != "xcomp" else above.tense
    if words & _FUTURE:
        own, tense = "intended", "future"
    elif words & _UNSURE and not (words & {"'d", "’d"} and tree.tags[i] in ("VBN", "VBD")):
        own = "possible"
    if any(tree.lower[c] in _CONDITIONS for c in tree.all(i, "mark")) or any(
        tree.lower[m] in ("if", "unless") for c in tree.all(i, "advcl") for m in tree.all(c, "mark")
    ):
        own = "conditional"
    if tree.deps[i] == "ccomp" and tree.lower[tree.heads[i]] == "had" and tree.heads[i] in tree.openings:
        own = "conditional"  # "Had she known, ..."
    if any(tree.lower[c] == "had" and c in tree.openings and c < i - 1 for c in auxiliaries):
        own = "conditional"
    for c in [*tree.all(i, "advmod", "discourse"), *(c for s in tree.all(i, "nsubj") for c in tree.all(s, "advmod"))]:
        own = _stronger(own, _HEDGES.get(tree.lower[c], own))
    if any(tree.lower[c] == "according" for o in tree.all(i, "obl") for c in tree.all(o, "case")):
        own = _stronger(own, "reported")
    if tree.deps[i] == "ccomp" and tree.lemmas[tree.heads[i]] == "have":
        gossip = any(tree.lower[c] in _GOSSIP for c in tree.all(tree.heads[i], "nsubj"))
        own = _stronger(own, "reported") if gossip else own
    if tree.tags[i] == "VBG" and any(tree.lower[c] in _UNREAL for c in tree.all(i, "mark", "case")):
        own = _stronger(own, "possible")
    purpose = tree.tags[i] == "VB" and tree.deps[i] in ("advcl", "acl")
    if purpose and any(tree.lower[c] == "to" for c in tree.all(i, "mark")):
        own = _stronger(own, "intended")
    inherited = above.modality
    finite = bool(auxiliaries) or tree.tags[i] in ("VBD", "VBZ", "VBP")
    if finite and tree.deps[i] in ("conj", "parataxis") and inherited in ("intended", "possible"):
        inherited = "asserted"  # "he will not go: he has bought a house"
    return _stronger(own, inherited), tense


def _stronger(one: Modality, other: Modality) -> Modality:
    return max(one, other, key=_STRENGTH.__getitem__)


def _handed_down(clause: Clause) -> _Governor:
    return _Governor(
        subjects=clause.subjects,
        objects=clause.objects or clause.recipients,
        modality=clause.modality,
        negated=clause.negated,
        tense=clause.tense,
        verb="going" if clause.verb == "go" and clause.progressive else clause.verb,
        doubt=clause.doubt,
        passive=clause.passive,
        agents=tuple(o for preposition, o in clause.obliques if preposition == "by") if clause.passive else (),
    )


def _for_child(tree: Tree, child: int, governor: _Governor, above: _Governor) -> _Governor:
    """What a child takes over: reported and supposed speech mark what they contain; relative clauses stand alone."""
    dep = tree.deps[child]
    if dep not in _CLAUSAL:
        return governor if dep == "conj" else replace(governor, negated=False)
    verb = governor.verb.split(" ")[0]
    modality = governor.modality
    negated = False
    heard = dep == "parataxis" and verb == "hear" and child > tree.heads[child]
    if dep == "ccomp" or (dep == "parataxis" and verb in _SAYING | _THINKING and not heard):
        if verb in _SAYING:
            modality = _stronger(modality, "reported")
        elif verb in _THINKING or governor.negated:
            modality = _stronger(modality, "possible")
    elif dep == "xcomp":
        negated = governor.negated
        told = tree.lower[tree.heads[child]]
        if told in _RUMOURED and governor.passive:
            modality = _stronger(modality, "reported")
        elif verb in _INTENDING or verb == "going" or (told in _TIPPED and tree.tags[child] == "VB"):
            modality = _stronger(modality, "intended")
        elif verb in _SAYING:
            modality = _stronger(modality, "reported")
        elif verb in _TRYING or verb in _LIKING or (verb in _OBJECT_CONTROL - _CAUSING and governor.objects):
            modality = _stronger(modality, "possible")
    elif dep in ("acl:relcl", "acl"):
        modality = "asked" if modality == "asked" else "reported" if modality == "reported" else "asserted"
    elif dep == "advcl":
        modality = above.modality if modality == "conditional" else modality
        if modality == "intended":
            modality = "asserted" if above.modality == "asserted" else above.modality
    return replace(governor, modality=modality, negated=negated)
