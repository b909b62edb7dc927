"""One ranking for documents and conversations: likeness, words, a walk over the graph, people, time, and bridges.

Every signal adds to the score of an episode, and one whose data is absent adds nothing. The names of the question
belong to the graph, the rest of it to the encoder: whoever speaks is a node and no part of what is embedded, and what
lies one shared name away from a good episode is compared with what is left of the question there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from graphmem.graph.adjacency import Links
from graphmem.graph.lexical import terms
from graphmem.graph.vectors import products, top, unit
from graphmem.recall.answers import NAMED, Answer
from graphmem.recall.constants import CONSTANTS, Constants
from graphmem.recall.question import Question
from graphmem.recall.tables import IN_FIRST_SENTENCE, IS_TITLE, Counted, EntityTable, EpisodeTable, Mask, Names
from graphmem.recall.times import ordered, told_of, window_beside
from graphmem.recall.walk import Walk

Encode: TypeAlias = Callable[[list[str]], NDArray[Any]]
"""Texts to unit vectors, shape (texts, dimension)."""


class Bridge(NamedTuple):
    """The path that led to an episode: from which one, over which name or keyword (a node of the walk)."""

    source: int
    node: int


@dataclass
class Ranking:
    """What each signal adds to the score of each episode, shape (episodes,) each, and what was found on the way."""

    scores: dict[str, NDArray[np.float32]]
    bridges: dict[int, Bridge] = field(default_factory=dict)
    ranks: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    """PageRank of every node of the walk."""
    cosine: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    """The larger of the cosines of each episode and of its best sentence."""

    @property
    def total(self) -> NDArray[np.float32]:
        """The score of each episode before the selection."""
        total: NDArray[np.float32] = sum(self.scores.values(), np.zeros_like(self.cosine))
        return total


class Chosen(NamedTuple):
    """A result of the selection: the row, and what covering names and being like earlier ones added."""

    row: int
    coverage: float
    alike: float


def rank(
    question: Question,
    episodes: EpisodeTable,
    entities: EntityTable,
    statements: Sequence[Counted],
    names: Names,
    walk: Walk,
    *,
    vector: NDArray[np.float32],
    whole: NDArray[np.float32],
    encode: Encode,
    allowed: Mask,
    unsaid: Mask | None = None,
    constants: Constants = CONSTANTS,
) -> Ranking:
    """Score every episode for a question; `vector` embeds what `question.dense` says, `whole` all of the question.

    `allowed` are the episodes that may be found; the others may still lead to them, except those that are `unsaid`.
    """
    c = constants
    n = len(episodes)
    title = np.float32(c.title) * np.isin(episodes.title_read, question.numbers)
    dense = episodes.similar(vector)
    lexical = episodes.lexicon.scores(question.terms)
    lexical *= np.float32(c.lexical / (lexical.max(initial=0, where=allowed) or 1))
    sentence = dense.copy()
    rows = top(np.where(allowed, c.whole * dense + lexical + title, -np.inf), c.refined)
    sentence[rows] = episodes.best_sentences(rows, vector)
    stated = np.zeros(n, np.float32)
    stated[rows] = _stated(statements, rows, whole)
    stated *= np.float32(c.seed_stated_many if question.many else c.seed_stated)
    f = c.whole * dense + c.sentence * sentence + lexical + title

    when = episodes.tells(question.asked & Answer.TIME).astype(np.float32)
    windows = question.windows + (window_beside(question.beside, episodes, allowed) if question.beside else ())
    window = told_of(windows, episodes, statements).astype(np.float32)
    present = _present(question, episodes, episodes.alive.values if unsaid is None else episodes.alive.values & ~unsaid)
    value = f + stated + c.seed_time * (when + 2 * window) + c.seed_present * present
    few = min(c.seeds, int(np.ceil(c.seed_share * np.count_nonzero(allowed))))
    seeds = top(np.where(allowed, value, -np.inf), few)
    ranks = _walked(question, episodes, walk, value, seeds, unsaid, c)
    reached = ranks[:n]
    share: NDArray[Any] = np.maximum(reached / (reached[allowed].max(initial=0) or 1), c.floor)
    ranking = Ranking(
        {
            "dense": c.likeness * c.whole * dense,
            "sentence": c.likeness * c.sentence * sentence,
            "lexical": np.float32(c.likeness) * (lexical + title),
            "graph": (c.graph * np.log(share / c.floor)).astype(np.float32),
            "title": np.float32(c.titled) * (title > 0),
            "speaker": c.speaker * np.isin(episodes.speaker.values, question.people).astype(np.float32)
            + c.present * present,
            "shape": c.length * np.log(1 + episodes.words.values, dtype=np.float32)
            + np.float32(c.asks) * episodes.asks.values,
            "time": c.time * window,
            "answer": c.answer * (when + _answers(question, episodes, names, rows)),
        },
        ranks=ranks,
        cosine=np.maximum(dense, sentence),
    )
    ranking.scores["session"] = np.float32(c.session) * beside(
        ranking.total, episodes.session.values, allowed, c.session_spread
    )
    if question.order:
        best = np.where(allowed, ranking.total, -np.inf)
        ranking.scores["order"] = c.order * ordered(question.order, best, episodes.valid.values, c.ordered)
    if question.foreign:
        ranking.scores["bridge"] = _bridges(
            question, episodes, entities, statements, names, walk, ranking, encode, allowed, c
        )
    return ranking


def _walked(
    question: Question,
    episodes: EpisodeTable,
    walk: Walk,
    value: NDArray[np.float32],
    seeds: NDArray[np.intp],
    unsaid: Mask | None,
    c: Constants,
) -> NDArray[np.float32]:
    """Walk from the best episodes and from the names and keywords of the question."""
    lead: NDArray[Any] = (value[seeds] - value[seeds].min(initial=np.inf)) ** 2 if len(seeds) else np.zeros(0)
    if len(seeds) and not lead.any():
        lead = np.ones(len(seeds))
    parts: list[tuple[NDArray[Any], NDArray[Any], float]] = [(seeds, lead, 1 - c.named)]
    keywords = episodes.lexicon.known(question.terms)
    own = np.concatenate((question.numbers + walk.offsets[0], keywords + walk.offsets[1]))
    weight = np.concatenate((walk.rarity(0, question.numbers), walk.rarity(1, keywords)))
    frequency = episodes.names.frequency(question.numbers), episodes.lexicon.incidence.frequency(keywords)
    there = np.concatenate(frequency) > 0
    parts.append((own[there], weight[there], c.named))
    parts = [(nodes, mass, part) for nodes, mass, part in parts if mass.sum() > 0]
    if not parts:
        return np.zeros(walk.size, np.float32)
    nodes = np.concatenate([nodes for nodes, _, _ in parts])
    reset = np.concatenate([part * mass / mass.sum() for _, mass, part in parts])
    return walk.rank(nodes, reset / reset.sum(), hidden=unsaid)


def _present(question: Question, episodes: EpisodeTable, said: Mask) -> NDArray[np.float32]:
    """Return which share of the people named in the question speak, in what is said, in the session of each episode."""
    share = np.zeros(len(episodes), np.float32)
    groups = {name.speakers for name in question.names if name.speakers}
    sessions = episodes.session.values
    for speakers in groups:
        theirs = sessions[said & np.isin(episodes.speaker.values, speakers)]
        share += np.isin(sessions, theirs[theirs >= 0]) / np.float32(len(groups))
    return share


def _stated(statements: Sequence[Counted], rows: NDArray[Any], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return, for some rows of episodes, the largest cosine of what they state, as `Counted.best` does."""
    best = np.zeros(len(rows), np.float32)
    for counted in statements:
        np.maximum(best, counted.best(rows, vectors), out=best)
    return best


