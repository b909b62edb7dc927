// topic.cypher: the topics that pass a filter
MATCH (record:Graphmem:Topic)
WHERE record.group_id = $group_id AND record.revision > 0
AND record.uuid IN $uuids
AND record.session = $session
AND EXISTS { (record)-[:COVERS]->(:Graphmem {uuid: $episode}) }
AND (record.invalid_at IS NULL OR record.invalid_at > $start)
AND record.valid_at < $end
