"""What a question asks for, read with the graph's own dictionary: names, people, keywords and times. No parser."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from graphmem.graph.lexical import STOP_WORDS, capitalised_runs, plain, stem, terms, words
from graphmem.model import normal_name
from graphmem.recall.answers import Answer, asked
from graphmem.recall.tables import EpisodeTable, Names, moment
from graphmem.recall.times import Beside, Window, beside, order, times_in

LONGEST = 2000
"""So many words of a question are read; what follows is ignored."""

YOU = ("you", "your")
"""What people are in what is compared with embeddings."""

LONGEST_NAME = 6
"""Names of up to so many words are looked for in the dictionary."""

SHORTEST, LONG = 5, 9
"""So many letters has a word whose misspelling is put right; in so many there may be two slips."""

MISSPELT = 4
"""So many unknown words of a question are looked up among the names."""

_WORD = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")
_LETTERS = re.compile(r"(?<!\w)[^\W\d_]+(?!\w)")
_CAPITAL_ANYWHERE = frozenset("I I'm I'd I'll I've I’m I’d I’ll I’ve".split())  # noqa: SIM905
_POSSESSIVE = re.compile(r"['’]s?(?=\W|$)")
_MANY = re.compile(
    r"\b(?:has|have|both|how many|(?:kinds?|types?) of|what (?:are|were)"
    r"|(?:what|which)(?: (?!is\b|was\b|does\b)\w+){0,2} (?!is\b|was\b|does\b)\w\w+s)\b",
    re.IGNORECASE,
)


class Name(NamedTuple):
    """A name in the question: where it stands, which numbers it may have, and the speakers that it may mean."""

    start: int
    end: int
    numbers: tuple[int, ...]
    speakers: tuple[int, ...]


@dataclass(frozen=True)
class Question:
    """A question as the ranking sees it."""

    text: str
    """What was asked, misspelt names put right."""
    terms: tuple[str, ...]
    names: tuple[Name, ...]
    asked: Answer
    """What kinds of answers it asks for."""
    many: bool
    """Whether it asks for several things."""
    windows: tuple[Window, ...]
    """The times that it names, as seconds since 1970."""
    timed: tuple[tuple[int, int], ...]
    """Where those stand in it."""
    beside: Beside | None
    """What it asks for something before or after."""
    order: int
    """1 if it asks for the latest of several, -1 for the earliest, else 0."""

    @property
    def when(self) -> bool:
        """Whether it asks for a time."""
        return Answer.TIME in self.asked

    @property
    def people(self) -> list[int]:
        """The speakers that are named."""
        return sorted({speaker for name in self.names for speaker in name.speakers})

    @property
    def foreign(self) -> bool:
        """Whether it names something, and nobody who speaks: what somebody says rarely leads over a second episode."""
        return bool(self.names) and not self.people

    @property
    def numbers(self) -> NDArray[np.int32]:
        """The numbers of all its names."""
        return np.array(sorted({number for name in self.names for number in name.numbers}), np.int32)

    def without(self, gone: Collection[Name], *, instead: tuple[str, str] = ("", "")) -> str:
        """Return the question with some of its names cut out, as `cut` does."""
        return cut(self.text, [(name.start, name.end) for name in gone], instead=instead)

    @property
    def dense(self) -> str:
        """What is compared with embeddings: people are nodes of the graph, and here no more than "you" and "your"."""
        return self.without([name for name in self.names if name.speakers], instead=YOU)


def cut(text: str, spans: Collection[tuple[int, int]], *, instead: tuple[str, str] = ("", "")) -> str:
    """Return a question with some names cut out of it; the whole question if nothing else is left.

    A name gives way to the first of `instead`, a possessive one to the second.
    """
    parts, rest, at = [], [], 0
    for start, end in sorted(spans):
        possessive = _POSSESSIVE.match(text, end)
        rest.append(text[at:start])
        parts += [rest[-1], instead[bool(possessive)]]
        at = possessive.end() if possessive else end
    rest.append(text[at:])
    return " ".join("".join([*parts, rest[-1]]).split()) if words(" ".join(rest)) else text


def addressing(text: str, people: Collection[str]) -> str:
    """Return a question in which people, given by the normal forms of their names, are no more than "you" and "your".

    >>> addressing("What is Ada Lovelace's plan for Ben?", ["ada lovelace", "ben"])
    'What is your plan for you?'
    """
    return cut(text, list(_spans(text, lambda form, _: form in people)), instead=YOU)


def _spans(text: str, known: Callable[[str, list[str]], bool]) -> Iterator[tuple[int, int]]:
    """Yield where names stand in a text, without their 's: the longest that are known by normal form and words."""
    matches = list(_WORD.finditer(text))
    heads = [match.group() for match in matches]
    forms = [normal_name(head) for head in heads]
    at = 0
    while at < len(matches):
        most = 0 if plain(matches[at].group()) in STOP_WORDS else min(LONGEST_NAME, len(matches) - at)
        lengths = (n for n in range(most, 0, -1) if known(" ".join(forms[at : at + n]), heads[at : at + n]))
        length = next(lengths, 0)
        if length:
            last = matches[at + length - 1]
            yield matches[at].start(), last.end() - 2 * last.group().endswith(("'s", "’s"))
        at += max(1, length)


