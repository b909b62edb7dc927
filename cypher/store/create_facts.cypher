// create_facts.cypher: write new facts between the nodes they relate, the first of their vectors for the index
UNWIND $rows AS row
MATCH (subject:Graphmem {uuid: row.subject})
MATCH (object:Graphmem {uuid: row.object})
CREATE (subject)-[fact:RELATES_TO]->(object)
SET fact = row.properties
SET fact += {created_at: datetime(row.times.created_at), expired_at: datetime(row.times.expired_at),
  valid_at: datetime(row.times.valid_at), invalid_at: datetime(row.times.invalid_at)}
WITH fact, row
WHERE row.vector IS NOT NULL
CALL db.create.setRelationshipVectorProperty(fact, $property, row.vector)
