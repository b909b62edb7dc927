// sources.cypher: which texts say what is known about somebody or something?
:param group_id => 'default'
:param name => 'Ada Lovelace'

MATCH (entity:Graphmem:Entity {group_id: $group_id})-[fact:RELATES_TO]-(:Graphmem)
WHERE any(name IN entity.names WHERE toLower(name) = toLower($name))
UNWIND fact.episodes AS uuid
MATCH (episode:Graphmem:Episode {uuid: uuid})
RETURN fact.fact AS fact, fact.valid_at AS since, fact.invalid_at AS until, episode.text AS text, episode.reference_time AS said
ORDER BY said
LIMIT 100
