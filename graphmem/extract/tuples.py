"""Open information extraction: tuples with wide arguments, read from the shape of a tree.

One tuple for each clause (Del Corro and Gemulla 2013, "ClausIE"); verbs that share their subject said together, "wants
to buy" (Mausam 2016, "OpenIE 4"); relative pronouns and unsaid subjects filled in, conjuncts told apart (White et al.
2016, "PredPatt"; Stanovsky et al. 2016, "PropS"); negation, modality, attribution and condition kept beside the words
(Gashteovski et al. 2017, "MinIE"); what noun phrases take for granted (Angeli et al. 2015, "Stanford OpenIE") with less
confidence.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from math import exp
from typing import Literal, NamedTuple, TypeAlias

from graphmem.extract.clauses import Clause, Clauses, find_clauses
from graphmem.extract.tree import Tree
from graphmem.model import Modality, Span

Kind: TypeAlias = Literal["verb", "copula", "apposition", "title", "possessive", "nominal"]

LONGEST = 80
"""Words of an argument at most: what hangs deeper is left out."""
_MANY = 100
"""Children of a word that are looked at for the sake of another word."""
_MOST = 12
"""Members of a coordination that are told apart; a longer one stays whole."""
_CHAIN = 6
"""Verbs that are said together at most."""

_SUBJECTS = ("nsubj", "nsubj:pass", "csubj", "csubj:pass", "nsubj:outer", "csubj:outer")
_OBLIQUE = frozenset({"obl", "obl:agent", "obl:tmod", "obl:npmod", "obl:unmarked", "obl:arg"})
_GROUP = frozenset({"aux", "aux:pass", "cop", "compound:prt"})
_OF_CLAUSE = frozenset(
    {*_SUBJECTS, *_OBLIQUE, "cop", "aux", "aux:pass", "expl", "discourse", "vocative", "advmod", "case", "punct", "acl"}
    | {"acl:relcl", "advcl", "advcl:relcl", "ccomp", "parataxis", "appos", "conj", "cc", "mark"}
)
"""What hangs on a noun and is no part of its bare phrase."""
_BESIDE_COPULA = frozenset(
    {*_SUBJECTS, "cop", "aux", "mark", "advcl", "parataxis", "expl", "discourse", "ccomp", "vocative"}
)
_CLAUSES = ("root", "conj", "ccomp", "parataxis", "acl:relcl", "advcl")
_TELLING = ("appos", "conj", "compound", "nmod:desc", "nmod:poss", "nmod")
"""What hangs on a noun and may tell something about it."""
_NOMINAL = ("NOUN", "PROPN")
_FINITE = ("VBD", "VBZ", "VBP", "MD")
_RELATIVE = frozenset({"who", "which", "that", "whom"})
_RELATIVE_TAGS = ("WP", "WDT", "IN", "DT")
_QUESTIONING = frozenset({"when", "where", "how", "why", "whether", "what"})
_LINKING = frozenset(
    {"however", "also", "then", "thus", "therefore", "moreover", "furthermore", "instead", "still", "yet", "too", "so"}
)
"""Adverbs that tie a clause to the one before."""
_NOT = frozenset({"not", "n't", "n’t", "never"})
_CIRCUMSTANCE = frozenset({"after", "before", "while", "when", "since", "until", "by"})
"""Before a gerund they tell when or how, and make no predicate with the verb above."""
_SAYING = frozenset(
    """
    say add tell report claim announce state declare argue write explain note insist warn deny confirm reply
    promise suggest think believe
    """.split()  # noqa: SIM905
)
_CONDITIONS = frozenset({"if", "unless", "provided", "supposing"})
_POSSESSIVE = frozenset({"'s", "’s", "'", "’"})
_OPENING = frozenset('$#("“‘£€')
_CLOSING = frozenset('%)"”’')
_ROLES = {
    "obj": "object",
    "iobj": "recipient",
    "xcomp": "complement",
    "advmod": "adverb",
    "ccomp": "clause",
    "advcl": "clause",
}


class Part(NamedTuple):
    """One part of a tuple, word for word."""

    text: str
    spans: tuple[Span, ...]
    """Where its words stand in the text, run by run."""
    role: str = ""
    """Of an argument: object, recipient, complement, clause, agent, adverb, when, where, or its preposition."""
    added: str = ""
    """A verb in front that the text leaves unsaid: "be", "has"."""


@dataclass(frozen=True)
class Tuple:
    """Who does what to whom, as one clause or noun phrase says it."""

    kind: Kind
    subject: Part
    predicate: Part
    object: Part | None
    others: tuple[Part, ...]
    confidence: float
    sentence: Span
    negated: bool = False
    modality: Modality = "asserted"
    attribution: Part | None = None
    """Who says or thinks so."""
    condition: Part | None = None
    """The clause that it depends on: "if it rains"."""


@dataclass(frozen=True)
class _Argument:
    role: str
    words: list[int]
    head: int
    marker: list[int]
    """A preposition or "that" in front, which the predicate takes from the first argument."""


@dataclass(frozen=True)
class _Draft:
    """A tuple in words of the tree."""

    kind: Kind
    head: int
    subject: list[int]
    predicate: list[int]
    arguments: list[_Argument]
    added: str = ""
    clause: Clause | None = None
    spread: bool = False
    """Whether a coordination was told apart."""


def find_tuples(tree: Tree, text: str, clauses: Clauses | None = None) -> list[Tuple]:
    """Read the tuples of a text, those of its clauses first; give `clauses` if they are known already.

    >>> from graphmem.extract.english import load
    >>> text = "Maria repaired the old clock on Sunday."
    >>> found = find_tuples(Tree([(load()(text), range(len(text) + 1))]), text)[0]
    >>> [part.text for part in (found.subject, found.predicate, found.object, *found.others)]
    ['Maria', 'repaired', 'the old clock', 'on Sunday']
    """
    reader = _Reader(tree, find_clauses(tree) if clauses is None else clauses)
    return [_finished(reader, draft, text) for draft in reader.read()]


class _Reader:
    """Reads one tree."""

    def __init__(self, tree: Tree, clauses: Clauses) -> None:
        self.tree = tree
        self.at = dict(clauses.at)
        for i, dep in enumerate(tree.deps):  # a verb that the tagger took for a noun: it has a subject all the same
            s = tree.child(i, "nsubj", "nsubj:pass") if dep in _CLAUSES and i not in self.at else None
            if s is not None:
                self.at[i] = Clause(head=i, copular=False, verb=tree.lemmas[i], subjects=(s,))
        self.with_object = {tree.heads[i] for i, dep in enumerate(tree.deps) if dep in ("obj", "iobj")}
        self._groups: dict[int, list[int]] = {}
        self._marks: dict[int, list[int]] = {}

    def read(self) -> Iterator[_Draft]:
        for head in sorted(self.at):
            yield from self.clause(self.at[head])
        for i in range(len(self.tree)):
            yield from self.noun_phrase(i)

    # Phrases

    def phrase(self, i: int, *, without: Collection[int] = (), bare: bool = False, whole: bool = False) -> list[int]:
        """The words below a word in order: `bare` without clauses and conjuncts, `whole` with what is only added."""
        tree = self.tree
        words = [i]
        for j in words:
            for c in tree.children[j][:_MANY]:
                if len(words) >= LONGEST:
                    break
                if c in without or (bare and j == i and tree.deps[c] in _OF_CLAUSE) or not (whole or self.belongs(c)):
                    continue
                words.append(c)
        return self.trimmed(sorted(words))

    def belongs(self, c: int) -> bool:
        """Is a word part of what its head means, and no apposition, parenthesis or clause behind a comma?"""
        tree = self.tree
        if tree.deps[c] in ("parataxis", "discourse", "vocative") or self.apposed(c):
            return False
        if tree.deps[c] not in ("acl", "acl:relcl", "advcl") or c < tree.heads[c]:
            return True
        first = min([c, *tree.children[c][:1]])
        return tree.words[first] not in (",", "(") and tree.words[first - 1] not in (",", "(", "-", "--", "–", "—")

    def apposed(self, c: int) -> bool:
        """Is a noun an apposition, or a conjunct without any conjunction: "Ann, the boss, agreed"?"""
        tree, h = self.tree, self.tree.heads[c]
        if tree.deps[c] != "conj" or tree.pos[c] not in _NOMINAL or len(tree.children[h]) > _MANY:
            return tree.deps[c] == "appos" and not self.close(c)
        alone = tree.all(h, "conj") == [c] and tree.child(h, "cc") is None and tree.child(c, "cc", "conj") is None
        return alone and any(tree.words[p] == "," for p in tree.all(c, "punct"))

    def close(self, c: int) -> bool:
        """Is a name set right behind the noun that tells what it is: "the architect Ruth Adler"?"""
        tree, h = self.tree, self.tree.heads[c]
        return tree.deps[c] == "appos" and tree.pos[c] == "PROPN" and min([c, *tree.children[c]]) == h + 1

    def trimmed(self, words: list[int]) -> list[int]:
        """Without punctuation and conjunctions at the ends, nor quotation marks and brackets without their partner."""
        tree = self.tree
        loose = [tree.deps[i] in ("punct", "cc") for i in words]
        first, last = 0, len(words)
        while last - first > 1 and loose[first] and tree.words[words[first]] not in _OPENING:
            first += 1
        while last - first > 1 and loose[last - 1] and tree.words[words[last - 1]] not in _CLOSING:
            last -= 1
        words = words[first:last]
        inside = [tree.words[i] for i in words]
        if inside[0] == "(" and len(words) > 2 and (inside[-1] == ")" or ")" not in inside):
            return self.trimmed(words[1:-1] if inside[-1] == ")" else words[1:])
        if inside[-1] == ")" and len(words) > 1 and "(" not in inside:
            return self.trimmed(words[:-1])
        if len(words) > 1 and sum(tree.words[i] == '"' for i in words) % 2:
            if tree.words[words[0]] == '"':
                return words[1:]
            if tree.words[words[-1]] == '"':
                return self.trimmed(words[:-1])
        return words

    def case(self, i: int) -> list[int]:
        """The words of a preposition."""
        tree = self.tree
        case = [c for c in tree.all(i, "case") if c < i and tree.lower[c] not in _POSSESSIVE]
        return sorted([*case, *(f for c in case for f in tree.all(c, "fixed"))])

    # Predicates

    def group(self, v: int) -> list[int]:
        """A verb with auxiliaries, particles, negation, and adverbs among them; of a copula, all but its noun."""
        if v not in self._groups:
            self._groups[v] = self._group(v)
        return self._groups[v]

    def _group(self, v: int) -> list[int]:
        tree = self.tree
        copular = tree.child(v, "cop") is not None
        words = [] if copular else [v]
        for c in tree.children[v]:
            stranded = c == v + 1 and tree.pos[c] == "ADP" and tree.deps[c] in ("advmod", "obl", "case")
            if tree.deps[c] in _GROUP or (stranded and not tree.children[c]):
                words.append(c)
        first, last = min(words), max(words)
        for c in tree.all(v, "advmod"):
            adverb = self.phrase(c)
            between = first < c < v and len(adverb) <= 2 and not (copular and c > last)
            before = c == first - 1 and not copular and len(adverb) == 1 and tree.lower[c] not in _QUESTIONING
            if tree.lower[c] in _NOT or between or before:
                words += adverb
        if tree.lower[max(first - 2, 0) : first] == ["no", "longer"]:
            words += [first - 2, first - 1]
        return sorted(set(words))

    def marks(self, v: int) -> list[int]:
        if v not in self._marks:
            self._marks[v] = self.tree.all(v, "mark", "case")
        return self._marks[v]

    def joined(self, v: int) -> bool:
        """Is a clause said together with that above: "wants to go", "is charged with checking", "set out to win"?"""
        tree, u = self.tree, self.tree.heads[v]
        if v not in self.at or u not in self.at or tree.child(v, *_SUBJECTS) is not None:
            return False
        if tree.deps[v] == "xcomp":
            return u not in self.with_object
        mark = next(iter(self.marks(v)), -1)
        if tree.deps[v] != "advcl" or mark != max(u, self.group(u)[-1]) + 1:
            return False
        to = tree.tags[v] == "VB" and tree.lower[mark] == "to"
        return to or (tree.tags[v] == "VBG" and tree.lower[mark] not in _CIRCUMSTANCE)

    def predicate(self, v: int) -> list[int]:
        """The words of a predicate, with the verbs above that it is said together with, and what conjuncts share."""
        tree = self.tree
        words = list(self.group(v))
        for _ in range(_CHAIN):
            u = tree.heads[v]
            if self.joined(v):
                words += [*self.marks(v), *self.group(u), *([u] if self.at[u].copular else [])]
            elif self.conjoined(v):
                if not self.auxiliaries(words):
                    words += [*self.auxiliaries(self.group(u)), *(w for w in self.group(u) if tree.lower[w] in _NOT)]
            else:
                break
            v = u
        return sorted(set(words))

    def auxiliaries(self, words: list[int]) -> list[int]:
        return [w for w in words if self.tree.deps[w] in ("aux", "aux:pass", "cop")]

    def conjoined(self, v: int) -> bool:
        """Is a verb coordinated with one of the same form, and has no subject of its own?"""
        tree, u = self.tree, self.tree.heads[v]
        if tree.deps[v] != "conj" or u not in self.at or tree.child(v, *_SUBJECTS) is not None:
            return False
        passive = self.at[u].passive and v not in self.with_object and tree.tags[v] in ("VBD", "VBN")
        return passive or tree.tags[v] == tree.tags[u]

    # Clauses

    def clause(self, clause: Clause) -> Iterator[_Draft]:
        """The tuples of a clause: one, or one for each member of a coordinated first argument."""
        tree, v = self.tree, clause.head
        if any(self.joined(c) for c in tree.all(v, "xcomp", "advcl")):
            return
        subject = self.subject(clause)
        if not subject:
            return
        predicate = self.predicate(v)
        behind, before = self.arguments(clause, {*subject, *predicate})
        if not behind and not before:
            behind = [self.argument(c) for c in tree.all(v, "advcl") if c > v][:1]
        adverb = behind[0].words if len(behind) > 1 and behind[0].role == "adverb" and behind[1].marker else []
        if adverb == [v + 1]:  # "ran daily on"
            predicate += adverb
            del behind[0]
        if clause.copular:
            self.complement(v, predicate, behind)
        if behind:
            predicate += behind[0].marker  # "lives in"
            behind[0] = replace(behind[0], marker=[])
        participle = tree.deps[v] in ("acl", "advcl") and tree.tags[v] in ("VBN", "VBG") and not tree.all(v, "mark")
        arguments = [*behind, *before]
        members = self.members(arguments[0]) if arguments else []
        draft = _Draft(
            kind="copula" if clause.copular else "verb",
            head=v,
            subject=subject,
            predicate=sorted(set(predicate)),
            arguments=arguments,
            added="be" if participle and not self.auxiliaries(predicate) else "",
            clause=clause,
            spread=len(members) > 1,
        )
        yield from (replace(draft, arguments=[member, *arguments[1:]]) for member in members or arguments[:1])
        if not arguments:
            yield draft

    def subject(self, clause: Clause) -> list[int]:
        """The words of a subject: its own, the noun that the clause describes, or that of the clause above."""
        tree, v = self.tree, clause.head
        own = tree.child(v, *_SUBJECTS)
        if own is not None and tree.lower[own] not in _RELATIVE:
            return self.apart(own, v)
        if not clause.subjects:
            bare = own is None and tree.deps[v] == "root" and any(tree.tags[w] in _FINITE for w in self.group(v))
            nouns = tree.all(v, "obl", "obl:unmarked", "nmod", "dislocated") if bare else []
            return next((self.apart(c, v) for c in nouns if c < v and not self.case(c)), [])
        s = clause.subjects[0]
        if tree.lower[s] in _RELATIVE and tree.tags[s] in ("WP", "WDT"):
            described = self.antecedent(s) if clause.relative is None else clause.relative
            return [s] if described is None else self.phrase(described, bare=True)
        if s == clause.relative:
            return self.phrase(s, bare=True)
        return [] if s == tree.heads[v] and tree.deps[v] == "conj" else self.apart(s, v)

    def apart(self, s: int, v: int) -> list[int]:
        """A subject as a phrase by itself, even if the verb, or another clause, hangs on it."""
        tree = self.tree
        words = self.phrase(s)
        if v in words or (tree.pos[s] in _NOMINAL and tree.child(s, "nsubj", "nsubj:pass") is not None):
            return self.phrase(s, bare=True)
        case = self.case(s)
        return [w for w in words if w not in case] if words[0] in case else words

    def antecedent(self, pronoun: int) -> int | None:
        """The noun before a relative pronoun whose clause hangs elsewhere."""
        tree = self.tree
        i = pronoun - 1
        while i > 0 and tree.deps[i] == "punct":
            i -= 1
        for _ in range(_CHAIN):
            above = tree.heads[i]
            if tree.deps[i] not in ("flat", "compound", "nmod", "nummod", "amod") or not i != above < pronoun:
                break
            i = above
        return i if i >= 0 and tree.pos[i] in _NOMINAL else None

    def arguments(self, clause: Clause, taken: Collection[int]) -> tuple[list[_Argument], list[_Argument]]:
        """What stands behind a verb, and what stands before it, in order."""
        tree, v = self.tree, clause.head
        adjective = clause.copular and tree.pos[v] not in _NOMINAL
        copula = max((w for w in taken if tree.deps[w] == "cop" and tree.heads[w] == v), default=v)
        behind: list[_Argument] = []
        before: list[_Argument] = []
        for c in tree.children[v]:
            dep = tree.deps[c]
            pronoun = tree.lower[c] in _RELATIVE and tree.tags[c] in _RELATIVE_TAGS
            if c in taken or copula < c < v or not (dep in _ROLES or dep in _OBLIQUE or (dep == "nmod" and adjective)):
                continue
            if dep == "advcl" or self.joined(c) or (dep == "advmod" and self.ties(c, v, copular=clause.copular)):
                continue
            described = clause.relative if pronoun and clause.relative is not None else None
            (behind if c > v or pronoun else before).append(self.argument(c, described))
        where = next((tree.lower[c] for c in tree.all(v, "advmod") if tree.lower[c] in ("where", "when")), None)
        if where and clause.relative is not None and tree.deps[v] == "acl:relcl":  # "the town where she lived"
            behind.append(_Argument(where, self.phrase(clause.relative, bare=True), clause.relative, []))
        if not any(argument.role in ("object", "clause") for argument in behind):
            behind = [*self.far_object(clause), *behind]
        if any(argument.role == "object" for argument in behind):
            behind.sort(key=lambda argument: argument.role == "recipient")
        return behind, before

    def far_object(self, clause: Clause) -> list[_Argument]:
        """An object that hangs elsewhere: "..., she said", "the house that she bought", "she buys and sells books"."""
        tree, v, described = self.tree, clause.head, clause.relative
        if clause.copular or clause.passive or v in self.with_object or tree.deps[v] == "acl":
            return []
        if tree.deps[v] == "parataxis" and self.says(v):
            u = tree.heads[v]
            return [_Argument("clause", self.phrase(u, without={v}, whole=True), u, [])]
        if described is not None:
            that = any(tree.lower[c] == "that" for c in self.marks(v)) and tree.child(v, *_SUBJECTS) is not None
            if described in clause.objects or (that and tree.child(v, "ccomp", "xcomp") is None):
                return [_Argument("object", self.phrase(described, bare=True), described, [])]
            return []
        later = next((c for c in tree.all(v, "conj") if c in self.with_object and c - v <= 3), None)
        if later is None or tree.tags[later] != tree.tags[v]:
            return []
        return [self.argument(o) for o in tree.all(later, "obj")]

    def says(self, v: int) -> bool:
        return v in self.at and self.at[v].verb.split(" ")[0] in _SAYING

    def ties(self, c: int, v: int, *, copular: bool) -> bool:
        """Does an adverb ask, or tie clauses together, or stand inside a copula's phrase, so that it is no argument?"""
        word = self.tree.lower[c]
        return word in _QUESTIONING or (c < v and (copular or word in _LINKING))

    def argument(self, c: int, described: int | None = None) -> _Argument:
        """One dependent of a verb, the noun that it stands for in its place."""
        tree, dep = self.tree, self.tree.deps[c]
        if dep in ("ccomp", "advcl") or (dep == "xcomp" and c in self.at):
            words = self.phrase(c, whole=True)
            that = dep == "ccomp" and tree.lower[words[0]] == "that" and len(words) > 1
            return _Argument(_ROLES[dep], words[that:], c, words[:that])
        case = self.case(c) if dep not in _ROLES or dep == "obj" else []
        words = self.phrase(c) if described is None else self.phrase(described, bare=True)
        role = _ROLES.get(dep) or ("agent" if dep == "obl:agent" else tree.case(c) or "when")
        return _Argument(role, [w for w in words if w not in case] or words, c, case)

    def complement(self, v: int, predicate: list[int], behind: list[_Argument]) -> None:
        """Put what a copula says in place; a preposition, or an adjective before one, belongs to the predicate."""
        tree = self.tree
        first = min(predicate, default=v)
        nominal = tree.pos[v] in _NOMINAL
        case = self.case(v)
        outside = {
            c
            for c in tree.children[v]
            if tree.deps[c] in _BESIDE_COPULA
            or (tree.deps[c] in _OBLIQUE and not first < c < v)
            or (tree.deps[c] in ("cc", "punct") and c < v)
            or (tree.deps[c] in ("conj", "xcomp") and c in self.at)
            or (tree.deps[c] == "nmod" and not nominal)
            or (tree.deps[c] == "advmod" and not first <= c < v)
        }
        words = [w for w in self.phrase(v, without=outside) if w not in predicate and w not in case]
        if not case and not nominal and behind and behind[0].marker and behind[0].marker[0] - v <= 2:
            predicate += words  # "is fond of | music"
        elif words:
            behind.insert(0, _Argument("complement", words, v, case))

    def members(self, argument: _Argument) -> list[_Argument]:
        """An argument, or each member of it where nouns are coordinated."""
        tree = self.tree
        nouns = [c for c in tree.all(argument.head, "conj") if c not in self.at and not self.apposed(c)]
        if argument.role == "clause" or not 0 < len(nouns) <= _MOST:
            return [argument]
        rest = {w for c in nouns for w in self.phrase(c)}
        first = self.trimmed([w for w in argument.words if w not in rest and tree.deps[w] != "cc:preconj"])
        others = [(c, self.phrase(c, without=tree.all(c, "cc", "case"))) for c in nouns]
        return [replace(argument, words=first), *(replace(argument, words=words, head=c) for c, words in others)]

    # Noun phrases

    def noun_phrase(self, i: int) -> Iterator[_Draft]:
        """What a noun phrase takes for granted: "Ann, a nurse", "the engineer Ann", "Ann's dog", "a house in Rome"."""
        tree, dep, h = self.tree, self.tree.deps[i], self.tree.heads[i]
        if dep not in _TELLING or tree.pos[h] not in _NOMINAL or len(tree.children[h]) > _MANY:
            return
        thing, words = self.phrase(h, bare=True), self.phrase(i)
        if self.apposed(i) and tree.pos[i] in _NOMINAL:
            yield _Draft("apposition", i, thing, [], [_Argument("complement", words, i, [])], "be")
        elif self.close(i):
            title = [w for w in thing if tree.pos[w] != "DET"]
            yield _Draft("title", i, words, [], [_Argument("complement", title, h, [])], "be")
        elif dep in ("compound", "nmod:desc") and i < h and tree.pos[i] == "NOUN" and tree.pos[i + 1] == "PROPN":
            title, name = [w for w in thing if w <= i and tree.pos[w] != "DET"], [w for w in thing if w > i]
            yield _Draft("title", i, name, [], [_Argument("complement", title, i, [])], "be")
        elif dep == "nmod:poss" and i < h and tree.pos[i] in _NOMINAL:
            owner, owned = [w for w in words if tree.lower[w] not in _POSSESSIVE], [w for w in thing if w > words[-1]]
            yield _Draft("possessive", i, owner, [], [_Argument("object", owned, h, [])], "has")
        elif dep == "nmod" and i > h and tree.case(i) != "of" and tree.case(i)[:1].isalpha():
            case = self.case(i)
            thing = self.phrase(h, bare=True, without=tree.all(h, "nmod"))
            place = _Argument(tree.case(i), [w for w in words if w not in case], i, [])
            yield _Draft("nominal", i, thing, case, [place], "be")

    # What stands beside a tuple

    def attribution(self, v: int) -> list[int]:
        """Who says or thinks what a clause says: "Ann says that ...", "..., Ann said", "according to Ann"."""
        tree = self.tree
        source = next((c for c in tree.all(v, *_OBLIQUE) if tree.case(c).startswith("according")), None)
        if source is not None:
            return [w for w in self.phrase(source) if w not in self.case(source)]
        saying = [c for c in tree.all(v, "parataxis") if self.says(c)]
        for _ in range(_CHAIN):
            u = tree.heads[v]
            if tree.deps[v] == "ccomp" and self.says(u):
                saying.append(u)
            if tree.deps[v] != "conj":
                break
            v = u
        return self.subject(self.at[saying[0]]) if saying else []

    def condition(self, v: int) -> list[int]:
        """The clause that must hold first."""
        tree = self.tree
        clauses = (c for c in tree.all(v, "advcl") if any(tree.lower[m] in _CONDITIONS for m in self.marks(c)))
        return next((self.phrase(c, whole=True) for c in clauses), [])


