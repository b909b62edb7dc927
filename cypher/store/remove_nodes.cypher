// remove_nodes.cypher: delete nodes and whatever connects them
UNWIND $rows AS uuid
MATCH (record:Graphmem {uuid: uuid})
WHERE record.group_id = $group_id
DETACH DELETE record
