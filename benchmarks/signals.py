"""What each signal of the ranking is worth: some alone, and the whole with one of them left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from graphmem.graph.lexical import terms
from graphmem.graph.vectors import top, unit
from graphmem.memory import Memory
from graphmem.recall.constants import CONSTANTS
from graphmem.store.contract import EVERYTHING

LEFT_OUT: dict[str, dict[str, Any]] = {
    "dense": {"whole": 0.0},
    "sentence": {"sentence": 0.0},
    "statement": {"seed_stated": 0.0, "seed_stated_many": 0.0, "end_stated": 0.0},
    "lexical": {"lexical": 0.0},
    "title": {"title": 0.0, "titled": 0.0, "cover_title": 0.0, "to_title": 0.0, "to_first": 0.0},
    "graph": {"graph": 0.0, "likeness": 1.0},
    "names and keywords in the graph": {"common": 0.0},
    "neighbours in the graph": {"next": 0.0},
    "speaker": {"speaker": 0.0, "present": 0.0, "seed_present": 0.0},
    "shape": {"length": 0.0, "asks": 0.0},
    "time": {"time": 0.0, "seed_time": 0.0},
    "answer": {"answer": 0.0},
    "session": {"session": 0.0},
    "order": {"order": 0.0},
    "bridge": {"bridge": 0.0},
    "coverage": {"cover": 0.0, "cover_title": 0.0},
    "diversity": {"alike": 0.0},
}
"""The constants that silence each signal."""

SIGNALS = ("dense", "sentence", "lexical", "graph", "title", "speaker", "shape", "time", "answer", "order", "bridge")
"""What adds to the score of an episode before the selection."""


def dense_alone(memory: Memory, question: str, top_k: int) -> list[str]:
    """Return the uuids of the episodes whose vectors are most like that of the question, as it stands."""
    memory.refresh()
    episodes = memory._index.episodes
    vector = unit(memory._embedder.encode([question])[0])
    scores = np.where(episodes.alive.values, episodes.own.take(np.arange(len(episodes))) @ vector, -np.inf)
    return [episodes.uuids[row] for row in top(scores, top_k)]


def bm25_alone(memory: Memory, question: str, top_k: int) -> list[str]:
    """Return the uuids of the episodes that BM25 ranks highest."""
    memory.refresh()
    episodes = memory._index.episodes
    scores = np.where(episodes.alive.values, episodes.lexicon.scores(terms(question)), -np.inf)
    return [episodes.uuids[row] for row in top(scores, top_k)]


def signal_alone(signal: str) -> Callable[[Memory, str, int], list[str]]:
    """Return a ranking by what one signal adds to the score; an episode that it adds nothing to is not found."""

    def rank(memory: Memory, question: str, top_k: int) -> list[str]:
        memory.refresh()
        search = memory._index._search(question, memory._embedder.encode, EVERYTHING, None, None, None)
        values = search.ranking.scores.get(signal)
        if values is None:
            return []
        told = search.allowed & (values > values.min(initial=0))
        return [search.episodes.uuids[row] for row in top(np.where(told, values, -np.inf), top_k)]

    return rank


def ablation(memories: list[Memory], measure: Callable[[], dict[str, float]]) -> dict[str, dict[str, float]]:
    """Measure again with each signal left out in all memories."""
    found = {}
    for signal in LEFT_OUT:
        for memory in memories:
            memory._index.use(replace(CONSTANTS, **LEFT_OUT[signal]))
        found[signal] = measure()
    for memory in memories:
        memory._index.use(CONSTANTS)
    return found
