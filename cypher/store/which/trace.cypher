// trace.cypher: the traces that pass a filter
MATCH (record:Graphmem:Trace)
WHERE record.group_id = $group_id AND record.revision > 0
AND record.uuid IN $uuids
AND $of IN record.of
