// wholes.cypher: which entity is each of these in the end, and which others are that one too?
MATCH (asked:Graphmem:Entity)
WHERE asked.uuid IN $uuids AND asked.group_id = $group_id
MATCH (asked)-[:MERGED_INTO*0..]->(whole:Graphmem)
WHERE NOT (whole)-[:MERGED_INTO]->()
WITH DISTINCT whole
MATCH (one:Graphmem)-[:MERGED_INTO*1..]->(whole)
RETURN DISTINCT one.uuid AS one, whole.uuid AS whole
