"""Words: tokens, stems, capitalised runs, and an inverted index that grows with the memory and scores with BM25."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

import numpy as np
import Stemmer  # type: ignore[import-not-found, import-untyped, unused-ignore]
from numpy.typing import NDArray

from graphmem.graph.adjacency import Incidence
from graphmem.graph.columns import Column, Kept, Labels

STOP_WORDS = frozenset(
    """
    a about above after again against all also am an and any are aren't as at be because been before being below
    between both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during each
    either else ever every few for from further get gets got had hadn't haha has hasn't have haven't having he
    he'd he'll he's hello her here hers herself hey hi him himself his hmm how however i i'd i'll i'm i've if in
    into is isn't it it'd it'll it's its itself just let let's like may me might mine more most must my myself
    neither no nope nor not now of off oh ok okay on once one only onto or other our ours ourselves out over own
    per please really same shall she she'd she'll she's should shouldn't so some such than thank thanks that
    that's the their theirs them themselves then there there's these they they'd they'll they're they've this
    those though through to too under until up upon us very was wasn't we we'd we'll we're we've were weren't
    what what's when where which while who who's whom whose why will with within without won't would wouldn't
    wow yeah yep yes yet you you'd you'll you're you've your yours yourself yourselves
    """.split()  # noqa: SIM905
)
"""English words that name nothing and are not searched for."""

_CONNECTORS = frozenset(
    "al bin da de del della der des di do dos du e el et ibn la las le les los of the van von y &".split()  # noqa: SIM905
)
_ABBREVIATIONS = frozenset("dr fr gen gov hon jr lt messrs mr mrs ms mt no prof rep rev sen sgt sr st vs".split())  # noqa: SIM905
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_NAME_WORD = re.compile(r"[^\W_]+(?:['’.\-/&][^\W_]+)*|&")
_CAPITALISED, _CAPITALISED_ASCII = (
    re.compile(rf"{first}(?<![^\W_].)(?<![^\W_]['’.\-/&].)[^\W_]*(?:['’.\-/&][^\W_]+)*")
    for first in (r"[^\W\d_a-z]", "[A-Z]")
)
"""What may be capitalised among such words (other alphabets have small letters too), quickly found by its first one."""
_CAPITAL_ANYWHERE = frozenset("A An The I I'm I'd I'll I've I’m I’d I’ll I’ve".split())  # noqa: SIM905
_BETWEEN = {code: " " for code in range(128) if not chr(code).isalnum() and chr(code) != "'"}
_stem = lru_cache(maxsize=2**16)(Stemmer.Stemmer("english").stemWord)


def plain(text: str) -> str:
    """Lower-case `text` without accents and with straight apostrophes.

    >>> plain("Beyoncé’s")
    "beyonce's"
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """Split text into plain words, stop words included, a trailing possessive left out.

    >>> words("Zoë's friend didn't know.")
    ['zoe', 'friend', "didn't", 'know']
    """
    text = plain(text)
    if not text.isascii():
        return [word.removesuffix("'s") for word in _WORD.findall(text)]
    text = text.translate(_BETWEEN)  # which takes a third of the time
    if "'" not in text:
        return text.split()
    parts = (part.strip("'") for part in text.replace("''", " ").split())
    return [part.removesuffix("'s") for part in parts if part]


def stem(word: str) -> str:
    """Reduce one plain English word to its stem (Porter 2001, the Snowball English stemmer).

    >>> stem("conversations") == stem("conversation")
    True
    """
    return _stem(word)  # type: ignore[no-any-return, unused-ignore]


def terms(text: str) -> list[str]:
    """Return what a text is searched by: the stems of its words without stop words, in order and with repetitions.

    >>> terms("When did the children play?")
    ['children', 'play']
    """
    return [_stem(word) for word in words(text) if word not in STOP_WORDS]


class Span(NamedTuple):
    """Where a piece of text stands: `text[start:end]`."""

    start: int
    end: int
    text: str


def capitalised_runs(text: str) -> list[Span]:
    """Find the maximal runs of capitalised words, the cheapest guess at names.

    Small connecting words stay inside a run ("University of Oxford"); an article before it, a stop word that only
    begins the sentence and a possessive at its end are left out. A run never crosses a sentence end, except after an
    initial or a title ("Dr. Who").

    >>> [run.text for run in capitalised_runs("In 1998 Dr. Ann Lee left the University of Oxford's library for Rome.")]
    ['Dr. Ann Lee', 'University of Oxford', 'Rome']
    """
    runs: list[Span] = []
    run: list[re.Match[str]] = []
    held: list[re.Match[str]] = []  # connecting words, part of the run only if a capitalised word follows

    def close() -> None:
        while run and _no_start(run[0], text):
            run.pop(0)
        if run:
            start, end = run[0].start(), run[-1].end()
            end -= 2 * text[start:end].endswith(("'s", "’s"))
            runs.append(Span(start, end, text[start:end]))
        run.clear()
        held.clear()

    first = _CAPITALISED_ASCII if text.isascii() else _CAPITALISED
    end = at = 0
    while match := (_NAME_WORD if run else first).search(text, at):
        word, at = match.group(), match.end()
        if not run and not word[0].isupper():
            continue
        if run and not _joined(text[end : match.start()], (held or run)[-1].group()):
            close()
        if word[0].isupper() or (run and word[0].isdigit()):
            run += [*held, match]
            held.clear()
            if word.endswith(("'s", "’s")):
                close()
        elif run and word in _CONNECTORS and len(held) < 2:
            held.append(match)
        else:
            close()
        end = match.end()
    close()
    return runs


