// known_at.cypher: what was believed at one moment about another?
:param group_id => 'default';
:param known_at => datetime();
:param as_of => datetime('2023-05-01');

WITH $group_id AS group_id, $known_at AS known_at, $as_of AS as_of
MATCH fact = (:Graphmem)-[relation:RELATES_TO]->(:Graphmem)
WHERE relation.group_id = group_id AND relation.revision > 0
  AND NOT relation.negated AND relation.modality = 'asserted'
  AND relation.created_at <= known_at AND (relation.expired_at IS NULL OR relation.expired_at > known_at)
  AND (relation.valid_at IS NULL OR relation.valid_at <= as_of)
  AND (relation.invalid_at IS NULL OR relation.invalid_at > as_of)
RETURN fact
LIMIT 100
