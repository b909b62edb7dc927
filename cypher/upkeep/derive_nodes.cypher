// derive_nodes.cypher: keep what is worked out from nodes as it has to be
UNWIND $rows AS row
MATCH (record:Graphmem {uuid: row.uuid})
WHERE record.group_id = $group_id
SET record += row.properties
