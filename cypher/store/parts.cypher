// parts.cypher: which entities were merged right into each of these?
UNWIND $uuids AS uuid
MATCH (whole:Graphmem {uuid: uuid})<-[:MERGED_INTO]-(part:Graphmem)
WHERE whole.group_id = $group_id
RETURN whole.uuid AS whole, collect(part.uuid) AS parts
