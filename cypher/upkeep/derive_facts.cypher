// derive_facts.cypher: keep what is worked out from facts as it has to be
UNWIND $rows AS row
MATCH (:Graphmem)-[fact:RELATES_TO {uuid: row.uuid}]->(:Graphmem)
WHERE fact.group_id = $group_id
SET fact += row.properties
