// ended.cypher: which facts have ended, when, and what ended them by which rule?
:param group_id => 'default';

WITH $group_id AS group_id
MATCH (:Graphmem)-[fact:RELATES_TO]->(:Graphmem)
WHERE fact.group_id = group_id AND fact.revision > 0 AND fact.invalid_at IS NOT NULL AND fact.expired_at IS NULL
WITH fact
ORDER BY fact.invalid_at DESC
LIMIT 100
OPTIONAL MATCH (:Graphmem)-[closer:RELATES_TO {uuid: fact.closed_by}]->(:Graphmem)
RETURN fact.invalid_at AS ended, fact.fact AS fact, fact.when AS time, closer.fact AS closed_by, fact.rule AS rule
LIMIT 100
