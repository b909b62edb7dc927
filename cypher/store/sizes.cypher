// sizes.cypher: how many records of each kind with vectors do all tenants have? Neo4j knows these numbers without counting
RETURN COUNT { (:Episode) } AS episode, COUNT { (:Entity) } AS entity, COUNT { (:Event) } AS event, COUNT { (:Summary) } AS summary, COUNT { ()-[:RELATES_TO]->() } AS fact
