"""What the processes do that `test_neo4j_schema.py` starts."""

from __future__ import annotations

import os
import signal
from multiprocessing.synchronize import Barrier

from graphmem.store import migrate, open_store


def open_at_once(address: str, group_id: str, ready: Barrier) -> None:
    """Open a database at the same moment as others, bind it to a model, and close it."""
    ready.wait()
    store = open_store(address, group_id=group_id)
    store.bind("compass", 4)
    store.close()


def migrate_and_die(address: str) -> None:
    """Bring a database up to date, and be killed once the first page of it is done."""
    migrate(address, progress=lambda step, records: os.kill(os.getpid(), signal.SIGKILL))
