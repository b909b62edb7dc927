"""From what an extractor understood to records: names become entities, statements facts, happenings events.

Pure functions of an episode and its extraction: no store and no model. What is in the graph already is joined by
`graphmem.model.merge` when the store applies the change.
"""

from graphmem.resolve.records import understood

__all__ = ["understood"]
