"""The lexicon: what is known of predicates that are states, and what a statement therefore says beside its own words.

It is data, `lexicon.toml`, which tells its format; a user's own lexicon in the same format adds to it.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from graphmem.errors import InvalidInput
from graphmem.extract.first_names import MEN, WOMEN
from graphmem.model import Argument, Happening, Holder, Statement, normal_name

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TypeOf: TypeAlias = Callable[[Argument], str]
"""From an argument to its type of entity, or which literal it is."""

_PACKAGED = Path(__file__).with_name("lexicon.toml")
_PATTERN = re.compile(r"(?:\((?P<subject>[\w-]+)\) )?(?P<predicate>[^()]+?)(?: \((?P<object>[\w-]+)\))?")
_WORDS = ("same", "also", "inverse", "starts", "hires", "passes", "takes", "swaps", "ends", "contrary")
_FIELDS = {*_WORDS, "holder", "object", "among", "apart", "symmetric", "stops", "roles", "event"}
_HOLDING = ("be", "serve as", "work as", "act as")
_TAKING = (
    *("become", "be appointed", "be named", "be elected", "be made", "be reelected", "be re-elected"),
    *("be promoted to", "take over as", "start as"),
)
_LEAVING = (
    *("step down as", "resign as", "retire as", "quit as", "leave as", "be fired as", "be dismissed as"),
    *("stand down as", "be removed as", "be ousted as"),
)
_ROLE = re.compile(
    rf"(?P<verb>{'|'.join((*_HOLDING, *_TAKING, *_LEAVING))}) (?:the |new |acting |interim |current )*"
    r"(?P<role>[\w -]+?) (?:of|at|for|in)"
)
_OF_OBJECT = re.compile(r"(?:the |a |an |proud |sole )*(?P<noun>[\w-]+) of (?:the |a |an )?(?P<rest>.+)")
_ROLE_OBJECT = re.compile(
    r"(?:the |its |their |new |acting |interim |a |an )*(?P<role>[\w -]+?) (?:of|at|for) (?P<rest>(?:the )?.+)"
)


class Reading(NamedTuple):
    """What a statement says of the world: a predicate between two arguments, and which state it is or ends."""

    subject: Argument
    predicate: str
    object: Argument
    slot: str | None = None
    holder: Holder | None = None
    ends: tuple[str, ...] = ()
    began: bool = False
    """Whether it says that the state began: it holds from the statement's time on."""


class _Use(NamedTuple):
    """One predicate of the lexicon, as it is used for a state."""

    how: str
    state: str
    subject: str | None
    object: str | None


class _Word(NamedTuple):
    """A word for a state of something: its slot, the word that stands for it, and the kind of what verbs make it so."""

    slot: str
    word: str
    of: str | None


@dataclass(frozen=True)
class _State:
    predicate: str
    holder: Holder | None = None
    object: str | None = None
    among: str | None = None
    apart: str | None = None
    symmetric: bool = False
    event: bool = False


