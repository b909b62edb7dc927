"""Entity mentions: what the pipeline recognises united with runs of capitalised words, each with its name in this text.

Recall lives from having all names, so what looks like a name is kept even where the recogniser is silent; its type is
then MISC. Within one text a short name stands for the one full name that it is part of, and another name that the
text gives for something (`aliases`) for the first.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from graphmem.extract.agreement import RELATIVES, gender_of, human, profession, thing, type_of
from graphmem.extract.aliases import Aside, renames
from graphmem.extract.first_names import MEN, WOMEN
from graphmem.extract.tree import Tree
from graphmem.graph.lexical import STOP_WORDS, capitalised_runs, plain
from graphmem.model import EntityType, Span, TimeExpression, normal_name

HONORIFICS = frozenset(
    """
    mr mrs ms miss mx dr doctor prof professor sir dame rev reverend capt captain sgt sergeant lt lieutenant gen
    general col colonel maj major sen senator rep representative gov governor president chancellor minister
    ambassador judge justice fr father sister brother mayor secretary archbishop bishop admiral commander coach
    detective inspector officer executive prime uncle aunt auntie grandma grandpa
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
    eod eow eta rsvp
    mr mrs ms dr prof
    """.split()  # noqa: SIM905
)
_BUSINESS = frozenset(
    """
    robotics technologies technology systems software industries motors energy labs laboratories foods
    pharmaceuticals pharma partners consulting solutions networks electronics semiconductors aerospace airlines
    airways therapeutics biotech logistics textiles freight mills ventures insurance accounting analytics steel dairy
    bakery brewery shipping capital media legal holdings studios pictures games drones publishing architects
    """.split()  # noqa: SIM905
)
"""Last words of companies, which one may leave out."""
_NUMBERED = frozenset(
    """
    server printer ticket invoice order machine node cluster host router database terminal gate dock project operation
    task issue bug build version sprint release lift elevator line tram bus train flight room unit station pump boat
    """.split()  # noqa: SIM905
)
"""First words of things that have a name or a number of their own: "Server Falcon"."""
_LEGAL_FORM = re.compile(r",? (?:(?:Pvt|Pty)\.? Ltd|Inc|Ltd|Corp|LLC|PLC|plc|GmbH|AG|Co)\b\.?")
_ENDING = re.compile(r"(?<=Co|td|nc|rp)\. (?=[A-Z])")
_LEGAL_FORMS = frozenset("inc ltd corp llc plc gmbh ag pvt pty".split())  # noqa: SIM905
_ORIGIN = re.compile(r"-(?:born|based|trained|educated|speaking|language)$")
"""What makes an adjective of a name."""
_OF_ORIGIN = re.compile(r"[\w ]+-(?:born|based|trained|educated) (?=[A-Z])")
_COUNTED = re.compile(r" \d[\d.,]* ")
"""What follows a name with a noun of its own: "Ukraine 31 Abrams tanks"."""
_SCORE = re.compile(r" \d{1,3}[-–:]\d{1,3}$")
"""The result of a game behind the name of a team."""
_GENITIVE = re.compile(
    r"\b((?:St\.?|Saint) [A-ZÀ-Þ][\w-]+['’]s (?:[A-Z]\w+ )?[A-Z]\w+)"
    r"|(?<=\bthe )((?:[A-Z]\w+ )?(?:[A-Z]\w+s['’]|(?:Women|Men|Children|People)['’]s) (?:[A-Z]\w+ ){0,2}"
    r"(?:Union|Association|Society|Council|Guild|Club|Party|League|Federation|Committee|Network|Collective|Hospital"
    r"|Alliance|Group|Forum|Institute|Museum))\b"
)
"""Names with a genitive: "St Brigid's School", "the Tenants' Union"."""
_CONNECTED = re.compile(r" (?:of|the|and|&|in|at)\b")
_KINDS: dict[str, EntityType] = {
    **dict.fromkeys(
        """
        university college school institute museum company corporation inc bank party church department
        ministry association society club team band orchestra hospital council committee agency
        foundation league union army navy police court press records studios airlines group committee
        academy library times magazine theatre theater gallery brewery bookshop circus
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
_SURNAMES = frozenset("park lake church castle bridge forest street press".split())  # noqa: SIM905
"""Nouns for places that are surnames too."""
_SETTLEMENTS = frozenset("town city village country capital island river suburb municipality hamlet port".split())  # noqa: SIM905
_ORGANISATIONS = frozenset("company firm band startup bank charity newspaper university college airline".split())  # noqa: SIM905
_OF_PEOPLE = frozenset({"marry", "divorce", "retire", "resign", "emigrate"})
_OF_PEOPLE_WHERE = frozenset({"live", "move", "relocate", "work", "study"})
"""What only people do; no town moves."""
_SET_UP = frozenset("founded established incorporated headquartered released published".split())  # noqa: SIM905
"""What no person is."""
_NO_WIDTH = dict.fromkeys((0xAD, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF))
_EDGES = " \t\n.,;:!?'’\"“”‘()[]{}*_-–—/\\"


