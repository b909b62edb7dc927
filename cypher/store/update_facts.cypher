// update_facts.cypher: write facts that have changed, the first of their vectors for the index if they had none
UNWIND $rows AS row
MATCH ()-[fact:RELATES_TO {uuid: row.uuid}]->()
WHERE fact.group_id = $group_id
SET fact += row.properties
SET fact += {created_at: datetime(row.times.created_at), expired_at: datetime(row.times.expired_at),
  valid_at: datetime(row.times.valid_at), invalid_at: datetime(row.times.invalid_at)}
WITH fact, row
WHERE row.vector IS NOT NULL
CALL db.create.setRelationshipVectorProperty(fact, $property, row.vector)