def _answers(question: Question, episodes: EpisodeTable, names: Names, rows: NDArray[np.intp]) -> NDArray[np.float32]:
    """Count the kinds of answers asked for that each episode has, times left aside; names are seen in `rows` only."""
    count = np.zeros(len(episodes), np.float32)
    for answer in Answer:
        if answer is Answer.TIME or answer not in question.asked:
            continue
        if types := NAMED.get(answer):
            found = episodes.names.items(rows)
            fitting = names.of_type(found.other, types) & ~np.isin(found.other, question.numbers)
            count[np.unique(rows[found.owner[fitting]])] += 1
        else:
            count += episodes.tells(answer)
    return count


def beside(score: NDArray[np.float32], groups: NDArray[np.int32], allowed: Mask, spread: float) -> NDArray[np.float32]:
    """Return for each row how much better its group is as a whole, at least 0; a row of no group (-1) stands alone.

    A group is as good as its best rows together: their scores add up as odds do, `spread` being the unit.

    >>> groups, allowed = np.array([0, 0, 1, -1], np.int32), np.ones(4, bool)
    >>> beside(np.array([0.5, 0.5, 0.5, 0.9], np.float32), groups, allowed, 0.1).round(2).tolist()
    [0.07000000029802322, 0.07000000029802322, 0.0, 0.0]
    """
    better = np.zeros(len(score), np.float32)
    rows = np.flatnonzero(allowed & (groups >= 0))
    if len(rows):
        lead = (score[rows] - score[rows].max()) / np.float32(spread)
        mass = np.bincount(groups[rows], np.exp(lead))
        better[rows] = spread * (np.log(np.maximum(mass[groups[rows]], 1e-30)) - np.maximum(lead, -69))
    return np.maximum(better, 0)


