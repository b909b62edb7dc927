// events_by_status.cypher: which events are planned, have happened, were cancelled or moved, and who says so?
:param group_id => 'default';

WITH $group_id AS group_id
MATCH (event:Graphmem:Event)
WHERE event.group_id = group_id AND event.revision > 0 AND event.expired_at IS NULL
WITH event
ORDER BY event.status, event.valid_at
LIMIT 300
OPTIONAL MATCH (episode:Graphmem:Episode)-[:DESCRIBES]->(event)
RETURN coalesce(event.status, 'uncertain') AS status, event.text AS event, event.when AS time, event.moved_to AS moved_to,
  event.valid_at AS at, collect(episode.text) AS said
ORDER BY status, at
LIMIT 300
