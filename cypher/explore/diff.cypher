// diff.cypher: what was learned, and what was given up, within a span of time?
:param group_id => 'default';
:param start => datetime() - duration('P7D');
:param end => datetime();

WITH $group_id AS group_id, $start AS start, $end AS end
MATCH (:Graphmem)-[fact:RELATES_TO]->(:Graphmem)
WHERE fact.group_id = group_id AND fact.revision > 0 AND fact.modality = 'asserted'
UNWIND [['learned', fact.created_at], ['given up', CASE WHEN fact.expired_at > fact.created_at THEN fact.expired_at END]] AS change
WITH fact, change[0] AS what, change[1] AS at, start, end
WHERE at >= start AND at < end
WITH fact, what, at
ORDER BY at DESC, what, fact.fact
LIMIT 300
OPTIONAL MATCH (:Graphmem)-[closer:RELATES_TO {uuid: fact.closed_by}]->(:Graphmem)
RETURN at, what, fact.fact AS fact, fact.when AS time, closer.fact AS closed_by, fact.rule AS rule
LIMIT 300
