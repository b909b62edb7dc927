"""Entity mentions: what the pipeline recognises united with runs of capitalised words, each with its name in this text.

Recall lives from having all names, so what looks like a name is kept even where the recogniser is silent; its type is
then MISC. Within one text a short name stands for the one full name that it is part of.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from graphmem.extract.first_names import MEN, WOMEN
from graphmem.extract.tree import Tree
from graphmem.graph.lexical import STOP_WORDS, capitalised_runs, plain
from graphmem.model import EntityType, Span, TimeExpression, normal_name

HONORIFICS = frozenset(
    """
    mr mrs ms miss mx dr doctor prof professor sir dame rev reverend capt captain sgt sergeant lt lieutenant gen
    general col colonel maj major sen senator rep representative gov governor president chancellor minister
    ambassador judge justice fr father sister brother mayor secretary archbishop bishop admiral commander coach
    detective inspector officer uncle aunt auntie grandma grandpa
    """.split()  # noqa: SIM905
)
"""Words before a person's name that are no part of it."""
_KEPT_WITH_ONE_NAME = frozenset(
    """
    uncle aunt auntie grandma grandpa father sister brother mr mrs ms miss
    """.split()  # noqa: SIM905
)
_COMPANY = frozenset(
    """
    inc inc. ltd ltd. corp corp. corporation company co co. group plc llc gmbh ag sa holdings
    """.split()  # noqa: SIM905
)
_NOT_NAMES = frozenset(
    """
    ok okay hi hey hello thanks thank wow yeah yes no lol omg btw haha please sorry congrats congratulations
    cheers dear sincerely regards best love mom mum dad mommy daddy god jan feb mar apr jun jul aug sep sept oct
    nov dec mon tue wed thu fri sat sun am pm ceo cto cfo coo vp ad bc bce ce i ii iii iv todo tbd fyi asap ps
    """.split()  # noqa: SIM905
)
_CONNECTED = re.compile(r" (?:of|the|and|&|in|at)\b")
_KINDS: dict[str, EntityType] = {
    **dict.fromkeys(
        """
        university college school institute museum company corporation inc bank party church department
        ministry association society club team band orchestra hospital council committee agency
        foundation league union army navy police court press records studios airlines group committee
        academy library times magazine
        """.split(),  # noqa: SIM905
        "ORG",
    ),
    **dict.fromkeys(
        """
        river lake mountain mountains island islands street road avenue park bridge county city valley
        sea ocean province state castle building district peninsula bay forest desert coast beach
        airport station cemetery township village
        """.split(),  # noqa: SIM905
        "LOC",
    ),
    **dict.fromkeys("war olympics cup championship championships festival election revolution".split(), "EVENT"),  # noqa: SIM905
}
"""What the last word of a longer name tells of its type."""
_SETTLEMENTS = frozenset("town city village country capital island river suburb municipality hamlet port".split())  # noqa: SIM905
_ORGANISATIONS = frozenset("company firm band startup bank charity newspaper university college airline".split())  # noqa: SIM905
_EDGES = " \t\n.,;:!?'’\"“”‘()[]{}*_-–—/\\"


_BEFORE_OPENING = frozenset(':"“‘•-–')
_OPENERS = frozenset({"VERB", "AUX", "ADV", "INTJ", "DET", "PRON", "SCONJ", "CCONJ", "ADP", "PART"})
"""What cannot begin a name, though the first word of a sentence has a capital."""


class Mention(NamedTuple):
    """A name in a text: its words, the form that serves as canonical here, its type, and the word that heads it."""

    first: int
    last: int
    name: str
    type: EntityType
    head: int


