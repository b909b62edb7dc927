"""Finding things again: an in-process index fed by the store's changes, and the ranking that runs on it."""

from graphmem.recall.index import Index
from graphmem.recall.rerank import Reranker, open_reranker
from graphmem.recall.snapshot import Snapshot

__all__ = ["Index", "Reranker", "Snapshot", "open_reranker"]
