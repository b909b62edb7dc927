// value.cypher: the values that pass a filter
MATCH (record:Graphmem:Value)
WHERE record.group_id = $group_id AND record.revision > 0
AND record.uuid IN $uuids
