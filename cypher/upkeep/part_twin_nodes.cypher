// part_twin_nodes.cypher: let the facts of a node's twins be its own, and take the twins away
MATCH (stays:Graphmem) WHERE elementId(stays) = $stays
MATCH (twin:Graphmem) WHERE elementId(twin) IN $others
CALL (stays, twin) {
  MATCH (twin)-[fact:RELATES_TO]->(object:Graphmem)
  WITH stays, fact, CASE WHEN elementId(object) IN $others THEN stays ELSE object END AS object, properties(fact) AS kept
  DELETE fact
  CREATE (stays)-[moved:RELATES_TO]->(object)
  SET moved = kept
}
CALL (stays, twin) {
  MATCH (subject:Graphmem)-[fact:RELATES_TO]->(twin)
  WITH stays, fact, subject, properties(fact) AS kept
  DELETE fact
  CREATE (subject)-[moved:RELATES_TO]->(stays)
  SET moved = kept
}
DETACH DELETE twin
