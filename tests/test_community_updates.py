from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmem.graph.communities import MOST, communities, joined, modularity
from graphmem.graph.hierarchy import Hierarchy


def planted(size, *, smallest=8, largest=150, degree=6, mixing=0.25, seed=0):
    """Edges among nodes in communities of power-law sizes, in the order in which the nodes come."""
    rng = np.random.default_rng(seed)
    sizes = []
    while sum(sizes) < size:
        sizes.append(int(smallest / (1 - rng.random() * (1 - smallest / largest))))
    home = rng.permutation(np.repeat(np.arange(len(sizes)), sizes)[:size])
    order = np.argsort(home, kind="stable")
    starts = np.searchsorted(home[order], np.arange(len(sizes) + 1))
    one = rng.integers(0, size, size * degree // 2)
    inside = order[(starts[home[one]] + rng.random(len(one)) * np.diff(starts)[home[one]]).astype(np.int64)]
    two = np.where(rng.random(len(one)) < mixing, rng.integers(0, size, len(one)), inside)
    edges = joined(one, two, rng.random(len(one)) + 0.5, size=size)
    order = np.lexsort((edges.left, edges.right))
    return edges.left[order], edges.right[order], edges.weights[order]


def check(hierarchy):
    """Every level is a partition made of communities of the level below, and what is kept of it is right."""
    edges, levels = hierarchy.edges, hierarchy.levels
    for level in levels:
        assert len(level) == edges.size
    for below, above in pairwise(levels):
        assert len(set(zip(below.tolist(), above.tolist(), strict=True))) == len(np.unique(below))
    for level in hierarchy._levels:
        assert level.sizes.tolist() == np.bincount(level.labels, minlength=len(level.sizes)).tolist()
        expected = np.bincount(level.labels, weights=edges.strength, minlength=len(level.sizes))
        assert np.allclose(level.strengths, expected, rtol=1e-6, atol=1e-6 * edges.strength.sum())
    assert np.bincount(levels[0], minlength=1).max() <= MOST
    return edges


def quality(hierarchy):
    """Our modularity over that of communities found anew."""
    edges = check(hierarchy)
    anew = max(modularity(edges, level) for level in communities(edges))
    return modularity(edges, hierarchy.levels[hierarchy.main]) / anew


def test_a_graph_that_grows_edge_by_edge_is_as_good_as_one_built_anew():
    left, right, weights = planted(1500)
    hierarchy = Hierarchy(joined([], [], size=0))
    for number, start in enumerate(range(0, len(left), 10)):
        part = slice(start, start + 10)
        hierarchy.update(left[part], right[part], weights[part])
        if number % 40 == 39:
            assert quality(hierarchy) >= 0.99
    assert quality(hierarchy) >= 0.99


def test_edges_that_come_and_go_leave_it_as_good_as_one_built_anew():
    left, right, weights = planted(1500)
    hierarchy = Hierarchy(joined(left, right, weights, size=1500))
    rng = np.random.default_rng(3)
    there = np.ones(len(left), bool)
    for _ in range(150):
        some = rng.choice(len(left), 10, replace=False)
        there[some] = ~there[some]
        hierarchy.update(left[some], right[some], np.where(there[some], weights[some], 0))
    assert quality(hierarchy) >= 0.99
    assert len(hierarchy.edges.left) == there.sum()


def test_the_same_updates_give_the_same_hierarchy():
    left, right, weights = planted(600)

    def grown():
        hierarchy = Hierarchy(joined(left[:900], right[:900], weights[:900], size=600))
        for start in range(900, len(left), 10):
            part = slice(start, start + 10)
            hierarchy.update(left[part], right[part], weights[part])
        return hierarchy.levels

    first = grown()
    for _ in range(3):
        assert all((one == two).all() for one, two in zip(first, grown(), strict=True))


def test_only_what_is_told_has_changed():
    left, right, weights = planted(1500)
    hierarchy = Hierarchy(joined(left, right, weights, size=1500))
    rng = np.random.default_rng(1)
    for _ in range(30):
        before = [members(level) for level in hierarchy.levels]
        ends = rng.choice(1500, (2, 5), replace=False)
        changed = hierarchy.update(ends[0], ends[1], np.ones(5))
        after = [members(level) for level in hierarchy.levels]
        if not changed.repaired:
            assert all(len(level) < 40 for level in changed.levels)
        for told, old, new in zip(changed.levels, before, after, strict=True):
            assert {label for label in old.keys() | new.keys() if old.get(label) != new.get(label)} <= told


def members(level):
    found = {}
    for node, label in enumerate(level.tolist()):
        found.setdefault(label, []).append(node)
    return found


def two_cliques(size, *, between=()):
    one, two = np.triu_indices(size, 1)
    near, far = zip(*between, strict=True) if between else ((), ())
    return joined([*one, *(one + size), *near], [*two, *(two + size), *far], size=2 * size)


def test_a_new_node_joins_those_it_is_linked_to():
    hierarchy = Hierarchy(two_cliques(6, between=[(0, 6)]))
    changed = hierarchy.update([12, 12, 12], [1, 2, 7], [1.0, 1.0, 1.0])
    assert hierarchy.levels[0][12] == hierarchy.levels[0][1] != hierarchy.levels[0][7]
    assert hierarchy.levels[0][1] in changed.levels[0]
    assert hierarchy.levels[0][7] not in changed.levels[0] or changed.repaired


def test_what_comes_apart_is_split_and_the_larger_part_goes_on():
    one, two = np.triu_indices(60, 1)
    left, right = [0, 1, 2, 3, 4, 5, 0, 1, 2], [1, 2, 3, 4, 5, 6, 2, 3, 4]
    hierarchy = Hierarchy(joined([*left, *(one + 20)], [*right, *(two + 20)], size=80))
    before = hierarchy.levels[0][3]
    assert hierarchy.levels[0][6] == before
    hierarchy.update([4], [5], [0.0])
    assert hierarchy.levels[0][3] == before != hierarchy.levels[0][6]
    assert hierarchy.levels[0][5] == hierarchy.levels[0][6]


def test_communities_that_grow_together_become_one_with_the_number_of_the_larger():
    one, two = np.triu_indices(40, 1)
    hierarchy = Hierarchy(joined([0, 0, 1, 3, 3, 0, *(one + 10)], [1, 2, 2, 4, 3, 1, *(two + 10)], size=50))
    larger, smaller = hierarchy.levels[0][0], hierarchy.levels[0][3]
    assert larger != smaller
    hierarchy.update([0, 1, 2, 0], [3, 3, 4, 4], [2.0, 2.0, 2.0, 2.0])
    assert set(hierarchy.levels[0][:5].tolist()) == {larger}


def test_a_node_without_edges_is_alone_again():
    hierarchy = Hierarchy(two_cliques(30))
    hierarchy.update([3] * 29, [at for at in range(30) if at != 3], np.zeros(29))
    assert (hierarchy.levels[0] == hierarchy.levels[0][3]).sum() == 1
    check(hierarchy)


def test_a_full_community_makes_room():
    hierarchy = Hierarchy(two_cliques(300))
    assert np.bincount(hierarchy.levels[0]).max() <= MOST
    for node in range(600, 620):
        hierarchy.update([node] * 20, range(20), np.ones(20))
        check(hierarchy)
        assert hierarchy.levels[hierarchy.main][node] == hierarchy.levels[hierarchy.main][0]


def test_what_hangs_on_one_hub_alone_is_kept_in_few_communities():
    hierarchy = Hierarchy(joined([0] * 3000, range(1, 3001), size=3001))
    for node in range(3001, 3300):
        hierarchy.update([0], [node], [1.0])
    check(hierarchy)
    assert len(np.unique(hierarchy.levels[0])) < 40


def test_all_edges_of_some_nodes_may_be_given_as_they_are_now():
    hierarchy = Hierarchy(joined([0, 0, 1, 3], [1, 2, 2, 4], [1.0, 2.0, 3.0, 4.0], size=5))
    hierarchy.update([0, 5, 3], [1, 0, 5], [1.04, 6.0, 7.0], of=[0, 5])
    edges = hierarchy.edges
    assert list(zip(edges.left.tolist(), edges.right.tolist(), edges.weights.tolist(), strict=True)) == [
        (0, 1, 1.0),
        (0, 5, 6.0),
        (1, 2, 3.0),
        (3, 4, 4.0),
        (3, 5, 7.0),
    ]
    hierarchy.update([], [], [], of=[0])
    check(hierarchy)
    assert (hierarchy.levels[0] == hierarchy.levels[0][0]).sum() == 1


def test_levels_that_were_kept_are_taken_up_again():
    left, right, weights = planted(3000, largest=1200)
    first = Hierarchy(joined(left, right, weights, size=3000))
    assert len(first.levels) > 1
    rng = np.random.default_rng(0)
    renamed = [rng.permutation(int(level.max()) + 1).astype(np.int32)[level] for level in first.levels]
    again = Hierarchy(first.edges, renamed)
    assert again.main == first.main
    assert all((one == two).all() for one, two in zip(renamed, again.levels, strict=True))
    again.update([], [], [])
    assert all((one == two).all() for one, two in zip(renamed, again.levels, strict=True))


def test_nodes_whose_communities_are_lost_are_put_in_their_place():
    left, right, weights = planted(3000, largest=1200)
    first = Hierarchy(joined(left, right, weights, size=3000))
    kept = [level.copy() for level in first.levels]
    for level in kept:
        level[level == level[17]] = -1
    again = Hierarchy(first.edges, kept)
    again.update([], [], [])
    assert quality(again) >= 0.98


def test_nodes_that_changed_before_levels_were_taken_up_are_looked_at_again():
    before = Hierarchy(two_cliques(6, between=[(0, 6)]))
    one, two, weights = before.edges.left, before.edges.right, before.edges.weights
    now = joined([*one, 3, 3, 3], [*two, 7, 8, 9], [*weights, 9.0, 9.0, 9.0], size=12)
    kept = Hierarchy(now, before.levels)
    assert not any(kept.update().levels)
    kept.update(again=[3])
    assert kept.levels[0][3] == kept.levels[0][7] != kept.levels[0][2]


def test_levels_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"levels of \[3\] nodes for a graph of 2"):
        Hierarchy(joined([0], [1], size=2), [np.zeros(3, np.int32)])
    with pytest.raises(ValueError, match="in two communities of the level above"):
        Hierarchy(joined([0], [1], size=2), [np.zeros(2, np.int32), np.arange(2, dtype=np.int32)])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([0, 1], [1, 0], [1.0, 2.0]), "given twice"),
        (([-1], [0], [1.0]), "names node -1"),
        (([0], [1], [-1.0]), "not negative, got -1.0"),
        (([0], [1, 2], [1.0]), "1 sources, 2 targets and 1 weights"),
    ],
)
def test_updates_that_can_not_be_are_refused(arguments, message):
    hierarchy = Hierarchy(joined([0], [1], size=2))
    with pytest.raises(ValueError, match=message):
        hierarchy.update(*arguments)
    assert len(hierarchy.levels[0]) == 2


