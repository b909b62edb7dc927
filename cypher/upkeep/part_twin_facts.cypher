// part_twin_facts.cypher: take the twins of a fact away
MATCH ()-[twin:RELATES_TO {uuid: $uuid}]->()
WHERE elementId(twin) IN $others
DELETE twin
