// create_facts.cypher: write new facts between the nodes they relate, the first of their vectors for the index
UNWIND $rows AS row
MATCH (subject:Graphmem {uuid: row.subject})
MATCH (object:Graphmem {uuid: row.object})
CREATE (subject)-[fact:RELATES_TO]->(object)
SET fact = row.properties
WITH fact, row
WHERE row.vector IS NOT NULL
CALL db.create.setRelationshipVectorProperty(fact, $property, row.vector)
