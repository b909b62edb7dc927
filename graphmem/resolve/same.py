"""Whether two names mean one: where a fuller name is looked for, and what has to speak for it.

Pairs are never compared all with all: who might be the same has a key in common, as in record linkage (Fellegi and
Sunter 1969), and rules on the names decide. Where names alone cannot tell, what they occur with does, as in collective
entity resolution (Bhattacharya and Getoor 2007): a short name is a full one only if in each session, source or
speaker's words that has it, that is the one full name there. What nothing decides stays two.

Embeddings propose nothing here that keys do not: among 10,059 entities of encyclopaedia articles, all 47 pairs with a
cosine above .85 that these rules accept have a key in common; the other 939 are mostly two ("HD 55" and "HD 56").

All here are pure functions of what is known of the names, so that writers in any order end with the same merges.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from graphmem.extract.first_names import MEN, WOMEN
from graphmem.model import Entity, normal_name

MOST = 32
"""A key that more entities have tells nothing, so that no decision looks at more of them."""

_TITLES: Mapping[str, str] = {
    **dict.fromkeys("mr mister sir".split(), "m"),  # noqa: SIM905
    **dict.fromkeys("mrs ms miss madam dame".split(), "f"),  # noqa: SIM905
    **dict.fromkeys(
        """
        dr doctor prof professor president senator sen representative rep governor gov mayor judge justice captain
        capt colonel col general gen major maj sergeant sgt lieutenant lt admiral commander minister chancellor
        ambassador secretary reverend rev
        """.split(),  # noqa: SIM905
        "",
    ),
}
"""Words before the name of a person that are no part of it, and whether they tell a man or a woman."""
_WITH_FIRST_NAME = frozenset({"sir", "dame"})
_SUFFIXES: Mapping[str, str] = {
    **dict.fromkeys(("inc", "incorporated"), "inc"),
    **dict.fromkeys(("ltd", "limited"), "ltd"),
    **dict.fromkeys(("corp", "corporation"), "corp"),
    **dict.fromkeys(("co", "company"), "co"),
    **{form: form for form in ("plc", "llc", "gmbh", "ag", "nv", "bv")},
}
"""Words after the name of a company that are no part of it; those of one form mean the same."""
_WORDS_TOO = frozenset({"corporation", "company", "co", "limited"})
"""Suffixes that make a name of their own too: the East India Company is not East India."""
_SMALL = frozenset("a an and at de for in of on the to".split())  # noqa: SIM905
_JOINING = frozenset("and for of the with".split())  # noqa: SIM905
"""Words that no name of one person has."""
_OWNED = re.compile(r"['’]s ")
_LETTERS = re.compile(r"[^\W\d_]+")
_ACRONYM = re.compile(r"(?:[A-Z]\.? ?){2,6}")
_ANY = frozenset({"MISC", "CONCEPT"})
"""Types that say nothing against another."""
LONG_WORD = 8
"""In a word of so many letters one letter may be wrong, if the whole name has ..."""
LONG_NAME = 16
"""... so many."""

Reason: TypeAlias = Literal["alias", "title", "suffix", "spelling", "initials", "short name"]


class Scene(NamedTuple):
    """Where an entity was named: in which session, in which source, and who spoke there or was spoken to."""

    session: object
    source: object
    people: frozenset[object]


class Bond(NamedTuple):
    """What speaks for a name being short for another."""

    reason: Reason
    local: bool = False
    """Whether it counts only where nothing else fits."""
    sure: bool = True
    """Whether it is enough; if not, it only speaks against others."""


class Merge(NamedTuple):
    """Which entity another one is, and why."""

    into: str
    because: str


class _Name(NamedTuple):
    normal: str
    words: tuple[str, ...]
    """Of the normal form, without title and suffix."""
    parts: tuple[str, ...]
    """What stands between spaces, so that a double name is one: of a person's name, without title; () if it is none."""
    title: str
    suffix: str
    acronym: bool
    proper: bool
    """Whether it has a capital wherever a name has one."""


@lru_cache(maxsize=65536)
def _read(name: str) -> _Name:
    normal = normal_name(name)
    words, title, suffix = normal.split(" "), "", ""
    parts = [normal_name(part) for part in name.split()]
    while len(words) > 1 and words[0] in _TITLES and words[1] not in _SMALL:
        title = title or words[0]
        words, parts = words[1:], parts[1:]
    while len(words) > 1 and words[-1] in _SUFFIXES:
        suffix = suffix or words[-1]
        words = words[:-1]
    if _OWNED.search(name) or not _JOINING.isdisjoint(words) or not all(part[:1].isalpha() for part in parts):
        parts = []
    proper = all(word[0].isupper() for word in _LETTERS.findall(name) if word not in _SMALL)
    acronym = _ACRONYM.fullmatch(name.strip()) is not None
    return _Name(normal, tuple(words), tuple(parts), title, suffix, acronym, proper)


