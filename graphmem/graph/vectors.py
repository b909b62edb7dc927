"""Arrays that grow: columns of numbers and matrices of unit vectors, with an exact scan."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

Scalar = TypeVar("Scalar", bound=np.generic)


class Column(Generic[Scalar]):
    """A growable array of numbers, or of rows of numbers if `width` is given; appending costs amortised constant time.

    >>> column = Column(np.int32)
    >>> column.extend([3, 1, 2])
    >>> column.values.tolist(), len(column)
    ([3, 1, 2], 3)
    """

    def __init__(self, dtype: type[Scalar], width: int | None = None) -> None:
        self._shape = () if width is None else (width,)
        self._data: NDArray[Scalar] = np.empty((16, *self._shape), dtype)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def extend(self, values: Any) -> None:
        """Append numbers (or rows of numbers)."""
        block = np.asarray(values, self._data.dtype).reshape(len(values), *self._shape)
        size = self._size + len(block)
        if size > len(self._data):
            grown = np.empty((max(size, len(self._data) + len(self._data) // 4), *self._shape), self._data.dtype)
            grown[: self._size] = self.values
            self._data = grown
        self._data[self._size : size] = block
        self._size = size

    @property
    def values(self) -> NDArray[Scalar]:
        """What has been appended so far: a view that later appends do not change."""
        return self._data[: self._size]


class Packed:
    """A growable matrix in one byte a number: rows of whole numbers up to 127, each with its own scale.

    A number is off by at most 1/254 of the largest of its row, which moves a cosine of 384 numbers by some 0.001.

    >>> packed = Packed(2)
    >>> packed.extend(np.array([[0.6, 0.8], [0.0, 0.0]]))
    >>> packed.take([1, 0]).round(2).tolist()
    [[0.0, 0.0], [0.6000000238418579, 0.800000011920929]]
    """

    def __init__(self, width: int) -> None:
        self.width = width
        self._data: Column[np.int8] = Column(np.int8, width)
        self._scale: Column[np.float32] = Column(np.float32)

    def __len__(self) -> int:
        return len(self._scale)

    def extend(self, vectors: Any) -> None:
        """Append rows of numbers."""
        block = np.asarray(vectors, np.float32).reshape(len(vectors), self.width)
        scale = np.abs(block).max(axis=1, initial=0) / 127
        self._data.extend(np.rint(block / np.where(scale > 0, scale, 1)[:, None]))
        self._scale.extend(scale)

    def take(self, rows: Any) -> NDArray[np.float32]:
        """Return some rows as they went in, but for the rounding."""
        taken: NDArray[np.float32] = self._data.values[rows] * self._scale.values[rows, None]
        return taken


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
