import igraph
import networkx as nx
import numpy as np
import pytest
from numpy.testing import assert_allclose

from graphmem.graph.adjacency import adjacency
from graphmem.graph.pagerank import iterate, pagerank, push, settled


def heavy_tailed(nodes, *, seed=0, edges=5):
    rng = np.random.default_rng(seed)
    left = rng.integers(0, nodes, nodes * edges)
    right = (nodes * rng.random(nodes * edges) ** 3).astype(int)
    return left, right, rng.random(nodes * edges) + 0.1


def by_networkx(left, right, weights, seeds, *, size, damping=0.85):
    graph = nx.Graph()
    graph.add_nodes_from(range(size))
    for a, b, w in zip(left, right, weights, strict=True):
        known = graph.get_edge_data(a, b, {"weight": 0.0})["weight"]
        graph.add_edge(a, b, weight=known + w)
    ranks = nx.pagerank(graph, alpha=damping, personalization=seeds, tol=1e-12, max_iter=1000)
    return np.array([ranks[node] for node in range(size)])


def by_push(graph, nodes, reset, **options):
    degree = graph.strength / graph.strength.mean()
    return settled(
        push(graph.neighbours, degree, nodes, reset, **options), degree, damping=options.get("damping", 0.85)
    )


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("damping", [0.5, 0.85])
def test_iteration_and_push_agree_with_networkx_on_random_graphs(seed, damping):
    size = 200
    left, right, weights = heavy_tailed(size, seed=seed, edges=2)
    graph = adjacency(left, right, weights, size=size)
    expected = by_networkx(left, right, weights, {3: 1.0, 50: 2.0}, size=size, damping=damping)
    assert_allclose(pagerank(graph, [3, 50], [1, 2], damping=damping, error=1e-7), expected, atol=1e-6)
    reset = np.array([1 / 3, 2 / 3], np.float32)
    assert_allclose(by_push(graph, np.array([3, 50]), reset, damping=damping, error=1e-8), expected, atol=1e-5)


@pytest.mark.parametrize(("error", "shared"), [(1e-4, 18), (1e-5, 20)])
def test_a_large_graph_has_the_top_20_of_igraph(error, shared):
    size = 30_000
    left, right, weights = heavy_tailed(size)
    seeds = np.random.default_rng(1).choice(size, 100, replace=False)
    there = left != right  # igraph counts a self-loop twice
    left, right, weights = left[there], right[there], weights[there]
    graph = adjacency(left, right, weights, size=size)
    other = igraph.Graph(n=size, edges=list(zip(left.tolist(), right.tolist(), strict=True)))
    exact = other.personalized_pagerank(reset_vertices=seeds.tolist(), weights=weights.tolist(), directed=False)
    ours = pagerank(graph, seeds, error=error)
    assert len(set(np.argsort(ours)[-20:]) & set(np.argsort(exact)[-20:])) >= shared
    assert ours.sum() + np.sum(exact, where=ours == 0) == pytest.approx(1, abs=0.1)
    assert (np.abs(ours - exact) <= error * graph.strength / graph.strength.mean() + 1e-6).all()


def test_a_dense_reset_agrees_with_igraph():
    size = 5_000
    left, right, weights = heavy_tailed(size)
    reset = np.random.default_rng(2).random(size)
    there = left != right  # igraph counts a self-loop twice
    other = igraph.Graph(n=size, edges=list(zip(left[there].tolist(), right[there].tolist(), strict=True)))
    exact = other.personalized_pagerank(reset=reset.tolist(), weights=weights[there].tolist(), directed=False)
    ours = pagerank(adjacency(left[there], right[there], weights[there], size=size), np.arange(size), reset, error=1e-5)
    assert_allclose(ours, exact, atol=1e-7)


def test_nodes_without_edges_keep_the_mass_of_their_seed():
    graph = adjacency([0], [1], size=4)
    expected = by_networkx([0], [1], [1.0], {3: 1.0, 0: 1.0}, size=4)
    assert_allclose(pagerank(graph, [0, 3], error=1e-5), expected, atol=1e-5)
    assert_allclose(by_push(graph, np.array([0, 3]), np.float32([0.5, 0.5]), error=1e-9), expected, atol=1e-5)


def test_a_part_of_the_graph_that_no_seed_touches_ranks_zero():
    ranks = pagerank(adjacency([0, 2], [1, 3], size=4), [0])
    assert ranks[2] == ranks[3] == 0
    assert ranks.sum() == pytest.approx(1)


def test_self_loops_hold_the_walk_back():
    with_loop = pagerank(adjacency([0, 0], [0, 1], size=2), [1])
    assert_allclose(with_loop, by_networkx([0, 0], [0, 1], [1.0, 1.0], {1: 1.0}, size=2), atol=1e-5)


def test_one_node_has_it_all_and_no_seeds_rank_nothing():
    assert pagerank(adjacency([], [], size=1), [0]).tolist() == [1.0]
    assert pagerank(adjacency([0], [1], size=2), []).tolist() == [0.0, 0.0]
    assert pagerank(adjacency([], [], size=0), []).tolist() == []
    assert pagerank(adjacency([0], [1], size=2), [0], [0.0]).tolist() == [0.0, 0.0]


def test_no_damping_returns_the_reset():
    graph = adjacency([0, 1], [1, 2], size=3)
    assert pagerank(graph, [0, 0, 2], [1, 2, 1], damping=0).tolist() == [0.75, 0.0, 0.25]


def test_a_million_nodes_are_ranked_locally():
    size = 1_000_000
    left, right, weights = heavy_tailed(size, edges=1)
    graph = adjacency(left, right, weights, size=size)
    seeds = np.arange(0, size, size // 50)
    ranks = pagerank(graph, seeds)
    assert (ranks[seeds] > 0).all()
    reset = np.zeros(size, np.float32)
    reset[seeds] = 1 / len(seeds)
    exact = iterate(graph, reset)
    assert (np.abs(ranks - exact) <= 1e-4 * graph.strength / graph.strength.mean() + 1e-6).all()
    assert ranks.sum() + exact.sum(where=ranks == 0) == pytest.approx(1, abs=0.1)
    assert len(set(np.argsort(ranks)[-20:]) & set(np.argsort(exact)[-20:])) >= 19


@pytest.mark.parametrize(
    ("seeds", "values", "options"),
    [
        ([5], None, {}),
        ([-1], None, {}),
        ([0], [1, 2], {}),
        ([0], [-1], {}),
        ([0], [float("nan")], {}),
        ([0], None, {"damping": 1.0}),
        ([0], None, {"error": 0}),
    ],
)
def test_what_cannot_be_ranked_is_refused(seeds, values, options):
    with pytest.raises(ValueError, match=r"seed|damping|error"):
        pagerank(adjacency([0], [1], size=2), seeds, values, **options)


def test_an_edge_outside_the_graph_is_refused():
    with pytest.raises(ValueError, match=r"outside 0\.\.1"):
        adjacency([0], [2], size=2)
