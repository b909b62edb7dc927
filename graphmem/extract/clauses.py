"""Clauses: every predicate of a sentence with its arguments, voice, polarity, modality and tense, from the tree alone.

The rules follow clause-based open information extraction (Del Corro and Gemulla 2013, "ClausIE"): find the clauses
first, then read statements out of each.
"""

from __future__ import annotations

from collections.abc import Collection, Set
from dataclasses import dataclass, field, replace

from graphmem.extract.tree import Tree
from graphmem.extract.verbs import verb_lemma
from graphmem.model import Modality, Tense

_SAYING = frozenset(
    """
    say tell report claim announce state declare argue write explain note add mention suggest insist warn deny
    admit confirm reply answer shout whisper promise allege assert according
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
    mean offer propose consider choose vow
    """.split()  # noqa: SIM905
)
_TRYING = frozenset(
    """
    try attempt seem appear tend struggle seek ask
    """.split()  # noqa: SIM905
)
_FAILING = frozenset(
    """
    fail refuse decline forget stop quit avoid cease neglect
    """.split()  # noqa: SIM905
)
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
_CAUSING = frozenset(
    """
    make let help force get see hear watch find cause enable have leave keep
    """.split()  # noqa: SIM905
)
_IDIOMS = frozenset("care place part effect advantage action fun luck look sense use".split())  # noqa: SIM905
"""Objects that make one verb with "take", "have" and "make"."""
_UNSURE = {"may", "might", "could", "can", "would", "should", "must", "ought", "ca", "'d", "’d", "cannot", "shall"}
_UNREAL = frozenset({"about", "of", "on", "to", "towards", "toward", "at", "against", "from", "without", "instead"})
"""Before a gerund: "passionate about improving schools" does not say that they were improved."""
_FUTURE = {"will", "wo", "'ll", "’ll"}
_NEGATIONS = {"not", "n't", "n’t", "never", "nt", "no longer", "hardly", "neither", "nor"}
_CONDITIONS = {"if", "unless", "whether", "provided", "suppose", "supposing"}
_RELATIVE = {"who", "which", "that", "whom", "whose", "where", "when"}
_SUBJECTS = ("nsubj", "nsubj:pass", "csubj", "csubj:pass", "nsubj:outer", "csubj:outer")
_CLAUSAL = frozenset({"ccomp", "xcomp", "advcl", "acl", "acl:relcl", "advcl:relcl", "parataxis", "csubj", "csubj:pass"})
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
    doubt: int = 0
    """How many steps of inheritance the subject took."""
    relative: int | None = None
    """The noun that a relative clause or participle describes."""


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


@dataclass
class Clauses:
    """The clauses of a text in order, and for each word the clause that it belongs to."""

    found: list[Clause] = field(default_factory=list)
    at: dict[int, Clause] = field(default_factory=dict)
    """Head -> clause."""
    owner: dict[int, int] = field(default_factory=dict)
    """Word -> head of its clause."""


def find_clauses(tree: Tree, *, people: Set[int] = frozenset(), things: Set[int] = frozenset()) -> Clauses:
    """Read the clauses of every sentence, from the root down; `people` and `things` are the words of their names."""
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
                clause = _clause(tree, i, above, people, things)
                clauses.found.append(clause)
                clauses.at[i] = clause
                head = i
                governor = _handed_down(clause)
            clauses.owner[i] = head
            todo += [(c, _for_child(tree, c, governor, above), head) for c in reversed(tree.children[i])]
    clauses.found.sort(key=lambda clause: clause.head)
    return clauses


def is_predicate(tree: Tree, i: int) -> bool:
    """Does a clause hang on this word: a verb that is no auxiliary or modifier, or whatever has a copula?"""
    if tree.child(i, "cop") is not None:
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