def held(question: Question, episodes: EpisodeTable, rows: NDArray[Any]) -> NDArray[np.bool_]:
    """Which names of the question each of some episodes holds, all words of it, shape (rows, names)."""
    has = np.zeros((len(rows), len(question.names)), bool)
    found = episodes.lexicon.incidence.items(rows)
    named = episodes.names.items(rows)
    for column, name in enumerate(question.names):
        wanted = list(dict.fromkeys(terms(question.text[name.start : name.end])))
        known = episodes.lexicon.known(wanted)
        if wanted and len(known) == len(wanted):
            hits = found.owner[np.isin(found.other, known)]
            has[:, column] = np.bincount(hits, minlength=len(rows)) == len(known)
        if name.numbers:
            has[named.owner[np.isin(named.other, name.numbers)], column] = True
        if name.speakers:
            has[:, column] |= np.isin(episodes.speaker.values[rows], name.speakers)
    return has


class _Paths(NamedTuple):
    """Paths from good episodes over what they share with others: one entry each."""

    source: NDArray[np.intp]
    """The place of the source among the sources."""
    node: NDArray[np.int32]
    """The name or keyword, as a node of the walk."""
    target: NDArray[np.int32]
    weight: NDArray[np.float64]
    aim: NDArray[np.intp]
    """Which of the vectors the target is compared with."""


