// learned.cypher: what has the memory learned since a moment, newest first?
:param group_id => 'default'
:param since => datetime('2023-05-01')

MATCH (:Graphmem)-[fact:RELATES_TO {group_id: $group_id}]->(:Graphmem)
WHERE fact.created_at >= $since
RETURN fact.fact AS fact, fact.created_at AS learned, fact.support AS said_by
ORDER BY learned DESC
LIMIT 100
