// vectors.cypher: the vectors of these records, as they are kept
UNWIND $uuids AS uuid
MATCH (record:Graphmem {uuid: uuid})
WHERE record.group_id = $group_id
RETURN uuid, record.vectors AS vectors
UNION
UNWIND $uuids AS uuid
MATCH (:Graphmem)-[record:RELATES_TO {uuid: uuid}]->(:Graphmem)
WHERE record.group_id = $group_id
RETURN uuid, record.vectors AS vectors
