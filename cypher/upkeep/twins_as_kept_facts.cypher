// twins_as_kept_facts.cypher: the facts of one uuid, the one to stay first: with vectors
MATCH (:Graphmem)-[record:RELATES_TO {uuid: $uuid}]->(:Graphmem)
WHERE record.group_id = $group_id
WITH record ORDER BY record.vectors IS NULL, elementId(record)
