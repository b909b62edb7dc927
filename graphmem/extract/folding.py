"""Several mentions of one event in one text become one event: the same kind of thing, the same people, one time.

Precision comes first: mentions are one only if nothing that they say contradicts (compatible predicate, participants,
place and time: the constraints of Lee, Recasens, Chang, Surdeanu and Jurafsky 2012, "Joint entity and event coreference
resolution across documents"), and an undated mention joins a dated one only if there is no other that it could mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from graphmem.model import Happening, normal_name

_ALIKE = {
    "establish": "found",
    "set up": "found",
    "purchase": "buy",
    "acquire": "buy",
    "take over": "buy",
    "pass away": "die",
    "wed": "marry",
    "get married": "marry",
    "construct": "build",
    "murder": "kill",
    "assassinate": "kill",
    "commence": "start",
    "begin": "start",
}
"""Predicates that tell of one kind of event, as one of them."""
_NEAREST = 20
"""So many events of one kind with one participant are compared with the next, so that the work stays linear."""
_INDEFINITE = frozenset({"a", "an", "another"})


def fold(events: Iterable[Happening], text: str) -> list[Happening]:
    """Join the mentions of one event; the events in the order in which they are told."""
    told = _Told(text)
    in_order = sorted(events, key=lambda event: (event.start, event.end))
    for event in in_order:
        if event.valid_at is not None:
            told.add(event, told.like(event))
    for event in in_order:
        if event.valid_at is None:
            dated = [place for place in told.like(event) if told.events[place].valid_at is not None]
            undated = [place for place in told.like(event) if told.events[place].valid_at is None]
            told.add(event, dated if len(dated) == 1 else undated)
    return sorted(told.events, key=lambda event: (event.start, event.end))


class _Told:
    """The events of a text that are known to be different."""

    def __init__(self, text: str) -> None:
        self.events: list[Happening] = []
        self._text = text
        self._by_name: dict[tuple[object, ...], list[int]] = {}

    def like(self, event: Happening) -> list[int]:
        """The places of the events that one may be another mention of."""
        places = {place for key in _keys(event) for place in self._by_name.get(key, ())[-_NEAREST:]}
        return [place for place in sorted(places) if _same(self.events[place], event, self._text)]

    def add(self, event: Happening, same: list[int]) -> None:
        """Add an event, or join it with the first of those that it is another mention of."""
        if same:
            place = same[0]
            self.events[place] = _joined(self.events[place], event)
        else:
            place = len(self.events)
            self.events.append(event)
        for key in _keys(event):
            known = self._by_name.setdefault(key, [])
            if place not in known[-_NEAREST:]:
                known.append(place)


def _keys(event: Happening) -> Iterator[tuple[object, ...]]:
    """What two mentions of one event have in common, one key for each who acts or is acted on."""
    kind = _ALIKE.get(event.predicate, event.predicate)
    for role in ("agent", "patient"):
        for name in _names(event, role):
            yield kind, event.negated, event.modality, name


def _names(event: Happening, role: str) -> frozenset[str]:
    return frozenset(normal_name(argument.name or argument.text) for r, argument in event.participants if r == role)


def _same(one: Happening, other: Happening, text: str) -> bool:
    """May two events with a participant in common be one?"""
    if {one.tense, other.tense} == {"past", "future"} or not _at_one_time(one, other):
        return False
    if one.place and other.place and normal_name(one.place.text) != normal_name(other.place.text):
        return False
    roles = {role for event in (one, other) for role, _ in event.participants} - {"agent", "patient"}
    for role in roles:
        if (ours := _names(one, role)) and (theirs := _names(other, role)) and ours != theirs:
            return False
    agents, patients = ((_names(one, role), _names(other, role)) for role in ("agent", "patient"))
    if agents[0] | patients[0] != agents[1] | patients[1]:  # else: "Tom and Ann married", "Tom married Ann"
        if patients[0] != patients[1] or (agents[0] and agents[1] and agents[0] != agents[1]):
            return False
        if not patients[0]:
            return False
    return not _another(max(one, other, key=lambda event: event.start), text)


def _at_one_time(one: Happening, other: Happening) -> bool:
    """Does one of two times lie within the other, as far as they are known?"""
    if one.valid_at is None or one.invalid_at is None or other.valid_at is None or other.invalid_at is None:
        return True
    within = one.valid_at <= other.valid_at and other.invalid_at <= one.invalid_at
    return within or (other.valid_at <= one.valid_at and one.invalid_at <= other.invalid_at)


def _another(event: Happening, text: str) -> bool:
    """Does the later mention tell of something new: "she won a race"?"""
    patients = (argument for role, argument in event.participants if role == "patient")
    return any(set(text[max(0, p.start - 9) : p.start].lower().split()[-1:]) & _INDEFINITE for p in patients)


def _joined(one: Happening, other: Happening) -> Happening:
    """One event out of two mentions, told as the one that dates it more finely does, the first of equals."""
    first, second = sorted((one, other), key=_coarseness)
    roles = {(role, normal_name(argument.name or argument.text)) for role, argument in first.participants}
    more = tuple(
        (role, argument)
        for role, argument in second.participants
        if (role, normal_name(argument.name or argument.text)) not in roles
        and not (role in ("agent", "patient") and _named_already(argument.name or argument.text, first))
    )
    order = ("agent", "patient")
    together = sorted(first.participants + more, key=lambda r: order.index(r[0]) if r[0] in order else len(order))
    return first.model_copy(update={"participants": tuple(together), "place": first.place or second.place})


def _named_already(name: str, event: Happening) -> bool:
    return normal_name(name) in _names(event, "agent") | _names(event, "patient")


def _coarseness(event: Happening) -> float:
    if event.valid_at is None or event.invalid_at is None:
        return float("inf")
    return (event.invalid_at - event.valid_at).total_seconds()