def _clause(tree: Tree, i: int, above: _Governor, people: Set[int], things: Set[int]) -> Clause:
    copular = tree.child(i, "cop") is not None
    dep = tree.deps[i]
    auxiliaries = tree.all(i, "aux", "aux:pass", "cop")
    particles = [tree.lower[c] for c in tree.all(i, "compound:prt")]
    verb = "be" if copular else " ".join([_lemma(tree, i), *particles])
    passive = tree.child(i, "aux:pass") is not None or tree.lower[i] == "born"
    if not passive and tree.child(i, "nsubj:pass", "csubj:pass") is not None:  # "premiered" without "was" is active
        passive = bool(auxiliaries) or dep in ("acl", "advcl", "conj") or tree.child(i, "obl:agent") is not None
    subjects = [s for c in tree.all(i, *_SUBJECTS) for s in tree.conjuncts(c)]
    objects = [o for c in tree.all(i, "obj") if not tree.case(c) for o in tree.conjuncts(c)]
    if len(objects) == 1 and tree.lower[objects[0]] in _IDIOMS and verb in ("take", "have", "make"):
        verb, objects = f"{verb} {tree.lower[objects[0]]}", []
    recipients = [o for c in tree.all(i, "iobj") for o in tree.conjuncts(c)]
    obliques = [
        (tree.case(o) or tree.case(c), o)
        for c in tree.all(
            i, "obl", "obl:agent", "obl:tmod", "obl:npmod", "obl:unmarked", "nmod" if not copular else "obl:arg"
        )
        for o in tree.conjuncts(c)
    ]
    obliques += [(preposition, o) for o in tree.all(i, "obj") if (preposition := tree.case(o))]
    doubt, relative = 0, None
    if dep in ("acl:relcl", "acl", "advcl:relcl") and tree.pos[tree.heads[i]] in ("NOUN", "PROPN", "PRON", "NUM"):
        relative = tree.heads[i]
        pronouns = {tree.lower[c] for c in tree.children[i]}
        relative = _described(tree, relative, people if "which" in pronouns else things if "who" in pronouns else ())
        if dep == "acl" and not subjects:
            if tree.tags[i] in ("VBN", "VBD"):
                subjects, passive = [relative], True
            elif tree.tags[i] == "VBG":
                subjects = list(above.subjects) if tree.words[i - 1] == "," else [relative]
            doubt = 1
        elif dep != "acl":
            subjects, objects, obliques = _relativised(
                tree, i, relative, subjects, objects, obliques, copular or passive
            )
    if not subjects and relative is None and dep in ("conj", "xcomp", "advcl", "parataxis"):
        subjects, doubt = list(above.subjects), above.doubt + 1
        asked = above.objects and above.verb.split(" ")[0] in _OBJECT_CONTROL
        to = any(tree.lower[c] == "to" for c in tree.all(i, "mark"))
        if asked and (dep == "xcomp" or (dep == "advcl" and to and above.verb not in _CAUSING)):
            subjects = list(above.objects)
        if dep == "advcl" and tree.tags[i] == "VBN" and not auxiliaries:
            passive = True
        if dep in ("conj", "parataxis") and tree.tags[i] == "VB" and not auxiliaries and above.modality == "asserted":
            subjects = subjects if tree.tags[tree.heads[i]] == "VB" else []
    if not subjects and dep == "root" and tree.tags[i] == "VBN" and not auxiliaries:  # "Born in Rome, she was ..."
        subjects = [s for c in tree.all(i, "parataxis", "conj", "ccomp") for s in tree.all(c, "nsubj", "nsubj:pass")]
        passive, doubt = True, 1
    over = _over(tree, i)
    negated = _negated(tree, i) or (dep == "xcomp" and above.negated) or (above.verb in _FAILING and dep == "xcomp")
    modality, tense = _mood(tree, i, above, auxiliaries)
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
        negated=negated and not over,
        modality=modality,
        tense=tense,
        perfect=any(tree.lemmas[c] == "have" for c in auxiliaries),
        progressive=tree.tags[i] == "VBG" and "be" in {tree.lemmas[c] for c in auxiliaries},
        habit=over or (above.verb == "use" and dep == "xcomp" and above.tense == "past"),
        doubt=doubt + (1 if not lowered and tree.tags[i] in ("VBG", "VBN") else 0),
        relative=relative,
    )


def _lemma(tree: Tree, i: int) -> str:
    lemma = tree.lemmas[i]
    return verb_lemma(tree.lower[i], lemma, tree.tags[i]) if lemma.isalpha() else tree.lower[i]


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
    subjects: list[int],
    objects: list[int],
    obliques: list[tuple[str, int]],
    intransitive: bool,
) -> tuple[list[int], list[int], list[tuple[str, int]]]:
    """Put the described noun where the relative pronoun stands, or into the gap that it leaves."""
    placed = False
    nouns = [noun]

    def swap(words: list[int]) -> list[int]:
        nonlocal placed
        out: list[int] = []
        for word in words:
            if tree.lower[word] in _RELATIVE and tree.tags[word] in ("WP", "WDT", "WRB", "IN", "DT"):
                placed = True
                out += nouns
            else:
                out.append(word)
        return out

    subjects, objects = swap(subjects), swap(objects)
    turned: list[tuple[str, int]] = []
    for preposition, word in obliques:
        turned += [(preposition, w) for w in swap([word])]
    where = next((c for c in tree.children[i] if tree.lower[c] == "where"), None)
    if where is not None:
        return subjects, objects, [*turned, ("in", noun)]
    if not placed and not any(tree.lower[c] in _RELATIVE | {"whose"} for c in range(noun + 1, i)):
        if not subjects:
            return [noun], objects, turned
        if not objects and not intransitive and tree.child(i, "xcomp", "ccomp") is None:
            stranded = next(
                (tree.lower[c] for c in tree.children[i] if tree.deps[c] in ("case", "obl") and tree.tags[c] == "IN"),
                "",
            )
            return subjects, objects if stranded else [noun], [*turned, (stranded, noun)] if stranded else turned
    return subjects, objects, turned


def _negated(tree: Tree, i: int) -> bool:
    words = {tree.lower[c] for c in tree.children[i] if tree.deps[c] in ("advmod", "neg", "det", "cc", "aux")}
    if not words.isdisjoint(_NEGATIONS):
        return True
    if any(tree.lower[c] == "longer" and tree.lower[c - 1] == "no" for c in tree.children[i]):
        return True
    return any(
        tree.lower[c] in ("nobody", "nothing", "none") or any(tree.lower[d] == "no" for d in tree.all(c, "det"))
        for c in tree.all(i, "nsubj", "obj", "nsubj:pass")
    )


def _over(tree: Tree, i: int) -> bool:
    """Was it so, and is over: "no longer works", "does not work any more"?"""
    children = tree.children[i]
    if any(tree.lower[c] == "longer" and tree.lower[c - 1] == "no" for c in children):
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
    )


def _for_child(tree: Tree, child: int, governor: _Governor, above: _Governor) -> _Governor:
    """What a child takes over: reported and supposed speech mark what they contain; relative clauses stand alone."""
    dep = tree.deps[child]
    if dep not in _CLAUSAL:
        return governor if dep == "conj" else replace(governor, negated=False)
    verb = governor.verb.split(" ")[0]
    modality = governor.modality
    negated = False
    if dep == "ccomp" or (dep == "parataxis" and verb in _SAYING | _THINKING):
        if verb in _SAYING:
            modality = _stronger(modality, "reported")
        elif verb in _THINKING or governor.negated:
            modality = _stronger(modality, "possible")
    elif dep == "xcomp":
        negated = governor.negated
        if verb in _INTENDING or verb == "going":
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
