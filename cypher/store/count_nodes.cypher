// count_nodes.cypher: how many records of each kind are nodes
MATCH (record:Graphmem)
WHERE record.group_id = $group_id AND record.revision > 0
UNWIND labels(record) AS label
RETURN label, count(*) AS count
