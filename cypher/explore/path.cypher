// path.cypher: how does a question lead to a hit? (`hit.cypher` is this question with the uuids of `hit.path` filled in)
:param uuids => ['a uuid from hit.path', 'another'];

WITH $uuids AS uuids
CALL (uuids) {
  UNWIND uuids AS uuid
  MATCH (node:Graphmem {uuid: uuid})
  OPTIONAL MATCH link = (node)-[:MENTIONS|NEXT_EPISODE|HAS_EPISODE|DESCRIBES|INVOLVES|VERSION_OF|MERGED_INTO]-(other:Graphmem)
  WHERE other.uuid IN uuids
  RETURN node, link
  UNION
  UNWIND uuids AS uuid
  MATCH link = (node:Graphmem)-[:RELATES_TO {uuid: uuid}]->(:Graphmem)
  RETURN node, link
  UNION
  UNWIND uuids AS uuid
  MATCH link = (node:Graphmem {uuid: uuid})<-[:MERGED_INTO*1..3]-(:Graphmem)-[step:MENTIONS|INVOLVES|RELATES_TO]-(other:Graphmem)
  WHERE step.uuid IN uuids OR other.uuid IN uuids AND step.uuid IS NULL
  RETURN node, link
}
RETURN node, link
LIMIT 200
