// update_facts.cypher: write facts that have changed
UNWIND $rows AS row
MATCH ()-[fact:RELATES_TO {uuid: row.uuid}]->()
WHERE fact.group_id = $group_id
SET fact += row.properties
