// create_nodes.cypher: write new sessions, episodes, entities, values, events and periods, the first of their vectors for the index
UNWIND $rows AS row
CREATE (record:Graphmem {uuid: row.uuid})
SET record:$(row.label), record += row.properties
WITH record, row
WHERE row.vector IS NOT NULL
CALL db.create.setNodeVectorProperty(record, $property, row.vector)
