// happened.cypher: what happened in a span of time, who took part, and who says so?
:param group_id => 'default'
:param start => datetime('2023-05-01')
:param end => datetime('2023-06-01')

MATCH (event:Graphmem:Event {group_id: $group_id})
WHERE event.valid_at < $end AND coalesce(event.invalid_at, event.valid_at) >= $start
  AND event.expired_at IS NULL AND NOT coalesce(event.status, '') IN ['cancelled', 'moved']
OPTIONAL MATCH who = (event)-[:INVOLVES]->(:Graphmem)
OPTIONAL MATCH source = (:Graphmem:Episode)-[:DESCRIBES]->(event)
RETURN event, who, source
ORDER BY event.valid_at
LIMIT 100