_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md", "obe", "mbe", "cbe", "qc"})
"""Words after a surname."""
_SMALL_WORDS = frozenset({"of", "the", "and", "for", "in", "de", "&"})
_QUOTED_TITLE = re.compile(r"[\"“]([A-Z0-9][^\"“”\n]{2,70}[^\"“”\n,.])[\"”]")
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


class Alias(NamedTuple):
    """Where a text gives another name for something, and the canonical one."""

    start: int
    end: int
    name: str
    type: EntityType


class Names:
    """All names of one text, by the words that they cover."""

    def __init__(self, mentions: Sequence[Mention], aliases: Sequence[Alias] = ()) -> None:
        self.mentions = mentions
        self.aliases = aliases
        """Other names in brackets or quotation marks, which are no words of the tree."""
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
    asides: Sequence[Aside] = (),
    title: str | None = None,
) -> Names:
    """Unite recognised entities (character spans with labels) and capitalised runs.

    `known` are names from outside, `title` the one that the text has as its title; `asides` are other names in brackets
    or quotation marks, which the tree leaves out.
    """
    taken = sorted((time.start, time.end) for time in times)
    recognised = [
        _without_origin(text, *_trim(text, start, end), label)
        for start, end, label in entities
        if label not in ("DATE", "TIME") and not _with_a_verb(tree, start, end)
    ]
    spans = _united(text, recognised, taken)
    spans = [part for span in spans for part in _parted(tree, text, span)]
    whole = _quoted_titles(text)
    spans = _with_whole(spans, [match.span(match.lastindex or 0) for match in _GENITIVE.finditer(text)])
    if title is not None:
        spans = _with_whole(spans, titled := _places_of(title, text) or _places_of(plain_title(title), text))
        whole += titled
    spans = _with_whole(spans, _quoted_titles(text))
    return _named(tree, text, spans, list(known), asides, {start for start, _ in whole})


def _parted(tree: Tree, text: str, span: tuple[int, int, str]) -> list[tuple[int, int, str]]:
    """A name, and the one with which the next sentence begins: "... at Forge & Co. Ann likes ..."."""
    start, end, _ = span
    form = _ENDING.search(text, start, end)
    after = bisect_left(tree.starts, end)
    if form is None or after >= len(tree) or tree.tags[after] not in ("VBZ", "VBD", "VBP"):
        return [span]
    return [(start, form.start() + 1, "ORG"), (form.end(), end, "")]


def plain_title(title: str) -> str:
    """A title without what it has in brackets at its end."""
    return re.sub(r"\s*\([^()]*\)\s*$", "", title).strip() or title.strip()


def _places_of(title: str, text: str) -> list[Span]:
    """Where the text has its title word for word."""
    if not (title[:1].isupper() or title[:1].isdigit()) or len(title) < 3:
        return []
    return [match.span() for match in re.finditer(rf"(?<!\w){re.escape(title)}(?!\w)", text)]


def _quoted_titles(text: str) -> list[Span]:
    """Works by their titles in quotation marks: two to eight words, all but the small ones with a capital."""
    found = []
    for match in _QUOTED_TITLE.finditer(text):
        words = match[1].split()
        if 1 < len(words) < 9 and all(word[0].isupper() or len(word) < 5 or word[0].isdigit() for word in words):
            found.append(match.span(1))
    return found


