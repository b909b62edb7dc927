// told_nodes.cypher: these episodes, whom they name, those whom these were merged into, and the events they describe
CALL () {
  UNWIND $uuids AS uuid
  MATCH (record:Graphmem:Episode {uuid: uuid})
  RETURN record
  UNION
  UNWIND $uuids AS uuid
  MATCH (:Graphmem:Episode {uuid: uuid})-[:MENTIONS]->(name:Graphmem)
  WITH DISTINCT name
  MATCH (name)-[:MERGED_INTO*0..]->(record:Graphmem)
  RETURN record
  UNION
  UNWIND $uuids AS uuid
  MATCH (:Graphmem:Episode {uuid: uuid})-[:DESCRIBES]->(record:Graphmem)
  RETURN record
}
WITH record
WHERE record.group_id = $group_id AND record.revision > 0