def _joined(gap: str, before: str) -> bool:
    """Can a run go on over this gap, after this word?"""
    if gap in (" ", "\u00a0"):
        return True
    return gap == ". " and (len(before) == 1 or before.lower() in _ABBREVIATIONS)


def _no_start(match: re.Match[str], text: str) -> bool:
    """Does a name not begin with this word, here?"""
    word = match.group()
    if not word[0].isupper():
        return True
    if plain(word) not in STOP_WORDS or (len(word) > 1 and word.isupper()):
        return False
    before = text[max(0, match.start() - 40) : match.start()].rstrip()[-1:]
    return word in _CAPITAL_ANYWHERE or not (before.isalnum() or before in {",", "'", "’", ")"})


class Lexicon(Kept):
    """An inverted index of texts, scored with BM25 (Robertson and Zaragoza 2009), that grows and shrinks cheaply.

    >>> lexicon = Lexicon()
    >>> lexicon.append([terms("red wine"), terms("white wine from Rome"), terms("red rain")])
    >>> [round(float(score), 2) for score in lexicon.scores(terms("wine in Rome"))]
    [0.5, 1.3, 0.0]
    >>> lexicon.hide([1])
    >>> lexicon.scores(terms("Rome")).tolist()
    [0.0, 0.0, 0.0]
    """

    def __init__(self, *, k1: float = 1.2, b: float = 0.75) -> None:
        self.k1, self.b = k1, b
        self.vocabulary = Labels()
        self.incidence = Incidence()
        self._lengths: Column[np.int32] = Column(np.int32)
        self._total = 0
        self._alive = 0

    def __len__(self) -> int:
        return len(self._lengths)

    def append(self, documents: Sequence[Sequence[str]]) -> None:
        """Append documents, each given by its terms (see `terms`)."""
        lengths = np.array([len(document) for document in documents], np.int64)
        numbers = np.array(self.vocabulary.numbered(chain.from_iterable(documents)), np.int64)
        entries, counts = np.unique(np.repeat(np.arange(len(lengths)) << 32, lengths) | numbers, return_counts=True)
        sizes = np.bincount(entries >> 32, minlength=len(lengths))
        self.incidence.extend(sizes, entries & 0xFFFFFFFF, np.minimum(counts, 65535))
        self._lengths.extend(lengths)
        self._total += int(lengths.sum())
        self._alive += len(lengths)

    def hide(self, rows: Sequence[int]) -> None:
        """Take documents out; their scores are 0 from now on. Each document may be hidden once."""
        self.incidence.hide(rows)
        self._total -= int(self._lengths.values[np.asarray(rows, np.intp)].sum())
        self._alive -= len(rows)

    def known(self, document: Iterable[str]) -> NDArray[np.int32]:
        """Return the numbers of those terms that some document has, each once, in order."""
        numbers = (self.vocabulary.numbers.get(term) for term in dict.fromkeys(document))
        return np.array([number for number in numbers if number is not None], np.int32)

    def rarity(self, numbers: NDArray[np.int32]) -> NDArray[np.float64]:
        """Return how rare some terms are, the rarest most; a negative number is a term that no document has."""
        frequency = np.where(numbers < 0, 0, self.incidence.frequency(np.maximum(numbers, 0)))
        rarity: NDArray[np.float64] = np.log1p((self._alive - frequency + 0.5) / (frequency + 0.5))
        return rarity

    def scores(self, query: Iterable[str]) -> NDArray[np.float32]:
        """Score every document against the terms of a question, shape (documents,); a term counts once."""
        numbers = self.known(query)
        mean = self._total / self._alive if self._total else 1.0
        longer = np.float32(self.k1 * self.b / mean) * self._lengths.values + np.float32(self.k1 * (1 - self.b))
        scores = np.zeros(len(self), np.float32)
        for number, rarity in zip(numbers, self.rarity(numbers).astype(np.float32), strict=True):
            for rows, times in self.incidence.runs(number):
                scores[rows] += rarity * np.float32(self.k1 + 1) * times / (times + longer[rows])
        scores[~self.incidence.alive] = 0
        return scores
