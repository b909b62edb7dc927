// true_at.cypher: what was true at a moment, as far as is known today?
:param group_id => 'default';
:param moment => datetime('2023-05-01');

WITH $group_id AS group_id, $moment AS moment
CALL (group_id, moment) {
  MATCH fact = (:Graphmem)-[relation:RELATES_TO]->(:Graphmem)
  WHERE relation.group_id = group_id AND relation.valid_at <= moment
    AND (relation.invalid_at IS NULL OR relation.invalid_at > moment)
    AND relation.expired_at IS NULL AND NOT relation.negated AND relation.modality = 'asserted'
  RETURN fact
  ORDER BY relation.valid_at DESC
  LIMIT 60
  UNION
  MATCH fact = (:Graphmem)-[relation:RELATES_TO]->(:Graphmem)
  WHERE relation.group_id = group_id AND relation.revision > 0 AND relation.valid_at IS NULL
    AND (relation.invalid_at IS NULL OR relation.invalid_at > moment)
    AND relation.expired_at IS NULL AND NOT relation.negated AND relation.modality = 'asserted'
  RETURN fact
  LIMIT 40
}
RETURN fact
LIMIT 100
