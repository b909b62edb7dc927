// session.cypher: the sessions that pass a filter
MATCH (record:Graphmem:Session)
WHERE record.group_id = $group_id AND record.revision > 0
AND record.uuid IN $uuids