class Names:
    """All names of one text, by the words that they cover."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self.mentions = mentions
        self._at = {word: mention for mention in mentions for word in range(mention.first, mention.last)}

    def words(self, *types: EntityType) -> set[int]:
        """The words of all names of these types."""
        return {word for word, mention in self._at.items() if mention.type in types}

    def at(self, word: int) -> Mention | None:
        """The name that a word belongs to."""
        return self._at.get(word)


def find_names(
    tree: Tree,
    text: str,
    entities: Iterable[tuple[int, int, str]],
    times: Sequence[TimeExpression],
    known: Iterable[tuple[str, EntityType]] = (),
) -> Names:
    """Unite recognised entities (character spans with labels) and capitalised runs; `known` are names from outside."""
    taken = [(time.start, time.end) for time in times]
    recognised = [
        (*_trim(text, start, end), label)
        for start, end, label in entities
        if label not in ("DATE", "TIME") and not _with_a_verb(tree, start, end)
    ]
    spans = _united(text, recognised, taken)
    return Names(_named(tree, text, spans, list(known)))


def _united(text: str, recognised: list[tuple[int, int, str]], taken: list[Span]) -> list[tuple[int, int, str]]:
    """Recognised spans and capitalised runs without overlap: a run that goes beyond its one entity extends it."""
    starts = [start for start, _, _ in recognised]
    spans: list[tuple[int, int, str]] = []
    used: set[int] = set()
    for run in capitalised_runs(text):
        start, end = run.start, run.end
        low = max(0, bisect_left(starts, start) - 1)
        inside = [
            i
            for i in range(low, bisect_left(starts, end))
            if recognised[i][1] > start and not _honorific(text[recognised[i][0] : recognised[i][1]])
        ]
        if not inside:
            spans.append((start, end, ""))
        elif len(inside) == 1:
            first, last, label = recognised[inside[0]]
            before = text[start:first].split()
            while before and plain(before[0]).strip(".") in HONORIFICS | _NOT_NAMES:
                before.pop(0)
            if before and before[0] not in ("of", "for", "at") and label != "NORP" and first > start:
                first = text.index(before[0], start)
            if end > last and label != "NORP" and not (label == "PERSON" and _CONNECTED.match(text, last)):
                last = end
            used.update(inside)
            spans.append((first, last, label))
    spans += [span for i, span in enumerate(recognised) if i not in used and not _honorific(text[span[0] : span[1]])]
    spans.sort(key=lambda span: (span[0], -span[1]))
    merged: list[tuple[int, int, str]] = []
    for start, end, label in spans:
        if merged and start < merged[-1][1]:
            if not merged[-1][2]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]), label)
            continue
        merged.append((start, end, label))
    return [(s, e, label) for s, e, label in merged if s < e and not any(a < e and s < b for a, b in taken)]


def _named(
    tree: Tree, text: str, spans: list[tuple[int, int, str]], known: list[tuple[str, EntityType]]
) -> list[Mention]:
    found: list[Mention] = []
    types: dict[str, EntityType] = {normal_name(name): type for name, type in known}
    for start, end, label in spans:
        first, last = bisect_left(tree.ends, start + 1), bisect_left(tree.starts, end)
        while last - first > 1 and tree.pos[first] in _OPENERS and _opens(tree, first):
            first += 1
            start = tree.starts[first]
        if first >= last or (not label and not _looks_like_a_name(tree, first, last)):
            continue
        name = " ".join(text[start:end].split())
        type = _TYPES.get(label, "MISC")
        if type == "PERSON" or not label:
            name = _without_honorific(name)
        if not any(letter.isalpha() for letter in name) or plain(name).strip(_EDGES) in _NOT_NAMES:
            continue
        name = re.sub(r"^(?:[Tt]he|[Aa]n?) (?=\w)", "", name)
        normal = normal_name(name)
        type = _KINDS.get(normal.rpartition(" ")[2] if " " in normal else "", type)
        type = _told_by_context(tree, first, last, type, normal)
        if type in ("ORG", "MISC") and normal.split(" ")[0] in MEN | WOMEN and normal.count(" ") < 2:
            type = "PERSON"
        if (label or type != "MISC") and types.get(normal, "MISC") == "MISC":
            types[normal] = type
        found.append(Mention(first, last, name, type, _head(tree, first, last)))
    short = _ShortNames(types, known)
    named: list[Mention] = []
    for mention in found:
        name = short.full(mention.name)
        type = types.get(normal_name(name)) or types.get(normal_name(mention.name)) or mention.type
        if mention.type != "MISC" and name == mention.name:
            type = mention.type
        named.append(mention._replace(name=name, type=type))
    return named


def _told_by_context(tree: Tree, first: int, last: int, type: EntityType, normal: str) -> EntityType:
    """What the words around tell of a single name: "in Harwick" is a place, "Harwick is a town" too."""
    head = _head(tree, first, last)
    predicate = (
        tree.lower[tree.heads[head]] if tree.deps[head] == "nsubj" and tree.child(tree.heads[head], "cop") else ""
    )
    if predicate in _SETTLEMENTS:
        return "LOC"
    if predicate in _ORGANISATIONS:
        return "ORG"
    if " " in normal:
        return type
    known = normal in MEN or normal in WOMEN
    case = tree.case(head)
    if case == "in" and type == "PERSON" and not known:
        return "LOC"
    return "PERSON" if known and type == "LOC" and not case else type


class _ShortNames:
    """Which full name a short one stands for: a surname or first name, a company without "Inc.", initials of a name.

    Names come in the order of the text; where several full names were seen, the topic of the text, which comes first
    among the known ones, decides.
    """

    def __init__(self, types: dict[str, EntityType], known: list[tuple[str, EntityType]]) -> None:
        self._types = types
        self._longer: dict[str, dict[str, str]] = {}
        self._topic = normal_name(known[0][0]) if known else ""
        self._titled: dict[str, str] = {}
        for name, _ in known:
            self.full(name)
            words = normal_name(name).split()
            if 1 < len(words) < 4 and types.get(normal_name(name), "MISC") == "MISC" and name.istitle():
                self._titled[words[-1]] = name

    def full(self, name: str) -> str:
        """The full name seen so far, or the name itself, which is remembered."""
        short = normal_name(name)
        words = short.split()
        kind = self._types.get(short, "MISC")
        options = self._longer.get(short, {})
        if options and short not in options and (kind in ("PERSON", "MISC", "ORG")):
            if len(options) == 1:
                return next(iter(options.values()))
            if self._topic in options:
                return options[self._topic]
        if kind == "PERSON" and short in self._titled:
            return self._titled[short]
        if len(words) > 1:
            keys = {words[0], words[-1]} if kind == "PERSON" else set()
            if words[-1] in _COMPANY:
                keys.add(" ".join(words[:-1]))
            if len(words) > 2 and kind != "PERSON":
                keys.add("".join(word[0] for word in words))
            for key in keys:
                self._longer.setdefault(key, {}).setdefault(short, name)
        return name


def _looks_like_a_name(tree: Tree, first: int, last: int) -> bool:
    """Is a capitalised run that the recogniser passed over a name? At the start of a sentence the tagger decides."""
    words = range(first, last)
    if last - first == 1 and (tree.lower[first] in STOP_WORDS or len(tree.words[first]) < 2):
        return False
    if any(tree.pos[i] == "PROPN" for i in words):
        return True
    return (
        not _opens(tree, first)
        and any(tree.pos[i] in ("NOUN", "ADJ", "X") for i in words)
        and tree.tags[first] not in ("JJ", "JJS")
    )


def _with_a_verb(tree: Tree, start: int, end: int) -> bool:
    """Did the recogniser swallow a verb ("Lucy accepts Holmwood")?"""
    words = range(bisect_left(tree.ends, start + 1), bisect_left(tree.starts, end))
    return any(tree.pos[i] in ("VERB", "AUX") and tree.words[i].islower() for i in words)


def _opens(tree: Tree, i: int) -> bool:
    """Does a word begin a sentence, a line or a quotation?"""
    return i in tree.openings or (i > 0 and tree.words[i - 1] in _BEFORE_OPENING)


def _head(tree: Tree, first: int, last: int) -> int:
    tops = [i for i in range(first, last) if not first <= tree.heads[i] < last or tree.heads[i] == i]
    core = (i for i in tops if tree.deps[i].startswith(("nsubj", "obj", "iobj", "obl", "nmod", "appos")))
    return next(core, tops[0] if tops else last - 1)


def _without_honorific(name: str) -> str:
    words = name.split()
    while len(words) > 1 and plain(words[0]).strip(".") in HONORIFICS:
        if len(words) == 2 and plain(words[0]).strip(".") in _KEPT_WITH_ONE_NAME:
            break
        words.pop(0)
    return " ".join(words)


def _honorific(name: str) -> bool:
    return all(plain(word).strip(".") in HONORIFICS for word in name.split())


def _trim(text: str, start: int, end: int) -> Span:
    if text[start:end].endswith(("'s", "’s")):
        end -= 2
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES and not (text[end - 1] == "." and text[end - 3 : end - 2] in " ."):
        end -= 1
    return start, end


_TYPES: dict[str, EntityType] = {
    **dict.fromkeys(("PERSON", "PER"), "PERSON"),
    "ORG": "ORG",
    **dict.fromkeys(("LOC", "GPE", "FAC"), "LOC"),
    "EVENT": "EVENT",
    "NORP": "NORP",
}
"""The labels of our own pipeline, of OntoNotes and of CoNLL; all else is MISC."""
