"""How salient what a text has named is at each word of it.

The weights are the sums of Lappin and Leass (1994, "An Algorithm for Pronominal Anaphora Resolution"): subjects before
objects before the rest, and each sentence halves them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graphmem.extract.tree import Tree
from graphmem.model import EntityType

SUBJECT, OBJECT, OBLIQUE, _INSIDE, _OTHER = 310.0, 280.0, 220.0, 100.0, 150.0
"""What a place in the sentence counts, by the sums of Lappin and Leass; halved with each sentence that follows."""
TOPIC = 100.0
"""What the topic of the text counts wherever the pronoun stands."""
OWN_SUBJECT = 100.0
"""What the subject of its own clause counts for a possessive."""
JOINED = 250.0
"""What it counts for a possessive to stand beside a name: "Ann and her sister"."""
REPEATED = 100.0
"""What it counts that the same pronoun of the same sentence means it."""
MARGIN = 1.5
"""How much more salient than its best rival a referent must be."""
UNNAMED, UNNAMED_OWNER, UNKNOWN_GENDER = 0.9, 0.6, 0.8
"""What is left for a noun without a name, for one as the owner of something, and for a name without known gender."""
_IN_A_RELATIVE_CLAUSE = 0.6
_EMBEDDED = frozenset({"acl", "acl:relcl", "advcl:relcl"})


@dataclass(slots=True)
class Candidate:
    """Somebody or something that has been named: how salient it is, and what is known of it."""

    name: str
    """ "" for a noun without a name, which is only a rival."""
    type: EntityType
    sentence: int
    before: float = 0.0
    """Salience from the sentences before `sentence`."""
    here: float = 0.0
    members: tuple[str, ...] = ()
    """The names of a plural."""
    plural: bool = False
    collective: bool = False
    """Whether "they" may follow it in the singular, as with a band."""
    verb: int = -1
    """The verb that took it last, as subject, object or with a preposition."""

    def salience(self, sentence: int) -> float:
        """How salient it is in a sentence."""
        return float((self.before + self.here) * 0.5 ** (sentence - self.sentence))

    def see(self, sentence: int, weight: float, verb: int) -> None:
        """Take note that it is named again, in a place of this weight."""
        self.verb = verb
        if sentence != self.sentence:
            self.before, self.here, self.sentence = self.salience(sentence), weight, sentence
        else:
            self.here = max(self.here, weight)


def core(tree: Tree, i: int) -> bool:
    """Is a noun a subject, an object or beside a verb, so that a pronoun may well mean it?"""
    return tree.deps[i].startswith(("nsubj", "obj", "iobj", "obl", "root", "conj"))


def verb_of(tree: Tree, i: int) -> int:
    """The verb, or predicate, that takes a noun as its subject or object or with a preposition; -1 if none does."""
    while tree.deps[i] == "conj" and tree.heads[i] != i:
        i = tree.heads[i]
    return tree.heads[i] if tree.deps[i].startswith(("nsubj", "obj", "iobj", "obl")) else -1


def weight_of(tree: Tree, i: int) -> float:
    """How salient its place in the sentence makes a noun."""
    for _ in range(4):
        if tree.deps[i] in ("conj", "flat", "compound", "nmod:desc", "appos") and tree.heads[i] != i:
            i = tree.heads[i]
    dep = tree.deps[i]
    if dep.startswith("nsubj"):
        weight = SUBJECT
    elif dep in ("obj", "iobj"):
        weight = OBJECT
    elif dep.startswith("obl"):
        weight = OBLIQUE
    elif dep.startswith("nmod"):
        return _INSIDE
    else:
        weight = _OTHER
    verb = tree.heads[i]
    return weight * _IN_A_RELATIVE_CLAUSE if tree.deps[verb] in _EMBEDDED and verb != i else weight


def most_salient(scored: Sequence[tuple[str, float]], *, margin: float = MARGIN) -> str:
    """The name that is more salient than all others by far; "" if there is none, or it has no name."""
    best, rival = ("", 0.0), 0.0
    for name, score in scored:
        if score > best[1]:
            best, rival = (name, score), best[1]
        else:
            rival = max(rival, score)
    return best[0] if best[1] >= margin * rival else ""
