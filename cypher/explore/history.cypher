// history.cypher: what was stated and believed of a relation, who said so, and what ended it by which rule?
:param group_id => 'default';
:param subject => 'Ravi Menon';
:param predicate => 'work for';

WITH $group_id AS group_id, $subject AS subject, $predicate AS predicate
CALL db.index.fulltext.queryNodes('graphmem_text_node', 'names:"' + replace(subject, '"', ' ') + '"') YIELD node AS one
WHERE one:Entity AND one.group_id = group_id AND toLower(subject) IN [form IN one.names | toLower(form)]
MATCH (one)-[fact:RELATES_TO]->(:Graphmem)
WHERE fact.predicate = predicate
OPTIONAL MATCH (episode:Graphmem:Episode)
WHERE episode.uuid IN fact.episodes
WITH fact, collect(episode.text) AS said
OPTIONAL MATCH (:Graphmem)-[closer:RELATES_TO {uuid: fact.closed_by}]->(:Graphmem)
RETURN fact.fact AS fact, fact.version_of IS NULL AS as_stated, fact.when AS time, fact.valid_at AS since,
  fact.invalid_at AS until, fact.created_at AS learned, fact.expired_at AS given_up, closer.fact AS closed_by,
  fact.rule AS rule, said
ORDER BY as_stated DESC, learned, given_up
LIMIT 100
