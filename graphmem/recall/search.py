"""One search: a question is read, episodes are ranked, other kinds follow the episodes behind them; with reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from graphmem.graph.columns import Texts
from graphmem.graph.vectors import top, unit
from graphmem.model import Kind
from graphmem.recall.confidence import backing, confidence
from graphmem.recall.levels import LEVELS, Judged, Level, broad, covering, entropy, fitting, gathered, named
from graphmem.recall.question import Name, read
from graphmem.recall.rank import Bridge, Encode, held, rank, select
from graphmem.recall.rerank import Rerank
from graphmem.recall.tables import (
    IS_TITLE,
    MENTIONED,
    Counted,
    Ended,
    EpisodeTable,
    EventTable,
    Mask,
    StatementTable,
    SummaryTable,
    Table,
    moment,
    seconds,
)
from graphmem.recall.times import Window, date_of, inside
from graphmem.results import Hit, Step, period
from graphmem.store.contract import EVERYTHING, Filter

if TYPE_CHECKING:
    from graphmem.recall.index import Index

_FOLLOWED = ("graph", "speaker", "shape", "bridge", "rerank")
"""What a fact or an event takes over from the best episode that says so."""

_LEADS: Mapping[Kind, str] = {
    "topic": "belongs to",
    "session": "belongs to",
    "period": "during",
    "community": "names a member of",
    "entity": "names",
}
"""How an episode leads to what it lies in."""

DATED = 10
"""So many of the best episodes get the time that they tell, where the question asks for one."""


class Scored(NamedTuple):
    """A row of a table with its score, signal by signal."""

    table: Table
    row: int
    score: float
    scores: dict[str, float]
    lag: float
    """How far its score is behind the best episode's, 0 or less."""
    through: int | None
    """The episode that it takes its place in the graph from."""


