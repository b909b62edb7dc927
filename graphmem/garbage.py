"""Python's collector of garbage in cycles, and when it had better not look."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_building = 0
_collecting = False


@contextmanager
def no_collection() -> Iterator[None]:
    """Build many small things at once: to look through all of them again and again for garbage takes as long.

    >>> with no_collection():
    ...     gc.isenabled()
    False
    """
    global _building, _collecting
    with _lock:
        if not _building:
            _collecting = gc.isenabled()
            gc.disable()
        _building += 1
    try:
        yield
    finally:
        with _lock:
            _building -= 1
            if not _building and _collecting:
                gc.enable()
