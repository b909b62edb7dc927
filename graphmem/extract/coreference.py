"""Who a pronoun or a description means, within one text, and only where that is safe.

An unresolved pronoun stays unresolved. The passes follow the precision-first sieves of Raghunathan et al. (2010, "A
Multi-Pass Sieve for Coreference Resolution"): the speaker, then a pronoun with exactly one candidate that agrees, then
the topic of the text. Names themselves are matched in `mentions`.
"""

from __future__ import annotations

from typing import NamedTuple

from graphmem.extract.first_names import MEN, WOMEN
from graphmem.extract.mentions import Mention, Names
from graphmem.extract.tree import Tree
from graphmem.model import EntityType, normal_name

FIRST = frozenset({"i", "me", "my", "mine", "myself"})
PLURAL = frozenset({"we", "us", "our", "ours", "ourselves"})
SECOND = frozenset({"you", "your", "yours", "yourself"})
HE = frozenset({"he", "him", "his", "himself"})
SHE = frozenset({"she", "her", "hers", "herself"})
IT = frozenset({"it", "its", "itself"})
RELATIVES = frozenset(
    """
    wife husband spouse partner girlfriend boyfriend fiancé fiancée fiance fiancee son daughter child sister
    brother sibling mother father mom mum dad parent grandmother grandfather grandma grandpa grandson
    granddaughter aunt uncle niece nephew cousin stepfather stepmother stepson stepdaughter twin friend boss
    colleague neighbor neighbour roommate teacher mentor student coach doctor assistant manager employer
    therapist
    """.split()  # noqa: SIM905
)
"""Nouns for people by whom they belong to."""
_SPEAKING = FIRST | PLURAL

_ORG = frozenset(
    """
    company firm organization organisation band team university college school agency bank club party group
    charity startup start-up newspaper magazine museum hospital institute foundation studio label publisher
    airline brand manufacturer
    """.split()  # noqa: SIM905
)
_LOC = frozenset(
    """
    city town village country island municipality
    """.split()  # noqa: SIM905
)
_WORK = frozenset(
    """
    film movie book novel album song
    """.split()  # noqa: SIM905
)
_WEATHER = frozenset(
    """
    rain snow seem appear matter turn take happen be
    """.split()  # noqa: SIM905
)

_FEMALE = frozenset(
    """
    mrs ms miss dame queen princess lady aunt auntie grandma grandmother granddaughter sister mother mom mum
    daughter wife girlfriend niece stepmother stepdaughter actress duchess baroness
    """.split()  # noqa: SIM905
)
_MALE = frozenset(
    """
    mr sir king prince lord uncle grandpa grandfather grandson brother father dad son husband boyfriend nephew
    stepfather stepson actor duke baron
    """.split()  # noqa: SIM905
)


class Referent(NamedTuple):
    """Whom a pronoun or description means."""

    name: str
    type: EntityType
    sure: float


def resolve(
    tree: Tree,
    names: Names,
    *,
    speakers: list[str | None],
    addressee: str | None,
    title: str | None,
    quoted: set[int],
) -> dict[int, Referent]:
    """Resolve the words that stand for an entity named elsewhere; gives word -> referent.

    `speakers` has who speaks, for each word; `quoted` are words inside quotation marks, where "I" is somebody else.
    """
    found: dict[int, Referent] = {}
    reader = _Reader(tree, names, title)
    for first, last in tree.sentences:
        reader.begin()
        for i in range(first, last):
            word, speaker = tree.lower[i], speakers[i]
            mention = names.at(i)
            if mention is not None:
                if mention.head == i:
                    reader.see(i, mention)
            elif word in _SPEAKING:
                if speaker and i not in quoted:
                    found[i] = Referent(speaker, "PERSON", 0.95 if word in FIRST else 0.7)
            elif word in SECOND:
                if addressee and speaker and i not in quoted and addressee != speaker:
                    found[i] = Referent(addressee, "PERSON", 0.8)
            elif word in HE or word in SHE:
                referent = reader.person(i, "f" if word in SHE else "m")
                if referent:
                    found[i] = referent
            elif word in IT or (tree.pos[i] == "NOUN" and word in _ORG | _LOC | _WORK):
                referent = reader.thing(i)
                if referent:
                    found[i] = referent
            elif word in RELATIVES and (referent := _relative(tree, names, found, i)) is not None:
                reader.see(i, referent, "f" if word in _FEMALE else "m" if word in _MALE else None)
            reader.pass_over(i)
    return found


def _relative(tree: Tree, names: Names, found: dict[int, Referent], i: int) -> Referent | None:
    """ "My sister", who is no name but somebody to whom "she" may refer."""
    for c in tree.all(i, "nmod:poss"):
        mention = names.at(c)
        owner = mention.name if mention is not None else found[c].name if c in found else None
        named = any(
            names.at(j) is not None
            for j in range(i + 1, min(i + 3, len(tree)))
            if tree.words[i + 1] == "," or j == i + 1
        )
        if owner is not None and not named:
            return Referent(f"{owner}'s {tree.lower[i]}", "PERSON", 0.8)
    return None


def _topic(tree: Tree, names: Names, title: str | None) -> str | None:
    """The person whom a text is about: named by its title, or who opens it and shares a word with the title."""
    name = title.partition(" (")[0] if title else ""
    plain = normal_name(name)
    people = [mention for mention in names.mentions if mention.type == "PERSON"]
    for mention in people:
        if normal_name(mention.name) == plain:
            return mention.name
    if name.istitle() and people and tree.sentences and people[0].first < tree.sentences[0][1]:
        first = people[0]
        if tree.deps[first.head].startswith("nsubj") and not set(plain.split()).isdisjoint(
            normal_name(first.name).split()
        ):
            return first.name
    return None


