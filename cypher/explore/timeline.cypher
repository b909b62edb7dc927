// timeline.cypher: what is told of somebody or something, in order of time?
:param group_id => 'default';
:param name => 'Ravi Menon';

WITH $group_id AS group_id, $name AS name
CALL db.index.fulltext.queryNodes('graphmem_text_node', 'names:"' + replace(name, '"', ' ') + '"') YIELD node AS entity
WHERE entity:Entity AND entity.group_id = group_id AND toLower(name) IN [form IN entity.names | toLower(form)]
MATCH (entity)-[:MERGED_INTO*0..3]-(one:Graphmem)
CALL (one) {
  MATCH (one)-[fact:RELATES_TO]-(:Graphmem)
  WHERE fact.expired_at IS NULL AND NOT fact.negated AND fact.modality = 'asserted'
  RETURN fact.fact AS what, fact.when AS time, fact.valid_at AS since, fact.invalid_at AS until, null AS status
  UNION
  MATCH (one)<-[:INVOLVES]-(event:Graphmem:Event)
  WHERE event.expired_at IS NULL AND NOT event.negated AND event.modality IN ['asserted', 'intended']
  RETURN event.text AS what, event.when AS time, event.valid_at AS since, event.invalid_at AS until, event.status AS status
}
RETURN DISTINCT time, what, status, since, until
ORDER BY coalesce(since, until), until
LIMIT 300
