// timeline.cypher: what is told of somebody or something, in order of time?
:param group_id => 'default'
:param name => 'Ada Lovelace'

MATCH (entity:Graphmem:Entity {group_id: $group_id})
WHERE any(name IN entity.names WHERE toLower(name) = toLower($name))
MATCH (entity)-[:MERGED_INTO*0..]-(one:Graphmem)
CALL (one) {
  MATCH (one)-[fact:RELATES_TO]-()
  WHERE fact.expired_at IS NULL AND NOT fact.negated AND fact.modality = 'asserted'
  RETURN fact.fact AS what, fact.valid_at AS since, fact.invalid_at AS until, fact.granularity AS granularity, null AS status
  UNION
  MATCH (one)<-[:INVOLVES]-(event:Event)
  WHERE event.expired_at IS NULL AND NOT event.negated AND event.modality IN ['asserted', 'intended']
  RETURN event.text AS what, event.valid_at AS since, event.invalid_at AS until, event.granularity AS granularity, event.status AS status
}
RETURN DISTINCT what, since, until, granularity, status
ORDER BY coalesce(since, until), until
LIMIT 300