class _Reader:
    """What has been named so far, sentence by sentence."""

    def __init__(self, tree: Tree, names: Names, title: str | None) -> None:
        self._tree = tree
        self._gender: dict[str, str] = {}
        self._recent: list[list[Mention | Referent]] = [[], [], []]
        self._subjects: list[str] = ["", ""]
        self._said: dict[str, str] = {}  # whom the pronouns of this sentence mean, by gender
        for mention in names.mentions:
            if mention.type == "PERSON" and (gender := self._evidence(mention)):
                self._gender.setdefault(mention.name, gender)
        self._topic = _topic(tree, names, title)

    def begin(self) -> None:
        """Go on to the next sentence."""
        self._recent = [*self._recent[1:], []]
        self._subjects = [self._subjects[-1], ""]
        self._said.clear()

    def see(self, i: int, entity: Mention | Referent, gender: str | None = None) -> None:
        """Take note of who is named, in the order of the text."""
        self._recent[-1].append(entity)
        if gender is not None:
            self._gender.setdefault(entity.name, gender)
        if self._tree.deps[i].startswith("nsubj") and not self._subjects[-1]:
            self._subjects[-1] = entity.name

    def pass_over(self, i: int) -> None:
        """Take note of a subject that is nobody known."""
        if not self._subjects[-1] and self._tree.deps[i].startswith("nsubj"):
            self._subjects[-1] = "?"

    def person(self, i: int, gender: str) -> Referent | None:
        """The one person that "he" or "she" can mean here."""
        name, sure = self._pick(gender)
        if not name:
            return None
        if self._gender.get(name) is None:
            self._gender[name] = gender
        referent = Referent(name, "PERSON", sure)
        self._recent[-1].append(referent)
        self._said[gender] = name
        if self._tree.deps[i].startswith("nsubj") and not self._subjects[-1]:
            self._subjects[-1] = name
        return referent

    def _pick(self, gender: str) -> tuple[str, float]:
        """Who agrees and is nearest: alone in this sentence, else alone in the one before, else two before."""
        if gender in self._said:
            return self._said[gender], 0.75
        windows = [
            list(dict.fromkeys(e.name for e in sentence if e.type == "PERSON" and self._agrees(e.name, gender)))
            for sentence in reversed(self._recent)
        ]
        near = next((window for window in windows if window), [])
        certain = [name for name in near if self._gender.get(name) == gender]
        fits = self._topic is not None and self._agrees(self._topic, gender)
        if self._topic and fits and (not certain or self._gender.get(self._topic) is not None):
            return self._topic, 0.85 if near in ([], [self._topic]) else 0.7
        if len(near) == 1:
            return near[0], 0.85 if near is windows[0] or near is windows[1] else 0.7
        if len(certain) == 1 and self._subjects[0] in (certain[0], ""):
            return certain[0], 0.65
        if not near:
            unclear = {e.name for e in self._near() if e.type in ("ORG", "MISC") and " " not in e.name}
            unclear.intersection_update(self._subjects)
            if len(unclear) == 1:
                return unclear.pop(), 0.7
        return "", 0.0

    def _agrees(self, name: str, gender: str) -> bool:
        return self._gender.get(name, gender) == gender

    def _near(self) -> list[Mention | Referent]:
        return [*self._recent[-2], *self._recent[-1]]

    def thing(self, i: int) -> Referent | None:
        """What "it" or "the company" means: the one fitting name near by, or the subject of the sentence before."""
        tree, word = self._tree, self._tree.lower[i]
        near = [entity for sentence in self._recent for entity in sentence if entity.type not in ("PERSON", "NORP")]
        if word in IT:
            verb = tree.heads[i]
            empty = tree.lemmas[verb] in _WEATHER or tree.child(verb, "csubj", "ccomp", "expl") is not None
            if tree.deps[i] == "expl" or (word == "it" and (not tree.deps[i].startswith("nsubj") or empty)):
                return None
            for subject in (self._subjects[1], self._subjects[0]):
                fitting = [entity for entity in near if entity.name == subject]
                if fitting:
                    return Referent(subject, fitting[0].type, 0.7)
                if subject:
                    return None
            return None
        determiner = tree.child(i, "det")
        if determiner is None or tree.lower[determiner] not in ("the", "this") or self._described(i):
            return None
        types = ("ORG", "MISC") if word in _ORG else ("LOC",) if word in _LOC else ("MISC",)
        described = {entity.name: entity.type for entity in near if entity.type in types}
        if len(described) != 1:
            return None
        name, type = described.popitem()
        return Referent(name, type, 0.7)

    def _described(self, i: int) -> bool:
        """Does the noun say itself which one it is?"""
        labels = ("amod", "compound", "nmod", "nmod:poss", "acl", "acl:relcl", "nummod", "appos", "flat")
        return self._tree.child(i, *labels) is not None

    def _evidence(self, mention: Mention) -> str | None:
        """Which gender a first name, a title or a noun beside the name tells."""
        tree = self._tree
        first = mention.name.split()[0].lower()
        before = tree.lower[mention.first - 1].strip(".") if mention.first else ""
        nouns = {before, tree.lower[mention.first].strip(".")}
        nouns.update(tree.lower[c] for c in tree.all(mention.head, "appos", "compound", "nmod:desc"))
        if first in WOMEN or nouns & _FEMALE:
            return "f"
        return "m" if first in MEN or nouns & _MALE else None
