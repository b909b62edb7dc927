// true_at.cypher: what was true at a moment, as far as is known today?
:param group_id => 'default'
:param moment => datetime('2023-05-01')

MATCH fact = (:Graphmem)-[relation:RELATES_TO {group_id: $group_id}]->(:Graphmem)
WHERE NOT relation.negated AND relation.expired_at IS NULL
  AND (relation.valid_at IS NULL OR relation.valid_at <= $moment)
  AND (relation.invalid_at IS NULL OR relation.invalid_at > $moment)
RETURN fact
LIMIT 100
