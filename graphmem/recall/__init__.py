"""Finding things again: an index of all there is, or of what a question may be about, and the ranking."""

from graphmem.recall.index import Index
from graphmem.recall.rerank import Reranker, open_reranker
from graphmem.recall.served import Served
from graphmem.recall.snapshot import Snapshot

__all__ = ["Index", "Reranker", "Served", "Snapshot", "open_reranker"]
