// orphans.cypher: which names stand alone, with no fact and no event, and where are they named?
:param group_id => 'default';

WITH $group_id AS group_id
MATCH (entity:Graphmem:Entity)
WHERE entity.group_id = group_id AND entity.revision > 0
  AND NOT EXISTS { (entity)-[:RELATES_TO|INVOLVES|MERGED_INTO]-() }
WITH entity
LIMIT 50
OPTIONAL MATCH named = (:Graphmem:Episode)-[:MENTIONS]->(entity)
RETURN entity, named
LIMIT 100
