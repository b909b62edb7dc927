"""A snapshot: the index in a file, so that the next process opens it instead of reading the whole store.

It is a cache: whatever is wrong with it, it is put aside and the store is read. The store vouches for it with a seal
(see `Store.seal`), so that a snapshot of another store, of another past or with something in it that was removed is
never taken for good. A file has a head in JSON, the arrays that the head tells of, and a checksum against damage; no
code is in it.
"""

from __future__ import annotations

import glob
import hashlib
import json
import logging
import mmap
import os
import tempfile
import threading
from functools import lru_cache
from io import BufferedRandom, FileIO
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from graphmem.checksum import checksum
from graphmem.embed import Embedder
from graphmem.errors import StoreError
from graphmem.graph.columns import State
from graphmem.recall.index import Index
from graphmem.store import MEMORY
from graphmem.store.contract import Store

MAGIC: Final = b"graphmem index\n\0"
LENGTH: Final = 8  # bytes that tell how long the head is
ALIGNED: Final = 64
CHECKSUM: Final = 16
NEW: Final = ".new"  # ends the name of a file that is being written

LEAST: Final = 200
SHARE: Final = 0.25
"""A snapshot is written after so many changes, and so many for each record in it, were taken in: that took longer."""

LARGE: Final = 50_000
"""Where so many changes were taken in, nobody waits until the snapshot is written."""

log = logging.getLogger(__name__)


class Snapshot:
    """The snapshot of one tenant of a store: beside its file, or in the user's cache if it is no file."""

    def __init__(self, store: Store, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder
        self._writer: threading.Thread | None = None

    def close(self) -> None:
        """Wait for what is being written."""
        if self._writer is not None:
            self._writer.join()

    @property
    def path(self) -> Path | None:
        """Where it is, None for a store that ends with the process."""
        group = hashlib.sha256(self._store.group_id.encode()).hexdigest()[:12]
        if self._store.file is not None:
            file = self._store.file.resolve()  # one snapshot by whatever link the file is reached
            return file.with_name(f"{file.name}-index-{group}")
        if self._store.address == MEMORY:
            return None
        from graphmem.embed.cache import cache_folder

        place = f"{self._store.address}\0{(self._store.database or '').lower()}"  # whose case means nothing to Neo4j
        return cache_folder() / f"index-{hashlib.sha256(place.encode()).hexdigest()[:12]}-{group}"

    def open(self) -> Index | None:
        """Return the index as it was kept; None where there is none that is good."""
        path = self.path
        if path is None:
            return None
        try:
            with path.open("rb", buffering=0) as file:
                head, state = _open(file)
            if head["of"] != self._of() or not self._store.sealed(head["seal"]):
                raise ValueError("it is of something else, or something was removed since")
            index = Index()
            index.restore(state)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, LookupError, AttributeError) as error:
            log.debug("the snapshot %s is no good: %s", path, error)
            self.discard()
            return None
        return index

    def keep(self, index: Index) -> None:
        """Write the index down if that saves the next process more than it costs this one.

        An index in which something lies that was removed is never written down, and what it came from is looked after.
        """
        if index.buried:
            self.check()
        elif LARGE > index.taken >= max(LEAST, SHARE * len(index)):
            self._keep(index)
        elif index.taken >= max(LARGE, SHARE * len(index)) and not (self._writer and self._writer.is_alive()):
            self._writer = threading.Thread(target=self._keep_large, args=(index,), name="graphmem-snapshot")
            self._writer.start()

    def _keep_large(self, index: Index) -> None:
        index.catch_up()
        self._keep(index)

    def _keep(self, index: Index) -> None:
        with index.reading():
            if not index.buried and self._write(index):
                index.taken = 0

    def check(self) -> None:
        """Remove the snapshot unless the store still vouches for it: what was removed must not live on in it."""
        path = self.path
        if path is None:
            return
        try:
            with path.open("rb", buffering=0) as file:
                good = self._store.sealed(_read(file)[0]["seal"])
        except (OSError, ValueError, LookupError):
            good = False
        if not good:
            self.discard()
            if path.exists():
                log.warning("%s cannot be removed, but may hold what was deleted: remove it", path)

    def discard(self) -> None:
        """Remove the snapshot, and what a process that was killed, or one that is at it now, has written of one."""
        path = self.path
        if path is None:
            return
        try:
            for file in (path, *path.parent.glob(f"{glob.escape(path.name)}*{NEW}")):
                file.unlink(missing_ok=True)
        except OSError as error:
            log.debug("the snapshot %s cannot be removed: %s", path, error)

    def _write(self, index: Index) -> bool:
        """Write the file in one go; tell whether it was tried, since there is no need to try again soon."""
        path = self.path
        if path is None:
            return True
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, new = tempfile.mkstemp(prefix=path.name, suffix=NEW, dir=path.parent)
            try:
                with open(descriptor, "w+b") as file:
                    seal = self._store.seal(index.revision)
                    if seal is None:
                        return False
                    _write(file, {"of": self._of(), "seal": seal}, index.state())
                os.replace(new, path)
            finally:
                Path(new).unlink(missing_ok=True)
            self.check()  # something may have been removed while it was written
        except (OSError, StoreError) as error:
            log.debug("no snapshot at %s: %s", path, error)
        return True

    def _of(self) -> dict[str, Any]:
        """What a snapshot has to agree on: the tenant, the model, and the code that made it."""
        return {
            "group": self._store.group_id,
            "model": self._embedder.name,
            "dimension": self._embedder.dimension,
            "code": _code(),
        }


