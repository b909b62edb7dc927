// update_nodes.cypher: write nodes that have changed, the first of their vectors for the index if they had none
UNWIND $rows AS row
MATCH (record:Graphmem {uuid: row.uuid})
WHERE record.group_id = $group_id
SET record += row.properties
WITH record, row
WHERE row.vector IS NOT NULL
CALL db.create.setNodeVectorProperty(record, $property, row.vector)
