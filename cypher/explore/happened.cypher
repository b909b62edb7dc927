// happened.cypher: what happened in a span of time, who took part, and who says so?
:param group_id => 'default';
:param start => datetime('2023-10-01');
:param end => datetime('2023-11-01');

WITH $group_id AS group_id, $start AS start, $end AS end
MATCH (event:Graphmem:Event)
WHERE event.group_id = group_id AND event.valid_at < end AND coalesce(event.invalid_at, event.valid_at) >= start
  AND event.expired_at IS NULL AND NOT coalesce(event.status, '') IN ['cancelled', 'moved']
WITH event
ORDER BY event.valid_at
LIMIT 50
OPTIONAL MATCH who = (event)-[:INVOLVES]->(:Graphmem)
OPTIONAL MATCH source = (:Graphmem:Episode)-[:DESCRIBES]->(event)
RETURN event, who, source
LIMIT 200