def _bridges(
    question: Question,
    episodes: EpisodeTable,
    entities: EntityTable,
    statements: Sequence[Counted],
    names: Names,
    walk: Walk,
    ranking: Ranking,
    encode: Encode,
    allowed: Mask,
    c: Constants,
) -> NDArray[np.float32]:
    """Score the best single path to each episode: from a good one, over what both have, to what is left to ask."""
    gain = np.zeros(len(episodes), np.float32)
    score = np.where(allowed, ranking.total, -np.inf)
    sources = top(score, c.sources)
    if not len(sources) or not episodes.own.width:
        return gain
    least, most = float(score[allowed].min()), float(score[sources[0]])
    weights = ((score[sources] - least) / (most - least or 1)) ** 2
    holds = held(question, episodes, sources)
    weights = np.where(holds.any(axis=1), weights, c.unexplained * weights)
    rests = [question.without([n for n, there in zip(question.names, row, strict=True) if there]) for row in holds]
    texts = list(dict.fromkeys(rests))
    rest = np.array([texts.index(text) for text in rests])
    aims = [*unit(encode(texts))]

    paths = []
    for part, own in ((0, question.numbers), (1, episodes.lexicon.known(question.terms))):
        shared = episodes.names if part == 0 else episodes.lexicon.incidence
        found = shared.items(sources)
        source, item = found.owner, found.other
        if part == 0:
            further = _titles(episodes, sources, found)
            source, item = np.concatenate((source, further[0])), np.concatenate((item, further[1]))
        frequency = shared.frequency(item)
        usable = (frequency > 0) & (frequency <= c.spread) & ~np.isin(item, own)
        source, item = source[usable], item[usable]
        aim = rest[source]
        if part == 0:
            for place, number in enumerate(item.tolist()):
                if (row := entities.row.get(names.uuid.get(number, ""))) is not None:
                    aims.append(unit(aims[aim[place]] + entities.vectors.take([row])[0]))
                    aim[place] = len(aims) - 1
        weight = weights[source] * np.sqrt(walk.rarity(part, item) / np.log1p(walk.live))
        to = shared.rows(item)
        bits = to.times if part == 0 else np.zeros(len(to.times), np.uint16)
        bonus = 1 + c.to_title * ((bits & IS_TITLE) > 0) + c.to_first * ((bits & IN_FIRST_SENTENCE) > 0)
        keep = allowed[to.other] & (to.other != sources[source[to.owner]])
        at = to.owner[keep]
        node = item + np.int32(walk.offsets[part])
        paths.append(_Paths(source[at], node[at], to.other[keep], weight[at] * bonus[keep], aim[at]))
    source, node, target, weight, aim = (np.concatenate(arrays) for arrays in zip(*paths, strict=True))
    if not len(target):
        return gain

    wanted = np.stack(aims)
    # Many paths share both the target and the aim: these are compared once, and in this thread.
    ends, where = np.unique(aim * len(episodes) + target, return_inverse=True)
    whole: NDArray[Any] = episodes.own.dot(ends % len(episodes), wanted[ends // len(episodes)])[where]
    best = top(weight * whole, c.closest)
    source, node, target, weight, aim, whole = (a[best] for a in (source, node, target, weight, aim, whole))
    likeness = c.whole * whole + c.sentence * episodes.best_sentences(target, wanted[aim])
    likeness += c.end_stated * _stated(statements, target, wanted[aim])
    value = c.bridge * weight * np.maximum(likeness, 0)
    order = np.argsort(-value, kind="stable")
    order = order[value[order] > 0]
    targets, first = np.unique(target[order], return_index=True)
    chosen = order[first]
    gain[targets] = value[chosen]
    bridges = map(Bridge, sources[source[chosen]].tolist(), node[chosen].tolist())
    ranking.bridges.update(zip(targets.tolist(), bridges, strict=True))
    return gain


def _titles(
    episodes: EpisodeTable, sources: NDArray[np.intp], known: Links
) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    """Find titles in the texts of the sources that are not among their names: the place of the source, and the name."""
    if not episodes.titled:
        return np.empty(0, np.intp), np.empty(0, np.int32)
    pairs = [
        (place, number)
        for place, row in enumerate(sources.tolist())
        for number in sorted(episodes.titles_in(row) - set(known.other[known.owner == place].tolist()))
    ]
    found = np.array(pairs, np.int32).reshape(-1, 2)
    return found[:, 0].astype(np.intp), found[:, 1]


def select(
    question: Question,
    episodes: EpisodeTable,
    score: NDArray[np.float32],
    *,
    top_k: int,
    constants: Constants = CONSTANTS,
) -> list[Chosen]:
    """Choose up to `top_k` episodes one after the other, so that every name is covered and none repeats another.

    `score` is -inf for what may not be chosen. The value at which each is chosen never rises on the way.
    """
    c = constants
    pool = top(score, max(c.pool, top_k))
    greedy = min(top_k, c.pool)
    value = score[pool].astype(np.float64)
    holds = held(question, episodes, pool)
    titled = np.zeros_like(holds)
    titles = episodes.title_read[pool]
    for column, name in enumerate(question.names):
        titled[:, column] = np.isin(titles, name.numbers)
    open_names, open_titles = np.ones((2, len(question.names)), bool)
    vectors = unit(episodes.own.take(pool))
    alike = np.zeros(len(pool))
    left = np.ones(len(pool), bool)
    chosen: list[Chosen] = []
    while left.any() and len(chosen) < greedy:
        coverage = c.cover * (holds & open_names).sum(axis=1) + c.cover_title * (titled & open_titles).sum(axis=1)
        best = int(np.argmax(np.where(left, value + coverage - c.alike * alike, -np.inf)))
        chosen.append(Chosen(int(pool[best]), float(coverage[best]), -c.alike * float(alike[best])))
        left[best] = False
        open_names &= ~holds[best]
        open_titles &= ~titled[best]
        alike = np.maximum(alike, products(vectors, vectors[best]))
    if left.any() and len(chosen) < top_k:
        coverage = c.cover * (holds & open_names).sum(axis=1) + c.cover_title * (titled & open_titles).sum(axis=1)
        order = top(np.where(left, value + coverage - c.alike * alike, -np.inf), top_k - len(chosen))
        chosen += [Chosen(int(pool[i]), float(coverage[i]), -c.alike * float(alike[i])) for i in order]
    return chosen