def _with_whole(spans: list[tuple[int, int, str]], whole: list[Span]) -> list[tuple[int, int, str]]:
    """Spans with some that are known to be whole names; a longer one that holds such a name stays."""
    if not whole:
        return spans
    found: list[tuple[int, int, str]] = []
    k = 0
    for start, end in whole:
        while k < len(spans) and spans[k][1] <= start:
            found.append(spans[k])
            k += 1
        inside = []
        while k < len(spans) and spans[k][0] < end:
            inside.append(spans[k])
            k += 1
        if any(first <= start and end <= last and last - first > end - start for first, last, _ in inside):
            found += inside
            continue
        same = [label for first, last, label in inside if last - first > 0.6 * (end - start)]
        found.append((start, end, same[0] if same and same[0] else "MISC"))
    return found + spans[k:]


def _united(text: str, recognised: list[tuple[int, int, str]], taken: list[Span]) -> list[tuple[int, int, str]]:
    """Recognised spans and capitalised runs without overlap: a run that goes beyond its one entity extends it."""
    starts = [start for start, _, _ in recognised]
    spans: list[tuple[int, int, str]] = []
    used: set[int] = set()
    for run in capitalised_runs(text):
        score = _SCORE.search(run.text)
        start, end = run.start, run.end if score is None else run.start + score.start()
        low = max(0, bisect_left(starts, start) - 1)
        inside = [
            i
            for i in range(low, bisect_left(starts, end))
            if recognised[i][1] > start and not _honorific(text[recognised[i][0] : recognised[i][1]])
        ]
        if len(inside) == 2 and _one_person(text, *(recognised[i] for i in inside)):
            used.update(inside)
            spans.append((recognised[inside[0]][0], max(end, recognised[inside[1]][1]), "PERSON"))
        elif not inside:
            spans.append((start, end, ""))
        elif len(inside) == 1:
            first, last, label = recognised[inside[0]]
            before = text[start:first].split()
            while before and (plain(before[0]).strip(".") in HONORIFICS | _NOT_NAMES or _ORIGIN.search(before[0])):
                before.pop(0)
            if before and before[0] not in ("of", "for", "at") and label != "NORP" and first > start:
                first = text.index(before[0], start)
            if end > last and label != "NORP" and not (label == "PERSON" and _CONNECTED.match(text, last)):
                last = end if label != "LOC" or _COUNTED.match(text, last, end) is None else last
            used.update(inside)
            spans.append((first, last, label))
    spans += [span for i, span in enumerate(recognised) if i not in used and not _honorific(text[span[0] : span[1]])]
    spans = [_with_legal_form(text, *span) for span in spans]
    spans.sort(key=lambda span: (span[0], -span[1]))
    merged: list[tuple[int, int, str]] = []
    for start, end, label in spans:
        if merged and start < merged[-1][1]:
            if not merged[-1][2]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]), label)
            continue
        merged.append((start, end, label))
    apart = [(*_without_time(text, start, end, taken), label) for start, end, label in merged]
    return [span for span in apart if span[0] < span[1]]


def _without_time(text: str, start: int, end: int, taken: list[Span]) -> Span:
    """A span without the time that it begins or ends with ("In March Anna Berg"); empty if the time is all of it."""
    k = max(0, bisect_left(taken, (start, start)) - 1)
    while k < len(taken) and taken[k][0] < end:
        first, last = taken[k]
        if first <= start < last:
            start = last
        elif start < first < end:
            end = first
        k += 1
    while start < end and text[start] in _EDGES:
        start += 1
    while start < end and text[end - 1] in " ,":
        end -= 1
    return start, end


def _without_origin(text: str, start: int, end: int, label: str) -> tuple[int, int, str]:
    """ "Danish" of "Danish-born", which is nobody."""
    opening = _OF_ORIGIN.match(text, start, end)
    start = start if opening is None else opening.end()
    origin = _ORIGIN.search(text, start, end)
    if origin is None:
        return start, end, label
    return start, origin.start(), "NORP" if label == "PERSON" else label


def _with_legal_form(text: str, start: int, end: int, label: str) -> tuple[int, int, str]:
    """ "Volta Ltd.", where the recogniser saw only "Volta"."""
    form = _LEGAL_FORM.match(text, end)
    return (start, form.end() - form[0].endswith("."), "ORG") if form else (start, end, label)


