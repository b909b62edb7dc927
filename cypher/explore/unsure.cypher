// unsure.cypher: what is only possible, planned, asked, reported or denied?
:param group_id => 'default';

WITH $group_id AS group_id
MATCH unsure = (:Graphmem)-[fact:RELATES_TO]->(:Graphmem)
WHERE fact.group_id = group_id AND fact.revision > 0 AND fact.expired_at IS NULL
  AND (fact.negated OR fact.modality <> 'asserted')
RETURN fact.fact AS fact, CASE WHEN fact.negated THEN 'denied' ELSE fact.modality END AS how, fact.when AS time, unsure
LIMIT 100
