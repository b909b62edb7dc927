// hubs.cypher: who and what is most connected, and how with each other?
:param group_id => 'default';

WITH $group_id AS group_id
MATCH (entity:Graphmem:Entity)
WHERE entity.group_id = group_id AND entity.revision > 0
WITH entity
ORDER BY COUNT { (entity)-[:RELATES_TO]-() } DESC
LIMIT 15
WITH collect(entity) AS hubs
UNWIND hubs AS hub
OPTIONAL MATCH between = (hub)-[fact:RELATES_TO]->(other:Graphmem)
WHERE other IN hubs AND fact.expired_at IS NULL
RETURN hub, between
LIMIT 150
