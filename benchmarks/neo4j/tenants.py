"""A tenant with one percent of the data beside a large one: whether it gets its full top ten, and how fast."""

from __future__ import annotations

import numpy as np

from benchmarks.neo4j.loaded import loaded
from benchmarks.neo4j.made import MODEL
from benchmarks.neo4j.serving import TOP, quantile, timed
from graphmem.graph.vectors import unit
from graphmem.store import open_store

QUESTIONS = 40


def measure(address: str, *, episodes: int, large: int) -> dict[str, object]:
    """Look for the ten nearest episodes, in a tenant with so many and in one with a hundredth of them."""
    stores = [open_store(address, group_id=loaded(address, size)) for size in (large, max(large // 100, TOP))]
    vectors = unit(np.random.default_rng(3).standard_normal((QUESTIONS, MODEL[1])).astype(np.float32))
    taken: list[list[float]] = [[], []]
    found: list[list[int]] = [[], []]
    for vector in vectors:
        for store, seconds, many in zip(stores, taken, found, strict=True):
            spent, hits = timed(lambda v, store=store: store.nearest("episode", v, top_k=TOP), vector)
            seconds.append(spent)
            many.append(len(hits))
    for store in stores:
        store.close()
    of_large, of_small = (quantile(seconds[5:], 50) for seconds in taken)
    return {
        "small_tenant_top10": min(found[1]),
        "large_tenant_top10": min(found[0]),
        "large_tenant_ms": round(1000 * of_large, 1),
        "small_tenant_ms": round(1000 * of_small, 1),
        "tenant_ratio": round(of_small / of_large, 2),
    }
