// entity.cypher: the entities that pass a filter
MATCH (record:Graphmem:Entity)
WHERE record.group_id = $group_id AND record.revision > 0
AND record.uuid IN $uuids
AND $name IN record.normal_names
AND EXISTS { (record)-[:MERGED_INTO]->(:Graphmem {uuid: $merged_into}) }
AND EXISTS { (record)<-[:MENTIONS]-(:Graphmem {uuid: $episode}) }