def _one_person(text: str, one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    """Are two recognised names that only a space parts the first and last name of one person?"""
    first, last = text[slice(*one[:2])], text[slice(*other[:2])]
    apart = text[one[1] : other[0]] != " " or one[2] != "PERSON" or other[2] != "PERSON"
    if apart or plain(first).strip(".") in HONORIFICS:
        return False
    return (" " not in first and " " in last) or plain(last.split()[-1]).strip(".") in _SUFFIXES


def _named(
    tree: Tree,
    text: str,
    spans: list[tuple[int, int, str]],
    known: list[tuple[str, EntityType]],
    asides: Sequence[Aside],
    whole: set[int],
) -> Names:
    found: list[tuple[Mention, Span, Aside | None]] = []
    types: dict[str, EntityType] = {normal_name(name): type for name, type in known}
    people = {normal for normal, type in types.items() if type == "PERSON"}
    places = [aside.start for aside in asides]
    parts: set[str] = set()
    for start, end, label in spans:
        first, last = bisect_left(tree.ends, start + 1), bisect_left(tree.starts, end)
        while last - first > 1 and start not in whole and tree.pos[first] in _OPENERS and _opens(tree, first):
            first += 1
            start = tree.starts[first]
        if first >= last:
            continue
        if not label and text[start:end] not in parts and not _looks_like_a_name(tree, first, last):
            continue
        type = _TYPES.get(label, "MISC")
        first = _without_opening_noun(tree, first, last, type)
        start = max(start, tree.starts[first])
        while first and (type == "PERSON" or not label) and _title_before(tree, first):
            first, start = first - 1, tree.starts[first - 1]
        k = bisect_left(places, start)
        aside = asides[k] if k < len(asides) and asides[k].end <= end and asides[k].of is None else None
        name = _visible(text[start:end])
        if aside is not None:
            name = _visible(text[start : aside.start] + text[aside.end : end])
        if type == "PERSON" or not label:
            name = _without_honorific(name, person=type == "PERSON")
        if not any(letter.isalpha() for letter in name) or plain(name).strip(_EDGES) in _NOT_NAMES | _LEGAL_FORMS:
            continue
        name = re.sub(r"^(?:[Tt]he|[Aa]n?) (?=\w)", "", name)
        normal = normal_name(name)
        kind = _KINDS.get(normal.rpartition(" ")[2] if " " in normal else "", type)
        surname = type == "PERSON" and tree.deps[_head(tree, first, last)].startswith("nsubj")
        type = type if surname and normal.rpartition(" ")[2] in _SURNAMES else kind  # "Hye-jin Park"
        if type in ("LOC", "PERSON") and " " in normal and normal.rpartition(" ")[2] in _BUSINESS:
            type = "ORG"
        type = _told_by_context(tree, first, last, type, normal)
        if type == "PERSON" and normal.split(" ")[0] in _NUMBERED and " " in normal:
            type = "MISC"
        if type in ("ORG", "MISC") and normal.split(" ")[0] in MEN | WOMEN and normal.count(" ") < 2:
            type = "PERSON"
        if (label or type != "MISC") and types.get(normal, "MISC") == "MISC":
            types[normal] = type
        if type == "PERSON":
            parts.update(name.split())
        found.append((Mention(first, last, name, type, _head(tree, first, last)), (start, end), aside))
    short = _ShortNames(types, known)
    named: list[Mention] = []
    aliases: list[Alias] = []
    acronyms = {aside.of[1]: aside for aside in asides if aside.of is not None}
    before: Span = (0, 0)
    for mention, place, aside in found:
        called = text[slice(*aside.name)] if aside is not None and mention.type == "PERSON" else ""
        if (
            named
            and not called
            and tree.deps[named[-1].head] not in ("conj", "nmod")
            and _alike(named[-1].type, mention.type)
            and renames(text, before, place)
        ):
            name = named[-1].name
            short.also(mention.name, name, mention.type)
        else:
            name = mention.name
            if called and " " not in called:
                name = _called(name, called)
                types[normal_name(name)] = "PERSON"
            name = short.full(name)
        if name == mention.name and mention.type == "PERSON" and " " not in name and place[1] - place[0] > len(name):
            short.apart(name)
        if called:
            short.also(mention.name, name, "PERSON")
            short.also(called, name, "PERSON")
        type = types.get(normal_name(name)) or types.get(normal_name(mention.name)) or mention.type
        if mention.type != "MISC" and name == mention.name and normal_name(name) not in people:
            type = mention.type
        if aside is not None and called:
            aliases.append(Alias(*aside.name, name, type))
        acronym = acronyms.get(place[1])
        if acronym is not None:
            aliases.append(Alias(*acronym.name, name, type))
            short.also(text[slice(*acronym.name)], name, type)
        before = place
        named.append(mention._replace(name=name, type=type))
    return Names(named, aliases)


def _without_opening_noun(tree: Tree, first: int, last: int, type: EntityType) -> int:
    """Where a name begins that was taken along with what stands before it: "Twins Adam Lind", "CEO of Alpina Foods"."""
    if type == "PERSON" and last - first > 2 and tree.tags[first] in ("NN", "NNS") and _opens(tree, first):
        return first if plain(tree.words[first]) in MEN | WOMEN else first + 1
    led = tree.words[first] in _CHIEFS or (tree.lower[first] in _LEADING and _opens(tree, first))
    if led and last - first > 2 and tree.lower[first + 1] == "of":
        return first + 2
    return first


def _visible(name: str) -> str:
    """A name without line ends, soft hyphens and characters of no width."""
    return " ".join(name.translate(_NO_WIDTH).split())


def _title_before(tree: Tree, first: int) -> bool:
    """Does a title stand right before a name: "Dr.", "Prime Minister"?"""
    word = tree.words[first - 1]
    return word[0].isupper() and word.lower().strip(".") in HONORIFICS and first not in tree.openings


def _called(name: str, nickname: str) -> str:
    """The name with the nickname as first name: "Bill Gates" for "William Gates"."""
    words = name.split()
    surname = words[-2:] if len(words) > 2 and words[-1].strip(".").lower() in _SUFFIXES else words[-1:]
    return " ".join([nickname, *surname])


def _alike(one: EntityType, other: EntityType) -> bool:
    """May two names be of one thing, as far as their types tell?"""
    return "NORP" not in (one, other) and ("MISC" in (one, other) or (one == "PERSON") == (other == "PERSON"))


def _told_by_context(tree: Tree, first: int, last: int, type: EntityType, normal: str) -> EntityType:
    """What the words around tell of a single name: "in Harwick" is a place, "Harwick is a town" too."""
    head = _head(tree, first, last)
    predicate = _said_to_be(tree, head, normal)
    if predicate in _SETTLEMENTS:
        return "LOC"
    if predicate in _ORGANISATIONS:
        return "ORG"
    if (told := type_of(predicate)) is not None:
        return told
    if tree.deps[head] == "nmod" and tree.case(head) == "of" and type_of(tree.lower[tree.heads[head]]) == "LOC":
        return "LOC"  # "the village of Arda"
    if type in ("MISC", "LOC") and profession(predicate):
        return "PERSON"
    if type == "PERSON" and thing(predicate):
        return "MISC"
    if type != "PERSON" and _after_kin(tree, first, last):
        return "PERSON"
    noun = _noun_before(tree, first, last)
    if type == "MISC" and human(noun):
        return "PERSON"
    if type != "PERSON" or normal.split(" ")[0] not in MEN | WOMEN:
        if (told := type_of(noun)) is not None:
            return told
        if type == "PERSON" and thing(noun):
            return "MISC"
    above = tree.heads[head]
    naming = tree.deps[head] == "nsubj" and tree.lemmas[above] in ("name", "appoint", "hire")
    if (
        type == "PERSON"
        and naming
        and "its" in tree.lower[above : above + 12]
        and normal.split(" ")[0] not in MEN | WOMEN
    ):
        return "ORG"
    if " " in normal:
        full = type in ("LOC", "MISC") and normal.rpartition(" ")[2] not in _BUSINESS | set(_KINDS)
        wants = tree.lemmas[tree.heads[head]] in ("want", "speak", "live", "marry", "retire", "resign", "study")
        works = tree.lemmas[tree.heads[head]] == "work" and any(
            tree.case(o) in ("for", "as") for o in tree.all(tree.heads[head], "obl", "nmod")
        )
        return "PERSON" if full and tree.deps[head] == "nsubj" and (wants or works) else type
    if type == "PERSON" and tree.case(head) == "for" and tree.lemmas[tree.heads[head]] == "work":
        return type if normal in MEN | WOMEN else "ORG"
    if type == "LOC" and tree.tags[head].startswith("JJ"):
        return "NORP"
    known = normal in MEN or normal in WOMEN
    if type == "PERSON" and not known and tree.deps[head] == "nsubj:pass" and tree.lower[tree.heads[head]] in _SET_UP:
        return "ORG"
    if type in ("LOC", "ORG") and tree.deps[head] == "nsubj" and _lives(tree, tree.heads[head]):
        return "PERSON"
    if type == "LOC" and tree.deps[head] == "nmod:poss" and tree.lower[tree.heads[head]] in RELATIVES | {"home"}:
        return "PERSON"
    case = tree.case(head)
    if case == "in" and type == "PERSON" and not known:
        return "LOC"
    return "PERSON" if known and type == "LOC" and not case else type


def _lives(tree: Tree, verb: int) -> bool:
    """Does only a person do so, also by what a second verb tells: "left Rome and now lives in Oslo"?"""
    for v in [verb, *tree.all(verb, "conj")]:
        where = any(tree.case(o) in ("in", "at", "for", "to", "as") for o in tree.all(v, "obl", "nmod"))
        if tree.pos[v] == "VERB" and tree.tags[v] != "VBN":
            if tree.lemmas[v] in _OF_PEOPLE or (where and tree.lemmas[v] in _OF_PEOPLE_WHERE):
                return True
            if tree.lemmas[v] in ("join", "rejoin") and any(tree.lower[o] in _BUSINESS for o in tree.all(v, "obj")):
                return True
    return False


def _said_to_be(tree: Tree, head: int, normal: str) -> str:
    """The noun that a name is said to be: "Molde is a club", and "Volta, a startup" where no first name tells more."""
    above = tree.heads[head]
    if tree.deps[head] == "nsubj" and tree.child(above, "cop") is not None:
        return tree.lower[above]
    noun = tree.child(head, "appos")
    known = normal.split(" ")[0] in MEN | WOMEN
    return tree.lower[noun] if noun is not None and noun > head and tree.tags[noun] == "NN" and not known else ""


def _after_kin(tree: Tree, first: int, last: int) -> bool:
    """ "My brother Jon", "her husband, Jae Park, ..."."""
    noun = first - 1 - (first > 0 and tree.words[first - 1] == ",")
    owned = noun >= 0 and tree.child(noun, "nmod:poss") is not None
    return owned and _noun_before(tree, first, last) in RELATIVES


def _noun_before(tree: Tree, first: int, last: int) -> str:
    """The noun that introduces a name, with or without a comma: "the film Low Tide", "an album, Low Tide, ..."."""
    noun = first - 1
    after = tree.pos[last] if last < len(tree) else "PUNCT"
    comma = noun > 0 and tree.words[noun] == ","
    noun -= comma
    if noun < 0 or tree.pos[noun] != "NOUN" or (comma and after != "PUNCT"):
        return ""
    head = _head(tree, first, last)
    joint = noun == tree.heads[head] or head == tree.heads[noun]
    return tree.lower[noun] if joint or after not in ("VERB", "AUX") else ""  # not "the film Anna made"


class _ShortNames:
    """Which full name a short one stands for: a surname or first name, a company without "Inc.", initials of a name.

    Names come in the order of the text; where several full names were seen, the topic of the text, which comes first
    among the known ones, decides. Other names that the text gives come through `also`.
    """

    def __init__(self, types: dict[str, EntityType], known: list[tuple[str, EntityType]]) -> None:
        self._types = types
        self._longer: dict[str, dict[str, str]] = {}
        self._topic = normal_name(known[0][0]) if known else ""
        self._titled: dict[str, str] = {}
        self._also: dict[str, str] = {}
        for name, _ in known:
            self.full(name)
            words = normal_name(name).split()
            if 1 < len(words) < 4 and types.get(normal_name(name), "MISC") == "MISC" and name.istitle():
                self._titled[words[-1]] = name

    def also(self, other: str, name: str, type: EntityType) -> None:
        """Take note that another name stands for this one from here on, in its short forms too."""
        short, full = normal_name(other), normal_name(name)
        if short == full:
            return
        self._also.setdefault(short, name)
        if " " in short:
            for key in self._keys(short.split(), type):
                self._longer.setdefault(key, {}).setdefault(full, name)

    def apart(self, surname: str) -> None:
        """Take note that "Dr. Smith" is nobody named so far: "Smith" is not the John Smith who comes later."""
        self._longer.setdefault(normal_name(surname), {})[normal_name(surname)] = surname

    def full(self, name: str) -> str:
        """The full name seen so far, or the name itself, which is remembered."""
        short = normal_name(name)
        if short in self._also and short not in self._longer:
            return self._also[short]
        words = short.split()
        kind = self._types.get(short, "MISC")
        title = words[0] if len(words) == 2 and words[0] in _KEPT_WITH_ONE_NAME else ""
        options = self._longer.get(words[-1] if title else short, {})
        if title:
            options = {key: full for key, full in options.items() if " " in key and _fits_title(title, full)}
        if options and short not in options and kind in ("PERSON", "MISC", "ORG"):
            if len(options) == 1:
                return next(iter(options.values()))
            if self._topic in options:
                return options[self._topic]
        if kind == "PERSON" and short in self._titled:
            return self._titled[short]
        if len(words) > 1 and words[-1] in _COMPANY:
            self._also.setdefault(" ".join(words[:-1]), name)
        if len(words) > 1 and not title:
            for key in self._keys(words, kind):
                self._longer.setdefault(key, {}).setdefault(short, name)
        return name

    @staticmethod
    def _keys(words: list[str], kind: EntityType) -> set[str]:
        """The short forms under which a full name may come again."""
        if kind == "PERSON":
            if words[-1] in _SUFFIXES and len(words) > 2:
                return {words[0], words[-2]}
            return {words[0], words[-1], f"{words[0]} {words[-1]}"} - {" ".join(words)}
        keys = set()
        if len(words) > 2:
            keys.add("".join(word[0] for word in words))
            keys.add("".join(word[0] for word in words if word not in _SMALL_WORDS))
        if len(words) == 2 and words[-1] in _BUSINESS:
            keys.add(words[0])
        if words[0] in _KINDS and words[1] == "of":
            keys.add(words[0])
        if words[-1] in _KINDS and kind != "EVENT":
            keys.add(words[-1])
        return {key for key in keys if len(key) > 1}


def _fits_title(title: str, name: str) -> bool:
    """May "Mrs. Berg" be this person? Not one with the first name of a man, and only one known to be a woman."""
    first = normal_name(name).split()[0]
    known = "f" if first in WOMEN else "m" if first in MEN else None
    return known == gender_of(title) or (known is None and title in ("mr", "ms"))


def _looks_like_a_name(tree: Tree, first: int, last: int) -> bool:
    """Is a capitalised run that the recogniser passed over a name? At the start of a sentence the tagger decides."""
    words = range(first, last)
    if last - first == 1 and (tree.lower[first] in STOP_WORDS or len(tree.words[first]) < 2):
        return False
    if any(tree.pos[i] == "PROPN" for i in words):
        return True
    if last - first > 1 and last < len(tree) and tree.words[last].islower():  # "Night Ferry is a film"
        return all(tree.pos[i] in ("NOUN", "ADJ", "X") or tree.lower[i] in _SMALL_WORDS for i in words)
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


def _without_honorific(name: str, *, person: bool) -> str:
    words = name.split()
    office = person and len(words) > 2 and plain(words[0]) not in MEN | WOMEN
    if office and plain(words[1]).strip(".") in HONORIFICS:
        words.pop(0)  # "Foreign Secretary Ann Lee"
    while len(words) > 1 and plain(words[0]).strip(".") in HONORIFICS:
        if len(words) == 2 and plain(words[0]).strip(".") in _KEPT_WITH_ONE_NAME:
            break
        words.pop(0)
    return " ".join(words)


def _honorific(name: str) -> bool:
    return all(plain(word).strip(".") in HONORIFICS for word in name.split())


def _trim(text: str, start: int, end: int) -> Span:
    if (score := _SCORE.search(text, start, end)) is not None:
        end = score.start()
    if text[start:end].endswith(("'s", "’s")):
        end -= 2
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES and not (text[end - 1] == "." and text[end - 3 : end - 2] in " ."):
        end -= 1
    return start, end


_CHIEFS = frozenset({"CEO", "CFO", "CTO", "COO"})
_LEADING = frozenset(
    "ownership possession captain head chair chairman president director mayor manager coach editor leader".split()  # noqa: SIM905
)
"""They may open a sentence before the name of what they are of."""
_TYPES: dict[str, EntityType] = {
    **dict.fromkeys(("PERSON", "PER"), "PERSON"),
    "ORG": "ORG",
    **dict.fromkeys(("LOC", "GPE", "FAC"), "LOC"),
    "EVENT": "EVENT",
    "NORP": "NORP",
}
"""The labels of our own pipeline, of OntoNotes and of CoNLL; all else is MISC."""
