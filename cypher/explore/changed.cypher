// changed.cypher: what has begun and what has ended in the world since a moment?
:param group_id => 'default';
:param since => datetime('2023-05-01');

WITH $group_id AS group_id, $since AS since
CALL (group_id, since) {
  MATCH change = (:Graphmem)-[fact:RELATES_TO]->(:Graphmem)
  WHERE fact.group_id = group_id AND fact.valid_at >= since
    AND fact.expired_at IS NULL AND NOT fact.negated AND fact.modality = 'asserted'
  RETURN change, fact.valid_at AS at, fact.fact + ' (begun)' AS what
  ORDER BY at
  LIMIT 100
  UNION
  MATCH change = (:Graphmem)-[fact:RELATES_TO]->(:Graphmem)
  WHERE fact.group_id = group_id AND fact.revision > 0 AND fact.invalid_at >= since
    AND fact.expired_at IS NULL AND NOT fact.negated AND fact.modality = 'asserted'
  RETURN change, fact.invalid_at AS at, fact.fact + ' (ended)' AS what
  ORDER BY at
  LIMIT 100
}
RETURN at, what, change
ORDER BY at
LIMIT 100
