// path.cypher: how does a question lead to a hit? (`hit.cypher` is this question with the uuids of `hit.path` filled in)
:param uuids => ['a uuid from hit.path', 'another']

MATCH (node:Graphmem)
WHERE node.uuid IN $uuids
OPTIONAL MATCH link = (node)-[:MENTIONS|NEXT_EPISODE|DESCRIBES|INVOLVES]-(other:Graphmem)
WHERE other.uuid IN $uuids
RETURN node, link
UNION
MATCH link = (node:Graphmem)-[fact:RELATES_TO]->(:Graphmem)
WHERE fact.uuid IN $uuids
RETURN node, link
