// present.cypher: which of these records does a tenant have?
UNWIND $uuids AS uuid
MATCH (record:Graphmem&!Tombstone {uuid: uuid})
WHERE record.group_id = $group_id
RETURN uuid
UNION
UNWIND $uuids AS uuid
MATCH (:Graphmem)-[fact:RELATES_TO {uuid: uuid}]->(:Graphmem)
WHERE fact.group_id = $group_id
RETURN uuid
