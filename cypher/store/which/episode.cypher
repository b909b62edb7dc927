// episode.cypher: the episodes that pass a filter
MATCH (record:Graphmem:Episode)
WHERE record.group_id = $group_id AND record.revision > 0
AND record.uuid IN $uuids
AND record.session = $session AND record.position >= 0
AND record.speaker = $speaker
AND record.source = $source
AND record.reference_time >= $start
AND record.reference_time < $end
AND EXISTS { (record)-[:MENTIONS]->(:Graphmem {uuid: $mentions}) }
AND EXISTS { (record)-[:DURING]->(:Period)-[:PART_OF*0..2]->(:Graphmem:Period {name: $period, group_id: record.group_id}) }
