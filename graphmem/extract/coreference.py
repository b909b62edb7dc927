"""Who a pronoun or a description means, within one text, and only where that is safe.

An unresolved pronoun stays unresolved. The passes are precision-first sieves, as in Raghunathan et al. (2010, "A
Multi-Pass Sieve for Coreference Resolution") and Lee et al. (2013, "Deterministic Coreference Resolution Based on
Entity-Centric, Precision-Ranked Rules"), run word by word, so that the work is linear:

1. names, exact and short, are matched in `mentions`, other names of the same thing in `aliases`;
2. speakers: who says "I" and to whom, also in quotations;
3. precise constructs: relative "whose", reflexives, "his sister" once she has been named;
4. strict heads: "the band" is what was described as a band, and only that. What was not (Bean and Riloff 1999,
   "Corpus-Based Identification of Non-Anaphoric Noun Phrases"), or is described by words of its own, is new;
5. pronouns: what agrees in gender, number and animacy and is the most salient by far. Salience follows Lappin and
   Leass (1994, "An Algorithm for Pronominal Anaphora Resolution"): subjects before objects before the rest, and each
   sentence halves it. A pronoun with a rival of nearly the same salience stays unresolved, and nouns without a name
   are rivals too. Within a sentence its own subject counts more, the first in the search of Hobbs (1978).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from graphmem.extract.agreement import (
    FIRST,
    HE,
    IT,
    PLURAL,
    REFLEXIVE,
    RELATIVES,
    SECOND,
    SHE,
    THEY,
    collective,
    gender_of,
    human,
    kind,
    thing,
    type_of,
)
from graphmem.extract.descriptions import described, title_noun
from graphmem.extract.first_names import MEN, WOMEN
from graphmem.extract.mentions import Mention, Names
from graphmem.extract.salience import (
    JOINED,
    MARGIN,
    OBJECT,
    OBLIQUE,
    OWN_SUBJECT,
    REPEATED,
    SUBJECT,
    TOPIC,
    UNKNOWN_GENDER,
    UNNAMED,
    UNNAMED_OWNER,
    Candidate,
    core,
    most_salient,
    verb_of,
    weight_of,
)
from graphmem.extract.tree import Tree
from graphmem.model import EntityType, normal_name

__all__ = ["HE", "RELATIVES", "SHE", "Referent", "resolve"]

_FAR = 2
"""Sentences after which what was named is no candidate any more, unless it is the topic."""
_EMPTY_IT = frozenset("rain snow seem appear matter turn take happen".split())  # noqa: SIM905
"""Verbs whose "it" means nothing."""
_SAYING = frozenset(
    """
    say tell add write ask reply answer explain shout whisper note announce admit insist recall state declare
    argue claim warn promise joke comment remark exclaim
    """.split()  # noqa: SIM905
)
_OWN_WORDS = (
    "amod",
    "compound",
    "nmod",
    "nmod:poss",
    "acl",
    "acl:relcl",
    "nummod",
    "appos",
    "flat",
    "cop",
    "conj",
    "nmod:desc",
)
"""With one of these below it a noun says itself which one it is."""


class Referent(NamedTuple):
    """Whom a pronoun or description means; a plural has `others` beside the first."""

    name: str
    type: EntityType
    sure: float
    others: tuple[str, ...] = ()


def resolve(
    tree: Tree,
    names: Names,
    *,
    speakers: Sequence[str | None],
    addressees: Sequence[str | None],
    title: str | None,
    quoted: Sequence[tuple[int, int]],
) -> dict[int, Referent]:
    """Resolve the words that stand for an entity named elsewhere; gives word -> referent.

    `speakers` and `addressees` have who speaks, and to whom, for each word; `quoted` are runs of words inside quotation
    marks, where "I" is somebody else.
    """
    reader = _Reader(tree, names, title)
    saying = _who_is_quoted(tree, quoted)
    for number, (first, last) in enumerate(tree.sentences):
        reader.begin(number)
        for i in range(first, last):
            reader.read(i, speakers[i], addressees[i], i in saying)
    for i, head in saying.items():
        if tree.lower[i] in FIRST and head is not None and (said := reader.named(head)) is not None:
            reader.found[i] = Referent(said.name, "PERSON", 0.75)
    return reader.found


def _who_is_quoted(tree: Tree, quoted: Sequence[tuple[int, int]]) -> dict[int, int | None]:
    """For each word inside a quotation the word for who says it, by the verb of saying right beside it, or None."""
    saying: dict[int, int | None] = {}
    for first, last in quoted:
        near = range(0)
        if first and tree.words[first - 1] in (",", ":"):
            near = range(first - 2, max(first - 7, -1), -1)
        elif last - first > 2 and tree.words[last - 2] in (",", "?", "!"):
            near = range(last, min(last + 5, len(tree)))
        verb = next((i for i in near if tree.pos[i] == "VERB" and tree.lemmas[i] in _SAYING), None)
        speaker = tree.child(verb, "nsubj") if verb is not None else None
        saying.update(dict.fromkeys(range(first, last), speaker))
    return saying


class _Reader:
    """What has been named so far, word by word."""

    def __init__(self, tree: Tree, names: Names, title: str | None) -> None:
        self.found: dict[int, Referent] = {}
        self._tree = tree
        self._names = names
        self._near: dict[str, Candidate] = {}
        self._gender: dict[str, str] = {}
        self._nouns: dict[str, set[str]] = {}  # name -> what it was described as, by kind
        self._by_noun: dict[str, dict[str, EntityType]] = {}  # kind -> names
        self._kin: dict[tuple[str, str], str] = {}  # (owner, noun) -> name
        self._unnamed: dict[str, int] = {}  # kind -> the last noun of the kind without a name
        self._meant: dict[str, str] = {}  # pronoun of this sentence -> whom it means
        self._sentence = 0
        self._topic, self._topic_type = self._find_topic(title)
        noun = title_noun(title)
        if self._topic and noun:
            self._describe(self._topic, self._topic_type, {noun})

    def begin(self, number: int) -> None:
        """Go on to the next sentence."""
        self._sentence = number
        self._near = {name: c for name, c in self._near.items() if number - c.sentence <= _FAR}
        self._meant.clear()

    def read(self, i: int, speaker: str | None, addressee: str | None, quoted: bool) -> None:
        """Take note of what a word names, or find whom it means."""
        tree, word = self._tree, self._tree.lower[i]
        mention = self._names.at(i)
        if mention is not None:
            if mention.head == i:
                self._see_name(i, mention)
            return
        pos = tree.pos[i]
        if pos == "NOUN":
            if tree.tags[i] != "NNS":
                self._noun(i)
            else:
                self._rival(i, plural=True)
            return
        referent: Referent | None = None
        if word in FIRST or word in PLURAL:
            if speaker and not quoted and not (word in PLURAL and self._of_all(i)):
                referent = Referent(speaker, "PERSON", 0.95 if word in FIRST else 0.7)
        elif word in SECOND:
            if addressee and speaker and not quoted and addressee != speaker:
                referent = Referent(addressee, "PERSON", 0.8)
        elif word in REFLEXIVE and i and tree.pos[i - 1] == "NOUN":
            referent = None  # "the series itself"
        elif word in HE or word in SHE:
            referent = self._person(
                i, "f" if word in SHE else "m", {speaker, addressee} - {None} if not quoted else set()
            )
        elif word in IT:
            referent = self._thing(i, speaker is not None)
        elif word in THEY:
            referent = self._several(i)
        elif word == "whose":
            referent = self._described_by(i)
        if referent is not None:
            self.found[i] = referent

    def named(self, i: int) -> Referent | None:
        """The entity that a word names or stands for."""
        mention = self._names.at(i)
        return Referent(mention.name, mention.type, 1.0) if mention is not None else self.found.get(i)

    # Names and nouns

    def _see_name(self, i: int, mention: Mention) -> None:
        tree, name = self._tree, mention.name
        gender = self._evidence(mention)
        if gender is not None:
            self._gender.setdefault(name, gender)
        self._describe(name, mention.type, described(tree, self._names, mention))
        self._note_kin(mention)
        if tree.deps[i] != "vocative" and mention.type != "NORP":
            self._see(i, name, mention.type)
        others = [self._joined(c) for c in tree.all(i, "conj")]
        members = [mention, *(m for m in others if m is not None)]
        weight = weight_of(tree, i)
        together = len(members) > 1 and len(members) == len(others) + 1 and all(m.type == "PERSON" for m in members)
        if together and tree.deps[i] != "conj" and weight >= OBLIQUE:
            both = tuple(dict.fromkeys(m.name for m in members))
            name = " and ".join(both)
            self._near[name] = Candidate(name, "PERSON", self._sentence, here=weight, members=both, plural=True)

    def _joined(self, i: int) -> Mention | None:
        """The name in a row with another, also behind a noun: "Ann and her sister Eve"."""
        named = tree.child(i, "appos", "flat", "nmod:desc") if (tree := self._tree).lower[i] in RELATIVES else i
        return self._names.at(named) if named is not None else None

    def _describe(self, name: str, type: EntityType, nouns: set[str]) -> None:
        kinds = {kind(noun) for noun in nouns}
        self._nouns.setdefault(name, set()).update(kinds)
        for noun in kinds:
            self._by_noun.setdefault(noun, {})[name] = type

    def _see(self, i: int, name: str, type: EntityType) -> None:
        candidate = self._near.get(name)
        if candidate is None:
            candidate = self._near[name] = Candidate(name, type, self._sentence)
        candidate.see(self._sentence, weight_of(self._tree, i), verb_of(self._tree, i))

    def _rival(self, i: int, *, plural: bool = False, person: bool = False) -> None:
        """Take note of a noun without a name, which a pronoun may mean as well."""
        type: EntityType = "PERSON" if person else "MISC"
        weight, verb = weight_of(self._tree, i), verb_of(self._tree, i)
        group = collective(self._tree.lower[i])
        rival = Candidate("", type, self._sentence, here=weight, plural=plural, collective=group, verb=verb)
        self._near[f"?{i}"] = rival
        if (gender := gender_of(self._tree.lower[i])) is not None:
            self._gender[f"?{i}"] = gender

    def _noun(self, i: int) -> None:
        """A noun in the singular: who belongs to somebody, what was described so before, or something new."""
        tree, word = self._tree, self._tree.lower[i]
        if self._tells_of_a_name(i):
            return
        place = self._place(i)
        if place is not None:
            self.found[i] = place
            self._see(i, place.name, place.type)
            return
        owner = next((named for c in tree.all(i, "nmod:poss") if (named := self.named(c)) is not None), None)
        if owner is not None and word in RELATIVES:
            known = self._kin.get((owner.name, word)) if tree.child(i, "amod") is None else None
            if known is not None:
                self.found[i] = Referent(known, "PERSON", 0.8)
            relative = known or f"{owner.name}'s {word}"
            if (gender := gender_of(word)) is not None:
                self._gender.setdefault(relative, gender)
            self._see(i, relative, "PERSON")
            return
        referent = self._description(i)
        if referent is not None:
            self.found[i] = referent
            self._see(i, referent.name, referent.type)
            return
        self._unnamed[kind(word)] = i
        if human(word):
            self._rival(i, person=True)
        elif core(tree, i):
            self._rival(i)

    def _place(self, i: int) -> Referent | None:
        """ "The city of Ghent" is Ghent."""
        tree = self._tree
        of = tree.child(i, "nmod")
        mention = self._names.at(of) if of is not None and type_of(tree.lower[i]) == "LOC" else None
        if mention is None or of is None or mention.type != "LOC" or tree.case(of) != "of":
            return None
        return Referent(mention.name, "LOC", 0.9)

    def _tells_of_a_name(self, i: int) -> bool:
        """Does a noun only say what a name is: a predicate, an apposition, a word right before the name?"""
        tree = self._tree
        if tree.child(i, "cop") is not None or tree.deps[i] in ("compound", "nmod:desc", "flat", "fixed"):
            return True
        if tree.deps[i] == "conj" and tree.child(tree.heads[i], "cop") is not None:
            return True
        if tree.deps[i] == "appos" and self.named(tree.heads[i]) is not None:
            return True
        after = i + 1 + (i + 1 < len(tree) and tree.words[i + 1] == ",")
        mention = self._names.at(after) if after < len(tree) else None
        if mention is None or mention.first != after:
            return False
        if after > i + 1 and tree.lower[i] in RELATIVES and mention.type == "PERSON":
            return mention.last == len(tree) or tree.deps[mention.last] == "punct"
        return after == i + 1 or tree.heads[mention.head] == i or tree.heads[i] == mention.head

    def _note_kin(self, mention: Mention) -> None:
        """ "His sister Ann" and "Ann, the sister of Bob": later "his sister" is Ann."""
        tree, head = self._tree, mention.head
        nouns = [*tree.all(head, "compound", "appos", "nmod:desc"), tree.heads[head], mention.first - 1]
        if mention.first > 1 and tree.words[mention.first - 1] == ",":
            nouns.append(mention.first - 2)
        for noun in nouns:
            if noun < 0 or tree.lower[noun] not in RELATIVES or self._names.at(noun) is not None:
                continue
            if tree.child(noun, "amod") is not None:  # his first wife
                continue
            owners = tree.all(noun, "nmod:poss") or tree.all(head, "nmod:poss")
            owner = next((named for c in owners if (named := self.named(c)) is not None), None)
            if owner is not None and owner.name != mention.name:
                self._kin.setdefault((owner.name, tree.lower[noun]), mention.name)
                if tree.deps[noun] == "appos" and tree.heads[noun] == head and noun > head:
                    self.found[noun] = Referent(mention.name, "PERSON", 0.9)  # "Rosa, Tom's sister"

    # Descriptions

    def _description(self, i: int) -> Referent | None:
        """What "the company" means: the one that was described so; else the one name near by that can be one."""
        tree, word = self._tree, self._tree.lower[i]
        determiner = tree.child(i, "det")
        if determiner is None or tree.lower[determiner] not in ("the", "this") or self._described_itself(i):
            return None
        if i + 1 < len(tree) and (tree.words[i + 1] in "\"“‘'(:" or tree.pos[i + 1] in ("NUM", "PROPN")):
            return None
        noun = kind(word)
        fitting = self._by_noun.get(noun, {})
        unnamed = self._near.get(f"?{self._unnamed.get(noun)}")
        if fitting:
            if len(fitting) == 1 and unnamed is None:
                name, type = next(iter(fitting.items()))
                return Referent(name, type, 0.8)
            several = {name for name in (*self._near, self._topic) if name in fitting}
            scored = [(name, self._salience(name)) for name in sorted(several)]
            scored.append(("", unnamed.salience(self._sentence) if unnamed is not None else 0.0))
            best = most_salient(scored, margin=2 * MARGIN)
            return Referent(best, fitting[best], 0.7) if best else None
        wanted = type_of(word)
        if wanted is None or unnamed is not None:
            return None
        near = [c for c in self._near.values() if c.name and not self._told_otherwise(c.name, wanted)]
        fit = [c for c in near if c.type == wanted or (c.type == "MISC" and max(c.here, c.before) >= OBJECT)]
        typed = [c for c in self._near.values() if c.type == wanted and c.name]
        if len(fit) == len(typed) == 1 and fit[0].type == wanted:
            return Referent(fit[0].name, wanted, 0.65)
        return None

    def _told_otherwise(self, name: str, wanted: EntityType) -> bool:
        """Was it described as something else already? An organisation may have a name of any words."""
        nouns = self._nouns.get(name, set())
        return any(thing(noun) or (wanted != "ORG" and human(noun)) for noun in nouns)

    def _described_itself(self, i: int) -> bool:
        """Does a noun say itself which one it is? What only follows after a comma does not tell."""
        comma = i + 1 < len(self._tree) and self._tree.words[i + 1] == ","
        return any(not comma or c < i or self._tree.deps[c] == "conj" for c in self._tree.all(i, *_OWN_WORDS))

    def _salience(self, name: str) -> float:
        candidate = self._near.get(name)
        return (candidate.salience(self._sentence) if candidate else 0.0) + (TOPIC if name == self._topic else 0.0)

    # Pronouns

    def _person(self, i: int, gender: str, not_these: set[str | None]) -> Referent | None:
        """The one person that "he" or "she" can mean here, who is not one of those who speak."""
        tree, spoken = self._tree, bool(not_these)
        around = tree.lower[max(i - 2, 0) : i + 3]
        if "or" in around and not HE.isdisjoint(around) and not SHE.isdisjoint(around):
            return None  # "he or she"
        scored = []
        for name, candidate, score in self._candidates(i, gender):
            known = self._gender.get(name, gender)
            if candidate.plural or known != gender or name in not_these or not self._may_be_a_person(candidate):
                continue
            sure = 1.0 if self._gender.get(name) else UNKNOWN_GENDER
            scored.append((name if candidate.name else "", sure * score))
        name = most_salient(scored) if scored else self._cataphor(i, gender) or ("" if spoken else self._unclear(i))
        if not name or name in not_these:
            return None
        self._gender.setdefault(name, gender)
        return self._mean(i, gender, Referent(name, "PERSON", 0.85 if len(scored) == 1 else 0.75))

    def _may_be_a_person(self, candidate: Candidate) -> bool:
        if candidate.type != "PERSON":
            return False
        nouns = self._nouns.get(candidate.name)
        return not nouns or any(human(noun) for noun in nouns) or not any(thing(noun) for noun in nouns)

    def _thing(self, i: int, spoken: bool) -> Referent | None:
        """The one thing with a name that "it" can mean here."""
        tree = self._tree
        if self._empty(i):
            return None
        scored = []
        for name, candidate, score in self._candidates(i, "it"):
            if candidate.type == "PERSON" and (not candidate.name or self._may_be_a_person(candidate)):
                continue
            if not candidate.plural and candidate.type != "NORP":
                unclear = spoken and candidate.type == "MISC" and " " not in name  # "Woah", the name of a friend
                scored.append(("" if unclear else name if candidate.name else "", score))
        name = most_salient(scored)
        if not name:
            return None
        known = self._near.get(name)
        type = known.type if known is not None else self._topic_type
        if tree.lower[i] == "it" and not tree.deps[i].startswith("nsubj") and len(scored) > 1:
            return None
        return self._mean(i, "it", Referent(name, type, 0.8 if len(scored) == 1 else 0.7))

    def _empty(self, i: int) -> bool:
        """Does "it" mean nothing: "it rained", "it seems that", "it is easy to see" (Lappin and Leass 1994)?"""
        tree = self._tree
        if tree.deps[i] == "expl":
            return True
        if tree.lower[i] != "it" or not tree.deps[i].startswith("nsubj"):
            return False
        verb = tree.heads[i]
        if tree.lemmas[verb] in _EMPTY_IT or tree.child(verb, "csubj", "ccomp", "expl") is not None:
            return True
        if "until" in tree.lower[i + 1 : i + 5] and tree.lemmas[i + 1] == "be":  # "it was not until May that"
            return True
        return tree.pos[verb] == "ADJ" and tree.child(verb, "xcomp", "advcl") is not None

    def _several(self, i: int) -> Referent | None:
        """Whom "they" means: people who were named together, or a band or company; nouns in the plural are rivals."""
        scored = []
        for name, candidate, score in self._candidates(i, "they"):
            group = candidate.type in ("ORG", "MISC") and any(map(collective, self._nouns.get(name, ())))
            if candidate.plural or candidate.collective or group:
                scored.append((name if candidate.name else "", score))
        name = most_salient(scored)
        known = self._near.get(name)
        if known is None:
            return None
        if known.members:
            if self._tree.deps[i] == "nmod:poss":
                return None
            known.see(self._sentence, weight_of(self._tree, i), verb_of(self._tree, i))
            return Referent(known.members[0], "PERSON", 0.75, known.members[1:])
        return self._mean(i, "they", Referent(name, known.type, 0.7))

    def _candidates(self, i: int, pronoun: str) -> Iterator[tuple[str, Candidate, float]]:
        """What has been named near by, or is the topic, with its salience for a pronoun.

        A reflexive means the subject of its clause; any other pronoun never means what its own verb takes already.
        """
        tree = self._tree
        own = self._own_subject(i)
        reflexive = tree.lower[i] in REFLEXIVE
        possessive = tree.deps[i] == "nmod:poss"
        joined = self._named_with(i) if possessive else ""
        # "Eve is her sister": not Eve's
        other = own if possessive and tree.child(tree.heads[i], "cop") is not None else None
        verb = -1 if possessive or reflexive else verb_of(tree, i)
        meant = self._meant.get(pronoun)
        for name, candidate in self._near.items():
            if (reflexive and name != own) or name == other or (verb >= 0 and candidate.verb == verb):
                continue
            score = candidate.salience(self._sentence)
            if not candidate.name:
                score *= UNNAMED_OWNER if possessive else UNNAMED
            elif possessive:
                score += (OWN_SUBJECT if name == own else 0.0) + (JOINED if name == joined else 0.0)
            score += (TOPIC if name == self._topic else 0.0) + (REPEATED if name == meant else 0.0)
            yield name, candidate, score
        if self._topic and self._topic not in self._near and not reflexive:
            yield self._topic, Candidate(self._topic, self._topic_type, self._sentence), TOPIC

    def _named_with(self, i: int) -> str:
        """The name that the possessed noun is coordinated with: "Ann and her sister"."""
        noun = self._tree.heads[i]
        named = self.named(self._tree.heads[noun]) if self._tree.deps[noun] == "conj" else None
        return named.name if named is not None else ""

    def _own_subject(self, i: int) -> str:
        """The name of the subject of the clause around a word."""
        tree, j = self._tree, i
        for _ in range(8):
            above = tree.heads[j]
            subject = tree.child(above, "nsubj", "nsubj:pass") if above != j else None
            if subject is not None and subject != j and subject < i:
                named = self.named(subject)
                return named.name if named is not None else ""
            if tree.pos[above] in ("VERB", "AUX") or above == j:
                return ""
            j = above
        return ""

    def _mean(self, i: int, pronoun: str, referent: Referent) -> Referent:
        self._see(i, referent.name, referent.type)
        self._meant[pronoun] = referent.name
        return referent

    def _cataphor(self, i: int, gender: str) -> str:
        """ "When he was nine, Tom moved": the subject that follows, where nobody was named before."""
        tree, j = self._tree, i
        for _ in range(8):
            above = tree.heads[j]
            if above == j:
                return ""
            if tree.deps[j] in ("advcl", "obl") and above > i:
                subject = tree.child(above, "nsubj", "nsubj:pass")
                mention = self._names.at(subject) if subject is not None and subject > i else None
                if mention is None or mention.type != "PERSON":
                    return ""
                known = self._gender.get(mention.name) or self._evidence(mention)
                return mention.name if known in (None, gender) else ""
            j = above
        return ""

    def _unclear(self, i: int) -> str:
        """A subject of one word whose type nobody knows, where no person is near by."""
        near = [c for c in self._near.values() if c.type in ("ORG", "MISC") and c.name and not self._nouns.get(c.name)]
        near = [c for c in near if " " not in c.name and max(c.here, c.before) >= SUBJECT]
        return near[0].name if len(near) == 1 else ""

    def _described_by(self, i: int) -> Referent | None:
        """The noun that a relative clause with "whose" describes, right before it."""
        tree = self._tree
        before = i - 1
        if before >= 0 and tree.words[before] == ",":
            before -= 1
        mention = self._names.at(before) if before >= 0 else None
        if mention is None or mention.last != before + 1:
            return None
        return Referent(mention.name, mention.type, 0.9)

    def _of_all(self, i: int) -> bool:
        """Is something said of all together that is not true of each: "we are a small company", "our country"?"""
        tree, above = self._tree, self._tree.heads[i]
        if tree.deps[i] == "nmod:poss":
            return type_of(tree.lower[above]) is not None or tree.lower[above] in ("community", "world", "society")
        return tree.deps[i].startswith("nsubj") and tree.pos[above] == "NOUN" and tree.child(above, "cop") is not None

    # What is known beforehand

    def _find_topic(self, title: str | None) -> tuple[str, EntityType]:
        """What a text is about: named by its title, or the subject that opens it and shares a word with the title."""
        names, tree = self._names.mentions, self._tree
        name = title.partition(" (")[0] if title else ""
        plain = normal_name(name)
        if name:
            for mention in names:
                if normal_name(mention.name) == plain:
                    return mention.name, mention.type
        if names and tree.sentences and names[0].first < tree.sentences[0][1]:
            first = names[0]
            opens = tree.deps[first.head].startswith("nsubj")
            words = set(normal_name(first.name).split())
            if opens and name and not words.isdisjoint(plain.split()):
                return first.name, first.type
        words_of = name.split()
        if 1 < len(words_of) < 4 and words_of[0].lower() in MEN | WOMEN and name.istitle():
            self._gender[name] = "f" if words_of[0].lower() in WOMEN else "m"
            return name, "PERSON"
        return "", "MISC"

    def _evidence(self, mention: Mention) -> str | None:
        """Which gender a first name, a title or a noun beside the name tells."""
        tree = self._tree
        first = mention.name.split()[0].lower()
        before = tree.lower[mention.first - 1].strip(".") if mention.first else ""
        nouns = {before, tree.lower[mention.first].strip(".")}
        nouns.update(tree.lower[c] for c in tree.all(mention.head, "appos", "compound", "nmod:desc"))
        above = tree.heads[mention.head]
        if tree.deps[mention.head] == "appos" or (
            tree.deps[mention.head].startswith("nsubj") and tree.child(above, "cop") is not None
        ):
            nouns.add(tree.lower[above])
        told = {gender for noun in nouns if (gender := gender_of(noun)) is not None}
        if len(told) == 1:
            return told.pop()
        return "f" if first in WOMEN else "m" if first in MEN else None
