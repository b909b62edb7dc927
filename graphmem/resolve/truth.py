"""What is believed of states, worked out from all that is stated of them: when each held, and since when that is known.

Pure functions. A *claim* is a fact as it was stated, with who said it when and when that was learned. What is believed
follows from the set of claims alone, so that the order in which they came, and in which batches, changes nothing; what
was believed earlier is what follows from the claims that had been learned by then (bi-temporal data as in Snodgrass
1999, *Developing Time-Oriented Database Applications in SQL*, with decisions by rules in place of updates).

| rule | what it says |
| --- | --- |
| open ends | what is stated without a start or an end reaches as far as nothing contradicts it |
| one at a time | of a state that its holder has once, a new one ends the old: at its start or, untold, when said |
| ended | an end that is told ("left", "no longer", a range) ends it then, or, untold, when it is said |
| denied | "does not" ends it when it is said; "never", by who had said it before, takes it back |
| corrected | what is said as a correction replaces what was said before: that was never true |
| news | a change told within a year, or "since" then, outweighs what was said in the meantime to be as before |
| said later | of two values from the same moment on, by one voice, the one said later replaces the other |
| decided | what the user decides |

Two values from the same moment on by different voices contradict each other: both are kept, as rivals. Ranges of one
fact that touch or overlap are one. What is only possible, planned, asked or reported claims nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import NamedTuple, TypeAlias

from graphmem.model import Fact

RULES = ("one at a time", "ended", "denied", "corrected", "said later", "decided")
"""Why something is over, as `Fact.rule` tells; see above."""
_ONE, _ENDED, _DENIED, _CORRECTED, _LATER, _DECIDED = RULES

_FIRST = datetime.min.replace(tzinfo=timezone.utc)
_LAST = datetime.max.replace(tzinfo=timezone.utc)
_NEWS = timedelta(days=366)
_JUST = timedelta(microseconds=1)
_GRANULES = {"second": 1 / 86400, "minute": 1 / 1440, "hour": 1 / 24, "day": 1, "week": 7, "month": 31, "year": 366}
"""Days in each, at most."""


class Said(NamedTuple):
    """One time that somebody said something."""

    episode: str
    at: datetime
    learned: datetime
    voice: str
    """Who said it, or where it stands."""


class Claim(NamedTuple):
    """A fact as it was stated, between the entities that its ends are in the end, by who said it."""

    fact: Fact
    subject: str
    object: str
    said: tuple[Said, ...]


class Belief(NamedTuple):
    """A version of a fact: when it holds, and from when until when that is believed; None is open."""

    fact: str
    """The uuid of the fact as stated that it is a version of."""
    valid_at: datetime | None
    invalid_at: datetime | None
    created_at: datetime
    expired_at: datetime | None
    episodes: tuple[str, ...]
    """All that support it."""
    closed_by: str | None
    rule: str | None
    rivals: tuple[str, ...]


_Proposition: TypeAlias = tuple[str, str, str, str]
"""Subject, predicate, object, slot."""
_Group: TypeAlias = tuple[str, ...]
"""What excludes each other: a holder and a slot, or one proposition alone."""


def claims_something(fact: Fact) -> bool:
    """Is a fact a claim, not just possible, planned or reported, and not a version that follows from claims?"""
    return fact.modality == "asserted" and fact.version_of is None


def _lasts(fact: Fact) -> bool:
    """Is a fact a state, and nothing that happened?"""
    return bool(fact.slot) or fact.tense == "present" or fact.invalid_at is not None


def slot_of(fact: Fact) -> str:
    """Return the state that a fact is: what the lexicon calls it, or its predicate."""
    return fact.slot or fact.predicate


def family(slot: str) -> str:
    """Return the state that a slot belongs to.

    >>> family("lead: ceo"), family("live in *")
    ('lead', 'live in')
    """
    return slot.partition(":")[0].removesuffix(" *")


def bearings(fact: Fact, subject: str, object_: str) -> Iterator[tuple[str, ...]]:
    """Yield what a fact bears on, its ends read as `subject` and `object_`: facts with one in common belong together.

    A proposition is one; so is a holder with a state that is one at a time; what ends them has theirs.
    """
    slot = family(slot_of(fact))
    yield subject, slot, object_
    if fact.holder is not None:
        yield subject, slot
        if fact.holder != "subject":
            yield object_, slot
    for ended in fact.ends:
        state = family(ended)
        if ended.endswith(" *"):
            yield subject, state
        else:
            yield subject, state, object_
            yield object_, state, subject


def beliefs(claims: Iterable[Claim], *, since: datetime | None = None, before: Collection[Belief] = ()) -> list[Belief]:
    """Return every version of every fact that some claims make, current ones and those that were given up.

    The claims must be complete for what they bear on. Where nothing that was learned earlier has changed, `since` is
    when the first news was learned, and `before` what was believed then: only what came later is worked out again.
    """
    found: list[Belief] = []
    known = [claim for claim in claims if claim.said]
    earlier: dict[str, list[Belief]] = defaultdict(list)
    for belief in before:
        earlier[belief.fact].append(belief)
    for together in _together(known):
        if len(together) == 1 and not together[0].fact.overrules:
            found.append(_alone(together[0]))
        else:
            past = [belief for claim in together for belief in earlier[claim.fact.uuid]]
            found += _replayed(together, since, past)
    return found


def _together(claims: Sequence[Claim]) -> list[list[Claim]]:
    """Return claims in groups that bear on one another, by way of others too (disjoint sets)."""
    leader: dict[tuple[str, ...], tuple[str, ...]] = {}

    def find(bearing: tuple[str, ...]) -> tuple[str, ...]:
        path = []
        while leader.setdefault(bearing, bearing) != bearing:
            path.append(bearing)
            bearing = leader[bearing]
        leader.update(dict.fromkeys(path, bearing))
        return bearing

    first: list[tuple[str, ...]] = []
    for claim in claims:
        own = [find(bearing) for bearing in bearings(claim.fact, claim.subject, claim.object)]
        first.append(own[0])
        leader.update(dict.fromkeys(own, own[0]))
    found: dict[tuple[str, ...], list[Claim]] = defaultdict(list)
    for claim, bearing in zip(claims, first, strict=True):
        found[find(bearing)].append(claim)
    return list(found.values())


def _alone(claim: Claim) -> Belief:
    """Return what is believed of a claim that nothing else bears on: what it says."""
    return Belief(
        fact=claim.fact.uuid,
        valid_at=claim.fact.valid_at,
        invalid_at=claim.fact.invalid_at,
        created_at=min(said.learned for said in claim.said),
        expired_at=None,
        episodes=tuple(sorted({said.episode for said in claim.said})),
        closed_by=None,
        rule=None,
        rivals=(),
    )


def _replayed(claims: Sequence[Claim], since: datetime | None, before: Sequence[Belief]) -> list[Belief]:
    """Work out what was believed after each moment at which something was learned, from `since` on."""
    found: list[Belief] = []
    open_: dict[tuple[object, ...], Belief] = {}
    if since is not None:
        for belief in before:
            if belief.expired_at is not None and belief.expired_at < since:
                found.append(belief)
            elif belief.created_at < since:
                open_[_identity(belief)] = belief._replace(expired_at=None)
    moments = sorted({said.learned for claim in claims for said in claim.said})
    for moment in (one for one in moments if since is None or one >= since):
        now = _believed(claims, moment)
        for key in [key for key in open_ if key not in now.held]:
            gone = open_.pop(key)
            rule, by = now.void.get(gone.fact, (gone.rule, gone.closed_by))
            found.append(gone._replace(expired_at=moment, rule=rule, closed_by=by))
        for key, belief in now.held.items():
            first = open_[key].created_at if key in open_ else moment
            open_[key] = belief._replace(created_at=first)
    return [*found, *open_.values()]


def _identity(belief: Belief) -> tuple[object, ...]:
    return belief.fact, belief.valid_at, belief.invalid_at, belief.closed_by, belief.rule, belief.rivals


class _Void(NamedTuple):
    rule: str | None
    by: str | None


@dataclass
class _State:
    """What is believed at one moment of learning."""

    held: dict[tuple[object, ...], Belief] = field(default_factory=dict)
    """By fact, interval and rivals."""
    void: dict[str, _Void] = field(default_factory=dict)
    """By uuid of a fact: why nothing of it is believed."""


class _Happening(NamedTuple):
    """A point on the time line of a group: from here on a value holds, or no longer."""

    time: datetime
    ends: bool
    value: str
    claim: Claim
    stated: bool = False
    rule: str = _ENDED
    weak: bool = False
    told: datetime | None = None
    """When a change is first told, if its time is told too; when it is last said to be so since then."""
    lasting: bool = False
    """Whether it is said to be so since then."""
    soft: bool = False
    """Whether it ends only what its own claim began."""
    outweighed: str | None = None
    """The uuid of the change, told later, before which it is taken to have been said."""


@dataclass
class _Interval:
    value: str
    start: datetime
    end: datetime = _LAST
    rule: str | None = None
    by: str | None = None
    rivals: set[str] = field(default_factory=set)


def _believed(claims: Sequence[Claim], moment: datetime) -> _State:
    """Work out what follows from what was learned up to a moment."""
    known = [
        claim._replace(said=tuple(said for said in claim.said if said.learned <= moment))
        for claim in claims
        if any(said.learned <= moment for said in claim.said)
    ]
    state = _State()
    known = _without_void(known, state)
    holding: dict[_Proposition, list[Claim]] = defaultdict(list)
    groups: dict[_Group, list[Claim]] = defaultdict(list)
    alike: dict[tuple[_Proposition, tuple[_Group, ...]], list[Claim]] = defaultdict(list)
    for claim in known:
        if not claim.fact.negated:
            own = _groups(claim)
            holding[_proposition(claim)].append(claim)
            alike[_proposition(claim), own].append(claim)
            for group in own:
                groups[group].append(claim)
    changes = _Changes(known)
    lines = {group: _time_line(group, members, changes, state) for group, members in groups.items()}
    for (proposition, own), members in alike.items():
        intervals = [_of_value(lines[group], _value(group, members[0])) for group in own]
        whole = intervals[0] if len(intervals) == 1 else _overlap(*intervals)
        _assign(proposition, members, whole, holding, state)
    for claim in known:
        if claim.fact.negated:
            _hold_denial(claim, holding.get(_proposition(claim), ()), state)
    return state


def _proposition(claim: Claim) -> _Proposition:
    return claim.subject, claim.fact.predicate, claim.object, slot_of(claim.fact)


def _groups(claim: Claim) -> tuple[_Group, ...]:
    """Return what a claim excludes others in, or what is one with it: another time that something happens is not."""
    holder, slot = claim.fact.holder, slot_of(claim.fact)
    if holder is None:
        return (("alone", *_proposition(claim), "" if _lasts(claim.fact) else claim.fact.uuid),)
    found: list[_Group] = []
    if holder in ("subject", "both"):
        found.append(("subject", claim.subject, slot))
    if holder in ("object", "both"):
        found.append(("object", claim.object, slot))
    return tuple(found)


def _value(group: _Group, claim: Claim) -> str:
    return claim.subject if group[0] == "object" else claim.object


# What was taken back


def _without_void(claims: Sequence[Claim], state: _State) -> list[Claim]:
    """Take out what was corrected, taken back or decided against.

    A correction that was taken back corrects nothing; one corrected in turn still tells that the first was wrong.
    """
    void: dict[str, set[Said]] = defaultdict(set)
    unsaid: dict[str, set[Said]] = defaultdict(set)
    reasons: dict[str, _Void] = {}

    def drop(claim: Claim, said: Iterable[Said], rule: str, by: Claim) -> None:
        gone = set(said)
        if gone:
            void[claim.fact.uuid] |= gone
            unsaid[claim.fact.uuid] |= gone if rule != _CORRECTED else set()
            reasons[claim.fact.uuid] = _Void(rule, by.fact.uuid)

    by_uuid = {claim.fact.uuid: claim for claim in claims}
    for decision in claims:
        for uuid in decision.fact.overrules:
            last = max(said.learned for said in decision.said)
            if uuid in by_uuid:
                drop(by_uuid[uuid], (said for said in by_uuid[uuid].said if said.learned <= last), _DECIDED, decision)
    taken_back = [
        (said, claim)
        for claim in claims
        for said in claim.said
        if claim.fact.corrects or (claim.fact.negated and claim.fact.tense == "past" and not claim.fact.valid_at)
    ]
    for said, claim in sorted(taken_back, key=lambda pair: (pair[0].at, pair[1].fact.uuid, pair[0]), reverse=True):
        if said in unsaid[claim.fact.uuid]:
            continue
        for other in _replaced(claim, said, claims):
            earlier = [one for one in other.said if one.at < said.at or (one.at == said.at and not other.fact.corrects)]
            if not claim.fact.corrects:
                earlier = [one for one in earlier if one.voice == said.voice]
            drop(other, earlier, _CORRECTED if claim.fact.corrects else _DENIED, claim)
    left = []
    for claim in claims:
        kept = tuple(one for one in claim.said if one not in void[claim.fact.uuid])
        if kept:
            left.append(claim._replace(said=kept))
        else:
            state.void[claim.fact.uuid] = reasons[claim.fact.uuid]
    return left


def _replaced(claim: Claim, said: Said, claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims that a correction replaces: of the same fact, else the last one that it excludes."""
    before = [
        other
        for other in claims
        if other is not claim
        and not other.fact.negated
        and any((one.at <= said.at and one.episode != said.episode) or one.at == said.at for one in other.said)
    ]
    same = [other for other in before if _proposition(other) == _proposition(claim)]
    if claim.fact.negated:
        return same
    own = {*_groups(claim)}
    same = [
        other
        for other in same
        if (other.fact.valid_at, other.fact.invalid_at) != (claim.fact.valid_at, claim.fact.invalid_at)
    ]
    if same or claim.fact.holder is None:
        return same
    ends = claim.subject, claim.object
    rest = [other for other in before if not own.isdisjoint(_groups(other)) and (other.subject, other.object) != ends]
    last = max((max(one.at for one in other.said if one.at <= said.at) for other in rest), default=None)
    return [other for other in rest if any(one.at == last for one in other.said)]


