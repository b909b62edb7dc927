// neighbours.cypher: what is directly connected to these records
MATCH (near:Graphmem)-[link:RELATES_TO|MENTIONS|INVOLVES|NEXT_EPISODE]-(other:Graphmem)
WHERE near.uuid IN $uuids AND near.group_id = $group_id AND other.group_id = $group_id
WITH DISTINCT link
WHERE $as_of IS NULL OR (coalesce(link.valid_at <= $as_of, true) AND coalesce(link.invalid_at > $as_of, true))
RETURN DISTINCT startNode(link).uuid AS source, endNode(link).uuid AS target,
  CASE type(link) WHEN 'RELATES_TO' THEN 'fact' WHEN 'MENTIONS' THEN 'mention' WHEN 'INVOLVES' THEN 'participant' ELSE 'next' END
  AS kind, link.uuid AS uuid
ORDER BY kind, source, target, uuid
LIMIT $limit
