// alike.cypher: which names are so alike that they may be one?
:param group_id => 'default';

WITH $group_id AS group_id
MATCH (entity:Graphmem:Entity)
WHERE entity.group_id = group_id AND entity.revision > 0
UNWIND entity.keys AS key
WITH key, collect(DISTINCT entity)[..8] AS alike
WHERE size(alike) > 1
UNWIND alike AS one
UNWIND alike AS other
WITH DISTINCT one, other
WHERE one.uuid < other.uuid AND NOT EXISTS { (one)-[:MERGED_INTO]-(other) }
RETURN one.name AS name, other.name AS alike, one, other
LIMIT 60
