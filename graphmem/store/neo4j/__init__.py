"""The store in a Neo4j database; `cypher/` has every query that it asks, `cypher/schema/README.md` what it makes."""

from graphmem.store.neo4j.store import Neo4jStore

__all__ = ["Neo4jStore"]
