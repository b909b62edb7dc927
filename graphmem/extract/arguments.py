"""What stands at the ends of a statement: an entity, a short concept, or a literal."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from graphmem.extract.coreference import RELATIVES, Referent
from graphmem.extract.mentions import Mention, Names
from graphmem.extract.tree import Tree
from graphmem.model import Argument, Span, TimeExpression

LONGEST = 6
"""A concept of more words is cut down to its head."""
_LONGEST_WITH_OF = 10
_EMPTY = frozenset(
    """
    public front west east north south northeast northwest southeast southwest behalf basis account addition terms
    favor favour response charge thing one ones lot lots bit way time times kind sort type something anything
    everything nothing someone anyone everyone somebody anybody everybody nobody none part number fact reason case
    example place people person man woman guy stuff other others rest bunch couple majority few many most some any
    all each both either another same this that these those what which who whom it there here sure day year week
    month today tomorrow yesterday moment while such deal end side order turn first second
    """.split()  # noqa: SIM905
)
_PERSONS = frozenset(
    """
    man woman boy girl guy person people child kid lady gentleman men women boys girls children kids guys
    """.split()  # noqa: SIM905
)
_VAGUE = frozenset("other many several various such few numerous certain similar different".split())  # noqa: SIM905
_POINTING = frozenset("same other such another latter following above own".split())  # noqa: SIM905
"""Modifiers without which a noun says nothing outside its sentence."""
_DEMONSTRATIVE = frozenset("this that these those".split())  # noqa: SIM905
_PARTITIVE = frozenset(
    """
    lot lots bunch couple number variety series group pair kind sort type bit piece one some many most all much
    majority
    """.split()  # noqa: SIM905
)
_LANGUAGE = frozenset({"speak", "learn", "understand", "teach", "study"})
_WHERE = frozenset("on in at with for to near".split())  # noqa: SIM905
"""How a name tells which thing is meant: "the library on Main Street"."""
_DASHES = frozenset("-–")
_QUOTED = re.compile(r"[\"“]([^\"“”\n]{0,300}?)[,.]?[\"”]")
_NICKNAMED = re.compile(
    r"(?:[A-ZÀ-Þ][\w.'’-]* ){1,3}[\"“][A-ZÀ-Þ][\w.'’ -]{0,20}[\"”](?: (?!The\b)[A-ZÀ-Þ][\w'’-]+){1,2}"
)
"""William "Bill" Gates."""
_SMALL = frozenset("a an the and or of in on at to for from with by de la du von der al".split())  # noqa: SIM905
"""Words that titles write small."""
_PERSON_NOUN = re.compile(
    r"(?:er|or|ist|ian|ant|ent|man|woman|eer|ess|eur|ee|poet|chief|judge|coach|chef|king|queen|nurse|friend|dog|cat)$"
)
"""How nouns end that a name may follow in apposition: "with the engineer Otto Kern"."""
_KEPT_CHILDREN = frozenset({"compound", "amod", "nummod", "flat", "nmod:desc", "goeswith"})
_BEFORE_NOUN_PHRASE = frozenset({"cop", "cc", "case", "mark", "nsubj", "aux", "det", "discourse", "cc:preconj"})


class Arguments:
    """Reads the words of one text as arguments."""

    def __init__(
        self,
        tree: Tree,
        text: str,
        names: Names,
        referents: dict[int, Referent],
        times: Sequence[TimeExpression],
        *,
        title: str | None = None,
    ) -> None:
        self.tree = tree
        self.text = text
        self.names = names
        self.referents = referents
        self.works = {word: words for words in _works(tree, text, title) for word in words}
        """Word -> the words of the title that it stands in."""
        self._titled = self._shortened(title)
        self._firsts = [first for first, _ in tree.sentences]
        self.remainders = {
            tree.starts[first]
            for (start, end), (first, _) in pairwise(tree.sentences)
            if end == first and "\n" not in text[tree.ends[end - 1] : tree.starts[first]]
            if tree.words[end - 1].rstrip(".")
            and tree.words[end - 1].endswith(".")
            and not any(tree.pos[i] in ("VERB", "AUX") for i in range(start, end))
        }
        """Where a sentence begins that is the rest of one cut in two, as after "Ltd."."""
        self.time_at = {word: time for time in times for word in span_words(tree, (time.start, time.end))}

    def entity(self, i: int) -> Argument | None:
        """The entity that a word names or stands for."""
        mention, work = self.names.at(i), self.works.get(i)
        if work is not None and (mention is None or mention.last - mention.first < len(work) or len(work) == 1):
            name = self._argument(work.start, work.stop, None).text
            return self._argument(work.start, work.stop, _without_article(name))
        if mention is not None:
            return self._mentioned(mention)
        referent = self.referents.get(i)
        if referent is not None and self.tree.deps[i] != "nmod:poss":
            first, last = self.noun_phrase(i)
            return self._argument(first, last, self._titled.get(referent.name, referent.name))
        if (introduced := self.introduced(i)) is not None:
            return self._argument(introduced.first, introduced.last, introduced.name)
        for c in self.tree.all(i, "acl") if self.tree.tags[i] == "NN" else ():  # "a boat called Blue Heron"
            named = self.tree.child(c, "xcomp", "obj") if self.tree.lower[c] in ("called", "named") else None
            if named is not None and (mention := self.names.at(named)) is not None and c == i + 1:
                return self._argument(mention.first, mention.last, mention.name)
        if self.tree.pos[i] == "NOUN":  # "his wife, Ann, ..."
            for c in self.tree.all(i, "appos"):
                mention = self.names.at(c)
                if mention is not None and self.tree.tags[i] == "NN" and self.renames(c) and self.beside(i, mention):
                    return self._argument(mention.first, mention.last, mention.name)
        return None

    def _mentioned(self, mention: Mention) -> Argument:
        """A name, without a small word that the recogniser took along ("Codemasters for")."""
        last = mention.last
        while last - mention.first > 1 and self.tree.pos[last - 1] in ("ADP", "DET", "CCONJ"):
            last -= 1
        if last == mention.last:
            return self._argument(mention.first, last, mention.name)
        return self._argument(mention.first, last, " ".join(self.tree.words[mention.first : last]))

    def _shortened(self, title: str | None) -> dict[str, str]:
        """The name that is only the end of the document's title -> the title, for what refers to it ("the film")."""
        found = {}
        for words in self.works.values():
            name = _without_article(self._argument(words.start, words.stop, None).text)
            mention = self.names.at(words.stop - 1)
            if title is None or name != _without_article(title) or mention is None or mention.first <= words.start:
                continue
            if 2 * (mention.last - mention.first) >= len(words):
                found[mention.name] = name
        return found

    def renames(self, c: int) -> bool:
        """Is it an apposition in earnest: no remark in brackets, no last member of a list?"""
        return (
            self.tree.depth[c] <= self.tree.depth[self.tree.heads[c]]
            and self.tree.child(c, "cc", "cop", "case") is None
        )

    def beside(self, i: int, mention: Mention) -> bool:
        """Does a name stand right behind a noun, but for a comma or a quotation mark?

        Of a person also between commas behind what the noun is of: "the head of Logistics, Ann Berg, ...".
        """
        tree = self.tree
        if not i < mention.first:
            return False
        if all(tree.pos[j] == "PUNCT" for j in range(i + 1, mention.first)):
            return True
        commas = tree.words[mention.first - 1] == "," and tree.words[mention.last : mention.last + 1] == [","]
        below = {c for c in tree.all(i, "nmod") if tree.case(c) in ("of", "at", "for", "in") and c < mention.first}
        covered = max((tree.subtree(c)[1] for c in below), default=0)
        return mention.type == "PERSON" and commas and bool(below) and covered == mention.first - 1

    def named(self, argument: Argument) -> bool:
        """Does an argument name an entity, or contain a name?"""
        if argument.name not in (None, argument.text):
            return True
        words = span_words(self.tree, (argument.start, argument.end))
        return any(self.names.at(i) is not None or i in self.referents for i in words)

    def sure(self, i: int) -> float:
        """How sure the entity at a word is."""
        referent = self.referents.get(i)
        return referent.sure if referent is not None and self.names.at(i) is None else 1.0

    def alike(self, one: int, other: int) -> bool:
        """May two entities be the same, as far as their types tell: a person is no place."""
        types = [self.type(one), self.type(other)]
        return None in types or (types[0] == "PERSON") == (types[1] == "PERSON")

    def may_be(self, i: int, noun: int) -> bool:
        """May an entity be what a noun calls it? Only people are somebody's daughter."""
        return self.tree.lower[noun] not in RELATIVES or self.type(i) not in ("LOC", "ORG", "EVENT")

    def for_people(self, noun: int) -> bool:
        """Is it a noun for people, by its ending?"""
        return _PERSON_NOUN.search(self.tree.lower[noun]) is not None

    def type(self, i: int) -> str | None:
        """The type of the entity at a word."""
        named = self.names.at(i) or self.referents.get(i)
        return named.type if named is not None else None

    def owner(self, i: int) -> str | None:
        """The entity to whom a noun belongs: "her sister", "Ann's dog"."""
        tree = self.tree
        introduced = self.introduced(i)
        for c in [*tree.all(i, "nmod:poss"), *(tree.all(introduced.head, "nmod:poss") if introduced else [])]:
            mention = self.names.at(c)
            if mention is not None:
                return mention.name
            if c in self.referents:
                return self.referents[c].name
        return None

    def subject(self, i: int) -> Argument | None:
        """What a statement may be about: an entity, what belongs to one, or a concept that is no mere description."""
        tree = self.tree
        found = self.entity(i)
        if found is not None:
            mention = self.names.at(i)
            adjective = mention is not None and mention.type == "NORP" and tree.tags[i] != "NNPS"
            return None if adjective else found
        if tree.pos[i] not in ("NOUN", "PROPN") or tree.lower[i] in _EMPTY:
            return None
        if self.owner(i) is not None or tree.child(i, "nmod:poss") is None:
            concept = self.concept(i)
            if concept is None or self.owner(i) is not None:
                return concept
            determiner = tree.child(i, "det")
            if tree.lower[i] in _PERSONS | RELATIVES or any(tree.lower[c] in _VAGUE for c in tree.all(i, "amod")):
                return None
            bare = determiner is None and tree.tags[i] in ("NNS", "NN") and tree.child(i, "nummod") is None
            named = tree.child(i, "compound", "nmod") is not None and concept.name is not None and " " in concept.name
            the = determiner is not None and tree.lower[determiner] == "the"
            if (bare and tree.tags[i] == "NNS") or (named and (bare or the)):
                return concept
        return None

    def thing(self, i: int) -> Argument | None:
        """What a state may be told of: also a definite thing without a name ("the shop on Main Street")."""
        tree = self.tree
        found = self.subject(i) or self.of_kind(i)
        if found is not None or tree.pos[i] not in ("NOUN", "PROPN") or tree.lower[i] in _PERSONS | RELATIVES:
            return found
        determiner = tree.child(i, "det")
        the = determiner is not None and tree.lower[determiner] == "the"
        if self.names.at(i) is not None or not (the or tree.child(i, "flat", "nummod") is not None or self.owner(i)):
            return None
        concept = self.concept(i)
        if concept is None:
            return None
        return self.told_apart(i, concept, _WHERE)

    def told_apart(self, i: int, concept: Argument, by: frozenset[str]) -> Argument:
        """A concept with the name that tells which one is meant: "library on Main Street", "meeting with Bob"."""
        for c in self.tree.all(i, "nmod"):
            mention = self.names.at(c)
            if mention is not None and mention.type != "NORP" and self.tree.case(c) in by and c > i:
                end = self.tree.ends[mention.last - 1]
                surface = " ".join(self.text[concept.start : end].split())
                return concept.model_copy(update={"end": end, "text": surface, "name": surface})
        return concept

    def of_kind(self, i: int) -> Argument | None:
        """A thing that a noun in the genitive tells from others: "the parents' council"."""
        tree = self.tree
        kind = tree.child(i, "nmod:poss")
        if kind is None or tree.pos[kind] != "NOUN" or kind > i or self.owner(i) or kind in self.time_at:
            return None
        if tree.child(kind, "nmod:poss") is not None or tree.tags[kind] != "NNS":
            return None
        first = self.noun_phrase(kind)[0]
        return self._argument(first, i + 1, " ".join(self.text[tree.starts[first] : tree.ends[i]].split()))

    def introduces(self, i: int) -> bool:
        """Does a noun only introduce the name right after it ("my dog Rex", "her brother, Tom, ...")?"""
        tree = self.tree
        if tree.tags[i] != "NN" or self.names.at(i) is not None:
            return False
        comma = i + 1 < len(tree) and tree.words[i + 1] == ","
        mention = self.names.at(i + 1 + comma) if i + 1 + comma < len(tree) else None
        if mention is None or mention.first != i + 1 + comma:
            return False
        if not comma and mention.type == "PERSON" and tree.lower[i] in RELATIVES:
            return True
        if not comma and not self.describes(i):
            return False
        joint = tree.heads[i] == mention.head or tree.heads[mention.head] == i
        both = tree.heads[mention.head] == tree.heads[i] and tree.deps[mention.head] == tree.deps[i]
        return both and tree.deps[i] != "conj" if comma else joint or both

    def describes(self, i: int) -> bool:
        """May a noun tell who the name beside it is? Not after a preposition, unless it is a word for people."""
        tree = self.tree
        first = min([i, *tree.all(i, "det", "amod", "compound", "nmod:poss")])
        first -= first > 0 and tree.pos[first - 1] == "DET"
        after = tree.child(i, "case") is not None or (first > 0 and tree.pos[first - 1] in ("ADP", "SCONJ"))
        return not after or _PERSON_NOUN.search(tree.lower[i]) is not None

    def introduced(self, i: int) -> Mention | None:
        """The name that a noun introduces."""
        comma = i + 1 < len(self.tree) and self.tree.words[i + 1] == ","
        return self.names.at(i + 1 + comma) if self.introduces(i) else None

    def object(self, i: int) -> Argument | None:
        """What a statement may say: an entity, a date or number, or a short concept."""
        found = self.entity(i)
        if found is not None:
            return found
        tree = self.tree
        time = self.time_at.get(i)
        if time is not None:
            return Argument(start=time.start, end=time.end, text=time.text, literal="date")
        if tree.pos[i] == "NUM" or tree.tags[i] in ("CD", "$"):
            first, last = self.noun_phrase(i)
            number = self._argument(first, last, None, "number")
            return number if number.text != "one" and any(map(str.isalnum, number.text)) else None
        if tree.pos[i] not in ("NOUN", "PROPN", "VERB", "X", "ADJ") or tree.tags[i].startswith(
            ("PRP", "WP", "WDT", "DT")
        ):
            return None
        if tree.child(i, "nummod") is not None and not self.owner(i):
            first, last = self.noun_phrase(i)
            return self._argument(first, last, None, "number")
        if tree.lower[i] in _PARTITIVE and (inner := tree.child(i, "nmod")) is not None and tree.case(inner) == "of":
            return self.object(inner)
        language = tree.deps[i] == "obj" and tree.words[i][0].isupper() and tree.lemmas[tree.heads[i]] in _LANGUAGE
        if tree.pos[i] == "ADJ" and not language and tree.child(i, "amod", "compound", "nmod:poss") is None:
            return None  # "in particular", "the eleventh"
        return self.concept(i)

    def concept(self, i: int) -> Argument | None:
        """A noun with its modifiers as an entity of its own, its owner in front if it has one; None if it is empty."""
        tree = self.tree
        if tree.lower[i] in _EMPTY or tree.lemmas[i] in _EMPTY or not any(letter.isalpha() for letter in tree.words[i]):
            return None
        if tree.child(i, "nmod:poss") is not None and self.owner(i) is None:
            return None
        if any(tree.lower[c] in _POINTING for c in tree.all(i, "amod", "det")):
            return None
        first, last = self.noun_phrase(i)
        if (of := self._of(i)) is not None and of >= last:
            return None  # "a quarter" of what is left out
        words = list(range(first, last))
        if len(words) > LONGEST:
            words = [j for j in words if j >= i or self._compounded(j, i)]
        while words and (tree.deps[words[0]] == "punct" or tree.tags[words[0]] in ("DT", "PDT", "PRP$", "WDT", "HYPH")):
            words.pop(0)
        if any(tree.lower[j] in _DEMONSTRATIVE for j in words):
            return None  # "the release of this album"
        if not words or len(words) > (LONGEST if of is None else _LONGEST_WITH_OF):
            return None
        start, end = tree.starts[words[0]], tree.ends[words[-1]]
        surface = " ".join(self.text[start:end].split())
        if len(surface) > 80 or not re.search(r"\w\w", surface):
            return None
        owner = self.owner(i)
        return Argument(start=start, end=end, text=surface, name=f"{owner}'s {surface}" if owner else surface)

    def sentence(self, i: int) -> Span:
        """First and last + 1 word of the sentence of a word."""
        return self.tree.sentences[max(0, bisect_left(self._firsts, i + 1) - 1)]

    def sentence_at(self, start: int) -> int:
        """The first word of the sentence that a character stands in."""
        return self.sentence(max(0, bisect_left(self.tree.starts, start + 1) - 1))[0]

    def part(self, concept: Argument, first: int) -> Argument:
        """A concept from a later word on."""
        start = self.tree.starts[first]
        text = " ".join(self.text[start : concept.end].split())
        return concept.model_copy(update={"start": start, "text": text, "name": text})

    def noun_phrase(self, i: int) -> tuple[int, int]:
        """First and last + 1 word of a noun with the modifiers before it, and a short "of" behind it."""
        tree = self.tree
        kept = [c for c in tree.children[i] if tree.deps[c] in _KEPT_CHILDREN and c < i and not self._timely(c)]
        first = i
        for c in sorted(kept, reverse=True):
            low = tree.subtree(c)[0]
            if low < first and all(self._inside(j, i) for j in range(low, first)):
                first = low
        last = i + 1
        for c in tree.children[i]:
            amount = tree.tags[i] == "$" and tree.deps[c] == "nummod"
            if c > i and (amount or (tree.deps[c] == "flat" and self.names.at(c) is None)):
                last = max(last, c + 1)
        of = self._of(i)
        while of is not None:
            mention = self.names.at(of)
            end = mention.last if mention is not None else of + 1
            if end - first > _LONGEST_WITH_OF or tree.subtree(of)[0] > last:
                break
            last = max(last, end)
            of = self._of(of)
        for j in range(i - 1, first - 1, -1):
            if tree.deps[j] in _BEFORE_NOUN_PHRASE or (tree.deps[j] == "punct" and tree.words[j] not in "-–/"):
                first = j + 1
                break
        return tree.hyphenated(first), last

    def _of(self, i: int) -> int | None:
        """What a noun is a part or a kind of: the noun that follows with "of"."""
        return next((c for c in self.tree.all(i, "nmod") if c > i and self.tree.case(c) == "of"), None)

    def clause(self, head: int) -> Argument:
        """A clause, word for word."""
        first, last = self.tree.subtree(head)
        argument = self._argument(first, last, None, "clause")
        if len(argument.text) <= 200:
            return argument
        end = argument.start + self.text[argument.start : argument.start + 200].rfind(" ")
        return Argument(
            start=argument.start, end=end, text=" ".join(self.text[argument.start : end].split()), literal="clause"
        )

    def literal(self, first: int, last: int) -> Argument:
        """Words as plain text."""
        return self._argument(first, last, None, "text")

    def _timely(self, i: int) -> bool:
        return i in self.time_at

    def _compounded(self, j: int, i: int) -> bool:
        """Is a word part of a compound noun ("science" of "science fiction film")?"""
        while self.tree.deps[j] == "compound" and j < i:
            j = self.tree.heads[j]
        return j == i

    def torn(self, argument: Argument) -> bool:
        """Is it one half of a name with a hyphen or a dash ("Minnesota" of "Minnesota–Duluth")?"""
        before, after = (
            self.text[max(0, argument.start - 2) : argument.start],
            self.text[argument.end : argument.end + 2],
        )
        return (after[:1] in _DASHES and after[1:].isupper()) or (before[1:] in _DASHES and before[:1].isalnum())

    def _inside(self, j: int, i: int) -> bool:
        """Does a word stand below a noun?"""
        for _ in range(8):
            if j == i:
                return True
            j = self.tree.heads[j]
        return False

    def _argument(self, first: int, last: int, name: str | None, literal: str = "text") -> Argument:
        tree = self.tree
        while first < last - 1 and tree.deps[first] == "punct":
            first += 1
        while last > first + 1 and tree.deps[last - 1] == "punct":
            last -= 1
        start, end = tree.starts[first], tree.ends[last - 1]
        text = " ".join(self.text[start:end].split())
        return Argument.model_construct(start=start, end=end, text=text, name=name, literal=literal)


