"""One block of context within a token budget: what was found, in order of time, with dates, speakers and citations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from math import log
from numbers import Real

from graphmem.errors import InvalidInput
from graphmem.graph.lexical import terms
from graphmem.recall.constants import CONSTANTS, Constants
from graphmem.results import Context, Hit, Hits, period

Count = Callable[[str], int]
"""How many tokens a text has."""

Span = tuple[int, int]
"""Where a sentence begins and ends in its text."""

_FIRST = datetime.min.replace(tzinfo=timezone.utc)
_NUMBER = 10
"""The citation mark that a line is counted with."""

_AROUND = 20
"""Characters that a line has beside its text, about."""

_MISSES = 20
"""So many that do not fit are passed over before the block counts as full."""


@dataclass
class _Line:
    """One hit of the block, whole or cut to some of its sentences."""

    hit: Hit
    said: str
    mark: str = ""
    """What of it is over, and until when it was true."""
    cost: int = 0
    """How many tokens it takes, alone."""

    @property
    def whole(self) -> bool:
        return self.said == self.hit.text

    @property
    def heading(self) -> tuple[str, str | None]:
        """What the line stands under: a title or a day, and which session of that day."""
        hit = self.hit
        if hit.kind != "episode":
            return "Known:", None
        when = hit.reference_time
        date = f"{when.day} {when:%B} {when.year}" if when else ""
        title = hit.metadata.get("title")
        if isinstance(title, str) and title.strip():
            title = " ".join(title.split())
            return (f"{title} ({date}):" if date else f"{title}:"), hit.session
        return f"{date}:" if date else "", hit.session

    def written(self, number: int) -> str:
        hit = self.hit
        if hit.kind == "episode":
            speaker = " ".join((hit.speaker or "").split())
            said, holds = f"{speaker}: {self.said}" if speaker else self.said, self.mark
        else:
            said, holds = self.said, period(hit.valid_at, hit.invalid_at)
        return f"[{number}] {said}" + (f" ({holds})" if holds else "")


def compose(
    episodes: Sequence[Hit],
    others: Sequence[Hit],
    *,
    positions: Mapping[str, int],
    marks: Mapping[str, str],
    sentences: Callable[[str], Sequence[Span]],
    count_tokens: Count,
    max_tokens: int,
    constants: Constants = CONSTANTS,
) -> Context:
    """Put what is worth most for its length into one block, then facts and events that no episode in it already says.

    Both come best first; a text that is there already is left out. An episode that would take more than a share of the
    budget is cut to its best sentences, which `sentences` tells for its uuid, best first, unless there is room for all
    of it in the end. `positions` tells where in its session an episode stands, `marks` what of it is over.
    `count_tokens` is any callable that counts; the block as a whole never counts more than `max_tokens`.
    """
    c = constants
    block = _Block(count_tokens, max_tokens, positions, marks)
    if max_tokens > 0:
        best = sorted(_distinct(episodes, marks), key=lambda hit: c.brief * log(len(hit.text) + _AROUND) - hit.score)
        block.fill(block.short(hit, sentences, most=c.share * max_tokens) for hit in best)
        block.restore()
        block.fill(block.line(hit) for hit in _distinct(others, marks) if not block.says(hit))
    return block.context()


class _Block:
    """The lines chosen so far and what they cost, taken one by one; what they count together is settled at the end."""

    def __init__(
        self, count_tokens: Count, max_tokens: int, positions: Mapping[str, int], marks: Mapping[str, str]
    ) -> None:
        self._count_tokens = count_tokens
        self._left = max_tokens
        self._max_tokens = max_tokens
        self._positions = positions
        self._marks = marks
        self._headings: set[tuple[str, str | None]] = set()
        self.lines: list[_Line] = []

    def _count(self, text: str) -> int:
        tokens = self._count_tokens(text)
        if not isinstance(tokens, Real):
            raise InvalidInput(f"count_tokens returned {tokens!r:.80}: it has to return a number")
        return tokens

    def line(self, hit: Hit, said: str | None = None) -> _Line:
        """Return a line that says a hit, with its cost."""
        line = _Line(hit, hit.text if said is None else said, self._marks.get(hit.uuid, ""))
        line.cost = self._count(line.written(_NUMBER) + "\n")
        return line

    def short(self, hit: Hit, sentences: Callable[[str], Sequence[Span]], *, most: float) -> _Line:
        """Return a line that says a hit, cut to its best sentences if it takes more than `most` tokens."""
        line = self.line(hit)
        if line.cost <= most:
            return line
        return self.line(hit, _cut(hit.text, sentences(hit.uuid), self._count, most))

    def fill(self, lines: Iterable[_Line]) -> None:
        """Take what fits, in the order given."""
        misses = 0
        for line in lines:
            cost = line.cost
            if line.heading not in self._headings:
                cost += self._count(line.heading[0] + "\n")
            if cost > self._left:
                misses += 1
                if misses > _MISSES:
                    break
                continue
            self._left -= cost
            self._headings.add(line.heading)
            self.lines.append(line)

    def restore(self) -> None:
        """Say in full what was cut, where there is room left."""
        for place, line in enumerate(self.lines):
            if not line.whole:
                whole = self.line(line.hit)
                if whole.cost - line.cost <= self._left:
                    self._left -= whole.cost - line.cost
                    self.lines[place] = whole

    def says(self, hit: Hit) -> bool:
        """Does a line already say this: the whole of an episode behind it, or all its words in what is left of one?"""
        words = set(terms(hit.text))
        return any(
            (line.whole or words.issubset(terms(line.said)))
            if line.hit.uuid in hit.episodes
            else _same(line.said) == _same(hit.text)
            for line in self.lines
        )

    def context(self) -> Context:
        """Return the block; what was taken last goes first if all of it together counts more than its parts."""
        lines = list(self.lines)
        while lines:
            text, citations = self._written(lines)
            tokens = self._count(text)
            if tokens <= self._max_tokens:
                return Context(text=text, hits=Hits([line.hit for line in lines]), citations=citations, tokens=tokens)
            lines.pop()
        return Context(text="", hits=Hits(), citations={}, tokens=0)

    def _written(self, lines: Sequence[_Line]) -> tuple[str, dict[str, str]]:
        """Write lines down in order of time, under a heading for each title, day and session, numbered from 1."""
        begins: dict[tuple[str, str | None], datetime] = {}
        for line in lines:
            time = line.hit.reference_time or _FIRST
            begins[line.heading] = min(time, begins.get(line.heading, time))

        def place(line: _Line) -> tuple[object, ...]:
            hit = line.hit
            day, session = line.heading
            at = self._positions.get(hit.uuid, 0)
            return hit.kind != "episode", begins[line.heading], day, session or "", hit.reference_time or _FIRST, at

        texts: list[str] = []
        citations: dict[str, str] = {}
        before: tuple[str, str | None] = ("", None)
        for number, line in enumerate(sorted(lines, key=place), start=1):
            day, session = line.heading
            if day and line.heading != before:
                again = day == before[0] and session is not None
                texts.append(f"{day[:-1]} {begins[line.heading]:%H:%M}:" if again else day)
            before = line.heading
            texts.append(line.written(number))
            if line.hit.episodes:
                citations[str(number)] = line.hit.episodes[0]
        return "\n".join(texts), citations


def _same(text: str) -> str:
    """Two texts are the same if only their white space and capitals differ."""
    return " ".join(text.split()).casefold()


def _distinct(hits: Sequence[Hit], marks: Mapping[str, str]) -> list[Hit]:
    """Return hits without those that say the same as one before, marked the same."""
    distinct: dict[tuple[str, str], Hit] = {}
    for hit in hits:
        distinct.setdefault((_same(hit.text), marks.get(hit.uuid, "")), hit)
    return list(distinct.values())


def _cut(text: str, sentences: Sequence[Span], count_tokens: Count, most: float) -> str:
    """Cut a text to as many of its sentences, best first, as have `most` tokens together, but at least to one."""
    kept: list[Span] = []
    spent = 0
    for start, end in sentences:
        spent += count_tokens(text[start:end])
        if kept and spent > most:
            break
        kept.append((start, end))
    said, at = "", 0
    for start, end in sorted(kept):
        gap = text[at:start]
        said += ("... " if not said else " ... ") if gap.strip() else gap
        said += text[start:end]
        at = end
    return said + (" ..." if text[at:].strip() else text[at:]) if kept else text