def _finished(reader: _Reader, draft: _Draft, text: str) -> Tuple:
    tree, clause = reader.tree, draft.clause
    parts = [_part(tree, text, [*a.marker, *a.words], a.role) for a in draft.arguments]
    first, last = tree.sentences[bisect_right(tree.sentences, (draft.head, len(tree))) - 1]
    said = reader.attribution(draft.head) if clause else []
    condition = reader.condition(draft.head) if clause else []
    modality: Modality = clause.modality if clause else "asserted"
    return Tuple(
        kind=draft.kind,
        subject=_part(tree, text, draft.subject),
        predicate=_part(tree, text, draft.predicate, added=draft.added),
        object=parts[0] if parts else None,
        others=tuple(parts[1:]),
        confidence=_confidence(tree, draft),
        sentence=(tree.starts[first], tree.ends[last - 1]),
        negated=clause is not None and clause.negated,
        modality="reported" if said and modality == "asserted" else modality,
        attribution=_part(tree, text, said) if said else None,
        condition=_part(tree, text, condition) if condition else None,
    )


def _part(tree: Tree, text: str, words: list[int], role: str = "", added: str = "") -> Part:
    spans: list[Span] = []
    last = -2
    for i in words:
        run = i == last + 1
        spans[len(spans) - run :] = [(spans[-1][0] if run else tree.starts[i], tree.ends[i])]
        last = i
    return Part(" ".join([*([added] if added else []), *(text[a:b] for a, b in spans)]), tuple(spans), role, added)