# The time line of what excludes each other


def _time_line(group: _Group, members: Sequence[Claim], changes: _Changes, state: _State) -> list[_Interval]:
    """Return when each value of a group held."""
    points = sorted(
        _outdated_moved([*_holds(group, members), *_ends(group, members, changes)]),
        key=lambda one: (one.time, not one.ends, one.value, one.claim.fact.uuid),
    )
    exclusive = group[0] != "alone"
    open_: dict[str, _Interval] = {}
    done: list[_Interval] = []
    over: dict[str, datetime] = {}
    gap = _FIRST

    def close(value: str, time: datetime, rule: str, by: Claim) -> None:
        interval = open_.pop(value)
        interval.end, interval.rule, interval.by = time, rule, by.fact.uuid
        if interval.start < time:
            done.append(interval)

    place = 0
    while place < len(points):
        time = points[place].time
        now = []
        while place < len(points) and points[place].time == time:
            now.append(points[place])
            place += 1
        for point in [point for point in now if point.outweighed]:
            if open_ or point.value in over:  # that time is known otherwise
                now.remove(point)
                if point.value not in open_:
                    state.void[point.claim.fact.uuid] = _Void(_ONE, point.outweighed)
        for point in (point for point in now if point.ends):
            began = point.claim.fact.valid_at
            if point.soft and point.value in open_ and began is not None and open_[point.value].start < began:
                continue
            over[point.value] = time
            if point.value in open_:
                close(point.value, time, point.rule, point.claim)
                gap = gap if open_ else time
        holds: dict[str, list[_Happening]] = defaultdict(list)
        for point in (point for point in now if not point.ends):
            holds[point.value].append(point)
        weak = all(point.weak for point in now)
        rivals = _rivals(holds, state) if exclusive and not weak and len(holds) > 1 else {}
        before = bool(open_)
        new = [value for value in holds if value not in open_]
        for value in list(open_) if exclusive and not weak else ():
            contested = not open_[value].rivals.isdisjoint(holds)
            if value not in holds and (new or contested):
                by = next(iter(holds.values()))[0] if not new else holds[new[0]][0]
                close(value, time, _ONE, by.claim)
        for value in new:
            stated = any(point.stated for point in holds[value])
            start = time if stated or before or value in over else gap
            open_[value] = _Interval(value, start)
        for value, others in rivals.items():
            if value in open_:
                open_[value].rivals |= others
    return [*done, *open_.values()]


