// update_facts.cypher: write facts that have changed, the first of their vectors for the index if they had none
UNWIND $rows AS row
MATCH ()-[fact:RELATES_TO {uuid: row.uuid}]->()
WHERE fact.group_id = $group_id
SET fact += row.properties
WITH fact, row
WHERE row.vector IS NOT NULL
CALL db.create.setRelationshipVectorProperty(fact, $property, row.vector)
