// embed_versions_of_nodes.cypher: give versions of events the vectors of the events that they are versions of
UNWIND $rows AS row
MATCH (version:Graphmem {uuid: row.uuid})
MATCH (event:Graphmem {uuid: row.version_of})
WHERE event.vectors IS NOT NULL
SET version.vectors = event.vectors
WITH version, event[$property] AS vector
WHERE vector IS NOT NULL
CALL db.create.setNodeVectorProperty(version, $property, vector)
