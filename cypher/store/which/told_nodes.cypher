// told_nodes.cypher: these episodes, whom they name, those whom these were merged into, and the events they describe
UNWIND $uuids AS uuid
MATCH (episode:Graphmem:Episode {uuid: uuid})
UNWIND [episode]
  + COLLECT { MATCH (episode)-[:MENTIONS]->(:Graphmem)-[:MERGED_INTO*0..]->(name:Graphmem) RETURN name }
  + COLLECT { MATCH (episode)-[:DESCRIBES]->(event:Graphmem) RETURN event } AS record
WITH DISTINCT record
WHERE record.group_id = $group_id AND record.revision > 0
