"""What grows: columns of numbers, texts and labels; and the state of whatever is made of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, pairwise
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

Scalar = TypeVar("Scalar", bound=np.generic)

State: TypeAlias = Any
"""Arrays and numbers, in lists and in mappings by name: what a file can hold."""


class Kept:
    """What can be put away and taken up again: its state is that of all its attributes, so that none is forgotten."""

    derived: ClassVar[frozenset[str]] = frozenset()
    """Attributes that follow from the others, or belong to something else; a fresh object's are right."""

    def state(self) -> State:
        """Return what `restore` needs to make a fresh object like this one; the arrays are not copied."""
        return {name: _state(part, name) for name, part in vars(self).items() if name not in self.derived}

    def restore(self, state: State) -> None:
        """Take up a state, in a fresh object, and own its arrays; raises `ValueError` for that of something else."""
        parts = {name: part for name, part in vars(self).items() if name not in self.derived}
        if not isinstance(state, dict) or state.keys() != parts.keys():
            raise ValueError(f"this is no state of a {type(self).__name__}")
        for name, part in parts.items():
            if isinstance(part, Kept):
                part.restore(state[name])
            elif isinstance(part, set):
                setattr(self, name, set(state[name].tolist()))
            elif isinstance(part, np.ndarray):
                setattr(self, name, fitting(state[name], part.dtype))
            else:
                setattr(self, name, type(part)(state[name]))


def copied(state: State) -> State:
    """Return a state with arrays of its own."""
    if isinstance(state, Mapping):
        return {name: copied(part) for name, part in state.items()}
    if isinstance(state, list):
        return [copied(part) for part in state]
    return state.copy() if isinstance(state, np.ndarray) else state


def _state(part: object, name: str) -> State:
    if isinstance(part, Kept):
        return part.state()
    if isinstance(part, set):
        return np.array(sorted(part), np.int64)
    if isinstance(part, (np.ndarray, int, float)):
        return part
    raise TypeError(f"{name} is a {type(part).__name__}, which no state can hold: make it a column, or derive it")


def fitting(array: object, dtype: Any, *, dimensions: int = 1) -> NDArray[Any]:
    """Return an array of a state if it is of this type; raises `ValueError` otherwise."""
    if not isinstance(array, np.ndarray) or array.dtype != dtype or array.ndim != dimensions:
        raise ValueError(f"this is no array of {np.dtype(dtype)} with {dimensions} dimensions")
    return array


class Column(Kept, Generic[Scalar]):
    """A growable array of numbers; appending costs amortised constant time.

    >>> column = Column(np.int32)
    >>> column.extend([3, 1, 2])
    >>> column.values.tolist(), len(column)
    ([3, 1, 2], 3)
    """

    def __init__(self, dtype: type[Scalar]) -> None:
        self._data: NDArray[Scalar] = np.empty(16, dtype)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def extend(self, values: Any) -> None:
        """Append numbers."""
        block = np.asarray(values, self._data.dtype)
        size = self._size + len(block)
        if size > len(self._data):
            grown = np.empty(max(size, len(self._data) + len(self._data) // 4), self._data.dtype)
            grown[: self._size] = self.values
            self._data = grown
        self._data[self._size : size] = block
        self._size = size

    @property
    def values(self) -> NDArray[Scalar]:
        """What has been appended so far: a view that later appends do not change."""
        return self._data[: self._size]

    def state(self) -> State:
        return self.values

    def restore(self, state: State) -> None:
        self._data = fitting(state, self._data.dtype)
        self._size = len(state)


class Texts(Kept):
    """A growable list of texts: one run of UTF-8, in which a text is read when it is asked for.

    >>> texts = Texts()
    >>> texts.extend(["Ada", "Zoë"])
    >>> texts[1], list(texts)
    ('Zoë', ['Ada', 'Zoë'])
    """

    def __init__(self) -> None:
        self._bytes: Column[np.uint8] = Column(np.uint8)
        self._starts: Column[np.int64] = Column(np.int64)
        self._starts.extend([0])

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, number: int | np.integer[Any]) -> str:
        start, end = self._starts.values[number : number + 2]
        return _text(self._bytes.values[start:end].tobytes())

    def __iter__(self) -> Iterator[str]:
        return iter(self.since(0))

    def since(self, first: int) -> list[str]:
        """Return the texts from a number on."""
        starts = self._starts.values[first:] - self._starts.values[first]
        run = self._bytes.values[self._starts.values[first] :].tobytes()
        whole = _text(run)
        pairs = pairwise(starts.tolist())
        if len(whole) == len(run):  # ASCII: one decoding for all
            return [whole[start:end] for start, end in pairs]
        return [_text(run[start:end]) for start, end in pairs]

    def extend(self, texts: Iterable[str]) -> None:
        """Append texts."""
        runs = [text.encode("utf-8", "surrogatepass") for text in texts]
        self._starts.extend(len(self._bytes) + np.cumsum([len(run) for run in runs], dtype=np.int64))
        self._bytes.extend(np.frombuffer(b"".join(runs), np.uint8))


def _text(run: bytes) -> str:
    return run.decode("utf-8", "surrogatepass")


class _Numbers(dict[str, int]):
    """The number of each text; one that is asked for and has none gets the next."""

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        return number


class Labels(Kept):
    """Numbers for texts that occur again and again, in the order in which they first occur; -1 stands for none.

    >>> labels = Labels()
    >>> labels.number("Ada"), labels.numbered(["Ben", "Ada", "Ben"]), labels.number(None), labels.find("Cy")
    (0, [1, 0, 1], -1, -2)
    """

    derived = frozenset({"_numbers"})

    def __init__(self) -> None:
        self._texts = Texts()
        self._numbers: _Numbers | None = None

    def __len__(self) -> int:
        return len(self._texts if self._numbers is None else self._numbers)

    @property
    def numbers(self) -> dict[str, int]:
        """The number of each text."""
        if self._numbers is None:
            self._numbers = _Numbers(zip(self._texts, range(len(self)), strict=True))
        return self._numbers

    @property
    def texts(self) -> Texts:
        """The text of each number; what has come since it was asked for is appended now, all at once."""
        if self._numbers is not None and (new := len(self._numbers) - len(self._texts)):
            self._texts.extend(reversed(list(islice(reversed(self._numbers), new))))
        return self._texts

    def number(self, text: str | None) -> int:
        """Return the number of a text, a new one if need be."""
        return -1 if text is None else self.numbers[text]

    def numbered(self, texts: Iterable[str]) -> list[int]:
        """Return the number of each text, new ones if need be."""
        return list(map(self.numbers.__getitem__, texts))

    def find(self, text: str) -> int:
        """Return the number of a text, -2 if it never occurred."""
        return self.numbers.get(text, -2)

    def state(self) -> State:
        self._texts = self.texts
        return super().state()
