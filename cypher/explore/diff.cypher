// diff.cypher: what was learned, and what was given up, within a span of time?
:param group_id => 'default'
:param start => datetime('2023-05-01')
:param end => datetime('2023-06-01')

MATCH (:Graphmem)-[fact:RELATES_TO {group_id: $group_id}]->(:Graphmem)
WHERE fact.modality = 'asserted'
UNWIND [['learned', fact.created_at], ['given up', CASE WHEN fact.expired_at > fact.created_at THEN fact.expired_at END]] AS change
WITH fact, change[0] AS what, change[1] AS at
WHERE at >= $start AND at < $end
OPTIONAL MATCH ()-[closer:RELATES_TO {uuid: fact.closed_by}]->()
RETURN at, what, fact.fact AS fact, fact.valid_at AS since, fact.invalid_at AS until, closer.fact AS closed_by, fact.rule AS rule
ORDER BY at, what DESC, fact
LIMIT 300
