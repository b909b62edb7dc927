"""Who touches whom, as arrays: undirected weighted graphs, and incidences of rows and items that grow and shrink."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from graphmem.graph.columns import Column, Kept, State, fitting

Ids: TypeAlias = NDArray[np.int32]


@dataclass(frozen=True)
class Adjacency:
    """An undirected weighted graph in compressed rows: the neighbours of i are `targets[starts[i]:starts[i + 1]]`."""

    starts: NDArray[np.int64]
    targets: Ids
    weights: NDArray[np.float32]

    @property
    def size(self) -> int:
        """How many nodes there are."""
        return len(self.starts) - 1

    @cached_property
    def strength(self) -> NDArray[np.float32]:
        """The sum of the weights at each node."""
        return self.sums(self.weights)

    def sums(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Add up, node by node, one value for each entry of `targets`."""
        total = np.zeros(self.size, np.float32)
        if len(self._linked):
            total[self._linked] = np.add.reduceat(values, self.starts[self._linked])
        return total

    def masked(self, visible: NDArray[np.bool_]) -> Adjacency:
        """Return the graph without the edges of hidden nodes; only the weights are new.

        >>> path = adjacency([0, 1], [1, 2], size=3)
        >>> path.masked(np.array([True, True, False])).strength.tolist()
        [1.0, 1.0, 0.0]
        """
        there = visible[self.targets] & np.repeat(visible, np.diff(self.starts))
        return Adjacency(self.starts, self.targets, self.weights * there)

    @cached_property
    def _linked(self) -> NDArray[np.intp]:
        return np.flatnonzero(np.diff(self.starts))

    def neighbours(self, nodes: NDArray[Any]) -> tuple[NDArray[np.intp], Ids, NDArray[np.float32]]:
        """Return the edges of some nodes: the place of the node in `nodes`, the other end, and the weight."""
        owner, at = gather(self.starts[nodes], self.starts[nodes + 1])
        return owner, self.targets[at], self.weights[at]


def adjacency(sources: ArrayLike, targets: ArrayLike, weights: ArrayLike | None = None, *, size: int) -> Adjacency:
    """Build the graph of undirected edges; parallel edges add up, and a self-loop counts once.

    >>> graph = adjacency([0, 0], [1, 2], [1.0, 2.0], size=4)
    >>> graph.starts.tolist(), graph.targets.tolist(), graph.weights.tolist()
    ([0, 2, 3, 4, 4], [1, 2, 0, 0], [1.0, 2.0, 1.0, 2.0])
    """
    left, right = np.asarray(sources, np.int64), np.asarray(targets, np.int64)
    weight = np.ones(len(left)) if weights is None else np.asarray(weights, np.float64)
    if len(left) and (min(left.min(), right.min()) < 0 or max(left.max(), right.max()) >= size):
        raise ValueError(f"an edge names a node outside 0..{size - 1}")
    there = left != right
    keys = np.concatenate((left * size + right, right[there] * size + left[there]))
    keys, inverse = np.unique(keys, return_inverse=True)
    summed = np.bincount(inverse, weights=np.concatenate((weight, weight[there])), minlength=len(keys))
    ends = np.searchsorted(keys, np.arange(size + 1, dtype=np.int64) * size)
    return Adjacency(ends, (keys % max(size, 1)).astype(np.int32), summed.astype(np.float32))


