// merges.cypher: how many entities are merged into another?
MATCH (entity:Graphmem:Entity)-[:MERGED_INTO]->(:Graphmem:Entity)
WHERE entity.group_id = $group_id
RETURN count(*) AS count
