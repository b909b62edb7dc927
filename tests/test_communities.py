import random
from itertools import pairwise

import igraph
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmem.graph.communities import MOST, communities, joined, matching, modularity


def star(leaves):
    return joined([0] * leaves, range(1, leaves + 1), size=leaves + 1)


def clique(size):
    one, two = np.triu_indices(size, 1)
    return joined(one, two, size=size)


def chain(size):
    return joined(range(size - 1), range(1, size), size=size)


def planted(sizes, *, degree=8, mixing=0.2, seed=0):
    """Nodes in communities of these sizes; of their edges a share goes anywhere."""
    rng = np.random.default_rng(seed)
    ends = np.cumsum(sizes)
    size = int(ends[-1])
    home = np.searchsorted(ends, np.arange(size), side="right")
    one = rng.integers(0, size, size * degree // 2)
    starts = ends - sizes
    near = starts[home[one]] + (rng.random(len(one)) * np.asarray(sizes)[home[one]]).astype(np.int64)
    two = np.where(rng.random(len(one)) < mixing, rng.integers(0, size, len(one)), near)
    return joined(one, two, rng.random(len(one)) + 0.5, size=size), home.astype(np.int32)


def check(levels, size, *, most=MOST):
    """Each node is in one community a level, each level is coarser than the one below and made of its communities."""
    for level in levels:
        assert len(level) == size
        assert (level >= 0).all()
    counts = [len(np.unique(level)) for level in levels]
    assert counts == sorted(set(counts), reverse=True)
    for below, above in pairwise(levels):
        assert len(set(zip(below.tolist(), above.tolist(), strict=True))) == len(np.unique(below))
    assert np.bincount(levels[0], minlength=1).max() <= most


@pytest.mark.parametrize(
    ("edges", "communities_there"),
    [
        (joined([], [], size=0), 0),
        (joined([], [], size=1), 1),
        (joined([0], [1], size=2), 1),
        (joined([], [], size=5), 5),
        (star(50), 1),
        (clique(20), 1),
        (joined([0, 1], [0, 1], size=2), 2),
    ],
)
def test_small_graphs_have_the_communities_one_sees(edges, communities_there):
    levels = communities(edges)
    check(levels, edges.size)
    assert len(np.unique(levels[0])) == communities_there


@pytest.mark.parametrize("edges", [star(10_000), clique(600), chain(5_000)], ids=["star", "clique", "chain"])
def test_no_community_on_the_lowest_level_is_large(edges):
    levels = communities(edges)
    check(levels, edges.size)
    assert len(levels) >= 2


def test_a_hub_linked_to_everything_leaves_the_communities_as_they_are():
    edges, home = planted([40] * 25, mixing=0.1)
    hub = edges.size
    one = np.concatenate((edges.left, np.full(hub, hub)))
    two = np.concatenate((edges.right, np.arange(hub)))
    with_hub = joined(one, two, np.concatenate((edges.weights, np.full(hub, 0.5))), size=hub + 1)
    levels = communities(with_hub)
    check(levels, hub + 1)
    found = levels[0][:hub]
    same = np.mean([np.bincount(found[home == one]).max() / (home == one).sum() for one in range(25)])
    assert same > 0.8


def test_a_million_edges_come_to_an_end():
    rng = np.random.default_rng(0)
    one, two = rng.integers(0, 120_000, (2, 1_000_000))
    edges = joined(one, (one + two // 200) % 120_000, size=120_000)
    check(communities(edges), 120_000)


def test_pairs_without_any_link_to_others_stay_pairs():
    levels = communities(joined(range(0, 10_000, 2), range(1, 10_000, 2), size=10_000))
    assert np.bincount(levels[0]).tolist() == [2] * 5_000
    assert len(levels) == 1


def test_ten_runs_and_any_order_of_the_edges_give_the_same_hierarchy():
    edges, _ = planted([10, 30, 400, 60, 900])
    first = communities(edges)
    rng = np.random.default_rng(1)
    for _ in range(10):
        order = rng.permutation(len(edges.left))
        turned = rng.random(len(order)) < 0.5
        one, two = edges.left[order], edges.right[order]
        again = joined(np.where(turned, two, one), np.where(turned, one, two), edges.weights[order], size=edges.size)
        assert all((a == b).all() for a, b in zip(first, communities(again), strict=True))


def test_sums_of_parallel_edges_do_not_depend_on_their_order():
    weights = [0.1, 0.2, 0.3, 1e8, 0.7]
    sums = {joined([0] * 5, [1] * 5, random.Random(at).sample(weights, 5), size=2).weights[0] for at in range(20)}
    assert len(sums) == 1


def test_random_numbers_of_the_caller_are_left_alone():
    edges, _ = planted([30, 30])
    random.seed(4)
    expected = random.random()
    random.seed(4)
    first = communities(edges)
    assert random.random() == expected
    random.seed(5)
    assert all((a == b).all() for a, b in zip(first, communities(edges), strict=True))
    random.seed(6)
    before = igraph.Graph.Erdos_Renyi(n=50, p=0.2).get_edgelist()
    communities(edges)
    random.seed(6)
    assert igraph.Graph.Erdos_Renyi(n=50, p=0.2).get_edgelist() == before


def test_modularity_is_that_of_igraph():
    edges, home = planted([20, 50, 80])
    graph = igraph.Graph(n=edges.size, edges=np.stack((edges.left, edges.right), axis=1).tolist())
    assert modularity(edges, home) == pytest.approx(graph.modularity(home.tolist(), weights=edges.weights.tolist()))
    expected = graph.community_leiden(objective_function="modularity", weights=edges.weights.tolist()).modularity
    found = max(modularity(edges, level) for level in communities(edges))
    assert found >= 0.99 * graph.modularity(home.tolist(), weights=edges.weights.tolist())
    assert found == pytest.approx(expected, abs=0.1)


def test_beginning_from_former_levels_keeps_them():
    edges, _ = planted([10, 30, 400, 60, 900], mixing=0.3)
    before = communities(edges)
    more = joined([*edges.left, 3], [*edges.right, edges.size], [*edges.weights, 1.0], size=edges.size + 1)
    after = communities(more, start=before)
    check(after, more.size)
    kept = matching(before[0], after[0][: edges.size])
    assert (kept >= 0).mean() > 0.95


edges_of_some = st.integers(0, 30).flatmap(
    lambda size: st.tuples(
        st.just(size),
        st.lists(
            st.tuples(
                st.integers(0, max(size - 1, 0)),
                st.integers(0, max(size - 1, 0)),
                st.sampled_from([0.0, 1e-9, 0.1, 0.2, 0.3, 1.0, 7.0, 1e9]),
            ),
            max_size=80 if size else 0,
        ),
    )
)


@settings(deadline=None, max_examples=150)
@given(graph=edges_of_some, most=st.sampled_from([1, 2, 5, 256]), random_numbers=st.randoms(use_true_random=False))
def test_every_node_is_in_one_community_a_level_whatever_the_graph(graph, most, random_numbers):
    size, listed = graph
    levels = communities(joined(*_columns(listed), size=size), most=most)
    check(levels, size, most=most)
    shuffled = random_numbers.sample(listed, len(listed))
    again = communities(joined(*_columns(shuffled), size=size), most=most)
    assert all((a == b).all() for a, b in zip(levels, again, strict=True))


def _columns(listed):
    return [list(column) for column in zip(*listed, strict=True)] or [[], [], []]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([0], [2], [1.0]), r"outside 0\.\.1"),
        (([0], [1], [-1.0]), "not negative, got -1.0"),
        (([0], [1], [float("nan")]), "must be finite"),
        (([0], [1, 0], [1.0]), "1 sources, 2 targets and 1 weights"),
    ],
)
def test_edges_that_can_not_be_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        joined(*arguments, size=2)


