"""Random histories: `python -m benchmarks.histories --count 10000`, what is told in any order against a naive model.

A history is a few texts that state facts of one-at-a-time states, of marriages and of likings: with and without starts
and ends, in the past and the present, denied, ended, corrected, decided, by two voices, told more than once, learned
late. Each is added to one memory in a random order and random batches, and to another all at once. It counts

`lost`      moments of learning after which what was known then of what held when is not what the naive model says, so
            that a version is missing or too many; and records that were put and are not there
`overlaps`  pairs of versions that hold at one time, and are believed at one time, though they exclude each other and
            are no rivals; and those that end before they start
`order`     histories of which the two memories do not have the same records
`export`    histories that are not the same, with every time stamp, after `export` and `import_`

The naive model (`naive`) looks at every moment of a small calendar, for each moment of learning, and asks who had the
last word. It defines one-at-a-time states of one holder, one statement a text, no two texts said at the same moment,
and nothing with the same dates told both in the past and in the present. What a history says beside that (marriages,
likings, people by two names, two statements in one text) is only checked for overlaps, order and export.
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta, timezone
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, NamedTuple

import click
import numpy as np

from graphmem.memory import Memory
from graphmem.model import Entity, Episode, Fact, Mention, Record, Session
from graphmem.store import open_store
from graphmem.store.contract import ChangeSet, Store

BEGIN = datetime(2020, 1, 1, tzinfo=timezone.utc)
MOMENTS = 24
"""The calendar has so many moments; what is told has its dates at every fourth, a midnight."""
NEVER = 10**6
NEWS = timedelta(days=366)


class Told(NamedTuple):
    """One statement; times are moments of the calendar."""

    text: int
    said: int
    learned: int
    voice: str
    subject: str
    predicate: str
    object: str
    slot: str | None = None
    holder: Literal["subject", "object", "both"] | None = None
    start: int | None = None
    end: int | None = None
    tense: Literal["past", "present"] = "present"
    negated: bool = False
    possible: bool = False
    corrects: bool = False
    ends: tuple[str, ...] = ()
    overrules: tuple[Any, ...] = ()
    """The statements, by number, that a decision found wrong."""


class History(NamedTuple):
    """What is told, and how long a moment of the calendar lasts."""

    told: tuple[Told, ...]
    pace: timedelta

    def at(self, moment: float) -> datetime:
        """Return when a moment of the calendar is."""
        return BEGIN + moment * self.pace


# Making histories


class _State(NamedTuple):
    """A state that its holder has one of, and the words for its values."""

    predicate: str
    slot: str
    holder: Literal["subject", "object"]
    ending: str
    held_by: str
    values: tuple[str, ...]

    def told(self, value: str, **more: Any) -> dict[str, Any]:
        ends = (self.held_by, value) if self.holder == "subject" else (value, self.held_by)
        return {"subject": ends[0], "object": ends[1], "predicate": self.predicate, "slot": self.slot, **more}


LIVE = _State("live in", "live in", "subject", "leave", "Ida Holm", ("Rome", "Oslo", "Bern"))
LEAD = _State("lead", "lead: ceo", "object", "step down from", "Acme", ("Ben Moss", "Eve Lund", "Kim Roth"))
VOICES = ("Ann", "Ben")


def random_history(draw: random.Random, *, most: int = 8) -> History:
    """Make a history of one state that the naive model defines, and at times of other things as well."""
    state = draw.choice((LIVE, LIVE, LEAD))
    count = draw.randint(2, most)
    others = draw.choice((0, 0, 1, 2)) if count > 2 else 0
    moments = draw.sample(range(MOMENTS), count)
    told: list[Told] = []
    for text, said in enumerate(moments):
        learned = said if draw.random() < 0.5 else draw.randrange(MOMENTS)
        base = {"text": text, "said": said, "learned": learned, "voice": draw.choice(VOICES)}
        if text >= count - others:
            told += [Told(**base, **one) for one in _aside(draw)]
        else:
            told.append(_statement(draw, state, base, told))
    return History(tuple(told), draw.choice((timedelta(hours=6), timedelta(days=10), timedelta(days=45))))


def _statement(draw: random.Random, state: _State, base: dict[str, Any], before: Sequence[Told]) -> Told:
    """Make one statement of a state: a new one, or one that was made before, by another text."""
    plain = [number for number, one in enumerate(before) if not one.overrules]
    if plain and draw.random() < 0.15:
        return before[draw.choice(plain)]._replace(**base)
    value = draw.choice(state.values)
    start, end = sorted(draw.sample(range(0, MOMENTS + 1, 4), 2))
    holds = state.told(value, **base, holder=state.holder)
    kinds: dict[str, Any] = {
        "says": (8, holds),
        "since": (3, {**holds, "start": start}),
        "began": (5, {**holds, "start": start, "tense": "past"}),
        "range": (4, {**holds, "start": start, "end": end, "tense": "past"}),
        "until": (2, {**holds, "end": end, "tense": "past"}),
        "still until": (1, {**holds, "end": end}),
        "once": (2, {**holds, "tense": "past"}),
        "perhaps": (1, {**holds, "possible": True}),
        "denied": (2, {**holds, "negated": True}),
        "never": (2, {**holds, "negated": True, "tense": "past"}),
        "corrected": (2, {**holds, "corrects": True}),
        "corrected since": (2, {**holds, "corrects": True, "start": start, "tense": "past"}),
        "left": (2, _leaving(state, value, base)),
        "left then": (2, {**_leaving(state, value, base), "start": start, "tense": "past"}),
        "never left": (1, {**_leaving(state, value, base), "negated": True, "tense": "past", "ends": ()}),
        "left all": (1, {**_leaving(state, value, base), "ends": (f"{state.slot} *",), "object": "town"}),
    }
    if state.holder == "object":
        del kinds["left all"]
    if plain:
        wrong = _as_fact(before[draw.choice(plain)])
        kinds["decided"] = (1, {**holds, "overrules": (list(map(_as_fact, before)).index(wrong),)})
    weights = [weight for weight, _ in kinds.values()]
    told = Told(**draw.choices([fields for _, fields in kinds.values()], weights)[0])
    return told._replace(tense=next((one.tense for one in before if _as_fact(one) == _as_fact(told)), told.tense))


def _leaving(state: _State, value: str, base: dict[str, Any]) -> dict[str, Any]:
    return {**state.told(value, **base), "predicate": state.ending, "slot": None, "ends": (state.slot,)}


def _aside(draw: random.Random) -> Iterator[dict[str, Any]]:
    """Make what one text says of other things: a marriage, likings, where somebody with two names lives."""
    start = draw.choice((None, 0, 8, 16))
    tense = draw.choice(("past", "present")) if start is not None else "present"
    dated = {"start": start, "tense": tense}
    who, whom = draw.sample(("Ada Wren", "Tom Hale", "Lea Voss"), 2)
    short = draw.choice(("Ravi Menon", "Ravi"))
    match draw.randrange(6):
        case 0 | 1:
            for subject, object in ((who, whom), (whom, who)):
                ends = {"subject": subject, "predicate": "be married to", "object": object}
                yield {**ends, "slot": "be married to", "holder": "both", **dated}
        case 2:
            yield {"subject": who, "predicate": "divorce", "object": whom, "ends": ("be married to",), **dated}
        case 3:
            yield {
                "subject": who,
                "predicate": "like",
                "object": "chess",
                "slot": "like",
                "negated": draw.random() < 0.3,
            }
        case 4:
            for place in draw.sample(("Pune", "Delhi"), draw.randint(1, 2)):
                place_of = {"subject": short, "predicate": "live in", "object": place}
                yield {**place_of, "slot": "live in", "holder": "subject", **dated}
        case _:
            yield {"subject": short, "predicate": "leave", "object": "Pune", "ends": ("live in",), **dated}


# Records of what is told


def records(history: History, group_id: str) -> list[list[Record]]:
    """Return what each text gives: its session, episode, entities and facts."""
    facts: list[Fact] = []
    texts: dict[int, list[Record]] = defaultdict(list)
    for one in history.told:
        base = {"group_id": group_id, "created_at": history.at(one.learned)}
        subject, object = (_entity(name, group_id) for name in (one.subject, one.object))
        said = [told for told in history.told if told.text == one.text]
        names = dict.fromkeys(name for told in said for name in (told.subject, told.object))
        text = f"{', '.join(names)}: text {one.text}"
        episode = Episode(
            **base,
            text=text,
            session="talk",
            speaker=one.voice,
            reference_time=history.at(one.said),
            mentions=tuple(
                Mention(entity=_entity(name, group_id).uuid, start=text.index(name), end=text.index(name) + len(name))
                for name in names
            ),
        )
        facts.append(
            Fact(
                **base,
                subject=subject.name,
                subject_uuid=subject.uuid,
                predicate=one.predicate,
                object=object.name,
                object_uuid=object.uuid,
                fact=f"{subject.name} {one.predicate} {object.name}",
                valid_at=None if one.start is None else history.at(one.start),
                invalid_at=None if one.end is None else history.at(one.end),
                negated=one.negated,
                modality="possible" if one.possible else "asserted",
                tense=one.tense,
                slot=one.slot,
                holder=one.holder,
                ends=one.ends,
                corrects=one.corrects,
                overrules=tuple(facts[number].uuid for number in one.overrules),
                episodes=(episode.uuid,),
            )
        )
        session = Session(group_id=group_id, created_at=BEGIN, name="talk")
        texts[one.text] += [session, episode, subject, object, facts[-1]]
    return list(texts.values())


def _entity(name: str, group_id: str) -> Entity:
    return Entity(
        group_id=group_id, created_at=BEGIN, name=name, names=(name,), type="PERSON" if " " in name else "MISC"
    )


# The naive model: the last word


class Mark(NamedTuple):
    """At a moment, a value holds or ends."""

    time: float
    value: str
    ends: bool = False
    stated: bool = False
    by: tuple[Told, ...] = ()
    """All sayings of the fact that tells so."""
    news: bool = False
    lasting: bool = False
    """Whether it is said to be so since then."""

    @property
    def told(self) -> float:
        """When news of it was told: of what is so since then, when it was last said."""
        return (max if self.lasting else min)(one.said for one in self.by)


def main_state(history: History) -> _State:
    """Return the state that the naive model looks at."""
    return LEAD if any(LEAD.held_by in (one.subject, one.object) for one in history.told) else LIVE


def naive(history: History) -> dict[int, dict[float, set[str]]]:
    """Return for each moment of learning which values are believed to hold at each moment, and half a moment later."""
    state = main_state(history)
    told = {
        number: one._replace(overrules=tuple(_as_fact(history.told[wrong]) for wrong in one.overrules))
        for number, one in enumerate(history.told)
        if state.held_by in (one.subject, one.object)
    }
    found = {}
    for known in sorted({one.learned for one in told.values()}):
        marks, once = _marks(history, state, {n: one for n, one in told.items() if one.learned <= known})
        moments = [half / 2 for half in range(-4, 2 * MOMENTS + 8)]
        found[known] = {at: {value for value in state.values if _holds(value, at, marks, once)} for at in moments}
    return found


def _holds(value: str, at: float, marks: Sequence[Mark], once: set[str]) -> bool:
    return _held(value, at, marks, once) or _reached_back(value, at, marks, once)


def _held(value: str, at: float, marks: Sequence[Mark], once: set[str]) -> bool:
    """Had a value the last word before a moment?"""
    own = [mark.time for mark in marks if mark.value == value and not mark.ends and mark.time <= at]
    last = max(own, default=-NEVER)
    if not own and value not in once:
        return False
    return not any(
        last < mark.time <= at and (mark.value == value if mark.ends else mark.value != value) for mark in marks
    )


def _reached_back(value: str, at: float, marks: Sequence[Mark], once: set[str]) -> bool:
    """Does a value without a known start, said after a moment, fill the time since anything else was known to end?"""
    after = [mark for mark in marks if not mark.ends and mark.time > at]
    first = min((mark.time for mark in after), default=NEVER)
    now = [mark for mark in after if mark.time == first and mark.value == value]
    if not now or any(mark.stated for mark in now):
        return False
    if any(mark.ends and mark.value == value and mark.time <= first for mark in marks):
        return False
    between = sorted({at, *(mark.time for mark in marks if at <= mark.time < first)})
    values = {*once, *(mark.value for mark in marks)}
    return not any(_held(other, time, marks, once) for time in between for other in values)


def _marks(history: History, state: _State, told: dict[int, Told]) -> tuple[list[Mark], set[str]]:
    """Return what is marked on the calendar by what stands, and the values that held once, nobody knows since when."""
    facts: dict[tuple[Any, ...], list[Told]] = defaultdict(list)
    for number, one in told.items():
        if _stands(number, told):
            facts[_as_fact(one)].append(one)
    holding = [by for by in facts.values() if _claims(by[0])]
    values = {_value(state, by[0]) for by in holding}
    marks: list[Mark] = []
    for by in facts.values():
        one, present = by[0], any(said.tense == "present" for said in by)
        when = [said.said for said in by] if one.start is None else [one.start]
        value, news = _value(state, one), one.start is not None
        if one.predicate == state.ending:
            if one.negated:
                continue
            ended = values if one.ends[0].endswith("*") else {value}
            marks += [Mark(time, each, True, by=tuple(by), news=news) for each in ended for time in when]
        elif one.negated:
            marks += [Mark(time, value, True) for time in when if present]
        else:
            if one.start is not None:
                news, lasting = one.end is None, present
                marks.append(Mark(one.start, value, stated=True, by=tuple(by), news=news, lasting=lasting))
            marks += [Mark(one_.said, value, by=tuple(by)) for one_ in by if present and _within(one_.said, one)]
            if one.end is not None and not any(
                _goes_on(one.end, other) for other in holding if other is not by and _value(state, other[0]) == value
            ):
                marks.append(Mark(one.end, value, True))
    once = {
        _value(state, one)
        for one, *_ in holding
        if one.start is None
        and not any(
            mark.value == _value(state, one) and not mark.ends and (one.end is None or mark.time < one.end)
            for mark in marks
        )
    }
    return _without_older(_after_news(history, marks, once)), once


def _within(time: int, one: Told) -> bool:
    return (one.start is None or one.start < time) and (one.end is None or time < one.end)


def _goes_on(end: int, by: Sequence[Told]) -> bool:
    """Is a value told to hold before and after a moment?"""
    one = by[0]
    if one.end is not None:
        return (one.start is None or one.start <= end) and one.end > end
    present = any(said.tense == "present" for said in by)
    return one.start is not None and one.start <= end and present and max(said.said for said in by) > end


def _after_news(history: History, marks: Sequence[Mark], once: set[str]) -> list[Mark]:
    """Move what was said to be as before, between a change and the news of it, to just before the change.

    There it tells of what is not known otherwise: not of a value that had ended, nor while any held.
    """
    kept, moved = [], []
    for mark in marks:
        changes = [
            change.time
            for change in marks
            if change.news and not mark.ends and not mark.stated
            if (change.value == mark.value) == change.ends
            if change.time < mark.time < change.told
            if change.lasting or history.at(change.told) <= history.at(change.time) + NEWS
        ]
        if changes:
            moved.append(mark._replace(time=min(changes) - 0.5))
        else:
            kept.append(mark)
    for time in sorted({mark.time for mark in moved}):
        others = {mark.value for mark in kept} | once
        held = {value for value in others if _held(value, time, kept, once)}
        ended = {mark.value for mark in kept if mark.ends and mark.time <= time}
        kept += [mark for mark in moved if mark.time == time and mark.value not in ended and not held]
    return kept


def _without_older(marks: Sequence[Mark]) -> list[Mark]:
    """Drop what one voice said of a moment before it said something else of it."""

    def sayings(value: str, time: float) -> list[Told]:
        return [one for mark in marks if (mark.value, mark.time, mark.ends) == (value, time, False) for one in mark.by]

    def older(mark: Mark) -> bool:
        own = sayings(mark.value, mark.time)
        for value in {other.value for other in marks} - {mark.value}:
            others = sayings(value, mark.time)
            alone = len({one.voice for one in (*own, *others)}) == 1
            if others and alone and max(one.said for one in own) < max(one.said for one in others):
                return True
        return False

    return [mark for mark in marks if mark.ends or not older(mark)]


def _claims(one: Told) -> bool:
    return one.holder is not None and not (one.negated or one.possible)


def _value(state: _State, one: Told) -> str:
    return one.object if state.holder == "subject" else one.subject


def _as_fact(one: Told) -> tuple[Any, ...]:
    """Return what makes two statements the same fact: all but who said it when, and how, where a date tells that."""
    undated = one.start is None and one.end is None
    past = one.tense == "past" and undated
    return (
        one.subject,
        one.predicate,
        one.object,
        one.slot,
        one.start,
        one.end,
        one.negated,
        one.possible,
        one.corrects,
        one.overrules,
        past,
    )


def _stands(number: int, told: dict[int, Told]) -> bool:
    """Is a statement left as it is by all that was learned: asserted, not decided against, not taken back?"""
    return _counts(number, told) and not any(
        later.corrects and _counts(other, told) and _takes_back(later, told[number], told)
        for other, later in told.items()
    )


def _counts(number: int, told: dict[int, Told]) -> bool:
    """Does a statement count? One that was itself corrected still tells that what it corrected was wrong."""
    one = told[number]
    if one.possible or _decided_against(one, told):
        return False
    return not any(
        later.negated and not _decided_against(later, told) and _takes_back(later, one, told) for later in told.values()
    )


def _decided_against(one: Told, told: dict[int, Told]) -> bool:
    decisions: dict[tuple[Any, ...], int] = {}
    for decision in told.values():
        if _as_fact(one) in decision.overrules:
            decisions[_as_fact(decision)] = max(decision.learned, decisions.get(_as_fact(decision), 0))
    return any(one.learned <= learned for learned in decisions.values())


def _takes_back(later: Told, one: Told, told: dict[int, Told]) -> bool:
    """Does a statement take an earlier one back: by "never", of the same voice, or as a correction?"""
    if one.negated or one.possible or one.said >= later.said or one.predicate != later.predicate:
        return False
    if later.negated:
        return later.tense == "past" and _same(one, later) and one.voice == later.voice
    if not later.corrects:
        return False
    before = [other for other in told.values() if other.said < later.said and _claims(other)]
    dated_otherwise = [
        other for other in before if _same(other, later) and (other.start, other.end) != (later.start, later.end)
    ]
    if dated_otherwise:
        return any(other is one for other in dated_otherwise)
    rest = [other for other in before if not _same(other, later)]
    return bool(rest) and _as_fact(max(rest, key=lambda other: other.said)) == _as_fact(one)


def _same(one: Told, other: Told) -> bool:
    return (one.subject, one.object) == (other.subject, other.object)


# What must not be


def lost(history: History, facts: Sequence[Fact]) -> int:
    """Return after how many moments of learning it is not known what the naive model knows."""
    state, wrong = main_state(history), 0
    versions = [
        (one, one.object if state.holder == "subject" else one.subject)
        for one in facts
        if one.slot == state.slot and one.holder and not one.negated and one.modality == "asserted"
        if state.held_by in (one.subject, one.object)
    ]
    for known, days in naive(history).items():
        at = history.at(known)
        believed = [
            (version, value)
            for version, value in versions
            if version.created_at <= at and (version.expired_at is None or at < version.expired_at)
        ]
        wrong += any(
            {value for version, value in believed if _is_true(version, history.at(day))} != values
            for day, values in days.items()
        )
    return wrong


def _is_true(fact: Fact, at: datetime) -> bool:
    return (fact.valid_at is None or fact.valid_at <= at) and (fact.invalid_at is None or at < fact.invalid_at)


def overlaps(found: Mapping[str, Record]) -> int:
    """Return how many pairs of versions hold and are believed at one time though they exclude each other.

    Nobody is wrong who tells two values of the past without saying since when, or both in one text.
    """
    facts = [record for record in found.values() if isinstance(record, Fact)]
    entities = [record for record in found.values() if isinstance(record, Entity)]
    into = {one.uuid: one.merged_into for one in entities if one.merged_into}
    backwards = sum(not _lasts(one.valid_at, one.invalid_at) for one in facts)
    groups: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for place, one in enumerate(facts):
        subject, object = (_whole(end, into) for end in (one.subject_uuid, one.object_uuid))
        if one.slot is None or one.negated or one.modality != "asserted":
            continue
        groups["same", subject, object, one.slot].add(place)
        if one.holder in ("subject", "both"):
            groups["subject", subject, one.slot].add(place)
        if one.holder in ("object", "both"):
            groups["object", object, one.slot].add(place)
    once = {
        (_whole(fact.subject_uuid, into), _whole(fact.object_uuid, into), fact.slot)
        for fact in facts
        if fact.version_of is None and _once(fact, found)
    }
    pairs = {pair for members in groups.values() for pair in combinations(sorted(members), 2)}
    return backwards + sum(_exclude(facts[one], facts[other], into, once) for one, other in pairs)


def _exclude(one: Fact, other: Fact, into: dict[str, str], once: Collection[tuple[Any, ...]]) -> bool:
    if not (
        _meet((one.valid_at, one.invalid_at), (other.valid_at, other.invalid_at))
        and _meet((one.created_at, one.expired_at), (other.created_at, other.expired_at))
    ):
        return False
    ends = [(_whole(fact.subject_uuid, into), _whole(fact.object_uuid, into)) for fact in (one, other)]
    if ends[0] == ends[1]:
        return True
    stated, others = one.version_of or one.uuid, other.version_of or other.uuid
    rivals = others in one.rivals and stated in other.rivals
    unknown = all(
        fact.valid_at is None and (*own, fact.slot) in once for fact, own in zip((one, other), ends, strict=True)
    )
    return not (rivals or unknown or set(one.episodes) & set(other.episodes))


def _once(fact: Fact, found: Mapping[str, Record]) -> bool:
    """Is a fact told only after it was over, and not since when?"""
    said = [record.reference_time for uuid in fact.episodes if isinstance(record := found[uuid], Episode)]
    over = fact.tense == "past" or (fact.invalid_at is not None and fact.invalid_at <= min(said))
    return fact.valid_at is None and over


def _whole(uuid: str, into: dict[str, str]) -> str:
    while uuid in into:
        uuid = into[uuid]
    return uuid


def _meet(one: tuple[datetime | None, datetime | None], other: tuple[datetime | None, datetime | None]) -> bool:
    starts = [start for start, _ in (one, other) if start]
    ends = [end for _, end in (one, other) if end]
    return _lasts(max(starts, default=None), min(ends, default=None)) and _lasts(*one) and _lasts(*other)


def _lasts(start: datetime | None, end: datetime | None) -> bool:
    return start is None or end is None or start < end


# Running


class Outcome(NamedTuple):
    """What was counted of one history."""

    versions: int
    lost: int
    overlaps: int
    order: int
    export: int


class OneWay:
    """Stands in for the embedding model: all texts are alike."""

    name, dimension = "one way", 4

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return the same vector for each text."""
        return np.ones((len(texts), self.dimension), np.float32)


