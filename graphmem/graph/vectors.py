"""Vectors: matrices of them that grow, with an exact scan; the best of many scores."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from graphmem.graph.columns import Column, Kept, State, fitting

BLOCK = 16_384
"""Rows of a matrix that lie together: what is there is never copied when more comes."""


class Matrix(Kept):
    """A growable matrix, in blocks, with an exact scan; a vector that is not there is a row of zeros.

    >>> matrix = Matrix(np.float16, 2)
    >>> matrix.extend([[0.6, 0.8], [0.0, 1.0]])
    >>> matrix.dot(np.array([1, 0], np.float32)).round(1).tolist(), matrix.take([1]).tolist()
    ([0.6000000238418579, 0.0], [[0.0, 1.0]])
    """

    def __init__(self, dtype: type[np.generic], width: int = 0) -> None:
        self.width = width
        self._like: NDArray[Any] = np.empty(0, dtype)
        self._blocks: list[NDArray[Any]] = []
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def extend(self, rows: Any) -> None:
        """Append rows of numbers."""
        left = np.asarray(rows, self._like.dtype).reshape(len(rows), self.width)
        while len(left):
            used = self._size % BLOCK
            part = left[: BLOCK - used]
            left = left[len(part) :]
            if used == 0:
                self._blocks.append(np.empty((0, self.width), self._like.dtype))
            last, needed = self._blocks[-1], used + len(part)
            if needed > len(last):
                room = BLOCK if len(self._blocks) > 1 else min(BLOCK, max(needed, 2 * used))
                grown = np.empty((room, self.width), self._like.dtype)
                grown[:used] = last[:used]
                self._blocks[-1] = last = grown
            last[used:needed] = part
            self._size += len(part)

    def take(self, rows: Any) -> NDArray[Any]:
        """Return some rows."""
        wanted = np.asarray(rows, np.intp)
        if len(self._blocks) == 1:
            one: NDArray[Any] = self._blocks[0][wanted]
            return one
        taken = np.empty((len(wanted), self.width), self._like.dtype)
        where = wanted // BLOCK
        for number, block in enumerate(self._blocks):
            there = np.flatnonzero(where == number)
            taken[there] = block[wanted[there] - number * BLOCK]
        return taken

    def dot(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the product of each row with a vector, shape (rows,)."""
        product = np.zeros(self._size, np.float32)
        if self.width:
            for number, block in enumerate(self._filled()):
                at = slice(number * BLOCK, number * BLOCK + len(block))
                product[at] = products(block.astype(np.float32, copy=False), vector)
        return product

    def _filled(self) -> list[NDArray[Any]]:
        return [block[: self._size - number * BLOCK] for number, block in enumerate(self._blocks)]

    def state(self) -> State:
        return {"width": self.width, "blocks": self._filled()}

    def restore(self, state: State) -> None:
        self.width = int(state["width"])
        self._blocks = [fitting(block, self._like.dtype, dimensions=2) for block in state["blocks"]]
        self._size = sum(map(len, self._blocks))


class Packed(Kept):
    """A growable matrix in one byte a number: rows of whole numbers up to 127, each with its own scale.

    A number is off by at most 1/254 of the largest of its row, which moves a cosine of 384 numbers by some 0.001.

    >>> packed = Packed(2)
    >>> packed.extend(np.array([[0.6, 0.8], [0.0, 0.0]]))
    >>> packed.take([1, 0]).round(2).tolist()
    [[0.0, 0.0], [0.6000000238418579, 0.800000011920929]]
    """

    def __init__(self, width: int = 0) -> None:
        self._rows = Matrix(np.int8, width)
        self._scale: Column[np.float32] = Column(np.float32)

    def __len__(self) -> int:
        return len(self._scale)

    @property
    def width(self) -> int:
        """How many numbers a row has."""
        return self._rows.width

    def extend(self, vectors: Any) -> None:
        """Append rows of numbers."""
        block = np.asarray(vectors, np.float32).reshape(len(vectors), self.width)
        scale = np.abs(block).max(axis=1, initial=0) / 127
        self._rows.extend(np.rint(block / np.where(scale > 0, scale, 1)[:, None]))
        self._scale.extend(scale)

    def take(self, rows: Any) -> NDArray[np.float32]:
        """Return some rows as they went in, but for the rounding."""
        taken: NDArray[np.float32] = self._rows.take(rows) * self._scale.values[rows, None]
        return taken

    def dot(self, rows: Any, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the product of some rows with a vector, or each with its own, shape (rows,)."""
        scaled: NDArray[np.float32] = products(self._rows.take(rows), vectors) * self._scale.values[rows]
        return scaled


def products(rows: NDArray[Any], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Multiply rows with a vector, or each with its own, in this thread: memory is the limit, threads would wait."""
    products: NDArray[np.float32] = np.einsum("ij,j->i" if vectors.ndim == 1 else "ij,ij->i", rows, vectors)
    return products


def unit(vectors: NDArray[Any], *, dtype: DTypeLike = np.float32) -> NDArray[Any]:
    """Scale each row to length 1; a row of zeros stays.

    >>> unit(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist()
    [[0.6000000238418579, 0.800000011920929], [0.0, 0.0]]
    """
    wide = np.asarray(vectors, np.float32)
    length = np.sqrt(np.einsum("...i,...i->...", wide, wide))[..., None]
    return (wide / np.where(length > 0, length, 1)).astype(dtype, copy=False)


def top(scores: NDArray[Any], k: int) -> NDArray[np.intp]:
    """Return the positions of the k largest scores, best first; ties go to the lower position, -inf is left out.

    >>> top(np.array([0.1, 0.9, 0.9, float("-inf")]), 5).tolist()
    [1, 2, 0]
    """
    if k <= 0:
        return np.empty(0, np.intp)
    if k < len(scores):
        least = np.partition(scores, len(scores) - k)[len(scores) - k]
        candidates = np.flatnonzero(scores >= least)
    else:
        candidates = np.arange(len(scores))
    candidates = candidates[scores[candidates] > -np.inf]
    return candidates[np.argsort(-scores[candidates], kind="stable")[:k]]
