// remove_facts.cypher: delete facts
UNWIND $rows AS uuid
MATCH ()-[fact:RELATES_TO {uuid: uuid}]->()
WHERE fact.group_id = $group_id
DELETE fact
