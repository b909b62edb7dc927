// move_facts.cypher: let facts lead from the subject to the object that they name
UNWIND $rows AS row
MATCH ()-[fact:RELATES_TO {uuid: row.uuid}]->()
WHERE fact.group_id = $group_id
MATCH (subject:Graphmem {uuid: row.subject})
MATCH (object:Graphmem {uuid: row.object})
WITH fact, subject, object, properties(fact) AS kept
DELETE fact
CREATE (subject)-[moved:RELATES_TO]->(object)
SET moved = kept
