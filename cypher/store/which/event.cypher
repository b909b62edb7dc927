// event.cypher: the events that pass a filter
MATCH (record:Graphmem:Event)
WHERE record.group_id = $group_id AND record.revision > 0
AND record.uuid IN $uuids
AND EXISTS { (record)-[:INVOLVES]->(:Graphmem {uuid: $participant}) }
AND record.place = $place
AND (record.invalid_at > $start OR record.valid_at >= $start OR (record.invalid_at IS NULL AND record.valid_at IS NOT NULL))
AND (record.valid_at < $end OR (record.valid_at IS NULL AND record.invalid_at IS NOT NULL))
AND record.created_at <= $known_at
AND (record.expired_at IS NULL OR record.expired_at > $known_at)
AND $episode IN record.episodes
AND EXISTS { (record)-[:DURING]->(:Period)-[:PART_OF*0..2]->(:Graphmem:Period {name: $period, group_id: record.group_id}) }
