// summary.cypher: the summaries that pass a filter
MATCH (record:Graphmem:Summary)
WHERE record.group_id = $group_id AND record.revision > 0
AND record.uuid IN $uuids
AND record.about = $about
AND EXISTS { (record)-[:CITES]->(:Graphmem {uuid: $episode}) }
AND (record.invalid_at IS NULL OR record.invalid_at > $start)
AND record.valid_at < $end
