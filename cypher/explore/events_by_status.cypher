// events_by_status.cypher: which events are planned, have happened, were cancelled or moved, and who says so?
:param group_id => 'default'

MATCH (event:Graphmem:Event {group_id: $group_id})
WHERE event.expired_at IS NULL
OPTIONAL MATCH (episode:Graphmem:Episode)-[:DESCRIBES]->(event)
RETURN coalesce(event.status, 'uncertain') AS status, event.text AS event, event.valid_at AS at, event.moved_to AS moved_to,
  collect(episode.text) AS said
ORDER BY status, at
LIMIT 300
