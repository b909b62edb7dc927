"""A session is cut into topics where what is said changes, within bounds, and the same one always the same way."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmem.errors import InvalidInput
from graphmem.lifecycle.topics import topics

BOATS, BIRDS, BREAD = np.eye(3)


def test_a_topic_begins_where_the_turns_change() -> None:
    turns = np.array([BOATS] * 5 + [BIRDS] * 6 + [BREAD] * 4)
    assert topics(turns) == [(0, 5), (5, 11), (11, 15)]


def test_one_turn_aside_begins_no_topic() -> None:
    turns = np.array([BOATS] * 5 + [BIRDS] + [BOATS] * 5)
    assert all(end - start >= 3 for start, end in topics(turns))


def test_a_session_of_one_kind_stays_whole_up_to_the_bound() -> None:
    assert topics(np.array([BOATS] * 20)) == [(0, 20)]
    assert [end - start for start, end in topics(np.array([BOATS] * 50), most=24)] != []
    assert max(end - start for start, end in topics(np.array([BOATS] * 50), most=24)) <= 24


def test_another_day_is_in_favour_of_a_cut() -> None:
    turns = np.array([BOATS] * 8)
    monday = datetime(2023, 5, 8, 12)
    times = [monday] * 4 + [monday + timedelta(days=1)] * 4
    assert topics(turns, times=times) == [(0, 4), (4, 8)]


def test_turns_without_vectors_are_cut_by_their_number_alone() -> None:
    pieces = topics(np.zeros((30, 4)), least=2, most=10)
    assert [pieces[0][0], pieces[-1][1]] == [0, 30]
    assert all(2 <= end - start <= 10 for start, end in pieces)


def test_no_turns_have_no_topics() -> None:
    assert topics(np.zeros((0, 3))) == []


@pytest.mark.parametrize(("least", "most"), [(0, 3), (4, 3)])
def test_bounds_that_exclude_each_other_are_refused(least: int, most: int) -> None:
    with pytest.raises(InvalidInput, match=f"least={least}, most={most}"):
        topics(np.zeros((5, 3)), least=least, most=most)


@given(
    kinds=st.lists(st.integers(0, 3), min_size=1, max_size=80),
    least=st.integers(1, 5),
    more=st.integers(0, 20),
)
def test_pieces_follow_each_other_within_their_bounds(kinds: list[int], least: int, more: int) -> None:
    turns = np.eye(4)[kinds]
    pieces = topics(turns, least=least, most=least + more)
    assert pieces == topics(turns.copy(), least=least, most=least + more)
    assert [start for start, _ in pieces] == [0, *(end for _, end in pieces[:-1])]
    assert pieces[-1][1] == len(kinds)
    sizes = [end - start for start, end in pieces]
    assert max(sizes) <= least + more
    if more >= least:
        assert min(sizes) >= min(least, len(kinds))
