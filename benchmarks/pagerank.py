"""Personalized PageRank on a heavy-tailed graph, against igraph's exact solver in the same run."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import click
import igraph
import numpy as np

from graphmem.graph.adjacency import adjacency
from graphmem.graph.pagerank import pagerank
from graphmem.graph.vectors import top


def cpu_ms(call: Callable[[], Any], *, repeats: int) -> tuple[float, Any]:
    """Return the median CPU time of a call in milliseconds, and its result."""
    taken, result = [], None
    for _ in range(repeats):
        start = time.process_time()
        result = call()
        taken.append(time.process_time() - start)
    return 1000 * float(np.median(taken)), result


@click.command(help=__doc__)
@click.option("--nodes", default=100_000, show_default=True)
@click.option("--edges", default=5, show_default=True, help="Edges per node.")
@click.option("--seeds", default=100, show_default=True, help="Nodes of the reset; 0 puts mass on all.")
@click.option("--repeats", default=9, show_default=True)
@click.option("--seed", default=0, show_default=True, help="Of the random numbers.")
def main(nodes: int, edges: int, seeds: int, repeats: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    left = rng.integers(0, nodes, nodes * edges)
    right = (nodes * rng.random(nodes * edges) ** 3).astype(np.int64)
    left, right = left[left != right], right[left != right]
    weights = rng.random(len(left)) + 0.1
    click.echo(f"{nodes} nodes, {len(left)} edges", err=True)
    graph = adjacency(left, right, weights, size=nodes)
    chosen = rng.choice(nodes, seeds, replace=False) if seeds else np.arange(nodes)
    values = rng.random(len(chosen))
    pagerank(graph, chosen, values)
    ms, ours = cpu_ms(lambda: pagerank(graph, chosen, values), repeats=repeats)

    other = igraph.Graph(n=nodes, edges=np.stack((left, right), axis=1).tolist())
    reset = np.zeros(nodes)
    reset[chosen] = values
    options: dict[str, Any] = {"reset": reset.tolist(), "weights": weights.tolist(), "directed": False}
    igraph_ms, exact = cpu_ms(lambda: other.personalized_pagerank(**options), repeats=max(1, repeats // 3))
    exact = np.array(exact)
    shared = len(set(top(ours, 20).tolist()) & set(top(exact, 20).tolist()))
    result = {
        "nodes": nodes,
        "edges": len(left),
        "seeds": len(chosen),
        "ms": round(ms, 2),
        "igraph_ms": round(igraph_ms, 2),
        "ratio": round(igraph_ms / ms, 1),
        "overlap@20": shared / min(20, nodes),
        "largest_error": float(np.abs(ours - exact).max()),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
