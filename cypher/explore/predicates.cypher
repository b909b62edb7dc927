// predicates.cypher: which relations are there, how often, and for example between whom?
:param group_id => 'default';

WITH $group_id AS group_id
MATCH (:Graphmem)-[fact:RELATES_TO]->(:Graphmem)
WHERE fact.group_id = group_id AND fact.revision > 0 AND fact.expired_at IS NULL
RETURN fact.predicate AS predicate, count(*) AS facts, collect(fact.fact)[..3] AS examples
ORDER BY facts DESC, predicate
LIMIT 100