pairs = st.dictionaries(
    st.tuples(st.integers(0, 24), st.integers(0, 24)).filter(lambda pair: pair[0] < pair[1]),
    st.sampled_from([0.0, 0.0, 0.1, 1.0, 3.0, 1e6]),
    max_size=12,
)


@settings(deadline=None, max_examples=100)
@given(first=pairs, updates=st.lists(pairs, max_size=12), most=st.sampled_from([1, 2, 6, 256]))
def test_whatever_changes_every_node_is_in_one_community_a_level(first, updates, most):
    expected = dict(first)
    hierarchy = Hierarchy(joined(*columns(first), size=25), most=most)
    for update in updates:
        before = [members(level) for level in hierarchy.levels]
        changed = hierarchy.update(*columns(update))
        expected |= update
        edges = check(hierarchy)
        assert np.bincount(hierarchy.levels[0]).max() <= most
        there = {pair for pair, weight in expected.items() if weight}
        assert set(zip(edges.left.tolist(), edges.right.tolist(), strict=True)) == there
        after = [members(level) for level in hierarchy.levels]
        for told, old, new in zip(changed.levels, before, after, strict=False):
            assert {label for label in old.keys() | new.keys() if old.get(label) != new.get(label)} <= told
        linked = {node for pair in there for node in pair}
        for node in set(range(25)) - linked:
            assert all((level == level[node]).sum() == 1 for level in hierarchy.levels)


def columns(listed):
    return [pair[0] for pair in listed], [pair[1] for pair in listed], list(listed.values())
