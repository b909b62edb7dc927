// learned.cypher: what has the memory learned since a moment, newest first?
:param group_id => 'default';
:param since => datetime() - duration('P7D');

WITH $group_id AS group_id, $since AS since
MATCH (:Graphmem)-[fact:RELATES_TO]->(:Graphmem)
WHERE fact.group_id = group_id AND fact.revision > 0 AND fact.created_at >= since
WITH fact
ORDER BY fact.revision DESC
LIMIT 100
RETURN fact.fact AS fact, fact.when AS time, fact.created_at AS learned, fact.support AS said_by
LIMIT 100
