// facts.cypher: the facts with these uuids
UNWIND $uuids AS uuid
MATCH ()-[record:RELATES_TO {uuid: uuid}]->()
WHERE record.group_id = $group_id
