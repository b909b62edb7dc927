// derived.cypher: which communities, topics and summaries are made of these records, and which traces are of them? All in one row
UNWIND $uuids AS uuid
MATCH (record:Graphmem {uuid: uuid})
WHERE record.group_id = $group_id
CALL (record) {
  MATCH (record)-[:IN_COMMUNITY]->(made:Graphmem:Community) RETURN made
  UNION
  MATCH (record:Community)-[:PART_OF]->(made:Graphmem:Community) RETURN made
  UNION
  MATCH (record:Session)-[:HAS_TOPIC]->(made:Graphmem:Topic) RETURN made
  UNION
  MATCH (record)<-[:COVERS|SUMMARIZES|CITES|TRACES]-(made:Graphmem) RETURN made
}
RETURN collect(DISTINCT made.uuid) AS found
