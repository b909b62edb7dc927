// leaning.cypher: which records refer to these, or rest on them, facts that rest on episodes and what is made of others apart
MATCH (target:Graphmem)
WHERE target.uuid IN $uuids AND target.group_id = $group_id
OPTIONAL CALL (target) {
  MATCH (source:Graphmem&!Community)-[:MENTIONS|INVOLVES|DURING|PART_OF|VERSION_OF]->(target) RETURN source.uuid AS uuid
  UNION
  MATCH (target)-[:HAS_EPISODE|DESCRIBES]->(source:Graphmem) RETURN source.uuid AS uuid
  UNION
  MATCH (target)-[fact:RELATES_TO]-() WHERE fact.revision > 0 RETURN fact.uuid AS uuid
}
RETURN target.uuid AS target, target:Episode AS episode, collect(DISTINCT uuid) AS sources