def _holds(group: _Group, members: Sequence[Claim]) -> Iterator[_Happening]:
    """Yield from when on the values of a group hold, as they are claimed."""
    certain: dict[str, list[datetime]] = defaultdict(list)
    found: list[_Happening] = []
    for claim in members:
        fact, value = claim.fact, _value(group, claim)
        if fact.valid_at is not None:
            point = _Happening(fact.valid_at, False, value, claim, stated=True)
            if fact.invalid_at is None:
                since = fact.tense == "present"
                told = (max if since else min)(said.at for said in claim.said)
                point = point._replace(told=told, lasting=since)
            found.append(point)
        if fact.tense == "present":
            for said in claim.said:
                after = fact.valid_at is None or said.at > fact.valid_at
                if after and (fact.invalid_at is None or said.at < fact.invalid_at):
                    found.append(_Happening(said.at, False, value, claim))
    for point in found:
        certain[point.value].append(point.time)
    yield from found
    held = {point.claim.fact.uuid for point in found}
    for claim in members:
        value, until = _value(group, claim), claim.fact.invalid_at
        if claim.fact.uuid in held or any(until is None or time < until for time in certain[value]):
            continue
        yield _Happening(_FIRST, False, value, claim, weak=True)


class _Changes:
    """What ends states, by what it may end."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        self._ending: dict[tuple[str, ...], list[tuple[str, Claim]]] = defaultdict(list)
        self._denied: dict[_Proposition, list[Claim]] = defaultdict(list)
        for claim in claims:
            if claim.fact.negated:
                self._denied[_proposition(claim)].append(claim)
            for ended in claim.fact.ends:
                whose = (claim.subject,) if ended.endswith(" *") else tuple(sorted((claim.subject, claim.object)))
                self._ending[whose].append((ended.removesuffix(" *"), claim))

    def denying(self, claim: Claim) -> list[Claim]:
        """Return what says of a claim that it is not so."""
        return self._denied.get(_proposition(claim), [])

    def ending(self, claim: Claim) -> Iterator[Claim]:
        """Yield what ends what a claim says."""
        slot = slot_of(claim.fact)
        whose: list[tuple[str, ...]] = [tuple(sorted((claim.subject, claim.object)))]
        if claim.fact.holder is not None:
            whose.append((claim.subject,))
        if claim.fact.holder == "both":
            whose.append((claim.object,))
        for key in whose:
            for ended, change in self._ending.get(key, ()):
                if ended in (slot, family(slot)) or slot == family(ended):
                    yield change


def _ends(group: _Group, members: Sequence[Claim], changes: _Changes) -> Iterator[_Happening]:
    """Yield when the values of a group end, by their own words or by others."""
    if group[0] == "alone" and group[-1]:  # what happened does not end
        return
    same: dict[str, list[Claim]] = defaultdict(list)
    for claim in members:
        same[_value(group, claim)].append(claim)
    for value, claims in same.items():
        for claim in claims:
            until, others = claim.fact.invalid_at, [other for other in claims if other is not claim]
            if until is None or any(_covers(other, until) for other in others):
                continue
            soft = _one_granule(claim.fact)
            if not (soft and any(_holds_within(other, claim.fact) for other in others)):
                yield _Happening(until, True, value, claim, soft=soft)
        for change in changes.denying(claims[0]):
            for said in change.said if change.fact.tense == "present" else ():
                yield _Happening(change.fact.valid_at or said.at, True, value, change, rule=_DENIED)
        for change in dict.fromkeys(one for claim in claims for one in changes.ending(claim)):
            told, at = sorted(said.at for said in change.said), change.fact.valid_at
            for time in told if at is None else [at]:
                yield _Happening(time, True, value, change, told=told[0])


def _one_granule(fact: Fact) -> bool:
    """Is a fact told of one day, month ...: "was open at nine"? That it ends then is not said."""
    if fact.valid_at is None or fact.invalid_at is None or fact.granularity not in _GRANULES:
        return False
    return fact.invalid_at - fact.valid_at <= timedelta(days=_GRANULES[fact.granularity])


def _holds_within(claim: Claim, fact: Fact) -> bool:
    """Is a claim, which has no end, made while a fact holds?"""
    start, end = fact.valid_at or _FIRST, fact.invalid_at or _LAST
    points = [claim.fact.valid_at] if claim.fact.valid_at else [said.at for said in claim.said]
    return claim.fact.invalid_at is None and claim.fact.tense == "present" and any(start <= at < end for at in points)


def _outdated_moved(points: Sequence[_Happening]) -> Iterator[_Happening]:
    """Yield points, what was said to hold between a change and the news of it moved to before the change."""
    changes = [point for point in points if point.told is not None]
    for point in points:
        news = [
            (change.time, change.claim.fact.uuid)
            for change in changes
            if not (point.ends or point.stated or point.weak)
            and (change.value == point.value) == change.ends
            and change.told is not None
            and _FIRST < change.time < point.time < change.told
            and (change.lasting or change.told - change.time <= _NEWS)
        ]
        if news:
            time, by = min(news)
            point = point._replace(time=time - _JUST, outweighed=by)
        yield point


def _covers(claim: Claim, time: datetime) -> bool:
    """Does a claim say that it held before and after a time?"""
    fact = claim.fact
    if fact.valid_at is not None and fact.valid_at > time:
        return False
    if fact.invalid_at is not None:
        return fact.invalid_at > time
    return fact.valid_at is not None and fact.tense == "present" and max(said.at for said in claim.said) > time


def _rivals(holds: dict[str, list[_Happening]], state: _State) -> dict[str, set[str]]:
    """Decide between values that hold from the same moment on; return those that contradict each other.

    What one voice said earlier is dropped from `holds`; what one text says of both is no contradiction.
    """
    said = {value: {one for point in points for one in point.claim.said} for value, points in holds.items()}
    for value in sorted(holds):
        for other in sorted(holds):
            if value == other or value not in holds or other not in holds:
                continue
            voices = {one.voice for one in said[value] | said[other]}
            together = {one.episode for one in said[value]} & {one.episode for one in said[other]}
            if len(voices) == 1 and not together and max(o.at for o in said[value]) < max(o.at for o in said[other]):
                later = holds[other][0].claim.fact.uuid
                for point in holds.pop(value):
                    state.void[point.claim.fact.uuid] = _Void(_LATER, later)
    rivals: dict[str, set[str]] = defaultdict(set)
    for value in holds:
        for other in holds:
            if value != other and {o.episode for o in said[value]}.isdisjoint(o.episode for o in said[other]):
                rivals[value].add(other)
    return rivals


# From intervals to versions of facts


def _of_value(line: Iterable[_Interval], value: str) -> list[_Interval]:
    """Return the intervals of one value in order, those that touch as one."""
    joined: list[_Interval] = []
    for interval in sorted((one for one in line if one.value == value), key=lambda one: one.start):
        if joined and joined[-1].end >= interval.start:
            last = joined.pop()
            interval = _Interval(
                value, last.start, interval.end, interval.rule, interval.by, last.rivals | interval.rivals
            )
        joined.append(interval)
    return joined


def _overlap(left: Sequence[_Interval], right: Sequence[_Interval]) -> list[_Interval]:
    """Return where two groups both have it: "be married to" is one at a time for both."""
    found = []
    for one in left:
        for other in right:
            start, first = max(one.start, other.start), min(one, other, key=lambda interval: interval.end)
            if start < first.end:
                rivals = {*one.rivals, *other.rivals}
                found.append(_Interval(one.value, start, first.end, first.rule, first.by, rivals))
    return sorted(found, key=lambda interval: interval.start)


def _assign(
    proposition: _Proposition,
    members: Sequence[Claim],
    intervals: Sequence[_Interval],
    holding: Mapping[_Proposition, Sequence[Claim]],
    state: _State,
) -> None:
    """Give each interval to the claim that states it best, supported by all that fall into it."""
    by_interval = [[claim for claim in members if _falls_into(claim, interval)] for interval in intervals]
    left = [claim for claim in members if not any(claim in supporters for supporters in by_interval)]
    for interval, supporters in zip(intervals, by_interval, strict=True):
        backing = [*supporters, *left] if interval is intervals[0] else supporters
        if not backing:
            backing = list(members)
        start = None if interval.start == _FIRST else interval.start
        end = None if interval.end == _LAST else interval.end
        best = min(
            backing,
            key=lambda claim: (
                (claim.fact.valid_at, claim.fact.invalid_at) != (start, end),
                claim.fact.valid_at != start,
                claim.fact.invalid_at != end,
                claim.fact.corrects,
                claim.fact.uuid,
            ),
        )
        rivals = _facts_of(proposition, interval.rivals, holding)
        told = interval.by is None or interval.by == best.fact.uuid
        belief = Belief(
            fact=best.fact.uuid,
            valid_at=start,
            invalid_at=end,
            created_at=_FIRST,
            expired_at=None,
            episodes=tuple(sorted({said.episode for claim in backing for said in claim.said})),
            closed_by=None if told else interval.by,
            rule=None if told else interval.rule,
            rivals=rivals,
        )
        state.held[_identity(belief)] = belief


def _falls_into(claim: Claim, interval: _Interval) -> bool:
    fact = claim.fact
    points = [fact.valid_at] if fact.valid_at is not None else []
    if fact.tense == "present":
        points += [said.at for said in claim.said if fact.invalid_at is None or said.at < fact.invalid_at]
    if not points:
        return interval.start == _FIRST
    return any(interval.start <= point < interval.end for point in points)


def _facts_of(
    proposition: _Proposition, values: Collection[str], holding: Mapping[_Proposition, Sequence[Claim]]
) -> tuple[str, ...]:
    """Return the facts of the rival values of a proposition."""
    if not values:
        return ()
    subject, predicate, object_, slot = proposition
    return tuple(
        sorted(
            claim.fact.uuid
            for (s, p, o, other), claims in holding.items()
            if (p, other) == (predicate, slot) and ((s == subject and o in values) or (o == object_ and s in values))
            for claim in claims
        )
    )


def _hold_denial(claim: Claim, holding: Iterable[Claim], state: _State) -> None:
    """Let a denial hold until the same is said to be true again."""
    fact = claim.fact
    end, by = fact.invalid_at, None
    if fact.tense == "present" and end is None:
        first = min(said.at for said in claim.said)
        again = [
            (point, other.fact.uuid)
            for other in holding
            for point in (
                *([other.fact.valid_at] if other.fact.valid_at else []),
                *(said.at for said in other.said if other.fact.tense == "present"),
            )
            if point > first
        ]
        end, by = min(again, default=(None, None))
    belief = Belief(
        fact=fact.uuid,
        valid_at=fact.valid_at,
        invalid_at=end,
        created_at=_FIRST,
        expired_at=None,
        episodes=tuple(sorted({said.episode for said in claim.said})),
        closed_by=by,
        rule=_ONE if by else None,
        rivals=(),
    )
    state.held[_identity(belief)] = belief
