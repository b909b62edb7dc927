"""Searches on the server: how long they take over one raw hybrid call, and how they agree with those in the process."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.neo4j.loaded import loaded
from benchmarks.neo4j.made import MODEL
from graphmem.embed import open_embedder
from graphmem.graph.vectors import unit
from graphmem.model import Episode
from graphmem.recall import Index, Served
from graphmem.settings import Settings
from graphmem.store import open_store
from graphmem.store.matching import words_of
from graphmem.store.neo4j.connection import Connection

QUESTIONS, TOP, RAW = 60, 10, 100
HYBRID = f"""
CALL () {{
  CALL db.index.vector.queryNodes($index, {RAW}, $vector) YIELD node, score RETURN node, score
  UNION ALL
  CALL db.index.fulltext.queryNodes('graphmem_text_node', $words, {{limit: {RAW}}}) YIELD node, score RETURN node, score
}}
RETURN node.uuid AS uuid, node.text AS text, score
"""
"""What any system that keeps its vectors in Neo4j has to ask at least."""


class Encoder:
    """Gives the vector that was made up for the question at hand, in no time, whatever is left of its text."""

    def __init__(self) -> None:
        self.vector = np.zeros(MODEL[1], np.float32)

    def __call__(self, texts: list[str]) -> NDArray[Any]:
        """Return the vector for each text."""
        return np.tile(self.vector, (len(texts), 1))


def measure(address: str, *, episodes: int, large: int) -> dict[str, object]:
    """Measure searches in a memory of so many episodes with two facts each."""
    group_id = loaded(address, large)
    store, connection = open_store(address, group_id=group_id), Connection(address, Settings.read())
    served, whole = Served(store), Index()
    try:
        whole.apply(store.changes())
        encoder, questions = Encoder(), asked(store, whole)

        def hybrid(question: str) -> object:
            vector = questions[question].tolist()
            return connection.read(
                HYBRID, index=f"graphmem_vector_episode_{MODEL[1]}", vector=vector, words=" ".join(words_of(question))
            )

        def search(question: str) -> list[str]:
            encoder.vector = questions[question]
            return [hit.uuid for hit in served.search(question, encode=encoder, top_k=TOP)]

        for question in list(questions)[:10]:
            hybrid(question)
            search(question)
        raw, ours, same = [], [], []
        for question in questions:
            raw.append(timed(hybrid, question)[0])
            taken, found = timed(search, question)
            ours.append(taken)
            known = {hit.uuid for hit in whole.search(question, encode=encoder, top_k=TOP)}
            same.append(len(known.intersection(found)) / max(len(known), 1))
    finally:
        served.close()
        connection.close()
        store.close()
    child = [sys.executable, "-m", "benchmarks.neo4j.serving", address, group_id, *list(questions)[:20]]
    peak = float(subprocess.run(child, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1])
    return {
        "hybrid_ms": round(1000 * quantile(raw, 50), 1),
        "server_ms": round(1000 * quantile(ours, 50), 1),
        "server_ratio_p50": round(quantile(ours, 50) / quantile(raw, 50), 2),
        "server_ratio_p95": round(quantile(ours, 95) / quantile(raw, 95), 2),
        "overlap@10": round(statistics.mean(same), 3),
        "peak_mb": round(peak, 1),
    }


def asked(store: Any, whole: Index) -> dict[str, NDArray[np.float32]]:
    """Make up questions: a name and some words of an episode, with a vector that is near to its own."""
    rng = np.random.default_rng(7)
    found: dict[str, NDArray[np.float32]] = {}
    table = whole.episodes
    for row in rng.choice(len(table), QUESTIONS, replace=False).tolist():
        [episode] = store.get("episode", [table.uuids[row]])
        assert isinstance(episode, Episode)
        words = episode.text.rstrip(".").split()
        name = next(entity for entity in store.get("entity", [mention.entity for mention in episode.mentions]))
        question = f"What did {name.name} say of {' '.join(rng.choice(words[-12:], 3).tolist())}?"
        [own] = table.vectors.take([row])
        found[question] = unit(own + rng.standard_normal(len(own)).astype(np.float32) / np.sqrt(len(own)))
    return found


def timed(work: Callable[[Any], Any], question: Any) -> tuple[float, Any]:
    """Return how many seconds some work takes, and what it gives."""
    start = time.perf_counter()
    result = work(question)
    return time.perf_counter() - start, result


def quantile(values: list[float], percent: int) -> float:
    """Return the value below which so many percent of the values are."""
    return float(np.percentile(values, percent))


def peak_mb(address: str, group_id: str, questions: list[str]) -> float:
    """Return the peak memory of this process after some searches, with the built-in embedding model at work."""
    store = open_store(address, group_id=group_id)
    served, embedder = Served(store), open_embedder(None)
    for question in questions:
        served.search(question, encode=embedder.encode, top_k=TOP)
    served.close()
    store.close()
    # What getrusage tells is not less than what the process had that started this one.
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    print(peak_mb(sys.argv[1], sys.argv[2], sys.argv[3:]))
