"""Measures of the Neo4j store, see `__main__`."""