def fullness(entity: Entity) -> tuple[int, bool, int, str]:
    """Return what names are ordered by: a name is merged only into one that is fuller, so that no circle can close."""
    name = _read(entity.name)
    return len(name.words), not name.title, len(name.normal), name.normal


def _normals(entity: Entity) -> set[str]:
    return {normal_name(name) for name in (entity.name, *entity.names)}


def _initials(words: Iterable[str]) -> str:
    return "".join(word[0] for word in words)


def _may_be_person(entity: Entity, name: _Name) -> bool:
    return entity.type == "PERSON" or (entity.type in _ANY and 1 < len(name.parts) < 4 and name.proper)


def carried(entity: Entity) -> set[str]:
    """Return the keys under which an entity is found by shorter and other forms of its name.

    >>> from datetime import datetime
    >>> ravi = Entity(group_id="g", name="Ravi K. Menon", type="PERSON", created_at=datetime(2023, 1, 1))
    >>> sorted(carried(ravi))
    ['menon', 'r menon', 'ravi', 'ravi k menon', 'ravi menon']
    """
    name = _read(entity.name)
    words, parts = name.words, name.parts
    keys = _normals(entity) | {" ".join(_read(form).words) for form in (entity.name, *entity.names)}
    if _may_be_person(entity, name) and len(parts) > 1:
        keys |= {parts[0], parts[-1], f"{parts[0][0]} {parts[-1]}", f"{parts[0]} {parts[-1]}"}
    if entity.type != "PERSON" and len(words) > 1:
        keys |= _acronyms(words)
    return keys | _skeleton(entity, words)


def asked(entity: Entity) -> set[str]:
    """Return the keys under which a fuller name for an entity is looked for.

    >>> from datetime import datetime
    >>> asked(Entity(group_id="g", name="Mr. Menon", type="PERSON", created_at=datetime(2023, 1, 1))) == {
    ...     "mr menon", "menon"}
    True
    """
    name = _read(entity.name)
    keys = {form for form in _normals(entity) if entity.type != "PERSON" or " " in form}
    return keys | {name.normal, " ".join(name.words)} | _skeleton(entity, name.words)


def _acronyms(words: tuple[str, ...]) -> set[str]:
    telling = [word for word in words if word not in _SMALL]
    return {_initials(words), _initials(telling)} if len(telling) > 1 else set()


def _skeleton(entity: Entity, words: tuple[str, ...]) -> set[str]:
    """The key of names that are spelt in different ways: what few slips and no abbreviations touch."""
    if entity.type == "PERSON" or len(words) < 3:
        return set()
    return {f"#{_initials(words)} {words[0][:3]} {words[-1][:3]}"}


def bond(short: Entity, full: Entity) -> Bond | None:
    """Return what speaks for `short` being `full`, if it is less full and anything does."""
    if fullness(short) >= fullness(full) or short.alone:
        return None
    if not _compatible(short, full):
        return None
    one, other = _read(short.name), _read(full.name)
    people = "PERSON" in (short.type, full.type)
    alias = one.normal in _normals(full) or other.normal in _normals(short)
    if alias and not (people and len(one.parts or one.words) == 1):
        return Bond("alias")
    if one.words == other.words and (reason := _same_but_for(one, other, short, full)):
        return reason
    if people:
        return _person(one, other, short, full, alias=alias)
    if one.acronym and one.normal in _acronyms(other.words):
        return Bond("initials", local=True)
    return Bond("spelling") if one.proper and other.proper and _respelt(one, other) else None


def _compatible(one: Entity, other: Entity) -> bool:
    return one.type == other.type or not _ANY.isdisjoint((one.type, other.type))


def _same_but_for(one: _Name, other: _Name, short: Entity, full: Entity) -> Bond | None:
    """Compare what stands before and after one and the same name."""
    types = {short.type, full.type}
    if one.title or other.title:
        genders = {_TITLES[title] for title in (one.title, other.title) if title} - {""}
        if "PERSON" not in types or one.suffix or other.suffix or len(genders) > 1:
            return None
        return Bond("title", local=True, sure=not genders) if len(one.words) == 1 else Bond("title")
    if "ORG" not in types or not (one.proper and other.proper):
        return None
    if one.suffix and other.suffix and _SUFFIXES[one.suffix] != _SUFFIXES[other.suffix]:
        return None
    if types != {"ORG"} and {one.suffix, other.suffix} & _WORDS_TOO:
        return None
    return Bond("suffix", local=types != {"ORG"} and len(one.words) == 1)