def _works(tree: Tree, text: str, title: str | None) -> Iterator[range]:
    """Names that are longer than what is recognised: titles in quotation marks, that of the document, nicknames."""
    spans = [match.span() for match in _NICKNAMED.finditer(text)]
    spans += [match.span(1) for match in _QUOTED.finditer(text) if _like_a_title(match[1])]
    if title is not None and " " in title:
        spans += [match.span() for match in re.finditer(rf"(?<!\w){re.escape(title)}(?!\w)", text)]
    taken: set[int] = set()
    for span in spans:
        words = span_words(tree, span)
        if taken.isdisjoint(words) and words and tree.starts[words[0]] >= span[0]:
            taken.update(words)
            yield words


def _without_article(name: str) -> str:
    return re.sub(r"^(?:The|An?) (?=\w)", "", name)


def _like_a_title(text: str) -> bool:
    """Is it written as titles are: a capital on every word but the small ones?"""
    words = [word for word in re.findall(r"[^\W_][\w'’]*", text) if word not in _SMALL]
    return text[:1].isupper() and 0 < len(words) < 10 and not any(word[0].islower() for word in words)


def span_words(tree: Tree, span: Span) -> range:
    """The words that a span of characters covers."""
    start, end = span
    return range(bisect_left(tree.ends, start + 1), bisect_left(tree.starts, end))
