// planned.cypher: what is planned, when, and with whom?
:param group_id => 'default';

WITH $group_id AS group_id
MATCH (event:Graphmem:Event)
WHERE event.group_id = group_id AND event.revision > 0 AND event.status = 'planned' AND event.expired_at IS NULL
WITH event
ORDER BY event.valid_at DESC
LIMIT 30
OPTIONAL MATCH who = (event)-[:INVOLVES]->(:Graphmem)
OPTIONAL MATCH during = (event)-[:DURING]->(:Graphmem)
RETURN event, who, during
LIMIT 200