def test_a_community_that_lost_one_of_fifty_is_the_same():
    old = np.array([0] * 50 + [1] * 50)
    assert matching(old, np.array([0] * 49 + [1] * 51)).tolist() == [0, 1]


def test_the_larger_part_of_a_split_and_the_larger_of_what_merges_go_on():
    assert matching(np.array([0] * 10), np.array([0] * 3 + [1] * 4 + [2] * 3)).tolist() == [-1, 0, -1]
    assert matching(np.array([0] * 3 + [1] * 4 + [2] * 3), np.array([0] * 10)).tolist() == [1]


def test_equal_halves_are_told_apart_by_number():
    assert matching(np.array([0] * 4), np.array([0, 0, 1, 1])).tolist() == [0, -1]
    assert matching(np.array([0, 0, 1, 1]), np.array([0] * 4)).tolist() == [0]


def test_nodes_of_no_community_match_nothing():
    assert matching(np.array([-1, -1, 0]), np.array([0, 0, 1])).tolist() == [-1, 0]
    assert matching(np.array([], np.int32), np.array([], np.int32)).tolist() == []


@given(st.lists(st.tuples(st.integers(-1, 5), st.integers(-1, 5)), max_size=60))
def test_no_community_is_continued_twice(labels):
    old, new = (np.array([pair[side] for pair in labels], np.int32) for side in (0, 1))
    found = matching(old, new)
    kept = found[found >= 0].tolist()
    assert len(kept) == len(set(kept))
    itself = matching(old, old)
    assert all(itself[community] == community for community in old[old >= 0])
