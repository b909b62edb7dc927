// embed_versions_of_facts.cypher: give versions of facts the vectors of the facts that they are versions of
UNWIND $rows AS row
MATCH ()-[version:RELATES_TO {uuid: row.uuid}]->()
MATCH ()-[fact:RELATES_TO {uuid: row.version_of}]->()
WHERE fact.vectors IS NOT NULL
SET version.vectors = fact.vectors
WITH version, fact[$property] AS vector
WHERE vector IS NOT NULL
CALL db.create.setRelationshipVectorProperty(version, $property, vector)
