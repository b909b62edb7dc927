// buried.cypher: which tombstones are of facts that are there?
MATCH (tombstone:Graphmem:Tombstone)
WHERE tombstone.group_id = $group_id AND tombstone.kind = 'fact'
MATCH (:Graphmem)-[fact:RELATES_TO {uuid: tombstone.uuid}]->(:Graphmem)
WHERE fact.group_id = $group_id
RETURN fact.uuid AS uuid
ORDER BY uuid