def read(text: str, *, names: Names, episodes: EpisodeTable, reference_time: datetime | None = None) -> Question:
    """Read a question with the names and speakers that the memory knows; misspelt ones are put right in its text."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    for count, match in enumerate(_WORD.finditer(text)):
        if count == LONGEST:
            text = text[: match.start()]
            break
    cased = _cased(text)
    text = _spelled(text, names, episodes, cased=cased)
    times = times_in(text, _years(episodes), reference_time)
    spans = [(run.start, run.end) for run in capitalised_runs(text)] if cased else []
    spans += _known(text, names, episodes, cased=cased)
    found = []
    for start, end in _merged(spans):
        if any(first <= start and end <= last for first, last in times.spans):
            continue  # "May 2023" is no name
        form = normal_name(text[start:end])
        found.append(Name(start, end, tuple(names.meant(form)), tuple(episodes.speakers.called(form))))
    return Question(
        text=text,
        terms=tuple(dict.fromkeys(terms(text))),
        names=tuple(found),
        asked=asked(text),
        many=_MANY.search(text) is not None,
        windows=times.windows,
        timed=times.spans,
        beside=beside(text),
        order=order(text),
    )


def _cased(text: str) -> bool:
    """Do capitals tell the names in a text? Not if there are none, or if all words have one, stop words too."""
    heads = [match.group() for match in _WORD.finditer(text)]
    if not any(word[0].isupper() for word in heads if word not in _CAPITAL_ANYWHERE):
        return False
    return any(word[0].islower() for word in heads) or not any(plain(word) in STOP_WORDS for word in heads[1:])


def _spelled(text: str, names: Names, episodes: EpisodeTable, *, cased: bool) -> str:
    """Put right the words that the memory does not know and that one name in it is nearly alike to."""
    matches = list(_LETTERS.finditer(text))
    forms = ["", *(plain(match.group()) for match in matches), ""]
    parts, at, tried = [], 0, 0
    for match, before, word, after in zip(matches, forms, forms[1:], forms[2:], strict=False):
        right = None
        if not word or word in STOP_WORDS:  # some letters are accents and nothing else, such as "ﾞ"
            continue
        if word[-1] == "s" and episodes.speakers.called(word[:-1]):
            right = None if word in names.spelling else word[:-1] + ("" if after == "s" else "'s")
        elif (
            len(word) >= SHORTEST
            and tried < MISSPELT
            and (match.group()[0].isupper() or not cased)
            and not (_heard(word, episodes) or word in names.spelling)
        ):
            tried += 1
            right = _nearest(word, (before, after), names, episodes, cased=cased)
        if right:
            parts += [text[at : match.start()], _like(match.group(), right)]
            at = match.end()
    return "".join([*parts, text[at:]])


def _nearest(word: str, beside: tuple[str, str], names: Names, episodes: EpisodeTable, *, cased: bool) -> str | None:
    """The name that a misspelt word is nearest to, if there is just one that fits the words beside it best."""
    near: list[str] = []
    for edits in (1, 2) if len(word) >= LONG else (1,):
        near = near or [known for known in names.spelling.near(word, edits=edits) if _heard(known, episodes)]
    before, after = beside
    fitting = [known for known in near if {f"{before} {known}", f"{known} {after}"} & names.numbers.keys()]
    near = fitting or [known for known in near if known[0] == word[0]] or near
    if len(near) != 1 or not (cased or fitting or _mostly_name(near[0], names, episodes)):
        return None
    return near[0]


def _heard(word: str, episodes: EpisodeTable) -> bool:
    """Does a word occur in some episode, or as what a speaker is called?"""
    known = episodes.lexicon.known([stem(word)])
    return bool(episodes.lexicon.incidence.frequency(known).any()) or bool(episodes.speakers.called(word))


def _like(written: str, word: str) -> str:
    """Give a word the capitals that another is written with."""
    return word.upper() if written.isupper() else word.capitalize() if written[0].isupper() else word


def _known(text: str, names: Names, episodes: EpisodeTable, *, cased: bool) -> list[tuple[int, int]]:
    """Find names that the memory knows; single words only if people, or if capitals do not tell."""

    def known(form: str, written: list[str]) -> bool:
        if len(written) > 1:
            speaks = cased and episodes.speakers.called(normal_name(written[0]))
            if speaks and not any(word[0].isupper() for word in written[1:]):
                return False  # "Tim support" in "Which team does Tim support?"
            return _is_there(form, names, episodes)
        return bool(episodes.speakers.called(form)) or (not cased and _mostly_name(form, names, episodes))

    return list(_spans(text, known))


def _is_there(form: str, names: Names, episodes: EpisodeTable) -> bool:
    """Does a normal form name something that is there, and was not deleted?"""
    number = names.numbers.get(form)
    if number is None:
        return False
    known = number in names.uuid or len(names.meant(form)) > 1 or episodes.names.frequency([number])[0] > 0
    return bool(known) or bool(episodes.speakers.called(form))


def _mostly_name(form: str, names: Names, episodes: EpisodeTable) -> bool:
    """Is a word, where it occurs, mostly a name?"""
    if form not in names.numbers:
        return False
    as_name = int(episodes.names.frequency([names.numbers[form]])[0])
    as_word = episodes.lexicon.incidence.frequency(episodes.lexicon.known(terms(form)))
    return 2 * as_name > int(as_word.sum())


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join spans that overlap."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _years(episodes: EpisodeTable) -> range:
    times = episodes.valid.values[episodes.alive.values]
    if not len(times):
        return range(0)
    return range(moment(times.min()).year, moment(times.max()).year + 1)
