// nodes.cypher: the nodes with these uuids
UNWIND $uuids AS uuid
MATCH (record:Graphmem {uuid: uuid})
WHERE record.group_id = $group_id
