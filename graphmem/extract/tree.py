"""One view of a parsed text, in the terms of Universal Dependencies, whatever labels the pipeline uses.

Pipelines trained on UD name relations `obj`, `obl` + `case`, `cop`; spaCy's own `en_core_web_*` follow ClearNLP with
`dobj`, `prep` + `pobj`, `attr`. The rules of extraction are written once, against this view.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc

CLEAR = frozenset({"dobj", "pobj", "nsubjpass", "auxpass", "attr", "prep", "poss", "relcl", "acomp", "prt", "npadvmod"})
"""Labels that only ClearNLP trees have."""
_RENAMED = {
    "dobj": "obj",
    "dative": "iobj",
    "nsubjpass": "nsubj:pass",
    "csubjpass": "csubj:pass",
    "auxpass": "aux:pass",
    "poss": "nmod:poss",
    "relcl": "acl:relcl",
    "prt": "compound:prt",
    "npadvmod": "obl:unmarked",
    "acomp": "xcomp",
    "attr": "xcomp",
    "oprd": "xcomp",
    "neg": "advmod",
    "intj": "discourse",
    "preconj": "cc:preconj",
    "quantmod": "advmod",
    "nn": "compound",
    "nounmod": "nmod",
}
_HOMOGRAPHS = {"lives": "live", "works": "work", "studies": "study", "plays": "play", "loves": "love", "likes": "like"}
_BETWEEN = frozenset(
    {"no", "longer", "also", "now", "still", "currently", "never", "always", "often", "only", "really"}
)
_FINAL = frozenset('.!?:;…"”)')
_SUBJECTS = frozenset({"nsubj", "nsubj:pass", "csubj", "csubj:pass", "expl"})
_DASHES = frozenset("-–—")
_HYPHENS = frozenset("-‐‑")
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM"})
_NOT_OF_THE_WHOLE = frozenset("of near outside behind beside along above below across around opposite".split())  # noqa: SIM905
"""Prepositions that do not hold for the county and the country when they hold for the town."""
_DIRECTIONS = frozenset(
    "north south east west northeast northwest southeast southwest east-southeast outside inside ahead".split()  # noqa: SIM905
)
_MANY = 100
"""Children of a word that are looked at for the sake of another word."""
_NEAR = 8
"""How far up a rule looks for the verb."""
_CONTRASTING = frozenset({",", "-", "–", "—", "and", "("})
_NOT_ALONE = frozenset("only just merely simply even all every everyone everybody necessarily".split())  # noqa: SIM905
"""After "not" they deny nothing: "not only Rome but also Oslo"."""
_NAMING = frozenset("named appointed elected made reelected re-elected crowned".split())  # noqa: SIM905
_ASIDE = frozenset("back away over out down up off home forward".split())  # noqa: SIM905
_OFFICES = frozenset(
    """
    captain head chair chairman chairwoman president director manager mayor coach principal editor leader boss
    """.split()  # noqa: SIM905
)
"""They may open a sentence with a capital and are no names."""
GIVING = frozenset("give bring send hand show offer lend award teach tell earn win buy grant".split())  # noqa: SIM905
"""Verbs whose first of two objects is who gets the second."""
_HANDING = frozenset("pass hand give sell transfer cede donate bequeath entrust".split())  # noqa: SIM905
"""Verbs with something that goes "to" somebody."""
_INVARIABLE = frozenset("quit split shut put set cut let hit".split())  # noqa: SIM905
"""Verbs whose past looks like their present: with a subject and no auxiliary it is the past."""
_DONE_TO = frozenset("married divorced engaged separated promoted hired fired laid sacked elected appointed".split())  # noqa: SIM905
"""Participles that make a passive with "get"."""


class Tree:
    """The words of one text with tags, lemmas, heads and UD labels; a root is its own head."""

    def __init__(self, parts: Iterable[tuple[Doc, Sequence[int]]]) -> None:
        """Put parsed pieces of a text together; each comes with the places of its characters in the text."""
        self.words: list[str] = []
        self.tags: list[str] = []
        self.pos: list[str] = []
        self.lemmas: list[str] = []
        self.deps: list[str] = []
        self.heads: list[int] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.sentences: list[tuple[int, int]] = []
        """First and last + 1 word of each sentence."""
        self.openings: set[int] = set()
        """The first word of each sentence and of each piece."""
        for doc, places in parts:
            self._add(doc, places)
        self.lower = [word.lower() for word in self.words]
        if not CLEAR.isdisjoint(self.deps):
            self._from_clear()
        self._join_fragments()
        self._mend_rows_of_verbs()
        self._mend_verbs()
        self.children: list[list[int]] = [[] for _ in self.words]
        for i, head in enumerate(self.heads):
            if head != i:
                self.children[head].append(i)
        self.depth = self._bracketed()
        self._mend_apposed()
        self._mend_two_objects()
        self._mend_auxiliaries()
        self._mend_subjects()
        self._mend_numbered()
        self._mend_no_longer()
        self._mend_with_get()
        self._mend_infinitives()
        self._mend_passives()
        self._mend_coordination()
        self._mend_behind_conjuncts()
        self._mend_below_names()
        self._mend_contrasts()

    def hang(self, i: int, head: int, dep: str) -> None:
        """Hang a word with all below it onto another head."""
        self.children[self.heads[i]].remove(i)
        insort(self.children[head], i)
        self.heads[i], self.deps[i] = head, dep

    def release(self, words: range) -> None:
        """Hang what a parser hung below a time onto the verb above it ("moved last month with Ann")."""
        for i in words:
            for c in [c for c in self.children[i] if c >= words.stop and self.deps[c] in ("nmod", "conj")]:
                verb = i
                while verb in words and self.heads[verb] != verb:
                    verb = self.heads[verb]
                if verb in words or self.pos[verb] not in ("VERB", "AUX"):
                    continue
                if self.deps[c] == "nmod":
                    self.hang(c, verb, "obl")
                elif self.pos[c] == "PROPN" and (told := self.child(verb, "obj")) is not None and not self.case(c):
                    self.hang(c, told, "conj")

    def _bracketed(self) -> list[int]:
        """How many brackets are open at each word, within its sentence."""
        depth = [0] * len(self.words)
        for first, last in self.sentences:
            level = 0
            for i in range(first, last):
                level += self.words[i] in ("(", "[")
                depth[i] = level
                level -= level > 0 and self.words[i] in (")", "]")
        return depth

    def _mend_coordination(self) -> None:
        """Hang what stands in a row with a verb or a noun where it belongs, as far as its form tells.

        "Directed by Ann, written by Bob": written goes with directed, not with Ann. "Received support and are winners":
        winners, with their own verb, go with received. "A museum in Rome, with two gardens": they are no second museum.
        "Bought it for $3 in 2017": the year goes with bought.
        """
        for i in range(len(self.words)):
            dep, head = self.deps[i], self.heads[i]
            if dep == "acl" and self.tags[i] == "VBN" and self.words[i - 1] == "," and self.deps[head] == "obl:agent":
                if self.child(i, "obl:agent") is not None and self.tags[self.heads[head]] == "VBN":
                    self.hang(i, self.heads[head], "conj")
            elif dep == "nmod" and self.tags[head] == "$" and self.pos[self.heads[head]] == "VERB":
                if self.case(i) not in ("of", "per", "to"):
                    self.hang(i, self.heads[head], "obl")
            elif dep == "conj" and self.pos[i] in _NOMINAL and self.pos[head] == "VERB" and self.case(i):
                before = [c for c in self.all(head, "obl") if c < i and self.case(c) == self.case(i)]
                if before and self.child(i, "cop", "nsubj") is None:  # "in Rome in May and in Oslo in June"
                    self.hang(i, before[-1], "conj")
            elif (
                dep == "conj" and self.tags[i] in ("JJ", "NNP") and self.words[i].istitle() and self.pos[head] == "VERB"
            ):
                told = self.child(head, "obj")
                if (
                    told is not None
                    and told < i
                    and self.child(i, "cop", "nsubj") is None
                    and self.words[told].istitle()
                ):
                    self.hang(i, told, "conj")  # "does not speak Portuguese but Spanish"
            elif dep == "conj" and self.pos[head] in _NOMINAL and self.child(head, "cop") is None:
                predicate = self.child(i, "cop", "nsubj", "nsubj:pass", "aux", "aux:pass") is not None
                above = head
                for _ in range(_NEAR if predicate else 0):
                    if self.heads[above] == above or self.pos[above] in ("VERB", "AUX"):
                        break
                    above = self.heads[above]
                if predicate and self.pos[above] == "VERB" and self.deps[above] not in ("amod", "compound"):
                    self.hang(i, above, "conj")
            if dep in ("advcl", "conj", "ccomp", "parataxis") and (subject := self._cut_off(i)) is not None:
                self.hang(subject, i, "nsubj")
            nouns = self.deps[i] == "conj" and self.pos[i] in _NOMINAL and self.pos[head] in _NOMINAL
            if nouns and self.case(i) and not self.case(head) and self.child(i, "cc") is None:
                self.deps[i] = "nmod"

    def _mend_contrasts(self) -> None:
        """Hang what is denied in a row on what is true instead: "in Kiel, not in Kassel", "not in Rome but in Oslo"."""
        for i in range(1, len(self.words)):
            denied = self.heads[i]
            if self.lower[i] != "not" or not self.denied(denied) or i > denied:
                continue
            verb = denied
            while (
                self.heads[verb] != verb and self.pos[verb] not in ("VERB", "AUX") and self.child(verb, "cop") is None
            ):
                verb = self.heads[verb]
            if self.words[i - 1] in _CONTRASTING:
                true = self._in_place_of(denied, verb, i)
                if true is not None:
                    if self.heads[true] == denied:
                        self.hang(true, self.heads[denied], self.deps[denied])
                    self.hang(denied, true, "conj")
            else:
                for c in self.all(verb, "conj"):
                    but = any(self.lower[d] == "but" for d in self.all(c, "cc"))
                    if but and c > denied and self.pos[c] in _NOMINAL and self.child(c, "cop") is None:
                        self.hang(c, denied, "conj")

    def _in_place_of(self, denied: int, verb: int, before: int) -> int | None:
        """The noun before a "not" that is like the one behind it: with the same preposition, or an object as well."""
        case = self.case(denied)
        found = [verb] if verb < before and self.case(verb) == case and self.child(verb, "cop") is not None else []
        todo = [c for c in [*self.children[verb], *self.children[denied]] if c < before and c != denied]
        for c in todo:
            if self.pos[c] not in (*_NOMINAL, "ADJ") or self.deps[c] in _SUBJECTS:
                continue
            if self.case(c) == case and self.deps[c] in (
                "obj",
                "obl",
                "nmod",
                "nmod:poss",
                "xcomp",
                "obl:agent",
                "conj",
            ):
                found.append(c)
            todo += [d for d in self.all(c, "nmod", "conj") if d < before]
        if verb < before and case and (nouns := [n for n in self.all(verb, "nmod") if n < before]):
            found += [n for n in nouns if self.case(n) == case]
        return max(found, default=None)

    def denied(self, i: int) -> bool:
        """Is a noun itself denied, and no sentence: "in Kiel, not in Kassel"?"""
        if self.pos[i] not in (*_NOMINAL, "ADJ") or self.child(i, "cop", "aux", *_SUBJECTS) is not None:
            return False
        return any(
            self.lower[c] == "not" and self.deps[c] == "advmod" and self.lower[c + 1] not in _NOT_ALONE
            for c in self.children[i]
            if c + 1 < len(self.words)
        )

    def instead(self, i: int) -> bool:
        """Does a noun stand for one that is denied: "Kiel" in "Kiel, not Kassel" and in "not Kassel but Kiel"?"""
        if any(self.denied(c) for c in self.all(i, "conj")):
            return True
        return self.contrasted(i) and self.denied(self.heads[i])

    def contrasted(self, i: int) -> bool:
        """Is a noun joined by "but": "does not speak Spanish but Portuguese"?"""
        return self.deps[i] == "conj" and any(self.lower[c] == "but" for c in self.all(i, "cc"))

    def _mend_infinitives(self) -> None:
        """Make a name of a verb with a capital: "is married to Signe"."""
        for i, word in enumerate(self.words):
            mark = self.child(i, "mark")
            if self.tags[i] != "VB" or not word.istitle() or mark is None or self.lower[mark] != "to" or mark != i - 1:
                continue
            if self.heads[i] != i and self.lower[self.heads[i]] in _DONE_TO | {"moved", "belongs", "belong"}:
                self.tags[i], self.pos[i], self.deps[i], self.deps[mark] = "NNP", "PROPN", "obl", "case"
                self.tags[mark], self.pos[mark] = "IN", "ADP"

    def _mend_passives(self) -> None:
        """Make a verb of a participle with a "was" of its own, read as an adjective: "was elected mayor"."""
        for i, noun in enumerate(self.heads):
            if self.deps[i] == "amod" and self.tags[i] == "VBN" and self.child(i, "aux:pass") is not None:
                above, dep = self.heads[noun], self.deps[noun]
                if above == noun:
                    self.children[noun].remove(i)
                    self.heads[i], self.deps[i] = i, dep
                    self.heads[noun], self.deps[noun] = i, "obj"
                    insort(self.children[i], noun)
                else:
                    self.hang(i, above, dep)
                    self.hang(noun, i, "obj")

    def _mend_apposed(self) -> None:
        """Make clauses of appositions with a verb, and an object of the name between "appointed" and an office.

        "Captain of Norrby, Emil Strand, lives": one person, not two; "her term as head of Acme ended": of no "ended".
        """
        for i in range(len(self.words)):
            few = len(self.children[self.heads[i]]) <= _MANY
            if few and self.deps[i] == "conj" and self.pos[i] == "PROPN" and self.words[i - 1] == ",":
                h, behind = self.heads[i], self.subtree(i)[1]
                alone = self.all(h, "conj") == [i] and self.child(h, "cc") is None and self.child(i, "cc") is None
                if alone and self.words[behind - 1 : behind + 1].count(",") and self.child(h, "nmod") is not None:
                    self.deps[i] = "appos"
                    if h in self.openings and self.lower[h] in _OFFICES:
                        self.tags[h], self.pos[h] = "NN", "NOUN"
            elif self.deps[i] in ("nmod", "acl") and self.tags[i] == "VBD":
                mark, s = self.child(i, "mark"), self.child(i, "nsubj")
                above = self.heads[i]
                top = above
                while self.heads[top] != top and self.deps[top] == "nmod":
                    top = self.heads[top]
                if mark is not None and s is not None and self.lower[mark] == "of" and self.heads[top] == top:
                    self.hang(mark, s, "case")
                    self.hang(s, above, "nmod")
                    self._raise_over(i, top, "nsubj") if above == top else self._raise_from_below(i, top)
            subject = self.child(i, "nsubj")
            if self.deps[i] == "appos" and subject is not None and self.child(i, "cop") is not None:
                self.deps[i] = "acl:relcl" if self.lower[subject] in ("who", "which") else "parataxis"
            verb = self.heads[i]
            dateline = verb in self.openings and verb == self.heads[verb] and self.words[verb].isupper()
            dateline = dateline and self.deps[i] == "acl:relcl" and self.words[verb + 1] in _DASHES
            if dateline and subject is not None:
                self._raise_over(i, verb, "dislocated")  # "BERLIN - Acme has named ..."
                continue
            if self.deps[i] == "xcomp" and self.pos[i] == "PROPN" and self.lower[verb] in _NAMING:
                self.deps[i] = "obj" if self.child(verb, "obj", "nsubj:pass") is None else self.deps[i]
            if self.deps[i] in ("xcomp", "obj") and self.tags[i] == "NN" and self.lower[verb] in _NAMING and verb != i:
                names = [c for c in self.all(i, "compound") if c > verb and self.pos[c] == "PROPN"]
                if names and names[0] == verb + 1 and self.child(verb, "obj") in (None, i):
                    self.hang(names[0], verb, "obj")
                    for c in names[1:]:
                        self.hang(c, names[0], "flat")
                    self.deps[i] = "xcomp"

    def _mend_two_objects(self) -> None:
        """Make one object of "bought the ferry Petrel", and two of "showed Tom Reed the stairs"."""
        for i, above in enumerate(self.heads):
            verb = self.heads[above]
            if self.deps[i] not in ("obj", "appos") or len(self.children[above]) + len(self.children[verb]) > _MANY:
                continue
            if self.deps[i] == "obj" and self.pos[i] == "PROPN":
                noun = min([i, *self.all(i, "compound")]) - 1
                if noun in self.all(above, "obj", "iobj") and self.pos[noun] == "NOUN" and self.words[noun].isalpha():
                    self.hang(i, noun, "appos")
                    self.deps[noun] = "obj"
            elif self.pos[i] == "NOUN" and self.pos[above] == "PROPN" and self.lemmas[verb] in GIVING:
                behind = max([above, *self.all(above, "flat")]) + 1
                if self.all(verb, "obj", "iobj") == [above] and self.child(i, "det") == behind:
                    self.hang(i, verb, "obj")
                    self.deps[above] = "iobj"

    def _raise_from_below(self, i: int, top: int) -> None:
        """Make a verb that was hung deep below a root the root, with that as its subject."""
        self.children[self.heads[i]].remove(i)
        self.heads[i], self.deps[i] = i, "root"
        self.heads[top], self.deps[top] = i, "nsubj"
        insort(self.children[i], top)

    def _mend_auxiliaries(self) -> None:
        """Hang on the verb what was hung on its auxiliary, or on its adverb: "moved back to London"."""
        for i, head in enumerate(self.heads):
            verb = self.heads[head]
            if verb == head:
                if self.tags[i] in ("VB", "VBP") and any(c < i for c in self.all(i, "nsubj")):
                    self.pos[i] = "VERB" if self.pos[i] == "NOUN" else self.pos[i]
                    unchanged = self.lower[i] in _INVARIABLE and self.child(i, "aux", "mark") is None
                    self.tags[i] = "VBD" if unchanged else self.tags[i]
                elif self.tags[i] == "VBN" and any(c < i for c in self.all(i, "nsubj")):
                    bare = self.child(i, "aux", "aux:pass", "cop", "obl:agent") is None
                    bare = bare and (self.child(i, "obj") is not None or self.lower[i] in _DONE_TO)
                    self.tags[i] = "VBD" if bare else self.tags[i]
                continue
            auxiliary = self.deps[head] in ("aux", "aux:pass", "cop", "advmod") and self.deps[i] in _SUBJECTS
            auxiliary = auxiliary or (self.deps[head] == "advmod" and self.deps[i] == "cop" and i < head < verb)
            adverb = self.deps[head] == "advmod" and self.lower[head] in _ASIDE and self.deps[i] in ("obl", "nmod")
            if auxiliary or (adverb and i > head and self.pos[verb] == "VERB"):
                self.hang(i, verb, self.deps[i] if auxiliary else "obl")

    def _mend_subjects(self) -> None:
        """Give a verb the name right before it, read as a part of it ("Rita works") or as "Ben, whom Krause lives"."""
        for i in range(1, len(self.words)):
            if self.tags[i] not in ("VBD", "VBZ", "VBP") or self.pos[i - 1] != "PROPN":
                continue
            own = self.all(i, *_SUBJECTS)
            above = self.heads[i]
            if (
                not own
                and (name := next((c for c in self.all(i, "compound") if self.pos[c] == "PROPN"), None)) is not None
            ):
                if all(self.pos[j] == "PROPN" for j in range(name, i)):
                    self.deps[name] = "nsubj"
            elif self.deps[i] == "acl:relcl" and own == [i - 1] and above == i - 2 and self.pos[above] == "PROPN":
                root = self.heads[above] == above
                for c in [c for c in self.children[above] if c > i]:
                    self.hang(c, i, "punct" if self.deps[c] == "punct" else "obl" if self.case(c) else self.deps[c])
                if root:
                    self.children[above].remove(i)
                    self.heads[i], self.deps[i] = i, "root"
                    insort(self.children[i - 1], above)
                    self.heads[above], self.deps[above] = i - 1, "compound"

    def _mend_numbered(self) -> None:
        """Make one subject of a thing and its number: "Dock 3 is closed", "Ticket 4711 is open"."""
        for i in range(1, len(self.words)):
            noun, head = i - 1, self.heads[i]
            if self.deps[i] not in _SUBJECTS or self.pos[noun] not in ("NOUN", "PROPN"):
                continue
            if self.heads[noun] == noun and self.heads[head] == noun and noun in self.openings:
                self._raise_over(head, noun, "compound")  # "Server" | "Heron, which is offline"
                self.hang(noun, i, "compound")
            if self.tags[i] != "CD":
                continue
            if self.heads[noun] in (head, i) and self.heads[noun] != noun and self.child(i, "case", "det") is None:
                self.hang(noun, head, self.deps[i])
                self.hang(i, noun, "flat")

    def _mend_no_longer(self) -> None:
        """Make what follows "is no longer" the predicate, where "longer" was read as one."""
        for i in range(2, len(self.words)):
            if self.lower[i - 1 : i + 1] == ["no", "longer"] and self.child(i, "cop") is not None:
                predicate = next((c for c in self.all(i, "obl", "obj") if c > i), None)
                if predicate is not None:
                    self._raise_over(predicate, i, "advmod")

    def _mend_with_get(self) -> None:
        """Make a passive of "got married", "got fired", where "got" or "married" was read otherwise."""
        for i, word in enumerate(self.lower):
            if word not in _DONE_TO:
                continue
            if (
                self.deps[i] == "xcomp"
                and self.lemmas[self.heads[i]] == "get"
                and self.child(self.heads[i], "obj") is None
            ):
                self._raise_over(i, self.heads[i], "aux:pass")
            got = next((c for c in self.all(i, "aux", "aux:pass") if self.lemmas[c] == "get"), None)
            if got is not None:
                self.deps[got], self.tags[i], self.pos[i] = "aux:pass", "VBN", "VERB"
                for c in self.all(i, "nsubj"):
                    self.deps[c] = "nsubj:pass"

    def _raise_over(self, i: int, above: int, label: str) -> None:
        """Let a word change places with the one above it, which then hangs below with this label."""
        head, dep = self.heads[above], self.deps[above]
        self.children[above].remove(i)
        if head == above:
            self.heads[i], self.deps[i] = i, dep
        else:
            self.children[head].remove(above)
            self.heads[i], self.deps[i] = head, dep
            insort(self.children[head], i)
        self.heads[above], self.deps[above] = i, label
        insort(self.children[i], above)
        for c in list(self.children[above]):
            if self.lower[c] != "no":
                self.hang(c, i, self.deps[c])

    def _mend_rows_of_verbs(self) -> None:
        """Make verbs of "works" and the like where several clauses have them: "Tom works for X and Ann works for Y"."""
        for first, last in self.sentences:
            found = [i for i in range(first + 1, last - 1) if self._works_for(i, first)]
            root = next((i for i in range(first, last) if self.heads[i] == i), first)
            alone = len(found) == 1 and self.tags[first] == "JJ" and self.words[last - 1] == "."
            if (
                not (alone or len(found) > 1)
                or root not in found
                or any(self.pos[j] == "AUX" for j in range(first, last))
            ):
                continue
            for i in found:
                if self.tags[i - 1] == "JJ":
                    self.tags[i - 1], self.pos[i - 1] = "NNP", "PROPN"
                self.tags[i], self.pos[i], self.lemmas[i] = "VBZ", "VERB", _HOMOGRAPHS[self.lower[i]]
                self.heads[i], self.deps[i] = found[0], "root" if i == found[0] else "conj"
                for c in range(first, last):
                    if self.heads[c] == i and c < i and self.deps[c] in ("compound", "amod", "nmod:poss"):
                        self.deps[c] = "nsubj"
                    elif self.heads[c] == i and c > i and self.deps[c] == "nmod":
                        self.deps[c] = "obl"

    def _works_for(self, i: int, first: int) -> bool:
        """Does "works" or the like stand between a name and a preposition?"""
        opens = i == first + 1 and self.words[first].istitle()
        return (
            self.lower[i] in _HOMOGRAPHS
            and self.tags[i] in ("NNS", "VBZ")
            and (self.pos[i - 1] == "PROPN" or opens)
            and self.pos[i + 1] == "ADP"
        )

    def _after_verb(self, i: int, last: int) -> bool:
        """Does "works" or the like go on behind a verb and "and", with a preposition: "lives in X and works for Y"?"""
        before = i - 1
        while before > 0 and self.lower[before] in _BETWEEN:
            before -= 1
        if self.deps[i] != "conj" or self.tags[before] != "CC" or i + 1 == last or self.pos[i + 1] != "ADP":
            return False
        above = self.heads[i]
        copular = {self.heads[c] for c in range(before) if self.deps[c] == "cop"}
        for _ in range(_NEAR):
            if self.tags[above] in ("VBZ", "VBP", "VBD") or above in copular:
                self.heads[i] = above
                return True
            above = self.heads[above]
        return False

    def _mend_behind_conjuncts(self) -> None:
        """Hang on the last of two verbs what stands behind it: "is chair of X and works for Y"."""
        for i, head in enumerate(self.heads):
            if self.deps[i] != "conj" or self.pos[i] != "VERB" or self.tags[i] not in ("VBD", "VBZ", "VBP", "VBN"):
                continue
            if (
                not head < i
                or len(self.children[head]) > _MANY
                or self.child(i, "obj", "obl", "obl:agent", "xcomp", "ccomp") is not None
            ):
                continue
            for c in [c for c in self.children[head] if c > i and self.deps[c] in ("obl", "nmod", "obj")]:
                if not any(i < d < c and self.pos[d] in ("VERB", "AUX") for d in self.children[head]):
                    self.hang(c, i, "obl" if self.deps[c] == "nmod" else self.deps[c])

    def _mend_below_names(self) -> None:
        """Hang on the verb what no name has below it: "from A to B", "replaced by Ann as captain", "gave X to Ann"."""
        for i, noun in enumerate(self.heads):
            if (
                self.deps[i] != "nmod"
                or len(self.children[i]) > _MANY
                or not noun < i
                or self.pos[noun] not in ("PROPN", "NOUN")
            ):
                continue
            case, verb = self.case(i), noun
            for _ in range(_NEAR):
                if self.heads[verb] == verb or self.pos[verb] == "VERB":
                    break
                verb = self.heads[verb]
            if self.pos[verb] != "VERB" or verb > noun:
                continue
            away = case == "to" and self.case(noun) == "from" and self.heads[noun] == verb
            office = case == "as" and self.pos[noun] == "PROPN" and self.heads[noun] == verb
            given = case == "to" and self.lemmas[verb] in _HANDING and self.pos[i] == "PROPN"
            if away or office or given:
                self.hang(i, verb, "obl")

    def _mend_verbs(self) -> None:
        """Make verbs of "lives" and the like where the tagger saw a plural noun: "Tom lives in Oslo"."""
        for first, last in self.sentences:
            for i in range(first + 1, last):
                lemma = _HOMOGRAPHS.get(self.lower[i]) if self.tags[i] == "NNS" else None
                if lemma is not None and self._after_verb(i, last):
                    self.tags[i], self.pos[i], self.lemmas[i] = "VBZ", "VERB", lemma
                    for c in range(i + 1, last):
                        if self.heads[c] == i and self.deps[c] == "nmod":
                            self.deps[c] = "obl"
                    continue
                if lemma is not None and self.heads[i] != i:
                    alone = all(self.pos[j] not in ("VERB", "AUX") for j in range(first, last))
                    root = next((j for j in range(first, last) if self.heads[j] == j), i)
                    if not alone or i + 1 == last or self.pos[i + 1] != "ADP" or self.pos[i - 1] != "PROPN" or root > i:
                        continue
                    self.heads[root], self.deps[root], self.heads[i], self.deps[i] = i, "nsubj", i, "root"
                    for c in range(i + 1, last):
                        if self.heads[c] == root:
                            self.heads[c] = i
                subject = i - 1
                while subject > first and self.lower[subject] in _BETWEEN:
                    subject -= 1
                if lemma is None or self.pos[subject] not in ("PROPN", "PRON") or i + 1 == last:
                    continue
                self.tags[i], self.pos[i], self.lemmas[i] = "VBZ", "VERB", lemma
                for c in range(first, last):
                    if self.heads[c] == i and self.deps[c] == "nmod":
                        self.deps[c] = "obl"
                    elif self.heads[c] == i and c < i and self.deps[c] in ("compound", "nmod:poss"):
                        self.deps[c] = "nsubj"

    def _join_fragments(self) -> None:
        """Join "From 2010 to 2014", "Based in Rome," to the sentence that they open, where the parser saw two."""
        joined: list[tuple[int, int]] = []
        pieces = set(self.openings)
        for first, last in self.sentences:
            if joined and joined[-1][1] == first and first not in pieces:
                before = range(*joined[-1])
                roots = [i for i in before if self.heads[i] == i]
                root = next((i for i in range(first, last) if self.heads[i] == i), None)
                alone = len(roots) == 1 and root is not None
                if alone and self._hang_name(roots[0], before, root or 0, last):
                    joined[-1] = (joined[-1][0], last)
                    continue
                if len(roots) == 1 and root is not None and self.words[first - 1] == ",":
                    self._hang_on_the_rest(roots[0], before, root, range(first, last))
                    joined[-1] = (joined[-1][0], last)
                    continue
                if len(roots) == 1 and root is not None and self.pos[root] == "VERB":
                    case = any(self.heads[i] == roots[0] and self.deps[i] == "case" for i in before)
                    if case and self.pos[roots[0]] in ("NOUN", "PROPN", "NUM") and self.words[first - 1] not in _FINAL:
                        self.heads[roots[0]], self.deps[roots[0]] = root, "obl"
                        joined[-1] = (joined[-1][0], last)
                        continue
            joined.append((first, last))
        self.sentences = joined
        self.openings.update(first for first, _ in joined)

    def _hang_name(self, root: int, before: range, other: int, last: int) -> bool:
        """Hang one piece of a sentence on the other, where it was cut beside a name."""
        return self._named_before(root, before, other, last) or self._cut_behind(root, before, other, last)

    def _named_before(self, name: int, before: range, root: int, last: int) -> bool:
        """Hang a name on the sentence that it begins: "Ann Berg and Ben" | "got divorced", "Jane" | "Doe left"."""
        first = before.stop
        if len(before) == 1 and self.lower[name] == "had" and self.tags[first] in ("NNP", "PRP"):  # "Had" | "she known"
            self.heads[name], self.deps[name] = root, "aux"
            return True
        numbered = len(before) == 1 and self.tags[name] == "NN" and self.words[name].istitle()
        if numbered and self.heads[first] == root and self.deps[first] in _SUBJECTS and first < root:
            self.heads[name], self.deps[name] = first, "compound"
            if self.tags[first] == "CD":
                self.heads[name], self.deps[name] = root, self.deps[first]
                self.heads[first], self.deps[first] = name, "flat"
            return True
        if any(self.pos[i] not in ("PROPN", "CCONJ") for i in before) or self.tags[first - 1] == "CC":
            return False
        subjects = [i for i in range(first, last) if self.heads[i] == root and self.deps[i] in _SUBJECTS and i < root]
        if not subjects and (first == root or self.heads[first] == root) and self.tags[first] in ("VBD", "VBZ", "VBP"):
            self.heads[name], self.deps[name] = root, "nsubj"
            return True
        if subjects == [first] and self.pos[first] == "PROPN":
            self.heads[name], self.deps[name] = first, "compound"
            return True
        return False

    def _cut_behind(self, verb: int, before: range, name: int, last: int) -> bool:
        """Hang a name on the verb or noun right before it: "Acme appointed" | "Ann Berg as CEO."."""
        first = before.stop
        verbless = not any(self.pos[i] in ("VERB", "AUX") for i in range(first, last))
        if (
            self.pos[verb] == "VERB"
            and verb == first - 1
            and self.pos[first] == "ADP"
            and verbless
            and self.pos[name] in _NOMINAL
        ):
            self.heads[name], self.deps[name] = verb, "obl"  # "Ann works" | "for Acme Drones."
            return True
        plural = self.pos[first - 1] == "PROPN" and self.words[first].istitle() and last - first < 3
        if plural and self.heads[first] == first and self.words[first - 1][-1:] not in _FINAL | {","}:
            across = self.heads[first - 1] == first  # "works for Kansai" | "Drones."
            self.heads[first], self.deps[first] = (verb, "obl") if across else (first - 1, "flat")
            return True
        if self.pos[verb] != "VERB" or self.pos[first] != "PROPN" or self.words[first - 1][-1:] in _FINAL | {",", "-"}:
            return False
        if any(self.pos[i] in ("VERB", "AUX") for i in range(first, last)):
            return False
        ends = first - 1
        if ends != verb and self.deps[ends] not in ("obj", "obl"):
            return False
        compound = next((i for i in range(first, name) if self.heads[i] == name and self.pos[i] == "PROPN"), None)
        if ends == verb and self.tags[name] == "NN" and compound is not None:  # "Tom Reed director of the museum"
            self.heads[compound], self.deps[compound], self.heads[name], self.deps[name] = verb, "obj", verb, "xcomp"
        else:
            self.heads[name], self.deps[name] = (verb, "obj") if ends == verb else (ends, "appos")
        for i in range(name + 1, last):
            if (
                self.heads[i] == name
                and self.deps[i] == "nmod"
                and any(self.heads[j] == i and self.lower[j] in ("as", "in", "on", "at") for j in range(name, i))
            ):
                self.heads[i], self.deps[i] = verb, "obl"
        if self.tags[verb] == "VBN" and not any(
            self.heads[i] == verb and self.deps[i].startswith("aux") for i in before
        ):
            self.tags[verb] = "VBD"
        return True

    def _hang_on_the_rest(self, opening: int, before: range, root: int, rest: range) -> None:
        """Hang what stands before a comma on the sentence behind it, as its subject if it has none."""
        own = {self.deps[i] for i in before if self.heads[i] == opening}
        others = {self.deps[i] for i in rest if self.heads[i] == root}
        self.heads[opening] = root
        if self.pos[opening] in ("VERB", "AUX") or "cop" in own:
            below = "mark" in own or any(self.tags[i] == "WRB" for i in before if self.heads[i] == opening)
            self.deps[opening] = "advcl" if below or own.isdisjoint(_SUBJECTS) else "parataxis"
        elif "case" in own:
            self.deps[opening] = "obl"
        else:
            self.deps[opening] = "nsubj" if others.isdisjoint(_SUBJECTS) else "dislocated"

    def _add(self, doc: Doc, places: Sequence[int]) -> None:
        base = len(self.words)
        self.openings.add(base)
        if doc.has_annotation("SENT_START"):
            self.sentences += [(base + sentence.start, base + sentence.end) for sentence in doc.sents]
        elif len(doc):
            self.sentences.append((base, base + len(doc)))
        for token in doc:
            word, pos = token.text, token.pos_
            lemma = token.lemma_ or word
            self.words.append(word)
            self.tags.append(token.tag_)
            self.pos.append(pos)
            self.lemmas.append(lemma if pos == "PROPN" else lemma.lower())
            self.deps.append("root" if token.head.i == token.i else token.dep_)
            self.heads.append(base + token.head.i)
            self.starts.append(places[token.idx])
            self.ends.append(places[token.idx + len(word) - 1] + 1)

    def _cut_off(self, i: int) -> int | None:
        """The noun right before a finite verb without a subject, put into a row before: "and its seat is in Bath"."""
        if self.child(i, "nsubj", "nsubj:pass", "csubj", "expl") is not None:
            return None
        finite = [c for c in self.all(i, "cop", "aux", "aux:pass") if self.tags[c] in ("VBD", "VBZ", "VBP")]
        first = min(finite, default=i if self.tags[i] in ("VBD", "VBZ", "VBP") else 0)
        noun = first - 1
        while noun > 0 and self.deps[noun] == "flat" and self.heads[noun] == noun - 1:
            noun -= 1
        if noun < 0 or self.deps[noun] != "conj" or self.pos[noun] not in ("NOUN", "PROPN") or self.heads[noun] == i:
            return None
        return noun if self.child(noun, "cc") is not None and not any(self._below(i, noun)) else None

    def _below(self, i: int, noun: int) -> Iterator[bool]:
        """Does a word stand below a noun?"""
        for _ in range(_NEAR):
            yield i == noun
            if self.heads[i] == i:
                return
            i = self.heads[i]

    def __len__(self) -> int:
        return len(self.words)

    def child(self, i: int, *labels: str) -> int | None:
        """The first child of a word with one of these labels."""
        return next((c for c in self.children[i] if self.deps[c] in labels), None)

    def all(self, i: int, *labels: str) -> list[int]:
        """Every child of a word with one of these labels, in order."""
        return [c for c in self.children[i] if self.deps[c] in labels]

    def conjuncts(self, i: int) -> list[int]:
        """A word and what is coordinated with it, but nothing in brackets behind it."""
        found = [i]
        for j in found:
            found.extend(c for c in self.children[j] if self.deps[c] == "conj" and self.depth[c] <= self.depth[j])
        return found

    def row(self, i: int) -> list[int]:
        """A noun and what is coordinated with it, places only where the preposition holds for each.

        Of "near Bath, Somerset, England" it is Bath alone: what is near Bath is not near England.
        """
        found = self.conjuncts(i)
        joint = any(self.child(c, "cc") is not None or self.denied(c) for c in found)
        if self.case(i) in _NOT_OF_THE_WHOLE and not joint:
            return found[:1]
        return found

    def subtree(self, i: int, *, without: frozenset[str] = frozenset()) -> tuple[int, int]:
        """First and last + 1 word of the contiguous part of a subtree around `i`, leaving out children so labelled."""
        inside = {i}
        todo = [i]
        for j in todo:
            for c in self.children[j]:
                if c not in inside and self.deps[c] not in without:
                    inside.add(c)
                    todo.append(c)
        first = last = i
        while first - 1 in inside:
            first -= 1
        while last + 1 in inside:
            last += 1
        return first, last + 1

    def hyphenated(self, i: int) -> int:
        """Where the hyphenated word begins that a word stands in: "best" for the last of "best-selling"."""
        first = i
        while (
            first > 1
            and self.ends[first - 1] == self.starts[first]
            and (self.words[first] in _HYPHENS or self.words[first - 1] in _HYPHENS)
        ):
            first -= 1
        return first

    def case(self, i: int) -> str:
        """The preposition of a noun, several joined ("out of", "because of"); "" without one."""
        parts: list[str] = []
        introducing = [d for c in self.all(i, "compound", "nmod:desc") for d in self.all(c, "case")]
        for c in [*self.all(i, "case"), *introducing]:
            if self.lower[c] in ("'s", "’s", "'", "’"):
                continue
            if self.lower[c] == "of" and c and self.lower[c - 1] in _DIRECTIONS:
                parts.append(self.lower[c - 1])  # "lies southeast of Rome"
            parts.append(self.lower[c])
            parts.extend(self.lower[f] for f in self.all(c, "fixed"))
        return " ".join(parts)

    def _from_clear(self) -> None:
        """Rename relations, hang prepositions below their nouns, and make what follows a copula the head.

        "To" is an auxiliary of the infinitive there and a mark here.
        """
        size = range(len(self.words))
        for i in size:
            dep, head = self.deps[i], self.heads[i]
            if dep == "pobj" and self.deps[head] in ("prep", "agent", "dative"):
                self._turn(i, head, agent=self.deps[head] == "agent")
            elif dep == "pcomp" and self.deps[head] == "prep":
                above = self.heads[head]
                self.heads[i], self.heads[head] = above, i
                self.deps[i] = "acl" if self.pos[above] in _NOMINAL else "advcl"
                self.deps[head] = "mark"
        there = {self.heads[i] for i in size if self.deps[i] == "expl"}
        below: dict[int, list[int]] = {}
        for i in size:
            below.setdefault(self.heads[i], []).append(i)
        for i in size:
            verb = self.heads[i]
            if self.deps[i] in ("attr", "acomp") and self.lemmas[verb] == "be":
                if verb in there:
                    self.deps[i] = "nsubj"
                else:
                    self._raise_over_copula(i, verb, below[verb])
            elif self.deps[i] == "obl" and self.lemmas[verb] == "be" and verb not in there and i > verb:
                predicates = (c for c in below.get(verb, ()) if c > verb and self.deps[c] in ("attr", "acomp", "obl"))
                if next(predicates, None) == i and self.deps[verb] != "cop":  # "is in Rome"
                    self._raise_over_copula(i, verb, below[verb])
        for i in size:
            if self.deps[i] == "prep":
                self.deps[i] = "case" if self.heads[i] > i else "advmod"
            if self.deps[i] == "aux" and self.tags[i] == "TO":
                self.deps[i] = "mark"
            self.deps[i] = _RENAMED.get(self.deps[i], self.deps[i])
            if self.heads[i] == i:
                self.deps[i] = "root"

    def _turn(self, noun: int, preposition: int, *, agent: bool) -> None:
        above = self.heads[preposition]
        self.heads[noun], self.heads[preposition] = above, noun
        nominal = self.pos[above] in _NOMINAL
        self.deps[noun] = "obl:agent" if agent else "nmod" if nominal else "obl"
        self.deps[preposition] = "case"

    def _raise_over_copula(self, predicate: int, verb: int, siblings: list[int]) -> None:
        root = self.heads[verb] == verb
        above, label = self.heads[verb], self.deps[verb]
        for sibling in siblings:
            if sibling not in (predicate, verb):
                self.heads[sibling] = predicate
        self.heads[predicate] = predicate if root else above
        self.deps[predicate] = label
        self.heads[verb], self.deps[verb] = predicate, "cop"
