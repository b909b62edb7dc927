"""A prepared model, run by ONNX Runtime and tokenizers: neither torch nor sentence-transformers is imported."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

MODEL, WEIGHTS, TOKENIZER = "model.onnx", "weights.bin", "tokenizer.json"
VECTORS, STATES = "sentence_embedding", "token_states"
"""What a prepared model gives: a vector for each text; a state for each token, if it has layers."""

OVERLAP = 32
"""Tokens that a text's next window repeats when it has more than the model takes."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """What one has to know to run a prepared model."""

    dimension: int
    max_length: int
    """The most tokens of a text, special ones included; the rest is cut off."""
    prompt: str
    """What the model wants in front of every text."""
    inputs: Sequence[str]
    """The names of the model's inputs, in order."""
    batch_tokens: int
    """The most tokens of one run, padding included, if it has several texts."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one pass over a text gives besides its vector."""

    starts: NDArray[np.int64]
    """Where its tokens begin, in characters, ascending: shape (tokens,)."""
    states: NDArray[np.float32]
    """Their states: shape (tokens, numbers)."""


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """The outcome of preparing a model."""

    layout: Layout | None
    obstacle: str | None = None
    """Why ONNX Runtime cannot run it; then there is no layout, and sentence-transformers runs it."""

    @classmethod
    def read(cls, text: str | bytes) -> Prepared:
        """Read what `written` gave; raises `ValueError`, `TypeError` or `KeyError` for anything else."""
        told = json.loads(text)
        layout = told["layout"]
        return cls(layout=None if layout is None else Layout(**layout), obstacle=told["obstacle"])

    def written(self) -> str:
        """Return it as JSON."""
        return json.dumps(asdict(self))


class OnnxModel:
    """A model.onnx with its weights, which are mapped into memory, and its tokenizer.json."""

    def __init__(self, folder: Path, layout: Layout) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # the batches are spread over the cores instead
        options.enable_mem_pattern = False  # every batch has its own shape
        options.log_severity_level = 3
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL  # `prepare` has done it
        self._session = onnxruntime.InferenceSession(str(folder / MODEL), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_str((folder / TOKENIZER).read_text("utf-8"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(layout.max_length, stride=min(OVERLAP, layout.max_length // 4))
        self._layout = layout

    @property
    def dimension(self) -> int:
        return self._layout.dimension

    @cached_property
    def _counter(self) -> Tokenizer:
        """The tokenizer without an end, for what only counts."""
        from tokenizers import Tokenizer

        counter = Tokenizer.from_str(self._tokenizer.to_str())
        counter.no_truncation()
        return counter

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode texts, those of similar length together, so that little is padded."""
        tokens = [self._tokenizer.encode(self._layout.prompt + text).ids for text in texts]
        rows = np.empty((len(texts), self.dimension), np.float32)

        def fill(places: list[int]) -> None:
            rows[places] = self._run([tokens[place] for place in places], VECTORS)[0]

        _spread(fill, list(_batches([len(ids) for ids in tokens], most=self._layout.batch_tokens)))
        return rows

    def read(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], list[Reading]]:
        """Encode texts as `vectors` does, and give the states of their tokens from the same pass.

        A text that is longer than the model takes is read in windows; its vector is that of the first.
        """
        windows = [(place, window) for place, text in enumerate(texts) for window in self._windows(text)]
        rows = np.empty((len(texts), self.dimension), np.float32)
        states: list[NDArray[np.float32]] = [np.empty((0, 0), np.float32)] * len(windows)

        def fill(numbers: list[int]) -> None:
            for number in numbers:
                place, window = windows[number]
                vectors, tokens = self._run([window.ids], VECTORS, STATES)
                states[number] = tokens[0]
                if number == 0 or windows[number - 1][0] != place:
                    rows[place] = vectors[0]

        _spread(fill, [[number] for number in range(len(windows))])
        found: list[list[tuple[NDArray[np.int64], NDArray[np.float32]]]] = [[] for _ in texts]
        for (place, window), tokens in zip(windows, states, strict=True):
            offsets = np.array(window.offsets, np.int64) - len(self._layout.prompt)
            kept = (np.array(window.special_tokens_mask) == 0) & (offsets[:, 0] >= 0)
            if found[place]:
                kept &= offsets[:, 0] > found[place][-1][0][-1]
            if kept.any():
                found[place].append((offsets[kept, 0], tokens[kept]))
        nothing = (np.empty(0, np.int64), np.empty((0, states[0].shape[1] if states else 0), np.float32))
        return rows, [
            Reading(starts=np.concatenate(starts), states=np.concatenate(parts))
            for starts, parts in (zip(*(pieces or [nothing]), strict=True) for pieces in found)
        ]

    def count_tokens(self, text: str) -> int:
        return len(self._counter.encode(text, add_special_tokens=False).ids)

    def _windows(self, text: str) -> list[Encoding]:
        first = self._tokenizer.encode(self._layout.prompt + text)
        return [first, *first.overflowing]

    def _run(self, tokens: list[list[int]], *outputs: str) -> list[NDArray[np.float32]]:
        longest = max(map(len, tokens))
        feed = {name: np.zeros((len(tokens), longest), np.int64) for name in self._layout.inputs}
        for row, ids in enumerate(tokens):
            feed["input_ids"][row, : len(ids)] = ids
            feed["attention_mask"][row, : len(ids)] = 1
        return [np.asarray(output, np.float32) for output in self._session.run(list(outputs), feed)]


def _batches(lengths: Sequence[int], *, most: int) -> Iterator[list[int]]:
    """Yield the places of texts of similar length, shortest first, so many that no batch has more tokens than `most`.

    >>> list(_batches([5, 1, 2, 9], most=6))
    [[1, 2], [0], [3]]
    """
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[place] > most:
            yield batch
            batch = []
        batch.append(place)
    yield batch


def _spread(work: Callable[[list[int]], None], batches: list[list[int]]) -> None:
    """Do the work of every batch, over all cores."""
    if len(batches) == 1:
        work(batches[0])
    else:
        with ThreadPoolExecutor(_cores()) as pool:
            list(pool.map(work, batches))


def _cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
