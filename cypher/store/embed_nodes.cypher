// embed_nodes.cypher: give nodes their vectors: the first for the index, all of them as float16 bytes
UNWIND $rows AS row
MATCH (record:Graphmem {uuid: row.uuid})
SET record.vectors = row.vectors
WITH record, row
WHERE row.first IS NOT NULL
CALL db.create.setNodeVectorProperty(record, $property, row.first)
