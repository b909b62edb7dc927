// embed_nodes.cypher: put vectors of nodes into the vector index again
UNWIND $rows AS row
MATCH (record:Graphmem {uuid: row.uuid})
WHERE record.group_id = $group_id
CALL db.create.setNodeVectorProperty(record, $property, row.vector)
