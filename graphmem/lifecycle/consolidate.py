"""Consolidation: communities, topics and summaries are brought up to date with what was stated since the last time.

Everything here is made of what the memory states, and can be made again. One pass looks at what changed since the
revision up to which all has gone into the hierarchy (`Store.consolidated`), works out which sessions, periods,
entities and communities that touches, and writes what comes out otherwise than it stands, in change sets of bounded
size; the last one moves the mark. So a pass that was interrupted is simply done again, and two at once write the same.
Where something was removed, the store has taken away what was made of it, and whatever lacks its summary is touched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from itertools import chain
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from graphmem.graph.adjacency import Ids, Incidence
from graphmem.ingest import Encoder, embed
from graphmem.lifecycle.clusters import Cluster, clusters, former
from graphmem.lifecycle.reading import Reader, Rows, day_of
from graphmem.lifecycle.relations import Relations, named_in, relations
from graphmem.lifecycle.summaries import Content, Line, Rewriter, Told, above, profile, rewritten, summarize
from graphmem.lifecycle.topics import topics
from graphmem.model import (
    ABOUT,
    DERIVED,
    About,
    Cited,
    Community,
    Entity,
    Episode,
    Event,
    Fact,
    Kind,
    Period,
    Record,
    Summary,
    Tally,
    Topic,
    natural_key,
    period_uuid,
    summary_uuid,
)
from graphmem.periods import interval, longer
from graphmem.periods import touched as periods_touched
from graphmem.recall.index import Index
from graphmem.recall.tables import moment
from graphmem.results import Consolidated
from graphmem.store.contract import Belonging, ChangeSet, Filter, Store

SHARE: Final = 0.15
"""A summary has so much of the words of what it sums up,"""
FEWEST: Final = 30
"""but so many words in any case,"""
MOST: Final[Mapping[About, int]] = {"topic": 80, "session": 160, "period": 200, "community": 80, "entity": 80}
"""and never more."""
NAMED: Final = 3
"""An entity that is named in so many episodes has a summary."""
READ: Final = 240
"""So many episodes are read for one session or day; of longer ones what their topics say, or the most central."""
SAID: Final = 24
"""So many episodes are read for one community or entity."""
BELOW: Final = 24
"""So many communities, the largest, tell what the one above them is about."""
GROWN: Final = 0.05
"""When the memory has grown by so much, all communities are looked at, not only those around what changed."""
BATCH: Final = 256
"""Records in one change set."""
_TICK: Final = timedelta(microseconds=1)
_END: Final = object()
_LAST: Final = datetime.max.replace(tzinfo=timezone.utc)


@dataclass
class Touched:
    """What has to be looked at again; whatever lacks its summary belongs to it where something was removed."""

    everything: bool = False
    removed: bool = False
    regrouped: bool = False
    """Whether somebody else has changed communities."""
    members: set[str] = field(default_factory=set)
    """The uuids of the entities in those."""
    grown: int = 0
    """How many episodes more there are than there were."""
    sessions: set[str] = field(default_factory=set)
    periods: set[str] = field(default_factory=set)
    entities: set[str] = field(default_factory=set)
    """The uuids of entities that are none that was merged, and of those that were a moment ago."""

    def __bool__(self) -> bool:
        flags = self.everything or self.removed or self.regrouped
        return bool(flags or self.sessions or self.periods or self.entities)


def consolidate(
    index: Index,
    store: Store,
    encoder: Encoder,
    *,
    clock: Callable[[], datetime],
    anew: bool = False,
    rewriter: Rewriter | None = None,
) -> Consolidated:
    """Bring the hierarchy up to date with the state of an index, which follows the store; or with `anew`, rebuild it.

    Communities keep their ids, as far as they stay mostly the same, see `graphmem.graph.communities.matching`. Another
    pass finds what others have stored meanwhile.
    """
    touched = Touched(everything=True) if anew else _touched(index, store)
    writer = _Writer(store, encoder, clock, rewriter, index.revision)
    if touched:
        _Pass(index, store, touched, writer, clock()).run(anew=anew)
    return writer.finish(index.revision)


def _touched(index: Index, store: Store) -> Touched:
    """Work out what is touched by all that changed since the mark."""
    mark = store.consolidated()
    if mark == 0:
        return Touched(everything=True)
    touched, episodes, named, moved = Touched(), set[str](), set[str](), set[str]()
    for change in store.changes(mark):
        match change.record:
            case None:
                touched.removed |= change.kind != "trace"
                touched.regrouped |= change.kind == "community"
                touched.grown -= change.kind == "episode"
            case Episode():
                episodes.add(change.uuid)
                touched.grown += 1
            case Fact() as fact:
                episodes |= set(fact.episodes)
                named |= {fact.subject_uuid, fact.object_uuid}
            case Event() as event:
                episodes |= set(event.episodes)
                named |= {one.uuid for one in event.participants if one.uuid}
                touched.periods |= set(periods_touched(event.valid_at, event.invalid_at, event.granularity))
            case Entity():
                moved.add(change.uuid)
            case Period() as period:
                touched.periods.add(period.name)
            case Community() as community:
                touched.regrouped = True
                touched.members |= set(community.members)
    with index.reading():
        _spread(touched, index, episodes, named | moved, moved)
    return touched


def _spread(
    touched: Touched, index: Index, episodes: Collection[str], named: Collection[str], moved: Collection[str]
) -> None:
    """Add what episodes belong to and whom they name, and of whom else it was told when he was taken for another."""
    table, names = index.episodes, index.names
    rows = np.array([row for uuid in episodes if (row := table.row.get(uuid)) is not None], np.intp)
    touched.sessions |= {table.sessions.texts[number] for number in table.session.values[rows].tolist() if number >= 0}
    touched.periods |= {day_of(said) for said in table.valid.values[rows].tolist()}
    numbers = np.unique(table.names.items(rows).other).tolist()
    touched.entities |= {names.uuid[number] for number in numbers if number in names.uuid}
    touched.entities |= {names.whole(uuid) for uuid in named if uuid in names.entity} | set(moved)
    own = [names.entity[uuid] for uuid in moved if uuid in names.entity]
    where = np.unique(Incidence.rows(table.names, own).other)
    citing = np.unique(index.summaries.support.rows(table.key.values[where]).other)
    citing = citing[index.summaries.about.values[citing] == ABOUT.index("entity")]
    touched.entities |= {index.summaries.of[row] for row in citing.tolist()}


class _Pass:
    """One state of a memory brought into its hierarchy."""

    def __init__(self, index: Index, store: Store, touched: Touched, writer: _Writer, now: datetime) -> None:
        self._index = index
        self._store = store
        self._touched = touched
        self._writer = writer
        self._now = now
        self._group = store.group_id
        with index.reading():
            self._relations: Relations = relations(index)
            self._read = Reader(index, store, self._relations)
        self._all = touched.everything or touched.removed
        self._made: dict[str, Content] = {}

    def run(self, *, anew: bool) -> None:
        """Go through all levels, from what was said upwards."""
        steps = chain(self._sessions(), self._periods(), self._entities(), self._communities(anew=anew))
        more = True
        while more:
            with self._index.reading():  # for as short as it can be: others search at the same time
                more = next(steps, _END) is not _END
            self._writer.relieve()

    def _lacks(self, uuid: str) -> bool:
        return self._touched.everything or uuid not in self._index.summaries.of_row

    def _sum_up(self, of: str, about: About, content: Content, counts: Tally) -> None:
        """Write a summary; where there is nothing to tell there is none."""
        if about in ("period", "community"):
            self._made[of] = content  # for those that it is part of
        if content.lines or content.people or content.places or about == "entity":
            self._writer.sum_up(of, about, content, counts)
        else:
            self._drop(of)

    def _drop(self, of: str) -> None:
        row = self._index.summaries.of_row.get(of)
        if row is not None:
            self._writer.remove(summary_uuid(of))

    def _obsolete(self, about: About, there: Collection[str]) -> None:
        """Remove the summaries of what there is no more."""
        table = self._index.summaries
        for of, row in list(table.of_row.items()):
            if table.about.values[row] == ABOUT.index(about) and of not in there:
                self._drop(of)

    # Sessions and their topics

    def _sessions(self) -> Iterator[None]:
        found = self._read.sessions(None if self._all else self._touched.sessions)
        for name, rows in found.items():
            uuid = natural_key("session", self._group, name)
            if name in self._touched.sessions or self._lacks(uuid):
                self._session(name, uuid, rows)
                yield

    def _session(self, name: str, uuid: str, rows: Rows) -> None:
        table = self._index.episodes
        vectors = table.vectors.take(rows) if table.vectors.width else np.zeros((len(rows), 1), np.float32)
        times = [moment(said) for said in table.valid.values[rows].tolist()]
        told: list[Told] = []
        parts: list[Content] = []
        kept: set[str] = set()
        for first, end in topics(vectors, times=times):
            part = rows[first:end]
            said = self._read.said(part)
            content, counts = self._summarized("topic", part, said)
            if said:
                first_at, last_at = _span(table.valid.values[part])
                topic = Topic(
                    group_id=self._group,
                    created_at=self._now,
                    session=name,
                    episodes=tuple(table.uuids[row] for row in part),
                    name=_name(content, name),
                    valid_at=first_at,
                    invalid_at=last_at,
                )
                kept.add(topic.uuid)
                self._writer.put(topic, self._standing(topic))
                self._sum_up(topic.uuid, "topic", content, counts)
            parts.append(content)
            told += said if len(rows) <= READ else ()
        content, counts = self._summarized("session", rows, told or above(parts))
        self._sum_up(uuid, "session", content, counts)
        standing = self._index.topics
        for row in np.unique(standing.support.rows(table.key.values[rows]).other).tolist():
            if standing.uuids[row] not in kept:
                self._writer.remove(standing.uuids[row])

    def _standing(self, topic: Topic) -> bool:
        """Tell whether a topic is there with the same episodes and name."""
        row = self._index.topics.row.get(topic.uuid)
        same = row is not None and set(self._index.topics.said_in(row)) == set(topic.episodes)
        return same and row is not None and self._index.topics.texts[row] == topic.name

    def _summarized(
        self, about: About, rows: Rows, told: Sequence[Told], *, words: int | None = None
    ) -> tuple[Content, Tally]:
        names, entities = self._read.names(rows)
        facts = self._read.stating(self._index.facts, rows)
        events = self._read.stating(self._index.events, rows)
        content = summarize(
            told,
            names=names,
            predicates=self._index.facts.predicates(facts),
            words=_budget(about, self._read.words(rows) if words is None else words),
            rarity=self._read.rarity,
        )
        return content, Tally(episodes=len(rows), entities=entities, facts=len(facts), events=len(events))

    # Days, months, years

    def _periods(self) -> Iterator[None]:
        names = self._touched.periods
        if not self._all and not names:
            return
        years = None if self._all else {name[:4] for name in names}
        found = (one for where in _years(years) for one in self._store.find("period", where))
        there = sorted({one.name for one in found if isinstance(one, Period)})
        parts: dict[str, list[str]] = {}
        for name in there:
            parts.setdefault(longer(name) or "", []).append(name)
        rows = self._rows(years)
        uuids = {name: period_uuid(self._group, name) for name in there}
        if self._all:
            self._obsolete("period", {*uuids.values()})
        names |= {name for name, uuid in uuids.items() if self._lacks(uuid)} if self._all else set()
        names |= {whole for name in names for one in (longer(name),) if one for whole in (one, one[:4])}
        belonging = self._store.belonging([uuids[name] for name in there if name in names])
        for name in sorted((one for one in there if one in names), key=len, reverse=True):
            events = belonging.get(uuids[name], Belonging(0, 0)).events
            self._period(name, parts.get(name, ()), rows.get(name, np.empty(0, np.intp)), events)
            yield

    def _rows(self, years: Collection[str] | None) -> dict[str, Rows]:
        """Return the rows of the episodes of each day, month and year."""
        found: dict[str, list[Rows]] = {}
        for day, rows in self._read.days(years).items():
            for length in (10, 7, 4):
                found.setdefault(day[:length], []).append(rows)
        return {name: np.concatenate(rows) for name, rows in found.items()}

    def _period(self, name: str, parts: Sequence[str], rows: Rows, events: int) -> None:
        if len(name) == 10:
            own = {self._index.episodes.uuids[row] for row in rows}
            told = self._read.said(self._read.central(rows, READ)) if len(rows) else []
            told += [one for one in self._read.events_in(name, directly=True) if own.isdisjoint(one.episodes)]
        else:
            told = above(self._contents(period_uuid(self._group, one) for one in parts))
            told += self._read.events_in(name, directly=True)
        content, counts = self._summarized("period", rows, told)
        start, end = interval(name)
        content = replace(content, valid_at=start, invalid_at=(end or _LAST) - _TICK)
        counts = counts.model_copy(update={"events": events})
        self._sum_up(period_uuid(self._group, name), "period", content, counts)

    def _contents(self, of: Iterable[str]) -> list[Content]:
        """Return what the summaries of some records say, those that were just made first of all."""
        wanted = list(of)
        known = {one: self._made[one] for one in wanted if one in self._made}
        found = self._read.get("summary", [summary_uuid(one) for one in wanted if one not in known], Summary)
        known |= {summary.of: _content(summary) for summary in found.values()}
        return [known[one] for one in wanted if one in known]

    # Entities

    def _entities(self) -> Iterator[None]:
        graph = self._relations
        nodes = range(len(graph.uuids)) if self._all else sorted(map(graph.at, self._touched.entities))
        there = {graph.uuids[node]: node for node in nodes if node >= 0 and graph.episodes[node] >= NAMED}
        if self._all:
            self._obsolete("entity", there)
        for uuid in self._touched.entities - there.keys():
            self._drop(uuid)
        for uuid, node in there.items():
            if uuid in self._touched.entities or (self._all and self._lacks(uuid)):
                self._entity(uuid, node)
                yield

    def _entity(self, uuid: str, node: int) -> None:
        entity = self._read.entity(uuid)
        if entity is None:
            return
        _, rows = self._read.naming(np.array([node]))
        facts = self._read.facts_about(node)
        said = self._read.said(self._read.central(rows, SAID), about=self._read.mentioning({uuid}))
        words = _budget("entity", self._read.words(rows))
        content = profile(
            entity,
            self._read.fact_records(facts),
            now=self._now,
            told=said,
            words=words,
            rarity=self._read.rarity,
        )
        counts = Tally(episodes=len(rows), entities=self._read.entities(rows), facts=len(facts))
        self._sum_up(uuid, "entity", content, counts)

    # Communities

    def _communities(self, *, anew: bool) -> Iterator[None]:
        touched = self._touched
        if not (self._all or touched.regrouped or touched.entities):
            return
        graph = self._relations
        standing = self._index.communities.row
        told = set(map(graph.at, touched.entities)) - {-1}
        found = clusters(
            graph,
            former(self._index, graph),
            around=np.array(sorted(told | self._regrouped()), np.int64),
            anew=anew or touched.everything,
            repair=self._is_due(),
        )
        fresh: set[str] = set()
        changed = np.zeros(len(graph.uuids), bool)
        changed[[*told]] = True
        uuids = [cluster.uuid(self._group, graph) for cluster in found]
        for uuid, cluster in zip(uuids, found, strict=True):
            within = changed[cluster.nodes].any()
            if cluster.same and not within and not self._lacks(uuid):
                continue
            community = self._community(cluster)
            same = self._writer.put(community, self._is_same(community, standing.get(community.uuid)))
            if not same or within or not fresh.isdisjoint(community.members) or self._lacks(community.uuid):
                fresh.add(community.uuid)
        inside = _Inside(self._read, found)
        for uuid, cluster in zip(uuids, found, strict=True):
            if uuid in fresh:
                self._tell(cluster, inside)
                yield
        for uuid in standing.keys() - set(uuids):
            self._writer.remove(uuid)

    def _regrouped(self) -> set[int]:
        """Return the nodes in communities that somebody has changed, or that lost something that they told."""
        table = self._index.communities
        rows = [row for uuid, row in table.row.items() if self._lacks(uuid)] if self._touched.removed else []
        keys = np.unique(table.members.items(rows).other).tolist()
        members = self._touched.members.union(table.keys.texts[key] for key in keys)
        return set(map(self._relations.at, members)) - {-1}

    def _is_due(self) -> bool:
        """Tell whether the memory has grown or shrunk so much since that all communities are to be looked at again."""
        now = max(1, int(self._index.episodes.alive.values.sum()))
        before = max(1, now - self._touched.grown)
        return int(np.log(now) / np.log1p(GROWN)) != int(np.log(before) / np.log1p(GROWN))

    def _community(self, cluster: Cluster) -> Community:
        graph = self._relations
        first, last = graph.first[cluster.nodes], graph.last[cluster.nodes]
        said = np.concatenate((first[np.isfinite(first)], last[np.isfinite(last)]))
        start, end = _span(said)
        people = {node: self._index.names.type(int(graph.names[node])) == "PERSON" for node in cluster.leading}
        names = [name for _, name in sorted((not person, self._called(node)) for node, person in people.items())]
        return Community(
            group_id=self._group,
            created_at=self._now,
            level=cluster.level,
            founder=graph.uuids[cluster.founder],
            name=" and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part),
            members=tuple(sorted(cluster.members(self._group, graph))),
            size=len(cluster.nodes),
            valid_at=start,
            invalid_at=end,
        )

    def _called(self, node: int) -> str:
        table = self._index.entities
        return table.texts[table.row[self._relations.uuids[node]]]

    def _is_same(self, community: Community, row: int | None) -> bool:
        """Tell whether a community stands as it is to be."""
        if row is None:
            return False
        table = self._index.communities
        members = {table.keys.texts[key] for key in table.members.items([row]).other.tolist()}
        times = (_seconds(community.valid_at, -np.inf), _seconds(community.invalid_at, np.inf))
        return (
            members == set(community.members)
            and table.texts[row] == community.name
            and int(table.size.values[row]) == community.size
            and (float(table.valid.values[row]), float(table.invalid.values[row])) == times
        )

    def _tell(self, cluster: Cluster, inside: _Inside) -> None:
        """Write what a community is about: what connects its entities, or what the communities in it are about."""
        rows, facts = inside.of(cluster)
        uuids = {self._relations.uuids[node] for node in cluster.nodes.tolist()}
        if cluster.level == 0:
            chosen = self._chosen(cluster.nodes, rows)
            told = self._read.facts(facts) + self._read.said(chosen, about=self._read.mentioning(uuids))
        else:
            below = sorted(cluster.below, key=lambda one: (-len(one.nodes), one.founder))[:BELOW]
            contents = self._contents(one.uuid(self._group, self._relations) for one in below)
            told = above(contents)
            row = self._index.episodes.row
            chosen = np.array(sorted({row[u] for one in contents for u in one.episodes if u in row}), np.intp)
        names, _ = self._read.names(chosen, among=cluster.nodes)
        predicates = self._index.facts.predicates(facts)
        content = summarize(told, names=names, predicates=predicates, words=MOST["community"], rarity=self._read.rarity)
        counts = Tally(episodes=len(rows), entities=len(cluster.nodes), facts=len(facts))
        self._sum_up(cluster.uuid(self._group, self._relations), "community", content, counts)

    def _chosen(self, nodes: Ids, rows: Rows) -> Rows:
        """Return the episodes to read of those that name some entities: those that name most of them."""
        owner, who = named_in(self._index, rows, self._relations.node)
        count = np.bincount(owner[np.isin(who, nodes)], minlength=len(rows))
        several, one = rows[count > 1], rows[count == 1]
        if len(several) >= SAID:
            return self._read.central(several, SAID)
        return np.sort(np.concatenate((several, self._read.central(one, SAID - len(several)))))


class _Inside:
    """The episodes that name the entities of communities, and the facts between these."""

    def __init__(self, reader: Reader, found: Sequence[Cluster]) -> None:
        self._reader = reader
        self._levels: dict[int, tuple[NDArray[np.intp], Ids]] = {}
        self._found = found

    def of(self, cluster: Cluster) -> tuple[Rows, NDArray[np.intp]]:
        """Return the rows of those episodes and of those facts, for one community."""
        if cluster.level not in self._levels:
            label = np.full(len(self._reader.relations.uuids), -1, np.int32)
            for one in self._found:
                if one.level == cluster.level:
                    label[one.nodes] = one.founder
            rows, group = self._reader.relations.facts.between(label)
            order = np.argsort(group, kind="stable")
            self._levels[cluster.level] = rows[order], group[order]
        rows, group = self._levels[cluster.level]
        first, end = np.searchsorted(group, [cluster.founder, cluster.founder + 1])
        _, episodes = self._reader.naming(cluster.nodes)
        return np.unique(episodes), rows[first:end]


class _Writer:
    """Writes what is made in change sets of bounded size, and leaves alone what stands as it is to be."""

    def __init__(
        self,
        store: Store,
        encoder: Encoder,
        clock: Callable[[], datetime],
        rewriter: Rewriter | None,
        revision: int,
    ) -> None:
        self._store = store
        self._encoder = encoder
        self._clock = clock
        self._rewriter = rewriter
        self._revision = revision
        self._alone = True
        self._put: dict[str, Record] = {}
        self._told: dict[str, tuple[About, Content, Tally]] = {}
        self._gone: set[str] = set()
        self._written: Counter[Kind] = Counter()
        self._removed = 0
        self._warnings: list[str] = []

    def put(self, record: Community | Topic, same: bool) -> bool:
        """Write a record unless it stands so already; tell whether it does."""
        if not same:
            self._put[record.uuid] = record
            self._gone.discard(record.uuid)
        return same

    def sum_up(self, of: str, about: About, content: Content, counts: Tally) -> None:
        """Write a summary of a record, by the uuid of that."""
        self._told[of] = about, content, counts
        self._gone.discard(summary_uuid(of))

    def remove(self, uuid: str) -> None:
        """Remove a record, when all that is written before it is there."""
        self._gone.add(uuid)

    def relieve(self) -> None:
        """Write what has come together, if it is enough."""
        if len(self._put) + len(self._told) >= BATCH:
            self._flush()

    def _summary(self, of: str, about: About, content: Content, counts: Tally) -> Summary:
        """Return a summary, in the words of a model if there is one to rewrite it."""
        if self._rewriter is not None:
            content = rewritten(content, self._rewriter)
            self._warnings += content.warnings
        return Summary(
            group_id=self._store.group_id,
            created_at=self._clock(),
            of=of,
            about=about,
            title=content.title,
            text=content.text,
            sentences=tuple(Cited(text=text, episodes=said, facts=facts) for text, said, facts in content.lines),
            people=content.people,
            places=content.places,
            counts=counts,
            valid_at=content.valid_at,
            invalid_at=_after(content.invalid_at),
            episodes=content.episodes,
        )

    def _flush(self) -> None:
        summaries = (self._summary(of, *told) for of, told in self._told.items())
        self._put |= {summary.uuid: summary for summary in summaries}
        self._told = {}
        kinds: dict[Kind, list[str]] = {kind: [] for kind in DERIVED}
        for uuid, record in self._put.items():
            kinds[record.kind].append(uuid)
        old = {one.uuid: one for kind, uuids in kinds.items() if uuids for one in self._store.get(kind, uuids)}
        new = [_newer(record, old.get(uuid)) for uuid, record in self._put.items()]
        put = [record for record in new if record is not None]
        self._put = {}
        for start in range(0, len(put), BATCH):
            part = put[start : start + BATCH]
            fresh = [one for one in part if isinstance(one, Summary) and _text(old.get(one.uuid)) != one.text]
            self._apply(put=part, vectors=embed(fresh, self._encoder, previous_text={}))
            if self._alone and self._store.get(part[-1].kind, [part[-1].uuid]) != [part[-1]]:
                self._alone = False  # somebody removed what it is made of, or was faster
        self._written.update(record.kind for record in put)

    def _apply(self, **change: Any) -> None:
        before = self._revision
        self._revision = self._store.apply(ChangeSet(group_id=self._store.group_id, **change))
        if "remove" in change:  # with what is made of it, all of which this pass was to have brought up to date
            gone = self._gone.union(map(summary_uuid, self._gone))
            self._alone &= all(one.uuid in gone and one.record is None for one in self._store.changes(before))
        else:
            self._alone &= self._revision == before + (1 if "put" in change else 0)

    def finish(self, revision: int) -> Consolidated:
        """Write the rest, and note that everything up to a revision is in the hierarchy now; what came of it."""
        self._flush()
        gone = sorted(self._gone)
        for start in range(0, len(gone), BATCH):
            self._apply(remove=gone[start : start + BATCH])
        self._apply(consolidated=revision)
        if self._alone and self._revision > revision:  # nobody else has written meanwhile
            self._apply(consolidated=self._revision)
        return Consolidated(
            written={kind: self._written[kind] for kind in DERIVED if self._written[kind]},
            removed=len(gone),
            warnings=tuple(self._warnings),
            revision=self._revision,
        )


def _newer(record: Record, old: Record | None) -> Record | None:
    """Return a record that takes the place of an old one; None if that says the same."""
    if old is None:
        return record
    later = max(record.created_at, min(old.created_at, _LAST - _TICK) + _TICK)
    new = record.model_copy(update={"created_at": later})
    return None if new.model_copy(update={"created_at": old.created_at}) == old else new


def _text(record: Record | None) -> str | None:
    return record.text if isinstance(record, Summary) else None


def _content(summary: Summary) -> Content:
    """Return what a summary says."""
    end = summary.invalid_at
    return Content(
        title=summary.title,
        lines=tuple(Line(one.text, one.episodes, one.facts) for one in summary.sentences),
        people=summary.people,
        places=summary.places,
        valid_at=summary.valid_at,
        invalid_at=end and end - _TICK,
        episodes=summary.episodes,
    )


def _after(end: datetime | None) -> datetime | None:
    """Return the first moment after one, as intervals end."""
    return end and min(end, _LAST - _TICK) + _TICK


def _span(said: NDArray[np.float64]) -> tuple[datetime | None, datetime | None]:
    """Return from when to when something was said, in seconds since 1970, as an interval."""
    return (moment(float(said.min())), _after(moment(float(said.max())))) if len(said) else (None, None)


def _seconds(moment_: datetime | None, default: float) -> float:
    return default if moment_ is None else moment_.timestamp()


def _name(content: Content, session: str) -> str:
    """Return a few words for a topic."""
    first = content.lines[0].text.split() if content.lines else []
    return content.title or " ".join(first[:8]) or session


def _budget(about: About, words: int) -> int:
    return min(MOST[about], max(FEWEST, int(SHARE * words)))


def _years(names: Collection[str] | None) -> Iterator[Filter]:
    """Yield filters for the periods of some years, or for all."""
    if names is None:
        yield Filter()
    for name in sorted(names or ()):
        start = datetime(int(name), 1, 1, tzinfo=timezone.utc)
        end = None if int(name) == 9999 else start.replace(year=int(name) + 1)
        yield Filter(start=start, end=end)
