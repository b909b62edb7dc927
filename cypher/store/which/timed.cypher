// timed.cypher: the episodes and events that belong to no period yet
MATCH (record:Graphmem&(Episode|Event))
WHERE record.group_id = $group_id AND record.revision > 0
AND NOT EXISTS { (record)-[:DURING]->() }
