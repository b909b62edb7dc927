// twin_nodes.cypher: of which nodes of graphmem's are there two, for want of a constraint?
MATCH (record:Graphmem)
WHERE record.uuid IS NOT NULL
WITH record.uuid AS uuid, record.group_id AS group_id, count(*) AS many
WHERE many > 1
RETURN uuid, group_id, many
ORDER BY uuid
