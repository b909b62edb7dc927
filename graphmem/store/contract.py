"""The store contract: the one narrow door between graphmem and a database.

A store is opened for one tenant and never shows or touches another. It keeps records, not algorithms; `apply` is
atomic and idempotent because `graphmem.model.merge` joins what is put with what is there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BaseModel, ConfigDict

from graphmem.model import About, Kind, Record, Utc, as_json
from graphmem.periods import checked
from graphmem.results import Entry

Progress: TypeAlias = Callable[[str, int, int], object]
"""Called with what is being done, and how many records of how many are done."""
Vectors: TypeAlias = NDArray[np.float16]
"""Unit vectors of one record, shape (rows, dimension); row 0 is the record's own. An episode has one more row for
"previous turn + this turn" if it is `contextual`, then one for each sentence if it has more than one."""


@dataclass(frozen=True, kw_only=True)
class ChangeSet:
    """What flows from understanding to storage: records to join in and uuids to remove, all of one tenant.

    Removing an episode also withdraws it from the facts and events it supports; facts and events left without support,
    and entities, values and sessions that nothing refers to any more, go with it. Periods follow from the times of
    episodes and events: the store makes and removes them, and leaves aside what is put of them.

    What is made of others (communities, topics, summaries) goes with anything that it is made of, and a trace with
    anything that it is of; with an episode go also the summaries of its session and periods, of whom it names, and of
    their communities. What is put of these and lacks something that it is made of is left out, since that was removed
    meanwhile.
    """

    group_id: str
    put: Sequence[Record] = ()
    remove: Sequence[str] = ()
    vectors: Mapping[str, Vectors] = field(default_factory=lambda: MappingProxyType({}))
    """By uuid of a record in `put`; a record that has its vectors already keeps them, but for a new summary."""
    consolidated: int | None = None
    """Up to which revision everything has gone into the hierarchy with this; that never goes back."""


class Change(NamedTuple):
    """One record as it stands after `revision`; a tombstone where `record` is None."""

    revision: int
    kind: Kind
    uuid: str
    record: Record | None
    vectors: Vectors | None = None


class Filter(BaseModel, frozen=True):
    """Conditions on records, all of which must hold; a field left None asks nothing.

    Each kind looks at the fields it has: `session`, `speaker`, `source`, `metadata`, `mentions`, `start`/`end` (on
    `reference_time`) for episodes; `name` (any form, compared by `normal_name`), `merged_into` (uuid) for entities;
    `subject`, `predicate`, `object` (uuids for the ends), `touching`, `as_of`, `known_at` for facts; `participant`
    (uuid), `place`, `known_at`, `start`/`end` (overlap of the interval) for events; `episode` for what one episode
    supports; `period` (such as "2023-05") for episodes and events that belong to it or to a part of it; `start`/`end`
    (overlap) for periods, communities, topics and summaries; `level` and `member` (uuid) for communities; `session` and
    `episode` for topics; `about` and `episode` for summaries; `of` for traces.
    """

    model_config = ConfigDict(extra="forbid", defer_build=True)

    session: str | None = None
    speaker: str | None = None
    source: str | None = None
    metadata: Annotated[dict[str, Any], AfterValidator(as_json)] | None = None
    start: Utc | None = None
    end: Utc | None = None
    """Not included."""
    mentions: str | None = None
    name: str | None = None
    merged_into: str | None = None
    subject: str | None = None
    predicate: str | None = None
    object: str | None = None
    touching: str | None = None
    """An entity at either end."""
    participant: str | None = None
    place: str | None = None
    episode: str | None = None
    period: Annotated[str, AfterValidator(checked)] | None = None
    """A day, a month or a year, as 2023-05-08, 2023-05 or 2023."""
    level: int | None = None
    """Of a community: 0 for those of entities."""
    member: str | None = None
    """An entity, or a community of the level below."""
    about: About | None = None
    """Which kind of record is summed up."""
    of: str | None = None
    """What a trace is of."""
    as_of: Utc | None = None
    """True in the world at this moment: valid_at <= as_of < invalid_at, open ends count as true."""
    known_at: Utc | None = None
    """Believed at this moment: created_at <= known_at < expired_at."""


EVERYTHING = Filter.model_construct()
"""The filter that asks nothing."""

Order: TypeAlias = Literal["created_at", "reference_time", "valid_at", "position", "level", "name", "uuid"]
"""What `find` sorts by, ascending, open values last, ties by uuid."""


MOST_SEALS = 16
"""A store remembers so many copies of a tenant, see `Store.seal`."""


class Scored(NamedTuple):
    """A uuid and how well it matches; higher is better."""

    uuid: str
    score: float


class Named(NamedTuple):
    """How often something is named: mentions in all, and the episodes that they are in."""

    mentions: int
    episodes: int


class Belonging(NamedTuple):
    """How much belongs to a period or to its parts."""

    episodes: int
    events: int


class Finding(NamedTuple):
    """One thing `check` found: what is wrong, with which record, and what to do."""

    problem: str
    uuid: str | None
    advice: str
    damage: bool = True
    """Whether it is damage; facts that contradict each other are none."""
    mend: str | None = None
    """What a repair does about it; None if it can do nothing."""
    mended: bool = False
    """Whether that was done."""


class Store(Protocol):
    """What graphmem needs of a database. Safe to use from several threads."""

    group_id: str
    address: str
    """Where it is, without any password."""
    database: str | None
    """Its name, where there may be several at the address."""
    file: Path | None
    """The file that it is, where it is one."""
    created: bool
    """Whether opening it made it."""
    serves: bool
    """Whether indexes of its own find what is near or matching, so that a search need not look at all there is."""

    def bind(self, model: str, dimension: int) -> None:
        """Remember the embedding model on first use; raises `ModelMismatch` when the store holds vectors of another."""

    def model(self) -> tuple[str, int] | None:
        """Return the embedding model that is remembered, and its dimension; None before `bind`."""

    def apply(self, change: ChangeSet) -> int:
        """Apply a change set, all or nothing, and return the revision of the tenant; unchanged if nothing was new."""

    def revision(self) -> int:
        """Return the newest revision of the tenant, 0 when empty."""

    def consolidated(self) -> int:
        """Return the revision up to which everything has gone into the hierarchy, 0 if nothing has."""

    def changes(self, since: int = 0) -> Iterator[Change]:
        """Stream each record changed after `since` once, as it stands now, with tombstones, in order of revision."""

    def seal(self, revision: int) -> str | None:
        """Note that a copy is kept of all there is at `revision`, and return a name for it; None if that is over."""

    def sealed(self, seal: str) -> bool:
        """Tell whether a copy that was sealed is still of this store's past, and nothing in it was removed since.

        A store that is made anew, or brought back from an older backup, knows nothing of a seal given after that.
        """

    def get(self, kind: Kind, uuids: Sequence[str]) -> list[Record]:
        """Return the records with these uuids, in the order asked, missing ones left out."""

    def find(
        self,
        kind: Kind,
        where: Filter = EVERYTHING,
        *,
        order: Order = "uuid",
        limit: int | None = None,
        last: bool = False,
    ) -> Iterator[Record]:
        """Stream the records of a kind that pass the filter; `last` reverses the order."""

    def nearest(
        self, kind: Kind, vector: NDArray[np.float32], *, top_k: int, where: Filter = EVERYTHING
    ) -> list[Scored]:
        """Return the records whose own vectors have the largest cosine, filter before cut, best first."""

    def matching(self, kind: Kind, words: str, *, top_k: int, where: Filter = EVERYTHING) -> list[Scored]:
        """Return the records whose text matches any of the words best, by the database's own full-text index."""

    def speaking(self, names: Collection[str]) -> set[str]:
        """Return those of the names, spelled just so, that are a speaker of episodes or the first words of one."""

    def neighbourhood(
        self, uuids: Collection[str], vector: NDArray[np.float32], *, each: int, common: int
    ) -> list[Scored]:
        """Return the episodes one step away from some records, with their cosines to a unit vector, nearest first.

        From an episode these are the two on each side of it in its session, and those that name what it names; from a
        fact or an event those that say so; from an entity, and what is merged with it, those that name it. Of what is
        named, the `each` episodes nearest to the vector come; an episode leads over no name that more than `common`
        episodes have.
        """

    def told(self, episodes: Collection[str]) -> Iterator[Change]:
        """Stream some episodes with all that they tell: who is named in them, and the facts and events they support.

        With an entity come those that it was merged into.
        """

    def counts(self) -> dict[Kind, int]:
        """Return how many records of each kind the tenant has."""

    def named(self, groups: Mapping[str, Collection[str]]) -> dict[str, Named]:
        """Return how often the entities of each group, given by their uuids, are named; groups never named left out."""

    def timeline(
        self, uuids: Collection[str], *, start: datetime | None = None, end: datetime | None = None
    ) -> list[Entry]:
        """Return the facts that have one of the entities at an end, and the events that involve one, in order of time.

        These are facts as they are believed now and asserted, and asserted or intended events; nothing negated. What
        has only an end stands there; what is undated comes last, and not at all if a span is given, in which a part of
        the rest must lie.
        """

    def belonging(self, periods: Collection[str]) -> dict[str, Belonging]:
        """Return how much belongs to each of these periods, given by their uuids, or to its parts."""

    def merges(self) -> int:
        """Return how many entities of the tenant are merged into another."""

    def check(self, *, repair: bool = False, progress: Progress = lambda step, done, total: None) -> list[Finding]:
        """Look for what should not be: references to missing records, records without support, missing indexes.

        With `repair`, mend what follows from records that are there; texts and what is stated are never touched.
        `progress` is called with "check", and how many records of how many were looked at.
        """

    def close(self) -> None:
        """Let go of the database; closing twice is fine."""