def check(seed: int) -> Outcome:
    """Make the history of a seed, tell it twice, export it, and count what must not be."""
    draw = random.Random(seed)
    history = random_history(draw)
    texts = records(history, "g")
    with closing(open_store(":memory:", group_id="g")) as store:
        tell(store, [texts])
        at_once = everything(store)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "history.jsonl"
        with Memory(":memory:", group_id="g", model=OneWay()) as memory:
            tell(memory._store, shuffled(texts, draw))
            found = everything(memory._store)
            memory.export(file)
        with Memory(":memory:", group_id="g", model=OneWay()) as memory:
            memory.import_(file)
            imported = everything(memory._store)
    facts = [record for record in found.values() if isinstance(record, Fact)]
    missing = sum(record.uuid not in found for text in texts for record in text)
    return Outcome(
        versions=len(facts),
        lost=missing + lost(history, facts),
        overlaps=overlaps(found),
        order=int(found != at_once),
        export=int(found != imported),
    )


def shuffled(texts: Sequence[list[Record]], draw: random.Random) -> list[list[list[Record]]]:
    """Return texts in a random order, in random batches."""
    order, batches = draw.sample(list(texts), len(texts)), []
    while order:
        size = draw.randint(1, len(order))
        batches.append(order[:size])
        order = order[size:]
    return batches


