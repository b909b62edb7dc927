// circles.cypher: which entities are merged into themselves, by way of others?
MATCH (entity:Graphmem:Entity)-[:MERGED_INTO]->(:Graphmem)
WHERE entity.group_id = $group_id AND EXISTS { (entity)-[:MERGED_INTO*1..9]->(entity) }
RETURN entity.uuid AS uuid
ORDER BY uuid
