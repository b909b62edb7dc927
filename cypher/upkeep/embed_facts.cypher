// embed_facts.cypher: put vectors of facts into the vector index again
UNWIND $rows AS row
MATCH ()-[record:RELATES_TO {uuid: row.uuid}]->()
WHERE record.group_id = $group_id
CALL db.create.setRelationshipVectorProperty(record, $property, row.vector)