def tell(store: Store, batches: Iterable[Iterable[Iterable[Record]]]) -> None:
    """Add texts to a store, each batch at once."""
    for batch in batches:
        put = [record for text in batch for record in text]
        store.apply(ChangeSet(group_id=store.group_id, put=put))


def everything(store: Store) -> dict[str, Record]:
    """Return all records by uuid."""
    return {change.uuid: change.record for change in store.changes() if change.record is not None}


@click.command(help=__doc__)
@click.option("--count", default=10_000, show_default=True, help="How many histories.")
@click.option("--seed", default=0, show_default=True, help="Of the first history; the next ones count up.")
@click.option("--processes", default=os.cpu_count(), show_default=True)
def main(count: int, seed: int, processes: int) -> None:
    total: Counter[str] = Counter()
    wrong: list[int] = []
    with ProcessPoolExecutor(processes) as pool:
        for number, outcome in enumerate(pool.map(check, range(seed, seed + count), chunksize=50), start=1):
            total.update(outcome._asdict())
            if any(outcome[1:]):
                wrong.append(seed + number - 1)
            if number % 1000 == 0 or number == count:
                click.echo(f"{number} of {count} histories, {len(wrong)} with violations", err=True)
    if wrong:
        click.echo(f"seeds with violations: {wrong[:20]}", err=True)
    print(json.dumps({"histories": count, **{name: total[name] for name in Outcome._fields}}))


if __name__ == "__main__":
    main()