class Search:
    """The state of one search over an index."""

    def __init__(
        self,
        index: Index,
        text: str,
        encode: Encode,
        filters: Filter,
        as_of: datetime | None,
        reference_time: datetime | None,
        rerank: Rerank | None = None,
    ) -> None:
        self.index = index
        self.episodes: EpisodeTable = index.episodes
        self.constants = index.constants
        self.filters, self.as_of = filters, as_of
        self.now = reference_time
        self.question = read(text, names=index.names, episodes=self.episodes, reference_time=reference_time)
        self.walk = index.walk()
        texts = list(dict.fromkeys((self.question.dense, self.question.text)))
        vectors: NDArray[np.float32] = unit(encode(texts))
        self.vector, self.whole = vectors[0], vectors[-1]
        self.allowed: Mask = self.episodes.passing(filters, as_of=as_of)
        self.unsaid: Mask | None = self.episodes.unsaid(filters, as_of=as_of)
        self.statements = tuple(
            Counted(table, table.counting(filters, as_of=as_of)) for table in (index.facts, index.events)
        )
        self.ranking = rank(
            self.question,
            self.episodes,
            index.entities,
            self.statements,
            index.names,
            self.walk,
            vector=self.vector,
            whole=self.whole,
            encode=encode,
            allowed=self.allowed,
            unsaid=self.unsaid,
            constants=self.constants,
        )
        self.total: NDArray[np.float32] = self._total()
        if rerank is not None:
            self.ranking.scores["rerank"] = self._judged(rerank)
            self.total = self._total()

    def _total(self) -> NDArray[np.float32]:
        return np.where(self.allowed, self.ranking.total, np.float32(-np.inf))

    def _judged(self, rerank: Rerank) -> NDArray[np.float32]:
        """Let a reranker judge the best episodes: its best gains most, its worst nothing."""
        judged = np.zeros(len(self.episodes), np.float32)
        rows = top(self.total, self.constants.reranked)
        if len(rows):
            scores = rerank(self.question.text, [self.episodes.texts[row] for row in rows])
            judged[rows] = self.constants.rerank * (scores - scores.min()) / (np.ptp(scores) or 1)
        return judged

    def hits(
        self, kinds: Sequence[Kind] | Literal["auto"], top_k: int, *, min_score: float = 0.0, explain: bool = False
    ) -> list[Hit]:
        """Return the best records of some kinds, best first; equal scores in the order of `kinds`."""
        scored: list[Scored] = []
        if kinds == "auto":
            level = self.route()
            scored = [] if level is None else self._nodes([level], top_k)
            if level is not None and level.kind == "period":  # another time is no answer
                scored = [one for one in scored if one.scores["time"] > 0 or not self.question.windows]
            kinds = () if scored else ("episode",)
        for kind in kinds:
            match kind:
                case "topic" | "session" | "period" | "community":
                    scored += self._nodes(self.index.levels(kind), top_k)
                case "episode":
                    scored += self._episodes(top_k)
                case "entity":
                    scored += self._entities(top_k)
                case "fact":
                    facts = self.index.facts
                    scored += self._supported(facts, facts.passing(self.filters, as_of=self.as_of, now=self.now), top_k)
                case "event":
                    events = self.index.events
                    scored += self._supported(events, events.passing(self.filters, as_of=self.as_of), top_k)
        scored.sort(key=lambda one: -one.score)
        if min_score > 0:
            scored = [one for one in scored if self._confidence(one) >= min_score]
        if len(kinds) > 1:
            scored = self._varied(scored)
        return [
            self._hit(one, explain=explain, dated=self.question.when and place < DATED)
            for place, one in enumerate(scored[:top_k])
        ]

    def _varied(self, scored: Sequence[Scored]) -> list[Scored]:
        """Among several kinds let what is said by one episode step back, more with each time that it is said before."""
        said: Counter[int] = Counter()
        varied = []
        for one in scored:
            episode = one.row if isinstance(one.table, EpisodeTable) else one.through
            if episode is not None:
                again = -self.constants.again * said[episode]
                said[episode] += 1
                one = one._replace(score=one.score + again, scores={**one.scores, "again": again})
            varied.append(one)
        return sorted(varied, key=lambda one: -one.score)

    def _episodes(self, top_k: int) -> list[Scored]:
        found: list[Scored] = []
        for row, coverage, alike in select(
            self.question, self.episodes, self.total, top_k=top_k, constants=self.constants
        ):
            scores = {signal: float(values[row]) for signal, values in self.ranking.scores.items()}
            scores["coverage"] = coverage + alike
            score = sum(scores.values())
            found.append(Scored(self.episodes, row, score, scores, score - (found[0].score if found else score), None))
        return found

    @cached_property
    def _backing(self) -> float:
        return backing(self.question, self.episodes, self.total, self.ranking.cosine, constants=self.constants)

    def _confidence(self, one: Scored) -> float:
        return confidence(self._backing, one.lag, constants=self.constants)

    def _likeness(self, table: Table) -> dict[str, NDArray[np.float32]]:
        c = self.constants
        lexical = table.lexicon.scores(self.question.terms)
        return {
            "dense": c.likeness * (c.whole + c.sentence) * table.similar(self.vector),
            "lexical": lexical * np.float32(c.likeness * c.lexical / (lexical.max(initial=0) or 1)),
        }

    def _supported(self, table: StatementTable, allowed: Mask, top_k: int) -> list[Scored]:
        """Score facts or events: their own likeness and time, and the place of the best episode behind them."""
        rows, through = self._support(table, allowed)
        if not len(rows):
            return []
        c = self.constants
        scores = {signal: values[rows] for signal, values in self._likeness(table).items()}
        for signal in _FOLLOWED:
            if signal in self.ranking.scores:
                scores[signal] = self.ranking.scores[signal][through]
        start, end = table.valid.values[rows], table.invalid.values[rows]
        dated = np.isfinite(start)
        scores["time"] = np.float32(c.time) * (dated & inside(self.question.windows, start, end))
        scores["answer"] = np.float32(c.answer) * (dated & self.question.when)
        return self._best(table, rows, scores, top_k, through)

    def _support(self, table: StatementTable, allowed: Mask) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the rows that some allowed episode supports, and the best such episode of each."""
        rows = np.flatnonzero(allowed)
        behind = table.support.items(rows)
        episode = self.episodes.rows_of(behind.other)
        score = np.where(episode >= 0, self.total[episode], -np.inf) if len(self.total) else np.zeros(0)
        order = np.lexsort((episode, -score, behind.owner))
        order = order[score[order] > -np.inf]
        owner, first = np.unique(behind.owner[order], return_index=True)
        return rows[owner], episode[order[first]].astype(np.intp)

    def _entities(self, top_k: int) -> list[Scored]:
        table, names = self.index.entities, self.index.names
        rows = np.flatnonzero(table.passing(self.filters, as_of=self.as_of))
        rows = rows[[table.uuids[row] not in names.merged for row in rows]] if names.merged else rows
        numbers = np.array([names.entity[table.uuids[row]] for row in rows], np.intp)
        mentioned = self.episodes.names.rows(numbers)
        there = np.zeros(len(rows), bool)
        there[mentioned.owner[self.allowed[mentioned.other]]] = True
        rows, numbers = rows[there], numbers[there]
        if not len(rows):
            return []
        c = self.constants
        scores = {signal: values[rows] for signal, values in self._likeness(table).items()}
        ranks = self.ranking.ranks[self.walk.offsets[0] + numbers]
        share = np.maximum(ranks / (ranks.max(initial=0) or 1), c.floor)
        scores["graph"] = (c.graph * np.log(share / c.floor)).astype(np.float32)
        scores["name"] = c.cover * np.isin(numbers, self.question.numbers).astype(np.float32)
        return self._best(table, rows, scores, top_k)

    def _best(
        self,
        table: Table,
        rows: NDArray[np.intp],
        scores: dict[str, NDArray[np.float32]],
        top_k: int,
        through: NDArray[np.intp] | None = None,
    ) -> list[Scored]:
        """Return the rows whose signals add up to most, best first; `through` has the episode behind each."""
        found = []
        best = float(self.total.max(initial=-np.inf))
        for at in top(np.sum(list(scores.values()), axis=0), top_k).tolist():
            parts = {signal: float(values[at]) for signal, values in scores.items()}
            behind = None if through is None else int(through[at])
            score = sum(parts.values())
            found.append(Scored(table, int(rows[at]), score, parts, min(score - best, 0.0), behind))
        return found

    # Levels above episodes

    def route(self) -> Level | None:
        """Return the level that answers the question: None for the episodes themselves.

        A question for a detail is for episodes. Of the others one that names a time alone is for the periods that cover
        it best, one that names nothing for the coarsest level, and the rest for the level on which the scores hesitate
        least: with a time for what has a time of its own.
        """
        question, c = self.question, self.constants
        if not broad(question):
            return None
        if question.windows and not question.names:
            return max(self.index.levels("period"), key=lambda level: covering(level, question.windows), default=None)
        if not question.names:
            return next(reversed(self.index.levels(*LEVELS)), None)
        timed: tuple[Kind, ...] = ("topic", "session", "period")
        found = self.index.levels(*(kind for kind in LEVELS if (kind in timed) == bool(question.windows)))
        found.sort(key=lambda level: (level.kind == "entity") == (len(question.names) > 1))
        unsure = [entropy(self._judge(level).total, c.level_spread) for level in found]
        least = min(unsure, default=1.0) + c.unsure
        return next((level for level, one in zip(found, unsure, strict=True) if one <= least), None)

    def _judge(self, level: Level) -> Judged:
        """Say how well the nodes of a level answer the question."""
        c = self.constants
        evidence, best = gathered(level, self.total, spread=c.level_spread, few=c.few)
        rows = level.summary
        scores = {
            "evidence": evidence,
            **{signal: c.overview * values[rows].astype(np.float64) for signal, values in self._overview.items()},
            "name": c.cover * named(level, self.question),
            "time": c.fits * fitting(level, self.question.windows),
        }
        return Judged(level, scores, best, self._tellable[rows])

    @cached_property
    def _overview(self) -> dict[str, NDArray[np.float32]]:
        return self._likeness(self.index.summaries)

    @cached_property
    def _tellable(self) -> Mask:
        """Which summaries may be shown: those of which every word comes from an episode that may be found."""
        table = self.index.summaries
        shown = table.known(EVERYTHING)
        rows = np.flatnonzero(shown)
        behind = table.support.items(rows)
        episode = self.episodes.rows_of(behind.other)
        allowed = np.append(self.allowed, False)[episode]  # the last one stands for those that are not there
        shown[rows[behind.owner[~allowed]]] = False
        return shown

    def _nodes(self, levels: Sequence[Level], top_k: int) -> list[Scored]:
        """Return the best nodes of some levels of one kind."""
        found, best = [], float(self.total.max(initial=-np.inf))
        for judged in map(self._judge, levels):
            total = judged.total
            for node in top(total, top_k).tolist():
                parts = {signal: float(values[node]) for signal, values in judged.scores.items()}
                row, score = int(judged.level.summary[node]), float(total[node])
                lag = min(score - best, 0.0)
                found.append(Scored(self.index.summaries, row, score, parts, lag, int(judged.best[node])))
        return sorted(found, key=lambda one: -one.score)[:top_k]

    def _node(self, one: Scored, *, explain: bool) -> Hit:
        """Return a hit of a level: what its summary says."""
        table, row = self.index.summaries, one.row
        kind = table.about_of(row)
        session = None
        if kind in ("topic", "session") and one.through is not None:
            session = _label(self.episodes.sessions.texts, self.episodes.session.values[one.through])
        return Hit(
            uuid=table.of[row],
            kind=kind,
            text=table.texts[row],
            score=one.score,
            scores=one.scores,
            confidence=self._confidence(one),
            session=session,
            valid_at=_moment(table.valid.values[row]),
            invalid_at=_moment(table.invalid.values[row]),
            episodes=table.said_in(row),
            path=self._path(one) if explain else (),
        )

    def _profile(self, uuid: str, name: str) -> str:
        """What is told of an entity: its summary, if it has one that may be shown, or else its name."""
        row = self.index.summaries.of_row.get(uuid)
        return name if row is None or not self._tellable[row] else self.index.summaries.texts[row]

    def _hit(self, one: Scored, *, explain: bool, dated: bool) -> Hit:
        table, row = one.table, one.row
        if isinstance(table, SummaryTable):
            return self._node(one, explain=explain)
        fields: dict[str, Any] = {}
        episode = row if isinstance(table, EpisodeTable) else one.through
        if episode is not None:
            fields = {
                "source": _label(self.episodes.sources.texts, self.episodes.source.values[episode]),
                "session": _label(self.episodes.sessions.texts, self.episodes.session.values[episode]),
                "speaker": _label(self.episodes.speakers.texts, self.episodes.speaker.values[episode]),
                "reference_time": _moment(self.episodes.valid.values[episode]),
                "metadata": self.episodes.metadata(episode),
            }
        date: Window | None = None
        if not isinstance(table, EpisodeTable):
            date = float(table.valid.values[row]), float(table.invalid.values[row])
        elif dated:
            date = date_of(row, self.question.terms, self.episodes, self.statements[::-1], self.whole)
        if date is not None:
            fields["valid_at"], fields["invalid_at"] = _moment(date[0]), _moment(date[1])
        return Hit(
            uuid=table.uuids[row],
            kind=table.kind,
            text=self._profile(table.uuids[row], table.texts[row]) if table.kind == "entity" else table.texts[row],
            score=one.score,
            scores=one.scores,
            confidence=self._confidence(one),
            status=table.status(row) if isinstance(table, EventTable) else None,
            episodes=self._said_in(table, row),
            path=self._path(one) if explain else (),
            **fields,
        )

    def _said_in(self, table: Table, row: int) -> tuple[str, ...]:
        """The episodes that say so, without those that are not there yet."""
        uuids, rows, unsaid = table.said_in(row), self.episodes.row, self.unsaid
        return uuids if unsaid is None else tuple(one for one in uuids if one in rows and not unsaid[rows[one]])

    def marks(self, uuids: Sequence[str]) -> dict[str, str]:
        """Say of the episodes that state as true what is over by `as_of`, or by now, until when it was."""
        rows = np.array([self.episodes.row[uuid] for uuid in uuids], np.intp)
        at = seconds(self.as_of or self.now, np.finfo(np.float64).max)
        ended = self.index.facts.ended(rows, self.filters, float(at), self.index.names)
        changed = self.index.events.changed(rows, self.filters) if ended else {}
        return {
            self.episodes.uuids[row]: "; ".join(_mark(fact, changed.get(row, {})) for fact in facts)
            for row, facts in ended.items()
        }

    # Reasons

    def _path(self, one: Scored) -> tuple[Step, ...]:
        table, row = one.table, one.row
        if isinstance(table, EpisodeTable):
            return tuple(self._path_to(row))
        if isinstance(table, SummaryTable):
            kind, title = table.about_of(row), table.texts[row].partition("\n")[0]
            before = [self._start()] if one.through is None else self._path_to(one.through)
            return (*before, Step(kind, table.of[row], title, _LEADS[kind]))
        own = Step(table.kind, table.uuids[row], table.texts[row], "names" if one.through is None else "states")
        before = [self._start()] if one.through is None else self._path_to(one.through)
        if one.through is None and not one.scores.get("name"):
            own = own._replace(edge="resembles")
        return (*before, own)

    def _start(self) -> Step:
        return Step("question", "", self.question.text)

    def _step(self, row: int, edge: str) -> Step:
        return Step("episode", self.episodes.uuids[row], self.episodes.texts[row], edge)

    def _path_to(self, row: int) -> list[Step]:
        """Say how the question leads to an episode: by a bridge, a name, a neighbour, its speaker, or likeness."""
        bridge = self.ranking.bridges.get(row)
        if bridge is not None:
            there, here = held(self.question, self.episodes, np.array([bridge.source, row]))
            if not here.any() or (there & ~here).any():
                return [*self._directly(bridge.source), *self._across(bridge, row)]
        if not held(self.question, self.episodes, np.array([row])).any():
            dense = self.ranking.scores["dense"] + self.ranking.scores["sentence"] + self.ranking.scores["lexical"]
            before, after = (int(neighbour[row]) for neighbour in self.episodes.neighbours())
            for neighbour, edge in ((before, "next"), (after, "previous")):
                if neighbour >= 0 and self.allowed[neighbour] and dense[neighbour] > 1.5 * dense[row]:
                    return [*self._directly(neighbour), self._step(row, edge)]
        return self._directly(row)

    def _directly(self, row: int) -> list[Step]:
        [holds] = held(self.question, self.episodes, np.array([row]))
        own = set(self.episodes.names.items([row]).other.tolist())
        for name, there in zip(self.question.names, holds.tolist(), strict=True):
            if there and (both := [number for number in name.numbers if number in own]):
                return [self._start(), *self._over(both[-1], row, first="names")]
            if there and name.speakers and self.episodes.speaker.values[row] in name.speakers:
                return [*self._person(name), self._step(row, "says")]
        return [self._start(), self._step(row, "resembles")]

    def _person(self, name: Name) -> list[Step]:
        uuid = next((self.index.names.uuid[n] for n in name.numbers if n in self.index.names.uuid), None)
        text = self.question.text[name.start : name.end]
        return [self._start()] if uuid is None else [self._start(), Step("entity", uuid, text, "names")]

    def _across(self, bridge: Bridge, row: int) -> list[Step]:
        number = bridge.node - self.walk.offsets[1]
        if number < 0:
            return self._over(bridge.node - self.walk.offsets[0], row)
        return [self._step(row, f"also says {self.episodes.lexicon.vocabulary.texts[number]}")]

    def _over(self, number: int, row: int, *, first: str = "mentions") -> list[Step]:
        """Go over a name to an episode; over the edge alone where the name is no entity."""
        names = self.index.names
        uuid, form = names.uuid.get(number), names.forms[number]
        if uuid is None:
            return [self._step(row, f"{first} {form}")]
        entities = self.index.entities
        found = self.episodes.names.items([row])
        bits = int(found.times[found.other == number].sum())
        last = "mentioned in" if bits & MENTIONED else "title of" if bits & IS_TITLE else "named in"
        return [Step("entity", uuid, entities.texts[entities.row[uuid]], first), self._step(row, last)]


def _label(texts: Texts, number: int) -> str | None:
    return texts[number] if number >= 0 else None


def _mark(ended: Ended, changed: Mapping[str, str]) -> str:
    """Say until when something was true, or what became of it if it is an event that was `changed`."""
    told = "corrected" if ended.until is None else changed.get(ended.fact) or period(None, _moment(ended.until))
    return told if ended.alone else f"{ended.fact}: {told}"


def _moment(at: float) -> datetime | None:
    return moment(at) if np.isfinite(at) else None
