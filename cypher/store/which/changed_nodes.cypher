// changed_nodes.cypher: the nodes and tombstones that changed after one revision, up to another
MATCH (record:Graphmem)
WHERE record.group_id = $group_id AND record.revision > $since AND record.revision <= $until
