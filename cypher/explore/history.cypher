// history.cypher: what was stated and believed of a relation, who said so, and what ended it by which rule?
:param group_id => 'default'
:param subject => 'Ada Lovelace'
:param predicate => 'know'
:param object => 'Charles Babbage'

MATCH (subject:Graphmem {group_id: $group_id})-[fact:RELATES_TO {predicate: $predicate}]->(object:Graphmem)
WHERE any(name IN subject.names WHERE toLower(name) = toLower($subject))
  AND any(name IN coalesce(object.names, [object.text]) WHERE toLower(name) = toLower($object))
OPTIONAL MATCH (episode:Graphmem:Episode)
WHERE episode.uuid IN fact.episodes
WITH fact, collect(episode.text) AS said
OPTIONAL MATCH ()-[closer:RELATES_TO {uuid: fact.closed_by}]->()
RETURN fact.fact AS fact, fact.version_of IS NULL AS as_stated, fact.valid_at AS since, fact.invalid_at AS until,
  fact.created_at AS learned, fact.expired_at AS given_up, closer.fact AS closed_by, fact.rule AS rule, said
ORDER BY as_stated DESC, learned, given_up
LIMIT 100
