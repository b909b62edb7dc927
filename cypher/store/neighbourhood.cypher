// neighbourhood.cypher: which episodes are one step away from these records, and how near to a vector are they? All in one row
CALL () {
  UNWIND $uuids AS uuid
  MATCH (:Graphmem:Episode {uuid: uuid})-[:NEXT_EPISODE*1..2]-(near:Graphmem)
  RETURN near
  UNION
  UNWIND $uuids AS uuid
  MATCH (:Graphmem:Event {uuid: uuid})<-[:DESCRIBES]-(near:Graphmem)
  RETURN near
  UNION
  UNWIND $uuids AS uuid
  MATCH ()-[fact:RELATES_TO {uuid: uuid}]->()
  UNWIND fact.episodes AS episode
  MATCH (near:Graphmem {uuid: episode})
  RETURN near
  UNION
  CALL () {
    UNWIND $uuids AS uuid
    MATCH (name:Graphmem:Entity {uuid: uuid})
    RETURN name
    UNION
    UNWIND $uuids AS uuid
    MATCH (:Graphmem:Episode {uuid: uuid})-[:MENTIONS]->(name:Graphmem)
    WITH DISTINCT name
    WHERE COUNT { (name)<-[:MENTIONS]-() } <= $common
    RETURN name
  }
  CALL (name) {
    MATCH (name)-[:MERGED_INTO*0..]-(:Graphmem)<-[:MENTIONS]-(near:Graphmem)
    WITH DISTINCT near LIMIT $most
    ORDER BY coalesce(vector.similarity.cosine(near[$property], $vector), 0) DESC, near.uuid
    LIMIT $each
    RETURN near
  }
  RETURN near
}
WITH DISTINCT near
WHERE near.group_id = $group_id AND near.revision > 0
WITH near.uuid AS uuid, coalesce(vector.similarity.cosine(near[$property], $vector), 0.5) AS score
ORDER BY score DESC, uuid
RETURN collect([uuid, score]) AS found
