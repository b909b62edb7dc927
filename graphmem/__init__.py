"""graphmem: graph-based long-term memory for programs that read text.

>>> with Memory(":memory:") as memory:
...     added = memory.add("Ada Lovelace moved to London in 1835.")
...     hits = memory.search("Who moved to London?")
"""

from graphmem.aio import AsyncMemory
from graphmem.errors import (
    GraphmemError,
    InvalidInput,
    ModelError,
    ModelMismatch,
    NotFound,
    NotInstalled,
    StoreError,
    StoreRejected,
    StoreUnavailable,
)
from graphmem.memory import Memory
from graphmem.model import Community, Entity, Episode, Event, Extraction, Fact, Period, Session, Summary, Topic, Value
from graphmem.results import (
    Added,
    Communities,
    Context,
    Entities,
    Episodes,
    Events,
    Facts,
    Hit,
    Hits,
    Periods,
    Stats,
    Topics,
)

__all__ = [
    "Added",
    "AsyncMemory",
    "Communities",
    "Community",
    "Context",
    "Entities",
    "Entity",
    "Episode",
    "Episodes",
    "Event",
    "Events",
    "Extraction",
    "Fact",
    "Facts",
    "GraphmemError",
    "Hit",
    "Hits",
    "InvalidInput",
    "Memory",
    "ModelError",
    "ModelMismatch",
    "NotFound",
    "NotInstalled",
    "Period",
    "Periods",
    "Session",
    "Stats",
    "StoreError",
    "StoreRejected",
    "StoreUnavailable",
    "Summary",
    "Topic",
    "Topics",
    "Value",
]
