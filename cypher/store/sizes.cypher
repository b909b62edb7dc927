// sizes.cypher: how many records of each kind with vectors do all tenants have? Neo4j knows these numbers without counting
MATCH (record:Episode)
WITH count(*) AS episode
MATCH (record:Entity)
WITH episode, count(*) AS entity
MATCH (record:Event)
WITH episode, entity, count(*) AS event
MATCH ()-[record:RELATES_TO]->()
RETURN episode, entity, event, count(*) AS fact
