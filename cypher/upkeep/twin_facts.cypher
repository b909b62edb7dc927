// twin_facts.cypher: of which facts of graphmem's are there two, for want of a constraint?
MATCH (:Graphmem)-[fact:RELATES_TO]->(:Graphmem)
WHERE fact.revision > 0 AND fact.uuid IS NOT NULL
WITH fact.uuid AS uuid, fact.group_id AS group_id, count(*) AS many
WHERE many > 1
RETURN uuid, group_id, many
ORDER BY uuid