@lru_cache
def _code() -> str:
    """Return what changes when the code does that decides what is in an index."""
    rooms = Path(__file__).parent.parent
    files = [rooms / "model.py", *sorted((rooms / "graph").glob("*.py")), *sorted((rooms / "recall").glob("*.py"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _write(file: BufferedRandom, head: dict[str, Any], state: State) -> None:
    arrays: list[NDArray[Any]] = []
    size = 0

    def place(array: object) -> dict[str, Any]:
        nonlocal size
        if not isinstance(array, np.ndarray):
            raise TypeError(f"{type(array).__name__} is no part of a state")
        arrays.append(array)
        told = {"dtype": array.dtype.str, "shape": array.shape, "at": size}
        size += _padded(array.nbytes)
        return told

    text = json.dumps({**head, "state": state}, default=place).encode()
    start = len(MAGIC) + LENGTH + len(text)
    file.write(MAGIC + len(text).to_bytes(LENGTH, "little") + text + bytes(_padded(start) - start))
    for array in arrays:
        file.write(np.ascontiguousarray(array).data)
        file.write(bytes(_padded(array.nbytes) - array.nbytes))
    file.flush()
    file.write(checksum(file, _padded(start) + size))


def _padded(size: int) -> int:
    return size + -size % ALIGNED


def _read(file: FileIO) -> tuple[dict[str, Any], int]:
    """Return the head of a file, and where its arrays begin; raises `ValueError` if it has none."""
    start = file.read(len(MAGIC) + LENGTH)
    if not start.startswith(MAGIC):
        raise ValueError("it is no snapshot")
    length = int.from_bytes(start[len(MAGIC) :], "little")
    if length > os.fstat(file.fileno()).st_size:
        raise ValueError("it ends too early")
    head = json.loads(file.read(length))
    if not isinstance(head, dict):
        raise ValueError("its head is no head")
    return head, _padded(len(start) + length)


def _open(file: FileIO) -> tuple[dict[str, Any], State]:
    """Return the head and the state in a file; raises `ValueError` if the file is not as it was written."""
    size = os.fstat(file.fileno()).st_size - CHECKSUM
    if size <= 0 or checksum(file, size) != file.read(CHECKSUM):
        raise ValueError("it is damaged")
    file.seek(0)
    head, start = _read(file)
    content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)  # what changes, changes in this process alone
    return head, _arrays(head["state"], content, start)


def _arrays(state: State, content: mmap.mmap, start: int) -> State:
    """Put the arrays in the places where the head tells of them."""
    if isinstance(state, list):
        return [_arrays(part, content, start) for part in state]
    if not isinstance(state, dict):
        return state
    if state.keys() != {"dtype", "shape", "at"}:
        return {name: _arrays(part, content, start) for name, part in state.items()}
    dtype = np.dtype(state["dtype"])
    if dtype.kind not in "biuf":
        raise ValueError(f"it has an array of {dtype}")
    return np.ndarray(tuple(state["shape"]), dtype, buffer=content, offset=start + state["at"])
