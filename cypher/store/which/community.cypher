// community.cypher: the communities that pass a filter
MATCH (record:Graphmem:Community)
WHERE record.group_id = $group_id AND record.revision > 0
AND record.uuid IN $uuids
AND record.level = $level
AND EXISTS { (record)<-[:IN_COMMUNITY|PART_OF]-(:Graphmem {uuid: $member}) }
AND (record.invalid_at IS NULL OR record.invalid_at > $start)
AND record.valid_at < $end