def _person(one: _Name, other: _Name, short: Entity, full: Entity, *, alias: bool) -> Bond | None:
    """Compare a part of a person's name with the whole: first name, surname, initial, a middle name left out."""
    if short.type != "PERSON" or other.title or len(other.parts) < 2 or not one.parts:
        return None
    first, last, own = other.parts[0], other.parts[-1], one.parts[0]
    sure = full.type == "PERSON"
    if len(one.parts) == 1:
        if own not in (first, last) and not alias:
            return None
        if one.title:
            sure &= (own == first) == (one.title in _WITH_FIRST_NAME) and _fits(_TITLES[one.title], first)
        elif own != first:
            sure &= own not in MEN | WOMEN
        elif not sure and first not in MEN | WOMEN:
            return None
    elif len(one.parts) == 2 and one.parts[-1] == last:
        if own not in (first, first[0]):
            return None
        sure &= _fits(_TITLES.get(one.title, ""), first)
    else:
        return None
    return Bond("short name", local=True, sure=sure)


def _fits(gender: str, first: str) -> bool:
    """Does a title that tells a man or a woman go with a first name? Only if that tells the same."""
    return not gender or first in (MEN if gender == "m" else WOMEN)


def _respelt(one: _Name, other: _Name) -> bool:
    """Are these one long name with words cut short, or one letter wrong in a long word?"""
    if len(one.words) != len(other.words) or len(one.words) < 3:
        return False
    pairs = [(a, b) for a, b in zip(one.words, other.words, strict=True) if a != b]
    slips = [(a, b) for a, b in pairs if not _cut(a, b)]
    if any(letter.isdigit() for pair in pairs for word in pair for letter in word) or len(pairs) > 2:
        return False
    return not slips or (len(slips) == 1 and sum(map(len, one.words)) >= LONG_NAME and _slip(*slips[0]))


def _cut(one: str, other: str) -> bool:
    """Is a word an abbreviation of another: "inst" of "institute", "dept" of "department"?"""
    short, full = sorted((one, other), key=len)
    if not 3 <= len(short) <= min(5, len(full) - 3):
        return False
    return full.startswith(short) or (len(short) > 3 and full.startswith(short[:-1]) and full[-1] == short[-1])


def _slip(one: str, other: str) -> bool:
    """Do two long words differ in one letter: changed, left out, or two of them exchanged?"""
    if min(len(one), len(other)) < LONG_WORD or one[0] != other[0] or abs(len(one) - len(other)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    if len(one) == len(other):
        swapped = one[start + 1 : start + 2] + one[start : start + 1] + one[start + 2 :]
        return one[start + 1 :] == other[start + 1 :] or swapped == other[start:]
    short, long = sorted((one, other), key=len)
    return short[start:] == long[start + 1 :] and long != f"{short}s"


def choose(
    short: Entity, found: Collection[Entity], bonds: Mapping[str, Bond], scenes: Mapping[str, Collection[Scene]]
) -> Merge | None:
    """Decide which of the fuller entities that were found `short` is, if it can be one alone.

    `bonds` and `scenes` are by uuid; scenes are needed of `short` and of those with a local bond. What names alone
    decide comes first, then where they occur, then spelling.
    """
    onward = {one.uuid: one.merged_into for one in found if one.merged_into in bonds}

    def last(uuid: str) -> str:
        while (into := onward.get(uuid)) is not None:
            uuid = into
        return uuid

    by_name = {last(uuid) for uuid, known in bonds.items() if not known.local and known.reason != "spelling"}
    if len(by_name) == 1:
        [into] = by_name
        reasons = sorted(known.reason for uuid, known in bonds.items() if not known.local and last(uuid) == into)
        return Merge(into, reasons[0])
    local = [uuid for uuid, known in bonds.items() if known.local]
    there = _there(scenes.get(short.uuid, ()), {uuid: scenes.get(uuid, ()) for uuid in local})
    if there and len({last(uuid) for uuid in there}) == 1 and all(bonds[uuid].sure for uuid in there):
        return Merge(last(min(there)), bonds[min(there)].reason)
    spelt = {last(uuid) for uuid, known in bonds.items() if known.reason == "spelling"}
    return Merge(min(spelt), "spelling") if len(spelt) == 1 and not by_name else None


def _there(own: Collection[Scene], scenes: Mapping[str, Collection[Scene]]) -> set[str]:
    """Return who is there in the scenes of a short name: in the same session, else source, else with the same people.

    None at all, if a scene has nobody.
    """
    sessions = {uuid: {scene.session for scene in theirs} for uuid, theirs in scenes.items()}
    sources = {uuid: {scene.source for scene in theirs} for uuid, theirs in scenes.items()}
    people = {uuid: {who for scene in theirs for who in scene.people} for uuid, theirs in scenes.items()}
    there: set[str] = set()
    for scene in set(own):
        near = (
            {uuid for uuid, known in sessions.items() if scene.session and scene.session in known}
            or {uuid for uuid, known in sources.items() if scene.source and scene.source in known}
            or {uuid for uuid, known in people.items() if scene.people & known}
        )
        if not near:
            return set()
        there |= near
    return there
