"""Finding things again: an in-process index fed by the store's changes, and the ranking that runs on it."""

from graphmem.recall.index import Index
from graphmem.recall.rerank import Reranker, open_reranker

__all__ = ["Index", "Reranker", "open_reranker"]
