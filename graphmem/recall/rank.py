"""One ranking for documents and conversations: likeness, words, a walk over the graph, people, time, and bridges.

Every signal adds to the score of an episode, and one whose data is absent adds nothing. The names of the question
belong to the graph, the rest of it to the encoder: whoever speaks is a node and no part of what is embedded, and what
lies one shared name away from a good episode is compared with what is left of the question there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from graphmem.graph.lexical import terms
from graphmem.graph.vectors import top, unit
from graphmem.recall.constants import CONSTANTS, Constants
from graphmem.recall.question import Question
from graphmem.recall.tables import IN_FIRST_SENTENCE, IS_TITLE, EpisodeTable, Mask, Names
from graphmem.recall.walk import Walk

Encode: TypeAlias = Callable[[list[str]], NDArray[Any]]
"""Texts to unit vectors, shape (texts, dimension)."""


class Bridge(NamedTuple):
    """The path that led to an episode: from which one, over which name."""

    source: int
    name: int


@dataclass
class Ranking:
    """What each signal adds to the score of each episode, shape (episodes,) each, and what was found on the way."""

    scores: dict[str, NDArray[np.float32]]
    bridges: dict[int, Bridge] = field(default_factory=dict)
    ranks: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    """PageRank of every node of the walk."""

    @property
    def total(self) -> NDArray[np.float32]:
        """The score of each episode before the selection."""
        total: NDArray[np.float32] = np.sum(list(self.scores.values()), axis=0, dtype=np.float32)
        return total


class Chosen(NamedTuple):
    """A result of the selection: the row, and what covering names and being like earlier ones added."""

    row: int
    coverage: float
    alike: float


def rank(
    question: Question,
    episodes: EpisodeTable,
    names: Names,
    walk: Walk,
    *,
    vector: NDArray[np.float32],
    encode: Encode,
    allowed: Mask,
    constants: Constants = CONSTANTS,
) -> Ranking:
    """Score every episode for a question; `vector` is the embedding of `question.dense`, `encode` embeds the rests."""
    c = constants
    n = len(episodes)
    title = np.float32(c.title) * np.isin(episodes.title.values, question.numbers)
    dense = episodes.similar(vector)
    lexical = episodes.lexicon.scores(question.terms)
    lexical *= np.float32(c.lexical / (lexical.max(initial=0) or 1))
    sentence = dense.copy()
    rows = top(np.where(allowed, c.whole * dense + lexical + title, -np.inf), c.refined)
    sentence[rows] = episodes.best_sentences(rows, vector)
    f = c.whole * dense + c.sentence * sentence + lexical + title

    when = episodes.timed.values.astype(np.float32) * question.when
    window = np.zeros(n, np.float32)
    for start, end in question.windows:
        window[(episodes.valid.values >= start) & (episodes.valid.values < end)] = 1
    seeds = top(np.where(allowed, f + c.seed_time * (when + 2 * window), -np.inf), c.seeds)
    ranks = _walked(question, episodes, walk, f + c.seed_time * (when + 2 * window), seeds, c)
    reached = ranks[:n]
    share: NDArray[Any] = np.maximum(reached / (reached[allowed].max(initial=0) or 1), c.floor)
    ranking = Ranking(
        {
            "dense": c.likeness * c.whole * dense,
            "sentence": c.likeness * c.sentence * sentence,
            "lexical": np.float32(c.likeness) * (lexical + title),
            "graph": (c.graph * np.log(share / c.floor)).astype(np.float32),
            "speaker": np.float32(c.speaker) * np.isin(episodes.speaker.values, question.people),
            "shape": (c.length * np.log1p(episodes.words.values) + c.asks * episodes.asks.values).astype(np.float32),
            "time": c.time * (when + window),
        },
        ranks=ranks,
    )
    if question.foreign:
        ranking.scores["bridge"] = _bridges(question, episodes, names, walk, ranking, encode, allowed, c)
    return ranking


def _walked(
    question: Question,
    episodes: EpisodeTable,
    walk: Walk,
    value: NDArray[np.float32],
    seeds: NDArray[np.intp],
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
    return walk.rank(nodes, reset / reset.sum())


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


def _bridges(
    question: Question,
    episodes: EpisodeTable,
    names: Names,
    walk: Walk,
    ranking: Ranking,
    encode: Encode,
    allowed: Mask,
    c: Constants,
) -> NDArray[np.float32]:
    """Score the best single path to each episode: from a good one, over a shared name, to what is left to ask."""
    gain = np.zeros(len(episodes), np.float32)
    score = np.where(allowed, ranking.total, -np.inf)
    sources = top(score, c.sources)
    if not len(sources):
        return gain
    least, most = float(score[allowed].min()), float(score[sources[0]])
    weights = ((score[sources] - least) / (most - least or 1)) ** 2
    holds = held(question, episodes, sources)
    weights = np.where(holds.any(axis=1), weights, c.unexplained * weights)

    named = episodes.names.items(sources)
    frequency = episodes.names.frequency(named.other)
    usable = (frequency >= 2) & (frequency <= c.spread) & ~np.isin(named.other, question.numbers)
    owner, name = named.owner[usable], named.other[usable]
    if not len(name):
        return gain
    rests = [question.without([n for n, held_ in zip(question.names, row, strict=True) if held_]) for row in holds]
    texts = list(dict.fromkeys(rests[place] for place in np.unique(owner)))
    encoded = dict(zip(texts, unit(encode(texts)), strict=True))
    looked_for = np.stack([encoded[rests[place]] for place in owner])
    for position, number in enumerate(name):
        vector = names.vectors.get(int(number))
        if vector is not None:
            looked_for[position] += vector
    looked_for = unit(looked_for)
    rarity = np.sqrt(walk.rarity(0, name) / np.log1p(walk.live))

    back = episodes.names.rows(name)
    path, target = back.owner, back.other
    keep = allowed[target] & (target != sources[owner[path]])
    path, target, bits = path[keep], target[keep], back.times[keep]
    if not len(target):
        return gain
    wanted = looked_for[path]
    likeness = c.whole * np.einsum("ij,ij->i", wanted, episodes.own.values[target].astype(np.float32))
    likeness += c.sentence * episodes.best_sentences(target, wanted)
    bonus = 1 + c.to_title * ((bits & IS_TITLE) > 0) + c.to_first * ((bits & IN_FIRST_SENTENCE) > 0)
    value = (weights[owner[path]] * rarity[path] * np.maximum(likeness, 0) * bonus).astype(np.float32)
    order = np.lexsort((np.arange(len(value)), -value))
    targets, first = np.unique(target[order], return_index=True)
    best = order[first]
    gain[targets] = c.bridge * value[best]
    for row, at in zip(targets.tolist(), best.tolist(), strict=True):
        if value[at] > 0:
            ranking.bridges[row] = Bridge(int(sources[owner[path[at]]]), int(name[path[at]]))
    return gain


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
    open_names = np.ones(len(question.names), bool)
    vectors = unit(episodes.own.values[pool])
    alike = np.zeros(len(pool))
    left = np.ones(len(pool), bool)
    chosen: list[Chosen] = []
    while left.any() and len(chosen) < greedy:
        coverage = c.cover * (holds & open_names).sum(axis=1)
        best = int(np.argmax(np.where(left, value + coverage - c.alike * alike, -np.inf)))
        chosen.append(Chosen(int(pool[best]), float(coverage[best]), -c.alike * float(alike[best])))
        left[best] = False
        open_names &= ~holds[best]
        alike = np.maximum(alike, vectors @ vectors[best])
    if left.any() and len(chosen) < top_k:
        coverage = c.cover * (holds & open_names).sum(axis=1)
        order = top(np.where(left, value + coverage - c.alike * alike, -np.inf), top_k - len(chosen))
        chosen += [Chosen(int(pool[i]), float(coverage[i]), -c.alike * float(alike[i])) for i in order]
    return chosen