def gather(starts: NDArray[Any], ends: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """List the positions of many slices at once: which slice each belongs to, and the position.

    >>> [part.tolist() for part in gather(np.array([5, 0]), np.array([7, 1]))]
    [[0, 0, 1], [5, 6, 0]]
    """
    lengths = np.asarray(ends - starts, np.intp)
    owner = np.repeat(np.arange(len(lengths)), lengths)
    shift = np.asarray(starts, np.intp) - (np.cumsum(lengths) - lengths)
    return owner, np.arange(len(owner)) + np.repeat(shift, lengths)


class _Segment(NamedTuple):
    """The entries of the rows from `first` on, sorted by item: those of `items[i]` are from `starts[i]` on."""

    first: int
    items: Ids
    starts: Ids
    rows: Ids
    counts: NDArray[np.uint16]


class Links(NamedTuple):
    """Entries of an incidence: the place of the row (or item) in the question, the item (or row), and how often."""

    owner: NDArray[np.intp]
    other: Ids
    times: NDArray[np.uint16]


class Incidence(Kept):
    """Which rows contain which items, readable both ways; rows are appended and hidden, in time proportional to them.

    The way back, from items to rows, is kept as sorted segments that are merged as they grow, so that each entry is
    sorted a logarithmic number of times (O'Neil et al. 1996, the log-structured merge tree).

    >>> incidence = Incidence()
    >>> incidence.append([[7, 3], [3]])
    >>> incidence.rows([3]).other.tolist(), incidence.frequency([3, 7, 99]).tolist()
    ([0, 1], [2, 1, 0])
    >>> incidence.hide([0])
    >>> incidence.rows([3, 7]).other.tolist(), incidence.frequency([3, 7]).tolist()
    ([1], [1, 0])
    """

    derived = frozenset({"_segments"})

    def __init__(self) -> None:
        self._starts: Column[np.int64] = Column(np.int64)
        self._starts.extend([0])
        self._items: Column[np.int32] = Column(np.int32)
        self._counts: Column[np.uint16] = Column(np.uint16)
        self._alive: Column[np.bool_] = Column(np.bool_)
        self._frequency = np.zeros(16, np.int32)
        self._segments: list[_Segment] = []
        self._sealed = 0

    def __len__(self) -> int:
        return len(self._alive)

    @property
    def entries(self) -> int:
        """How many entries there are, hidden rows included."""
        return len(self._items)

    @property
    def alive(self) -> NDArray[np.bool_]:
        """Which rows are not hidden."""
        return self._alive.values

    def append(self, rows: list[list[int]], counts: list[list[int]] | None = None) -> None:
        """Append rows, each a list of distinct items, with a count for each entry (1 if not given)."""
        self.extend([len(row) for row in rows], list(chain(*rows)), None if counts is None else list(chain(*counts)))

    def extend(self, sizes: ArrayLike, items: ArrayLike, counts: ArrayLike | None = None) -> None:
        """Append rows of some sizes, whose items, and the counts of these, are given one row after the other."""
        sizes, flat = np.asarray(sizes, np.int64), np.asarray(items, np.int32)
        self._starts.extend(len(self._items) + np.cumsum(sizes))
        self._items.extend(flat)
        self._counts.extend(np.ones(len(flat)) if counts is None else counts)
        self._alive.extend(np.ones(len(sizes), bool))
        if len(flat):
            self._reserve(int(flat.max()) + 1)
            np.add.at(self._frequency, flat, 1)

    def hide(self, rows: ArrayLike) -> None:
        """Take rows out of everything but `items`; rows hidden before are left as they are."""
        hidden = np.unique(np.asarray(rows, np.intp))
        hidden = hidden[self._alive.values[hidden]]
        self._alive.values[hidden] = False
        np.add.at(self._frequency, Incidence.items(self, hidden).other, -1)

    def frequency(self, items: ArrayLike) -> NDArray[np.int32]:
        """Return how many rows contain each item."""
        wanted = np.asarray(items, np.intp)
        self._reserve(int(wanted.max(initial=-1)) + 1)
        return self._frequency[wanted]

    def frequencies(self, size: int) -> NDArray[np.int32]:
        """Return how many rows contain each of the items from 0 up to `size`."""
        self._reserve(size)
        return self._frequency[:size]

    def items(self, rows: ArrayLike) -> Links:
        """Return the entries of some rows, row by row."""
        wanted = np.asarray(rows, np.intp)
        starts = self._starts.values
        owner, at = gather(starts[wanted], starts[wanted + 1])
        return Links(owner, self._items.values[at], self._counts.values[at])

    def sizes(self, rows: ArrayLike) -> NDArray[np.int64]:
        """Return how many entries each row has."""
        wanted = np.asarray(rows, np.intp)
        return self._starts.values[wanted + 1] - self._starts.values[wanted]

    def rows(self, items: ArrayLike) -> Links:
        """Return the entries of some items: for each item, the rows that contain it in ascending order."""
        self._seal()
        wanted = np.asarray(items, np.int32)
        found = [_entries(segment, wanted) for segment in self._segments]
        if not found:
            return Links(np.empty(0, np.intp), np.empty(0, np.int32), np.empty(0, np.uint16))
        owner, other, count = (np.concatenate(arrays) for arrays in zip(*found, strict=True))
        keep = self._alive.values[other]
        if not keep.all():
            owner, other, count = owner[keep], other[keep], count[keep]
        if len(self._segments) > 1:
            order = np.argsort(owner, kind="stable")
            owner, other, count = owner[order], other[order], count[order]
        return Links(owner, other, count)

    def runs(self, item: np.int32) -> Iterator[tuple[Ids, NDArray[np.uint16]]]:
        """Yield the rows that contain one item, hidden ones as well, and how often: views, which cost nothing."""
        self._seal()
        for segment in self._segments:
            place = np.searchsorted(segment.items, item)
            if place < len(segment.items) and segment.items[place] == item:
                run = slice(*segment.starts[place : place + 2])
                yield segment.rows[run], segment.counts[run]

    def _reserve(self, size: int) -> None:
        if size > len(self._frequency):
            grown = np.zeros(max(size, 2 * len(self._frequency)), np.int32)
            grown[: len(self._frequency)] = self._frequency
            self._frequency = grown

    def _seal(self) -> None:
        """Sort the rows appended since the last time into a segment, merged with those that are not much larger."""
        if self._sealed == len(self):
            return
        first, starts = self._sealed, self._starts.values
        while self._segments and len(self._segments[-1].rows) <= 2 * (len(self._items) - starts[first]):
            first = self._segments.pop().first
        entries = slice(int(starts[first]), len(self._items))
        order = _order(self._items.values[entries])
        rows = np.repeat(np.arange(first, len(self), dtype=np.int32), np.diff(starts[first:]))
        items = self._items.values[entries][order]
        at = np.flatnonzero(np.diff(items, prepend=-1))
        begin = np.append(at, len(order)).astype(np.int32)
        self._segments.append(_Segment(first, items[at], begin, rows[order], self._counts.values[entries][order]))
        self._sealed = len(self)

    def state(self) -> State:
        self._seal()
        return {**super().state(), "_segments": [segment._asdict() for segment in self._segments]}

    def restore(self, state: State) -> None:
        segments = state["_segments"]
        super().restore({name: part for name, part in state.items() if name != "_segments"})
        self._segments = [
            _Segment(
                first=int(one["first"]),
                items=fitting(one["items"], np.int32),
                starts=fitting(one["starts"], np.int32),
                rows=fitting(one["rows"], np.int32),
                counts=fitting(one["counts"], np.uint16),
            )
            for one in segments
        ]


class Joined(Incidence):
    """An incidence in which some items are read as others: what is asked of one is asked of all that are read as it.

    >>> joined = Joined()
    >>> joined.append([[7, 3], [3, 5], [5]])
    >>> joined.join([5], [3])
    >>> joined.rows([3]).other.tolist(), joined.items([2]).other.tolist(), joined.frequency([3, 5]).tolist()
    ([0, 1, 2], [3], [3, 3])
    """

    derived = Incidence.derived | {"_whole", "_parts", "_of"}

    def __init__(self) -> None:
        super().__init__()
        self._whole, self._parts, self._of = np.empty((3, 0), np.int32)
        """What each item is read as; the items that are read as others, sorted by those; and those."""

    def join(self, items: ArrayLike, into: ArrayLike) -> None:
        """Read each of some items as another one from now on, and no other items; that one is read as itself."""
        parts, of = np.asarray(items, np.int32), np.asarray(into, np.int32)
        self._whole = np.arange(int(parts.max(initial=-1)) + 1, dtype=np.int32)
        self._whole[parts] = of
        order = np.argsort(of, kind="stable")
        self._parts, self._of = parts[order], of[order]

    def read_as(self, items: ArrayLike) -> Ids:
        """Return what each of some items is read as; negative ones are left as they are."""
        found: Ids = np.asarray(items, np.int32)
        if not len(self._parts):
            return found
        known = (found >= 0) & (found < len(self._whole))
        read: Ids = np.where(known, self._whole[np.where(known, found, 0)], found)
        return read

    def items(self, rows: ArrayLike) -> Links:
        found = super().items(rows)
        return _distinct(found.owner, self.read_as(found.other), found.times) if len(self._parts) else found

    def rows(self, items: ArrayLike) -> Links:
        if not len(self._parts):
            return super().rows(items)
        asked, whose = self._spread(items)
        owner, other, times = super().rows(asked)
        return _distinct(whose[owner], other, times)

    def frequency(self, items: ArrayLike) -> NDArray[np.int32]:
        if not len(self._parts):
            return super().frequency(items)
        wanted = self.read_as(items)
        counts = super().frequency(wanted)
        whole = np.flatnonzero(np.isin(wanted, self._of))
        counts[whole] = np.bincount(self.rows(wanted[whole]).owner, minlength=len(whole))
        return counts

    def frequencies(self, size: int) -> NDArray[np.int32]:
        if not len(self._parts):
            return super().frequencies(size)
        counts: NDArray[np.int32] = super().frequencies(size).copy()
        whole = np.unique(self._of)
        counts[whole] = self.frequency(whole)
        counts[self._parts] = 0
        return counts

    def _spread(self, items: ArrayLike) -> tuple[Ids, NDArray[np.intp]]:
        """Return all that is read as each of some items, and the place of that item."""
        wanted = self.read_as(items)
        owner, at = gather(np.searchsorted(self._of, wanted), np.searchsorted(self._of, wanted, side="right"))
        return np.concatenate((wanted, self._parts[at])), np.concatenate((np.arange(len(wanted)), owner))


def _distinct(owner: NDArray[np.intp], other: Ids, times: NDArray[np.uint16]) -> Links:
    """Join the entries of one pair, in order of owner, then of the other end; their bits are united."""
    keys = owner.astype(np.int64) << 32 | other
    order = np.argsort(keys, kind="stable")
    keys, first = np.unique(keys[order], return_index=True)
    united = np.bitwise_or.reduceat(times[order], first) if len(first) else times[:0]
    return Links((keys >> 32).astype(np.intp), (keys & 0xFFFFFFFF).astype(np.int32), united)


def _order(items: Ids) -> Ids:
    """Return the positions of some items in order of item, then of position: a stable sort in half the memory."""
    keys = items.astype(np.int64)
    keys <<= 32
    keys += np.arange(len(items), dtype=np.int32)
    keys.sort()
    return keys.astype(np.int32)  # the lower half


def _entries(segment: _Segment, wanted: Ids) -> Links:
    """Return the entries of some items in one segment."""
    place = np.searchsorted(segment.items, wanted)
    place[place == len(segment.items)] = 0
    there = segment.items[place] == wanted if len(segment.items) else np.zeros(len(wanted), bool)
    place = place[there]
    owner, at = gather(segment.starts[place], segment.starts[place + 1])
    return Links(np.flatnonzero(there)[owner], segment.rows[at], segment.counts[at])