def _confidence(tree: Tree, draft: _Draft) -> float:
    """How likely annotators state the same, by a logistic model of the tuple's shape.

    Fitted with a ridge penalty on CaRB's development sentences (Bhardwaj et al. 2019): the target is how much of a
    tuple matches what annotators wrote, and how much of theirs no other tuple has.
    """
    return 1 / (1 + exp(-sum(_WEIGHTS[name] * value for name, value in _features(tree, draft))))


def _features(tree: Tree, draft: _Draft) -> Iterator[tuple[str, float]]:
    """The shape of a tuple in numbers."""
    clause, head, arguments = draft.clause, draft.head, draft.arguments
    yield "any", 1
    depth, above = 0, head
    while depth < 3 and tree.heads[above] != above:
        depth, above = depth + 1, tree.heads[above]
    yield "depth", depth
    yield "words of the predicate", min(len(draft.predicate) + bool(draft.added), 4)
    yield "long subject", len(draft.subject) > 10
    yield "argument", bool(arguments)
    if arguments:
        first = arguments[0]
        yield "more arguments", len(arguments) > 1
        yield "long object", len(first.words) > 3
        yield "adverb", first.role == "adverb"
        yield "pronoun as object", tree.pos[first.head] == "PRON"
    if clause is None:
        noun = tree.heads[head]
        yield "nominal", draft.kind == "nominal"
        yield "of the subject", tree.deps[noun] in ("nsubj", "root")
        yield "the", any(tree.lower[c] == "the" for c in tree.all(noun, "det"))
        yield "named", draft.kind in ("apposition", "title") and tree.pos[noun] == "PROPN"
    else:
        marks = {tree.lower[c] for c in tree.all(head, "mark")}
        said = tree.lemmas[tree.heads[head]] in _SAYING
        yield "verb", draft.kind == "verb"
        yield "spread", draft.spread
        yield "past", tree.tags[head] == "VBD"
        yield "asserted", clause.modality == "asserted"
        yield "that", "that" in marks
        yield "mark", not marks <= {"that", "to"}
        yield "content", tree.deps[head] == "ccomp" and not said
        yield "pronoun left", draft.subject == [draft.subject[0]] and tree.tags[draft.subject[0]] in ("WP", "WDT", "DT")


_WEIGHTS: dict[str, float] = {
    "any": -2.48,
    "depth": -0.37,
    "words of the predicate": 0.34,
    "long subject": -0.80,
    "argument": 1.78,
    "more arguments": 0.35,
    "long object": 0.39,
    "adverb": -0.60,
    "pronoun as object": -0.34,
    "verb": 0.31,
    "spread": -0.49,
    "past": 0.48,
    "asserted": 0.47,
    "that": -0.49,
    "mark": -0.30,
    "content": -0.79,
    "pronoun left": -0.40,
    "nominal": -0.19,
    "of the subject": 0.26,
    "the": 0.31,
    "named": 0.85,
}
