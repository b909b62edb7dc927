"""Which time belongs to which clause, and from it when an event happened and when a fact held."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from graphmem.extract.arguments import Arguments, span_words
from graphmem.extract.clauses import Clause, Clauses
from graphmem.extract.timex import find
from graphmem.model import Granularity, TimeExpression

_APART = frozenset("about of for than like after before since until till following".split())  # noqa: SIM905
"""A time below a noun with such a preposition does not date the verb above: "a book about 1968"."""
_HAS = frozenset({"has", "have", "'ve", "’ve", "'s", "’s"})
_DEADLINE = re.compile(r"by|no later", re.IGNORECASE)
"""How a time begins until when something is to happen; it does not end then."""
RESCHEDULING = frozenset(
    """
    move postpone reschedule push bring shift delay defer advance put change pull extend slip slide
    """.split()  # noqa: SIM905
)
"""Verbs that tell a new date of something; neither that nor the old one is when it was moved."""
_NEW_DATE = frozenset({"to", "until", "till", "for", "from"})
_RANGE = re.compile(r"from |between |.*(?:[-–—]|\b(?:to|until|till|through)\b)", re.IGNORECASE)


class When:
    """The times of one text, by the clause that they date."""

    def __init__(
        self, arguments: Arguments, clauses: Clauses, times: Sequence[TimeExpression], reference_time: datetime
    ) -> None:
        self.now = reference_time
        self._words: set[int] = set()
        self._dating: dict[int, list[TimeExpression]] = {}
        self._below: dict[int, TimeExpression] = {}
        self._instead: set[int] = set()
        self._tree = tree = arguments.tree
        for time in times:
            words = span_words(tree, (time.start, time.end))
            self._words.update(words)
            head = next((i for i in words if tree.heads[i] not in words or tree.heads[i] == i), None)
            lasting = time.relation == "duration" and time.text.lower().startswith("for ")
            if head is None or not (time.valid_at or time.invalid_at or lasting) or _aside(arguments.text, time):
                continue
            if time.relation == "at" and tree.pos[tree.heads[head]] in ("NOUN", "PROPN"):
                self._below.setdefault(_noun(arguments, tree.heads[head]), time)
            owner = clauses.owner.get(head, -1)
            if owner < 0 and tree.heads[head] == head:
                owner = self._continued(clauses, words)
                if owner >= 0:
                    self._dating.setdefault(owner, []).append(time)
                    continue
            if owner in words:  # the time itself was read as a predicate
                owner = clauses.owner.get(tree.heads[owner], -1) if tree.heads[owner] != owner else -1
            if owner >= 0 and tree.denied(head):  # "in June, not in May"
                self._instead.add(owner)
            elif owner >= 0 and self._moved(clauses, head, owner, words):
                continue
            elif owner >= 0 and self._dates(arguments, head, owner, words):
                self._dating.setdefault(owner, []).append(time)

    def _moved(self, clauses: Clauses, word: int, owner: int, own: range) -> bool:
        """Is a time the old or the new date of what is moved: "the meeting on Friday was moved to Monday"?"""
        clause, tree = clauses.at[owner], self._tree
        if clause.verb.split(" ")[0] not in RESCHEDULING or tree.heads[word] == word:
            return False
        moved = clause.subjects if clause.passive or not clause.objects else clause.objects
        begins = tree.lower[own.start]
        return tree.heads[word] in moved or begins == "from" or tree.case(word) in _NEW_DATE

    @staticmethod
    def _dates(arguments: Arguments, word: int, owner: int, own: range) -> bool:
        """Does a time below a clause date the clause, and not just a noun in it ("a book about 1968")?"""
        tree = arguments.tree
        for _ in range(6):
            if word == owner:
                return True
            apart = tree.deps[word].startswith(("nmod", "obl")) and tree.case(word) in _APART
            if apart and word not in own and tree.case(word) == "of" and arguments.names.at(word) is not None:
                apart = (
                    tree.child(tree.heads[word], "cop") is None
                )  # "was a member of the Chess Club from 1992 to 1995"
            if apart and not any(c in own for c in tree.all(word, "case")):  # "for five years" has its own "for"
                return False
            word = tree.heads[word]
        return False

    def _continued(self, clauses: Clauses, words: range) -> int:
        """The clause that a time opens, where the parser saw a sentence of its own: "Yesterday I met Paul"; or -1."""
        tree = self._tree
        if words.stop >= len(tree) or tree.words[words.stop - 1][-1:] in ".!?":
            return -1
        end = tree.sentences[bisect_right(tree.sentences, (words.start, len(tree))) - 1][1]
        inside = all(i in words or tree.deps[i] in ("case", "advmod", "punct") for i in range(words.start, end))
        if end != words.stop or not inside or end not in clauses.owner:
            return -1
        return clauses.owner[end]

    def below(self, noun: int) -> TimeExpression | None:
        """The time that a noun carries: "the wedding in June 2010"."""
        return self._below.get(noun)

    def is_time(self, word: int) -> bool:
        """Is this word part of a time expression?"""
        return word in self._words

    def of(self, clause: Clause, near: int | None = None) -> TimeExpression | None:
        """The time that dates a clause most finely; of several apart, the one behind the word `near`.

        "Lived in Rome from 2001 to 2005 and in Oslo from 2006 to 2011": each place has its own.
        """
        times = [
            *self._dating.get(clause.head, []),
            *self._dating.get(-1 if clause.phase is None else clause.phase, []),
        ]
        points = [time for time in times if time.relation == "at" and time.valid_at is not None]
        if near is not None and len(points) > 1 and _apart(points):
            behind = [time for time in points if time.start > self._tree.starts[near]]
            return min(behind, key=lambda time: time.start, default=points[-1])
        return min(points, key=_length, default=None)

    def limits(self, clause: Clause) -> list[TimeExpression]:
        """The "since" and "until" of a clause."""
        return [
            time
            for time in self._dating.get(clause.head, [])
            if time.relation in ("since", "until") and not _DEADLINE.match(time.text)
        ]

    def validity(
        self, clause: Clause, *, stative: bool, near: int | None = None
    ) -> tuple[datetime | None, datetime | None, Granularity | None]:
        """From when until when a fact held, as far as the clause states it."""
        valid_at: datetime | None = None
        invalid_at: datetime | None = self.now if clause.habit else None
        granularity: Granularity | None = None
        if clause.habit and (
            clause.phase is not None or clause.tense == "present"
        ):  # "no longer works", "stopped working"
            ends = [time for time in self.limits(clause) if time.relation == "since"]
            end = self.of(clause) or next(iter(ends), None)
            if end is not None and end.valid_at is not None and (clause.phase is not None or ends):
                return None, end.valid_at, end.granularity
            return None, invalid_at, None
        for time in self.limits(clause):
            if time.relation == "since":
                valid_at, granularity = time.valid_at, time.granularity
            elif stative or time.valid_at is not None:  # "left before 2014" does not end then
                invalid_at, granularity = time.invalid_at, time.granularity
        if (begun := self.begun(clause, stative=stative)) is not None and valid_at is None:
            valid_at, granularity = begun.valid_at, begun.granularity
        point = self.of(clause, near)
        if point is not None and valid_at is None:
            valid_at, granularity = point.valid_at, point.granularity
            if invalid_at is None and (
                _RANGE.match(point.text)
                or (stative and clause.tense == "past" and not (clause.perfect or clause.began))
            ):
                invalid_at = point.invalid_at
        return valid_at, invalid_at, granularity

    def still(self, clause: Clause) -> bool:
        """Is it told in the perfect and holds still: "has lived there since 2010", "has been a member"?"""
        tree = self._tree
        auxiliaries = {tree.lower[c] for c in tree.all(clause.head, "aux", "aux:pass", "cop")}
        if not clause.perfect or _HAS.isdisjoint(auxiliaries):
            return False
        always = any(tree.lower[c] in ("always", "life") for c in tree.children[clause.head])
        since = always or any(limit.relation == "since" for limit in self.limits(clause))
        was = clause.copular and not clause.negated and self.of(clause) is None and tree.case(clause.head) != "to"
        return since or self.begun(clause, stative=True) is not None or clause.progressive or was

    def not_since(self, clause: Clause) -> TimeExpression | None:
        """Since when it is no more so: "has not lived in Rome since 2010"."""
        if not (clause.negated and clause.perfect) or clause.habit:
            return None
        return next((limit for limit in self.limits(clause) if limit.relation == "since" and limit.valid_at), None)

    def ranges(self, clause: Clause) -> bool:
        """Does it tell from when until when: "was closed from May to June", "was closed until May"?"""
        point = self.of(clause)
        return bool(self.limits(clause)) or (point is not None and _RANGE.match(point.text) is not None)

    def instead(self, clause: Clause) -> bool:
        """Does it tell another time than one that it denies: "in June, not in May"?"""
        return clause.head in self._instead

    def begun(self, clause: Clause, *, stative: bool) -> TimeExpression | None:
        """Since when it is so: "has lived there for five years", "has been closed for a month"."""
        tree = self._tree
        auxiliaries = {tree.lower[c] for c in tree.all(clause.head, "aux", "aux:pass", "cop")}
        if not clause.perfect or _HAS.isdisjoint(auxiliaries) or not (stative or "been" in auxiliaries):
            return None
        lasting = (time for time in self._dating.get(clause.head, []) if time.relation == "duration")
        return next((begun for time in lasting for begun in find(f"{time.text[4:]} ago", self.now)), None)


def _noun(arguments: Arguments, word: int) -> int:
    """The noun that a time tells of: in "the death of Ann Berg in 1990" it may hang on the name."""
    tree = arguments.tree
    while tree.deps[word] == "nmod" and arguments.names.at(word) is not None and tree.pos[tree.heads[word]] == "NOUN":
        word = tree.heads[word]
    return word


def _apart(times: Sequence[TimeExpression]) -> bool:
    """Do times follow each other without overlap?"""
    spans = sorted((time.valid_at, time.invalid_at) for time in times if time.valid_at and time.invalid_at)
    return len(spans) == len(times) and all(one[1] <= other[0] for one, other in pairwise(spans))


def _length(time: TimeExpression) -> float:
    if time.valid_at is None or time.invalid_at is None:
        return float("inf")
    return (time.invalid_at - time.valid_at).total_seconds()


def _aside(text: str, time: TimeExpression) -> bool:
    """Does it stand in brackets, as the years of a life do?"""
    before = text[max(0, time.start - 60) : time.start]
    return before.rfind("(") > before.rfind(")")