@dataclass(frozen=True)
class Lexicon:
    """What is known of predicates; see `read_lexicon`."""

    states: Mapping[str, _State] = field(default_factory=dict)
    uses: Mapping[str, Sequence[_Use]] = field(default_factory=dict)
    """By predicate."""
    stops: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By verb: from the states that it ends to what they leave."""
    roles: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """From a role to its state and the word that stands for it."""
    wild: Sequence[tuple[re.Pattern[str], _Use]] = ()
    """Predicates with " * " for any words."""
    words: Mapping[str, _Word] = field(default_factory=dict)
    """By a word for a state of something, such as "shut"."""
    verbs: Mapping[str, str] = field(default_factory=dict)
    """From a verb to the word for what it makes of something."""
    kinds: Mapping[str, frozenset[str]] = field(default_factory=dict)
    names: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def canonical(self, predicate: str) -> str:
        """Return the predicate under which facts with it are kept.

        >>> read_lexicon().canonical("reside in"), read_lexicon().canonical("admire")
        ('live in', 'admire')
        """
        uses = self.uses.get(predicate, ())
        return next((use.state for use in uses if use.how == "same" and use.object is None), predicate)

    def read(self, statement: Statement, type_of: TypeOf) -> list[Reading]:
        """Return what a statement says: first its own words, then the states that they imply.

        What somebody does to something says what is said of it in the passive: "Ada cancelled the meeting".
        """
        subject, object, predicate = statement.subject, statement.object, statement.predicate
        if predicate in ("be", "become") and (known := self.words.get(normal_name(object.name or object.text))):
            words = dict.fromkeys((normal_name(object.name or object.text), known.word))
            told = [object.model_copy(update={"text": word, "name": None, "literal": "text"}) for word in words]
            return [Reading(subject, "be", one, known.slot, "subject", began=predicate == "become") for one in told]
        asserted = statement.modality == "asserted"
        found = [Reading(subject, predicate, object)]
        if predicate == "be" and (of := _OF_OBJECT.fullmatch(object.name or object.text)):
            holding = f"be {of['noun']} of"
            if holding in self.uses:
                rest = object.model_copy(update={"text": of["rest"], "name": of["rest"]})
                found += self.read(statement.model_copy(update={"predicate": holding, "object": rest}), type_of)
        ends: dict[str, None] = {}
        for use in self._uses(predicate):
            state = self.states[use.state]
            meant = use.object or state.object
            if not (self._is(use.subject, subject, type_of) and self._is(meant, object, type_of)):
                continue
            if use.how == "same":
                found[0] = self._state(state, subject, object, type_of)
            elif use.how == "also":
                found.append(self._state(state, subject, object, type_of, predicate))
            elif use.how == "inverse" and object.name is not None:
                found.append(self._state(state, object, subject, type_of))
            elif asserted and not statement.negated:
                found += self._changed(use, state, statement, type_of)
                passed = use.how == "passes" and any(role == "to" for role, _ in statement.others)
                if passed or use.how in ("ends", "contrary", "swaps"):
                    ends[state.predicate] = None
                elif use.how == "starts" and state.apart:
                    ends[f"{state.predicate} *"] = None
        for office in self._role(statement):
            if (office.predicate, office.object) == (found[0].predicate, object):
                found[0] = office
            else:
                found.append(office)
        if asserted and not statement.negated and (left := self._left(statement)):
            ends[left] = None
        own = self.states.get(found[0].predicate)
        if own is not None and found[0].slot is None and self._is(own.object, object, type_of):
            found[0] = self._state(own, subject, object, type_of)
        found[0] = found[0]._replace(ends=tuple(ends))
        if asserted and not statement.negated and object.name is not None:
            found += self._made(f"be {_participle(predicate)}", object, type_of)
        for reading in [one for one in found if one.slot and self.states[_base(one.slot)].symmetric]:
            found.append(reading._replace(subject=reading.object, object=reading.subject, ends=()))
        return list(dict.fromkeys(found))

    def _uses(self, predicate: str) -> list[_Use]:
        wild = (use for pattern, use in self.wild if pattern.fullmatch(predicate))
        return list(dict.fromkeys((*self.uses.get(predicate, ()), *wild)))

    def happened(self, happening: Happening, type_of: TypeOf) -> list[Reading]:
        """Return the states that a verb without an object makes or ends: "the shop closed", "Ann resigned"."""
        who = [who for role, who in happening.participants if role in ("agent", "patient")]
        if happening.modality != "asserted" or happening.negated or len(who) != 1 or who[0].name is None:
            return []
        subject = who[0]
        passive = any(role == "patient" for role, _ in happening.participants)
        verb = f"be {_participle(happening.predicate)}" if passive else happening.predicate
        made = self._made(verb, subject, type_of)
        if made or not (stopped := self.stops.get(verb)):
            return made
        at = subject.model_copy(update={"name": None, "text": next(iter(stopped.values())), "literal": "text"})
        ends = tuple(f"{state} *" for state in stopped)
        return [Reading(subject, verb if verb.endswith(" from") else f"{verb} from", at, ends=ends, began=True)]

    def _made(self, verb: str, subject: Argument, type_of: TypeOf) -> list[Reading]:
        """Return what a verb makes of its subject: "the shop closed", "the meeting was cancelled"."""
        made = self.verbs.get(verb)
        if made is None or not self._is(self.words[made].of, subject, type_of):
            return []
        slot, word, _ = self.words[made]
        at = subject.model_copy(update={"name": None, "text": word, "literal": "text"})
        ends = tuple(f"{state} *" for state in self.stops.get(verb, {}))
        return [Reading(subject, "be", at, slot, "subject", ends, began=True)]

    def _changed(self, use: _Use, state: _State, statement: Statement, type_of: TypeOf) -> Iterator[Reading]:
        """Yield the states that a change makes: for its subject or object, or for whom something goes to."""
        subject, object = statement.subject, statement.object
        others = dict(statement.others)
        if use.how == "starts":
            yield self._state(state, subject, object, type_of)._replace(began=True)
        elif use.how == "hires" and object.name is not None:
            yield self._state(state, object, subject, type_of)._replace(began=True)
        elif use.how == "passes" and (to := others.get("to")) is not None and to.name is not None:
            yield self._state(state, to, object, type_of)._replace(began=True)
        elif use.how == "swaps" and (other := others.get("for")) is not None and other.name is not None:
            meant = use.object or state.object
            if self._is(meant, other, type_of):
                yield self._state(state, subject, other, type_of)._replace(began=True)
        elif use.how == "takes" and (giver := others.get("from")) is not None and giver.name is not None:
            yield Reading(giver, "part with", object, ends=(state.predicate,), began=True)

    def _state(
        self, state: _State, subject: Argument, object: Argument, type_of: TypeOf, use: str | None = None
    ) -> Reading:
        if state.event:
            return Reading(subject, state.predicate, object)
        slot = state.predicate
        if use is not None and (office := self.roles.get(use)) is not None:
            slot = f"{slot}: {office[1]}"  # who chairs it is its chair
        if state.apart and self._is(state.apart, object, type_of):
            slot = f"{slot}: {state.apart}"
        exclusive = state.among is None or type_of(object) == "MISC" or self._is(state.among, object, type_of)
        return Reading(subject, state.predicate, object, slot, state.holder if exclusive else None)

    def _role(self, statement: Statement) -> Iterator[Reading]:
        """Yield the office that somebody holds or takes: "be CEO of", "become CEO of", "be appointed CEO of Acme"."""
        object, predicate = statement.object, statement.predicate
        found = _ROLE.fullmatch(predicate)
        if found is None:
            told = _ROLE_OBJECT.fullmatch(object.text) if predicate in ("be", *_TAKING) else None
            if told is None or (known := self.roles.get(told["role"].lower())) is None:
                return
            verb, role = predicate, told["role"].lower()
            rest = told["rest"].removeprefix("the ")
            object = object.model_copy(update={"text": rest, "name": rest})
        else:
            verb, role = found["verb"], found["role"]
            if (known := self.roles.get(role)) is None or object.name is None:
                return
        state, word = known
        if verb in _LEAVING:
            return
        began = verb in _TAKING
        if began and (statement.modality != "asserted" or statement.negated):
            return
        slot, holder = f"{state}: {word}", self.states[state].holder
        yield Reading(statement.subject, state, object, slot, holder, began=began)
        yield Reading(statement.subject, f"be {role} of", object, slot, holder, began=began)

    def _left(self, statement: Statement) -> str | None:
        """Return the slot of the office that somebody leaves: "step down as CEO of"."""
        found = _ROLE.fullmatch(statement.predicate)
        if found is None or found["verb"] not in _LEAVING or found["role"] not in self.roles:
            return None
        state, word = self.roles[found["role"]]
        return f"{state}: {word}"

    def _is(self, kind: str | None, argument: Argument, type_of: TypeOf) -> bool:
        """Is an argument of a kind?"""
        if kind is None:
            return True
        name, type = normal_name(argument.name or argument.text), type_of(argument)
        if kind in self.names:
            return name in self.names[kind]
        meant, words = self.kinds[kind], name.split(" ")
        if any(self._is(other[1:], argument, type_of) for other in meant if other.startswith("-")):
            return False
        if type == "PERSON" and words[0] not in MEN | WOMEN and "PERSON?" in meant:
            return True  # nobody is called Deccan Mills
        return type in meant or not meant.isdisjoint(words)


def _base(slot: str) -> str:
    return slot.partition(":")[0]


def _participle(verb: str) -> str:
    """Return the participle of a regular verb, or of one that the lexicon has irregular ones of.

    >>> [_participle(verb) for verb in ("cancel", "call off", "close", "shut", "fire", "put on hold")]
    ['cancelled', 'called off', 'closed', 'shut', 'fired', 'put on hold']
    """
    head, _, rest = verb.partition(" ")
    if head in _PARTICIPLES:
        done = _PARTICIPLES[head]
    elif head.endswith("e"):
        done = f"{head}d"
    elif head.endswith("y") and head[-2:-1] not in tuple("aeiou"):
        done = f"{head[:-1]}ied"
    else:
        done = f"{head}ed"
    return f"{done} {rest}".strip()


_PARTICIPLES = {
    "cancel": "cancelled",
    "shut": "shut",
    "put": "put",
    "lay": "laid",
    "make": "made",
    "let": "let",
    "freeze": "frozen",
    "scrap": "scrapped",
    "drop": "dropped",
    "do": "done",
    "sell": "sold",
    "leave": "left",
    "break": "broken",
}


def read_lexicon(path: str | Path | None = None) -> Lexicon:
    """Read the packaged lexicon, and a user's own in the same format that adds to it.

    Raises `InvalidInput` for a file that cannot be read, an unknown key or kind, and a value of another type.

    >>> read_lexicon().states["live in"].holder
    'subject'
    """
    if path is None:
        return _packaged()
    file = Path(path).expanduser()
    packaged, own = _parsed(_PACKAGED), _parsed(file)
    _check(own, file, packaged)
    return _lexicon(_added(packaged, own))


@lru_cache(maxsize=1)
def _packaged() -> Lexicon:
    return _lexicon(_parsed(_PACKAGED))


def _lexicon(told: Mapping[str, Any]) -> Lexicon:
    uses: dict[str, list[_Use]] = defaultdict(list)
    stops: dict[str, dict[str, str]] = defaultdict(dict)
    roles: dict[str, tuple[str, str]] = {}
    wild: list[tuple[re.Pattern[str], _Use]] = []
    words: dict[str, _Word] = {}
    verbs: dict[str, str] = {}
    states = {}
    for predicate, entry in told["states"].items():
        states[predicate] = _State(
            predicate,
            **{key: entry[key] for key in ("holder", "object", "among", "apart", "symmetric", "event") if key in entry},
        )
        for how in _WORDS:
            for pattern in entry.get(how, ()):
                found = _PATTERN.fullmatch(pattern)
                assert found is not None  # _check has seen to it
                use = _Use(how, predicate, found["subject"], found["object"])
                if "*" in found["predicate"]:
                    wild.append((re.compile(re.escape(found["predicate"]).replace(r"\*", ".+")), use))
                else:
                    uses[found["predicate"]].append(use)
        for left, ending in entry.get("stops", {}).items():
            for verb in ending:
                stops[verb][predicate] = left
        roles |= {role: (predicate, row[0]) for row in entry.get("roles", ()) for role in row}
    for entry in told["exclusive"]:
        slot = "be: " + "/".join(row[0] for row in entry["words"])
        for row in entry["words"]:
            for word in row:
                words.setdefault(normal_name(word), _Word(slot, row[0], entry.get("of")))
        verbs |= {verb: normal_name(word) for word, makes in entry.get("verbs", {}).items() for verb in makes}
    return Lexicon(
        states=states,
        uses=dict(uses),
        stops=dict(stops),
        roles=roles,
        wild=wild,
        words=words,
        verbs=verbs,
        kinds={
            kind: frozenset(
                word if word.rstrip("?").isupper() or word.startswith("-") else normal_name(word) for word in of
            )
            for kind, of in told["kinds"].items()
        },
        names={kind: frozenset(map(normal_name, of)) for kind, of in told["names"].items()},
    )


def _parsed(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            told: dict[str, Any] = tomllib.load(file)
    except OSError as error:
        raise InvalidInput(f"the lexicon {str(path)!r} cannot be read: {error.strerror}; name a TOML file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(f"the lexicon {str(path)!r} is no TOML: {error}") from error
    return {"states": {}, "exclusive": [], "kinds": {}, "names": {}} | told


def _check(told: Mapping[str, Any], path: Path, packaged: Mapping[str, Any]) -> None:
    """Raise `InvalidInput` unless a lexicon has the format that lexicon.toml tells."""

    def wrong(what: str) -> InvalidInput:
        return InvalidInput(f"the lexicon {str(path)!r}: {what}; graphmem/resolve/lexicon.toml shows the format")

    if unknown := told.keys() - {"states", "exclusive", "kinds", "names"}:
        raise wrong(f"unknown key {min(unknown)!r}")
    for table in ("kinds", "names"):
        if not isinstance(told[table], Mapping) or not all(map(_strings, told[table].values())):
            raise wrong(f"[{table}] has lists of words")
    kinds = {*told["kinds"], *told["names"], *packaged["kinds"], *packaged["names"]}
    if not isinstance(told["states"], Mapping) or not all(isinstance(one, Mapping) for one in told["states"].values()):
        raise wrong("[states] has a table for each predicate")
    for predicate, entry in told["states"].items():
        if unknown := entry.keys() - _FIELDS:
            raise wrong(f"unknown key {min(unknown)!r} in {predicate!r}")
        if entry.get("holder", "subject") not in ("subject", "object", "both"):
            raise wrong(f"the holder of {predicate!r} is {entry['holder']!r}: subject, object or both")
        for key in ("symmetric", "event"):
            if not isinstance(entry.get(key, False), bool):
                raise wrong(f"{key} of {predicate!r} is {entry[key]!r}: true or false")
        for key in ("object", "among", "apart"):
            if entry.get(key) is not None and entry[key] not in [*kinds]:
                raise wrong(f"{key} of {predicate!r} is {entry[key]!r}, which is none of the kinds {sorted(kinds)}")
        for how in _WORDS:
            patterns = entry.get(how, [])
            if not _strings(patterns):
                raise wrong(f"{how} of {predicate!r} is no list of predicates")
            for pattern in patterns:
                found = _PATTERN.fullmatch(pattern)
                if found is None or not ({found["subject"], found["object"]} - {None} <= kinds):
                    raise wrong(f"{pattern!r} in {predicate!r} is not 'predicate (kind)' with one of {sorted(kinds)}")
        stops, roles = entry.get("stops", {}), entry.get("roles", [])
        if not isinstance(stops, Mapping) or not all(map(_strings, stops.values())):
            raise wrong(f"stops of {predicate!r} has a list of verbs for what is left")
        if not isinstance(roles, list) or not all(row and _strings(row) for row in roles):
            raise wrong(f"roles of {predicate!r} is no list of rows of words")
    if not isinstance(told["exclusive"], list) or not all(isinstance(one, Mapping) for one in told["exclusive"]):
        raise wrong("[[exclusive]] is a list of tables")
    for entry in told["exclusive"]:
        if unknown := entry.keys() - {"words", "verbs", "of"}:
            raise wrong(f"unknown key {min(unknown)!r} in [[exclusive]]")
        if entry.get("of") is not None and entry["of"] not in [*kinds]:
            raise wrong(f"of in [[exclusive]] is {entry['of']!r}, which is none of the kinds {sorted(kinds)}")
        rows, verbs = entry.get("words"), entry.get("verbs", {})
        if not isinstance(rows, list) or len(rows) < 2 or not all(row and _strings(row) for row in rows):
            raise wrong("the words of [[exclusive]] are two rows of words or more")
        if not isinstance(verbs, Mapping) or not all(map(_strings, verbs.values())):
            raise wrong("the verbs of [[exclusive]] are lists by word")
        if strangers := verbs.keys() - {row[0] for row in rows}:
            raise wrong(f"there are verbs for {min(strangers)!r}, which begins no row of words")


def _strings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value)


def _added(told: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Join a user's lexicon to the packaged one: lists grow, everything else is replaced."""

    def joined(old: Any, new: Any) -> Any:
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            return {key: joined(old.get(key), new.get(key)) for key in (*old, *(new.keys() - old.keys()))}
        if isinstance(old, list) and isinstance(new, list):
            return [*old, *(one for one in new if one not in old)]
        return old if new is None else new

    result: dict[str, Any] = joined(told, own)
    result["exclusive"] = [*own["exclusive"], *told["exclusive"]]
    return result


def told_of(statement: Statement, reading: Reading) -> dict[str, Any]:
    """Return the times and the tense of what a statement says, by the fields of a fact.

    What began at a time holds from then on; what began at no time that is told holds when it is said.
    """
    told = {name: getattr(statement, name) for name in ("valid_at", "invalid_at", "granularity", "tense")}
    if reading.began:
        told |= {"invalid_at": None, "tense": "present" if statement.valid_at is None else "past"}
    return told
