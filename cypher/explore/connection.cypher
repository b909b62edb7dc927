// connection.cypher: how are two people, places or things connected?
:param group_id => 'default'
:param one => 'Ada Lovelace'
:param other => 'Charles Babbage'

MATCH (one:Graphmem:Entity {group_id: $group_id}), (other:Graphmem:Entity {group_id: $group_id})
WHERE any(name IN one.names WHERE toLower(name) = toLower($one))
  AND any(name IN other.names WHERE toLower(name) = toLower($other)) AND one <> other
MATCH path = allShortestPaths((one)-[:RELATES_TO|MENTIONS|INVOLVES|MERGED_INTO*..6]-(other))
RETURN path
LIMIT 20
