// embed_facts.cypher: give facts their vectors: the first for the index, all of them as float16 bytes
UNWIND $rows AS row
MATCH ()-[fact:RELATES_TO {uuid: row.uuid}]->()
SET fact.vectors = row.vectors
WITH fact, row
WHERE row.first IS NOT NULL
CALL db.create.setRelationshipVectorProperty(fact, $property, row.first)
